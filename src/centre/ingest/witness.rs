//! Witnesses: places of a ledger that somebody else has seen – in a QR code, an enrolment, a heartbeat – kept until the
//! entries arrive and agree. A tail that was cut off before it was sent shows here.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

pub const SCHEMA: &str = "
CREATE TABLE witness (
  ledger INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL,
  CONSTRAINT witness_once PRIMARY KEY (ledger, seq)
) STRICT, WITHOUT ROWID;
";

/// Pending places of one ledger; the earliest are enough, for a hash binds all before it.
pub const MAX_PENDING: usize = 256;

/// The first half of a hash, as tickets carry it.
pub type Half = [u8; 16];

pub fn pending(conn: &Connection, ledger: i64) -> rusqlite::Result<BTreeMap<u64, Half>> {
    let mut statement = conn.prepare_cached("SELECT seq, hash FROM witness WHERE ledger = ?1 ORDER BY seq LIMIT ?2")?;
    let rows = statement
        .query_map(params![ledger, MAX_PENDING as i64], |r| Ok((r.get::<_, i64>(0)?.cast_unsigned(), r.get(1)?)))?;
    rows.collect()
}

pub fn keep(conn: &Connection, ledger: i64, seq: u64, hash: &Half) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT OR IGNORE INTO witness (ledger, seq, hash) VALUES (?1, ?2, ?3)")?.execute(params![
        ledger,
        seq.cast_signed(),
        hash
    ])?;
    Ok(())
}

/// Drops those up to `seq`: their entries have come.
pub fn drop_to(conn: &Connection, ledger: i64, seq: u64) -> rusqlite::Result<()> {
    conn.prepare_cached("DELETE FROM witness WHERE ledger = ?1 AND seq <= ?2")?
        .execute(params![ledger, seq.cast_signed()])?;
    Ok(())
}
