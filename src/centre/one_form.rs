//! Refusals in one form: `{code, message, reference}` for programs, a page for browsers. What axum itself refuses – a query
//! that is none, a form with a field missing – comes as plain text, and is put into that form here.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::access::Viewer;
use super::error::{ApiFault, ErrorCode};

/// Characters of axum's own words that are passed on.
const MAX_WORDS: usize = 2_000;

/// Who asked, as far as a refusal needs it.
#[derive(Debug)]
pub struct Asked {
    /// None: a program.
    browser: Option<Viewer>,
    answer_has_body: bool,
}

impl Asked {
    /// Whoever sends the request; takes nothing from it.
    pub fn by(request: Request) -> (Self, Request) {
        let (parts, body) = request.into_parts();
        let wants_page = !parts.uri.path().starts_with("/api/") && accepts_page(&parts.headers);
        let browser = wants_page.then(|| Viewer::of(&parts));
        let answer_has_body = parts.method != Method::HEAD;
        (Self { browser, answer_has_body }, Request::from_parts(parts, body))
    }

    /// `response`, and a refusal in the form that whoever asked can read.
    pub async fn put(self, response: Response) -> Response {
        let response = if is_foreign(&response) { own(response).await } else { response };
        let (Some(viewer), Some(fault)) = (&self.browser, response.extensions().get::<ApiFault>()) else {
            return response;
        };
        let mut page = viewer.refuse_at("", fault);
        for name in [header::RETRY_AFTER, header::ALLOW] {
            if let Some(value) = response.headers().get(&name) {
                page.headers_mut().insert(name, value.clone());
            }
        }
        if !self.answer_has_body {
            *page.body_mut() = Body::empty();
        }
        page
    }
}

fn accepts_page(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("text/html"))
}

/// A refusal that no handler of ours has made.
fn is_foreign(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let refused = response.status().is_client_error() || response.status().is_server_error();
    refused && response.extensions().get::<ApiFault>().is_none() && kind.starts_with("text/plain")
}

async fn own(response: Response) -> Response {
    let code = match response.status() {
        StatusCode::NOT_FOUND => ErrorCode::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ErrorCode::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::TooLarge,
        StatusCode::REQUEST_TIMEOUT => ErrorCode::TimedOut,
        status if status.is_server_error() => ErrorCode::Internal,
        _ => ErrorCode::Malformed,
    };
    let fault = ApiFault::new(code);
    // More than the limit is not worth telling.
    let words = axum::body::to_bytes(response.into_body(), MAX_WORDS).await.unwrap_or_default();
    let is_told = code == ErrorCode::Malformed && !words.is_empty();
    let fault = if is_told { fault.quoting(&String::from_utf8_lossy(&words)) } else { fault };
    fault.into_response()
}
