//! The public page over real sockets: nothing before somebody publishes, light and cacheable afterwards, gone when withdrawn.

use pingyi::centre::audit;
use reqwest::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, ETAG, IF_NONE_MATCH, LOCATION, ORIGIN, SET_COOKIE,
};
use reqwest::{Client, StatusCode, redirect::Policy};

use crate::stats::Hall;

struct Browser<'a> {
    client: Client,
    hall: &'a Hall,
    cookie: String,
}

impl Browser<'_> {
    async fn get(&self, path: &str) -> (StatusCode, String) {
        let url = format!("{}{path}", self.hall.running.url());
        let response = self.client.get(url).header(COOKIE, &self.cookie).send().await.unwrap();
        (response.status(), response.text().await.unwrap())
    }

    async fn post(&self, path: &str, fields: &str) -> (StatusCode, String) {
        let url = self.hall.running.url();
        let request = self.client.post(format!("{url}{path}")).header(COOKIE, &self.cookie).header(ORIGIN, &url);
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(fields.to_owned());
        let response = request.send().await.unwrap();
        let to = response.headers().get(LOCATION).map(|l| l.to_str().unwrap().to_owned());
        let status = response.status();
        (status, to.unwrap_or(response.text().await.unwrap()))
    }
}

/// The value of a hidden field of a page.
fn hidden<'a>(page: &'a str, name: &str) -> &'a str {
    let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("no {name} in {page}"));
    rest.split('"').next().unwrap()
}

async fn signed_in<'a>(hall: &'a Hall, token: &str) -> Browser<'a> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
    let cookie = crate::dashboard::sign_in(&client, &hall.running.url(), token).await.unwrap();
    Browser { client, hall, cookie }
}

const WANTED: &str =
    "hall=QL01&from=2026-11-01&to=2026-11-20&visible_from=2026-11-21&min_n=10&show=windows&show=pledges";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_period_is_previewed_published_as_it_was_seen_cached_and_withdrawn() {
    let hall = Hall::open().await;
    let (supervisor, staff) = (signed_in(&hall, &hall.supervisor).await, signed_in(&hall, &hall.staff).await);
    let stranger = Browser { client: supervisor.client.clone(), hall: &hall, cookie: String::new() };
    assert!(stranger.get("/public").await.1.contains("还没有公开的结果"));
    assert_eq!(stranger.get("/public/QL01").await.0, StatusCode::NOT_FOUND);
    assert_eq!(stranger.get("/publish").await.0, StatusCode::SEE_OTHER, "to the sign-in");
    assert_eq!(staff.get("/publish").await.0, StatusCode::FORBIDDEN);

    let (status, preview) = supervisor.get(&format!("/publish/preview?{WANTED}")).await;
    assert!(status == StatusCode::OK && preview.contains("还没有公开") && preview.contains("满意率"), "{preview}");
    let (csrf, seen) = (hidden(&preview, "csrf"), hidden(&preview, "seen"));
    let other = supervisor.post("/publish/new", &format!("{WANTED}&csrf={csrf}&seen=0000")).await;
    assert!(
        other.0 == StatusCode::UNPROCESSABLE_ENTITY && other.1.contains("请再看一遍"),
        "what was not seen is not published"
    );
    let forged = supervisor.post("/publish/new", &format!("{WANTED}&csrf=1&seen={seen}")).await;
    assert_eq!(forged.0, StatusCode::FORBIDDEN);
    let done = supervisor.post("/publish/new", &format!("{WANTED}&csrf={csrf}&seen={seen}")).await;
    assert_eq!(done, (StatusCode::SEE_OTHER, "/publish".to_owned()));
    let again = supervisor.post("/publish/new", &format!("{WANTED}&csrf={csrf}&seen={seen}")).await;
    assert!(again.0 == StatusCode::UNPROCESSABLE_ENTITY && again.1.contains("重叠"), "{}", again.1);
    let foreign = supervisor.get(&format!("/publish/preview?{}", WANTED.replace("QL01", "QL99"))).await;
    assert_eq!(foreign.0, StatusCode::NOT_FOUND);

    let url = format!("{}/public/QL01", hall.running.url());
    let shown = stranger.client.get(&url).send().await.unwrap();
    let head = shown.headers().clone();
    assert_eq!((shown.status(), &head[CACHE_CONTROL]), (StatusCode::OK, &"public, max-age=300".parse().unwrap()));
    assert!(!head.contains_key(SET_COOKIE) && !head[CONTENT_SECURITY_POLICY].to_str().unwrap().contains("script"));
    let page = shown.text().await.unwrap();
    let style = page.split("href=\"/assets/public.css").nth(1).unwrap().split('"').next().unwrap();
    let style = stranger.get(&format!("/assets/public.css{style}")).await.1;
    assert!(page.len() + style.len() < 30_000, "{} + {}", page.len(), style.len());
    for part in ["12345", "服务承诺", "3 号", "样例数据", "2026-11-01 至 2026-11-20"] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("<script") && !page.contains("窗口荣誉"), "honours were not chosen");
    let known = stranger.client.get(&url).header(IF_NONE_MATCH, &head[ETAG]).send().await.unwrap();
    assert_eq!((known.status(), known.text().await.unwrap().len()), (StatusCode::NOT_MODIFIED, 0));

    let (_, list) = supervisor.get("/publish").await;
    let withdraw = list.split("href=\"").find(|p| p.contains("/withdraw\"")).unwrap().split('"').next().unwrap();
    let csrf = hidden(&list, "csrf");
    assert_eq!(supervisor.post(withdraw, &format!("csrf={csrf}")).await.0, StatusCode::SEE_OTHER);
    assert_eq!(stranger.get("/public/QL01").await.0, StatusCode::NOT_FOUND);
    let log = audit::verify(
        &pingyi::db::open(&hall.dir.path().join(pingyi::centre::schema::FILE), &pingyi::centre::schema::SCHEMA)
            .unwrap(),
    )
    .unwrap();
    assert!(log.lines >= 2 && log.broken.is_empty());
    hall.running.stop().await;
}
