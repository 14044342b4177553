//! A story from the draft to the public page, the kiosk's standby and the press.

use reqwest::StatusCode;

use super::{Town, done, refused};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_story_is_written_by_one_and_published_by_another() {
    let town = Town::open().await;
    let staff = town.board().await.staff[0].clone();
    let about = format!("staff:QL01:{}", staff.staff_no);
    let mut story = vec![
        ("about", about.as_str()),
        ("title", "多走一步"),
        ("text", "雨天，她把材料送到了老人家里。\n\n后来，窗口有了上门服务。"),
        ("from", "2026-11-01"),
        ("until", "2030-12-31"),
    ];
    let (keeper, leader) = (&town.keeper, &town.leader);
    keeper.get("/stories/new").await;
    refused(&keeper.post("/stories/new", &[("about", "QL99")]).await, "本大厅");
    let written = keeper.post("/stories/new", &story).await;
    assert_eq!((written.status, written.location.as_str()), (StatusCode::SEE_OTHER, "/stories/1"), "{}", written.text);
    done(&keeper.post("/stories/1/propose", &[]).await);
    refused(&keeper.post("/stories/1/publish", &[]).await, "不能自己发布");
    leader.get("/stories/1").await;
    refused(&leader.post("/stories/1/publish", &[]).await, "没有本人同意");
    done(&leader.post("/stories/1/decline", &[("reason", "先征得本人同意")]).await);
    story.push(("consent", "yes"));
    done(&keeper.post("/stories/1/edit", &story).await);
    done(&keeper.post("/stories/1/propose", &[]).await);
    assert_eq!(town.stranger.get("/public/QL01/stories/1").await.status, StatusCode::NOT_FOUND);
    done(&leader.post("/stories/1/publish", &[]).await);
    let public = town.stranger.get("/public/QL01/stories/1").await;
    assert!(public.status == StatusCode::OK && public.text.contains("后来，窗口有了上门服务"), "{}", public.text);
    assert!(town.stranger.get("/public/QL01").await.text.contains("多走一步"));
    assert!(town.board().await.notices.iter().any(|n| n.id.as_str() == "story-1" && n.title.zh == "多走一步"));
    let press = keeper.get("/stories/1/press.txt").await;
    assert!(press.text.starts_with("多走一步\r\n\r\n雨天") && press.text.contains("来源："), "{}", press.text);
    assert!(keeper.get("/stories/1/press.html").await.text.contains("<h1>多走一步</h1>"));
    done(&keeper.post("/stories/1/withdraw", &[("reason", "本人收回同意")]).await);
    assert_eq!(town.stranger.get("/public/QL01/stories/1").await.status, StatusCode::NOT_FOUND);
    assert!(town.board().await.notices.iter().all(|n| n.id.as_str() != "story-1"));
    town.hall.running.stop().await;
}
