//! Every part in every state, on one page: what a screen reader needs is there, and colours can be read.

use maud::{Markup, html};

use super::*;
use crate::centre::dashboard::assets::STYLE;
use crate::domain::time::WallMs;
use crate::words::Language;

fn gallery(language: Language) -> Markup {
    let mut faults = Faults::default();
    faults.add("login", "已有人使用这个登录名");
    let mut table = Table::new(language, "终端").column("终端").column("状态").number("待传").extra("版本").actions();
    let button = |k: &str| Button::link(format!("/fleet/{k}"), "查看").small().about(k.to_owned());
    table.row(["K01", "good", "3", "0.1.0"].map(|t| html! { (t) }).into_iter().chain([html! { (button("K01")) }]));
    table.foot(["合计", "", "3", "", ""].map(|t| html! { (t) }));
    let empty =
        Empty::new("还没有终端", "取得登记码后，在终端上填写。").action(Button::link("/fleet/codes", "取登记码"));
    html! {
        (Title::new(language, "终端").crumb("/", "总览").crumb("/fleet", "终端").lead("大厅里的每一台终端").action(Button::link("/new", "新登记码").primary()))
        (Tabs::new("终端").tab("/fleet", "全部", true).counted("/fleet?s=silent", "失联", 2, false))
        @for tone in Tone::ALL { (State::new(tone, tone.class())) " " }
        (Notice::good("已保存。"))
        (Notice::note("离线的终端恢复后才会收到。").advice("不需要做什么。").standing())
        (Notice::bad("没有保存。").advice("填写的内容都还在。"))
        section.card { h2 { "列表" } (table) (table.clone().stacked()) (Pages::new(language, 3, 95, 10, |n| format!("/fleet?page={n}"))) }
        (Table::new(language, "空").column("名称").or_empty(empty))
        section.card {
            h2 { "表单" }
            (faults.summary(language))
            form.form method="post" action="/fleet" {
                (Field::text("login", "登录名").hint("字母和数字").value("zhang").max(40).faults(&faults))
                (Field::text("phone", "电话").optional(language))
                (Field::password("password", "密码"))
                (Field::code("code", "动态码"))
                (Field::date("from", "从").within("2026-01-01", "2026-12-31"))
                (Field::area("text", "内容", 4).value("承诺"))
                (Field::file("photo", "照片", "image/png,image/jpeg"))
                (Choice::new("role", "角色", [("a", "督查员"), ("b", "审计员")]).chosen("b").hint("决定看得到什么"))
                (fieldset("days", "星期", Some("至少选一天"), &html! { (Tick::check("days", "1", "星期一", true).hint("上班")) (Tick::radio("kind", "x", "甲", false)) }))
                (buttons(&[Button::submit("保存").primary().sends("act", "save"), Button::link("/fleet", "取消"), Button::submit("停用").danger()]))
            }
        }
        (facts([("评价数".into(), html! { "20,134" }), ("满意率".into(), html! { "98.7%" })]))
        (particulars([("终端".into(), html! { "K01" }), ("最近联络".into(), moment(&jiff::tz::TimeZone::UTC, WallMs(1_795_500_000_000)))]))
    }
}

/// Values of an attribute, in order.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    let mark = format!(" {attribute}=\"");
    page.split(&mark).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn every_input_has_a_label_and_every_description_exists() {
    let page = gallery(Language::Zh).into_string();
    let ids = values(&page, "id");
    for label in values(&page, "for") {
        assert!(ids.contains(&label), "the label of {label} leads nowhere");
    }
    let inputs = page.split('<').filter(|t| ["input ", "select ", "textarea "].iter().any(|i| t.starts_with(i)));
    let mut count = 0;
    for input in inputs {
        let id = values(&format!(" {input}"), "id")[0].to_owned();
        assert!(page.contains(&format!("for=\"{id}\"")), "{id} has no label");
        count += 1;
    }
    assert_eq!(count, 10);
    for described in values(&page, "aria-describedby").iter().flat_map(|v| v.split(' ')) {
        assert!(ids.contains(&described), "{described} does not exist");
    }
    assert!(
        page.contains("id=\"login\"") && page.contains("aria-invalid=\"true\"") && page.contains("href=\"#login\"")
    );
    assert!(page.contains("href=\"#login\"") && page.contains("aria-describedby=\"login-hint login-error\""));
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), ids.len(), "an id stands twice");
    for inline in [" style=", "<script", " onclick=", "placeholder"] {
        assert!(!page.contains(inline), "{inline}");
    }
}

#[test]
fn a_secret_is_never_sent_back() {
    let field = Field::password("password", "密码").value("hunter2");
    assert!(!maud::Render::render(&field).into_string().contains("hunter2"));
}

