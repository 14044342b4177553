//! The supervisors' pages over real sockets: who gets in, what they see, and what a browser is allowed to do.

use pingyi::centre::directory::users;
use pingyi::centre::schema;
use pingyi::db;
use reqwest::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::{Client, Response, StatusCode, redirect::Policy};

use crate::browser::{PASSWORD, encoded, login_of};
use crate::centre::terminal::START;
use crate::stats::Hall;

const PERIOD: &str = "from=2026-10-25&to=2026-11-24";

pub fn browser() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().redirect(Policy::none()).build().unwrap()
}

/// Signs in as whoever has the token of [`crate::browser::add`] does; the cookie.
pub async fn sign_in(client: &Client, url: &str, token: &str) -> Result<String, Response> {
    let (login, password) = (encoded(&login_of(token)), encoded(PASSWORD));
    let body = format!("login={login}&password={password}&back=%2Fstatistics%3Fby%3Dday");
    let request = client.post(format!("{url}/sign-in")).header(ORIGIN, url).body(body);
    let response = request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
    if response.status() != StatusCode::SEE_OTHER {
        return Err(response);
    }
    assert_eq!(response.headers()[LOCATION], "/statistics?by=day");
    let cookie = response.headers()[SET_COOKIE].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && !cookie.contains(token), "{cookie}");
    Ok(cookie.split(';').next().unwrap().to_owned())
}

