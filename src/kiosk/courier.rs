//! The courier: its own thread with a runtime of one thread, on which the plan meets the network.
//!
//! [`session`] joins plan and journal; [`shelf`] keeps portraits; what the rest of the kiosk should know comes as [`News`].
//!
//! **Architecture invariants:** the journal is lent for one step at a time, never while a request is under way, so that a
//! tap waits for a batch to be read at most; without a centre there is no courier at all.

pub mod session;
pub mod shelf;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::mpsc;

use self::session::{Act, Session, Setting};
use crate::domain::board::Board;
use crate::domain::time::Now;
use crate::journal::{Journal, JournalFault};
use crate::kiosk::flow::event::SyncStatus;
use crate::kiosk::sync::event::{Event, Failure};
use crate::kiosk::sync::frame::{Reply, Wire};
use crate::kiosk::transport::Line;

/// Whoever owns the journal and lends it.
pub trait Lender: Send + 'static {
    /// Runs `work` with the journal and the kiosk's clocks, and waits for it; none when the ledger is not open at present:
    /// nothing was done then.
    fn lend<R: Send + 'static>(&self, work: impl FnOnce(&mut Journal, Now) -> R + Send + 'static) -> Option<R>;

    /// The kiosk's clocks.
    fn now(&self) -> Now;
}

/// Commands that wait for the courier; more of the same kind say nothing new.
const MAX_COMMANDS: usize = 64;
/// How often free space and the code's file are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// A ledger that is not open is asked for again.
const LEND_AGAIN: Duration = Duration::from_secs(1);
/// Bytes of a file that holds a code.
const MAX_CODE_BYTES: u64 = 256;

/// What the rest of the kiosk should know.
#[derive(Debug, Clone)]
pub enum News {
    Status(SyncStatus),
    /// The device was taken in, or what phones open has changed.
    PhoneUrl(String),
    Board(Arc<Board>),
    /// This portrait is on the shelf.
    Photo(String),
}

/// What a courier needs.
#[derive(Debug, Clone)]
pub struct Errand {
    pub setting: Setting,
    /// Looked into while the device is not enrolled.
    pub code_file: Option<PathBuf>,
    /// Where the ledger stands, for its free space.
    pub folder: PathBuf,
    /// What the window says of itself.
    pub screen: Screen,
}

/// The window's pixels, told by the window and read by the courier; zero while there is none.
#[derive(Debug, Clone, Default)]
pub struct Screen(Arc<AtomicU64>);

impl Screen {
    /// Never blocks.
    pub fn tell(&self, width_px: u32, height_px: u32) {
        self.0.store(u64::from(width_px) << 32 | u64::from(height_px), Ordering::Relaxed);
    }

