//! Cases in the store: the log, and beside it what is searched by.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::open;
use super::rules::CaseRules;
use crate::centre::access::Who;
use crate::centre::rules;
use crate::centre::statistics::aside;
use crate::domain::case::{About, Action, Actor, At, Case, Event, House, Limits, Origin, Refused, Stage, Verdict};
use crate::domain::id::{HallId, InvalidId, StaffNo, WindowId};
use crate::domain::time::WallMs;
use crate::domain::workdays::WorkingCalendar;

/// Why a case was not moved on; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum CaseFault {
    #[error("there is no such case")]
    NotFound,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("a case is handed to an account that may work on cases of its hall")]
    Assignee,
    #[error("the case holds as much evidence as it may")]
    EvidenceFull,
    #[error("the tables of cases: {0}")]
    Store(#[from] rusqlite::Error),
}

/// One row of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub id: i64,
    pub about: About,
    /// One line: what it is about.
    pub summary: String,
    pub sample: bool,
    pub opened: WallMs,
    pub stage: Stage,
    pub verdict: Option<Verdict>,
    pub due: Option<jiff::civil::Date>,
    /// Account.
    pub handler: Option<i64>,
    pub escalation: Option<crate::domain::case::Escalation>,
    pub late_steps: u32,
    /// How much waits for a second person.
    pub waiting: u32,
    pub closed_day: Option<jiff::civil::Date>,
    pub changed: WallMs,
}

/// Within one transaction of the writer: what is needed to judge.
pub struct Desk<'a> {
    pub tx: &'a Connection,
    pub at: At,
    pub calendar: &'a WorkingCalendar,
    limits: Limits,
}

impl<'a> Desk<'a> {
    /// With the limits that hold now.
    ///
    /// # Errors
    /// Those of the store.
    pub fn new(tx: &'a Connection, calendar: &'a WorkingCalendar, at: At) -> rusqlite::Result<Self> {
        let limits = rules::current::<CaseRules>(tx)?.limits;
        Ok(Self { tx, at, calendar, limits })
    }

    pub fn house(&self) -> House<'_> {
        House { limits: &self.limits, calendar: self.calendar }
    }
}

/// Somebody as an actor.
pub fn actor(who: &Who) -> Actor {
    let Who { account, name, role, staff_no, .. } = who.clone();
    Actor::Person { account, name, role, staff_no }
}

pub(super) const COLUMNS: &str = "id, hall, origin, service_window, staff_no, summary, serious, sample, opened_ms, stage, \
                                  verdict, due, handler, escalation, late_steps, waiting, closed_day, changed_ms";

pub(super) fn record_of(row: &Row<'_>) -> rusqlite::Result<Record> {
    let about = About {
        hall: id_of(row, 1, HallId::new)?,
        origin: json_of::<Origin>(row, 2)?,
        service_window: maybe(row, 3, WindowId::new)?,
        staff_no: maybe(row, 4, StaffNo::new)?,
        serious: row.get(6)?,
    };
    Ok(Record {
        id: row.get(0)?,
        about,
        summary: row.get(5)?,
        sample: row.get(7)?,
        opened: WallMs(row.get(8)?),
        stage: code_of(row, 9, Stage::from_code)?.unwrap_or(Stage::Received),
        verdict: code_of(row, 10, Verdict::from_code)?,
        due: day_of(row, 11)?,
        handler: row.get(12)?,
        escalation: code_of(row, 13, crate::domain::case::Escalation::from_code)?,
        late_steps: row.get(14)?,
        waiting: row.get(15)?,
        closed_day: day_of(row, 16)?,
        changed: WallMs(row.get(17)?),
    })
}

fn foreign(column: usize, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, cause.into())
}

fn id_of<T>(row: &Row<'_>, at: usize, new: fn(&str) -> Result<T, InvalidId>) -> rusqlite::Result<T> {
    new(row.get_ref(at)?.as_str()?).map_err(|e| foreign(at, e))
}

fn maybe<T>(row: &Row<'_>, at: usize, new: fn(&str) -> Result<T, InvalidId>) -> rusqlite::Result<Option<T>> {
    row.get_ref(at)?.as_str_or_null()?.map(new).transpose().map_err(|e| foreign(at, e))
}

fn code_of<T>(row: &Row<'_>, at: usize, of: fn(&str) -> Option<T>) -> rusqlite::Result<Option<T>> {
    let Some(code) = row.get_ref(at)?.as_str_or_null()? else { return Ok(None) };
    of(code).map(Some).ok_or_else(|| foreign(at, format!("unknown code {code}")))
}

