//! The tree of units on its page, and how it moves everybody's reach.

use pingyi::centre::directory::accounts::Part;
use pingyi::domain::id::HallId;
use pingyi::domain::role::Role;
use reqwest::StatusCode;

use super::House;
use crate::browser::{Browser, account};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hall_under_a_unit_is_reached_by_its_accounts_as_soon_as_it_stands_there() {
    let house = House::open().await;
    let hall = house.running.site.boards.get().all().next().unwrap().hall.id.clone();
    account(&house.running.site, "root", Role::SystemAdmin, Part::Everything).await;
    let keeper = Browser::new(&house.url());
    keeper.sign_in("root").await;
    keeper.get("/units").await;
    assert_eq!(keeper.post("/units", &[("name", "市政务局"), ("parent", "")]).await.location, "/units");
    assert_eq!(keeper.post("/units", &[("name", "东区"), ("parent", "1")]).await.location, "/units");
    assert_eq!(keeper.post("/units", &[("name", "西区"), ("parent", "1")]).await.location, "/units");
    let page = keeper.post("/units", &[("name", "东区"), ("parent", "1")]).await;
    assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.text.contains("已有这个名称"), "{}", page.text);
    let page = keeper.post("/units/1", &[("name", "市政务局"), ("parent", "2")]).await;
    assert!(page.text.contains("不能移到自己下面"), "{}", page.text);

    let east = account(&house.running.site, "east", Role::HallSupervisor, Part::Unit(2)).await;
    let reach = || house.running.site.directory.get().people().who(east).unwrap().reach.clone();
    assert!(!reach().covers(&hall));
    let page = keeper.post("/units/place", &[("hall", hall.as_str()), ("unit", "2")]).await;
    assert_eq!(page.location, "/units");
    assert!(reach().covers(&hall) && !reach().covers(&HallId::new("H9").unwrap()));
    keeper.post("/units/place", &[("hall", hall.as_str()), ("unit", "3")]).await;
    assert!(!reach().covers(&hall), "moved away");
    let page = keeper.post("/units/2/remove", &[]).await;
    assert!(page.text.contains("请先移走"), "an account belongs to it: {}", page.text);

    // A keeper of one unit sees and makes accounts of that unit alone, and does not move the tree.
    account(&house.running.site, "west", Role::SystemAdmin, Part::Unit(3)).await;
    let west = Browser::new(&house.url());
    west.sign_in("west").await;
    let page = west.get("/accounts").await;
    assert!(page.text.contains(">west<") && !page.text.contains(">east<") && !page.text.contains(">root<"));
    for path in [format!("/accounts/{east}"), format!("/accounts/{east}/reset"), "/units".to_owned()] {
        assert_eq!(west.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    west.get("/accounts/new").await;
    let new = |part: &'static str| {
        [("login", "neu"), ("name", "新"), ("role", "hall_supervisor"), ("part", part), ("staff_no", "")]
    };
    for part in ["", "unit:1", "unit:2"] {
        let page = west.post("/accounts/new", &new(part)).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{part}");
    }
    let page = west.post("/accounts/new", &new("unit:3")).await;
    assert!(page.status == StatusCode::OK && page.secret().len() == 24, "{}", page.text);
    house.running.stop().await;
}
