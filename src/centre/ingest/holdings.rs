//! The ledgers as they are handed to an auditor: rows as they stand, also where they are damaged, page by page.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::batch::{self, Codec, Packed};
use super::segments::StoreFault;
use super::witness;
use crate::domain::id::{HallId, KioskId, WindowId};
use crate::ledger::chain::Tip;
use crate::ledger::entry::Head;
use crate::ledger::keys::{DeviceId, Hash, Signature};
use crate::protocol::holdings::{HeldFork, HeldRun, MAX_PAGE_BYTES, MAX_PAGE_ENTRIES};

/// One ledger and how far it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub id: i64,
    pub device: DeviceId,
    pub epoch: u32,
    pub kiosk: KioskId,
    pub service_window: WindowId,
    pub hall: HallId,
    pub opened_ms: i64,
    pub head: Head,
    pub received_ms: Option<i64>,
    pub witnessed_seq: Option<u64>,
    pub forked_runs: u64,
}

const LEDGER: &str = "
  SELECT l.id, l.device, l.epoch, l.kiosk, l.service_window, l.hall, l.opened_ms, s.last_seq, s.head, s.received_ms,
         (SELECT count(*) FROM fork f WHERE f.ledger = l.id)
  FROM ledger l LEFT JOIN segment s
    ON s.id = (SELECT t.id FROM segment t WHERE t.ledger = l.id ORDER BY t.last_seq DESC LIMIT 1)";

/// Ledgers after the one with this id, in the order in which they were opened.
///
/// # Errors
/// [`StoreFault`].
pub fn ledgers(conn: &Connection, after: i64, limit: u32) -> Result<Vec<Standing>, StoreFault> {
    let sql = format!("{LEDGER} WHERE l.id > ?1 ORDER BY l.id LIMIT ?2");
    collect(conn, &sql, params![after, limit])
}

/// Every ledger of a device, the latest epoch first.
///
/// # Errors
/// [`StoreFault`].
pub fn of_device(conn: &Connection, device: DeviceId) -> Result<Vec<Standing>, StoreFault> {
    collect(conn, &format!("{LEDGER} WHERE l.device = ?1 ORDER BY l.epoch DESC LIMIT 200"), params![device.0])
}

/// # Errors
/// [`StoreFault`].
pub fn of_epoch(conn: &Connection, device: DeviceId, epoch: u32) -> Result<Option<Standing>, StoreFault> {
    let sql = format!("{LEDGER} WHERE l.device = ?1 AND l.epoch = ?2");
    Ok(collect(conn, &sql, params![device.0, epoch])?.pop())
}

/// Epoch and last place of a device's latest ledger, as far as it is held.
///
/// # Errors
/// [`StoreFault`].
pub fn latest(conn: &Connection, device: DeviceId) -> Result<Option<(u32, u64)>, StoreFault> {
    let sql = "SELECT l.epoch, (SELECT max(s.last_seq) FROM segment s WHERE s.ledger = l.id)
               FROM ledger l WHERE l.device = ?1 ORDER BY l.epoch DESC LIMIT 1";
    let row = conn.prepare_cached(sql)?.query_row([device.0], |r| Ok((r.get(0)?, r.get::<_, Option<i64>>(1)?)));
    let found: Option<(u32, Option<i64>)> = row.optional()?;
    Ok(found.map(|(epoch, last)| (epoch, last.unwrap_or(0).cast_unsigned())))
}

/// The ledger with this id.
///
/// # Errors
/// [`StoreFault`].
pub fn of_id(conn: &Connection, ledger: i64) -> Result<Option<Standing>, StoreFault> {
    Ok(collect(conn, &format!("{LEDGER} WHERE l.id = ?1"), params![ledger])?.pop())
}

fn collect(conn: &Connection, sql: &str, with: impl rusqlite::Params) -> Result<Vec<Standing>, StoreFault> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(with)?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let mut standing = standing(row)?;
        standing.witnessed_seq = witness::pending(conn, standing.id)?.last_key_value().map(|(seq, _)| *seq);
        out.push(standing);
    }
    Ok(out)
}

