//! Where roll-ups stand: one row for each face of one hall's day or month.
//!
//! A day has its cube, the faces of one axis and a few of two. A finished month has all faces, made from its days' cubes; when a fact
//! comes late for it they are taken away and it is due again, so that what stands is always complete.

use rusqlite::{Connection, OptionalExtension, params};

use super::StatisticsFault;
use super::calendar::{date_of, day_number, month_of, weekday_of};
use super::cube::Cube;
use super::face::{Face, Faces, SINGLES, pairs};

/// What a row is a sum of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    Day(Face),
    /// All that a day counts.
    Cube,
    Month(Face),
}

impl Grain {
    fn code(self) -> i64 {
        match self {
            Self::Day(face) => i64::from(face.code()),
            Self::Cube => 63,
            Self::Month(face) => 64 + i64::from(face.code()),
        }
    }
}

/// Days and months within a row's id; times that no calendar holds are 1970 already.
const SLOT_BITS: u32 = 24;
const SLOT_ZERO: i64 = 1 << (SLOT_BITS - 1);

/// The row of a hall's day or month: 7 bits of grain, 32 of hall, 24 of slot, so that one hall's run is one range.
fn id(grain: Grain, hall: u32, slot: i64) -> i64 {
    let slot = (slot + SLOT_ZERO).clamp(0, 2 * SLOT_ZERO - 1);
    grain.code() << (32 + SLOT_BITS) | i64::from(hall) << SLOT_BITS | slot
}

/// Hands out the rows of a hall from the first to the last day or month.
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

/// Adds what a day of a hall counts more; the day's month is due again.
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
    let month = month_of(day);
    let mut due = conn.prepare_cached("INSERT OR IGNORE INTO rollup_due (month, hall) VALUES (?1, ?2)")?;
    if due.execute(params![month, hall])? > 0 {
        for face in SINGLES.into_iter().chain(pairs()) {
            drop_row(conn, Grain::Month(face), hall, month)?;
        }
    }
    Ok(())
}

/// Makes the roll-ups of finished months that are due, at most `limit` of them. How many were made.
pub fn finish_months(conn: &Connection, before_month: i64, limit: usize) -> Result<usize, StatisticsFault> {
    let mut due =
        conn.prepare_cached("SELECT month, hall FROM rollup_due WHERE month < ?1 ORDER BY month, hall LIMIT ?2")?;
    let months: Vec<(i64, u32)> = due
        .query_map(params![before_month, limit as i64], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut done = conn.prepare_cached("DELETE FROM rollup_due WHERE month = ?1 AND hall = ?2")?;
    let mut cube = Cube::default();
    for &(month, hall) in &months {
        let mut faces = Faces::of_a_month();
        scan(conn, Grain::Cube, hall, days_of(month), |day, bytes| {
            cube.read(bytes)?;
            faces.add(&cube, weekday_of(day));
            Ok(())
        })?;
        for (face, bytes) in faces.encode() {
            put_even_if_empty(conn, Grain::Month(face), hall, month, &bytes)?;
        }
        done.execute(params![month, hall])?;
    }
    Ok(months.len())
}

/// Whether the roll-ups of a month before this one are still to be made.
pub fn is_due(conn: &Connection, before_month: i64) -> Result<bool, StatisticsFault> {
    let mut look = conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM rollup_due WHERE month < ?1)")?;
    Ok(look.query_row([before_month], |r| r.get(0))?)
}

/// How many halls' months before this one are still to be made.
pub fn due(conn: &Connection, before_month: i64) -> Result<u64, StatisticsFault> {
    let n: i64 = conn.query_row("SELECT count(*) FROM rollup_due WHERE month < ?1", [before_month], |r| r.get(0))?;
    Ok(n.unsigned_abs())
}

/// Hands out every row of days, in one order.
pub fn each_day(conn: &Connection, mut take: impl FnMut(i64, &[u8])) -> Result<(), StatisticsFault> {
    let mut statement = conn.prepare("SELECT id, cells FROM rollup WHERE id < ?1 ORDER BY id")?;
    let mut rows = statement.query([64_i64 << (32 + SLOT_BITS)])?;
    while let Some(row) = rows.next()? {
        take(row.get(0)?, row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?);
    }
    Ok(())
}

/// Throws all roll-ups away.
pub fn clear(conn: &Connection) -> Result<(), StatisticsFault> {
    conn.execute("DELETE FROM rollup", [])?;
    conn.execute("DELETE FROM rollup_due", [])?;
    Ok(())
}

/// First and last day of a month; what a calendar does not hold has no days.
pub fn days_of(month: i64) -> (i64, i64) {
    let year = i16::try_from(month.div_euclid(12)).unwrap_or(i16::MAX);
    let number = i8::try_from(month.rem_euclid(12)).unwrap_or(0) + 1;
    match jiff::civil::Date::new(year, number, 1) {
        Ok(first) => (day_number(first), day_number(first.last_of_month())),
        Err(_) => (day_number(date_of(i64::MAX)), day_number(date_of(i64::MAX)) - 1),
    }
}

fn put(conn: &Connection, grain: Grain, hall: u32, slot: i64, bytes: &[u8]) -> Result<(), StatisticsFault> {
    if bytes.is_empty() {
        return drop_row(conn, grain, hall, slot);
    }
    put_even_if_empty(conn, grain, hall, slot, bytes)
}

/// An empty row says that nothing was counted; a row that is missing, that nobody has looked.
fn put_even_if_empty(
    conn: &Connection,
    grain: Grain,
    hall: u32,
    slot: i64,
    bytes: &[u8],
) -> Result<(), StatisticsFault> {
    let mut write = conn.prepare_cached("INSERT OR REPLACE INTO rollup (id, cells) VALUES (?1, ?2)")?;
    write.execute(params![id(grain, hall, slot), bytes])?;
    Ok(())
}

fn drop_row(conn: &Connection, grain: Grain, hall: u32, slot: i64) -> Result<(), StatisticsFault> {
    conn.prepare_cached("DELETE FROM rollup WHERE id = ?1")?.execute([id(grain, hall, slot)])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_halls_days_are_one_range_and_nobody_elses() {
        let day = |hall, slot| id(Grain::Cube, hall, slot);
        assert!(day(3, -20_000) < day(3, 0) && day(3, 0) < day(3, 20_000) && day(3, 9_000_000) < day(4, -9_000_000));
        assert!(id(Grain::Month(SINGLES[5]), u32::MAX, 30_000) > 0, "no sign bit is touched");
        let (window, staff) = (Grain::Day(SINGLES[1]), Grain::Day(SINGLES[2]));
        assert!(id(window, u32::MAX, 1) < id(staff, 0, 1));
        let of = |text: &str| day_number(text.parse().unwrap());
        assert_eq!(days_of(month_of(of("2028-02-11"))), (of("2028-02-01"), of("2028-02-29")));
        let (first, last) = days_of(i64::MAX);
        assert!(last < first);
    }
}
