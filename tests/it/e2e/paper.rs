//! The monthly report on paper: Chromium prints it, and another program reads the pages and the figures back.

use std::process::Command;

use serde_json::json;

use super::tools::turn;
use super::webdriver::Browser;
use crate::dashboard::{browser, sign_in};
use crate::stats::Hall;

#[test]
fn the_monthly_report_prints_with_its_charts_figures_and_lines_to_sign() {
    let Some(_turn) = turn(&["chromedriver", "chromium", "pdftotext", "pdfinfo"]) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let hall = runtime.block_on(Hall::open());
    let url = hall.running.url();
    let cookie = runtime.block_on(sign_in(&browser(), &url, &hall.supervisor)).unwrap();
    let browser = Browser::open(1280, 900, "zh-CN");
    browser.go(&format!("{url}/sign-in"));
    let (name, value) = cookie.split_once('=').unwrap();
    browser.keep_cookie(name, value);
    browser.go(&format!("{url}/report?month=2026-11"));
    let shown = |css: &str| browser.run(&format!("return document.querySelector('{css}').textContent"));
    let satisfied = shown(".report tbody td a").as_str().unwrap().to_owned();
    let window = shown(".report section:nth-of-type(3) tbody tr:nth-child(1)").as_str().unwrap().to_owned();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.pdf");
    std::fs::write(&path, browser.print()).unwrap();
    let read = |program: &str, args: &[&str]| {
        let output = Command::new(program).args(args).arg(&path).arg("-").output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let text = read("pdftotext", &["-layout"]);
    let info = Command::new("pdfinfo").arg(&path).output().unwrap();
    let info = String::from_utf8(info.stdout).unwrap();
    let pages = info.lines().find_map(|l| l.strip_prefix("Pages:")).and_then(|n| n.trim().parse::<u32>().ok()).unwrap();
    assert!((3..=8).contains(&pages) && info.contains("(A4)"), "{info}");
    assert_eq!(text.matches('\u{c}').count(), pages as usize);
    // How wide a space is differs from font to font.
    let text: String = text.split_whitespace().collect();
    // Sections, the axis of the chart, figures as on the screen, what was not counted, lines to sign, page numbers.
    for part in ["群众评议月报（2026年11月）", "二、每日走势", "100%", "11-01", "95%区间", "九、未计入的和需要说明的"]
    {
        assert!(text.contains(part), "{part} is not on paper:\n{text}");
    }
    for part in ["制表人", "审核人", "负责人", "单位盖章", &format!("1/{pages}"), satisfied.as_str()] {
        assert!(text.contains(part), "{part} is not on paper:\n{text}");
    }
    let first = window.split(|c: char| c.is_whitespace()).find(|w| w.chars().count() > 2).unwrap();
    let first: String = first.chars().take_while(|c| !c.is_ascii_digit()).collect();
    assert!(text.contains(&first), "{first} leads the windows on the screen and is not on paper");
    assert!(!text.contains("退出") && !text.contains("打印或存为"), "what only a screen can do is on paper:\n{text}");
    drop(browser);
    runtime.block_on(hall.running.stop());
}

impl Browser {
    /// A cookie for the site that is open.
    fn keep_cookie(&self, name: &str, value: &str) {
        self.post("/cookie", &json!({"cookie": {"name": name, "value": value, "path": "/", "httpOnly": true}}));
    }

    /// The page as a PDF on A4.
    pub fn print(&self) -> Vec<u8> {
        let page = json!({"width": 21.0, "height": 29.7});
        let margin = json!({"top": 1.6, "bottom": 1.8, "left": 1.4, "right": 1.4});
        let text =
            self.post("/print", &json!({"page": page, "margin": margin, "background": true, "shrinkToFit": false}));
        data_encoding::BASE64.decode(text.as_str().unwrap_or_default().as_bytes()).expect("base64")
    }
}
