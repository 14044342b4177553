//! The citizen's side: the receipt code, the stages, the reply, their word on it, and what is not adopted.

use pingyi::domain::rating::Satisfaction;
use pingyi::domain::role::Role;
use reqwest::StatusCode;
use serde_json::json;

use super::house::House;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_citizen_follows_the_handling_by_receipt_code_and_sends_it_back_once() {
    let mut house = House::open().await;
    let (_, good) = house.rate_with_code(Satisfaction::Satisfied).await;
    let (visit, code) = house.rate_with_code(Satisfaction::Dissatisfied).await;
    let officer = house.person("o1", Role::FollowUpOfficer).await;
    let second = house.person("o2", Role::FollowUpOfficer).await;
    let id = house.case_of(visit).await;
    let own = "same-origin";
    let look = [("code", code.as_str())];

    let (_, page) = house.look_up(own, &[("code", &good)]).await;
    assert!(page.contains("评价已收到") && !page.contains("办理进度"), "nothing is handled there: {page}");
    let (_, page) = house.look_up(own, &look).await;
    assert!(page.contains("办理进度") && page.contains("已经受理") && page.contains("前答复您"), "{page}");
    assert!(!page.contains("name=\"level\"") && !page.contains("不满意") && !page.contains("0027"), "{page}");
    house.assign(id, &second, &officer).await;
    assert!(house.look_up(own, &look).await.1.contains("正在核实"));
    let work = [
        (json!({"act": "verify", "verdict": "justified", "note": "查看了监控，属实"}), "正在整改"),
        (json!({"act": "rectify", "note": "增开一个窗口"}), "正在准备答复"),
        (json!({"act": "reply", "text": "已增开窗口，<谢谢>您"}), "已增开窗口，&lt;谢谢&gt;您"),
    ];
    for (body, shown) in work {
        assert_eq!(house.work(id, &officer, body.clone()).await.0, StatusCode::OK, "{body}");
        let (_, page) = house.look_up(own, &look).await;
        assert!(page.contains(shown), "{shown}: {page}");
        assert!(!page.contains("监控") && !page.contains("o1"), "no note and nobody's name: {page}");
    }

    let rate = |level| [("code", code.as_str()), ("act", "rate"), ("level", level), ("words", "还是等了很久")];
    let (status, page) = house.look_up(own, &rate("excellent")).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("请选择一项"), "{page}");
    assert!(page.contains("还是等了很久"), "what was typed is not lost");
    assert_eq!(house.look_up("cross-site", &rate("dissatisfied")).await.0, StatusCode::FORBIDDEN);
    for _ in 0..2 {
        let (status, page) = house.look_up(own, &rate("dissatisfied")).await;
        assert!(status == StatusCode::OK && page.contains("已经退回重新整改"), "{page}");
    }
    let told = house.told(id, &officer).await;
    assert_eq!(told["case"]["stage"], json!("rectifying"), "{told}");
    let rated = told["events"].as_array().unwrap().iter().filter(|e| e["act"] == "rate_rectification").count();
    assert_eq!(rated, 1, "sent twice, rated once");
    let count = |sql: &str| house.conn().query_row(sql, [], |r| r.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM words"), 1);
    assert_eq!(count("SELECT count(*) FROM words WHERE instr(sealed, CAST('很久' AS BLOB)) > 0"), 0, "sealed");

    for body in [json!({"act": "rectify", "note": "再增开一个"}), json!({"act": "reply", "text": "又增开了一个窗口"})]
    {
        assert_eq!(house.work(id, &officer, body.clone()).await.0, StatusCode::OK, "{body}");
    }
    let (_, page) = house.look_up(own, &rate("satisfied")).await;
    assert!(page.contains("评价已收到，谢谢您") && !page.contains("name=\"level\""), "{page}");
    let follow_up = json!({"act": "follow_up", "outcome": "accepted", "note": "认可"});
    assert_eq!(house.work(id, &officer, follow_up).await.0, StatusCode::OK);
    let recheck = json!({"act": "recheck", "passed": true, "note": "现场看过"});
    assert_eq!(house.work(id, &second, recheck).await.0, StatusCode::OK);
    assert_eq!(house.work(id, &officer, json!({"act": "close", "note": "办结"})).await.0, StatusCode::OK);
    let (_, page) = house.look_up(own, &look).await;
    assert!(page.contains("已经办结") && page.contains("您已经评价过"), "{page}");
    house.base.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_adopted_stays_in_raw_totals_and_leaves_adopted_ones() {
    let mut house = House::open().await;
    house.rate_with_code(Satisfaction::Satisfied).await;
    let (visit, code) = house.rate_with_code(Satisfaction::Dissatisfied).await;
    let (one, other) = (house.person("s1", Role::HallSupervisor).await, house.person("s2", Role::HallSupervisor).await);
    let id = house.case_of(visit).await;
    let today =
        pingyi::centre::hall::today(&house.base.running.site.settings.time_zone, pingyi::centre::clock::now().wall);
    let from = today.yesterday().unwrap();
    let stats = format!("/api/v1/stats?by=window&from={from}&to={today}");
    house.assign(id, &one, &one).await;
    let verify = json!({"act": "verify", "verdict": "mistaken", "note": "评价人说点错了"});
    assert_eq!(house.work(id, &one, verify).await.0, StatusCode::OK);
    let (_, answer) = house.base.api(&stats, &one.token).await;
    let total = &answer["total"];
    assert_eq!((&total["n"], &total["set_aside"], &total["adopted"]), (&json!(2), &json!(0), &json!(null)), "{answer}");
    let agree = json!({"act": "decide", "matter": "verdict", "approve": true, "note": "核对了通话记录"});
    assert_eq!(house.decide(id, &other, agree).await.0, StatusCode::OK);

    let (_, answer) = house.base.api(&stats, &one.token).await;
    let total = &answer["total"];
    assert_eq!((&total["n"], &total["levels"]["dissatisfied"], &total["set_aside"]), (&json!(2), &json!(1), &json!(1)));
    assert_eq!((&total["adopted"]["n"], &total["adopted"]["satisfied_rate"]["value"]), (&json!(1), &json!(1.0)));
    assert_eq!(total["satisfied_rate"]["value"], json!(0.5), "{answer}");
    let window = answer["rows"].as_array().unwrap().iter().find(|r| r["n"] == json!(2)).unwrap();
    assert_eq!((&window["set_aside"], &window["adopted"]["n"]), (&json!(1), &json!(1)));
    let (_, page) = house.look_up("none", &[("code", &code)]).await;
    assert!(page.contains("误评") && page.contains("仍然保留在案"), "{page}");
    let cookie = house.base.cookie(&one.token).await;
    let (_, shown) = house.base.page(&format!("/statistics?from={from}&to={today}"), &cookie).await;
    assert!(shown.contains("1 条经核实未采纳") && shown.contains("未采纳"), "{shown}");

    for body in
        [json!({"act": "reply", "text": "经核对通话记录，这次评价是点错了"}), json!({"act": "close", "note": "办结"})]
    {
        assert_eq!(house.work(id, &one, body.clone()).await.0, StatusCode::OK, "{body}");
    }
    let reopen = json!({"act": "reopen", "reason": "评价人来电说没有点错"});
    assert_eq!(house.decide(id, &other, reopen).await.0, StatusCode::OK);
    let (_, answer) = house.base.api(&stats, &one.token).await;
    assert_eq!((&answer["total"]["n"], &answer["total"]["set_aside"]), (&json!(2), &json!(0)), "adopted again");
    house.base.running.stop().await;
}
