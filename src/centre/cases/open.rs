//! How a case comes into the register: once for each origin.

use rusqlite::{Connection, OptionalExtension, params};

use super::store;
use crate::domain::case::{Action, Actor, Case, Origin, SUMMARY_CHARS, Stage};
use crate::domain::id::{HallId, StaffNo, WindowId};
use crate::domain::text::is_forbidden;
use crate::domain::time::WallMs;

/// What a case is opened with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    pub hall: HallId,
    pub origin: Origin,
    pub service_window: Option<WindowId>,
    /// The staff concerned, who may appeal.
    pub staff_no: Option<StaffNo>,
    /// One line that an official reads; nothing personal. Cut at [`SUMMARY_CHARS`].
    pub summary: String,
    /// A serious case keeps whom it concerns from being elected while it is open.
    pub serious: bool,
}

/// Opens a case; its number, or none when this origin has opened one before. The first deadline follows within seconds, from
/// the calendar ([`mod@super::mind`]), and at the latest with the first act.
///
/// # Errors
/// Those of the store.
pub fn open(tx: &Connection, opening: &Opening, now: WallMs) -> rusqlite::Result<Option<i64>> {
    open_as(tx, opening, false, now)
}

/// The same for what the demonstration made.
pub(super) fn open_as(tx: &Connection, opening: &Opening, sample: bool, now: WallMs) -> rusqlite::Result<Option<i64>> {
    let (ledger, visit) = match &opening.origin {
        Origin::NegativeRating { ledger, visit } => (Some(*ledger), i64::try_from(*visit).ok()),
        _ => (None, None),
    };
    let one_line = opening.summary.chars().map(|c| if is_forbidden(c) { ' ' } else { c });
    let summary: String = one_line.take(SUMMARY_CHARS).collect();
    let origin =
        serde_json::to_string(&opening.origin).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    let added = tx
        .prepare_cached(
            "INSERT INTO case_record (hall, origin_key, origin_kind, origin, ledger, visit, service_window, staff_no,
               summary, serious, sample, opened_ms, stage, is_open, late_steps, waiting, events, changed_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 1, 0, 0, 0, ?12)
             ON CONFLICT (hall, origin_key) DO NOTHING",
        )?
        .execute(params![
            opening.hall.as_str(),
            opening.origin.key(),
            opening.origin.code(),
            origin,
            ledger,
            visit,
            opening.service_window.as_ref().map(WindowId::as_str),
            opening.staff_no.as_ref().map(StaffNo::as_str),
            summary,
            opening.serious,
            sample,
            now.0,
            Stage::Received.code(),
        ])?;
    Ok((added == 1).then(|| tx.last_insert_rowid()))
}

/// The case that an origin opened.
///
/// # Errors
/// Those of the store.
pub fn of_origin(conn: &Connection, hall: &HallId, origin: &Origin) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT id FROM case_record WHERE hall = ?1 AND origin_key = ?2";
    conn.prepare_cached(sql)?.query_row([hall.as_str(), &origin.key()], |r| r.get(0)).optional()
}

/// Sets the first deadline of a case that has just come in.
pub(super) fn date(case: &Case, desk: &store::Desk<'_>, id: i64) -> Result<Case, store::CaseFault> {
    let (after, event) = case.apply(Action::Date, Actor::System, desk.house(), desk.at)?;
    store::append(desk.tx, id, case, &after, &event)?;
    Ok(after)
}
