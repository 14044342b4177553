//! The tables of halls. Every revision of every object is a row, and no row is ever changed or deleted: the database itself
//! refuses it. Only drafts of pledges are worked on in place.

use std::path::PathBuf;

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::acts::Author;
use super::kinds::{Keep, Kind, Lead};
use super::pledges::{PledgeFile, PledgeVersion};
use super::whole::{Hall, Kept};
use crate::domain::id::{HallId, PledgeId, StaffNo};
use crate::domain::time::WallMs;

pub const SCHEMA: &str = "
CREATE TABLE hall_state (
  hall TEXT PRIMARY KEY,
  lead TEXT NOT NULL,
  revision INTEGER NOT NULL,
  file TEXT,
  taken_over_ms INTEGER NOT NULL,
  taken_over_by TEXT NOT NULL
) STRICT;
CREATE TABLE hall_record (
  hall TEXT NOT NULL,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  body TEXT NOT NULL,
  retired_on TEXT,
  changed_ms INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  account INTEGER NOT NULL,
  PRIMARY KEY (hall, kind, id, revision)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER hall_record_stays BEFORE DELETE ON hall_record
  BEGIN SELECT RAISE(ABORT, 'what a rating may name is never deleted'); END;
CREATE TRIGGER hall_record_is_fixed BEFORE UPDATE ON hall_record
  BEGIN SELECT RAISE(ABORT, 'a change is a new revision'); END;
CREATE TABLE hall_order (
  hall TEXT NOT NULL,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  place INTEGER NOT NULL,
  PRIMARY KEY (hall, kind, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE hall_pledge (
  hall TEXT NOT NULL,
  id TEXT NOT NULL,
  staff_no TEXT,
  revision INTEGER NOT NULL,
  retired_on TEXT,
  PRIMARY KEY (hall, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE hall_pledge_version (
  hall TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (hall, id, version)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER hall_pledge_version_stays BEFORE DELETE ON hall_pledge_version
  BEGIN SELECT RAISE(ABORT, 'what a rating may name is never deleted'); END;
CREATE TRIGGER hall_pledge_version_is_fixed BEFORE UPDATE ON hall_pledge_version
  WHEN OLD.state IN ('approved', 'declined')
  BEGIN SELECT RAISE(ABORT, 'a decided version is fixed'); END;
";

/// What the store says of a hall before anything of it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    pub hall: HallId,
    pub lead: Lead,
    pub revision: u64,
    /// The file that was taken over; it is not read any more.
    pub file: Option<PathBuf>,
    pub taken_over_ms: WallMs,
    pub taken_over_by: String,
}

/// Every hall that the store has ever known.
///
/// # Errors
/// Those of the store.
pub fn states(conn: &Connection) -> rusqlite::Result<Vec<State>> {
    let sql = "SELECT hall, lead, revision, file, taken_over_ms, taken_over_by FROM hall_state ORDER BY hall";
    conn.prepare_cached(sql)?.query_map([], state_of)?.collect()
}

/// One hall, or none.
///
/// # Errors
/// Those of the store.
pub fn state(conn: &Connection, hall: &HallId) -> rusqlite::Result<Option<State>> {
    let sql = "SELECT hall, lead, revision, file, taken_over_ms, taken_over_by FROM hall_state WHERE hall = ?1";
    conn.prepare_cached(sql)?.query_row([hall.as_str()], state_of).optional()
}

pub(super) fn set_state(conn: &Connection, state: &State) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO hall_state (hall, lead, revision, file, taken_over_ms, taken_over_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (hall) DO UPDATE SET lead = excluded.lead, revision = excluded.revision, file = excluded.file,
           taken_over_ms = excluded.taken_over_ms, taken_over_by = excluded.taken_over_by",
    )?
    .execute(params![
        state.hall.as_str(),
        state.lead.code(),
        state.revision.cast_signed(),
        state.file.as_ref().map(|f| f.to_string_lossy().into_owned()),
        state.taken_over_ms.0,
        state.taken_over_by
    ])?;
    Ok(())
}

/// The whole of a hall that was taken over; none if it never was.
///
/// # Errors
/// Those of the store.
pub fn load(conn: &Connection, id: &HallId) -> rusqlite::Result<Option<Hall>> {
    let Some(state) = state(conn, id)? else { return Ok(None) };
    Ok(Some(Hall {
        lead: state.lead,
        revision: state.revision,
        plate: shelf(conn, id)?,
        windows: shelf(conn, id)?,
        staff: shelf(conn, id)?,
        pledges: pledges(conn, id)?,
        items: shelf(conn, id)?,
        tags: shelf(conn, id)?,
        notices: shelf(conn, id)?,
        playlists: shelf(conn, id)?,
        honours: shelf(conn, id)?,
        ..Hall::empty(id.clone())
    }))
}

fn shelf<T: Keep>(conn: &Connection, hall: &HallId) -> rusqlite::Result<Vec<Kept<T>>> {
    let sql = "SELECT r.body, r.revision, r.retired_on, r.changed_ms, r.changed_by
               FROM hall_order o JOIN hall_record r ON r.hall = o.hall AND r.kind = o.kind AND r.id = o.id
               WHERE o.hall = ?1 AND o.kind = ?2 AND r.revision =
                 (SELECT max(l.revision) FROM hall_record l WHERE l.hall = o.hall AND l.kind = o.kind AND l.id = o.id)
               ORDER BY o.place, o.id";
    conn.prepare_cached(sql)?.query_map([hall.as_str(), T::KIND.code()], kept_of)?.collect()
}

/// Every revision of one object, newest first.
///
/// # Errors
/// Those of the store.
pub fn history<T: Keep>(conn: &Connection, hall: &HallId, id: &str) -> rusqlite::Result<Vec<Kept<T>>> {
    let sql = "SELECT body, revision, retired_on, changed_ms, changed_by FROM hall_record
               WHERE hall = ?1 AND kind = ?2 AND id = ?3 ORDER BY revision DESC LIMIT 1000";
    conn.prepare_cached(sql)?.query_map([hall.as_str(), T::KIND.code(), id], kept_of)?.collect()
}

pub(super) fn append<T: Keep>(
    conn: &Connection,
    hall: &HallId,
    kept: &Kept<T>,
    author: &Author,
) -> rusqlite::Result<()> {
    let body = serde_json::to_string(&kept.value).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    conn.prepare_cached(
        "INSERT INTO hall_record (hall, kind, id, revision, body, retired_on, changed_ms, changed_by, account)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        hall.as_str(),
        T::KIND.code(),
        kept.value.key(),
        kept.revision,
        body,
        kept.retired_on.map(|d| d.to_string()),
        kept.changed_ms.0,
        kept.changed_by,
        author.account
    ])?;
    if kept.revision == 1 { place_last(conn, hall, T::KIND, kept.value.key()) } else { Ok(()) }
}

fn place_last(conn: &Connection, hall: &HallId, kind: Kind, id: &str) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO hall_order (hall, kind, id, place)
         SELECT ?1, ?2, ?3, 1 + coalesce(max(place), 0) FROM hall_order WHERE hall = ?1 AND kind = ?2",
    )?
    .execute([hall.as_str(), kind.code(), id])?;
    Ok(())
}

pub(super) fn arrange<'a>(
    conn: &Connection,
    hall: &HallId,
    kind: Kind,
    order: impl Iterator<Item = &'a str>,
) -> rusqlite::Result<()> {
    let sql = "UPDATE hall_order SET place = ?4 WHERE hall = ?1 AND kind = ?2 AND id = ?3";
    let mut statement = conn.prepare_cached(sql)?;
    for (place, id) in (1_i64..).zip(order) {
        statement.execute(params![hall.as_str(), kind.code(), id, place])?;
    }
    Ok(())
}

