//! The end of the account book, for whoever follows it.

use jiff::tz::TimeZone;
use rusqlite::Connection;

use super::calendar::{Calendar, SLOTS_PER_DAY, day_of};
use crate::domain::time::{ClockGrade, WallMs};

/// The last entry's id; 0 while there is none.
///
/// # Errors
/// Those of the store.
pub fn last_id(conn: &Connection) -> rusqlite::Result<i64> {
    conn.prepare_cached("SELECT coalesce(max(id), 0) FROM fact")?.query_row([], |r| r.get(0))
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
