//! The interface for programs: inspections that the asker sees, and handing in visits.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query as UrlQuery, State};
use axum::http::StatusCode;
use axum::{Json, response::IntoResponse as _, response::Response};
use serde::{Deserialize, Serialize};

use super::pages::{fault_of, number};
use super::pictures::{NotTaken, Submission, hand_in};
use super::refused::Refused;
use super::sight::Sight;
use super::store::{self, Record, Remark, Wanted};
use super::visits::{self, Found, Visit};
use crate::centre::access::{HallReader, Inspector, Routes, parse, read_body};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::domain::id::{HallId, StaffNo, WindowId};
use crate::domain::inspection::visit::{Concern, ItemAnswer, VisitReport};
use crate::domain::inspection::{Gravity, InspectionKind, InspectionStage, RemarkKind};
use crate::domain::role::Need;
use crate::domain::time::WallMs;
use crate::protocol::ApiError;
use crate::words::Language;

/// Inspections of one answer.
const MAX_LISTED: u64 = 200;
/// Bytes of a visit with its pictures as text.
const MAX_BODY: usize = 24 * 1024 * 1024;

pub fn routes() -> Routes {
    Routes::new()
        .get("/api/v1/inspections", Need::Hall, list_inspections)
        .get("/api/v1/inspections/{id}", Need::Hall, show_inspection)
        .post("/api/v1/inspections/{id}/visits", Need::Inspect, hand_in_visit)
        .taking(MAX_BODY)
}

/// One inspection of a list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct InspectionOut {
    pub id: i64,
    pub hall: HallId,
    pub title: String,
    pub kind: InspectionKind,
    pub stage: InspectionStage,
    #[schema(value_type = String, format = Date)]
    pub from: jiff::civil::Date,
    #[schema(value_type = String, format = Date)]
    pub to: jiff::civil::Date,
    /// Windows to be visited; empty: all of the hall.
    pub windows: Vec<WindowId>,
    pub inspectors: Vec<String>,
    pub planned_by: String,
    /// Number and version of its list.
    pub checklist: u32,
    pub checklist_version: u32,
    pub visits: u32,
    pub findings: u32,
}

/// A page of them, the latest plan first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct InspectionPage {
    pub inspections: Vec<InspectionOut>,
    /// How many there are in all, for the asker.
    pub total: u64,
}

/// One inspection with everything.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct InspectionDetail {
    pub inspection: InspectionOut,
    pub visits: Vec<VisitOut>,
    pub remarks: Vec<RemarkOut>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct VisitOut {
    /// 1, 2, … within its inspection.
    pub visit: u32,
    pub window: WindowId,
    #[schema(value_type = i64)]
    pub at_ms: WallMs,
    pub staff_no: Option<StaffNo>,
    pub made_by: String,
    /// 0 to 100; absent where no item with a weight applied.
    pub score: Option<f64>,
    pub answers: Vec<ItemAnswer>,
    pub findings: Vec<FindingOut>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FindingOut {
    /// 1, 2, … within its inspection.
    pub finding: u32,
    pub text: String,
    pub gravity: Gravity,
    pub concern: Option<Concern>,
    /// Addresses of its pictures on the pages.
    pub pictures: Vec<String>,
    pub order: Option<FindingOrderOut>,
}

/// 限期整改
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FindingOrderOut {
    pub text: String,
    pub days: u16,
    #[schema(value_type = String, format = Date)]
    pub due: jiff::civil::Date,
}

/// What somebody added: a remark, the hall's answer, or why it was called off.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RemarkOut {
    pub kind: RemarkKind,
    pub text: String,
    pub made_by: String,
    #[schema(value_type = i64)]
    pub made_ms: WallMs,
}

/// A visit to be handed in.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitSubmission {
    /// 32 hexadecimal digits, made by the sender for this visit alone: the same again counts once.
    pub submission: String,
    pub report: VisitReport,
    /// Pictures of each finding, in their order: PNG or JPEG in base 64, at most 6 in all.
    #[serde(default)]
    pub pictures: Vec<Vec<String>>,
}

/// What became of it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct VisitTaken {
    /// Its number within the inspection.
    pub visit: u32,
    /// It had come before.
    pub again: bool,
}

