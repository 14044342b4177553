//! The fleet: how each terminal is, what was said of its ledger, and what a person may do about it.
//!
//! [`state`] reads and judges what the heartbeats say; [`watch`] decides when a state becomes an alarm and when it is over;
//! [`history`] keeps the changes. Pages: `list`, `detail`, `codes`, `decide`; what people do: `acts`; the same for
//! programs: `api`.
//!
//! **Architecture invariant:** nothing here touches a rating, and nothing of a ledger is changed: what people decide stands
//! beside it, on record.

mod acts;
mod answers;
pub(in crate::centre) mod api;
mod codes;
mod decide;
mod detail;
pub mod history;
mod list;
pub mod state;
mod told;
pub mod watch;

pub use self::history::SCHEMA;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use self::state::{Concern, Terminal};
use self::watch::{Order, Watch};
use super::access::Routes;
use super::alarms;
use super::clock;
use super::error::{ApiFault, ErrorCode};
use super::site::Site;
use crate::domain::id::HallId;
use crate::domain::time::WallMs;
use crate::ledger::keys::DeviceId;

pub fn routes() -> Routes {
    Routes::new()
        .merge(list::routes())
        .merge(detail::routes())
        .merge(codes::routes())
        .merge(decide::routes())
        .merge(api::routes())
}

/// How often the fleet is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// Terminals whose changes are written in one transaction.
const MAX_TOGETHER: usize = 500;

/// Every terminal of the halls that `covers` names, what needs a look first.
///
/// # Errors
/// [`ErrorCode::Unavailable`] or [`ErrorCode::Busy`].
pub async fn terminals(
    site: &Arc<Site>,
    covers: impl Fn(&HallId) -> bool + Send + 'static,
    now: WallMs,
) -> Result<Vec<Terminal>, ApiFault> {
    let at = Arc::clone(site);
    let read = site.readers.read(move |conn| {
        let wanted = |device: &_| at.sheet_version(device);
        let silent = |device: &super::directory::devices::Device, since| {
            at.settings.open_ms(&device.hall, since, now) >= watch::SILENT_MS
        };
        state::fleet(conn, |device| covers(&device.hall), wanted, silent)
    });
    read.await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))
}

/// One terminal of the halls that `covers` names.
///
/// # Errors
/// [`ErrorCode::NotFound`], also for what is not the asker's to see.
pub async fn terminal(
    site: &Arc<Site>,
    covers: impl Fn(&HallId) -> bool + Send + 'static,
    device: &str,
    now: WallMs,
) -> Result<Terminal, ApiFault> {
    let id = DeviceId::from_hex(device).map_err(|_| ApiFault::new(ErrorCode::NotFound))?;
    let all = terminals(site, covers, now).await?;
    all.into_iter().find(|t| t.device.id == id).ok_or_else(|| ApiFault::new(ErrorCode::NotFound))
}

/// Looks at the fleet now and then: raises and closes alarms, keeps what changed.
pub async fn mind(site: Arc<Site>) {
    let (mut watch, mut known) = (Watch::default(), HashMap::new());
    loop {
        if let Err(fault) = look(&site, &mut watch, &mut known).await {
            tracing::warn!(code = fault.code.code(), "the fleet could not be looked at; trying again");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// `known`: what was kept of each terminal last.
async fn look(
    site: &Arc<Site>,
    watch: &mut Watch,
    known: &mut HashMap<DeviceId, Vec<Concern>>,
) -> Result<(), ApiFault> {
    let now = clock::now().wall;
    let all = terminals(site, |_| true, now).await?;
    let silent = |t: &Terminal| {
        let since = t.seen.as_ref().map_or(t.device.enrolled, |s| s.seen);
        site.settings.open_ms(&t.device.hall, since, now)
    };
    let orders = watch.look(&all, silent, now);
    known.retain(|id, _| all.iter().any(|t| t.device.id == *id));
    let states = all.into_iter().map(|t| (t.device.id, t.concerns));
    let states: Vec<_> = states.filter(|(id, concerns)| known.get(id) != Some(concerns)).collect();
    for some in states.chunks(MAX_TOGETHER) {
        let some = some.to_vec();
        let note = move |conn: &rusqlite::Connection| -> rusqlite::Result<()> {
            some.iter().try_for_each(|(device, concerns)| history::note(conn, *device, concerns, now).map(drop))
        };
        site.writer.submit(1, move |desk| Ok(note(desk.tx)?)).await?;
    }
    known.extend(states);
    if !orders.is_empty() {
        site.writer.submit(1, move |desk| Ok(carry_out(desk.tx, &orders, now)?)).await?;
    }
    Ok(())
}

fn carry_out(conn: &rusqlite::Connection, orders: &[Order], now: WallMs) -> rusqlite::Result<()> {
    for order in orders {
        match order {
            // Each time it happens is an alarm of its own: its second names it.
            Order::Raise { kind, device, note } => {
                alarms::raise(conn, *kind, *device, 0, (now.0 / 1_000).unsigned_abs(), note, now)?;
            }
            Order::Close { kind, device } => drop(alarms::close_passing(conn, *kind, *device, now)?),
        }
    }
    Ok(())
}
