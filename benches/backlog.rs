//! A year's backlog of one kiosk, sent by the real courier from a real ledger to a real centre, all durable:
//! `cargo bench --bench backlog`.
//!
//! The kiosk had been without its centre for a year: 100,000 entries (`PINGYI_BENCH_ENTRIES`). Meanwhile somebody goes on
//! rating: how long a save takes during the drain stands beside how long it takes in peace. Kiosk and centre share the
//! machine, so the drain is also given against what raw SQLite takes of the same rows in the same batches.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use pingyi::centre::directory::enrol;
use pingyi::centre::{running, schema};
use pingyi::config::kiosk::CentreLink;
use pingyi::config::{CentreConfig, KioskConfig};
use pingyi::db;
use pingyi::domain::board::BoardVersion;
use pingyi::domain::id::HallId;
use pingyi::domain::rating::{Satisfaction, Signals};
use pingyi::domain::time::{Now, WallMs};
use pingyi::domain::visit::{VisitOutcome, VisitTrigger};
use pingyi::journal::{Identity, Journal};
use pingyi::kiosk::running::RunningKiosk;
use pingyi::kiosk::runtime::Handle;
use pingyi::ledger::entry::{Body, NEW_VISIT, Rated, VisitOpened};
use pingyi::protocol::MAX_BATCH_ENTRIES;

const CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/kiosk-config");

fn main() {
    let entries = std::env::var("PINGYI_BENCH_ENTRIES").ok().and_then(|n| n.parse().ok()).unwrap_or(100_000_u64);
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (centre_data, kiosk_data) = (dir.path().join("centre"), dir.path().join("kiosk"));
    std::fs::create_dir_all(&centre_data).unwrap();
    let (mut config, board) = KioskConfig::load_with_board(Path::new(CONFIG)).unwrap();
    let rows = fill(&config, &kiosk_data, entries);
    let bytes: usize = rows.iter().map(Vec::len).sum();
    println!("{} entries of {} bytes on average", rows.len(), bytes / rows.len());
    let raw = raw_sqlite(&rows);
    println!("raw SQLite, {MAX_BATCH_ENTRIES} rows a transaction: {raw:>9.0} entries/s");

    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let code_file = dir.path().join("code");
    std::fs::write(&code_file, code(&config, &board.hall.id, &centre_data)).unwrap();
    let centre = runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        running::start(&CentreConfig::load(Path::new(CONFIG)).unwrap(), &centre_data, listener).await.unwrap()
    });
    config.local_api = None;
    config.centre = Some(CentreLink {
        url: centre.url().parse().unwrap(),
        ca_file: None,
        proxy: None,
        enrol_code_file: Some(code_file),
        batch_seconds: 1,
        heartbeat_seconds: 5,
    });
    let begun = Instant::now();
    let kiosk = RunningKiosk::start(&config, board, &kiosk_data).unwrap();
    let handle = kiosk.handle();
    let during = saves_until(&handle, || is_held(&handle));
    let drained = begun.elapsed();
    let peace_ends = Instant::now() + Duration::from_secs(5);
    let in_peace = saves_until(&handle, || Instant::now() >= peace_ends);
    let rate = rows.len() as f64 / drained.as_secs_f64();
    println!("drained in {:.2} s with enrolment: {rate:.0} entries/s, {:.2} of raw", drained.as_secs_f64(), rate / raw);
    println!("a save during the drain: {}; in peace: {}", told(during), told(in_peace));
    drop(kiosk);
    runtime.block_on(centre.stop());
    let conn = db::open_read_only(&centre_data.join(schema::FILE), &schema::SCHEMA).unwrap();
    let held: i64 = conn.query_row("SELECT sum(last_seq - first_seq + 1) FROM segment", [], |r| r.get(0)).unwrap();
    assert!(held as usize >= rows.len(), "{held} of {} are held", rows.len());
}

