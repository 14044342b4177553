//! 三比: the sample month by window and person; every figure with n and interval, ties as ties, files, and who may ask.

use pingyi::domain::role::Role;
use reqwest::StatusCode;

use super::{Office, read};
use crate::stats::Hall;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn windows_and_people_are_compared_without_a_bare_rank() {
    let hall = Hall::open().await;
    let office = Office { running: &hall.running, dir: hall.dir.path() };
    let (leader, token) = office.somebody("陈局长", Role::Leader, None).await;
    let (staff, _) = office.somebody("某", Role::Staff, Some("0005")).await;
    let address = "/comparison?period=2026-11&by=window&aspect=results";
    let page = read(&leader, address).await;
    for part in ["三比", "比业绩", "指数", "n=", "data-chart=\"ranking\"", "并列第", "怎么算的", "满意（收缩后）"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    let (status, api) = office.api("/api/v1/comparison?period=2026-11&by=window", &token).await;
    assert_eq!(status, StatusCode::OK);
    let rows = api["rows"].as_array().unwrap();
    let windows = hall.running.site.boards.get().all().next().unwrap().windows.len();
    assert_eq!(rows.len(), windows, "everybody on the board is there, rated or not");
    let ranked: Vec<_> = rows.iter().filter(|r| r["standing"] == "ranked").collect();
    assert!(ranked.len() > 3, "{api}");
    for row in &ranked {
        let index = &row["index"];
        let number = |name: &str| index[name].as_f64().unwrap();
        assert!(number("low") <= number("value") && number("value") <= number("high"), "{row}");
        assert!(row["measures"][0]["n"].as_u64().unwrap() >= 10, "{row}");
    }
    // Whoever shares a rank meets its first; whoever does not, lies wholly below.
    let mut first = ranked[0];
    for row in &ranked[1..] {
        let meets = row["index"]["high"].as_f64() >= first["index"]["low"].as_f64();
        assert_eq!(row["rank"] == first["rank"], meets, "{row} against {first}");
        if !meets {
            first = row;
        }
    }
    let people = read(&leader, "/comparison?period=2026-Q4&by=staff&aspect=conduct").await;
    assert!(people.contains("无态度类差评原因") && people.contains("少于 5 条"), "{people}");
    assert!(read(&leader, "/comparison?aspect=skill").await.contains("样本太少"), "no contest was held");
    assert!(read(&leader, "/comparison?period=2026&lang=en").await.contains("cannot be told apart is a tie"));

    let csv = leader.get(&format!("{address}&format=csv")).await;
    assert!(
        csv.text.starts_with('\u{FEFF}') && csv.text.contains("窗口") || csv.text.contains("window:"),
        "{}",
        csv.text
    );
    assert_eq!(csv.text.matches("\r\n").count(), windows + 2, "headings, everybody, the total");
    let xlsx = leader.get(&format!("{address}&format=xlsx")).await;
    assert!(xlsx.status == StatusCode::OK && xlsx.text.starts_with("PK"));
    for wrong in ["period=2199", "by=mood", "aspect=looks", "format=pdf"] {
        assert_eq!(leader.get(&format!("/comparison?{wrong}")).await.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    assert_eq!(leader.get("/comparison?hall=ELSEWHERE").await.status, StatusCode::NOT_FOUND);
    assert_eq!(staff.get("/comparison").await.status, StatusCode::FORBIDDEN);
    hall.running.stop().await;
}
