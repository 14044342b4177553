//! The journal's thread: commits saves, makes tickets, prunes, writes heartbeats; and lends the journal to the courier,
//! one closure at a time.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread::JoinHandle;
use std::time::Duration;

use super::{LedgerNews, RuntimeConfig, Shared, lock};
use crate::domain::board::Board;
use crate::domain::id::WindowId;
use crate::domain::time::Now;
use crate::journal::place::{Note, PlaceFault};
use crate::journal::{Journal, JournalFault};
use crate::kiosk::flow::event::{DeviceStatus, Event};
use crate::ledger::entry::{Body, Head};
use crate::ledger::ticket;

/// Jobs that may wait. The flow has one save under way at a time, the courier one closure.
const MAX_JOBS: usize = 64;
/// How often the device's state is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// Heartbeats in the ledger, and pruning.
const HEARTBEAT_MS: u64 = 3_600_000;

/// The way to the journal's thread.
#[derive(Clone)]
pub struct LedgerHandle {
    jobs: SyncSender<Job>,
}

/// The journal's thread has ended, or the ledger is not open at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the ledger is not open; it is tried again")]
pub struct LedgerGone;

type Loan = Box<dyn FnOnce(Option<(&mut Journal, Now)>) + Send>;

enum Job {
    Save { save: u64, bodies: Vec<Body> },
    Read,
    Ticket { visit: u64, rated: bool },
    Lend(Loan),
    Stop,
}

/// The ledger as it was found at the start.
pub(super) struct Opening {
    journal: Option<Journal>,
    pub board: Arc<Board>,
    pub phone_url: String,
}

pub(super) struct Jobs(Receiver<Job>);

pub(super) fn channel() -> (LedgerHandle, Jobs) {
    let (jobs, waiting) = mpsc::sync_channel(MAX_JOBS);
    (LedgerHandle { jobs }, Jobs(waiting))
}

impl LedgerHandle {
    /// Runs `work` on the journal's thread and waits for it. Not for the window's thread.
    ///
    /// # Errors
    /// [`LedgerGone`]; nothing was done then.
    pub fn with<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Journal, Now) -> R + Send + 'static,
    ) -> Result<R, LedgerGone> {
        let (done, result) = mpsc::sync_channel(1);
        let loan: Loan = Box::new(move |journal| {
            // A lender that stopped waiting does not want the result any more.
            let _ = done.send(journal.map(|(journal, now)| work(journal, now)));
        });
        self.jobs.send(Job::Lend(loan)).map_err(|_| LedgerGone)?;
        result.recv().ok().flatten().ok_or(LedgerGone)
    }

    pub(super) fn save(&self, save: u64, bodies: Vec<Body>) {
        self.enqueue(Job::Save { save, bodies });
    }

    pub(super) fn read(&self) {
        self.enqueue(Job::Read);
    }

    pub(super) fn make_ticket(&self, visit: u64, rated: bool) {
        self.enqueue(Job::Ticket { visit, rated });
    }

    pub(super) fn stop(&self) {
        let _ = self.jobs.send(Job::Stop);
    }

    /// Called under the flow's lock, so it must not wait. The queue cannot be full by the flow's own doing; if it is, a
    /// thread hangs, and the screen stays at "saving" rather than thank for what is not kept.
    fn enqueue(&self, job: Job) {
        if self.jobs.try_send(job).is_err() {
            tracing::error!("the journal's queue is full or its thread has ended");
        }
    }
}

impl fmt::Debug for LedgerHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LedgerHandle")
    }
}

