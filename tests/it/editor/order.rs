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
