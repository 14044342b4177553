//! The tables of selections: the machine as it stands, the frozen snapshot with its result, sealed contacts, and what was
//! done by whom.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::domain::appraisal::{Period, Subject};
use crate::domain::id::HallId;
use crate::domain::selection::{Outcome, Selection, Snapshot};
use crate::domain::time::WallMs;

/// Selections that are kept and listed.
pub const MAX_SELECTIONS: i64 = 2_000;
/// Lines of what was done about one selection.
const MAX_EVENTS: i64 = 1_000;

/// One selection as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    pub id: i64,
    pub selection: Selection,
    pub called: WallMs,
    pub changed: WallMs,
}

impl Kept {
    /// Whoever reaches only a part of its halls does not see it: its places compare all of them.
    pub fn is_within(&self, reach: &crate::centre::access::Reach) -> bool {
        self.selection.terms().halls.iter().all(|hall| reach.covers(hall))
    }
}

/// A snapshot and its result, exactly as they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    pub snapshot: String,
    pub snapshot_hash: String,
    pub outcome: String,
    pub outcome_hash: String,
}

/// What was done, by whom and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub at: WallMs,
    pub name: String,
    /// Code of an act of the audit log.
    pub act: String,
}

const COLUMNS: &str = "id, body, called_ms, changed_ms";

/// Keeps a new one; none when there are [`MAX_SELECTIONS`] already.
///
/// # Errors
/// Those of the store.
pub fn add(tx: &Connection, selection: &Selection, now: WallMs) -> rusqlite::Result<Option<i64>> {
    let count: i64 = tx.prepare_cached("SELECT count(*) FROM selection")?.query_row([], |r| r.get(0))?;
    if count >= MAX_SELECTIONS {
        return Ok(None);
    }
    tx.prepare_cached("INSERT INTO selection (state, body, called_ms, changed_ms) VALUES (?1, ?2, ?3, ?3)")?
        .execute(params![selection.state().code(), json(selection)?, now.0])?;
    Ok(Some(tx.last_insert_rowid()))
}

/// # Errors
/// Those of the store.
pub fn keep(tx: &Connection, id: i64, selection: &Selection, now: WallMs) -> rusqlite::Result<()> {
    let notice = selection.notice();
    tx.prepare_cached(
        "UPDATE selection SET state = ?2, notice_from = ?3, notice_until = ?4, body = ?5, changed_ms = ?6 WHERE id = ?1",
    )?
    .execute(params![
        id,
        selection.state().code(),
        notice.map(|n| n.from.to_string()),
        notice.map(|n| n.until.to_string()),
        json(selection)?,
        now.0
    ])?;
    if selection.state().is_over() {
        tx.prepare_cached("DELETE FROM selection_contact WHERE selection = ?1")?.execute([id])?;
    }
    Ok(())
}

/// # Errors
/// Those of the store.
pub fn one(conn: &Connection, id: i64) -> rusqlite::Result<Option<Kept>> {
    let sql = format!("SELECT {COLUMNS} FROM selection WHERE id = ?1");
    conn.prepare_cached(&sql)?.query_row([id], kept_of).optional()
}

/// Every one, the latest first.
///
/// # Errors
/// Those of the store.
pub fn all(conn: &Connection) -> rusqlite::Result<Vec<Kept>> {
    let sql = format!("SELECT {COLUMNS} FROM selection ORDER BY id DESC LIMIT {MAX_SELECTIONS}");
    conn.prepare_cached(&sql)?.query_map([], kept_of)?.collect()
}

/// Who was ranked in a selection over days that touch a period, of one hall.
///
/// # Errors
/// Those of the store.
pub fn subjects(conn: &Connection, hall: &HallId, period: Period) -> rusqlite::Result<BTreeSet<Subject>> {
    let mut out = BTreeSet::new();
    for kept in all(conn)? {
        let terms = kept.selection.terms();
        let touches = terms.period.from <= period.to && period.from <= terms.period.to;
        if touches
            && terms.halls.contains(hall)
            && let Some((_, outcome)) = result(conn, kept.id)?
        {
            out.extend(outcome.ranked.into_iter().map(|r| r.subject).filter(|s| s.hall() == hall));
        }
    }
    Ok(out)
}

