//! The pages for people and windows over real sockets: what supervisors change is on the board, what is refused is not,
//! and nothing that was typed is lost.

mod acts;
mod forms;
mod order;

use std::path::Path;
use std::sync::Mutex;

use pingyi::centre::preview::{Painter, PreviewFault, Sitting};
use pingyi::centre::running::Running;
use pingyi::centre::schema;
use pingyi::config::CentreConfig;
use pingyi::db;
use pingyi::domain::board::Board;
use pingyi::domain::role::Role;
use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE, ORIGIN};
use reqwest::{Client, Response, StatusCode};

use crate::centre::http;
use crate::centre::terminal::START;
use crate::dashboard::{browser, sign_in};

const HALL: &str = "/halls/QL01";

/// A centre, and people of several roles at their browsers.
struct Office {
    running: Running,
    client: Client,
    tokens: Vec<String>,
    _dir: tempfile::TempDir,
}

/// One person's browser.
struct Person<'a> {
    office: &'a Office,
    cookie: String,
}

/// Paints one byte, and remembers what it was to paint.
#[derive(Default)]
struct Remembering(Mutex<Vec<Board>>);

impl Painter for Remembering {
    fn paint(&self, sitting: &Sitting) -> Result<Vec<u8>, PreviewFault> {
        self.0.lock().unwrap().push(sitting.board.clone());
        Ok(b"\x89PNG".to_vec())
    }
}

const SUPERVISOR: usize = 0;
const SECOND: usize = 1;
const AUDITOR: usize = 2;
const DEVICES: usize = 3;

impl Office {
    async fn open() -> Self {
        Self::open_with(http::sample()).await
    }

    async fn open_with(config: CentreConfig) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let conn = db::open(&dir.path().join(schema::FILE), &schema::SCHEMA).unwrap();
        let people = [
            ("王主管", Role::HallSupervisor),
            ("李主管", Role::HallSupervisor),
            ("审计员", Role::Auditor),
            ("设备员", Role::DeviceAdmin),
        ];
        let tokens = people.map(|(name, role)| crate::browser::add(&conn, name, role, None, START)).to_vec();
        drop(conn);
        let running = http::run(&config, dir.path()).await;
        Self { running, client: browser(), tokens, _dir: dir }
    }

    /// The same after the hall was taken over from its file.
    async fn led() -> Self {
        Self::open().await.taken_over().await
    }

    /// The same, with the sample's board in a file of its own.
    async fn led_from(file: &Path) -> Self {
        let mut config = http::sample();
        std::fs::copy(&config.boards[0], file).unwrap();
        config.boards = vec![file.to_owned()];
        Self::open_with(config).await.taken_over().await
    }

    async fn taken_over(self) -> Self {
        let office = self;
        let supervisor = office.person(SUPERVISOR).await;
        let done = supervisor.post("/take-over", "/take-over", &[]).await;
        assert_eq!(done.status(), StatusCode::SEE_OTHER);
        office
    }

    async fn person(&self, who: usize) -> Person<'_> {
        self.signed_in(&self.tokens[who]).await
    }

    /// By a token of the tests or a login.
    async fn signed_in(&self, who: &str) -> Person<'_> {
        let cookie = sign_in(&self.client, &self.running.url(), who).await.unwrap();
        Person { office: self, cookie }
    }

    fn board(&self) -> Board {
        self.running.site.boards.get().all().next().unwrap().clone()
    }

    fn name_of(&self, staff_no: &str) -> String {
        self.board().staff(&staff_no.parse().unwrap()).unwrap().name.clone()
    }
}

impl Person<'_> {
    fn address(&self, path: &str) -> String {
        let elsewhere = ["/halls", "/audit"].iter().any(|start| path.starts_with(start));
        let path = if elsewhere { path.to_owned() } else { format!("{HALL}{path}") };
        format!("{}{path}", self.office.running.url())
    }

    async fn answer(&self, path: &str) -> Response {
        self.office.client.get(self.address(path)).header(COOKIE, &self.cookie).send().await.unwrap()
    }

    async fn page(&self, path: &str) -> String {
        let answer = self.answer(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.unwrap()
    }

    /// Sends the form that stands on the page `on` to `path`, with these pairs beside its hidden ones.
    async fn post(&self, on: &str, path: &str, pairs: &[(&str, &str)]) -> Response {
        let page = self.page(on).await;
        self.send(path, &[&hidden(&page)[..], pairs].concat(), "text/html").await
    }

    async fn send(&self, path: &str, pairs: &[(&str, &str)], accept: &str) -> Response {
        let body = pairs.iter().map(|(n, v)| format!("{n}={}", encoded(v))).collect::<Vec<_>>().join("&");
        let request = self.office.client.post(self.address(path)).header(COOKIE, &self.cookie).body(body);
        let request = request.header(ORIGIN, self.office.running.url()).header(ACCEPT, accept);
        request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").send().await.unwrap()
    }

    /// Sends a file with the form that stands on `on`.
    async fn upload(&self, on: &str, path: &str, fields: &[(&str, &str)], name: &str, bytes: &[u8]) -> Response {
        const EDGE: &str = "----pingyi-edge";
        let page = self.page(on).await;
        let mut body = Vec::new();
        for (field, value) in hidden(&page).iter().chain(fields) {
            let part = format!("--{EDGE}\r\ncontent-disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--{EDGE}\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"C:\\\\x.bin\"\r\n\
             content-type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{EDGE}--\r\n").as_bytes());
        let request = self.office.client.post(self.address(path)).header(COOKIE, &self.cookie).body(body);
        let request = request.header(ORIGIN, self.office.running.url());
        request.header(CONTENT_TYPE, format!("multipart/form-data; boundary={EDGE}")).send().await.unwrap()
    }
}

/// The hidden inputs of a page's own form, the token first.
fn hidden(page: &str) -> Vec<(&'static str, &str)> {
    let main = &page[page.find("<main").unwrap()..];
    let value = |name: &str| {
        let at = main.find(&format!("name=\"{name}\" value=\""))?;
        main[at..].split('"').nth(3)
    };
    let found = ["csrf", "revision", "table", "seen"].map(|name| value(name).map(|value| (name, value)));
    found.into_iter().flatten().collect()
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}
