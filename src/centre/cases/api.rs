//! The interface for programs: the register, one case, and what people do about it.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query as UrlQuery, State};
use axum::http::StatusCode;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::acts::{self, Asked, fault_of};
use super::asked::{Pairs, Register};
use super::evidence;
use super::look::{self, Looked};
use super::store::{Record, actor};
use crate::centre::access::{CaseDecider, CaseReader, CaseWorker, OwnReader, Routes, Who, parse, read_body};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::domain::case::{Actor, Escalation, Event, House, Light, Origin, Stage, Step, Verdict};
use crate::domain::id::{HallId, StaffNo, WindowId};
use crate::domain::rating::Satisfaction;
use crate::domain::role::Need;
use crate::domain::time::WallMs;
use crate::protocol::ApiError;

/// Bytes of a body.
const MAX_BODY: usize = 16 * 1024;
/// Cases of one answer.
const PER_PAGE: u32 = 100;

pub fn routes() -> Routes {
    Routes::new()
        .get("/api/v1/cases", Need::Cases, list_cases)
        .get("/api/v1/cases/{id}", Need::Cases, show_case)
        .post("/api/v1/cases/{id}/work", Need::CasesWork, work_on_case)
        .post("/api/v1/cases/{id}/decide", Need::CasesDecide, decide_case)
        .get("/api/v1/own/cases", Need::Own, list_own_cases)
        .post("/api/v1/own/cases/{id}/appeal", Need::Own, appeal_case)
}

/// One row of the register.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CaseRow {
    pub id: i64,
    pub hall: HallId,
    pub service_window: Option<WindowId>,
    /// The staff concerned.
    pub staff_no: Option<StaffNo>,
    /// rating, finding or pledge
    pub origin: String,
    /// Of a rating: its ledger and visit.
    pub ledger: Option<i64>,
    pub visit: Option<u64>,
    pub summary: String,
    pub serious: bool,
    /// Made by the demonstration.
    pub sample: bool,
    /// Milliseconds since 1970.
    #[schema(value_type = i64)]
    pub opened_ms: WallMs,
    pub stage: Stage,
    pub verdict: Option<Verdict>,
    /// Until when the next step is to be done.
    #[schema(value_type = Option<String>, format = Date)]
    pub due: Option<Date>,
    pub light: Light,
    /// Account of who handles it.
    pub handler: Option<i64>,
    pub escalation: Option<Escalation>,
    pub late_steps: u32,
    /// How much waits for a second person.
    pub waiting: u32,
    #[schema(value_type = Option<String>, format = Date)]
    pub closed_day: Option<Date>,
}

impl CaseRow {
    fn of(record: &Record, house: House<'_>, today: Date) -> Self {
        let (ledger, visit) = match record.about.origin {
            Origin::NegativeRating { ledger, visit } => (Some(ledger), Some(visit)),
            _ => (None, None),
        };
        Self {
            id: record.id,
            hall: record.about.hall.clone(),
            service_window: record.about.service_window.clone(),
            staff_no: record.about.staff_no.clone(),
            origin: record.about.origin.code().to_owned(),
            ledger,
            visit,
            summary: record.summary.clone(),
            serious: record.about.serious,
            sample: record.sample,
            opened_ms: record.opened,
            stage: record.stage,
            verdict: record.verdict,
            due: record.due,
            light: house.light(record.due, today),
            handler: record.handler,
            escalation: record.escalation,
            late_steps: record.late_steps,
            waiting: record.waiting,
            closed_day: record.closed_day,
        }
    }
}

/// Rows of the register: open ones first, by deadline; then the ended ones, the latest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CasePage {
    pub cases: Vec<CaseRow>,
    /// How many match.
    pub total: u64,
    /// Ask for this page for the next ones; absent at the end.
    pub next: Option<u64>,
}

/// What happened.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CaseHappened {
    #[schema(value_type = i64)]
    pub at_ms: WallMs,
    #[schema(value_type = String, format = Date)]
    pub day: Date,
    /// system, citizen or person
    pub actor: String,
    pub account: Option<i64>,
    /// The act's code.
    pub act: String,
    pub text: Option<String>,
}

impl CaseHappened {
    fn of(event: &Event) -> Self {
        let actor = match event.actor {
            Actor::System => "system",
            Actor::Citizen => "citizen",
            Actor::Person { .. } => "person",
        };
        Self {
            at_ms: event.at,
            day: event.day,
            actor: actor.to_owned(),
            account: event.actor.account(),
            act: event.action.code().to_owned(),
            text: event.action.text().map(str::to_owned),
        }
    }
}

/// A picture or PDF.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CasePiece {
    pub id: i64,
    pub name: String,
    pub bytes: u64,
    /// Its content type.
    pub kind: String,
}

