//! The fleet for programs: the same states and acts as the pages, as JSON.

use std::sync::Arc;

use super::answers::{
    AlarmOut, ChangeOut, CodeMade, CodeWanted, CodesOut, Done, EpochOut, FleetOut, ReasonGiven, TerminalDetail,
    VerdictGiven, alarm_out, code_out, fork_out, out,
};
use super::list::Asked;
use super::{acts, codes, detail, terminal, terminals};
use crate::centre::access::{Explainer, FleetKeeper, FleetReader, Routes, parse};
use crate::centre::clock;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::ingest::explanations::ExplainRefusal;
use crate::centre::site::Site;
use crate::domain::id::HallId;
use crate::domain::role::Need;
use crate::ledger::keys::DeviceId;
use crate::protocol::ApiError;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query as UrlQuery, State};

pub fn routes() -> Routes {
    Routes::new()
        .get("/api/v1/fleet", Need::Fleet, list_fleet)
        .get("/api/v1/fleet/{device}", Need::Fleet, show_terminal)
        .post("/api/v1/fleet/{device}/retire", Need::FleetKeep, retire_terminal)
        .post("/api/v1/fleet/{device}/{epoch}/explanation", Need::Explain, explain_epoch)
        .post("/api/v1/fleet/{device}/{epoch}/forks/{at}/decision", Need::Explain, decide_fork)
        .get("/api/v1/enrol-codes", Need::FleetKeep, list_codes)
        .post("/api/v1/enrol-codes", Need::FleetKeep, make_code)
        .delete("/api/v1/enrol-codes/{id}", Need::FleetKeep, revoke_code)
}

/// List the terminals of one's halls, those that need a look first.
#[utoipa::path(get, path = "/api/v1/fleet", tag = "fleet", security(("token" = [])),
    params(("hall" = Option<HallId>, Query), ("state" = Option<String>, Query, description = "well, look, bad or ended")),
    responses((status = 200, body = FleetOut)))]
async fn list_fleet(
    State(site): State<Arc<Site>>,
    reader: FleetReader,
    UrlQuery(asked): UrlQuery<Asked>,
) -> Result<Json<FleetOut>, ApiFault> {
    let all = terminals(&site, move |hall| reader.covers(hall), clock::now().wall).await?;
    Ok(Json(FleetOut { terminals: all.iter().filter(|t| asked.holds(t)).map(out).collect() }))
}

/// Show one terminal with its epochs, alarms and changes.
#[utoipa::path(get, path = "/api/v1/fleet/{device}", tag = "fleet", security(("token" = [])),
    params(("device" = DeviceId, Path)),
    responses((status = 200, body = TerminalDetail),
        (status = 404, body = ApiError)))]
async fn show_terminal(
    State(site): State<Arc<Site>>,
    reader: FleetReader,
    Path(device): Path<String>,
) -> Result<Json<TerminalDetail>, ApiFault> {
    let found = terminal(&site, move |hall| reader.covers(hall), &device, clock::now().wall).await?;
    let behind = detail::behind(&site, &found).await?;
    let epochs = behind.epochs.iter().map(|e| EpochOut {
        epoch: e.standing.epoch,
        held_seq: e.standing.head.seq,
        hash: e.standing.head.hash,
        running: e.running,
        explained: e.explained.as_ref().map(|x| x.reason),
        forks: e.forks.iter().map(fork_out).collect(),
    });
    let alarms = behind.alarms.iter().map(|(a, closed)| AlarmOut { closed_ms: closed.map(|c| c.0), ..alarm_out(a) });
    let changes = behind
        .changes
        .iter()
        .map(|c| ChangeOut { changed_ms: c.at.0, concerns: c.concerns.iter().map(|c| c.code()).collect() });
    let (epochs, alarms, changes) = (epochs.collect(), alarms.collect(), changes.collect());
    Ok(Json(TerminalDetail { terminal: out(&found), epochs, alarms, changes }))
}

/// Refuse a device from now on.
#[utoipa::path(post, path = "/api/v1/fleet/{device}/retire", tag = "fleet", security(("token" = [])),
    params(("device" = DeviceId, Path)), request_body = ReasonGiven,
    responses((status = 200, body = Done), (status = 400, body = ApiError), (status = 404, body = ApiError), (status = 413, body = ApiError)))]
async fn retire_terminal(
    State(site): State<Arc<Site>>,
    keeper: FleetKeeper,
    Path(device): Path<String>,
    body: Bytes,
) -> Result<Json<Done>, ApiFault> {
    let who = Arc::new(keeper.who.clone());
    let found = terminal(&site, move |hall| keeper.covers(hall), &device, clock::now().wall).await?;
    let given: ReasonGiven = parse(&body)?;
    need_words(&given.words)?;
    acts::retire(&site, &who, &found.device, given.reason, &given.words).await?;
    Ok(Json(Done { done: true }))
}

/// Say how an epoch ended that was never closed.
#[utoipa::path(post, path = "/api/v1/fleet/{device}/{epoch}/explanation", tag = "fleet", security(("token" = [])),
    params(("device" = DeviceId, Path), ("epoch" = u32, Path)), request_body = ReasonGiven,
    responses((status = 200, body = Done), (status = 400, body = ApiError), (status = 404, body = ApiError), (status = 413, body = ApiError)))]
