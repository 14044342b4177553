//! Visits as they are kept, with what was found, pictures of it and orders.

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::store::{code, damaged, json, parsed};
use crate::centre::access::Who;
use crate::domain::appraisal::Period;
use crate::domain::case::Origin;
use crate::domain::id::{HallId, StaffNo, WindowId};
use crate::domain::inspection::visit::{Concern, ItemAnswer};
use crate::domain::inspection::{Gravity, InspectionKind, InspectionStage};
use crate::domain::time::WallMs;

/// Visits of one inspection.
pub const MAX_VISITS: u32 = 500;

/// A picture of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// By content.
    pub name: String,
    pub width_px: u32,
    pub height_px: u32,
}

/// What is to be kept of a visit.
#[derive(Debug, Clone)]
pub struct NewVisit<'a> {
    pub submission: &'a [u8; 16],
    /// Of all that was handed in.
    pub digest: &'a [u8; 32],
    pub service_window: &'a WindowId,
    pub at: WallMs,
    pub day: Date,
    pub staff_no: Option<&'a StaffNo>,
    pub answers: &'a [ItemAnswer],
    pub score: Option<f64>,
}

/// A visit.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// 1, 2, … within its inspection.
    pub visit: u32,
    pub service_window: WindowId,
    pub at: WallMs,
    pub day: Date,
    pub staff_no: Option<StaffNo>,
    pub answers: Vec<ItemAnswer>,
    /// 0 to 100; none: nothing with a weight applied.
    pub score: Option<f64>,
    pub made_by: String,
    pub made: WallMs,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// 1, 2, … within its inspection.
    pub finding: u32,
    pub visit: u32,
    pub text: String,
    pub gravity: Gravity,
    pub concern: Option<Concern>,
    pub pictures: Vec<Picture>,
    pub order: Option<Order>,
}

impl Found {
    /// What its order's case comes from.
    pub fn origin(&self, inspection: i64) -> Origin {
        Origin::Finding { inspection, finding: self.finding.into() }
    }
}

/// 限期整改
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub text: String,
    /// Working days from the day it was given.
    pub days: u16,
    pub due: Date,
    pub made_by: String,
    pub made: WallMs,
}

/// What a submission became: inspection, visit, digest, account.
pub type Submitted = (i64, u32, [u8; 32], i64);

/// # Errors
/// Those of the store.
pub fn of_submission(conn: &Connection, submission: &[u8; 16]) -> rusqlite::Result<Option<Submitted>> {
    let sql = "SELECT inspection, visit, digest, account FROM inspection_visit WHERE submission = ?1";
    let of_row = |r: &Row<'_>| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?));
    conn.prepare_cached(sql)?.query_row([submission], of_row).optional()
}

