//! What operations teams ask: is it up, how is it doing, what does it speak.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use axum::Json;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde::Serialize;

use super::access::{self, FleetReader, Routes};
use super::alarms;
use super::error::{ApiFault, ErrorCode};
use super::site::Site;
use crate::domain::role::Need;
use crate::protocol::ApiError;

pub fn routes() -> Routes {
    Routes::new()
        .get("/healthz", Need::Public, healthy)
        // Public on this machine alone; the handler asks everybody else for a token.
        .get("/metrics", Need::Public, scrape)
        .get("/api/openapi.json", Need::Public, || async { Json(super::openapi::document()) })
}

/// What `/healthz` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Health {
    pub status: &'static str,
    pub version: &'static str,
    /// Devices that are or were enrolled.
    pub devices: usize,
    /// Alarms that nobody has cleared.
    pub alarms: usize,
}

/// Whether the centre reads and writes.
#[utoipa::path(get, path = "/healthz", tag = "operation", responses(
    (status = 200, body = Health)))]
async fn healthy(State(site): State<Arc<Site>>) -> Result<Json<Health>, ApiFault> {
    // An empty piece of work goes all the way to a commit.
    site.writer.submit(1, |_| Ok(())).await?;
    let open = site.readers.read(|conn| alarms::open(conn, 1_000)).await?;
    let alarms = open.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?.len();
    let devices = site.directory.get().device_count();
    Ok(Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION"), devices, alarms }))
}

/// Metrics in Prometheus' text format: on this machine without a token, elsewhere with one of a role that sees devices.
#[utoipa::path(get, path = "/metrics", tag = "operation", responses(
    (status = 200, description = "Prometheus text", content_type = "text/plain", body = String),
    (status = 401, body = ApiError)))]
async fn scrape(State(site): State<Arc<Site>>, request: Request) -> Result<Response, ApiFault> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0);
    let headers = request.headers();
    let proxied = headers.contains_key("x-forwarded-for") || headers.contains_key(header::FORWARDED);
    let local = peer.is_some_and(|p| p.ip().is_loopback()) && !proxied;
    if !local {
        access::bearer(headers, &site)?.handle::<FleetReader>()?;
    }
    metrics::gauge!("pingyi_devices").set(site.directory.get().device_count() as f64);
    let text = site.scrape.as_ref().map(PrometheusHandle::render).unwrap_or_default();
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}

/// The process's recorder; none if somebody else installed one first.
pub(super) fn recorder() -> Option<PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            let buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];
            PrometheusBuilder::new().set_buckets(&buckets).ok()?.install_recorder().ok()
        })
        .clone()
}

pub(super) mod paths {
    //! For the OpenAPI document.
    pub use super::{__path_healthy, __path_scrape};
}
