//! One simulated kiosk: a real journal and session, and a citizen script that depends on nothing but the ledger.

use std::collections::HashMap;

use pingyi::domain::board::BoardVersion;
use pingyi::domain::id::{KioskId, TagCode, WindowId};
use pingyi::domain::rating::{Satisfaction, Signals};
use pingyi::domain::time::{Now, WallMs};
use pingyi::domain::visit::{VisitOutcome, VisitTrigger};
use pingyi::journal::{Identity, Journal, image};
use pingyi::kiosk::courier::session::{Act, Session, Setting};
use pingyi::kiosk::sync::backoff::Jitter;
use pingyi::kiosk::sync::event::{Event, Pace};
use pingyi::ledger::chain::origin;
use pingyi::ledger::entry::{Body, Entry, Explained, NEW_VISIT, Rated, ReasonChosen, VisitOpened};
use pingyi::ledger::keys::{DeviceId, DeviceKey, Hash};
use rusqlite::Connection;

/// Wall clock at the beginning of every run.
pub const T0: i64 = 1_790_000_000_000;

/// A place in one of the histories that this kiosk has ever written.
#[derive(Debug, Clone)]
pub struct Written {
    pub prev: Hash,
    pub entry: Entry,
}

pub struct Terminal {
    pub identity: Identity,
    pub device: DeviceId,
    secret: [u8; 32],
    pub journal: Journal,
    pub session: Session,
    pub code: Option<String>,
    /// Grows with each start: what belongs to an earlier one never arrives.
    pub start: u64,
    booted_ms: u64,
    pub wake_at: Option<u64>,
    /// Number of the request that is under way.
    pub away: Option<u64>,
    pub requests: u64,
    images: Vec<Connection>,
    /// Every entry of every history, by hash.
    pub written: HashMap<Hash, Written>,
    seen: u64,
    pub rolled_back: bool,
    pub forked: bool,
    pub enrolled: bool,
}

impl Terminal {
    pub fn new(number: usize, jitter: &mut Jitter, now_ms: u64) -> Self {
        let mut secret = [0; 32];
        secret.chunks_mut(8).for_each(|c| c.copy_from_slice(&jitter.draw().to_le_bytes()));
        let identity = Identity {
            kiosk: KioskId::new(&format!("K{number:02}")).unwrap(),
            window: WindowId::new(&format!("W{number:02}")).unwrap(),
            version: "sim".into(),
        };
        let key = DeviceKey::from_secret(&secret);
        let device = key.device();
        let now = Now { wall: WallMs(T0 + now_ms as i64), mono_ms: 0 };
        let journal = Journal::open_in_memory(key, &identity, now).unwrap();
        let session = Session::new(&journal, setting(&identity, None, jitter.draw())).unwrap();
        let mut terminal = Self {
            identity,
            device,
            secret,
            journal,
            session,
            code: None,
            start: 1,
            booted_ms: now_ms,
            wake_at: None,
            away: None,
            requests: 0,
            images: Vec::new(),
            written: HashMap::new(),
            seen: 0,
            rolled_back: false,
            forked: false,
            enrolled: false,
        };
        terminal.note_written();
        terminal
    }

    pub fn now(&self, now_ms: u64) -> Now {
        Now { wall: WallMs(T0 + now_ms as i64), mono_ms: now_ms - self.booted_ms }
    }

    /// From this boot's clock to the world's.
    pub fn world_ms(&self, mono_ms: u64) -> u64 {
        self.booted_ms + mono_ms
    }

    pub fn keep_image(&mut self) {
        if self.images.len() < 3 {
            self.images.push(self.journal.image().unwrap());
        }
    }

    /// The program stops at this very moment and starts again with what is durable.
    pub fn restart(&mut self, jitter: &mut Jitter, now_ms: u64) {
        let image = self.journal.image().unwrap();
        self.start_from(image, jitter, now_ms);
    }

    /// The disk is set back to an older image; false when there is none.
    pub fn roll_back(&mut self, jitter: &mut Jitter, now_ms: u64) -> bool {
        let Some(older) = self.images.pop() else { return false };
        self.images.push(image::copy(&older).unwrap());
        let key = DeviceKey::from_secret(&self.secret);
        let before = self.journal.head();
        self.start_from(older, jitter, now_ms);
        assert_eq!(key.device(), before.device);
        self.rolled_back = true;
        true
    }