/// Visits of a year, as the flow writes them.
fn fill(config: &KioskConfig, data: &Path, entries: u64) -> Vec<Vec<u8>> {
    let identity = Identity { kiosk: config.kiosk.clone(), window: config.window.clone(), version: "bench".into() };
    let now = |n: u64| {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64;
        Now { wall: WallMs(wall - 366 * 86_400_000 + n as i64 * 300_000), mono_ms: n }
    };
    let mut journal = Journal::open(data, &identity, now(0)).unwrap().journal;
    while journal.head().seq < entries {
        let n = journal.head().seq;
        let bodies: Vec<Body> = (0..20).flat_map(|i| visit(config, n + i)).collect();
        journal.append(bodies, now(n)).unwrap();
    }
    let mut rows = Vec::new();
    while let Some(run) = journal.unsynced_from(1, rows.len() as u64 + 1, 5_000, usize::MAX).unwrap() {
        rows.extend(run.entries.into_iter().map(|e| e.bytes));
    }
    rows
}

fn visit(config: &KioskConfig, n: u64) -> [Body; 3] {
    let level = Satisfaction::ALL[(n % 7 % 5) as usize];
    [
        Body::VisitOpened(VisitOpened {
            window: config.window.clone(),
            staff: None,
            trigger: VisitTrigger::Business,
            item: None,
            case_no: None,
            board: BoardVersion("0123456789abcdef".into()),
            pledges: vec![],
        }),
        Body::Rated(Rated { visit: NEW_VISIT, tap: n, level, dwell_ms: 900, x: 9, y: 9, signals: Signals::NONE }),
        Body::VisitClosed { visit: NEW_VISIT, outcome: VisitOutcome::Rated },
    ]
}

fn raw_sqlite(rows: &[Vec<u8>]) -> f64 {
    const TABLE: db::Schema = db::Schema {
        application_id: 1,
        steps: &["CREATE TABLE entry (id INTEGER PRIMARY KEY, ledger INTEGER, seq INTEGER, body BLOB) STRICT"],
    };
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut conn = db::open(&dir.path().join("raw.db"), &TABLE).unwrap();
    let (begun, mut seq) = (Instant::now(), 0_i64);
    for part in rows.chunks(MAX_BATCH_ENTRIES) {
        let tx = conn.transaction().unwrap();
        let mut insert = tx.prepare_cached("INSERT INTO entry (ledger, seq, body) VALUES (1, ?1, ?2)").unwrap();
        for row in part {
            seq += 1;
            insert.execute(rusqlite::params![seq, row]).unwrap();
        }
        drop(insert);
        tx.commit().unwrap();
    }
    rows.len() as f64 / begun.elapsed().as_secs_f64()
}

fn code(config: &KioskConfig, hall: &HallId, data: &Path) -> String {
    let conn = db::open(&data.join(schema::FILE), &schema::SCHEMA).unwrap();
    let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64;
    enrol::make_code(&conn, &config.kiosk, &config.window, hall, [7; 8], WallMs(wall)).unwrap()
}

fn is_held(handle: &Handle) -> bool {
    let sync = handle.view().sync.clone();
    sync.enrolled && sync.last_receipt_ms.is_some() && sync.unsynced < 100
}

/// Saves one entry every 20 ms until it is done; how long each took, sorted.
fn saves_until(handle: &Handle, done: impl Fn() -> bool) -> Vec<Duration> {
    let stop = Arc::new(AtomicBool::new(false));
    let (told, ledger) = (Arc::clone(&stop), handle.ledger());
    let saver = std::thread::spawn(move || {
        let mut times = Vec::new();
        while !told.load(Ordering::Relaxed) {
            let begun = Instant::now();
            let body = Body::Heartbeat { free_disk_mb: 1, unsynced: 1 };
            ledger.with(move |journal, now| journal.append(vec![body], now)).unwrap().unwrap();
            times.push(begun.elapsed());
            std::thread::sleep(Duration::from_millis(20));
        }
        times
    });
    while !done() {
        std::thread::sleep(Duration::from_millis(2));
    }
    stop.store(true, Ordering::Relaxed);
    let mut times = saver.join().unwrap();
    times.sort_unstable();
    times
}

fn told(times: Vec<Duration>) -> String {
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1e3;
    format!("{:.1} ms p50, {:.1} ms p99 of {}", at(50), at(99), times.len())
}
