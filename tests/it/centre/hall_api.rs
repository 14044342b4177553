//! The interface of halls over HTTP, as a program of the city meets it.

use pingyi::centre::directory::users;
use pingyi::centre::schema;
use pingyi::db;
use pingyi::domain::role::Role;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use super::http::{client, run, sample};

struct Asker {
    client: Client,
    url: String,
    token: String,
}

impl Asker {
    async fn ask(&self, method: Method, path: &str, body: impl Into<reqwest::Body>) -> (u16, Value) {
        let request = self.client.request(method, format!("{}/api/v1/halls{path}", self.url));
        let response = request.bearer_auth(&self.token).body(body).send().await.unwrap();
        let status = response.status().as_u16();
        (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default())
    }

    async fn put(&self, path: &str, body: Value) -> (u16, Value) {
        self.ask(Method::PUT, path, body.to_string()).await
    }

    async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.ask(Method::POST, path, body.to_string()).await
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        self.ask(Method::GET, path, "").await
    }
}

fn item(name: &str, days: i32) -> Value {
    json!({ "code": "YB-001", "name": { "zh": name }, "limit_days": days })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_keeps_a_hall_as_people_do_on_pages() {
    let dir = tempfile::tempdir().unwrap();
    let running = run(&sample(), dir.path()).await;
    let conn = db::open(&dir.path().join(schema::FILE), &schema::SCHEMA).unwrap();
    let now = pingyi::centre::clock::now().wall;
    let asker = |role: Role, name: &str| Asker {
        client: client(),
        url: running.url(),
        token: users::add(&conn, name, role, None, now).unwrap(),
    };
    let supervisor = asker(Role::HallSupervisor, "supervisor");
    let leader = asker(Role::Leader, "leader");
    let auditor = asker(Role::Auditor, "auditor");
    let devices = asker(Role::DeviceAdmin, "devices");
    // The directory is read again within a second.
    tokio::time::sleep(std::time::Duration::from_millis(2_500)).await;

    let (status, halls) = auditor.get("").await;
    assert_eq!((status, halls["halls"][0]["lead"].as_str()), (200, Some("file")), "{halls}");
    assert_eq!(devices.get("").await.0, 403);
    assert_eq!(supervisor.get("/QL99").await.0, 404);
    let edit = json!({ "revision": 1, "value": item("医疗费报销", 20) });
    let (status, refused) = supervisor.put("/QL01/objects/item/YB-001", edit.clone()).await;
    assert_eq!((status, refused["code"].as_str()), (409, Some("conflict")), "led by its file: {refused}");
    assert_eq!(auditor.post("/QL01/take-over", json!({})).await.0, 403);
    assert_eq!(supervisor.post("/QL01/take-over", json!({})).await.0, 200);
    assert_eq!(supervisor.post("/QL01/take-over", json!({})).await.0, 409);

    assert_eq!(supervisor.put("/QL01/objects/item/YB-001", edit.clone()).await, (200, json!({ "revision": 2 })));
    let (status, stale) = supervisor.put("/QL01/objects/item/YB-001", edit).await;
    assert_eq!((status, stale["code"].as_str(), stale["revision"].as_u64()), (409, Some("stale"), Some(2)));
    let (status, faulty) =
        supervisor.put("/QL01/objects/item/YB-001", json!({ "revision": 2, "value": item("", 400) })).await;
    let fields: Vec<_> = faulty["faults"].as_array().unwrap().iter().map(|f| f["field"].as_str().unwrap()).collect();
    assert_eq!((status, fields), (422, vec!["name.zh", "limit_days"]), "{faulty}");
    for (path, body, wanted) in [
        ("/QL01/objects/item/OTHER", json!({ "revision": 2, "value": item("x", 1) }), 400),
        ("/QL01/objects/item/YB-001", json!({ "revision": 2, "value": { "code": 7 } }), 400),
        ("/QL01/objects/nothing/YB-001", json!({ "revision": 2, "value": item("x", 1) }), 404),
        ("/QL01/objects/pledge/U1", json!({ "revision": 1, "value": {} }), 404),
    ] {
        assert_eq!(supervisor.put(path, body).await.0, wanted, "{path}");
    }

    // A pledge: never one's own.
    let promise =
        json!({ "text": { "zh": "半小时办结" }, "standard": { "zh": "当面" }, "time_limit": { "zh": "30 分钟" } });
    let act = |revision: u32, act: Value| json!({ "revision": revision, "act": act });
    let draft = act(0, json!({ "step": "draft", "staff_no": null, "promise": promise }));
    assert_eq!(supervisor.post("/QL01/pledges/U9/steps", draft).await.0, 200);
    assert_eq!(supervisor.post("/QL01/pledges/U9/steps", act(1, json!({ "step": "propose" }))).await.0, 200);
    let today = pingyi::centre::hall::today(&running.site.settings.time_zone, now).to_string();
    let approve = act(2, json!({ "step": "approve", "from": today }));
    assert_eq!(supervisor.post("/QL01/pledges/U9/steps", approve.clone()).await.0, 400);
    assert_eq!(supervisor.post("/QL01/pledges/U9/decisions", approve.clone()).await.0, 403);
    assert_eq!(leader.post("/QL01/pledges/U9/decisions", approve).await.0, 200);
    let shown = running.site.boards.get().all().next().unwrap().clone();
    assert!(shown.pledges.iter().any(|p| p.text.zh == "半小时办结"));

    secrets(&supervisor).await;
    lists(&supervisor, &auditor).await;
    running.stop().await;
}

/// Nobody reads a PIN's hash, and what is no picture is refused.
async fn secrets(supervisor: &Asker) {
    let (_, whole) = supervisor.get("/QL01").await;
    assert_eq!(whole["staff"].as_array().unwrap().len(), 18);
    assert!(!whole.to_string().contains("argon2"));
    assert_eq!(supervisor.put("/QL01/staff/0001/pin", json!({ "revision": 1, "pin": "12" })).await.0, 422);
    assert_eq!(supervisor.put("/QL01/staff/0001/pin", json!({ "revision": 1, "pin": "314159" })).await.0, 200);
    let svg = "<svg xmlns='http://www.w3.org/2000/svg'/>";
    assert_eq!(supervisor.ask(Method::PUT, "/QL01/staff/0001/portrait?revision=2", svg).await.0, 422);
}

async fn lists(supervisor: &Asker, auditor: &Asker) {
    for format in ["csv", "xlsx"] {
        let path = format!("{}/api/v1/halls/QL01/lists/staff?format={format}&lang=en", supervisor.url);
        let response = supervisor.client.get(path).bearer_auth(&auditor.token).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert!(response.headers()["content-disposition"].to_str().unwrap().contains(&format!("QL01-staff.{format}")));
        let file = response.bytes().await.unwrap();
        let path = "/QL01/lists/staff?dry_run=true&absent=retire";
        let (status, plan) = supervisor.ask(Method::POST, path, file).await;
        assert_eq!((status, plan["unchanged"].as_u64()), (200, Some(18)), "{plan}");
        assert_eq!((&plan["changed"], &plan["faults"], &plan["retired"]), (&json!([]), &json!([]), &json!([])));
    }
    let table = "事项编码,事项名称,承诺工作日\nZX-009,新事项,3\nZX-001,,0\n";
    let (status, refused) = supervisor.ask(Method::POST, "/QL01/lists/items", table).await;
    assert_eq!((status, refused["faults"][0]["row"].as_u64()), (422, Some(3)), "{refused}");
    let table = table.replace("ZX-001,,0", "ZX-001,咨询,0");
    let (status, done) = supervisor.ask(Method::POST, "/QL01/lists/items", table).await;
    assert_eq!(
        (status, &done["added"][0]["id"], &done["changed"][0]["columns"]),
        (200, &json!("ZX-009"), &json!(["name"]))
    );
    assert_eq!(supervisor.ask(Method::POST, "/QL01/lists/items", "\u{1}\u{2}\0").await.0, 400);
    assert_eq!(auditor.ask(Method::POST, "/QL01/lists/items", "x").await.0, 403);
}
