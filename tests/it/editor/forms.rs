//! Forms of cards: drafts, saving, stale edits, faults, and who may do what.

use std::sync::Arc;

use pingyi::centre::directory::accounts::Part;
use pingyi::centre::preview::Painter;
use pingyi::domain::id::HallId;
use pingyi::domain::role::Role;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, LOCATION};

use super::{AUDITOR, DEVICES, HALL, Office, Remembering, SECOND, SUPERVISOR, hidden};

const CARD: [(&str, &str); 7] = [
    ("name", "陈静雯"),
    ("name_en", "Chen Jingwen"),
    ("post.zh", "医保专员"),
    ("post.en", ""),
    ("windows", "W03"),
    ("windows", "W04"),
    ("act", "save"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hall_that_its_file_leads_is_shown_and_not_changed_until_it_is_taken_over() {
    let office = Office::open().await;
    let supervisor = office.person(SUPERVISOR).await;
    let page = supervisor.page("/staff/0005").await;
    assert!(page.contains("board.toml") && !page.contains("value=\"save\""), "{page}");
    let token = hidden(&page);
    let refused = supervisor.send("/staff/0005", &[&token[..], &CARD].concat(), "text/html").await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(office.name_of("0005"), "陈静文");
    let before = office.board();
    assert_eq!(supervisor.post("/take-over", "/take-over", &[]).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(office.board(), before, "kiosks go on showing the same");
    assert!(supervisor.page("/staff/0005").await.contains("value=\"save\""));
    office.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_is_painted_as_a_draft_saved_once_and_never_over_a_colleagues_change() {
    let office = Office::led().await;
    let painter = Arc::new(Remembering::default());
    office.running.site.preview.fill(Arc::clone(&painter) as Arc<dyn Painter>);
    let (first, second) = (office.person(SUPERVISOR).await, office.person(SECOND).await);
    let opened = first.page("/staff/0005").await;
    let seen_by_second = second.page("/staff/0005").await;

    let draft: Vec<_> = [&hidden(&opened)[..], &CARD].concat();
    let picture = first.send("/staff/0005", &draft, "image/png").await;
    assert_eq!((picture.status(), &picture.headers()[CONTENT_TYPE]), (StatusCode::OK, &"image/png".parse().unwrap()));
    let painted = painter.0.lock().unwrap().last().unwrap().clone();
    assert_eq!(painted.staff(&"0005".parse().unwrap()).unwrap().name, "陈静雯");
    assert_eq!(office.name_of("0005"), "陈静文", "a preview changes nothing");

    let saved = first.send("/staff/0005", &draft, "text/html").await;
    assert_eq!(
        (saved.status(), &saved.headers()[LOCATION]),
        (StatusCode::SEE_OTHER, &format!("{HALL}/staff/0005").parse().unwrap())
    );
    let card = office.board().staff(&"0005".parse().unwrap()).unwrap().clone();
    assert_eq!((card.name.as_str(), card.post.zh.as_str(), card.post.en), ("陈静雯", "医保专员", None));
    assert!(!card.party_member && card.windows.len() == 2 && card.photo.is_some() && card.pin_hash.is_some());
    let page = first.page("/staff/0005").await;
    assert!(
        page.contains("10 秒内") && page.contains("陈静文") && page.contains("王主管"),
        "notice and history: {page}"
    );

    let other = [("name", "陈晓"), ("post.zh", "咨询员"), ("act", "save")];
    let stale = second.send("/staff/0005", &[&hidden(&seen_by_second)[..], &other].concat(), "text/html").await;
    assert_eq!(stale.status(), StatusCode::CONFLICT);
    let page = stale.text().await.unwrap();
    assert!(page.contains("王主管") && page.contains("value=\"陈晓\"") && page.contains("陈静雯"), "{page}");
    assert!(page.contains("<code>0005</code>"), "what is shown and not sent is not lost: {page}");
    assert!(!page.contains("<th scope=\"row\" role=\"rowheader\">工号"), "nor told as a difference: {page}");
    assert_eq!(office.name_of("0005"), "陈静雯");
    // Having seen it, the second person may save over it.
    let again = second.send("/staff/0005", &[&hidden(&page)[..], &other].concat(), "text/html").await;
    assert_eq!(again.status(), StatusCode::SEE_OTHER);
    assert_eq!(office.name_of("0005"), "陈晓");
    office.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_faulty_form_comes_back_whole_with_each_fault_at_its_input() {
    let office = Office::led().await;
    let supervisor = office.person(SUPERVISOR).await;
    let faulty = [
        ("staff_no", "0005"),
        ("name", ""),
        ("post.zh", "经\u{202E}办"),
        ("post.en", "Clerk <b>"),
        ("party_member", "yes"),
        ("windows", "W03"),
        ("windows", "W99"),
        ("act", "save"),
    ];
    let answer = supervisor.post("/new/staff", "/new/staff", &faulty).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text().await.unwrap();
    assert!(page.contains("href=\"#party_member\"") && page.contains("须先取得本人同意"), "{page}");
    assert!(page.contains("value=\"Clerk &lt;b&gt;\"") && page.contains("value=\"0005\""), "what was typed is kept");

    let consented = [&faulty[..], &[("consent", "yes")]].concat();
    let page = supervisor.post("/new/staff", "/new/staff", &consented).await.text().await.unwrap();
    for field in ["name", "post.zh", "windows"] {
        assert!(page.contains(&format!("href=\"#{field}\"")), "{field} is not named: {page}");
    }
    assert_eq!(office.board().staff.len(), 18);

    let good = [("staff_no", "0005"), ("name", "新人"), ("post.zh", "导办员"), ("act", "save")];
    let page = supervisor.post("/new/staff", "/new/staff", &good).await.text().await.unwrap();
    assert!(page.contains("href=\"#staff_no\"") && page.contains("已经有了"), "{page}");
    let good = [("staff_no", "0099"), ("name", "新人"), ("post.zh", "导办员"), ("act", "save")];
    assert_eq!(supervisor.post("/new/staff", "/new/staff", &good).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(office.name_of("0099"), "新人");
    office.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_see_what_their_role_gives_and_a_hall_elsewhere_does_not_exist() {
    let office = Office::led().await;
    let (supervisor, auditor, devices) =
        (office.person(SUPERVISOR).await, office.person(AUDITOR).await, office.person(DEVICES).await);
    for path in ["", "/staff/0005", "/pledges", "/preview.png?window=W03&card=0005"] {
        let elsewhere = supervisor.answer(&format!("/halls/NOWHERE{path}")).await;
        assert_eq!(elsewhere.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(devices.answer(path).await.status(), StatusCode::FORBIDDEN, "{path}");
    }
    for path in ["/staff/9999", "/windows/W99", "/pledges/NONE", "/reasons/none"] {
        assert_eq!(supervisor.answer(path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let page = auditor.page("/staff/0005").await;
    assert!(page.contains("陈静文") && !page.contains("value=\"save\"") && !page.contains("/pin"), "{page}");
    assert_eq!(auditor.answer("/new/staff").await.status(), StatusCode::FORBIDDEN);
    let sent = auditor.send("/staff/0005", &[&hidden(&page)[..], &CARD].concat(), "text/html").await;
    assert_eq!(sent.status(), StatusCode::FORBIDDEN);
    let forged = supervisor.send("/staff/0005", &CARD, "text/html").await;
    assert_eq!(forged.status(), StatusCode::FORBIDDEN, "a form without the session's own field");
    assert_eq!(office.name_of("0005"), "陈静文");
    office.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_supervisor_of_another_hall_finds_nothing_here_and_changes_nothing() {
    let office = Office::led().await;
    let elsewhere = Part::Hall(HallId::new("ELSEWHERE").unwrap());
    crate::browser::account(&office.running.site, "fremd", Role::HallSupervisor, elsewhere).await;
    let stranger = office.signed_in("fremd").await;
    for path in ["", "/staff/0005", "/staff/0005/portrait.png", "/pledges/U1", "/new/staff", "/export/staff.csv"] {
        assert_eq!(stranger.answer(path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let page = stranger.page("/halls").await;
    assert!(!page.contains("QL01"), "{page}");
    let token = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let form = [&[("csrf", token), ("revision", "1")][..], &CARD].concat();
    for path in ["/staff/0005", "/new/staff", "/take-over", "/pledges/U1/retire", "/staff/0005/pin"] {
        assert_eq!(stranger.send(path, &form, "text/html").await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(office.name_of("0005"), "陈静文");
    office.running.stop().await;
}
