//! Ratings that are not adopted: a second person agreed that they were mistaken or malicious.
//!
//! They are rare, a few in a thousand, and no roll-up knows of them: each answer counts them beside its raw figures, under
//! the same criteria, from a small copy of their rows that triggers keep in step with the book. Raw figures never change by
//! it; adopted ones are raw ones without these.

use std::collections::HashMap;

use rusqlite::{Connection, params};

use super::StatisticsFault;
use super::calendar::{SLOTS_PER_DAY, day_of};
use super::cube::Cube;
use super::stored::{COLUMNS, StoredFact};

/// Leaves the rating of a visit out of adopted figures from now on. Doing it twice is doing it once.
///
/// # Errors
/// Those of the store.
pub fn set_aside(tx: &Connection, ledger: i64, visit: u64) -> rusqlite::Result<()> {
    let place = params![ledger, number(visit)];
    let added =
        tx.prepare_cached("INSERT OR IGNORE INTO aside_visit (ledger, visit) VALUES (?1, ?2)")?.execute(place)?;
    if added > 0 {
        let copy = "INSERT INTO aside_fact SELECT * FROM fact WHERE ledger = ?1 AND visit = ?2";
        tx.prepare_cached(copy)?.execute(place)?;
    }
    Ok(())
}

/// Adopts it again.
///
/// # Errors
/// Those of the store.
pub fn adopt(tx: &Connection, ledger: i64, visit: u64) -> rusqlite::Result<()> {
    let place = params![ledger, number(visit)];
    tx.prepare_cached("DELETE FROM aside_visit WHERE ledger = ?1 AND visit = ?2")?.execute(place)?;
    tx.prepare_cached("DELETE FROM aside_fact WHERE ledger = ?1 AND visit = ?2")?.execute(place)?;
    Ok(())
}

/// What was set aside of some days, by day and hall.
pub fn cubes(conn: &Connection, first: i64, last: i64) -> Result<HashMap<(i64, u32), Cube>, StatisticsFault> {
    let sql = format!("SELECT {COLUMNS} FROM aside_fact WHERE slot >= ?1 AND slot < ?2");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows =
        statement.query(params![first.saturating_mul(SLOTS_PER_DAY), (last + 1).saturating_mul(SLOTS_PER_DAY)])?;
    let mut out = HashMap::<_, Cube>::new();
    while let Some(row) = rows.next()? {
        let (_, fact) = StoredFact::read(row)?;
        out.entry((day_of(fact.slot), fact.hall)).or_default().add(&fact);
    }
    Ok(out)
}

/// As the book keeps it.
fn number(visit: u64) -> i64 {
    i64::try_from(visit).unwrap_or(i64::MAX)
}
