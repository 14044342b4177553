//! The fleet over real sockets: who sees terminals, who may do what about them, and what stands in the audit log afterwards.

use pingyi::centre::running::Running;
use pingyi::centre::schema;
use pingyi::db;
use pingyi::domain::rating::Satisfaction;
use pingyi::domain::role::Role;
use pingyi::protocol::{BatchAnswer, Heartbeat, KioskState};
use reqwest::header::{COOKIE, LOCATION, ORIGIN};
use reqwest::{Client, StatusCode};

use crate::centre::http;
use crate::centre::terminal::{START, Terminal};
use crate::dashboard::{browser, get, sign_in};

pub struct House {
    pub dir: tempfile::TempDir,
    pub running: Running,
    pub client: Client,
}

impl House {
    pub async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let running = http::run(&http::sample(), dir.path()).await;
        Self { dir, running, client: browser() }
    }

    /// A token of somebody with this role.
    pub async fn token(&self, role: Role) -> String {
        let conn = db::open(&self.dir.path().join(schema::FILE), &schema::SCHEMA).unwrap();
        let token = crate::browser::add(&conn, role.code(), role, None, START);
        for _ in 0..200 {
            if self.running.site.directory.get().people().by_token(&token, START).is_some() {
                return token;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("the centre does not notice the new user");
    }

    pub async fn cookie(&self, token: &str) -> String {
        sign_in(&self.client, &self.running.url(), token).await.unwrap()
    }

    pub async fn page(&self, path: &str, cookie: &str) -> (StatusCode, String) {
        get(&self.client, &format!("{}{path}", self.running.url()), cookie).await
    }

    /// Fills in a form of a page as a browser does; the status and where it leads.
    pub async fn submit(&self, page: &str, to: &str, cookie: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        let (_, html) = self.page(page, cookie).await;
        let csrf = html.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let csrf = csrf.expect("the page has a form").to_owned();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        let url = self.running.url();
        let request = self.client.post(format!("{url}{to}")).header(COOKIE, cookie).header(ORIGIN, &url);
        let body = all.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect::<Vec<_>>().join("&");
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
        let response = request.send().await.unwrap();
        let to = response.headers().get(LOCATION).map(|l| l.to_str().unwrap().to_owned());
        (response.status(), to.unwrap_or(response.text().await.unwrap()))
    }

    pub async fn api(&self, path: &str, token: &str) -> (StatusCode, serde_json::Value) {
        let request = self.client.get(format!("{}{path}", self.running.url())).bearer_auth(token);
        let response = request.send().await.unwrap();
        (response.status(), response.json().await.unwrap_or_default())
    }

    pub async fn post(&self, path: &str, token: &str, body: serde_json::Value) -> (StatusCode, serde_json::Value) {
        let request = self.client.post(format!("{}{path}", self.running.url())).bearer_auth(token).json(&body);
        let response = request.send().await.unwrap();
        (response.status(), response.json().await.unwrap_or_default())
    }

    pub async fn take(&self, t: &Terminal) {
        http::enrol(&self.client, &self.running.url(), self.dir.path(), t).await;
        self.send(t, 1).await;
    }

    pub async fn send(&self, t: &Terminal, from: u64) -> BatchAnswer {
        let url = format!("{}/api/v1/batches", self.running.url());
        self.client.post(url).body(t.batch(from, t.tip.seq)).send().await.unwrap().json().await.unwrap()
    }

    pub async fn beat(&self, t: &Terminal, beat: &Heartbeat) -> StatusCode {
        let body = serde_json::to_vec(beat).unwrap();
        let request = self.client.post(format!("{}/api/v1/heartbeat", self.running.url())).body(body.clone());
        let request = http::signed(request, &t.key(), "POST", "/api/v1/heartbeat", &body);
        request.send().await.unwrap().status()
    }

    /// Acts in the audit log, in their order.
    pub fn acts(&self) -> Vec<String> {
        let conn = db::open(&self.dir.path().join(schema::FILE), &schema::SCHEMA).unwrap();
        let mut statement = conn.prepare("SELECT act FROM audit_log ORDER BY id").unwrap();
        let acts = statement.query_map([], |r| r.get(0)).unwrap();
        acts.map(Result::unwrap).filter(|act| act != "signed_in").collect()
    }
}

pub fn escaped(text: &str) -> String {
    let byte = |b: u8| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") };
    text.bytes().map(byte).collect()
}

fn beat_of(t: &Terminal) -> Heartbeat {
    let state = KioskState {
        duty: pingyi::domain::visit::DutyState::On,
        staff: None,
        boot: 3,
        receipt_seq: t.tip.seq,
        screen: Some((1280, 800)),
        findings: vec!["no_board".into(), "from_a_later_version".into()],
    };
    let now = pingyi::centre::clock::now().wall;
    Heartbeat { state: Some(state), free_disk_mb: 40_000, wall_ms: now.0, unsynced: 0, ..t.heartbeat() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_fleet_shows_what_terminals_say_old_and_new_to_those_who_may() {
    let house = House::open().await;
    let (mut new, mut old) = (Terminal::new(1), Terminal::new(2));
    for t in [&mut new, &mut old] {
        t.serve(Satisfaction::Satisfied);
        house.take(t).await;
    }
    assert_eq!(house.beat(&new, &beat_of(&new)).await, StatusCode::OK);
    // A kiosk of before the state was asked for.
    assert_eq!(house.beat(&old, &Heartbeat { state: None, free_disk_mb: 40, ..beat_of(&old) }).await, StatusCode::OK);
    let token = house.token(Role::HallSupervisor).await;
    let (status, fleet) = house.api("/api/v1/fleet", &token).await;
    assert_eq!(status, StatusCode::OK);
    let all = fleet["terminals"].as_array().unwrap();
    assert_eq!(all[0]["kiosk"], "K02", "what needs a look comes first");
    assert_eq!((&all[0]["health"], &all[0]["concerns"][0]), (&"look".into(), &"disk_low".into()));
    assert_eq!((&all[1]["health"], &all[1]["screen"]), (&"well".into(), &serde_json::json!([1280, 800])));
    assert_eq!(all[1]["held_seq"], new.tip.seq);
    let (_, some) = house.api("/api/v1/fleet?state=look", &token).await;
    assert_eq!(some["terminals"].as_array().unwrap().len(), 1);
    let (_, none) = house.api("/api/v1/fleet?hall=QL99", &token).await;
    assert!(none["terminals"].as_array().unwrap().is_empty());

    let cookie = house.cookie(&token).await;
    let (status, page) = house.page("/fleet", &cookie).await;
    assert_eq!(status, StatusCode::OK);
    for part in ["K01", "K02", "磁盘不足", "2 台在用，1 台需要看一看", "40 MB", "40 GB"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("/fleet/codes"), "a supervisor makes no codes");
    let device = new.tip.device.to_string();
    let (_, page) = house.page(&format!("/fleet/{device}?lang=en"), &cookie).await;
    for part in ["1280 × 800", "epoch 1, entry 4", "running", &device] {
        assert!(page.contains(part), "{part}: {page}");
    }
    for missing in ["/fleet/00", "/fleet/00000000000000000000000000000000", "/fleet/%F0%9F%92%A9"] {
        assert_eq!(house.page(missing, &cookie).await.0, StatusCode::NOT_FOUND, "{missing}");
    }
    let officer = house.cookie(&house.token(Role::FollowUpOfficer).await).await;
    assert_eq!(house.page("/fleet", &officer).await.0, StatusCode::FORBIDDEN);
    house.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn codes_are_shown_once_used_once_and_can_be_withdrawn() {
    let house = House::open().await;
    let keeper = house.token(Role::DeviceAdmin).await;
    let cookie = house.cookie(&keeper).await;
    let make = |kiosk: &'static str, window: &'static str| {
        let (house, cookie) = (&house, &cookie);
        async move { house.submit("/fleet/codes", "/fleet/codes", cookie, &[("kiosk", kiosk), ("window", window)]).await }
    };
    let (status, page) = make("K 1", "QL01/W99").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("请选一个窗口") && page.contains("value=\"K 1\""), "what was typed stays: {page}");
    assert_eq!(make("K01", "QL01/W01").await, (StatusCode::SEE_OTHER, "/fleet/codes".to_owned()));
    let (_, page) = house.page("/fleet/codes", &cookie).await;
    let code = page.split("登记码：").nth(1).and_then(|rest| rest.split(' ').next()).unwrap().to_owned();
    assert_eq!(code.len(), 14);
    assert!(!house.page("/fleet/codes", &cookie).await.1.contains(&code), "shown once");

    // Withdrawn: as if nobody had made it.
    let id = page.split("/fleet/codes/").nth(1).and_then(|rest| rest.split('/').next()).unwrap().to_owned();
    let revoke = format!("/fleet/codes/{id}/revoke");
    assert_eq!(house.submit("/fleet/codes", &revoke, &cookie, &[]).await.0, StatusCode::SEE_OTHER);
    let t = Terminal::new(1);
    let url = format!("{}/api/v1/enrol", house.running.url());
    let enrol = async |code: &str| house.client.post(&url).json(&t.enrol(code)).send().await.unwrap().status();
    assert_eq!(enrol(&code).await, StatusCode::FORBIDDEN);

    let wanted = serde_json::json!({"kiosk": "K01", "hall": "QL01", "window": "W01"});
    let (status, made) = house.post("/api/v1/enrol-codes", &keeper, wanted).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(enrol(made["code"].as_str().unwrap()).await, StatusCode::OK);
    let (_, listed) = house.api("/api/v1/enrol-codes", &keeper).await;
    let standings: Vec<_> = listed["codes"].as_array().unwrap().iter().map(|c| c["standing"].clone()).collect();
    assert_eq!(standings, ["used", "revoked"]);
    assert!(!listed.to_string().contains(made["code"].as_str().unwrap()));
    assert_eq!(house.acts(), ["enrol_code_made", "enrol_code_revoked", "enrol_code_made"]);

    // Guessing is slowed down, and then even the right code waits.
    for _ in 0..9 {
        assert_eq!(enrol("AAAA-BBBB-CCCC").await, StatusCode::FORBIDDEN);
    }
    assert_eq!(enrol("AAAA-BBBB-CCCC").await, StatusCode::TOO_MANY_REQUESTS);
    let supervisor = house.token(Role::HallSupervisor).await;
    assert_eq!(house.api("/api/v1/enrol-codes", &supervisor).await.0, StatusCode::FORBIDDEN);
    house.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn retirement_says_why_and_a_supervisor_closes_the_epoch() {
    let house = House::open().await;
    let mut t = Terminal::new(1);
    t.serve(Satisfaction::Satisfied);
    house.take(&t).await;
    let keeper = house.cookie(&house.token(Role::DeviceAdmin).await).await;
    let boss_token = house.token(Role::HallSupervisor).await;
    let boss = house.cookie(&boss_token).await;
    let at = format!("/fleet/{}", t.tip.device);
    let retire = format!("{at}/retire");
    assert_eq!(house.page(&retire, &boss).await.0, StatusCode::FORBIDDEN);
    let (status, page) = house.submit(&retire, &retire, &keeper, &[("choice", "broken"), ("words", "")]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("2 至 300 字"), "{page}");
    let said = [("choice", "broken"), ("words", "屏幕坏了")];
    assert_eq!(house.submit(&retire, &retire, &keeper, &said).await, (StatusCode::SEE_OTHER, at.clone()));
    assert_eq!(house.beat(&t, &t.heartbeat()).await, StatusCode::FORBIDDEN, "it is refused at once");
    let (_, detail) = house.api(&format!("/api/v1{at}"), &boss_token).await;
    assert_eq!(
        (&detail["terminal"]["standing"], &detail["alarms"][0]["kind"]),
        (&"revoked".into(), &"replaced_device".into())
    );
    assert!(detail["alarms"][0]["note"].as_str().unwrap().contains("屏幕坏了"));

    let explain = format!("{at}/1/explain");
    assert_eq!(house.page(&explain, &keeper).await.0, StatusCode::FORBIDDEN, "whoever retires does not explain");
    assert_eq!(house.page(&format!("{at}/9/explain"), &boss).await.0, StatusCode::NOT_FOUND);
    assert_eq!(house.submit(&explain, &explain, &boss, &said).await.0, StatusCode::SEE_OTHER);
    let (_, detail) = house.api(&format!("/api/v1{at}"), &boss_token).await;
    assert!(detail["alarms"][0]["closed_ms"].is_i64() && detail["epochs"][0]["explained"] == "broken", "{detail}");
    let (_, page) = house.page(&at, &boss).await;
    assert!(page.contains("已说明：设备或磁盘损坏（hall_supervisor）"), "{page}");
    assert_eq!(house.acts(), ["device_retired", "epoch_explained"]);
    house.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fork_is_decided_on_the_page_and_the_figures_follow_at_once() {
    let house = House::open().await;
    let mut held = Terminal::new(1);
    held.serve(Satisfaction::Satisfied);
    let mut other = held.clone();
    held.serve(Satisfaction::Satisfied);
    other.open();
    for _ in 0..3 {
        other.serve(Satisfaction::VeryDissatisfied);
    }
    house.take(&held).await;
    let BatchAnswer::Fork { at_seq, .. } = house.send(&other, 5).await else { panic!("no fork") };
    let token = house.token(Role::HallSupervisor).await;
    let cookie = house.cookie(&token).await;
    let at = format!("/fleet/{}", held.tip.device);
    let (_, page) = house.page(&at, &cookie).await;
    assert!(page.contains("待裁定") && page.contains(&format!("{at}/1/forks/{at_seq}")), "{page}");
    let (status, body) =
        house.submit(&format!("{at}/seen"), &format!("{at}/seen"), &cookie, &[("words", "看过了")]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && body.contains("先裁定"), "{body}");
    let decide = format!("{at}/1/forks/{at_seq}");
    let (_, page) = house.page(&decide, &cookie).await;
    assert!(page.contains("评价 3 条") && page.contains("评价 1 条"), "{page}");
    let both = [("choice", "both"), ("words", "换回旧盘后又用了一上午")];
    let (status, page) = house.submit(&decide, &decide, &cookie, &both[1..]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("换回旧盘"), "{page}");
    assert_eq!(house.submit(&decide, &decide, &cookie, &both).await, (StatusCode::SEE_OTHER, at.clone()));
    let (_, answer) = house.api("/api/v1/stats?from=2026-11-01&to=2026-11-30&by=level&order=key&min_n=3", &token).await;
    assert_eq!(answer["total"]["n"], 5, "{answer}");
    let (_, page) = house.page(&at, &cookie).await;
    assert!(page.contains("两份都计入统计") && page.contains("另计入 3 次服务"), "{page}");
    let again = serde_json::json!({"verdict": "held", "words": "改主意了"});
    let (status, error) = house.post(&format!("/api/v1{decide}/decision"), &token, again).await;
    assert_eq!((status, &error["code"]), (StatusCode::CONFLICT, &"already_decided".into()));
    assert_eq!(house.acts(), ["fork_decided"]);
    house.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fork_that_nobody_can_tell_counts_with_its_other_ratings_flagged() {
    let house = House::open().await;
    let mut held = Terminal::new(1);
    held.serve(Satisfaction::Satisfied);
    let mut other = held.clone();
    held.serve(Satisfaction::Satisfied);
    other.open();
    for _ in 0..3 {
        other.serve(Satisfaction::VeryDissatisfied);
    }
    house.take(&held).await;
    let BatchAnswer::Fork { at_seq, .. } = house.send(&other, 5).await else { panic!("no fork") };
    let token = house.token(Role::HallSupervisor).await;
    let cookie = house.cookie(&token).await;
    let decide = format!("/fleet/{}/1/forks/{at_seq}", held.tip.device);
    let unclear = [("choice", "unclear"), ("words", "两份都像真的，问不出来")];
    assert_eq!(house.submit(&decide, &decide, &cookie, &unclear).await.0, StatusCode::SEE_OTHER);
    let stats = "/api/v1/stats?from=2026-11-01&to=2026-11-30&by=level&order=key&min_n=3";
    let all = house.api(stats, &token).await.1;
    assert_eq!((&all["total"]["n"], &all["total"]["flagged"]), (&5.into(), &3.into()), "{all}");
    let unflagged = house.api(&format!("{stats}&unflagged=true"), &token).await.1;
    assert_eq!(unflagged["total"]["n"], 2, "what the centre has receipts for stands in either");
    let (_, page) = house.page(&format!("/fleet/{}", held.tip.device), &cookie).await;
    assert!(page.contains("无法判断") && page.contains("另计入 3 次服务"), "{page}");
    house.running.stop().await;
}
