//! The edge of the watcher: reads what is new, writes what was decided, forgets what is old.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{Span, Timestamp};
use rusqlite::Connection;

use super::acts::halls_of_unit;
use super::decide::{Decision, Usual};
use super::outbox::{self, AlertEvent};
use super::recent::HORIZON_MS;
use super::rule::{Scope, Subject};
use super::watcher::{Decided, DeviceState, Resolved, Watcher};
use super::{history, rules};
use crate::centre::access::Reach;
use crate::centre::alarms;
use crate::centre::clock;
use crate::centre::directory::devices::{self, Standing};
use crate::centre::error::ApiFault;
use crate::centre::ingest::segments::StoreFault;
use crate::centre::site::Site;
use crate::centre::statistics::fact::Fact;
use crate::centre::statistics::labels::Labels;
use crate::centre::statistics::{self, AskFault, Book, StatisticsFault, tail};
use crate::domain::id::{HallId, WindowId};
use crate::domain::query::{Dimension, Order, Query};
use crate::domain::time::WallMs;
use crate::words::Language;

/// How often new facts are looked for.
const PERIOD: Duration = Duration::from_secs(1);
/// How often every place is measured, also without new facts.
const ALL_PERIOD: Duration = Duration::from_secs(20);
/// How often the weeks before are asked for.
const USUAL_PERIOD: Duration = Duration::from_secs(3_600);
const FORGET_PERIOD: Duration = Duration::from_secs(3_600);
/// Facts of one round.
const MAX_FACTS: u32 = 5_000;
const MAX_ALARMS: usize = 20_000;
/// Days that make the usual participation.
const USUAL_DAYS: i32 = 28;
const DAY_MS: i64 = 86_400_000;
/// Messages and tries are kept for so long.
const DELIVERIES_DAYS: i64 = 90;

/// Watches until the task is aborted.
pub async fn watch(site: Arc<Site>) {
    let mut round = Round::default();
    loop {
        match round.turn(&site).await {
            Ok(Progress::More) => continue,
            Ok(Progress::Done) => {}
            // What was decided is decided again in the next round.
            Err(fault) => {
                tracing::warn!(code = fault.code.code(), reference = fault.reference, "alerts were not weighed")
            }
        }
        tokio::time::sleep(PERIOD).await;
    }
}

enum Progress {
    Done,
    /// More facts wait.
    More,
}

#[derive(Default)]
struct Round {
    watcher: Watcher,
    /// The last fact that was taken in; none before the first round.
    fact: Option<i64>,
    /// Facts that were taken in and not yet written down as weighed.
    unmarked: bool,
    changes: Option<i64>,
    all: Option<Instant>,
    usual: Option<Instant>,
    forgotten: Option<Instant>,
}

/// What one reading found.
struct News {
    facts: Vec<(i64, Fact)>,
    changed: Option<Changed>,
    devices: Option<Vec<DeviceState>>,
}

struct Changed {
    changes: i64,
    rules: Vec<Resolved>,
    standing: HashMap<(i64, Subject), super::decide::Standing>,
}

fn is_due(last: &mut Option<Instant>, period: Duration) -> bool {
    let due = last.is_none_or(|at| at.elapsed() >= period);
    if due {
        *last = Some(Instant::now());
    }
    due
}

impl Round {
    async fn turn(&mut self, site: &Arc<Site>) -> Result<Progress, ApiFault> {
        let now = clock::now().wall;
        let after = match self.fact {
            Some(fact) => fact,
            None => self.begin(site, now).await?,
        };
        let all = is_due(&mut self.all, ALL_PERIOD);
        let news = self.read(site, after, all, now).await?;
        let more = news.facts.len() as u32 == MAX_FACTS;
        for (id, fact) in &news.facts {
            self.watcher.take(fact, now);
            self.fact = Some(*id);
            self.unmarked = true;
        }
        if let Some(changed) = news.changed {
            self.changes = Some(changed.changes);
            self.watcher.set_rules(changed.rules);
            self.watcher.set_standing(changed.standing);
        }
        if let Some(devices) = news.devices {
            self.watcher.set_devices(devices);
        }
        if self.watcher.wants_usual() && is_due(&mut self.usual, USUAL_PERIOD) {
            let usual = usual(site, now).await?;
            self.watcher.set_usual(usual);
        }
        let decided = self.watcher.look(now, all);
        if !decided.is_empty() || self.unmarked {
            self.write(site, decided, now).await?;
        }
        self.watcher.taken(now);
        if is_due(&mut self.forgotten, FORGET_PERIOD) {
            forget(site).await?;
        }
        Ok(if more { Progress::More } else { Progress::Done })
    }

