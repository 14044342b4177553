//! What anybody may read without signing in, and how a supervisor decides it.
//!
//! A [`snapshot`] is taken of a period that is over, shown to the supervisor, and kept as it was shown ([`store`]): figures
//! that are published do not change. `/public` lists halls, `/public/HALL` shows the latest period with pledges, honours
//! and where to complain; both are cacheable, small, and without a script ([`page`]).
//!
//! **Invariants of absence:** no person stands on a page of figures; nothing is public that nobody published; two publications
//! of a hall never share a day, so that neither tells of a small group when it is taken from the other.

mod deciding;
mod page;
mod publish;
mod snapshot;
mod store;

use std::sync::Arc;

use axum::extract::{Path, Query as UrlQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use maud::{Markup, html};

use self::page::HallPage;
use self::store::Publication;
use super::access::Routes;
use super::clock;
use super::error::{ApiFault, ErrorCode};
use super::site::Site;
use super::{selections, stories};
use crate::domain::id::HallId;
use crate::domain::role::Need;
use crate::domain::time::WallMs;
use crate::words::Language;
use crate::words::public::Public;

/// The table of this module: one step of the centre's schema.
pub const SCHEMA: &str = include_str!("schema.sql");

/// How long a page may be shown without asking again: a withdrawal is seen that soon.
const CACHE: &str = "public, max-age=300";
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const POLICY_WITH_FORM: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// Earlier periods that are listed.
const MAX_EARLIER: usize = 60;

pub fn routes() -> Routes {
    Routes::new()
        .get("/public", Need::Public, list)
        .get("/public/{hall}", Need::Public, latest)
        .get("/public/{hall}/{id}", Need::Public, earlier)
        .merge(publish::routes())
}

type Pairs = Vec<(String, String)>;

pub(in crate::centre) use self::page::link;

/// A page of another module in the public frame, with a form that posts to this site; never kept by caches.
pub(in crate::centre) fn page_with_form(
    language: Language,
    here: &str,
    title: &str,
    status: StatusCode,
    content: &Markup,
) -> Response {
    let body = page::page(language, here, "", title, content).into_string();
    let mut response = (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response();
    let put = response.headers_mut();
    put.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    put.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY_WITH_FORM));
    response
}

/// What is refused, in the public frame.
pub(in crate::centre) fn refusal(language: Language, fault: &ApiFault) -> Response {
    let sentence = match fault.code {
        ErrorCode::NotFound => Public(language).not_found(),
        code => code.sentence(language),
    };
    page_with_form(language, "/public", &Public(language).title(), fault.code.status(), &plain(&sentence))
}

pub(in crate::centre) fn language(pairs: &[(String, String)]) -> Language {
    let english = pairs.iter().any(|(name, value)| name == "lang" && value == "en");
    if english { Language::En } else { Language::Zh }
}

async fn list(State(site): State<Arc<Site>>, headers: HeaderMap, UrlQuery(pairs): UrlQuery<Pairs>) -> Response {
    let language = language(&pairs);
    let today = today(&site);
    let drawn = async {
        let halls = read(&site, move |conn| store::halls(conn, today)).await?;
        let noticed = read(&site, move |conn| selections::store::noticed_anywhere(conn, today)).await?;
        let boards = site.boards.get();
        let named = halls.into_iter().map(|(id, day)| {
            let name = boards.hall(&id).map(|h| h.board.hall.name.get(language.is_english()).to_owned());
            (id.to_string(), name.unwrap_or_else(|| id.to_string()), day)
        });
        let halls = page::halls(language, &named.collect::<Vec<_>>());
        let notices = noticed.iter().filter_map(|kept| Some((kept.selection.terms().halls.first()?, kept)));
        let notices = notices.map(|(hall, kept)| selections::section(language, hall, std::slice::from_ref(kept)));
        Ok(html! { (halls) @for notice in notices { (notice) } })
    };
    answer(language, "/public", "", &Public(language).title(), &headers, drawn.await.map(Some))
}

async fn latest(
    State(site): State<Arc<Site>>,
    Path(hall): Path<String>,
    headers: HeaderMap,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    shown(&site, &hall, None, &headers, &pairs).await
}

async fn earlier(
    State(site): State<Arc<Site>>,
    Path((hall, id)): Path<(String, String)>,
    headers: HeaderMap,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    // A text that is no number is no publication's.
    shown(&site, &hall, Some(id.parse().unwrap_or(0)), &headers, &pairs).await
}

