//! `pingyi verify --centre`: what an auditor finds, whatever was done to the centre's file.

use std::path::Path;
use std::process::Output;

use pingyi::centre::audit;
use pingyi::centre::directory::users;
use pingyi::centre::running::Running;
use pingyi::centre::schema;
use pingyi::db;
use pingyi::domain::rating::Satisfaction;
use pingyi::domain::role::Role;
use pingyi::domain::time::{Now, WallMs};
use pingyi::journal::{Identity, Journal};
use pingyi::kiosk::sync::frame;
use pingyi::ledger::entry::{Body, Head};
use pingyi::ledger::keys::DeviceId;
use pingyi::protocol::{BatchAnswer, Enrol, EnrolAnswer, WIRE};
use rusqlite::{Connection, params};

use super::http;
use super::terminal::{START, Terminal};
use crate::command_line::pingyi;

struct Hall {
    dir: tempfile::TempDir,
    running: Running,
    auditor: String,
    supervisor: String,
}

impl Hall {
    async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let running = http::run(&http::sample(), dir.path()).await;
        let conn = db::open(&dir.path().join(schema::FILE), &schema::SCHEMA).unwrap();
        let auditor = users::add(&conn, "审计员", Role::Auditor, None, START).unwrap();
        let supervisor = users::add(&conn, "督查员", Role::HallSupervisor, None, START).unwrap();
        for _ in 0..200 {
            if running.site.directory.get().people().by_token(&supervisor, START).is_some() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        Self { dir, running, auditor, supervisor }
    }

    fn sql(&self, change: impl FnOnce(&Connection)) {
        change(&db::open(&self.dir.path().join(schema::FILE), &schema::SCHEMA).unwrap());
    }

    async fn take(&self, t: &Terminal) {
        http::enrol(&http::client(), &self.running.url(), self.dir.path(), t).await;
        self.send(t.batch(1, t.tip.seq)).await;
    }

    async fn send(&self, body: Vec<u8>) -> BatchAnswer {
        let url = format!("{}/api/v1/batches", self.running.url());
        http::client().post(url).body(body).send().await.unwrap().json().await.unwrap()
    }

    async fn verify(&self, token: &str, more: &[&str]) -> (bool, String) {
        let mut command = pingyi();
        command.args(["verify", "--centre", &self.running.url()]).args(more).env("PINGYI_TOKEN", token);
        said(tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap())
    }

    async fn admin(&self, args: &[&str]) -> (bool, String) {
        let mut command = pingyi();
        command.arg("admin").args(args).arg("--data").arg(self.dir.path());
        said(tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap())
    }
}

