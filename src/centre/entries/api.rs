//! The explorer for programs: the same ratings, rights and audit lines as the pages, as JSON.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query as UrlQuery, State};
use serde::{Deserialize, Serialize};

use super::asked::{Asked, AskedFault};
use super::detail::{Looked, kind, look};
use super::find::{self, Rating};
use super::list::{code, log, said};
use super::words::{self, Opening, is_reason, open};
use crate::centre::access::{EntryReader, Routes, Unsealer, parse};
use crate::centre::audit::Act;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::centre::statistics::api::{Pairs, defaults};
use crate::domain::id::{HallId, ItemCode, KioskId, StaffNo, TagCode, WindowId};
use crate::domain::rating::Satisfaction;
use crate::domain::role::Need;
use crate::domain::time::ClockGrade;
use crate::ledger::keys::{DeviceId, Hash};
use crate::protocol::ApiError;
use crate::words::Language;

pub fn routes() -> Routes {
    Routes::new()
        .get("/api/v1/entries", Need::Entries, list_entries)
        .get("/api/v1/entries/{book}/{visit}", Need::Entries, show_entry)
        .post("/api/v1/entries/{book}/{visit}/words", Need::Unseal, open_words)
}

/// One rating that stands.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct RatingOut {
    /// With `visit`, the rating's address: `/api/v1/entries/{book}/{visit}`.
    pub book: i64,
    pub visit: u64,
    pub hall: HallId,
    pub window: WindowId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff: Option<StaffNo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemCode>,
    /// kiosk, phone or business
    pub channel: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Satisfaction>,
    pub rated_ms: i64,
    pub clock: ClockGrade,
    pub reasons: Vec<TagCode>,
    pub flagged: bool,
    /// Codes of signals.
    pub signals: Vec<&'static str>,
    pub pledges: Vec<PledgeOut>,
    /// Absent for sample data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_code: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct PledgeOut {
    pub id: String,
    pub version: u32,
}

/// Where a rating stands in the chain.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct PlaceOut {
    pub kiosk: KioskId,
    pub device: DeviceId,
    pub epoch: u32,
    pub seq: u64,
    pub other_history: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct RatingsOut {
    pub ratings: Vec<RatingOut>,
    /// For `after` of the next page; absent: this is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Too few match for the asker's role, and none is shown.
    pub withheld: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct EntryOut {
    pub seq: u64,
    pub kind: String,
    pub hash: Hash,
    /// The run of entries in which it came leads to the hash that the device signed.
    pub holds: bool,
    /// The canonical bytes.
    pub bytes: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct RatingDetail {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating: Option<RatingOut>,
    pub entries: Vec<EntryOut>,
    pub sealed_words: usize,
    pub erased_words: usize,
    /// Too few ratings of this window in its month for the asker's role.
    pub withheld: bool,
}

#[derive(Debug, Clone, PartialEq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhyOpen {
    /// One line of 2 to 300 characters, for the audit log.
    #[schema(min_length = 2, max_length = 300)]
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct OpenedOut {
    pub channel: &'static str,
    pub received_ms: i64,
    /// False: it was sealed to another centre, or is damaged.
    pub readable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct WordsOut {
    pub words: Vec<OpenedOut>,
    /// There were some, and their term is over.
    pub erased: bool,
}

/// List single ratings, the latest first.
///
/// At most 92 days; a page may be short and still have a `next`. Each listing stands in the audit log.
#[utoipa::path(get, path = "/api/v1/entries", tag = "entries", security(("token" = [])), params(
    ("from" = Option<String>, Query, description = "First day; absent: six days before the last"),
    ("to" = Option<String>, Query, description = "Last day; absent: today"),
    ("hall" = Option<HallId>, Query), ("window" = Option<String>, Query, description = "hall/window"),
    ("staff" = Option<String>, Query, description = "A staff number; (none): nobody was signed in"),
    ("item" = Option<String>, Query, description = "The code of a service item; (none): not named"),
    ("channel" = Option<String>, Query, description = "kiosk, phone or business"),
    ("level" = Option<Satisfaction>, Query),
    ("reason" = Option<TagCode>, Query, description = "Among the reasons that were given"),
    ("hour" = Option<String>, Query, description = "00 to 23, in the centre's time zone; clock grade C is in none"),
    ("weekday" = Option<String>, Query, description = "1 Monday to 7 Sunday; clock grade C is on none"),
    ("flagged" = Option<String>, Query, description = "yes or no"),
    ("code" = Option<String>, Query, description = "A citizen's receipt code; the other filters do nothing then"),
    ("after" = Option<String>, Query, description = "What `next` of the page before said")),
    responses((status = 200, body = RatingsOut), (status = 400, description = "bad_query", body = ApiError)))]