async fn shown(site: &Arc<Site>, hall: &str, id: Option<i64>, headers: &HeaderMap, pairs: &Pairs) -> Response {
    let language = language(pairs);
    let number = pairs.iter().find(|(name, _)| name == "page").and_then(|(_, n)| n.parse().ok());
    let number: usize = number.unwrap_or(1);
    let title = Public(language).title();
    let here = match id {
        Some(id) => format!("/public/{hall}/{id}"),
        None => format!("/public/{hall}"),
    };
    let content = match HallId::new(hall) {
        Ok(hall) => drawn(site, hall, id, number, language).await,
        Err(_) => Ok(None),
    };
    let here = if matches!(content, Ok(Some(_))) { here.as_str() } else { "/public" };
    let query = if number > 1 { format!("page={number}") } else { String::new() };
    answer(language, here, &query, &title, headers, content)
}

async fn drawn(
    site: &Arc<Site>,
    hall: HallId,
    id: Option<i64>,
    number: usize,
    language: Language,
) -> Result<Option<Markup>, ApiFault> {
    let (today, asked) = (today(site), hall.clone());
    let found = read(site, move |conn| {
        let noticed = selections::store::noticed(conn, &asked, today)?;
        Ok((store::of_hall(conn, &asked)?, noticed, stories::store::visible(conn, &asked, today)?))
    });
    let (all, noticed, told) = found.await?;
    let also = html! { (selections::section(language, &hall, &noticed)) (stories::section(language, &hall, &told)) };
    let visible: Vec<Publication> = all.into_iter().filter(|p| p.is_visible(today)).collect();
    let chosen = match id {
        Some(id) => visible.iter().find(|p| p.id == id),
        None => visible.first(),
    };
    let boards = site.boards.get();
    let Some(chosen) = chosen else {
        // No figures are published; notices and stories are public all the same.
        let board =
            boards.hall(&hall).map(|h| &h.board).filter(|_| id.is_none() && !(noticed.is_empty() && told.is_empty()));
        return Ok(board.map(|board| page::bare(language, board, &also)));
    };
    let others = visible.iter().filter(|p| p.id != chosen.id).take(MAX_EARLIER);
    let others: Vec<_> = others.map(|p| (p.id, p.snapshot.wanted.from, p.snapshot.wanted.to)).collect();
    Ok(Some(page::hall(&HallPage {
        language,
        board: boards.hall(&hall).map(|h| &h.board),
        shown: &chosen.snapshot,
        frozen: &moment(site, chosen.snapshot.frozen_ms),
        earlier: &others,
        page: number,
        today,
        also: &also,
    })))
}

/// A page that may be kept for a while, or that it has not changed.
fn answer(
    language: Language,
    here: &str,
    query: &str,
    title: &str,
    headers: &HeaderMap,
    content: Result<Option<Markup>, ApiFault>,
) -> Response {
    let (status, content) = match content {
        Ok(Some(content)) => (StatusCode::OK, content),
        Ok(None) => (StatusCode::NOT_FOUND, plain(&Public(language).not_found())),
        Err(fault) => (fault.code.status(), plain(&fault.code.sentence(language))),
    };
    let body = page::page(language, here, query, title, &content).into_string();
    let etag = format!("\"{}\"", &blake3::hash(body.as_bytes()).to_hex()[..24]);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    let is_known = status == StatusCode::OK && known.is_some_and(|k| k.split(',').any(|k| k.trim() == etag));
    let mut response = match is_known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response(),
    };
    let cache = if status == StatusCode::OK { CACHE } else { "no-store" };
    let put = response.headers_mut();
    put.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    put.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        put.insert(header::ETAG, etag);
    }
    response
}

fn plain(sentence: &str) -> Markup {
    html! { h1 { (sentence) } }
}

/// The civil day in the centre's zone.
fn today(site: &Site) -> Date {
    let stamp = Timestamp::from_millisecond(clock::now().wall.0).unwrap_or(Timestamp::UNIX_EPOCH);
    site.settings.time_zone.to_datetime(stamp).date()
}

fn moment(site: &Site, at: WallMs) -> String {
    let stamp = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
    site.settings.time_zone.to_datetime(stamp).strftime("%F %H:%M").to_string()
}

async fn read<T: Send + 'static>(
    site: &Site,
    read: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T> + Send + 'static,
) -> Result<T, ApiFault> {
    site.readers.read(read).await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))
}
