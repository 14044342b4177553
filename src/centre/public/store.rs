//! Publications as they are kept.

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::snapshot::Snapshot;
use crate::domain::id::HallId;
use crate::domain::time::WallMs;

/// Publications of one hall.
const MAX_OF_HALL: i64 = 600;

/// One publication.
#[derive(Debug, Clone, PartialEq)]
pub struct Publication {
    pub id: i64,
    pub snapshot: Snapshot,
    pub made: WallMs,
    pub made_by: String,
    pub withdrawn: Option<(WallMs, String)>,
}

impl Publication {
    pub fn is_visible(&self, today: Date) -> bool {
        self.withdrawn.is_none() && self.snapshot.wanted.visible_from <= today
    }
}

const COLUMNS: &str = "id, snapshot, made_ms, made_by, withdrawn_ms, withdrawn_by";

/// Keeps a publication; none when the hall has [`MAX_OF_HALL`] already.
///
/// # Errors
/// Those of the store.
pub fn add(conn: &Connection, snapshot: &Snapshot, by: &str, now: WallMs) -> rusqlite::Result<Option<i64>> {
    let wanted = &snapshot.wanted;
    let count: i64 = conn
        .prepare_cached("SELECT count(*) FROM publication WHERE hall = ?1")?
        .query_row([wanted.hall.as_str()], |r| r.get(0))?;
    if count >= MAX_OF_HALL {
        return Ok(None);
    }
    // Plain structs of texts and numbers always serialise.
    let json = serde_json::to_string(snapshot).unwrap_or_default();
    conn.prepare_cached(
        "INSERT INTO publication (hall, from_day, to_day, visible_from, snapshot, made_ms, made_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        wanted.hall.as_str(),
        wanted.from.to_string(),
        wanted.to.to_string(),
        wanted.visible_from.to_string(),
        json,
        now.0,
        by
    ])?;
    Ok(Some(conn.last_insert_rowid()))
}

/// False if there is no such publication or it is withdrawn already.
///
/// # Errors
/// Those of the store.
pub fn withdraw(conn: &Connection, id: i64, by: &str, now: WallMs) -> rusqlite::Result<bool> {
    let n = conn
        .prepare_cached(
            "UPDATE publication SET withdrawn_ms = ?2, withdrawn_by = ?3 WHERE id = ?1 AND withdrawn_ms IS NULL",
        )?
        .execute(params![id, now.0, by])?;
    Ok(n > 0)
}

/// # Errors
/// Those of the store.
pub fn one(conn: &Connection, id: i64) -> rusqlite::Result<Option<Publication>> {
    let sql = format!("SELECT {COLUMNS} FROM publication WHERE id = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([id], publication_of).optional()?.flatten())
}

/// Every publication of a hall, the latest period first.
///
/// # Errors
/// Those of the store.
pub fn of_hall(conn: &Connection, hall: &HallId) -> rusqlite::Result<Vec<Publication>> {
    let sql =
        format!("SELECT {COLUMNS} FROM publication WHERE hall = ?1 ORDER BY to_day DESC, id DESC LIMIT {MAX_OF_HALL}");
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([hall.as_str()], publication_of)?;
    rows.filter_map(Result::transpose).collect()
}

/// Halls of which something can be seen, and the last day of it.
///
/// # Errors
/// Those of the store.
pub fn halls(conn: &Connection, today: Date) -> rusqlite::Result<Vec<(HallId, String)>> {
    let mut statement = conn.prepare_cached(
        "SELECT hall, max(to_day) FROM publication WHERE withdrawn_ms IS NULL AND visible_from <= ?1
         GROUP BY hall ORDER BY hall LIMIT 1000",
    )?;
    let rows = statement.query_map([today.to_string()], |r| Ok((r.get::<_, String>(0)?, r.get(1)?)))?;
    rows.filter_map(|row| match row {
        Ok((hall, to)) => HallId::new(&hall).ok().map(|hall| Ok((hall, to))),
        Err(fault) => Some(Err(fault)),
    })
    .collect()
}

/// A publication that stands and shares a day with the period: two of them could be taken from each other, and what is left
/// would be a group that nobody decided to show.
///
/// # Errors
/// Those of the store.
pub fn overlaps(conn: &Connection, hall: &HallId, from: Date, to: Date) -> rusqlite::Result<bool> {
    let mut statement = conn.prepare_cached(
        "SELECT 1 FROM publication WHERE hall = ?1 AND withdrawn_ms IS NULL AND from_day <= ?3 AND to_day >= ?2",
    )?;
    statement.exists(params![hall.as_str(), from.to_string(), to.to_string()])
}

/// None for what only a newer program understands.
fn publication_of(row: &Row<'_>) -> rusqlite::Result<Option<Publication>> {
    let json: String = row.get(1)?;
    let Ok(snapshot) = serde_json::from_str(&json) else { return Ok(None) };
    let (at, by): (Option<i64>, Option<String>) = (row.get(4)?, row.get(5)?);
    Ok(Some(Publication {
        id: row.get(0)?,
        snapshot,
        made: WallMs(row.get(2)?),
        made_by: row.get(3)?,
        withdrawn: at.map(|at| (WallMs(at), by.unwrap_or_default())),
    }))
}

#[cfg(test)]
mod tests {
    use super::super::snapshot::tests::{board, served, wanted};
    use super::super::snapshot::{Wanted, take};
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_publication_is_seen_from_its_day_on_until_it_is_withdrawn_and_its_figures_stay() {
        let conn = served(&[40, 20]);
        let snapshot = take(&conn, &board(), &wanted(), WallMs(1)).unwrap();
        let id = add(&conn, &snapshot, "王督查", WallMs(2)).unwrap().unwrap();
        let hall = &snapshot.wanted.hall;
        let (before, day) = (date(2026, 11, 9), date(2026, 11, 10));
        assert_eq!(halls(&conn, before).unwrap(), []);
        assert_eq!(halls(&conn, day).unwrap(), [(hall.clone(), "2026-11-07".to_owned())]);
        let kept = one(&conn, id).unwrap().unwrap();
        assert!(kept.snapshot == snapshot && !kept.is_visible(before) && kept.is_visible(day));
        for (from, to, shared) in [((2026, 10, 1), (2026, 10, 31), false), ((2026, 11, 7), (2026, 11, 30), true)] {
            let (from, to) = (date(from.0, from.1, from.2), date(to.0, to.1, to.2));
            assert_eq!(overlaps(&conn, hall, from, to).unwrap(), shared);
        }
        assert!(withdraw(&conn, id, "王督查", WallMs(3)).unwrap() && !withdraw(&conn, id, "x", WallMs(4)).unwrap());
        assert!(!of_hall(&conn, hall).unwrap()[0].is_visible(day));
        assert!(halls(&conn, day).unwrap().is_empty());
        let wanted = Wanted { ..wanted() };
        assert!(!overlaps(&conn, hall, wanted.from, wanted.to).unwrap(), "it may be published anew");
    }
}
