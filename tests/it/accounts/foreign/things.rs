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
use rusqlite::Connection;

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
const SELECTION: &str = "外厅评选辛";
const STORY: &str = "外厅故事壬";

/// Things of the other hall, by the name of a path's piece and what comes before it.
pub struct Things {
    pub device: String,
    pub fork_at: u64,
    pub book: i64,
    pub visit: u64,
    pub code: i64,
    pub alert: i64,
    pub case: i64,
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
                    "cases" => self.case,
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

/// A hall with one of everything, under a unit of its own; and the unit of whoever asks for them.
pub async fn furnish(house: &House) -> (Things, i64) {
    let site = &house.running.site;
    let board = site.boards.get().all().next().unwrap().clone();
    assert_eq!(board.hall.id.as_str(), HALL);
    let (own, unit) = units_of_both(house).await;
    let account = people_of(house, unit).await;
    let device = served(house).await;
    let [destination, rule, session, token] = kept(house, account).await;
    let keeper = Browser::new(&house.url());
    keeper.sign_in("fremd-all").await;
    published(&keeper).await;
    // Shared with whoever has no other halls than its owner: not with the asker.
    let owner = Browser::new(&house.url());
    owner.sign_in("fremd-sup").await;
    owner.get("/statistics").await;
    let saved = [("name", "外厅问题丁"), ("address", "by=window"), ("shared", "1")];
    let page = owner.post("/statistics/saved", &saved).await;
    assert!(page.status.is_redirection() || page.status == StatusCode::OK, "{}", page.text);
    told(house, &board, &keeper).await;
    honoured(&board, &keeper).await;
    let conn = open(house);
    let (alert, case) = raised(&conn).await;
    let one = |sql: &str| conn.query_row(sql, [], |r| r.get::<_, i64>(0)).unwrap_or_else(|e| panic!("{sql}: {e}"));
    let things = Things {
        fork_at: u64::try_from(one("SELECT min(at_seq) FROM fork")).unwrap(),
        book: one("SELECT ledger FROM fact WHERE level = 1"),
        visit: u64::try_from(one("SELECT visit FROM fact WHERE level = 1")).unwrap(),
        code: one("SELECT max(rowid) FROM enrol_code"),
        alert,
        case,
        rule,
        destination,
        publication: one("SELECT max(id) FROM publication"),
        question: one("SELECT max(id) FROM saved_question"),
        account,
        session,
        token,
        unit,
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
        marks: marks(&board, &device),
        device,
    };
    (things, own)
}

/// Texts of the other hall, and of what was made there.
fn marks(board: &Board, device: &str) -> Vec<String> {
    const MADE: [&str; 11] = [
        "外单位乙",
        "外厅规则甲",
        "外厅去处丙",
        "外厅问题丁",
        "fremd-",
        "fremd@",
        REVIEWED,
        CONTEST,
        ROUND,
        SELECTION,
        STORY,
    ];
    let of_board = [&board.hall.name.zh, &board.staff[0].name, &board.windows[0].name.zh].map(Clone::clone);
    of_board.into_iter().chain([device.to_owned()]).chain(MADE.map(str::to_owned)).collect()
}

/// The asker's unit with a hall that has no board, and the other hall's.
async fn units_of_both(house: &House) -> (i64, i64) {
    let made = house.running.site.writer.attempt(move |desk| {
        let own = units::add(desk.tx, None, "甲单位")?;
        let other = units::add(desk.tx, None, "外单位乙")?;
        units::place(desk.tx, &HallId::new(HALL).unwrap(), Some(other))?;
        units::place(desk.tx, &HallId::new(OWN).unwrap(), Some(own))?;
        *desk.people_changed = true;
        Ok::<_, units::UnitFault>((own, other))
    });
    made.await.unwrap().unwrap()
}

/// Whoever makes the things; the account is that of the other unit's supervisor.
async fn people_of(house: &House, unit: i64) -> i64 {
    let site = &house.running.site;
    account(site, "fremd-all", Role::HallSupervisor, Part::Everything).await;
    account(site, "fremd-leader", Role::Leader, Part::Everything).await;
    account(site, "fremd-sup", Role::HallSupervisor, Part::Unit(unit)).await
}

/// A terminal with ratings, and another history of them; a code for a second one.
async fn served(house: &House) -> String {
    let client = http::client();
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
    assert!(!http::code_for(house.dir.path(), &Terminal::new(4)).is_empty());
    t.tip.device.to_string()
}

/// A destination and a rule for the other hall, a session and a token of its supervisor.
async fn kept(house: &House, supervisor: i64) -> [i64; 4] {
    let made = house.running.site.writer.attempt(move |desk| {
        let address = Address::Mail { to: "fremd@example.invalid".to_owned() };
        let scope = Scope::Hall { hall: HallId::new(HALL).unwrap() };
        let name = "外厅去处丙".to_owned();
        let to = DestinationTerms { name, scope, language: Language::Zh, address, enabled: true };
        let destination = destinations::add(desk.tx, &to, b"secret", desk.now)?.unwrap();
        let rule = rules::add(desk.tx, &terms(destination), desk.now)?.unwrap();
        let origin = Origin { agent: "外人浏览器".into(), address: "192.0.2.9".into() };
        let session = sessions::begin(desk.tx, SessionHash::of("foreign"), supervisor, Stage::Full, &origin, desk.now)?;
        let token = tokens::add(desk.tx, supervisor, "foreign", "外人口令", Needs::ALL, None, desk.now)?;
        Ok::<_, rusqlite::Error>([destination, rule, session, token])
    });
    made.await.unwrap().unwrap()
}

/// A period of the other hall, published as it was seen.
async fn published(keeper: &Browser) {
    const DAYS: [(&str, &str); 5] =
        [("hall", HALL), ("from", "2026-11-01"), ("to", "2026-11-20"), ("visible_from", "2026-12-01"), ("min_n", "10")];
    let asked = DAYS.map(|(name, value)| format!("{name}={value}")).join("&");
    let page = keeper.get(&format!("/publish/preview?{asked}")).await.text;
    let seen = value_of(&page, "seen");
    let fields = [&DAYS[..], &[("seen", seen.as_str())]].concat();
    let page = keeper.post("/publish/new", &fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
}

fn value_of(page: &str, name: &str) -> String {
    let input = page.split(&format!("name=\"{name}\"")).nth(1).unwrap_or_else(|| panic!("no {name}: {page}"));
    input.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// The alert about the other history and the case of the bad rating, as soon as both have been raised.
async fn raised(conn: &Connection) -> (i64, i64) {
    for _ in 0..200 {
        let standing = history::standing(conn, pingyi::centre::clock::now().wall).unwrap();
        let case: Option<i64> = conn.query_row("SELECT max(id) FROM case_record", [], |r| r.get(0)).unwrap();
        if let (Some(alert), Some(case)) = (standing.values().next().map(|s| s.alert), case) {
            return (alert, case);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the fork raises an alert, and the rating a case");
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
    let (from, to) = (value_of(&page, "from"), value_of(&page, "to"));
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

/// A selection whose result is computed, and a story that is not published.
async fn honoured(board: &Board, keeper: &Browser) {
    let call = [
        ("title", SELECTION),
        ("honour", "service_exemplar"),
        ("occasion", "ordinary"),
        ("hall", HALL),
        ("from", "2026-11-01"),
        ("to", "2026-11-22"),
        ("seats", "1"),
        ("min_n", "5"),
        ("min_cover", "40"),
        ("notice_days", "5"),
        ("quorum", "1"),
        ("weight_public", "60"),
        ("weight_leader", "40"),
    ];
    submitted(keeper, "/selections/new", "/selections/new", &call).await;
    submitted(keeper, "/selections/1", "/selections/1/compute", &[]).await;
    let about = format!("staff:{HALL}:{}", board.staff[0].staff_no);
    let story = [
        ("about", about.as_str()),
        ("title", STORY),
        ("text", "那天傍晚，窗口还亮着灯。"),
        ("from", "2026-11-01"),
        ("until", "2030-12-31"),
    ];
    submitted(keeper, "/stories/new", "/stories/new", &story).await;
}
