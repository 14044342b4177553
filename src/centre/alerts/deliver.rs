//! The edge of the outbox: takes what is due, tries, and writes down how it ended. One try at a time for each destination,
//! so that one that hangs holds up nobody else.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::task::JoinSet;

use super::destinations::{self, Destination};
use super::message::{Manner, PlaceNamed, Told};
use super::outbox::{self, Due};
use super::{history, send};
use crate::centre::clock;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::ingest::segments::StoreFault;
use crate::centre::site::Site;
use crate::centre::statistics::labels::Labels;
use crate::domain::query::Dimension;
use crate::words::Language;

/// How often the outbox is looked at.
const PERIOD: Duration = Duration::from_secs(1);
/// Tries at the same time.
const MAX_TRIES: usize = 8;

/// Delivers until the task is aborted.
pub async fn deliver(site: Arc<Site>) {
    let recovered = site.writer.attempt(|desk| -> Result<(), StoreFault> { Ok(outbox::recover(desk.tx, desk.now)?) });
    if !matches!(recovered.await, Ok(Ok(()))) {
        tracing::warn!("the outbox of alerts could not be looked through");
    }
    let mut tries: JoinSet<i64> = JoinSet::new();
    let mut busy: BTreeSet<i64> = BTreeSet::new();
    loop {
        while let Some(done) = tries.try_join_next() {
            match done {
                Ok(destination) => drop(busy.remove(&destination)),
                // Which one it was is not told: none is held up for long.
                Err(_) => busy.clear(),
            }
        }
        if let Err(fault) = start(&site, &mut tries, &mut busy).await {
            tracing::warn!(code = fault.code.code(), reference = fault.reference, "alerts were not delivered");
        }
        tokio::time::sleep(PERIOD).await;
    }
}

/// Begins tries for what is due.
async fn start(site: &Arc<Site>, tries: &mut JoinSet<i64>, busy: &mut BTreeSet<i64>) -> Result<(), ApiFault> {
    if tries.len() >= MAX_TRIES {
        return Ok(());
    }
    let now = clock::now().wall;
    let due = site.readers.read(move |conn| outbox::due(conn, now)).await?.map_err(unavailable)?;
    for bundle in due {
        let destination = bundle.first().map_or(0, |d| d.destination);
        if tries.len() >= MAX_TRIES || !busy.insert(destination) {
            continue;
        }
        let site = Arc::clone(site);
        tries.spawn(async move {
            if let Err(fault) = attempt(&site, destination, bundle).await {
                tracing::warn!(
                    code = fault.code.code(),
                    reference = fault.reference,
                    "a delivery was not written down"
                );
            }
            destination
        });
    }
    Ok(())
}

async fn attempt(site: &Arc<Site>, destination: i64, bundle: Vec<Due>) -> Result<(), ApiFault> {
    let read = Arc::clone(site);
    let asked = bundle.clone();
    let found = site.readers.read(move |conn| content(conn, &read, destination, &asked)).await?.map_err(unavailable)?;
    let Some((to, told, manner)) = found else {
        let gone = move |desk: &mut crate::centre::ingest::desk::Desk<'_>| -> Result<(), StoreFault> {
            Ok(outbox::give_up(desk.tx, &bundle, desk.now)?)
        };
        return site.writer.attempt(gone).await?.map_err(unavailable);
    };
    let claimed = bundle.clone();
    let begun =
        site.writer.attempt(move |desk| -> Result<i64, StoreFault> { Ok(outbox::begin(desk.tx, &claimed, desk.now)?) });
    let attempt = begun.await?.map_err(unavailable)?;
    let clock_begun = Instant::now();
    let ended = send::send(&site.settings.alerts, &to, &told, &manner, clock::now().wall).await;
    let took_ms = i64::try_from(clock_begun.elapsed().as_millis()).unwrap_or(i64::MAX);
    let (outcome, status) = (ended.outcome.code(), ended.status);
    tracing::info!(
        destination,
        kind = to.terms.address.code(),
        events = bundle.len(),
        outcome,
        status,
        took_ms,
        "alert delivery"
    );
    metrics::counter!("pingyi_alert_deliveries_total", "outcome" => outcome).increment(1);
    let done = site.writer.attempt(move |desk| -> Result<(), StoreFault> {
        Ok(outbox::end(desk.tx, attempt, &bundle, ended, took_ms, desk.now)?)
    });
    done.await?.map_err(unavailable)
}

type Content = (Destination, Vec<Told>, Manner);

/// What is to be told to whom and how; none when the destination is gone or switched off.
fn content(conn: &Connection, site: &Site, destination: i64, bundle: &[Due]) -> rusqlite::Result<Option<Content>> {
    let Some(to) = destinations::one(conn, destination)?.filter(|d| d.terms.enabled) else { return Ok(None) };
    let language = to.terms.language;
    let labels = Labels::new(site.boards.get().all(), language);
    let mut told = Vec::with_capacity(bundle.len());
    for due in bundle {
        let alert = match due.alert {
            None => None,
            Some(id) => match history::one(conn, id)? {
                Some(alert) => {
                    let place = named(&labels, &alert);
                    Some((alert, place))
                }
                // Forgotten meanwhile: there is nothing to tell.
                None => continue,
            },
        };
        told.push(Told { id: due.id, event: due.event, alert });
    }
    if told.is_empty() {
        return Ok(None);
    }
    Ok(Some((to, told, manner(site, language))))
}

/// How this centre writes times and links.
pub fn manner(site: &Site, language: Language) -> Manner {
    Manner { language, zone: site.settings.time_zone.clone(), address: site.settings.phone_url.clone() }
}

/// The place of an alert by its names.
pub fn named(labels: &Labels, alert: &history::Alert) -> PlaceNamed {
    PlaceNamed {
        hall: alert.hall.to_string(),
        hall_name: labels.name(Dimension::Hall, alert.hall.as_str()),
        window: alert.window.as_ref().map(ToString::to_string),
        window_name: alert.window.as_ref().map(|_| labels.name(Dimension::ServiceWindow, &alert.subject().key())),
    }
}

fn unavailable(cause: impl std::fmt::Display) -> ApiFault {
    ApiFault::because(ErrorCode::Unavailable, &cause)
}
