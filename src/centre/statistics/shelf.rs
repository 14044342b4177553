//! Where roll-ups of days stand: one row for the cube of each hall's day, and one for each of its faces. Longer spans are made
//! from the cubes ([`super::spans`]).

use rusqlite::{Connection, OptionalExtension, params};

use super::StatisticsFault;
use super::calendar::weekday_of;
use super::cube::Cube;
use super::face::{Face, Faces};
use super::spans;

/// What a row is a sum of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    Day(Face),
    /// All that a day counts.
    Cube,
}

impl Grain {
    fn code(self) -> i64 {
        match self {
            Self::Day(face) => i64::from(face.code()),
            Self::Cube => 63,
        }
    }
}

/// Days within a row's id; times that no calendar holds are 1970 already.
const SLOT_BITS: u32 = 24;
const SLOT_ZERO: i64 = 1 << (SLOT_BITS - 1);

/// The row of a hall's day: 7 bits of grain, 32 of hall, 24 of day, so that one hall's run is one range.
fn id(grain: Grain, hall: u32, day: i64) -> i64 {
    let slot = (day + SLOT_ZERO).clamp(0, 2 * SLOT_ZERO - 1);
    grain.code() << (32 + SLOT_BITS) | i64::from(hall) << SLOT_BITS | slot
}

/// Hands out the rows of a hall from the first to the last day.
pub fn scan(
    conn: &Connection,
    grain: Grain,
    hall: u32,
    (first, last): (i64, i64),
    mut take: impl FnMut(i64, &[u8]) -> Result<(), StatisticsFault>,
) -> Result<(), StatisticsFault> {
    let mut statement = conn.prepare_cached("SELECT id, cells FROM rollup WHERE id BETWEEN ?1 AND ?2 ORDER BY id")?;
    let mut rows = statement.query([id(grain, hall, first), id(grain, hall, last)])?;
    while let Some(row) = rows.next()? {
        let slot = (row.get::<_, i64>(0)? & (2 * SLOT_ZERO - 1)) - SLOT_ZERO;
        take(slot, row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
    }
    Ok(())
}

/// Adds what a day of a hall counts more; the spans that it lies in are due again.
pub fn add(conn: &Connection, hall: u32, day: i64, more: &Cube) -> Result<(), StatisticsFault> {
    let mut read = conn.prepare_cached("SELECT cells FROM rollup WHERE id = ?1")?;
    let kept: Option<Vec<u8>> = read.query_row([id(Grain::Cube, hall, day)], |r| r.get(0)).optional()?;
    let mut cube = Cube::decode(&kept.unwrap_or_default())?;
    cube.merge(more);
    cube.settle();
    let mut faces = Faces::of_a_day();
    faces.add(&cube, weekday_of(day));
    put(conn, Grain::Cube, hall, day, &cube.encode())?;
    for (face, bytes) in faces.encode() {
        put(conn, Grain::Day(face), hall, day, &bytes)?;
    }
    spans::touch(conn, hall, day)
}

/// Hands out every row of days, in one order.
pub fn each_day(conn: &Connection, mut take: impl FnMut(i64, &[u8])) -> Result<(), StatisticsFault> {
    let mut statement = conn.prepare("SELECT id, cells FROM rollup ORDER BY id")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        take(row.get(0)?, row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?);
    }
    Ok(())
}

/// Throws all roll-ups away.
pub fn clear(conn: &Connection) -> Result<(), StatisticsFault> {
    conn.execute("DELETE FROM rollup", [])?;
    spans::clear(conn)
}

fn put(conn: &Connection, grain: Grain, hall: u32, day: i64, bytes: &[u8]) -> Result<(), StatisticsFault> {
    let id = id(grain, hall, day);
    if bytes.is_empty() {
        conn.prepare_cached("DELETE FROM rollup WHERE id = ?1")?.execute([id])?;
    } else {
        let mut write = conn.prepare_cached("INSERT OR REPLACE INTO rollup (id, cells) VALUES (?1, ?2)")?;
        write.execute(params![id, bytes])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::statistics::cell::Axis;

    #[test]
    fn one_halls_days_are_one_range_and_nobody_elses() {
        let day = |hall, slot| id(Grain::Cube, hall, slot);
        assert!(day(3, -20_000) < day(3, 0) && day(3, 0) < day(3, 20_000) && day(3, 9_000_000) < day(4, -9_000_000));
        assert!(id(Grain::Cube, u32::MAX, i64::MAX / 2) > 0, "no sign bit is touched");
        let of = |axis| Grain::Day(Face(axis, None));
        assert!(id(of(Axis::ServiceWindow), u32::MAX, 1) < id(of(Axis::Staff), 0, 1));
    }
}
