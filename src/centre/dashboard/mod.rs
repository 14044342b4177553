//! The supervisors' pages: HTML from the server, drawings as SVG, one style sheet; scripts only add to what works without.
//!
//! `/` answers for the last days, in this order: is something wrong now, how are we doing against the period before, who and
//! what stands out. `/statistics` shows the rows of any [`Query`](crate::domain::query::Query), as a page or as a file.
//!
//! **Invariants of absence:** no page computes a figure of its own; nothing inline, so that the content security policy
//! forbids it; no token in a cookie, a link or a log.

pub mod assets;
mod charts;
mod compare;
pub mod components;
mod explore;
mod gather;
mod links;
mod overview;
mod page;
pub mod session;
pub mod shell;
mod table;
mod text;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Extension, Form, Query as UrlQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use maud::Markup;
use serde::Deserialize;

use self::gather::Figures;
use self::overview::{Overview, PERIODS};
use self::page::{Viewer, failure, page, sign_in};
use self::session::{Sessions, cookie, set_cookie};
use super::access::StatisticsReader;
use super::clock;
use super::directory::users::{TokenHash, User};
use super::error::{ApiFault, ErrorCode};
use super::site::Site;
use super::statistics::api::{Pairs, Reading, defaults};
use super::statistics::asked::{Asked, Format};
use crate::words::Language;
use crate::words::dashboard::Dashboard;

const LANGUAGE_COOKIE: &str = "pingyi_lang";
/// Bytes of the sign-in form.
const MAX_FORM_BYTES: usize = 8 * 1024;

/// `same-origin` lets the browser name the page that a form came from; other sites learn nothing.
const HEADERS: [(HeaderName, &str); 2] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::REFERRER_POLICY, "same-origin"),
];

pub fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/", get(front))
        .route("/statistics", get(statistics))
        .route("/sign-in", post(begin))
        .route("/sign-out", post(end))
        .route("/assets/{*name}", get(assets::serve))
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
        .layer(Extension(Arc::new(Sessions::default())))
}

async fn front(State(site): State<Arc<Site>>, visit: Visit, UrlQuery(pairs): UrlQuery<Pairs>) -> Response {
    let Some(user) = visit.user(&site) else { return visit.answer(&site, None, |v| sign_in(v, None)) };
    match first_page(&site, &visit, &user, &pairs).await {
        Ok(content) => {
            let title = Dashboard(visit.language).title();
            visit.answer(&site, Some(&user), |v| page(v, &title, &content))
        }
        Err(fault) => visit.refuse(&site, Some(&user), &fault),
    }
}

async fn first_page(site: &Arc<Site>, visit: &Visit, user: &User, pairs: &Pairs) -> Result<Markup, ApiFault> {
    let reader = StatisticsReader::of(user)?;
    let own_only = reader.only_staff.is_some();
    let asked = pairs.iter().find(|(name, _)| name == "days").and_then(|(_, days)| days.parse().ok());
    let days = asked.filter(|d| PERIODS.contains(d)).unwrap_or(30);
    let now = clock::now().wall;
    let defaults = defaults(site, visit.language);
    let reading = Reading::new(site, reader, visit.language);
    let questions = gather::questions(defaults.today, days, defaults.min_n);
    let figures = Figures::from(reading.ask_all(site, questions).await?);
    let fleet = if user.role.sees_devices() {
        let read = site.readers.read(move |conn| gather::fleet(conn, now)).await?;
        Some(read.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?)
    } else {
        None
    };
    let stamp = Timestamp::from_millisecond(now.0).unwrap_or(Timestamp::UNIX_EPOCH);
    let moment = site.settings.time_zone.to_datetime(stamp).strftime("%F %H:%M").to_string();
    Ok(overview::overview(&Overview {
        labels: reading.labels(),
        days,
        moment: &moment,
        fleet: fleet.as_ref(),
        figures: &figures,
        own_only,
    }))
}

async fn statistics(State(site): State<Arc<Site>>, visit: Visit, UrlQuery(pairs): UrlQuery<Pairs>) -> Response {
    let Some(user) = visit.user(&site) else { return visit.answer(&site, None, |v| sign_in(v, None)) };
    let wants_file = pairs.iter().any(|(name, _)| name == "format");
    let answered = async {
        let reader = StatisticsReader::of(&user)?;
        let pairs: Pairs = pairs.into_iter().filter(|(name, _)| name != "lang").collect();
        let asked = Asked::from_pairs(&pairs, defaults(&site, visit.language))?;
        let reading = Reading::new(&site, reader, visit.language);
        let answer = reading.ask(&site, asked.query).await?;
        if wants_file && asked.format != Format::Json {
            return reading.write(&answer, asked.format);
        }
        let content = explore::explore(&answer, reading.labels());
        let title = Dashboard(visit.language).title();
        Ok(visit.answer(&site, Some(&user), |v| page(v, &title, &content)))
    };
    answered.await.unwrap_or_else(|fault| visit.refuse(&site, Some(&user), &fault))
}

#[derive(Deserialize)]
struct Credentials {
    token: String,
    #[serde(default)]
    back: String,
}

