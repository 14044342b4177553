//! The centre over real sockets.

use std::path::Path;
use std::time::Duration;

use pingyi::centre::directory::users;
use pingyi::centre::running::{Running, StartFault, start};
use pingyi::centre::schema;
use pingyi::config::CentreConfig;
use pingyi::db;
use pingyi::domain::board::Board;
use pingyi::domain::id::{HallId, KioskId, WindowId};
use pingyi::domain::rating::Satisfaction;
use pingyi::domain::role::Role;
use pingyi::ledger::keys::DeviceKey;
use pingyi::protocol::{ApiError, BatchAnswer, EnrolAnswer, HeartbeatAnswer, RequestSignature};
use reqwest::{Client, RequestBuilder, Response, StatusCode};

use super::terminal::{START, Terminal};

pub fn sample() -> CentreConfig {
    let mut config = CentreConfig::load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/kiosk-config"))).unwrap();
    config.listen = "127.0.0.1:0".parse().unwrap();
    config
}

pub async fn run(config: &CentreConfig, data: &Path) -> Running {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    start(config, data, listener).await.unwrap()
}

pub fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().timeout(Duration::from_secs(60)).build().unwrap()
}

/// A code as `pingyi admin` makes it: by another connection, beside the running centre.
pub fn code_for(data: &Path, t: &Terminal) -> String {
    let conn = db::open(&data.join(schema::FILE), &schema::SCHEMA).unwrap();
    let (kiosk, window) = (KioskId::new(t.kiosk.as_str()).unwrap(), WindowId::new(t.window.as_str()).unwrap());
    let mut random = [0; 8];
    getrandom::fill(&mut random).unwrap();
    let hall = HallId::new("QL01").unwrap();
    let now = pingyi::centre::clock::now().wall;
    pingyi::centre::directory::enrol::make_code(&conn, &kiosk, &window, &hall, random, now).unwrap()
}

pub async fn enrol(client: &Client, url: &str, data: &Path, t: &Terminal) -> EnrolAnswer {
    let code = code_for(data, t);
    let response = client.post(format!("{url}/api/v1/enrol")).json(&t.enrol(&code)).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    response.json().await.unwrap()
}

async fn send(client: &Client, url: &str, body: Vec<u8>) -> Response {
    client.post(format!("{url}/api/v1/batches")).body(body).send().await.unwrap()
}

async fn held(response: Response) -> u64 {
    match response.json().await.unwrap() {
        BatchAnswer::Held { receipt } => receipt.seq,
        other => panic!("{other:?}"),
    }
}

async fn refused(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    let error: ApiError = response.json().await.unwrap();
    assert!(error.reference.len() == 8 && !error.message.is_ascii(), "{error:?}");
    (status, error.code)
}

