//! A centre that runs: data folder, keys, writer, readers, boards and the server, started in order and stopped in order.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::boards::{BoardFault, Boards, Watch};
use super::directory::Shared;
use super::ingest::core::{Core, CoreFault};
use super::ingest::{explanations, words};
use super::keys::{CentreKeys, KeysFault};
use super::readers::Readers;
use super::site::{Settings, Site};
use super::writer::{Writer, WriterThread};
use super::{alerts, app, audit, cases, clock, fleet, fulfilment, hall, inspections, phone, schema, serve};
use crate::config::CentreConfig;
use crate::config::fault::Faults;
use crate::domain::workdays::WorkingCalendar;

const LOCK: &str = "centre.lock";
const LOOK_AT_BOARDS: Duration = Duration::from_secs(2);
const LOOK_AT_DECISIONS: Duration = Duration::from_secs(3);
const LOOK_AT_WORDS: Duration = Duration::from_secs(3_600);
const DAY_MS: i64 = 86_400_000;

/// Why a centre does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartFault {
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{0}: another centre is running on this data folder; stop it first, or choose another folder with --data")]
    Taken(PathBuf),
    #[error(transparent)]
    Keys(#[from] KeysFault),
    #[error(transparent)]
    Core(#[from] CoreFault),
    #[error(transparent)]
    Board(#[from] BoardFault),
    #[error("{0}")]
    Calendar(Faults),
    #[error("the listener is not usable: {0}")]
    Listener(std::io::Error),
}

/// A running centre. Dropping it leaves it running; [`Running::stop`] ends it in order.
#[derive(Debug)]
pub struct Running {
    pub address: SocketAddr,
    pub site: Arc<Site>,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
    chores: Vec<JoinHandle<()>>,
    writer: WriterThread,
    _lock: std::fs::File,
}

/// Starts a centre on `listener` with its data in `data`. Call it within a runtime.
///
/// # Errors
/// [`StartFault`]; nothing is left running.
pub async fn start(config: &CentreConfig, data: &Path, listener: TcpListener) -> Result<Running, StartFault> {
    let address = listener.local_addr().map_err(StartFault::Listener)?;
    let lock = lock(data)?;
    let calendar = Arc::new(config.working_calendar().map_err(StartFault::Calendar)?);
    tell_of_unknown_years(&calendar, &config.time_zone);
    let database = data.join(schema::FILE);
    let mut core = Core::open(database.clone())?.in_zone(config.time_zone.clone());
    core.open_book()?;
    let day = hall::today(&config.time_zone, clock::now().wall);
    let boards = Arc::new(Shared::new(Boards::gather(core.conn(), &config.boards, day)?));
    let keys = CentreKeys::of_database(data, core.conn())?;
    let directory = core.directory();
    let (writer, thread) = Writer::start(core).map_err(|source| StartFault::Io { path: data.to_owned(), source })?;
    let site = Arc::new(Site::new(
        settings(config, data, calendar),
        keys,
        writer,
        Readers::new(database),
        directory,
        Arc::clone(&boards),
    ));
    let (stop, stopped) = watch::channel(false);
    let server = tokio::spawn(serve::serve(listener, app::app(Arc::clone(&site)), stopped));
    let chores = vec![
        tokio::spawn(watch_boards(Watch::new(config.boards.clone()), Arc::clone(&site))),
        tokio::spawn(erase_words(site.writer.clone(), config.words_days)),
        tokio::spawn(alerts::watch(Arc::clone(&site))),
        tokio::spawn(alerts::deliver(Arc::clone(&site))),
        tokio::spawn(phone::index_codes(site.writer.clone(), site.readers.clone())),
        tokio::spawn(audit::chain::mind(Arc::clone(&site))),
        tokio::spawn(fleet::mind(Arc::clone(&site))),
        tokio::spawn(fulfilment::mind(Arc::clone(&site))),
        tokio::spawn(cases::mind(Arc::clone(&site))),
        tokio::spawn(super::cycles::mind(Arc::clone(&site))),
        tokio::spawn(settle_decisions(site.writer.clone(), site.readers.clone())),
    ];
    Ok(Running { address, site, stop, server, chores, writer: thread, _lock: lock })
}

impl Running {
    /// `http://127.0.0.1:8700`
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Lets open requests end, then the writer, then closes the database.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        if self.server.await.is_err() {
            tracing::error!("the server panicked");
        }
        for chore in self.chores {
            chore.abort();
            let _ = chore.await;
        }
        drop(self.site);
        let writer = self.writer;
        let _ = tokio::task::spawn_blocking(move || writer.stop()).await;
    }
}

fn settings(config: &CentreConfig, data: &Path, calendar: Arc<WorkingCalendar>) -> Settings {
    Settings {
        boards: config.boards.clone(),
        phone_url: config.phone_url.as_str().to_owned(),
        photos: config.photos.clone(),
        portraits: data.join(hall::portrait::FOLDER),
        evidence: data.join(cases::evidence::FOLDER),
        inspection_pictures: data.join(inspections::FOLDER),
        time_zone: config.time_zone.clone(),
        calendar,
        hours: Arc::new(config.hours.clone()),
        min_group: config.min_group,
        min_ranked: config.min_ranked,
        own_delay_days: config.own_delay_days,
        alerts: config.alerts.clone(),
        accounts: config.accounts.clone(),
        words_days: config.words_days,
        phone_requests_per_minute: config.phone_requests_per_minute,
    }
}

/// A deadline that reaches into a year of which nothing is known counts weekends alone.
fn tell_of_unknown_years(calendar: &WorkingCalendar, zone: &jiff::tz::TimeZone) {
    let now = jiff::Timestamp::from_millisecond(super::clock::now().wall.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let today = zone.to_datetime(now).date();
    for year in calendar.unknown_years(today, today.saturating_add(jiff::Span::new().days(45))) {
        tracing::warn!(year, "calendar.toml has no holidays of this year yet: only weekends count as days off");
    }
}

/// Makes the folder, for its owner only, and takes it for this process.
///
/// # Errors
/// [`StartFault::Taken`] while a centre runs on it.
pub fn lock(data: &Path) -> Result<std::fs::File, StartFault> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| StartFault::Io { path, source }
    };
    let mut folder = std::fs::DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(data).map_err(at(data))?;
    let path = data.join(LOCK);
    let file = std::fs::File::options().create(true).truncate(false).write(true).open(&path).map_err(at(&path))?;
    match crate::db::lock::acquire(&file) {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(StartFault::Taken(data.to_owned())),
        Err(std::fs::TryLockError::Error(source)) => Err(at(&path)(source)),
    }
}

