//! The store over memory and over real files: failing commits, lost and damaged files, receipts, pruning.

use super::outbox::ReceiptVerdict;
use super::place::{LEDGER_FILE, Note, PlaceFault};
use super::save::CommitFault;
use super::*;
use crate::domain::board::BoardVersion;
use crate::domain::rating::{Satisfaction, Signals};
use crate::domain::visit::{VisitOutcome, VisitTrigger};
use crate::ledger::chain::origin;
use crate::ledger::entry::{NEW_VISIT, Rated, VisitOpened};
use crate::ledger::keys::SealKey;
use crate::ledger::standing::OrderFault;
use crate::protocol::{EnrolAnswer, Receipt};
use std::path::Path;

const T: i64 = 1_790_000_000_000;
const DAY_MS: i64 = 86_400_000;

fn now(ms: i64) -> Now {
    Now { wall: WallMs(T + ms), mono_ms: ms as u64 }
}

fn identity() -> Identity {
    Identity { kiosk: KioskId::new("K01").unwrap(), window: WindowId::new("W01").unwrap(), version: "0.1.0".into() }
}

fn in_memory() -> Journal {
    Journal::open_in_memory(DeviceKey::from_secret(&[7; 32]), &identity(), now(0)).unwrap()
}

fn open(dir: &Path, ms: i64) -> place::Opened {
    Journal::open(dir, &identity(), now(ms)).unwrap()
}

fn opened() -> Body {
    Body::VisitOpened(VisitOpened {
        window: WindowId::new("W01").unwrap(),
        staff: None,
        trigger: VisitTrigger::Card,
        item: None,
        case_no: None,
        board: BoardVersion("b".into()),
        pledges: vec![],
    })
}

fn rated(tap: u64) -> Body {
    let (level, signals) = (Satisfaction::Satisfied, Signals::NONE);
    Body::Rated(Rated { visit: NEW_VISIT, tap, level, dwell_ms: 900, x: 1, y: 2, signals })
}

fn closed() -> Body {
    Body::VisitClosed { visit: NEW_VISIT, outcome: VisitOutcome::Rated }
}

fn rate(journal: &mut Journal, tap: u64, ms: i64) -> Result<Vec<Signed>, JournalFault> {
    journal.append(vec![opened(), rated(tap), closed()], now(ms))
}

fn centre() -> DeviceKey {
    DeviceKey::from_secret(&[5; 32])
}

fn enrol(journal: &mut Journal) {
    let answer = EnrolAnswer {
        wire: 1,
        kiosk: KioskId::new("K01").unwrap(),
        window: WindowId::new("W01").unwrap(),
        centre_key: centre().public(),
        seal_key: SealKey([3; 32]),
        follows: None,
        server_ms: T,
        phone_url: "https://pj.example".into(),
    };
    journal.enrolled(&answer, now(1)).unwrap();
}

fn receipt(journal: &Journal, seq: u64, server_ms: i64) -> Receipt {
    let head = journal.head();
    let hash = outbox::hash_at(journal.conn().unwrap(), head.device, head.epoch, seq).unwrap().unwrap();
    Receipt::sign(&Head { seq, hash, ..head }, server_ms, &centre())
}

/// Every row of an epoch follows the one before it.
fn assert_chain(journal: &Journal, epoch: u32, first: u64) -> usize {
    let Some(run) = journal.unsynced_from(epoch, first, 100_000, usize::MAX).unwrap() else { return 0 };
    let mut tip = Tip { device: run.device, epoch, seq: first - 1, hash: run.prev };
    for e in &run.entries {
        tip.follow(&e.bytes).unwrap();
        assert_eq!(tip.hash, e.hash);
        assert!(signature_holds(&journal.key().public(), &e.hash, &e.signature));
    }
    run.entries.len()
}

#[test]
fn a_save_is_one_run_and_names_its_own_visit() {
    let mut journal = in_memory();
    let entries = rate(&mut journal, 11, 5).unwrap();
    assert_eq!(entries.iter().map(|e| e.seq).collect::<Vec<_>>(), [3, 4, 5]);
    let rating = Entry::from_bytes(&entries[1].bytes).unwrap();
    assert!(matches!(rating.body, Body::Rated(r) if r.visit == 3 && r.tap == 11));
    assert_eq!(assert_chain(&journal, 1, 1), 5);
    assert_eq!(journal.standing().visit, None);
}

