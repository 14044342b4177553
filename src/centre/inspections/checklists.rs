//! The lists that inspectors go by. Whoever keeps rules changes them, and each change is a version of its own: an
//! inspection goes by the version it was planned with, whatever becomes of the list.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::centre::access::Who;
use crate::centre::audit::{self, Act};
use crate::domain::inspection::checklist::{Checklist, ChecklistFault};
use crate::domain::text::{TextFault, check_line};
use crate::domain::time::WallMs;

/// Lists of a centre.
pub const MAX_LISTS: u32 = 100;
/// Versions of one list.
const MAX_VERSIONS: u32 = 1_000;
/// Characters of the reason of a change.
pub const WHY_CHARS: usize = 200;

/// One version of one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    pub checklist: u32,
    pub version: u32,
    pub list: Checklist,
    pub made: WallMs,
    pub made_by: String,
    pub why: String,
}

/// Why a list was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ListFault {
    #[error("{}", .0.first().map_or_else(String::new, ToString::to_string))]
    Faulty(Vec<ChecklistFault>),
    #[error("the reason {0}")]
    Why(TextFault),
    #[error("there is no such list")]
    Unknown,
    #[error("somebody has changed the list meanwhile")]
    Stale,
    #[error("nothing was changed")]
    Same,
    #[error("there are too many")]
    Full,
    #[error(transparent)]
    Store(#[from] rusqlite::Error),
}

const COLUMNS: &str = "checklist, version, body, made_ms, made_by, why";

/// The newest version of every list.
///
/// # Errors
/// Those of the store.
pub fn newest(conn: &Connection) -> rusqlite::Result<Vec<Version>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM checklist_version AS v WHERE version =
         (SELECT max(version) FROM checklist_version AS w WHERE w.checklist = v.checklist) ORDER BY checklist"
    );
    conn.prepare_cached(&sql)?.query_map([], version_of)?.collect()
}

/// One version; the newest where none is named.
///
/// # Errors
/// Those of the store.
pub fn one(conn: &Connection, checklist: u32, version: Option<u32>) -> rusqlite::Result<Option<Version>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM checklist_version WHERE checklist = ?1 AND version = coalesce(?2, version)
         ORDER BY version DESC LIMIT 1"
    );
    conn.prepare_cached(&sql)?.query_row(params![checklist, version], version_of).optional()
}

/// Every version of a list, the newest first; at most 200.
///
/// # Errors
/// Those of the store.
pub fn history(conn: &Connection, checklist: u32) -> rusqlite::Result<Vec<Version>> {
    let sql = format!("SELECT {COLUMNS} FROM checklist_version WHERE checklist = ?1 ORDER BY version DESC LIMIT 200");
    conn.prepare_cached(&sql)?.query_map([checklist], version_of)?.collect()
}

/// Makes a new list, or a new version on top of the one that was `seen`; number and version.
///
/// # Errors
/// [`ListFault`]; nothing was written.
pub fn keep(
    tx: &Connection,
    seen: Option<(u32, u32)>,
    list: &Checklist,
    who: &Who,
    why: &str,
    now: WallMs,
) -> Result<(u32, u32), ListFault> {
    let why = why.trim();
    check_line(why, WHY_CHARS).map_err(ListFault::Why)?;
    let faults = list.faults();
    if !faults.is_empty() {
        return Err(ListFault::Faulty(faults));
    }
    let (checklist, version) = match seen {
        None => (next(tx)?, 1),
        Some((checklist, seen)) => match one(tx, checklist, None)? {
            None => return Err(ListFault::Unknown),
            Some(newest) if newest.version != seen => return Err(ListFault::Stale),
            Some(newest) if newest.list == *list => return Err(ListFault::Same),
            Some(newest) if newest.version >= MAX_VERSIONS => return Err(ListFault::Full),
            Some(newest) => (checklist, newest.version + 1),
        },
    };
    let body = serde_json::to_string(list).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    tx.prepare_cached(
        "INSERT INTO checklist_version (checklist, version, body, made_ms, account, made_by, why)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![checklist, version, body, now.0, who.account, who.name, why])?;
    let (object, detail) = (format!("checklist:{checklist}"), format!("version {version}"));
    audit::append(tx, now, who, Act::ChecklistKept, &object, &detail)?;
    Ok((checklist, version))
}

fn next(tx: &Connection) -> Result<u32, ListFault> {
    let last: u32 = tx.query_row("SELECT coalesce(max(checklist), 0) FROM checklist_version", [], |r| r.get(0))?;
    if last >= MAX_LISTS { Err(ListFault::Full) } else { Ok(last + 1) }
}

fn version_of(row: &Row<'_>) -> rusqlite::Result<Version> {
    let body: String = row.get(2)?;
    let list = serde_json::from_str(&body)
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(2, rusqlite::types::Type::Text, e.into()))?;
    Ok(Version {
        checklist: row.get(0)?,
        version: row.get(1)?,
        list,
        made: WallMs(row.get(3)?),
        made_by: row.get(4)?,
        why: row.get(5)?,
    })
}
