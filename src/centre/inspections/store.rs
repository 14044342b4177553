//! Inspections as they are kept: the plan, its stage, and what people add.

use jiff::civil::Date;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

use super::sight::{SEEN, Sight};
use crate::centre::access::Who;
use crate::domain::appraisal::Period;
use crate::domain::id::{HallId, WindowId};
use crate::domain::inspection::{Inspection, InspectionKind, InspectionStage, RemarkKind};
use crate::domain::time::WallMs;

/// Inspections of a centre.
const MOST: i64 = 200_000;
/// Remarks of one inspection.
const MAX_REMARKS: i64 = 200;

/// One inspection with everything around it but its visits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub id: i64,
    pub hall: HallId,
    pub title: String,
    pub inspection: Inspection,
    pub checklist: (u32, u32),
    pub planned_by: String,
    /// Names of the inspectors, in the order of their accounts.
    pub inspector_names: Vec<String>,
    pub made: WallMs,
    /// Since when it is at its stage.
    pub since: WallMs,
}

/// A plan that is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub hall: HallId,
    pub title: String,
    pub kind: InspectionKind,
    pub period: Period,
    /// Empty: all of the hall.
    pub windows: Vec<WindowId>,
    pub checklist: (u32, u32),
    /// Account and name of each.
    pub inspectors: Vec<(i64, String)>,
}

/// What of the list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wanted {
    pub kind: Option<InspectionKind>,
    pub stage: Option<InspectionStage>,
    /// Only those that still wait for something.
    pub open: bool,
}

const COLUMNS: &str = "id, hall, title, kind, stage, from_day, to_day, service_windows, checklist, checklist_version,
    planner, planned_by, made_ms, stage_ms,
    (SELECT count(*) FROM inspection_visit AS v WHERE v.inspection = id),
    (SELECT count(*) FROM inspection_finding AS f WHERE f.inspection = id)";

/// Keeps a plan under a number drawn by lot; none when there are too many.
///
/// # Errors
/// Those of the store.
pub fn add(tx: &Connection, id: i64, plan: &Plan, who: &Who, now: WallMs) -> rusqlite::Result<Option<i64>> {
    let n: i64 = tx.query_row("SELECT count(*) FROM inspection", [], |r| r.get(0))?;
    if n >= MOST {
        return Ok(None);
    }
    tx.prepare_cached(
        "INSERT INTO inspection (id, hall, title, kind, stage, from_day, to_day, service_windows, checklist,
         checklist_version, planner, planned_by, made_ms, stage_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13)",
    )?
    .execute(params![
        id,
        plan.hall.as_str(),
        plan.title,
        plan.kind.code(),
        InspectionStage::Planned.code(),
        plan.period.from.to_string(),
        plan.period.to.to_string(),
        json(&plan.windows)?,
        plan.checklist.0,
        plan.checklist.1,
        who.account,
        who.name,
        now.0
    ])?;
    for (account, name) in &plan.inspectors {
        tx.prepare_cached("INSERT INTO inspection_inspector (inspection, account, name) VALUES (?1, ?2, ?3)")?
            .execute(params![id, account, name])?;
    }
    Ok(Some(id))
}

/// # Errors
/// Those of the store.
pub fn set_stage(tx: &Connection, id: i64, stage: InspectionStage, now: WallMs) -> rusqlite::Result<()> {
    tx.prepare_cached("UPDATE inspection SET stage = ?2, stage_ms = ?3 WHERE id = ?1 AND stage <> ?2")?
        .execute(params![id, stage.code(), now.0])?;
    Ok(())
}

/// One inspection, whoever asks: [`Sight::one`] says whether they may see it.
///
/// # Errors
/// Those of the store.
pub(super) fn one(conn: &Connection, id: i64) -> rusqlite::Result<Option<Record>> {
    let sql = format!("SELECT {COLUMNS} FROM inspection WHERE id = ?1");
    let found = conn.prepare_cached(&sql)?.query_row([id], record_of).optional()?;
    found.map(|record| with_inspectors(conn, record)).transpose()
}

/// Those that somebody sees, the latest plan first.
///
/// # Errors
/// Those of the store.
pub fn list(conn: &Connection, sight: &Sight, wanted: Wanted, skip: u64, limit: u64) -> rusqlite::Result<Vec<Record>> {
    let (halls, leader, account) = sight.parameters();
    let sql = format!(
        "SELECT {COLUMNS} FROM inspection WHERE {SEEN} AND {ASKED}
         ORDER BY from_day DESC, id DESC LIMIT :limit OFFSET :skip"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map(
        named_params! {
            ":halls": halls, ":leader": leader, ":account": account,
            ":kind": wanted.kind.map(InspectionKind::code), ":stage": wanted.stage.map(InspectionStage::code),
            ":open": wanted.open, ":limit": bound(limit), ":skip": bound(skip),
        },
        record_of,
    )?;
    let records: Vec<Record> = rows.collect::<Result<_, _>>()?;
    records.into_iter().map(|record| with_inspectors(conn, record)).collect()
}