/// Opens the ledger and reads what the start needs of it.
///
/// # Errors
/// [`PlaceFault::InUse`] only: everything else is tried again from the trouble screen.
pub(super) fn open(config: &RuntimeConfig, now: Now) -> Result<Opening, PlaceFault> {
    let journal = match Journal::open(&config.data, &config.identity, now) {
        Ok(opened) => {
            report(&opened.notes);
            Some(opened.journal)
        }
        Err(fault @ PlaceFault::InUse { .. }) => return Err(fault),
        Err(fault) => {
            tracing::error!(%fault, "the ledger cannot be opened; it is tried again");
            None
        }
    };
    let kept = journal.as_ref().filter(|_| config.has_centre);
    let board = kept.and_then(|journal| kept_board(journal, &config.flow.window));
    let enrolment = kept.and_then(|journal| journal.enrolment().ok().flatten());
    Ok(Opening {
        journal,
        board: board.unwrap_or_else(|| Arc::clone(&config.board)),
        phone_url: enrolment.map(|e| e.phone_url).unwrap_or_default(),
    })
}

pub(super) fn spawn(shared: Arc<Shared>, jobs: Jobs, opening: Opening, config: RuntimeConfig) -> JoinHandle<()> {
    let head = opening.journal.as_ref().map(Journal::head);
    let keeper = Keeper { shared, journal: opening.journal, config, head, heartbeat_ms: 0 };
    std::thread::spawn(move || {
        let _guard = EndWithMe;
        keeper.run(&jobs.0);
    })
}

/// A kiosk whose journal's thread has panicked can keep nothing and must not look as if it could: the program ends, and
/// whoever started it starts it anew.
struct EndWithMe;

impl Drop for EndWithMe {
    fn drop(&mut self) {
        if std::thread::panicking() {
            tracing::error!("the journal's thread has panicked; the kiosk ends, what was thanked for is stored");
            std::process::abort();
        }
    }
}

/// What runs on the thread.
struct Keeper {
    shared: Arc<Shared>,
    /// None: not open; tried again when the flow wants to read it.
    journal: Option<Journal>,
    config: RuntimeConfig,
    /// As it was told last.
    head: Option<Head>,
    heartbeat_ms: u64,
}

