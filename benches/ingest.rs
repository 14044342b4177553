//! Ingest through HTTP, durable, against what raw SQLite takes of the same rows: `cargo bench --bench ingest`.
//!
//! 50 kiosks send their ledgers over 50 connections, in batches of 500, 100, 10 and 1 entries; every entry is parsed,
//! chained, verified, projected, booked and fsynced before its receipt is signed. Client and centre share the machine.
//! `PINGYI_BENCH_ENTRIES` sets the entries of one kiosk (default 3,000), `PINGYI_BENCH_BATCH` picks one size.

#[path = "../tests/it/centre/terminal.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod terminal;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use pingyi::centre::directory::devices::{self, Device, Standing};
use pingyi::centre::{running, schema};
use pingyi::config::CentreConfig;
use pingyi::db;
use pingyi::domain::id::WindowId;
use pingyi::domain::rating::Satisfaction;
use pingyi::domain::visit::VisitOutcome;
use pingyi::ledger::chain::signed_message;
use terminal::{START, Terminal, hall};

const KIOSKS: u8 = 50;

fn main() {
    let entries = std::env::var("PINGYI_BENCH_ENTRIES").ok().and_then(|n| n.parse().ok()).unwrap_or(3_000_u64);
    let kiosks: Vec<Terminal> = (0..KIOSKS).map(|i| ledger(i, entries)).collect();
    let bytes: usize = kiosks.iter().flat_map(|k| &k.entries).map(|e| e.bytes.len()).sum();
    let count: usize = kiosks.iter().map(|k| k.entries.len()).sum();
    println!("{count} entries of {} bytes on average, {KIOSKS} kiosks", bytes / count);
    let (check, sign) = signatures(&kiosks[0]);
    println!("one signature checked: {check:.1} us, one receipt signed: {sign:.1} us; each batch costs one of both");
    let raw = raw_sqlite(&kiosks);
    println!("raw SQLite, 20,000 rows a transaction: {raw:>9.0} entries/s");
    let only: Option<u64> = std::env::var("PINGYI_BENCH_BATCH").ok().and_then(|n| n.parse().ok());
    for batch in [500, 100, 10, 1].into_iter().filter(|b| only.is_none_or(|o| o == *b)) {
        // Small batches cost more each: the same time is enough.
        let part = match batch {
            1 => entries.min(400),
            10 => entries.min(2_000),
            _ => entries,
        };
        let run = through_http(&kiosks, batch, part);
        println!(
            "HTTP, {batch:>3} a batch: {:>9.0} entries/s, {:>5.2} of raw, {:>6.2} us of the centre's CPU an entry, {} ms p99 a batch",
            run.rate,
            run.rate / raw,
            run.cpu_us,
            run.p99.as_millis()
        );
    }
    drain();
}

/// A year of one kiosk that was offline, sent one batch after the other.
fn drain() {
    let entries = 100_000;
    let kiosk = [ledger(0, entries)];
    let run = through_http(&kiosk, 1_000, entries);
    let seconds = entries as f64 / run.rate;
    println!("a year's backlog, {entries} entries of one kiosk, 1,000 a batch: drained in {seconds:.2} s");
}

/// Visits as they happen: one in four with reasons, one in ten without an answer.
fn ledger(number: u8, entries: u64) -> Terminal {
    let mut t = Terminal::new(number);
    t.window = WindowId::new("W02").unwrap();
    let mut i = u64::from(number);
    while t.tip.seq < entries {
        i += 1;
        let visit = t.open();
        if i % 10 == 0 {
            t.close(visit, VisitOutcome::NoResponse);
            continue;
        }
        t.rate(visit, Satisfaction::from_level(5 - (i % 7 % 5) as u8).unwrap());
        if i % 4 == 0 {
            t.explain(visit, &["slow", "queue"]);
        }
        t.close(visit, VisitOutcome::Rated);
    }
    t
}

/// Microseconds of one check and one signature, as they are made for every batch.
fn signatures(kiosk: &Terminal) -> (f64, f64) {
    let (key, ready) = (kiosk.key(), kiosk.key().public().ready());
    let rounds = &kiosk.entries[..kiosk.entries.len().min(2_000)];
    let begun = Instant::now();
    assert!(rounds.iter().all(|e| ready.verifies(&signed_message(&e.hash), &e.signature)));
    let checked = begun.elapsed();
    for entry in rounds {
        std::hint::black_box(key.sign(&signed_message(&entry.hash)));
    }
    let per = |time: Duration| time.as_secs_f64() * 1e6 / rounds.len() as f64;
    (per(checked), per(begun.elapsed() - checked))
}

