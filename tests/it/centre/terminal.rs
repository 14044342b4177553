//! A kiosk as the centre sees it: a key, a chain, and batches over it.

use pingyi::domain::board::BoardVersion;
use pingyi::domain::id::{HallId, KioskId, StaffNo, TagCode, WindowId};
use pingyi::domain::rating::Satisfaction;
use pingyi::domain::time::{ClockGrade, WallMs};
use pingyi::domain::visit::{VisitOutcome, VisitTrigger};
use pingyi::ledger::chain::{Signed, Tip};
use pingyi::ledger::entry::{Body, ENTRY_VERSION, Entry, Explained, Genesis, Rated, ReasonChosen, VisitOpened};
use pingyi::ledger::keys::DeviceKey;
use pingyi::protocol::{BatchHead, Enrol, Heartbeat, SealedWords, WIRE};

/// 2026-11-02T01:00:00Z: a Monday morning in China.
pub const START: WallMs = WallMs(1_793_581_200_000);

pub fn hall() -> HallId {
    HallId::new("H01").unwrap()
}

#[derive(Clone)]
pub struct Terminal {
    pub secret: [u8; 32],
    pub kiosk: KioskId,
    pub window: WindowId,
    pub tip: Tip,
    pub entries: Vec<Signed>,
    pub now: WallMs,
    tap: u64,
}

impl Terminal {
    /// With a genesis entry.
    pub fn new(number: u8) -> Self {
        let secret = [number.wrapping_add(1); 32];
        let device = DeviceKey::from_secret(&secret).device();
        let mut terminal = Self {
            secret,
            kiosk: KioskId::new(&format!("K{number:02}")).unwrap(),
            window: WindowId::new(&format!("W{number:02}")).unwrap(),
            tip: Tip::start(device, 1),
            entries: Vec::new(),
            now: START,
            tap: 0,
        };
        terminal.genesis();
        terminal
    }

    pub fn key(&self) -> DeviceKey {
        DeviceKey::from_secret(&self.secret)
    }

    fn genesis(&mut self) {
        let body = Body::Genesis(Genesis {
            device: self.tip.device,
            epoch: self.tip.epoch,
            public_key: self.key().public(),
            kiosk: self.kiosk.clone(),
            window: self.window.clone(),
            follows: None,
        });
        self.add(body);
    }

    /// Begins another epoch with the same key.
    pub fn next_epoch(&mut self) {
        self.tip = Tip::start(self.tip.device, self.tip.epoch + 1);
        self.entries.clear();
        self.genesis();
    }

    pub fn add(&mut self, body: Body) -> u64 {
        self.now = self.now.plus_ms(1_000);
        let entry = Entry {
            v: ENTRY_VERSION,
            seq: 0,
            boot: 1,
            mono_ms: self.tip.seq * 1_000,
            wall_ms: self.now.0,
            clock: ClockGrade::B,
            body,
        };
        let key = self.key();
        let signed = self.tip.append(entry, &key).unwrap();
        let seq = signed.seq;
        self.entries.push(signed);
        seq
    }

    pub fn open(&mut self) -> u64 {
        self.add(Body::VisitOpened(VisitOpened {
            window: self.window.clone(),
            staff: Some(StaffNo::new("0027").unwrap()),
            trigger: VisitTrigger::Card,
            item: None,
            case_no: None,
            board: BoardVersion("0000000000000000".into()),
            pledges: vec![],
        }))
    }

    pub fn rate(&mut self, visit: u64, level: Satisfaction) -> u64 {
        let rated = self.rated(visit, level);
        self.add(Body::Rated(rated))
    }

    pub fn revise(&mut self, visit: u64, level: Satisfaction) -> u64 {
        let rated = self.rated(visit, level);
        self.add(Body::Revised(rated))
    }

    fn rated(&mut self, visit: u64, level: Satisfaction) -> Rated {
        self.tap += 1;
        Rated { visit, tap: self.tap, level, dwell_ms: 2_000, x: 400, y: 500, signals: Default::default() }
    }

    pub fn explain(&mut self, visit: u64, tags: &[&str]) -> u64 {
        let reasons = tags.iter().map(|t| ReasonChosen { tag: TagCode::new(t).unwrap(), version: 1 }).collect();
        self.add(Body::Explained(Explained { visit, reasons, sealed: None }))
    }

    pub fn close(&mut self, visit: u64, outcome: VisitOutcome) -> u64 {
        self.add(Body::VisitClosed { visit, outcome })
    }

    /// Opened, rated, closed.
    pub fn serve(&mut self, level: Satisfaction) -> u64 {
        let visit = self.open();
        self.rate(visit, level);
        self.close(visit, VisitOutcome::Rated);
        visit
    }

    pub fn head(&self, from: u64, to: u64) -> BatchHead {
        let at = |seq: u64| &self.entries[usize::try_from(seq - 1).unwrap()];
        let start = Tip::start(self.tip.device, self.tip.epoch).hash;
        BatchHead {
            wire: WIRE,
            device: self.tip.device,
            epoch: self.tip.epoch,
            first_seq: from,
            prev: if from == 1 { start } else { at(from - 1).hash },
            count: u32::try_from(to + 1 - from).unwrap(),
            head: at(to).hash,
            signature: at(to).signature,
            sealed: vec![],
        }
    }

    /// The entries `from..=to` as a plain body.
    pub fn batch(&self, from: u64, to: u64) -> Vec<u8> {
        self.batch_under(&self.head(from, to), from, to)
    }

    pub fn batch_under(&self, head: &BatchHead, from: u64, to: u64) -> Vec<u8> {
        let mut body = serde_json::to_vec(head).unwrap();
        for entry in &self.entries[usize::try_from(from - 1).unwrap()..usize::try_from(to).unwrap()] {
            body.push(b'\n');
            body.extend_from_slice(&entry.bytes);
        }
        body
    }

    pub fn batch_with_words(&self, from: u64, to: u64, words: Vec<(u64, Vec<u8>)>) -> Vec<u8> {
        let sealed = words
            .into_iter()
            .map(|(seq, sealed)| SealedWords { seq, sealed: data_encoding::BASE64.encode(&sealed) })
            .collect();
        self.batch_under(&BatchHead { sealed, ..self.head(from, to) }, from, to)
    }

    /// All entries, compressed.
    pub fn all_compressed(&self) -> Vec<u8> {
        zstd::bulk::compress(&self.batch(1, self.tip.seq), 1).unwrap()
    }

    pub fn enrol(&self, code: &str) -> Enrol {
        let (key, head) = (self.key(), self.tip.head());
        let proof = key.sign(&Enrol::message(code, &key.public(), &head));
        Enrol { wire: WIRE, code: code.to_owned(), public_key: key.public(), head, proof }
    }

    pub fn heartbeat(&self) -> Heartbeat {
        Heartbeat {
            wire: WIRE,
            version: "0.1.0".into(),
            epoch: self.tip.epoch,
            seq: self.tip.seq,
            hash: self.tip.hash,
            unsynced: 3,
            free_disk_mb: 900,
            clock: ClockGrade::B,
            wall_ms: self.now.0,
            board: None,
            state: None,
        }
    }
}
