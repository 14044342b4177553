//! Single objects: put, retire, restore, order; portraits and PINs.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Query as UrlQuery, State};
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;

use super::answers::{HallObject, HallRefusal, Revision};
use super::{answer, identified, kind_of, read, shown};
use crate::centre::access::{HallEditor, read_body};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::acts::Refused;
use crate::centre::hall::kinds::{Keep, Kind, for_kind};
use crate::centre::hall::portrait::MAX_UPLOAD_BYTES;
use crate::centre::hall::sitting::Sitting;
use crate::centre::hall::{UploadRefused, change, upload_portrait};
use crate::centre::site::Site;
use crate::config::pin::PinHash;
use crate::domain::id::StaffNo;
use crate::protocol::ApiError;

/// A new value, or another one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectEdit {
    /// The revision that the editor saw; 0: a new object.
    revision: u32,
    /// Portrait, PIN, honours and the version of a tag are not changed by it.
    #[schema(value_type = HallObject)]
    value: serde_json::Value,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectRetired {
    revision: u32,
    /// The first day without it; null: show it again.
    #[schema(value_type = Option<String>, format = Date)]
    on: Option<Date>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectOrder {
    /// Every id that is not retired, once.
    #[schema(max_items = 20000)]
    ids: Vec<String>,
    /// The order that was seen: the change is refused as stale where it is another by now.
    #[schema(max_items = 20000)]
    seen: Option<Vec<String>>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PinEdit {
    revision: u32,
    /// 4 to 12 digits; null: nobody can sign in with this number any more.
    pin: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Seen {
    /// The card's revision that the editor saw.
    revision: u32,
}

/// Enter an object, or change it as a whole.
///
/// Every fault is told at once, by object and field. A stale edit is refused with the revision that the object has now.
#[utoipa::path(put, path = "/api/v1/halls/{hall}/objects/{kind}/{id}", tag = "halls", security(("token" = [])), params(
    ("hall" = String, Path),
    ("kind" = String, Path, description = "plate, window, staff, item, tag, notice, playlist or honour"),
    ("id" = String, Path, description = "As in the value; of the plate: the hall's"),
), request_body = ObjectEdit, responses(
    (status = 200, body = Revision),
    (status = 400, description = "malformed, or bad_query: another id in the value", body = ApiError),
    (status = 404, description = "not_found", body = ApiError),
    (status = 409, description = "stale or conflict", body = HallRefusal),
    (status = 413, description = "too_large", body = ApiError),
    (status = 422, description = "faulty", body = HallRefusal),
))]
pub async fn put_object(
    State(site): State<Arc<Site>>,
    editor: HallEditor,
    Path((hall, kind, id)): Path<(String, String, String)>,
    body: Body,
) -> Result<Response, ApiFault> {
    let hall = shown(&site, editor.reach(), &hall)?;
    let kind = kind_of(&kind)?;
    let ObjectEdit { revision, value } = read(body).await?;
    for_kind!(kind, T => {
        let value: T = serde_json::from_value(value)
            .map_err(|_| ApiFault::telling(ErrorCode::Malformed, &format_args!("value is no {}", kind.code())))?;
        if value.key() != id {
            return Err(ApiFault::telling(ErrorCode::BadQuery, &"the value has another id than the path"));
        }
        Ok(answer(change(&site, &hall.hall.id, editor.who, move |s| s.put(value, revision)).await?))
    }, pledge => Err(ApiFault::new(ErrorCode::NotFound)))
}

/// Show an object no more from a day on, or again.
#[utoipa::path(post, path = "/api/v1/halls/{hall}/objects/{kind}/{id}/retire", tag = "halls", security(("token" = [])), params(
    ("hall" = String, Path),
    ("kind" = String, Path, description = "window, staff, item, tag, notice, playlist or honour"),
    ("id" = String, Path),
), request_body = ObjectRetired, responses(
    (status = 200, body = Revision),
    (status = 400, description = "malformed", body = ApiError),
    (status = 404, description = "not_found", body = HallRefusal),
    (status = 409, description = "stale or conflict", body = HallRefusal),
    (status = 413, description = "too_large", body = ApiError),
    (status = 422, description = "faulty: other objects still name it, or the day is over", body = HallRefusal),
))]
pub async fn retire_object(
    State(site): State<Arc<Site>>,
    editor: HallEditor,
    Path((hall, kind, id)): Path<(String, String, String)>,
    body: Body,
) -> Result<Response, ApiFault> {
    let hall = shown(&site, editor.reach(), &hall)?;
    // A hall without a plate would have no name.
    let kind = Some(kind_of(&kind)?).filter(|k| *k != Kind::Plate);
    let kind = kind.ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?;
    let ObjectRetired { revision, on } = read(body).await?;
    for_kind!(kind, T => {
        let work = move |s: &mut Sitting<'_>| s.retire::<T>(&id, revision, on);
        Ok(answer(change(&site, &hall.hall.id, editor.who, work).await?))
    }, pledge => Err(ApiFault::new(ErrorCode::NotFound)))
}

