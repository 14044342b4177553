//! What belongs to another unit's hall does not exist: every route, for every role that it is for, asked by accounts that
//! reach one hall for things of another.
//!
//! [`placing`](placing::placing) tells by its address what of another hall a route could touch.

mod forms;
mod placing;
mod things;

use std::collections::BTreeMap;

use pingyi::centre::access::{Needs, Route};
use pingyi::centre::app;
use pingyi::centre::directory::accounts::Part;
use pingyi::centre::directory::tokens;
use pingyi::centre::schema;
use pingyi::db;
use pingyi::domain::id::HallId;
use pingyi::domain::role::{Need, Role};
use reqwest::{Client, Method, StatusCode};
use rusqlite::Connection;

use super::House;
use super::routes::filled;
use crate::browser::{Browser, account};
use crate::centre::http;
use crate::reviews::upload;
use forms::{body, file, form};
use placing::{Placing, placing};
use things::{HALL, Things, furnish};

/// Tables that move by themselves, or because somebody looked.
const VOLATILE: [&str; 15] = [
    "audit_log",
    "session",
    "api_token",
    "sign_in_try",
    "alert_mark",
    "alert",
    "alert_outbox",
    "alert_attempt",
    "rollup",
    "rollup_due",
    "rollup_mark",
    "case_mark",
    "cycle_began",
    "cycle_round",
    "fulfilment_record",
];

fn open(house: &House) -> Connection {
    db::open(&house.dir.path().join(schema::FILE), &schema::SCHEMA).unwrap()
}

