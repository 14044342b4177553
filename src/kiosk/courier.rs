//! The courier: its own thread with a runtime of one thread, on which the plan meets the network.
//!
//! [`session`] joins plan and journal; [`shelf`] keeps portraits; what the rest of the kiosk should know comes as [`News`].
//!
//! **Architecture invariants:** the journal is locked only between requests, never while one is under way, so that a tap
//! waits for a batch to be read at most; without a centre there is no courier at all.

pub mod session;
pub mod shelf;

use std::io::Read;
use std::path::{Path, PathBuf};
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

/// The kiosk's clocks, read at the edge; the same for journal and courier.
pub type Clocks = Arc<dyn Fn() -> Now + Send + Sync>;

/// Commands that wait for the courier; more of the same kind say nothing new.
const MAX_COMMANDS: usize = 64;
/// How often free space and the code's file are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// Entries are pruned this often.
const PRUNE_EVERY_MS: u64 = 3_600_000;
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
pub struct Errand {
    pub journal: Arc<Mutex<Journal>>,
    pub clocks: Clocks,
    pub setting: Setting,
    /// Looked into while the device is not enrolled.
    pub code_file: Option<PathBuf>,
    /// Where the ledger stands, for its free space.
    pub folder: PathBuf,
    /// Days that entries stay after a receipt.
    pub hold_days: u32,
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
    commands: mpsc::Sender<Command>,
    thread: Option<JoinHandle<()>>,
}

impl Courier {
    /// Starts the thread. `tell` is called on it and must not block.
    ///
    /// # Errors
    /// When the journal cannot be read, or no thread or runtime can be made.
    pub fn start<L: Line + Sync>(
        errand: Errand,
        line: L,
        tell: impl Fn(News) + Send + 'static,
    ) -> Result<Self, CourierFault> {
        let session = Session::new(&locked(&errand.journal), errand.setting.clone())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (commands, inbox) = mpsc::channel(MAX_COMMANDS);
        let round = Round { session, errand, line: Arc::new(line), tell, wake_ms: None, pruned_ms: 0 };
        let work = move || runtime.block_on(round.run(inbox));
        let thread = thread::Builder::new().name("courier".to_owned()).spawn(work)?;
        Ok(Self { commands, thread: Some(thread) })
    }

    /// Entries were appended by somebody else. Never blocks.
    pub fn ledger_grew(&self) {
        // A full queue holds such a word already.
        let _ = self.commands.try_send(Command::LedgerGrew);
    }

    /// A person wants it now. Never blocks.
    pub fn sync_now(&self) {
        let _ = self.commands.try_send(Command::SyncAsked);
    }
}

impl Drop for Courier {
    fn drop(&mut self) {
        let _ = self.commands.blocking_send(Command::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum CourierFault {
    #[error(transparent)]
    Journal(#[from] JournalFault),
    #[error("the courier's thread cannot be started: {0}")]
    Thread(#[from] std::io::Error),
}

/// The thread's own state.
struct Round<L, T> {
    session: Session,
    errand: Errand,
    line: Arc<L>,
    tell: T,
    wake_ms: Option<u64>,
    pruned_ms: u64,
}

impl<L: Line + Sync, T: Fn(News)> Round<L, T> {
    async fn run(mut self, mut inbox: mpsc::Receiver<Command>) {
        let mut look = tokio::time::interval(LOOK_EVERY);
        let mut away: Option<tokio::task::JoinHandle<Result<Reply, Failure>>> = None;
        self.look();
        let mut out = self.handle(Event::Woke);
        loop {
            if let Some(wire) = out.take() {
                let line = Arc::clone(&self.line);
                away = Some(tokio::spawn(async move { line.send(wire).await }));
            }
            let sleep = self.until_wake();
            out = tokio::select! {
                reply = reply_of(&mut away) => {
                    away = None;
                    self.answered(reply)
                }
                command = inbox.recv() => match command {
                    Some(Command::LedgerGrew) => self.handle(Event::Woke),
                    Some(Command::SyncAsked) => self.handle(Event::SyncAsked),
                    Some(Command::Stop) | None => break,
                },
                _ = look.tick() => {
                    let code = self.look();
                    self.handle(code.map_or(Event::Woke, Event::CodeGiven))
                }
                () = tokio::time::sleep(sleep) => {
                    self.wake_ms = None;
                    self.handle(Event::Woke)
                }
            };
        }
        if let Some(away) = away {
            away.abort();
        }
    }

    fn handle(&mut self, event: Event) -> Option<Wire> {
        let now = (self.errand.clocks)();
        let acts = self.session.handle(&mut locked(&self.errand.journal), event, now);
        self.carry_out(acts)
    }

    fn answered(&mut self, reply: Result<Reply, Failure>) -> Option<Wire> {
        let now = (self.errand.clocks)();
        let acts = self.session.answered(&mut locked(&self.errand.journal), reply, now);
        self.carry_out(acts)
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

    /// Free space for heartbeats, old entries, and a code that an administrator may have put there.
    fn look(&mut self) -> Option<String> {
        if let Ok(space) = rustix::fs::statvfs(&self.errand.folder) {
            self.session.free_disk_mb = space.f_bavail.saturating_mul(space.f_frsize) / (1024 * 1024);
        }
        let now = (self.errand.clocks)();
        if now.mono_ms >= self.pruned_ms + PRUNE_EVERY_MS {
            self.pruned_ms = now.mono_ms;
            match locked(&self.errand.journal).prune(self.errand.hold_days) {
                Ok(0) => {}
                Ok(pruned) => tracing::info!(pruned, "entries past their holding time were pruned"),
                Err(fault) => tracing::warn!(%fault, "old entries were not pruned"),
            }
        }
        let status = self.session.status();
        self.errand.code_file.as_deref().filter(|_| !status.enrolled).and_then(read_code)
    }

    fn until_wake(&self) -> Duration {
        let now_ms = (self.errand.clocks)().mono_ms;
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

/// A panic elsewhere leaves the journal consistent: each save is one commit, settled before the lock is let go.
fn locked(journal: &Mutex<Journal>) -> MutexGuard<'_, Journal> {
    journal.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
