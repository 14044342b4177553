//! Rectification over real sockets: from a negative rating to a closed case, past the second person, past the deadline, and
//! through an appeal.

mod citizen;
mod house;
mod pages;

use pingyi::centre::statistics::Book;
use pingyi::domain::rating::Satisfaction;
use pingyi::domain::role::Role;
use reqwest::StatusCode;
use serde_json::json;

use house::House;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_rating_opens_a_case_that_goes_all_the_way_in_time() {
    let mut house = House::open().await;
    house.rate(Satisfaction::Satisfied).await;
    let visit = house.rate(Satisfaction::VeryDissatisfied).await;
    let (officer, second) =
        (house.person("o1", Role::FollowUpOfficer).await, house.person("o2", Role::FollowUpOfficer).await);
    let supervisor = house.person("s1", Role::HallSupervisor).await;
    let auditor = house.person("a1", Role::Auditor).await;
    let id = house.case_of(visit).await;

    let (_, list) = house.base.api("/api/v1/cases", &supervisor.token).await;
    assert_eq!(
        (list["total"].as_u64(), &list["cases"][0]["id"]),
        (Some(1), &json!(id)),
        "one case, for the bad one: {list}"
    );
    let row = &list["cases"][0];
    assert_eq!((&row["stage"], &row["serious"], &row["visit"]), (&json!("received"), &json!(true), &json!(visit)));
    assert!(row["summary"].as_str().unwrap().contains("非常不满意"), "{row}");

    house.assign(id, &supervisor, &officer).await;
    let verify = json!({"act": "verify", "verdict": "justified", "note": "查看了排队记录，属实"});
    assert_eq!(house.work(id, &second, verify.clone()).await.0, StatusCode::FORBIDDEN, "somebody else handles it");
    assert_eq!(house.work(id, &auditor, verify.clone()).await.0, StatusCode::FORBIDDEN);
    let steps = [
        (&officer, verify, "rectifying"),
        (&officer, json!({"act": "rectify", "note": "增开一个窗口"}), "rectified"),
        (&officer, json!({"act": "reply", "text": "已增开窗口，谢谢您"}), "replied"),
        (&officer, json!({"act": "follow_up", "outcome": "accepted", "note": "电话回访，认可"}), "followed_up"),
    ];
    for (who, body, stage) in steps {
        let (status, told) = house.work(id, who, body.clone()).await;
        assert_eq!((status, &told["case"]["stage"]), (StatusCode::OK, &json!(stage)), "{body}: {told}");
    }
    let recheck = json!({"act": "recheck", "passed": true, "note": "现场看过"});
    let (status, refusal) = house.work(id, &officer, recheck.clone()).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(refusal["message"].as_str().unwrap().contains("second person"), "{refusal}");
    let (status, told) = house.work(id, &second, recheck).await;
    assert_eq!((status, &told["case"]["stage"]), (StatusCode::OK, &json!("rechecked")));
    let (_, told) = house.work(id, &officer, json!({"act": "close", "note": "办结"})).await;
    assert_eq!((&told["case"]["stage"], &told["case"]["late_steps"]), (&json!("closed"), &json!(0)), "{told}");
    let again = json!({"act": "close", "note": "再办一次"});
    assert_eq!(house.work(id, &officer, again).await.0, StatusCode::CONFLICT);

    let told = house.told(id, &auditor).await;
    let acts: Vec<&str> = told["events"].as_array().unwrap().iter().filter_map(|e| e["act"].as_str()).collect();
    assert_eq!(acts, ["date", "assign", "verify", "rectify", "reply", "follow_up", "recheck", "close"]);
    assert_eq!(told["possible"], json!([]), "an auditor changes nothing");
    assert!(house.base.acts().iter().filter(|a| *a == "case_moved").count() == 7);
    house.base.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_overdue_case_is_passed_up_once_and_stands_on_the_first_page() {
    let mut house = House::open().await;
    let supervisor = house.person("s1", Role::HallSupervisor).await;
    let visit = house.rate(Satisfaction::Dissatisfied).await;
    let site = house.base.running.site.clone();
    let opening = pingyi::centre::cases::Opening {
        hall: pingyi::domain::id::HallId::new("QL01").unwrap(),
        origin: pingyi::domain::case::Origin::Finding { inspection: 1, finding: 1 },
        service_window: pingyi::domain::id::WindowId::new("W03").ok(),
        staff_no: None,
        summary: "地面湿滑，没有提示".to_owned(),
        serious: false,
    };
    let id = house.opened_long_ago(opening, 20).await;
    let fresh = house.case_of(visit).await;
    while pingyi::centre::cases::mind::turn(&site, true).await.unwrap() {}
    let told = house.told(id, &supervisor).await;
    assert_eq!((&told["case"]["light"], &told["case"]["escalation"]), (&json!("overdue"), &json!("leader")), "{told}");
    let (_, list) = house.base.api("/api/v1/cases?light=overdue", &supervisor.token).await;
    assert_eq!((list["total"].as_u64(), &list["cases"][0]["id"]), (Some(1), &json!(id)));
    let before = told["events"].as_array().unwrap().len();
    while pingyi::centre::cases::mind::turn(&site, true).await.unwrap() {}
    assert_eq!(house.told(id, &supervisor).await["events"].as_array().unwrap().len(), before, "once each");
    assert_eq!(house.told(fresh, &supervisor).await["case"]["escalation"], json!(null));
    let cookie = house.base.cookie(&supervisor.token).await;
    let (_, first) = house.base.page("/", &cookie).await;
    assert!(first.contains("1 件整改超期") && first.contains(&format!("/cases/{id}")), "{first}");
    house.base.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mistaken_rating_is_set_aside_by_two_and_counted_all_the_same() {
    let mut house = House::open().await;
    let visit = house.rate(Satisfaction::Dissatisfied).await;
    let (one, other) = (house.person("s1", Role::HallSupervisor).await, house.person("s2", Role::HallSupervisor).await);
    let id = house.case_of(visit).await;
    let facts = Book::entries(&house.conn(), 0, 100).unwrap();
    house.assign(id, &one, &one).await;
    let (status, told) =
        house.work(id, &one, json!({"act": "verify", "verdict": "mistaken", "note": "评价人打来电话说点错了"})).await;
    assert_eq!(
        (status, &told["case"]["verdict"], &told["case"]["waiting"]),
        (StatusCode::OK, &json!(null), &json!(1)),
        "{told}"
    );
    let agree = json!({"act": "decide", "matter": "verdict", "approve": true, "note": "核对了通话记录"});
    let (status, refusal) = house.decide(id, &one, agree.clone()).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(refusal["message"].as_str().unwrap().contains("second person"), "{refusal}");
    let (_, list) = house.base.api("/api/v1/cases?view=waiting", &other.token).await;
    assert_eq!(list["total"], json!(1));
    let (status, told) = house.decide(id, &other, agree).await;
    assert_eq!(
        (status, &told["case"]["verdict"], &told["case"]["stage"]),
        (StatusCode::OK, &json!("mistaken"), &json!("verified"))
    );
    assert_eq!(Book::entries(&house.conn(), 0, 100).unwrap(), facts, "raw totals stay");
    let journal = pingyi::centre::cases::set_aside_since(&house.conn(), 0, 10).unwrap();
    assert_eq!(journal.iter().map(|s| (s.visit, s.sign)).collect::<Vec<_>>(), [(visit, 1)]);
    house.base.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_staff_concerned_appeals_and_somebody_else_grants_it() {
    let mut house = House::open().await;
    let visit = house.rate(Satisfaction::Dissatisfied).await;
    let (supervisor, leader) = (house.person("s1", Role::HallSupervisor).await, house.person("l1", Role::Leader).await);
    let staff = house.person("staff", Role::Staff).await;
    let id = house.case_of(visit).await;
    let (_, own) = house.base.api("/api/v1/own/cases", &staff.token).await;
    assert_eq!(own["cases"], json!([]), "nothing before it is verified");
    assert_eq!(house.base.api(&format!("/api/v1/cases/{id}"), &staff.token).await.0, StatusCode::FORBIDDEN);
    house.assign(id, &supervisor, &supervisor).await;
    house.work(id, &supervisor, json!({"act": "verify", "verdict": "justified", "note": "态度生硬"})).await;
    let (_, own) = house.base.api("/api/v1/own/cases", &staff.token).await;
    assert_eq!((&own["cases"][0]["id"], &own["cases"][0]["may_appeal"]), (&json!(id), &json!(true)), "{own}");
    let path = format!("/api/v1/own/cases/{id}/appeal");
    assert_eq!(house.base.post(&path, &staff.token, json!({"text": " "})).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        house.base.post(&path, &staff.token, json!({"text": "当时系统故障，已向群众说明"})).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(house.base.post(&path, &staff.token, json!({"text": "再说一次"})).await.0, StatusCode::CONFLICT);
    let grant = json!({"act": "review", "granted": "explained", "note": "核对了故障记录，申诉成立"});
    let (status, refusal) = house.decide(id, &supervisor, grant.clone()).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "who verified does not review: {refusal}");
    let (status, told) = house.decide(id, &leader, grant).await;
    assert_eq!(
        (status, &told["case"]["verdict"], &told["appeal_granted"]),
        (StatusCode::OK, &json!("explained"), &json!(true)),
        "{told}"
    );
    let (_, own) = house.base.api("/api/v1/own/cases", &staff.token).await;
    assert_eq!((&own["cases"][0]["verdict"], &own["cases"][0]["appeal_granted"]), (&json!("explained"), &json!(true)));
    assert!(house.base.acts().contains(&"case_appealed".to_owned()));
    house.base.running.stop().await;
}
