//! What people say of ledgers: which of two histories counts, and why an epoch was never closed.
//!
//! Nothing of a ledger is changed or deleted by it. A decision is a record beside the histories; where it says that both
//! happened, the visits of the kept one enter the book under a number of their own.

use rusqlite::{Connection, OptionalExtension, params};

use super::desk::Desk;
use super::segments::{self, StoreFault};
use super::visits::{Place, Visit};
use super::{holdings, ledgers};
use crate::centre::alarms::{self, AlarmKind};
use crate::domain::explanation::{EpochReason, ForkVerdict, WORDS_CHARS};
use crate::domain::rating::coded;
use crate::domain::text::check_line;
use crate::domain::time::WallMs;
use crate::ledger::entry::Entry;
use crate::ledger::keys::DeviceId;
use crate::protocol::holdings::HeldFork;

pub const SCHEMA: &str = "
CREATE TABLE fork_decision (
  id INTEGER PRIMARY KEY,
  ledger INTEGER NOT NULL,
  at_seq INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  words TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  decided_ms INTEGER NOT NULL,
  added_visits INTEGER,
  CONSTRAINT fork_decided_once UNIQUE (ledger, at_seq)
) STRICT;
CREATE TABLE epoch_explanation (
  ledger INTEGER PRIMARY KEY,
  reason TEXT NOT NULL,
  words TEXT NOT NULL,
  explained_by TEXT NOT NULL,
  explained_ms INTEGER NOT NULL
) STRICT;
";

/// Forked runs that one decision reads.
const MAX_FORKS: u32 = 200;

/// One decided fork.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub at_seq: u64,
    pub verdict: ForkVerdict,
    pub words: String,
    pub by: String,
    pub at: WallMs,
    /// Visits of the other history that entered the figures; none: they wait for the writer.
    pub added_visits: Option<u64>,
}

/// One explained epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    pub reason: EpochReason,
    pub words: String,
    pub by: String,
    pub at: WallMs,
}

coded! {
    /// Why a decision or an explanation is not taken.
    ExplainRefusal {
        /// The device has no such ledger, or no fork there.
        NotThere = "not_there",
        /// It has been decided; a decision stands.
        Decided = "decided",
        /// Words are needed: 1 line of 2 to 300 characters.
        Words = "words",
    }
}

/// Decides which history counts, and closes the alarm. The book follows with [`settle`].
///
/// # Errors
/// Those of the store: the transaction must not be committed. The inner refusal has changed nothing.
pub fn decide_fork(
    conn: &Connection,
    (device, epoch, at_seq): (DeviceId, u32, u64),
    verdict: ForkVerdict,
    (words, by): (&str, &str),
    now: WallMs,
) -> Result<Result<(), ExplainRefusal>, StoreFault> {
    if !are_words(words) {
        return Ok(Err(ExplainRefusal::Words));
    }
    let Some(ledger) = holdings::of_epoch(conn, device, epoch)? else { return Ok(Err(ExplainRefusal::NotThere)) };
    if !forks_at(conn, ledger.id)?.contains(&at_seq) {
        return Ok(Err(ExplainRefusal::NotThere));
    }
    if is_decided(conn, ledger.id, at_seq)? {
        return Ok(Err(ExplainRefusal::Decided));
    }
    let settled = (verdict == ForkVerdict::Held).then_some(0);
    conn.prepare_cached(
        "INSERT INTO fork_decision (ledger, at_seq, verdict, words, decided_by, decided_ms, added_visits)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![ledger.id, at_seq.cast_signed(), verdict.code(), words, by, now.0, settled])?;
    alarms::close(conn, AlarmKind::Fork, device, epoch, at_seq, now)?;
    Ok(Ok(()))
}

/// True if decisions wait to enter the book.
///
/// # Errors
/// Those of the store.
pub fn waits(conn: &Connection) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM fork_decision WHERE added_visits IS NULL)")?
        .query_row([], |r| r.get(0))
}

