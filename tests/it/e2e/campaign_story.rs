//! The whole campaign as one story, from an empty centre to the month's report: what was promised is seen on the kiosk, what
//! is rated badly is put right, what goes well is found out by everybody's voice and stands as a badge on the card.
//!
//! The kiosk is the real program in a real window, and people come in over HTTP. The centre runs in this process, for two
//! things that days would be needed for: a case that came in weeks ago, and a public notice that is over.

use pingyi::centre::cases::{self, CaseFault, Desk, Opening, mind};
use pingyi::centre::hall::today;
use pingyi::domain::case::{Action, Actor, At, Origin};
use pingyi::domain::id::{HallId, WindowId};
use pingyi::domain::rating::Satisfaction;
use pingyi::domain::role::Role;
use pingyi::ledger::ticket::Ticket;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::campaign_town::{CLERK, COLLEAGUE, PATIENCE, Somebody, Town, changed, site, value_of};
use super::display::Display;
use super::tools::{keep_screen, read_qr, turn};
use super::wait::eventually;
use crate::browser::Browser;

const PROMISE: &str = "材料齐全立等可取";
const REPLY: &str = "已增开一个窗口，谢谢您";
const INSPECTION: &str = "服务态度暗访";
const ISSUER: &str = "创先争优活动领导小组";
/// The mark of one drawing of a phone's form.
const ONCE: (&str, &str) = ("once", "AEBAGBAFAYDQQCIKBMGA2DQPCA");

/// Everybody who has a part in it.
struct People {
    /// Supervisor of the hall: keeps the register, the rounds and the selection.
    keeper: Somebody,
    /// Another supervisor, from whom the undercover inspection is hidden.
    other: Somebody,
    leaders: [Somebody; 2],
    officers: [Somebody; 2],
    clerk: Somebody,
    /// Members of the party who vote on the clerk.
    voters: [Somebody; 3],
}

impl People {
    async fn of(town: &Town<'_>) -> Self {
        let staff = async |no: &'static str| town.somebody(&format!("本人{no}"), Role::Staff, Some(no)).await;
        Self {
            keeper: town.somebody("督查员", Role::HallSupervisor, None).await,
            other: town.somebody("另一主管", Role::HallSupervisor, None).await,
            leaders: [
                town.somebody("陈局长", Role::Leader, None).await,
                town.somebody("周书记", Role::Leader, None).await,
            ],
            officers: [
                town.somebody("回访员甲", Role::FollowUpOfficer, None).await,
                town.somebody("回访员乙", Role::FollowUpOfficer, None).await,
            ],
            clerk: staff(CLERK).await,
            voters: [staff("0001").await, staff(COLLEAGUE).await, staff("0007").await],
        }
    }
}

#[test]
fn from_a_promise_to_a_badge_and_whatever_went_wrong_is_put_right() {
    let Some(_turn) = turn(&["Xvfb", "zbarimg"]) else { return };
    let display = Display::xvfb(1280, 800);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(story(&display));
}

async fn story(display: &Display) {
    let town = Town::open(display).await;
    let people = People::of(&town).await;
    let (status, _) = town.post("/api/v1/halls/QL01/take-over", &people.keeper, json!({})).await;
    assert_eq!(status, StatusCode::OK, "the hall is the centre's");

    a_promise_of_two_people_is_seen(&town, &people).await;
    town.tap(Satisfaction::VerySatisfied);
    let bad = town.tap(Satisfaction::Dissatisfied);
    let by_phone = rated_by_phone(&town).await;
    town.a_month_comes_in().await;
    for visit in [bad, by_phone] {
        town.case_of(visit).await;
    }
    put_right_in_time(&town, &people, bad).await;
    the_citizen_reads_and_rates(&town, &town.receipt(bad)).await;
    left_alone_and_passed_up(&town, &people).await;
    appealed_and_granted(&town, &people, by_phone).await;
    inspected_undercover(&town, &people).await;
    reviewed(&town, &people).await;

    let [left, top, width, height] = town.kiosk.identity();
    let plain = display.part(left, top, width, height);
    keep_screen(display, "campaign-before");
    elected(&town, &people).await;
    the_badge_is_on_the_card(&town, &plain);
    the_month_is_told(&town, &people).await;
    town.running.stop().await;
}

