//! The plan against a scripted centre.

mod boards;

use super::event::{Answer, Event, Failure, Known, Memory, Pace, Place, Start};
use super::plan::{EVIDENCE_EVERY_MS, Plan, REFUSED_WAIT_MS, code_hash};
use super::step::{Request, RequestId, Span, Step};
use crate::domain::id::{KioskId, WindowId};
use crate::domain::time::{Now, WallMs};
use crate::ledger::chain::Tip;
use crate::ledger::entry::Head;
use crate::ledger::keys::{DeviceKey, Hash, SealKey};
use crate::protocol::{BatchAnswer, EnrolAnswer, HeartbeatAnswer, MAX_BATCH_ENTRIES, Receipt};

const HEARTBEAT_EVERY_MS: u64 = 5_000;
const LINGER_MS: u64 = 200;
const T: i64 = 1_790_000_000_000;

fn centre() -> DeviceKey {
    DeviceKey::from_secret(&[5; 32])
}

fn device() -> DeviceKey {
    DeviceKey::from_secret(&[6; 32])
}

/// The device's hash at `seq` in these tests.
fn ours(seq: u64) -> Hash {
    Hash(*blake3::hash(&seq.to_le_bytes()).as_bytes())
}

fn head(seq: u64) -> Head {
    let start = Tip::start(device().device(), 1);
    Head { seq, hash: if seq == 0 { start.hash } else { ours(seq) }, ..start.head() }
}

fn receipt(seq: u64) -> Receipt {
    Receipt::sign(&head(seq), T, &centre())
}

fn enrol_answer() -> EnrolAnswer {
    EnrolAnswer {
        wire: 1,
        kiosk: KioskId::new("K01").unwrap(),
        window: WindowId::new("W01").unwrap(),
        centre_key: centre().public(),
        seal_key: SealKey([1; 32]),
        follows: None,
        server_ms: T,
        phone_url: "http://phone".into(),
    }
}

fn start(seq: u64, held: u64) -> Start {
    Start {
        device: device().device(),
        ledgers: vec![Known { epoch: 1, last_seq: seq, held_seq: held }],
        receipt_ms: None,
        centre: Some(centre().public()),
        phone_url: "http://phone".into(),
        board: Some("b1".into()),
        memory: Memory { code: Some(code_hash("OLD")), ..Memory::default() },
        code: None,
        pace: Pace { heartbeat_ms: HEARTBEAT_EVERY_MS, linger_ms: LINGER_MS },
        seed: 3,
    }
}

fn unenrolled(seq: u64) -> Start {
    Start { centre: None, memory: Memory::default(), ..start(seq, 0) }
}

fn span(first: u64, last: u64) -> Span {
    Span { epoch: 1, first, last }
}

fn appended(seq: u64) -> Event {
    Event::Appended { epoch: 1, seq }
}

/// A plan, a clock and the request that is under way.
struct Bench {
    plan: Plan,
    ms: u64,
    pending: Option<(RequestId, Request)>,
    wake: Option<u64>,
    steps: Vec<Step>,
}

impl Bench {
    fn new(start: Start) -> Self {
        Self { plan: Plan::new(start), ms: 0, pending: None, wake: None, steps: Vec::new() }.then(Event::Woke)
    }

    fn then(mut self, event: Event) -> Self {
        self.put(event);
        self
    }

    fn put(&mut self, event: Event) {
        let now = Now { wall: WallMs(T + self.ms as i64), mono_ms: self.ms };
        self.steps = self.plan.handle(event, now);
        self.wake = None;
        for step in &self.steps {
            match step {
                Step::Send { id, request } => {
                    assert!(self.pending.replace((*id, request.clone())).is_none(), "two requests at once");
                }
                Step::WakeAt { mono_ms } => self.wake = Some(*mono_ms),
                _ => {}
            }
        }
    }

    fn asked(&self) -> Request {
        self.pending.clone().expect("nothing was sent").1
    }

    fn answer(&mut self, answer: Answer) {
        let request = self.pending.take().expect("nothing was sent").0;
        self.put(Event::Answered { request, answer, round_trip_ms: 40 });
    }

