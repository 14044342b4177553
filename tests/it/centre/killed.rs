//! The centre's process killed again and again under load: what was acknowledged is held, what is held is counted once.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use pingyi::centre::directory::devices::{self, Device, Standing};
use pingyi::centre::ingest::{ledgers, segments};
use pingyi::centre::schema;
use pingyi::centre::statistics::Book;
use pingyi::db;
use pingyi::domain::rating::Satisfaction;
use pingyi::protocol::BatchAnswer;

use super::terminal::{START, Terminal, hall};

const CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/kiosk-config");
const VISITS: u64 = 400;

/// `PINGYI_KILLS` asks for more than these few.
fn kills() -> u32 {
    std::env::var("PINGYI_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(8)
}

fn up(data: &Path, listen: &str) -> (Child, SocketAddr) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_pingyi"))
        .args(["centre", "--config", CONFIG, "--listen", listen, "--data"])
        .arg(data)
        .env("PINGYI_LOG", "error")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (child, line.trim().rsplit('/').next().unwrap().parse().unwrap())
}

/// Sends one batch; none when the centre is gone in the middle of it.
fn send(address: SocketAddr, body: &[u8]) -> Option<BatchAnswer> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_millis(500)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    let head = format!(
        "POST /api/v1/batches HTTP/1.1\r\nhost: c\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body].concat()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, json) = answer.split_once("\r\n\r\n")?;
    assert!(head.starts_with("HTTP/1.1 200") || head.starts_with("HTTP/1.1 503"), "{answer}");
    serde_json::from_str(json).ok()
}

/// Sends the whole ledger, whatever happens to the centre.
fn send_all(address: SocketAddr, t: &Terminal) {
    let (mut held, mut failed) = (0, 0);
    while held < t.tip.seq {
        let to = (held + 3).min(t.tip.seq);
        match send(address, &t.batch(held + 1, to)) {
            Some(BatchAnswer::Held { receipt }) => {
                assert!(receipt.seq >= to, "acknowledged and not held");
                (held, failed) = (receipt.seq, 0);
            }
            Some(BatchAnswer::Gap { next_seq, .. }) => panic!("the centre forgot what it had acknowledged: {next_seq}"),
            Some(BatchAnswer::Fork { .. }) => panic!("a fork out of nothing"),
            None => {
                failed += 1;
                assert!(failed < 1_500, "the centre has taken nothing for half a minute");
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    }
}

#[test]
fn a_centre_killed_under_load_keeps_every_acknowledged_entry_and_counts_it_once() {
    let dir = tempfile::tempdir().unwrap();
    let rounds = kills().div_ceil(8);
    let kiosks: Vec<Terminal> = (1..=4)
        .map(|i| {
            let mut t = Terminal::new(i);
            for _ in 0..VISITS * u64::from(rounds) {
                t.serve(Satisfaction::Satisfied);
            }
            t
        })
        .collect();
    let conn = db::open(&dir.path().join(schema::FILE), &schema::SCHEMA).unwrap();
    for t in &kiosks {
        let device = Device {
            id: t.tip.device,
            key: t.key().public(),
            kiosk: t.kiosk.clone(),
            service_window: t.window.clone(),
            hall: hall(),
            standing: Standing::Active,
            enrolled: START,
        };
        devices::put(&conn, &device, None, START).unwrap();
    }
    drop(conn);
    let (mut centre, address) = up(dir.path(), "127.0.0.1:0");
    let listen = address.to_string();
    std::thread::scope(|scope| {
        let clients: Vec<_> = kiosks.iter().map(|t| scope.spawn(move || send_all(address, t))).collect();
        let mut under_load = 0;
        for i in 0..kills() {
            std::thread::sleep(Duration::from_millis(40 + u64::from(i * 37 % 110)));
            under_load += u32::from(clients.iter().any(|c| !c.is_finished()));
            centre.kill().unwrap();
            centre.wait().unwrap();
            centre = up(dir.path(), &listen).0;
        }
        assert!(under_load * 2 > kills(), "{under_load} of {} kills found the centre at work", kills());
        for client in clients {
            client.join().unwrap();
        }
    });
    centre.kill().unwrap();
    centre.wait().unwrap();

    let conn = db::open(&dir.path().join(schema::FILE), &schema::SCHEMA).unwrap();
    let check: String = conn.query_row("PRAGMA integrity_check", [], |r| r.get(0)).unwrap();
    assert_eq!(check, "ok");
    for t in &kiosks {
        let ledger = ledgers::id_of(&conn, t.tip.device, 1).unwrap().unwrap();
        let held = segments::read(&conn, ledger, 1, t.tip.seq, 1_000_000).unwrap();
        assert!(held.iter().map(|h| h.2).eq(t.entries.iter().map(|e| e.hash)), "every entry, once, in order");
    }
    let standing: i64 = Book::entries(&conn, 0, 1_000_000).unwrap().iter().map(|(_, f)| i64::from(f.sign)).sum();
    assert_eq!(standing as u64, 4 * VISITS * u64::from(rounds));
}