#[test]
fn texts_are_escaped_wherever_they_stand() {
    let evil = "<script>alert(1)</script>\"";
    let mut faults = Faults::default();
    faults.add("a", evil);
    let page = html! {
        (Title::new(Language::En, evil).crumb(evil, evil).lead(evil).action(Button::link(evil, evil).about(evil)))
        (Notice::bad(evil).advice(evil)) (State::new(Tone::Bad, evil)) (Empty::new(evil, evil))
        (Field::text("a", evil).value(evil).hint(evil).faults(&faults)) (faults.summary(Language::En))
        (Choice::new("b", evil, [(evil, evil)])) (Tick::check("c", evil, evil, true).hint(evil))
        (Tabs::new(evil).tab(evil, evil, true)) (Confirm::new(Language::En, evil, html! { (evil) }, evil).yes(evil).back(evil))
        (facts([(evil.into(), html! { (evil) })]))
    };
    assert!(!page.into_string().contains("<script"));
}

#[test]
fn a_row_is_a_heading_and_cells_and_says_its_columns_when_stacked() {
    let mut table = Table::new(Language::En, "Kiosks").column("Kiosk").number("Backlog").stacked();
    assert!(table.is_empty());
    table.row([html! { "K01" }, html! { "3" }]);
    let page = maud::Render::render(&table).into_string();
    assert!(page.contains("<th scope=\"row\" role=\"rowheader\">K01</th>"), "{page}");
    assert!(page.contains("<td role=\"cell\" class=\"number\" data-label=\"Backlog\">3</td>"), "{page}");
    assert!(page.contains("<caption>Kiosks</caption>") && !page.contains("class=\"scroll\""));
}

#[test]
fn pages_offer_the_ends_and_the_neighbours() {
    let offered = |page, total| {
        let pages = Pages::new(Language::En, page, total, 10, |n| format!("/x?page={n}"));
        let html = maud::Render::render(&pages).into_string();
        (pages.offset(), values(&html, "href").iter().map(|h| h["/x?page=".len()..].to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(offered(1, 10), (0, vec![]));
    assert_eq!(offered(1, 0), (0, vec![]));
    assert_eq!(offered(1, 11), (0, vec!["1".to_owned(), "2".to_owned()]));
    assert_eq!(offered(5, 95), (40, ["1", "4", "5", "6", "10"].map(str::to_owned).to_vec()));
    assert_eq!(offered(999, 95), (90, ["1", "9", "10"].map(str::to_owned).to_vec()), "too far is the last");
    assert_eq!(offered(0, 95).0, 0);
}

/// Relative luminance by WCAG 2.
fn luminance(hex: &str) -> f64 {
    let digits: String =
        if hex.len() == 4 { hex[1..].chars().flat_map(|c| [c, c]).collect() } else { hex[1..].to_owned() };
    let part = |at: usize| {
        let value = f64::from(u8::from_str_radix(&digits[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn text_can_be_read_on_every_ground_in_light_and_dark() {
    assert!((contrast("#000", "#ffffff") - 21.0).abs() < 1e-9);
    let mut colours = std::collections::HashMap::new();
    let mut checked = 0;
    // The scheme's colours, then those that dark and then print put in their place.
    for scheme in STYLE.split(":root {").skip(1).take(3) {
        for line in scheme.lines().take_while(|l| !l.contains('}')) {
            if let Some((name, value)) = line.trim().trim_end_matches(';').split_once(": ")
                && value.starts_with('#')
            {
                colours.insert(name.to_owned(), value.to_owned());
            }
        }
        let grounds = |text: &'static str, grounds: &'static [&'static str]| grounds.iter().map(move |g| (text, *g));
        let pairs = grounds("--ink", &["--paper", "--card", "--track", "--accent-ground"])
            .chain(grounds("--soft", &["--paper", "--card"]))
            .chain(grounds("--accent", &["--paper", "--card", "--accent-ground"]))
            .chain(grounds("--good", &["--good-ground", "--card", "--paper"]))
            .chain(grounds("--note", &["--note-ground", "--card"]))
            .chain(grounds("--bad", &["--bad-ground", "--card", "--paper"]))
            .chain([("--on-brand", "--brand"), ("--on-accent", "--accent")]);
        for (text, ground) in pairs {
            let found = contrast(&colours[text], &colours[ground]);
            assert!(found >= 4.5, "{text} on {ground}: {found:.2}");
            checked += 1;
        }
        for shape in ["--edge", "--accent", "--overall"] {
            for ground in ["--paper", "--card"] {
                let found = contrast(&colours[shape], &colours[ground]);
                assert!(found >= 3.0, "{shape} on {ground}: {found:.2}");
            }
        }
    }
    assert_eq!(checked, 57);
}