#[test]
fn what_breaks_the_order_stores_nothing_of_its_save() {
    let mut journal = in_memory();
    let fault = journal.append(vec![opened(), rated(1), rated(2)], now(1)).unwrap_err();
    assert!(matches!(fault, JournalFault::Order(OrderFault::RatedBefore(3))), "{fault}");
    assert_eq!(journal.head().seq, 2);
    assert_eq!(journal.unsynced_count().unwrap(), 2);
    assert!(matches!(journal.append(vec![closed(); 65], now(1)), Err(JournalFault::TooMany(65))));
    rate(&mut journal, 1, 2).unwrap();
}

#[test]
fn a_commit_that_failed_but_was_stored_counts_once() {
    for dir in [None, Some(tempfile::tempdir().unwrap())] {
        let mut journal = dir.as_ref().map_or_else(in_memory, |d| open(d.path(), 0).journal);
        journal.fault = Some(CommitFault::After);
        let entries = rate(&mut journal, 11, 5).unwrap();
        assert_eq!(entries.last().unwrap().seq, 5);
        assert_eq!(journal.head().seq, 5);
        rate(&mut journal, 12, 6).unwrap();
        assert_eq!(assert_chain(&journal, 1, 1), 8);
    }
}

#[test]
fn a_commit_that_failed_and_was_not_stored_is_made_once_more() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path(), 0).journal;
    journal.fault = Some(CommitFault::Before);
    rate(&mut journal, 11, 5).unwrap();
    assert_eq!(assert_chain(&journal, 1, 1), 5);
}

#[test]
fn while_the_disk_refuses_nothing_is_claimed_and_later_all_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path(), 0).journal;
    journal.conn().unwrap().pragma_update(None, "query_only", true).unwrap();
    // The second try is over a fresh connection, and succeeds.
    rate(&mut journal, 1, 1).unwrap();
    // A blocked file fails both tries.
    let blocker = rusqlite::Connection::open(dir.path().join(LEDGER_FILE)).unwrap();
    journal.conn().unwrap().busy_timeout(std::time::Duration::ZERO).unwrap();
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
    let head = journal.head();
    let fault = rate(&mut journal, 2, 2).unwrap_err();
    assert_eq!(fault.code(), "L-BUSY", "{fault}");
    blocker.execute_batch("ROLLBACK").unwrap();
    let entries = rate(&mut journal, 3, 3).unwrap();
    assert_eq!(entries[0].seq, head.seq + 1);
    assert_chain(&journal, 1, 1);
}

#[test]
fn a_restart_finds_the_open_visit_the_duty_and_the_clock() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path(), 1_000).journal;
    journal.append(vec![opened(), rated(9)], now(2_000)).unwrap();
    let standing = journal.standing().clone();
    drop(journal);
    let journal = Journal::open(dir.path(), &identity(), Now { wall: WallMs(T - DAY_MS), mono_ms: 0 }).unwrap().journal;
    assert_eq!(journal.standing(), &standing);
    assert_eq!(journal.standing().visit.as_ref().unwrap().rated.as_ref().unwrap().tap, 9);
    assert_eq!(journal.boot(), 2);
    assert_eq!(journal.wall(Now { wall: WallMs(T - DAY_MS), mono_ms: 0 }).1, ClockGrade::C);
}

