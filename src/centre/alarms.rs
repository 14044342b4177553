//! Alarms: what a person must look at, because a machine alone cannot explain it.

use rusqlite::{Connection, params};

use crate::domain::rating::coded;
use crate::domain::time::WallMs;
use crate::ledger::keys::DeviceId;

pub const SCHEMA: &str = "
CREATE TABLE alarm (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  device BLOB NOT NULL,
  epoch INTEGER NOT NULL,
  at_seq INTEGER NOT NULL,
  note TEXT NOT NULL,
  count INTEGER NOT NULL,
  first_ms INTEGER NOT NULL,
  last_ms INTEGER NOT NULL,
  cleared_ms INTEGER,
  CONSTRAINT alarm_once UNIQUE (device, epoch, kind, at_seq)
) STRICT;
";

/// Open alarms of one device; more are only logged.
const MAX_OF_DEVICE: i64 = 500;

coded! {
    /// Why a person must look.
    AlarmKind {
        /// Two histories of one ledger.
        Fork = "fork",
        /// Entries that the device signed for as a whole do not chain.
        BrokenChain = "broken_chain",
        /// Another device took over the kiosk; the old ledger is not closed.
        ReplacedDevice = "replaced_device",
        /// The device began its ledger anew.
        NewEpoch = "new_epoch",
        /// A ticket, heartbeat or enrolment showed a place of the ledger that is not in it: an acknowledged tail is gone.
        LostTail = "lost_tail",
        /// Entries name visits that nobody opened.
        AstrayEntry = "astray_entry",
    }
}

/// One alarm, as `pingyi admin device list` and the pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    pub kind: AlarmKind,
    pub device: DeviceId,
    pub epoch: u32,
    pub at_seq: u64,
    pub note: String,
    /// How often it was seen.
    pub count: u64,
    pub first: WallMs,
    pub last: WallMs,
}

/// Raises an alarm, or counts it again.
pub fn raise(
    conn: &Connection,
    kind: AlarmKind,
    device: DeviceId,
    epoch: u32,
    at_seq: u64,
    note: &str,
    now: WallMs,
) -> rusqlite::Result<()> {
    let note: String = note.chars().take(300).collect();
    tracing::warn!(kind = kind.code(), %device, epoch, at_seq, note, "alarm");
    metrics::counter!("pingyi_alarms_total", "kind" => kind.code()).increment(1);
    conn.prepare_cached(
        "INSERT INTO alarm (kind, device, epoch, at_seq, note, count, first_ms, last_ms)
         SELECT ?1, ?2, ?3, ?4, ?5, 1, ?6, ?6 WHERE (SELECT count(*) FROM alarm WHERE device = ?2) < ?7
         ON CONFLICT (device, epoch, kind, at_seq)
         DO UPDATE SET count = count + 1, last_ms = excluded.last_ms, cleared_ms = NULL",
    )?
    .execute(params![kind.code(), device.0, epoch, at_seq.cast_signed(), note, now.0, MAX_OF_DEVICE])?;
    Ok(())
}

/// Alarms that nobody has cleared, the latest first; at most `limit`.
pub fn open(conn: &Connection, limit: usize) -> rusqlite::Result<Vec<Alarm>> {
    let mut statement = conn.prepare_cached(
        "SELECT kind, device, epoch, at_seq, note, count, first_ms, last_ms FROM alarm
         WHERE cleared_ms IS NULL ORDER BY last_ms DESC, id DESC LIMIT ?1",
    )?;
    let rows = statement.query_map([limit as i64], |r| {
        let kind: String = r.get(0)?;
        Ok(AlarmKind::from_code(&kind).map(|kind| Alarm {
            kind,
            device: DeviceId(r.get(1).unwrap_or_default()),
            epoch: r.get(2).unwrap_or_default(),
            at_seq: r.get::<_, i64>(3).unwrap_or_default().cast_unsigned(),
            note: r.get(4).unwrap_or_default(),
            count: r.get::<_, i64>(5).unwrap_or_default().cast_unsigned(),
            first: WallMs(r.get(6).unwrap_or_default()),
            last: WallMs(r.get(7).unwrap_or_default()),
        }))
    })?;
    // A kind that only a newer program knows is left out.
    rows.filter_map(Result::transpose).collect()
}

/// What one alarm was about is settled.
///
/// # Errors
/// Those of the store.
pub fn close(
    conn: &Connection,
    kind: AlarmKind,
    device: DeviceId,
    epoch: u32,
    at_seq: u64,
    now: WallMs,
) -> rusqlite::Result<bool> {
    let n = conn
        .prepare_cached(
            "UPDATE alarm SET cleared_ms = ?5
             WHERE device = ?1 AND epoch = ?2 AND kind = ?3 AND at_seq = ?4 AND cleared_ms IS NULL",
        )?
        .execute(params![device.0, epoch, kind.code(), at_seq.cast_signed(), now.0])?;
    Ok(n > 0)
}

/// A person has explained how this epoch ended: what was raised because of it is settled. Forks are decided one by one.
///
/// # Errors
/// Those of the store.
pub fn close_epoch(conn: &Connection, device: DeviceId, epoch: u32, now: WallMs) -> rusqlite::Result<bool> {
    // The successor's alarm stands at the epoch after it.
    let n = conn
        .prepare_cached(
            "UPDATE alarm SET cleared_ms = ?3 WHERE device = ?1 AND cleared_ms IS NULL AND
             ((epoch = ?2 AND kind IN ('replaced_device', 'lost_tail')) OR (epoch = ?2 + 1 AND kind = 'new_epoch'))",
        )?
        .execute(params![device.0, epoch, now.0])?;
    Ok(n > 0)
}

/// A person has looked. True if there was something to clear.
pub fn clear(conn: &Connection, device: DeviceId, now: WallMs) -> rusqlite::Result<bool> {
    let n = conn
        .prepare_cached("UPDATE alarm SET cleared_ms = ?2 WHERE device = ?1 AND cleared_ms IS NULL")?
        .execute(params![device.0, now.0])?;
    Ok(n > 0)
}
