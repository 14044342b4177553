//! The business system's calls, and the rates for programs.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Query as UrlQuery, State};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::rates::{self, Asked, Counted, Grouping};
use super::rules::MatterRules;
use super::store::{Days, NotTaken, take};
use crate::centre::access::{BusinessTeller, Routes, StatisticsReader, parse, read_body};
use crate::centre::audit::{self, Act};
use crate::centre::clock;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::today;
use crate::centre::rules as house;
use crate::centre::site::Site;
use crate::domain::appraisal::Period;
use crate::domain::board::Board;
use crate::domain::id::{CaseNo, HallId, ItemCode, StaffNo, WindowId};
use crate::domain::matter::{MatterEvent, MatterStep};
use crate::domain::query::Rate;
use crate::domain::role::Need;
use crate::domain::time::{PLAUSIBLE_FROM, WallMs};
use crate::protocol::ApiError;

/// Events of one call.
pub const MAX_EVENTS: usize = 500;
/// Bytes of a body.
const MAX_BODY: usize = 256 * 1024;
/// The business system's clock may be this far ahead.
const AHEAD_MS: i64 = 10 * 60_000;

pub fn routes() -> Routes {
    Routes::new().post("/api/v1/matters", Need::BusinessTell, tell_matters).get(
        "/api/v1/matters",
        Need::Statistics,
        count_matters,
    )
}

/// What happened to pieces of business of one hall.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MatterNews {
    pub hall: HallId,
    /// 1 to 500; each is taken or refused by itself.
    #[schema(min_items = 1, max_items = 500)]
    pub events: Vec<MatterTold>,
}

/// One event. The same event again changes nothing.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MatterTold {
    /// 办件编号
    pub case_no: CaseNo,
    pub step: MatterStep,
    /// When, in milliseconds since 1970.
    pub wall_ms: i64,
    /// Where; on `handed_over` the window that has it now.
    #[serde(default)]
    pub service_window: Option<WindowId>,
    /// By whom; on `handed_over` who has it now.
    #[serde(default)]
    pub staff_no: Option<StaffNo>,
    /// On `accepted` alone.
    #[serde(default)]
    pub item: Option<ItemCode>,
    /// On `accepted` alone: promised working days, 0: the same day; without it what the hall's item promises.
    #[serde(default)]
    #[schema(maximum = 1000)]
    pub limit_days: Option<u16>,
}

/// What became of a call's events.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MatterTaken {
    /// New ones.
    pub taken: u32,
    /// Told before.
    pub known: u32,
    pub refused: Vec<MatterRefused>,
}

/// One event that was not taken; nothing of it was kept.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MatterRefused {
    /// Its place in the call, from 0.
    pub place: u32,
    pub case_no: CaseNo,
    pub why: String,
}

/// How many pieces of business were done in time.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MatterRates {
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    pub by: Grouping,
    pub rows: Vec<MatterRow>,
}

/// One row; a rate is absent where nothing was counted.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MatterRow {
    pub hall: String,
    /// Window, staff number, item or hall; empty: nobody was named.
    pub key: String,
    /// Finished or overdue, of those whose last day lay in the period.
    pub due: u64,
    pub on_time: u64,
    pub overdue: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_time_rate: Option<Rate>,
    /// First contacts of the period.
    pub contacts: u64,
    pub kept: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_contact_rate: Option<Rate>,
}

impl From<Counted> for MatterRow {
    fn from(row: Counted) -> Self {
        let (on_time_rate, first_contact_rate) = (row.on_time_rate(), row.kept_rate());
        let Counted { hall, key, due, on_time, overdue, contacts, kept } = row;
        Self { hall, key, due, on_time, overdue, on_time_rate, contacts, kept, first_contact_rate }
    }
}

/// Tell of pieces of business.
///
/// Events may come late, in any order and twice; one that contradicts what was told before is refused by itself.
#[utoipa::path(post, path = "/api/v1/matters", tag = "matters", security(("token" = [])), request_body = MatterNews, responses(
    (status = 200, body = MatterTaken),
    (status = 400, description = "malformed", body = ApiError),
    (status = 404, description = "not_found: no such hall", body = ApiError),
    (status = 413, description = "too_large", body = ApiError),
))]
async fn tell_matters(
    State(site): State<Arc<Site>>,
    teller: BusinessTeller,
    body: Body,
) -> Result<Json<MatterTaken>, ApiFault> {
    let news: MatterNews = parse(&read_body(body, MAX_BODY).await?)?;
    if !(1..=MAX_EVENTS).contains(&news.events.len()) {
        return Err(ApiFault::telling(ErrorCode::Malformed, &format!("events: 1 to {MAX_EVENTS}")));
    }
    let shown = site.boards.get().hall(&news.hall).filter(|_| teller.covers(&news.hall)).cloned();
    let shown = shown.ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?;
    let settings = site.settings.clone();
    let told = site.writer.attempt(move |desk| -> rusqlite::Result<MatterTaken> {
        let rules: MatterRules = house::current(desk.tx)?;
        let days = Days {
            calendar: &settings.calendar,
            zone: &settings.time_zone,
            first_contact_days: rules.first_contact_days,
            now: desk.now,
        };
        let mut out = MatterTaken { taken: 0, known: 0, refused: Vec::new() };
        for (place, told) in news.events.into_iter().enumerate() {
            let case_no = told.case_no.clone();
            let done = event_of(told, &shown.board, desk.now)
                .map(|event| take(desk.tx, &news.hall, &case_no, &event, teller.who.account, days));
            let why = match done {
                Ok(Ok(true)) => {
                    out.taken += 1;
                    continue;
                }
                Ok(Ok(false)) => {
                    out.known += 1;
                    continue;
                }
                Ok(Err(NotTaken::Store(fault))) => return Err(fault),
                Ok(Err(refused)) => refused.to_string(),
                Err(why) => why,
            };
            out.refused.push(MatterRefused { place: u32::try_from(place).unwrap_or(u32::MAX), case_no, why });
        }
        let (object, detail) = (format!("hall:{}", news.hall), format!("{} new, {} known", out.taken, out.known));
        audit::append(desk.tx, desk.now, &teller.who, Act::MattersTold, &object, &detail)?;
        Ok(out)
    });
    Ok(Json(told.await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?))
}

