//! The handlers of wire v1: enrolment, batches, heartbeats, the board and its pictures.

use std::cell::RefCell;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::access::{self, Routes, parse, read_body};
use super::alarms::{self, AlarmKind};
use super::clock;
use super::directory::enrol::{self, EnrolRefusal};
use super::error::{ApiFault, ErrorCode};
use super::in_process::{batch_answer, enrol_answer};
use super::ingest::batch::{self, BatchFault, Checked};
use super::ingest::judge::Verdict;
use super::phone::gate::address_of;
use super::site::Site;
use crate::domain::role::Need;
use crate::protocol::{
    ApiError, BatchAnswer, Enrol, EnrolAnswer, Heartbeat, HeartbeatAnswer, MAX_BATCH_BYTES, MAX_BODY_BYTES, Receipt,
    WIRE,
};

/// A batch's body must have come within this time.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

pub fn routes() -> Routes {
    Routes::new()
        .post("/api/v1/enrol", Need::Device, take_in)
        .post("/api/v1/batches", Need::Device, take_batch)
        .post("/api/v1/heartbeat", Need::Device, take_heartbeat)
        .get("/api/v1/board", Need::Device, send_board)
        .get("/api/v1/photos/{name}", Need::Device, send_photo)
}

/// Take in a device by its one-time code.
///
/// The device proves that it holds its own key. The same device may repeat the same request and gets the same answer.
#[utoipa::path(post, path = "/api/v1/enrol", tag = "kiosk", request_body = Enrol, responses(
    (status = 200, body = EnrolAnswer),
    (status = 401, description = "bad_signature", body = ApiError),
    (status = 403, description = "code_unknown or device_revoked", body = ApiError),
    (status = 409, description = "code_used", body = ApiError),
    (status = 410, description = "code_expired", body = ApiError),
    (status = 429, description = "rate_limited: too many codes that nobody made", body = ApiError),
))]
async fn take_in(State(site): State<Arc<Site>>, request: Request) -> Result<Json<EnrolAnswer>, ApiFault> {
    let (address, mono_ms) = (address_of(request.extensions(), request.headers()), clock::now().mono_ms);
    if site.guesses.lock().unwrap_or_else(PoisonError::into_inner).is_spent(address, mono_ms) {
        return Err(ApiFault::new(ErrorCode::RateLimited));
    }
    let body = read_body(request.into_body(), MAX_BODY_BYTES).await?;
    let request: Enrol = parse(&body)?;
    enrol::check(&request)?;
    let enrolled = site.writer.attempt(move |desk| enrol::enrol(desk, &request)).await?;
    let enrolled = enrolled.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    if enrolled == Err(EnrolRefusal::CodeUnknown) {
        site.guesses.lock().unwrap_or_else(PoisonError::into_inner).admits(address, mono_ms);
    }
    let enrolled = enrolled?;
    tracing::info!(device = %enrolled.device.id, kiosk = %enrolled.device.kiosk, "enrolled");
    Ok(Json(enrol_answer(&site.keys, enrolled, &site.settings.phone_url, clock::now().wall)))
}

/// Take a contiguous run of ledger entries.
///
/// The body's first line is a batch head, each further line one entry's canonical bytes; plain or as one zstd frame. The
/// last entry's signature authenticates the whole. Sending it twice changes nothing.
#[utoipa::path(post, path = "/api/v1/batches", tag = "kiosk",
    request_body(content = String, content_type = "application/x-ndjson", description = "BatchHead, then entries, a line each"),
    responses(
    (status = 200, body = BatchAnswer),
    (status = 400, description = "malformed or wire_unsupported", body = ApiError),
    (status = 401, description = "unknown_device or bad_signature", body = ApiError),
    (status = 403, description = "device_revoked", body = ApiError),
    (status = 413, description = "too_large", body = ApiError),
    (status = 422, description = "broken_chain", body = ApiError),
))]
async fn take_batch(State(site): State<Arc<Site>>, request: Request) -> Result<Json<BatchAnswer>, ApiFault> {
    let permit = site.bodies.acquire().await.map_err(|e| ApiFault::because(ErrorCode::Busy, &e))?;
    // Whoever sends slowly must not keep others waiting.
    let body = tokio::time::timeout(BODY_TIMEOUT, read_body(request.into_body(), MAX_BATCH_BYTES)).await;
    let body = body.map_err(|_| ApiFault::new(ErrorCode::TimedOut))??;
    let checked = match check(&site, &body) {
        Ok(checked) => checked,
        Err(refusal) => return Err(refuse(&site, refusal).await),
    };
    drop(body);
    let weight = checked.entries.len();
    let taken = site.writer.submit(weight, move |desk| desk.take_batch(checked)).await?;
    drop(permit);
    count(&taken.verdict, taken.entries);
    Ok(Json(batch_answer(&taken, &site.keys.signing, clock::now().wall)))
}

/// Say that a device is there.
#[utoipa::path(post, path = "/api/v1/heartbeat", tag = "kiosk", request_body = Heartbeat,
    security(("device" = [])), responses((status = 200, body = HeartbeatAnswer)))]
