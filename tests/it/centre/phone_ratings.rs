//! Ratings by phone: one of a visit counts, whichever came first.

use pingyi::centre::alarms::{self, AlarmKind};
use pingyi::centre::ingest::by_phone::{PhoneOutcome, PhoneRating};
use pingyi::domain::id::TagCode;
use pingyi::domain::rating::{Satisfaction, Signals};
use pingyi::domain::visit::VisitOutcome;

use super::ingest::{book, centre_with};
use super::terminal::{START, Terminal};

fn by_phone(t: &Terminal, visit: u64, nonce: u8, level: Option<Satisfaction>) -> PhoneRating {
    PhoneRating {
        device: t.tip.device,
        epoch: t.tip.epoch,
        visit,
        nonce: [nonce; 16],
        rated_at_kiosk: false,
        level,
        reasons: vec![TagCode::new("slow").unwrap()],
        signals: Signals::NONE,
        sealed: None,
    }
}

#[test]
fn the_second_rating_of_a_visit_is_kept_and_not_counted() {
    let mut t = Terminal::new(1);
    let visit = t.serve(Satisfaction::VerySatisfied);
    let mut centre = centre_with(&[&t]);
    centre.ingest(&t.batch(1, t.tip.seq), START).unwrap();
    let rating = by_phone(&t, visit, 1, Some(Satisfaction::Dissatisfied));
    assert_eq!(centre.rate_by_phone(&rating, START).unwrap(), PhoneOutcome::Second);
    assert_eq!(centre.rate_by_phone(&rating, START).unwrap(), PhoneOutcome::Second);
    assert_eq!(book(&centre), [(visit as i64, Some(5), "kiosk".into(), String::new())]);
    let kept: (i64, u8) = centre
        .conn()
        .query_row("SELECT count(*), max(level) FROM phone_rating", [], |r| Ok((r.get(0)?, r.get(1)?)))
        .unwrap();
    assert_eq!(kept, (1, 2));
}

#[test]
fn a_visit_that_nobody_rated_at_the_kiosk_takes_the_phones_rating_also_long_after() {
    let mut t = Terminal::new(1);
    let silent = t.open();
    t.close(silent, VisitOutcome::NoResponse);
    let mut centre = centre_with(&[&t]);
    centre.ingest(&t.batch(1, t.tip.seq), START).unwrap();
    assert_eq!(book(&centre)[0].1, None);
    for _ in 0..5 {
        let from = t.tip.seq + 1;
        t.serve(Satisfaction::Satisfied);
        centre.ingest(&t.batch(from, t.tip.seq), t.now).unwrap();
    }
    let rating = by_phone(&t, silent, 1, Some(Satisfaction::Dissatisfied));
    assert_eq!(centre.rate_by_phone(&rating, t.now).unwrap(), PhoneOutcome::Counted { pending: false });
    let other = by_phone(&t, silent, 2, Some(Satisfaction::VerySatisfied));
    assert_eq!(centre.rate_by_phone(&other, t.now).unwrap(), PhoneOutcome::Second);
    let rows = book(&centre);
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[0], (silent as i64, Some(2), "phone".into(), "slow".into()));
}

#[test]
fn a_rating_may_come_before_the_offline_kiosks_entries_and_then_counts_first() {
    let mut t = Terminal::new(1);
    let visit = t.open();
    let mut centre = centre_with(&[&t]);
    let rating = by_phone(&t, visit, 1, Some(Satisfaction::VeryDissatisfied));
    assert_eq!(centre.rate_by_phone(&rating, START).unwrap(), PhoneOutcome::Counted { pending: true });
    assert_eq!(centre.rate_by_phone(&rating, START).unwrap(), PhoneOutcome::Counted { pending: true });
    assert!(book(&centre).is_empty());
    centre.restart().unwrap();
    t.rate(visit, Satisfaction::VerySatisfied);
    t.close(visit, VisitOutcome::Rated);
    t.serve(Satisfaction::Satisfied);
    t.serve(Satisfaction::Satisfied);
    for seq in 1..=t.tip.seq {
        centre.ingest(&t.batch(seq, seq), t.now).unwrap();
    }
    let rows = book(&centre);
    assert_eq!(rows.len(), 3);
    assert_eq!((rows[0].1, rows[0].2.as_str()), (Some(1), "phone"));
    assert!(alarms::open(centre.conn(), 9).unwrap().is_empty());
}

#[test]
fn a_phone_before_the_tap_while_the_visit_is_open_counts_and_the_tap_does_not() {
    let mut t = Terminal::new(1);
    let visit = t.open();
    let mut centre = centre_with(&[&t]);
    centre.ingest(&t.batch(1, t.tip.seq), START).unwrap();
    let rating = by_phone(&t, visit, 1, Some(Satisfaction::Satisfied));
    assert_eq!(centre.rate_by_phone(&rating, START).unwrap(), PhoneOutcome::Counted { pending: false });
    t.rate(visit, Satisfaction::Dissatisfied);
    t.close(visit, VisitOutcome::Rated);
    centre.ingest(&t.batch(visit + 1, t.tip.seq), t.now).unwrap();
    assert_eq!(book(&centre), [(visit as i64, Some(4), "phone".into(), "slow".into())]);
}

#[test]
fn words_alone_count_nothing_and_there_is_an_end_to_them() {
    let mut t = Terminal::new(1);
    let visit = t.serve(Satisfaction::Satisfied);
    let mut centre = centre_with(&[&t]);
    centre.ingest(&t.batch(1, t.tip.seq), START).unwrap();
    let outcomes: Vec<_> = (0..10)
        .map(|i| {
            let words = PhoneRating { sealed: Some(vec![i; 300]), ..by_phone(&t, visit, i, None) };
            centre.rate_by_phone(&words, START).unwrap()
        })
        .collect();
    assert_eq!(outcomes[0], PhoneOutcome::WordsKept);
    assert_eq!(outcomes[9], PhoneOutcome::TooMany);
    assert_eq!(book(&centre).len(), 1);
}

#[test]
fn a_ticket_for_a_visit_that_the_ledger_does_not_have_is_an_alarm() {
    let mut t = Terminal::new(1);
    let visit = t.serve(Satisfaction::Satisfied);
    let mut centre = centre_with(&[&t]);
    // Signed for a place at which the ledger then holds something else.
    let rating = by_phone(&t, visit + 1, 1, Some(Satisfaction::Dissatisfied));
    centre.rate_by_phone(&rating, START).unwrap();
    centre.ingest(&t.batch(1, t.tip.seq), START).unwrap();
    assert_eq!(alarms::open(centre.conn(), 9).unwrap()[0].kind, AlarmKind::LostTail);
    let rating = by_phone(&t, visit + 2, 1, Some(Satisfaction::Dissatisfied));
    assert_eq!(centre.rate_by_phone(&rating, START).unwrap(), PhoneOutcome::UnknownVisit);
    assert_eq!(book(&centre).len(), 1);
}