/// Keeps a visit; its number.
///
/// # Errors
/// Those of the store.
pub fn add(tx: &Connection, inspection: i64, new: &NewVisit<'_>, who: &Who, now: WallMs) -> rusqlite::Result<u32> {
    let sql = "SELECT coalesce(max(visit), 0) + 1 FROM inspection_visit WHERE inspection = ?1";
    let visit: u32 = tx.query_row(sql, [inspection], |r| r.get(0))?;
    tx.prepare_cached(
        "INSERT INTO inspection_visit (inspection, visit, submission, digest, service_window, at_ms, day, staff_no,
         answers, score, account, made_by, made_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?
    .execute(params![
        inspection,
        visit,
        new.submission,
        new.digest,
        new.service_window.as_str(),
        new.at.0,
        new.day.to_string(),
        new.staff_no.map(StaffNo::as_str),
        json(&new.answers)?,
        new.score,
        who.account,
        who.name,
        now.0
    ])?;
    Ok(visit)
}

/// Keeps a finding of a visit; its number.
///
/// # Errors
/// Those of the store.
pub fn add_finding(
    tx: &Connection,
    inspection: i64,
    visit: u32,
    found: (&str, Gravity, Option<&Concern>),
    pictures: &[Picture],
) -> rusqlite::Result<u32> {
    let sql = "SELECT coalesce(max(finding), 0) + 1 FROM inspection_finding WHERE inspection = ?1";
    let finding: u32 = tx.query_row(sql, [inspection], |r| r.get(0))?;
    let (text, gravity, concern) = found;
    tx.prepare_cached(
        "INSERT INTO inspection_finding (inspection, finding, visit, text, gravity, concern)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![inspection, finding, visit, text, gravity.code(), concern.map(json).transpose()?])?;
    for (place, picture) in (1_u32..).zip(pictures) {
        tx.prepare_cached(
            "INSERT INTO inspection_picture (inspection, finding, place, name, width_px, height_px)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![inspection, finding, place, picture.name, picture.width_px, picture.height_px])?;
    }
    Ok(finding)
}

/// Keeps an order.
///
/// # Errors
/// Those of the store.
pub fn add_order(tx: &Connection, inspection: i64, finding: u32, order: &Order, account: i64) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT INTO inspection_order (inspection, finding, text, days, due_day, account, made_by, made_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        inspection,
        finding,
        order.text,
        order.days,
        order.due.to_string(),
        account,
        order.made_by,
        order.made.0
    ])?;
    Ok(())
}

/// Visits of an inspection, in the order in which they came.
///
/// # Errors
/// Those of the store.
pub fn of(conn: &Connection, inspection: i64) -> rusqlite::Result<Vec<Visit>> {
    let sql = "SELECT visit, service_window, at_ms, day, staff_no, answers, score, made_by, made_ms
               FROM inspection_visit WHERE inspection = ?1 ORDER BY visit";
    conn.prepare_cached(sql)?.query_map([inspection], visit_of)?.collect()
}

fn visit_of(row: &Row<'_>) -> rusqlite::Result<Visit> {
    let answers: String = row.get(5)?;
    Ok(Visit {
        visit: row.get(0)?,
        service_window: parsed(1, &row.get::<_, String>(1)?)?,
        at: WallMs(row.get(2)?),
        day: parsed(3, &row.get::<_, String>(3)?)?,
        staff_no: row.get::<_, Option<String>>(4)?.map(|s| parsed(4, &s)).transpose()?,
        answers: serde_json::from_str(&answers).map_err(|e| damaged(5, e))?,
        score: row.get(6)?,
        made_by: row.get(7)?,
        made: WallMs(row.get(8)?),
    })
}

/// Findings of an inspection, in the order in which they came.
///
/// # Errors
/// Those of the store.
pub fn findings(conn: &Connection, inspection: i64) -> rusqlite::Result<Vec<Found>> {
    let sql = "SELECT f.finding, f.visit, f.text, f.gravity, f.concern, o.text, o.days, o.due_day, o.made_by, o.made_ms
               FROM inspection_finding AS f LEFT JOIN inspection_order AS o USING (inspection, finding)
               WHERE f.inspection = ?1 ORDER BY f.finding";
    let mut all: Vec<Found> = conn.prepare_cached(sql)?.query_map([inspection], found_of)?.collect::<Result<_, _>>()?;
    let sql = "SELECT finding, name, width_px, height_px FROM inspection_picture WHERE inspection = ?1
               ORDER BY finding, place";
    let mut statement = conn.prepare_cached(sql)?;
    let of_row =
        |r: &Row<'_>| Ok((r.get::<_, u32>(0)?, Picture { name: r.get(1)?, width_px: r.get(2)?, height_px: r.get(3)? }));
    for row in statement.query_map([inspection], of_row)? {
        let (finding, picture) = row?;
        if let Some(found) = all.iter_mut().find(|f| f.finding == finding) {
            found.pictures.push(picture);
        }
    }
    Ok(all)
}

fn found_of(row: &Row<'_>) -> rusqlite::Result<Found> {
    let concern: Option<String> = row.get(4)?;
    let order = match row.get::<_, Option<String>>(5)? {
        None => None,
        Some(text) => Some(Order {
            text,
            days: row.get(6)?,
            due: parsed(7, &row.get::<_, String>(7)?)?,
            made_by: row.get(8)?,
            made: WallMs(row.get(9)?),
        }),
    };
    Ok(Found {
        finding: row.get(0)?,
        visit: row.get(1)?,
        text: row.get(2)?,
        gravity: code(row, 3, Gravity::from_code)?,
        concern: concern.map(|c| serde_json::from_str(&c).map_err(|e| damaged(4, e))).transpose()?,
        pictures: Vec::new(),
        order,
    })
}

/// Whether any finding shows a picture.
///
/// # Errors
/// Those of the store.
pub fn shows(conn: &Connection, name: &str) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM inspection_picture WHERE name = ?1)";
    conn.prepare_cached(sql)?.query_row([name], |r| r.get(0))
}

/// Whether a finding of this inspection shows a picture.
///
/// # Errors
/// Those of the store.
pub fn shows_here(conn: &Connection, inspection: i64, name: &str) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM inspection_picture WHERE inspection = ?1 AND name = ?2)";
    conn.prepare_cached(sql)?.query_row(params![inspection, name], |r| r.get(0))
}

/// A visit as far as it counts for its window and its person.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    pub hall: HallId,
    pub service_window: WindowId,
    pub staff_no: Option<StaffNo>,
    pub score: f64,
    pub findings: u64,
    pub serious: u64,
}

/// Every visit of a period with a score whose inspection counts.
///
/// # Errors
/// Those of the store.
pub fn counted(conn: &Connection, period: Period) -> rusqlite::Result<Vec<Counted>> {
    let sql = "SELECT i.hall, v.service_window, v.staff_no, v.score, i.kind, i.stage,
                 (SELECT count(*) FROM inspection_finding AS f WHERE f.inspection = v.inspection AND f.visit = v.visit),
                 (SELECT count(*) FROM inspection_finding AS f WHERE f.inspection = v.inspection AND f.visit = v.visit
                    AND f.gravity = 'serious')
               FROM inspection_visit AS v JOIN inspection AS i ON i.id = v.inspection
               WHERE v.day BETWEEN ?1 AND ?2 AND v.score IS NOT NULL
               ORDER BY i.hall, v.service_window, v.inspection, v.visit";
    let of_row = |r: &Row<'_>| {
        let kind = code(r, 4, InspectionKind::from_code)?;
        let stage = code(r, 5, InspectionStage::from_code)?;
        let counted = Counted {
            hall: parsed(0, &r.get::<_, String>(0)?)?,
            service_window: parsed(1, &r.get::<_, String>(1)?)?,
            staff_no: r.get::<_, Option<String>>(2)?.map(|s| parsed(2, &s)).transpose()?,
            score: r.get(3)?,
            findings: r.get::<_, i64>(6)?.unsigned_abs(),
            serious: r.get::<_, i64>(7)?.unsigned_abs(),
        };
        Ok((kind, stage, counted))
    };
    let mut out = Vec::new();
    let mut statement = conn.prepare_cached(sql)?;
    for row in statement.query_map(params![period.from.to_string(), period.to.to_string()], of_row)? {
        let (kind, stage, counted) = row?;
        if stage.counts(kind) {
            out.push(counted);
        }
    }
    Ok(out)
}
