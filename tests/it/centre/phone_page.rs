//! The phone page over HTTP: a kiosk's ticket, a plain client, and what the centre keeps of it.

use std::path::Path;

use pingyi::centre::running::Running;
use pingyi::centre::schema;
use pingyi::db;
use pingyi::domain::board::BoardVersion;
use pingyi::domain::id::{ItemCode, StaffNo};
use pingyi::domain::rating::Satisfaction;
use pingyi::domain::visit::{VisitOutcome, VisitTrigger};
use pingyi::ledger::chain::receipt_code;
use pingyi::ledger::entry::{Body, VisitOpened};
use pingyi::ledger::keys::DeviceKey;
use pingyi::ledger::seal::context;
use pingyi::ledger::ticket::Ticket;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};

use super::http::{enrol, run, sample};
use super::terminal::Terminal;

/// A running centre of the sample hall with one enrolled kiosk.
pub struct Hall {
    pub url: String,
    pub data: tempfile::TempDir,
    pub terminal: Terminal,
    client: Client,
    running: Running,
    sent: u64,
}

impl Hall {
    pub async fn open() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
        let data = tempfile::tempdir().unwrap();
        let running = run(&sample(), data.path()).await;
        let terminal = Terminal::new(3);
        let url = running.url();
        enrol(&client, &url, data.path(), &terminal).await;
        Self { url, data, terminal, client, running, sent: 0 }
    }

    /// Opens a visit with somebody of the sample hall.
    pub fn open_visit(&mut self) -> u64 {
        let code = |text: &str| ItemCode::new(text).unwrap();
        self.terminal.add(Body::VisitOpened(VisitOpened {
            window: self.terminal.window.clone(),
            staff: Some(StaffNo::new("0006").unwrap()),
            trigger: VisitTrigger::Staff,
            item: Some(code("YB-001")),
            case_no: None,
            board: BoardVersion("0000000000000000".into()),
            pledges: vec![],
        }))
    }

    /// Sends what the kiosk has written since.
    pub async fn sync(&mut self) {
        let body = self.terminal.batch(self.sent + 1, self.terminal.tip.seq);
        let answer = self.client.post(format!("{}/api/v1/batches", self.url)).body(body).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        self.sent = self.terminal.tip.seq;
    }

    /// The text of a ticket of now for `visit`.
    pub fn ticket(&self, visit: u64, rated: bool) -> String {
        self.ticket_by(visit, rated, &self.terminal.key())
    }

    pub fn ticket_by(&self, visit: u64, rated: bool, key: &DeviceKey) -> String {
        let tip = self.terminal.tip;
        let mut anchor_hash = [0; 16];
        anchor_hash.copy_from_slice(&tip.hash.0[..16]);
        let minutes = pingyi::centre::clock::now().wall.0 / 60_000 + 120;
        let expires_min = u32::try_from(minutes).unwrap();
        let (device, epoch) = (tip.device, tip.epoch);
        Ticket { device, epoch, visit, rated, expires_min, anchor_seq: tip.seq, anchor_hash }.to_text(key)
    }

    pub fn number(&self, sql: &str) -> i64 {
        let conn = db::open_read_only(&self.data.path().join(schema::FILE), &schema::SCHEMA).unwrap();
        conn.query_row(sql, [], |r| r.get(0)).unwrap()
    }

    async fn get(&self, path: &str) -> (StatusCode, String) {
        let answer = self.client.get(format!("{}{path}", self.url)).send().await.unwrap();
        assert_strict(&answer);
        (answer.status(), answer.text().await.unwrap())
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let body: Vec<String> = fields.iter().map(|(n, v)| format!("{n}={}", percent(v))).collect();
        let request = self.client.post(format!("{}{path}", self.url)).body(body.join("&"));
        request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap()
    }

    /// Posts, expects to be sent on, and returns where to.
    async fn post_onward(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.post(path, fields).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", answer.text().await.unwrap());
        answer.headers()["location"].to_str().unwrap().to_owned()
    }

    pub async fn stop(self) {
        self.running.stop().await;
    }
}

/// The mark of one drawing of the form.
const ONCE: (&str, &str) = ("once", "AEBAGBAFAYDQQCIKBMGA2DQPCA");

fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

fn assert_strict(answer: &Response) {
    let header = |name: &str| answer.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let policy = header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert!(!policy.contains("script-src"), "no script may run: {policy}");
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("referrer-policy"), "same-origin");
    assert!(answer.headers().get("set-cookie").is_none());
}

