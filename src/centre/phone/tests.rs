//! The page's dealings with the store: a kiosk's ledger on one side, a phone's acts on the other.

use super::acts;
use super::admission::Timeliness;
use super::codes;
use super::form::{Act, ActId};
use super::visit::{Done, RatedBy, look, take};
use crate::centre::alarms;
use crate::centre::directory::devices::{self, Device, Standing};
use crate::centre::ingest::batch;
use crate::centre::ingest::core::Core;
use crate::domain::board::BoardVersion;
use crate::domain::id::{HallId, KioskId, StaffNo, TagCode, WindowId};
use crate::domain::rating::{Satisfaction, Signals};
use crate::domain::time::{ClockGrade, WallMs};
use crate::domain::visit::VisitTrigger;
use crate::ledger::chain::{Signed, Tip, receipt_code};
use crate::ledger::entry::{Body, ENTRY_VERSION, Entry, Genesis, Rated, VisitOpened};
use crate::ledger::keys::DeviceKey;
use crate::ledger::seal::{OpenKey, Words, seal};
use crate::ledger::ticket::Ticket;
use crate::protocol::{BatchHead, WIRE};

const NOW: WallMs = WallMs(1_795_000_000_000);

/// A centre with one enrolled kiosk, whose ledger is sent when the test says so.
struct Hall {
    core: Core,
    key: DeviceKey,
    tip: Tip,
    sent: Tip,
    unsent: Vec<Signed>,
}

impl Hall {
    fn open() -> Self {
        let mut core = Core::in_memory().unwrap();
        let key = DeviceKey::from_secret(&[3; 32]);
        let device = Device {
            id: key.device(),
            key: key.public(),
            kiosk: KioskId::new("K1").unwrap(),
            service_window: WindowId::new("W1").unwrap(),
            hall: HallId::new("H1").unwrap(),
            standing: Standing::Active,
            enrolled: NOW,
        };
        core.run(NOW, |desk| Ok(devices::put(desk.tx, &device, None, NOW)?)).unwrap();
        let tip = Tip::start(key.device(), 1);
        let mut hall = Self { core, key, tip, sent: tip, unsent: Vec::new() };
        hall.write(Body::Genesis(Genesis {
            device: hall.key.device(),
            epoch: 1,
            public_key: hall.key.public(),
            kiosk: KioskId::new("K1").unwrap(),
            window: WindowId::new("W1").unwrap(),
            follows: None,
        }));
        hall
    }

    fn write(&mut self, body: Body) -> u64 {
        let entry = Entry { v: ENTRY_VERSION, seq: 0, boot: 1, mono_ms: 1, wall_ms: NOW.0, clock: ClockGrade::B, body };
        self.unsent.push(self.tip.append(entry, &self.key).unwrap());
        self.tip.seq
    }

    fn open_visit(&mut self) -> u64 {
        self.write(Body::VisitOpened(VisitOpened {
            window: WindowId::new("W1").unwrap(),
            staff: Some(StaffNo::new("0027").unwrap()),
            trigger: VisitTrigger::Card,
            item: None,
            case_no: None,
            board: BoardVersion("0000000000000000".into()),
            pledges: vec![],
        }))
    }

    fn rate_at_kiosk(&mut self, visit: u64, level: Satisfaction) {
        let rated = Rated { visit, tap: visit, level, dwell_ms: 2_000, x: 1, y: 1, signals: Signals::NONE };
        self.write(Body::Rated(rated));
    }

    fn sync(&mut self, now: WallMs) {
        let last = self.unsent.last().unwrap();
        let head = BatchHead {
            wire: WIRE,
            device: self.key.device(),
            epoch: 1,
            first_seq: self.sent.seq + 1,
            prev: self.sent.hash,
            count: self.unsent.len() as u32,
            head: last.hash,
            signature: last.signature,
            sealed: vec![],
        };
        let mut body = serde_json::to_vec(&head).unwrap();
        for signed in &self.unsent {
            body.push(b'\n');
            body.extend_from_slice(&signed.bytes);
        }
        let mut scratch = Vec::new();
        let checked = batch::open(&body, &mut scratch).unwrap().check(&self.key.public().ready()).unwrap();
        self.core.run(now, |desk| desk.take_batch(checked)).unwrap();
        self.sent = self.tip;
        self.unsent.clear();
    }

