//! The tables: measures and records, of which nothing is ever changed.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::centre::access::Who;
use crate::domain::appraisal::Period;
use crate::domain::fulfilment::{Measure, Occasions, Verdict};
use crate::domain::id::{HallId, PledgeId, StaffNo};
use crate::domain::time::WallMs;

/// How a pledge is measured now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    pub version: u32,
    /// None: not any more.
    pub measure: Option<Measure>,
    pub set: WallMs,
    pub set_by: String,
    pub why: String,
}

/// What a month said of a pledge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub pledge: PledgeId,
    /// `2026-11`
    pub month: String,
    pub revision: u32,
    pub pledge_version: u32,
    /// Whose pledge it was; none: the unit's.
    pub staff_no: Option<StaffNo>,
    pub measure: Measure,
    pub occasions: Occasions,
    pub verdict: Verdict,
    pub note: String,
    pub made: WallMs,
    /// Empty: the centre itself.
    pub made_by: String,
}

/// Every version of a pledge's measure, newest first; at most 50.
///
/// # Errors
/// Those of the store.
pub fn measures(conn: &Connection, hall: &HallId, pledge: &PledgeId) -> rusqlite::Result<Vec<Measured>> {
    let sql = "SELECT version, body, set_ms, set_by, why FROM pledge_measure WHERE hall = ?1 AND pledge = ?2
               ORDER BY version DESC LIMIT 50";
    conn.prepare_cached(sql)?.query_map([hall.as_str(), pledge.as_str()], measured_of)?.collect()
}

/// How a pledge is measured now.
///
/// # Errors
/// Those of the store.
pub fn measure(conn: &Connection, hall: &HallId, pledge: &PledgeId) -> rusqlite::Result<Option<Measure>> {
    let sql = "SELECT version, body, set_ms, set_by, why FROM pledge_measure WHERE hall = ?1 AND pledge = ?2
               ORDER BY version DESC LIMIT 1";
    let found = conn.prepare_cached(sql)?.query_row([hall.as_str(), pledge.as_str()], measured_of).optional()?;
    Ok(found.and_then(|m| m.measure))
}

fn measured_of(row: &Row<'_>) -> rusqlite::Result<Measured> {
    let body: Option<String> = row.get(1)?;
    Ok(Measured {
        version: row.get(0)?,
        measure: body.map(|text| parsed(1, &text)).transpose()?,
        set: WallMs(row.get(2)?),
        set_by: row.get(3)?,
        why: row.get(4)?,
    })
}

