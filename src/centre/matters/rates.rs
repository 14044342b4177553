//! What is counted over pieces of business: how many were done in time and how often the first contact was kept, by hall,
//! window, person or item; what is overdue; and the marks that appraisals take from it.

use jiff::civil::Date;
use rusqlite::{Connection, ToSql, params_from_iter};

use crate::domain::appraisal::{Mark, Part, Period, Source, Subject};
use crate::domain::id::{HallId, StaffNo, WindowId};
use crate::domain::query::Rate;
use crate::domain::rating::coded;

coded! {
    /// What rates are grouped by.
    Grouping {
        Hall = "hall",
        ServiceWindow = "window",
        Staff = "staff",
        Item = "item",
    }
}

/// Rows of one answer.
const MAX_ROWS: usize = 5_000;
/// Overdue matters that are listed.
pub const MAX_OVERDUE: usize = 200;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub by: Grouping,
    pub period: Period,
    /// None: every hall.
    pub halls: Option<Vec<HallId>>,
    /// Only what this person has, for their own eyes.
    pub staff: Option<StaffNo>,
    /// Only these items; empty: all.
    pub items: Vec<String>,
    pub today: Date,
}

/// One row of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counted {
    pub hall: String,
    /// Empty: nobody was named.
    pub key: String,
    /// Whose last day lay in the period, and that were finished or are overdue.
    pub due: u64,
    pub on_time: u64,
    /// Open and past their last day.
    pub overdue: u64,
    /// First contacts of the period that are decided.
    pub contacts: u64,
    pub kept: u64,
}

impl Counted {
    pub fn on_time_rate(&self) -> Option<Rate> {
        Rate::wilson(self.on_time, self.due)
    }

    pub fn kept_rate(&self) -> Option<Rate> {
        Rate::wilson(self.kept, self.contacts)
    }

    fn add(&mut self, other: &Self) {
        self.due += other.due;
        self.on_time += other.on_time;
        self.overdue += other.overdue;
        self.contacts += other.contacts;
        self.kept += other.kept;
    }
}

/// The sum of rows.
pub fn total(rows: &[Counted]) -> Counted {
    rows.iter().fold(Counted::default(), |mut sum, row| {
        sum.add(row);
        sum
    })
}

/// A matter past its last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overdue {
    pub hall: HallId,
    pub case_no: String,
    pub item: Option<String>,
    pub service_window: Option<String>,
    pub staff_no: Option<String>,
    pub due: Date,
}

/// Rows by key.
///
/// # Errors
/// Those of the store.
pub fn count(conn: &Connection, asked: &Asked) -> rusqlite::Result<Vec<Counted>> {
    let (limit, contact) = match asked.by {
        Grouping::Hall => ("hall", "hall"),
        Grouping::ServiceWindow => ("service_window", "first_window"),
        Grouping::Staff => ("staff_no", "first_staff"),
        Grouping::Item => ("item", "item"),
    };
    let mut rows: std::collections::BTreeMap<(String, String), Counted> = std::collections::BTreeMap::new();
    let late = "ended IS NULL AND due_day < ?3";
    let sql = format!(
        "SELECT hall, coalesce({limit}, ''), count(*), sum(ended = 'finished' AND ended_day <= due_day), sum({late})
         FROM matter WHERE due_day BETWEEN ?1 AND ?2 AND (ended = 'finished' OR ({late})) {{}} GROUP BY 1, 2 LIMIT {MAX_ROWS}"
    );
    let count = |n: Option<i64>| u64::try_from(n.unwrap_or(0)).unwrap_or(0);
    read(conn, &sql, asked, "staff_no", |hall, key, n, hits, overdue| {
        let row = rows.entry((hall, key)).or_default();
        (row.due, row.on_time, row.overdue) = (count(Some(n)), count(hits), count(overdue));
    })?;
    let sql = format!(
        "SELECT hall, coalesce({contact}, ''), count(*), sum(followed_day <= first_last_day), 0
         FROM matter WHERE first_day BETWEEN ?1 AND ?2 AND (followed_day IS NOT NULL OR first_last_day < ?3) {{}}
         GROUP BY 1, 2 LIMIT {MAX_ROWS}"
    );
    read(conn, &sql, asked, "first_staff", |hall, key, n, hits, _| {
        let row = rows.entry((hall, key)).or_default();
        (row.contacts, row.kept) = (count(Some(n)), count(hits));
    })?;
    Ok(rows.into_iter().map(|((hall, key), row)| Counted { hall, key, ..row }).collect())
}

