//! Batches: exactly once, and every other history noticed.

use std::collections::BTreeMap;

use pingyi::centre::alarms::{self, AlarmKind};
use pingyi::centre::in_process::{Centre, Refused};
use pingyi::centre::ingest::audit::audit;
use pingyi::centre::ingest::batch::BatchFault;
use pingyi::centre::ingest::{segments, words};
use pingyi::centre::statistics::Book;
use pingyi::centre::statistics::fact::Fact;
use pingyi::domain::rating::{Channel, Satisfaction};
use pingyi::domain::time::{ClockGrade, WallMs};
use pingyi::domain::visit::VisitOutcome;
use pingyi::ledger::entry::{Body, Explained};
use pingyi::ledger::keys::Signature;
use pingyi::ledger::seal::{self, Words};
use pingyi::protocol::{BatchAnswer, BatchHead};

use super::terminal::{START, Terminal, hall};

pub fn centre_with(terminals: &[&Terminal]) -> Centre {
    let mut centre = Centre::in_memory(hall(), [9; 32]).unwrap();
    for t in terminals {
        let code = centre.enrol_code(&t.kiosk, &t.window, [t.secret[0]; 8], START).unwrap();
        centre.enrol(&t.enrol(&code), START).unwrap();
    }
    centre
}

/// The book summed up: visit and level with the number of times it stands there.
pub fn book(centre: &Centre) -> Vec<(i64, Option<u8>, String, String)> {
    let mut sums = BTreeMap::new();
    for (_, f) in Book::entries(centre.conn(), 0, 100_000).unwrap() {
        let reasons: Vec<&str> = f.reasons.iter().map(|r| r.as_str()).collect();
        let row = (f.visit.cast_signed(), f.level.map(|l| l.level()), f.channel.code().to_owned(), reasons.join(","));
        *sums.entry((row, f.wall, f.ledger)).or_insert(0) += i64::from(f.sign);
    }
    sums.into_iter().filter(|(_, n)| *n != 0).map(|((row, ..), _)| row).collect()
}

fn alarms_of(centre: &Centre) -> Vec<AlarmKind> {
    alarms::open(centre.conn(), 100).unwrap().into_iter().map(|a| a.kind).collect()
}

