//! Whoever looks at a page, and the answer they get: language, navigation, headers, notices.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::guard::{Asker, Entering, Openable};
use super::session::{SessionTag, cookie};
use super::who::Who;
use crate::centre::dashboard::page::{Frame, failure, page};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::words::Language;

const LANGUAGE_COOKIE: &str = "pingyi_lang";
/// The hidden field that proves that a form came from our own page.
pub(super) const CSRF_FIELD: &str = "csrf";

/// `same-origin` lets the browser name the page that a form came from; other sites learn nothing.
const HEADERS: [(HeaderName, &str); 2] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::REFERRER_POLICY, "same-origin"),
];

/// One person's browser at one page.
#[derive(Debug, Clone)]
pub struct Viewer {
    pub language: Language,
    /// Path and query of this page without its language.
    pub here: String,
    /// The path that was asked for; of a form's answer too, which `here` does not lead back to.
    pub at: String,
    /// None: not signed in.
    pub who: Option<Arc<Who>>,
    session: Option<SessionTag>,
    /// The language was chosen in this request, and is to be remembered.
    chosen: bool,
}

impl Viewer {
    /// A whole page around `content`.
    pub fn page(&self, site: &Site, title: &str, content: Markup) -> Response {
        let place = self.place(site);
        let notice = self.session.as_ref().and_then(|s| site.notices.take(s.id));
        self.drawn(page(&Frame { viewer: self, place: &place, notice }, title, &content))
    }

    /// The hidden field that every form needs.
    pub fn csrf(&self) -> Markup {
        html! {
            @if let Some(session) = &self.session { input type="hidden" name=(CSRF_FIELD) value=(session.csrf()); }
        }
    }

    /// After a form was taken: to a page of ours, where `notice` is read once.
    pub fn onward(&self, site: &Site, path: &str, notice: &str) -> Response {
        if let Some(session) = &self.session {
            site.notices.leave(session.id, notice);
        }
        Redirect::to(local(path)).into_response()
    }

    /// A refusal as a page.
    pub fn refuse(&self, site: &Site, fault: &ApiFault) -> Response {
        self.refuse_at(&self.place(site), fault)
    }

    /// The same where nobody knows the site any more.
    pub fn refuse_at(&self, place: &str, fault: &ApiFault) -> Response {
        let mut response = self.drawn(failure(&Frame { viewer: self, place, notice: None }, fault));
        *response.status_mut() = fault.code.status();
        response
    }

    /// For what does not exist, and for what is not the person's to see.
    pub fn not_found(&self, site: &Site) -> Response {
        self.refuse(site, &ApiFault::new(ErrorCode::NotFound))
    }

    /// The session of this browser, also of somebody on the way in.
    pub fn session(&self) -> Option<&SessionTag> {
        self.session.as_ref()
    }

    /// The hall over everything, where the person has but one.
    fn place(&self, site: &Site) -> String {
        let boards = site.boards.get();
        let mut own = boards.all().filter(|b| self.who.as_ref().is_none_or(|w| w.reach.covers(&b.hall.id)));
        match (own.next(), own.next()) {
            (Some(board), None) => board.hall.name.get(self.language.is_english()).to_owned(),
            _ => String::new(),
        }
    }

    fn drawn(&self, markup: Markup) -> Response {
        let mut response = markup.into_response();
        let headers = response.headers_mut();
        for (name, value) in HEADERS {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if self.chosen {
            let code = if self.language.is_english() { "en" } else { "zh" };
            let text = format!("{LANGUAGE_COOKIE}={code}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax");
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.append(header::SET_COOKIE, value);
            }
        }
        response
    }
}

impl FromRequestParts<Arc<Site>> for Viewer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Site>) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

impl Viewer {
    /// Whoever sent the request, as far as the guard has told.
    pub fn of(parts: &Parts) -> Self {
        let named = |code: &str| match code {
            "en" => Some(Language::En),
            "zh" | "zh-CN" => Some(Language::Zh),
            _ => None,
        };
        let query = parts.uri.query().unwrap_or_default();
        let chosen = query.split('&').find_map(|p| p.strip_prefix("lang=")).and_then(named);
        let kept = cookie(&parts.headers, LANGUAGE_COOKIE).and_then(named);
        let rest: Vec<&str> = query.split('&').filter(|p| !p.is_empty() && !p.starts_with("lang=")).collect();
        let openable = parts.method == Method::GET || parts.extensions.get::<Openable>().is_some_and(|o| o.0);
        let at = parts.uri.path();
        let path = if openable { at } else { "/" };
        let here = if rest.is_empty() { path.to_owned() } else { format!("{path}?{}", rest.join("&")) };
        let asker = parts.extensions.get::<Asker>();
        let entering = parts.extensions.get::<Entering>();
        Self {
            language: chosen.or(kept).unwrap_or(Language::Zh),
            here,
            at: at.to_owned(),
            who: asker.map(|a| Arc::clone(&a.who)),
            session: asker.and_then(|a| a.session.clone()).or_else(|| entering.map(|e| e.session.clone())),
            chosen: chosen.is_some(),
        }
    }
}

/// A path of this site to go to; the first page for anything else.
pub fn local(path: &str) -> &str {
    let plain = path.len() <= 2_000 && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if plain && path.starts_with('/') && !path.starts_with("//") { path } else { "/" }
}

/// For the value of a URL's parameter.
pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'/' => char::from(b).to_string(),
            _ => format!("%{b:02X}"),
        })
        .collect()
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
        assert_eq!(encoded("/statistics?by=day&x=评"), "/statistics%3Fby%3Dday%26x%3D%E8%AF%84");
    }
}
