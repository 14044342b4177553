//! What is asked of the register: lists, counts, what is overdue, what others reckon with.

use jiff::civil::Date;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use super::store::{COLUMNS, Record, record_of};
use crate::domain::appraisal::Subject;
use crate::domain::case::{Escalation, House, Light, Stage, Verdict};
use crate::domain::id::{HallId, StaffNo, WindowId};

/// Which cases; what is none does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// None: every hall.
    pub halls: Option<Vec<HallId>>,
    /// None: open and ended ones.
    pub open: Option<bool>,
    pub stage: Option<Stage>,
    pub light: Option<Light>,
    pub hall: Option<HallId>,
    pub service_window: Option<WindowId>,
    pub staff_no: Option<StaffNo>,
    /// `rating`, `finding`, `pledge`
    pub origin: Option<&'static str>,
    /// Handled by this account.
    pub handler: Option<i64>,
    /// Waits for a second person.
    pub waiting: bool,
    /// Passed up to this one or higher.
    pub escalation: Option<Escalation>,
}

/// Kinds of what opens cases.
pub const ORIGINS: [&str; 3] = ["rating", "finding", "pledge"];

/// By what deadlines are told apart.
#[derive(Debug, Clone, Copy)]
pub struct Dates {
    pub today: Date,
    /// The last deadline that is amber.
    pub amber: Date,
}

impl Dates {
    pub fn new(house: House<'_>, today: Date) -> Self {
        Self { today, amber: house.calendar.add_working_days(today, house.limits.amber_days).date }
    }
}

/// A condition with its values.
struct Where {
    sql: String,
    values: Vec<Value>,
}

impl Where {
    fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        let joint = if self.sql.is_empty() { " WHERE " } else { " AND " };
        self.sql.push_str(joint);
        self.sql.push_str(condition);
        self.values.extend(values);
    }

    fn text(&mut self, condition: &str, value: &str) {
        self.and(condition, [Value::Text(value.to_owned())]);
    }
}

fn narrowed(wanted: &Wanted, dates: Dates) -> Where {
    let mut w = Where { sql: String::new(), values: Vec::new() };
    if let Some(halls) = &wanted.halls {
        let marks = vec!["?"; halls.len()].join(",");
        w.and(&format!("hall IN ({marks})"), halls.iter().map(|h| Value::Text(h.to_string())));
    }
    if let Some(open) = wanted.open {
        w.and("is_open = ?", [Value::Integer(open.into())]);
    }
    if let Some(stage) = wanted.stage {
        w.text("stage = ?", stage.code());
    }
    let (today, amber) = (dates.today.to_string(), dates.amber.to_string());
    match wanted.light {
        None => {}
        Some(Light::Overdue) => w.text("due < ?", &today),
        Some(Light::Red) => w.text("due = ?", &today),
        Some(Light::Amber) => w.and("due > ? AND due <= ?", [Value::Text(today), Value::Text(amber)]),
        Some(Light::Calm) => w.text("(due IS NULL OR due > ?)", &amber),
    }
    if let Some(hall) = &wanted.hall {
        w.text("hall = ?", hall.as_str());
    }
    if let Some(window) = &wanted.service_window {
        w.text("service_window = ?", window.as_str());
    }
    if let Some(staff) = &wanted.staff_no {
        w.text("staff_no = ?", staff.as_str());
    }
    if let Some(origin) = wanted.origin {
        w.text("origin_kind = ?", origin);
    }
    if let Some(handler) = wanted.handler {
        w.and("handler = ?", [Value::Integer(handler)]);
    }
    if wanted.waiting {
        w.and("waiting > 0", []);
    }
    match wanted.escalation {
        None => {}
        Some(Escalation::Supervisor) => w.and("escalation IS NOT NULL", []),
        Some(Escalation::Leader) => w.text("escalation = ?", Escalation::Leader.code()),
    }
    w
}

/// Rows of the register: open ones first, the nearest deadline before the others; then the ended ones, the latest first.
///
/// # Errors
/// Those of the store.
pub fn list(
    conn: &Connection,
    wanted: &Wanted,
    dates: Dates,
    offset: u64,
    limit: u32,
) -> rusqlite::Result<Vec<Record>> {
    let mut w = narrowed(wanted, dates);
    w.values.push(Value::Integer(limit.into()));
    w.values.push(Value::Integer(i64::try_from(offset).unwrap_or(i64::MAX)));
    let sql = format!(
        "SELECT {COLUMNS} FROM case_record{} ORDER BY is_open DESC, CASE is_open WHEN 1 THEN due END, changed_ms DESC, \
         id DESC LIMIT ? OFFSET ?",
        w.sql
    );
    conn.prepare_cached(&sql)?.query_map(params_from_iter(w.values), record_of)?.collect()
}

/// How many.
///
/// # Errors
/// Those of the store.
pub fn count(conn: &Connection, wanted: &Wanted, dates: Dates) -> rusqlite::Result<u64> {
    let w = narrowed(wanted, dates);
    let sql = format!("SELECT count(*) FROM case_record{}", w.sql);
    conn.prepare_cached(&sql)?.query_row(params_from_iter(w.values), |r| Ok(counted(r.get(0)?)))
}

