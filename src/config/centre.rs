//! `centre.toml`: one server for the halls of one unit.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::accounts::{self, AccountsConfig};
use super::alerts::{self, AlertsConfig};
use super::fault::{Faults, Form, Wrong};
use super::findings::Findings;
use super::reader::Node;
use super::{HttpUrl, ZoneName, hours};
use crate::domain::hours::HallHours;
use crate::domain::id::HallId;
use crate::domain::workdays::WorkingCalendar;

/// Halls of one centre.
const MAX_BOARDS: usize = 500;
/// Days after which staff see their own figures, where nothing is said.
pub const OWN_DELAY_DAYS: u32 = 3;

/// Everything that a centre is told by hand. Paths are resolved against the file's folder.
#[derive(Debug, Clone, PartialEq)]
pub struct CentreConfig {
    pub listen: SocketAddr,
    /// What a phone's browser opens; printed into every QR code.
    pub phone_url: HttpUrl,
    /// One board a hall.
    pub boards: Vec<PathBuf>,
    pub photos: PathBuf,
    pub time_zone: jiff::tz::TimeZone,
    /// Holidays and make-up days; none: those that are part of the program.
    pub calendar: Option<PathBuf>,
    /// Groups with fewer ratings are hidden from roles that may not see single people's ratings.
    pub min_group: u64,
    /// Rows with fewer ratings are listed and not ranked.
    pub min_ranked: u64,
    /// Staff see their own figures only of whole days that lie so far back.
    pub own_delay_days: u32,
    /// Requests of the phone page a minute and address.
    pub phone_requests_per_minute: u32,
    /// Sealed words are erased so many days after they came.
    pub words_days: u32,
    pub alerts: AlertsConfig,
    /// When halls are open: silence of terminals counts only then.
    pub hours: HallHours,
    /// How people sign in.
    pub accounts: AccountsConfig,
}

impl CentreConfig {
    /// Reads the file `path`, or `centre.toml` in the folder `path`.
    ///
    /// # Errors
    /// All [`Faults`] at once.
    pub fn load(path: &Path) -> Result<Self, Faults> {
        let file = if path.is_dir() { path.join("centre.toml") } else { path.to_owned() };
        super::load(&file, |node| read(node, &file), check)
    }

    /// The working-day calendar that the file names, or that lies beside it, or that is part of the program.
    ///
    /// # Errors
    /// All [`Faults`] of the calendar's file at once.
    pub fn working_calendar(&self) -> Result<WorkingCalendar, Faults> {
        self.calendar.as_deref().map_or_else(|| Ok(super::calendar::shipped()), super::calendar::load)
    }
}

fn read(node: &Node<'_>, file: &Path) -> Option<CentreConfig> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let listen = node.parsed("listen", Form::Address);
    let phone_url = node.parsed("phone_url", Form::HttpUrl);
    let boards = match node.has("boards") {
        true => node.lines("boards", MAX_BOARDS, 1_000).into_iter().map(|b| folder.join(b)).collect(),
        false => vec![folder.join("board.toml")],
    };
    let photos = node.path_maybe("photos").unwrap_or_else(|| folder.join("photos"));
    let time_zone = node.parsed::<ZoneName>("time_zone", Form::TimeZone);
    let beside = folder.join("calendar.toml");
    let calendar = node.path_maybe("calendar").or_else(|| beside.is_file().then_some(beside));
    let statistics = node.section_or_defaults("statistics", |n| {
        let own_delay = n.number("own_delay_days", 1, 90, u64::from(OWN_DELAY_DAYS));
        Some((n.number("min_group", 3, 1_000, 5), n.number("min_ranked", 3, 10_000, 10), own_delay))
    });
    let per_minute = node.section_or_defaults("limits", |n| Some(n.number("phone_requests_per_minute", 5, 10_000, 60)));
    let words_days = node.section_or_defaults("retention", |n| Some(n.number("words_days", 30, 3_650, 365)));
    let alerts = node.section_or_defaults("alerts", alerts::read);
    let usual = node.section_maybe("hours", hours::read);
    let own = node.each("hall_hours", MAX_BOARDS, |n| {
        let hall = n.parsed::<HallId>("hall", Form::Id);
        Some((hall?, hours::read(n)?))
    });
    let https = phone_url.as_ref().is_some_and(|url: &HttpUrl| url.as_str().starts_with("https://"));
    let accounts = node.section_or_defaults("accounts", |n| accounts::read(n, https));
    let (min_group, min_ranked, own_delay) = statistics?;
    Some(CentreConfig {
        listen: listen?,
        phone_url: phone_url?,
        boards,
        photos,
        time_zone: time_zone?.0,
        calendar,
        min_group,
        min_ranked,
        own_delay_days: u32::try_from(own_delay).ok()?,
        phone_requests_per_minute: u32::try_from(per_minute?).ok()?,
        words_days: u32::try_from(words_days?).ok()?,
        alerts: alerts?,
        hours: HallHours { others: usual.unwrap_or_else(|| HallHours::default().others), own },
        accounts: accounts?,
    })
}

fn check(config: &CentreConfig, found: &Findings) {
    for (i, (hall, _)) in config.hours.own.iter().enumerate() {
        if let Some(first) = config.hours.own[..i].iter().position(|(other, _)| other == hall) {
            let first = format!("hall_hours[{}].hall", first + 1);
            let found_text = hall.to_string();
            found.report(&format!("hall_hours[{}].hall", i + 1), Wrong::Duplicate { found: found_text, first });
        }
    }
    alerts::check(&config.alerts, found);
    if config.boards.is_empty() {
        found.report("boards", Wrong::TooFew { found: 0, min: 1 });
    }
    if let Some(calendar) = config.calendar.as_ref().filter(|c| !c.is_file()) {
        found.report("calendar", Wrong::FileMissing { path: calendar.clone() });
    }
    for (i, board) in config.boards.iter().enumerate() {
        if !board.is_file() {
            found.report(&format!("boards[{}]", i + 1), Wrong::FileMissing { path: board.clone() });
        }
        if let Some(first) = config.boards[..i].iter().position(|b| b == board) {
            let (found_text, first) = (board.display().to_string(), format!("boards[{}]", first + 1));
            found.report(&format!("boards[{}]", i + 1), Wrong::Duplicate { found: found_text, first });
        }
    }
}