pub fn signed(request: RequestBuilder, key: &DeviceKey, method: &str, path: &str, body: &[u8]) -> RequestBuilder {
    let signature = key.sign(&RequestSignature::message(method, path, "17", body));
    request
        .header(RequestSignature::DEVICE, key.device().to_string())
        .header(RequestSignature::TIME, "17")
        .header(RequestSignature::SIGNATURE, signature.to_string())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_devices_with_one_code_exactly_one_is_taken_in() {
    let dir = tempfile::tempdir().unwrap();
    let running = run(&sample(), dir.path()).await;
    let client = client();
    let code = code_for(dir.path(), &Terminal::new(1));
    let tries: Vec<_> = (0..50)
        .map(|i| {
            let body = Terminal::new(i).enrol(&code);
            let request = client.post(format!("{}/api/v1/enrol", running.url())).json(&body);
            tokio::spawn(async move { request.send().await.unwrap().status() })
        })
        .collect();
    let mut statuses = Vec::new();
    for one in tries {
        statuses.push(one.await.unwrap());
    }
    assert_eq!(statuses.iter().filter(|s| **s == StatusCode::OK).count(), 1);
    assert_eq!(statuses.iter().filter(|s| **s == StatusCode::CONFLICT).count(), 49);
    assert_eq!(running.site.directory.get().device_count(), 1);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kiosk_enrols_sends_and_is_answered_across_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let config = sample();
    let running = run(&config, dir.path()).await;
    let client = client();
    let mut t = Terminal::new(2);
    t.serve(Satisfaction::Satisfied);
    let answer = enrol(&client, &running.url(), dir.path(), &t).await;
    assert_eq!((answer.kiosk.as_str(), answer.window.as_str()), ("K02", "W02"));
    assert_eq!(answer.phone_url, config.phone_url.as_str());
    assert_eq!(held(send(&client, &running.url(), t.all_compressed()).await).await, 4);
    running.stop().await;

    let running = run(&config, dir.path()).await;
    t.serve(Satisfaction::Dissatisfied);
    let response = send(&client, &running.url(), t.batch(3, 7)).await;
    let BatchAnswer::Held { receipt } = response.json().await.unwrap() else { panic!() };
    assert_eq!(receipt.head(), t.tip.head());
    assert!(receipt.holds(&answer.centre_key), "the same keys after the restart");

    let (key, beat) = (t.key(), serde_json::to_vec(&t.heartbeat()).unwrap());
    let path = "/api/v1/heartbeat";
    let request = client.post(format!("{}{path}", running.url())).body(beat.clone());
    let beat: HeartbeatAnswer = signed(request, &key, "POST", path, &beat).send().await.unwrap().json().await.unwrap();
    assert_eq!(beat.receipt.head(), t.tip.head());

    let path = "/api/v1/board";
    let get = || signed(client.get(format!("{}{path}", running.url())), &key, "GET", path, b"");
    let response = get().send().await.unwrap();
    let etag = response.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(etag, format!("\"{}\"", beat.board));
    let board: Board = response.json().await.unwrap();
    assert_eq!(board.version().0, beat.board);
    assert_eq!(board.windows.iter().map(|w| w.id.as_str()).collect::<Vec<_>>(), ["W02"]);
    let again = get().header("if-none-match", &etag).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(again.headers()["etag"].to_str().unwrap(), etag);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_refusal_has_the_same_form() {
    let dir = tempfile::tempdir().unwrap();
    let running = run(&sample(), dir.path()).await;
    let url = running.url();
    let client = client();
    let (mut t, mut stranger) = (Terminal::new(1), Terminal::new(9));
    t.serve(Satisfaction::Satisfied);
    stranger.serve(Satisfaction::Satisfied);
    enrol(&client, &url, dir.path(), &t).await;

    let get = |path: &str| client.get(format!("{url}{path}")).send();
    assert_eq!(refused(get("/api/v1/nothing").await.unwrap()).await, (404, "not_found".into()));
    assert_eq!(refused(get("/api/v1/batches").await.unwrap()).await, (405, "method_not_allowed".into()));
    assert_eq!(refused(get("/api/v1/board").await.unwrap()).await, (401, "bad_signature".into()));

    let edited = String::from_utf8(t.batch(1, 4)).unwrap().replace("\"satisfied\"", "\"very_satisfied\"");
    let bomb = zstd::bulk::compress(&vec![b'\n'; 512 << 20], 19).unwrap();
    let cases: [(Vec<u8>, u16, &str); 8] = [
        (vec![], 400, "malformed"),
        (b"\xFF\xFE not json".to_vec(), 400, "malformed"),
        (t.batch(1, 4)[..700].to_vec(), 400, "malformed"),
        (edited.into_bytes(), 422, "broken_chain"),
        (stranger.batch(1, 4), 401, "unknown_device"),
        (bomb, 413, "too_large"),
        (vec![b' '; 3 << 20], 413, "too_large"),
        (t.batch_under(&t.head(1, 3), 1, 4), 400, "malformed"),
    ];
    for (i, (body, status, code)) in cases.into_iter().enumerate() {
        assert_eq!(refused(send(&client, &url, body).await).await, (status, code.into()), "case {i}");
    }
    let enrolling = client.post(format!("{url}/api/v1/enrol"));
    let wrong = enrolling.try_clone().unwrap().body("{").send().await.unwrap();
    assert_eq!(refused(wrong).await, (400, "malformed".into()));
    let unknown = enrolling.json(&stranger.enrol("AAAA-BBBB-CCCC")).send().await.unwrap();
    assert_eq!(refused(unknown).await, (403, "code_unknown".into()));

    let path = "/api/v1/heartbeat";
    let beat = serde_json::to_vec(&t.heartbeat()).unwrap();
    let other = [beat.clone(), b" ".to_vec()].concat();
    let altered = signed(client.post(format!("{url}{path}")).body(other), &t.key(), "POST", path, &beat);
    assert_eq!(refused(altered.send().await.unwrap()).await, (401, "bad_signature".into()));
    // Nothing of all this was stored, and the alarm about the edited batch was.
    assert_eq!(held(send(&client, &url, t.batch(1, 4)).await).await, 4);
    let health: serde_json::Value = get("/healthz").await.unwrap().json().await.unwrap();
    assert_eq!((&health["status"], &health["alarms"]), (&"ok".into(), &1.into()));
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_admin_changes_beside_it_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let running = run(&sample(), dir.path()).await;
    let url = running.url();
    let client = client();
    let mut t = Terminal::new(1);
    t.serve(Satisfaction::Satisfied);
    enrol(&client, &url, dir.path(), &t).await;
    let conn = db::open(&dir.path().join(schema::FILE), &schema::SCHEMA).unwrap();
    let token = users::add(&conn, "王主任", Role::SystemAdmin, None, START).unwrap();
    let narrow = users::add(&conn, "评议员", Role::Leader, None, START).unwrap();
    pingyi::centre::directory::devices::set_standing(
        &conn,
        t.tip.device,
        pingyi::centre::directory::devices::Standing::Revoked,
        START,
    )
    .unwrap();
    // Behind a proxy the metrics need a token.
    let metrics = |token: Option<&str>| {
        let request = client.get(format!("{url}/metrics")).header("x-forwarded-for", "203.0.113.9");
        token.into_iter().fold(request, |r, t| r.bearer_auth(t)).send()
    };
    let mut status = StatusCode::UNAUTHORIZED;
    for _ in 0..50 {
        status = metrics(Some(&token)).await.unwrap().status();
        if status == StatusCode::OK {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(status, StatusCode::OK);
    assert_eq!(refused(metrics(Some(&narrow)).await.unwrap()).await, (403, "forbidden".into()));
    assert_eq!(refused(metrics(None).await.unwrap()).await, (401, "no_token".into()));
    assert_eq!(refused(metrics(Some("pingyi_made_up")).await.unwrap()).await, (401, "bad_token".into()));
    assert_eq!(refused(send(&client, &url, t.batch(1, 4)).await).await, (403, "device_revoked".into()));
    users::revoke(&conn, "王主任", START).unwrap();
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(refused(metrics(Some(&token)).await.unwrap()).await, (401, "bad_token".into()));
    // On this machine they do not.
    let text = client.get(format!("{url}/metrics")).send().await.unwrap().text().await.unwrap();
    assert!(text.contains("pingyi_requests_total"), "{text}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_kiosks_at_once_share_transactions_and_each_is_held_exactly_once() {
    let dir = tempfile::tempdir().unwrap();
    let running = run(&sample(), dir.path()).await;
    let url = running.url();
    let client = client();
    let mut kiosks = Vec::new();
    for i in 1..=16 {
        let mut t = Terminal::new(i);
        for _ in 0..20 {
            t.serve(Satisfaction::Satisfied);
        }
        enrol(&client, &url, dir.path(), &t).await;
        let (client, url) = (client.clone(), url.clone());
        kiosks.push(tokio::spawn(async move {
            let mut next = 1;
            while next <= t.tip.seq {
                let to = (next + 6).min(t.tip.seq);
                // As after a lost answer: the same batch twice, at the same time.
                let (a, b) =
                    tokio::join!(send(&client, &url, t.batch(next, to)), send(&client, &url, t.batch(next, to)));
                assert_eq!((held(a).await, held(b).await), (to, to));
                next = to + 1;
            }
        }));
    }
    for kiosk in kiosks {
        kiosk.await.unwrap();
    }
    let (visits, rows, entries) = running
        .site
        .readers
        .read(|conn| {
            conn.query_row(
                "SELECT (SELECT count(*) FROM (SELECT DISTINCT ledger, visit FROM fact)), (SELECT sum(sign) FROM fact),
                        (SELECT sum(last_seq - first_seq + 1) FROM segment)",
                [],
                |r| Ok((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?, r.get::<_, i64>(2)?)),
            )
            .unwrap()
        })
        .await
        .unwrap();
    assert_eq!((visits, rows, entries), (320, 320, 16 * 61));
    running.stop().await;
}

#[tokio::test]
async fn a_second_centre_on_the_same_data_is_refused_in_words() {
    let dir = tempfile::tempdir().unwrap();
    let running = run(&sample(), dir.path()).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let fault = start(&sample(), dir.path(), listener).await.unwrap_err();
    assert!(matches!(fault, StartFault::Taken(_)));
    assert!(fault.to_string().contains("another centre is running"));
    running.stop().await;
    run(&sample(), dir.path()).await.stop().await;
}

#[tokio::test]
async fn the_openapi_document_is_served() {
    let dir = tempfile::tempdir().unwrap();
    let running = run(&sample(), dir.path()).await;
    let url = format!("{}/api/openapi.json", running.url());
    let document: serde_json::Value = client().get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(document["openapi"].as_str().map(|v| &v[..2]), Some("3."));
    running.stop().await;
}
