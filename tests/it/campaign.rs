//! The lasting part of the campaign over real sockets: rules with their versions, pledges that are measured, rounds that come
//! by the calendar, and the page that says what is missing.

use pingyi::centre::schema;
use pingyi::centre::{cycles, fulfilment};
use pingyi::db;
use pingyi::domain::fulfilment::Occasions;
use pingyi::domain::id::HallId;
use pingyi::domain::role::Role;
use reqwest::StatusCode;

use crate::fleet::House;

fn hall() -> HallId {
    HallId::new("QL01").unwrap()
}

async fn supervisor(house: &House) -> (String, String) {
    let token = house.token(Role::HallSupervisor).await;
    let cookie = house.cookie(&token).await;
    (token, cookie)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_change_by_version_with_a_reason_and_a_late_one_is_refused() {
    let house = House::open().await;
    let (_, cookie) = supervisor(&house).await;
    let (status, page) = house.page("/rules", &cookie).await;
    assert_eq!(status, StatusCode::OK);
    for set in ["cases", "cycles", "fulfilment", "matters"] {
        assert!(page.contains(&format!("/rules/{set}")), "{set}");
    }
    let change = async |days: &str, why: &str, seen: &str| {
        let fields = [("first_contact_days", days), ("why", why), ("seen", seen)];
        house.submit("/rules/matters", "/rules/matters", &cookie, &fields).await
    };
    let (status, again) = change("31", "试", "0").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.contains("应为 0 到 30 的整数") && again.contains("value=\"31\""), "{again}");
    assert_eq!(change("2", "", "0").await.0, StatusCode::UNPROCESSABLE_ENTITY, "a reason is needed");
    assert_eq!(change("2", "市局新规", "0").await.0, StatusCode::SEE_OTHER);
    let (status, late) = change("3", "晚了一步", "0").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.contains("别人刚改过"), "{late}");
    let (_, page) = house.page("/rules/matters", &cookie).await;
    assert!(page.contains("首问落实期限：1 → 2") && page.contains("市局新规"), "{page}");
    assert_eq!(house.acts().iter().filter(|act| *act == "rules_changed").count(), 1);

    let auditor = house.cookie(&house.token(Role::Auditor).await).await;
    let (status, page) = house.page("/rules/matters", &auditor).await;
    assert!(status == StatusCode::OK && page.contains("只有管全部大厅的"), "{page}");
    assert_eq!(house.page("/rules/none", &cookie).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pledge_is_measured_and_what_was_kept_is_on_the_card() {
    let house = House::open().await;
    let (_, cookie) = supervisor(&house).await;
    let pledge = house.running.site.boards.get().hall(&hall()).unwrap().board.pledges[0].clone();
    let at = format!("/fulfilment/QL01/{}", pledge.id);
    let (status, list) = house.page("/fulfilment", &cookie).await;
    assert_eq!(status, StatusCode::OK);
    assert!(list.contains(&at) && list.contains("还没有衡量办法"), "{list}");
    let set = async |kind: &str, percent: &str, items: &str| {
        let fields =
            [("kind", kind), ("percent", percent), ("items", items), ("tag", ""), ("why", "按月抽查"), ("seen", "0")];
        house.submit(&at, &format!("{at}/measure"), &cookie, &fields).await
    };
    for (kind, percent, items) in
        [("by_hand", "0", ""), ("time_limit", "95", "NOPE"), ("without_reason", "95", ""), ("satisfied", "x", "")]
    {
        assert_eq!(set(kind, percent, items).await.0, StatusCode::UNPROCESSABLE_ENTITY, "{kind} {percent} {items}");
    }
    assert_eq!(set("by_hand", "95", "").await.0, StatusCode::SEE_OTHER);
    assert_eq!(set("by_hand", "90", "").await.0, StatusCode::UNPROCESSABLE_ENTITY, "somebody was first");

    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    let today = zone.to_datetime(jiff::Timestamp::now()).date();
    let month = today.first_of_month().yesterday().unwrap().strftime("%Y-%m").to_string();
    let write = async |kept: &str, of: &str| {
        let fields = [("month", month.as_str()), ("kept", kept), ("occasions", of), ("note", "抽查二十件")];
        house.submit(&at, &format!("{at}/record"), &cookie, &fields).await
    };
    assert_eq!(write("21", "20").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(write("18", "20").await.0, StatusCode::SEE_OTHER);
    let kept = || house.running.site.boards.get().hall(&hall()).unwrap().board.pledges[0].kept;
    assert_eq!(kept(), Some(Occasions { kept: 18, of: 20 }), "the board says so at once");
    let (_, page) = house.page(&at, &cookie).await;
    assert!(page.contains("未兑现") && page.contains("18 / 20") && page.contains("/cases/"), "{page}");
    assert_eq!(write("19", "20").await.0, StatusCode::SEE_OTHER, "a correction is the next revision");
    assert_eq!(kept(), Some(Occasions { kept: 19, of: 20 }));
    assert!(house.page(&at, &cookie).await.1.contains("已兑现"));
    // What was written down is not counted over again by the calendar.
    fulfilment::close(&house.running.site).await.unwrap();
    assert_eq!(kept(), Some(Occasions { kept: 19, of: 20 }));
    let acts = house.acts();
    for (act, n) in [("pledge_measured", 1), ("pledge_recorded", 2)] {
        assert_eq!(acts.iter().filter(|a| *a == act).count(), n, "{act}");
    }
    let (status, file) = house.page("/fulfilment/export?hall=QL01", &cookie).await;
    assert!(status == StatusCode::OK && file.contains("已兑现"), "{file}");
    assert_eq!(house.page("/fulfilment?hall=QL99", &cookie).await.0, StatusCode::NOT_FOUND);
    assert_eq!(house.page("/fulfilment/QL99/P1", &cookie).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rounds_come_by_the_calendar_once_and_the_campaign_says_what_is_missing() {
    let house = House::open().await;
    let (_, cookie) = supervisor(&house).await;
    let site = &house.running.site;
    assert_eq!(cycles::turn(site).await.unwrap(), 0, "a centre that has just begun looks back on nothing");
    {
        let conn = db::open(&house.dir.path().join(schema::FILE), &schema::SCHEMA).unwrap();
        conn.execute("UPDATE cycle_began SET day = '2020-01-01'", []).unwrap();
    }
    let made = cycles::turn(site).await.unwrap();
    assert!(made >= 4, "the week, month, quarter and year before: {made}");
    assert_eq!(cycles::turn(site).await.unwrap(), 0, "each once");
    let (status, page) = house.page("/cycles", &cookie).await;
    assert_eq!(status, StatusCode::OK);
    for name in ["每周超期清单", "每月通报", "每季评选", "年底测评"] {
        assert!(page.contains(name), "{name}: {page}");
    }
    let selections = site.readers.read(|conn| conn.query_row("SELECT count(*) FROM selection", [], |r| r.get(0)));
    let selections: i64 = selections.await.unwrap().unwrap();
    assert!(selections >= 4, "two of each quarter and year: {selections}");
    let (_, one) = house.page("/cycles/1", &cookie).await;
    assert!(one.contains("超期"), "{one}");
    assert_eq!(house.page("/cycles/99999", &cookie).await.0, StatusCode::NOT_FOUND);

    let (status, page) = house.page("/campaign", &cookie).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("群众评议") && page.contains("还差什么") && page.contains("没有领导点评"), "{page}");
    let (status, file) = house.page("/campaign/export?hall=QL01&period=2026", &cookie).await;
    assert!(status == StatusCode::OK && file.contains("亮身份"), "{file}");
    assert_eq!(house.page("/campaign?period=never", &cookie).await.0, StatusCode::BAD_REQUEST);
    let auditor = house.cookie(&house.token(Role::Auditor).await).await;
    assert_eq!(house.page("/campaign", &auditor).await.0, StatusCode::OK);
}
