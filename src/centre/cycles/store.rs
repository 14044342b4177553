//! The tables: rounds as they were made.

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use crate::domain::appraisal::Period;
use crate::domain::cycle::Cycle;
use crate::domain::id::HallId;
use crate::domain::query::Rate;
use crate::domain::time::WallMs;

/// What a round found and did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Findings {
    /// Ratings of the period.
    pub n: u64,
    pub served: u64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub satisfied_rate: Option<Rate>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub negative_rate: Option<Rate>,
    /// Cases past their deadline, by number; at most 50 of `overdue_count`.
    pub overdue_cases: Vec<i64>,
    pub overdue_count: u64,
    /// Pieces of business past their last day.
    pub overdue_matters: u64,
    pub pledges_kept: u64,
    pub pledges_unkept: u64,
    /// The notice that was put onto the board.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub notice: Option<String>,
    /// Selections that were called.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub selections: Vec<i64>,
    /// What could not be done, as a code that has words.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub missing: Vec<String>,
}

/// A round that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    pub id: i64,
    pub cycle: Cycle,
    pub period: String,
    pub hall: HallId,
    pub days: Period,
    pub findings: Findings,
    pub made: WallMs,
}

/// The day from which rounds are made; `today` for a centre that has just begun.
///
/// # Errors
/// Those of the store.
pub fn began(conn: &Connection) -> rusqlite::Result<Option<Date>> {
    let day: Option<String> =
        conn.query_row("SELECT day FROM cycle_began WHERE id = 1", [], |r| r.get(0)).optional()?;
    day.map(|text| parsed(0, &text)).transpose()
}

/// # Errors
/// Those of the store.
pub fn begin(tx: &Connection, today: Date) -> rusqlite::Result<()> {
    tx.execute("INSERT OR IGNORE INTO cycle_began (id, day) VALUES (1, ?1)", [today.to_string()])?;
    Ok(())
}

/// # Errors
/// Those of the store.
pub fn is_made(conn: &Connection, cycle: Cycle, period: &str, hall: &HallId) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM cycle_round WHERE cycle = ?1 AND period = ?2 AND hall = ?3)";
    conn.prepare_cached(sql)?.query_row([cycle.code(), period, hall.as_str()], |r| r.get(0))
}

/// Keeps a round; false: it was made before.
///
/// # Errors
/// Those of the store.
pub fn keep(tx: &Connection, made: &Made) -> rusqlite::Result<bool> {
    let body = serde_json::to_string(&made.findings).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    let n = tx
        .prepare_cached(
            "INSERT OR IGNORE INTO cycle_round (cycle, period, hall, from_day, to_day, body, made_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            made.cycle.code(),
            made.period,
            made.hall.as_str(),
            made.days.from.to_string(),
            made.days.to.to_string(),
            body,
            made.made.0
        ])?;
    Ok(n == 1)
}

const COLUMNS: &str = "id, cycle, period, hall, from_day, to_day, body, made_ms";

/// The latest rounds first; at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn latest(conn: &Connection, limit: usize) -> rusqlite::Result<Vec<Made>> {
    let sql = format!("SELECT {COLUMNS} FROM cycle_round ORDER BY id DESC LIMIT {limit}");
    conn.prepare_cached(&sql)?.query_map([], made_of)?.collect()
}

/// # Errors
/// Those of the store.
pub fn one(conn: &Connection, id: i64) -> rusqlite::Result<Option<Made>> {
    let sql = format!("SELECT {COLUMNS} FROM cycle_round WHERE id = ?1");
    conn.prepare_cached(&sql)?.query_row([id], made_of).optional()
}

fn made_of(row: &Row<'_>) -> rusqlite::Result<Made> {
    let text = |at: usize| row.get::<_, String>(at);
    let cycle = text(1)?;
    Ok(Made {
        id: row.get(0)?,
        cycle: Cycle::from_code(&cycle).ok_or_else(|| wrong(1, cycle))?,
        period: text(2)?,
        hall: HallId::new(&text(3)?).map_err(|e| wrong(3, e))?,
        days: Period { from: parsed(4, &text(4)?)?, to: parsed(5, &text(5)?)? },
        findings: serde_json::from_str(&text(6)?).map_err(|e| wrong(6, e))?,
        made: WallMs(row.get(7)?),
    })
}

fn parsed(column: usize, text: &str) -> rusqlite::Result<Date> {
    text.parse::<Date>().map_err(|e| wrong(column, e))
}

fn wrong(column: usize, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, cause.into())
}