    fn start_from(&mut self, image: Connection, jitter: &mut Jitter, now_ms: u64) {
        self.start += 1;
        self.booted_ms = now_ms;
        (self.wake_at, self.away) = (None, None);
        let key = std::sync::Arc::new(DeviceKey::from_secret(&self.secret));
        let now = self.now(now_ms);
        self.journal = Journal::attach(image, None, key, &self.identity, None, now).unwrap();
        let setting = setting(&self.identity, self.code.clone(), jitter.draw());
        self.session = Session::new(&self.journal, setting).unwrap();
        self.seen = 0;
        self.note_written();
    }

    /// What the citizen or the clerk does next, given where the ledger stands.
    pub fn serve(&mut self, jitter: &mut Jitter, now_ms: u64) -> Vec<Act> {
        let bodies = next_bodies(&self.journal, &self.identity, jitter);
        let now = self.now(now_ms);
        self.journal.append(bodies, now).unwrap();
        self.handle(Event::Woke, now_ms)
    }

    pub fn handle(&mut self, event: Event, now_ms: u64) -> Vec<Act> {
        let now = self.now(now_ms);
        let acts = self.session.handle(&mut self.journal, event, now);
        self.note_written();
        acts
    }

    /// Remembers every entry that was ever durable, before a rollback can hide it.
    pub fn note_written(&mut self) {
        let head = self.journal.head();
        while self.seen < head.seq {
            let run = self.journal.unsynced_from(head.epoch, self.seen + 1, 500, usize::MAX).unwrap().unwrap();
            let mut prev = run.prev;
            for signed in run.entries {
                self.seen = signed.seq;
                let entry = Entry::from_bytes(&signed.bytes).unwrap();
                self.written.insert(signed.hash, Written { prev, entry });
                prev = signed.hash;
            }
        }
    }

    /// The history that leads to `head`, oldest first; none if this kiosk never wrote it.
    pub fn history(&self, head: Hash) -> Option<Vec<&Entry>> {
        let (mut at, mut entries) = (head, Vec::new());
        while at != origin(self.device, 1) {
            let written = self.written.get(&at)?;
            entries.push(&written.entry);
            at = written.prev;
        }
        entries.reverse();
        Some(entries)
    }
}

fn setting(identity: &Identity, code: Option<String>, seed: u64) -> Setting {
    let pace = Pace { heartbeat_ms: 120_000, linger_ms: 2_000 };
    Setting { window: identity.window.clone(), code, pace, seed, shelf: None }
}

fn next_bodies(journal: &Journal, identity: &Identity, jitter: &mut Jitter) -> Vec<Body> {
    let level = Satisfaction::ALL[jitter.below(5) as usize];
    let tap = jitter.draw();
    let rated = |visit| Rated { visit, tap, level, dwell_ms: 900, x: 1, y: 2, signals: Signals::NONE };
    let closed = |visit, outcome| Body::VisitClosed { visit, outcome };
    let Some(visit) = &journal.standing().visit else {
        let opened = Body::VisitOpened(VisitOpened {
            window: identity.window.clone(),
            staff: None,
            trigger: VisitTrigger::Business,
            item: None,
            case_no: None,
            board: BoardVersion("b".into()),
            pledges: vec![],
        });
        // As the flow does it when nobody had opened the visit: one commit.
        return if jitter.chance(500) { vec![opened, Body::Rated(rated(NEW_VISIT))] } else { vec![opened] };
    };
    let seq = visit.seq;
    match &visit.rated {
        None if jitter.chance(850) => vec![Body::Rated(rated(seq))],
        None => vec![closed(seq, VisitOutcome::NoResponse)],
        Some(_) if jitter.chance(150) => vec![Body::Revised(rated(seq))],
        Some(_) if jitter.chance(200) => {
            let reasons = vec![ReasonChosen { tag: TagCode::new("slow").unwrap(), version: 1 }];
            vec![Body::Explained(Explained { visit: seq, reasons, sealed: None })]
        }
        Some(_) => vec![closed(seq, VisitOutcome::Rated)],
    }
}