pub(super) fn put_pledge(conn: &Connection, hall: &HallId, pledge: &PledgeFile) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO hall_pledge (hall, id, staff_no, revision, retired_on) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (hall, id) DO UPDATE SET revision = excluded.revision, retired_on = excluded.retired_on",
    )?
    .execute(params![
        hall.as_str(),
        pledge.id.as_str(),
        pledge.staff_no.as_ref().map(StaffNo::as_str),
        pledge.revision,
        pledge.retired_on.map(|d| d.to_string())
    ])?;
    if pledge.revision == 1 {
        place_last(conn, hall, Kind::Pledge, pledge.id.as_str())?;
    }
    let mut keep = conn.prepare_cached(
        "INSERT INTO hall_pledge_version (hall, id, version, state, body) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (hall, id, version) DO UPDATE SET state = excluded.state, body = excluded.body
           WHERE body <> excluded.body",
    )?;
    for version in &pledge.versions {
        let body = serde_json::to_string(version).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
        keep.execute(params![hall.as_str(), pledge.id.as_str(), version.version, version.state.code(), body])?;
    }
    Ok(())
}

fn pledges(conn: &Connection, hall: &HallId) -> rusqlite::Result<Vec<PledgeFile>> {
    let sql = "SELECT p.id, p.staff_no, p.revision, p.retired_on FROM hall_pledge p
               JOIN hall_order o ON o.hall = p.hall AND o.kind = 'pledge' AND o.id = p.id
               WHERE p.hall = ?1 ORDER BY o.place, p.id";
    let mut files: Vec<PledgeFile> = conn
        .prepare_cached(sql)?
        .query_map([hall.as_str()], |r| {
            let staff: Option<String> = r.get(1)?;
            Ok(PledgeFile {
                id: PledgeId::new(&r.get::<_, String>(0)?).map_err(|e| bad(0, &e))?,
                staff_no: staff.map(|s| StaffNo::new(&s)).transpose().map_err(|e| bad(1, &e))?,
                revision: r.get(2)?,
                retired_on: day(r, 3)?,
                versions: Vec::new(),
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    let sql = "SELECT body FROM hall_pledge_version WHERE hall = ?1 AND id = ?2 ORDER BY version";
    let mut of_pledge = conn.prepare_cached(sql)?;
    for file in &mut files {
        let rows = of_pledge.query_map([hall.as_str(), file.id.as_str()], |r| parsed::<PledgeVersion>(r, 0))?;
        file.versions = rows.collect::<rusqlite::Result<_>>()?;
    }
    Ok(files)
}

fn state_of(row: &Row<'_>) -> rusqlite::Result<State> {
    let (hall, lead): (String, String) = (row.get(0)?, row.get(1)?);
    Ok(State {
        hall: HallId::new(&hall).map_err(|e| bad(0, &e))?,
        lead: Lead::from_code(&lead).ok_or_else(|| bad(1, &"unknown lead"))?,
        revision: row.get::<_, i64>(2)?.cast_unsigned(),
        file: row.get::<_, Option<String>>(3)?.map(PathBuf::from),
        taken_over_ms: WallMs(row.get(4)?),
        taken_over_by: row.get(5)?,
    })
}

fn kept_of<T: Keep>(row: &Row<'_>) -> rusqlite::Result<Kept<T>> {
    Ok(Kept {
        value: parsed(row, 0)?,
        revision: row.get(1)?,
        retired_on: day(row, 2)?,
        changed_ms: WallMs(row.get(3)?),
        changed_by: row.get(4)?,
    })
}

fn parsed<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let body: String = row.get(column)?;
    serde_json::from_str(&body).map_err(|e| bad(column, &e))
}

fn day(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Date>> {
    let text: Option<String> = row.get(column)?;
    text.map(|t| t.parse()).transpose().map_err(|e: jiff::Error| bad(column, &e))
}

fn bad(column: usize, e: &dyn std::fmt::Display) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, e.to_string().into())
}
