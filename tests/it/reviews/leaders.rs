//! 领导点评: written, read by those concerned, revised, taken back; nothing said is lost.

use pingyi::centre::audit;
use pingyi::domain::role::Role;
use reqwest::StatusCode;

use super::{Office, read, refused, submit};
use crate::stats::Hall;

const SAID: &str = "材料一次讲清，\n老年人有人引导。";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leader_reviews_a_window_and_whoever_serves_there_reads_it() {
    let hall = Hall::open().await;
    let office = Office { running: &hall.running, dir: hall.dir.path() };
    let board = hall.running.site.boards.get().all().next().unwrap().clone();
    let card = board.staff.iter().find(|s| !s.windows.is_empty()).unwrap().clone();
    let window = card.windows[0].clone();
    let about = format!("window:{}:{window}", board.hall.id);
    let (leader, token) = office.somebody("陈局长", Role::Leader, None).await;
    let (other, _) = office.somebody("周书记", Role::Leader, None).await;
    let (supervisor, _) = office.somebody("黄主任", Role::HallSupervisor, None).await;
    let (auditor, _) = office.somebody("审计", Role::Auditor, None).await;
    let (staff, _) = office.somebody("本窗口", Role::Staff, Some(card.staff_no.as_str())).await;

    // From the window's page to its reviews, and from there to the form with the window chosen.
    let page = read(&leader, &format!("/halls/{}/windows/{window}", board.hall.id)).await;
    assert!(page.contains(&format!("href=\"/reviews?about={about}\"")), "{page}");
    let list = read(&leader, &format!("/reviews?about={about}")).await;
    assert!(list.contains("/reviews/new?about="), "{list}");
    let new = format!("/reviews/new?about={about}");
    assert!(read(&leader, &new).await.contains(&format!("value=\"{about}\" selected")));

    let form = [("about", about.as_str()), ("period", "2026-11"), ("score", "92"), ("text", SAID)];
    let missing = refused(&leader, &new, "/reviews/new", &[form[0], form[1], ("score", "101"), form[3]]).await;
    assert!(missing.status == StatusCode::UNPROCESSABLE_ENTITY && missing.text.contains("老年人有人引导"));
    let one = submit(&leader, &new, "/reviews/new", &form).await;
    let again = refused(&leader, &new, "/reviews/new", &form).await;
    assert!(again.text.contains("您已点评过") && again.text.contains("老年人有人引导"), "{}", again.text);

    for reader in [&supervisor, &auditor, &other] {
        let page = read(reader, &one).await;
        assert!(page.contains("92 / 100") && page.contains("材料一次讲清"), "{page}");
        assert!(!page.contains("name=\"score\""), "only its writer revises it");
    }
    assert_eq!(refused(&auditor, "/account", &one, &[("score", "1")]).await.status, StatusCode::FORBIDDEN);
    let theft = refused(&other, "/reviews/new", &one, &[("revision", "1"), ("score", "1"), ("text", "改")]).await;
    assert_eq!(theft.status, StatusCode::FORBIDDEN);
    let mine = read(&staff, "/me").await;
    assert!(mine.contains("材料一次讲清") && mine.contains("陈局长"), "{mine}");

    submit(&leader, &one, &one, &[("revision", "1"), ("score", "88"), ("text", "复核后调整。")]).await;
    let late = refused(&leader, &one, &one, &[("revision", "1"), ("score", "10"), ("text", "晚了")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let (status, api) = office.api(&format!("/api/v1/reviews?about={about}"), &token).await;
    assert_eq!(
        (status, &api["reviews"][0]["score"], &api["reviews"][0]["revision"]),
        (StatusCode::OK, &88.into(), &2.into())
    );
    assert_eq!(office.api("/api/v1/reviews?about=mood", &token).await.0, StatusCode::BAD_REQUEST);

    let retract = format!("{one}/retract");
    let silent = refused(&leader, &retract, &retract, &[("revision", "2"), ("why", " ")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    submit(&leader, &retract, &retract, &[("revision", "2"), ("why", "写错了对象")]).await;
    let page = read(&supervisor, &one).await;
    assert!(page.contains("写错了对象") && page.contains("材料一次讲清"), "what was said stays: {page}");
    assert!(!read(&staff, "/me").await.contains("复核后调整"), "it counts for nothing any more");
    let log = audit::lines(&office.conn(), &audit::Wanted::default(), 0, 100).unwrap();
    let acts: Vec<_> = log.iter().rev().map(|l| l.act.as_str()).filter(|a| a.starts_with("review")).collect();
    assert_eq!(acts, ["review_written", "review_revised", "review_taken_back"]);
    hall.running.stop().await;
}