/// A count as the store holds it.
fn counted(n: i64) -> u64 {
    u64::try_from(n).unwrap_or_default()
}

/// How many at each stage, in the order of the stages; stages without any are left out.
///
/// # Errors
/// Those of the store.
pub fn stages(conn: &Connection, wanted: &Wanted, dates: Dates) -> rusqlite::Result<Vec<(Stage, u64)>> {
    let w = narrowed(wanted, dates);
    let sql = format!("SELECT stage, count(*) FROM case_record{} GROUP BY stage", w.sql);
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(w.values), |r| Ok((r.get::<_, String>(0)?, counted(r.get(1)?))))?;
    let found: Vec<_> = rows.collect::<Result<_, _>>()?;
    let of = |stage: &Stage| found.iter().find(|(code, _)| code == stage.code()).map(|(_, n)| (*stage, *n));
    Ok(Stage::ALL.iter().filter_map(of).collect())
}

/// How many open cases are overdue, and the first of them.
///
/// # Errors
/// Those of the store.
pub fn overdue(
    conn: &Connection,
    halls: Option<Vec<HallId>>,
    today: Date,
    limit: u32,
) -> rusqlite::Result<(u64, Vec<Record>)> {
    let wanted = Wanted { halls, open: Some(true), light: Some(Light::Overdue), ..Wanted::default() };
    let dates = Dates { today, amber: today };
    Ok((count(conn, &wanted, dates)?, list(conn, &wanted, dates, 0, limit)?))
}

/// Cases that concern one person, the latest first.
///
/// # Errors
/// Those of the store.
pub fn of_staff(
    conn: &Connection,
    halls: Option<Vec<HallId>>,
    staff_no: &StaffNo,
    today: Date,
    limit: u32,
) -> rusqlite::Result<Vec<Record>> {
    let wanted = Wanted { halls, staff_no: Some(staff_no.clone()), ..Wanted::default() };
    list(conn, &wanted, Dates { today, amber: today }, 0, limit)
}

/// Whether a serious case about a window or a person is open. One that was set aside keeps nobody from anything.
///
/// # Errors
/// Those of the store.
pub fn open_serious(conn: &Connection, subject: &Subject) -> rusqlite::Result<bool> {
    let (column, id) = match subject {
        Subject::ServiceWindow { service_window, .. } => ("service_window", service_window.as_str()),
        Subject::Staff { staff_no, .. } => ("staff_no", staff_no.as_str()),
    };
    let sql = format!(
        "SELECT EXISTS (SELECT 1 FROM case_record WHERE is_open = 1 AND serious = 1 AND hall = ?1 AND {column} = ?2
           AND (verdict IS NULL OR verdict NOT IN (?3, ?4)))"
    );
    let values = params![subject.hall().as_str(), id, Verdict::Mistaken.code(), Verdict::Malicious.code()];
    conn.prepare_cached(&sql)?.query_row(values, |r| r.get(0))
}

/// What was found out about a rating; none while nobody has, or where no case is.
///
/// # Errors
/// Those of the store.
pub fn verdict_of(conn: &Connection, ledger: i64, visit: u64) -> rusqlite::Result<Option<Verdict>> {
    let sql = "SELECT verdict FROM case_record WHERE ledger = ?1 AND visit = ?2 AND origin_kind = 'rating'";
    let visit = i64::try_from(visit).unwrap_or(i64::MAX);
    let code: Option<Option<String>> =
        conn.prepare_cached(sql)?.query_row(params![ledger, visit], |r| r.get(0)).optional()?;
    Ok(code.flatten().as_deref().and_then(Verdict::from_code))
}

/// A line of the journal of ratings that are not adopted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetAside {
    /// Its number: the mark to go on from.
    pub id: i64,
    pub ledger: i64,
    pub visit: u64,
    /// +1: set aside from now on; −1: adopted again.
    pub sign: i8,
    pub verdict: Verdict,
}

/// The journal after a mark (0: from its beginning), in its order. The rating stays in the book whatever it says: raw totals
/// count it, adopted totals leave out what was set aside and not taken back.
///
/// # Errors
/// Those of the store.
pub fn set_aside_since(conn: &Connection, mark: i64, limit: u32) -> rusqlite::Result<Vec<SetAside>> {
    let sql = "SELECT id, ledger, visit, sign, verdict FROM case_set_aside WHERE id > ?1 ORDER BY id LIMIT ?2";
    let line = |row: &rusqlite::Row<'_>| {
        let verdict = Verdict::from_code(row.get_ref(4)?.as_str()?).unwrap_or(Verdict::Mistaken);
        let visit = u64::try_from(row.get::<_, i64>(2)?).unwrap_or_default();
        Ok(SetAside { id: row.get(0)?, ledger: row.get(1)?, visit, sign: row.get(3)?, verdict })
    };
    conn.prepare_cached(sql)?.query_map(params![mark, limit], line)?.collect()
}
