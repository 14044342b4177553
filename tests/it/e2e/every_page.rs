//! Every page of the centre that a role can reach, on a phone and on a wide screen: axe-core finds no violation, the
//! console says nothing, nothing is fetched from elsewhere, nothing stands beyond the page's edge.
//!
//! `PINGYI_PAGES=all` looks at both languages at both widths; otherwise Chinese on the phone and English on the wide screen.
//! `PINGYI_SCREENSHOTS=DIR` keeps a picture of each. Needs axe-core: `npm pack axe-core@4.14.1` unpacked in `target/axe`.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use pingyi::centre::access::Route;
use pingyi::centre::app;
use serde_json::Value;

use super::people::Person;
use super::tools::turn;
use super::webdriver::Browser;
use crate::demo::Demo;

const ROLES: [&str; 6] = ["supervisor", "system_admin", "auditor", "device_admin", "follow_up_officer", "staff"];
const PHONE: (u32, u32) = (360, 740);
const WIDE: (u32, u32) = (1920, 1080);
/// Of each route so many addresses, because one page's links may lead to a hundred.
const OF_EACH_ROUTE: usize = 1;

pub fn axe() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = target.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target"));
    target.join("axe/package/axe.min.js")
}

#[test]
fn every_page_is_sound_on_a_phone_and_on_a_wide_screen_in_both_languages() {
    let axe = axe();
    let Some(_turn) = turn(&["chromium", "chromedriver", axe.to_str().expect("a path")]) else { return };
    let axe = std::fs::read_to_string(axe).expect("axe-core");
    let dir = tempfile::tempdir().expect("a folder");
    let demo = Demo::start(&dir.path().join("demo"));
    let all = std::env::var("PINGYI_PAGES").as_deref() == Ok("all");
    let looks: &[((u32, u32), &str)] = match all {
        true => &[(PHONE, "zh"), (WIDE, "en"), (PHONE, "en"), (WIDE, "zh")],
        false => &[(PHONE, "zh"), (WIDE, "en")],
    };
    let mut faults = String::new();
    let mut seen = 0;
    for role in ROLES {
        let mut person =
            if role == "supervisor" { Person::supervisor(&demo) } else { Person::added(&demo, role, dir.path()) };
        for (size, language) in looks {
            let crawl = Crawl { demo: &demo, axe: &axe, role, size: *size, language };
            seen += crawl.walk(&mut person, &mut faults);
        }
    }
    println!("{seen} pages looked at");
    assert!(faults.is_empty(), "{faults}");
    assert!(seen > 60, "only {seen} pages were found");
    demo.end();
}

struct Crawl<'a> {
    demo: &'a Demo,
    axe: &'a str,
    role: &'a str,
    size: (u32, u32),
    language: &'a str,
}

impl Crawl<'_> {
    /// How many pages there are from the first one on.
    fn walk(&self, person: &mut Person, faults: &mut String) -> usize {
        let url = self.demo.text("centre");
        let browser = Browser::open(self.size.0, self.size.1, self.language);
        browser.go(&format!("{url}/sign-in?lang={}", self.language));
        self.look(&browser, "/sign-in", faults);
        person.sign_in(&browser, url);
        let table = app::table();
        let mut found: BTreeMap<&str, usize> = BTreeMap::new();
        let mut queue: VecDeque<String> = VecDeque::from(["/".to_owned()]);
        let mut seen = 1;
        while let Some(path) = queue.pop_front() {
            browser.go(&format!("{url}{path}"));
            self.look(&browser, &path, faults);
            seen += 1;
            for link in links(&browser, url) {
                let Some(route) = page_of(&table, &link) else { continue };
                let n = found.entry(route).or_default();
                if *n < OF_EACH_ROUTE && !queue.contains(&link) {
                    *n += 1;
                    queue.push_back(link);
                }
            }
        }
        seen
    }

    fn look(&self, browser: &Browser, path: &str, faults: &mut String) {
        let at = format!("{} {} {}: {path}", self.role, self.language, self.size.0);
        for complaint in browser.complaints() {
            let _ = writeln!(faults, "{at}: console: {complaint}");
        }
        let elsewhere = browser.run(
            "return performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith(location.origin) && !n.startsWith('data:'))",
        );
        if elsewhere.as_array().is_some_and(|list| !list.is_empty()) {
            let _ = writeln!(faults, "{at}: fetched from elsewhere: {elsewhere}");
        }
        let beyond = browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
        if beyond.as_i64().unwrap_or_default() > 1 {
            let _ = writeln!(faults, "{at}: {beyond} pixels beyond the edge");
        }
        for violation in violations(browser, self.axe) {
            let _ = writeln!(faults, "{at}: {violation}");
        }
        keep(browser, &at);
    }
}

/// What axe-core has against the page as it stands.
pub fn violations(browser: &Browser, axe: &str) -> Vec<String> {
    browser.run(axe);
    let found = browser.run_until_called(
        "const done = arguments[arguments.length - 1]; \
         axe.run({resultTypes: ['violations']}).then(r => done(r.violations.map(v => v.id + ': ' + \
         v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' — ' + n.failureSummary).join(' | '))), e => done([String(e)]))",
    );
    found.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Addresses of this site on the page, without fragments.
fn links(browser: &Browser, url: &str) -> Vec<String> {
    let found =
        browser.run("return [...document.querySelectorAll('a[href]')].filter(a => !a.download).map(a => a.href)");
    let list = found.as_array().cloned().unwrap_or_default();
    let own = list.iter().filter_map(Value::as_str).filter_map(|href| href.strip_prefix(url));
    own.map(|path| path.split('#').next().unwrap_or_default().to_owned()).filter(|p| !p.contains("lang=")).collect()
}

/// The route of a page that is looked at; none for files, pictures and the interface.
fn page_of<'t>(table: &'t [Route], link: &str) -> Option<&'t str> {
    let (path, query) = link.split_once('?').unwrap_or((link, ""));
    let is_file =
        query.contains("format=") || path.starts_with("/assets") || path.starts_with("/api") || path.contains('.');
    if is_file || path == "/sign-out" {
        return None;
    }
    let matches = |pattern: &str| {
        let (mut a, mut b) = (pattern.split('/'), path.split('/'));
        loop {
            match (a.next(), b.next()) {
                (None, None) => return true,
                (Some(p), Some(q)) if p == q || (p.starts_with('{') && !q.is_empty()) => {}
                _ => return false,
            }
        }
    };
    let pages = table.iter().filter(|r| r.method == "GET").map(|r| r.path);
    pages.filter(|p| matches(p)).min_by_key(|p| p.matches('{').count())
}

fn keep(browser: &Browser, at: &str) {
    if let Some(dir) = std::env::var_os("PINGYI_SCREENSHOTS") {
        let dir = Path::new(&dir).join("pages");
        std::fs::create_dir_all(&dir).expect("the folder");
        let name: String = at.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(120).collect();
        std::fs::write(dir.join(format!("{name}.png")), browser.screenshot()).expect("a picture");
    }
}
