//! Devices: who they are, where they stand, and when they were last seen.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::domain::id::{HallId, KioskId, WindowId};
use crate::domain::rating::coded;
use crate::domain::time::{ClockGrade, WallMs};
use crate::ledger::keys::{DeviceId, PublicKey};
use crate::protocol::{Heartbeat, KioskFinding, KioskState};

pub const SCHEMA: &str = "
CREATE TABLE device (
  id BLOB PRIMARY KEY,
  public_key BLOB NOT NULL,
  kiosk TEXT NOT NULL,
  service_window TEXT NOT NULL,
  hall TEXT NOT NULL,
  standing TEXT NOT NULL,
  enrolled_ms INTEGER NOT NULL,
  changed_ms INTEGER NOT NULL,
  follows TEXT
) STRICT;
CREATE INDEX device_of_kiosk ON device (kiosk);
CREATE TABLE device_seen (
  device BLOB PRIMARY KEY,
  seen_ms INTEGER NOT NULL,
  device_ms INTEGER NOT NULL,
  clock TEXT NOT NULL,
  version TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  unsynced INTEGER NOT NULL,
  free_disk_mb INTEGER NOT NULL,
  board TEXT
) STRICT;
";

/// A later step: what a kiosk says of itself beyond its ledger, as JSON.
pub const STATE_SCHEMA: &str = "ALTER TABLE device_seen ADD COLUMN state TEXT;";

coded! {
    /// Whether a device is listened to.
    Standing {
        Active = "active",
        /// Another device took over its kiosk. What it still sends is taken, so that no rating is lost.
        Replaced = "replaced",
        /// Withdrawn by a person: refused.
        Revoked = "revoked",
    }
}

/// An enrolled installation of a kiosk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    pub id: DeviceId,
    pub key: PublicKey,
    pub kiosk: KioskId,
    pub service_window: WindowId,
    pub hall: HallId,
    pub standing: Standing,
    pub enrolled: WallMs,
}

/// A device's last heartbeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub seen: WallMs,
    /// How far the device's clock was ahead of the centre's, milliseconds.
    pub clock_ahead_ms: i64,
    pub clock: ClockGrade,
    pub version: String,
    /// The ledger's head, as the device said.
    pub epoch: u32,
    pub seq: u64,
    pub unsynced: u64,
    pub free_disk_mb: u64,
    /// ETag of the board that it shows.
    pub board: Option<String>,
    /// Absent from old kiosks.
    pub state: Option<KioskState>,
}

const COLUMNS: &str = "id, public_key, kiosk, service_window, hall, standing, enrolled_ms";

/// # Errors
/// Those of the store.
pub fn all(conn: &Connection) -> rusqlite::Result<Vec<Device>> {
    let sql = format!("SELECT {COLUMNS} FROM device ORDER BY kiosk, enrolled_ms");
    conn.prepare_cached(&sql)?.query_map([], device_of)?.collect()
}

/// # Errors
/// Those of the store.
pub fn one(conn: &Connection, id: DeviceId) -> rusqlite::Result<Option<Device>> {
    let sql = format!("SELECT {COLUMNS} FROM device WHERE id = ?1");
    conn.prepare_cached(&sql)?.query_row([id.0], device_of).optional()
}

/// What the device was told that it follows; none when there is no such device, or it was revoked.
pub fn follows(conn: &Connection, id: DeviceId) -> rusqlite::Result<Option<Option<String>>> {
    conn.prepare_cached("SELECT follows FROM device WHERE id = ?1 AND standing <> 'revoked'")?
        .query_row([id.0], |r| r.get(0))
        .optional()
}

/// Devices of a kiosk that are not revoked, the latest first.
pub fn of_kiosk(conn: &Connection, kiosk: &KioskId) -> rusqlite::Result<Vec<Device>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM device WHERE kiosk = ?1 AND standing <> 'revoked' ORDER BY enrolled_ms DESC, rowid DESC"
    );
    conn.prepare_cached(&sql)?.query_map([kiosk.as_str()], device_of)?.collect()
}

