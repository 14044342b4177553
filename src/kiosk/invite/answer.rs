//! What each route answers.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use super::Counter;
use crate::domain::id::{CaseNo, ItemCode};
use crate::domain::visit::VisitOutcome;
use crate::kiosk::flow::effect::CallAnswer;
use crate::kiosk::flow::event::{CallId, Event};
use crate::kiosk::flow::view::Screen;
use crate::protocol::ApiError;
use crate::words::Language;
use crate::words::invite::Invite as Words;

/// Bytes of a body.
const MAX_BODY_BYTES: usize = 4 * 1024;
/// A flow that takes longer is in trouble.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
/// Requests at once, then one each [`REFILL`].
const BURST: u32 = 20;
const REFILL: Duration = Duration::from_millis(100);

struct Desk {
    counter: Arc<dyn Counter>,
    /// BLAKE3 of the token: comparing hashes takes the same time whatever is shown.
    token: blake3::Hash,
    /// The visit that was opened here last; 0: none.
    visit: AtomicU64,
    allowance: Mutex<Allowance>,
    refusals: AtomicU64,
}

struct Allowance {
    left: u32,
    at: Instant,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Opening {
    #[serde(default)]
    case_no: Option<CaseNo>,
    #[serde(default)]
    item: Option<ItemCode>,
}

#[derive(Debug, Serialize)]
struct Visited {
    visit: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<VisitOutcome>,
}

/// `GET /v1/status`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    pub version: String,
    /// What the screen shows: `standby`, `card`, `saving`, `reasons`, `thanks`, `paused`, `staff`, `maintenance`,
    /// `trouble` or `cleaning`.
    pub screen: String,
    /// True while the rating of a visit is asked for.
    pub prompted: bool,
    /// The visit that was opened here last.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub visit: Option<u64>,
    /// False: no centre is configured.
    pub centre: bool,
    pub enrolled: bool,
    pub online: bool,
    /// Entries that no receipt covers yet.
    pub unsynced: u64,
    pub forked: bool,
}

pub fn router(counter: Arc<dyn Counter>, token: &str) -> Router {
    let desk = Arc::new(Desk {
        counter,
        token: blake3::hash(token.as_bytes()),
        visit: AtomicU64::new(0),
        allowance: Mutex::new(Allowance { left: BURST, at: Instant::now() }),
        refusals: AtomicU64::new(0),
    });
    Router::new()
        .route("/v1/visits", post(open))
        .route("/v1/visits/{visit}", delete(cancel))
        .route("/v1/visits/{visit}/cancel", post(cancel))
        .route("/v1/visits/{visit}/end", post(end))
        .route("/v1/status", get(status))
        .fallback(async |State(desk): State<Arc<Desk>>| desk.refuse("no_route"))
        .method_not_allowed_fallback(async |State(desk): State<Arc<Desk>>| desk.refuse("no_route"))
        .layer(middleware::from_fn_with_state(Arc::clone(&desk), admit))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .with_state(desk)
}

/// The token first, then the pace.
async fn admit(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    if !desk.allows() {
        return desk.refuse("too_many_requests");
    }
    if !desk.knows(request.headers()) {
        return desk.refuse("unauthorized");
    }
    next.run(request).await
}

