//! What every handler is handed: the narrow means of one running centre.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use tokio::sync::Semaphore;

use super::access::session::Notices;
use super::audit::chain::Chain;
use super::boards::{Boards, Sheet};
use super::directory::devices::Device;
use super::directory::people::Lifetimes;
use super::directory::{Directory, Shared};
use super::editor::transfer::Held;
use super::error::{ApiFault, ErrorCode};
use super::keys::CentreKeys;
use super::phone::throttle::Throttle;
use super::preview::Preview;
use super::readers::Readers;
use super::statistics::Memory;
use super::writer::Writer;
use crate::config::accounts::AccountsConfig;
use crate::config::alerts::AlertsConfig;
use crate::domain::hours::HallHours;
use crate::domain::id::HallId;
use crate::domain::time::WallMs;
use crate::domain::workdays::WorkingCalendar;

/// Bodies of batches that may be in memory at once.
const MAX_BODIES: usize = 128;
/// Enrolment codes that one address may guess wrongly in a minute.
const GUESSES_PER_MINUTE: u32 = 10;
/// Passwords that are hashed at the same time; each takes 19 MiB and a processor.
const MAX_HASHING: usize = 2;

/// What `centre.toml` says, as far as requests need it.
#[derive(Debug, Clone)]
pub struct Settings {
    pub phone_url: String,
    /// Files of boards, one a hall.
    pub boards: Vec<PathBuf>,
    /// Pictures that board files name.
    pub photos: PathBuf,
    /// Pictures that supervisors uploaded.
    pub portraits: PathBuf,
    /// Pictures and PDFs of cases.
    pub evidence: PathBuf,
    /// Pictures of what inspectors found.
    pub inspection_pictures: PathBuf,
    pub time_zone: jiff::tz::TimeZone,
    /// Working days, holidays and make-up days.
    pub calendar: Arc<WorkingCalendar>,
    /// When halls are open.
    pub hours: Arc<HallHours>,
    pub min_group: u64,
    pub min_ranked: u64,
    /// Staff see their own figures only of whole days that lie so far back.
    pub own_delay_days: u32,
    pub alerts: AlertsConfig,
    pub accounts: AccountsConfig,
    /// Sealed words are erased after so many days.
    pub words_days: u32,
    pub phone_requests_per_minute: u32,
}

impl Settings {
    /// Milliseconds between two moments in which the hall was open.
    pub fn open_ms(&self, hall: &HallId, from: WallMs, to: WallMs) -> i64 {
        self.calendar.working_ms(from, to, self.hours.of(hall), &self.time_zone)
    }

    /// How long sessions live.
    pub fn lifetimes(&self) -> Lifetimes {
        let minutes = |n: u32| i64::from(n) * 60_000;
        Lifetimes {
            idle_ms: minutes(self.accounts.idle_minutes),
            absolute_ms: minutes(self.accounts.session_hours) * 60,
        }
    }
}

/// One running centre.
#[derive(Debug)]
pub struct Site {
    pub settings: Settings,
    pub keys: CentreKeys,
    pub writer: Writer,
    pub readers: Readers,
    pub directory: Arc<Shared<Directory>>,
    pub boards: Arc<Shared<Boards>>,
    /// What statistics keep between requests.
    pub figures: Arc<Memory>,
    /// Tables that were looked through and wait to be applied.
    pub held: Held,
    /// What the next page of a session says.
    pub notices: Notices,
    /// What the checks of the audit log have found.
    pub chain: Arc<Chain>,
    /// Passwords that are hashed at the same time.
    pub hashing: Arc<Semaphore>,
    /// What kiosks will show, painted by whoever can.
    pub preview: Preview,
    pub(super) bodies: Semaphore,
    /// Codes that nobody made, by address.
    pub(super) guesses: Mutex<Throttle>,
    pub(super) scrape: Option<metrics_exporter_prometheus::PrometheusHandle>,
}

impl Site {
    pub fn new(
        settings: Settings,
        keys: CentreKeys,
        writer: Writer,
        readers: Readers,
        directory: Arc<Shared<Directory>>,
        boards: Arc<Shared<Boards>>,
    ) -> Self {
        let scrape = super::health::recorder();
        Self {
            settings,
            keys,
            writer,
            readers,
            directory,
            boards,
            figures: Arc::default(),
            held: Held::default(),
            notices: Notices::default(),
            chain: Arc::default(),
            hashing: Arc::new(Semaphore::new(MAX_HASHING)),
            preview: Preview::default(),
            bodies: Semaphore::new(MAX_BODIES),
            guesses: Mutex::new(Throttle::new(GUESSES_PER_MINUTE)),
            scrape,
        }
    }

    /// What a device's kiosk should show.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] when the device's window is on no board any more: the kiosk keeps its last good one.
    pub fn sheet(&self, device: &Device) -> Result<Arc<Sheet>, ApiFault> {
        let boards = self.boards.get();
        let hall = boards.hall(&device.hall);
        let hall = hall.filter(|h| h.board.window(&device.service_window).is_some());
        let hall = hall.ok_or_else(|| ApiFault::because(ErrorCode::NotFound, &"the device's window is on no board"))?;
        Ok(hall.sheet(&device.service_window))
    }

    /// ETag of the board that a device should show; none when its window is on no board.
    pub fn sheet_version(&self, device: &Device) -> Option<String> {
        let boards = self.boards.get();
        let hall = boards.hall(&device.hall).filter(|h| h.board.window(&device.service_window).is_some())?;
        Some(hall.sheet(&device.service_window).etag.clone())
    }

    /// A portrait that a card of some hall shows.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`].
    pub async fn photo(&self, name: &str) -> Result<(Vec<u8>, &'static str), ApiFault> {
        let missing = |cause: &dyn std::fmt::Display| ApiFault::because(ErrorCode::NotFound, cause);
        let kind = match name.rsplit_once('.').map(|(_, suffix)| suffix.to_ascii_lowercase()) {
            Some(s) if s == "png" => "image/png",
            Some(s) if s == "jpg" || s == "jpeg" => "image/jpeg",
            _ => return Err(missing(&"not a picture's name")),
        };
        // A name that stands on a board was checked when the board was read; any other leads nowhere.
        let shown = crate::config::rules::is_photo_name(name) && {
            let boards = self.boards.get();
            boards.all().any(|b| b.staff.iter().any(|s| s.photo.as_deref() == Some(name)))
        };
        if !shown {
            return Err(missing(&"no card shows this picture"));
        }
        let uploaded = super::hall::portrait::file(&self.settings.portraits, name);
        let path = uploaded.unwrap_or_else(|| self.settings.photos.join(name));
        let bytes = tokio::task::spawn_blocking(move || read_limited(&path)).await;
        let bytes = bytes.map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?.map_err(|e| missing(&e))?;
        Ok((bytes, kind))
    }
}

fn read_limited(path: &std::path::Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    let max = crate::protocol::MAX_PHOTO_BYTES as u64;
    std::fs::File::open(path)?.take(max + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max { Err(std::io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
}