/// Every row of every table that nothing but a deed changes.
fn whole(conn: &Connection) -> BTreeMap<String, Vec<String>> {
    let texts = |sql: &str| -> Vec<String> {
        conn.prepare(sql).unwrap().query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let tables = texts("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    let kept = tables.into_iter().filter(|t| !VOLATILE.contains(&t.as_str()));
    kept.map(|table| {
        let columns = texts(&format!("SELECT name FROM pragma_table_info('{table}')"));
        let row = columns.iter().map(|c| format!("quote(\"{c}\")")).collect::<Vec<_>>().join("||','||");
        let mut rows = texts(&format!("SELECT {row} FROM {table}"));
        rows.sort();
        (table, rows)
    })
    .collect()
}

struct Person {
    role: Role,
    browser: Browser,
    token: String,
}

/// One of each role.
async fn people(house: &House, prefix: &str, part: &Part) -> Vec<Person> {
    let mut all = Vec::new();
    for &role in Role::ALL {
        let login = format!("{prefix}-{}", role.code());
        let id = account(&house.running.site, &login, role, part.clone()).await;
        let token = tokens::fresh().unwrap();
        let kept = token.clone();
        let added = house.running.site.writer.attempt(move |desk| {
            *desk.people_changed = true;
            tokens::add(desk.tx, id, &kept, "walk", Needs::ALL, None, desk.now)
        });
        added.await.unwrap().unwrap();
        let browser = Browser::new(&house.url());
        browser.sign_in(&login).await;
        browser.get("/account").await;
        all.push(Person { role, browser, token });
    }
    all
}

async fn send(client: &Client, person: &Person, route: &Route, path: &str, things: &Things) -> (StatusCode, String) {
    if route.path.starts_with("/api/") {
        let request = client.request(route.method.clone(), format!("{}{path}", person.browser.url));
        let mut request = request.bearer_auth(&person.token);
        if route.method != Method::GET {
            request = request.json(&body(things, route.path));
        }
        let response = request.send().await.unwrap();
        return (response.status(), response.text().await.unwrap());
    }
    let page = if route.method == Method::GET {
        person.browser.get(path).await
    } else if let Some(name) = file(route.path) {
        return upload(&person.browser, "/account", path, &[(name, Some("a.csv"), b"a,b\n1,2\n")]).await;
    } else {
        let fields = form();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        person.browser.get("/account").await;
        person.browser.post(path, &fields).await
    };
    (page.status, page.text)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_another_units_hall_is_seen_or_changed_by_any_route() {
    let house = House::open().await;
    let (things, unit) = furnish(&house).await;
    let people = people(&house, "own", &Part::Unit(unit)).await;
    let conn = open(&house);
    let before = whole(&conn);
    let (mut wrong, mut met) = (Vec::new(), 0);
    for route in app::table().iter().filter(|route| !matches!(placing(route), Placing::None)) {
        for person in people.iter().filter(|p| p.role.may(route.need)) {
            met += 1;
            wrong.extend(faults(person, route, &things).await);
        }
    }
    let after = whole(&conn);
    for (table, rows) in &before {
        if after.get(table) != Some(rows) {
            wrong.push(format!("{table} was changed: {:?}", after.get(table)));
        }
    }
    let all = wrong.join("\n");
    assert!(wrong.is_empty(), "{} of {met} answers are not as if the other hall did not exist:\n{all}", wrong.len());
    assert!(met > 400, "{met}");
    house.running.stop().await;
}

/// What of an answer is not as if the other hall did not exist.
async fn faults(person: &Person, route: &Route, things: &Things) -> Vec<String> {
    let (client, path) = (http::client(), things.fill(route.path));
    let (status, text) = send(&client, person, route, &path, things).await;
    let what = format!("{} {path} as {}", route.method, person.role.code());
    // A form that leads back to its list says there that nothing was found: the same for what never was.
    let mut like_none = false;
    if status.is_redirection() {
        let nowhere = filled(route.path, &HallId::new("QL77").unwrap());
        like_none = send(&client, person, route, &nowhere, things).await == (status, text.clone());
    }
    let fits = match placing(route) {
        // Handlers may be narrower than the table.
        Placing::List => !status.is_server_error(),
        // Its own kind of form could not be read: with files, or of a shape of its own.
        Placing::Object => matches!(status.as_u16(), 403 | 404) || misread(route, status) || like_none,
        // The interface says of what is not within one's reach that it does not understand the question.
        Placing::Named => matches!(status.as_u16(), 403 | 404 | 422) || (status == 400 && text.contains("bad_query")),
        Placing::None => true,
    };
    // What was asked for may stand in the answer, in the link to the other language.
    let read = things
        .marks
        .iter()
        .filter(|m| text.contains(m.as_str()) && !path.contains(m.as_str()))
        .map(|mark| format!("{what}: reads {mark:?}"));
    let got = || format!("{what}: got {status}: {}", text.chars().take(200).collect::<String>());
    read.chain((!fits).then(got)).collect()
}

/// Bodies of a shape of their own are read before the hall is looked up; what such a request says is seen by the tests
/// beside their modules.
fn misread(route: &Route, status: StatusCode) -> bool {
    const BEFORE: [&str; 3] = [
        "/api/v1/halls/{hall}/staff/{staff_no}/portrait",
        "/inspections/{id}/visit",
        "/api/v1/inspections/{id}/visits",
    ];
    status == StatusCode::BAD_REQUEST && BEFORE.contains(&route.path)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_that_name_another_hall_count_nothing() {
    let house = House::open().await;
    let (things, unit) = furnish(&house).await;
    let people = people(&house, "own", &Part::Unit(unit)).await;
    let client = http::client();
    for person in people.iter().filter(|p| p.role.may(Need::Statistics) && p.role != Role::Staff) {
        for ask in ["", "&where=hall:QL01", "&where=window:QL01/W03", "&where=staff:0027"] {
            for by in ["hall", "window", "staff", "day", "level", "item", "reason"] {
                let url = format!("{}/api/v1/stats?by={by}&from=2026-11-01&to=2026-11-30{ask}", house.url());
                let response = client.get(&url).bearer_auth(&person.token).send().await.unwrap();
                assert_eq!(response.status(), StatusCode::OK, "{url}");
                let answer: serde_json::Value = response.json().await.unwrap();
                assert_eq!(answer["total"]["n"].as_u64().unwrap_or(0), 0, "{}: {url}: {answer}", person.role.code());
                let text = answer["rows"].to_string();
                assert!(
                    !text.contains(HALL) && !things.marks.iter().any(|m| text.contains(m.as_str())),
                    "{url}: {text}"
                );
            }
        }
        for path in ["/statistics?by=window&where=hall:QL01", "/report?hall=QL01", "/?hall=QL01", "/entries?hall=QL01"]
        {
            let page = person.browser.get(path).await;
            assert!(page.status.is_success() || page.status.is_client_error(), "{path}: {}", page.status);
            let seen = things.marks.iter().find(|m| page.text.contains(m.as_str()));
            assert!(seen.is_none(), "{} reads {seen:?} at {path}", person.role.code());
        }
    }
    house.running.stop().await;
}