fn raw_sqlite(kiosks: &[Terminal]) -> f64 {
    const TABLE: db::Schema = db::Schema {
        application_id: 1,
        steps: &["CREATE TABLE entry (id INTEGER PRIMARY KEY, ledger INTEGER, seq INTEGER, body BLOB) STRICT"],
    };
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut conn = db::open(&dir.path().join("raw.db"), &TABLE).unwrap();
    let rows: Vec<_> = kiosks.iter().zip(0_i64..).flat_map(|(k, i)| k.entries.iter().map(move |e| (i, e))).collect();
    let begun = Instant::now();
    for part in rows.chunks(20_000) {
        let tx = conn.transaction().unwrap();
        let mut insert = tx.prepare_cached("INSERT INTO entry (ledger, seq, body) VALUES (?1, ?2, ?3)").unwrap();
        for (ledger, entry) in part {
            insert.execute(rusqlite::params![ledger, entry.seq as i64, entry.bytes]).unwrap();
        }
        drop(insert);
        tx.commit().unwrap();
    }
    rows.len() as f64 / begun.elapsed().as_secs_f64()
}

struct Run {
    rate: f64,
    cpu_us: f64,
    p99: Duration,
}

fn through_http(kiosks: &[Terminal], batch: u64, entries: u64) -> Run {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let running = runtime.block_on(start(dir.path(), kiosks));
    let address = running.address;
    let requests: Vec<Vec<Vec<u8>>> = kiosks.iter().map(|k| bodies(k, batch, entries)).collect();
    let total = entries as f64 * kiosks.len() as f64;
    let (cpu, begun) = (cpu(), Instant::now());
    let mut times: Vec<Duration> = std::thread::scope(|scope| {
        let clients: Vec<_> = requests.iter().map(|r| scope.spawn(move || send_all(address, r))).collect();
        clients.into_iter().flat_map(|c| c.join().unwrap()).collect()
    });
    let (elapsed, used) = (begun.elapsed().as_secs_f64(), self::cpu() - cpu);
    times.sort_unstable();
    let held: u64 = runtime.block_on(async {
        let sum = "SELECT sum(last_seq - first_seq + 1) FROM segment";
        let held = running.site.readers.read(|c| c.query_row(sum, [], |r| r.get::<_, i64>(0)).unwrap()).await.unwrap();
        running.stop().await;
        held as u64
    });
    assert_eq!(held as f64, total, "every acknowledged entry is held");
    Run { rate: total / elapsed, cpu_us: used * 1e6 / total, p99: times[times.len() * 99 / 100] }
}

async fn start(data: &Path, kiosks: &[Terminal]) -> running::Running {
    let conn = db::open(&data.join(schema::FILE), &schema::SCHEMA).unwrap();
    for k in kiosks {
        let device = Device {
            id: k.tip.device,
            key: k.key().public(),
            kiosk: k.kiosk.clone(),
            service_window: k.window.clone(),
            hall: hall(),
            standing: Standing::Active,
            enrolled: START,
        };
        devices::put(&conn, &device, None, START).unwrap();
    }
    drop(conn);
    let config = CentreConfig::load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/kiosk-config"))).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    running::start(&config, data, listener).await.unwrap()
}

fn bodies(kiosk: &Terminal, batch: u64, entries: u64) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    let mut from = 1;
    while from <= entries {
        let to = (from + batch - 1).min(entries);
        let plain = kiosk.batch(from, to);
        let body = if batch >= 10 { zstd::bulk::compress(&plain, 3).unwrap() } else { plain };
        let head = format!("POST /api/v1/batches HTTP/1.1\r\nhost: centre\r\ncontent-length: {}\r\n\r\n", body.len());
        out.push([head.into_bytes(), body].concat());
        from = to + 1;
    }
    out
}

fn send_all(address: SocketAddr, requests: &[Vec<u8>]) -> Vec<Duration> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut times = Vec::with_capacity(requests.len());
    let mut buffer = vec![0; 16 * 1024];
    for request in requests {
        let begun = Instant::now();
        stream.write_all(request).unwrap();
        let mut got = 0;
        // The answer is one JSON object without nested braces beyond the receipt's.
        while !buffer[..got].ends_with(b"}}") {
            let n = stream.read(&mut buffer[got..]).unwrap();
            assert_ne!(n, 0, "the centre closed the connection");
            got += n;
        }
        assert!(buffer[..got].starts_with(b"HTTP/1.1 200") && contains(&buffer[..got], b"\"held\""));
        times.push(begun.elapsed());
    }
    times
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|w| w == part)
}

/// Seconds of CPU that the centre's threads have used, without the clients.
fn cpu() -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let stats = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("stat")).ok());
    let ticks = stats.filter_map(|stat| {
        let (name, rest) = stat.rsplit_once(')')?;
        let ours = name.ends_with("(tokio-rt-worker") || name.ends_with("(writer");
        ours.then(|| rest.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<f64>().ok()).sum::<f64>())
    });
    ticks.sum::<f64>() / 100.0
}
