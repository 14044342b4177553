//! Boards, photos, clocks and closed epochs.

use super::*;

#[test]
fn a_new_board_is_fetched_within_one_heartbeat_and_then_its_photos() {
    let mut bench = Bench::new(start(5, 5));
    bench.heartbeat(5);
    let waited = bench.wait();
    assert!(waited <= HEARTBEAT_EVERY_MS);
    bench.heartbeat_with(receipt(5), Place::Ours, "b2");
    assert_eq!(bench.asked(), Request::Board { held: Some("b1".into()) });
    bench.answer(Answer::Board { etag: "b2".into() });
    bench.put(Event::BoardHeld { etag: "b2".into(), photos: vec!["a.png".into(), "b.png".into()] });
    assert_eq!(bench.asked(), Request::Photo { name: "a.png".into() });
    // One that is not there holds up nothing.
    bench.fail(Failure::Refused { status: 404, code: "no_photo".into(), message: String::new() });
    assert_eq!(bench.asked(), Request::Photo { name: "b.png".into() });
    bench.answer(Answer::Photo);
    assert!(bench.pending.is_none());
}

#[test]
fn a_board_that_is_not_fit_is_not_fetched_again_until_it_changes() {
    let mut bench = Bench::new(start(5, 5));
    bench.heartbeat_with(receipt(5), Place::Ours, "b2");
    bench.answer(Answer::Board { etag: "b2".into() });
    bench.put(Event::BoardRefused { etag: "b2".into(), why: "no window".into() });
    assert!(bench.plan.status().trouble.unwrap().contains("no window"));
    bench.wait();
    bench.heartbeat_with(receipt(5), Place::Ours, "b2");
    assert!(bench.pending.is_none());
    assert!(bench.plan.status().trouble.is_some(), "the trouble lasts as long as the board does");
    bench.wait();
    bench.heartbeat_with(receipt(5), Place::Ours, "b3");
    assert!(matches!(bench.asked(), Request::Board { .. }));
}

#[test]
fn late_answers_to_abandoned_requests_change_nothing() {
    let mut bench = Bench::new(start(5, 0));
    bench.heartbeat(0);
    let (old, _) = bench.pending.clone().unwrap();
    bench.fail(Failure::Unreachable("timed out".into()));
    let answer = BatchAnswer::Held { receipt: receipt(5) };
    let answer = Answer::Batch { sent: span(1, 5), answer, place: Place::Ours };
    bench.put(Event::Answered { request: old, answer, round_trip_ms: 90_000 });
    assert_eq!(bench.plan.unsynced(), 5);
}

#[test]
fn an_unknown_device_says_so_goes_on_asking_slowly_and_sends_nothing_else() {
    let mut bench = Bench::new(start(9, 5));
    for _ in 0..5 {
        assert!(matches!(bench.asked(), Request::Heartbeat { .. }));
        bench.fail(Failure::Refused { status: 401, code: "unknown_device".into(), message: "x".into() });
        assert!(!bench.plan.status().enrolled);
        assert!(bench.wait() >= REFUSED_WAIT_MS);
    }
    bench.heartbeat(5);
    assert!(bench.plan.status().enrolled);
    assert_eq!(bench.batch_from().0, 6);
}

#[test]
fn the_centres_clock_is_handed_on_unless_the_answer_took_too_long() {
    let mut bench = Bench::new(start(5, 5));
    bench.heartbeat(5);
    let seen = |b: &Bench| b.steps.contains(&Step::AnchorClock { centre_ms: T, round_trip_ms: 40 });
    assert!(seen(&bench));
    bench.wait();
    let (request, _) = bench.pending.take().unwrap();
    let answer = HeartbeatAnswer { server_ms: T, board: "b1".into(), receipt: receipt(5), phone_url: "u".into() };
    let answer = Answer::Heartbeat { answer, place: Place::Ours };
    bench.put(Event::Answered { request, answer, round_trip_ms: 20_000 });
    assert!(!bench.steps.iter().any(|s| matches!(s, Step::AnchorClock { .. })));
    assert!(bench.steps.contains(&Step::HoldPhoneUrl("u".into())));
}

/// A ledger of the closed epoch 1 and the present epoch 2.
fn two_epochs(held_1: u64, held_2: u64) -> Start {
    let known = |epoch, last_seq, held_seq| Known { epoch, last_seq, held_seq };
    Start { ledgers: vec![known(1, 40, held_1), known(2, 9, held_2)], ..start(0, 0) }
}

fn receipt_of(epoch: u32, seq: u64) -> Receipt {
    Receipt::sign(&Head { epoch, ..head(seq) }, T, &centre())
}

