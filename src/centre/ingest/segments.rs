//! The ledgers at the centre: their entries in segments, as they came, and forks beside them.
//!
//! There is no row per entry and no cursor apart from the segments: the last segment *is* the cursor, so the two cannot
//! disagree. A segment carries the projector's state before it, so that any visit can be told again from there.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::batch::{self, Checked, Codec, Packed};
use super::visits::{Projector, Visit};
use crate::domain::time::WallMs;
use crate::ledger::chain::{Tip, link, origin};
use crate::ledger::entry::Entry;
use crate::ledger::keys::{DeviceId, Hash, Signature};

pub const SCHEMA: &str = "
CREATE TABLE ledger (
  id INTEGER PRIMARY KEY,
  device BLOB NOT NULL,
  epoch INTEGER NOT NULL,
  kiosk TEXT NOT NULL,
  service_window TEXT NOT NULL,
  hall TEXT NOT NULL,
  opened_ms INTEGER NOT NULL,
  CONSTRAINT ledger_of_device UNIQUE (device, epoch)
) STRICT;
CREATE TABLE segment (
  id INTEGER PRIMARY KEY,
  ledger INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  prev BLOB NOT NULL,
  head BLOB NOT NULL,
  signature BLOB NOT NULL,
  received_ms INTEGER NOT NULL,
  codec INTEGER NOT NULL,
  carry TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX segment_of_ledger ON segment (ledger, last_seq);
CREATE TABLE fork (
  id INTEGER PRIMARY KEY,
  ledger INTEGER NOT NULL,
  at_seq INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  prev BLOB NOT NULL,
  head BLOB NOT NULL,
  signature BLOB NOT NULL,
  received_ms INTEGER NOT NULL,
  codec INTEGER NOT NULL,
  body BLOB NOT NULL,
  CONSTRAINT fork_kept_once UNIQUE (ledger, head)
) STRICT;
CREATE TABLE recalled_visit (
  ledger INTEGER NOT NULL,
  visit INTEGER NOT NULL,
  state TEXT NOT NULL,
  CONSTRAINT recalled_once PRIMARY KEY (ledger, visit)
) STRICT, WITHOUT ROWID;
";

/// Forked batches that are kept of one ledger; the alarm counts on.
const MAX_FORKS: i64 = 100;
/// Segments that telling one visit again may read.
const MAX_REPLAY: usize = 20_000;

/// What the store says when it cannot do as asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreFault {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error("segment {id} of ledger {ledger} is damaged: {what}")]
    Damaged { ledger: i64, id: i64, what: String },
}

/// One stored run of entries.
#[derive(Debug)]
pub struct Segment {
    pub id: i64,
    pub ledger: i64,
    pub first_seq: u64,
    pub last_seq: u64,
    pub prev: Hash,
    pub head: Hash,
    pub signature: Signature,
    pub received: WallMs,
    pub carry: Projector,
    pub packed: Packed,
}

const COLUMNS: &str = "id, ledger, first_seq, last_seq, prev, head, signature, received_ms, codec, carry, body";

impl Segment {
    /// The canonical bytes of each entry.
    ///
    /// # Errors
    /// [`StoreFault::Damaged`].
    pub fn lines(&self) -> Result<Vec<u8>, StoreFault> {
        batch::unpack(&self.packed).map_err(|e| self.damaged(&e))
    }

    /// # Errors
    /// [`StoreFault::Damaged`].
    pub fn entries(&self) -> Result<Vec<Entry>, StoreFault> {
        let lines = self.lines()?;
        batch::split_lines(&lines).map(|l| Entry::from_bytes(l).map_err(|e| self.damaged(&e))).collect()
    }

    fn damaged(&self, what: &dyn std::fmt::Display) -> StoreFault {
        StoreFault::Damaged { ledger: self.ledger, id: self.id, what: what.to_string() }
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let carry: String = row.get(9)?;
        let codec: i64 = row.get(8)?;
        Ok(Self {
            id: row.get(0)?,
            ledger: row.get(1)?,
            first_seq: row.get::<_, i64>(2)?.cast_unsigned(),
            last_seq: row.get::<_, i64>(3)?.cast_unsigned(),
            prev: Hash(row.get(4)?),
            head: Hash(row.get(5)?),
            signature: Signature(row.get(6)?),
            received: WallMs(row.get(7)?),
            carry: serde_json::from_str(&carry).map_err(|e| unreadable(9, e))?,
            packed: Packed { codec: Codec::from_code(codec).unwrap_or(Codec::Plain), bytes: row.get(10)? },
        })
    }
}

