//! The phone page in a real browser, served by a real centre: one screen, thumb-sized, readable at 200 %, in both
//! languages; its policy lets no script run, so all of this is without JavaScript.

use std::sync::mpsc::{Receiver, Sender, channel};

use pingyi::domain::rating::Satisfaction;

use super::tools::turn;
use super::webdriver::Browser;
use crate::centre::phone_page::Hall;

const LANGUAGES: [&str; 2] = ["zh-CN", "en"];

#[test]
fn a_citizen_rates_and_explains_on_a_phone() {
    let Some(_turn) = turn(&["chromedriver", "chromium"]) else { return };
    let site = Site::open();
    let browser = Browser::open(360, 740, "zh-CN");
    let url = site.ask(Ask::Visit);
    browser.go(&url);
    browser.click("button.level[value=dissatisfied]");
    browser.sees("评价已收到");
    // Back and reload show the state as it is and do nothing.
    browser.back();
    browser.sees("已经评价");
    browser.go(&format!("{url}?after=dissatisfied"));
    browser.reload();
    assert_eq!(site.number("SELECT count(*) FROM phone_rating"), 1);
    browser.click("fieldset.reasons label");
    browser.type_into("#words", "等了很久，没有人说明。");
    browser.click("details.contact summary");
    browser.type_into("#contact", "13800000000");
    browser.click("button.primary");
    browser.sees("没有勾选同意");
    keep_picture(&browser, "mend-zh-CN-360x740");
    browser.click("label.tick");
    browser.click("button.primary");
    browser.sees("您的意见已收到");
    keep_picture(&browser, "done-zh-CN-360x740");
    browser.reload();
    browser.sees("您的意见已收到");
    assert_eq!(site.number("SELECT count(*) FROM words"), 1);
}

#[test]
fn the_page_fits_a_phone_and_a_desk_in_both_languages() {
    let Some(_turn) = turn(&["chromedriver", "chromium"]) else { return };
    let site = Site::open();
    let pages = site.pages();
    for (width, height) in [(360, 740), (1280, 800)] {
        let browser = Browser::open(width, height, "zh-CN");
        for language in LANGUAGES {
            for (name, url) in &pages {
                browser.go(&in_language(url, language));
                keep_picture(&browser, &format!("{name}-{language}-{width}x{height}"));
                assert_no_sideways_scrolling(&browser, name);
                if *name == "rate" {
                    assert_equal_levels_in_reach(&browser, f64::from(height));
                }
            }
        }
        browser.go(&pages[1].1);
        browser.click("details.contact summary");
        keep_whole_picture(&browser, &format!("contact-zh-CN-{width}x{height}"));
    }
}

#[test]
fn the_page_is_readable_at_twice_the_size() {
    let Some(_turn) = turn(&["chromedriver", "chromium"]) else { return };
    let site = Site::open();
    // Half the width in CSS pixels is what zooming to 200 % makes of a phone of 360.
    let browser = Browser::open(180, 370, "zh-CN");
    for language in LANGUAGES {
        for (name, url) in site.pages() {
            browser.go(&in_language(&url, language));
            assert_no_sideways_scrolling(&browser, name);
            keep_picture(&browser, &format!("{name}-{language}-zoomed"));
        }
    }
}

fn in_language(url: &str, language: &str) -> String {
    let join = if url.contains('?') { '&' } else { '?' };
    format!("{url}{join}lang={language}")
}

fn assert_no_sideways_scrolling(browser: &Browser, page: &str) {
    let sizes = browser.run("return [document.documentElement.scrollWidth, document.documentElement.clientWidth]");
    let (content, window) = (sizes[0].as_u64(), sizes[1].as_u64());
    assert!(content <= window, "{page}: {content:?} CSS pixels wide in a window of {window:?}");
}

fn assert_equal_levels_in_reach(browser: &Browser, height: f64) {
    let levels = browser.find_all("button.level");
    assert_eq!(levels.len(), 5);
    let rects: Vec<[f64; 4]> = levels.iter().map(|l| browser.rect(l)).collect();
    for rect in &rects {
        assert_eq!((rect[2], rect[3]), (rects[0][2], rects[0][3]), "all levels have one size");
        assert!(rect[3] >= 60.0, "{} CSS pixels high", rect[3]);
        assert!(rect[1] + rect[3] <= height, "a level lies below the first screen: {rect:?}");
    }
}