/// One case.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CaseTold {
    pub case: CaseRow,
    pub next_step: Option<Step>,
    /// Working days left until the deadline; 0 today and past it.
    pub days_left: Option<u32>,
    /// What the citizen reads.
    pub reply: Option<String>,
    /// How the citizen rated that.
    pub rectification: Option<Satisfaction>,
    /// Whether the staff concerned appealed, and how that ended; none: not reviewed yet.
    pub appealed: bool,
    pub appeal_granted: Option<bool>,
    #[schema(value_type = Option<String>, format = Date)]
    pub appeal_due: Option<Date>,
    /// reminder, talk or circular
    pub accountability: Option<crate::domain::case::Grade>,
    pub events: Vec<CaseHappened>,
    pub evidence: Vec<CasePiece>,
    /// What the asker may do now: `verify`, `decide:extension`.
    pub possible: Vec<String>,
}

fn told(looked: &Looked, who: &Who) -> CaseTold {
    let (house, today, case) = (looked.house(), looked.at.day, &looked.case);
    let possible = acts::possible(case, (house, looked.at), &actor(who));
    CaseTold {
        case: CaseRow::of(&looked.record, house, today),
        next_step: case.step(),
        days_left: case.due.map(|due| house.left(due, today)),
        reply: case.reply.clone(),
        rectification: case.rectification,
        appealed: case.appeal.is_some(),
        appeal_granted: case.appeal.and_then(|a| a.granted),
        appeal_due: case.appeal_due,
        accountability: case.accountability,
        events: looked.log.iter().map(CaseHappened::of).collect(),
        evidence: looked.pieces.iter().map(piece).collect(),
        possible: possible.into_iter().map(str::to_owned).collect(),
    }
}

fn piece(piece: &evidence::Piece) -> CasePiece {
    CasePiece { id: piece.id, name: piece.name.clone(), bytes: piece.bytes, kind: piece.kind().to_owned() }
}

/// List cases.
///
/// 100 at a time.
#[utoipa::path(get, path = "/api/v1/cases", tag = "cases", security(("token" = [])), params(
    ("view" = Option<String>, Query, description = "open (the default), mine, waiting, escalated, ended or all"),
    ("stage" = Option<String>, Query, description = "A stage's code"),
    ("light" = Option<String>, Query, description = "calm, amber, red or overdue"),
    ("window" = Option<String>, Query, description = "hall/window"),
    ("hall" = Option<String>, Query, description = "A hall"),
    ("staff" = Option<String>, Query, description = "A staff number"),
    ("origin" = Option<String>, Query, description = "rating, finding or pledge"),
    ("page" = Option<u64>, Query, description = "From 1"),
), responses(
    (status = 200, body = CasePage),
    (status = 400, description = "bad_query: the message names the field", body = ApiError),
))]
async fn list_cases(
    State(site): State<Arc<Site>>,
    reader: CaseReader,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Result<Json<CasePage>, ApiFault> {
    let asked = Register::strictly(&pairs).map_err(|field| ApiFault::telling(ErrorCode::BadQuery, &field))?;
    let page = asked.page;
    let found = look::register(&site, &reader.who, asked, PER_PAGE).await?;
    let cases: Vec<_> = found.rows.iter().map(|r| CaseRow::of(r, found.house(), found.today)).collect();
    let more = page.saturating_mul(u64::from(PER_PAGE)) < found.total;
    Ok(Json(CasePage { cases, total: found.total, next: more.then_some(page + 1) }))
}

/// Show one case.
#[utoipa::path(get, path = "/api/v1/cases/{id}", tag = "cases", security(("token" = [])),
    params(("id" = i64, Path)), responses(
    (status = 200, body = CaseTold),
    (status = 404, description = "not_found", body = ApiError),
))]
async fn show_case(
    State(site): State<Arc<Site>>,
    reader: CaseReader,
    Path(id): Path<String>,
) -> Result<Json<CaseTold>, ApiFault> {
    let looked = look::one(&site, &reader.who.reach, identified(&id)?).await?;
    Ok(Json(told(&looked.ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?, &reader.who)))
}

/// Move a case on.
///
/// Whoever handles it verifies, puts right, replies, follows up; refusals name the reason.
#[utoipa::path(post, path = "/api/v1/cases/{id}/work", tag = "cases", security(("token" = [])),
    params(("id" = i64, Path)), request_body = Asked, responses(
    (status = 200, description = "The case afterwards", body = CaseTold),
    (status = 400, description = "malformed", body = ApiError),
    (status = 403, description = "forbidden: the message says whether role, handler or second person is missing", body = ApiError),
    (status = 404, description = "not_found", body = ApiError),
    (status = 409, description = "conflict: the message says why not now", body = ApiError),
    (status = 413, description = "too_large", body = ApiError),
    (status = 422, description = "faulty: a text, a number of days, or an account", body = ApiError),
))]
async fn work_on_case(
    State(site): State<Arc<Site>>,
    worker: CaseWorker,
    Path(id): Path<String>,
    body: Body,
) -> Result<Json<CaseTold>, ApiFault> {
    ask(&site, worker.who, Need::CasesWork, &id, body).await
}