/// Enters the visits of histories that count beside the held one, once for each decision: as of the decision's own moment,
/// so that telling them again says the same. How many decisions it were.
///
/// # Errors
/// [`StoreFault`]: the transaction must not be committed.
pub fn settle(desk: &mut Desk<'_>) -> Result<usize, StoreFault> {
    let sql = "SELECT id, ledger, at_seq, decided_ms, verdict = ?1 FROM fork_decision WHERE added_visits IS NULL
               ORDER BY id LIMIT 20";
    let waiting: Vec<(i64, i64, u64, WallMs, bool)> = desk
        .tx
        .prepare_cached(sql)?
        .query_map([ForkVerdict::Unclear.code()], |r| {
            Ok((r.get(0)?, r.get(1)?, r.get::<_, i64>(2)?.cast_unsigned(), WallMs(r.get(3)?), r.get(4)?))
        })?
        .collect::<Result<_, _>>()?;
    for (id, ledger, at_seq, decided, is_unclear) in &waiting {
        let forks = holdings::forks(desk.tx, *ledger, 0, MAX_FORKS)?;
        let visits = other_visits(desk.tx, *ledger, *at_seq, &forks, *decided)?;
        let mut added = 0;
        if let Some(hall) = ledgers::hall_of(desk.tx, *ledger)? {
            // The other history's visits have the same numbers: a ledger number of its own keeps them apart.
            let place = Place { ledger: -id, hall, sample: false };
            let mut facts: Vec<_> = visits.iter().filter_map(|v| v.fact(&place, None)).collect();
            facts.iter_mut().for_each(|fact| fact.flagged |= *is_unclear && fact.level.is_some());
            added = facts.len();
            desk.facts.extend(facts);
        }
        desk.tx
            .prepare_cached("UPDATE fork_decision SET added_visits = ?2 WHERE id = ?1")?
            .execute(params![id, added as i64])?;
    }
    Ok(waiting.len())
}

/// Lets every decision that added visits wait again, for a book that is made anew.
///
/// # Errors
/// Those of the store.
pub fn unsettle(conn: &Connection) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE fork_decision SET added_visits = NULL WHERE verdict <> ?1")?
        .execute([ForkVerdict::Held.code()])?;
    Ok(())
}

/// Says why an epoch ended without being closed; a later explanation takes the place of an earlier one, which the audit
/// log keeps.
///
/// # Errors
/// [`StoreFault`]: the transaction must not be committed. The inner refusal has changed nothing.
pub fn explain_epoch(
    conn: &Connection,
    (device, epoch): (DeviceId, u32),
    reason: EpochReason,
    (words, by): (&str, &str),
    now: WallMs,
) -> Result<Result<(), ExplainRefusal>, StoreFault> {
    if !are_words(words) {
        return Ok(Err(ExplainRefusal::Words));
    }
    let Some(ledger) = holdings::of_epoch(conn, device, epoch)? else { return Ok(Err(ExplainRefusal::NotThere)) };
    conn.prepare_cached(
        "INSERT INTO epoch_explanation (ledger, reason, words, explained_by, explained_ms)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (ledger) DO UPDATE SET reason = excluded.reason, words = excluded.words,
               explained_by = excluded.explained_by, explained_ms = excluded.explained_ms",
    )?
    .execute(params![ledger.id, reason.code(), words, by, now.0])?;
    alarms::close_epoch(conn, device, epoch, now)?;
    Ok(Ok(()))
}

/// Forks of a ledger that were decided, by place.
///
/// # Errors
/// Those of the store.
pub fn decisions_of(conn: &Connection, ledger: i64) -> rusqlite::Result<Vec<Decision>> {
    let mut statement = conn.prepare_cached(
        "SELECT at_seq, verdict, words, decided_by, decided_ms, added_visits FROM fork_decision
         WHERE ledger = ?1 ORDER BY at_seq",
    )?;
    let rows = statement.query_map([ledger], |r| {
        let verdict: String = r.get(1)?;
        Ok(ForkVerdict::from_code(&verdict).map(|verdict| Decision {
            at_seq: r.get::<_, i64>(0).unwrap_or_default().cast_unsigned(),
            verdict,
            words: r.get(2).unwrap_or_default(),
            by: r.get(3).unwrap_or_default(),
            at: WallMs(r.get(4).unwrap_or_default()),
            added_visits: r.get::<_, Option<i64>>(5).unwrap_or_default().map(i64::cast_unsigned),
        }))
    })?;
    rows.filter_map(Result::transpose).collect()
}

