//! Lists put in order on the pages, and the way back from the store to the file.

use reqwest::StatusCode;

use super::{AUDITOR, Office, SECOND, SUPERVISOR, hidden};

fn windows(office: &Office) -> Vec<String> {
    office.board().windows.iter().map(|w| w.id.to_string()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_is_put_in_order_on_its_page_and_never_over_a_colleagues_order() {
    let office = Office::led().await;
    let (first, second) = (office.person(SUPERVISOR).await, office.person(SECOND).await);
    assert!(first.page("/windows").await.contains("/halls/QL01/order/windows"));
    let before = windows(&office);
    let here = "/order/windows";
    let seen = second.page(here).await;
    assert!(seen.contains("value=\"down:W01\"") && !seen.contains("value=\"up:W01\""), "{seen}");

    assert_eq!(first.post(here, here, &[("move", "down:W01")]).await.status(), StatusCode::SEE_OTHER);
    let mut after = before.clone();
    after.swap(0, 1);
    assert_eq!(windows(&office), after, "the board shows the new order");

    let stale = second.send(here, &[&hidden(&seen)[..], &[("move", "down:W01")]].concat(), "text/html").await;
    assert_eq!(stale.status(), StatusCode::CONFLICT);
    let page = stale.text().await.unwrap();
    assert!(page.contains("别人改了这个列表"), "{page}");
    assert_eq!(windows(&office), after, "a stale order moves nothing");

    let last = [(format!("place.{}", after[0]), after.len().to_string())];
    let numbers: Vec<_> = last.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(second.post(here, here, &numbers).await.status(), StatusCode::SEE_OTHER);
    after.rotate_left(1);
    assert_eq!(windows(&office), after);
    assert_eq!(
        second.post(here, here, &[("place.W01", "first")]).await.status(),
        StatusCode::UNPROCESSABLE_ENTITY,
        "what is no number is refused"
    );
    for list in ["staff", "items", "reasons", "notices", "honours", "pledges"] {
        let page = first.page(&format!("/order/{list}")).await;
        assert!(page.contains("name=\"seen\"") && page.contains("value=\"down:"), "{list}: {page}");
    }
    let pledges = |office: &Office| office.board().pledges.iter().map(|p| p.id.to_string()).collect::<Vec<_>>();
    let mut wanted = pledges(&office);
    let down = format!("down:{}", wanted[0]);
    assert_eq!(
        first.post("/order/pledges", "/order/pledges", &[("move", &down)]).await.status(),
        StatusCode::SEE_OTHER
    );
    wanted.swap(0, 1);
    assert_eq!(pledges(&office), wanted);
    assert_eq!(first.answer("/order/plate").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(office.person(AUDITOR).await.answer(here).await.status(), StatusCode::FORBIDDEN);
    office.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hall_goes_back_to_its_file_once_the_file_says_what_it_shows() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("board.toml");
    let office = Office::led_from(&file).await;
    let (supervisor, second) = (office.person(SUPERVISOR).await, office.person(SECOND).await);
    assert!(supervisor.page("/transfer").await.contains("/halls/QL01/give-back"));
    let order = "/order/windows";
    assert_eq!(supervisor.post(order, order, &[("move", "down:W01")]).await.status(), StatusCode::SEE_OTHER);
    let shown = office.board();

    let page = supervisor.page("/give-back").await;
    assert!(page.contains("还没有准备好") && page.contains("不一致：窗口"), "{page}");
    let refused = supervisor.post("/give-back", "/give-back", &[]).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    assert!(supervisor.page("/staff/0005").await.contains("value=\"save\""), "the store still leads");

    let download = supervisor.answer("/give-back/board.toml").await;
    assert_eq!(download.status(), StatusCode::OK);
    assert!(download.headers()["content-disposition"].to_str().unwrap().contains("board.toml"));
    std::fs::write(&file, download.bytes().await.unwrap()).unwrap();
    let read = pingyi::config::board::load(&file, None).unwrap();
    assert_eq!((&read, read.version()), (&shown, shown.version()), "the same board, and no kiosk fetches it anew");

    let seen = second.page("/give-back").await;
    assert!(seen.contains("可以交回"), "{seen}");
    // Somebody changes the hall between the look and the word.
    assert_eq!(supervisor.post(order, order, &[("move", "up:W01")]).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(second.send("/give-back", &hidden(&seen), "text/html").await.status(), StatusCode::CONFLICT);
    assert_eq!(supervisor.post(order, order, &[("move", "down:W01")]).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(second.post("/give-back", "/give-back", &[]).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(office.board(), shown);
    assert!(!supervisor.page("/staff/0005").await.contains("value=\"save\""), "the file leads");
    let auditor = office.person(AUDITOR).await;
    assert_eq!(auditor.answer("/give-back/board.toml").await.status(), StatusCode::FORBIDDEN, "it holds PIN hashes");
    let log = auditor.page("/audit").await;
    assert!(log.contains("大厅交回文件管理") && log.contains("调整"), "{log}");

    // The file leads: what is written there is shown; and the hall can be taken over again.
    let text = std::fs::read_to_string(&file).unwrap().replace("\"12345\"", "\"96345678\"");
    std::fs::write(&file, text).unwrap();
    for _ in 0..100 {
        if office.board().hall.hotline == "96345678" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(office.board().hall.hotline, "96345678");
    assert_eq!(supervisor.post("/take-over", "/take-over", &[]).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(office.board().hall.hotline, "96345678");
    assert!(supervisor.page("/staff/0005").await.contains("value=\"save\""));
    office.running.stop().await;
}
