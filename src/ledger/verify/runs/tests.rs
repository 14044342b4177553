//! Every way in which a held run can be wrong, and the verdict that it must get.

use super::*;
use crate::domain::id::{KioskId, WindowId};
use crate::domain::time::ClockGrade;
use crate::ledger::chain::{Signed, origin};
use crate::ledger::entry::{Body, ENTRY_VERSION, Entry, Genesis};
use crate::ledger::keys::DeviceKey;
use crate::ledger::verify::{EpochStart, StoredReceipt};

const RUN: usize = 4;

fn key() -> DeviceKey {
    DeviceKey::from_secret(&[3; 32])
}

/// A ledger of `count` entries; from `split` on another history.
fn ledger(count: u64, split: u64) -> Vec<Signed> {
    let (key, mut tip) = (key(), Tip::start(key().device(), 1));
    let genesis = Body::Genesis(Genesis {
        device: key.device(),
        epoch: 1,
        public_key: key.public(),
        kiosk: KioskId::new("K01").unwrap(),
        window: WindowId::new("W01").unwrap(),
        follows: None,
    });
    (1..=count)
        .map(|seq| {
            let free_disk_mb = if seq >= split { 7 } else { 900 };
            let body = if seq == 1 { genesis.clone() } else { Body::Heartbeat { free_disk_mb, unsynced: seq } };
            let entry =
                Entry { v: ENTRY_VERSION, seq: 0, boot: 1, mono_ms: seq, wall_ms: 1, clock: ClockGrade::B, body };
            tip.append(entry, &key).unwrap()
        })
        .collect()
}

/// A run as it is held, before it is borrowed.
#[derive(Clone)]
struct Held {
    first_seq: u64,
    prev: Hash,
    head: Hash,
    signature: Signature,
    entries: Vec<Vec<u8>>,
}

fn held(entries: &[Signed], from: usize, to: usize) -> Held {
    let prev = if from == 0 { origin(key().device(), 1) } else { entries[from - 1].hash };
    let last = &entries[to - 1];
    let bytes = entries[from..to].iter().map(|e| e.bytes.clone()).collect();
    Held { first_seq: from as u64 + 1, prev, head: last.hash, signature: last.signature, entries: bytes }
}

fn runs(entries: &[Signed]) -> Vec<Held> {
    (0..entries.len()).step_by(RUN).map(|from| held(entries, from, (from + RUN).min(entries.len()))).collect()
}

