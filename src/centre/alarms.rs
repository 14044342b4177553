//! Alarms: what a person must look at, because a machine alone cannot explain it, and states of terminals that pass by
//! themselves. Each is raised once, counted when it is seen again, closed when it is over or explained, and kept.
//!
//! Whoever delivers alarms reads [`events_after`]: raised and closed, in order, each once.

use rusqlite::{Connection, OptionalExtension, Row, params};

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

/// A later step: what happened to alarms, in order.
pub const EVENT_SCHEMA: &str = "
CREATE TABLE alarm_event (
  id INTEGER PRIMARY KEY,
  alarm INTEGER NOT NULL,
  what TEXT NOT NULL,
  happened_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX alarm_open ON alarm (cleared_ms, last_ms);
";

/// Alarms of one device, open and closed; the oldest closed ones make room.
const MAX_OF_DEVICE: i64 = 500;
/// Events that are kept.
const MAX_EVENTS: i64 = 20_000;

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
        /// Nothing was heard while the hall was open.
        Silent = "silent",
        /// What waits on the terminal grows.
        Backlog = "backlog",
        /// The terminal's disk is nearly full.
        DiskLow = "disk_low",
        /// The terminal's clock is minutes off.
        ClockOff = "clock_off",
    }
}

impl AlarmKind {
    /// A state that is over when it is over; the others wait for a person.
    pub const fn is_passing(self) -> bool {
        matches!(self, Self::Silent | Self::Backlog | Self::DiskLow | Self::ClockOff)
    }

    /// A person may close it by having looked; a fork is decided, and what passes closes by itself.
    pub const fn is_seen_to(self) -> bool {
        !self.is_passing() && !matches!(self, Self::Fork)
    }

    /// Somebody may have had a hand in it.
    pub const fn is_tampering(self) -> bool {
        matches!(self, Self::Fork | Self::BrokenChain | Self::LostTail)
    }
}

coded! {
    /// What happened to an alarm.
    Happening {
        Raised = "raised",
        Closed = "closed",
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

/// An alarm was raised or closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmEvent {
    /// Grows; where the next reading begins.
    pub id: i64,
    pub what: Happening,
    pub happened: WallMs,
    pub alarm: Alarm,
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
    make_room(conn, device)?;
    let open: Option<bool> = conn
        .prepare_cached(
            "SELECT cleared_ms IS NULL FROM alarm WHERE device = ?1 AND epoch = ?2 AND kind = ?3 AND at_seq = ?4",
        )?
        .query_row(params![device.0, epoch, kind.code(), at_seq.cast_signed()], |r| r.get(0))
        .optional()?;
    let id: Option<i64> = conn
        .prepare_cached(
            "INSERT INTO alarm (kind, device, epoch, at_seq, note, count, first_ms, last_ms)
             SELECT ?1, ?2, ?3, ?4, ?5, 1, ?6, ?6 WHERE (SELECT count(*) FROM alarm WHERE device = ?2) < ?7
             ON CONFLICT (device, epoch, kind, at_seq)
             DO UPDATE SET count = count + 1, last_ms = excluded.last_ms, cleared_ms = NULL
             RETURNING id",
        )?
        .query_row(params![kind.code(), device.0, epoch, at_seq.cast_signed(), note, now.0, MAX_OF_DEVICE], |r| {
            r.get(0)
        })
        .optional()?;
    match id {
        Some(id) if open != Some(true) => happened(conn, id, Happening::Raised, now),
        _ => Ok(()),
    }
}

/// Alarms that nobody has cleared, the latest first; at most `limit`.
pub fn open(conn: &Connection, limit: usize) -> rusqlite::Result<Vec<Alarm>> {
    let mut statement = conn.prepare_cached(
        "SELECT kind, device, epoch, at_seq, note, count, first_ms, last_ms FROM alarm
         WHERE cleared_ms IS NULL ORDER BY last_ms DESC, id DESC LIMIT ?1",
    )?;
    let rows = statement.query_map([limit as i64], |r| alarm_of(r, 0))?;
    // A kind that only a newer program knows is left out.
    rows.filter_map(Result::transpose).collect()
}

/// Alarms of one device, open ones first, each with when it was closed; at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn of_device(conn: &Connection, device: DeviceId, limit: usize) -> rusqlite::Result<Vec<(Alarm, Option<WallMs>)>> {
    let mut statement = conn.prepare_cached(
        "SELECT kind, device, epoch, at_seq, note, count, first_ms, last_ms, cleared_ms FROM alarm
         WHERE device = ?1 ORDER BY cleared_ms IS NOT NULL, last_ms DESC, id DESC LIMIT ?2",
    )?;
    let rows = statement.query_map(params![device.0, limit as i64], |r| {
        let closed: Option<i64> = r.get(8)?;
        Ok(alarm_of(r, 0)?.map(|alarm| (alarm, closed.map(WallMs))))
    })?;
    rows.filter_map(Result::transpose).collect()
}

