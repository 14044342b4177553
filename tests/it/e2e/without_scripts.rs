//! A browser that runs no scripts: pages show their tables, forms work, and nothing is missing but drawings.

use super::people::Person;
use super::tools::turn;
use super::webdriver::{Browser, Manner};
use crate::demo::Demo;

/// Pages and what one finds on each.
const PAGES: [(&str, &str); 8] = [
    ("/", ".tiles .tile .big"),
    ("/statistics?by=window", "main table tbody tr"),
    ("/statistics?by=weekday&and=hour", "main table.matrix tbody tr, main .matrix table tbody tr"),
    ("/report", ".report table tbody tr"),
    ("/fleet", "main table tbody tr"),
    ("/entries", "main table tbody tr"),
    ("/alerts/rules", "main table tbody tr"),
    ("/halls", ".counters > li"),
];

#[test]
fn without_scripts_people_sign_in_ask_publish_and_read_tables() {
    let Some(_turn) = turn(&["chromium", "chromedriver"]) else { return };
    let dir = tempfile::tempdir().expect("a folder");
    let demo = Demo::start(&dir.path().join("demo"));
    let (url, person) = (demo.text("centre").to_owned(), Person::supervisor(&demo));
    let browser = Browser::open_as(Manner { scriptless: true, ..Manner::default() }, 1280, 900, "en");

    browser.go(&format!("{url}/sign-in?lang=en"));
    browser.type_into("input[name=login]", &person.login);
    browser.type_into("input[name=password]", &person.password);
    browser.tap("main button[type=submit]");
    browser.sees("Is something wrong now?");
    for (path, content) in PAGES {
        browser.go(&format!("{url}{path}"));
        assert!(browser.find_all(content).len() >= count_of(path), "{path} lacks {content}: {}", browser.text());
        let ran = browser.find_all("canvas, figure.chart:not([hidden])");
        assert!(ran.is_empty(), "scripts ran on {path}, or it shows an empty frame");
    }

    // Any question by the form, and the next one from its answer.
    browser.go(&format!("{url}/statistics"));
    browser.type_into(".builder select[name=by]", "Staff");
    browser.type_into(".builder select[name=metric]", "Mean");
    browser.tap(".builder button[type=submit]");
    browser.sees("by staff");
    let asked = browser.address();
    assert!(asked.contains("by=staff") && asked.contains("metric=mean"), "{asked}");
    assert!(browser.find_all("main table tbody tr").len() >= 8, "{}", browser.text());

    the_public_page_follows_the_form(&browser, &url);
    browser.go(&format!("{url}/fleet"));
    browser.type_into("main form select[name=state]", "Needs");
    browser.tap("main form button[type=submit]");
    browser.sees("K03");
    browser.go(&format!("{url}/account"));
    browser.tap("form[action='/sign-out'] button");
    browser.sees("Sign in");
    demo.end();
}

/// How many of them at least: the demonstration has one terminal and four rules.
fn count_of(path: &str) -> usize {
    match path {
        "/fleet" => 1,
        "/alerts/rules" => 4,
        _ => 5,
    }
}

fn the_public_page_follows_the_form(browser: &Browser, url: &str) {
    browser.go(&format!("{url}/public"));
    assert!(browser.find_all("main a[href^='/public/']").is_empty(), "nothing is published yet");
    browser.go(&format!("{url}/publish/new"));
    browser.tap("main form button[type=submit]");
    // The button that leads there says "Preview" as well: only the form to publish by tells that the page has come.
    let publish = "main form[method=post] button[type=submit]";
    let come = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while browser.find_all(publish).is_empty() && std::time::Instant::now() < come {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    browser.tap(publish);
    browser.sees("Visible");
    browser.go(&format!("{url}/public?lang=en"));
    browser.tap("main a[href^='/public/']");
    browser.sees("%");
    assert!(browser.find_all("main table tbody tr").len() >= 8, "{}", browser.text());
}
