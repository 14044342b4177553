//! What a failing store does: nothing is acknowledged that is not kept, and nothing is counted twice afterwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use pingyi::centre::directory::devices::{self, Device, Standing};
use pingyi::centre::ingest::batch::{self, Checked};
use pingyi::centre::ingest::core::{Core, CoreFault, Work};
use pingyi::centre::ingest::judge::Verdict;
use pingyi::centre::ingest::segments::StoreFault;
use pingyi::centre::statistics::Book;
use pingyi::domain::rating::Satisfaction;

use super::terminal::{START, Terminal, hall};

fn core_with(path: &std::path::Path, t: &Terminal) -> Core {
    let mut core = Core::open(path.to_owned()).unwrap();
    let device = Device {
        id: t.tip.device,
        key: t.key().public(),
        kiosk: t.kiosk.clone(),
        service_window: t.window.clone(),
        hall: hall(),
        standing: Standing::Active,
        enrolled: START,
    };
    core.run(START, |desk| Ok(devices::put(desk.tx, &device, None, START)?)).unwrap();
    core
}

fn checked(t: &Terminal, from: u64, to: u64) -> Checked {
    let body = t.batch(from, to);
    batch::open(&body, &mut Vec::new()).unwrap().check(&t.key().public().ready()).unwrap()
}

/// Takes the batch and notes the highest acknowledged `seq`.
fn taking(batch: Checked, acknowledged: &Arc<AtomicU64>) -> Work {
    let (last, acknowledged) = (batch.last_seq(), Arc::clone(acknowledged));
    Box::new(move |desk| {
        desk.take_batch(batch)?;
        Ok(Box::new(move || {
            acknowledged.fetch_max(last, Ordering::SeqCst);
        }))
    })
}

fn standing(core: &Core) -> i64 {
    Book::entries(core.conn(), 0, 10_000).unwrap().iter().map(|(_, f)| i64::from(f.sign)).sum()
}

fn full_ledger() -> Terminal {
    let mut t = Terminal::new(1);
    for _ in 0..60 {
        t.serve(Satisfaction::Satisfied);
    }
    t
}

#[test]
fn one_failing_piece_takes_its_whole_group_back_and_all_of_it_can_come_again() {
    let dir = tempfile::tempdir().unwrap();
    let t = full_ledger();
    let mut core = core_with(&dir.path().join("x.db"), &t);
    let acknowledged = Arc::default();
    core.run_all(START, vec![taking(checked(&t, 1, 10), &acknowledged)]).unwrap();
    let breaking: [Work; 2] = [
        Box::new(|_| Err(StoreFault::Damaged { ledger: 1, id: 1, what: "made up".into() })),
        Box::new(|_| panic!("made up")),
    ];
    for broken in breaking {
        let works =
            vec![taking(checked(&t, 11, 20), &acknowledged), broken, taking(checked(&t, 21, 30), &acknowledged)];
        assert!(core.run_all(START, works).is_err());
        assert_eq!(acknowledged.load(Ordering::SeqCst), 10);
        assert_eq!(core.run(START, |desk| desk.held(t.tip.device, 1)).unwrap().seq, 10);
    }
    let again = vec![taking(checked(&t, 11, 20), &acknowledged), taking(checked(&t, 21, t.tip.seq), &acknowledged)];
    core.run_all(START, again).unwrap();
    assert_eq!(acknowledged.load(Ordering::SeqCst), t.tip.seq);
    assert_eq!(standing(&core), 60);
}

#[test]
fn a_full_disk_acknowledges_nothing_and_goes_on_when_there_is_room() {
    let dir = tempfile::tempdir().unwrap();
    let t = full_ledger();
    let path = dir.path().join("x.db");
    let mut core = core_with(&path, &t);
    let acknowledged = Arc::default();
    let (mut from, mut failures) = (1, 0);
    while from <= t.tip.seq {
        let to = (from + 4).min(t.tip.seq);
        if from % 3 == 0 && failures < 12 {
            // SQLite says SQLITE_FULL when the file may not grow.
            let pages: i64 = core.conn().pragma_query_value(None, "page_count", |r| r.get(0)).unwrap();
            core.conn().pragma_update(None, "max_page_count", pages).unwrap();
        }
        match core.run_all(START, vec![taking(checked(&t, from, to), &acknowledged)]) {
            Ok(()) => {
                assert_eq!(acknowledged.load(Ordering::SeqCst), to);
                from = to + 1;
            }
            Err(CoreFault::Store(_) | CoreFault::Statistics(_)) => {
                failures += 1;
                assert_eq!(acknowledged.load(Ordering::SeqCst), from - 1);
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert!(failures > 0, "the disk never was full");
    assert_eq!(standing(&core), 60);
    drop(core);
    let core = Core::open(path).unwrap();
    let check: String = core.conn().query_row("PRAGMA integrity_check", [], |r| r.get(0)).unwrap();
    assert_eq!((check.as_str(), standing(&core)), ("ok", 60));
}

#[test]
fn two_batches_of_one_ledger_share_a_transaction_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let t = full_ledger();
    let mut core = core_with(&dir.path().join("x.db"), &t);
    let verdicts: Vec<Verdict> = core
        .run(START, |desk| {
            let parts = [(1, 5), (6, 9), (6, 9), (4, 12), (20, 25), (13, 19)];
            parts
                .map(|(from, to)| desk.take_batch(checked(&t, from, to)).map(|taken| taken.verdict))
                .into_iter()
                .collect()
        })
        .unwrap();
    let expected: Vec<Verdict> = vec![
        Verdict::Take { skip: 0 },
        Verdict::Take { skip: 0 },
        Verdict::Known,
        Verdict::Take { skip: 6 },
        Verdict::Gap { next_seq: 13 },
        Verdict::Take { skip: 0 },
    ];
    assert_eq!(verdicts, expected);
}