/// Sets how a pledge is measured from now on, on top of version `seen`; false: somebody was first.
///
/// # Errors
/// Those of the store.
pub fn set_measure(
    tx: &Connection,
    (hall, pledge): (&HallId, &PledgeId),
    seen: u32,
    measure: Option<&Measure>,
    who: &Who,
    why: &str,
    now: WallMs,
) -> rusqlite::Result<bool> {
    let newest = measures(tx, hall, pledge)?.first().map_or(0, |m| m.version);
    if newest != seen {
        return Ok(false);
    }
    let body = measure.map(written).transpose()?;
    tx.prepare_cached(
        "INSERT INTO pledge_measure (hall, pledge, version, body, set_ms, set_by, account, why)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![hall.as_str(), pledge.as_str(), newest + 1, body, now.0, who.name, who.account, why])?;
    Ok(true)
}

/// Adds a record; its revision is set here.
///
/// # Errors
/// Those of the store.
pub fn add(tx: &Connection, hall: &HallId, record: &Record) -> rusqlite::Result<u32> {
    let sql = "SELECT coalesce(max(revision), 0) FROM fulfilment_record WHERE hall = ?1 AND pledge = ?2 AND month = ?3";
    let key = params![hall.as_str(), record.pledge.as_str(), record.month];
    let last: u32 = tx.prepare_cached(sql)?.query_row(key, |r| r.get(0))?;
    tx.prepare_cached(
        "INSERT INTO fulfilment_record (hall, pledge, month, revision, pledge_version, staff_no, measure, kept, occasions,
           verdict, note, made_ms, made_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?
    .execute(params![
        hall.as_str(),
        record.pledge.as_str(),
        record.month,
        last + 1,
        record.pledge_version,
        record.staff_no.as_ref().map(|s| s.as_str()),
        written(&record.measure)?,
        record.occasions.kept.cast_signed(),
        record.occasions.of.cast_signed(),
        record.verdict.code(),
        record.note,
        record.made.0,
        record.made_by
    ])?;
    Ok(last + 1)
}

/// The latest revision of each pledge's record, from one month to another, both included; by pledge and month.
///
/// # Errors
/// Those of the store.
pub fn records(conn: &Connection, hall: &HallId, from: &str, to: &str) -> rusqlite::Result<Vec<Record>> {
    let sql = "SELECT pledge, month, revision, pledge_version, staff_no, measure, kept, occasions, verdict, note, made_ms, made_by
               FROM fulfilment_record r WHERE hall = ?1 AND month BETWEEN ?2 AND ?3 AND revision =
                 (SELECT max(revision) FROM fulfilment_record l
                  WHERE l.hall = r.hall AND l.pledge = r.pledge AND l.month = r.month)
               ORDER BY pledge, month LIMIT 20000";
    conn.prepare_cached(sql)?.query_map([hall.as_str(), from, to], record_of)?.collect()
}

/// Records of the months within days: so many said kept, so many not kept.
///
/// # Errors
/// Those of the store.
pub fn counted(conn: &Connection, hall: &HallId, days: Period) -> rusqlite::Result<(u64, u64)> {
    let month = |day: jiff::civil::Date| day.strftime("%Y-%m").to_string();
    let all = records(conn, hall, &month(days.from), &month(days.to))?;
    let of = |verdict| all.iter().filter(|r| r.verdict == verdict).count() as u64;
    Ok((of(Verdict::Kept), of(Verdict::Unkept)))
}

/// Halls with any record.
///
/// # Errors
/// Those of the store.
pub fn halls(conn: &Connection) -> rusqlite::Result<Vec<HallId>> {
    let mut statement = conn.prepare_cached("SELECT DISTINCT hall FROM fulfilment_record ORDER BY hall")?;
    let ids = statement.query_map([], |r| r.get::<_, String>(0))?;
    ids.map(|id| HallId::new(&id?).map_err(|e| wrong(0, e))).collect()
}

fn record_of(row: &Row<'_>) -> rusqlite::Result<Record> {
    let (pledge, staff): (String, Option<String>) = (row.get(0)?, row.get(4)?);
    let (measure, verdict): (String, String) = (row.get(5)?, row.get(8)?);
    Ok(Record {
        pledge: PledgeId::new(&pledge).map_err(|e| wrong(0, e))?,
        month: row.get(1)?,
        revision: row.get(2)?,
        pledge_version: row.get(3)?,
        staff_no: staff.map(|no| StaffNo::new(&no)).transpose().map_err(|e| wrong(4, e))?,
        measure: parsed(5, &measure)?,
        occasions: Occasions { kept: row.get::<_, i64>(6)?.cast_unsigned(), of: row.get::<_, i64>(7)?.cast_unsigned() },
        verdict: Verdict::from_code(&verdict).ok_or_else(|| wrong(8, verdict))?,
        note: row.get(9)?,
        made: WallMs(row.get(10)?),
        made_by: row.get(11)?,
    })
}

fn written(measure: &Measure) -> rusqlite::Result<String> {
    serde_json::to_string(measure).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))
}

fn parsed(column: usize, text: &str) -> rusqlite::Result<Measure> {
    serde_json::from_str(text).map_err(|e| wrong(column, e))
}

fn wrong(column: usize, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, cause.into())
}