/// `sql` has a place for what narrows it; `own` is the column of the person.
fn read(
    conn: &Connection,
    sql: &str,
    asked: &Asked,
    own: &str,
    mut each: impl FnMut(String, String, i64, Option<i64>, Option<i64>),
) -> rusqlite::Result<()> {
    let (narrow, mut values) = narrowed(asked, own, 4);
    let mut all: Vec<String> =
        vec![asked.period.from.to_string(), asked.period.to.to_string(), asked.today.to_string()];
    all.append(&mut values);
    let sql = sql.replace("{}", &narrow);
    let mut statement = conn.prepare_cached(&sql)?;
    let mut found = statement.query(params_from_iter(all.iter().map(|v| v as &dyn ToSql)))?;
    while let Some(row) = found.next()? {
        each(row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
    }
    Ok(())
}

/// Conditions whose parameters begin at number `first`, and their values.
fn narrowed(asked: &Asked, own: &str, first: usize) -> (String, Vec<String>) {
    let (mut sql, mut values) = (String::new(), Vec::new());
    if let Some(halls) = &asked.halls {
        let places: Vec<_> = (0..halls.len()).map(|i| format!("?{}", i + first)).collect();
        sql.push_str(&format!(" AND hall IN ({})", places.join(", ")));
        values.extend(halls.iter().map(ToString::to_string));
    }
    if let Some(staff) = &asked.staff {
        sql.push_str(&format!(" AND {own} = ?{}", values.len() + first));
        values.push(staff.to_string());
    }
    if !asked.items.is_empty() {
        let places: Vec<_> = (0..asked.items.len()).map(|i| format!("?{}", values.len() + first + i)).collect();
        sql.push_str(&format!(" AND item IN ({})", places.join(", ")));
        values.extend(asked.items.iter().cloned());
    }
    (sql, values)
}

/// What is past its last day, the oldest first; at most [`MAX_OVERDUE`].
///
/// # Errors
/// Those of the store.
pub fn overdue(conn: &Connection, asked: &Asked) -> rusqlite::Result<Vec<Overdue>> {
    let (narrow, mut values) = narrowed(asked, "staff_no", 2);
    let sql = format!(
        "SELECT hall, case_no, item, service_window, staff_no, due_day FROM matter
         WHERE ended IS NULL AND due_day < ?1 {narrow} ORDER BY due_day, id LIMIT {MAX_OVERDUE}"
    );
    let mut all: Vec<String> = vec![asked.today.to_string()];
    all.append(&mut values);
    let mut statement = conn.prepare_cached(&sql)?;
    let wrong = |e: String| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, e.into());
    let rows = statement.query_map(params_from_iter(all.iter()), |r| {
        let (hall, due): (String, String) = (r.get(0)?, r.get(5)?);
        Ok(Overdue {
            hall: HallId::new(&hall).map_err(|e| wrong(e.to_string()))?,
            case_no: r.get(1)?,
            item: r.get(2)?,
            service_window: r.get(3)?,
            staff_no: r.get(4)?,
            due: due.parse().map_err(|_| wrong(due.clone()))?,
        })
    })?;
    rows.collect()
}

/// 限时办结 as marks of windows and people: the share done in time, and the first contacts kept beside it.
///
/// # Errors
/// Those of the store.
pub fn marks(conn: &Connection, period: Period, today: Date) -> rusqlite::Result<Vec<Mark>> {
    let mut marks = Vec::new();
    for by in [Grouping::ServiceWindow, Grouping::Staff] {
        let rows = count(conn, &Asked { by, period, halls: None, staff: None, items: Vec::new(), today })?;
        marks.extend(rows.iter().filter_map(|row| mark(row, by)));
    }
    Ok(marks)
}