#[test]
fn one_process_at_a_time_and_the_key_stays_private() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path(), 0);
    assert!(matches!(Journal::open(dir.path(), &identity(), now(1)), Err(PlaceFault::InUse { .. })));
    let device = first.journal.head().device;
    drop(first);
    assert_eq!(open(dir.path(), 2).journal.head().device, device);
    let mode = std::fs::metadata(dir.path().join("device.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn runs_are_bounded_and_follow_the_receipt() {
    let mut journal = in_memory();
    enrol(&mut journal);
    for tap in 0..10 {
        rate(&mut journal, tap, 10).unwrap();
    }
    let run = journal.unsynced(7, usize::MAX).unwrap().unwrap();
    assert_eq!((run.entries.len(), run.prev), (7, origin(run.device, 1)));
    assert_eq!(journal.unsynced(100, 1).unwrap().unwrap().entries.len(), 1);
    let head = run.batch_head().unwrap();
    assert_eq!((head.first_seq, head.count, head.head), (1, 7, run.entries[6].hash));

    let seven = receipt(&journal, 7, T);
    assert_eq!(journal.hold_receipt(&seven, now(20)).unwrap(), ReceiptVerdict::Held);
    assert_eq!(journal.unsynced_count().unwrap(), 33 - 7);
    let run = journal.unsynced(100, usize::MAX).unwrap().unwrap();
    assert_eq!((run.entries[0].seq, run.prev), (8, seven.hash));
    // The note of the receipt rides in front of the next save, and only once an hour.
    let entries = rate(&mut journal, 77, 30).unwrap();
    assert_eq!(entries[0].seq, 35);
    let again = receipt(&journal, 37, T);
    journal.hold_receipt(&again, now(40)).unwrap();
    assert_eq!(rate(&mut journal, 78, 50).unwrap()[0].seq, 38);
    // A centre that was restored from an older copy is sent the rest again.
    journal.hold_receipt(&seven, now(60)).unwrap();
    assert_eq!(journal.unsynced(1, 1).unwrap().unwrap().entries[0].seq, 8);
}

#[test]
fn receipts_are_believed_only_from_the_centre_and_for_this_history() {
    let mut journal = in_memory();
    rate(&mut journal, 1, 1).unwrap();
    let good = receipt(&journal, 4, T);
    assert_eq!(journal.hold_receipt(&good, now(2)).unwrap(), ReceiptVerdict::Unsigned);
    enrol(&mut journal);
    let head = good.head();
    for (bad, verdict) in [
        (Receipt::sign(&head, T, &DeviceKey::from_secret(&[6; 32])), ReceiptVerdict::Unsigned),
        (Receipt::sign(&Head { epoch: 2, ..head }, T, &centre()), ReceiptVerdict::Foreign),
        (Receipt::sign(&Head { seq: 99, ..head }, T, &centre()), ReceiptVerdict::Ahead),
        (Receipt::sign(&Head { hash: Hash([1; 32]), ..head }, T, &centre()), ReceiptVerdict::Forked),
    ] {
        assert_eq!(journal.hold_receipt(&bad, now(2)).unwrap(), verdict);
    }
    assert_eq!(journal.latest_receipt().unwrap(), None);
    assert_eq!(journal.hold_receipt(&good, now(2)).unwrap(), ReceiptVerdict::Held);
    assert_eq!(journal.latest_receipt().unwrap(), Some(good));
}

#[test]
fn only_what_a_receipt_covers_and_the_holding_time_released_is_pruned() {
    let mut journal = in_memory();
    enrol(&mut journal);
    for day in 0..10 {
        rate(&mut journal, day, day as i64 * DAY_MS).unwrap();
    }
    assert_eq!(journal.prune(3).unwrap(), 0);
    let held = receipt(&journal, 20, T + 10 * DAY_MS);
    journal.hold_receipt(&held, now(10 * DAY_MS)).unwrap();
    assert_eq!(journal.prune(90).unwrap(), 0);
    // Days 0 to 5 end with entry 21; the receipt covers 20, which itself stays.
    assert_eq!(journal.prune(3).unwrap(), 19);
    assert!(matches!(
        journal.unsynced_from(1, 5, 10, 1_000),
        Err(JournalFault::Pruned { epoch: 1, wanted: 5, first: 20 })
    ));
    assert_eq!(assert_chain(&journal, 1, 20), 14);
}

#[test]
fn words_are_erased_and_the_chain_stays_whole() {
    let mut journal = in_memory();
    let entries = journal.append_with_words(vec![opened(), rated(1)], vec![(1, vec![9; 300])], now(1)).unwrap();
    let run = journal.unsynced(10, usize::MAX).unwrap().unwrap();
    assert_eq!(run.sealed, [(entries[1].seq, vec![9; 300])]);
    assert!(journal.erase_words(1, entries[1].seq).unwrap());
    assert!(!journal.erase_words(1, entries[1].seq).unwrap());
    assert_eq!(assert_chain(&journal, 1, 1), 4);
    assert!(journal.unsynced(10, usize::MAX).unwrap().unwrap().sealed.is_empty());
}

#[test]
fn a_lost_ledger_begins_the_next_epoch_and_quotes_the_last_known_head() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path(), 0).journal;
    rate(&mut journal, 1, 1).unwrap();
    let head = journal.head();
    drop(journal);
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(dir.path().join(format!("{LEDGER_FILE}{suffix}")));
    }
    let opened = open(dir.path(), 2);
    assert_eq!(opened.notes, [Note::NewEpoch { epoch: 2, follows: head }]);
    let run = opened.journal.unsynced(1, 1).unwrap().unwrap();
    let genesis = Entry::from_bytes(&run.entries[0].bytes).unwrap();
    assert!(matches!(genesis.body, Body::Genesis(g) if g.follows == Some(head) && g.epoch == 2));
}

