//! What changed in a terminal's state, bounded for each terminal.

use rusqlite::{Connection, params};

use super::state::Concern;
use crate::domain::time::WallMs;
use crate::ledger::keys::DeviceId;

pub const SCHEMA: &str = "
CREATE TABLE fleet_change (
  id INTEGER PRIMARY KEY,
  device BLOB NOT NULL,
  changed_ms INTEGER NOT NULL,
  concerns TEXT NOT NULL
) STRICT;
CREATE INDEX fleet_change_of_device ON fleet_change (device, id);
";

/// Changes kept of one device.
const MAX_OF_DEVICE: i64 = 200;

/// From this moment on a terminal was so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub at: WallMs,
    /// Empty: well.
    pub concerns: Vec<Concern>,
}

/// Keeps how a terminal is, if that is something new. True if it is.
///
/// # Errors
/// Those of the store.
pub fn note(conn: &Connection, device: DeviceId, concerns: &[Concern], now: WallMs) -> rusqlite::Result<bool> {
    let codes = concerns.iter().map(|c| c.code()).collect::<Vec<_>>().join(",");
    let n = conn
        .prepare_cached(
            "INSERT INTO fleet_change (device, changed_ms, concerns) SELECT ?1, ?2, ?3
             WHERE ?3 IS NOT (SELECT concerns FROM fleet_change WHERE device = ?1 ORDER BY id DESC LIMIT 1)",
        )?
        .execute(params![device.0, now.0, codes])?;
    if n > 0 {
        conn.prepare_cached(
            "DELETE FROM fleet_change WHERE device = ?1 AND id <=
             (SELECT id FROM fleet_change WHERE device = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
        )?
        .execute(params![device.0, MAX_OF_DEVICE])?;
    }
    Ok(n > 0)
}

/// The latest changes first.
///
/// # Errors
/// Those of the store.
pub fn of_device(conn: &Connection, device: DeviceId, limit: usize) -> rusqlite::Result<Vec<Change>> {
    let mut statement = conn
        .prepare_cached("SELECT changed_ms, concerns FROM fleet_change WHERE device = ?1 ORDER BY id DESC LIMIT ?2")?;
    let rows = statement.query_map(params![device.0, limit as i64], |r| {
        let codes: String = r.get(1)?;
        Ok(Change { at: WallMs(r.get(0)?), concerns: codes.split(',').filter_map(Concern::from_code).collect() })
    })?;
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_changes_are_kept_and_only_so_many() {
        let conn = crate::db::open_in_memory(&crate::centre::schema::SCHEMA).unwrap();
        let (device, other) = (DeviceId([1; 16]), DeviceId([2; 16]));
        assert!(note(&conn, device, &[], WallMs(1)).unwrap());
        assert!(!note(&conn, device, &[], WallMs(2)).unwrap());
        assert!(note(&conn, other, &[], WallMs(2)).unwrap());
        assert!(note(&conn, device, &[Concern::Silent, Concern::DiskLow], WallMs(3)).unwrap());
        let told = of_device(&conn, device, 9).unwrap();
        assert_eq!(told[0], Change { at: WallMs(3), concerns: vec![Concern::Silent, Concern::DiskLow] });
        assert_eq!(told[1].concerns, []);
        for n in 0..500 {
            let concerns: &[Concern] = if n % 2 == 0 { &[Concern::Backlog] } else { &[] };
            note(&conn, device, concerns, WallMs(10 + n)).unwrap();
        }
        assert_eq!(of_device(&conn, device, 9_999).unwrap().len() as i64, MAX_OF_DEVICE);
        assert_eq!(of_device(&conn, other, 9).unwrap().len(), 1);
    }
}