    fn fail(&mut self, failure: Failure) {
        let request = self.pending.take().expect("nothing was sent").0;
        self.put(Event::Failed { request, failure });
    }

    /// Lets the time come that the plan waits for.
    fn wait(&mut self) -> u64 {
        let before = self.ms;
        self.ms = self.wake.expect("nothing is waited for");
        self.put(Event::Woke);
        self.ms - before
    }

    fn heartbeat_with(&mut self, receipt: Receipt, place: Place, board: &str) {
        assert!(matches!(self.asked(), Request::Heartbeat { .. }), "{:?}", self.asked());
        let server_ms = T + self.ms as i64;
        let answer = HeartbeatAnswer { server_ms, board: board.into(), receipt, phone_url: "http://phone".into() };
        self.answer(Answer::Heartbeat { answer, place });
    }

    /// The centre holds all up to `seq` of this very ledger.
    fn heartbeat(&mut self, seq: u64) {
        self.heartbeat_with(receipt(seq), Place::Ours, "b1");
    }

    fn batch_answered(&mut self, sent: Span, answer: BatchAnswer, place: Place) {
        self.answer(Answer::Batch { sent, answer, place });
    }

    fn held(&mut self, first: u64, last: u64) {
        self.batch_answered(span(first, last), BatchAnswer::Held { receipt: receipt(last) }, Place::Ours);
    }

    fn batch_from(&self) -> (u64, usize) {
        match self.asked() {
            Request::Batch { from_seq, max_entries, .. } => (from_seq, max_entries),
            other => panic!("{other:?}"),
        }
    }

    fn remembered(&self) -> Memory {
        let last = self.steps.iter().rev().find_map(|s| if let Step::Remember(m) = s { Some(m.clone()) } else { None });
        last.expect("nothing is kept over restarts")
    }
}

#[test]
fn without_code_or_enrolment_nothing_is_sent_and_the_panel_says_so() {
    let mut bench = Bench::new(unenrolled(5)).then(appended(6));
    assert!(bench.pending.is_none() && bench.wake.is_none());
    let status = bench.plan.status();
    assert!(!status.enrolled && status.unsynced == 6);
    assert!(status.trouble.unwrap().contains("登记码"));
    bench.put(Event::SyncAsked);
    assert!(bench.pending.is_none());
}

#[test]
fn a_code_enrols_once_and_leads_to_heartbeat_and_entries() {
    let mut bench = Bench::new(Start { code: Some("ABCD-2345".into()), ..unenrolled(5) });
    assert_eq!(bench.asked(), Request::Enrol { code: "ABCD-2345".into() });
    bench.answer(Answer::Enrolled(enrol_answer()));
    assert!(bench.steps.iter().any(|s| matches!(s, Step::TakeEnrolment(a) if **a == enrol_answer())));
    let kept = bench.remembered();
    bench.put(Event::BoardHeld { etag: "b1".into(), photos: vec![] });
    bench.heartbeat(0);
    assert_eq!(bench.batch_from(), (1, MAX_BATCH_ENTRIES));

    // After a restart with the same code in the file, written otherwise, it is not used again.
    let again = Start { memory: kept, code: Some("abcd2345".into()), ..start(5, 0) };
    assert!(matches!(Bench::new(again).asked(), Request::Heartbeat { .. }));
}

#[test]
fn a_code_that_comes_later_is_used_without_a_restart() {
    let mut bench = Bench::new(unenrolled(5));
    assert!(bench.pending.is_none());
    bench.put(Event::CodeGiven("ABCD".into()));
    assert_eq!(bench.asked(), Request::Enrol { code: "ABCD".into() });
}

#[test]
fn a_refused_code_does_not_keep_an_enrolled_device_from_its_work() {
    let mut bench = Bench::new(Start { code: Some("NEW".into()), ..start(5, 5) });
    assert!(matches!(bench.asked(), Request::Enrol { .. }));
    bench.fail(Failure::Refused { status: 403, code: "code_used".into(), message: String::new() });
    assert!(bench.wait() >= REFUSED_WAIT_MS / 2);
    assert!(matches!(bench.asked(), Request::Heartbeat { .. }));
}

