//! The ten attacks on a ledger, each with the verdict that it must get: from `verify` on the kiosk's own file where the
//! file shows it, else from the centre, which holds witnesses that the attacker does not.
//!
//! The attacker here owns the kiosk's disk: reads and writes `ledger.db` and every file beside it. What needs the device
//! key as well is marked so.

mod bench;

use pingyi::centre::alarms::AlarmKind;
use pingyi::ledger::verify::Break;
use pingyi::protocol::BatchAnswer;

use bench::Bench;

/// One attack and what `verify` must say of it.
struct Attack {
    name: &'static str,
    commit: fn(&mut Bench),
    found: fn(&Break) -> bool,
}

const SHOWN_BY_THE_FILE: &[Attack] = &[
    Attack {
        name: "edit",
        commit: |b| {
            b.sql("UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'very_dissatisfied', 'very_satisfied') AS BLOB) WHERE seq = 8")
        },
        found: |f| *f == Break::Changed { seq: 8 },
    },
    Attack {
        name: "edit with its hash and all hashes after it",
        commit: |b| b.rehash_from(8, "very_dissatisfied", "very_satisfied"),
        found: |f| *f == Break::NotSigned { seq: 8 },
    },
    Attack {
        name: "delete in the middle",
        commit: |b| b.sql("DELETE FROM entry WHERE seq = 9"),
        found: |f| *f == Break::Missing { after: 8, before: 10 },
    },
    Attack {
        name: "delete in the middle and close the gap",
        commit: |b| {
            b.sql("DELETE FROM entry WHERE seq = 9");
            b.sql("UPDATE entry SET seq = seq - 1 WHERE seq > 9");
        },
        found: |f| *f == Break::Changed { seq: 9 },
    },
    Attack {
        name: "delete the acknowledged tail",
        commit: |b| b.sql("DELETE FROM entry WHERE seq > 10"),
        found: |f| matches!(f, Break::EndCutOff { known: 12, last: 10 }),
    },
    Attack {
        name: "delete the head and call it pruned",
        commit: |b| {
            b.sql("DELETE FROM receipt");
            b.sql("UPDATE epoch SET pruned_seq = 9, pruned_hash = (SELECT hash FROM entry WHERE seq = 9)");
            b.sql("DELETE FROM entry WHERE seq <= 9");
        },
        found: |f| *f == Break::PrunedUncovered { pruned: 9, receipt: 0 },
    },
    Attack {
        name: "insert",
        commit: |b| {
            b.sql("UPDATE entry SET seq = -seq - 1 WHERE seq > 9");
            b.sql("UPDATE entry SET seq = -seq WHERE seq < 0");
            b.sql("INSERT INTO entry SELECT epoch, 10, bytes, hash, signature FROM entry WHERE seq = 5");
        },
        found: |f| *f == Break::Moved { seq: 10, says: 5 },
    },
    Attack {
        name: "reorder",
        commit: |b| {
            b.sql("UPDATE entry SET seq = 0 WHERE seq = 8");
            b.sql("UPDATE entry SET seq = 8 WHERE seq = 9");
            b.sql("UPDATE entry SET seq = 9 WHERE seq = 0");
        },
        found: |f| *f == Break::Changed { seq: 8 },
    },
    Attack {
        name: "replay another device's entries",
        commit: |b| b.replay_entries_of_another_device(),
        found: |f| *f == Break::NotSigned { seq: 7 },
    },
    Attack {
        name: "another device's whole ledger",
        commit: |b| b.put_another_ledger_in_its_place(),
        found: |f| matches!(f, Break::OtherDevice { .. }),
    },
    Attack {
        name: "a foreign key signs an entry",
        commit: |b| b.append_with_a_foreign_key(),
        found: |f| matches!(f, Break::NotSigned { .. }),
    },
    Attack {
        name: "a receipt of one's own making",
        commit: |b| b.sql("UPDATE receipt SET seq = seq + 1000"),
        found: |f| matches!(f, Break::ReceiptNotSigned { .. }),
    },
    Attack {
        name: "other words beside an entry",
        commit: |b| b.sql("INSERT INTO words VALUES (1, 9, x'00')"),
        found: |f| *f == Break::OtherWords { seq: 9 },
    },
    Attack {
        name: "rate twice for one visit, with the device key",
        commit: |b| b.rate_again_with_the_device_key(),
        found: |f| matches!(f, Break::OutOfOrder { .. }),
    },
];

#[test]
fn what_nobody_touched_holds() {
    let bench = Bench::new();
    for epoch in bench.verify() {
        assert!(epoch.holds(), "{:?}", epoch.breaks);
        assert_eq!((epoch.ratings, epoch.receipt_seq), (4, 12));
    }
    assert!(bench.says("Verdict: it holds", true));
}

