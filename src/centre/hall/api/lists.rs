//! Lists as files, out and in.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Query as UrlQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Json, extract::rejection::QueryRejection};
use serde::Deserialize;

use super::answers::{HallRefusal, TablePlan};
use super::shown;
use crate::centre::access::{HallEditor, HallReader, read_body};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::sheets::import;
use crate::centre::hall::sheets::list::{FileForm, List};
use crate::centre::hall::sheets::plan::Absent;
use crate::centre::hall::sheets::table::{MAX_FILE_BYTES, TableFault};
use crate::centre::site::Site;
use crate::protocol::ApiError;
use crate::words::Language;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// csv (the default) or xlsx.
    #[param(value_type = Option<String>)]
    format: Option<FileForm>,
    /// True: the headings alone, to fill in.
    template: Option<bool>,
    /// zh (the default) or en: language of the headings.
    lang: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Taken {
    /// What happens to objects that the table does not name: keep (the default) or retire.
    #[param(value_type = Option<String>)]
    absent: Option<Absent>,
    /// True: say what would change, and change nothing.
    dry_run: Option<bool>,
}

/// Fetch a list as a file. It is noted who did.
#[utoipa::path(get, path = "/api/v1/halls/{hall}/lists/{list}", tag = "halls", security(("token" = [])), params(
    ("hall" = String, Path),
    ("list" = String, Path, description = "staff, windows or items"),
    Wanted,
), responses(
    (status = 200, description = "CSV in UTF-8, or a workbook", content_type = "text/csv"),
    (status = 400, description = "bad_query", body = ApiError),
    (status = 404, description = "not_found", body = ApiError),
))]
pub async fn export_list(
    State(site): State<Arc<Site>>,
    reader: HallReader,
    Path((hall, list)): Path<(String, String)>,
    wanted: Result<UrlQuery<Wanted>, QueryRejection>,
) -> Result<Response, ApiFault> {
    let hall = shown(&site, reader.reach(), &hall)?;
    let list = list_of(&list)?;
    let UrlQuery(wanted) = wanted.map_err(|_| bad("format: csv or xlsx; template: true or false; lang: zh or en"))?;
    let language = match wanted.lang.as_deref() {
        None | Some("zh" | "zh-CN") => Language::Zh,
        Some("en") => Language::En,
        Some(_) => return Err(bad("lang: zh or en")),
    };
    let form = wanted.format.unwrap_or(FileForm::Csv);
    let bytes = match wanted.template {
        Some(true) => list.file(None, form, language).map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?,
        _ => import::export(&site, &hall.hall.id, reader.who, list, form, language).await?,
    };
    let name = format!("attachment; filename=\"{}-{}.{}\"", hall.hall.id, list.code(), form.code());
    let name = HeaderValue::from_str(&name).map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
    let kind = HeaderValue::from_static(form.mime());
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], bytes).into_response())
}

/// Take a list in, all of it or nothing.
///
/// CSV in UTF-8 or GB18030, or the first sheet of a workbook. Columns that are not there leave things as they are.
#[utoipa::path(post, path = "/api/v1/halls/{hall}/lists/{list}", tag = "halls", security(("token" = [])), params(
    ("hall" = String, Path),
    ("list" = String, Path, description = "staff, windows or items"),
    Taken,
), request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses(
    (status = 200, description = "What was changed; of a dry run what would be, with every fault", body = TablePlan),
    (status = 400, description = "bad_query, or malformed: no table at all", body = ApiError),
    (status = 404, description = "not_found", body = ApiError),
    (status = 409, description = "stale or conflict", body = HallRefusal),
    (status = 413, description = "too_large", body = ApiError),
    (status = 422, description = "faulty: every fault by row and column", body = HallRefusal),
))]
pub async fn import_list(
    State(site): State<Arc<Site>>,
    editor: HallEditor,
    Path((hall, list)): Path<(String, String)>,
    taken: Result<UrlQuery<Taken>, QueryRejection>,
    body: Body,
) -> Result<Response, ApiFault> {
    let hall = shown(&site, editor.reach(), &hall)?;
    let list = list_of(&list)?;
    let UrlQuery(taken) = taken.map_err(|_| bad("absent: keep or retire; dry_run: true or false"))?;
    let file = read_body(body, MAX_FILE_BYTES).await?;
    let (id, absent) = (&hall.hall.id, taken.absent.unwrap_or(Absent::Keep));
    if taken.dry_run.unwrap_or(false) {
        let plan = import::dry_run(&site, id, list, file, absent).await?.map_err(no_table)?;
        return Ok(Json(TablePlan::of(&plan, true)).into_response());
    }
    match import::run(&site, id, editor.who, list, file, absent).await?.map_err(no_table)? {
        Ok(plan) => Ok(Json(TablePlan::of(&plan, false)).into_response()),
        Err(refused) => Ok(HallRefusal::response(&refused)),
    }
}

fn list_of(text: &str) -> Result<List, ApiFault> {
    List::from_code(text).ok_or_else(|| ApiFault::new(ErrorCode::NotFound))
}

fn no_table(fault: TableFault) -> ApiFault {
    let code = if fault == TableFault::TooBig { ErrorCode::TooLarge } else { ErrorCode::Malformed };
    ApiFault::telling(code, &fault)
}

fn bad(told: &str) -> ApiFault {
    ApiFault::telling(ErrorCode::BadQuery, &told)
}