pub async fn get(client: &Client, url: &str, cookie: &str) -> (StatusCode, String) {
    let response = client.get(url).header(COOKIE, cookie).send().await.unwrap();
    (response.status(), response.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_supervisor_signs_in_reads_and_takes_files_away() {
    let hall = Hall::open().await;
    let (client, url) = (browser(), hall.running.url());
    let stranger = client.get(&url).send().await.unwrap();
    assert_eq!(
        (stranger.status(), &stranger.headers()[LOCATION]),
        (StatusCode::SEE_OTHER, &"/sign-in?back=/".parse().unwrap())
    );
    let stranger = client.get(format!("{url}/sign-in")).send().await.unwrap();
    let policy = stranger.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let form = stranger.text().await.unwrap();
    assert!(form.contains("type=\"password\"") && !form.contains("满意率"), "{form}");

    let cookie = sign_in(&client, &url, &hall.supervisor).await.unwrap();
    let (status, page) = get(&client, &url, &cookie).await;
    assert_eq!(status, StatusCode::OK);
    for part in ["现在有没有问题", "较去年同期", "谁和什么突出", "参评率", "95% 区间", "n=", "督查员"]
    {
        assert!(page.contains(part), "{part} is not on the page");
    }
    for inline in [" style=", "<style", "<script>", "javascript:", " onclick="] {
        assert!(!page.contains(inline), "{inline}");
    }
    assert!(page.split("<script").skip(1).all(|rest| rest.starts_with(" src=\"/assets/")), "{page}");
    let (status, feed) = get(&client, &format!("{url}/overview/live"), &cookie).await;
    assert!(status == StatusCode::OK && feed.starts_with("<p") && !feed.contains("<html"), "{feed}");
    for elsewhere in ["/?hall=ELSEWHERE", "/overview/live?hall=ELSEWHERE"] {
        assert_eq!(get(&client, &format!("{url}{elsewhere}"), &cookie).await.0, StatusCode::NOT_FOUND);
    }
    let (_, english) = get(&client, &format!("{url}/?lang=en"), &cookie).await;
    assert!(english.contains("<html lang=\"en\"") && english.contains("Is something wrong now?"));

    let (status, report) = get(&client, &format!("{url}/report?month=2026-11"), &cookie).await;
    assert_eq!(status, StatusCode::OK);
    for part in [
        "群众评议月报（2026 年 11 月）",
        "9 号 住房公积金",
        "未计入的",
        "审核人",
        "负责人",
        "较去年同月",
        "href=\"/statistics?by=day&amp;",
    ] {
        assert!(report.contains(part), "{part} is not in the report");
    }
    let (_, wrong) = get(&client, &format!("{url}/report?month=2199-01"), &cookie).await;
    assert!(wrong.contains("“2199-01”不是月份") && wrong.contains("aria-invalid=\"true\""), "{wrong}");
    assert_eq!(get(&client, &format!("{url}/report?hall=ELSEWHERE"), &cookie).await.0, StatusCode::NOT_FOUND);

    let rows = format!("{url}/statistics?by=window&order=ranking&{PERIOD}");
    let (_, page) = get(&client, &rows, &cookie).await;
    assert!(page.contains("9 号 住房公积金") && page.contains("href=\"/statistics?by=staff&amp;"), "{page}");
    let csv = get(&client, &format!("{rows}&format=csv"), &cookie).await.1;
    let api = client.get(format!("{url}/api/v1/stats?by=window&order=ranking&{PERIOD}&format=csv"));
    assert_eq!(csv, api.bearer_auth(&hall.supervisor).send().await.unwrap().text().await.unwrap());
    let (status, page) = get(&client, &format!("{url}/statistics?by=mood"), &cookie).await;
    assert!(status == StatusCode::BAD_REQUEST && page.contains("hall, window, staff"), "{page}");
    hall.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_else_gets_in_and_the_revoked_are_out_at_once() {
    let hall = Hall::open().await;
    let (client, url) = (browser(), hall.running.url());
    let refused = sign_in(&client, &url, "pingyi_wrong").await.unwrap_err();
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert!(refused.text().await.unwrap().contains("role=\"alert\""));
    for (header, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
        let request = client.post(format!("{url}/sign-in")).header(header, value);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let login = encoded(&login_of(&hall.supervisor));
        let body = format!("login={login}&password={}", encoded(PASSWORD));
        let response = request.body(body).send().await.unwrap();
        assert!(response.headers().get(SET_COOKIE).is_none(), "{header}: {value}");
    }
    assert_eq!(get(&client, &url, "pingyi_session=00").await.0, StatusCode::SEE_OTHER);

    let cookie = sign_in(&client, &url, &hall.supervisor).await.unwrap();
    let own = sign_in(&client, &url, &hall.staff).await.unwrap();
    assert_eq!(get(&client, &url, &own).await.0, StatusCode::SEE_OTHER, "to their own page");
    let (_, page) = get(&client, &format!("{url}/me"), &own).await;
    assert!(page.contains("只有您本人") && !page.contains("现在有没有问题"), "staff see neither others nor kiosks");
    for others in ["/overview/live", "/report"] {
        assert_eq!(get(&client, &format!("{url}{others}"), &own).await.0, StatusCode::FORBIDDEN, "{others}");
    }
    let supervised = get(&client, &format!("{url}/me"), &cookie).await.0;
    assert_eq!(supervised, StatusCode::FORBIDDEN, "a supervisor has no page of their own");
    let conn = db::open(&hall.dir.path().join(schema::FILE), &schema::SCHEMA).unwrap();
    assert!(users::revoke(&conn, "督查员", START).unwrap());
    let mut out = false;
    for _ in 0..100 {
        out = get(&client, &url, &cookie).await.0 == StatusCode::SEE_OTHER;
        if out {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(out, "the session outlived the token");

    let sign_out = |token: &str| {
        let request = client.post(format!("{url}/sign-out")).header(COOKIE, &own).header(ORIGIN, &url);
        request.header("content-type", "application/x-www-form-urlencoded").body(format!("csrf={token}")).send()
    };
    assert_eq!(sign_out("made-up").await.unwrap().status(), StatusCode::FORBIDDEN, "a form of another site");
    let (status, page) = get(&client, &format!("{url}/me"), &own).await;
    assert_eq!(status, StatusCode::OK);
    let token = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let response = sign_out(token).await.unwrap();
    assert!(response.headers()[SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(get(&client, &url, &own).await.0, StatusCode::SEE_OTHER, "signed out");
    hall.running.stop().await;
}
