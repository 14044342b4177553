//! Pledges: what editors do, and what a second person decides.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::answers::{HallRefusal, Revision};
use super::{answer, identified, read, shown};
use crate::centre::access::{Approver, HallEditor, Who};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::change;
use crate::centre::hall::pledges::PledgeStep;
use crate::centre::site::Site;
use crate::domain::id::PledgeId;
use crate::protocol::ApiError;

/// A step with a pledge.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PledgeAct {
    /// The revision that was seen; 0: a new pledge.
    revision: u32,
    act: PledgeStep,
}

/// Draft, propose, withdraw, retire or restore a pledge.
#[utoipa::path(post, path = "/api/v1/halls/{hall}/pledges/{id}/steps", tag = "halls", security(("token" = [])),
    params(("hall" = String, Path), ("id" = String, Path)), request_body = PledgeAct, responses(
    (status = 200, body = Revision),
    (status = 400, description = "malformed, or bad_query: to be decided by somebody else", body = ApiError),
    (status = 404, description = "not_found", body = HallRefusal),
    (status = 409, description = "stale or conflict", body = HallRefusal),
    (status = 413, description = "too_large", body = ApiError),
    (status = 422, description = "faulty", body = HallRefusal),
))]
pub async fn step_pledge(
    State(site): State<Arc<Site>>,
    editor: HallEditor,
    Path((hall, id)): Path<(String, String)>,
    body: Body,
) -> Result<Response, ApiFault> {
    take(&site, editor.who, &hall, &id, body, false).await
}

/// Approve or decline a proposal: never one's own.
#[utoipa::path(post, path = "/api/v1/halls/{hall}/pledges/{id}/decisions", tag = "halls", security(("token" = [])),
    params(("hall" = String, Path), ("id" = String, Path)), request_body = PledgeAct, responses(
    (status = 200, body = Revision),
    (status = 400, description = "malformed, or bad_query: no decision", body = ApiError),
    (status = 404, description = "not_found", body = HallRefusal),
    (status = 409, description = "stale or conflict", body = HallRefusal),
    (status = 413, description = "too_large", body = ApiError),
    (status = 422, description = "faulty", body = HallRefusal),
))]
pub async fn decide_pledge(
    State(site): State<Arc<Site>>,
    approver: Approver,
    Path((hall, id)): Path<(String, String)>,
    body: Body,
) -> Result<Response, ApiFault> {
    take(&site, approver.who, &hall, &id, body, true).await
}

async fn take(site: &Site, who: Who, hall: &str, id: &str, body: Body, decides: bool) -> Result<Response, ApiFault> {
    let hall = shown(site, &who.reach, hall)?;
    let id: PledgeId = identified(id)?;
    let PledgeAct { revision, act } = read(body).await?;
    if act.decides() != decides {
        let told = "approve and decline are decisions, everything else is a step";
        return Err(ApiFault::telling(ErrorCode::BadQuery, &told));
    }
    Ok(answer(change(site, &hall.hall.id, who, move |s| s.step_pledge(&id, revision, act)).await?))
}