/// Keeps a picture for people to look at, where `PINGYI_SCREENSHOTS` names a folder.
fn keep_picture(browser: &Browser, name: &str) {
    if let Some(dir) = std::env::var_os("PINGYI_SCREENSHOTS") {
        let dir = std::path::Path::new(&dir).join("phone");
        std::fs::create_dir_all(&dir).expect("the folder");
        std::fs::write(dir.join(format!("{name}.png")), browser.screenshot()).expect("a picture");
    }
}

/// The page's end, where it is longer than the window.
fn keep_whole_picture(browser: &Browser, name: &str) {
    browser.run("window.scrollTo(0, document.body.scrollHeight)");
    keep_picture(browser, name);
}

/// A centre with a kiosk, on a thread of its own; answers what a test asks for.
struct Site {
    ask: Sender<(Ask, Sender<String>)>,
    data: std::path::PathBuf,
}

/// Addresses of visits in the states that a citizen may meet.
enum Ask {
    Visit,
    RatedAtKiosk,
    /// Not sent to the centre yet.
    Offline,
    Forged,
    Place,
}

impl Site {
    fn open() -> Self {
        let (ask, asked) = channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            runtime.expect("a runtime").block_on(answer(asked));
        });
        let mut site = Self { ask, data: std::path::PathBuf::new() };
        site.data = site.ask(Ask::Place).into();
        site
    }

    fn ask(&self, what: Ask) -> String {
        let (send, receive) = channel();
        self.ask.send((what, send)).expect("the centre's thread");
        receive.recv().expect("an answer")
    }

    fn number(&self, sql: &str) -> i64 {
        use pingyi::{centre::schema, db};
        let conn = db::open_read_only(&self.data.join(schema::FILE), &schema::SCHEMA).expect("the database");
        conn.query_row(sql, [], |r| r.get(0)).expect("a number")
    }

    /// One address of each kind of page, by the name of its picture.
    fn pages(&self) -> Vec<(&'static str, String)> {
        let rated = self.ask(Ask::Visit);
        let browser = Browser::open(360, 740, "zh-CN");
        browser.go(&rated);
        browser.click("button.level[value=dissatisfied]");
        browser.sees("评价已收到");
        let root = rated.split("/T/").next().expect("an address").to_owned();
        vec![
            ("rate", self.ask(Ask::Visit)),
            ("reasons", format!("{rated}?after=dissatisfied")),
            ("already", rated),
            ("kiosk", self.ask(Ask::RatedAtKiosk)),
            ("offline", self.ask(Ask::Offline)),
            ("forged", self.ask(Ask::Forged)),
            ("code", format!("{root}/c")),
        ]
    }
}

async fn answer(asked: Receiver<(Ask, Sender<String>)>) {
    let mut hall = Hall::open().await;
    while let Ok((ask, reply)) = asked.recv() {
        let answer = match ask {
            Ask::Place => hall.data.path().display().to_string(),
            Ask::Visit => {
                let visit = hall.open_visit();
                hall.sync().await;
                format!("{}/T/{}", hall.url, hall.ticket(visit, false))
            }
            Ask::RatedAtKiosk => {
                let visit = hall.open_visit();
                hall.terminal.rate(visit, Satisfaction::Satisfied);
                hall.sync().await;
                format!("{}/T/{}", hall.url, hall.ticket(visit, true))
            }
            Ask::Offline => {
                let visit = hall.open_visit();
                format!("{}/T/{}", hall.url, hall.ticket(visit, false))
            }
            Ask::Forged => {
                let key = pingyi::ledger::keys::DeviceKey::from_secret(&[99; 32]);
                format!("{}/T/{}", hall.url, hall.ticket_by(2, false, &key))
            }
        };
        reply.send(answer).expect("the test waits");
    }
    hall.stop().await;
}
