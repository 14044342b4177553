//! Portraits: shown.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::opened::Opened;
use super::person::person;
use crate::centre::access::{HallReader, Signed};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;

/// Answers a person's portrait.
pub async fn picture(
    State(site): State<Arc<Site>>,
    signed: Signed<HallReader>,
    Path((hall, staff)): Path<(String, String)>,
) -> Result<Response, ApiFault> {
    let opened = Opened::of(&site, &signed.who, signed.viewer.language, &hall).await?;
    let name = person(&opened, &staff)?.value.photo.clone();
    let name = name.ok_or_else(|| ApiFault::because(ErrorCode::NotFound, &"the card has no portrait"))?;
    let (bytes, kind) = site.photo(&name).await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        // The address names the picture.
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600")),
    ];
    Ok((headers, bytes).into_response())
}