    fn ticket(&self, visit: u64, rated: bool) -> Ticket {
        let mut anchor_hash = [0; 16];
        anchor_hash.copy_from_slice(&self.tip.hash.0[..16]);
        let expires_min = u32::try_from(NOW.0 / 60_000 + 120).unwrap();
        Ticket { device: self.key.device(), epoch: 1, visit, rated, expires_min, anchor_seq: self.tip.seq, anchor_hash }
    }

    fn act(&mut self, ticket: &Ticket, act: &Act, now: WallMs) -> Done {
        let sealed = match act {
            Act::Explain { words: Some(words), .. } => {
                let key = OpenKey::from_secret(&[9; 32]).unwrap().public();
                Some(seal(words, &key, b"").unwrap())
            }
            _ => None,
        };
        self.core.run(now, |desk| take(desk, ticket, act, sealed, &|_, tag| tag.as_str() == "wait")).unwrap()
    }

    fn number(&self, sql: &str) -> i64 {
        self.core.conn().query_row(sql, [], |r| r.get(0)).unwrap()
    }

    /// Who rated the first visit, as a phone sees it.
    fn rated(&self) -> Option<RatedBy> {
        look(self.core.conn(), &self.ticket(2, false), NOW).unwrap().rated
    }
}

fn rate(level: Satisfaction, id: u8) -> Act {
    Act::Rate { level, act: ActId([id; 16]) }
}

fn explain(text: &str, id: u8) -> Act {
    let words = Words { text: Some(text.into()), contact: None };
    Act::Explain { reasons: vec![TagCode::new("wait").unwrap()], words: Some(words), act: ActId([id; 16]) }
}

#[test]
fn a_rating_by_phone_counts_once_however_often_it_is_sent() {
    let mut hall = Hall::open();
    let visit = hall.open_visit();
    hall.sync(NOW);
    let ticket = hall.ticket(visit, false);
    assert_eq!(hall.rated(), None);
    for _ in 0..3 {
        assert_eq!(hall.act(&ticket, &rate(Satisfaction::Satisfied, 1), NOW), Done::Rated);
    }
    assert_eq!(hall.number("SELECT count(*) FROM phone_rating"), 1);
    assert_eq!(hall.rated(), Some(RatedBy::Phone));
    assert_eq!(hall.act(&ticket, &rate(Satisfaction::Dissatisfied, 2), NOW), Done::SecondKept);
    assert_eq!(hall.number("SELECT sum(counted) FROM phone_rating"), 1);
    assert_eq!(hall.number("SELECT count(*) FROM phone_rating WHERE signals <> 0"), 1);
}

#[test]
fn while_the_kiosk_is_offline_a_phone_still_rates_and_the_visit_joins_it_later() {
    let mut hall = Hall::open();
    hall.sync(NOW);
    let visit = hall.open_visit();
    let ticket = hall.ticket(visit, false);
    let seen = look(hall.core.conn(), &ticket, NOW).unwrap();
    assert_eq!((seen.opened, seen.rated, seen.timeliness), (None, None, Timeliness::InTime));
    assert_eq!(hall.act(&ticket, &rate(Satisfaction::VerySatisfied, 1), NOW), Done::Rated);
    hall.sync(NOW.plus_ms(3_600_000));
    let seen = look(hall.core.conn(), &ticket, NOW).unwrap();
    assert_eq!(seen.opened.unwrap().staff, Some(StaffNo::new("0027").unwrap()));
    assert!(seen.witnessed);
    assert!(alarms::open(hall.core.conn(), 10).unwrap().is_empty());
}

#[test]
fn what_was_rated_at_the_kiosk_is_not_rated_again_even_before_its_entry_comes() {
    let mut hall = Hall::open();
    hall.sync(NOW);
    let visit = hall.open_visit();
    hall.rate_at_kiosk(visit, Satisfaction::Dissatisfied);
    let ticket = hall.ticket(visit, true);
    assert_eq!(look(hall.core.conn(), &ticket, NOW).unwrap().rated, Some(RatedBy::Kiosk));
    assert_eq!(hall.act(&ticket, &rate(Satisfaction::VerySatisfied, 1), NOW), Done::SecondKept);
    hall.sync(NOW);
    assert_eq!(hall.rated(), Some(RatedBy::Kiosk));
    assert_eq!(hall.act(&ticket, &explain("等了很久", 2), NOW), Done::Explained);
    assert_eq!(hall.number("SELECT count(*) FROM words WHERE channel = 'phone'"), 1);
}

