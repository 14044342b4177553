//! The routes and what stands around every one of them: bounds, time-outs, headers, and errors in one form.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::http::header::{self, HeaderName};
use axum::http::{Extensions, HeaderValue, Method};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;

use super::access::{Route, Routes};
use super::error::{ApiFault, ErrorCode};
use super::one_form::Asked;
use super::site::Site;
use super::{
    accounts, alerts, audit, auditor, cases, comparison, contests, dashboard, editor, entries, fleet, fulfilment, hall,
    health, inspections, matters, me, phone, public, questions, reviews, selections, statistics, stories, wire,
};

/// A request that takes longer is answered that it did.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Forms with files come over phones' networks: they may take so many times longer.
const UPLOADS_TAKE: u32 = 4;

/// Every route of the centre, each behind the guard.
pub fn app(site: Arc<Site>) -> Router {
    protect(routes(site.settings.phone_requests_per_minute).into_router(site), TIMEOUT)
}

/// The table of all routes with what each needs.
pub fn table() -> Vec<Route> {
    routes(60).table().to_vec()
}

/// A colleague's module adds its `routes()` here.
fn routes(phone_requests_per_minute: u32) -> Routes {
    Routes::new()
        .merge(wire::routes())
        .merge(health::routes())
        .merge(statistics::api::routes())
        .merge(dashboard::routes())
        .merge(editor::routes())
        .merge(hall::api::routes())
        .merge(questions::routes())
        .merge(accounts::routes())
        .merge(audit::routes())
        .merge(auditor::routes())
        .merge(alerts::routes())
        .merge(fleet::routes())
        .merge(entries::routes())
        .merge(cases::routes())
        .merge(inspections::routes())
        .merge(public::routes())
        .merge(me::routes())
        .merge(matters::routes())
        .merge(fulfilment::routes())
        .merge(reviews::routes())
        .merge(contests::routes())
        .merge(comparison::routes())
        .merge(selections::routes(phone_requests_per_minute))
        .merge(stories::routes())
        .merge(super::rules::routes())
        .merge(super::cycles::routes())
        .merge(super::campaign::routes())
        .merge(phone::routes(phone_requests_per_minute))
}

/// What stands around every route.
fn protect(routes: Router, timeout: Duration) -> Router {
    routes
        .fallback(|| async { ApiFault::new(ErrorCode::NotFound) })
        .method_not_allowed_fallback(|| async { ApiFault::new(ErrorCode::MethodNotAllowed) })
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(move |request, next| surround(request, next, timeout)))
}

async fn surround(request: Request, next: Next, timeout: Duration) -> Response {
    let route = route_of(request.uri().path());
    let method = method_of(request.method());
    let begun = std::time::Instant::now();
    let timeout = if is_upload(&request) { timeout * UPLOADS_TAKE } else { timeout };
    let (asked, request) = Asked::by(request);
    let response = match tokio::time::timeout(timeout, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ApiFault::new(ErrorCode::TimedOut).into_response(),
    };
    let mut response = asked.put(response).await;
    let status = status_of(response.status().as_u16());
    metrics::counter!("pingyi_requests_total", "route" => route, "method" => method, "status" => status).increment(1);
    metrics::histogram!("pingyi_request_seconds", "route" => route).record(begun.elapsed());
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

/// A page that needs more than this says so itself.
const HEADERS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (header::CACHE_CONTROL, "no-store"),
];

fn is_upload(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("multipart/form-data"))
}

/// A closed set of labels, whatever is asked for.
fn route_of(path: &str) -> &'static str {
    const KNOWN: &[&str] = &[
        "/api/v1/batches",
        "/api/v1/heartbeat",
        "/api/v1/board",
        "/api/v1/photos",
        "/api/v1/enrol",
        "/api/v1/stats",
        "/api/v1/halls",
        "/api/v1/ledgers",
        "/api/v1/alerts",
        "/api/v1/fleet",
        "/api/v1/enrol-codes",
        "/fleet",
        "/api/v1/entries",
        "/api/v1/cases",
        "/api/v1/own",
        "/cases",
        "/entries",
        "/api/v1/inspections",
        "/inspections",
        "/api/openapi.json",
        "/healthz",
        "/metrics",
        "/assets",
        "/statistics",
        "/alerts",
        "/public",
        "/publish",
        "/api/v1/selections",
        "/selections",
        "/stories",
        "/me",
        "/api/v1/matters",
        "/matters",
        "/fulfilment",
        "/reviews",
        "/peer",
        "/contests",
        "/comparison",
        "/rules",
        "/cycles",
        "/campaign",
        "/halls",
        "/sign-in",
        "/sign-out",
        "/t",
        "/T",
        "/c",
        "/",
    ];
    let inside = |known: &str| path.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    KNOWN.iter().copied().find(|known| if *known == "/" { path == "/" } else { inside(known) }).unwrap_or("other")
}

