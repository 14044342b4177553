//! Sessions: begun afresh at sign-in, ended at once, and deaf to other sites.

use pingyi::centre::audit;
use pingyi::centre::directory::accounts::Part;
use pingyi::centre::schema;
use pingyi::db;
use pingyi::domain::role::Role;
use reqwest::StatusCode;

use super::House;
use crate::browser::{Browser, PASSWORD, account};
use crate::centre::http;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_gets_a_number_of_its_own_and_a_planted_one_opens_nothing() {
    let house = House::open().await;
    account(&house.running.site, "wang", Role::HallSupervisor, Part::Everything).await;
    let browser = Browser::new(&house.url());
    // Fixation: what somebody planted before sign-in is not what counts after it.
    browser.set_session(&"ab".repeat(32));
    let page = browser.get("/account").await;
    assert_eq!((page.status, page.location.as_str()), (StatusCode::SEE_OTHER, "/sign-in?back=/account"));
    let page = browser.enter("wang", PASSWORD).await;
    let number = browser.session();
    assert!(number.len() == 64 && number != "ab".repeat(32));
    let cookie = &page.set_cookie[0];
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && cookie.contains("Path=/"), "{cookie}");
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
    // Signing in again takes another number, and the old one is dead.
    browser.sign_in("WANG").await;
    assert_ne!(browser.session(), number);
    browser.set_session(&number);
    assert_eq!(browser.get("/account").await.status, StatusCode::SEE_OTHER);
    // The store holds none of them.
    let bytes = std::fs::read(house.dir.path().join(schema::FILE)).unwrap();
    assert!(!bytes.windows(64).any(|w| w == number.as_bytes()));
    house.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_tls_the_cookie_is_bound_to_the_host() {
    let mut config = http::sample();
    config.accounts.https = true;
    let house = House::with(&config).await;
    account(&house.running.site, "wang", Role::HallSupervisor, Part::Everything).await;
    let browser = Browser::new(&house.url());
    let page = browser.enter("wang", PASSWORD).await;
    let cookie = &page.set_cookie[0];
    assert!(cookie.starts_with("__Host-pingyi_session=") && cookie.contains("; Secure") && !cookie.contains("Domain"));
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
    house.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_are_listed_and_end_at_once_by_oneself_or_a_changed_password() {
    let house = House::open().await;
    account(&house.running.site, "wang", Role::HallSupervisor, Part::Everything).await;
    let (here, there) = (Browser::new(&house.url()), Browser::new(&house.url()));
    here.sign_in("wang").await;
    there.sign_in("wang").await;
    let page = here.get("/account").await;
    assert_eq!(page.text.matches("Firefox · Linux").count(), 4, "two sessions, each with its button");
    let page = here.post("/account/sessions/end-others", &[]).await;
    assert_eq!(page.location, "/account");
    assert!(here.get("/account").await.text.contains("已退出其他 1 处登录"), "told once");
    assert!(!here.get("/account").await.text.contains("已退出其他"), "and once only");
    assert_eq!(there.get("/account").await.status, StatusCode::SEE_OTHER, "at once");

    there.sign_in("wang").await;
    let new = "Regenbogen über Kohlfeld 7";
    let change = |old: &'static str, new: &'static str| [("old", old), ("password", new), ("again", new)];
    here.get("/account/password").await;
    for (old, new, why) in [
        (PASSWORD, "short", "至少要"),
        (PASSWORD, "wang123456", "太容易"),
        (PASSWORD, "password2024", "太容易"),
        ("wrong", "Regenbogen über Kohlfeld 7", "现在的密码不对"),
    ] {
        let page = here.post("/account/password", &change(old, new)).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text.contains(why) && !page.text.contains(&format!("value=\"{new}\"")), "{}", page.text);
    }
    assert_eq!(here.post("/account/password", &change(PASSWORD, new)).await.location, "/account");
    assert_eq!(here.get("/account").await.status, StatusCode::OK, "this session stays");
    assert_eq!(there.get("/account").await.status, StatusCode::SEE_OTHER, "the others do not");
    assert_eq!(there.enter("wang", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(there.enter("wang", new).await.status, StatusCode::SEE_OTHER);
    let conn = db::open(&house.dir.path().join(schema::FILE), &schema::SCHEMA).unwrap();
    let verified = audit::verify(&conn).unwrap();
    assert!(verified.lines >= 6 && verified.broken.is_empty(), "{verified:?}");
    house.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_keeper_ends_resets_and_disables_and_it_holds_at_once() {
    let house = House::open().await;
    let wang = account(&house.running.site, "wang", Role::HallSupervisor, Part::Everything).await;
    account(&house.running.site, "root", Role::SystemAdmin, Part::Everything).await;
    let (keeper, person) = (Browser::new(&house.url()), Browser::new(&house.url()));
    keeper.sign_in("root").await;
    person.sign_in("wang").await;
    assert_eq!(person.get("/accounts").await.status, StatusCode::FORBIDDEN);

    // Another role: in force at once, and the session ends.
    let page = keeper.get(&format!("/accounts/{wang}")).await;
    assert!(page.text.contains("Firefox · Linux"));
    let fields = [("name", "王"), ("role", "auditor"), ("part", ""), ("staff_no", "")];
    assert_eq!(keeper.post(&format!("/accounts/{wang}"), &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(person.get("/account").await.status, StatusCode::SEE_OTHER);
    person.sign_in("wang").await;
    assert_eq!(person.get("/fleet-nothing").await.status, StatusCode::NOT_FOUND);

    // A reset: a one-time password that is good for nothing but choosing another.
    keeper.get(&format!("/accounts/{wang}/reset")).await;
    let page = keeper.post(&format!("/accounts/{wang}/reset"), &[]).await;
    let handed = page.secret().to_owned();
    assert_eq!(handed.len(), 24, "{}", page.text);
    assert_eq!(person.get("/account").await.status, StatusCode::SEE_OTHER);
    let page = person.enter("wang", &handed).await;
    assert_eq!(page.location, "/sign-in?back=%2Faccount".replace("%2F", "/"));
    assert_eq!(person.get("/account").await.status, StatusCode::SEE_OTHER, "not in yet");
    let page = person.get("/sign-in?back=/account").await;
    assert!(page.text.contains("请设置自己的密码"), "{}", page.text);
    let halfway = person.session();
    let new = "Regenbogen über Kohlfeld 7";
    let page = person.post("/sign-in/password", &[("password", new), ("again", new), ("back", "/account")]).await;
    assert_eq!(page.location, "/account");
    assert_ne!(person.session(), halfway, "another number for each step");
    assert_eq!(person.get("/account").await.status, StatusCode::OK);
    assert_eq!(person.enter("wang", &handed).await.status, StatusCode::UNAUTHORIZED, "once");

    person.enter("wang", new).await;
    keeper.get(&format!("/accounts/{wang}/disable")).await;
    assert_eq!(keeper.post(&format!("/accounts/{wang}/disable"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(person.get("/account").await.status, StatusCode::SEE_OTHER);
    assert_eq!(person.enter("wang", new).await.status, StatusCode::UNAUTHORIZED);
    // Nobody saws off the branch they sit on.
    let root = pingyi_id(&house, "root");
    keeper.get(&format!("/accounts/{root}")).await;
    let fields = [("name", "root"), ("role", "auditor"), ("part", ""), ("staff_no", "")];
    let page = keeper.post(&format!("/accounts/{root}"), &fields).await;
    assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.text.contains("至少要保留一个"), "{}", page.text);
    house.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forms_of_other_sites_and_other_sessions_do_nothing() {
    let house = House::open().await;
    account(&house.running.site, "wang", Role::HallSupervisor, Part::Everything).await;
    account(&house.running.site, "li", Role::HallSupervisor, Part::Everything).await;
    let (wang, li) = (Browser::new(&house.url()), Browser::new(&house.url()));
    wang.sign_in("wang").await;
    li.sign_in("li").await;
    let own = wang.get("/account").await.field("csrf").unwrap().to_owned();
    let others = li.get("/account").await.field("csrf").unwrap().to_owned();
    let (url, evil) = (house.url(), "https://evil.example".to_owned());
    for (csrf, origin) in [(None, &url), (Some(""), &url), (Some(others.as_str()), &url), (Some(own.as_str()), &evil)] {
        let page = wang.post_with("/sign-out", &[], csrf, origin).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{csrf:?} {origin}");
        assert_eq!(wang.get("/account").await.status, StatusCode::OK);
    }
    let page =
        Browser::new(&url).post_with("/sign-in", &[("login", "wang"), ("password", PASSWORD)], None, &evil).await;
    assert!(page.status == StatusCode::FORBIDDEN && page.set_cookie.is_empty(), "no sign-in from elsewhere");
    assert_eq!(wang.post_with("/sign-out", &[], Some(&own), &url).await.location, "/sign-in");
    let page = wang.get("/account").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    house.running.stop().await;
}

fn pingyi_id(house: &House, login: &str) -> i64 {
    let conn = db::open(&house.dir.path().join(schema::FILE), &schema::SCHEMA).unwrap();
    pingyi::centre::directory::accounts::by_login(&conn, login).unwrap().unwrap().id
}