#[test]
fn a_ledger_that_was_pruned_by_receipt_holds() {
    let mut bench = Bench::new();
    let pruned = bench.reopen().prune(0).unwrap();
    assert_eq!(pruned, 11);
    let reports = bench.verify();
    assert!(reports.iter().all(|e| e.holds()), "{reports:?}");
    assert_eq!((reports[0].pruned_seq, reports[0].first_seq), (11, 12));
}

#[test]
fn each_attack_on_the_file_gets_its_verdict() {
    for attack in SHOWN_BY_THE_FILE {
        let mut bench = Bench::new();
        (attack.commit)(&mut bench);
        let breaks: Vec<_> = bench.verify().into_iter().flat_map(|e| e.breaks).collect();
        assert!(breaks.iter().any(attack.found), "{}: {breaks:?}", attack.name);
        assert!(bench.says("do not hold", false), "{}", attack.name);
    }
}

#[test]
fn the_verdict_stands_also_for_a_copy_and_beside_a_running_kiosk() {
    let mut bench = Bench::new();
    let journal = bench.reopen();
    assert!(bench.says("Verdict: it holds", true));
    drop(journal);
    bench.move_away();
    assert!(bench.says("Verdict: it holds", true));
    bench.sql("DELETE FROM entry WHERE seq = 5");
    assert!(bench.says("do not hold", false));
}

#[test]
fn an_acknowledged_tail_that_is_gone_with_all_its_witnesses_is_missed_by_the_centre() {
    let mut bench = Bench::new();
    bench.sql("DELETE FROM receipt");
    bench.sql("DELETE FROM entry WHERE seq > 10");
    bench.remove("ledger.mark");
    // Nothing on the kiosk can show it any more …
    assert!(bench.verify().iter().all(|e| e.holds()));
    // … but the next entries are another history at a place that the centre holds.
    bench.serve();
    assert!(matches!(bench.send_all(), BatchAnswer::Fork { at_seq: 11, .. }));
    assert_eq!(bench.alarms(), [AlarmKind::Fork]);
}

#[test]
fn rolling_back_and_going_on_is_noticed_by_the_mark_or_by_the_centre() {
    for keeps_the_mark in [true, false] {
        let mut bench = Bench::new();
        let old = bench.copy();
        bench.serve();
        assert!(matches!(bench.send_all(), BatchAnswer::Held { .. }));
        bench.restore(&old);
        if keeps_the_mark {
            // An honest restore from a backup: the kiosk goes on in a new epoch and says so itself.
            bench.serve();
            assert!(matches!(bench.send_all(), BatchAnswer::Held { receipt } if receipt.epoch == 2));
            assert!(bench.alarms().contains(&AlarmKind::NewEpoch), "{:?}", bench.alarms());
            let broken: Vec<_> = bench.verify().into_iter().flat_map(|e| e.breaks).collect();
            assert!(broken.iter().any(|b| matches!(b, Break::NotFollowed { .. })), "{broken:?}");
        } else {
            bench.remove("ledger.mark");
            bench.serve();
            assert!(matches!(bench.send_all(), BatchAnswer::Fork { .. }));
            assert_eq!(bench.alarms(), [AlarmKind::Fork]);
        }
    }
}

#[test]
fn a_fork_is_kept_and_alarmed_and_takes_nothing_back() {
    let mut bench = Bench::new();
    let old = bench.copy();
    bench.serve();
    bench.send_all();
    let counted = bench.ratings_at_the_centre();
    bench.restore(&old);
    bench.remove("ledger.mark");
    bench.serve();
    bench.serve();
    assert!(matches!(bench.send_all(), BatchAnswer::Fork { .. }));
    assert_eq!(bench.ratings_at_the_centre(), counted);
    assert_eq!(bench.alarms(), [AlarmKind::Fork]);
}

#[test]
fn a_reinstalled_kiosk_is_another_device_and_leaves_the_old_ledger_unclosed() {
    let mut bench = Bench::new();
    bench.reinstall();
    assert!(bench.verify().iter().all(|e| e.holds()), "by itself it is a good ledger");
    bench.enrol_again();
    assert!(bench.alarms().contains(&AlarmKind::ReplacedDevice), "{:?}", bench.alarms());
    bench.serve();
    assert!(matches!(bench.send_all(), BatchAnswer::Held { .. }));
    assert_eq!(bench.ratings_at_the_centre(), 4);
}

#[test]
fn a_foreign_key_is_not_let_in() {
    let mut bench = Bench::new();
    bench.reinstall();
    let refused = bench.try_send_all().unwrap_err();
    assert!(refused.to_string().contains("not enrolled"), "{refused}");
    assert_eq!(bench.ratings_at_the_centre(), 3);
}