async fn explain_epoch(
    State(site): State<Arc<Site>>,
    explainer: Explainer,
    Path((device, epoch)): Path<(String, String)>,
    body: Bytes,
) -> Result<Json<Done>, ApiFault> {
    let who = Arc::new(explainer.who.clone());
    let found = terminal(&site, move |hall| explainer.covers(hall), &device, clock::now().wall).await?;
    let epoch: u32 = epoch.parse().map_err(|_| ApiFault::new(ErrorCode::NotFound))?;
    let given: ReasonGiven = parse(&body)?;
    let done = acts::explain(&site, &who, (found.device.id, epoch), given.reason, &given.words).await?;
    done.map_err(refused)?;
    Ok(Json(Done { done: true }))
}

/// Decide which of two histories the figures count.
#[utoipa::path(post, path = "/api/v1/fleet/{device}/{epoch}/forks/{at}/decision", tag = "fleet", security(("token" = [])),
    params(("device" = DeviceId, Path), ("epoch" = u32, Path), ("at" = u64, Path)), request_body = VerdictGiven,
    responses((status = 200, body = Done), (status = 400, body = ApiError), (status = 404, body = ApiError), (status = 409, description = "already_decided", body = ApiError),
        (status = 413, body = ApiError)))]
async fn decide_fork(
    State(site): State<Arc<Site>>,
    explainer: Explainer,
    Path((device, epoch, at)): Path<(String, String, String)>,
    body: Bytes,
) -> Result<Json<Done>, ApiFault> {
    let who = Arc::new(explainer.who.clone());
    let found = terminal(&site, move |hall| explainer.covers(hall), &device, clock::now().wall).await?;
    let place = epoch.parse::<u32>().ok().zip(at.parse::<u64>().ok());
    let (epoch, at) = place.ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?;
    let given: VerdictGiven = parse(&body)?;
    let done = acts::decide(&site, &who, (found.device.id, epoch, at), given.verdict, &given.words).await?;
    done.map_err(refused)?;
    Ok(Json(Done { done: true }))
}

/// List the latest enrolment codes of one's halls, without the codes themselves.
#[utoipa::path(get, path = "/api/v1/enrol-codes", tag = "fleet", security(("token" = [])),
    responses((status = 200, body = CodesOut)))]
async fn list_codes(State(site): State<Arc<Site>>, keeper: FleetKeeper) -> Result<Json<CodesOut>, ApiFault> {
    let codes = codes::listed(&site, move |hall| keeper.covers(hall)).await?;
    Ok(Json(CodesOut { codes: codes.iter().map(code_out).collect() }))
}

/// Make a one-time code, valid for a day, for the device at one window.
#[utoipa::path(post, path = "/api/v1/enrol-codes", tag = "fleet", security(("token" = [])), request_body = CodeWanted,
    responses((status = 200, body = CodeMade), (status = 400, body = ApiError), (status = 404, description = "No such window in one's halls", body = ApiError),
        (status = 413, body = ApiError)))]
async fn make_code(
    State(site): State<Arc<Site>>,
    keeper: FleetKeeper,
    body: Bytes,
) -> Result<Json<CodeMade>, ApiFault> {
    let wanted: CodeWanted = parse(&body)?;
    let place = codes::place(&site, &keeper, &format!("{}/{}", wanted.hall, wanted.window));
    let (hall, window) = place.ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?;
    let who = Arc::new(keeper.who);
    Ok(Json(CodeMade { code: acts::make_code(&site, &who, wanted.kiosk, window, hall).await? }))
}

/// Withdraw a code that nobody has used.
#[utoipa::path(delete, path = "/api/v1/enrol-codes/{id}", tag = "fleet", security(("token" = [])), params(("id" = i64, Path)),
    responses((status = 200, body = Done),
        (status = 404, body = ApiError)))]
async fn revoke_code(
    State(site): State<Arc<Site>>,
    keeper: FleetKeeper,
    Path(id): Path<String>,
) -> Result<Json<Done>, ApiFault> {
    let id: i64 = id.parse().map_err(|_| ApiFault::new(ErrorCode::NotFound))?;
    if acts::revoke_code(&site, &Arc::new(keeper.who), id).await? {
        Ok(Json(Done { done: true }))
    } else {
        Err(ApiFault::new(ErrorCode::NotFound))
    }
}

fn need_words(words: &str) -> Result<(), ApiFault> {
    if acts::are_words(words) { Ok(()) } else { Err(refused(ExplainRefusal::Words)) }
}

fn refused(refusal: ExplainRefusal) -> ApiFault {
    match refusal {
        ExplainRefusal::NotThere => ApiFault::new(ErrorCode::NotFound),
        ExplainRefusal::Decided => ApiFault::new(ErrorCode::AlreadyDecided),
        ExplainRefusal::Words => ApiFault::telling(ErrorCode::Malformed, &"words: one line of 2 to 300 characters"),
    }
}

pub(in crate::centre) mod paths {
    //! For the OpenAPI document.
    pub use super::{
        __path_decide_fork, __path_explain_epoch, __path_list_codes, __path_list_fleet, __path_make_code,
        __path_retire_terminal, __path_revoke_code, __path_show_terminal,
    };
}
