//! The guard before every route: finds out who asks, and refuses whoever may not what the route is for.

use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::{FromRequestParts as _, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::needs::Needs;
use super::session::{SessionTag, number};
use super::viewer::{Viewer, encoded};
use super::who::Who;
use crate::centre::clock;
use crate::centre::directory::people::{Doing, Opened};
use crate::centre::directory::sessions::{self, Session, Stage};
use crate::centre::directory::tokens;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::domain::role::Need;

/// Who asks, and by what. The guard puts it into the request; handlers meet it as a handle.
#[derive(Debug, Clone)]
pub struct Asker {
    pub who: Arc<Who>,
    /// What the credential is good for; a session is good for all that the person may.
    pub needs: Needs,
    /// None: a token of the interface.
    pub session: Option<SessionTag>,
}

/// Somebody on the way in: the password was right, and something is still to be done.
#[derive(Debug, Clone)]
pub struct Entering {
    pub who: Arc<Who>,
    pub stage: Stage,
    pub session: SessionTag,
}

/// Whether the path of a form can be opened as a page as well.
#[derive(Debug, Clone, Copy)]
pub(super) struct Openable(pub bool);

/// What the guard goes by; stands around all routes.
#[derive(Debug)]
pub(crate) struct Gate {
    pub site: Arc<Site>,
    /// Paths that can be opened as pages.
    pub pages: HashSet<&'static str>,
}

/// Lets a request through to its handler, or answers it.
pub(super) async fn guard(path: &'static str, need: Need, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let Some(gate) = parts.extensions.get::<Arc<Gate>>().cloned() else {
        return ApiFault::because(ErrorCode::Internal, &"a route outside the gate").into_response();
    };
    parts.extensions.insert(Openable(gate.pages.contains(path)));
    match judge(&gate.site, &mut parts, need) {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(fault) if is_page(&parts) => show(&gate.site, &mut parts, fault).await,
        Err(fault) => fault.into_response(),
    }
}

fn judge(site: &Arc<Site>, parts: &mut Parts, need: Need) -> Result<(), ApiFault> {
    // A device signs what it sends; its handler reads the body and checks the signature over it.
    if need == Need::Device {
        return Ok(());
    }
    let asker = match asker(site, parts) {
        Ok(asker) => asker,
        Err(_) if need == Need::Public => return Ok(()),
        Err(fault) => return Err(fault),
    };
    let allowed = asker.who.may(need) && asker.needs.holds(need);
    let role = asker.who.role;
    parts.extensions.insert(asker);
    if allowed || need == Need::Public {
        Ok(())
    } else {
        Err(ApiFault::because(ErrorCode::Forbidden, &format_args!("role {} needs {}", role.code(), need.code())))
    }
}

/// A session serves pages, and reading on the interface; whatever changes something there needs a token, which no other
/// site can make a browser send.
fn asker(site: &Arc<Site>, parts: &mut Parts) -> Result<Asker, ApiFault> {
    let page = is_page(parts);
    if !page && parts.headers.contains_key(header::AUTHORIZATION) {
        return bearer(&parts.headers, site);
    }
    if page || matches!(parts.method, Method::GET | Method::HEAD) {
        let (found, tag) = by_session(site, &parts.headers).ok_or_else(|| ApiFault::new(ErrorCode::NoToken))?;
        if found.by.stage == Stage::Full {
            return Ok(Asker { who: found.who, needs: Needs::ALL, session: Some(tag) });
        }
        parts.extensions.insert(Entering { who: found.who, stage: found.by.stage, session: tag });
    }
    Err(ApiFault::new(ErrorCode::NoToken))
}

/// The session behind the request's cookie, if it lives.
fn by_session(site: &Arc<Site>, headers: &HeaderMap) -> Option<(Opened<Session>, SessionTag)> {
    let (number, hash) = number(headers, site.settings.accounts.https)?;
    let now = clock::now().wall;
    let found = site.directory.get().people().by_session(&hash, now, site.settings.lifetimes(), doing(headers))?;
    let tag = SessionTag::new(found.by.id, number);
    if found.touch {
        let id = found.by.id;
        touch(site, move |tx| sessions::touch(tx, id, now));
    }
    Some((found, tag))
}

/// What `assets/web/refresh.js` says of its requests. Whoever says so untruly shortens their own session and nothing else.
fn doing(headers: &HeaderMap) -> Doing {
    let refreshes = headers.get("x-requested-with").is_some_and(|v| v.as_bytes() == b"refresh");
    if refreshes { Doing::Page } else { Doing::Person }
}

/// Whoever's token of the interface came.
///
/// # Errors
/// [`ErrorCode::NoToken`] or [`ErrorCode::BadToken`].
pub fn bearer(headers: &HeaderMap, site: &Arc<Site>) -> Result<Asker, ApiFault> {
    let value = headers.get(header::AUTHORIZATION).ok_or_else(|| ApiFault::new(ErrorCode::NoToken))?;
    let token = value.to_str().ok().and_then(|v| v.strip_prefix("Bearer ").or_else(|| v.strip_prefix("bearer ")));
    let token = token.ok_or_else(|| ApiFault::new(ErrorCode::NoToken))?;
    let now = clock::now().wall;
    let found = site.directory.get().people().by_token(token.trim(), now);
    let found = found.ok_or_else(|| ApiFault::new(ErrorCode::BadToken))?;
    if found.touch {
        let id = found.by.id;
        touch(site, move |tx| tokens::touch(tx, id, now));
    }
    Ok(Asker { who: found.who, needs: found.by.needs, session: None })
}

/// Writes down a last use beside the request; if it fails, the next use is written down.
fn touch(site: &Arc<Site>, write: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<()> + Send + 'static) {
    let writer = site.writer.clone();
    tokio::spawn(async move {
        if let Err(fault) = writer.submit(1, move |desk| Ok(write(desk.tx)?)).await {
            tracing::debug!(%fault, "a last use was not written down");
        }
    });
}

impl Asker {
    /// Whom the guard let through.
    ///
    /// # Errors
    /// [`ErrorCode::NoToken`]: nobody, on a public route.
    pub fn of(parts: &Parts) -> Result<Self, ApiFault> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| ApiFault::new(ErrorCode::NoToken))
    }
}

/// People open pages; programs ask the interface.
pub(super) fn is_page(parts: &Parts) -> bool {
    let path = parts.uri.path();
    !(path.starts_with("/api/") || path == "/metrics" || path == "/healthz")
}

async fn show(site: &Arc<Site>, parts: &mut Parts, fault: ApiFault) -> Response {
    let viewer = match Viewer::from_request_parts(parts, site).await {
        Ok(viewer) => viewer,
        Err(never) => match never {},
    };
    if fault.code != ErrorCode::NoToken {
        return viewer.refuse(site, &fault);
    }
    Redirect::to(&format!("/sign-in?back={}", encoded(&viewer.here))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_that_refreshes_pages_says_so_by_the_header_that_is_read() {
        let script = include_str!("../../../assets/web/refresh.js");
        assert!(script.contains("\"x-requested-with\": \"refresh\""));
        let mut headers = HeaderMap::new();
        assert_eq!(doing(&headers), Doing::Person);
        for (value, is) in [("refresh", Doing::Page), ("XMLHttpRequest", Doing::Person)] {
            headers.insert("x-requested-with", value.parse().unwrap());
            assert_eq!(doing(&headers), is, "{value}");
        }
    }
}
