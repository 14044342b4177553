//! Sealed words of citizens, beside the chain, so that erasing them by law leaves the chain whole.

use rusqlite::{Connection, params};

use crate::domain::rating::Channel;
use crate::domain::time::WallMs;
use crate::ledger::seal;

pub const SCHEMA: &str = "
CREATE TABLE words (
  id INTEGER PRIMARY KEY,
  ledger INTEGER NOT NULL,
  visit INTEGER NOT NULL,
  channel TEXT NOT NULL,
  commitment BLOB NOT NULL,
  sealed BLOB,
  received_ms INTEGER NOT NULL,
  CONSTRAINT words_once UNIQUE (ledger, visit, commitment)
) STRICT;
";

/// Words kept of one visit.
const MAX_PER_VISIT: i64 = 8;

/// Keeps sealed words of a visit; the same ones once.
pub fn keep(
    conn: &Connection,
    ledger: i64,
    visit: u64,
    channel: Channel,
    sealed: &[u8],
    now: WallMs,
) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT OR IGNORE INTO words (ledger, visit, channel, commitment, sealed, received_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![ledger, visit.cast_signed(), channel.code(), seal::commitment(sealed).0, sealed, now.0])?;
    Ok(())
}

/// The same for words from outside: false, and nothing is kept, when the visit has enough of them.
pub fn keep_bounded(
    conn: &Connection,
    ledger: i64,
    visit: u64,
    channel: Channel,
    sealed: &[u8],
    now: WallMs,
) -> rusqlite::Result<bool> {
    let n: i64 = conn
        .prepare_cached("SELECT count(*) FROM words WHERE ledger = ?1 AND visit = ?2")?
        .query_row(params![ledger, visit.cast_signed()], |r| r.get(0))?;
    if n >= MAX_PER_VISIT {
        return Ok(false);
    }
    keep(conn, ledger, visit, channel, sealed, now)?;
    Ok(true)
}

/// Sealed words of a visit that have not been erased, in the order of arrival.
pub fn of_visit(conn: &Connection, ledger: i64, visit: u64) -> rusqlite::Result<Vec<(Channel, Vec<u8>)>> {
    let mut statement = conn.prepare_cached(
        "SELECT channel, sealed FROM words WHERE ledger = ?1 AND visit = ?2 AND sealed IS NOT NULL ORDER BY id",
    )?;
    let rows = statement.query_map(params![ledger, visit.cast_signed()], |r| {
        Ok((Channel::from_code(&r.get::<_, String>(0)?).unwrap_or(Channel::Kiosk), r.get(1)?))
    })?;
    rows.collect()
}

/// What stands of a visit's words, in the order of arrival: when they came, and whether they can still be opened.
pub fn states(conn: &Connection, ledger: i64, visit: u64) -> rusqlite::Result<Vec<(Channel, WallMs, bool)>> {
    let mut statement = conn.prepare_cached(
        "SELECT channel, received_ms, sealed IS NOT NULL FROM words WHERE ledger = ?1 AND visit = ?2 ORDER BY id",
    )?;
    let rows = statement.query_map(params![ledger, visit.cast_signed()], |r| {
        let channel = Channel::from_code(&r.get::<_, String>(0)?).unwrap_or(Channel::Kiosk);
        Ok((channel, WallMs(r.get(1)?), r.get(2)?))
    })?;
    rows.collect()
}

/// Erases words that came before `before`; the commitments stay. How many were erased.
pub fn erase_before(conn: &Connection, before: WallMs) -> rusqlite::Result<usize> {
    conn.prepare_cached("UPDATE words SET sealed = NULL WHERE received_ms < ?1 AND sealed IS NOT NULL")?
        .execute([before.0])
}