/// Put the objects of a kind in an order: screens show them in it.
#[utoipa::path(put, path = "/api/v1/halls/{hall}/order/{kind}", tag = "halls", security(("token" = [])), params(
    ("hall" = String, Path),
    ("kind" = String, Path, description = "window, staff, pledge, item, tag, notice, playlist or honour"),
), request_body = ObjectOrder, responses(
    (status = 200, description = "The revision is the hall's", body = Revision),
    (status = 400, description = "malformed", body = ApiError),
    (status = 404, description = "not_found", body = ApiError),
    (status = 409, description = "stale: the order was changed meanwhile; conflict", body = HallRefusal),
    (status = 413, description = "too_large", body = ApiError),
    (status = 422, description = "faulty: not every id once", body = HallRefusal),
))]
pub async fn arrange_objects(
    State(site): State<Arc<Site>>,
    editor: HallEditor,
    Path((hall, kind)): Path<(String, String)>,
    body: Body,
) -> Result<Response, ApiFault> {
    let hall = shown(&site, editor.reach(), &hall)?;
    let kind = Kind::from_code(&kind).ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?;
    let ObjectOrder { ids, seen } = read(body).await?;
    let work = move |s: &mut Sitting<'_>| -> Result<u32, Refused> {
        if let Some(seen) = seen {
            s.hall.still_ordered(kind, &seen)?;
        }
        s.arrange(kind, &ids)?;
        Ok(u32::try_from(s.hall.revision + 1).unwrap_or(u32::MAX))
    };
    Ok(answer(change(&site, &hall.hall.id, editor.who, work).await?))
}

/// Give a person a portrait.
///
/// PNG or JPEG, judged by content; turned upright, scaled to at most 1,024 pixels, and written anew without metadata.
#[utoipa::path(put, path = "/api/v1/halls/{hall}/staff/{staff_no}/portrait", tag = "halls", security(("token" = [])),
    params(("hall" = String, Path), ("staff_no" = String, Path), Seen),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses(
    (status = 200, body = Revision),
    (status = 400, description = "bad_query", body = ApiError),
    (status = 404, description = "not_found", body = HallRefusal),
    (status = 409, description = "stale or conflict", body = HallRefusal),
    (status = 413, description = "too_large", body = ApiError),
    (status = 422, description = "faulty: the message says what is wrong with the picture", body = ApiError),
))]
pub async fn set_portrait(
    State(site): State<Arc<Site>>,
    editor: HallEditor,
    Path((hall, staff_no)): Path<(String, String)>,
    seen: Result<UrlQuery<Seen>, axum::extract::rejection::QueryRejection>,
    body: Body,
) -> Result<Response, ApiFault> {
    let UrlQuery(seen) = seen.map_err(|_| ApiFault::telling(ErrorCode::BadQuery, &"revision: a number"))?;
    let hall = shown(&site, editor.reach(), &hall)?;
    let staff_no: StaffNo = identified(&staff_no)?;
    let upload = read_body(body, MAX_UPLOAD_BYTES).await?;
    let id = hall.hall.id.clone();
    match upload_portrait(&site, &id, editor.who, staff_no, seen.revision, upload).await? {
        Ok(revision) => Ok(answer(Ok(revision))),
        Err(UploadRefused::Hall(refused)) => Ok(answer(Err(refused))),
        Err(UploadRefused::Picture(fault)) => Err(ApiFault::telling(ErrorCode::Faulty, &fault)),
    }
}

/// Give a person another PIN, or none. It is kept as a hash alone.
#[utoipa::path(put, path = "/api/v1/halls/{hall}/staff/{staff_no}/pin", tag = "halls", security(("token" = [])),
    params(("hall" = String, Path), ("staff_no" = String, Path)), request_body = PinEdit, responses(
    (status = 200, body = Revision),
    (status = 400, description = "malformed", body = ApiError),
    (status = 404, description = "not_found", body = HallRefusal),
    (status = 409, description = "stale or conflict", body = HallRefusal),
    (status = 413, description = "too_large", body = ApiError),
    (status = 422, description = "faulty: 4 to 12 digits", body = ApiError),
))]
pub async fn set_pin(
    State(site): State<Arc<Site>>,
    editor: HallEditor,
    Path((hall, staff_no)): Path<(String, String)>,
    body: Body,
) -> Result<Response, ApiFault> {
    let hall = shown(&site, editor.reach(), &hall)?;
    let staff_no: StaffNo = identified(&staff_no)?;
    let PinEdit { revision, pin } = read(body).await?;
    // Hashing takes tens of milliseconds on purpose.
    let hashed = tokio::task::spawn_blocking(move || pin.map(|pin| PinHash::make(&pin)).transpose()).await;
    let hashed = hashed.map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
    let pin = hashed.map_err(|e| ApiFault::telling(ErrorCode::Faulty, &e))?;
    let work = move |s: &mut Sitting<'_>| s.set_pin(&staff_no, revision, pin.as_ref());
    Ok(answer(change(&site, &hall.hall.id, editor.who, work).await?))
}