/// What happened to alarms after the event with this id, the oldest first; at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn events_after(conn: &Connection, after: i64, limit: usize) -> rusqlite::Result<Vec<AlarmEvent>> {
    let mut statement = conn.prepare_cached(
        "SELECT e.id, e.what, e.happened_ms, a.kind, a.device, a.epoch, a.at_seq, a.note, a.count, a.first_ms, a.last_ms
         FROM alarm_event e JOIN alarm a ON a.id = e.alarm WHERE e.id > ?1 ORDER BY e.id LIMIT ?2",
    )?;
    let rows = statement.query_map(params![after, limit as i64], |r| {
        let (id, what, happened): (i64, String, i64) = (r.get(0)?, r.get(1)?, r.get(2)?);
        let what = Happening::from_code(&what);
        Ok(alarm_of(r, 3)?.zip(what).map(|(alarm, what)| AlarmEvent { id, what, happened: WallMs(happened), alarm }))
    })?;
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
    let condition = "device = ?1 AND epoch = ?2 AND kind = ?3 AND at_seq = ?4";
    close_where(conn, condition, params![device.0, epoch, kind.code(), at_seq.cast_signed()], now)
}

/// A passing state of a terminal is over.
///
/// # Errors
/// Those of the store.
pub fn close_passing(conn: &Connection, kind: AlarmKind, device: DeviceId, now: WallMs) -> rusqlite::Result<bool> {
    close_where(conn, "device = ?1 AND kind = ?2", params![device.0, kind.code()], now)
}

/// A person has explained how this epoch ended: what was raised because of it is settled. Forks are decided one by one.
///
/// # Errors
/// Those of the store.
pub fn close_epoch(conn: &Connection, device: DeviceId, epoch: u32, now: WallMs) -> rusqlite::Result<bool> {
    // The successor's alarm stands at the epoch after it.
    let condition = "device = ?1 AND ((epoch = ?2 AND kind IN ('replaced_device', 'lost_tail'))
                     OR (epoch = ?2 + 1 AND kind = 'new_epoch'))";
    close_where(conn, condition, params![device.0, epoch], now)
}

/// A person has looked. True if there was something to clear.
pub fn clear(conn: &Connection, device: DeviceId, now: WallMs) -> rusqlite::Result<bool> {
    close_where(conn, "device = ?1", params![device.0], now)
}

fn close_where(conn: &Connection, condition: &str, with: impl rusqlite::Params, now: WallMs) -> rusqlite::Result<bool> {
    let mut statement =
        conn.prepare_cached(&format!("SELECT id FROM alarm WHERE cleared_ms IS NULL AND {condition}"))?;
    let ids: Vec<i64> = statement.query_map(with, |r| r.get(0))?.collect::<Result<_, _>>()?;
    for &id in &ids {
        conn.prepare_cached("UPDATE alarm SET cleared_ms = ?2 WHERE id = ?1")?.execute(params![id, now.0])?;
        happened(conn, id, Happening::Closed, now)?;
    }
    Ok(!ids.is_empty())
}

fn happened(conn: &Connection, alarm: i64, what: Happening, now: WallMs) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT INTO alarm_event (alarm, what, happened_ms) VALUES (?1, ?2, ?3)")?.execute(params![
        alarm,
        what.code(),
        now.0
    ])?;
    let last = conn.last_insert_rowid();
    conn.prepare_cached("DELETE FROM alarm_event WHERE id <= ?1")?.execute([last - MAX_EVENTS])?;
    Ok(())
}

/// The oldest closed alarms make room for new ones; open ones never do.
fn make_room(conn: &Connection, device: DeviceId) -> rusqlite::Result<()> {
    let n: i64 =
        conn.prepare_cached("SELECT count(*) FROM alarm WHERE device = ?1")?.query_row([device.0], |r| r.get(0))?;
    if n < MAX_OF_DEVICE {
        return Ok(());
    }
    let oldest = "SELECT id FROM alarm WHERE device = ?1 AND cleared_ms IS NOT NULL ORDER BY cleared_ms LIMIT 50";
    conn.prepare_cached(&format!("DELETE FROM alarm_event WHERE alarm IN ({oldest})"))?.execute([device.0])?;
    conn.prepare_cached(&format!("DELETE FROM alarm WHERE id IN ({oldest})"))?.execute([device.0])?;
    Ok(())
}