async fn begin(State(site): State<Arc<Site>>, visit: Visit, Form(form): Form<Credentials>) -> Response {
    let w = Dashboard(visit.language);
    if !visit.is_own_form() {
        return visit.answer(&site, None, |v| sign_in(v, Some(&w.foreign_form())));
    }
    let token = TokenHash::of(form.token.trim());
    let back = local(&form.back);
    if site.directory.get().user_of(&token).is_none() {
        tracing::info!("a sign-in with an unknown token");
        let mut response =
            visit.answer(&site, None, |v| sign_in(&Viewer { here: back, ..v.clone() }, Some(&w.wrong_token())));
        *response.status_mut() = StatusCode::UNAUTHORIZED;
        return response;
    }
    match visit.sessions.begin(token, clock::now().mono_ms) {
        Ok(id) => {
            let cookie = set_cookie(&id, site.settings.phone_url.starts_with("https://"));
            ([(header::SET_COOKIE, cookie)], Redirect::to(back)).into_response()
        }
        Err(e) => visit.refuse(&site, None, &ApiFault::because(ErrorCode::Internal, &e)),
    }
}

async fn end(State(site): State<Arc<Site>>, visit: Visit) -> Response {
    if visit.is_own_form() {
        visit.sessions.end(&visit.headers);
    }
    let cookie = set_cookie("", site.settings.phone_url.starts_with("https://"));
    ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response()
}

/// One request of a browser: its language, session and place.
struct Visit {
    language: Language,
    /// The language was chosen in this request, and is to be remembered.
    chosen: bool,
    here: String,
    headers: HeaderMap,
    sessions: Arc<Sessions>,
}

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Visit {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, state: &S) -> Result<Self, StatusCode> {
        let Extension(sessions) = Extension::<Arc<Sessions>>::from_request_parts(parts, state)
            .await
            .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
        let uri = &parts.uri;
        let query = uri.query().unwrap_or_default();
        let named = |code: &str| match code {
            "en" => Some(Language::En),
            "zh" | "zh-CN" => Some(Language::Zh),
            _ => None,
        };
        let chosen = query.split('&').find_map(|p| p.strip_prefix("lang=")).and_then(named);
        let kept = cookie(&parts.headers, LANGUAGE_COOKIE).and_then(named);
        let rest: Vec<&str> = query.split('&').filter(|p| !p.is_empty() && !p.starts_with("lang=")).collect();
        let here = if parts.method == axum::http::Method::GET { uri.path() } else { "/" };
        let here = if rest.is_empty() { here.to_owned() } else { format!("{here}?{}", rest.join("&")) };
        Ok(Self {
            language: chosen.or(kept).unwrap_or(Language::Zh),
            chosen: chosen.is_some(),
            here,
            headers: parts.headers.clone(),
            sessions,
        })
    }
}

impl Visit {
    fn user(&self, site: &Site) -> Option<Arc<User>> {
        let token = self.sessions.find(&self.headers, clock::now().mono_ms)?;
        site.directory.get().user_of(&token)
    }

    /// Whether a form came from one of our own pages, as far as the browser says.
    fn is_own_form(&self) -> bool {
        let text = |name: &str| self.headers.get(name).and_then(|v| v.to_str().ok());
        if let Some(site) = text("sec-fetch-site") {
            return site == "same-origin";
        }
        match text("origin") {
            Some(origin) => origin.split_once("://").map(|(_, host)| host) == text("host"),
            // A program, or a browser from before these headers; the cookie is not sent by other sites anyway.
            None => true,
        }
    }

    fn answer(&self, site: &Site, user: Option<&User>, draw: impl FnOnce(&Viewer<'_>) -> Markup) -> Response {
        let boards = site.boards.get();
        let english = self.language.is_english();
        let place = boards.all().next().map_or_else(String::new, |b| b.hall.name.get(english).to_owned());
        let viewer = Viewer {
            language: self.language,
            user: user.map(|u| (u.name.as_str(), u.role)),
            place: &place,
            here: &self.here,
        };
        let mut response = draw(&viewer).into_response();
        let headers = response.headers_mut();
        for (name, value) in HEADERS {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if self.chosen {
            let code = if english { "en" } else { "zh" };
            let text = format!("{LANGUAGE_COOKIE}={code}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax");
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.append(header::SET_COOKIE, value);
            }
        }
        response
    }

    fn refuse(&self, site: &Site, user: Option<&User>, fault: &ApiFault) -> Response {
        let mut response = self.answer(site, user, |v| failure(v, fault));
        *response.status_mut() = fault.code.status();
        response
    }
}

/// A path of this site to go back to; the first page for anything else.
fn local(back: &str) -> &str {
    let plain = back.len() <= 2_000 && back.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if plain && back.starts_with('/') && !back.starts_with("//") { back } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn going_back_never_leaves_the_site() {
        for (back, to) in [
            ("/statistics?by=day", "/statistics?by=day"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("", "/"),
            ("/a\r\nSet-Cookie: x=y", "/"),
        ] {
            assert_eq!(local(back), to, "{back:?}");
        }
    }
}