/// Public notices that can be seen on a day and concern a hall.
///
/// # Errors
/// Those of the store.
pub fn noticed(conn: &Connection, hall: &HallId, day: Date) -> rusqlite::Result<Vec<Kept>> {
    let all = noticed_anywhere(conn, day)?.into_iter();
    Ok(all.filter(|k| k.selection.terms().halls.contains(hall)).collect())
}

/// Public notices that can be seen on a day, wherever.
///
/// # Errors
/// Those of the store.
pub fn noticed_anywhere(conn: &Connection, day: Date) -> rusqlite::Result<Vec<Kept>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM selection WHERE state = 'noticed' AND notice_until >= ?1 ORDER BY notice_until, id LIMIT 50"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([day.to_string()], kept_of)?.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(rows.into_iter().filter(|k| k.selection.is_noticed_on(day)).collect())
}

/// Freezes; once.
///
/// # Errors
/// Those of the store.
pub fn freeze(tx: &Connection, id: i64, snapshot: &Snapshot, outcome: &Outcome, now: WallMs) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT INTO selection_frozen (selection, snapshot, snapshot_hash, outcome, outcome_hash, frozen_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![id, snapshot.canonical(), snapshot.hash(), outcome.canonical(), outcome.hash(), now.0])?;
    Ok(())
}

/// # Errors
/// Those of the store.
pub fn frozen(conn: &Connection, id: i64) -> rusqlite::Result<Option<Frozen>> {
    let sql = "SELECT snapshot, snapshot_hash, outcome, outcome_hash FROM selection_frozen WHERE selection = ?1";
    let row = |r: &Row<'_>| {
        Ok(Frozen { snapshot: r.get(0)?, snapshot_hash: r.get(1)?, outcome: r.get(2)?, outcome_hash: r.get(3)? })
    };
    conn.prepare_cached(sql)?.query_row([id], row).optional()
}

/// Snapshot and result, read; none before they were computed.
///
/// # Errors
/// Those of the store; a text that is not understood is one of them.
pub fn result(conn: &Connection, id: i64) -> rusqlite::Result<Option<(Snapshot, Outcome)>> {
    let Some(frozen) = frozen(conn, id)? else { return Ok(None) };
    let snapshot = Snapshot::read(&frozen.snapshot).map_err(|e| bad(0, e.into()))?;
    let outcome = serde_json::from_str(&frozen.outcome).map_err(|e| bad(2, e.into()))?;
    Ok(Some((snapshot, outcome)))
}

/// # Errors
/// Those of the store.
pub fn keep_contact(tx: &Connection, id: i64, number: u32, sealed: &[u8]) -> rusqlite::Result<()> {
    tx.prepare_cached("INSERT INTO selection_contact (selection, number, sealed) VALUES (?1, ?2, ?3)")?
        .execute(params![id, number, sealed])?;
    Ok(())
}

/// # Errors
/// Those of the store.
pub fn contact(conn: &Connection, id: i64, number: u32) -> rusqlite::Result<Option<Vec<u8>>> {
    conn.prepare_cached("SELECT sealed FROM selection_contact WHERE selection = ?1 AND number = ?2")?
        .query_row(params![id, number], |r| r.get(0))
        .optional()
}

/// # Errors
/// Those of the store.
pub fn tell(tx: &Connection, id: i64, name: &str, act: &str, now: WallMs) -> rusqlite::Result<()> {
    tx.prepare_cached("INSERT INTO selection_event (selection, at_ms, name, act) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![id, now.0, name, act])?;
    Ok(())
}

/// What was done, the first thing first.
///
/// # Errors
/// Those of the store.
pub fn events(conn: &Connection, id: i64) -> rusqlite::Result<Vec<Event>> {
    let sql =
        format!("SELECT at_ms, name, act FROM selection_event WHERE selection = ?1 ORDER BY id LIMIT {MAX_EVENTS}");
    let row = |r: &Row<'_>| Ok(Event { at: WallMs(r.get(0)?), name: r.get(1)?, act: r.get(2)? });
    conn.prepare_cached(&sql)?.query_map([id], row)?.collect()
}

fn kept_of(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let body: String = row.get(1)?;
    let selection = serde_json::from_str(&body).map_err(|e| bad(1, e.into()))?;
    Ok(Kept { id: row.get(0)?, selection, called: WallMs(row.get(2)?), changed: WallMs(row.get(3)?) })
}

fn json(selection: &Selection) -> rusqlite::Result<String> {
    serde_json::to_string(selection).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))
}

fn bad(column: usize, cause: Box<dyn std::error::Error + Send + Sync>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, cause)
}