#[tokio::test]
async fn one_visit_from_the_code_to_sealed_words() {
    let mut hall = Hall::open().await;
    let visit = hall.open_visit();
    hall.sync().await;
    let path = format!("/T/{}", hall.ticket(visit, false));
    let (status, page) = hall.get(&path).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(page.matches("name=\"level\"").count(), 5);
    assert!(
        page.contains("阿卜杜热西提·买买提")
            && page.contains("工号 0006")
            && page.contains("lang=\"zh-CN\"")
            && !page.contains("<script")
    );
    let (_, english) = hall.get(&format!("{path}?lang=en")).await;
    assert!(english.contains("Very dissatisfied") && english.contains("lang=\"en\""));

    let to = hall.post_onward(&path, &[ONCE, ("level", "dissatisfied")]).await;
    assert_eq!(to, hall.post_onward(&path, &[ONCE, ("level", "dissatisfied")]).await, "sent twice, done once");
    assert_eq!(hall.number("SELECT count(*) FROM phone_rating"), 1);
    let (_, page) = hall.get(&format!("{path}{to}")).await;
    assert!(page.contains("评价已收到") && page.contains("name=\"reason\"") && !page.contains("name=\"level\""));
    // Whoever scans the glass after that learns that it was rated, and not how.
    let (_, other) = hall.get(&path).await;
    assert!(other.contains("已经评价") && !other.contains("name=\"reason\"") && !other.contains("不满意"));

    let tag = page.split("name=\"reason\" value=\"").nth(1).and_then(|t| t.split('"').next()).unwrap();
    let words =
        [ONCE, ("reason", tag), ("words", "等了很久\r\n没人理"), ("contact", "13800000000"), ("consent", "yes")];
    for _ in 0..2 {
        let to = hall.post_onward(&format!("{path}{to}"), &words).await;
        assert!(hall.get(&format!("{path}{to}")).await.1.contains("您的意见已收到"));
    }
    assert_eq!(hall.number("SELECT count(*) FROM words WHERE channel = 'phone'"), 1);
    assert_eq!(hall.number(&format!("SELECT count(*) FROM phone_rating WHERE reasons = '{tag}'")), 1);
    assert_words_are_sealed(&hall, visit);
    hall.stop().await;
}

/// The words open with the centre's key, and stand in no file of the centre in the clear.
fn assert_words_are_sealed(hall: &Hall, visit: u64) {
    let dir = hall.data.path();
    let conn = db::open_read_only(&dir.join(schema::FILE), &schema::SCHEMA).unwrap();
    let sealed: Vec<u8> = conn.query_row("SELECT sealed FROM words", [], |r| r.get(0)).unwrap();
    let keys = pingyi::centre::keys::CentreKeys::read(dir).unwrap();
    let tip = hall.terminal.tip;
    let words = keys.opening.open(&sealed, &context(&tip.device, tip.epoch, visit)).unwrap();
    assert_eq!(words.text.as_deref(), Some("等了很久\n没人理"));
    assert_eq!(words.contact.as_deref(), Some("13800000000"));
    for file in std::fs::read_dir(dir).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for secret in ["13800000000", "没人理"] {
            assert!(!bytes.windows(secret.len()).any(|w| w == secret.as_bytes()), "{secret} in the clear");
        }
    }
}

#[tokio::test]
async fn a_number_without_consent_is_not_taken_and_nothing_typed_is_lost() {
    let mut hall = Hall::open().await;
    let visit = hall.terminal.serve(Satisfaction::Satisfied);
    hall.sync().await;
    let path = format!("/t/{}", hall.ticket(visit, true));
    let (_, page) = hall.get(&path).await;
    assert!(page.contains("不需要再评一次") && !page.contains("name=\"level\""));
    assert!(page.contains("最长 365 天"), "the notice says how long a number is kept");
    let answer = hall.post(&path, &[ONCE, ("words", "很好<b>"), ("contact", "13800000000")]).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text().await.unwrap();
    assert!(page.contains("没有勾选同意") && page.contains("13800000000") && page.contains("很好&lt;b&gt;"));
    assert_eq!(hall.number("SELECT count(*) FROM words"), 0);
    hall.stop().await;
}

#[tokio::test]
async fn a_second_rating_is_kept_flagged_and_not_counted_also_before_the_kiosk_has_synced() {
    let mut hall = Hall::open().await;
    hall.sync().await;
    let visit = hall.terminal.serve(Satisfaction::Satisfied);
    let path = format!("/t/{}", hall.ticket(visit, true));
    let to = hall.post_onward(&path, &[ONCE, ("level", "very_dissatisfied")]).await;
    assert!(hall.get(&format!("{path}{to}")).await.1.contains("以先到的为准"));
    hall.sync().await;
    assert_eq!(hall.number("SELECT count(*) FROM phone_rating WHERE counted = 0"), 1);
    assert_eq!(hall.number("SELECT sum(sign) FROM fact"), 1);
    hall.stop().await;
}