fn said(output: Output) -> (bool, String) {
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

fn served(number: u8, visits: u32) -> Terminal {
    let mut t = Terminal::new(number);
    for _ in 0..visits {
        t.serve(Satisfaction::Satisfied);
    }
    t
}

/// What the row of the only segment of `device` holds, changed.
fn edit(conn: &Connection, device: DeviceId, from: &str, to: &str) {
    let (id, codec, body): (i64, i64, Vec<u8>) = conn
        .query_row(
            "SELECT s.id, s.codec, s.body FROM segment s JOIN ledger l ON l.id = s.ledger WHERE l.device = ?1",
            [device.0],
            |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
        )
        .unwrap();
    let plain = if codec == 0 { body } else { zstd::stream::decode_all(&body[..]).unwrap() };
    let text = String::from_utf8(plain).unwrap();
    assert!(text.contains(from));
    let changed = text.replacen(from, to, 1);
    conn.execute("UPDATE segment SET codec = 0, body = ?2 WHERE id = ?1", params![id, changed.as_bytes()]).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_untouched_centre_holds_and_only_an_auditor_may_look() {
    let hall = Hall::open().await;
    let (ok, text) = hall.verify(&hall.auditor, &[]).await;
    assert!(!ok && text.contains("中心没有台账"), "nothing held is nothing verified: {text}");
    let (one, two) = (served(1, 3), served(2, 400));
    hall.take(&one).await;
    http::enrol(&http::client(), &hall.running.url(), hall.dir.path(), &two).await;
    for from in (1..two.tip.seq).step_by(700) {
        hall.send(two.batch(from, (from + 699).min(two.tip.seq))).await;
    }
    let (ok, text) = hall.verify(&hall.auditor, &[]).await;
    assert!(ok && text.contains("结论：完整"), "{text}");
    for part in ["QL01 W01 K01", "QL01 W02 K02", "条目 1 至 1201", "中心回执至第 1201 条", &one.tip.hash.to_string()]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    hall.sql(|conn| {
        let sql = "SELECT count(*) FROM audit_log WHERE act = 'ledgers_fetched'";
        let looked: i64 = conn.query_row(sql, [], |r| r.get(0)).unwrap();
        assert!(looked >= 2, "whoever looks at entries stands in the audit log");
    });
    let (ok, text) = hall.verify(&hall.auditor, &["--device", &one.tip.device.to_string()]).await;
    assert!(ok && text.contains("K01") && !text.contains("K02"), "{text}");
    for (token, code) in [(hall.supervisor.as_str(), "forbidden"), ("pingyi_none", "bad_token")] {
        let (ok, text) = hall.verify(token, &[]).await;
        assert!(!ok && text.contains(code), "{text}");
    }
    hall.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_was_done_to_the_file_is_found_from_outside() {
    type Crime = fn(&Connection, DeviceId);
    let crimes: [(Crime, &str); 6] = [
        (|conn, device| edit(conn, device, "\"satisfied\"", "\"very_satisfied\""), "不是设备签名的那一批"),
        (|conn, device| edit(conn, device, "\"seq\":3", "\"seq\":9"), "第 3 条自称第 9 条"),
        (
            |conn, _| {
                conn.execute("UPDATE segment SET signature = zeroblob(64)", []).map(drop).unwrap();
            },
            "不是本设备签名",
        ),
        (
            |conn, _| {
                conn.execute("UPDATE segment SET codec = 2, body = x'00'", []).map(drop).unwrap();
            },
            "无法读取",
        ),
        (
            |conn, _| {
                conn.execute("UPDATE segment SET first_seq = first_seq + 2", []).map(drop).unwrap();
            },
            "缺条",
        ),
        (
            |conn, _| {
                conn.execute("UPDATE device SET public_key = zeroblob(32)", []).map(drop).unwrap();
            },
            "属于另一台设备",
        ),
    ];
    let hall = Hall::open().await;
    let t = served(1, 3);
    hall.take(&t).await;
    for (crime, sentence) in crimes {
        let mut kept = Connection::open_in_memory().unwrap();
        hall.sql(|conn| rusqlite::backup::Backup::new(conn, &mut kept).unwrap().step(-1).map(drop).unwrap());
        hall.sql(|conn| crime(conn, t.tip.device));
        let (ok, text) = hall.verify(&hall.auditor, &[]).await;
        assert!(!ok && text.contains(sentence), "{sentence}: {text}");
        // Put back, and whole again.
        let mut conn = db::open(&hall.dir.path().join(schema::FILE), &schema::SCHEMA).unwrap();
        rusqlite::backup::Backup::new(&kept, &mut conn).unwrap().step(-1).map(drop).unwrap();
        drop(conn);
        let (ok, text) = hall.verify(&hall.auditor, &[]).await;
        assert!(ok, "{text}");
    }
    hall.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fork_is_a_break_until_a_person_decides_and_then_counts_as_was_decided() {
    let hall = Hall::open().await;
    let common = served(1, 2);
    let (mut held, mut other) = (common.clone(), common.clone());
    held.serve(Satisfaction::Satisfied);
    for _ in 0..2 {
        other.serve(Satisfaction::VeryDissatisfied);
    }
    hall.take(&held).await;
    let at = common.tip.seq + 1;
    let evidence = other.batch(at, other.tip.seq);
    assert!(matches!(hall.send(evidence.clone()).await, BatchAnswer::Fork { .. }));
    let (ok, text) = hall.verify(&hall.auditor, &[]).await;
    let place = format!("从第 {at} 条起另有一份");
    // Both open a visit at the same time: they part at the rating.
    let parted = if text.contains(&place) { at } else { at + 1 };
    assert!(!ok && text.contains(&format!("从第 {parted} 条起另有一份")), "{text}");
    let (device, seq) = (&held.tip.device.to_string()[..12], parted.to_string());
    let decide = |verdict: &'static str| {
        let said = ["--words", "盘被恢复成旧镜像", "--by", "王主任"];
        let place = ["device", "decide-fork", device, "--epoch", "1", "--at", &seq, "--verdict", verdict];
        [&place[..], &said[..]].concat()
    };
    let elsewhere = ["device", "decide-fork", device, "--epoch", "1", "--at", "1", "--verdict", "held"];
    let (ok, text) = hall.admin(&[&elsewhere[..], &["--words", "没有", "--by", "王"][..]].concat()).await;
    assert!(!ok && text.contains("no fork"), "{text}");
    let (ok, text) = hall.admin(&decide("both")).await;
    assert!(ok && text.contains("both histories are kept"), "{text}");
    let (ok, text) = hall.admin(&decide("held")).await;
    assert!(!ok && text.contains("stands"), "{text}");
    assert!(!hall.admin(&["device", "list"]).await.1.contains("alarm"), "the alarm is closed");
    // The device goes on showing its evidence; nobody is asked again.
    hall.send(evidence).await;
    assert!(!hall.admin(&["device", "list"]).await.1.contains("alarm"));
    let (ok, text) = hall.verify(&hall.auditor, &[]).await;
    assert!(ok && text.contains("已裁定：两份都计入统计"), "{text}");
    let negative = || hall.ratings(Satisfaction::VeryDissatisfied);
    for _ in 0..200 {
        if negative() > 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    // Visits that the other history opened; the one whose opening both share is the held one's.
    assert_eq!((negative(), hall.ratings(Satisfaction::Satisfied)), (if parted == at { 2 } else { 1 }, 3));
    assert!(hall.admin(&["audit"]).await.0, "the audit knows what was decided");
    // The decision that stands, and nothing of those that were refused.
    let detail = format!("by 王主任: epoch 1 at {parted}: both: 盘被恢复成旧镜像");
    assert_eq!(hall.deeds(), [("fork_decided".into(), format!("device:{}", held.tip.device), detail)]);
    hall.running.stop().await;
}

impl Hall {
    /// Act, object and detail of what was done by `pingyi admin` beside the running centre, in order.
    fn deeds(&self) -> Vec<(String, String, String)> {
        let conn = db::open(&self.dir.path().join(schema::FILE), &schema::SCHEMA).unwrap();
        let lines = audit::lines(&conn, &audit::Wanted::default(), 0, 1_000).unwrap();
        let own = lines.into_iter().rev().filter(|l| l.login == "pingyi admin" && l.account == 0);
        own.map(|l| (l.act, l.object, l.detail)).collect()
    }

    fn ratings(&self, level: Satisfaction) -> i64 {
        let conn = db::open(&self.dir.path().join(schema::FILE), &schema::SCHEMA).unwrap();
        let facts = pingyi::centre::statistics::Book::entries(&conn, 0, 10_000).unwrap();
        facts.iter().filter(|(_, f)| f.level == Some(level)).map(|(_, f)| i64::from(f.sign)).sum()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unclosed_epoch_is_explained_and_its_alarm_closes() {
    let hall = Hall::open().await;
    let mut t = served(1, 2);
    hall.take(&t).await;
    t.next_epoch();
    hall.send(t.batch(1, 1)).await;
    let device = t.tip.device.to_string();
    assert!(hall.admin(&["device", "list"]).await.1.contains("new_epoch"));
    let explain = |words: &'static str, epoch: &'static str| {
        let args = ["device", "explain", &device, "--epoch", epoch, "--reason", "reinstalled"];
        [args[..].to_vec(), vec!["--words", words, "--by", "王主任"]].concat()
    };
    assert!(!hall.admin(&explain("", "1")).await.0, "words are needed");
    assert!(!hall.admin(&explain("没有这一期", "7")).await.0);
    assert!(hall.admin(&explain("换了系统盘", "1")).await.0);
    assert!(!hall.admin(&["device", "list"]).await.1.contains("alarm"));
    let (ok, text) = hall.verify(&hall.auditor, &[]).await;
    assert!(ok && text.contains("原机重装"), "{text}");
    let detail = "by 王主任: epoch 1: reinstalled: 换了系统盘".to_owned();
    let object = format!("device:{device}");
    assert_eq!(hall.deeds(), [("epoch_explained".into(), object.clone(), detail)]);
    // Nothing is open any more: nothing was done.
    assert!(hall.admin(&["device", "clear-alarms", &device]).await.0);
    t.next_epoch();
    hall.send(t.batch(1, 1)).await;
    assert!(hall.admin(&["device", "clear-alarms", &device]).await.0);
    assert!(hall.admin(&["device", "revoke", &device]).await.0);
    let acts: Vec<_> = hall.deeds().into_iter().map(|(act, of, _)| (act, of)).collect();
    let of = |act: &str| (act.to_owned(), object.clone());
    assert_eq!(acts, [of("epoch_explained"), of("alarms_seen"), of("device_retired")]);
    assert!(hall.admin(&["audit"]).await.0, "and the log's chain holds");
    hall.running.stop().await;
}

/// A kiosk's own ledger in a file, enrolled and sent.
fn journal(dir: &Path) -> Journal {
    let board = pingyi::config::board::load(Path::new("kiosk-config/board.toml"), None).unwrap();
    let identity = Identity {
        kiosk: pingyi::domain::id::KioskId::new("K03").unwrap(),
        window: board.windows[0].id.clone(),
        version: "0".into(),
    };
    Journal::open(dir, &identity, now(1)).unwrap().journal
}

fn now(seconds: i64) -> Now {
    Now { wall: WallMs(START.0 + seconds * 1_000), mono_ms: seconds.cast_unsigned() * 1_000 }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kiosks_own_ledger_is_laid_beside_what_the_centre_holds() {
    let hall = Hall::open().await;
    let dir = tempfile::tempdir().unwrap();
    let mut journal = journal(dir.path());
    let (key, head) = (journal.key(), journal.head());
    let code = http::code_for(hall.dir.path(), &Terminal::new(3));
    let proof = key.sign(&Enrol::message(&code, &key.public(), &head));
    let enrol = Enrol { wire: WIRE, code, public_key: key.public(), head, proof };
    let url = hall.running.url();
    let answer = http::client().post(format!("{url}/api/v1/enrol")).json(&enrol).send().await.unwrap();
    journal.enrolled(&answer.json::<EnrolAnswer>().await.unwrap(), now(2)).unwrap();
    let held = Held { hall: &hall, dir: dir.path() };
    let receipt = held.send(&mut journal).await;
    journal.append(vec![Body::Boot { version: "1".into() }], now(4)).unwrap();
    let last = journal.head().seq;
    drop(journal);
    let (ok, text) = held.beside().await;
    assert!(ok && text.contains(&format!("第 1 至 {} 条与中心一致", receipt.seq)), "{text}");
    assert!(text.contains(&format!("终端另有 {} 条待传", last - receipt.seq)), "{text}");
    // The centre loses what it has acknowledged.
    hall.sql(|conn| assert!(conn.execute("DELETE FROM segment", []).unwrap() > 0));
    let (ok, text) = held.beside().await;
    assert!(!ok && text.contains(&format!("终端持有至第 {} 条的回执", receipt.seq)), "{text}");
    hall.running.stop().await;
}

struct Held<'a> {
    hall: &'a Hall,
    dir: &'a Path,
}

impl Held<'_> {
    async fn send(&self, journal: &mut Journal) -> Head {
        let run = journal.unsynced_from(1, 1, 1_000, usize::MAX).unwrap();
        let (_, wire) = run.and_then(frame::batch).unwrap();
        let BatchAnswer::Held { receipt } = self.hall.send(wire.body).await else { panic!("not held") };
        journal.hold_receipt(&receipt, now(3)).unwrap();
        receipt.head()
    }

    async fn beside(&self) -> (bool, String) {
        let file = self.dir.to_str().unwrap().to_owned();
        self.hall.verify(&self.hall.auditor, &["--ledger", &file]).await
    }
}