async fn list_entries(
    State(site): State<Arc<Site>>,
    reader: EntryReader,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Result<Json<RatingsOut>, ApiFault> {
    let asked = Asked::read(&pairs, defaults(&site, Language::Zh).today)?;
    let found = find::list(&site, &reader, &asked).await?;
    let who = Arc::new(reader.who);
    log(&site, &who, Act::EntriesListed, "entries", &said(&asked, found.ratings.len())).await?;
    let next = found.next.map(|c| format!("{}.{}", c.slot, c.id));
    Ok(Json(RatingsOut { ratings: found.ratings.iter().map(out).collect(), next, withheld: found.withheld }))
}

/// Show one rating with the entries of its visit, each checked again.
#[utoipa::path(get, path = "/api/v1/entries/{book}/{visit}", tag = "entries", security(("token" = [])),
    params(("book" = i64, Path), ("visit" = u64, Path)),
    responses((status = 200, body = RatingDetail), (status = 404, body = ApiError)))]
async fn show_entry(
    State(site): State<Arc<Site>>,
    reader: EntryReader,
    Path((book, visit)): Path<(String, String)>,
) -> Result<Json<RatingDetail>, ApiFault> {
    let who = Arc::new(reader.who.clone());
    let none = || RatingDetail { rating: None, entries: vec![], sealed_words: 0, erased_words: 0, withheld: true };
    let (rating, held) = match look(&site, &reader, &who, &book, &visit).await? {
        Looked::Withheld => return Ok(Json(none())),
        Looked::Rating(rating, held) => (rating, held),
    };
    let sealed_words = held.iter().filter(|(_, _, there)| *there).count();
    let entries = rating.told.iter().map(|t| EntryOut {
        seq: t.seq,
        kind: kind(&t.text).to_owned(),
        hash: t.hash,
        holds: t.holds,
        bytes: t.text.clone(),
    });
    let (entries, erased_words) = (entries.collect(), held.len() - sealed_words);
    Ok(Json(RatingDetail { rating: Some(out(&rating)), entries, sealed_words, erased_words, withheld: false }))
}

/// Open the sealed words of one visit, saying why. The opening stands in the audit log.
#[utoipa::path(post, path = "/api/v1/entries/{book}/{visit}/words", tag = "entries", security(("token" = [])),
    params(("book" = i64, Path), ("visit" = u64, Path)), request_body = WhyOpen,
    responses((status = 200, body = WordsOut), (status = 400, description = "malformed: a reason is needed", body = ApiError),
        (status = 404, body = ApiError), (status = 413, body = ApiError)))]
async fn open_words(
    State(site): State<Arc<Site>>,
    unsealer: Unsealer,
    Path((book, visit)): Path<(String, String)>,
    body: Bytes,
) -> Result<Json<WordsOut>, ApiFault> {
    let why: WhyOpen = parse(&body)?;
    if !is_reason(&why.reason) {
        return Err(ApiFault::telling(ErrorCode::Malformed, &"reason: one line of 2 to 300 characters"));
    }
    let (reader, who) = (words::reader_of(&unsealer)?, Arc::new(unsealer.who));
    let Looked::Rating(rating, _) = look(&site, &reader, &who, &book, &visit).await? else {
        return Err(ApiFault::new(ErrorCode::NotFound));
    };
    Ok(Json(match open(&site, &who, &rating, &why.reason).await? {
        Opening::None => WordsOut { words: vec![], erased: false },
        Opening::Erased => WordsOut { words: vec![], erased: true },
        Opening::Opened(all) => {
            let words = all.into_iter().map(|(channel, at, words)| OpenedOut {
                channel: channel.code(),
                received_ms: at.0,
                readable: words.is_some(),
                text: words.as_ref().and_then(|w| w.text.clone()),
                contact: words.and_then(|w| w.contact),
            });
            WordsOut { words: words.collect(), erased: false }
        }
    }))
}

fn out(rating: &Rating) -> RatingOut {
    let fact = &rating.fact;
    RatingOut {
        book: rating.book,
        visit: rating.visit,
        hall: fact.hall.clone(),
        window: fact.service_window.clone(),
        staff: fact.staff.clone(),
        item: fact.item.clone(),
        channel: fact.channel.code(),
        level: fact.level,
        rated_ms: fact.wall.0,
        clock: fact.grade,
        reasons: fact.reasons.clone(),
        flagged: fact.flagged,
        signals: rating.signals().iter().map(|s| s.code()).collect(),
        pledges: rating.pledges().iter().map(|p| PledgeOut { id: p.id.to_string(), version: p.version }).collect(),
        place: rating.place.as_ref().map(|place| PlaceOut {
            kiosk: place.ledger.kiosk.clone(),
            device: place.ledger.device,
            epoch: place.ledger.epoch,
            seq: rating.rated().map_or(rating.visit, |(told, _)| told.seq),
            other_history: place.other_history,
        }),
        receipt_code: code(rating),
    }
}

impl From<AskedFault> for ApiFault {
    fn from(fault: AskedFault) -> Self {
        Self::telling(ErrorCode::BadQuery, &fault)
    }
}

pub(in crate::centre) mod paths {
    //! For the OpenAPI document.
    pub use super::{__path_list_entries, __path_open_words, __path_show_entry};
}
