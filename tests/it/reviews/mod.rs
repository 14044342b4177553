//! Leaders' reviews, peer reviews, contests and the comparison over real sockets: who says what, who reads it, what is kept
//! of it and what is not.

mod compared;
mod contests;
mod leaders;
mod peers;

use pingyi::centre::running::Running;
use pingyi::centre::schema;
use pingyi::db;
use pingyi::domain::id::StaffNo;
use pingyi::domain::role::Role;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, ORIGIN};
use rusqlite::Connection;

use crate::browser::{Browser, Page};
use crate::centre::terminal::START;

/// A centre with the sample hall, and people at their browsers.
struct Office<'a> {
    running: &'a Running,
    dir: &'a std::path::Path,
}

impl Office<'_> {
    fn conn(&self) -> Connection {
        db::open(&self.dir.join(schema::FILE), &schema::SCHEMA).unwrap()
    }

    /// Somebody new who has signed in, and their token.
    async fn somebody(&self, login: &str, role: Role, staff_no: Option<&str>) -> (Browser, String) {
        let no = staff_no.map(|no| StaffNo::new(no).unwrap());
        let token = crate::browser::add(&self.conn(), login, role, no.as_ref(), START);
        let directory = &self.running.site.directory;
        for _ in 0..200 {
            if directory.get().people().by_token(&token, START).is_some() {
                let browser = Browser::new(&self.running.url());
                browser.sign_in(login).await;
                return (browser, token);
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("the centre does not notice the new user");
    }

    async fn api(&self, path: &str, token: &str) -> (StatusCode, serde_json::Value) {
        let client = crate::dashboard::browser();
        let request = client.get(format!("{}{path}", self.running.url())).bearer_auth(token);
        let response = request.send().await.unwrap();
        (response.status(), response.json().await.unwrap_or_default())
    }
}

/// Opens a page that must be there.
async fn read(browser: &Browser, path: &str) -> String {
    let page = browser.get(path).await;
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
    for inline in [" style=", "<style", "javascript:", " onclick="] {
        assert!(!page.text.contains(inline), "{path}: {inline}");
    }
    page.text
}

/// Fills in the form of a page; where it leads.
async fn submit(browser: &Browser, on: &str, to: &str, fields: &[(&str, &str)]) -> String {
    read(browser, on).await;
    let page = browser.post(to, fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{to}: {}", page.text);
    page.location
}

/// The same where it must come back.
async fn refused(browser: &Browser, on: &str, to: &str, fields: &[(&str, &str)]) -> Page {
    read(browser, on).await;
    let page = browser.post(to, fields).await;
    assert!(page.status.is_client_error(), "{to}: {}", page.status);
    page
}

/// Sends a form with files, its hidden field first.
pub async fn upload(
    browser: &Browser,
    on: &str,
    to: &str,
    parts: &[(&str, Option<&str>, &[u8])],
) -> (StatusCode, String) {
    const EDGE: &str = "----pingyi-edge";
    let page = browser.get(on).await;
    let csrf = page.field("csrf").unwrap().as_bytes().to_vec();
    let mut body = Vec::new();
    for (name, file, bytes) in std::iter::once(&("csrf", None, csrf.as_slice())).chain(parts) {
        let file = file.map_or_else(String::new, |file| format!("; filename=\"{file}\""));
        let head = format!("--{EDGE}\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{EDGE}--\r\n").as_bytes());
    let request = crate::dashboard::browser().post(format!("{}{to}", browser.url)).header(ORIGIN, &browser.url);
    let request = request.header(COOKIE, format!("pingyi_session={}", browser.session()));
    let request = request.header(CONTENT_TYPE, format!("multipart/form-data; boundary={EDGE}"));
    let response = request.body(body).send().await.unwrap();
    let status = response.status();
    let to = response.headers().get(LOCATION).map(|l| l.to_str().unwrap().to_owned());
    (status, to.unwrap_or(response.text().await.unwrap()))
}

/// The value of a hidden field as the browser would send it.
fn hidden(page: &str, name: &str) -> String {
    let raw = page.split(&format!("name=\"{name}\" value=\"")).nth(1).and_then(|rest| rest.split('"').next());
    raw.unwrap_or_else(|| panic!("no field {name}")).replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}