    /// Takes up where the last run stopped: what was weighed then is remembered, and nothing is raised from it.
    async fn begin(&mut self, site: &Arc<Site>, now: WallMs) -> Result<i64, ApiFault> {
        let zone = site.settings.time_zone.clone();
        let begun = site.readers.read(move |conn| -> Result<_, StatisticsFault> {
            let mark = rules::mark(conn)?.fact;
            let last = match mark {
                Some(fact) => fact,
                None => tail::last_id(conn)?,
            };
            Ok((tail::id_before(conn, &zone, now.plus_ms(-HORIZON_MS))?.min(last), last))
        });
        let (mut at, last) = begun.await?.map_err(unavailable)?;
        while at < last {
            let facts =
                site.readers.read(move |conn| Book::entries(conn, at, MAX_FACTS)).await?.map_err(unavailable)?;
            let Some((id, _)) = facts.last() else { break };
            at = *id;
            for (_, fact) in facts.iter().filter(|(id, _)| *id <= last) {
                self.watcher.remember(fact, now);
            }
        }
        self.fact = Some(last);
        self.unmarked = true;
        Ok(last)
    }

    async fn read(&self, site: &Arc<Site>, after: i64, devices: bool, now: WallMs) -> Result<News, ApiFault> {
        let known = self.changes;
        let in_hours = Arc::clone(site);
        let read = site.readers.read(move |conn| -> Result<News, StatisticsFault> {
            let changes = rules::mark(conn)?.changes;
            let changed = if known == Some(changes) {
                None
            } else {
                let rules = rules::all(conn)?.into_iter();
                let rules = rules.map(|rule| Resolved { halls: halls_of(conn, &rule.terms.scope), rule }).collect();
                Some(Changed { changes, rules, standing: history::standing(conn, now)? })
            };
            let devices = if devices { Some(device_states(conn, &in_hours, now)?) } else { None };
            Ok(News { facts: Book::entries(conn, after, MAX_FACTS)?, changed, devices })
        });
        read.await?.map_err(unavailable)
    }

    async fn write(&mut self, site: &Arc<Site>, decided: Vec<Decided>, now: WallMs) -> Result<(), ApiFault> {
        let fact = self.fact.unwrap_or_default();
        let done = site.writer.attempt(move |desk| -> Result<(), StoreFault> {
            for one in &decided {
                write_one(desk.tx, one, now)?;
            }
            Ok(rules::weighed(desk.tx, fact)?)
        });
        done.await?.map_err(unavailable)?;
        self.unmarked = false;
        Ok(())
    }
}

/// Writes a decision, and lays out what is to be told of it.
fn write_one(conn: &Connection, decided: &Decided, now: WallMs) -> rusqlite::Result<()> {
    let rule = rules::one(conn, decided.rule)?;
    let Some(alert) = history::write(conn, rule.as_ref(), decided, now)? else { return Ok(()) };
    let event = match decided.decision {
        Decision::Close { .. } => AlertEvent::Closed,
        Decision::Raise(_) | Decision::Renew { .. } => AlertEvent::Raised,
    };
    tracing::info!(alert, rule = decided.rule, place = decided.subject.key(), event = event.code(), "alert");
    metrics::counter!("pingyi_alerts_total", "event" => event.code()).increment(1);
    let Some(rule) = rule else { return Ok(()) };
    if event == AlertEvent::Raised || rule.terms.tell_end {
        for &destination in &rule.terms.destinations {
            outbox::lay(conn, Some(alert), destination, event, now)?;
        }
    }
    Ok(())
}

