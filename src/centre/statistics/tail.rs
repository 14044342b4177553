//! The end of the account book, for whoever follows it.

use jiff::tz::TimeZone;
use rusqlite::{Connection, OptionalExtension as _};

use super::calendar::{Calendar, SLOTS_PER_DAY, day_of};
use crate::domain::time::{ClockGrade, WallMs};

/// The last entry's id; 0 while there is none.
///
/// # Errors
/// Those of the store.
pub fn last_id(conn: &Connection) -> rusqlite::Result<i64> {
    conn.prepare_cached("SELECT coalesce(max(id), 0) FROM fact")?.query_row([], |r| r.get(0))
}

/// Visits that a look at the book found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Ledger and visit, each once.
    pub visits: Vec<(i64, u64)>,
    /// The last entry that was looked at.
    pub until: i64,
    /// There are entries beyond it.
    pub more: bool,
}

/// Visits of which an entry after `after` gives, or takes back, one of the lowest two levels: `scan` entries are looked at
/// and `limit` of them taken, at most.
///
/// # Errors
/// Those of the store.
pub fn negative_visits(conn: &Connection, after: i64, scan: i64, limit: u32) -> rusqlite::Result<Page> {
    let last = last_id(conn)?;
    let end = last.min(after.saturating_add(scan.max(1)));
    let sql = "SELECT id, ledger, visit FROM fact WHERE id > ?1 AND id <= ?2 AND level <= 2 ORDER BY id LIMIT ?3";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(rusqlite::params![after, end, limit])?;
    let (mut visits, mut taken, mut until) = (Vec::new(), 0, end);
    while let Some(row) = rows.next()? {
        let visit = (row.get(1)?, u64::try_from(row.get::<_, i64>(2)?).unwrap_or_default());
        taken += 1;
        if taken == limit {
            until = row.get(0)?;
        }
        if !visits.contains(&visit) {
            visits.push(visit);
        }
    }
    Ok(Page { visits, until, more: until < last })
}

/// What an entry is, for whoever wants to know whether the book is still the one that was followed; empty when there is no
/// such entry.
///
/// # Errors
/// Those of the store.
pub fn print(conn: &Connection, id: i64) -> rusqlite::Result<String> {
    let sql = "SELECT ledger || ':' || visit || ':' || sign || ':' || wall || ':' || coalesce(level, 0) FROM fact WHERE id = ?1";
    let found = conn.prepare_cached(sql)?.query_row([id], |r| r.get(0)).optional()?;
    Ok(found.unwrap_or_default())
}

/// The id before the first entry whose visit lies on `since`'s civil day or later; [`last_id`] when there is none.
///
/// # Errors
/// Those of the store.
pub fn id_before(conn: &Connection, zone: &TimeZone, since: WallMs) -> rusqlite::Result<i64> {
    let day = day_of(Calendar::new(zone.clone()).slot(since, ClockGrade::A));
    let first: Option<i64> = conn
        .prepare_cached("SELECT min(id) FROM fact WHERE slot >= ?1")?
        .query_row([day * SLOTS_PER_DAY], |r| r.get(0))?;
    first.map_or_else(|| last_id(conn), |id| Ok(id - 1))
}
