//! A kiosk's data folder that was used and synced, a centre that holds it, and the tools of an attacker.

use std::path::PathBuf;
use std::process::Command;

use pingyi::centre::alarms::{self, AlarmKind};
use pingyi::centre::in_process::{Centre, Refused};
use pingyi::centre::statistics::Book;
use pingyi::domain::board::BoardVersion;
use pingyi::domain::id::{HallId, KioskId, StaffNo, WindowId};
use pingyi::domain::rating::{Satisfaction, Signals};
use pingyi::domain::time::{ClockGrade, Now, WallMs};
use pingyi::domain::visit::{VisitOutcome, VisitTrigger};
use pingyi::journal::place::{self, LEDGER_FILE};
use pingyi::journal::{Identity, Journal, evidence};
use pingyi::kiosk::sync::frame;
use pingyi::ledger::chain::{Signed, link, signed_message};
use pingyi::ledger::entry::{Body, ENTRY_VERSION, Entry, NEW_VISIT, Rated, VisitOpened};
use pingyi::ledger::keys::{DeviceKey, Hash, Signature};
use pingyi::ledger::verify::EpochReport;
use pingyi::protocol::{BatchAnswer, Enrol};
use rusqlite::{Connection, params};

const T: i64 = 1_793_581_200_000;

pub struct Bench {
    /// Deleted with the bench.
    _root: tempfile::TempDir,
    dir: PathBuf,
    centre: Centre,
    codes: u8,
    seconds: i64,
}

