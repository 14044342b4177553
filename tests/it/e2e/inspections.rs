//! The sheet of an inspection on a phone whose network comes and goes: nothing that was filled in is lost, and the centre
//! counts each visit once.

use pingyi::centre::directory::accounts::Part;
use pingyi::centre::schema;
use pingyi::db;
use pingyi::domain::role::Role;
use serde_json::json;

use super::every_page::{axe, violations};
use super::tools::turn;
use super::webdriver::Browser;
use crate::accounts::House;
use crate::browser::{PASSWORD, account};

/// Answers every item of the sheet as well as can be, with clicks.
const ANSWER_ALL: &str = "for (const scale of document.querySelectorAll('.scale')) { \
     const best = scale.querySelector('input[value=\"5\"]') || scale.querySelector('input[value=\"1\"]'); best.click(); }";

/// The next answer to a form that is sent gets lost on its way back.
const LOSE_ONE: &str = "const real = window.fetch; let lost = false; window.fetch = async (...asked) => { \
     const answer = await real(...asked); \
     if (!lost && asked[1] && asked[1].method === 'POST') { lost = true; throw new TypeError('lost'); } \
     return answer; };";

/// A centre, its store, and a phone.
struct Phone<'a> {
    runtime: &'a tokio::runtime::Runtime,
    house: &'a House,
    browser: Browser,
    axe: String,
}

#[test]
fn a_visit_that_was_filled_in_without_a_network_is_sent_once_when_it_is_back() {
    let axe_file = axe();
    let Some(_turn) = turn(&["chromedriver", "chromium", axe_file.to_str().expect("a path")]) else { return };
    let axe = std::fs::read_to_string(axe_file).expect("axe-core");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads");
    let house = runtime.block_on(async {
        let house = House::open().await;
        account(&house.running.site, "inspector", Role::FollowUpOfficer, Part::Everything).await;
        house
    });
    let browser = Browser::open(360, 740, "zh-CN");
    let phone = Phone { runtime: &runtime, house: &house, browser, axe };
    let home = phone.plan();
    phone.without_a_network();
    phone.with_a_lost_answer();
    phone.too_late(&home);
    phone.look_around(&home);
    drop(phone);
    runtime.block_on(house.running.stop());
}