/// One writes it, another one approves it, and the window shows it.
async fn a_promise_of_two_people_is_seen(town: &Town<'_>, people: &People) {
    let at = "/api/v1/halls/QL01/pledges/P0005";
    let old = town.look(town.kiosk.pledges());
    let promise = json!({ "text": { "zh": PROMISE }, "standard": { "zh": "看得见" }, "time_limit": { "zh": "当场" } });
    let act = |revision: u32, act: Value| json!({ "revision": revision, "act": act });
    let steps = [json!({ "step": "draft", "staff_no": CLERK, "promise": promise }), json!({ "step": "propose" })];
    for (revision, step) in (1..).zip(steps) {
        let (status, told) = town.post(&format!("{at}/steps"), &people.keeper, act(revision, step)).await;
        assert_eq!(status, StatusCode::OK, "{told}");
    }
    let approve = act(3, json!({ "step": "approve", "from": town.today().to_string() }));
    let (status, _) = town.post(&format!("{at}/decisions"), &people.keeper, approve.clone()).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "nobody approves their own");
    let (status, told) = town.post(&format!("{at}/decisions"), &people.leaders[0], approve).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let holds = || town.held().filter(|board| board.pledges.iter().any(|p| p.text.zh == PROMISE)).map(drop);
    eventually("the pledge on the kiosk's board", PATIENCE, holds);
    let seen = || (changed(&town.look(town.kiosk.pledges()), &old) > 0.001).then_some(());
    eventually("the pledge in the window", PATIENCE, seen);
}