#[test]
fn an_older_copy_of_the_ledger_goes_on_in_a_new_epoch_and_still_sends_the_old_one() {
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join(LEDGER_FILE);
    let mut journal = open(dir.path(), 0).journal;
    rate(&mut journal, 1, 1).unwrap();
    drop(journal);
    let copy = std::fs::read(&db).unwrap();
    let mut journal = open(dir.path(), 2).journal;
    rate(&mut journal, 2, 3).unwrap();
    let lost = journal.head();
    drop(journal);
    std::fs::write(&db, copy).unwrap();
    let opened = open(dir.path(), 4);
    assert_eq!(opened.notes, [Note::NewEpoch { epoch: 2, follows: lost }]);
    let run = opened.journal.unsynced(100, usize::MAX).unwrap().unwrap();
    assert_eq!((run.epoch, run.entries.len()), (1, 5));
    assert_eq!(assert_chain(&opened.journal, 2, 1), 2);
}

#[test]
fn a_damaged_file_is_set_aside_and_its_unsent_entries_are_taken_over() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path(), 0).journal;
    enrol(&mut journal);
    for tap in 0..300 {
        rate(&mut journal, tap, 10).unwrap();
    }
    let held = receipt(&journal, 20, T);
    journal.hold_receipt(&held, now(20)).unwrap();
    journal.note_failure("staff:0027").unwrap();
    let last = journal.head().seq;
    // Somebody changes a byte of an entry near the end.
    journal
        .conn()
        .unwrap()
        .execute("UPDATE entry SET bytes = zeroblob(length(bytes)) WHERE seq = ?1", [last as i64 - 9])
        .unwrap();
    drop(journal);
    let opened = open(dir.path(), 30);
    let [Note::SetAside { path, salvaged, .. }, Note::NewEpoch { .. }] = &opened.notes[..] else {
        panic!("{:?}", opened.notes)
    };
    assert!(path.exists());
    assert_eq!((salvaged.entries as u64, salvaged.lost), (last - 10 - 20, 10));
    let mut journal = opened.journal;
    let run = journal.unsynced(10_000, usize::MAX).unwrap().unwrap();
    assert_eq!((run.epoch, run.entries[0].seq, run.prev), (1, 21, held.hash));
    assert_eq!(journal.failures("staff:0027").unwrap(), 1);
    assert!(journal.enrolment().unwrap().is_some());
    rate(&mut journal, 999, 40).unwrap();
    assert_eq!(assert_chain(&journal, 2, 1), 5);
}

#[test]
fn a_file_that_is_no_database_at_all_is_set_aside_too() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path(), 0));
    std::fs::write(dir.path().join(LEDGER_FILE), vec![0xA5; 8192]).unwrap();
    let opened = open(dir.path(), 1);
    assert!(matches!(&opened.notes[0], Note::SetAside { salvaged, .. } if salvaged.entries == 0));
    assert_eq!(opened.journal.head().epoch, 2);
}

#[test]
fn throttles_and_boards_survive_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path(), 0).journal;
    for expected in 1..=3 {
        assert_eq!(journal.note_failure("admin").unwrap(), expected);
    }
    for n in 0..4 {
        journal.hold_board(&BoardVersion(format!("v{n}")), b"{}", now(n)).unwrap();
    }
    drop(journal);
    let mut journal = open(dir.path(), 1).journal;
    assert_eq!(journal.failures("admin").unwrap(), 3);
    journal.clear_failures("admin").unwrap();
    assert_eq!(journal.failures("admin").unwrap(), 0);
    let boards: Vec<_> = journal.boards().unwrap().into_iter().map(|(v, _)| v.0).collect();
    assert_eq!(boards, ["v3", "v2"]);
}

#[test]
fn the_centres_clock_is_noted_when_it_is_news() {
    let mut journal = in_memory();
    assert!(journal.anchor_clock(T + 10, 20, now(10)).unwrap());
    assert!(!journal.anchor_clock(T + 500, 20, now(500)).unwrap());
    assert!(journal.anchor_clock(T + 90_000, 20, now(1_000)).unwrap());
    assert_eq!(journal.wall(now(2_000)), (WallMs(T + 91_010), ClockGrade::A));
}
