//! A hall under another unit, with one of everything that routes are about.

use std::time::Duration;

use pingyi::centre::access::Needs;
use pingyi::centre::alerts::destinations::{self, Address, DestinationTerms};
use pingyi::centre::alerts::history;
use pingyi::centre::alerts::rule::{Condition, Grain, Scope, Severity, Terms};
use pingyi::centre::alerts::rules;
use pingyi::centre::directory::accounts::Part;
use pingyi::centre::directory::sessions::{self, Origin, SessionHash, Stage};
use pingyi::centre::directory::{tokens, units};
use pingyi::domain::board::Board;
use pingyi::domain::id::HallId;
use pingyi::domain::rating::Satisfaction;
use pingyi::domain::role::Role;
use pingyi::words::Language;
use reqwest::StatusCode;

use super::open;
use crate::accounts::House;
use crate::browser::{Browser, account};
use crate::centre::http;
use crate::centre::terminal::Terminal;

/// The hall of the sample, and one of the asker's that has no board.
pub const HALL: &str = "QL01";
const OWN: &str = "ZZ09";
const REVIEWED: &str = "外厅点评戊";
const CONTEST: &str = "外厅比武己";
const ROUND: &str = "外厅互评庚";

/// Things of the other hall, by the name of a path's piece and what comes before it.
pub struct Things {
    pub device: String,
    pub fork_at: u64,
    pub book: i64,
    pub visit: u64,
    pub code: i64,
    pub alert: i64,
    pub rule: i64,
    pub destination: i64,
    pub publication: i64,
    pub question: i64,
    pub account: i64,
    pub session: i64,
    pub token: i64,
    pub unit: i64,
    pub staff: String,
    pub pledge: String,
    /// Keys of the lists of a hall, by the list's name in the address.
    pub keys: Vec<(&'static str, String)>,
    pub review: i64,
    pub contest: i64,
    pub round: i64,
    /// Texts that stand on pages of whoever may see the other hall, and on no other.
    pub marks: Vec<String>,
}

impl Things {
    pub fn fill(&self, path: &str) -> String {
        let mut out = Vec::new();
        for piece in path.split('/') {
            let before = out.last().map_or("", String::as_str).to_owned();
            out.push(match piece {
                "{hall}" => HALL.to_owned(),
                "{device}" => self.device.clone(),
                "{epoch}" => "1".to_owned(),
                "{at}" => self.fork_at.to_string(),
                "{book}" => self.book.to_string(),
                "{visit}" => self.visit.to_string(),
                "{session}" => self.session.to_string(),
                "{token}" => self.token.to_string(),
                "{staff_no}" | "{staff}" => self.staff.clone(),
                "{list}" => "staff".to_owned(),
                "{kind}" => "staff".to_owned(),
                "{file}" => "staff.csv".to_owned(),
                "{pledge}" => self.pledge.clone(),
                "{set}" => "cases".to_owned(),
                "{key}" => self.keys.iter().find(|(l, _)| *l == before).map_or("1".to_owned(), |(_, key)| key.clone()),
                "{id}" => match before.as_str() {
                    "accounts" => self.account,
                    "destinations" => self.destination,
                    "rules" => self.rule,
                    "alerts" => self.alert,
                    "enrol-codes" | "codes" => self.code,
                    "publish" => self.publication,
                    "saved" => self.question,
                    "units" => self.unit,
                    "reviews" => self.review,
                    "contests" => self.contest,
                    "peer" | "rounds" => self.round,
                    _ => 1,
                }
                .to_string(),
                // The first of its kind.
                piece if piece.starts_with('{') => "1".to_owned(),
                plain => plain.to_owned(),
            });
        }
        out.join("/")
    }
}

pub fn terms(destination: i64) -> Terms {
    Terms {
        name: "外厅规则甲".to_owned(),
        condition: Condition::Tampering,
        scope: Scope::Hall { hall: HallId::new(HALL).unwrap() },
        grain: Grain::EachHall,
        severity: Severity::Severe,
        cooldown_minutes: 10,
        without_flagged: false,
        tell_end: false,
        destinations: vec![destination],
        enabled: true,
    }
}

/// A hall with one of everything, under a unit of its own.
pub async fn furnish(house: &House) -> (Things, i64) {
    let (site, client) = (&house.running.site, http::client());
    let board = site.boards.get().all().next().unwrap().clone();
    let hall = board.hall.id.clone();
    assert_eq!(hall.as_str(), HALL);
    let made = site.writer.attempt(move |desk| {
        let own = units::add(desk.tx, None, "甲单位")?;
        let other = units::add(desk.tx, None, "外单位乙")?;
        units::place(desk.tx, &hall, Some(other))?;
        units::place(desk.tx, &HallId::new(OWN).unwrap(), Some(own))?;
        *desk.people_changed = true;
        Ok::<_, units::UnitFault>((own, other))
    });
    let (own, other) = made.await.unwrap().unwrap();
    let supervisor = account(site, "fremd-sup", Role::HallSupervisor, Part::Unit(other)).await;
    account(site, "fremd-all", Role::HallSupervisor, Part::Everything).await;

    // A terminal with ratings, and another history of them.
    let mut t = Terminal::new(3);
    t.serve(Satisfaction::VeryDissatisfied);
    let common = t.clone();
    let mut other_history = common.clone();
    t.serve(Satisfaction::Satisfied);
    other_history.serve(Satisfaction::Dissatisfied);
    http::enrol(&client, &house.url(), house.dir.path(), &t).await;
    let url = format!("{}/api/v1/batches", house.url());
    for body in [t.batch(1, t.tip.seq), other_history.batch(common.tip.seq + 1, other_history.tip.seq)] {
        assert!(client.post(&url).body(body).send().await.unwrap().status().as_u16() < 500);
    }
    let code = http::code_for(house.dir.path(), &Terminal::new(4));
    assert!(!code.is_empty());
    let made = site.writer.attempt(move |desk| {
        let address = Address::Mail { to: "fremd@example.invalid".to_owned() };
        let scope = Scope::Hall { hall: HallId::new(HALL).unwrap() };
        let name = "外厅去处丙".to_owned();
        let to = DestinationTerms { name, scope, language: Language::Zh, address, enabled: true };
        let destination = destinations::add(desk.tx, &to, b"secret", desk.now)?.unwrap();
        let rule = rules::add(desk.tx, &terms(destination), desk.now)?.unwrap();
        let origin = Origin { agent: "外人浏览器".into(), address: "192.0.2.9".into() };
        let session = sessions::begin(desk.tx, SessionHash::of("foreign"), supervisor, Stage::Full, &origin, desk.now)?;
        let token = tokens::add(desk.tx, supervisor, "foreign", "外人口令", Needs::ALL, None, desk.now)?;
        Ok::<_, rusqlite::Error>((destination, rule, session, token))
    });
    let (destination, rule, session, token) = made.await.unwrap().unwrap();

    let keeper = Browser::new(&house.url());
    keeper.sign_in("fremd-all").await;
    keeper.get("/publish/new").await;
    let wanted =
        [("hall", HALL), ("from", "2026-11-01"), ("to", "2026-11-20"), ("visible_from", "2026-12-01"), ("min_n", "10")];
    let page = keeper.post("/publish/new", &wanted).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    // Shared with whoever has no other halls than its owner: not with the asker.
    let owner = Browser::new(&house.url());
    owner.sign_in("fremd-sup").await;
    owner.get("/statistics").await;
    let saved = [("name", "外厅问题丁"), ("address", "by=window"), ("shared", "1")];
    let page = owner.post("/statistics/saved", &saved).await;
    assert!(page.status.is_redirection() || page.status == StatusCode::OK, "{}", page.text);
    let leader = account(site, "fremd-leader", Role::Leader, Part::Everything).await;
    assert!(leader > 0);
    told(house, &board, &keeper).await;
    let conn = open(house);
    let one = |sql: &str| conn.query_row(sql, [], |r| r.get::<_, i64>(0)).unwrap_or_else(|e| panic!("{sql}: {e}"));
    let mut alert = None;
    for _ in 0..200 {
        alert = history::standing(&conn, pingyi::centre::clock::now().wall).unwrap().values().next().map(|s| s.alert);
        if alert.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let things = Things {
        device: t.tip.device.to_string(),
        fork_at: u64::try_from(one("SELECT min(at_seq) FROM fork")).unwrap(),
        book: one("SELECT ledger FROM fact WHERE level = 1"),
        visit: u64::try_from(one("SELECT visit FROM fact WHERE level = 1")).unwrap(),
        code: one("SELECT max(rowid) FROM enrol_code"),
        alert: alert.expect("the fork raises an alert"),
        rule,
        destination,
        publication: one("SELECT max(id) FROM publication"),
        question: one("SELECT max(id) FROM saved_question"),
        account: supervisor,
        session,
        token,
        unit: other,
        staff: board.staff[0].staff_no.to_string(),
        pledge: board.pledges[0].id.to_string(),
        keys: vec![
            ("windows", board.windows[0].id.to_string()),
            ("staff", board.staff[0].staff_no.to_string()),
            ("pledges", board.pledges[0].id.to_string()),
            ("items", board.items[0].code.to_string()),
            ("reasons", board.tags[0].code.to_string()),
        ],
        review: one("SELECT max(id) FROM leader_review"),
        contest: one("SELECT max(id) FROM contest"),
        round: one("SELECT max(id) FROM peer_round"),
        marks: vec![
            board.hall.name.zh.clone(),
            board.staff[0].name.clone(),
            board.windows[0].name.zh.clone(),
            t.tip.device.to_string(),
            "外单位乙".to_owned(),
            "外厅规则甲".to_owned(),
            "外厅去处丙".to_owned(),
            "外厅问题丁".to_owned(),
            "fremd-".to_owned(),
            "fremd@".to_owned(),
            REVIEWED.to_owned(),
            CONTEST.to_owned(),
            ROUND.to_owned(),
        ],
    };
    (things, own)
}

/// A form that must be taken, on a page that must be there.
async fn submitted(browser: &Browser, on: &str, to: &str, fields: &[(&str, &str)]) {
    let page = browser.get(on).await;
    assert_eq!(page.status, StatusCode::OK, "{on}: {}", page.text);
    let page = browser.post(to, fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{to}: {}", page.text);
}

/// What people say of each other: a leader's review, a contest with its results out, a round of votes.
async fn told(house: &House, board: &Board, keeper: &Browser) {
    let leader = Browser::new(&house.url());
    leader.sign_in("fremd-leader").await;
    let about = format!("window:{HALL}:{}", board.windows[0].id);
    let review = [("about", about.as_str()), ("period", "2026-11"), ("score", "92"), ("text", REVIEWED)];
    submitted(&leader, "/reviews/new", "/reviews/new", &review).await;

    let contest = [
        ("kind", "contest"),
        ("title", CONTEST),
        ("day", "2026-11-20"),
        ("issuer", "外单位"),
        ("hall", HALL),
        ("criteria", "理论知识 40\r\n实际操作 60"),
    ];
    submitted(keeper, "/contests/new", "/contests/new", &contest).await;
    let person = format!("/contests/1/people/{HALL}/{}", board.staff[0].staff_no);
    submitted(keeper, &person, &person, &[("attended", "yes"), ("c1", "30"), ("c2", "40.25")]).await;
    submitted(keeper, "/contests/1/publish", "/contests/1/publish", &[]).await;

    let page = keeper.get("/peer/rounds/new").await.text;
    let day = |name: &str| {
        let input = page.split(&format!("name=\"{name}\"")).nth(1).unwrap();
        input.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let (from, to) = (day("from"), day("to"));
    let round = [
        ("title", ROUND),
        ("hall", HALL),
        ("from", from.as_str()),
        ("to", to.as_str()),
        ("criteria", "服务态度\r\n业务能力"),
        ("voters", "everybody"),
        ("about", "everybody"),
    ];
    submitted(keeper, "/peer/rounds/new", "/peer/rounds/new", &round).await;
}
