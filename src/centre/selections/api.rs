//! The interface for programs: selections, their results, and every step.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Json, response::IntoResponse as _, response::Response};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::acts::{Acting, Refused, fault_of, perform};
use super::rules::SelectionsRules;
use super::{sources, store};
use crate::centre::access::{Reach, Routes, SelectionDecider, SelectionKeeper, SelectionReader, Who, parse, read_body};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::rules::{self, RuleSet as _};
use crate::centre::site::Site;
use crate::domain::appraisal::{Period, Subject};
use crate::domain::board::HonourKind;
use crate::domain::id::HallId;
use crate::domain::role::Need;
use crate::domain::selection::{Nomination, Occasion, Outcome, Selection, Terms};
use crate::protocol::ApiError;

/// Bytes of a body.
const MAX_BODY: usize = 128 * 1024;

pub fn routes() -> Routes {
    Routes::new()
        .get("/api/v1/selections", Need::Selections, list_selections)
        .post("/api/v1/selections", Need::SelectionsKeep, call_selection)
        .get("/api/v1/selections/{id}", Need::Selections, show_selection)
        .post("/api/v1/selections/{id}/steps", Need::SelectionsKeep, step_selection)
        .post("/api/v1/selections/{id}/decisions", Need::SelectionsDecide, decide_selection)
}

/// One selection of a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SelectionLine {
    pub id: i64,
    pub title: String,
    pub honour: HonourKind,
    /// draft, computed, nominated, noticed, decided, declined, awarded or withdrawn
    pub state: &'static str,
    pub halls: Vec<HallId>,
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    #[schema(value_type = Option<String>, format = Date)]
    pub notice_until: Option<Date>,
}

/// Selections, the latest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SelectionList {
    pub selections: Vec<SelectionLine>,
}

/// A selection with all that was done, and its result once it is computed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SelectionShown {
    pub id: i64,
    #[schema(value_type = Object)]
    pub selection: Selection,
    #[schema(value_type = Option<Object>)]
    pub outcome: Option<Outcome>,
}

/// What is to be elected; everything else is as the rules of the house say.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SelectionCall {
    /// 1 to 60 characters on one line.
    pub title: String,
    pub honour: HonourKind,
    /// True: a year-end assessment.
    #[serde(default)]
    pub year_end: bool,
    pub halls: Vec<HallId>,
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// Included; it must be over when the result is computed.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    #[serde(default)]
    pub seats: Option<u16>,
    #[serde(default)]
    pub min_n: Option<u64>,
    #[serde(default)]
    pub notice_days: Option<u16>,
    #[serde(default)]
    pub quorum: Option<u8>,
}

/// What was made.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SelectionCalled {
    pub id: i64,
}

/// Somebody on a list, with the reason.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// `staff:H01:0027` or `window:H01:W03`
    pub subject: String,
    #[serde(default)]
    pub reason: String,
}

/// What the keeper does next.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum SelectionStep {
    /// Freeze what the sources say, and compute.
    Compute,
    Nominate {
        nominees: Vec<Named>,
        #[serde(default)]
        passed_over: Vec<Named>,
    },
    /// Put up the public notice.
    Notice,
    Object {
        about: String,
        text: String,
    },
    Answer {
        number: u32,
        upheld: bool,
        reason: String,
    },
    Withdraw {
        reason: String,
    },
}

/// What the leading group does.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum SelectionDecision {
    Vote {
        agrees: bool,
        #[serde(default)]
        reason: String,
    },
    Award {
        issuer: String,
        period: String,
        #[schema(value_type = String, format = Date)]
        until: Date,
    },
    Revoke {
        subject: String,
        reason: String,
    },
}

/// List selections.
#[utoipa::path(get, path = "/api/v1/selections", tag = "selections", security(("token" = [])), responses(
    (status = 200, body = SelectionList),
    (status = 401, description = "no_token or bad_token", body = ApiError),
    (status = 403, description = "forbidden", body = ApiError),
    (status = 503, description = "busy or unavailable", body = ApiError),
))]
async fn list_selections(
    State(site): State<Arc<Site>>,
    reader: SelectionReader,
) -> Result<Json<SelectionList>, ApiFault> {
    let reach = reader.who.reach;
    let all = site.readers.read(store::all).await?.map_err(unavailable)?;
    let line = |kept: store::Kept| {
        let terms = kept.selection.terms();
        SelectionLine {
            id: kept.id,
            title: terms.title.clone(),
            honour: terms.honour,
            state: kept.selection.state().code(),
            halls: terms.halls.clone(),
            from: terms.period.from,
            to: terms.period.to,
            notice_until: kept.selection.notice().map(|n| n.until),
        }
    };
    Ok(Json(SelectionList { selections: all.into_iter().filter(|k| k.is_within(&reach)).map(line).collect() }))
}