impl Bench {
    fn batch(&self) -> (u32, u64, usize) {
        match self.asked() {
            Request::Batch { epoch, from_seq, max_entries, .. } => (epoch, from_seq, max_entries),
            other => panic!("{other:?}"),
        }
    }

    fn held_of(&mut self, epoch: u32, first: u64, last: u64, receipt_seq: u64) {
        let receipt = receipt_of(epoch, receipt_seq);
        let answer = if receipt_seq < first {
            BatchAnswer::Gap { receipt, next_seq: receipt_seq + 1 }
        } else {
            BatchAnswer::Held { receipt }
        };
        self.batch_answered(Span { epoch, first, last }, answer, Place::Ours);
    }
}

#[test]
fn a_closed_epoch_is_sent_before_the_present_one_and_probed_once_a_boot() {
    let mut bench = Bench::new(two_epochs(40, 9));
    bench.heartbeat_with(receipt_of(2, 9), Place::Ours, "b1");
    // The centre may have lost the closed epoch while the kiosk was off: its end is shown once.
    assert_eq!(bench.batch(), (1, 40, 1));
    bench.held_of(1, 40, 40, 20);
    assert_eq!(bench.batch(), (1, 21, MAX_BATCH_ENTRIES));
    bench.held_of(1, 21, 40, 40);
    assert!(bench.pending.is_none());
    assert_eq!(bench.plan.unsynced(), 0);

    // And again when a receipt shows that the centre was restored.
    bench.wait();
    bench.heartbeat_with(receipt_of(2, 3), Place::Ours, "b1");
    assert_eq!(bench.batch(), (1, 40, 1));
    bench.held_of(1, 40, 40, 40);
    assert_eq!(bench.batch(), (2, 4, MAX_BATCH_ENTRIES));
}

#[test]
fn a_closed_epoch_of_which_the_centre_has_more_is_done() {
    let mut bench = Bench::new(two_epochs(30, 9));
    bench.heartbeat_with(receipt_of(2, 9), Place::Ours, "b1");
    let answer = BatchAnswer::Held { receipt: receipt_of(1, 55) };
    bench.batch_answered(Span { epoch: 1, first: 40, last: 40 }, answer, Place::Ahead);
    assert!(bench.pending.is_none() && bench.plan.status().trouble.is_none());
    assert_eq!(bench.plan.unsynced(), 0);
}

#[test]
fn a_forked_or_pruned_epoch_does_not_hold_up_the_next() {
    let mut bench = Bench::new(two_epochs(30, 0));
    bench.heartbeat_with(receipt_of(2, 0), Place::Ours, "b1");
    let answer = BatchAnswer::Fork { receipt: receipt_of(1, 55), at_seq: 31 };
    bench.batch_answered(Span { epoch: 1, first: 40, last: 40 }, answer, Place::Ahead);
    assert_eq!(bench.batch(), (2, 1, MAX_BATCH_ENTRIES));

    let mut bench = Bench::new(two_epochs(30, 0));
    bench.heartbeat_with(receipt_of(2, 0), Place::Ours, "b1");
    let request = bench.pending.take().unwrap().0;
    bench.put(Event::NothingToSend { request });
    assert_eq!(bench.batch(), (2, 1, MAX_BATCH_ENTRIES));
}

#[test]
fn a_receipt_of_another_epoch_than_was_sent_is_refused() {
    let mut bench = Bench::new(two_epochs(30, 0));
    bench.heartbeat_with(receipt_of(2, 0), Place::Ours, "b1");
    let answer = BatchAnswer::Held { receipt: receipt_of(2, 9) };
    bench.batch_answered(Span { epoch: 1, first: 40, last: 40 }, answer, Place::Ours);
    assert_eq!(bench.plan.unsynced(), 19);
    assert!(bench.plan.status().trouble.is_some());
}

#[test]
fn a_heartbeat_or_board_that_always_fails_holds_up_no_entries() {
    for with_board in [false, true] {
        let mut bench = Bench::new(start(2_500, 0));
        if with_board {
            bench.heartbeat_with(receipt(0), Place::Ours, "never served");
        }
        let mut sent = 0;
        for _ in 0..12 {
            match bench.asked() {
                Request::Batch { from_seq, .. } => {
                    let last = (from_seq + 999).min(2_500);
                    bench.held(from_seq, last);
                    sent = last;
                }
                _ => {
                    bench.fail(Failure::Busy { retry_after_ms: None, status: 500 });
                    bench.wait();
                }
            }
            if sent == 2_500 {
                break;
            }
        }
        assert_eq!(sent, 2_500, "with board: {with_board}");
    }
}