fn standing(row: &Row<'_>) -> Result<Standing, StoreFault> {
    let id: i64 = row.get(0)?;
    let damaged = |what: String| StoreFault::Damaged { ledger: id, id: 0, what };
    let text = |i: usize| row.get::<_, String>(i);
    let (device, epoch) = (DeviceId(row.get(1)?), row.get(2)?);
    let last: Option<i64> = row.get(7)?;
    let head = match last {
        // A head of another length is damage: zeros agree with nothing.
        Some(seq) => Head { device, epoch, seq: seq.cast_unsigned(), hash: Hash(row.get(8).unwrap_or([0; 32])) },
        None => Tip::start(device, epoch).head(),
    };
    Ok(Standing {
        id,
        device,
        epoch,
        kiosk: KioskId::new(&text(3)?).map_err(|e| damaged(e.to_string()))?,
        service_window: WindowId::new(&text(4)?).map_err(|e| damaged(e.to_string()))?,
        hall: HallId::new(&text(5)?).map_err(|e| damaged(e.to_string()))?,
        opened_ms: row.get(6)?,
        head,
        received_ms: row.get(9)?,
        witnessed_seq: None,
        forked_runs: row.get::<_, i64>(10)?.cast_unsigned(),
    })
}

/// Runs that end after `seq`, and where the next page begins.
///
/// # Errors
/// [`StoreFault`] when the store cannot be read; a damaged row is told in its place.
pub fn runs(conn: &Connection, ledger: i64, seq: u64) -> Result<(Vec<HeldRun>, Option<u64>), StoreFault> {
    let mut statement = conn.prepare_cached(
        "SELECT first_seq, last_seq, prev, head, signature, received_ms, codec, body FROM segment
         WHERE ledger = ?1 AND last_seq > ?2 ORDER BY last_seq",
    )?;
    let mut rows = statement.query(params![ledger, seq.cast_signed()])?;
    let (mut out, mut entries, mut bytes) = (Vec::new(), 0, 0);
    while let Some(row) = rows.next()? {
        let run = held_run(row, 0)?;
        entries += run.entries.len();
        bytes += run.entries.iter().map(String::len).sum::<usize>();
        if !out.is_empty() && (entries > MAX_PAGE_ENTRIES || bytes > MAX_PAGE_BYTES) {
            let next = out.last().map(|r: &HeldRun| r.last_seq);
            return Ok((out, next));
        }
        out.push(run);
    }
    Ok((out, None))
}

/// Runs of other histories after the one with this id.
///
/// # Errors
/// [`StoreFault`].
pub fn forks(conn: &Connection, ledger: i64, after: i64, limit: u32) -> Result<Vec<HeldFork>, StoreFault> {
    let mut statement = conn.prepare_cached(
        "SELECT id, at_seq, first_seq, last_seq, prev, head, signature, received_ms, codec, body FROM fork
         WHERE ledger = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
    )?;
    let mut rows = statement.query(params![ledger, after, limit])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let at_seq = row.get::<_, i64>(1)?.cast_unsigned();
        out.push(HeldFork { id: row.get(0)?, at_seq, run: held_run(row, 2)?, verdict: None });
    }
    Ok(out)
}

fn held_run(row: &Row<'_>, at: usize) -> Result<HeldRun, StoreFault> {
    let mut run = HeldRun {
        first_seq: row.get::<_, i64>(at)?.cast_unsigned(),
        last_seq: row.get::<_, i64>(at + 1)?.cast_unsigned(),
        prev: Hash(row.get(at + 2).unwrap_or([0; 32])),
        head: Hash(row.get(at + 3).unwrap_or([0; 32])),
        signature: Signature(row.get(at + 4).unwrap_or([0; 64])),
        received_ms: row.get(at + 5)?,
        entries: Vec::new(),
        damage: None,
    };
    let codec = Codec::from_code(row.get(at + 6)?).unwrap_or(Codec::Plain);
    match batch::unpack(&Packed { codec, bytes: row.get(at + 7)? }) {
        Ok(lines) => {
            let lines: Result<Vec<String>, _> =
                batch::split_lines(&lines).map(|l| String::from_utf8(l.to_vec())).collect();
            match lines {
                Ok(entries) => run.entries = entries,
                Err(fault) => run.damage = Some(fault.utf8_error().to_string()),
            }
        }
        Err(fault) => run.damage = Some(fault.to_string()),
    }
    Ok(run)
}
