//! The interface for programs: what halls keep, and every change that pages offer. What lies outside of the asker's reach
//! answers as if it did not exist.

mod answers;
mod lists;
mod objects;
mod pledges;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::{Json, response::IntoResponse as _};

pub use self::answers::{HallContent, HallFault, HallList, HallRefusal, HallSummary, Revision, TableChange, TablePlan};
use super::acts::Refused;
use super::kinds::Kind;
use super::portrait::MAX_UPLOAD_BYTES;
use super::sheets::table::MAX_FILE_BYTES;
use crate::centre::access::{HallEditor, HallReader, Reach, Routes, parse, read_body};
use crate::centre::boards::HallBoard;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::domain::id::HallId;
use crate::domain::role::Need;
use crate::protocol::ApiError;

/// Bytes of a body that is neither a picture nor a table.
const MAX_BODY: usize = 64 * 1024;

pub fn routes() -> Routes {
    Routes::new()
        .post("/api/v1/halls/{hall}/lists/{list}", Need::HallEdit, lists::import_list)
        .put("/api/v1/halls/{hall}/staff/{staff_no}/portrait", Need::HallEdit, objects::set_portrait)
        .taking(MAX_FILE_BYTES.max(MAX_UPLOAD_BYTES) + 1)
        .get("/api/v1/halls", Need::Hall, list_halls)
        .get("/api/v1/halls/{hall}", Need::Hall, show_hall)
        .post("/api/v1/halls/{hall}/take-over", Need::HallEdit, take_over_hall)
        .get("/api/v1/halls/{hall}/lists/{list}", Need::Hall, lists::export_list)
        .put("/api/v1/halls/{hall}/order/{kind}", Need::HallEdit, objects::arrange_objects)
        .put("/api/v1/halls/{hall}/objects/{kind}/{id}", Need::HallEdit, objects::put_object)
        .post("/api/v1/halls/{hall}/objects/{kind}/{id}/retire", Need::HallEdit, objects::retire_object)
        .put("/api/v1/halls/{hall}/staff/{staff_no}/pin", Need::HallEdit, objects::set_pin)
        .post("/api/v1/halls/{hall}/pledges/{id}/steps", Need::HallEdit, pledges::step_pledge)
        .post("/api/v1/halls/{hall}/pledges/{id}/decisions", Need::Approve, pledges::decide_pledge)
}

/// List the halls that the asker reaches.
#[utoipa::path(get, path = "/api/v1/halls", tag = "halls", security(("token" = [])), responses(
    (status = 200, body = HallList),
))]
async fn list_halls(State(site): State<Arc<Site>>, reader: HallReader) -> Json<HallList> {
    let boards = site.boards.get();
    let mut halls: Vec<_> =
        boards.halls().filter(|(id, _)| reader.covers(id)).map(|(_, shown)| HallSummary::of(&shown.hall)).collect();
    halls.sort_by(|a, b| a.hall.cmp(&b.hall));
    Json(HallList { halls })
}

/// Show everything that a hall keeps, retired things and all versions of pledges included. PINs are left out.
#[utoipa::path(get, path = "/api/v1/halls/{hall}", tag = "halls", security(("token" = [])),
    params(("hall" = String, Path)), responses(
    (status = 200, body = HallContent),
    (status = 404, description = "not_found", body = ApiError),
))]
async fn show_hall(
    State(site): State<Arc<Site>>,
    reader: HallReader,
    Path(hall): Path<String>,
) -> Result<Json<HallContent>, ApiFault> {
    Ok(Json(HallContent::of(&shown(&site, reader.reach(), &hall)?.hall)))
}

/// Take a hall over from its board file.
///
/// Everything on the board enters the centre as kiosks show it now; the file is not read any more.
#[utoipa::path(post, path = "/api/v1/halls/{hall}/take-over", tag = "halls", security(("token" = [])),
    params(("hall" = String, Path)), responses(
    (status = 200, body = HallSummary),
    (status = 404, description = "not_found", body = ApiError),
    (status = 409, description = "conflict: the centre leads it already", body = HallRefusal),
    (status = 422, description = "faulty", body = HallRefusal),
))]
async fn take_over_hall(
    State(site): State<Arc<Site>>,
    editor: HallEditor,
    Path(hall): Path<String>,
) -> Result<Response, ApiFault> {
    let id = shown(&site, editor.reach(), &hall)?.hall.id.clone();
    match super::take_over(&site, &id, editor.who).await? {
        Ok(()) => Ok(Json(HallSummary::of(&known(&site, &id)?.hall)).into_response()),
        Err(refused) => Ok(HallRefusal::response(&refused)),
    }
}

/// The hall, if the asker reaches it.
fn shown(site: &Site, reach: &Reach, hall: &str) -> Result<Arc<HallBoard>, ApiFault> {
    let id = HallId::new(hall).ok().filter(|id| reach.covers(id));
    known(site, &id.ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?)
}

fn known(site: &Site, hall: &HallId) -> Result<Arc<HallBoard>, ApiFault> {
    site.boards.get().hall(hall).cloned().ok_or_else(|| ApiFault::new(ErrorCode::NotFound))
}

/// An id in a path: one that cannot be names nothing.
fn identified<T: std::str::FromStr>(text: &str) -> Result<T, ApiFault> {
    text.parse().map_err(|_| ApiFault::new(ErrorCode::NotFound))
}

fn kind_of(text: &str) -> Result<Kind, ApiFault> {
    Kind::from_code(text).filter(|k| *k != Kind::Pledge).ok_or_else(|| ApiFault::new(ErrorCode::NotFound))
}

async fn read<T: serde::de::DeserializeOwned>(body: Body) -> Result<T, ApiFault> {
    parse(&read_body(body, MAX_BODY).await?)
}

/// The revision now, or why there is none.
fn answer(done: Result<u32, Refused>) -> Response {
    match done {
        Ok(revision) => Json(Revision { revision }).into_response(),
        Err(refused) => HallRefusal::response(&refused),
    }
}

pub(in crate::centre) mod paths {
    //! For the OpenAPI document.
    pub use super::lists::{__path_export_list, __path_import_list};
    pub use super::objects::{
        __path_arrange_objects, __path_put_object, __path_retire_object, __path_set_pin, __path_set_portrait,
    };
    pub use super::pledges::{__path_decide_pledge, __path_step_pledge};
    pub use super::{__path_list_halls, __path_show_hall, __path_take_over_hall};
}