fn day_of(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<jiff::civil::Date>> {
    let Some(day) = row.get_ref(at)?.as_str_or_null()? else { return Ok(None) };
    day.parse().map(Some).map_err(|e: jiff::Error| foreign(at, e))
}

fn json_of<T: serde::de::DeserializeOwned>(row: &Row<'_>, at: usize) -> rusqlite::Result<T> {
    serde_json::from_str(row.get_ref(at)?.as_str()?).map_err(|e| foreign(at, e))
}

/// One row.
///
/// # Errors
/// Those of the store.
pub fn one(conn: &Connection, id: i64) -> rusqlite::Result<Option<Record>> {
    let sql = format!("SELECT {COLUMNS} FROM case_record WHERE id = ?1");
    conn.prepare_cached(&sql)?.query_row([id], record_of).optional()
}

/// The log of a case, in its order.
///
/// # Errors
/// Those of the store.
pub fn log(conn: &Connection, id: i64) -> rusqlite::Result<Vec<Event>> {
    let sql = "SELECT body FROM case_event WHERE case_id = ?1 ORDER BY seq";
    conn.prepare_cached(sql)?.query_map([id], |r| json_of(r, 0))?.collect()
}

/// The case that a negative rating opened.
///
/// # Errors
/// Those of the store.
pub fn of_visit(conn: &Connection, ledger: i64, visit: u64) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT id FROM case_record WHERE ledger = ?1 AND visit = ?2 AND origin_kind = 'rating'";
    let visit = i64::try_from(visit).unwrap_or(i64::MAX);
    conn.prepare_cached(sql)?.query_row(params![ledger, visit], |r| r.get(0)).optional()
}

/// A case as its log makes it, with its row.
///
/// # Errors
/// Those of the store.
pub fn whole(conn: &Connection, id: i64) -> rusqlite::Result<Option<(Record, Case, Vec<Event>)>> {
    let Some(record) = one(conn, id)? else { return Ok(None) };
    let log = log(conn, id)?;
    let case = Case::replayed(record.about.clone(), &log);
    Ok(Some((record, case, log)))
}

/// Lets the machine judge an action, and appends what happened.
///
/// # Errors
/// [`CaseFault`]; nothing was written when the machine refused.
pub fn advance(desk: &Desk<'_>, id: i64, action: Action, actor: Actor) -> Result<Case, CaseFault> {
    let (_, mut case, _) = whole(desk.tx, id)?.ok_or(CaseFault::NotFound)?;
    if case.stage.is_open() && case.due.is_none() && action != Action::Date {
        // Judged against the deadline that the case gets now; a refusal leaves that to the chore.
        let (dated, _) = case.apply(Action::Date, Actor::System, desk.house(), desk.at)?;
        dated.judge(&action, &actor, desk.house(), desk.at)?;
        case = open::date(&case, desk, id)?;
    }
    let (after, event) = case.apply(action, actor, desk.house(), desk.at)?;
    append(desk.tx, id, &case, &after, &event)?;
    Ok(after)
}

/// Appends an event and brings the row beside it up to date.
pub(super) fn append(tx: &Connection, id: i64, before: &Case, after: &Case, event: &Event) -> rusqlite::Result<()> {
    let body = serde_json::to_string(event).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    tx.prepare_cached("INSERT INTO case_event (case_id, seq, body) VALUES (?1, ?2, ?3)")?.execute(params![
        id,
        after.events,
        body
    ])?;
    let appealed = after.appeal.is_some_and(|a| a.granted.is_none());
    let waiting = u32::try_from(after.proposals.len()).unwrap_or(u32::MAX).saturating_add(u32::from(appealed));
    tx.prepare_cached(
        "UPDATE case_record SET stage = ?2, is_open = ?3, verdict = ?4, due = ?5, handler = ?6, escalation = ?7,
           late_steps = ?8, waiting = ?9, accountability = ?10, closed_day = ?11, events = ?12, changed_ms = ?13
         WHERE id = ?1",
    )?
    .execute(params![
        id,
        after.stage.code(),
        after.stage.is_open(),
        after.verdict.map(Verdict::code),
        after.due.map(|d| d.to_string()),
        after.handler.as_ref().map(|h| h.account),
        after.escalation.map(|e| e.code()),
        after.late_steps,
        waiting,
        after.accountability.map(|g| g.code()),
        after.closed_day.map(|d| d.to_string()),
        after.events,
        event.at.0,
    ])?;
    note_set_aside(tx, id, before, after, event)
}

/// What the adopted totals go by.
fn note_set_aside(tx: &Connection, id: i64, before: &Case, after: &Case, event: &Event) -> rusqlite::Result<()> {
    let Origin::NegativeRating { ledger, visit } = after.about.origin else { return Ok(()) };
    let aside = |case: &Case| case.verdict.filter(|v| v.is_set_aside());
    let (was, is) = (aside(before), aside(after));
    if was.is_some() == is.is_some() {
        return Ok(());
    }
    let Some(verdict) = is.or(was) else { return Ok(()) };
    let sign = if is.is_some() { 1 } else { -1 };
    if is.is_some() {
        aside::set_aside(tx, ledger, visit)?;
    } else {
        aside::adopt(tx, ledger, visit)?;
    }
    let visit = i64::try_from(visit).unwrap_or(i64::MAX);
    tx.prepare_cached(
        "INSERT INTO case_set_aside (case_id, ledger, visit, sign, verdict, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![id, ledger, visit, sign, verdict.code(), event.at.0])?;
    Ok(())
}
