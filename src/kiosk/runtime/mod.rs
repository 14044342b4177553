//! The wiring around the flow: carries out its effects and brings back what happened.
//!
//! | file | runs |
//! |---|---|
//! | `mod.rs` | [`Runtime`] and [`Handle`]: the flow behind one lock, its view, calls of the local interface |
//! | `ledger.rs` | the journal's thread, its only owner |
//! | `secrets.rs` | the thread that compares PINs, throttled |
//! | `timer.rs` | the thread that wakes the flow |
//! | `chime.rs` | 请评价's sound, by a configured player |
//! | `driver.rs` | the window's side |
//!
//! The flow has no thread of its own: whoever brings an event handles it, in microseconds, under the lock. Effects are only
//! ever handed to bounded queues there, so the lock is never held over a commit, a hash or a socket.
//!
//! **Architecture invariant:** nothing but the journal's thread touches the store; everything else asks it through
//! [`LedgerHandle`].

mod chime;
mod driver;
mod ledger;
mod secrets;
mod timer;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use self::chime::Chime;
pub use self::ledger::{LedgerGone, LedgerHandle};
use self::secrets::Secret;
use self::timer::Timer;
use super::app::driver::Changed;
use super::courier::Screen;
use super::flow::effect::{CallAnswer, Effect};
use super::flow::event::{CallId, Event};
use super::flow::view::View;
use super::flow::{Flow, FlowConfig};
use crate::config::pin::PinHash;
use crate::domain::board::Board;
use crate::domain::time::{Now, WallMs};
use crate::journal::Identity;
use crate::journal::place::PlaceFault;

/// Calls of the local interface that wait for an answer.
const MAX_CALLS: usize = 64;

/// What a runtime is told once.
#[derive(Debug, Clone)]
pub struct RuntimeConfig {
    pub flow: FlowConfig,
    pub identity: Identity,
    /// Holds the ledger and the device key.
    pub data: PathBuf,
    /// Shown until a centre has sent one.
    pub board: Arc<Board>,
    /// A board that a centre sent earlier goes before the file's.
    pub has_centre: bool,
    /// None: the maintenance panel cannot be opened by PIN.
    pub admin_pin: Option<PinHash>,
    /// Program and arguments; the sound's file is added. Empty: silence.
    pub chime_player: Vec<String>,
    /// A QR code may be used so long.
    pub ticket_minutes: u32,
    /// Days that entries stay after the centre's receipt.
    pub hold_days: u32,
}

/// A running kiosk without its window and network. Ends with it, in order.
#[derive(Debug)]
pub struct Runtime {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

/// The way to a running kiosk, for window, courier and local interface; as many as are wanted.
#[derive(Debug, Clone)]
pub struct Handle(Arc<Shared>);

/// What the courier wants to know at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedgerNews {
    /// Entries were added.
    Grew,
    /// A person asked for synchronisation now.
    SyncAsked,
}

type Watcher = Box<dyn Fn(LedgerNews) + Send + Sync>;
type Answerer = Box<dyn FnOnce(CallAnswer) + Send>;

struct Shared {
    core: Mutex<Core>,
    calls: Mutex<HashMap<CallId, Answerer>>,
    next_call: AtomicU64,
    changed: OnceLock<Changed>,
    watcher: OnceLock<Watcher>,
    quit: AtomicBool,
    photos_changed: AtomicBool,
    screen: Screen,
    /// What the ledger's clock adds to the device's own.
    wall_offset_ms: AtomicI64,
    started: Instant,
    ledger: LedgerHandle,
    secrets: std::sync::mpsc::SyncSender<Secret>,
    timer: Timer,
    chime: Chime,
    phone_url: Mutex<String>,
}

/// The flow and its last picture.
#[derive(Debug)]
struct Core {
    flow: Flow,
    view: Arc<View>,
    board: Arc<Board>,
    board_version: String,
}

impl Runtime {
    /// Opens the ledger and starts. A ledger that cannot be opened brings the trouble screen rather than an error, and is
    /// tried again; only another process in the same directory is an error.
    ///
    /// # Errors
    /// [`PlaceFault::InUse`].
    pub fn start(config: RuntimeConfig) -> Result<Self, PlaceFault> {
        let started = Instant::now();
        let (ledger, jobs) = ledger::channel();
        let (secrets, asked) = secrets::channel();
        let opening = ledger::open(&config, machine_now(started, 0))?;
        let board = opening.board.clone();
        let mut flow = Flow::new(config.flow.clone(), Arc::clone(&board));
        let now = machine_now(started, 0);
        let effects = flow.start(now);
        let board_version = board.version().0;
        let core = Core { view: Arc::new(flow.view(now)), flow, board, board_version };
        let shared = Arc::new(Shared {
            core: Mutex::new(core),
            calls: Mutex::new(HashMap::new()),
            next_call: AtomicU64::new(1),
            changed: OnceLock::new(),
            watcher: OnceLock::new(),
            quit: AtomicBool::new(false),
            photos_changed: AtomicBool::new(false),
            screen: Screen::default(),
            wall_offset_ms: AtomicI64::new(0),
            started,
            ledger,
            secrets,
            timer: Timer::default(),
            chime: Chime::new(config.chime_player.clone(), &config.data),
            phone_url: Mutex::new(opening.phone_url.clone()),
        });
        let threads = vec![
            ledger::spawn(Arc::clone(&shared), jobs, opening, config.clone()),
            secrets::spawn(Arc::clone(&shared), asked, config.admin_pin),
            timer::spawn(Arc::clone(&shared)),
        ];
        shared.dispatch(effects);
        Ok(Self { shared, threads })
    }

