//! Who may ask, and how often.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::Request;
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::answer::trouble;
use super::language;
use super::throttle::Throttle;
use crate::centre::app::peer;
use crate::centre::clock;
use crate::words::phone::Phone;

pub async fn limit(throttle: Arc<Mutex<Throttle>>, request: Request, next: Next) -> Response {
    let address = address_of(request.extensions(), request.headers());
    let mono_ms = clock::now().mono_ms;
    let admitted = throttle.lock().unwrap_or_else(PoisonError::into_inner).admits(address, mono_ms);
    if admitted {
        return next.run(request).await;
    }
    let accepts = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    let language = language::choose(None, accepts);
    let w = Phone(language);
    let status = StatusCode::TOO_MANY_REQUESTS;
    let mut response = trouble(language, None, status, &w.trouble_busy(), &w.trouble_busy_do(), None);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    response
}

/// The asker's address. A proxy on this machine is believed about whom it speaks for; nobody else is.
pub(in crate::centre) fn address_of(extensions: &Extensions, headers: &HeaderMap) -> IpAddr {
    let direct = peer(extensions).map_or(IpAddr::from([0, 0, 0, 0]), |a| a.ip());
    if !direct.is_loopback() {
        return direct;
    }
    let forwarded = headers.get("x-forwarded-for").and_then(|v| v.to_str().ok());
    forwarded.and_then(|list| list.rsplit(',').next()?.trim().parse().ok()).unwrap_or(direct)
}

/// Browsers say where a form was; an old one that says nothing is let through, for the ticket is what counts.
pub fn from_this_site(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none")
}