/// Show one selection.
#[utoipa::path(get, path = "/api/v1/selections/{id}", tag = "selections", security(("token" = [])),
    params(("id" = i64, Path)), responses(
    (status = 200, body = SelectionShown),
    (status = 401, description = "no_token or bad_token", body = ApiError),
    (status = 403, description = "forbidden", body = ApiError),
    (status = 404, description = "not_found", body = ApiError),
    (status = 503, description = "busy or unavailable", body = ApiError),
))]
async fn show_selection(
    State(site): State<Arc<Site>>,
    reader: SelectionReader,
    Path(id): Path<String>,
) -> Result<Json<SelectionShown>, ApiFault> {
    let (kept, outcome) = found(&site, reader.who.reach, &id).await?;
    Ok(Json(SelectionShown { id: kept.id, selection: kept.selection, outcome }))
}

/// Call a selection.
#[utoipa::path(post, path = "/api/v1/selections", tag = "selections", security(("token" = [])),
    request_body = SelectionCall, responses(
    (status = 201, body = SelectionCalled),
    (status = 400, description = "malformed, or bad_query: the message says what is wrong", body = ApiError),
    (status = 401, description = "no_token or bad_token", body = ApiError),
    (status = 403, description = "forbidden", body = ApiError),
    (status = 413, description = "too_large", body = ApiError),
    (status = 503, description = "busy or unavailable", body = ApiError),
))]
async fn call_selection(
    State(site): State<Arc<Site>>,
    keeper: SelectionKeeper,
    body: Body,
) -> Result<Response, ApiFault> {
    let call: SelectionCall = parse(&read_body(body, MAX_BODY).await?)?;
    let read = move |conn: &rusqlite::Connection| rules::values(conn, &SelectionsRules::SET);
    let (version, values) = site.readers.read(read).await?.map_err(unavailable)?;
    let terms = terms_of(call, version, SelectionsRules::read(&values));
    if let Some(unknown) = terms.halls.iter().find(|hall| site.boards.get().hall(hall).is_none()) {
        return Err(ApiFault::telling(ErrorCode::BadQuery, &format_args!("there is no hall {unknown}")));
    }
    if let Some(fault) = terms.faults().first() {
        return Err(ApiFault::telling(ErrorCode::BadQuery, fault));
    }
    let id = act(&site, keeper.who, move |a| a.call(terms)).await?;
    Ok((StatusCode::CREATED, Json(SelectionCalled { id })).into_response())
}

