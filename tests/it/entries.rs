//! The rating explorer over real sockets: what each role sees, what opens and what does not, and what the audit log says.

use pingyi::centre::schema;
use pingyi::db;
use pingyi::domain::id::StaffNo;
use pingyi::domain::rating::{Satisfaction, Signal, Signals};
use pingyi::domain::role::Role;
use pingyi::domain::visit::{VisitOutcome, VisitTrigger};
use pingyi::ledger::chain::receipt_code;
use pingyi::ledger::entry::{Body, Explained, PledgeShown, Rated, VisitOpened};
use pingyi::ledger::keys::SealKey;
use pingyi::ledger::seal::{self, Words};
use reqwest::StatusCode;

use crate::centre::http;
use crate::centre::terminal::Terminal;
use crate::fleet::House;

const PERIOD: &str = "from=2026-11-01&to=2026-11-30";
const TEXT: &str = "等了三个小时没人理";
const CONTACT: &str = "13812345678";

/// Five satisfied visits, then one with everything: a bad level, flags, reasons, pledges and words.
struct Told {
    house: House,
    terminal: Terminal,
    /// The visit with words.
    visit: u64,
    code: String,
}

fn opened(t: &Terminal) -> Body {
    Body::VisitOpened(VisitOpened {
        window: t.window.clone(),
        staff: Some(StaffNo::new("0027").unwrap()),
        trigger: VisitTrigger::Card,
        item: None,
        case_no: None,
        board: pingyi::domain::board::BoardVersion("0000000000000000".into()),
        pledges: vec![PledgeShown { id: pingyi::domain::id::PledgeId::new("polite").unwrap(), version: 3 }],
    })
}

impl Told {
    async fn new(others: usize) -> Self {
        let house = House::open().await;
        let mut t = Terminal::new(1);
        for _ in 0..others {
            t.serve(Satisfaction::Satisfied);
        }
        let answer = http::enrol(&house.client, &house.running.url(), house.dir.path(), &t).await;
        let visit = t.add(opened(&t));
        let signals: Signals = [Signal::Rapid, Signal::SamePixel].into_iter().collect();
        let (level, tap) = (Satisfaction::Dissatisfied, 4_242);
        t.add(Body::Rated(Rated { visit, tap, level, dwell_ms: 900, x: 1, y: 2, signals }));
        let code = receipt_code(&t.tip.hash);
        let sealed = sealed(&t, visit, &answer.seal_key);
        let tag = pingyi::domain::id::TagCode::new("slow").unwrap();
        let reasons = vec![pingyi::ledger::entry::ReasonChosen { tag, version: 1 }];
        let explained = t.add(Body::Explained(Explained { visit, reasons, sealed: Some(seal::commitment(&sealed)) }));
        t.close(visit, VisitOutcome::Rated);
        let body = t.batch_with_words(1, t.tip.seq, vec![(explained, sealed)]);
        let url = format!("{}/api/v1/batches", house.running.url());
        let taken = house.client.post(url).body(body).send().await.unwrap();
        assert!(taken.text().await.unwrap().contains("\"held\""));
        Self { house, terminal: t, visit, code }
    }

    fn at(&self) -> String {
        format!("/entries/1/{}", self.visit)
    }

    fn sql(&self, text: &str) {
        let conn = db::open(&self.house.dir.path().join(schema::FILE), &schema::SCHEMA).unwrap();
        assert!(conn.execute(text, []).unwrap() > 0);
    }
}

