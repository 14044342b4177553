//! 技能比武: scores by table, looked through before they are kept; published; each sees their own.

use pingyi::domain::role::Role;
use reqwest::StatusCode;

use super::{Office, hidden, read, refused, submit, upload};
use crate::browser::Browser;
use crate::stats::Hall;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scores_come_by_table_are_published_and_certified() {
    let hall = Hall::open().await;
    let office = Office { running: &hall.running, dir: hall.dir.path() };
    let board = hall.running.site.boards.get().all().next().unwrap().clone();
    let id = board.hall.id.to_string();
    let [first, second, third] = [0, 1, 2].map(|at: usize| board.staff[at].clone());
    let (supervisor, token) = office.somebody("黄主任", Role::HallSupervisor, None).await;
    let (leader, _) = office.somebody("陈局长", Role::Leader, None).await;
    let (own, _) = office.somebody("参赛者", Role::Staff, Some(second.staff_no.as_str())).await;
    let (absent, absent_token) = office.somebody("没参加", Role::Staff, Some(board.staff[5].staff_no.as_str())).await;

    let form = [
        ("kind", "contest"),
        ("title", "业务技能比武"),
        ("day", "2026-11-20"),
        ("issuer", "区政务服务局"),
        ("hall", id.as_str()),
        ("criteria", "理论知识 40\r\n实际操作 60"),
    ];
    let wrong = [&form[..5], &[("criteria", "理论")]].concat();
    assert!(refused(&supervisor, "/contests/new", "/contests/new", &wrong).await.text.contains("第 1 行"));
    assert_eq!(submit(&supervisor, "/contests/new", "/contests/new", &form).await, "/contests/1/scores");
    assert_eq!(leader.get("/contests/1").await.status, StatusCode::NOT_FOUND, "nothing before it is published");
    let template = supervisor.get("/contests/1/scores.csv").await.text;
    assert!(template.contains(first.staff_no.as_str()) && template.contains("理论知识,实际操作"), "{template}");

    let table = |rows: &str| format!("工号,理论知识,实际操作\n{rows}");
    let bad = table(&format!("{},41,60\nNOBODY,1,1\n", first.staff_no));
    let (status, page) =
        upload(&supervisor, "/contests/1/scores", "/contests/1/scores", &[("text", None, bad.as_bytes())]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("第 2 行") && page.contains("NOBODY") && !page.contains("name=\"table\""), "{page}");
    let good = table(&format!("{},38.5,55\n{},36,57.5\n", first.staff_no, second.staff_no));
    let file = [("text", None, &b""[..]), ("file", Some("成绩.csv"), good.as_bytes())];
    let (status, page) = upload(&supervisor, "/contests/1/scores", "/contests/1/scores", &file).await;
    assert!(status == StatusCode::OK && page.contains("核对无误，共 2 人"), "{page}");
    assert!(read(&supervisor, "/contests/1").await.contains("还没有录入"), "looking through keeps nothing");
    let kept = hidden(&page, "table");
    submit(&supervisor, "/contests/1/scores", "/contests/1/scores/apply", &[("table", &kept)]).await;

    let one = format!("/contests/1/people/{id}/{}", third.staff_no);
    let half = refused(&supervisor, &one, &one, &[("attended", "yes"), ("c1", "30")]).await.status;
    assert_eq!(half, StatusCode::UNPROCESSABLE_ENTITY);
    submit(&supervisor, &one, &one, &[("attended", "yes"), ("c1", "30"), ("c2", "40.25")]).await;
    submit(&supervisor, "/contests/1/publish", "/contests/1/publish", &[]).await;
    let late = supervisor.post("/contests/1/scores/apply", &[("table", &kept)]).await.status;
    assert_eq!(late, StatusCode::CONFLICT, "published results do not change");
    let seen = read(&leader, "/contests/1").await;
    for part in ["93.5", "70.25", first.name.as_str(), second.name.as_str(), third.name.as_str()] {
        assert!(seen.contains(part), "{part}: {seen}");
    }
    let certificate = read(&own, &format!("/contests/1/certificate/{id}/{}", second.staff_no)).await;
    for part in [&second.name, "业务技能比武", "第 1 名", "93.5", "区政务服务局", "2026 年 11 月 20 日"]
    {
        assert!(certificate.contains(part), "{part}: {certificate}");
    }
    let mine = read(&own, "/contests/1").await;
    assert!(mine.contains(&second.name) && !mine.contains(&third.name), "nobody's scores but one's own");
    let others = own.get(&format!("/contests/1/certificate/{id}/{}", first.staff_no)).await;
    assert_eq!(others.status, StatusCode::NOT_FOUND);
    assert!(read(&own, "/me").await.contains("第 1 名（共 3 人）"));
    assert_eq!(absent.get("/contests/1").await.status, StatusCode::NOT_FOUND);
    assert_eq!(office.api("/api/v1/contests", &absent_token).await.1["contests"], serde_json::json!([]));
    let (_, api) = office.api("/api/v1/contests", &token).await;
    let ranks: Vec<_> = api["contests"][0]["people"].as_array().unwrap().iter().map(|p| p["rank"].clone()).collect();
    assert_eq!(ranks, [1, 1, 3], "equal totals share a rank");

    taken_back(&supervisor, &own).await;
    hall.running.stop().await;
}

/// Published results are mended after they were taken back, with a reason.
async fn taken_back(supervisor: &Browser, own: &Browser) {
    let withdraw = "/contests/1/withdraw";
    assert_eq!(refused(supervisor, withdraw, withdraw, &[("why", "")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    submit(supervisor, withdraw, withdraw, &[("why", "计分有误")]).await;
    assert!(!read(own, "/me").await.contains("业务技能比武"));
}