/// Take a selection's next step.
#[utoipa::path(post, path = "/api/v1/selections/{id}/steps", tag = "selections", security(("token" = [])),
    params(("id" = i64, Path)), request_body = SelectionStep, responses(
    (status = 204, description = "Done"),
    (status = 400, description = "malformed, or bad_query: the message says why", body = ApiError),
    (status = 401, description = "no_token or bad_token", body = ApiError),
    (status = 403, description = "forbidden", body = ApiError),
    (status = 404, description = "not_found", body = ApiError),
    (status = 409, description = "conflict: the step does not follow", body = ApiError),
    (status = 413, description = "too_large", body = ApiError),
    (status = 503, description = "busy or unavailable", body = ApiError),
))]
async fn step_selection(
    State(site): State<Arc<Site>>,
    keeper: SelectionKeeper,
    Path(id): Path<String>,
    body: Body,
) -> Result<StatusCode, ApiFault> {
    let step: SelectionStep = parse(&read_body(body, MAX_BODY).await?)?;
    let (kept, _) = found(&site, keeper.who.reach.clone(), &id).await?;
    let (id, who) = (kept.id, keeper.who);
    match step {
        SelectionStep::Compute => {
            let (candidates, marks) = sources::gather(&site, kept.selection.terms()).await?;
            act(&site, who, move |a| a.compute(id, candidates, &marks)).await?;
        }
        SelectionStep::Nominate { nominees, passed_over } => {
            let list = Nomination { nominees: named(nominees)?, passed_over: named(passed_over)? };
            act(&site, who, move |a| a.nominate(id, &list)).await?;
        }
        SelectionStep::Notice => {
            act(&site, who, move |a| a.put_up(id)).await?;
        }
        SelectionStep::Object { about, text } => {
            let about = subject(&about)?;
            act(&site, who, move |a| a.object(id, about, &text)).await?;
        }
        SelectionStep::Answer { number, upheld, reason } => {
            act(&site, who, move |a| a.answer(id, number, upheld, &reason)).await?;
        }
        SelectionStep::Withdraw { reason } => act(&site, who, move |a| a.withdraw(id, &reason)).await?,
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Vote, award or revoke.
#[utoipa::path(post, path = "/api/v1/selections/{id}/decisions", tag = "selections", security(("token" = [])),
    params(("id" = i64, Path)), request_body = SelectionDecision, responses(
    (status = 204, description = "Done"),
    (status = 400, description = "malformed, or bad_query: the message says why", body = ApiError),
    (status = 401, description = "no_token or bad_token", body = ApiError),
    (status = 403, description = "forbidden", body = ApiError),
    (status = 404, description = "not_found", body = ApiError),
    (status = 409, description = "conflict: the step does not follow", body = ApiError),
    (status = 413, description = "too_large", body = ApiError),
    (status = 503, description = "busy or unavailable", body = ApiError),
))]
async fn decide_selection(
    State(site): State<Arc<Site>>,
    decider: SelectionDecider,
    Path(id): Path<String>,
    body: Body,
) -> Result<StatusCode, ApiFault> {
    let decision: SelectionDecision = parse(&read_body(body, MAX_BODY).await?)?;
    let (kept, _) = found(&site, decider.who.reach.clone(), &id).await?;
    let (id, who) = (kept.id, decider.who);
    match decision {
        SelectionDecision::Vote { agrees, reason } => act(&site, who, move |a| a.vote(id, agrees, &reason)).await?,
        SelectionDecision::Award { issuer, period, until } => {
            act(&site, who, move |a| a.award(id, &issuer, &period, until)).await?;
        }
        SelectionDecision::Revoke { subject: of, reason } => {
            let of = subject(&of)?;
            act(&site, who, move |a| a.revoke(id, &of, &reason)).await?;
        }
    }
    Ok(StatusCode::NO_CONTENT)
}

fn terms_of(call: SelectionCall, version: u32, rules: SelectionsRules) -> Terms {
    let mut halls = call.halls;
    halls.sort();
    halls.dedup();
    Terms {
        title: call.title.trim().to_owned(),
        occasion: if call.year_end { Occasion::YearEnd } else { Occasion::Ordinary },
        honour: call.honour,
        halls,
        period: Period { from: call.from, to: call.to },
        seats: call.seats.unwrap_or(rules.seats),
        min_n: call.min_n.unwrap_or(rules.min_n),
        min_cover: rules.min_cover,
        no_open_serious: rules.no_open_serious,
        weights: rules.weights,
        notice_days: call.notice_days.unwrap_or(rules.notice_days),
        quorum: call.quorum.unwrap_or(rules.quorum),
        rules_version: version,
    }
}

async fn found(site: &Site, reach: Reach, id: &str) -> Result<(store::Kept, Option<Outcome>), ApiFault> {
    let id = super::pages::number(id).ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?;
    let read = move |conn: &rusqlite::Connection| -> rusqlite::Result<_> {
        let Some(kept) = store::one(conn, id)?.filter(|kept| kept.is_within(&reach)) else { return Ok(None) };
        Ok(Some((kept, store::result(conn, id)?.map(|(_, outcome)| outcome))))
    };
    let found = site.readers.read(read).await?.map_err(unavailable)?;
    found.ok_or_else(|| ApiFault::new(ErrorCode::NotFound))
}

async fn act<T: Send + 'static>(
    site: &Site,
    who: Who,
    act: impl FnOnce(&Acting<'_>) -> Result<T, Refused> + Send + 'static,
) -> Result<T, ApiFault> {
    perform(site, who, act).await?.map_err(|refused| fault_of(&refused))
}

fn named(list: Vec<Named>) -> Result<Vec<(Subject, String)>, ApiFault> {
    list.into_iter().map(|one| Ok((subject(&one.subject)?, one.reason))).collect()
}

fn subject(key: &str) -> Result<Subject, ApiFault> {
    let told = "subject: staff:HALL:NUMBER or window:HALL:WINDOW";
    Subject::of_key(key).ok_or_else(|| ApiFault::telling(ErrorCode::BadQuery, &told))
}

fn unavailable(cause: rusqlite::Error) -> ApiFault {
    ApiFault::because(ErrorCode::Unavailable, &cause)
}

pub mod paths {
    //! For the OpenAPI document.
    pub use super::{
        __path_call_selection, __path_decide_selection, __path_list_selections, __path_show_selection,
        __path_step_selection,
    };
}
