//! Tokens of the interface: narrower than the role, shown once, gone at once.

use pingyi::centre::directory::accounts::Part;
use pingyi::domain::role::Role;
use reqwest::StatusCode;

use super::House;
use crate::browser::{Browser, account};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_does_what_it_was_made_for_and_nothing_else() {
    let house = House::open().await;
    account(&house.running.site, "wang", Role::Auditor, Part::Everything).await;
    let browser = Browser::new(&house.url());
    browser.sign_in("wang").await;
    browser.get("/account").await;
    let bad = [("label", ""), ("need", "unseal"), ("days", "9999")];
    let page = browser.post("/account/tokens", &bad).await;
    assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.secret().is_empty(), "not what the role may not");
    let good = [("label", "大屏读统计"), ("need", "statistics"), ("days", "30")];
    let token = browser.post("/account/tokens", &good).await.secret().to_owned();
    assert!(token.starts_with("pingyi_"), "{token}");
    let page = browser.get("/account").await;
    assert!(page.text.contains("大屏读统计") && !page.text.contains(&token), "shown once");

    let ask = |path: &str| {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        client.get(format!("{}{path}", house.url())).bearer_auth(&token).send()
    };
    assert_eq!(ask("/api/v1/stats").await.unwrap().status(), StatusCode::OK);
    assert_eq!(ask("/api/v1/ledgers").await.unwrap().status(), StatusCode::FORBIDDEN, "the role may, the token not");
    let page = ask("/account").await.unwrap();
    assert!(page.url().path() == "/sign-in", "a token opens no page");
    // A session reads the interface, and changes nothing there.
    assert_eq!(browser.get("/api/v1/stats").await.status, StatusCode::OK);

    let page = browser.get("/account").await;
    let action = page.text.split("action=\"/account/tokens/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(browser.post(&format!("/account/tokens/{action}"), &[]).await.location, "/account");
    assert_eq!(ask("/api/v1/stats").await.unwrap().status(), StatusCode::UNAUTHORIZED, "at once");
    house.running.stop().await;
}