fn sealed(t: &Terminal, visit: u64, key: &SealKey) -> Vec<u8> {
    let words = Words { text: Some(TEXT.into()), contact: Some(CONTACT.into()) };
    seal::seal(&words, key, &seal::context(&t.tip.device, t.tip.epoch, visit)).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_supervisor_reads_each_rating_with_its_place_and_nothing_sealed() {
    let told = Told::new(5).await;
    let house = &told.house;
    let token = house.token(Role::HallSupervisor).await;
    let (status, list) = house.api(&format!("/api/v1/entries?{PERIOD}"), &token).await;
    assert_eq!(status, StatusCode::OK, "{list}");
    let ratings = list["ratings"].as_array().unwrap();
    assert_eq!((ratings.len(), &list["withheld"]), (6, &false.into()));
    let bad = &ratings[0];
    assert_eq!((&bad["level"], &bad["flagged"]), (&"dissatisfied".into(), &true.into()));
    assert_eq!(bad["signals"], serde_json::json!(["rapid", "same_pixel"]));
    assert_eq!(bad["pledges"], serde_json::json!([{"id": "polite", "version": 3}]));
    assert_eq!((&bad["place"]["kiosk"], &bad["place"]["seq"]), (&"K01".into(), &(told.visit + 1).into()));
    assert_eq!((&bad["receipt_code"], &bad["clock"]), (&told.code.as_str().into(), &"B".into()));
    let mut by_code = serde_json::Value::Null;
    for _ in 0..400 {
        // The index of codes follows within seconds.
        by_code = house.api(&format!("/api/v1/entries?code={}", told.code.to_lowercase()), &token).await.1;
        if by_code["ratings"][0].is_object() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(by_code["ratings"][0]["visit"], told.visit, "{by_code}");
    assert_eq!(house.api("/api/v1/entries?from=2026-01-01&to=2026-11-30", &token).await.0, StatusCode::BAD_REQUEST);

    let cookie = house.cookie(&token).await;
    let (status, page) = house.page(&format!("/entries?{PERIOD}"), &cookie).await;
    assert_eq!(status, StatusCode::OK);
    for part in ["不满意", "紧接上一条", "polite 第 3 版", "K01 · 第 1 期第", "B 级时钟"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let (_, page) = house.page(&told.at(), &cookie).await;
    for part in [told.code.as_str(), "签名有效", "1 份，密封", "只有回访员可以打开", "&quot;rated&quot;"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains(TEXT) && !page.contains(CONTACT) && !page.contains("/words\""), "{page}");
    for form in ["method=\"post\" action=\"/entries", "name=\"level\" value"] {
        assert!(!page.contains(form), "nothing here changes a rating: {form}");
    }
    for missing in ["/entries/1/999", "/entries/9/1", "/entries/x/1", "/entries/-1/1"] {
        assert_eq!(house.page(missing, &cookie).await.0, StatusCode::NOT_FOUND, "{missing}");
    }
    let acts = house.acts();
    assert!(acts.contains(&"entries_listed".to_owned()) && acts.contains(&"entry_seen".to_owned()), "{acts:?}");
    told.house.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_explorer_is_narrowed_by_every_dimension_as_the_statistics_are() {
    let told = Told::new(5).await;
    let house = &told.house;
    let token = house.token(Role::HallSupervisor).await;
    for (filter, n) in [
        ("level=dissatisfied", 1),
        ("level=very_dissatisfied", 0),
        ("flagged=yes", 1),
        ("flagged=no", 5),
        ("staff=0027&window=QL01/W01", 6),
        ("window=QL01/W02", 0),
        ("hall=QL99", 0),
        ("reason=slow", 1),
        ("reason=rude", 0),
        ("channel=kiosk", 6),
        ("channel=phone", 0),
        ("item=YB01", 0),
        ("item=%28none%29&reason=slow", 1),
        ("staff=%28none%29", 0),
    ] {
        let (_, some) = house.api(&format!("/api/v1/entries?{PERIOD}&{filter}"), &token).await;
        assert_eq!(some["ratings"].as_array().unwrap().len(), n, "{filter}: {some}");
    }
    let mut sums = (0, 0);
    for hour in 0..24 {
        let (_, some) = house.api(&format!("/api/v1/entries?{PERIOD}&hour={hour:02}"), &token).await;
        sums.0 += some["ratings"].as_array().unwrap().len();
    }
    for weekday in 1..=7 {
        let (_, some) = house.api(&format!("/api/v1/entries?{PERIOD}&weekday={weekday}"), &token).await;
        sums.1 += some["ratings"].as_array().unwrap().len();
    }
    assert_eq!(sums, (6, 6), "each rating has one hour and one weekday");
    for bad in ["hour=24", "weekday=8", "channel=letter", "item=a%20b"] {
        let (status, _) = house.api(&format!("/api/v1/entries?{PERIOD}&{bad}"), &token).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{bad}");
    }
    let cookie = house.cookie(&token).await;
    let (_, page) = house.page(&format!("/entries?{PERIOD}&reason=slow&hour=09&item=GONE"), &cookie).await;
    for part in
        ["value=\"slow\" selected", "value=\"09\" selected", "value=\"GONE\" selected", "<details class=\"more\" open"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    told.house.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_open_for_the_follow_up_officer_alone_once_a_reason_is_given_and_not_after_their_term() {
    let told = Told::new(6).await;
    let house = &told.house;
    let officer_token = house.token(Role::FollowUpOfficer).await;
    let officer = house.cookie(&officer_token).await;
    let open = format!("{}/words", told.at());
    let (status, page) = house.submit(&told.at(), &open, &officer, &[("reason", "")]).await;
    assert!(
        status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("为什么要看") && !page.contains(TEXT),
        "{page}"
    );
    assert!(!house.acts().contains(&"words_opened".to_owned()));
    let (status, page) = house.submit(&told.at(), &open, &officer, &[("reason", "回访差评")]).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains(TEXT) && page.contains(CONTACT), "{page}");
    assert_eq!(house.acts().iter().filter(|act| *act == "words_opened").count(), 1);
    let (_, listed) = house.page(&format!("/entries?{PERIOD}"), &officer).await;
    assert!(!listed.contains(TEXT) && !listed.contains(CONTACT));

    let api = format!("/api/v1{open}");
    let why = || serde_json::json!({"reason": "回访差评"});
    let (status, words) = house.post(&api, &officer_token, why()).await;
    assert_eq!((status, &words["words"][0]["contact"]), (StatusCode::OK, &CONTACT.into()));
    assert_eq!(house.post(&api, &officer_token, serde_json::json!({"reason": "x"})).await.0, StatusCode::BAD_REQUEST);
    for role in [Role::HallSupervisor, Role::Auditor, Role::SystemAdmin, Role::Leader, Role::DeviceAdmin] {
        let token = house.token(role).await;
        let (status, refused) = house.post(&api, &token, why()).await;
        assert!(status == StatusCode::FORBIDDEN && !refused.to_string().contains(TEXT), "{role:?}");
    }
    // The audit log says why, and nothing of what was read.
    let conn = db::open(&house.dir.path().join(schema::FILE), &schema::SCHEMA).unwrap();
    let details: String =
        conn.query_row("SELECT group_concat(object || ' ' || detail) FROM audit_log", [], |r| r.get(0)).unwrap();
    assert!(details.contains("回访差评") && !details.contains(TEXT) && !details.contains(CONTACT), "{details}");

    told.sql("UPDATE words SET sealed = NULL");
    let (_, words) = house.post(&api, &officer_token, why()).await;
    assert_eq!((&words["erased"], words["words"].as_array().unwrap().len()), (&true.into(), 0));
    let (_, page) = house.page(&told.at(), &officer).await;
    assert!(page.contains("1 份，已到期删除"), "{page}");
    told.house.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_statistics_withhold_cannot_be_counted_here() {
    // Three ratings in all: below the minimum group of five.
    let told = Told::new(2).await;
    let house = &told.house;
    let (auditor, supervisor) = (house.token(Role::Auditor).await, house.token(Role::HallSupervisor).await);
    let list = |filter: &'static str| format!("/api/v1/entries?{PERIOD}{filter}");
    let (_, all) = house.api(&list(""), &supervisor).await;
    assert_eq!(all["ratings"].as_array().unwrap().len(), 3);
    for filter in ["", "&level=dissatisfied", "&flagged=yes", "&flagged=no", "&staff=0027", "&window=QL01/W01"] {
        let (status, some) = house.api(&list(filter), &auditor).await;
        assert_eq!((status, &some["withheld"]), (StatusCode::OK, &true.into()), "{filter}: {some}");
        assert!(some["ratings"].as_array().unwrap().is_empty());
    }
    let (_, one) = house.api(&format!("/api/v1{}", told.at()), &auditor).await;
    assert!(
        one["withheld"] == true && one["rating"].is_null() && one["entries"].as_array().unwrap().is_empty(),
        "{one}"
    );
    let cookie = house.cookie(&auditor).await;
    assert!(house.page(&format!("/entries?{PERIOD}"), &cookie).await.1.contains("不向您的角色逐条显示"));
    assert!(house.page(&told.at(), &cookie).await.1.contains("不向您的角色逐条显示"));
    told.house.running.stop().await;

    // Seven: shown, but not the single bad one by itself.
    let told = Told::new(6).await;
    let auditor = told.house.token(Role::Auditor).await;
    let (_, all) = told.house.api(&list(""), &auditor).await;
    assert_eq!((all["ratings"].as_array().unwrap().len(), &all["withheld"]), (7, &false.into()), "{all}");
    for filter in ["&level=dissatisfied", "&flagged=yes"] {
        assert_eq!(told.house.api(&list(filter), &auditor).await.1["withheld"], true, "{filter}");
    }
    told.house.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edited_entry_is_said_to_be_broken_and_pages_go_on_by_cursor() {
    let told = Told::new(40).await;
    let house = &told.house;
    let token = house.token(Role::HallSupervisor).await;
    let (mut seen, mut after) = (Vec::new(), String::new());
    for _ in 0..9 {
        let (_, page) = house.api(&format!("/api/v1/entries?{PERIOD}{after}"), &token).await;
        seen.extend(page["ratings"].as_array().unwrap().iter().map(|r| r["visit"].as_u64().unwrap()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    let mut sorted = seen.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!((seen.len(), sorted.len(), seen[0]), (41, 41, told.visit));
    let (_, whole) = house.api(&format!("/api/v1{}", told.at()), &token).await;
    let entries = whole["entries"].as_array().unwrap();
    assert!(entries.len() == 4 && entries.iter().all(|e| e["holds"] == true), "{whole}");
    let hash = told.terminal.entries[usize::try_from(told.visit - 1).unwrap()].hash.to_string();
    assert_eq!(entries[0]["hash"], hash.as_str());

    told.sql("UPDATE segment SET signature = zeroblob(64)");
    let (_, broken) = house.api(&format!("/api/v1{}", told.at()), &token).await;
    assert!(broken["entries"].as_array().unwrap().iter().all(|e| e["holds"] == false), "{broken}");
    let cookie = house.cookie(&token).await;
    assert!(house.page(&told.at(), &cookie).await.1.contains("查验不成立"));
    told.house.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_units_ratings_and_terminals_do_not_exist() {
    use pingyi::centre::access::{EntryReader, Reach, Who};
    use pingyi::centre::entries::{asked::Asked, find};
    use pingyi::domain::id::HallId;

    let told = Told::new(6).await;
    let site = &told.house.running.site;
    let reaching = |hall: &str| {
        let reach = Reach::Halls([HallId::new(hall).unwrap()].into());
        let (login, name) = ("x".to_owned(), "x".to_owned());
        EntryReader { who: Who { account: 1, login, name, role: Role::HallSupervisor, reach, staff_no: None } }
    };
    let pairs = |text: &str| -> Vec<(String, String)> {
        text.split('&').filter_map(|p| p.split_once('=')).map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
    };
    let today = jiff::civil::date(2026, 11, 30);
    let device = told.terminal.tip.device.to_string();
    let now = pingyi::centre::clock::now().wall;
    for (hall, sees) in [("QL01", true), ("QL02", false)] {
        let reader = reaching(hall);
        for filter in ["", "&hall=QL01", "&window=QL01/W01", "&staff=0027"] {
            let asked = Asked::read(&pairs(&format!("{PERIOD}{filter}")), today).unwrap();
            let found = find::list(site, &reader, &asked).await.unwrap();
            assert_eq!(found.ratings.len(), if sees { 7 } else { 0 }, "{hall} {filter}");
        }
        let by_code = Asked::read(&pairs(&format!("code={}", told.code)), today).unwrap();
        for _ in 0..400 {
            if !sees || !find::list(site, &reader, &by_code).await.unwrap().ratings.is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert_eq!(find::list(site, &reader, &by_code).await.unwrap().ratings.len(), usize::from(sees), "{hall}");
        assert_eq!(find::one(site, &reader, 1, told.visit).await.unwrap().is_some(), sees, "{hall}");
        let covers = move |id: &HallId| id.as_str() == hall;
        assert_eq!(pingyi::centre::fleet::terminal(site, covers, &device, now).await.is_ok(), sees, "{hall}");
        assert_eq!(pingyi::centre::fleet::terminals(site, covers, now).await.unwrap().len(), usize::from(sees));
    }
    told.house.running.stop().await;
}
