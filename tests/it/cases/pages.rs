//! The pages of rectification as people use them: register, forms, evidence, files.

use pingyi::domain::rating::Satisfaction;
use pingyi::domain::role::Role;
use reqwest::StatusCode;
use reqwest::header::{COOKIE, ORIGIN};

use super::house::House;

/// Uploads a file with the form of the case's page.
async fn upload(house: &House, cookie: &str, id: i64, name: &str, bytes: &[u8]) -> StatusCode {
    let (_, page) = house.base.page(&format!("/cases/{id}"), cookie).await;
    let csrf = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let mut body = format!("--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n").into_bytes();
    let head = format!(
        "--b\r\nContent-Disposition: form-data; name=\"piece\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
    );
    body.extend(head.as_bytes());
    body.extend(bytes);
    body.extend(b"\r\n--b--\r\n");
    let url = house.base.running.url();
    let request =
        house.base.client.post(format!("{url}/cases/{id}/evidence")).header(COOKIE, cookie).header(ORIGIN, &url);
    request.header("content-type", "multipart/form-data; boundary=b").body(body).send().await.unwrap().status()
}

fn picture() -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    let pixels = image::RgbImage::from_pixel(300, 200, image::Rgb([90, 120, 150]));
    image::DynamicImage::from(pixels).write_to(&mut out, image::ImageFormat::Jpeg).unwrap();
    out.into_inner()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_work_on_a_case_by_its_pages_and_see_only_what_is_theirs_to_do() {
    let mut house = House::open().await;
    let visit = house.rate(Satisfaction::VeryDissatisfied).await;
    let supervisor = house.person("s1", Role::HallSupervisor).await;
    let (leader, staff) = (house.person("l1", Role::Leader).await, house.person("staff", Role::Staff).await);
    let id = house.case_of(visit).await;
    let cookie = house.base.cookie(&supervisor.token).await;
    let (status, register) = house.base.page("/cases", &cookie).await;
    assert_eq!(status, StatusCode::OK);
    for part in [&format!("/cases/{id}"), "待派发", "严重", "共 1 件"] {
        assert!(register.contains(part), "{part}: {register}");
    }
    let at = format!("/cases/{id}");
    let (_, page) = house.base.page(&at, &cookie).await;
    assert!(page.contains(&format!("/entries/1/{visit}")) && page.contains("name=\"account\""), "{page}");
    assert!(!page.contains("name=\"verdict\""), "verifying is not possible yet");
    let account = supervisor.account.to_string();
    let work = format!("{at}/work");
    let assign = [("act", "assign"), ("account", account.as_str())];
    assert_eq!(house.base.submit(&at, &work, &cookie, &assign).await, (StatusCode::SEE_OTHER, at.clone()));
    let empty = [("act", "verify"), ("verdict", "justified"), ("verify_note", " ")];
    let (status, again) = house.base.submit(&at, &work, &cookie, &empty).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.contains("请写 1 至 1000 字") && again.contains("aria-invalid=\"true\""), "{again}");
    let verify = [("act", "verify"), ("verdict", "justified"), ("verify_note", "属实\r\n已调监控")];
    assert_eq!(house.base.submit(&at, &work, &cookie, &verify).await.0, StatusCode::SEE_OTHER);

    // A leader decides and does not work on cases: there is no form for it.
    let leaders = house.base.cookie(&leader.token).await;
    let (_, page) = house.base.page(&at, &leaders).await;
    assert!(page.contains("已调监控") && !page.contains("rectify_note"), "{page}");
    // The staff concerned has their own page, without the register.
    let own = house.base.cookie(&staff.token).await;
    assert_eq!(house.base.page("/cases", &own).await.0, StatusCode::FORBIDDEN);
    let (_, mine) = house.base.page(&format!("/me{at}"), &own).await;
    assert!(mine.contains("情况属实") && mine.contains("name=\"text\"") && !mine.contains("已调监控"), "{mine}");
    let appeal = [("text", "当时系统故障")];
    assert_eq!(
        house.base.submit(&format!("/me{at}"), &format!("/me{at}/appeal"), &own, &appeal).await.0,
        StatusCode::SEE_OTHER
    );
    let (_, waiting) = house.base.page("/cases?view=waiting", &leaders).await;
    assert!(waiting.contains(&format!("href=\"{at}\"")), "{waiting}");
    assert_eq!(house.base.page("/cases/999", &cookie).await.0, StatusCode::NOT_FOUND);
    let (status, file) = house.base.page("/cases/export?view=all&format=csv", &cookie).await;
    assert!(status == StatusCode::OK && file.contains("整改中") && file.lines().count() == 3, "{file}");
    assert_eq!(house.base.page("/cases/export?view=all&format=xlsx", &cookie).await.0, StatusCode::OK);
    assert_eq!(house.base.acts().iter().filter(|a| *a == "cases_exported").count(), 2);
    house.base.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_is_judged_by_content_and_a_pdf_is_only_ever_a_download() {
    let mut house = House::open().await;
    let visit = house.rate(Satisfaction::Dissatisfied).await;
    let officer = house.person("o1", Role::FollowUpOfficer).await;
    let id = house.case_of(visit).await;
    let cookie = house.base.cookie(&officer.token).await;
    let pdf = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n";
    for (name, bytes, status) in [
        ("现场.jpg", picture(), StatusCode::SEE_OTHER),
        ("../../etc/passwd.pdf", pdf.to_vec(), StatusCode::SEE_OTHER),
        ("page.pdf", b"<html><script>alert(1)</script>".to_vec(), StatusCode::UNPROCESSABLE_ENTITY),
        ("cut.pdf", pdf[..30].to_vec(), StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        assert_eq!(upload(&house, &cookie, id, name, &bytes).await, status, "{name}");
    }
    let told = house.told(id, &officer).await;
    let names: Vec<_> = told["evidence"].as_array().unwrap().iter().map(|e| e["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["现场.jpg", "passwd.pdf"]);
    for (n, kind, place) in [(1, "image/jpeg", "inline"), (2, "application/pdf", "attachment")] {
        let url = format!("{}/cases/{id}/evidence/{n}", house.base.running.url());
        let answer = house.base.client.get(url).header(COOKIE, cookie.as_str()).send().await.unwrap();
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!((header("content-type").as_str(), header("x-content-type-options").as_str()), (kind, "nosniff"));
        assert!(header("content-disposition").starts_with(place));
    }
    let files = std::fs::read_dir(house.base.dir.path().join("evidence")).unwrap().count();
    assert_eq!(files, 2, "what was refused left nothing behind");
    assert_eq!(house.base.page(&format!("/cases/{id}/evidence/99"), &cookie).await.0, StatusCode::NOT_FOUND);
    house.base.running.stop().await;
}