    pub fn size(&self) -> Option<(u32, u32)> {
        let both = self.0.load(Ordering::Relaxed);
        // The halves are what was put in.
        (both > 0).then_some(((both >> 32) as u32, both as u32))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Command {
    LedgerGrew,
    SyncAsked,
    Stop,
}

/// The handle of a running courier. Dropping it stops the thread and waits for it.
#[derive(Debug)]
pub struct Courier {
    bell: Bell,
    thread: Option<JoinHandle<()>>,
}

/// Wakes the courier; any number of them.
#[derive(Debug, Clone)]
pub struct Bell(mpsc::Sender<Command>);

impl Bell {
    /// Entries were appended by somebody else. Never blocks.
    pub fn ledger_grew(&self) {
        // A full queue holds such a word already.
        let _ = self.0.try_send(Command::LedgerGrew);
    }

    /// A person wants it now. Never blocks.
    pub fn sync_now(&self) {
        let _ = self.0.try_send(Command::SyncAsked);
    }
}

impl Courier {
    /// Starts the thread. `tell` is called on it and must not block.
    ///
    /// # Errors
    /// When the journal cannot be read, or no thread or runtime can be made.
    pub fn start<L: Line + Sync>(
        errand: Errand,
        lender: impl Lender,
        line: L,
        tell: impl Fn(News) + Send + 'static,
    ) -> Result<Self, CourierFault> {
        let setting = errand.setting.clone();
        let session = lender.lend(move |journal, _| Session::new(journal, setting)).ok_or(CourierFault::NotOpen)??;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (commands, inbox) = mpsc::channel(MAX_COMMANDS);
        let desk = Arc::new(Mutex::new(Desk { session, input: None }));
        let round = Round { desk, errand, lender, line: Arc::new(line), tell, wake_ms: None };
        let work = move || runtime.block_on(round.run(inbox));
        let thread = thread::Builder::new().name("courier".to_owned()).spawn(work)?;
        Ok(Self { bell: Bell(commands), thread: Some(thread) })
    }

    pub fn bell(&self) -> Bell {
        self.bell.clone()
    }
}

impl Drop for Courier {
    fn drop(&mut self) {
        // The only failure is that the thread has ended already.
        let _ = self.bell.0.blocking_send(Command::Stop);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the courier's thread had panicked");
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum CourierFault {
    #[error("the ledger is not open")]
    NotOpen,
    #[error(transparent)]
    Journal(#[from] JournalFault),
    #[error("the courier's thread cannot be started: {0}")]
    Thread(#[from] std::io::Error),
}

/// What happened and is to be taken to the session.
enum Input {
    Event(Event),
    Reply(Result<Reply, Failure>),
}

/// The session and what waits for it, shared with the thread that owns the journal.
struct Desk {
    session: Session,
    input: Option<Input>,
}

/// The thread's own state.
struct Round<J, L, T> {
    desk: Arc<Mutex<Desk>>,
    errand: Errand,
    lender: J,
    line: Arc<L>,
    tell: T,
    wake_ms: Option<u64>,
}

type Away = tokio::task::JoinHandle<Result<Reply, Failure>>;

impl<J: Lender, L: Line + Sync, T: Fn(News)> Round<J, L, T> {
    async fn run(mut self, mut inbox: mpsc::Receiver<Command>) {
        // What heartbeats say of the disk holds from the first one on; a code is read again by the first tick.
        let _ = self.look();
        let mut look = tokio::time::interval(LOOK_EVERY);
        let mut away: Option<Away> = None;
        loop {
            let sleep = self.until_wake();
            let input = tokio::select! {
                reply = reply_of(&mut away) => {
                    away = None;
                    Input::Reply(reply)
                }
                command = inbox.recv() => match command {
                    Some(Command::LedgerGrew) => Input::Event(Event::Woke),
                    Some(Command::SyncAsked) => Input::Event(Event::SyncAsked),
                    Some(Command::Stop) | None => break,
                },
                _ = look.tick() => Input::Event(self.look().map_or(Event::Woke, Event::CodeGiven)),
                () = tokio::time::sleep(sleep) => {
                    self.wake_ms = None;
                    Input::Event(Event::Woke)
                }
            };
            lock(&self.desk).input = Some(input);
            let acts = loop {
                match self.take_in() {
                    Some(acts) => break acts,
                    // Whoever mends the ledger says so on the screen; what waits is not lost meanwhile.
                    None => tokio::time::sleep(LEND_AGAIN).await,
                }
                if matches!(inbox.try_recv(), Ok(Command::Stop) | Err(mpsc::error::TryRecvError::Disconnected)) {
                    return;
                }
            };
            if let Some(wire) = self.carry_out(acts) {
                let line = Arc::clone(&self.line);
                away = Some(tokio::spawn(async move { line.send(wire).await }));
            }
        }
        if let Some(away) = away {
            away.abort();
        }
    }

    /// Takes what waits to the session; none while the ledger is not open.
    fn take_in(&self) -> Option<Vec<Act>> {
        let desk = Arc::clone(&self.desk);
        self.lender.lend(move |journal, now| {
            let desk = &mut *lock(&desk);
            match desk.input.take() {
                Some(Input::Event(event)) => desk.session.handle(journal, event, now),
                Some(Input::Reply(reply)) => desk.session.answered(journal, reply, now),
                None => Vec::new(),
            }
        })
    }

    fn carry_out(&mut self, acts: Vec<Act>) -> Option<Wire> {
        let mut out = None;
        for act in acts {
            match act {
                Act::Send(wire) => out = Some(wire),
                Act::WakeAt { mono_ms } => self.wake_ms = Some(mono_ms),
                Act::Report(status) => (self.tell)(News::Status(status)),
                Act::PhoneUrl(url) => (self.tell)(News::PhoneUrl(url)),
                Act::ShowBoard(board) => (self.tell)(News::Board(board)),
                Act::PhotoCame(name) => (self.tell)(News::Photo(name)),
                Act::LedgerGrew(_) => {}
            }
        }
        out
    }

    /// Free space for heartbeats, and a code that an administrator may have put there.
    fn look(&self) -> Option<String> {
        let mut desk = lock(&self.desk);
        if let Ok(space) = rustix::fs::statvfs(&self.errand.folder) {
            desk.session.screen = self.errand.screen.size();
            desk.session.free_disk_mb = space.f_bavail.saturating_mul(space.f_frsize) / (1024 * 1024);
        }
        let enrolled = desk.session.status().enrolled;
        self.errand.code_file.as_deref().filter(|_| !enrolled).and_then(read_code)
    }

    fn until_wake(&self) -> Duration {
        let now_ms = self.lender.now().mono_ms;
        self.wake_ms.map_or(LOOK_EVERY, |at| Duration::from_millis(at.saturating_sub(now_ms)))
    }
}

/// The one-time code in a file, if there is one.
pub fn read_code(path: &Path) -> Option<String> {
    let mut text = String::new();
    std::fs::File::open(path).ok()?.take(MAX_CODE_BYTES).read_to_string(&mut text).ok()?;
    let code = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
    Some(code.to_owned())
}

/// The reply of the request that is under way; never, if none is.
async fn reply_of(away: &mut Option<tokio::task::JoinHandle<Result<Reply, Failure>>>) -> Result<Reply, Failure> {
    match away {
        Some(task) => task.await.unwrap_or_else(|e| Err(Failure::Local(e.to_string()))),
        None => std::future::pending().await,
    }
}

/// The desk is only ever locked by the courier and by the work that it lends out: a panic there has ended both.
fn lock(desk: &Mutex<Desk>) -> MutexGuard<'_, Desk> {
    desk.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
