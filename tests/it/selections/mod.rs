//! A selection and a story over real sockets: computed from ratings, nominated, put on notice, objected to, decided by
//! others, awarded: the badge is on the board that the kiosk fetches. Revoked: it is gone.

mod stories;

use std::path::Path;

use pingyi::centre::schema;
use pingyi::db;
use pingyi::domain::board::{Board, HonourKind};
use pingyi::domain::role::Role;
use reqwest::StatusCode;
use serde_json::Value;

use crate::browser::{Browser, Page};
use crate::centre::http::{client, enrol, signed};
use crate::centre::terminal::{START, Terminal};
use crate::command_line::pingyi;
use crate::stats::Hall;

const ISSUER: &str = "创先争优活动领导小组";

/// A centre with a month of ratings, its people at their browsers, and a kiosk.
struct Town {
    hall: Hall,
    keeper: Browser,
    leader: Browser,
    officer: Browser,
    stranger: Browser,
    kiosk: Terminal,
}

impl Town {
    async fn open() -> Self {
        let hall = Hall::open().await;
        let conn = db::open(&hall.dir.path().join(schema::FILE), &schema::SCHEMA).unwrap();
        crate::browser::add(&conn, "组长", Role::Leader, None, START);
        let last = crate::browser::add(&conn, "回访员", Role::FollowUpOfficer, None, START);
        drop(conn);
        for _ in 0..100 {
            if hall.running.site.directory.get().people().by_token(&last, START).is_some() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let url = hall.running.url();
        let [keeper, leader, officer, stranger] = [(); 4].map(|()| Browser::new(&url));
        keeper.sign_in("督查员").await;
        leader.sign_in("组长").await;
        officer.sign_in("回访员").await;
        keeper.get("/halls/QL01/take-over").await;
        done(&keeper.post("/halls/QL01/take-over", &[]).await);
        let kiosk = Terminal::new(1);
        enrol(&client(), &url, hall.dir.path(), &kiosk).await;
        Self { hall, keeper, leader, officer, stranger, kiosk }
    }

    /// What the kiosk is served.
    async fn board(&self) -> Board {
        let request = client().get(format!("{}/api/v1/board", self.hall.running.url()));
        let request = signed(request, &self.kiosk.key(), "GET", "/api/v1/board", b"");
        request.send().await.unwrap().json().await.unwrap()
    }

    /// Days go by: the notice began and ended before today.
    fn let_the_notice_end(&self) {
        let conn = db::open(&self.hall.dir.path().join(schema::FILE), &schema::SCHEMA).unwrap();
        let moved = conn.execute(
            "UPDATE selection SET notice_from = '2026-11-23', notice_until = '2026-11-30',
               body = json_set(body, '$.notice.from', '2026-11-23', '$.notice.until', '2026-11-30')",
            [],
        );
        assert_eq!(moved.unwrap(), 1);
    }

    fn data(&self) -> &Path {
        self.hall.dir.path()
    }
}

#[track_caller]
fn done(page: &Page) {
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
}

#[track_caller]
fn refused(page: &Page, why: &str) {
    assert!(
        page.status == StatusCode::UNPROCESSABLE_ENTITY && page.text.contains(why),
        "{} {}",
        page.status,
        page.text
    );
}

const CALL: &[(&str, &str)] = &[
    ("title", "十一月服务标兵"),
    ("honour", "service_exemplar"),
    ("occasion", "ordinary"),
    ("hall", "QL01"),
    ("from", "2026-11-01"),
    ("to", "2026-11-22"),
    ("seats", "1"),
    ("min_n", "5"),
    ("min_cover", "40"),
    ("notice_days", "5"),
    ("quorum", "1"),
    ("no_open_serious", "yes"),
    ("weight_public", "60"),
    ("weight_leader", "40"),
];

fn recompute(args: &[&str]) -> (bool, String) {
    let output = pingyi().args(["admin", "selection", "recompute"]).args(args).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_ratings_to_a_badge_on_the_kiosk_and_back() {
    let town = Town::open().await;
    let (file, first) = computed(&town).await;
    noticed(&town, &file, &first).await;
    objected(&town, &first).await;
    let staff_no = first.rsplit(':').next().unwrap();
    let leader = &town.leader;
    let award = [("issuer", ISSUER), ("period", "2026 年 11 月"), ("until", "2027-02-28")];
    done(&leader.post("/selections/1/award", &award).await);
    let badge = |board: &Board| {
        let card = board.staff.iter().find(|s| s.staff_no.as_str() == staff_no).unwrap();
        card.honours.iter().any(|h| h.kind == HonourKind::ServiceExemplar && h.period == "2026 年 11 月")
    };
    assert!(badge(&town.board().await), "the kiosk fetches the badge");
    let report = leader.get("/selections/1/report").await.text;
    assert!(report.contains("当日调休") && report.contains("签字") && report.contains(ISSUER), "{report}");
    checked_again(&town, &file);

    leader.get(&format!("/selections/1/awards/{first}/revoke")).await;
    let revoke = format!("/selections/1/awards/{first}/revoke");
    refused(&leader.post(&revoke, &[("reason", "")]).await, "请写理由");
    done(&leader.post(&revoke, &[("reason", "查实代人评价")]).await);
    assert!(!badge(&town.board().await), "the badge is gone");
    assert!(town.stranger.get("/public/QL01/notices/1").await.status == StatusCode::NOT_FOUND);
    town.hall.running.stop().await;
}

/// The file of the snapshot, and whoever is ahead: a person who may sign in at the kiosk.
async fn computed(town: &Town) -> (Value, String) {
    let (keeper, leader) = (&town.keeper, &town.leader);
    keeper.get("/selections/new").await;
    let uneven: Vec<_> = CALL.iter().copied().filter(|(name, _)| *name != "weight_leader").collect();
    refused(&keeper.post("/selections/new", &uneven).await, "必须是 100");
    let called = keeper.post("/selections/new", CALL).await;
    assert_eq!((called.status, called.location.as_str()), (StatusCode::SEE_OTHER, "/selections/1"), "{}", called.text);
    assert_eq!(leader.get("/selections/new").await.status, StatusCode::FORBIDDEN);
    done(&keeper.post("/selections/1/compute", &[]).await);
    let file: Value = serde_json::from_str(&keeper.get("/selections/1/snapshot.json").await.text).unwrap();
    let ranked = file["outcome"]["ranked"].as_array().unwrap();
    assert!(ranked.len() > 1, "{file}");
    assert_eq!(ranked[0]["missing"][0], "leader", "no leader has reviewed: the source is named as missing");
    let board = town.board().await;
    let at_kiosk = |key: &&Value| board.staff.iter().any(|s| key["subject"]["staff_no"] == s.staff_no.as_str());
    let first = ranked.iter().find(at_kiosk).unwrap()["subject"]["staff_no"].as_str().unwrap();
    let first = format!("staff:QL01:{first}");
    let why = keeper.get(&format!("/selections/1/candidates/{first}")).await.text;
    assert!(why.contains("群众评议") && why.contains("100.0%") && why.contains("领导点评"), "{why}");
    (file, first)
}

async fn noticed(town: &Town, file: &Value, first: &str) {
    let keeper = &town.keeper;
    let ranked = file["outcome"]["ranked"].as_array().unwrap();
    let place = |key: &str| ranked.iter().position(|r| key.ends_with(r["subject"]["staff_no"].as_str().unwrap()));
    let form = keeper.get("/selections/1/nominate").await.text;
    assert!(form.contains(first), "{form}");
    let last = ranked.last().unwrap()["subject"]["staff_no"].as_str().unwrap();
    let last = format!("staff:QL01:{last}");
    refused(&keeper.post("/selections/1/nominate", &[("nominee", &last)]).await, "请写理由");
    let reasons: Vec<String> = (0..ranked.len()).map(|at| format!("reason-{at}")).collect();
    let own = reasons[place(first).unwrap()].as_str();
    let mut list = vec![("nominee", first)];
    list.extend(reasons.iter().map(|name| (name.as_str(), if name == own { "群众一致好评" } else { "上月已评" })));
    done(&keeper.post("/selections/1/nominate", &list).await);
    assert!(keeper.get("/selections/1/notice").await.text.contains("5 个工作日"));
    done(&keeper.post("/selections/1/notice", &[]).await);
    let on_board = town.board().await.notices.into_iter().find(|n| n.id.as_str() == "selection-1");
    let staff_no = first.rsplit(':').next().unwrap();
    assert!(on_board.is_some_and(|n| n.text.zh.contains(staff_no)), "it stands on standby");
}

/// From the public page, answered, and decided by the leading group.
async fn objected(town: &Town, first: &str) {
    let (keeper, leader, stranger) = (&town.keeper, &town.leader, &town.stranger);
    let here = "/public/QL01/notices/1";
    let notice = stranger.get(here).await;
    assert!(notice.text.contains("群众一致好评") && !notice.text.contains("<script"), "{}", notice.text);
    assert!(stranger.get("/public/QL01").await.text.contains("十一月服务标兵"));
    let words = [("about", first), ("text", ""), ("contact", "13800000000")];
    refused(&stranger.post_with(here, &words, None, &stranger.url).await, "请写内容");
    let words = [("about", first), ("text", "九号上午窗口没人"), ("contact", "13800000000")];
    done(&stranger.post_with(here, &words, None, &stranger.url).await);
    let elsewhere = stranger.post_with(here, &words, None, "https://evil.example").await;
    assert_eq!(elsewhere.status, StatusCode::FORBIDDEN);
    let page = town.officer.get("/selections/1").await.text;
    assert!(page.contains("九号上午窗口没人") && !page.contains("13800000000"), "the contact is sealed");
    let contact = town.officer.post("/selections/1/objections/1/contact", &[]).await;
    assert!(contact.text.contains("13800000000"), "{}", contact.text);

    leader.get("/selections/1").await;
    refused(&leader.post("/selections/1/vote", &[("agrees", "yes")]).await, "公示到");
    town.let_the_notice_end();
    refused(&leader.post("/selections/1/vote", &[("agrees", "yes")]).await, "没有答复");
    let answer = [("verdict-1", "dismiss"), ("reason-1", "当日调休，窗口由同事顶岗")];
    done(&keeper.post("/selections/1/objections/1/answer", &answer).await);
    assert_eq!(keeper.post("/selections/1/vote", &[("agrees", "yes")]).await.status, StatusCode::FORBIDDEN);
    done(&leader.post("/selections/1/vote", &[("agrees", "yes")]).await);
}

/// By the real command, from the centre's folder and from a file that was taken away.
fn checked_again(town: &Town, file: &Value) {
    let data = town.data().to_str().unwrap();
    let (same, said) = recompute(&["1", "--data", data]);
    assert!(same && said.contains("bit by bit"), "{said}");
    let path = town.data().join("snapshot.json");
    std::fs::write(&path, file.to_string()).unwrap();
    let (same, said) = recompute(&["--file", path.to_str().unwrap()]);
    assert!(same, "{said}");
    let mut other = file.clone();
    other["outcome"]["ranked"][0]["score_milli"] = 99_999.into();
    std::fs::write(&path, other.to_string()).unwrap();
    let (same, said) = recompute(&["--file", path.to_str().unwrap()]);
    assert!(!same && said.contains("NOT the same") && said.contains("kept is place"), "{said}");
}