/// How many of them there are.
///
/// # Errors
/// Those of the store.
pub fn count(conn: &Connection, sight: &Sight, wanted: Wanted) -> rusqlite::Result<u64> {
    let (halls, leader, account) = sight.parameters();
    let sql = format!("SELECT count(*) FROM inspection WHERE {SEEN} AND {ASKED}");
    let n: i64 = conn.prepare_cached(&sql)?.query_row(
        named_params! {
            ":halls": halls, ":leader": leader, ":account": account,
            ":kind": wanted.kind.map(InspectionKind::code), ":stage": wanted.stage.map(InspectionStage::code),
            ":open": wanted.open,
        },
        |r| r.get(0),
    )?;
    Ok(n.unsigned_abs())
}

const ASKED: &str = "(:kind IS NULL OR kind = :kind) AND (:stage IS NULL OR stage = :stage)
    AND (NOT :open OR stage NOT IN ('closed', 'cancelled'))";

/// What somebody added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    pub kind: RemarkKind,
    pub text: String,
    pub made_by: String,
    pub made: WallMs,
}

/// Adds a line; false when there are too many.
///
/// # Errors
/// Those of the store.
pub fn add_remark(
    tx: &Connection,
    id: i64,
    kind: RemarkKind,
    text: &str,
    who: &Who,
    now: WallMs,
) -> rusqlite::Result<bool> {
    let n: i64 = tx.query_row("SELECT count(*) FROM inspection_remark WHERE inspection = ?1", [id], |r| r.get(0))?;
    if n >= MAX_REMARKS {
        return Ok(false);
    }
    tx.prepare_cached(
        "INSERT INTO inspection_remark (inspection, remark, kind, text, account, made_by, made_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![id, n + 1, kind.code(), text, who.account, who.name, now.0])?;
    Ok(true)
}

/// In the order in which they were made.
///
/// # Errors
/// Those of the store.
pub fn remarks(conn: &Connection, id: i64) -> rusqlite::Result<Vec<Remark>> {
    let sql = "SELECT kind, text, made_by, made_ms FROM inspection_remark WHERE inspection = ?1 ORDER BY remark";
    let of_row = |r: &Row<'_>| {
        Ok(Remark {
            kind: code(r, 0, RemarkKind::from_code)?,
            text: r.get(1)?,
            made_by: r.get(2)?,
            made: WallMs(r.get(3)?),
        })
    };
    conn.prepare_cached(sql)?.query_map([id], of_row)?.collect()
}

fn with_inspectors(conn: &Connection, mut record: Record) -> rusqlite::Result<Record> {
    let sql = "SELECT account, name FROM inspection_inspector WHERE inspection = ?1 ORDER BY account";
    let mut statement = conn.prepare_cached(sql)?;
    for row in statement.query_map([record.id], |r| Ok((r.get(0)?, r.get(1)?)))? {
        let (account, name) = row?;
        record.inspection.inspectors.push(account);
        record.inspector_names.push(name);
    }
    Ok(record)
}

fn record_of(row: &Row<'_>) -> rusqlite::Result<Record> {
    let day = |at| -> rusqlite::Result<Date> { parsed(at, &row.get::<_, String>(at)?) };
    let windows: String = row.get(7)?;
    Ok(Record {
        id: row.get(0)?,
        hall: parsed(1, &row.get::<_, String>(1)?)?,
        title: row.get(2)?,
        inspection: Inspection {
            kind: code(row, 3, InspectionKind::from_code)?,
            stage: code(row, 4, InspectionStage::from_code)?,
            period: Period { from: day(5)?, to: day(6)? },
            windows: serde_json::from_str(&windows).map_err(|e| damaged(7, e))?,
            planner: row.get(10)?,
            inspectors: Vec::new(),
            visits: row.get(14)?,
            findings: row.get(15)?,
        },
        checklist: (row.get(8)?, row.get(9)?),
        planned_by: row.get(11)?,
        inspector_names: Vec::new(),
        made: WallMs(row.get(12)?),
        since: WallMs(row.get(13)?),
    })
}

fn bound(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

pub(super) fn json<T: serde::Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))
}

/// A text of the store as what it was made of.
pub(super) fn parsed<T: std::str::FromStr>(at: usize, text: &str) -> rusqlite::Result<T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text.parse().map_err(|e| damaged(at, e))
}

pub(super) fn code<T>(row: &Row<'_>, at: usize, of: fn(&str) -> Option<T>) -> rusqlite::Result<T> {
    let text: String = row.get(at)?;
    of(&text).ok_or_else(|| damaged(at, std::io::Error::other(format!("an unknown code: {text}"))))
}

pub(super) fn damaged(at: usize, cause: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(at, Type::Text, Box::new(cause))
}
