//! A form that somebody sent from one of our own pages.
//!
//! Three things stand against forms of other sites: the cookie is `SameSite=Strict`, the browser says where a form came
//! from, and a hidden field holds what only the session's own pages know.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Form, FromRequest, Request};
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;

use super::handles::Handle;
use super::signed::{Refused, Signed, refusal};
use super::viewer::{CSRF_FIELD, Viewer};
use super::who::Who;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;

/// Bytes of a form without files.
const MAX_FORM_BYTES: usize = 256 * 1024;

/// What the handler of a form takes. For fields that come more than once take `T = Vec<(String, String)>`.
#[derive(Debug, Clone)]
pub struct Posted<H, T> {
    pub handle: H,
    pub who: Arc<Who>,
    pub viewer: Viewer,
    pub form: T,
}

impl<H: Handle, T: DeserializeOwned> FromRequest<Arc<Site>> for Posted<H, T> {
    type Rejection = Refused;

    async fn from_request(request: Request, site: &Arc<Site>) -> Result<Self, Refused> {
        use axum::extract::FromRequestParts as _;
        let (mut parts, body) = request.into_parts();
        let Signed { handle, who, viewer } = Signed::<H>::from_request_parts(&mut parts, site).await?;
        let headers = parts.headers.clone();
        let body = Bytes::from_request(Request::from_parts(parts, body), site).await;
        let body = body.ok().filter(|b| b.len() <= MAX_FORM_BYTES);
        let Some(body) = body else {
            return Err(refusal(&viewer, site, &ApiFault::new(ErrorCode::TooLarge)));
        };
        match taken::<T>(&viewer, &headers, body).await {
            Ok(form) => Ok(Self { handle, who, viewer, form }),
            Err(fault) => Err(refusal(&viewer, site, &fault)),
        }
    }
}

/// Reads and checks a form of whoever has a session.
///
/// # Errors
/// [`ErrorCode::ForeignForm`] or [`ErrorCode::Malformed`].
pub async fn taken<T: DeserializeOwned>(viewer: &Viewer, headers: &HeaderMap, body: Bytes) -> Result<T, ApiFault> {
    // serde's message may quote the form: it is not taken over.
    let malformed = || ApiFault::because(ErrorCode::Malformed, &"a form that does not parse");
    let pairs: Vec<(String, String)> = read(body.clone()).await.ok_or_else(malformed)?;
    let token = pairs.iter().find(|(name, _)| name == CSRF_FIELD).map(|(_, value)| value.as_str());
    check(viewer, headers, token)?;
    read(body).await.ok_or_else(malformed)
}

async fn read<T: DeserializeOwned>(body: Bytes) -> Option<T> {
    let kind = (header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let request = Request::post("/").header(kind.0, kind.1).body(Body::from(body)).ok()?;
    Form::<T>::from_request(request, &()).await.ok().map(|form| form.0)
}

/// # Errors
/// [`ErrorCode::ForeignForm`].
pub(super) fn check(viewer: &Viewer, headers: &HeaderMap, token: Option<&str>) -> Result<(), ApiFault> {
    let session = viewer.session().ok_or_else(|| ApiFault::new(ErrorCode::ForeignForm))?;
    let own = token.is_some_and(|token| session.knows(token));
    if own && from_this_site(headers) { Ok(()) } else { Err(ApiFault::new(ErrorCode::ForeignForm)) }
}

/// Whether a form came from one of our own pages, as far as the browser says.
pub fn from_this_site(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    match text("origin") {
        Some(origin) => origin.split_once("://").map(|(_, host)| host) == text("host"),
        // A program, or a browser from before these headers; the hidden field is asked for all the same.
        None => true,
    }
}
