//! The second factor: set up because the role must, asked for, and never accepted twice.

use pingyi::centre::accounts::second_factor::Secret;
use pingyi::centre::clock;
use pingyi::centre::directory::accounts::{self, Part};
use pingyi::domain::role::Role;
use reqwest::StatusCode;

use super::House;
use crate::browser::{Browser, PASSWORD, account};
use crate::centre::http;

async fn secret(house: &House, id: i64) -> Secret {
    let sealed = house.running.site.readers.read(move |conn| accounts::totp(conn, id)).await.unwrap().unwrap().unwrap();
    assert!(sealed.len() > 100, "sealed at rest");
    Secret::open(&sealed, &house.running.site.keys, id).unwrap()
}

/// The key as the page shows it for typing by hand, as an app reads it.
fn code_of(shown: &str) -> String {
    let text: String = shown.chars().filter(|c| !c.is_whitespace()).collect();
    let bytes = data_encoding::BASE32_NOPAD.decode(text.as_bytes()).unwrap();
    Secret::from_bytes(bytes.try_into().unwrap()).code_at(clock::now().wall)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_that_must_sets_it_up_and_no_code_or_recovery_code_counts_twice() {
    let mut config = http::sample();
    config.accounts.second_factor = vec![Role::SystemAdmin];
    let house = House::with(&config).await;
    let id = account(&house.running.site, "root", Role::SystemAdmin, Part::Everything).await;
    let browser = Browser::new(&house.url());
    assert_eq!(browser.enter("root", PASSWORD).await.location, "/sign-in?back=/account");
    let page = browser.get("/sign-in?back=/account").await;
    assert!(page.text.contains("<svg") && page.text.contains("设置第二重验证"), "{}", page.text);
    assert!(!page.text.contains(" style="), "nothing inline");
    let shown = page.secret().to_owned();
    assert_eq!(browser.get("/accounts").await.status, StatusCode::SEE_OTHER, "not in yet");
    let page = browser.post("/sign-in/second-factor", &[("code", "000000"), ("back", "/account")]).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    let first = code_of(&shown);
    let page = browser.post("/sign-in/second-factor", &[("code", &first), ("back", "/account")]).await;
    assert!(page.status == StatusCode::OK && page.text.contains("恢复码"), "{}", page.text);
    let codes: Vec<String> =
        page.text.split("<li><code>").skip(1).filter_map(|rest| rest.split('<').next()).map(str::to_owned).collect();
    assert_eq!(codes.len(), 10);
    assert_eq!(browser.get("/accounts").await.status, StatusCode::OK);

    // The code that set it up is spent, as is every code that was accepted.
    let secret = secret(&house, id).await;
    let again = Browser::new(&house.url());
    assert_eq!(again.enter("root", PASSWORD).await.location, "/sign-in?back=/account");
    let page = again.get("/sign-in?back=/account").await;
    assert!(page.text.contains("name=\"code\"") && !page.text.contains("<svg viewBox=\"0 0 220"));
    assert_eq!(again.post("/sign-in/code", &[("code", &first)]).await.status, StatusCode::UNAUTHORIZED, "replayed");
    // One step ahead is tolerated, and then spent too.
    let next = secret.code_at(clock::now().wall.plus_ms(30_000));
    let page = again.post("/sign-in/code", &[("code", &next), ("back", "/account")]).await;
    assert_eq!(page.location, "/account", "{}", page.text);
    let third = Browser::new(&house.url());
    third.enter("root", PASSWORD).await;
    third.get("/sign-in").await;
    assert_eq!(third.post("/sign-in/code", &[("code", &next)]).await.status, StatusCode::UNAUTHORIZED, "replayed");
    // A recovery code lets in once.
    let typed = codes[3].to_lowercase();
    assert_eq!(third.post("/sign-in/code", &[("code", &typed), ("back", "/account")]).await.location, "/account");
    assert!(third.get("/account").await.text.contains("还剩 9 个恢复码"));
    let fourth = Browser::new(&house.url());
    fourth.enter("root", PASSWORD).await;
    fourth.get("/sign-in").await;
    assert_eq!(fourth.post("/sign-in/code", &[("code", &typed)]).await.status, StatusCode::UNAUTHORIZED);
    // Whoever must have it cannot do away with it.
    third.get("/account/second-factor").await;
    let page = third.post("/account/second-factor/remove", &[("password", PASSWORD)]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    house.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_wants_one_sets_it_up_and_removes_it_with_the_password() {
    let house = House::open().await;
    account(&house.running.site, "wang", Role::HallSupervisor, Part::Everything).await;
    let browser = Browser::new(&house.url());
    browser.sign_in("wang").await;
    browser.get("/account/second-factor").await;
    let page = browser.post("/account/second-factor/begin", &[("password", "wrong")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = browser.post("/account/second-factor/begin", &[("password", PASSWORD)]).await;
    assert_eq!(page.location, "/account/second-factor", "{}", page.text);
    let shown = browser.get("/account/second-factor").await.secret().to_owned();
    let page = browser.post("/account/second-factor", &[("code", &code_of(&shown))]).await;
    assert!(page.status == StatusCode::OK && page.text.contains("恢复码"), "{}", page.text);
    assert_eq!(Browser::new(&house.url()).enter("wang", PASSWORD).await.location, "/sign-in?back=/account");
    browser.get("/account/second-factor").await;
    let page = browser.post("/account/second-factor/remove", &[("password", PASSWORD)]).await;
    assert_eq!(page.location, "/account", "{}", page.text);
    Browser::new(&house.url()).sign_in("wang").await;
    house.running.stop().await;
}