    pub fn handle(&self) -> Handle {
        Handle(Arc::clone(&self.shared))
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        self.shared.timer.stop();
        self.shared.ledger.stop();
        // A full queue of PINs empties by itself, into a ledger that is gone.
        let _ = self.shared.secrets.send(Secret::Stop);
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the kiosk had panicked");
            }
        }
    }
}

impl Handle {
    /// Brings an event. Returns when the flow has taken it; never waits for disk, hash or network.
    pub fn send(&self, event: Event) {
        self.0.send(event);
    }

    /// What is to be drawn; the same `Arc` as long as nothing changed.
    pub fn view(&self) -> Arc<View> {
        Arc::clone(&self.0.core().view)
    }

    /// Makes a call of the local interface. `answer` is called once, from some thread, and must not block.
    pub fn call(&self, event: impl FnOnce(CallId) -> Event, answer: impl FnOnce(CallAnswer) + Send + 'static) {
        let call = CallId(self.0.next_call.fetch_add(1, Ordering::Relaxed));
        let mut calls = lock(&self.0.calls);
        if calls.len() >= MAX_CALLS {
            drop(calls);
            return answer(CallAnswer::Refused("busy"));
        }
        calls.insert(call, Box::new(answer));
        drop(calls);
        self.0.send(event(call));
    }

    /// The journal, on its own thread.
    pub fn ledger(&self) -> LedgerHandle {
        self.0.ledger.clone()
    }

    /// Called, from any thread, whenever the ledger has grown or a person wants synchronisation; must not block. Once.
    pub fn watch_ledger(&self, watcher: impl Fn(LedgerNews) + Send + Sync + 'static) {
        let _ = self.0.watcher.set(Box::new(watcher));
    }

    /// What phones open, as the centre said last; empty: no codes are drawn.
    pub fn set_phone_url(&self, phone_url: String) {
        *lock(&self.0.phone_url) = phone_url;
    }

    /// What the window says of its size.
    pub fn screen(&self) -> Screen {
        self.0.screen.clone()
    }

    /// Portraits came: the window is to read them again.
    pub fn photos_changed(&self) {
        self.0.photos_changed.store(true, Ordering::Release);
        if let Some(changed) = self.0.changed.get() {
            changed();
        }
    }

    /// The best time there is: anchored by the centre if this boot has seen it.
    pub fn now(&self) -> Now {
        self.0.now()
    }

    /// True once the flow has asked to end.
    pub fn has_quit(&self) -> bool {
        self.0.quit.load(Ordering::Acquire)
    }
}

impl Shared {
    fn send(&self, event: Event) {
        let now = self.now();
        let mut core = self.core();
        if let Event::BoardCame(board) = &event {
            core.board = Arc::clone(board);
            core.board_version = board.version().0;
        }
        let effects = core.flow.handle(event, now);
        let view = core.flow.view(now);
        let changed = view != *core.view;
        if changed {
            core.view = Arc::new(view);
        }
        // Under the lock, so that effects leave in the order of their causes; none of this waits.
        self.dispatch(effects);
        drop(core);
        if let (true, Some(changed)) = (changed, self.changed.get()) {
            changed();
        }
    }

    fn dispatch(&self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Save { save, bodies } => self.ledger.save(save, bodies),
                Effect::ReadLedger => self.ledger.read(),
                Effect::MakeTicket { visit, rated } => self.ledger.make_ticket(visit, rated),
                Effect::CheckStaffPin { staff_no, pin } => self.check(Secret::Staff { staff_no, pin }),
                Effect::CheckAdminPin { pin } => self.check(Secret::Admin { pin }),
                Effect::WakeAt { mono_ms } => self.timer.wake_at(mono_ms),
                Effect::PlayChime => self.chime.play(),
                Effect::AnswerCall { call, answer } => {
                    if let Some(answerer) = lock(&self.calls).remove(&call) {
                        answerer(answer);
                    }
                }
                Effect::Sync => self.tell(LedgerNews::SyncAsked),
                Effect::Quit => self.quit.store(true, Ordering::Release),
            }
        }
    }

    /// The flow asks one secret at a time; more than the queue holds were left pads.
    fn check(&self, secret: Secret) {
        if self.secrets.try_send(secret).is_err() {
            tracing::warn!("a secret was not checked: too many wait");
        }
    }

    fn tell(&self, news: LedgerNews) {
        if let Some(watcher) = self.watcher.get() {
            watcher(news);
        }
    }

    fn core(&self) -> MutexGuard<'_, Core> {
        lock(&self.core)
    }

    fn now(&self) -> Now {
        machine_now(self.started, self.wall_offset_ms.load(Ordering::Relaxed))
    }

    /// The device's own clock, as the ledger wants it.
    fn raw_now(&self) -> Now {
        machine_now(self.started, 0)
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shared")
    }
}

fn machine_now(started: Instant, offset_ms: i64) -> Now {
    let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    Now {
        wall: WallMs(i64::try_from(wall.as_millis()).unwrap_or(i64::MAX)).plus_ms(offset_ms),
        mono_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    }
}

/// A thread that panicked left nothing half-done behind these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
