//! Acts with steps of their own: pledges and their approval, portraits, tables, PINs.

use std::io::Cursor;

use reqwest::StatusCode;
use reqwest::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

use super::{AUDITOR, Office, SECOND, SUPERVISOR, hidden};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pledge_is_in_force_only_when_somebody_else_has_approved_it() {
    let office = Office::led().await;
    let (first, second, auditor) =
        (office.person(SUPERVISOR).await, office.person(SECOND).await, office.person(AUDITOR).await);
    let promise = [
        ("id", "P0005-2"),
        ("staff_no", "0005"),
        ("text.zh", "首次来访，专人引导"),
        ("standard.zh", "取号后有人迎接"),
        ("time_limit.zh", "1 分钟内"),
        ("act", "propose"),
    ];
    let missing: Vec<_> = promise.iter().copied().filter(|(name, _)| *name != "standard.zh").collect();
    let page = first.post("/new/pledges", "/new/pledges", &missing).await;
    assert_eq!(page.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = page.text().await.unwrap();
    assert!(page.contains("href=\"#standard.zh\"") && page.contains("value=\"首次来访，专人引导\""), "{page}");
    assert_eq!(first.post("/new/pledges", "/new/pledges", &promise).await.status(), StatusCode::SEE_OTHER);

    let here = "/pledges/P0005-2";
    let today = office.running.site.settings.time_zone.to_datetime(jiff::Timestamp::now()).date().to_string();
    let own = first.page(here).await;
    assert!(own.contains("须由另一个人核准") && !own.contains("P0005-2/approve"), "{own}");
    let approve = format!("{here}/approve");
    let from = [("from", today.as_str())];
    let refused = first.send(&approve, &[&hidden(&own)[..], &from].concat(), "text/html").await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let seen = auditor.page(here).await;
    assert_eq!(
        auditor.send(&approve, &[&hidden(&seen)[..], &from].concat(), "text/html").await.status(),
        StatusCode::FORBIDDEN
    );
    let is_shown = || office.board().pledges.iter().any(|p| p.id.as_str() == "P0005-2");
    assert!(!is_shown());

    let empty = second.post(here, &format!("{here}/decline"), &[("note", " ")]).await;
    assert_eq!(empty.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(second.post(here, &approve, &[("from", "2020-01-01")]).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!is_shown());
    assert_eq!(second.post(here, &approve, &from).await.status(), StatusCode::SEE_OTHER);
    assert!(is_shown());
    let page = first.page(here).await;
    assert!(page.contains("第 1 版生效") && page.contains("李主管"), "{page}");
    office.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_portrait_is_taken_in_shown_and_taken_away_and_what_is_none_is_refused() {
    let office = Office::led().await;
    let supervisor = office.person(SUPERVISOR).await;
    let (form, card) = ("/staff/0017/portrait", "/staff/0017");
    assert_eq!(supervisor.answer("/staff/0017/portrait.png").await.status(), StatusCode::NOT_FOUND);
    for (bytes, sentence) in [(&b"<svg/>"[..], "不是 PNG 或 JPEG"), (b"", "请选择一个文件")] {
        let refused = supervisor.upload(form, form, &[], "picture", bytes).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().await.unwrap().contains(sentence));
    }
    let mut png = Cursor::new(Vec::new());
    image::RgbImage::from_pixel(900, 1_200, image::Rgb([20, 90, 160]))
        .write_to(&mut png, image::ImageFormat::Png)
        .unwrap();
    let saved = supervisor.upload(form, form, &[], "picture", png.get_ref()).await;
    assert_eq!(saved.status(), StatusCode::SEE_OTHER);
    let name = office.board().staff(&"0017".parse().unwrap()).unwrap().photo.clone().unwrap();
    assert!(supervisor.page(card).await.contains(&name));
    let shown = supervisor.answer("/staff/0017/portrait.png").await;
    assert!(shown.headers()[CONTENT_TYPE].to_str().unwrap().starts_with("image/"));
    let bytes = shown.bytes().await.unwrap();
    assert!(bytes != png.get_ref().as_slice(), "what is served was encoded anew");
    let picture = image::load_from_memory(&bytes).unwrap();
    assert_eq!((picture.width(), picture.height()), (768, 1_024));
    let remove = "/staff/0017/portrait/remove";
    assert_eq!(supervisor.post(remove, remove, &[]).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(supervisor.answer("/staff/0017/portrait.png").await.status(), StatusCode::NOT_FOUND);
    office.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_changes_nothing_before_its_dry_run_is_confirmed() {
    let office = Office::led().await;
    let supervisor = office.person(SUPERVISOR).await;
    let file = supervisor.answer("/export/items.csv").await;
    assert!(file.headers()[CONTENT_DISPOSITION].to_str().unwrap().contains("QL01-items.csv"));
    let csv = String::from_utf8(file.bytes().await.unwrap().to_vec()).unwrap();
    assert!(csv.starts_with('\u{FEFF}') && csv.contains("ZX-001,办事咨询"), "{csv}");

    let fields = [("list", "items"), ("absent", "keep")];
    let faulty = csv
        .replace("ZX-001,办事咨询,Enquiry,0", "ZX-001,,Enquiry,0")
        .replace("ZX-002,投诉建议受理,Complaint or suggestion,5", "ZX-002,投诉建议受理,Complaint or suggestion,999");
    assert!(faulty.contains("ZX-001,,") && faulty.contains(",999"), "{csv}");
    let refused = supervisor.upload("/transfer", "/import", &fields, "table", faulty.as_bytes()).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text().await.unwrap();
    assert!(page.contains("事项名称") && page.contains("承诺工作日") && !page.contains("import/apply"), "{page}");
    assert!(page.contains("<a href=\"/halls\" aria-current=\"page\">"), "a form's answer has its place too: {page}");

    let better = csv.replace("办事咨询", "综合咨询") + "ZX-009,上门服务,,3\r\n";
    let looked = supervisor.upload("/transfer", "/import", &fields, "table", better.as_bytes()).await;
    assert_eq!(looked.status(), StatusCode::OK);
    let page = looked.text().await.unwrap();
    assert!(
        page.contains("<del>办事咨询</del>") && page.contains("<ins>综合咨询</ins>") && page.contains("上门服务"),
        "{page}"
    );
    assert_eq!(office.board().items.len(), 30, "a dry run changes nothing");
    let confirm = hidden(&page);
    let stranger = office.person(SECOND).await;
    let theirs = stranger.page("/transfer").await;
    let stolen = [&hidden(&theirs)[..], &confirm[1..]].concat();
    assert_eq!(stranger.send("/import/apply", &stolen, "text/html").await.status(), StatusCode::GONE);
    assert_eq!(supervisor.send("/import/apply", &confirm, "text/html").await.status(), StatusCode::SEE_OTHER);
    let board = office.board();
    assert_eq!(board.items.len(), 31);
    assert_eq!(board.item(&"ZX-001".parse().unwrap()).unwrap().name.zh, "综合咨询");
    office.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_pin_is_shown_once_and_works() {
    let office = Office::led().await;
    let supervisor = office.person(SUPERVISOR).await;
    let made = supervisor.post("/staff/0005/pin", "/staff/0005/pin", &[]).await;
    assert_eq!((made.status(), &made.headers()["cache-control"]), (StatusCode::OK, &"no-store".parse().unwrap()));
    let page = made.text().await.unwrap();
    let pin = page.split("class=\"secret\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
    let hash = office.board().staff(&"0005".parse().unwrap()).unwrap().pin_hash.clone().unwrap();
    let hash: pingyi::config::pin::PinHash = hash.parse().unwrap();
    assert!(hash.verifies(pin) && !hash.verifies("2580"), "{pin}");
    let (pin, page) = (pin.to_owned(), supervisor.page("/staff/0005").await);
    assert!(!page.contains(&pin) && !page.contains("argon2"));
    office.running.stop().await;
}
