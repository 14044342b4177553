//! 党员互评: called, voted, closed. What is kept does not tell who voted what; few votes are told to nobody.

use pingyi::centre::audit;
use pingyi::domain::role::Role;
use reqwest::StatusCode;

use super::{Office, read, refused, submit};
use crate::stats::Hall;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_round_is_voted_in_anonymously_and_told_when_it_is_over() {
    let hall = Hall::open().await;
    let office = Office { running: &hall.running, dir: hall.dir.path() };
    let board = hall.running.site.boards.get().all().next().unwrap().clone();
    let members: Vec<String> = board.staff.iter().filter(|s| s.party_member).map(|s| s.staff_no.to_string()).collect();
    let plain = board.staff.iter().find(|s| !s.party_member).unwrap().staff_no.to_string();
    assert!(members.len() > 6, "{members:?}");
    let (supervisor, token) = office.somebody("黄主任", Role::HallSupervisor, None).await;
    let mut voters = Vec::new();
    for no in &members[..7] {
        voters.push(office.somebody(&format!("本人{no}"), Role::Staff, Some(no)).await.0);
    }
    let (outsider, _) = office.somebody("群众", Role::Staff, Some(&plain)).await;

    let page = read(&supervisor, "/peer/rounds/new").await;
    let (from, to) = (value_of(&page, "from"), value_of(&page, "to"));
    let form = [
        ("title", "四季度党员互评"),
        ("hall", board.hall.id.as_str()),
        ("from", &from),
        ("to", &to),
        ("criteria", "服务态度\r\n业务能力"),
        ("voters", "party"),
        ("about", "party"),
    ];
    let backward = [&form[..3], &[("to", "2020-01-01")], &form[4..]].concat();
    let back = refused(&supervisor, "/peer/rounds/new", "/peer/rounds/new", &backward).await;
    assert!(back.status == StatusCode::UNPROCESSABLE_ENTITY && back.text.contains("四季度党员互评"));
    submit(&supervisor, "/peer/rounds/new", "/peer/rounds/new", &form).await;

    // Six colleagues vote on the first; the first votes on one of them.
    let about_first = format!("/peer/1/{}", members[0]);
    for voter in &voters[1..] {
        assert!(read(voter, "/peer").await.contains("四季度党员互评"));
        assert!(read(voter, &about_first).await.contains("不能修改"));
        let half = refused(voter, &about_first, &about_first, &[("c1", "5")]).await;
        assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY);
        submit(voter, &about_first, &about_first, &[("c1", "5"), ("c2", "4")]).await;
        let again = refused(voter, "/peer/1", &about_first, &[("c1", "1"), ("c2", "1")]).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "one vote each");
    }
    let about_second = format!("/peer/1/{}", members[1]);
    submit(&voters[0], &about_second, &about_second, &[("c1", "1"), ("c2", "1")]).await;
    assert_eq!(
        refused(&voters[0], "/peer/1", &about_first, &[("c1", "5"), ("c2", "5")]).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(outsider.get("/peer/1").await.status, StatusCode::NOT_FOUND, "who does not vote sees no round");
    let running = read(&supervisor, "/peer/rounds/1").await;
    assert!(running.contains("结束后才有结果") && running.contains("7 票"), "{running}");
    assert!(!read(&voters[0], "/me").await.contains("四季度党员互评"), "nobody sees results before the end");

    submit(&supervisor, "/peer/rounds/1/close", "/peer/rounds/1/close", &[]).await;
    let over = read(&supervisor, "/peer/rounds/1").await;
    assert!(over.contains("不足 5 票，不显示") && over.contains(">90 <"), "{over}");
    let mine = read(&voters[0], "/me").await;
    assert!(mine.contains("四季度党员互评") && mine.contains("6 票"), "{mine}");
    assert!(read(&voters[1], "/me").await.contains("投票人太少"));
    let (_, api) = office.api("/api/v1/peer-rounds", &token).await;
    let outcome = |no: &str| {
        let all = api["rounds"][0]["outcomes"].as_array().unwrap();
        all.iter().find(|o| o["staff_no"] == no).unwrap().clone()
    };
    assert_eq!((&outcome(&members[0])["n"], outcome(&members[1]).get("score")), (&6.into(), None));

    only_that_somebody_voted_is_logged(&office);
    hall.running.stop().await;
}

/// Seven votes, and neither on whom nor what.
fn only_that_somebody_voted_is_logged(office: &Office<'_>) {
    let conn = office.conn();
    let log = audit::lines(&conn, &audit::Wanted::default(), 0, 200).unwrap();
    let votes: Vec<_> = log.iter().filter(|l| l.act == "peer_vote_given").collect();
    assert_eq!(votes.len(), 7);
    assert!(votes.iter().all(|l| l.object == "peer_round:1" && l.detail.is_empty()), "{votes:?}");
}

/// The value of an input.
fn value_of(page: &str, name: &str) -> String {
    let input = page.split(&format!("name=\"{name}\"")).nth(1).unwrap();
    input.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}
