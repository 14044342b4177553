//! Pieces of business over real sockets: what the business system tells, what is refused by itself, and who reads which rates.

use pingyi::domain::board::BoardVersion;
use pingyi::domain::id::{CaseNo, StaffNo};
use pingyi::domain::role::Role;
use pingyi::domain::visit::{VisitOutcome, VisitTrigger};
use pingyi::ledger::entry::{Body, VisitOpened};
use reqwest::StatusCode;
use serde_json::json;

use crate::centre::terminal::Terminal;
use crate::fleet::House;

const DAY_MS: i64 = 86_400_000;

/// Days before now, at this hour of the day.
fn ago(days: i64) -> i64 {
    jiff::Timestamp::now().as_millisecond() - days * DAY_MS
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_business_system_tells_each_event_once_and_rates_follow() {
    let house = House::open().await;
    let teller = house.token(Role::SystemAdmin).await;
    let told = json!({"hall": "QL01", "events": [
        {"case_no": "2026/A", "step": "first_contact", "wall_ms": ago(60), "service_window": "W02", "staff_no": "0028"},
        {"case_no": "2026/A", "step": "accepted", "wall_ms": ago(60) + 1000, "service_window": "W01", "staff_no": "0027", "limit_days": 10},
        {"case_no": "2026/A", "step": "finished", "wall_ms": ago(58), "service_window": "W01"},
        {"case_no": "2026/B", "step": "accepted", "wall_ms": ago(60), "service_window": "W01", "staff_no": "0027", "limit_days": 10},
        {"case_no": "2026/C", "step": "finished", "wall_ms": ago(3)},
        {"case_no": "2026/D", "step": "accepted", "wall_ms": ago(3), "item": "NOPE"},
        {"case_no": "2026/E", "step": "accepted", "wall_ms": ago(-3)},
        {"case_no": "2026/F", "step": "accepted", "wall_ms": ago(3), "service_window": "W99"},
    ]});
    let (status, answer) = house.post("/api/v1/matters", &teller, told.clone()).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!((&answer["taken"], &answer["known"]), (&4.into(), &0.into()), "{answer}");
    let refused: Vec<_> = answer["refused"].as_array().unwrap().iter().map(|r| r["place"].as_u64().unwrap()).collect();
    assert_eq!(refused, [4, 5, 6, 7], "{answer}");
    assert_eq!(answer["refused"][0]["why"], "it was not accepted before");
    let (_, again) = house.post("/api/v1/matters", &teller, told).await;
    assert_eq!((&again["taken"], &again["known"]), (&0.into(), &4.into()), "the same again changes nothing");

    let supervisor = house.token(Role::HallSupervisor).await;
    let from = (jiff::Timestamp::now() - jiff::Span::new().hours(24 * 90)).strftime("%F").to_string();
    let (status, rates) = house.api(&format!("/api/v1/matters?by=window&from={from}"), &supervisor).await;
    assert_eq!(status, StatusCode::OK, "{rates}");
    let of = |key: &str| rates["rows"].as_array().unwrap().iter().find(|r| r["key"] == key).unwrap().clone();
    let w01 = of("W01");
    assert_eq!((&w01["due"], &w01["on_time"], &w01["overdue"]), (&2.into(), &1.into(), &1.into()), "{rates}");
    assert_eq!((&of("W02")["contacts"], &of("W02")["kept"]), (&1.into(), &1.into()), "{rates}");
    for (query, status) in [
        ("by=colour", StatusCode::BAD_REQUEST),
        ("hall=QL99", StatusCode::NOT_FOUND),
        ("from=never", StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(house.api(&format!("/api/v1/matters?{query}"), &supervisor).await.0, status, "{query}");
    }
    assert!(house.acts().iter().filter(|act| *act == "matters_told").count() == 2);

    let cookie = house.cookie(&supervisor).await;
    let (status, page) = house.page(&format!("/matters?from={from}"), &cookie).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("50.0%") && page.contains("1 / 2") && page.contains("2026/B"), "{page}");
    let (status, file) = house.page(&format!("/matters/export?format=csv&from={from}"), &cookie).await;
    assert_eq!(status, StatusCode::OK);
    assert!(file.contains("total,合计,2,1,0.500000"), "{file}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_tellers_tell_and_a_kiosks_visit_stands_beside_what_was_told() {
    let house = House::open().await;
    let news = json!({"hall": "QL01", "events": [{"case_no": "2026/WD-00017", "step": "accepted", "wall_ms": ago(1), "item": "YB-002"}]});
    for role in [Role::Leader, Role::Auditor, Role::FollowUpOfficer, Role::DeviceAdmin] {
        let token = house.token(role).await;
        assert_eq!(house.post("/api/v1/matters", &token, news.clone()).await.0, StatusCode::FORBIDDEN, "{role:?}");
    }
    let supervisor = house.token(Role::HallSupervisor).await;
    for bad in [json!({"hall": "QL01", "events": []}), json!({"hall": "QL01"}), json!({"events": [], "hall": "a b"})] {
        assert_eq!(house.post("/api/v1/matters", &supervisor, bad.clone()).await.0, StatusCode::BAD_REQUEST, "{bad}");
    }
    let elsewhere = json!({"hall": "QL99", "events": news["events"]});
    assert_eq!(house.post("/api/v1/matters", &supervisor, elsewhere).await.0, StatusCode::NOT_FOUND);
    let (_, told) = house.post("/api/v1/matters", &supervisor, news).await;
    assert_eq!(told["taken"], 1, "{told}");

    let mut t = Terminal::new(1);
    let visit = t.add(Body::VisitOpened(VisitOpened {
        window: t.window.clone(),
        staff: Some(StaffNo::new("0027").unwrap()),
        trigger: VisitTrigger::Business,
        item: None,
        case_no: Some(CaseNo::new("2026/WD-00017").unwrap()),
        board: BoardVersion("0000000000000000".into()),
        pledges: vec![],
    }));
    t.close(visit, VisitOutcome::NoResponse);
    house.take(&t).await;
    let cookie = house.cookie(&supervisor).await;
    let address = "/matters/one?hall=QL01&case_no=2026%2FWD-00017";
    let (status, page) = house.page(address, &cookie).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains(&format!("/entries/1/{visit}")), "the visit is named beside the steps: {page}");
    assert_eq!(house.page("/matters/one?hall=QL01&case_no=none", &cookie).await.0, StatusCode::NOT_FOUND);
}