impl Keeper {
    fn run(mut self, jobs: &Receiver<Job>) {
        self.look();
        loop {
            match jobs.recv_timeout(LOOK_EVERY) {
                Ok(Job::Save { save, bodies }) => self.save(save, bodies),
                Ok(Job::Read) => self.read(),
                Ok(Job::Ticket { visit, rated }) => self.ticket(visit, rated),
                Ok(Job::Lend(loan)) => {
                    let now = self.shared.raw_now();
                    loan(self.journal.as_mut().map(|journal| (journal, now)));
                }
                Ok(Job::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => self.keep_house(),
            }
            self.look_after_growth();
        }
    }

    fn save(&mut self, save: u64, bodies: Vec<Body>) {
        let now = self.shared.raw_now();
        let stored = match &mut self.journal {
            Some(journal) => journal.append(bodies, now).map(|entries| entries.last().map(|e| (e.seq, e.hash))),
            None => return self.shared.send(Event::SaveFailed { save, code: "L-OPEN".to_owned() }),
        };
        match stored {
            Ok(Some((seq, hash))) => self.shared.send(Event::Saved { save, seq, hash }),
            Ok(None) => self.shared.send(Event::SaveFailed { save, code: "L-ORDER".to_owned() }),
            Err(fault) => {
                let code = self.failed(&fault);
                self.shared.send(Event::SaveFailed { save, code });
            }
        }
    }

    fn read(&mut self) {
        let event = match self.reopened() {
            Ok(event) => event,
            Err(code) => Event::LedgerFailed { code },
        };
        self.shared.send(event);
    }

    /// Reads the head anew, over a fresh connection; a file that was given up is opened or set aside first.
    fn reopened(&mut self) -> Result<Event, String> {
        let journal = match self.journal.take() {
            Some(mut journal) => match journal.settle() {
                Ok(()) => journal,
                Err(fault) => {
                    if !fault.is_damage() {
                        self.journal = Some(journal);
                    }
                    return Err(self.failed(&fault));
                }
            },
            None => {
                let opened = Journal::open(&self.config.data, &self.config.identity, self.shared.raw_now());
                let opened = opened.map_err(|fault| {
                    tracing::error!(%fault, "the ledger cannot be opened");
                    "L-OPEN".to_owned()
                })?;
                report(&opened.notes);
                opened.journal
            }
        };
        let (standing, head) = (journal.standing().clone(), journal.head());
        self.journal = Some(journal);
        Ok(Event::LedgerRead { standing, head: (head.seq, head.hash) })
    }

    fn ticket(&self, visit: u64, rated: bool) {
        let phone_url = lock(&self.shared.phone_url).clone();
        let Some(journal) = self.journal.as_ref().filter(|_| !phone_url.is_empty()) else { return };
        let text = journal.ticket(visit, rated, self.config.ticket_minutes, self.shared.raw_now());
        self.shared.send(Event::TicketMade { visit, url: ticket::address(&phone_url, &text) });
    }

    /// Logs it under the code that people see; a broken file is given up, so that the next reading begins a new one.
    fn failed(&mut self, fault: &JournalFault) -> String {
        let code = fault.code();
        tracing::error!(%fault, code, "the ledger did not take it");
        if fault.is_damage() {
            self.journal = None;
        }
        code.to_owned()
    }

    /// Once a minute at most, when nothing else happens.
    fn keep_house(&mut self) {
        let now = self.shared.raw_now();
        if now.mono_ms.saturating_sub(self.heartbeat_ms) >= HEARTBEAT_MS
            && let Some(journal) = &mut self.journal
        {
            self.heartbeat_ms = now.mono_ms;
            let free_disk_mb = free_disk_mb(&self.config.data);
            let kept = journal
                .unsynced_count()
                .and_then(|unsynced| journal.append(vec![Body::Heartbeat { free_disk_mb, unsynced }], now))
                .and_then(|_| journal.prune(self.config.hold_days));
            match kept {
                Ok(pruned) if pruned > 0 => tracing::info!(pruned, "entries that the centre holds were pruned"),
                Ok(_) => {}
                Err(fault) => tracing::warn!(%fault, "the hourly round of the ledger failed"),
            }
        }
        self.look();
    }

    fn look_after_growth(&mut self) {
        let head = self.journal.as_ref().map(Journal::head);
        if head != self.head {
            self.head = head;
            self.look();
            self.shared.tell(LedgerNews::Grew);
        }
    }

    /// Tells the flow of device and clock.
    fn look(&self) {
        let now = self.shared.raw_now();
        let Some(journal) = &self.journal else { return };
        let (wall, grade) = journal.wall(now);
        self.shared.wall_offset_ms.store(wall.since_ms(now.wall), Ordering::Relaxed);
        let head = journal.head();
        let board = self.shared.core().board_version.clone();
        self.shared.send(Event::DeviceReported(DeviceStatus {
            version: self.config.identity.version.clone(),
            device: head.device.to_string(),
            epoch: head.epoch,
            head_seq: head.seq,
            free_disk_mb: free_disk_mb(&self.config.data),
            clock_grade: grade.code().to_owned(),
            board,
        }));
    }
}

/// The newest board on the device that names this window.
fn kept_board(journal: &Journal, window: &WindowId) -> Option<Arc<Board>> {
    let boards = journal.boards().ok()?;
    let mut boards = boards.iter().filter_map(|(_, json)| serde_json::from_slice::<Board>(json).ok());
    boards.find(|board| board.window(window).is_some()).map(Arc::new)
}

fn free_disk_mb(path: &std::path::Path) -> u64 {
    rustix::fs::statvfs(path).map_or(0, |s| s.f_bavail.saturating_mul(s.f_frsize) / 1_000_000)
}

fn report(notes: &[Note]) {
    for note in notes {
        match note {
            Note::SetAside { path, reason, salvaged } => tracing::error!(
                path = %path.display(), reason, salvaged.entries, salvaged.lost,
                "a damaged ledger was set aside; what could be read of it is still sent"
            ),
            Note::KeySetAside { path } => tracing::error!(
                path = %path.display(), "the device key was no key and was set aside; enrol this kiosk again"
            ),
            Note::NewEpoch { epoch, follows } => tracing::warn!(
                epoch,
                follows.epoch,
                follows.seq,
                "the ledger was lost or older than known; a new epoch was begun"
            ),
        }
    }
}