#[test]
fn words_sent_twice_are_kept_once_and_never_in_the_clear() {
    let mut hall = Hall::open();
    let visit = hall.open_visit();
    hall.sync(NOW);
    let ticket = hall.ticket(visit, false);
    hall.act(&ticket, &rate(Satisfaction::Dissatisfied, 1), NOW);
    for _ in 0..2 {
        assert_eq!(hall.act(&ticket, &explain("等了很久", 2), NOW), Done::Explained);
    }
    assert_eq!(hall.number("SELECT count(*) FROM words"), 1);
    assert_eq!(hall.number("SELECT count(*) FROM phone_rating WHERE reasons = 'wait'"), 1);
    let clear = "SELECT count(*) FROM words WHERE instr(sealed, CAST('等了很久' AS BLOB)) > 0";
    assert_eq!(hall.number(clear), 0);
    let results: Vec<Done> = (3..20).map(|i| hall.act(&ticket, &explain("又来", i), NOW)).collect();
    assert_eq!(results.last(), Some(&Done::TooMany), "one visit cannot fill the store");
    assert_eq!(hall.number("SELECT count(*) FROM phone_act"), acts::MAX_OF_VISIT);
}

#[test]
fn a_late_rating_is_kept_and_flagged_and_a_very_late_one_is_not_offered() {
    let mut hall = Hall::open();
    let visit = hall.open_visit();
    hall.sync(NOW);
    let ticket = hall.ticket(visit, false);
    let day = 24 * 3_600_000;
    assert_eq!(hall.act(&ticket, &rate(Satisfaction::Satisfied, 1), NOW.plus_ms(60 * day)), Done::Over);
    assert_eq!(hall.act(&ticket, &rate(Satisfaction::Satisfied, 1), NOW.plus_ms(day)), Done::Rated);
    assert_eq!(hall.number("SELECT count(*) FROM phone_rating WHERE signals <> 0 AND counted = 1"), 1);
}

#[test]
fn a_tail_that_was_cut_off_before_it_was_sent_raises_an_alarm() {
    let mut hall = Hall::open();
    hall.sync(NOW);
    let before = (hall.tip, hall.unsent.clone());
    let visit = hall.open_visit();
    hall.rate_at_kiosk(visit, Satisfaction::VeryDissatisfied);
    let ticket = hall.ticket(visit, true);
    hall.act(&ticket, &explain("态度不好", 1), NOW);
    // Somebody restores an older copy of the kiosk's ledger and goes on.
    (hall.tip, hall.unsent) = before;
    let other = hall.open_visit();
    hall.rate_at_kiosk(other, Satisfaction::VerySatisfied);
    hall.sync(NOW);
    assert_eq!(alarms::open(hall.core.conn(), 10).unwrap().len(), 1);
}

#[test]
fn a_receipt_code_finds_its_rating_once_it_has_come() {
    let mut hall = Hall::open();
    let visit = hall.open_visit();
    hall.rate_at_kiosk(visit, Satisfaction::Dissatisfied);
    let code = receipt_code(&hall.tip.hash);
    let unrated = receipt_code(&hall.unsent[1].hash);
    assert_eq!(codes::find(hall.core.conn(), &code).unwrap(), None);
    hall.sync(NOW);
    assert!(codes::is_behind(hall.core.conn()).unwrap());
    while hall.core.run(NOW, |desk| codes::advance(desk.tx, 1)).unwrap() {}
    assert!(!codes::is_behind(hall.core.conn()).unwrap());
    assert_eq!(codes::find(hall.core.conn(), &code).unwrap().map(|(_, v)| v), Some(visit));
    assert_eq!(codes::find(hall.core.conn(), &unrated).unwrap(), None, "only ratings have codes");
}
