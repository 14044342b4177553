//! Pages and interface of alerts over real sockets: what is seen, said and set, by whom, and what the log says of it.

use pingyi::centre::directory::accounts::Part;
use pingyi::centre::directory::units;
use pingyi::centre::{audit, clock};
use pingyi::domain::id::{HallId, StaffNo};
use pingyi::domain::rating::Satisfaction::{Satisfied, VeryDissatisfied};
use pingyi::domain::role::Role;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use super::hall::{Hall, until};
use crate::browser::{Browser, account};
use crate::centre::http;

/// A token of somebody of a role.
async fn token(hall: &Hall, role: Role) -> String {
    let staff = (role == Role::Staff).then(|| StaffNo::new("0027").unwrap());
    let token = crate::browser::add(&hall.conn(), role.code(), role, staff.as_ref(), clock::now().wall);
    let directory = &hall.running.as_ref().unwrap().site.directory;
    until(|| directory.get().people().by_token(&token, clock::now().wall).is_some()).await;
    token
}

struct Api<'a> {
    client: Client,
    hall: &'a Hall,
    token: String,
}

impl Api<'_> {
    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let url = format!("{}/api/v1/alerts{path}", self.hall.url());
        let mut request = self.client.request(method, url).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        (response.status(), response.json().await.unwrap_or_default())
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.ask(Method::GET, path, None).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alert_is_seen_acknowledged_once_and_closed_and_the_log_knows_who() {
    let mut hall = Hall::open(|_| {}).await;
    hall.rate(&[VeryDissatisfied, Satisfied, VeryDissatisfied, VeryDissatisfied]).await;
    until(|| !hall.alerts().is_empty()).await;
    let supervisor = Api { client: http::client(), hall: &hall, token: token(&hall, Role::HallSupervisor).await };
    let (status, page) = supervisor.get("").await;
    let alert = &page["alerts"][0];
    assert_eq!((status, &alert["raised_by"]["negative"], &alert["window"]), (StatusCode::OK, &3.into(), &"W03".into()));
    let id = alert["id"].as_i64().unwrap();

    // The leader may not see groups of four, the keeper of devices no ratings at all, staff none of it.
    let leader = Api { token: token(&hall, Role::Leader).await, client: http::client(), hall: &hall };
    assert_eq!(leader.get(&format!("/{id}")).await.1["figures"]["n"], 0);
    let keeper = Api { token: token(&hall, Role::DeviceAdmin).await, client: http::client(), hall: &hall };
    assert_eq!(keeper.get(&format!("/{id}")).await.0, StatusCode::NOT_FOUND);
    assert_eq!(keeper.get("").await.1["alerts"], json!([]));
    let staff = Api { token: token(&hall, Role::Staff).await, client: http::client(), hall: &hall };
    assert_eq!(staff.get("").await.0, StatusCode::FORBIDDEN);
    let auditor = Api { token: token(&hall, Role::Auditor).await, client: http::client(), hall: &hall };
    let path = format!("/{id}/acknowledge");
    let said = |word: &str| Some(json!({ "word": word }));
    assert_eq!(auditor.ask(Method::POST, &path, said("看过")).await.0, StatusCode::FORBIDDEN);

    for (word, status) in
        [("", StatusCode::BAD_REQUEST), ("两\n行", StatusCode::BAD_REQUEST), ("已到现场", StatusCode::NO_CONTENT)]
    {
        assert_eq!(supervisor.ask(Method::POST, &path, said(word)).await.0, status, "{word:?}");
    }
    assert_eq!(
        leader.ask(Method::POST, &path, said("我也看过")).await.0,
        StatusCode::BAD_REQUEST,
        "the first word stands"
    );
    let path = format!("/{id}/close");
    assert_eq!(leader.ask(Method::POST, &path, None).await.0, StatusCode::FORBIDDEN);
    assert_eq!(supervisor.ask(Method::POST, &path, None).await.0, StatusCode::NO_CONTENT);
    let closed = supervisor.get(&format!("/{id}")).await.1;
    assert_eq!((&closed["ending"], &closed["word"]), (&"by_hand".into(), &"已到现场".into()));
    assert_eq!(supervisor.get("").await.1["alerts"], json!([]), "dealt with");
    assert_eq!(supervisor.get("?which=all").await.1["alerts"].as_array().unwrap().len(), 1);
    let log = audit::verify(&hall.conn()).unwrap();
    assert_eq!((log.lines, log.broken.len()), (2, 0), "two deeds; what was refused is none");
    hall.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_are_added_changed_and_removed_and_faults_are_named() {
    let mut hall = Hall::open(|_| {}).await;
    let admin = Api { token: token(&hall, Role::SystemAdmin).await, client: http::client(), hall: &hall };
    let rules = admin.get("/rules").await.1;
    assert_eq!(rules["rules"].as_array().unwrap().len(), 4);
    let mut terms = rules["rules"][0].clone();
    terms.as_object_mut().unwrap().remove("id");
    terms["name"] = "三号窗口".into();
    terms["scope"] = json!({ "kind": "window", "hall": "QL01", "window": "W03" });
    let (status, added) = admin.ask(Method::POST, "/rules", Some(terms.clone())).await;
    assert_eq!(status, StatusCode::CREATED);
    let path = format!("/rules/{}", added["id"]);
    terms["condition"]["percent"] = 101.into();
    let (status, refused) = admin.ask(Method::PUT, &path, Some(terms.clone())).await;
    assert!(
        status == StatusCode::BAD_REQUEST && refused["message"].as_str().unwrap().contains("percent: 1 to 100"),
        "{refused}"
    );
    terms["condition"]["percent"] = 80.into();
    terms["enabled"] = false.into();
    assert_eq!(admin.ask(Method::PUT, &path, Some(terms.clone())).await.0, StatusCode::NO_CONTENT);
    assert_eq!(admin.get("/rules").await.1["rules"][4]["condition"]["percent"], 80);
    terms["surprise"] = 1.into();
    assert_eq!(admin.ask(Method::POST, "/rules", Some(terms)).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(admin.ask(Method::DELETE, &path, None).await.0, StatusCode::NO_CONTENT);
    assert_eq!(admin.ask(Method::DELETE, &path, None).await.0, StatusCode::NOT_FOUND);
    let follow_up = Api { token: token(&hall, Role::FollowUpOfficer).await, client: http::client(), hall: &hall };
    assert_eq!(follow_up.ask(Method::DELETE, "/rules/1", None).await.0, StatusCode::FORBIDDEN);
    hall.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_and_destinations_are_set_for_a_unit_by_whoever_stands_over_it() {
    let mut hall = Hall::open(|_| {}).await;
    let site = &hall.running.as_ref().unwrap().site;
    let made = site.writer.attempt(|desk| {
        let city = units::add(desk.tx, None, "市政务局")?;
        let east = units::add(desk.tx, Some(city), "东区")?;
        let west = units::add(desk.tx, Some(city), "西区")?;
        units::place(desk.tx, &HallId::new("QL01").unwrap(), Some(east))?;
        *desk.people_changed = true;
        Ok::<_, units::UnitFault>((city, east, west))
    });
    let (city, east, west) = made.await.unwrap().unwrap();
    account(site, "east", Role::HallSupervisor, Part::Unit(east)).await;
    let browser = Browser::new(&hall.url());
    browser.sign_in("east").await;
    let rule = "/alerts/rules/new?kind=tampering";
    for form in [rule, "/alerts/destinations/new?kind=mail"] {
        let page = browser.get(form).await.text;
        assert!(page.contains("单位：市政务局 / 东区") && page.contains(&format!("value=\"unit:{east}\"")), "{page}");
        for foreign in [city, west] {
            assert!(!page.contains(&format!("value=\"unit:{foreign}\"")), "{form}");
        }
    }
    let scope = |unit: i64| format!("unit:{unit}");
    let common = [("grain", "each_window"), ("severity", "severe"), ("cooldown_minutes", "60"), ("enabled", "yes")];
    for (unit, status) in [
        (city, StatusCode::UNPROCESSABLE_ENTITY),
        (west, StatusCode::UNPROCESSABLE_ENTITY),
        (east, StatusCode::SEE_OTHER),
    ] {
        let scope = scope(unit);
        let fields = [&common[..], &[("name", "东区终端"), ("scope", &scope)]].concat();
        browser.get(rule).await;
        assert_eq!(browser.post(rule, &fields).await.status, status, "{unit}");
    }
    let list = browser.get("/alerts/rules").await.text;
    assert!(list.contains("东区终端") && list.contains("单位：市政务局 / 东区"), "{list}");
    hall.stop().await;
}