/// List inspections.
///
/// Undercover ones that are not released yet stand here for their planner, their inspectors and leaders alone.
#[utoipa::path(get, path = "/api/v1/inspections", tag = "inspections", security(("token" = [])), params(
    ("show" = Option<String>, Query, description = "open (the default) or all"),
    ("skip" = Option<u64>, Query, description = "How many to leave out; 200 are listed at a time"),
), responses(
    (status = 200, body = InspectionPage),
    (status = 400, description = "bad_query", body = ApiError),
    (status = 401, description = "no_token or bad_token", body = ApiError),
    (status = 403, description = "forbidden", body = ApiError),
    (status = 503, description = "busy or unavailable", body = ApiError),
))]
async fn list_inspections(
    State(site): State<Arc<Site>>,
    reader: HallReader,
    UrlQuery(pairs): UrlQuery<Vec<(String, String)>>,
) -> Result<Json<InspectionPage>, ApiFault> {
    let (mut open, mut skip) = (true, 0_u64);
    for (name, value) in &pairs {
        match (name.as_str(), value.as_str()) {
            ("show", "open") => open = true,
            ("show", "all") => open = false,
            ("skip", n) => skip = n.parse().map_err(|_| bad_query())?,
            _ => return Err(bad_query()),
        }
    }
    let (sight, wanted) = (Sight::of(&reader.who), Wanted { open, ..Wanted::default() });
    let read = move |conn: &rusqlite::Connection| -> rusqlite::Result<_> {
        Ok((store::list(conn, &sight, wanted, skip, MAX_LISTED)?, store::count(conn, &sight, wanted)?))
    };
    let (records, total) = site.readers.read(read).await?.map_err(unavailable)?;
    Ok(Json(InspectionPage { inspections: records.into_iter().map(out).collect(), total }))
}

/// Show one inspection.
#[utoipa::path(get, path = "/api/v1/inspections/{id}", tag = "inspections", security(("token" = [])),
    params(("id" = i64, Path)), responses(
    (status = 200, body = InspectionDetail),
    (status = 401, description = "no_token or bad_token", body = ApiError),
    (status = 403, description = "forbidden", body = ApiError),
    (status = 404, description = "not_found, also for what the asker may not see yet", body = ApiError),
    (status = 503, description = "busy or unavailable", body = ApiError),
))]
async fn show_inspection(
    State(site): State<Arc<Site>>,
    reader: HallReader,
    Path(id): Path<String>,
) -> Result<Json<InspectionDetail>, ApiFault> {
    let (id, sight) = (identified(&id)?, Sight::of(&reader.who));
    let read = move |conn: &rusqlite::Connection| -> rusqlite::Result<_> {
        let Some(record) = sight.one(conn, id)? else { return Ok(None) };
        Ok(Some((record, visits::of(conn, id)?, visits::findings(conn, id)?, store::remarks(conn, id)?)))
    };
    let found = site.readers.read(read).await?.map_err(unavailable)?;
    let (record, made, found, remarks) = found.ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?;
    Ok(Json(InspectionDetail {
        visits: made.into_iter().map(|v| visit_out(v, record.id, &found)).collect(),
        remarks: remarks.into_iter().map(remark_out).collect(),
        inspection: out(record),
    }))
}