/// Be the second person of a case: agree or not, review an appeal, recheck, open again.
#[utoipa::path(post, path = "/api/v1/cases/{id}/decide", tag = "cases", security(("token" = [])),
    params(("id" = i64, Path)), request_body = Asked, responses(
    (status = 200, description = "The case afterwards", body = CaseTold),
    (status = 400, description = "malformed", body = ApiError),
    (status = 403, description = "forbidden: the message says whether role or second person is missing", body = ApiError),
    (status = 404, description = "not_found", body = ApiError),
    (status = 409, description = "conflict: the message says why not now", body = ApiError),
    (status = 413, description = "too_large", body = ApiError),
    (status = 422, description = "faulty: a text", body = ApiError),
))]
async fn decide_case(
    State(site): State<Arc<Site>>,
    decider: CaseDecider,
    Path(id): Path<String>,
    body: Body,
) -> Result<Json<CaseTold>, ApiFault> {
    ask(&site, decider.who, Need::CasesDecide, &id, body).await
}

async fn ask(site: &Arc<Site>, who: Who, need: Need, id: &str, body: Body) -> Result<Json<CaseTold>, ApiFault> {
    let id = identified(id)?;
    let asked: Asked = parse(&read_body(body, MAX_BODY).await?)?;
    if !asked.is_of(need) {
        return Err(ApiFault::telling(ErrorCode::Forbidden, &"this act belongs to the other address: work or decide"));
    }
    let who = Arc::new(who);
    let done = acts::act(site, Arc::clone(&who), move |a| a.ask(id, asked)).await?;
    done.map_err(|fault| fault_of(&fault))?;
    let looked = look::one(site, &who.reach, id).await?.ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?;
    Ok(Json(told(&looked, &who)))
}

/// A verified case, as the staff concerned sees it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OwnCase {
    pub id: i64,
    pub summary: String,
    pub service_window: Option<WindowId>,
    pub stage: Stage,
    pub verdict: Option<Verdict>,
    pub may_appeal: bool,
    pub appealed: bool,
    pub appeal_granted: Option<bool>,
    /// Until when they may appeal.
    #[schema(value_type = Option<String>, format = Date)]
    pub appeal_due: Option<Date>,
}

/// Verified cases about oneself, the latest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OwnCases {
    pub cases: Vec<OwnCase>,
}

/// List the verified cases about oneself.
#[utoipa::path(get, path = "/api/v1/own/cases", tag = "cases", security(("token" = [])), responses(
    (status = 200, body = OwnCases),
))]
async fn list_own_cases(State(site): State<Arc<Site>>, own: OwnReader) -> Result<Json<OwnCases>, ApiFault> {
    let found = look::own(&site, &own).await?;
    let cases = found.iter().map(|looked| OwnCase {
        id: looked.record.id,
        summary: looked.record.summary.clone(),
        service_window: looked.record.about.service_window.clone(),
        stage: looked.case.stage,
        verdict: looked.case.verdict,
        may_appeal: look::may_appeal(looked, &own.who),
        appealed: looked.case.appeal.is_some(),
        appeal_granted: looked.case.appeal.and_then(|a| a.granted),
        appeal_due: looked.case.appeal_due,
    });
    Ok(Json(OwnCases { cases: cases.collect() }))
}

/// Why somebody appeals.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Appealing {
    /// 1 to 1,000 characters.
    pub text: String,
}

/// Appeal a verdict about oneself.
#[utoipa::path(post, path = "/api/v1/own/cases/{id}/appeal", tag = "cases", security(("token" = [])),
    params(("id" = i64, Path)), request_body = Appealing, responses(
    (status = 204, description = "Done"),
    (status = 400, description = "malformed", body = ApiError),
    (status = 404, description = "not_found", body = ApiError),
    (status = 409, description = "conflict: the message says why not now", body = ApiError),
    (status = 413, description = "too_large", body = ApiError),
    (status = 422, description = "faulty: the text", body = ApiError),
))]
async fn appeal_case(
    State(site): State<Arc<Site>>,
    own: OwnReader,
    Path(id): Path<String>,
    body: Body,
) -> Result<StatusCode, ApiFault> {
    let id = identified(&id)?;
    let said: Appealing = parse(&read_body(body, MAX_BODY).await?)?;
    let done = acts::act(&site, Arc::new(own.who), move |a| a.appeal(id, &said.text)).await?;
    done.map_err(|fault| fault_of(&fault))?;
    Ok(StatusCode::NO_CONTENT)
}

fn identified(id: &str) -> Result<i64, ApiFault> {
    look::number(id).ok_or_else(|| ApiFault::new(ErrorCode::NotFound))
}

pub mod paths {
    //! For the OpenAPI document.
    pub use super::{
        __path_appeal_case, __path_decide_case, __path_list_cases, __path_list_own_cases, __path_show_case,
        __path_work_on_case,
    };
}
