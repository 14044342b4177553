//! The audit log on its page: who reads it, what a reader of one unit sees, the check, and the file.

use pingyi::centre::directory::accounts::Part;
use pingyi::centre::directory::units;
use pingyi::centre::schema;
use pingyi::db;
use pingyi::domain::role::Role;
use reqwest::StatusCode;

use super::House;
use crate::browser::{Browser, account};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_auditor_finds_deeds_takes_them_away_and_sees_that_somebody_changed_them() {
    let house = House::open().await;
    let site = &house.running.site;
    let made = site.writer.attempt(|desk| units::add(desk.tx, None, "东区"));
    let unit = made.await.unwrap().unwrap();
    account(site, "audit", Role::Auditor, Part::Everything).await;
    account(site, "audit-east", Role::Auditor, Part::Unit(unit)).await;
    account(site, "wang", Role::HallSupervisor, Part::Unit(unit)).await;
    account(site, "root", Role::SystemAdmin, Part::Everything).await;
    for login in ["wang", "root"] {
        let browser = Browser::new(&house.url());
        browser.enter(login, "wrong one").await;
        browser.sign_in(login).await;
        assert_eq!(browser.get("/audit").await.status, StatusCode::FORBIDDEN, "{login}");
    }
    let auditor = Browser::new(&house.url());
    auditor.sign_in("audit").await;
    let page = auditor.get("/audit").await;
    for part in ["首尾相扣", ">wang", ">root", "登录被拒", "链头："] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    let page = auditor.get("/audit?who=wang&act=sign_in_refused&from=&to=").await;
    assert_eq!((page.text.matches("<tr").count(), page.text.contains(">root")), (2, false), "{}", page.text);
    assert!(auditor.get("/audit?from=2031-01-01").await.text.contains("没有符合条件的记录"));

    // A reader of one unit reads of its people alone.
    let east = Browser::new(&house.url());
    east.sign_in("audit-east").await;
    let page = east.get("/audit").await;
    assert!(page.text.contains(">wang") && !page.text.contains(">root") && !page.text.contains(">audit<"));

    let file = auditor.get("/audit/export?who=root").await;
    assert!(file.status == StatusCode::OK && file.text.starts_with('\u{feff}'));
    let rows = csv::Reader::from_reader(file.text.trim_start_matches('\u{feff}').as_bytes()).into_records();
    let acts: Vec<_> = rows.map(|r| r.unwrap()[4].to_owned()).collect();
    assert_eq!(acts, ["signed_in", "sign_in_refused"]);
    assert!(auditor.get("/audit").await.text.contains("导出审计日志"), "which is in it as well");

    let conn = db::open(&house.dir.path().join(schema::FILE), &schema::SCHEMA).unwrap();
    conn.execute_batch("DROP TRIGGER audit_log_stays; UPDATE audit_log SET login = 'li' WHERE id = 2").unwrap();
    drop(conn);
    let page = auditor.get("/audit").await;
    assert!(page.text.contains("全部记录上一次从头核对"), "with its time: {}", page.text);
    assert_eq!(auditor.post("/audit/verify", &[]).await.location, "/audit");
    let page = auditor.get("/audit").await;
    assert!(page.text.contains("被改动过：第 2 条") && page.text.contains("已从头核对"), "{}", page.text);
    let page = auditor.get("/audit").await;
    assert!(page.text.contains("被改动过：第 2 条"), "and it stays said: {}", page.text);
    house.running.stop().await;
}