fn with_run<T>(held: &Held, then: impl FnOnce(Run<'_>) -> T) -> T {
    let entries: Vec<&[u8]> = held.entries.iter().map(Vec::as_slice).collect();
    then(Run {
        first_seq: held.first_seq,
        last_seq: held.first_seq + held.entries.len() as u64 - 1,
        prev: held.prev,
        head: held.head,
        signature: held.signature,
        entries: &entries,
    })
}

fn walked(runs: &[Held], fork: Option<(u64, &Held, Option<ForkVerdict>)>) -> Kept {
    let start =
        EpochStart { epoch: 1, public_key: key().public(), pruned_seq: 0, pruned_hash: origin(key().device(), 1) };
    let mut verifier = Verifier::new(&start, Some(key().device()));
    for run in runs {
        with_run(run, |run| verifier.take_run(&run));
    }
    if let Some((at_seq, held, verdict)) = fork {
        with_run(held, |run| verifier.fork(&KeptFork { at_seq, run, verdict }));
    }
    let (report, hashes) = verifier.finish_with_hashes();
    Kept { report, hashes }
}

#[test]
fn what_the_device_signed_holds_however_it_was_cut() {
    let entries = ledger(11, 99);
    let kept = walked(&runs(&entries), None);
    assert!(kept.report.holds(), "{:?}", kept.report.breaks);
    assert_eq!((kept.report.entries, kept.report.last_seq, kept.report.last_hash), (11, 11, entries[10].hash));
    assert!(kept.hashes.iter().eq(entries.iter().map(|e| &e.hash)));
}

#[test]
fn each_break_is_found_where_it_is() {
    let entries = ledger(11, 99);
    let changed = |change: &dyn Fn(&mut Vec<Held>)| {
        let mut all = runs(&entries);
        change(&mut all);
        walked(&all, None).report.breaks
    };
    let edited = changed(&|all| {
        let text = String::from_utf8(all[1].entries[2].clone()).unwrap();
        all[1].entries[2] = text.replace("900", "901").into_bytes();
    });
    assert_eq!(edited, [Break::RunChanged { first: 5, last: 8 }]);
    assert_eq!(changed(&|all| drop(all.remove(1))), [Break::Missing { after: 4, before: 9 }]);
    let dropped = changed(&|all| drop(all[1].entries.pop()));
    assert!(dropped.contains(&Break::RunChanged { first: 5, last: 7 }), "{dropped:?}");
    let forged = changed(&|all| all[1].signature = all[0].signature);
    assert_eq!(forged, [Break::NotSigned { seq: 8 }]);
    let joined = changed(&|all| all[1].prev = Hash([9; 32]));
    assert!(joined.contains(&Break::NotJoined { seq: 5 }) && joined.len() == 2, "{joined:?}");
    let twice = changed(&|all| {
        let again = all[0].clone();
        all.insert(1, again);
    });
    assert_eq!(twice, [Break::Moved { seq: 5, says: 1 }]);
    let swapped = changed(&|all| all[2].entries.swap(0, 1));
    assert!(swapped.contains(&Break::RunChanged { first: 9, last: 11 }), "{swapped:?}");
    assert_eq!(changed(&|all| all.clear()), [Break::NoGenesis { seq: 1 }]);
}

#[test]
fn another_history_is_a_break_until_a_person_has_decided_and_must_be_the_devices_own() {
    let (entries, other) = (ledger(11, 99), ledger(10, 7));
    let fork = held(&other, 4, 10);
    let told = |held: &Held, verdict| walked(&runs(&entries), Some((7, held, verdict))).report;
    assert_eq!(told(&fork, None).breaks, [Break::Fork { at: 7, last: 10 }]);
    let decided = told(&fork, Some(ForkVerdict::Held));
    assert!(decided.holds());
    assert_eq!(decided.decided_forks, [(7, ForkVerdict::Held)]);
    let mut made_up = fork.clone();
    made_up.signature = entries[0].signature;
    let same = held(&entries, 4, 10);
    for bad in [&made_up, &same] {
        assert_eq!(told(bad, Some(ForkVerdict::Held)).breaks, [Break::ForkUnproven { at: 7 }]);
    }
}

#[test]
fn a_receipt_that_names_more_or_another_history_is_a_break() {
    let entries = ledger(6, 99);
    let start =
        EpochStart { epoch: 1, public_key: key().public(), pruned_seq: 0, pruned_hash: origin(key().device(), 1) };
    for (seq, hash, is_signed, found) in [
        (6, entries[5].hash, true, None),
        (6, entries[5].hash, false, Some(Break::ReceiptNotSigned { seq: 6 })),
        (9, entries[5].hash, true, Some(Break::EndCutOff { known: 9, last: 6 })),
        (3, entries[5].hash, true, Some(Break::OtherHistory { seq: 3 })),
    ] {
        let mut verifier = Verifier::new(&start, None);
        runs(&entries).iter().for_each(|held| with_run(held, |run| verifier.take_run(&run)));
        verifier.receipt(&StoredReceipt { seq, hash, is_signed });
        assert_eq!(verifier.finish().breaks, Vec::from_iter(found), "{seq}");
    }
}

#[test]
fn a_devices_own_ledger_must_be_what_is_held_as_far_as_it_was_acknowledged() {
    let (entries, other) = (ledger(9, 99), ledger(9, 6));
    let kept = walked(&runs(&entries[..7]), None);
    let own = |entries: &[Signed], first: usize, receipt: Option<usize>| OwnEpoch {
        device: key().device(),
        epoch: 1,
        first_seq: first as u64,
        hashes: entries[first - 1..].iter().map(|e| e.hash).collect(),
        receipt: receipt.map(|n| (n as u64, entries[n - 1].hash)),
    };
    assert_eq!(compare(&own(&entries, 1, Some(7)), Some(&kept)), []);
    assert_eq!(compare(&own(&entries, 4, None), Some(&kept)), []);
    assert_eq!(own(&entries, 4, None).last_seq(), 9);
    let gone = Break::AcknowledgedGone { receipt: 9, held: 7 };
    assert_eq!(compare(&own(&entries, 1, Some(9)), Some(&kept)), std::slice::from_ref(&gone));
    assert_eq!(compare(&own(&other, 1, Some(7)), Some(&kept)), [Break::Differs { seq: 6 }]);
    assert_eq!(compare(&own(&other, 8, Some(6)), Some(&kept)), [Break::Differs { seq: 6 }]);
    assert_eq!(compare(&own(&entries, 1, Some(2)), None), [Break::AcknowledgedGone { receipt: 2, held: 0 }]);
    assert_eq!(compare(&own(&entries, 1, None), None), []);
}