impl Bench {
    /// Entries: 1 genesis, 2 boot, 3 enrolled; visits 4–6, 7–9 and 10–12, all held by the centre; then 13, the note of its
    /// receipt, and the visit 14–16, which only the kiosk has.
    pub fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let dir = root.path().join("data");
        let centre = Centre::in_memory(HallId::new("H01").unwrap(), [9; 32]).unwrap();
        let mut bench = Self { _root: root, dir, centre, codes: 0, seconds: 0 };
        let mut journal = bench.reopen();
        bench.enrol(&mut journal);
        for _ in 0..3 {
            bench.serve_on(&mut journal);
        }
        assert!(matches!(bench.send_from(&mut journal).unwrap(), BatchAnswer::Held { receipt } if receipt.seq == 12));
        bench.serve_on(&mut journal);
        assert_eq!(journal.head().seq, 16);
        bench
    }

    /// The kiosk's program starts.
    pub fn reopen(&mut self) -> Journal {
        let now = self.now();
        Journal::open(&self.dir, &identity(), now).unwrap().journal
    }

    /// Starts, serves one citizen, stops.
    pub fn serve(&mut self) {
        let mut journal = self.reopen();
        self.serve_on(&mut journal);
    }

    /// Starts, sends everything, stops; the answer to the last batch.
    pub fn send_all(&mut self) -> BatchAnswer {
        self.try_send_all().unwrap()
    }

    pub fn try_send_all(&mut self) -> Result<BatchAnswer, Refused> {
        let mut journal = self.reopen();
        self.send_from(&mut journal)
    }

    /// A person lets the device in under the same kiosk's name.
    pub fn enrol_again(&mut self) {
        let mut journal = self.reopen();
        self.enrol(&mut journal);
    }

    pub fn alarms(&self) -> Vec<AlarmKind> {
        alarms::open(self.centre.conn(), 100).unwrap().into_iter().map(|a| a.kind).collect()
    }

    pub fn ratings_at_the_centre(&self) -> i64 {
        let facts = Book::entries(self.centre.conn(), 0, 100_000).unwrap();
        facts.iter().filter(|(_, f)| f.level.is_some()).map(|(_, f)| i64::from(f.sign)).sum()
    }

    pub fn verify(&self) -> Vec<EpochReport> {
        evidence::verify(&self.ledger(), None).unwrap()
    }

    /// True if `pingyi verify` says so, and exits accordingly.
    pub fn says(&self, text: &str, succeeds: bool) -> bool {
        let run = Command::new(env!("CARGO_BIN_EXE_pingyi")).arg("verify").arg(self.ledger()).output().unwrap();
        let said = String::from_utf8(run.stdout).unwrap();
        assert_eq!(run.status.success(), succeeds, "{said}{}", String::from_utf8_lossy(&run.stderr));
        said.contains(text)
    }

    /// All files of the folder, as a backup keeps them.
    pub fn copy(&self) -> Vec<(String, Vec<u8>)> {
        let files = std::fs::read_dir(&self.dir).unwrap().map(Result::unwrap);
        let read = |f: std::fs::DirEntry| (f.file_name().into_string().unwrap(), std::fs::read(f.path()).unwrap());
        files.map(read).filter(|(name, _)| name.starts_with(LEDGER_FILE)).collect()
    }

    /// Plays the ledger's files back; what else lies there stays.
    pub fn restore(&self, copy: &[(String, Vec<u8>)]) {
        for suffix in ["-wal", "-shm"] {
            self.remove(&format!("{LEDGER_FILE}{suffix}"));
        }
        copy.iter().for_each(|(name, bytes)| std::fs::write(self.dir.join(name), bytes).unwrap());
    }

    pub fn remove(&self, name: &str) {
        let _ = std::fs::remove_file(self.dir.join(name));
    }

    /// An auditor takes the file alone to another machine.
    pub fn move_away(&mut self) {
        let elsewhere = self.dir.with_file_name("elsewhere");
        std::fs::create_dir(&elsewhere).unwrap();
        std::fs::copy(self.ledger(), elsewhere.join(LEDGER_FILE)).unwrap();
        self.dir = elsewhere;
    }

    /// Everything is gone, the key as well.
    pub fn reinstall(&mut self) {
        std::fs::remove_dir_all(&self.dir).unwrap();
        drop(self.reopen());
    }

    pub fn sql(&self, text: &str) {
        self.open().execute_batch(text).unwrap();
    }

    /// Changes one entry and makes the whole chain behind it fit again; what the attacker lacks is the key.
    pub fn rehash_from(&self, seq: u64, from: &str, to: &str) {
        let conn = self.open();
        let rows = rows(&conn);
        let mut prev = rows[seq as usize - 2].hash;
        for row in &rows[seq as usize - 1..] {
            let text = String::from_utf8(row.bytes.clone()).unwrap();
            let bytes = if row.seq == seq { text.replace(from, to).into_bytes() } else { text.into_bytes() };
            prev = link(&prev, &bytes);
            conn.execute(
                "UPDATE entry SET bytes = ?2, hash = ?3 WHERE seq = ?1",
                params![row.seq as i64, bytes, prev.0],
            )
            .unwrap();
        }
    }

    pub fn replay_entries_of_another_device(&mut self) {
        let other = Self::new();
        let conn = self.open();
        for row in rows(&other.open()).iter().filter(|r| (7..=9).contains(&r.seq)) {
            conn.execute(
                "UPDATE entry SET bytes = ?2, hash = ?3, signature = ?4 WHERE seq = ?1",
                params![row.seq as i64, row.bytes, row.hash.0, row.signature.0],
            )
            .unwrap();
        }
    }

    pub fn put_another_ledger_in_its_place(&mut self) {
        let other = Self::new();
        self.restore(&other.copy());
    }

    pub fn append_with_a_foreign_key(&mut self) {
        let key = DeviceKey::from_secret(&[66; 32]);
        self.append_by_hand(&key, Body::Boot { version: "0.1.0".into() });
    }

    pub fn rate_again_with_the_device_key(&mut self) {
        let key = place::read_device_key(&self.dir).unwrap().unwrap();
        self.append_by_hand(&key, rated(14, 4_242, Satisfaction::VerySatisfied));
    }

    fn ledger(&self) -> PathBuf {
        self.dir.join(LEDGER_FILE)
    }

    /// Past all that the program itself would refuse.
    fn open(&self) -> Connection {
        let conn = Connection::open(self.ledger()).unwrap();
        conn.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").unwrap();
        conn
    }

    fn append_by_hand(&self, key: &DeviceKey, body: Body) {
        let conn = self.open();
        let rows = rows(&conn);
        let last = rows.last().unwrap();
        let entry =
            Entry { v: ENTRY_VERSION, seq: last.seq + 1, boot: 1, mono_ms: 0, wall_ms: T, clock: ClockGrade::B, body };
        let bytes = entry.to_bytes().unwrap();
        let hash = link(&last.hash, &bytes);
        let signature = key.sign(&signed_message(&hash));
        conn.execute(
            "INSERT INTO entry (epoch, seq, bytes, hash, signature) VALUES (1, ?1, ?2, ?3, ?4)",
            params![entry.seq as i64, bytes, hash.0, signature.0],
        )
        .unwrap();
    }

    fn now(&mut self) -> Now {
        self.seconds += 1;
        Now { wall: WallMs(T + self.seconds * 1_000), mono_ms: self.seconds as u64 * 1_000 }
    }

    fn enrol(&mut self, journal: &mut Journal) {
        self.codes += 1;
        let now = self.now();
        let id = identity();
        let code = self.centre.enrol_code(&id.kiosk, &id.window, [self.codes; 8], now.wall).unwrap();
        let (key, head) = (journal.key(), journal.head());
        let proof = key.sign(&Enrol::message(&code, &key.public(), &head));
        let request = Enrol { wire: 1, code, public_key: key.public(), head, proof };
        let answer = self.centre.enrol(&request, now.wall).unwrap();
        journal.enrolled(&answer, now).unwrap();
    }

    fn serve_on(&mut self, journal: &mut Journal) {
        let now = self.now();
        let opened = Body::VisitOpened(VisitOpened {
            window: identity().window,
            staff: Some(StaffNo::new("0027").unwrap()),
            trigger: VisitTrigger::Card,
            item: None,
            case_no: None,
            board: BoardVersion("b".into()),
            pledges: vec![],
        });
        let rated = rated(NEW_VISIT, self.seconds as u64, Satisfaction::VeryDissatisfied);
        let closed = Body::VisitClosed { visit: NEW_VISIT, outcome: VisitOutcome::Rated };
        journal.append(vec![opened, rated, closed], now).unwrap();
    }

    /// Each epoch from what the kiosk knows to be held.
    fn send_from(&mut self, journal: &mut Journal) -> Result<BatchAnswer, Refused> {
        let mut last = None;
        for stand in journal.epochs().unwrap() {
            let run = journal.unsynced_from(stand.epoch, stand.held_seq + 1, 1_000, usize::MAX).unwrap();
            let Some((_, wire)) = run.and_then(frame::batch) else { continue };
            let now = self.now();
            let answer = self.centre.ingest(&wire.body, now.wall)?;
            if let BatchAnswer::Held { receipt } = &answer {
                journal.hold_receipt(receipt, now).unwrap();
            }
            last = Some(answer);
        }
        Ok(last.expect("there was something to send"))
    }
}

fn identity() -> Identity {
    Identity { kiosk: KioskId::new("K01").unwrap(), window: WindowId::new("W01").unwrap(), version: "0.1.0".into() }
}

fn rated(visit: u64, tap: u64, level: Satisfaction) -> Body {
    Body::Rated(Rated { visit, tap, level, dwell_ms: 900, x: 1, y: 2, signals: Signals::NONE })
}

fn rows(conn: &Connection) -> Vec<Signed> {
    let mut statement = conn.prepare("SELECT seq, bytes, hash, signature FROM entry ORDER BY epoch, seq").unwrap();
    let rows = statement.query_map([], |r| {
        Ok(Signed {
            seq: r.get::<_, i64>(0)? as u64,
            bytes: r.get(1)?,
            hash: Hash(r.get(2)?),
            signature: Signature(r.get(3)?),
        })
    });
    rows.unwrap().map(Result::unwrap).collect()
}
