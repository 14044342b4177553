//! People of a centre with inspections: a browser and a token each.

use std::collections::BTreeMap;
use std::io::Cursor;

use pingyi::centre::access::Needs;
use pingyi::centre::directory::accounts::Part;
use pingyi::centre::directory::tokens;
use pingyi::domain::role::Role;
use reqwest::header::{CONTENT_TYPE, COOKIE, ORIGIN};
use reqwest::{Client, StatusCode};
use serde_json::Value;

use crate::accounts::House;
use crate::browser::{Browser, account};
use crate::centre::http;

/// One person.
pub struct Person {
    pub account: i64,
    pub role: Role,
    pub browser: Browser,
    pub client: Client,
    token: String,
}

impl Person {
    pub async fn new(house: &House, login: &str, role: Role) -> Self {
        let site = &house.running.site;
        let id = account(site, login, role, Part::Everything).await;
        let token = tokens::fresh().unwrap();
        let kept = token.clone();
        let added = site.writer.attempt(move |desk| {
            *desk.people_changed = true;
            tokens::add(desk.tx, id, &kept, "test", Needs::ALL, None, desk.now)
        });
        added.await.unwrap().unwrap();
        let browser = Browser::new(&house.url());
        browser.sign_in(login).await;
        Self { account: id, role, browser, client: http::client(), token }
    }

    /// Status and text of a page.
    pub async fn page(&self, path: &str) -> (StatusCode, String) {
        let page = self.browser.get(path).await;
        (page.status, page.text)
    }

    /// Sends a form with the hidden field of a page that everybody may open.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String, String) {
        self.browser.get("/account").await;
        let page = self.browser.post(path, fields).await;
        (page.status, page.location, page.text)
    }

    /// Asks the interface.
    pub async fn api(&self, path: &str) -> (StatusCode, Value) {
        let url = format!("{}/api/v1/inspections{path}", self.browser.url);
        let answer = self.client.get(url).bearer_auth(&self.token).send().await.unwrap();
        (answer.status(), answer.json().await.unwrap_or_default())
    }

    pub async fn api_post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let url = format!("{}/api/v1/inspections{path}", self.browser.url);
        let answer = self.client.post(url).bearer_auth(&self.token).json(body).send().await.unwrap();
        (answer.status(), answer.json().await.unwrap_or_default())
    }

    /// Hands in a sheet as a browser without scripts does.
    pub async fn hand_in(&self, path: &str, sheet: &Sheet) -> (StatusCode, String, String) {
        const EDGE: &str = "----pingyi-edge";
        let csrf = self.browser.get("/account").await.field("csrf").unwrap().to_owned();
        let mut body = Vec::new();
        for (name, value) in [("csrf".to_owned(), csrf)].iter().chain(&sheet.fields) {
            let part = format!("--{EDGE}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        for (name, bytes) in &sheet.files {
            let head = format!(
                "--{EDGE}\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"a.jpg\"\r\n\
                 content-type: image/jpeg\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{EDGE}--\r\n").as_bytes());
        let cookies: Vec<_> = self.browser.cookies.lock().unwrap().iter().map(|(n, v)| format!("{n}={v}")).collect();
        let url = format!("{}{path}", self.browser.url);
        let no_redirect = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let request = no_redirect.post(url).header(COOKIE, cookies.join("; ")).header(ORIGIN, &self.browser.url);
        let kind = format!("multipart/form-data; boundary={EDGE}");
        let answer = request.header(CONTENT_TYPE, kind).body(body).send().await.unwrap();
        let location = answer.headers().get("location").map_or("", |v| v.to_str().unwrap()).to_owned();
        (answer.status(), location, answer.text().await.unwrap())
    }

    /// A file behind this person's session.
    pub async fn file(&self, path: &str) -> (StatusCode, Vec<u8>) {
        let cookies: Vec<_> = self.browser.cookies.lock().unwrap().iter().map(|(n, v)| format!("{n}={v}")).collect();
        let url = format!("{}{path}", self.browser.url);
        let answer = self.client.get(url).header(COOKIE, cookies.join("; ")).send().await.unwrap();
        (answer.status(), answer.bytes().await.unwrap().to_vec())
    }
}

/// What is typed into a sheet.
#[derive(Clone)]
pub struct Sheet {
    pub fields: Vec<(String, String)>,
    pub files: Vec<(String, Vec<u8>)>,
}

impl Sheet {
    /// Every item of a page's sheet answered as well as can be.
    pub fn of(page: &str, submission: &str) -> Self {
        let after = |text: &str, mark: &str| text.split(mark).nth(1).map(str::to_owned);
        let mut items: BTreeMap<String, String> = BTreeMap::new();
        for radio in page.split("type=\"radio\" name=\"").skip(1) {
            let name = radio.split('"').next().unwrap().to_owned();
            let value = after(radio, "value=\"").unwrap().split('"').next().unwrap().to_owned();
            if matches!(value.as_str(), "1" | "5") {
                items.insert(name, value);
            }
        }
        let selected = after(page, "name=\"window\"").and_then(|rest| after(&rest, "option value=\"")).unwrap();
        let at = after(page, "data-now=\"").unwrap();
        let mut fields = vec![
            ("submission".to_owned(), submission.to_owned()),
            ("window".to_owned(), selected.split('"').next().unwrap().to_owned()),
            ("at".to_owned(), at.split('"').next().unwrap().to_owned()),
        ];
        fields.extend(items);
        Self { fields, files: Vec::new() }
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(n, _)| n != name);
        self
    }

    pub fn picture(mut self, name: &str, bytes: Vec<u8>) -> Self {
        self.files.push((name.to_owned(), bytes));
        self
    }
}

/// A camera's picture: large, and with words in it that must not survive.
pub fn photo() -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let pixels = image::RgbImage::from_fn(2_400, 1_800, |x, y| image::Rgb([(x / 10) as u8, (y / 8) as u8, 90]));
    pixels.write_to(&mut out, image::ImageFormat::Jpeg).unwrap();
    let mut jpeg = out.into_inner();
    // A comment after the start of the file.
    let comment = b"TAKEN-AT-30.2741N-120.1551E";
    let mut head = vec![0xFF, 0xFE];
    head.extend(u16::try_from(comment.len() + 2).unwrap().to_be_bytes());
    head.extend(comment);
    jpeg.splice(2..2, head);
    jpeg
}