async fn open(
    State(desk): State<Arc<Desk>>,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Response {
    let Ok(body) = body else { return desk.refuse("too_large") };
    let body: &[u8] = if body.is_empty() { b"{}" } else { &body };
    let Ok(Opening { case_no, item }) = serde_json::from_slice(body) else { return desk.refuse("malformed") };
    let answer = desk.ask(|call| Event::InviteCame { call, case_no, item }).await;
    if let Some(CallAnswer::Visit(visit)) = answer {
        desk.visit.store(visit, Ordering::Relaxed);
    }
    desk.reply(answer)
}

async fn cancel(State(desk): State<Arc<Desk>>, Path(visit): Path<u64>) -> Response {
    desk.close(visit, |call| Event::CancelCame { call }).await
}

async fn end(State(desk): State<Arc<Desk>>, Path(visit): Path<u64>) -> Response {
    desk.close(visit, |call| Event::EndCame { call }).await
}

async fn status(State(desk): State<Arc<Desk>>) -> Response {
    let view = desk.counter.view();
    let (screen, prompted) = match &view.screen {
        Screen::Standby(_) => ("standby", false),
        Screen::Card(card) => ("card", card.prompted),
        Screen::Saving { card, .. } => ("saving", card.prompted),
        Screen::Reasons(_) => ("reasons", false),
        Screen::Thanks(_) => ("thanks", false),
        Screen::Paused { .. } => ("paused", false),
        Screen::StaffPanel(_) => ("staff", false),
        Screen::Maintenance(_) => ("maintenance", false),
        Screen::Trouble { .. } => ("trouble", false),
        Screen::Cleaning { .. } => ("cleaning", false),
    };
    let visit = desk.visit.load(Ordering::Relaxed);
    Json(Status {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        screen: screen.to_owned(),
        prompted,
        visit: (visit > 0).then_some(visit),
        centre: view.sync.configured,
        enrolled: view.sync.enrolled,
        online: view.sync.online,
        unsynced: view.sync.unsynced,
        forked: view.sync.forked,
    })
    .into_response()
}

impl Desk {
    /// Brings a call to the flow; none: it did not answer in time.
    async fn ask(&self, make: impl FnOnce(CallId) -> Event + Send + 'static) -> Option<CallAnswer> {
        let (answer, answered) = oneshot::channel();
        // A caller that has gone does not want the answer any more.
        self.counter.call(Box::new(make), Box::new(move |given| drop(answer.send(given))));
        tokio::time::timeout(ANSWER_TIMEOUT, answered).await.ok()?.ok()
    }

    async fn close(&self, visit: u64, make: impl FnOnce(CallId) -> Event + Send + 'static) -> Response {
        // The flow closes the visit that is open; one that the caller does not know of is not its to close.
        if visit == 0 || self.visit.load(Ordering::Relaxed) != visit {
            return self.refuse("no_visit");
        }
        let answer = self.ask(make).await;
        if matches!(answer, Some(CallAnswer::Closed { .. })) {
            // Unless another one was opened meanwhile.
            let _ = self.visit.compare_exchange(visit, 0, Ordering::Relaxed, Ordering::Relaxed);
        }
        self.reply(answer)
    }

    fn reply(&self, answer: Option<CallAnswer>) -> Response {
        match answer {
            Some(CallAnswer::Visit(visit)) => Json(Visited { visit, outcome: None }).into_response(),
            Some(CallAnswer::Closed { visit, outcome }) => {
                Json(Visited { visit, outcome: Some(outcome) }).into_response()
            }
            Some(CallAnswer::Refused(code)) => self.refuse(code),
            None => self.refuse("no_answer"),
        }
    }

    fn refuse(&self, code: &str) -> Response {
        let status = match code {
            "unauthorized" => StatusCode::UNAUTHORIZED,
            "malformed" => StatusCode::BAD_REQUEST,
            "no_visit" | "no_route" => StatusCode::NOT_FOUND,
            "too_large" => StatusCode::PAYLOAD_TOO_LARGE,
            "too_many_requests" => StatusCode::TOO_MANY_REQUESTS,
            "trouble" => StatusCode::SERVICE_UNAVAILABLE,
            "no_answer" => StatusCode::GATEWAY_TIMEOUT,
            _ => StatusCode::CONFLICT,
        };
        let reference = format!("I-{:06}", self.refusals.fetch_add(1, Ordering::Relaxed) + 1);
        tracing::info!(code, reference, "a local call was refused");
        let message = format!("{} / {}", said(Language::Zh, code), said(Language::En, code));
        let body = Json(ApiError { code: code.to_owned(), message, reference });
        if status == StatusCode::TOO_MANY_REQUESTS {
            return (status, [(header::RETRY_AFTER, "1")], body).into_response();
        }
        (status, body).into_response()
    }

    fn knows(&self, headers: &HeaderMap) -> bool {
        let shown = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
        let token = shown.and_then(|s| s.strip_prefix("Bearer ")).unwrap_or("");
        blake3::hash(token.as_bytes()) == self.token
    }

    fn allows(&self) -> bool {
        let mut allowance = self.allowance.lock().unwrap_or_else(PoisonError::into_inner);
        let earned = allowance.at.elapsed().as_millis() / REFILL.as_millis();
        if earned > 0 {
            allowance.at = Instant::now();
            allowance.left = allowance.left.saturating_add(u32::try_from(earned).unwrap_or(BURST)).min(BURST);
        }
        let allowed = allowance.left > 0;
        allowance.left = allowance.left.saturating_sub(1);
        allowed
    }
}

fn said(language: Language, code: &str) -> std::borrow::Cow<'static, str> {
    let words = Words(language);
    match code {
        "unauthorized" => words.unauthorized(),
        "malformed" => words.malformed(),
        "no_visit" => words.no_visit(),
        "no_route" => words.no_route(),
        "too_large" => words.too_large(),
        "too_many_requests" => words.too_many_requests(),
        "trouble" => words.trouble(),
        "no_answer" => words.no_answer(),
        "nobody_on_duty" => words.nobody_on_duty(),
        "out_of_service" => words.out_of_service(),
        _ => words.busy(),
    }
}
