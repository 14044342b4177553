//! The phone page in a real browser: one screen, thumb-sized, readable at 200 %, in both languages, without JavaScript.

use axum::Router;
use axum::extract::{Query, RawQuery};
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use maud::Markup;
use pingyi::centre::phone::form::{Draft, FormFault, once};
use pingyi::centre::phone::page::{self, Banner, Card, CodeAnswer, Frame, Stage};
use pingyi::domain::board::Board;
use pingyi::domain::rating::Satisfaction;
use pingyi::words::Language;
use std::collections::HashMap;

use super::tools::turn;
use super::webdriver::Browser;

/// Pages that a citizen may see, by the name of their picture.
const STAGES: [&str; 8] = ["rate", "late", "reasons", "mend", "kiosk", "done", "forged", "code"];

#[test]
fn the_page_fits_a_phone_and_a_desk_in_both_languages() {
    let Some(_turn) = turn(&["chromedriver", "chromium"]) else { return };
    let site = serve();
    for (width, height) in [(360, 740), (1280, 800)] {
        let browser = Browser::open(width, height, "zh-CN", false);
        for language in ["zh-CN", "en"] {
            for stage in STAGES {
                browser.go(&format!("{site}/t/x?stage={stage}&lang={language}"));
                keep_picture(&browser, &format!("{stage}-{language}-{width}x{height}"));
                assert_no_sideways_scrolling(&browser, stage);
                if stage == "rate" {
                    assert_equal_levels_in_reach(&browser, f64::from(height));
                }
            }
        }
        browser.go(&format!("{site}/t/x?stage=reasons"));
        browser.click("details.contact summary");
        keep_picture(&browser, &format!("contact-zh-CN-{width}x{height}"));
    }
}

#[test]
fn the_page_is_readable_at_twice_the_text_size() {
    let Some(_turn) = turn(&["chromedriver", "chromium"]) else { return };
    let site = serve();
    // Half the width in CSS pixels is what zooming to 200 % makes of a phone of 360.
    let browser = Browser::open(180, 370, "zh-CN", false);
    for language in ["zh-CN", "en"] {
        for stage in STAGES {
            browser.go(&format!("{site}/t/x?stage={stage}&lang={language}"));
            assert_no_sideways_scrolling(&browser, stage);
            keep_picture(&browser, &format!("{stage}-{language}-zoomed"));
        }
    }
}

fn assert_no_sideways_scrolling(browser: &Browser, stage: &str) {
    let sizes = browser.run("return [document.documentElement.scrollWidth, document.documentElement.clientWidth]");
    let (content, window) = (sizes[0].as_u64(), sizes[1].as_u64());
    assert!(content <= window, "{stage}: {content:?} CSS pixels wide in a window of {window:?}");
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

/// The pages over HTTP on a free port, until the test ends.
fn serve() -> String {
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
            send.send(listener.local_addr().expect("an address")).expect("the test waits");
            let css = include_str!("../../../assets/web/phone.css");
            let router = Router::new()
                .route("/t/x", get(draw))
                .route("/phone.css", get(move || async move { ([(CONTENT_TYPE, "text/css")], css) }));
            axum::serve(listener, router).await.expect("a server");
        });
    });
    format!("http://{}", receive.recv().expect("an address"))
}

async fn draw(Query(query): Query<HashMap<String, String>>, RawQuery(raw): RawQuery) -> Markup {
    let _ = raw;
    let board = board();
    let english = query.get("lang").is_some_and(|l| l == "en");
    let language = if english { Language::En } else { Language::Zh };
    let stage = query.get("stage").map_or("rate", String::as_str);
    let frame = Frame { language, board: Some(&board), root: "../", query: "" };
    let staff = &board.staff[0];
    let card = Card {
        service_window: Some(&board.windows[0]),
        staff: Some(staff),
        honours: staff.honours.iter().collect(),
        item: Some(&board.items[0]),
        pledges: board.pledges_of(Some(&staff.staff_no)).collect(),
        portrait: None,
    };
    let w = pingyi::words::phone::Phone(language);
    let reasons = board.tags_for(Satisfaction::Dissatisfied).collect();
    let words = |banner, reasons, draft, faults| Stage::Words { banner, reasons, draft, faults };
    let draft = Draft { words: "等了很久".into(), contact: "138".into(), ..Draft::default() };
    let stage = match stage {
        "late" => Stage::Rate { late: true },
        "reasons" => words(Banner::Received, reasons, Draft::default(), vec![]),
        "mend" => words(Banner::Received, reasons, draft, vec![FormFault::Contact, FormFault::Consent]),
        "kiosk" => words(Banner::AtKiosk, vec![], Draft::default(), vec![]),
        "done" => Stage::Done,
        "forged" => return page::trouble(&frame, &w.trouble_forged(), &w.trouble_forged_do(), Some("7K3Q")),
        "code" => {
            let found =
                CodeAnswer::Found { place: "3 号窗口 综合受理".into(), time: Some("2026-11-24 09:12".into()) };
            return page::code(&frame, &found, "7K3QD-M9XWA");
        }
        _ => Stage::Rate { late: false },
    };
    page::visit(&frame, &card, &stage, &once([1; 16]))
}

fn board() -> Board {
    toml::from_str(
        r#"
        unit = { zh = "云川市行政审批服务局", en = "Yunchuan Administrative Approval Bureau" }
        [hall]
        id = "H1"
        name = { zh = "云川市政务服务中心", en = "Yunchuan Government Service Centre" }
        hotline = "12345"
        [[windows]]
        id = "W03"
        number = "3"
        name = { zh = "综合受理", en = "General Service" }
        [[staff]]
        staff_no = "0027"
        name = "阿卜杜热西提·买买提"
        name_en = "Abdurashid Mamat"
        post = { zh = "综合受理岗", en = "General service desk" }
        party_member = true
        [[staff.honours]]
        kind = "vanguard_post"
        issuer = "局党委"
        period = "2026 年第三季度"
        until = "2027-01-01"
        [[pledges]]
        id = "P1"
        version = 1
        text = { zh = "首问负责，一次告知", en = "The first person asked answers, once and in full" }
        standard = { zh = "所需材料一次写清", en = "All papers named at once, in writing" }
        time_limit = { zh = "5 分钟内", en = "within 5 minutes" }
        [[pledges]]
        id = "P2"
        version = 1
        text = { zh = "依法办理，限时办结", en = "By the law, within the promised time" }
        standard = { zh = "超时自动预警并书面说明", en = "Overdue matters are explained in writing" }
        time_limit = { zh = "承诺期限内", en = "within the promised days" }
        [[items]]
        code = "I1"
        name = { zh = "个体工商户设立登记", en = "Registration of a sole trader" }
        limit_days = 1
        [[tags]]
        code = "wait"
        version = 1
        levels = ["dissatisfied"]
        text = { zh = "等候时间太长", en = "Waited too long" }
        [[tags]]
        code = "attitude"
        version = 1
        levels = ["dissatisfied"]
        text = { zh = "态度不好", en = "Unfriendly" }
        [[tags]]
        code = "papers"
        version = 1
        levels = ["dissatisfied"]
        text = { zh = "没有一次告知材料", en = "Papers not named at once" }
        "#,
    )
    .expect("a board")
}
