//! Guessing is slowed, by account and by address, and a restart forgives nobody.

use pingyi::centre::directory::accounts::Part;
use pingyi::domain::role::Role;
use reqwest::StatusCode;

use super::House;
use crate::browser::{Browser, PASSWORD, account};
use crate::centre::http;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_wait_also_after_a_restart_and_unknown_accounts_are_answered_alike() {
    let house = House::open().await;
    account(&house.running.site, "wang", Role::HallSupervisor, Part::Everything).await;
    let browser = Browser::new(&house.url());
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for n in 0..6 {
        known.push(browser.enter("wang", &format!("wrong {n}")).await);
        unknown.push(browser.enter("nobody", &format!("wrong {n}")).await);
    }
    let told = |pages: &[crate::browser::Page]| pages.iter().map(|p| p.status.as_u16()).collect::<Vec<_>>();
    assert_eq!(told(&known), [401, 401, 401, 401, 401, 429]);
    assert_eq!(told(&known), told(&unknown));
    let plain = |page: &crate::browser::Page, login: &str| page.text.replace(login, "");
    assert_eq!(plain(&known[0], "wang"), plain(&unknown[0], "nobody"), "word for word");
    assert!(known[5].text.contains("尝试次数过多"));
    // Six wait two seconds or more by now; many more guesses make it longer.
    for n in 0..4 {
        tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
        browser.enter("wang", &format!("more {n}")).await;
    }
    let House { dir, running } = house;
    running.stop().await;
    let running = http::run(&http::sample(), dir.path()).await;
    let browser = Browser::new(&running.url());
    let page = browser.enter("wang", PASSWORD).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS, "the right one has to wait as well, after the restart too");
    let mut last = page;
    for _ in 0..40 {
        tokio::time::sleep(std::time::Duration::from_millis(250)).await;
        last = browser.enter("wang", PASSWORD).await;
        if last.status == StatusCode::SEE_OTHER {
            break;
        }
    }
    assert_eq!(last.status, StatusCode::SEE_OTHER, "and is let in when the time has come");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_guesses_at_once_are_counted_before_they_are_looked_at() {
    let house = House::open().await;
    account(&house.running.site, "wang", Role::HallSupervisor, Part::Everything).await;
    let url = house.url();
    let guesses = (0..30).map(|n| {
        let browser = Browser::new(&url);
        tokio::spawn(async move { browser.enter("wang", &format!("guess {n}")).await.status })
    });
    let mut looked_at = 0;
    for guess in guesses.collect::<Vec<_>>() {
        looked_at += usize::from(guess.await.unwrap() == StatusCode::UNAUTHORIZED);
    }
    assert!((1..=6).contains(&looked_at), "{looked_at} of 30");
    house.running.stop().await;
}