fn unreadable(column: usize, e: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(e))
}

/// Appends a checked batch; `carry` is the projector's state before it.
pub fn append(
    conn: &Connection,
    ledger: i64,
    batch: &Checked,
    carry: &Projector,
    received: WallMs,
) -> Result<(), StoreFault> {
    let carry = serde_json::to_string(carry).map_err(|e| unreadable(9, e))?;
    conn.prepare_cached(
        "INSERT INTO segment (ledger, first_seq, last_seq, prev, head, signature, received_ms, codec, carry, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        ledger,
        batch.first_seq.cast_signed(),
        batch.last_seq().cast_signed(),
        batch.prev.0,
        batch.head_hash().0,
        batch.signature.0,
        received.0,
        batch.packed.codec as i64,
        carry,
        batch.packed.bytes,
    ])?;
    Ok(())
}

/// Keeps another history beside the held one, under a bound.
pub fn keep_fork(
    conn: &Connection,
    ledger: i64,
    at_seq: u64,
    batch: &Checked,
    received: WallMs,
) -> Result<(), StoreFault> {
    conn.prepare_cached(
        "INSERT OR IGNORE INTO fork
           (ledger, at_seq, first_seq, last_seq, prev, head, signature, received_ms, codec, body)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
         WHERE (SELECT count(*) FROM fork WHERE ledger = ?1) < ?11",
    )?
    .execute(params![
        ledger,
        at_seq.cast_signed(),
        batch.first_seq.cast_signed(),
        batch.last_seq().cast_signed(),
        batch.prev.0,
        batch.head_hash().0,
        batch.signature.0,
        received.0,
        batch.packed.codec as i64,
        batch.packed.bytes,
        MAX_FORKS,
    ])?;
    Ok(())
}

/// The ledger's last segment.
pub fn last(conn: &Connection, ledger: i64) -> Result<Option<Segment>, StoreFault> {
    let sql = format!("SELECT {COLUMNS} FROM segment WHERE ledger = ?1 ORDER BY last_seq DESC LIMIT 1");
    Ok(conn.prepare_cached(&sql)?.query_row([ledger], Segment::from_row).optional()?)
}

/// Id of the segment that was stored last; 0 when there is none.
///
/// # Errors
/// Those of the store.
pub fn newest(conn: &Connection) -> rusqlite::Result<i64> {
    let newest: Option<i64> = conn.prepare_cached("SELECT max(id) FROM segment")?.query_row([], |r| r.get(0))?;
    Ok(newest.unwrap_or(0))
}