#[test]
fn a_backlog_goes_in_order_in_bounded_batches_with_heartbeats_between() {
    let mut bench = Bench::new(start(9_500, 0));
    bench.heartbeat(0);
    let (mut next, mut heartbeats) = (1, 0);
    while next <= 9_500 {
        bench.ms += 3_000;
        if let Request::Heartbeat { .. } = bench.asked() {
            heartbeats += 1;
            bench.heartbeat(next - 1);
        }
        let (from, max) = bench.batch_from();
        assert_eq!((from, max), (next, MAX_BATCH_ENTRIES));
        let last = (from + max as u64 - 1).min(9_500);
        bench.held(from, last);
        next = last + 1;
    }
    assert!(heartbeats >= 3, "a backlog starves heartbeats");
    assert_eq!(bench.plan.unsynced(), 0);
}

#[test]
fn new_entries_linger_a_moment_and_leave_together() {
    let mut bench = Bench::new(start(5, 5));
    bench.heartbeat(5);
    assert!(bench.pending.is_none());
    bench.ms += 100;
    bench.put(appended(6));
    bench.put(appended(7));
    assert_eq!(bench.wait(), LINGER_MS);
    assert_eq!(bench.batch_from().0, 6);
    bench.held(6, 7);
    assert_eq!(bench.wake, Some(HEARTBEAT_EVERY_MS));
}

#[test]
fn failures_wait_longer_and_longer_and_make_batches_smaller_until_it_works() {
    let mut bench = Bench::new(start(4_500, 0));
    bench.heartbeat(0);
    let (mut sizes, mut longest) = (Vec::new(), 0);
    for _ in 0..25 {
        while let Request::Heartbeat { .. } = bench.asked() {
            // Even a heartbeat that works does not make the next batch larger.
            bench.heartbeat(0);
        }
        sizes.push(bench.batch_from().1);
        bench.fail(Failure::Unreachable("timed out".into()));
        assert!(!bench.plan.status().online);
        longest = longest.max(bench.wait());
    }
    assert!(sizes.windows(2).all(|w| w[1] <= w[0]) && sizes[0] == 1_000 && *sizes.last().unwrap() == 1);
    assert!(longest <= 300_000);
    while let Request::Heartbeat { .. } = bench.asked() {
        bench.heartbeat(0);
    }
    bench.held(1, 1);
    assert_eq!(bench.batch_from(), (2, 2));
    assert!(bench.plan.status().online && bench.plan.status().trouble.is_none());
}

#[test]
fn a_wait_is_kept_until_it_is_over_and_cut_short_by_a_person() {
    let mut bench = Bench::new(start(5, 5));
    for _ in 0..12 {
        bench.fail(Failure::Unreachable("refused".into()));
        bench.wait();
    }
    bench.fail(Failure::Busy { retry_after_ms: Some(200_000), status: 503 });
    let wake = bench.wake.unwrap();
    assert!(wake >= bench.ms + 200_000);
    bench.put(appended(6));
    assert!(bench.pending.is_none(), "a new entry must not break the wait");
    assert_eq!(bench.wake, Some(wake));
    bench.put(Event::SyncAsked);
    assert!(bench.pending.is_some());
}

#[test]
fn a_receipt_that_does_not_hold_or_is_anothers_is_refused_and_reported() {
    let stranger = DeviceKey::from_secret(&[9; 32]);
    let forged = Receipt::sign(&head(5), T, &stranger);
    let of_other = Receipt::sign(&Head { device: stranger.device(), ..head(5) }, T, &centre());
    let of_epoch = Receipt::sign(&Head { epoch: 2, ..head(5) }, T, &centre());
    for bad in [forged, of_other, of_epoch] {
        let mut bench = Bench::new(start(5, 0));
        bench.heartbeat(0);
        bench.batch_answered(span(1, 5), BatchAnswer::Held { receipt: bad }, Place::Ours);
        assert!(!bench.steps.iter().any(|s| matches!(s, Step::HoldReceipt(_))), "it was believed");
        assert_eq!(bench.plan.unsynced(), 5);
        assert!(bench.plan.status().trouble.unwrap().contains("回执"));
        assert!(bench.wait() >= REFUSED_WAIT_MS);
    }
}

