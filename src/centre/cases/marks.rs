//! 整改 as a source of appraisals: of the cases that were due in a period, how many were put right in time.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rusqlite::{Connection, params};

use crate::domain::appraisal::{Mark, Part, Period, Source, Subject};
use crate::domain::case::Verdict;
use crate::domain::id::{HallId, StaffNo, WindowId};
use crate::domain::query::Rate;
use crate::domain::time::WallMs;

#[derive(Debug, Default, Clone, Copy)]
struct Sum {
    all: u64,
    in_time: u64,
    /// Open, and a deadline was missed.
    overdue: u64,
}

/// What rectification says of windows and people: cases that ended in the period, and those that are open and whose deadline
/// fell into it and has passed. In time is what ended without having missed a deadline. Withdrawn cases and those whose
/// rating was set aside say nothing about anybody.
///
/// # Errors
/// Those of the store.
pub fn marks(conn: &Connection, period: Period, today: Date) -> rusqlite::Result<Vec<Mark>> {
    let sql = "SELECT hall, service_window, staff_no, is_open, late_steps FROM case_record
               WHERE stage <> 'withdrawn' AND (verdict IS NULL OR verdict NOT IN (?4, ?5))
                 AND ((is_open = 0 AND closed_day BETWEEN ?1 AND ?2)
                   OR (is_open = 1 AND due BETWEEN ?1 AND ?2 AND due < ?3))";
    let days = (period.from.to_string(), period.to.to_string(), today.to_string());
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows =
        statement.query(params![days.0, days.1, days.2, Verdict::Mistaken.code(), Verdict::Malicious.code()])?;
    let mut sums: BTreeMap<Subject, Sum> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let Ok(hall) = HallId::new(row.get_ref(0)?.as_str()?) else { continue };
        let window = row.get_ref(1)?.as_str_or_null()?.and_then(|w| WindowId::new(w).ok());
        let staff = row.get_ref(2)?.as_str_or_null()?.and_then(|s| StaffNo::new(s).ok());
        let (is_open, late_steps): (bool, u32) = (row.get(3)?, row.get(4)?);
        let window = window.map(|service_window| Subject::ServiceWindow { hall: hall.clone(), service_window });
        let staff = staff.map(|staff_no| Subject::Staff { hall: hall.clone(), staff_no });
        for subject in window.into_iter().chain(staff) {
            let sum = sums.entry(subject).or_default();
            sum.all += 1;
            sum.in_time += u64::from(!is_open && late_steps == 0);
            sum.overdue += u64::from(is_open);
        }
    }
    Ok(sums.into_iter().filter_map(|(subject, sum)| mark(subject, sum)).collect())
}

/// Ratings between two moments (the later one not included) whose case found them justified, by window and person.
///
/// # Errors
/// Those of the store.
pub fn justified(conn: &Connection, from: WallMs, until: WallMs) -> rusqlite::Result<BTreeMap<Subject, u64>> {
    let sql = "SELECT hall, service_window, staff_no FROM case_record
               WHERE origin_kind = 'rating' AND verdict = ?3 AND opened_ms >= ?1 AND opened_ms < ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![from.0, until.0, Verdict::Justified.code()])?;
    let mut out: BTreeMap<Subject, u64> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let Ok(hall) = HallId::new(row.get_ref(0)?.as_str()?) else { continue };
        let window = row.get_ref(1)?.as_str_or_null()?.and_then(|w| WindowId::new(w).ok());
        let staff = row.get_ref(2)?.as_str_or_null()?.and_then(|s| StaffNo::new(s).ok());
        let window = window.map(|service_window| Subject::ServiceWindow { hall: hall.clone(), service_window });
        let staff = staff.map(|staff_no| Subject::Staff { hall: hall.clone(), staff_no });
        for subject in window.into_iter().chain(staff) {
            *out.entry(subject).or_default() += 1;
        }
    }
    Ok(out)
}

fn mark(subject: Subject, sum: Sum) -> Option<Mark> {
    let rate = Rate::wilson(sum.in_time, sum.all)?;
    let part = |code: &str, value: u64| Part { code: code.to_owned(), value: value as f64, n: sum.all };
    Some(Mark {
        subject,
        source: Source::Rectification,
        score: rate.value * 100.0,
        low: rate.low * 100.0,
        high: rate.high * 100.0,
        n: sum.all,
        parts: vec![
            part("in_time", sum.in_time),
            part("late", sum.all - sum.in_time - sum.overdue),
            part("overdue", sum.overdue),
        ],
    })
}
