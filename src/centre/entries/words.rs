//! Sealed words: opened one visit at a time, by a follow-up officer who says why, and shown this once.
//!
//! The audit line is durable before anything is opened. What was opened goes into the answer and nowhere else: answers of
//! the centre are `no-store`, and no log line is written here.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::detail::{self, Looked, look};
use super::find::Rating;
use super::list::{self, log};
use crate::centre::access::{EntryReader, Handle as _, Posted, Routes, Unsealer, Viewer, Who};
use crate::centre::audit::Act;
use crate::centre::dashboard::components::{Button, Faults, Notice, Text, Title, buttons, moment, particulars};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::ingest::words;
use crate::centre::site::Site;
use crate::domain::rating::Channel;
use crate::domain::role::Need;
use crate::domain::text::check_line;
use crate::domain::time::WallMs;
use crate::ledger::seal::{self, Words};
use crate::words::common;
use crate::words::entries::Entries;

/// Characters of the reason.
const REASON_CHARS: usize = 300;

pub fn routes() -> Routes {
    Routes::new().post("/entries/{book}/{visit}/words", Need::Unseal, open_page)
}

#[derive(Debug, Clone, Deserialize)]
struct Why {
    #[serde(default)]
    reason: String,
}

/// What came out of one sealed text; none: it does not open.
pub type Opened = (Channel, WallMs, Option<Words>);

/// What an opening leads to.
pub enum Opening {
    Opened(Vec<Opened>),
    /// There were some, and their term is over.
    Erased,
    /// None were left.
    None,
}

/// True for a reason that can stand in the audit log.
pub fn is_reason(reason: &str) -> bool {
    reason.trim().chars().count() >= 2 && check_line(reason.trim(), REASON_CHARS).is_ok()
}

/// Opens the words of a rating that the officer may see.
///
/// # Errors
/// [`ErrorCode::Unavailable`] or [`ErrorCode::Busy`]: nothing was opened then.
pub async fn open(site: &Arc<Site>, who: &Arc<Who>, rating: &Rating, reason: &str) -> Result<Opening, ApiFault> {
    let (book, visit) = (rating.book, rating.visit);
    let (all, sealed) = {
        let read = site.readers.read(move |conn| -> rusqlite::Result<_> {
            Ok((words::states(conn, book, visit)?, words::of_visit(conn, book, visit)?))
        });
        read.await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?
    };
    let Some(place) = &rating.place else { return Ok(Opening::None) };
    if all.is_empty() {
        return Ok(Opening::None);
    }
    let object = format!("visit:{book}/{visit}");
    log(site, who, Act::WordsOpened, &object, &format!("{} opened: {}", sealed.len(), reason.trim())).await?;
    if sealed.is_empty() {
        return Ok(Opening::Erased);
    }
    let context = seal::context(&place.ledger.device, place.ledger.epoch, visit);
    let times = all.into_iter().filter(|(_, _, there)| *there).map(|(_, at, _)| at);
    let opened = sealed.into_iter().zip(times).map(|((channel, sealed), at)| {
        let words = site.keys.opening.open(&sealed, &context).ok();
        (channel, at, words)
    });
    Ok(Opening::Opened(opened.collect()))
}

async fn open_page(
    State(site): State<Arc<Site>>,
    Path((book, visit)): Path<(String, String)>,
    Posted { handle, who, viewer, form }: Posted<Unsealer, Why>,
) -> Response {
    let answered = async {
        let reader = reader_of(&handle)?;
        match look(&site, &reader, &who, &book, &visit).await? {
            Looked::Rating(rating, held) if is_reason(&form.reason) => {
                let opening = open(&site, &who, &rating, &form.reason).await?;
                Ok((rating, held, Some(opening)))
            }
            Looked::Rating(rating, held) => Ok((rating, held, None)),
            Looked::Withheld => Err(ApiFault::new(ErrorCode::NotFound)),
        }
    };
    match answered.await {
        Ok((rating, _, Some(opening))) => {
            viewer.page(&site, &Entries(viewer.language).opened(), shown(&site, &viewer, &rating, &opening))
        }
        Ok((rating, held, None)) => {
            let w = Entries(viewer.language);
            let mut faults = Faults::default();
            faults.add("reason", w.why_wrong());
            let typed: String = form.reason.chars().take(REASON_CHARS).collect();
            let content = detail::drawn(&site, &viewer, &who, &rating, &held, &faults, &typed);
            let mut response = viewer.page(&site, &w.rating(), content);
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            response
        }
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

/// Whoever opens words of a rating must be allowed to see the rating.
///
/// # Errors
/// [`ErrorCode::Forbidden`].
pub fn reader_of(handle: &Unsealer) -> Result<EntryReader, ApiFault> {
    EntryReader::of(&handle.who).ok_or_else(|| ApiFault::new(ErrorCode::Forbidden))
}

fn shown(site: &Site, viewer: &Viewer, rating: &Rating, opening: &Opening) -> Markup {
    let language = viewer.language;
    let w = Entries(language);
    let address = list::address(rating);
    html! {
        (Title::new(language, w.opened()).crumb("/entries", w.entries()).crumb(address.as_str(), w.rating()).lead(w.opened_lead()))
        @match opening {
            Opening::None => { p { (w.words_none()) } }
            Opening::Erased => { (Notice::note(w.all_erased())) }
            Opening::Opened(all) => {
                (Notice::good(w.opened_logged()))
                @for (channel, at, words) in all {
                    section.card {
                        h2 { (common::channel(language, *channel)) " · " (moment(&site.settings.time_zone, *at)) }
                        @match words {
                            None => { p { (w.unreadable()) } }
                            Some(words) => { (said(w, words)) }
                        }
                    }
                }
            }
        }
        (buttons(&[Button::link(address.as_str(), w.back())]))
    }
}

fn said(w: Entries, words: &Words) -> Markup {
    let left = |text: &Option<String>| text.clone().unwrap_or_else(|| w.not_left().into_owned());
    let all: [(Text<'_>, Markup); 2] =
        [(w.text(), html! { (left(&words.text)) }), (w.contact(), html! { (left(&words.contact)) })];
    particulars(all)
}