fn alarm_of(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Alarm>> {
    let kind: String = row.get(at)?;
    Ok(AlarmKind::from_code(&kind).map(|kind| Alarm {
        kind,
        device: DeviceId(row.get(at + 1).unwrap_or_default()),
        epoch: row.get(at + 2).unwrap_or_default(),
        at_seq: row.get::<_, i64>(at + 3).unwrap_or_default().cast_unsigned(),
        note: row.get(at + 4).unwrap_or_default(),
        count: row.get::<_, i64>(at + 5).unwrap_or_default().cast_unsigned(),
        first: WallMs(row.get(at + 6).unwrap_or_default()),
        last: WallMs(row.get(at + 7).unwrap_or_default()),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::schema::SCHEMA as ALL;

    const NOW: WallMs = WallMs(1_793_581_200_000);
    const DEVICE: DeviceId = DeviceId([7; 16]);

    fn conn() -> Connection {
        crate::db::open_in_memory(&ALL).unwrap()
    }

    fn told(conn: &Connection) -> Vec<(Happening, AlarmKind)> {
        events_after(conn, 0, 1_000).unwrap().into_iter().map(|e| (e.what, e.alarm.kind)).collect()
    }

    #[test]
    fn an_alarm_is_told_once_when_it_is_raised_and_once_when_it_is_over() {
        let conn = conn();
        for ms in [0, 60_000, 120_000] {
            raise(&conn, AlarmKind::Fork, DEVICE, 1, 7, "two", NOW.plus_ms(ms)).unwrap();
        }
        assert_eq!(open(&conn, 10).unwrap()[0].count, 3);
        assert_eq!(told(&conn), [(Happening::Raised, AlarmKind::Fork)]);
        assert!(close(&conn, AlarmKind::Fork, DEVICE, 1, 7, NOW).unwrap());
        assert!(!close(&conn, AlarmKind::Fork, DEVICE, 1, 7, NOW).unwrap());
        assert_eq!(open(&conn, 10).unwrap(), []);
        // Seen again: raised again.
        raise(&conn, AlarmKind::Fork, DEVICE, 1, 7, "two", NOW).unwrap();
        let whats: Vec<_> = told(&conn).into_iter().map(|(what, _)| what).collect();
        assert_eq!(whats, [Happening::Raised, Happening::Closed, Happening::Raised]);
        let events = events_after(&conn, 0, 2).unwrap();
        assert_eq!(events_after(&conn, events[1].id, 9).unwrap().len(), 1);
    }

    #[test]
    fn explaining_an_epoch_closes_what_it_left_behind_and_no_fork() {
        let conn = conn();
        for (kind, epoch) in [
            (AlarmKind::Fork, 1),
            (AlarmKind::ReplacedDevice, 1),
            (AlarmKind::LostTail, 1),
            (AlarmKind::NewEpoch, 2),
            (AlarmKind::LostTail, 2),
        ] {
            raise(&conn, kind, DEVICE, epoch, 1, "", NOW).unwrap();
        }
        assert!(close_epoch(&conn, DEVICE, 1, NOW).unwrap());
        let mut left: Vec<_> = open(&conn, 10).unwrap().into_iter().map(|a| (a.kind, a.epoch)).collect();
        left.sort();
        assert_eq!(left, [(AlarmKind::Fork, 1), (AlarmKind::LostTail, 2)]);
    }

    #[test]
    fn closed_alarms_make_room_and_open_ones_stay() {
        let conn = conn();
        raise(&conn, AlarmKind::Fork, DEVICE, 1, 1, "stays", NOW).unwrap();
        for n in 0..MAX_OF_DEVICE + 200 {
            raise(&conn, AlarmKind::Silent, DEVICE, 0, n.cast_unsigned(), "", NOW.plus_ms(n)).unwrap();
            close_passing(&conn, AlarmKind::Silent, DEVICE, NOW.plus_ms(n)).unwrap();
        }
        let all = of_device(&conn, DEVICE, 10_000).unwrap();
        assert!(all.len() as i64 <= MAX_OF_DEVICE && all.len() > 400, "{}", all.len());
        assert_eq!((all[0].0.kind, all[0].1), (AlarmKind::Fork, None));
        let latest = all.iter().map(|(a, _)| a.at_seq).max().unwrap();
        assert_eq!(latest.cast_signed(), MAX_OF_DEVICE + 199);
    }
}
