//! A browser without a screen: keeps cookies, reads the hidden field of forms, and signs in as a person does.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use pingyi::centre::accounts::password;
use pingyi::centre::directory::accounts::{self, Part, Profile};
use pingyi::centre::directory::users;
use pingyi::centre::site::Site;
use pingyi::domain::id::StaffNo;
use pingyi::domain::role::Role;
use pingyi::domain::time::WallMs;
use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, SET_COOKIE, USER_AGENT};
use reqwest::{Client, Method, StatusCode, redirect::Policy};
use rusqlite::Connection;

/// What everybody's password is in these tests.
pub const PASSWORD: &str = "9#kV-tulpe-Regen";

/// Makes an account that signs in with [`PASSWORD`]; its id.
pub async fn account(site: &Arc<Site>, login: &str, role: Role, part: Part) -> i64 {
    let staff_no = (role == Role::Staff).then(|| StaffNo::new("0005").unwrap());
    let profile = Profile { login: login.to_owned(), name: format!("{login} 某某"), role, staff_no, part };
    let made = site.writer.attempt(move |desk| {
        let id = accounts::add(desk.tx, &profile, desk.now)?;
        accounts::set_password(desk.tx, id, hash(), None)?;
        *desk.people_changed = true;
        Ok::<_, accounts::AccountFault>(id)
    });
    made.await.unwrap().unwrap()
}

/// Makes somebody with a token, as `pingyi admin user add` does, who signs in with [`PASSWORD`] as well.
pub fn add(conn: &Connection, login: &str, role: Role, staff_no: Option<&StaffNo>, now: WallMs) -> String {
    let token = users::add(conn, login, role, staff_no, now).unwrap();
    let id = accounts::by_login(conn, login).unwrap().unwrap().id;
    accounts::set_password(conn, id, hash(), None).unwrap();
    LOGINS.lock().unwrap().insert(token.clone(), login.to_owned());
    token
}

/// Whose token of [`add`] it is.
pub fn login_of(token: &str) -> String {
    LOGINS.lock().unwrap().get(token).cloned().unwrap_or_else(|| token.to_owned())
}

static LOGINS: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());

fn hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| password::hash(PASSWORD).unwrap())
}

/// One answer.
#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    pub location: String,
    pub set_cookie: Vec<String>,
    pub text: String,
}

impl Page {
    /// The value of the first hidden field of this name.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.text.split(&format!("name=\"{name}\" value=\"")).nth(1)?.split('"').next()
    }

    /// The text of the first `code` of the class `secret`.
    pub fn secret(&self) -> &str {
        self.text.split("class=\"secret\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default()
    }
}

/// One person's browser.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    pub url: String,
    pub cookies: Mutex<BTreeMap<String, String>>,
    csrf: Mutex<String>,
    agent: &'static str,
}

impl Browser {
    pub fn new(url: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0";
        Self { client, url: url.to_owned(), cookies: Mutex::default(), csrf: Mutex::default(), agent }
    }

    pub async fn get(&self, path: &str) -> Page {
        self.send(self.client.get(format!("{}{path}", self.url))).await
    }

    pub async fn send_plain(&self, method: Method, path: &str) -> Page {
        self.send(self.client.request(method, format!("{}{path}", self.url))).await
    }

    /// Sends a form with the hidden field of the page that was read last.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let csrf = self.csrf.lock().unwrap().clone();
        self.post_with(path, fields, Some(&csrf), &self.url).await
    }

    pub async fn post_with(&self, path: &str, fields: &[(&str, &str)], csrf: Option<&str>, origin: &str) -> Page {
        let field = csrf.map(|csrf| ("csrf", csrf));
        let all: Vec<String> =
            field.iter().chain(fields).map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = self.client.post(format!("{}{path}", self.url)).header(ORIGIN, origin);
        self.send(request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(all.join("&"))).await
    }

    /// Types login and password.
    pub async fn enter(&self, login: &str, password: &str) -> Page {
        self.post("/sign-in", &[("login", login), ("password", password), ("back", "/account")]).await
    }

    /// Signs in with [`PASSWORD`], which must do.
    pub async fn sign_in(&self, login: &str) {
        let page = self.enter(login, PASSWORD).await;
        assert_eq!((page.status, page.location.as_str()), (StatusCode::SEE_OTHER, "/account"), "{}", page.text);
    }

    /// The session's cookie, as the browser would send it.
    pub fn session(&self) -> String {
        self.cookies.lock().unwrap().get("pingyi_session").cloned().unwrap_or_default()
    }

    pub fn set_session(&self, value: &str) {
        self.cookies.lock().unwrap().insert("pingyi_session".to_owned(), value.to_owned());
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Page {
        let cookies: Vec<_> = self.cookies.lock().unwrap().iter().map(|(n, v)| format!("{n}={v}")).collect();
        let response = request.header(COOKIE, cookies.join("; ")).header(USER_AGENT, self.agent).send().await.unwrap();
        let text = |name| response.headers().get_all(name).iter().map(|v| v.to_str().unwrap().to_owned());
        let (status, set_cookie) = (response.status(), text(SET_COOKIE).collect::<Vec<_>>());
        let location = text(LOCATION).next().unwrap_or_default();
        for cookie in &set_cookie {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
        }
        let page = Page { status, location, set_cookie, text: response.text().await.unwrap() };
        if let Some(csrf) = page.field("csrf") {
            csrf.clone_into(&mut self.csrf.lock().unwrap());
        }
        page
    }
}

pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}
