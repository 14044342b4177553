//! What an auditor fetches to check the ledgers without believing the centre: who kept them, every entry as it came, every
//! signature, and other histories. Nothing here judges; `pingyi verify --centre` does, on the auditor's own machine.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query as UrlQuery, State};
use serde::Deserialize;

use super::access::{LedgerReader, Routes};
use super::audit::Act;
use super::clock;
use super::directory::devices;
use super::entries;
use super::error::{ApiFault, ErrorCode};
use super::ingest::segments::StoreFault;
use super::ingest::{explanations, holdings};
use super::site::Site;
use crate::domain::role::Need;
use crate::ledger::keys::DeviceId;
use crate::protocol::holdings::{ForkPage, HeldLedger, LedgerPage, MAX_PAGE_FORKS, MAX_PAGE_LEDGERS, RunPage};
use crate::protocol::{ApiError, Receipt};

pub fn routes() -> Routes {
    Routes::new()
        .get("/api/v1/ledgers", Need::AuditLog, list_ledgers)
        .get("/api/v1/ledgers/{device}/{epoch}/runs", Need::AuditLog, list_runs)
        .get("/api/v1/ledgers/{device}/{epoch}/forks", Need::AuditLog, list_forks)
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct After {
    /// What `next` of the page before said; 0 or absent: the first page.
    #[serde(default)]
    after: u64,
}

impl After {
    fn id(self) -> i64 {
        i64::try_from(self.after).unwrap_or(i64::MAX)
    }
}

/// List the ledgers that the centre holds.
///
/// In the order in which they were opened, each with a receipt that is signed now for what is held now.
#[utoipa::path(get, path = "/api/v1/ledgers", tag = "audit", security(("token" = [])), params(After), responses(
    (status = 200, body = LedgerPage),
    (status = 400, description = "bad_query", body = ApiError),
))]
async fn list_ledgers(
    State(site): State<Arc<Site>>,
    reader: LedgerReader,
    UrlQuery(after): UrlQuery<After>,
) -> Result<Json<LedgerPage>, ApiFault> {
    let read = move |conn: &rusqlite::Connection| -> Result<_, StoreFault> {
        let ledgers = holdings::ledgers(conn, after.id(), MAX_PAGE_LEDGERS)?;
        let next = (ledgers.len() == MAX_PAGE_LEDGERS as usize).then(|| ledgers.last().map(|l| l.id)).flatten();
        let mut out = Vec::new();
        for ledger in ledgers.into_iter().filter(|l| reader.covers(&l.hall)) {
            let device = devices::one(conn, ledger.device)?;
            let explained = explanations::of_epoch(conn, ledger.id)?.map(|e| e.reason);
            out.push((ledger, device.map(|d| d.key), explained));
        }
        Ok((out, next))
    };
    let (found, next) = site.readers.read(read).await?.map_err(|e| unavailable(&e))?;
    let now = clock::now().wall;
    let ledgers = found.into_iter().map(|(ledger, public_key, explained)| HeldLedger {
        id: ledger.id,
        device: ledger.device,
        public_key,
        epoch: ledger.epoch,
        receipt: Receipt::sign(&ledger.head, now.0, &site.keys.signing),
        kiosk: ledger.kiosk,
        window: ledger.service_window,
        hall: ledger.hall,
        opened_ms: ledger.opened_ms,
        witnessed_seq: ledger.witnessed_seq,
        forked_runs: ledger.forked_runs,
        explained,
    });
    Ok(Json(LedgerPage { centre_key: site.keys.public(), ledgers: ledgers.collect(), next }))
}

/// Hand out the entries of a ledger, run by run as they came.
///
/// Each run carries the device's signature of its last entry, which binds all before it.
#[utoipa::path(get, path = "/api/v1/ledgers/{device}/{epoch}/runs", tag = "audit", security(("token" = [])),
    params(("device" = DeviceId, Path), ("epoch" = u32, Path), After), responses(
    (status = 200, body = RunPage),
    (status = 400, description = "bad_query", body = ApiError),
    (status = 404, description = "not_found", body = ApiError),
))]
async fn list_runs(
    State(site): State<Arc<Site>>,
    reader: LedgerReader,
    Path((device, epoch)): Path<(String, String)>,
    UrlQuery(after): UrlQuery<After>,
) -> Result<Json<RunPage>, ApiFault> {
    let (device, epoch) = named(&device, &epoch)?;
    let who = Arc::new(reader.who.clone());
    let read = move |conn: &rusqlite::Connection| -> Result<_, StoreFault> {
        let Some(ledger) = holdings::of_epoch(conn, device, epoch)?.filter(|l| reader.covers(&l.hall)) else {
            return Ok(None);
        };
        holdings::runs(conn, ledger.id, after.after).map(Some)
    };
    let found = site.readers.read(read).await?.map_err(|e| unavailable(&e))?;
    let (runs, next) = found.ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?;
    // Whoever looks at entries stands in the audit log, the auditor as well.
    let detail = format!("epoch {epoch}: runs after {}", after.after);
    entries::log(&site, &who, Act::LedgersFetched, &format!("device:{device}"), &detail).await?;
    Ok(Json(RunPage { runs, next }))
}

/// Hand out what is kept of other histories of a ledger.
#[utoipa::path(get, path = "/api/v1/ledgers/{device}/{epoch}/forks", tag = "audit", security(("token" = [])),
    params(("device" = DeviceId, Path), ("epoch" = u32, Path), After), responses(
    (status = 200, body = ForkPage),
    (status = 400, description = "bad_query", body = ApiError),
    (status = 404, description = "not_found", body = ApiError),
))]
async fn list_forks(
    State(site): State<Arc<Site>>,
    reader: LedgerReader,
    Path((device, epoch)): Path<(String, String)>,
    UrlQuery(after): UrlQuery<After>,
) -> Result<Json<ForkPage>, ApiFault> {
    let (device, epoch) = named(&device, &epoch)?;
    let read = move |conn: &rusqlite::Connection| -> Result<_, StoreFault> {
        let Some(ledger) = holdings::of_epoch(conn, device, epoch)?.filter(|l| reader.covers(&l.hall)) else {
            return Ok(None);
        };
        let mut forks = holdings::forks(conn, ledger.id, after.id(), MAX_PAGE_FORKS)?;
        let decisions = explanations::decisions_of(conn, ledger.id)?;
        for fork in &mut forks {
            fork.verdict = decisions.iter().find(|d| d.at_seq == fork.at_seq).map(|d| d.verdict);
        }
        Ok(Some(forks))
    };
    let found = site.readers.read(read).await?.map_err(|e| unavailable(&e))?;
    let forks = found.ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?;
    let next = (forks.len() == MAX_PAGE_FORKS as usize).then(|| forks.last().map(|f| f.id)).flatten();
    Ok(Json(ForkPage { forks, next }))
}

/// What is no device or epoch names nothing.
fn named(device: &str, epoch: &str) -> Result<(DeviceId, u32), ApiFault> {
    let named = DeviceId::from_hex(device).ok().zip(epoch.parse().ok());
    named.ok_or_else(|| ApiFault::new(ErrorCode::NotFound))
}

fn unavailable(fault: &StoreFault) -> ApiFault {
    ApiFault::because(ErrorCode::Unavailable, fault)
}

pub(super) mod paths {
    //! For the OpenAPI document.
    pub use super::{__path_list_forks, __path_list_ledgers, __path_list_runs};
}