#[test]
fn a_centre_from_an_older_backup_gets_all_again_from_there() {
    let mut bench = Bench::new(start(900, 900));
    bench.heartbeat(900);
    bench.wait();
    bench.heartbeat(300);
    assert_eq!(bench.batch_from().0, 301);
    assert!(bench.steps.iter().any(|s| matches!(s, Step::HoldReceipt(r) if r.seq == 300)));

    // By the answer to a batch just as well.
    let mut bench = Bench::new(start(901, 900));
    bench.heartbeat(900);
    let answer = BatchAnswer::Gap { receipt: receipt(300), next_seq: 301 };
    bench.batch_answered(span(901, 901), answer, Place::Ours);
    assert_eq!(bench.batch_from().0, 301);
}

#[test]
fn what_is_pruned_cannot_be_sent_again_and_is_reported() {
    let mut bench = Bench::new(start(900, 900));
    bench.heartbeat_with(receipt(300), Place::Pruned, "b1");
    assert!(bench.pending.is_none());
    assert!(bench.plan.status().trouble.unwrap().contains("300"));
    // Once the centre is restored from a newer backup it goes on.
    bench.wait();
    bench.heartbeat(500);
    assert_eq!(bench.batch_from().0, 501);
}

#[test]
fn a_centre_that_does_not_move_is_not_asked_in_a_loop() {
    let mut bench = Bench::new(start(5, 0));
    bench.heartbeat(0);
    let answer = BatchAnswer::Gap { receipt: receipt(0), next_seq: 1 };
    bench.batch_answered(span(1, 5), answer, Place::Ours);
    assert!(bench.pending.is_none());
    assert!(bench.wait() >= REFUSED_WAIT_MS);
}

#[test]
fn a_fork_is_remembered_reported_and_stops_sending_but_not_heartbeats() {
    let mut bench = Bench::new(start(60, 50));
    bench.heartbeat(50);
    assert_eq!(bench.batch_from().0, 51);
    let answer = BatchAnswer::Fork { receipt: receipt(70), at_seq: 51 };
    bench.batch_answered(span(51, 60), answer, Place::Other);
    let kept = bench.remembered();
    assert_eq!(kept.forked_at.get(&1), Some(&51));
    assert!(bench.plan.status().forked && bench.plan.unsynced() == 10);
    let mut sent = 0;
    while bench.ms < EVIDENCE_EVERY_MS - 2 * HEARTBEAT_EVERY_MS {
        bench.put(appended(61));
        bench.wait();
        if bench.pending.is_some() {
            assert!(matches!(bench.asked(), Request::Heartbeat { .. }), "{:?}", bench.asked());
            bench.heartbeat_with(receipt(70), Place::Ahead, "b1");
            sent += 1;
        }
    }
    assert!(sent > 100);

    // A restart changes nothing, except that the centre is shown both histories once more.
    let mut again = Bench::new(Start { memory: kept, ..start(61, 50) });
    assert!(matches!(again.asked(), Request::Heartbeat { .. }));
    again.heartbeat_with(receipt(70), Place::Ahead, "b1");
    let (from, max) = again.batch_from();
    assert!(from <= 51 && from + max as u64 > 51);
    let answer = BatchAnswer::Fork { receipt: receipt(70), at_seq: 51 };
    again.batch_answered(span(from, 60), answer, Place::Other);
    assert!(again.pending.is_none());
    // Until a person decided for this history at the centre.
    again.wait();
    again.heartbeat(55);
    assert!(!again.plan.status().forked);
    assert_eq!(again.batch_from().0, 56);
}

#[test]
fn a_ledger_that_was_rolled_back_shows_itself_to_the_centre() {
    let mut bench = Bench::new(start(51, 50));
    bench.heartbeat_with(receipt(60), Place::Ahead, "b1");
    assert!(bench.plan.status().trouble.unwrap().contains("60"));
    let (from, max) = bench.batch_from();
    assert!(from <= 51 && from + max as u64 > 51, "the entry that differs must be among what is sent");
}