async fn watch_boards(watch: Watch, site: Arc<Site>) {
    let watch = Arc::new(Mutex::new(watch));
    loop {
        tokio::time::sleep(LOOK_AT_BOARDS).await;
        let (watch, boards) = (Arc::clone(&watch), Arc::clone(&site.boards));
        let day = hall::today(&site.settings.time_zone, clock::now().wall);
        let looked = site.readers.read(move |conn| {
            let mut watch = watch.lock().unwrap_or_else(PoisonError::into_inner);
            watch.look(conn, &boards, day)
        });
        match looked.await {
            Ok(Some(Ok(()))) => tracing::info!("the boards were read again"),
            Ok(Some(Err(fault))) => tracing::error!("the changed boards are refused, the old ones stay:\n{fault}"),
            Ok(None) => {}
            Err(fault) => tracing::warn!(%fault, "could not look for changed boards"),
        }
    }
}

/// Decisions that `pingyi admin` recorded beside this process enter the book here, where its only writer lives.
async fn settle_decisions(writer: Writer, readers: Readers) {
    loop {
        if matches!(readers.read(explanations::waits).await, Ok(Ok(true))) {
            match writer.submit(1, explanations::settle).await {
                Ok(n) => tracing::info!(n, "decisions about forks entered the book"),
                Err(fault) => tracing::warn!(%fault, "decisions about forks wait"),
            }
        }
        tokio::time::sleep(LOOK_AT_DECISIONS).await;
    }
}

async fn erase_words(writer: Writer, days: u32) {
    loop {
        let erased = writer.submit(1, move |desk| {
            let before = desk.now.plus_ms(-DAY_MS * i64::from(days));
            Ok(words::erase_before(desk.tx, before)?)
        });
        match erased.await {
            Ok(0) => {}
            Ok(n) => tracing::info!(n, "sealed words reached their term and were erased"),
            Err(fault) => tracing::warn!(%fault, "could not look for words to erase"),
        }
        tokio::time::sleep(LOOK_AT_WORDS).await;
    }
}