impl Phone<'_> {
    fn number(&self, sql: &str) -> i64 {
        let path = self.house.dir.path().join(schema::FILE);
        let conn = db::open_read_only(&path, &schema::SCHEMA).expect("the store");
        conn.query_row(sql, [], |r| r.get(0)).expect("a number")
    }

    fn go(&self, path: &str) {
        self.browser.go(&format!("{}{path}", self.house.url()));
    }

    /// axe-core finds nothing, nothing stands beyond the edge, and a picture is kept where one is wanted.
    #[track_caller]
    fn is_sound(&self, name: &str) {
        keep_picture(&self.browser, name);
        let beyond = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        let beyond = self.browser.run(beyond);
        assert!(beyond.as_i64().unwrap_or_default() <= 1, "{name}: {beyond} pixels beyond the edge");
        let found = violations(&self.browser, &self.axe);
        assert!(found.is_empty(), "{name}: {found:#?}");
    }

    /// Signs in and plans an inspection; its address. Ends at the sheet.
    fn plan(&self) -> String {
        let browser = &self.browser;
        self.go("/sign-in");
        browser.type_into("input[name=login]", "inspector");
        browser.type_into("input[name=password]", PASSWORD);
        browser.click("main button[type=submit]");
        wait_until(|| !browser.address().contains("/sign-in"));
        self.go("/inspections/new");
        self.is_sound("plan");
        browser.type_into("input[name=title]", "十二月第一周明查");
        browser.click("input[name=hall]");
        browser.click("main form button.primary");
        browser.sees("已安排 1 次检查");
        self.is_sound("planned");
        let home = browser.address();
        browser.click("main .actions a.primary");
        browser.sees("检查单");
        self.is_sound("sheet");
        home
    }

    fn without_a_network(&self) {
        let browser = &self.browser;
        offline(browser, true);
        browser.run(ANSWER_ALL);
        let picture = self.house.dir.path().join("photo.png");
        image::RgbImage::from_fn(2_000, 1_500, |x, y| image::Rgb([(x / 8) as u8, (y / 6) as u8, 120]))
            .save(&picture)
            .expect("a picture");
        browser.type_into("#f1-text", "暂停服务牌没有摆出来");
        browser.type_into("#f1-pictures", picture.to_str().expect("a path"));
        browser.sees("草稿已存在这部手机里");
        wait_for(browser, "return document.querySelectorAll('[data-shown=f1-pictures] img').length", 1);
        self.is_sound("filled");
        browser.click("form.sheet button.primary");
        browser.sees("未送达，等待网络");
        self.is_sound("waiting");
        assert_eq!(self.number("SELECT count(*) FROM inspection_visit"), 0);
        // Back again: it is sent without anybody doing anything.
        offline(browser, false);
        browser.run("window.dispatchEvent(new Event('online'))");
        browser.sees("已送达");
        self.is_sound("sent");
        assert_eq!(self.number("SELECT count(*) FROM inspection_visit"), 1);
        assert_eq!(self.number("SELECT count(*) FROM inspection_picture"), 1);
        assert_eq!(self.number("SELECT max(width_px) FROM inspection_picture"), 1_600);
    }

    /// A draft outlives a reload; and the centre takes a visit without the phone hearing so: it asks again, and the visit
    /// is counted once.
    fn with_a_lost_answer(&self) {
        let browser = &self.browser;
        browser.run(ANSWER_ALL);
        browser.type_into("#f1-text", "第二次检查");
        browser.sees("草稿已存在这部手机里");
        browser.reload();
        wait_for(browser, "return document.querySelector('#f1-text').value === '第二次检查' ? 1 : 0", 1);
        browser.run(LOSE_ONE);
        browser.click("form.sheet button.primary");
        browser.sees("未送达，等待网络");
        wait_until(|| self.number("SELECT count(*) FROM inspection_visit") == 2);
        browser.run("window.dispatchEvent(new Event('online'))");
        wait_for(browser, "return document.querySelectorAll('[data-state=sent]').length", 2);
        assert_eq!(self.number("SELECT count(*) FROM inspection_visit"), 2);
    }

    /// The inspection is submitted at a desk while a visit waits on the phone: the phone says so and keeps what was written.
    fn too_late(&self, home: &str) {
        let browser = &self.browser;
        offline(browser, true);
        browser.run(ANSWER_ALL);
        browser.type_into("#f1-text", "来晚了的一次");
        browser.click("form.sheet button.primary");
        browser.sees("未送达，等待网络");
        let path = format!("{}/steps/submit", home.strip_prefix(&self.house.url()).expect("a path"));
        self.runtime.block_on(async {
            let desk = crate::browser::Browser::new(&self.house.url());
            desk.sign_in("inspector").await;
            desk.get("/account").await;
            let page = desk.post(&path, &[]).await;
            assert_eq!(page.status, 303, "{}", page.text);
        });
        offline(browser, false);
        browser.run("window.dispatchEvent(new Event('online'))");
        browser.sees("被退回：这次检查已提交");
        self.is_sound("refused");
        browser.run("document.querySelector('[data-state=refused] button').click()");
        wait_for(browser, "return document.querySelector('#f1-text').value === '来晚了的一次' ? 1 : 0", 1);
        assert_eq!(self.number("SELECT count(*) FROM inspection_visit"), 2);
    }

    fn look_around(&self, home: &str) {
        let browser = &self.browser;
        browser.go(home);
        browser.sees("暂停服务牌没有摆出来");
        self.is_sound("visited");
        for (path, name) in [
            ("/inspections", "list"),
            ("/inspections/checklists", "checklists"),
            ("/inspections/checklists/1", "checklist"),
            ("/inspections?show=all&kind=undercover", "none"),
        ] {
            self.go(path);
            self.is_sound(name);
        }
        browser.go(&format!("{home}/findings/1/order"));
        self.is_sound("order");
        browser.type_into("#text", "当日补齐");
        browser.click("main form button.primary");
        browser.sees("已下达限期整改");
        self.is_sound("ordered");
    }
}

fn offline(browser: &Browser, is: bool) {
    let conditions = json!({"offline": is, "latency": 0, "throughput": 10_000_000});
    browser.post("/chromium/network_conditions", &json!({ "network_conditions": conditions }));
}

#[track_caller]
fn wait_for(browser: &Browser, script: &str, wanted: i64) {
    wait_until(|| browser.run(script).as_i64() == Some(wanted));
}

#[track_caller]
fn wait_until(holds: impl Fn() -> bool) {
    let start = std::time::Instant::now();
    while !holds() {
        assert!(start.elapsed().as_secs() < 20, "it did not come to be");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
}

fn keep_picture(browser: &Browser, name: &str) {
    if let Some(dir) = std::env::var_os("PINGYI_SCREENSHOTS") {
        let dir = std::path::Path::new(&dir).join("inspections");
        std::fs::create_dir_all(&dir).expect("the folder");
        std::fs::write(dir.join(format!("{name}.png")), browser.screenshot()).expect("a picture");
    }
}