fn mark(row: &Counted, by: Grouping) -> Option<Mark> {
    let rate = row.on_time_rate()?;
    let hall = HallId::new(&row.hall).ok()?;
    let subject = match by {
        Grouping::Staff => Subject::Staff { hall, staff_no: StaffNo::new(&row.key).ok()? },
        _ => Subject::ServiceWindow { hall, service_window: WindowId::new(&row.key).ok()? },
    };
    let part = |code: &str, value: f64, n| Part { code: code.to_owned(), value, n };
    let mut parts = vec![part("on_time_rate", rate.value, row.due), part("overdue", row.overdue as f64, row.overdue)];
    parts.extend(row.kept_rate().map(|kept| part("first_contact_rate", kept.value, row.contacts)));
    Some(Mark {
        subject,
        source: Source::TimeLimit,
        score: rate.value * 100.0,
        low: rate.low * 100.0,
        high: rate.high * 100.0,
        n: row.due,
        parts,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::store::take;
    use super::super::store::tests::{conn, days, event};
    use super::*;
    use crate::domain::id::CaseNo;
    use crate::domain::matter::MatterStep::{Accepted, Finished, FirstContact, HandedOver, Suspended, Withdrawn};
    use crate::domain::matter::{MatterEvent, MatterStep};
    use crate::domain::workdays::WorkingCalendar;

    fn told(all: &[(&str, &[(MatterStep, i64)])]) -> Connection {
        let (conn, calendar) = (conn(), WorkingCalendar::default());
        for (case_no, steps) in all {
            for &(step, day) in *steps {
                let window = if step == HandedOver { "W07" } else { "W01" };
                let event: MatterEvent = event(step, day, window, "0027");
                let case_no = CaseNo::new(case_no).unwrap();
                assert!(take(&conn, &HallId::new("H01").unwrap(), &case_no, &event, 1, days(&calendar)).unwrap());
            }
        }
        conn
    }

    fn asked(by: Grouping) -> Asked {
        let period = Period { from: date(2026, 11, 1), to: date(2026, 11, 30) };
        Asked { by, period, halls: None, staff: None, items: Vec::new(), today: date(2026, 12, 1) }
    }

    #[test]
    fn in_time_late_and_overdue_are_told_apart_and_what_was_taken_back_is_none_of_them() {
        // Accepted on Monday the 2nd with five working days: due on Monday the 9th.
        let conn = told(&[
            ("A", &[(FirstContact, 2), (Accepted, 2), (Finished, 9)]),
            ("B", &[(Accepted, 2), (Finished, 10)]),
            ("C", &[(FirstContact, 2), (Accepted, 9), (HandedOver, 10)]),
            ("D", &[(Accepted, 2), (Withdrawn, 20)]),
            ("E", &[(Accepted, 2), (Suspended, 3)]),
            ("F", &[(FirstContact, 3)]),
        ]);
        let rows = count(&conn, &asked(Grouping::ServiceWindow)).unwrap();
        let of = |key: &str| rows.iter().find(|r| r.key == key).unwrap().clone();
        let w01 = of("W01");
        assert_eq!((w01.due, w01.on_time, w01.overdue), (2, 1, 0));
        assert_eq!((w01.contacts, w01.kept), (3, 1), "C followed too late, F never");
        let w07 = of("W07");
        assert_eq!((w07.due, w07.on_time, w07.overdue, w07.contacts), (1, 0, 1, 0));
        assert_eq!(total(&rows).due, 3);
        let open = overdue(&conn, &asked(Grouping::Hall)).unwrap();
        assert_eq!(open.iter().map(|o| (o.case_no.as_str(), o.due)).collect::<Vec<_>>(), [("C", date(2026, 11, 16))]);
        let marks = marks(&conn, asked(Grouping::Hall).period, date(2026, 12, 1)).unwrap();
        let keys: Vec<_> = marks.iter().map(|m| (m.subject.key(), m.n, m.score)).collect();
        assert_eq!(keys[0], ("window:H01:W01".to_owned(), 2, 50.0));
        assert!(keys.iter().any(|k| k.0 == "staff:H01:0027" && k.1 == 3), "{keys:?}");
    }

    #[test]
    fn nobody_sees_beyond_their_halls_and_staff_only_themselves() {
        let conn = told(&[("A", &[(Accepted, 2), (Finished, 9)])]);
        let with = |halls: &[&str], staff: Option<&str>| {
            let halls = Some(halls.iter().map(|h| HallId::new(h).unwrap()).collect());
            let asked = Asked { halls, staff: staff.map(|s| StaffNo::new(s).unwrap()), ..asked(Grouping::Staff) };
            (count(&conn, &asked).unwrap().len(), overdue(&conn, &asked).unwrap().len())
        };
        assert_eq!(with(&["H01", "H02"], None), (1, 0));
        assert_eq!(with(&["H02"], None), (0, 0));
        assert_eq!(with(&[], None), (0, 0));
        assert_eq!(with(&["H01"], Some("0027")), (1, 0));
        assert_eq!(with(&["H01"], Some("0028")), (0, 0));
    }
}
