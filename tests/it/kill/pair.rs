//! Centre and kiosks as real processes, killed at random moments under load: every rating whose receipt code a citizen
//! has seen is counted at the centre exactly once, every chain verifies, and no database is damaged.
//!
//! `PINGYI_KILLS=1000 cargo test --test it kill -- --nocapture` kills so often.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use pingyi::centre::ingest::{batch, segments};
use pingyi::centre::statistics::Book;
use pingyi::db;
use pingyi::kiosk::sync::backoff::Jitter;
use pingyi::ledger::chain::{Tip, receipt_code, signature_holds};
use pingyi::ledger::entry::Body;
use pingyi::ledger::keys::{DeviceId, PublicKey};
use rusqlite::Connection;

const KIOSKS: usize = 4;
const FEW: u32 = 12;

/// Folders and addresses of one run.
struct Place {
    dir: tempfile::TempDir,
    address: SocketAddr,
}

/// A process that is killed without a word when it goes.
struct Victim(Child);

impl Victim {
    fn kill(mut self) {
        // SIGKILL: nothing in it hears of it.
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    fn is_running(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(None))
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn what_was_thanked_for_is_counted_once_though_both_sides_are_killed() {
    let kills: u32 = std::env::var("PINGYI_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(FEW);
    let place = Place::new();
    let mut jitter = Jitter::new(u64::from(kills) + 17);
    let (mut killed_centres, mut killed_kiosks) = (0, 0);
    let mut centre = place.start_centre();
    place.make_codes();
    let mut kiosks = place.start_kiosks(u64::MAX >> 1);
    for n in 0..kills {
        std::thread::sleep(Duration::from_millis(jitter.below(900)));
        let (at_centre, at_kiosks) = match jitter.below(5) {
            0 | 1 => (true, false),
            2 | 3 => (false, true),
            _ => (true, true),
        };
        assert!(kiosks.is_running(), "kill {n}: the kiosks ended by themselves: {}", place.said("kiosks"));
        assert!(centre.is_running(), "kill {n}: the centre ended by itself: {}", place.said("centre"));
        if at_centre {
            centre.kill();
            killed_centres += 1;
            centre = place.start_centre();
        }
        if at_kiosks {
            kiosks.kill();
            killed_kiosks += 1;
            kiosks = place.start_kiosks(u64::MAX >> 1);
        }
        if n % 50 == 49 {
            println!("{} kills, {} thanked", n + 1, place.thanked().len());
        }
    }
    kiosks.kill();
    // Once more, in peace: all that waits is sent.
    let mut last = place.start_kiosks(40);
    let ended = last.0.wait().unwrap();
    assert!(ended.success(), "not everything reached the centre: {}", place.said("kiosks"));
    centre.kill();
    let found = place.audit();
    println!(
        "{killed_centres} centres and {killed_kiosks} times {KIOSKS} kiosks killed: {} thanked, {found} at the centre",
        place.thanked().len()
    );
    assert!(place.thanked().len() > kills as usize, "hardly anything was thanked for");
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        // Taken and let go, so that the centre comes back at the same place.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        Self { dir, address }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn config(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("kiosk-config")
    }

    fn start(&self, log: &str, command: &mut Command) -> Victim {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.path(log)).unwrap();
        let command = command.env("PINGYI_LOG", "warn").stdin(Stdio::null());
        Victim(command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap())
    }

    fn start_centre(&self) -> Victim {
        let mut command = crate::command_line::pingyi();
        command.args(["centre", "--listen", &self.address.to_string()]);
        command.arg("--config").arg(self.config()).arg("--data").arg(self.path("centre-data"));
        let mut centre = self.start("centre", &mut command);
        let deadline = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(self.address).is_err() {
            assert!(centre.is_running(), "the centre does not start again: {}", self.said("centre"));
            assert!(Instant::now() < deadline, "the centre does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        centre
    }

    fn make_codes(&self) {
        let mut codes = String::new();
        for i in 1..=KIOSKS {
            let (kiosk, window) = (format!("S{i:02}"), format!("W{i:02}"));
            let mut command = crate::command_line::pingyi();
            command.arg("admin").arg("--data").arg(self.path("centre-data")).args(["device", "enrol-code"]);
            command.args(["--kiosk", &kiosk, "--window", &window]).arg("--config").arg(self.config());
            let output = command.output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            codes += &format!("{kiosk} {window} {}", String::from_utf8(output.stdout).unwrap());
        }
        std::fs::write(self.path("codes"), codes).unwrap();
    }

    fn start_kiosks(&self, ratings: u64) -> Victim {
        let mut command = crate::command_line::pingyi();
        command.arg("simulate").args(["--centre", &format!("http://{}", self.address)]);
        command.args(["--kiosks", &KIOSKS.to_string(), "--ratings", &ratings.to_string(), "--wait", "300"]);
        command.arg("--config").arg(self.config()).arg("--data").arg(self.path("kiosks-data"));
        command.arg("--codes").arg(self.path("codes")).arg("--thanked").arg(self.path("thanked"));
        self.start("kiosks", &mut command)
    }

    fn said(&self, log: &str) -> String {
        std::fs::read_to_string(self.path(log)).unwrap_or_default()
    }

    /// Receipt codes that somebody has seen; a line that a kill cut short is none.
    fn thanked(&self) -> BTreeSet<String> {
        let text = std::fs::read_to_string(self.path("thanked")).unwrap_or_default();
        let code = |line: &str| line.split_once(' ').filter(|(_, code)| code.len() == 11).map(|(_, c)| c.to_owned());
        text.split_inclusive('\n').filter(|l| l.ends_with('\n')).filter_map(|l| code(l.trim_end())).collect()
    }

    /// How many ratings the centre counts.
    fn audit(&self) -> usize {
        let path = self.path("centre-data").join(pingyi::centre::schema::FILE);
        let conn = db::open_read_only(&path, &pingyi::centre::schema::SCHEMA).unwrap();
        sound(&conn, "the centre");
        let (codes, rated) = read_ledgers(&conn);
        for code in self.thanked() {
            assert_eq!(codes.get(&code), Some(&1), "{code} was thanked for");
        }
        let counted = counted(&conn);
        assert_eq!(counted, rated, "the book and the ledgers differ");
        for i in 1..=KIOSKS {
            let ledger = self.path("kiosks-data").join(format!("S{i:02}")).join("ledger.db");
            let conn = db::open_read_only(&ledger, &pingyi::journal::schema::SCHEMA).unwrap();
            sound(&conn, "a kiosk");
            let verified = crate::command_line::pingyi().arg("verify").arg(&ledger).output().unwrap();
            let said = String::from_utf8_lossy(&verified.stdout).into_owned();
            assert!(verified.status.success(), "{said}{}", String::from_utf8_lossy(&verified.stderr));
        }
        counted.len()
    }
}

fn sound(conn: &Connection, whose: &str) {
    let verdict: String = conn.query_row("PRAGMA integrity_check", [], |r| r.get(0)).unwrap();
    assert_eq!(verdict, "ok", "{whose} has a damaged database");
}

/// Follows every chain at the centre from its beginning: how often each rating's receipt code stands there, and the rated
/// visits by ledger.
fn read_ledgers(conn: &Connection) -> (BTreeMap<String, u32>, BTreeSet<(i64, u64)>) {
    let (mut codes, mut rated) = (BTreeMap::new(), BTreeSet::new());
    let mut statement = conn.prepare("SELECT id, device, epoch FROM ledger").unwrap();
    let row = |r: &rusqlite::Row<'_>| Ok((r.get::<_, i64>(0)?, DeviceId(r.get(1)?), r.get::<_, u32>(2)?));
    let ledgers: Vec<_> = statement.query_map([], row).unwrap().map(Result::unwrap).collect();
    assert!(ledgers.len() >= KIOSKS);
    for (ledger, device, epoch) in ledgers {
        let mut tip = Tip::start(device, epoch);
        let mut key: Option<PublicKey> = None;
        while let Some(segment) = segments::after(conn, ledger, tip.seq).unwrap() {
            assert_eq!((segment.first_seq, segment.prev), (tip.seq + 1, tip.hash), "a segment does not follow");
            let lines = segment.lines().unwrap();
            for line in batch::split_lines(&lines) {
                let entry = tip.follow(line).unwrap();
                match entry.body {
                    Body::Genesis(genesis) => key = Some(genesis.public_key),
                    Body::Rated(r) => {
                        *codes.entry(receipt_code(&tip.hash)).or_insert(0) += 1;
                        assert!(rated.insert((ledger, r.visit)), "a visit is rated twice");
                    }
                    Body::Revised(_) => *codes.entry(receipt_code(&tip.hash)).or_insert(0) += 1,
                    _ => {}
                }
            }
            assert!(signature_holds(&key.unwrap(), &tip.hash, &segment.signature), "the device did not sign this");
        }
    }
    (codes, rated)
}

/// Rated visits in the book, each exactly once.
fn counted(conn: &Connection) -> BTreeSet<(i64, u64)> {
    let mut sums: BTreeMap<(i64, u64), i64> = BTreeMap::new();
    let mut after = 0;
    loop {
        let page = Book::entries(conn, after, 10_000).unwrap();
        let Some((last, _)) = page.last() else { break };
        after = *last;
        for (_, fact) in page.iter().filter(|(_, f)| f.level.is_some()) {
            *sums.entry((fact.ledger, fact.visit)).or_insert(0) += i64::from(fact.sign);
        }
    }
    sums.retain(|_, n| *n != 0);
    assert!(sums.values().all(|n| *n == 1), "a rating counts more than once");
    sums.into_keys().collect()
}