fn method_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        _ => "other",
    }
}

fn status_of(status: u16) -> &'static str {
    match status / 100 {
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}

/// The panic's own words are not taken over: they may quote what a citizen wrote.
fn panicked(_panic: Box<dyn std::any::Any + Send>) -> Response {
    ApiFault::because(ErrorCode::Internal, &"a handler panicked").into_response()
}

/// Where a request came from.
pub fn peer(extensions: &Extensions) -> Option<SocketAddr> {
    extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn ask(routes: Router, method: Method, path: &str) -> (u16, crate::protocol::ApiError) {
        use hyper::service::Service as _;
        let request = Request::builder().method(method).uri(path).body(axum::body::Body::empty()).unwrap();
        let app = protect(routes, Duration::from_millis(200));
        let response = hyper_util::service::TowerToHyperService::new(app).call(request).await.unwrap();
        assert_eq!(response.headers()[header::X_FRAME_OPTIONS], "DENY");
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn a_panic_and_a_handler_that_hangs_are_answered_like_everything_else() {
        use axum::routing::get;
        async fn boom() {
            panic!("the words of a citizen")
        }
        let routes = || Router::new().route("/boom", get(boom)).route("/hang", get(std::future::pending::<()>));
        let (status, error) = ask(routes(), Method::GET, "/boom").await;
        assert_eq!((status, error.code.as_str()), (500, "internal"));
        assert!(!error.message.contains("citizen"));
        assert_eq!(ask(routes(), Method::GET, "/hang").await.1.code, "timed_out");
        assert_eq!(ask(routes(), Method::GET, "/none").await.1.code, "not_found");
        assert_eq!(ask(routes(), Method::POST, "/boom").await.1.code, "method_not_allowed");
    }

    #[tokio::test]
    async fn a_refusal_of_the_router_has_the_form_of_every_other_one_and_a_browser_gets_a_page() {
        use axum::extract::Query;
        use axum::routing::get;
        use hyper::service::Service as _;

        #[derive(serde::Deserialize)]
        struct After {
            #[expect(dead_code, reason = "only its form matters")]
            after: u64,
        }
        async fn list(_: Query<After>) {}
        let routes = || Router::new().route("/list", get(list));
        let (status, error) = ask(routes(), Method::GET, "/list?after=-1").await;
        assert_eq!((status, error.code.as_str()), (400, "malformed"));
        assert!(error.message.contains("after"), "the sender is told what to mend: {}", error.message);

        for (path, status) in [("/list?after=-1", 400), ("/none", 404), ("/api/none", 404)] {
            let request = Request::builder().uri(path).header(header::ACCEPT, "text/html,*/*;q=0.8");
            let request = request.body(axum::body::Body::empty()).unwrap();
            let app = protect(routes(), Duration::from_millis(200));
            let response = hyper_util::service::TowerToHyperService::new(app).call(request).await.unwrap();
            assert_eq!(response.status().as_u16(), status);
            let kind = response.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
            assert_eq!(kind.starts_with("text/html"), !path.starts_with("/api"), "{path}: {kind}");
        }
    }

    #[test]
    fn labels_stay_few_whatever_is_asked_for() {
        assert_eq!(route_of("/api/v1/photos/0027.png"), "/api/v1/photos");
        assert_eq!(route_of("/api/v1/photosynthesis"), "other");
        assert_eq!(route_of("/"), "/");
        assert_eq!(route_of("/wp-login.php"), "other");
        assert_eq!(method_of(&Method::from_bytes(b"BREW").unwrap()), "other");
        assert_eq!(status_of(418), "4xx");
    }
}
