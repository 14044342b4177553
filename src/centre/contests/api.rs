//! The interface: published events with their results.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::store::{self, Contest, Part};
use crate::centre::access::{Routes, StatisticsReader};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::domain::id::{HallId, StaffNo};
use crate::domain::role::Need;

pub fn routes() -> Routes {
    Routes::new().get("/api/v1/contests", Need::Statistics, list_contests)
}

/// Published events, the latest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ContestList {
    pub contests: Vec<ContestShown>,
}

/// A published event.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ContestShown {
    pub id: i64,
    /// contest or training
    pub kind: String,
    pub title: String,
    /// YYYY-MM-DD
    pub day: String,
    pub issuer: String,
    pub halls: Vec<HallId>,
    pub criteria: Vec<CriterionShown>,
    /// Those within the asker's reach; of staff only themselves.
    pub people: Vec<ContestPersonShown>,
}

/// What was scored, and the best score.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CriterionShown {
    pub name: String,
    pub max: u32,
}

/// Somebody who took part, or was expected to.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ContestPersonShown {
    pub hall: HallId,
    pub staff_no: StaffNo,
    pub attended: bool,
    /// Points by criterion; absent: not scored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scores: Option<Vec<f64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<f64>,
    /// Among all who were scored; equal totals share it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<u64>,
}

/// List skill contests and training days whose results are published.
///
/// The latest 1,000 that concern a hall within reach.
#[utoipa::path(get, path = "/api/v1/contests", tag = "contests", security(("token" = [])), responses(
    (status = 200, body = ContestList),
))]
async fn list_contests(State(site): State<Arc<Site>>, reader: StatisticsReader) -> Result<Json<ContestList>, ApiFault> {
    let read = move |conn: &rusqlite::Connection| -> rusqlite::Result<Vec<ContestShown>> {
        let mut out = Vec::new();
        for contest in store::all(conn)?.into_iter().filter(|c| c.published.is_some()) {
            if !contest.halls.iter().any(|hall| reader.covers(hall)) {
                continue;
            }
            let mut parts = store::parts(conn, contest.id)?;
            parts.retain(|p| reader.covers(&p.hall) && reader.only_staff.as_ref().is_none_or(|own| own == &p.staff_no));
            if reader.only_staff.is_none() || !parts.is_empty() {
                out.push(shown(contest, parts));
            }
        }
        Ok(out)
    };
    let contests = site.readers.read(read).await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    Ok(Json(ContestList { contests }))
}

fn shown(contest: Contest, parts: Vec<Part>) -> ContestShown {
    let plain = |centi: u32| f64::from(centi) / 100.0;
    let person = |part: Part| ContestPersonShown {
        attended: part.entry.attended,
        total: part.entry.total().map(plain),
        scores: part.entry.scores.map(|scores| scores.into_iter().map(plain).collect()),
        hall: part.hall,
        staff_no: part.staff_no,
        rank: part.rank,
    };
    ContestShown {
        id: contest.id,
        kind: contest.kind.code().to_owned(),
        title: contest.title,
        day: contest.day.to_string(),
        issuer: contest.issuer,
        halls: contest.halls,
        criteria: contest.criteria.into_iter().map(|c| CriterionShown { name: c.name, max: c.max }).collect(),
        people: parts.into_iter().map(person).collect(),
    }
}

pub mod paths {
    //! For the OpenAPI document.
    pub use super::__path_list_contests;
}
