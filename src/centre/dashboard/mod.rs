//! The supervisors' pages: HTML from the server, drawings as SVG, one style sheet; scripts only add to what works without.
//!
//! `/` answers for the last days, in this order: is something wrong now, how are we doing against the period before, who and
//! what stands out. `/statistics` shows the rows of any [`Query`](crate::domain::query::Query), as a page or as a file.
//! What stands around every page is [`page`]; whoever looks is a [`Viewer`](super::access::Viewer).
//!
//! **Invariants of absence:** no page computes a figure of its own; nothing inline, so that the content security policy
//! forbids it; no token in a cookie, a link or a log.

pub mod assets;
pub mod charts;
pub mod compare;
pub mod components;
mod explore;
pub mod links;
mod overview;
pub mod page;
mod report;
pub mod shell;
pub mod text;
mod verdict;

use std::sync::Arc;

use axum::extract::{Query as UrlQuery, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::access::{Handle as _, Member, Routes, Signed, StatisticsReader};
use super::error::{ApiFault, ErrorCode};
use super::site::Site;
use super::statistics::api::Pairs;
use crate::domain::role::Need;
use crate::words::overview::Overview;

/// Bytes of a form.
const MAX_FORM_BYTES: usize = 8 * 1024;

pub fn routes() -> Routes {
    Routes::new()
        .get("/", Need::SignedIn, front)
        .get(overview::FEED, Need::Statistics, live)
        .get(report::ADDRESS, Need::Hall, monthly)
        .get("/assets/{*name}", Need::Public, assets::serve)
        .taking(MAX_FORM_BYTES)
}

async fn front(
    State(site): State<Arc<Site>>,
    Signed { who, viewer, .. }: Signed<Member>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let Some(reader) = StatisticsReader::of(&who).filter(|reader| reader.only_staff.is_none()) else {
        // Whoever keeps devices begins where their work is, and staff with what is said of theirs.
        let first = page::NAVIGATION.iter().find(|entry| entry.path != "/" && page::offers(&who, entry));
        return match first {
            Some(entry) => Redirect::to(entry.path).into_response(),
            None => viewer.refuse(&site, &ApiFault::new(ErrorCode::Forbidden)),
        };
    };
    match overview::overview(&site, reader, viewer.language, &pairs).await {
        Ok(content) => viewer.page(&site, &Overview(viewer.language).title(), content),
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

async fn live(
    State(site): State<Arc<Site>>,
    Signed { handle: reader, viewer, .. }: Signed<StatisticsReader>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    match overview::feed(&site, reader, viewer.language, &pairs).await {
        Ok(feed) => feed.into_response(),
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

async fn monthly(
    State(site): State<Arc<Site>>,
    Signed { handle: reader, viewer, .. }: Signed<StatisticsReader>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    match report::report(&site, reader, viewer.language, &pairs).await {
        Ok((title, content)) => viewer.page(&site, &title, content),
        Err(fault) => viewer.refuse(&site, &fault),
    }
}
