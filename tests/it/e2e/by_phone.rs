//! The code on the glass, read by an independent decoder from a picture of the real window, opened in a real browser.

use std::time::{Duration, Instant};

use pingyi::domain::rating::Satisfaction;

use super::demo::{COUNTED_WITHIN, Demo};
use super::display::Display;
use super::tools::{read_qr, turn};
use super::wait::eventually;
use super::webdriver::Browser;

#[test]
fn one_rating_of_a_visit_counts_whether_the_glass_or_the_phone_was_first() {
    let Some(_turn) = turn(&["Xvfb", "zbarimg", "chromedriver", "chromium"]) else { return };
    let display = Display::xvfb(1280, 800);
    let demo = Demo::start(&display);
    let browser = Browser::open(360, 740, "zh-CN");
    let (all, phone) = (demo.counted(None), demo.counted(Some("phone")));

    // The phone first, then the glass.
    browser.go(&code(&display));
    browser.sees("您对这次服务满意吗");
    browser.click("button.level[value=very_satisfied]");
    browser.sees("评价已收到");
    demo.await_counted(all + 1);
    assert_eq!(demo.counted(Some("phone")), phone + 1);
    let seen = demo.painted().len();
    let tapped = Instant::now();
    display.click(demo.face(Satisfaction::Dissatisfied));
    let seen = demo.await_screen("reasons", seen);
    display.click(demo.skip());
    let seen = demo.await_screen("thanks", seen);
    let after_thanks = code(&display);
    browser.go(&after_thanks);
    browser.sees("本次服务已经评价");

    // The next citizen: a page opened before the tap, and used after it.
    std::thread::sleep(Duration::from_millis(600));
    display.click(demo.done());
    demo.await_screen("card", seen);
    demo.await_next_visit(tapped);
    browser.go(&code(&display));
    browser.sees("您对这次服务满意吗");
    let seen = demo.painted().len();
    display.click(demo.face(Satisfaction::Satisfied));
    demo.await_screen("reasons", seen);
    demo.await_counted(all + 2);
    browser.click("button.level[value=very_dissatisfied]");
    browser.sees("以先到的为准");
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(demo.counted(None), all + 2, "two visits, two ratings");
    assert_eq!(demo.counted(Some("phone")), phone + 1);
}

/// The address in the code that the window shows.
fn code(display: &Display) -> String {
    eventually("a code that zbar can read", COUNTED_WITHIN, || read_qr(&display.screenshot()))
}