/// Places at which other histories of a ledger begin.
///
/// # Errors
/// Those of the store.
pub fn forks_at(conn: &Connection, ledger: i64) -> rusqlite::Result<Vec<u64>> {
    let mut statement =
        conn.prepare_cached("SELECT DISTINCT at_seq FROM fork WHERE ledger = ?1 ORDER BY at_seq LIMIT 200")?;
    statement.query_map([ledger], |r| Ok(r.get::<_, i64>(0)?.cast_unsigned()))?.collect()
}

/// True if a person has decided about the fork at this place.
///
/// # Errors
/// Those of the store.
pub fn is_decided(conn: &Connection, ledger: i64, at_seq: u64) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM fork_decision WHERE ledger = ?1 AND at_seq = ?2)")?
        .query_row(params![ledger, at_seq.cast_signed()], |r| r.get(0))
}

/// Which ledger and place a decision with this number is about.
///
/// # Errors
/// Those of the store.
pub fn decided_place(conn: &Connection, decision: i64) -> rusqlite::Result<Option<(i64, u64)>> {
    conn.prepare_cached("SELECT ledger, at_seq FROM fork_decision WHERE id = ?1")?
        .query_row([decision], |r| Ok((r.get(0)?, r.get::<_, i64>(1)?.cast_unsigned())))
        .optional()
}

/// # Errors
/// Those of the store.
pub fn of_epoch(conn: &Connection, ledger: i64) -> rusqlite::Result<Option<Explanation>> {
    let row = conn
        .prepare_cached("SELECT reason, words, explained_by, explained_ms FROM epoch_explanation WHERE ledger = ?1")?
        .query_row([ledger], |r| {
            Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?, r.get::<_, String>(2)?, r.get::<_, i64>(3)?))
        })
        .optional()?;
    Ok(row.and_then(|(reason, words, by, at)| {
        Some(Explanation { reason: EpochReason::from_code(&reason)?, words, by, at: WallMs(at) })
    }))
}

/// The entries of the other history from `at_seq` on, as far as they have come and join.
pub fn other_entries(at_seq: u64, forks: &[HeldFork]) -> Vec<(u64, String)> {
    let mut runs: Vec<&HeldFork> = forks.iter().filter(|f| f.at_seq == at_seq && f.run.damage.is_none()).collect();
    runs.sort_by_key(|f| (f.run.first_seq, f.id));
    let mut out: Vec<(u64, String)> = Vec::new();
    for fork in runs {
        for (seq, entry) in (fork.run.first_seq..).zip(&fork.run.entries) {
            let next = out.last().map_or(at_seq, |(last, _)| last + 1);
            if seq == next {
                out.push((seq, entry.clone()));
            }
        }
    }
    out
}

/// Visits that the other history opened, as its entries tell them.
fn other_visits(
    conn: &Connection,
    ledger: i64,
    at_seq: u64,
    forks: &[HeldFork],
    now: WallMs,
) -> Result<Vec<Visit>, StoreFault> {
    let other: Vec<Entry> =
        other_entries(at_seq, forks).iter().filter_map(|(_, text)| Entry::from_bytes(text.as_bytes()).ok()).collect();
    // What came before the split tells the clock; its visits are the held history's.
    let (mut projector, mut before, received) = match segments::containing(conn, ledger, at_seq)? {
        Some(segment) => (segment.carry.clone(), segment.entries()?, segment.received),
        None => (super::visits::Projector::default(), Vec::new(), now),
    };
    before.retain(|e| e.seq < at_seq);
    projector.run(&before, received);
    let out = projector.run(&other, now);
    let visits = out.changed.iter().map(|(seq, _)| *seq).filter(|seq| *seq >= at_seq);
    let mut visits: Vec<u64> = visits.collect();
    visits.sort_unstable();
    visits.dedup();
    let find = |seq: u64| out.settled.iter().find(|v| v.seq == seq).or_else(|| projector.visit(seq)).cloned();
    Ok(visits.into_iter().filter_map(find).collect())
}

fn are_words(words: &str) -> bool {
    words.chars().count() >= 2 && check_line(words, WORDS_CHARS).is_ok()
}
