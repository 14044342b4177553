//! The world: a queue of what happens when, the kiosks, the network and the centre.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use pingyi::centre::in_process::{Backup, Centre};
use pingyi::domain::board::Board;
use pingyi::domain::id::HallId;
use pingyi::domain::time::WallMs;
use pingyi::kiosk::courier::session::Act;
use pingyi::kiosk::sync::backoff::Jitter;
use pingyi::kiosk::sync::event::{Event, Failure};
use pingyi::kiosk::sync::frame::{Reply, Wire};

use super::audit;
use super::network::{Fate, Weather, serve};
use super::terminal::{T0, Terminal};

const KIOSKS: usize = 20;
/// Citizens come and faults happen for so long; then the sky clears.
const ACTIVE_MS: u64 = 400_000;
/// So long after that at most: evidence of a fork may take an hour.
const SETTLED_BY_MS: u64 = 4 * 3_600_000;

/// What happened in one run, or in many.
#[derive(Debug, Default, Clone)]
pub struct Outcome {
    pub counted: u64,
    pub events: u64,
    pub lost: u64,
    pub doubled: u64,
    pub cut: u64,
    pub answers_lost: u64,
    pub restarts: u64,
    pub rollbacks: u64,
    pub forks: u64,
    pub restores: u64,
    pub settled_ms: u64,
    /// BLAKE3 over everything that happened, in order.
    pub trace: Option<blake3::Hash>,
}

impl Outcome {
    pub fn add(&mut self, other: &Self) {
        self.counted += other.counted;
        self.events += other.events;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.cut += other.cut;
        self.answers_lost += other.answers_lost;
        self.restarts += other.restarts;
        self.rollbacks += other.rollbacks;
        self.forks += other.forks;
        self.restores += other.restores;
        self.settled_ms = self.settled_ms.max(other.settled_ms);
    }
}

#[derive(Debug)]
enum What {
    /// The kiosk is given its code and contacts the centre for the first time.
    Start(usize),
    Serve(usize),
    Wake {
        kiosk: usize,
        start: u64,
    },
    /// A copy of a request arrives at the centre; `own`: its answer goes to the kiosk.
    Arrive {
        kiosk: usize,
        start: u64,
        request: u64,
        wire: Box<Wire>,
        fate: Box<Fate>,
        own: bool,
    },
    Answer {
        kiosk: usize,
        start: u64,
        request: u64,
        reply: Result<Reply, Failure>,
    },
    Image(usize),
    Restart(usize),
    RollBack(usize),
    BackUp,
    Restore,
    RestartCentre,
    ChangeBoard,
    Look,
}

impl What {
    fn name(&self) -> &'static str {
        match self {
            Self::Start(_) => "start",
            Self::Serve(_) => "serve",
            Self::Wake { .. } => "wake",
            Self::Arrive { .. } => "arrive",
            Self::Answer { .. } => "answer",
            Self::Image(_) => "image",
            Self::Restart(_) => "restart",
            Self::RollBack(_) => "roll back",
            Self::BackUp => "back up",
            Self::Restore => "restore",
            Self::RestartCentre => "restart centre",
            Self::ChangeBoard => "change board",
            Self::Look => "look",
        }
    }
}