#[tokio::test]
async fn every_bad_code_is_refused_in_words_with_what_to_do() {
    let mut hall = Hall::open().await;
    let visit = hall.terminal.open();
    hall.terminal.close(visit, VisitOutcome::Unused);
    hall.sync().await;
    let good = hall.ticket(visit, false);
    let other = DeviceKey::from_secret(&[77; 32]);
    let mut changed = good.clone().into_bytes();
    changed[30] = if changed[30] == b'A' { b'B' } else { b'A' };
    let foreign = Ticket {
        device: other.device(),
        ..Ticket::parse(&good).unwrap().verify(&hall.terminal.key().public()).unwrap()
    };
    let cases = [
        ("ABC".to_owned(), StatusCode::NOT_FOUND, "不完整"),
        (hall.ticket_by(visit, false, &other), StatusCode::FORBIDDEN, "不是终端发出的"),
        (foreign.to_text(&other), StatusCode::NOT_FOUND, "没有登记"),
        (String::from_utf8(changed).unwrap(), StatusCode::FORBIDDEN, "不是终端发出的"),
    ];
    for (text, status, words) in cases {
        for (found, page) in [hall.get(&format!("/t/{text}")).await, {
            let answer = hall.post(&format!("/t/{text}"), &[ONCE, ("level", "satisfied")]).await;
            (answer.status(), answer.text().await.unwrap())
        }] {
            assert_eq!(found, status, "{words}");
            assert!(page.contains(words) && page.contains("请"), "{page}");
        }
    }
    // A visit that nobody opened, signed all the same: the tail of that ledger is gone.
    let answer = hall.post(&format!("/t/{}", hall.ticket(1, false)), &[ONCE, ("level", "satisfied")]).await;
    assert_eq!(answer.status(), StatusCode::GONE);
    assert_eq!(hall.number("SELECT count(*) FROM phone_rating"), 0);
    hall.stop().await;
}

#[tokio::test]
async fn forms_from_elsewhere_too_long_or_broken_are_refused() {
    let mut hall = Hall::open().await;
    let visit = hall.terminal.open();
    hall.sync().await;
    let path = format!("/t/{}", hall.ticket(visit, false));
    let url = format!("{}{path}", hall.url);
    let form = "application/x-www-form-urlencoded";
    let elsewhere = hall.client.post(&url).header("sec-fetch-site", "cross-site").header("content-type", form);
    let answer = elsewhere.body(format!("{}={}&level=satisfied", ONCE.0, ONCE.1)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert_eq!(hall.post(&path, &[ONCE, ("words", &"长".repeat(9_000))]).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(hall.post(&path, &[("level", "satisfied")]).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(hall.client.delete(&url).send().await.unwrap().status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(hall.number("SELECT count(*) FROM phone_rating"), 0);
    hall.stop().await;
}

#[tokio::test]
async fn a_receipt_code_is_answered_with_time_and_window_only() {
    let mut hall = Hall::open().await;
    let visit = hall.terminal.open();
    hall.terminal.rate(visit, Satisfaction::VeryDissatisfied);
    let code = receipt_code(&hall.terminal.tip.hash);
    assert!(hall.get("/c").await.1.contains("回执码"));
    let early = hall.post("/c", &[("code", &code)]).await.text().await.unwrap();
    assert!(early.contains("还没有收到"));
    hall.sync().await;
    let typed = code.to_lowercase().replace('-', " ");
    let found = hall.post("/c?lang=en", &[("code", &typed)]).await;
    assert_strict(&found);
    let found = found.text().await.unwrap();
    assert!(
        found.contains("has been received") && found.contains("Window 3") && found.contains("2026-11-02"),
        "{found}"
    );
    assert!(!found.to_lowercase().contains("dissatisfied") && !found.contains("0027"));
    let wrong = hall.post("/c", &[("code", "UUUUU-UUUUU")]).await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    hall.stop().await;
}

#[tokio::test]
async fn one_address_cannot_ask_without_end() {
    let hall = Hall::open().await;
    let mut refused = 0;
    for _ in 0..80 {
        let answer = hall.client.get(format!("{}/c", hall.url)).send().await.unwrap();
        refused += usize::from(answer.status() == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!((15..=20).contains(&refused), "{refused} of 80 refused at 60 a minute");
    let style = hall.client.get(format!("{}/phone.css", hall.url)).send().await.unwrap();
    assert_eq!(style.status(), StatusCode::OK, "the style is not counted");
    hall.stop().await;
}

#[test]
fn the_style_names_no_other_place() {
    let css = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/web/phone.css")).unwrap();
    assert!(!css.contains("url(") && !css.contains("@import"));
}
