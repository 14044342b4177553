//! Receipt codes: which rating a citizen's ten characters stand for.
//!
//! The index is derived from the segments, behind them and outside the way of a batch, up to a watermark; it can be made
//! again at any time. Days come first in its key, so that new codes, which are random, land close together.

use rusqlite::{Connection, OptionalExtension, params};

use crate::centre::ingest::batch::split_lines;
use crate::centre::ingest::segments::{self, Segment, StoreFault};
use crate::domain::time::WallMs;
use crate::ledger::chain::{link, receipt_code};
use crate::ledger::entry::{Body, Entry};

pub const SCHEMA: &str = "
CREATE TABLE receipt_code (
  day INTEGER NOT NULL,
  code TEXT NOT NULL,
  ledger INTEGER NOT NULL,
  visit INTEGER NOT NULL,
  CONSTRAINT receipt_code_once PRIMARY KEY (day, code, ledger, visit)
) STRICT, WITHOUT ROWID;
CREATE TABLE receipt_code_mark (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  segment INTEGER NOT NULL
) STRICT;
";

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Indexes up to `limit` segments that are not yet; true if there may be more.
///
/// # Errors
/// [`StoreFault`]: the transaction must not be committed.
pub fn advance(conn: &Connection, limit: usize) -> Result<bool, StoreFault> {
    let segments = segments::stored_after(conn, mark(conn)?, limit)?;
    let Some(last) = segments.last().map(|s| s.id) else { return Ok(false) };
    for segment in &segments {
        index(conn, segment)?;
    }
    conn.prepare_cached(
        "INSERT INTO receipt_code_mark (id, segment) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET segment = ?1",
    )?
    .execute([last])?;
    Ok(segments.len() == limit)
}

/// True if segments have come that are not indexed.
///
/// # Errors
/// Those of the store.
pub fn is_behind(conn: &Connection) -> rusqlite::Result<bool> {
    Ok(segments::newest(conn)? > mark(conn)?)
}

/// `(ledger, visit)` of the latest rating with this code, in its normal form.
///
/// # Errors
/// Those of the store.
pub fn find(conn: &Connection, code: &str) -> rusqlite::Result<Option<(i64, u64)>> {
    let mut before = conn.prepare_cached("SELECT max(day) FROM receipt_code WHERE day < ?1")?;
    let mut there = conn.prepare_cached("SELECT ledger, visit FROM receipt_code WHERE day = ?1 AND code = ?2")?;
    let mut day = i64::MAX;
    while let Some(earlier) = before.query_row([day], |r| r.get::<_, Option<i64>>(0))? {
        day = earlier;
        let found = there.query_row(params![day, code], |r| Ok((r.get(0)?, r.get::<_, i64>(1)?.cast_unsigned())));
        if let Some(found) = found.optional()? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn mark(conn: &Connection) -> rusqlite::Result<i64> {
    let mark = conn.prepare_cached("SELECT segment FROM receipt_code_mark")?.query_row([], |r| r.get(0)).optional()?;
    Ok(mark.unwrap_or(0))
}

fn index(conn: &Connection, segment: &Segment) -> Result<(), StoreFault> {
    let lines = segment.lines()?;
    let mut keep =
        conn.prepare_cached("INSERT OR IGNORE INTO receipt_code (day, code, ledger, visit) VALUES (?1, ?2, ?3, ?4)")?;
    let mut hash = segment.prev;
    for line in split_lines(&lines) {
        hash = link(&hash, line);
        let Ok(Entry { body: Body::Rated(rated) | Body::Revised(rated), .. }) = Entry::from_bytes(line) else {
            continue;
        };
        let WallMs(received) = segment.received;
        let day = received.div_euclid(DAY_MS);
        keep.execute(params![day, receipt_code(&hash), segment.ledger, rated.visit.cast_signed()])?;
    }
    Ok(())
}