/// The halls that a scope means now; none: every hall.
fn halls_of(conn: &Connection, scope: &Scope) -> Option<BTreeSet<HallId>> {
    match scope {
        Scope::Everywhere => None,
        Scope::Unit { unit } => {
            // A unit that is gone has no halls, and its rules raise nothing.
            let reach = halls_of_unit(conn, unit).unwrap_or(Reach::Halls([].into()));
            reach.halls().map(|halls| halls.iter().cloned().collect())
        }
        Scope::Hall { hall } | Scope::Window { hall, .. } => Some([hall.clone()].into()),
    }
}

/// What is known of every terminal that is in use, and of those replaced ones that have open alarms.
fn device_states(conn: &Connection, site: &Site, now: WallMs) -> rusqlite::Result<Vec<DeviceState>> {
    let mut alarms: HashMap<_, Vec<String>> = HashMap::new();
    // States that pass by themselves are no tampering.
    for alarm in alarms::open(conn, MAX_ALARMS)?.into_iter().filter(|a| !a.kind.is_passing()) {
        alarms.entry(alarm.device).or_default().push(alarm.kind.code().to_owned());
    }
    let mut states = Vec::new();
    for (device, seen) in devices::with_seen(conn)? {
        let alarms = alarms.remove(&device.id).unwrap_or_default();
        let is_active = device.standing == Standing::Active;
        if !is_active && alarms.is_empty() {
            continue;
        }
        let silent_ms = seen.filter(|_| is_active).map_or(0, |s| site.settings.open_ms(&device.hall, s.seen, now));
        let silent_minutes = u64::try_from(silent_ms / 60_000).unwrap_or(0);
        states.push(DeviceState { hall: device.hall, window: device.service_window, silent_minutes, alarms });
    }
    Ok(states)
}

/// Participation of the weeks before today, by window and by hall.
async fn usual(site: &Arc<Site>, now: WallMs) -> Result<HashMap<Subject, Usual>, ApiFault> {
    let stamp = Timestamp::from_millisecond(now.0).unwrap_or(Timestamp::UNIX_EPOCH);
    let today = site.settings.time_zone.to_datetime(stamp).date();
    let ask = |by| Query {
        by: Some(by),
        from: today.saturating_sub(Span::new().days(USUAL_DAYS)),
        to: today.saturating_sub(Span::new().days(1)),
        filters: vec![],
        order: Order::Key,
        min_n: statistics::LEAST_MIN_N,
        unflagged_only: false,
    };
    let (windows, halls) = (ask(Dimension::ServiceWindow), ask(Dimension::Hall));
    let boards = site.boards.get();
    let labels = Labels::new([], Language::Zh);
    let read = site.readers.read(move |conn| -> Result<_, AskFault> {
        let scope = statistics::Scope::default();
        Ok((statistics::ask(conn, &windows, &scope, &labels)?, statistics::ask(conn, &halls, &scope, &labels)?))
    });
    let (by_window, by_hall) = read.await??;
    let mut usual = HashMap::new();
    for row in by_window.rows.iter().chain(&by_hall.rows) {
        let counts = Usual { rated: row.n.unwrap_or(0), served: row.served.unwrap_or(0) };
        // A window's key names its hall only where two halls have a window of that name.
        let place = match row.key.split_once('/') {
            Some((hall, window)) => HallId::new(hall).ok().zip(WindowId::new(window).ok()).map(|(h, w)| (h, Some(w))),
            None => {
                let window = WindowId::new(&row.key).ok();
                let hall = window.as_ref().and_then(|w| boards.hall_of(w));
                hall.map(|hall| (hall, window)).or_else(|| HallId::new(&row.key).ok().map(|hall| (hall, None)))
            }
        };
        if let Some((hall, window)) = place {
            usual.insert(Subject { hall, window }, counts);
        }
    }
    Ok(usual)
}

async fn forget(site: &Arc<Site>) -> Result<(), ApiFault> {
    let days = i64::from(site.settings.alerts.history_days);
    let done = site.writer.attempt(move |desk| -> Result<(), StoreFault> {
        history::forget_before(desk.tx, desk.now.plus_ms(-days * DAY_MS))?;
        Ok(outbox::forget_before(desk.tx, desk.now.plus_ms(-DELIVERIES_DAYS * DAY_MS))?)
    });
    done.await?.map_err(unavailable)
}

fn unavailable(cause: impl std::fmt::Display) -> ApiFault {
    ApiFault::because(crate::centre::error::ErrorCode::Unavailable, &cause)
}