/// What was told, with what the hall's own list says of it.
fn event_of(told: MatterTold, board: &Board, now: WallMs) -> Result<MatterEvent, String> {
    let wall = WallMs(told.wall_ms);
    if wall < PLAUSIBLE_FROM || wall > now.plus_ms(AHEAD_MS) {
        return Err("wall_ms: before 2026, or ahead of the centre's clock".to_owned());
    }
    let promised = match &told.item {
        Some(code) => match board.item(code) {
            Some(item) => Some(item.limit_days),
            None if told.limit_days.is_some() => None,
            None => return Err(format!("item: the hall has none of code {code}; tell limit_days with it")),
        },
        None => None,
    };
    if told.service_window.as_ref().is_some_and(|w| board.window(w).is_none()) {
        return Err("service_window: the hall has no such window".to_owned());
    }
    Ok(MatterEvent {
        step: told.step,
        wall,
        service_window: told.service_window,
        staff_no: told.staff_no,
        item: told.item,
        limit_days: told.limit_days.or(promised),
    })
}

/// Count pieces of business.
///
/// By default the last thirty days by window. Staff read their own.
#[utoipa::path(get, path = "/api/v1/matters", tag = "matters", security(("token" = [])), params(
    ("by" = Option<String>, Query, description = "hall, window, staff or item"),
    ("from" = Option<String>, Query, description = "First day, YYYY-MM-DD"),
    ("to" = Option<String>, Query, description = "Last day, YYYY-MM-DD"),
    ("hall" = Option<String>, Query, description = "One hall of those that the asker reaches"),
), responses(
    (status = 200, body = MatterRates),
    (status = 400, description = "bad_query: the message names the parameter", body = ApiError),
    (status = 404, description = "not_found: no such hall", body = ApiError),
))]
async fn count_matters(
    State(site): State<Arc<Site>>,
    reader: StatisticsReader,
    UrlQuery(pairs): UrlQuery<Vec<(String, String)>>,
) -> Result<Json<MatterRates>, ApiFault> {
    let asked = asked(&site, &reader, &pairs)?;
    let (by, Period { from, to }) = (asked.by, asked.period);
    let rows = site.readers.read(move |conn| rates::count(conn, &asked)).await?;
    let rows = rows.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    Ok(Json(MatterRates { from, to, by, rows: rows.into_iter().map(Into::into).collect() }))
}

/// What a page's or a program's address asks; empty values mean nothing.
pub(super) fn asked(site: &Site, reader: &StatisticsReader, pairs: &[(String, String)]) -> Result<Asked, ApiFault> {
    let wrong = |what: &str| ApiFault::telling(ErrorCode::BadQuery, &what);
    let day = |text: &str, name: &str| text.parse::<Date>().map_err(|_| wrong(&format!("{name}: YYYY-MM-DD")));
    let now = today(&site.settings.time_zone, clock::now().wall);
    let (mut by, mut to, mut from, mut only) = (Grouping::ServiceWindow, now, None, None);
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        match name.as_str() {
            "by" => by = Grouping::from_code(value).ok_or_else(|| wrong("by: hall, window, staff or item"))?,
            "from" => from = Some(day(value, "from")?),
            "to" => to = day(value, "to")?,
            "hall" => only = Some(HallId::new(value).map_err(|_| ApiFault::new(ErrorCode::NotFound))?),
            _ => {}
        }
    }
    let from = from.unwrap_or_else(|| to.saturating_sub(jiff::Span::new().days(29)));
    if from > to {
        return Err(wrong("from: not after to"));
    }
    let halls = match only {
        Some(hall) if reader.covers(&hall) && site.boards.get().hall(&hall).is_some() => Some(vec![hall]),
        Some(_) => return Err(ApiFault::new(ErrorCode::NotFound)),
        None => reader.reach().halls().map(<[_]>::to_vec),
    };
    Ok(Asked {
        by,
        period: Period { from, to },
        halls,
        staff: reader.only_staff.clone(),
        items: Vec::new(),
        today: now,
    })
}

pub mod paths {
    //! For the OpenAPI document.
    pub use super::{__path_count_matters, __path_tell_matters};
}