/// By the form behind the code on the glass; its visit.
async fn rated_by_phone(town: &Town<'_>) -> u64 {
    let code = eventually("a code that zbar can read", PATIENCE, || read_qr(&town.display.screenshot()));
    let (_, ticket) = code.split_once("/T/").expect("a ticket in the code");
    let path = format!("/T/{ticket}");
    let (status, page) = town.phone(&path, &[ONCE, ("level", "dissatisfied")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    Ticket::parse(ticket).expect("a ticket").unverified().visit
}

async fn put_right_in_time(town: &Town<'_>, people: &People, visit: u64) {
    let case = town.case_of(visit).await;
    let (keeper, [officer, second]) = (&people.keeper, &people.officers);
    let (_, list) = town.api("/api/v1/cases", keeper).await;
    let cases = list["cases"].as_array().expect("cases");
    assert!(cases.iter().any(|c| c["id"] == case && c["stage"] == "received"), "it opened by itself: {list}");
    assert_eq!(list["total"], 2, "one for each bad rating, none for a good one: {list}");
    town.step(case, keeper, json!({"act": "assign", "account": officer.account}), "assigned").await;
    let verify = json!({"act": "verify", "verdict": "justified", "note": "查看了排队记录，属实"});
    assert_eq!(town.work(case, second, verify.clone()).await.0, StatusCode::FORBIDDEN, "somebody else handles it");
    town.step(case, officer, verify, "rectifying").await;
    town.step(case, officer, json!({"act": "rectify", "note": "增开一个窗口"}), "rectified").await;
    town.step(case, officer, json!({"act": "reply", "text": REPLY}), "replied").await;
    let follow_up = json!({"act": "follow_up", "outcome": "accepted", "note": "电话回访，认可"});
    town.step(case, officer, follow_up, "followed_up").await;
    let recheck = json!({"act": "recheck", "passed": true, "note": "现场看过"});
    assert_eq!(town.work(case, officer, recheck.clone()).await.0, StatusCode::FORBIDDEN, "it takes a second person");
    town.step(case, second, recheck, "rechecked").await;
    let (_, told) = town.work(case, officer, json!({"act": "close", "note": "办结"})).await;
    assert_eq!((&told["case"]["stage"], &told["case"]["late_steps"]), (&json!("closed"), &json!(0)), "{told}");
}

/// By the code that the thanks showed, without saying who they are.
async fn the_citizen_reads_and_rates(town: &Town<'_>, code: &str) {
    let (status, page) = town.phone("/c", &[("code", code)]).await;
    assert!(status == StatusCode::OK && page.contains(REPLY) && page.contains("已经办结"), "{page}");
    assert!(!page.contains("回访员甲") && !page.contains("排队记录"), "no name and no note: {page}");
    let rate = [("code", code), ("act", "rate"), ("level", "satisfied"), ("words", "")];
    let (status, page) = town.phone("/c", &rate).await;
    assert!(status == StatusCode::OK && page.contains("谢谢您"), "{page}");
    let (_, page) = town.phone("/c", &[("code", code)]).await;
    assert!(page.contains("您已经评价过"), "once: {page}");
}

/// It came in three weeks ago, and nobody took it.
async fn left_alone_and_passed_up(town: &Town<'_>, people: &People) {
    let (site, opening) = (
        site(town),
        Opening {
            hall: HallId::new("QL01").expect("a hall"),
            origin: Origin::Finding { inspection: 900, finding: 1 },
            service_window: WindowId::new("W05").ok(),
            staff_no: None,
            summary: "地面湿滑，没有提示".to_owned(),
            serious: false,
        },
    );
    let (calendar, zone) = (site.settings.calendar.clone(), site.settings.time_zone.clone());
    let opened = site.writer.attempt(move |desk| -> Result<i64, CaseFault> {
        let wall = desk.now.plus_ms(-21 * 86_400_000);
        let id = cases::open(desk.tx, &opening, wall)?.ok_or(CaseFault::NotFound)?;
        let at = At { wall, day: today(&zone, wall) };
        cases::advance(&Desk::new(desk.tx, &calendar, at)?, id, Action::Date, Actor::System)?;
        Ok(id)
    });
    let case = opened.await.expect("a writer").expect("a case");
    while mind::turn(&site, true).await.expect("a turn of the chore") {}
    let (_, told) = town.api(&format!("/api/v1/cases/{case}"), &people.leaders[0]).await;
    assert_eq!((&told["case"]["light"], &told["case"]["escalation"]), (&json!("overdue"), &json!("leader")), "{told}");
    let first = people.keeper.page("/").await;
    assert!(first.contains("1 件整改超期") && first.contains(&format!("/cases/{case}")), "{first}");
}

async fn appealed_and_granted(town: &Town<'_>, people: &People, visit: u64) {
    let case = town.case_of(visit).await;
    let (keeper, leader, clerk) = (&people.keeper, &people.leaders[1], &people.clerk);
    town.step(case, keeper, json!({"act": "assign", "account": keeper.account}), "assigned").await;
    town.step(case, keeper, json!({"act": "verify", "verdict": "justified", "note": "态度生硬"}), "rectifying").await;
    let (_, own) = town.api("/api/v1/own/cases", clerk).await;
    assert!(own["cases"].as_array().is_some_and(|all| all.iter().any(|c| c["id"] == case)), "{own}");
    let appeal = json!({"text": "当时系统故障，已向群众说明"});
    let (status, told) = town.post(&format!("/api/v1/own/cases/{case}/appeal"), clerk, appeal).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{told}");
    let decide = format!("/api/v1/cases/{case}/decide");
    let grant = json!({"act": "review", "granted": "explained", "note": "核对了故障记录，申诉成立"});
    assert_eq!(town.post(&decide, keeper, grant.clone()).await.0, StatusCode::FORBIDDEN, "not whoever verified");
    let (status, told) = town.post(&decide, leader, grant).await;
    assert_eq!((status, &told["case"]["verdict"]), (StatusCode::OK, &json!("explained")), "{told}");
    assert_eq!(told["appeal_granted"], json!(true), "{told}");
}

/// Planned, visited, handed in; hidden all the while; released, and ordered to be put right.
async fn inspected_undercover(town: &Town<'_>, people: &People) {
    let (keeper, other, leader, inspector) = (&people.keeper, &people.other, &people.leaders[0], &people.officers[0]);
    let form = keeper.page("/inspections/new").await;
    let (from, to, account) = (value_of(&form, "from"), value_of(&form, "to"), inspector.account.to_string());
    let plan = [
        ("title", INSPECTION),
        ("kind", "undercover"),
        ("from", from.as_str()),
        ("to", to.as_str()),
        ("hall", "QL01"),
        ("inspector", account.as_str()),
        ("checklist", "1.1"),
    ];
    let home = keeper.done("/inspections/new", &plan).await;
    let hidden = async || {
        assert!(!other.page("/inspections?show=all").await.contains(INSPECTION));
        assert_eq!(other.browser.get(&home).await.status, StatusCode::NOT_FOUND);
    };
    hidden().await;
    let answers = best_answers(&inspector.page(&format!("{home}/visit")).await);
    let visit = json!({"submission": "2b".repeat(16), "report": {
        "service_window": "W03", "at_ms": pingyi::centre::clock::now().wall.0 - 60_000, "answers": answers,
        "findings": [{"text": "承诺牌被遮挡", "gravity": "serious"}]}});
    let (status, told) = town.post(&format!("/api/v1{home}/visits"), inspector, visit).await;
    assert_eq!(status, StatusCode::CREATED, "{told}");
    inspector.done(&format!("{home}/steps/submit"), &[]).await;
    hidden().await;
    let refused = inspector.post(&format!("{home}/findings/1/order"), &[("text", "摆正"), ("days", "5")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "released first: {}", refused.text);
    leader.done(&format!("{home}/steps/release"), &[]).await;
    assert!(other.page(&home).await.contains("承诺牌被遮挡"), "now it is seen");
    let order = [("text", "承诺牌移到柜台正面"), ("days", "5")];
    inspector.done(&format!("{home}/findings/1/order"), &order).await;
    let page = other.page(&home).await;
    assert!(page.contains("5 个工作日内") && page.contains("待派发"), "{page}");
    let (_, list) = town.api("/api/v1/cases?origin=finding", keeper).await;
    assert_eq!(list["total"], 2, "the order is a case, beside the one that was left alone: {list}");
}

/// Every item of a sheet's radio buttons answered as well as can be.
fn best_answers(page: &str) -> Vec<Value> {
    let radios = page.split("type=\"radio\" name=\"a-").skip(1).filter_map(|radio| {
        let (item, rest) = radio.split_once('"')?;
        let value = rest.split("value=\"").nth(1)?.split('"').next()?;
        matches!(value, "1" | "5").then(|| (item.to_owned(), value.parse::<u8>().unwrap_or(1)))
    });
    let best: std::collections::BTreeMap<_, _> = radios.collect();
    best.into_iter().map(|(item, value)| json!({"item": item, "value": value})).collect()
}

/// A leader on the clerk, and three colleagues on her, who are too few to be told.
async fn reviewed(town: &Town<'_>, people: &People) {
    let (leader, keeper, month) = (&people.leaders[0], &people.keeper, town.month().2);
    let about = format!("staff:QL01:{CLERK}");
    let review = [("about", about.as_str()), ("period", &month), ("score", "95"), ("text", "材料一次讲清。")];
    leader.done("/reviews/new", &review).await;
    assert!(people.clerk.page("/me").await.contains("材料一次讲清"));

    let form = keeper.page("/peer/rounds/new").await;
    let (from, to) = (value_of(&form, "from"), value_of(&form, "to"));
    let round = [
        ("title", "党员互评"),
        ("hall", "QL01"),
        ("from", &from),
        ("to", &to),
        ("criteria", "服务态度\r\n业务能力"),
        ("voters", "party"),
        ("about", "party"),
    ];
    keeper.done("/peer/rounds/new", &round).await;
    let on_clerk = format!("/peer/1/{CLERK}");
    for voter in &people.voters {
        voter.done(&on_clerk, &[("c1", "5"), ("c2", "4")]).await;
        let again = voter.post(&on_clerk, &[("c1", "1"), ("c2", "1")]).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "one vote each");
    }
    assert!(keeper.page("/peer/rounds/1").await.contains("3 票"));
    keeper.done("/peer/rounds/1/close", &[]).await;
    assert!(keeper.page("/peer/rounds/1").await.contains("不足 5 票，不显示"), "few votes are told to nobody");
}

async fn elected(town: &Town<'_>, people: &People) {
    let (keeper, leaders) = (&people.keeper, &people.leaders);
    let (from, to, _) = town.month();
    let (from, to) = (from.to_string(), to.to_string());
    let call = [
        ("title", "上月党员先锋岗"),
        ("honour", "vanguard_post"),
        ("occasion", "ordinary"),
        ("hall", "QL01"),
        ("from", from.as_str()),
        ("to", to.as_str()),
        ("seats", "1"),
        ("min_n", "5"),
        ("min_cover", "40"),
        ("notice_days", "1"),
        ("quorum", "2"),
        ("no_open_serious", "yes"),
        ("weight_public", "60"),
        ("weight_leader", "40"),
    ];
    assert_eq!(keeper.done("/selections/new", &call).await, "/selections/1");
    keeper.done("/selections/1/compute", &[]).await;
    let file: Value = serde_json::from_str(&keeper.page("/selections/1/snapshot.json").await).expect("a snapshot");
    let ranked = file["outcome"]["ranked"].as_array().expect("places");
    let place = ranked.iter().position(|r| r["subject"]["staff_no"] == CLERK).expect("the clerk has a place");
    assert!(place == 0 && ranked.len() == 2, "by ratings and review the clerk is ahead: {}", file["outcome"]);
    let clerk = format!("staff:QL01:{CLERK}");
    let why = keeper.page(&format!("/selections/1/candidates/{clerk}")).await;
    assert!(why.contains("群众评议") && why.contains("领导点评"), "{why}");
    keeper.done("/selections/1/nominate", &[("nominee", clerk.as_str()), ("reason-0", "群众一致好评")]).await;
    keeper.done("/selections/1/notice", &[]).await;

    let stranger = Browser::new(&town.running.url());
    let public = "/public/QL01/notices/1";
    assert!(stranger.get(public).await.text.contains("群众一致好评"));
    let words = [("about", clerk.as_str()), ("text", "九号上午窗口没人"), ("contact", "")];
    let objected = stranger.post_with(public, &words, None, &stranger.url).await;
    assert_eq!(objected.status, StatusCode::SEE_OTHER, "{}", objected.text);
    let early = leaders[0].post("/selections/1/vote", &[("agrees", "yes")]).await;
    assert!(early.status == StatusCode::UNPROCESSABLE_ENTITY && early.text.contains("公示到"), "{}", early.text);
    the_notice_ends(town);
    let unanswered = leaders[0].post("/selections/1/vote", &[("agrees", "yes")]).await;
    assert!(unanswered.text.contains("没有答复"), "{}", unanswered.text);
    let answer = [("verdict-1", "dismiss"), ("reason-1", "当日调休，窗口由同事顶岗")];
    keeper.done("/selections/1/objections/1/answer", &answer).await;
    let own = keeper.post("/selections/1/vote", &[("agrees", "yes")]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN, "whoever prepared it does not decide");
    for leader in leaders {
        leader.done("/selections/1/vote", &[("agrees", "yes")]).await;
    }
    let until = (town.today() + jiff::Span::new().months(3)).to_string();
    let award = [("issuer", ISSUER), ("period", "上月"), ("until", until.as_str())];
    leaders[0].done("/selections/1/award", &award).await;
    let report = keeper.page("/selections/1/report").await;
    assert!(report.contains("当日调休") && report.contains(ISSUER), "{report}");
}

/// Working days go by: the notice began and ended before today.
fn the_notice_ends(town: &Town<'_>) {
    let day = |back: i64| (town.today() - jiff::Span::new().days(back)).to_string();
    let moved = town.conn().execute(
        "UPDATE selection SET notice_from = ?1, notice_until = ?2,
           body = json_set(body, '$.notice.from', ?1, '$.notice.until', ?2)",
        [day(8), day(1)],
    );
    assert_eq!(moved.expect("the selection"), 1);
}

/// The board that the kiosk holds has it, and the card in the window shows it.
fn the_badge_is_on_the_card(town: &Town<'_>, plain: &image::RgbImage) {
    let holds = || {
        let board = town.held()?;
        let card = board.staff.into_iter().find(|s| s.staff_no.as_str() == CLERK)?;
        card.honours.iter().any(|h| h.kind.code() == "vanguard_post" && h.issuer == ISSUER).then_some(())
    };
    eventually("the badge on the kiosk's board", PATIENCE, holds);
    let picture = || Some(town.look(town.kiosk.identity())).filter(|now| changed(now, plain) > 0.002);
    let badge = eventually("the badge in the window", PATIENCE, picture);
    println!("{:.2}% of the card's identity changed with the badge", changed(&badge, plain) * 100.0);
    let file = town.dir.path().join("badge.png");
    town.display.screenshot().save(&file).expect("a picture of the window");
    assert!(std::fs::metadata(&file).is_ok_and(|m| m.len() > 10_000));
    keep_screen(town.display, "campaign-badge");
}

async fn the_month_is_told(town: &Town<'_>, people: &People) {
    let report = people.leaders[0].page(&format!("/report?month={}", town.month().2)).await;
    assert!(report.contains("<b>18</b>") && report.contains("100.0%"), "the month's ratings: {report}");
}