pub struct World {
    jitter: Jitter,
    now_ms: u64,
    queue: BinaryHeap<Reverse<(u64, u64, usize)>>,
    /// What the queue's numbers stand for.
    plans: Vec<Option<What>>,
    pub kiosks: Vec<Terminal>,
    pub centre: Centre,
    board: Vec<u8>,
    backups: Vec<Backup>,
    weather: Weather,
    trace: blake3::Hasher,
    verbose: bool,
    pub outcome: Outcome,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let mut jitter = Jitter::new(seed.wrapping_mul(0x2545_F491_4F6C_DD1D) ^ 0x5EED);
        let mut centre = Centre::in_memory(HallId::new("H1").unwrap(), [9; 32]).unwrap();
        let board = board();
        centre.board = "board-1".into();
        let weather = Weather::bad(&mut jitter);
        let kiosks = (0..KIOSKS).map(|i| Terminal::new(i, &mut jitter, 0)).collect();
        let mut world = Self {
            jitter,
            now_ms: 0,
            queue: BinaryHeap::new(),
            plans: Vec::new(),
            kiosks,
            centre,
            board,
            backups: Vec::new(),
            weather,
            trace: blake3::Hasher::new(),
            verbose: std::env::var("PINGYI_SEED").is_ok(),
            outcome: Outcome::default(),
        };
        world.schedule();
        world
    }

    /// Runs until all is settled, and audits what the centre holds.
    pub fn run(mut self) -> Result<Outcome, String> {
        while let Some(Reverse((at, _, index))) = self.queue.pop() {
            self.now_ms = at;
            if at > SETTLED_BY_MS {
                return Err(format!("not settled: {:#?}", audit::open_points(&self)));
            }
            let Some(what) = self.plans[index].take() else { continue };
            if matches!(what, What::Look) {
                self.weather = Weather::CLEAR;
                if audit::open_points(&self).is_empty() {
                    break;
                }
                self.help_unknown_devices();
                self.at(5_000, What::Look);
                continue;
            }
            self.note(&what);
            self.happen(what);
        }
        self.outcome.settled_ms = self.now_ms;
        self.outcome.trace = Some(self.trace.finalize());
        audit::audit(&mut self)?;
        Ok(self.outcome)
    }

    fn schedule(&mut self) {
        for kiosk in 0..KIOSKS {
            let at = self.jitter.below(5_000);
            self.at(at, What::Start(kiosk));
            let mut at = at;
            for _ in 0..4 + self.jitter.below(16) {
                at += 500 + self.jitter.below(35_000);
                self.at(at.min(ACTIVE_MS), What::Serve(kiosk));
            }
            if self.jitter.chance(500) {
                let at = self.jitter.below(ACTIVE_MS);
                self.at(at, What::Restart(kiosk));
            }
        }
        let times = |n: u64, jitter: &mut Jitter| (0..n).map(|_| jitter.below(ACTIVE_MS)).collect::<Vec<_>>();
        let unlucky = self.jitter.below(KIOSKS as u64) as usize;
        for at in times(3, &mut self.jitter) {
            self.at(at / 2, What::Image(unlucky));
        }
        if self.jitter.chance(600) {
            let at = ACTIVE_MS / 2 + self.jitter.below(ACTIVE_MS / 2);
            self.at(at, What::RollBack(unlucky));
        }
        for at in times(3, &mut self.jitter) {
            self.at(at, What::BackUp);
        }
        if self.jitter.chance(500) {
            let at = self.jitter.below(ACTIVE_MS);
            self.at(at, What::Restore);
        }
        for at in times(2, &mut self.jitter) {
            self.at(at, What::RestartCentre);
        }
        let at = self.jitter.below(ACTIVE_MS);
        self.at(at, What::ChangeBoard);
        self.at(ACTIVE_MS + 1, What::Look);
    }

    /// `what` happens `after` milliseconds from now; what is planned first happens first at equal times.
    fn at(&mut self, after: u64, what: What) {
        let index = self.plans.len();
        self.plans.push(Some(what));
        self.queue.push(Reverse((self.now_ms + after, index as u64, index)));
    }

    /// Everything that happens goes into the trace, in order and whole.
    fn note(&mut self, what: &What) {
        self.outcome.events += 1;
        let mut line = format!("{} {}", self.now_ms, what.name());
        match what {
            What::Start(i) | What::Serve(i) | What::Image(i) | What::Restart(i) | What::RollBack(i) => {
                line += &format!(" {i}")
            }
            What::Wake { kiosk, start } => line += &format!(" {kiosk} {start}"),
            What::Arrive { kiosk, start, request, wire, fate, own } => {
                line += &format!(" {kiosk} {start} {request} {} {own} {fate:?}", wire.path);
                self.trace.update(&wire.body);
            }
            What::Answer { kiosk, start, request, reply } => {
                line += &format!(" {kiosk} {start} {request} ");
                match reply {
                    Ok(reply) => {
                        line += &format!("{} {:?}", reply.status, reply.etag);
                        self.trace.update(&reply.body);
                    }
                    Err(failure) => line += &format!("{failure:?}"),
                }
            }
            What::BackUp | What::Restore | What::RestartCentre | What::ChangeBoard | What::Look => {}
        }
        self.trace.update(line.as_bytes());
        if self.verbose {
            println!("{line}");
        }
    }

    fn happen(&mut self, what: What) {
        let now_ms = self.now_ms;
        match what {
            What::Start(i) => {
                let code = self.new_code(i);
                self.kiosks[i].code = Some(code.clone());
                let acts = self.kiosks[i].handle(Event::CodeGiven(code), now_ms);
                self.act(i, acts);
            }
            What::Serve(i) => {
                let acts = self.kiosks[i].serve(&mut self.jitter, now_ms);
                self.act(i, acts);
            }
            What::Wake { kiosk: i, start } => {
                let due = self.kiosks[i].wake_at.is_some_and(|at| at <= now_ms);
                if self.kiosks[i].start == start && due {
                    self.kiosks[i].wake_at = None;
                    let acts = self.kiosks[i].handle(Event::Woke, now_ms);
                    self.act(i, acts);
                }
            }
            What::Arrive { kiosk, start, request, wire, fate, own } => {
                self.arrive(kiosk, start, request, &wire, &fate, own);
            }
            What::Answer { kiosk: i, start, request, reply } => {
                let kiosk = &mut self.kiosks[i];
                if kiosk.start == start && kiosk.away == Some(request) {
                    kiosk.away = None;
                    let now = kiosk.now(now_ms);
                    let acts = kiosk.session.answered(&mut kiosk.journal, reply, now);
                    kiosk.note_written();
                    self.act(i, acts);
                }
            }
            What::Image(i) => self.kiosks[i].keep_image(),
            What::Restart(i) => {
                self.outcome.restarts += 1;
                self.kiosks[i].restart(&mut self.jitter, now_ms);
                let acts = self.kiosks[i].handle(Event::Woke, now_ms);
                self.act(i, acts);
            }
            What::RollBack(i) => {
                if self.kiosks[i].roll_back(&mut self.jitter, now_ms) {
                    self.outcome.rollbacks += 1;
                    let acts = self.kiosks[i].handle(Event::Woke, now_ms);
                    self.act(i, acts);
                }
            }
            What::BackUp => self.backups.push(self.centre.backup().unwrap()),
            What::Restore => {
                if !self.backups.is_empty() {
                    let i = self.jitter.below(self.backups.len() as u64) as usize;
                    self.centre.restore_from(&self.backups[i]).unwrap();
                    self.outcome.restores += 1;
                }
            }
            What::RestartCentre => self.centre.restart().unwrap(),
            What::ChangeBoard => self.centre.board = "board-2".into(),
            What::Look => {}
        }
    }

    fn act(&mut self, i: usize, acts: Vec<Act>) {
        for act in acts {
            match act {
                Act::Send(wire) => self.send(i, wire),
                Act::WakeAt { mono_ms } => {
                    let kiosk = &mut self.kiosks[i];
                    let at = kiosk.world_ms(mono_ms);
                    kiosk.wake_at = Some(at);
                    let start = kiosk.start;
                    self.at(at.saturating_sub(self.now_ms), What::Wake { kiosk: i, start });
                }
                Act::Report(status) => {
                    self.kiosks[i].forked = status.forked;
                    self.kiosks[i].enrolled = status.enrolled;
                }
                Act::LedgerGrew(_) | Act::PhoneUrl(_) | Act::ShowBoard(_) | Act::PhotoCame(_) => {}
            }
        }
    }

    fn send(&mut self, i: usize, wire: Wire) {
        let fate = Fate::of(&wire, &self.weather, &mut self.jitter);
        self.outcome.lost += u64::from(fate.arrivals.is_empty());
        self.outcome.doubled += u64::from(fate.arrivals.len() > 1);
        self.outcome.cut += u64::from(fate.cut_to.is_some());
        self.outcome.answers_lost += u64::from(fate.answer_after.is_none());
        let kiosk = &mut self.kiosks[i];
        kiosk.requests += 1;
        let (request, start) = (kiosk.requests, kiosk.start);
        kiosk.away = Some(request);
        let timed_out = Err(Failure::Unreachable("timed out".into()));
        self.at(wire.timeout_ms, What::Answer { kiosk: i, start, request, reply: timed_out });
        for (n, after) in fate.arrivals.iter().enumerate() {
            let (wire, fate) = (Box::new(wire.clone()), Box::new(fate.clone()));
            self.at(*after, What::Arrive { kiosk: i, start, request, wire, fate, own: n == 0 });
        }
    }

    fn arrive(&mut self, kiosk: usize, start: u64, request: u64, wire: &Wire, fate: &Fate, own: bool) {
        let now = WallMs(T0 + self.now_ms as i64);
        let mut reply = if fate.busy {
            Reply { status: 503, ..Reply::default() }
        } else {
            serve(&mut self.centre, &self.board, wire, &fate.body(&wire.body), now)
        };
        let Some(after) = fate.answer_after.filter(|_| own) else { return };
        if fate.answer_cut {
            reply.body.truncate(reply.body.len() / 2);
        }
        // A connection that breaks while the request goes out gives no answer, though the centre may have taken it.
        let reply = match fate.cut_to {
            Some(_) => Err(Failure::Unreachable("cut".into())),
            None => Ok(reply),
        };
        self.at(after, What::Answer { kiosk, start, request, reply });
    }

    fn new_code(&mut self, i: usize) -> String {
        let random = self.jitter.draw().to_le_bytes();
        let identity = self.kiosks[i].identity.clone();
        let now = WallMs(T0 + self.now_ms as i64);
        self.centre.enrol_code(&identity.kiosk, &identity.window, random, now).unwrap()
    }

    /// A centre that came back from before an enrolment does not know the device: an administrator gives a new code.
    fn help_unknown_devices(&mut self) {
        for i in 0..KIOSKS {
            if !self.kiosks[i].enrolled && self.kiosks[i].away.is_none() {
                let code = self.new_code(i);
                self.kiosks[i].code = Some(code.clone());
                let acts = self.kiosks[i].handle(Event::CodeGiven(code), self.now_ms);
                self.act(i, acts);
            }
        }
    }
}

fn board() -> Vec<u8> {
    let board = Board::clone(&super::audit::sample_board(KIOSKS));
    serde_json::to_vec(&board).unwrap()
}