/// Every device with its last heartbeat, by kiosk.
pub fn with_seen(conn: &Connection) -> rusqlite::Result<Vec<(Device, Option<Seen>)>> {
    let sql = "SELECT d.id, d.public_key, d.kiosk, d.service_window, d.hall, d.standing, d.enrolled_ms,
                      s.seen_ms, s.device_ms, s.version, s.unsynced, s.free_disk_mb, s.clock, s.epoch, s.seq, s.board,
                      s.state
               FROM device d LEFT JOIN device_seen s ON s.device = d.id ORDER BY d.kiosk, d.enrolled_ms";
    conn.prepare_cached(sql)?
        .query_map([], |r| {
            let seen: Option<i64> = r.get(7)?;
            let seen = match seen {
                None => None,
                Some(seen) => Some(Seen {
                    seen: WallMs(seen),
                    clock_ahead_ms: r.get::<_, i64>(8)?.saturating_sub(seen),
                    version: r.get(9)?,
                    unsynced: r.get::<_, i64>(10)?.cast_unsigned(),
                    free_disk_mb: r.get::<_, i64>(11)?.cast_unsigned(),
                    clock: grade_of(&r.get::<_, String>(12)?),
                    epoch: r.get(13)?,
                    seq: r.get::<_, i64>(14)?.cast_unsigned(),
                    board: r.get(15)?,
                    state: r.get::<_, Option<String>>(16)?.and_then(|text| serde_json::from_str(&text).ok()),
                }),
            };
            Ok((device_of(r)?, seen))
        })?
        .collect()
}

/// Enters a device or moves it to another kiosk.
pub fn put(conn: &Connection, device: &Device, follows: Option<&str>, now: WallMs) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO device (id, public_key, kiosk, service_window, hall, standing, enrolled_ms, changed_ms, follows)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (id) DO UPDATE SET kiosk = excluded.kiosk, service_window = excluded.service_window,
           hall = excluded.hall, standing = excluded.standing, enrolled_ms = excluded.enrolled_ms,
           changed_ms = excluded.changed_ms, follows = excluded.follows",
    )?
    .execute(params![
        device.id.0,
        device.key.0,
        device.kiosk.as_str(),
        device.service_window.as_str(),
        device.hall.as_str(),
        device.standing.code(),
        device.enrolled.0,
        now.0,
        follows
    ])?;
    Ok(())
}

/// True if there was such a device.
pub fn set_standing(conn: &Connection, device: DeviceId, standing: Standing, now: WallMs) -> rusqlite::Result<bool> {
    let n = conn.prepare_cached("UPDATE device SET standing = ?2, changed_ms = ?3 WHERE id = ?1")?.execute(params![
        device.0,
        standing.code(),
        now.0
    ])?;
    Ok(n > 0)
}

/// Keeps what a device last said of itself.
pub fn saw(conn: &Connection, device: DeviceId, beat: &Heartbeat, now: WallMs) -> rusqlite::Result<()> {
    let version: String = beat.version.chars().take(40).collect();
    let state = beat.state.clone().map(bounded).and_then(|s| serde_json::to_string(&s).ok());
    let board: Option<String> = beat.board.as_ref().map(|b| b.chars().take(40).collect());
    conn.prepare_cached(
        "INSERT INTO device_seen
           (device, seen_ms, device_ms, clock, version, epoch, seq, unsynced, free_disk_mb, board, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (device) DO UPDATE SET seen_ms = excluded.seen_ms, device_ms = excluded.device_ms,
           clock = excluded.clock, version = excluded.version, epoch = excluded.epoch, seq = excluded.seq,
           unsynced = excluded.unsynced, free_disk_mb = excluded.free_disk_mb, board = excluded.board,
           state = excluded.state",
    )?
    .execute(params![
        device.0,
        now.0,
        beat.wall_ms,
        beat.clock.code(),
        version,
        beat.epoch,
        beat.seq.cast_signed(),
        beat.unsynced.cast_signed(),
        beat.free_disk_mb.cast_signed(),
        board,
        state
    ])?;
    Ok(())
}

/// What is kept of a state: known findings, once each.
fn bounded(mut state: KioskState) -> KioskState {
    let known = KioskFinding::ALL.iter().map(|f| f.code().to_owned());
    state.findings = known.filter(|code| state.findings.contains(code)).collect();
    state
}

fn grade_of(code: &str) -> ClockGrade {
    // An unknown grade is trusted least.
    ClockGrade::ALL.into_iter().find(|g| g.code() == code).unwrap_or(ClockGrade::C)
}

fn device_of(row: &Row<'_>) -> rusqlite::Result<Device> {
    let text = |i: usize| row.get::<_, String>(i);
    let bad = |i: usize, e: &dyn std::fmt::Display| {
        rusqlite::Error::FromSqlConversionFailure(i, rusqlite::types::Type::Text, e.to_string().into())
    };
    Ok(Device {
        id: DeviceId(row.get(0)?),
        key: PublicKey(row.get(1)?),
        kiosk: KioskId::new(&text(2)?).map_err(|e| bad(2, &e))?,
        service_window: WindowId::new(&text(3)?).map_err(|e| bad(3, &e))?,
        hall: HallId::new(&text(4)?).map_err(|e| bad(4, &e))?,
        standing: Standing::from_code(&text(5)?).ok_or_else(|| bad(5, &"unknown standing"))?,
        enrolled: WallMs(row.get(6)?),
    })
}