async fn take_heartbeat(State(site): State<Arc<Site>>, request: Request) -> Result<Json<HeartbeatAnswer>, ApiFault> {
    let (parts, body) = request.into_parts();
    let body = read_body(body, MAX_BODY_BYTES).await?;
    let device = access::device(&parts, &body, &site)?;
    let beat: Heartbeat = parse(&body)?;
    if beat.wire != WIRE {
        return Err(ApiFault::new(ErrorCode::WireUnsupported));
    }
    let id = device.id;
    let head = site.writer.submit(1, move |desk| desk.heartbeat(id, &beat)).await?;
    let now = clock::now().wall;
    Ok(Json(HeartbeatAnswer {
        server_ms: now.0,
        // Without a board the device keeps its last good one; it is heard all the same.
        board: site.sheet(&device).map(|s| s.etag.clone()).unwrap_or_default(),
        receipt: Receipt::sign(&head, now.0, &site.keys.signing),
        phone_url: site.settings.phone_url.clone(),
    }))
}

/// Send down what a kiosk shows and obeys.
#[utoipa::path(get, path = "/api/v1/board", tag = "kiosk", security(("device" = [])), responses(
    (status = 200, description = "The board, with its ETag", body = crate::domain::board::Board),
    (status = 304, description = "The board is the one named by If-None-Match"),
))]
async fn send_board(State(site): State<Arc<Site>>, request: Request) -> Result<Response, ApiFault> {
    let (parts, _) = request.into_parts();
    let device = access::device(&parts, b"", &site)?;
    let sheet = site.sheet(&device)?;
    Ok(with_etag(&parts.headers, &sheet.etag, || {
        ([(header::CONTENT_TYPE, "application/json")], sheet.json.clone()).into_response()
    }))
}

/// Send down a portrait.
#[utoipa::path(get, path = "/api/v1/photos/{name}", tag = "kiosk", security(("device" = [])),
    params(("name" = String, Path, description = "As a card names it: `0027.png`")), responses(
    (status = 200, description = "PNG or JPEG bytes", content_type = "image/png"),
    (status = 304, description = "The picture is the one named by If-None-Match"),
    (status = 404, body = ApiError),
))]
async fn send_photo(
    State(site): State<Arc<Site>>,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response, ApiFault> {
    let (parts, _) = request.into_parts();
    access::device(&parts, b"", &site)?;
    let (bytes, kind) = site.photo(&name).await?;
    let etag = blake3::hash(&bytes).to_hex()[..16].to_owned();
    Ok(with_etag(&parts.headers, &etag, || ([(header::CONTENT_TYPE, kind)], bytes).into_response()))
}

/// Answers 304 if the sender has it, else `full` with its `ETag`.
fn with_etag(headers: &axum::http::HeaderMap, etag: &str, full: impl FnOnce() -> Response) -> Response {
    let quoted = format!("\"{etag}\"");
    let known = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    let same = known.is_some_and(|known| known.split(',').any(|k| k.trim().trim_start_matches("W/") == quoted));
    let mut response = if same { StatusCode::NOT_MODIFIED.into_response() } else { full() };
    if let Ok(value) = HeaderValue::from_str(&quoted) {
        response.headers_mut().insert(header::ETAG, value);
    }
    response
}

enum Refusal {
    Api(ApiFault),
    /// Of a known device.
    Batch {
        fault: BatchFault,
        device: crate::ledger::keys::DeviceId,
        epoch: u32,
        seq: u64,
    },
}

/// All that can be checked without the store, on the thread that serves the request.
fn check(site: &Site, body: &[u8]) -> Result<Checked, Refusal> {
    thread_local!(static SCRATCH: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) });
    SCRATCH.with_borrow_mut(|scratch| {
        let opened = batch::open(body, scratch).map_err(|fault| Refusal::Api(fault.into()))?;
        let (device, epoch, seq) = (opened.head.device, opened.head.epoch, opened.head.first_seq);
        let directory = site.directory.get();
        let key = access::admitted(&directory, &device).map_err(Refusal::Api)?.1;
        opened.check(key).map_err(|fault| Refusal::Batch { fault, device, epoch, seq })
    })
}

/// Raises an alarm where the device itself signed for what does not hold.
async fn refuse(site: &Site, refusal: Refusal) -> ApiFault {
    let (fault, device, epoch, seq) = match refusal {
        Refusal::Api(fault) => return fault,
        Refusal::Batch { fault, device, epoch, seq } => (fault, device, epoch, seq),
    };
    if matches!(fault, BatchFault::Chain | BatchFault::Genesis(_) | BatchFault::Entry { .. } | BatchFault::Sealed(_)) {
        let note = fault.to_string();
        let raised = site.writer.submit(1, move |desk| {
            Ok(alarms::raise(desk.tx, AlarmKind::BrokenChain, device, epoch, seq, &note, desk.now)?)
        });
        if let Err(fault) = raised.await {
            tracing::error!(%fault, %device, "an alarm could not be kept");
        }
    }
    fault.into()
}

fn count(verdict: &Verdict, entries: u64) {
    let result = match verdict {
        Verdict::Take { .. } => "held",
        Verdict::Known => "known",
        Verdict::Gap { .. } => "gap",
        Verdict::Fork { .. } => "fork",
    };
    metrics::counter!("pingyi_batches_total", "result" => result).increment(1);
    metrics::counter!("pingyi_entries_total").increment(entries);
}

pub(super) mod paths {
    //! For the OpenAPI document.
    pub use super::{__path_send_board, __path_send_photo, __path_take_batch, __path_take_heartbeat, __path_take_in};
}