fn held(answer: BatchAnswer) -> u64 {
    match answer {
        BatchAnswer::Held { receipt } => receipt.seq,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_batch_is_held_counted_once_and_receipted() {
    let mut t = Terminal::new(1);
    t.serve(Satisfaction::Satisfied);
    let silent = t.open();
    t.close(silent, VisitOutcome::NoResponse);
    let unused = t.open();
    t.close(unused, VisitOutcome::Unused);
    let cancelled = t.open();
    t.close(cancelled, VisitOutcome::Cancelled);
    let mut centre = centre_with(&[&t]);
    for body in [t.batch(1, t.tip.seq), t.all_compressed(), t.batch(3, 5)] {
        let BatchAnswer::Held { receipt } = centre.ingest(&body, START).unwrap() else { panic!() };
        assert_eq!((receipt.seq, receipt.hash), (t.tip.seq, t.tip.hash));
        assert!(receipt.holds(&centre.keys().public()));
    }
    let rows = book(&centre);
    assert_eq!(rows.iter().map(|r| r.1).collect::<Vec<_>>(), [Some(4), None]);
    let stored = segments::read(centre.conn(), 1, 1, 99, 99).unwrap();
    assert_eq!(stored.len() as u64, t.tip.seq);
    assert!(stored.iter().zip(&t.entries).all(|(s, e)| s.1 == e.bytes && s.2 == e.hash));
}

#[test]
fn any_split_of_the_same_entries_gives_the_same_book() {
    let mut t = Terminal::new(1);
    for level in [5, 1, 3, 2, 4, 1] {
        let level = Satisfaction::from_level(level).unwrap();
        let visit = t.open();
        t.rate(visit, level);
        t.explain(visit, &["slow", "attitude"]);
        t.revise(visit, Satisfaction::BasicallySatisfied);
        t.explain(visit, &["queue"]);
        t.close(visit, VisitOutcome::Rated);
    }
    let n = t.tip.seq;
    let mut whole = centre_with(&[&t]);
    held(whole.ingest(&t.batch(1, n), t.now).unwrap());
    let expected = book(&whole);
    assert_eq!(expected.len(), 6);
    assert!(expected.iter().all(|r| r.1 == Some(3) && r.3 == "queue"));
    for step in 1..=n {
        let mut centre = centre_with(&[&t]);
        let mut from = 1;
        while from <= n {
            let to = (from + step - 1).min(n);
            held(centre.ingest(&t.batch(from, to), t.now).unwrap());
            // Once more, overlapping, and across a restart.
            held(centre.ingest(&t.batch(from.saturating_sub(2).max(1), to), t.now).unwrap());
            if from % 3 == 0 {
                centre.restart().unwrap();
            }
            from = to + 1;
        }
        assert_eq!(book(&centre), expected, "step {step}");
    }
}

#[test]
fn an_overlap_that_goes_on_is_cut_where_the_centre_stands() {
    let mut t = Terminal::new(1);
    for _ in 0..5 {
        t.serve(Satisfaction::VerySatisfied);
    }
    let mut centre = centre_with(&[&t]);
    assert_eq!(held(centre.ingest(&t.batch(1, 7), START).unwrap()), 7);
    let overlapping = zstd::bulk::compress(&t.batch(4, 12), 1).unwrap();
    assert_eq!(held(centre.ingest(&overlapping, START).unwrap()), 12);
    assert_eq!(held(centre.ingest(&t.batch(2, t.tip.seq), START).unwrap()), t.tip.seq);
    let stored = segments::read(centre.conn(), 1, 1, 99, 99).unwrap();
    assert!(stored.iter().map(|s| &s.1).eq(t.entries.iter().map(|e| &e.bytes)));
    assert_eq!(book(&centre).len(), 5);
}

#[test]
fn a_gap_is_answered_with_the_wanted_entry() {
    let mut t = Terminal::new(1);
    t.serve(Satisfaction::Satisfied);
    let mut centre = centre_with(&[&t]);
    let answer = centre.ingest(&t.batch(3, 4), START).unwrap();
    assert!(matches!(answer, BatchAnswer::Gap { next_seq: 1, receipt } if receipt.seq == 0));
    held(centre.ingest(&t.batch(1, 2), START).unwrap());
    assert!(matches!(centre.ingest(&t.batch(4, 4), START).unwrap(), BatchAnswer::Gap { next_seq: 3, .. }));
    assert_eq!(held(centre.ingest(&t.batch(3, 4), START).unwrap()), 4);
}

#[test]
fn another_history_is_kept_beside_the_held_one_and_raises_an_alarm() {
    let mut honest = Terminal::new(1);
    honest.serve(Satisfaction::VeryDissatisfied);
    let mut rolled_back = honest.clone();
    // The visit's opening is the same in both; the rating is not.
    let lost = honest.serve(Satisfaction::Dissatisfied) + 1;
    // The device's store was set back by one visit and went on.
    rolled_back.serve(Satisfaction::VerySatisfied);
    rolled_back.serve(Satisfaction::VerySatisfied);
    let mut centre = centre_with(&[&honest]);
    held(centre.ingest(&honest.batch(1, honest.tip.seq), START).unwrap());
    for from in [1, lost, lost + 1] {
        let answer = centre.ingest(&rolled_back.batch(from, rolled_back.tip.seq), START).unwrap();
        let BatchAnswer::Fork { at_seq, receipt } = answer else { panic!("{answer:?}") };
        assert_eq!(at_seq, lost);
        assert_eq!(receipt.seq, honest.tip.seq);
    }
    assert_eq!(alarms_of(&centre), [AlarmKind::Fork]);
    let forks: i64 = centre.conn().query_row("SELECT count(*) FROM fork", [], |r| r.get(0)).unwrap();
    assert_eq!(forks, 1, "the same other head is kept once");
    assert_eq!(book(&centre).iter().map(|r| r.1).collect::<Vec<_>>(), [Some(1), Some(2)]);
    // The held history may still go on.
    honest.serve(Satisfaction::Satisfied);
    assert_eq!(held(centre.ingest(&honest.batch(lost, honest.tip.seq), START).unwrap()), honest.tip.seq);
}

#[test]
fn what_no_device_signed_is_refused_whole() {
    let (mut t, mut other) = (Terminal::new(1), Terminal::new(2));
    t.serve(Satisfaction::Satisfied);
    other.serve(Satisfaction::VerySatisfied);
    let mut centre = centre_with(&[&t]);
    let n = t.tip.seq;
    let head = t.head(1, n);
    let edited = String::from_utf8(t.batch(1, n)).unwrap().replace("\"satisfied\"", "\"very_satisfied\"");
    let cut = t.batch_under(&head, 1, n - 1);
    let doubled = [t.batch(1, n), b"\n".to_vec(), t.entries[1].bytes.clone()].concat();
    let foreign_entries = other.batch_under(&BatchHead { count: head.count, ..head.clone() }, 1, n);
    let forged = BatchHead { signature: Signature([7; 64]), ..head.clone() };
    let other_wire = BatchHead { wire: 9, ..head.clone() };
    let nothing = BatchHead { count: 0, ..head.clone() };
    let too_many = BatchHead { count: 1_001, ..head.clone() };
    let other_prev = BatchHead { prev: head.head, ..head.clone() };
    type Check = fn(&BatchFault) -> bool;
    let cases: [(Vec<u8>, Check); 11] = [
        (edited.into_bytes(), |f| matches!(f, BatchFault::Chain)),
        (cut, |f| matches!(f, BatchFault::Count { .. })),
        (doubled, |f| matches!(f, BatchFault::Count { .. })),
        (foreign_entries, |f| matches!(f, BatchFault::Genesis(1))),
        (t.batch_under(&forged, 1, n), |f| matches!(f, BatchFault::Signature)),
        (t.batch_under(&other_wire, 1, n), |f| matches!(f, BatchFault::Wire(9))),
        (t.batch_under(&nothing, 1, n), |f| matches!(f, BatchFault::Count { .. })),
        (t.batch_under(&too_many, 1, n), |f| matches!(f, BatchFault::Count { .. })),
        (t.batch_under(&other_prev, 1, n), |f| matches!(f, BatchFault::Genesis(1))),
        (b"{}\n{}".to_vec(), |f| matches!(f, BatchFault::Head(_))),
        (zstd::bulk::compress(&vec![b' '; 64 << 20], 1).unwrap(), |f| matches!(f, BatchFault::TooLarge)),
    ];
    for (i, (body, check)) in cases.into_iter().enumerate() {
        match centre.ingest(&body, START) {
            Err(Refused::Batch(fault)) => assert!(check(&fault), "case {i}: {fault:?}"),
            other => panic!("case {i}: {other:?}"),
        }
    }
    assert!(matches!(centre.ingest(&other.batch(1, 2), START), Err(Refused::UnknownDevice)));
    assert_eq!(centre.conn().query_row("SELECT count(*) FROM segment", [], |r| r.get(0)), Ok(0_i64));
}

#[test]
fn a_restored_older_backup_takes_the_rest_again() {
    let mut t = Terminal::new(1);
    let first = t.serve(Satisfaction::Satisfied);
    let mut centre = centre_with(&[&t]);
    held(centre.ingest(&t.batch(1, t.tip.seq), START).unwrap());
    let backup = centre.backup().unwrap();
    t.serve(Satisfaction::Dissatisfied);
    held(centre.ingest(&t.batch(first, t.tip.seq), START).unwrap());
    t.serve(Satisfaction::VerySatisfied);
    centre.restore_from(&backup).unwrap();
    let BatchAnswer::Gap { next_seq, .. } = centre.ingest(&t.batch(8, t.tip.seq), START).unwrap() else { panic!() };
    assert_eq!(next_seq, 5);
    held(centre.ingest(&t.batch(next_seq, t.tip.seq), START).unwrap());
    assert_eq!(book(&centre).iter().map(|r| r.1).collect::<Vec<_>>(), [Some(4), Some(2), Some(5)]);
    assert!(alarms_of(&centre).is_empty());
}

#[test]
fn reasons_that_come_long_after_their_visit_was_settled_still_reach_the_book() {
    let mut t = Terminal::new(1);
    let early = t.serve(Satisfaction::Dissatisfied);
    let mut centre = centre_with(&[&t]);
    let send = |centre: &mut Centre, t: &Terminal, from: u64| {
        held(centre.ingest(&t.batch(from, t.tip.seq), t.now).unwrap());
        t.tip.seq + 1
    };
    let mut next = send(&mut centre, &t, 1);
    for _ in 0..4 {
        t.serve(Satisfaction::Satisfied);
        next = send(&mut centre, &t, next);
    }
    t.explain(early, &["slow"]);
    next = send(&mut centre, &t, next);
    t.serve(Satisfaction::Satisfied);
    t.serve(Satisfaction::Satisfied);
    next = send(&mut centre, &t, next);
    centre.restart().unwrap();
    t.revise(early, Satisfaction::VeryDissatisfied);
    t.explain(early, &["rude"]);
    next = send(&mut centre, &t, next);
    let row = book(&centre).into_iter().find(|r| r.0 == early as i64).unwrap();
    assert_eq!((row.1, row.3.as_str()), (Some(1), "rude"));
    assert_eq!(book(&centre).len(), 7);
    // An entry about a visit that never was is kept and shown to a person.
    t.explain(next + 500, &["slow"]);
    send(&mut centre, &t, next);
    assert_eq!(alarms_of(&centre), [AlarmKind::AstrayEntry]);
}

#[test]
fn sealed_words_stand_beside_the_chain_and_only_those_it_commits_to() {
    let mut t = Terminal::new(1);
    let visit = t.serve(Satisfaction::Dissatisfied);
    let mut centre = centre_with(&[&t]);
    let context = seal::context(&t.tip.device, 1, visit);
    let plain = Words { text: Some("等了很久".into()), contact: None };
    let sealed = seal::seal(&plain, &centre.keys().seal_key(), &context).unwrap();
    let seq = t.add(Body::Explained(Explained { visit, reasons: vec![], sealed: Some(seal::commitment(&sealed)) }));
    let wrong = t.batch_with_words(1, seq, vec![(seq, b"other".to_vec())]);
    assert!(matches!(centre.ingest(&wrong, START), Err(Refused::Batch(BatchFault::Sealed(_)))));
    let right = zstd::bulk::compress(&t.batch_with_words(1, seq, vec![(seq, sealed.clone())]), 1).unwrap();
    held(centre.ingest(&right, START).unwrap());
    assert_eq!(words::of_visit(centre.conn(), 1, visit).unwrap(), [(Channel::Kiosk, sealed.clone())]);
    assert_eq!(centre.keys().opening.open(&sealed, &context), Ok(plain));
    // The segment does not hold them a second time: erasing the row erases the words.
    let text = data_encoding::BASE64.encode(&sealed);
    let segment = segments::last(centre.conn(), 1).unwrap().unwrap();
    assert!(!String::from_utf8(segment.lines().unwrap()).unwrap().contains(&text));
    assert_ne!(segment.packed.codec, pingyi::centre::ingest::batch::Codec::Sent);
}

#[test]
fn times_are_corrected_by_the_anchor_and_impossible_ones_only_bracketed() {
    let mut t = Terminal::new(1);
    // The clock is ten years behind; then the centre's time is seen.
    t.now = WallMs(START.0 - 315_576_000_000);
    t.serve(Satisfaction::Satisfied);
    let anchor = t.now;
    t.add(Body::ClockAnchor { centre_ms: START.0, round_trip_ms: 20 });
    t.serve(Satisfaction::Dissatisfied);
    let mut centre = centre_with(&[&t]);
    held(centre.ingest(&t.batch(1, t.tip.seq), START.plus_ms(60_000)).unwrap());
    let mut facts: Vec<Fact> = Book::entries(centre.conn(), 0, 10).unwrap().into_iter().map(|(_, f)| f).collect();
    facts.sort_by_key(|f| f.visit);
    let facts: Vec<(i64, String)> = facts.iter().map(|f| (f.wall.0, f.grade.code().to_owned())).collect();
    assert_eq!(facts[0], (START.0 + 60_000, ClockGrade::C.code().to_owned()));
    assert_eq!(facts[1], (START.0 + 2_000, ClockGrade::A.code().to_owned()), "anchor at {anchor:?}");
}

#[test]
fn a_new_epoch_of_the_same_device_is_taken_and_shown() {
    let mut t = Terminal::new(1);
    t.serve(Satisfaction::Satisfied);
    let mut centre = centre_with(&[&t]);
    held(centre.ingest(&t.batch(1, t.tip.seq), START).unwrap());
    t.next_epoch();
    t.serve(Satisfaction::VerySatisfied);
    held(centre.ingest(&t.batch(1, t.tip.seq), START).unwrap());
    assert_eq!(alarms_of(&centre), [AlarmKind::NewEpoch]);
    assert_eq!(book(&centre).len(), 2);
}

#[test]
fn the_audit_finds_what_was_changed_at_the_centre_itself() {
    let mut t = Terminal::new(1);
    for _ in 0..6 {
        t.serve(Satisfaction::Dissatisfied);
    }
    let mut centre = centre_with(&[&t]);
    for (from, to) in [(1, 6), (7, 12), (13, t.tip.seq)] {
        held(centre.ingest(&t.batch(from, to), START).unwrap());
    }
    let clean = audit(centre.conn()).unwrap();
    assert_eq!((clean.ledgers, clean.entries, clean.visits, clean.findings.len()), (1, t.tip.seq, 6, 0));
    let backup = centre.backup().unwrap();
    let tamperings = [
        ("UPDATE segment SET body = CAST(replace(CAST(body AS TEXT), 'dissatisfied', 'satisfied') AS BLOB), codec = 0", 1),
        ("DELETE FROM segment WHERE first_seq = 7", 7),
        ("UPDATE segment SET signature = zeroblob(64) WHERE first_seq = 7", 12),
        ("UPDATE segment SET head = zeroblob(32) WHERE first_seq = 7", 7),
        ("UPDATE segment SET carry = 'x' WHERE first_seq = 7", 7),
        ("UPDATE fact SET level = 5 WHERE visit = 8", 8),
        ("DELETE FROM fact WHERE visit = 8", 8),
        ("INSERT INTO fact SELECT id + 100, ledger, visit, sign, wall, slot, grade, hall, service_window, staff, item,
            channel, level, flagged, sample, reasons FROM fact WHERE visit = 8", 8),
    ];
    for (sql, seq) in tamperings {
        centre.restore_from(&backup).unwrap();
        // Plain text in the first case: the bodies were compressed.
        if sql.contains("replace") {
            let plain = t.entries[..6].iter().flat_map(|e| [&e.bytes[..], b"\n"].concat()).collect::<Vec<u8>>();
            centre.conn().execute("UPDATE segment SET body = ?1, codec = 0 WHERE first_seq = 1", [plain]).unwrap();
            assert!(audit(centre.conn()).unwrap().findings.is_empty());
        }
        centre
            .conn()
            .execute(&format!("{sql}{}", if sql.contains("replace") { " WHERE first_seq = 1" } else { "" }), [])
            .unwrap();
        let findings = audit(centre.conn()).unwrap().findings;
        assert!(findings.iter().any(|f| f.seq == seq), "{sql}: {findings:?}");
    }
}