/// Segments stored after the one with this id, in the order of arrival.
///
/// # Errors
/// [`StoreFault`].
pub fn stored_after(conn: &Connection, id: i64, limit: usize) -> Result<Vec<Segment>, StoreFault> {
    let sql = format!("SELECT {COLUMNS} FROM segment WHERE id > ?1 ORDER BY id LIMIT ?2");
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map(params![id, limit as i64], Segment::from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The ledger's first segment that ends after `seq`.
///
/// # Errors
/// [`StoreFault`].
pub fn after(conn: &Connection, ledger: i64, seq: u64) -> Result<Option<Segment>, StoreFault> {
    let sql = format!("SELECT {COLUMNS} FROM segment WHERE ledger = ?1 AND last_seq > ?2 ORDER BY last_seq LIMIT 1");
    Ok(conn.prepare_cached(&sql)?.query_row(params![ledger, seq.cast_signed()], Segment::from_row).optional()?)
}

/// The segment in which `seq` stands.
pub fn containing(conn: &Connection, ledger: i64, seq: u64) -> Result<Option<Segment>, StoreFault> {
    let sql = format!("SELECT {COLUMNS} FROM segment WHERE ledger = ?1 AND last_seq >= ?2 ORDER BY last_seq LIMIT 1");
    let found =
        conn.prepare_cached(&sql)?.query_row(params![ledger, seq.cast_signed()], Segment::from_row).optional()?;
    Ok(found.filter(|s| s.first_seq <= seq))
}

/// The centre's hash at `seq`; that of the chain's start for 0.
pub fn hash_at(conn: &Connection, device: DeviceId, epoch: u32, ledger: i64, seq: u64) -> Result<Hash, StoreFault> {
    if seq == 0 {
        return Ok(origin(device, epoch));
    }
    let Some(segment) = containing(conn, ledger, seq)? else {
        return Err(StoreFault::Damaged { ledger, id: 0, what: format!("entry {seq} is missing") });
    };
    if segment.last_seq == seq {
        return Ok(segment.head);
    }
    let lines = segment.lines()?;
    let count = usize::try_from(seq + 1 - segment.first_seq).unwrap_or(usize::MAX);
    Ok(batch::split_lines(&lines).take(count).fold(segment.prev, |prev, line| link(&prev, line)))
}

/// Where the ledger's next entry goes, and the projector's state there.
pub fn resume(conn: &Connection, device: DeviceId, epoch: u32, ledger: i64) -> Result<(Tip, Projector), StoreFault> {
    let Some(segment) = last(conn, ledger)? else {
        return Ok((Tip::start(device, epoch), Projector::default()));
    };
    let entries = segment.entries()?;
    let tip = Tip { device, epoch, seq: segment.last_seq, hash: segment.head };
    let mut projector = segment.carry;
    projector.run(&entries, segment.received);
    Ok((tip, projector))
}

/// Tells a visit again from the segments; none if nobody opened it there.
pub fn tell_visit(conn: &Connection, ledger: i64, visit: u64) -> Result<Option<Visit>, StoreFault> {
    let recalled: Option<String> = conn
        .prepare_cached("SELECT state FROM recalled_visit WHERE ledger = ?1 AND visit = ?2")?
        .query_row(params![ledger, visit.cast_signed()], |r| r.get(0))
        .optional()?;
    if let Some(state) = recalled {
        return Ok(Some(serde_json::from_str(&state).map_err(|e| unreadable(0, e))?));
    }
    let Some(first) = containing(conn, ledger, visit)? else { return Ok(None) };
    let sql = format!("SELECT {COLUMNS} FROM segment WHERE ledger = ?1 AND last_seq >= ?2 ORDER BY last_seq LIMIT ?3");
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map(params![ledger, visit.cast_signed(), MAX_REPLAY as i64], Segment::from_row)?;
    let mut told = None;
    let mut projector = first.carry;
    for segment in rows {
        let segment = segment?;
        let mut settled = projector.run(&segment.entries()?, segment.received).settled;
        if let Some(i) = settled.iter().position(|v| v.seq == visit) {
            return Ok(Some(settled.swap_remove(i)));
        }
        told = projector.visit(visit).cloned();
        if told.is_none() {
            return Ok(None);
        }
    }
    Ok(told)
}

/// Entries of all segments.
pub fn count_entries(conn: &Connection) -> Result<u64, StoreFault> {
    let n: i64 = conn.query_row("SELECT coalesce(sum(last_seq - first_seq + 1), 0) FROM segment", [], |r| r.get(0))?;
    Ok(n.cast_unsigned())
}

/// Forgets the states that [`keep_recalled`] kept, before they are made again.
pub fn forget_recalled(conn: &Connection) -> Result<(), StoreFault> {
    conn.execute("DELETE FROM recalled_visit", [])?;
    Ok(())
}

/// Keeps the latest state of a visit that was changed after it had been settled.
pub fn keep_recalled(conn: &Connection, ledger: i64, visit: &Visit) -> Result<(), StoreFault> {
    let state = serde_json::to_string(visit).map_err(|e| unreadable(0, e))?;
    conn.prepare_cached(
        "INSERT INTO recalled_visit (ledger, visit, state) VALUES (?1, ?2, ?3)
         ON CONFLICT (ledger, visit) DO UPDATE SET state = excluded.state",
    )?
    .execute(params![ledger, visit.seq.cast_signed(), state])?;
    Ok(())
}

/// Canonical bytes of the entries from `from` to `to`, at most `limit`, with their hashes.
pub fn read(
    conn: &Connection,
    ledger: i64,
    from: u64,
    to: u64,
    limit: usize,
) -> Result<Vec<(u64, Vec<u8>, Hash)>, StoreFault> {
    let mut out = Vec::new();
    let mut next = from.max(1);
    while next <= to && out.len() < limit {
        let Some(segment) = containing(conn, ledger, next)? else { break };
        let lines = segment.lines()?;
        let (mut hash, mut seq) = (segment.prev, segment.first_seq);
        for line in batch::split_lines(&lines) {
            hash = link(&hash, line);
            if seq >= next && seq <= to && out.len() < limit {
                out.push((seq, line.to_vec(), hash));
            }
            seq += 1;
        }
        next = segment.last_seq + 1;
    }
    Ok(out)
}