/// Hand in a visit.
///
/// Only inspectors of the inspection may. The same submission again is answered with what it became, and changes nothing.
#[utoipa::path(post, path = "/api/v1/inspections/{id}/visits", tag = "inspections", security(("token" = [])),
    params(("id" = i64, Path)), request_body = VisitSubmission, responses(
    (status = 200, description = "It had come before", body = VisitTaken),
    (status = 201, body = VisitTaken),
    (status = 400, description = "malformed or bad_query: the message says why", body = ApiError),
    (status = 401, description = "no_token or bad_token", body = ApiError),
    (status = 403, description = "forbidden: the asker is no inspector of it", body = ApiError),
    (status = 404, description = "not_found", body = ApiError),
    (status = 409, description = "conflict: its stage, period or windows do not allow it, or something else was handed in under this id", body = ApiError),
    (status = 413, description = "too_large", body = ApiError),
    (status = 503, description = "busy or unavailable", body = ApiError),
))]
async fn hand_in_visit(
    State(site): State<Arc<Site>>,
    inspector: Inspector,
    Path(id): Path<String>,
    body: Body,
) -> Result<Response, ApiFault> {
    let inspection = identified(&id)?;
    let sent: VisitSubmission = parse(&read_body(body, MAX_BODY).await?)?;
    let telling = |what: &dyn std::fmt::Display| ApiFault::telling(ErrorCode::BadQuery, what);
    let id =
        super::pages::submission_id(&sent.submission).ok_or_else(|| telling(&"submission: 32 hexadecimal digits"))?;
    if sent.pictures.len() > sent.report.findings.len() {
        return Err(telling(&"pictures: of no more findings than there are"));
    }
    let decoded = |text: &String| data_encoding::BASE64.decode(text.as_bytes()).map(Bytes::from);
    let pictures = sent.pictures.iter().map(|of| of.iter().map(decoded).collect::<Result<Vec<_>, _>>());
    let pictures = pictures.collect::<Result<Vec<_>, _>>().map_err(|_| telling(&"pictures: base 64"))?;
    let submission = Submission { inspection, id, report: sent.report, pictures };
    match hand_in(&site, &Arc::new(inspector.who), submission).await? {
        Ok(handed) => {
            let status = if handed.again { StatusCode::OK } else { StatusCode::CREATED };
            Ok((status, Json(VisitTaken { visit: handed.visit, again: handed.again })).into_response())
        }
        Err(NotTaken::Refused(refused)) => Err(refusal(&refused)),
        Err(fault @ NotTaken::Picture { .. }) => Err(telling(&fault)),
    }
}

fn refusal(refused: &Refused) -> ApiFault {
    fault_of(refused, Language::En)
}

fn out(record: Record) -> InspectionOut {
    let i = record.inspection;
    InspectionOut {
        id: record.id,
        hall: record.hall,
        title: record.title,
        kind: i.kind,
        stage: i.stage,
        from: i.period.from,
        to: i.period.to,
        windows: i.windows,
        inspectors: record.inspector_names,
        planned_by: record.planned_by,
        checklist: record.checklist.0,
        checklist_version: record.checklist.1,
        visits: i.visits,
        findings: i.findings,
    }
}

fn visit_out(visit: Visit, inspection: i64, found: &[Found]) -> VisitOut {
    let of_visit = found.iter().filter(|f| f.visit == visit.visit);
    VisitOut {
        visit: visit.visit,
        window: visit.service_window,
        at_ms: visit.at,
        staff_no: visit.staff_no,
        made_by: visit.made_by,
        score: visit.score,
        answers: visit.answers,
        findings: of_visit.map(|f| finding_out(f, inspection)).collect(),
    }
}

fn finding_out(found: &Found, inspection: i64) -> FindingOut {
    let address = |name: &str| format!("/inspections/{inspection}/pictures/{name}");
    let order = |o: &visits::Order| FindingOrderOut { text: o.text.clone(), days: o.days, due: o.due };
    FindingOut {
        finding: found.finding,
        text: found.text.clone(),
        gravity: found.gravity,
        concern: found.concern.clone(),
        pictures: found.pictures.iter().map(|p| address(&p.name)).collect(),
        order: found.order.as_ref().map(order),
    }
}

fn remark_out(remark: Remark) -> RemarkOut {
    RemarkOut { kind: remark.kind, text: remark.text, made_by: remark.made_by, made_ms: remark.made }
}

fn identified(id: &str) -> Result<i64, ApiFault> {
    number(id).ok_or_else(|| ApiFault::new(ErrorCode::NotFound))
}

fn bad_query() -> ApiFault {
    ApiFault::telling(ErrorCode::BadQuery, &"show: open or all; skip: a number")
}

fn unavailable(cause: rusqlite::Error) -> ApiFault {
    ApiFault::because(ErrorCode::Unavailable, &cause)
}

pub mod paths {
    //! For the OpenAPI document.
    pub use super::{__path_hand_in_visit, __path_list_inspections, __path_show_inspection};
}
