//! What inspections say of windows and people, for 三比 and 评选表彰.
//!
//! The score of a subject is the mean of its visits' scores. How far it can be trusted follows from how many visits there
//! were and how much visits to the same subject differ; of subjects alone in their period that difference is not known, and
//! is taken to be [`UNKNOWN_SPREAD`].

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::visits::{self, Counted};
use crate::domain::appraisal::{Mark, Part, Period, Source, Subject};

/// Points by which visits to one window are taken to differ while nothing is known of it.
const UNKNOWN_SPREAD: f64 = 20.0;
const Z95: f64 = 1.959_963_984_540_054;

/// Marks of every window and person that was visited in the period, of inspections that are handed in and that the inspected
/// may see; those of undercover ones once they are released.
///
/// # Errors
/// Those of the store.
pub fn marks(conn: &Connection, period: Period) -> rusqlite::Result<Vec<Mark>> {
    Ok(of(&visits::counted(conn, period)?))
}

fn of(visits: &[Counted]) -> Vec<Mark> {
    let mut subjects: BTreeMap<Subject, Vec<&Counted>> = BTreeMap::new();
    for visit in visits {
        let (hall, service_window) = (visit.hall.clone(), visit.service_window.clone());
        subjects.entry(Subject::ServiceWindow { hall, service_window }).or_default().push(visit);
        if let Some(staff_no) = visit.staff_no.clone() {
            subjects.entry(Subject::Staff { hall: visit.hall.clone(), staff_no }).or_default().push(visit);
        }
    }
    let spread = spread(subjects.iter().filter(|(s, _)| matches!(s, Subject::ServiceWindow { .. })).map(|(_, v)| v));
    subjects.into_iter().map(|(subject, visits)| mark(subject, &visits, spread)).collect()
}

/// The standard deviation of visits around their window's mean, over all windows that were visited more than once.
fn spread<'a>(windows: impl Iterator<Item = &'a Vec<&'a Counted>>) -> f64 {
    let (mut squares, mut free) = (0.0, 0_u32);
    for visits in windows {
        let mean = mean(visits);
        squares += visits.iter().map(|v| (v.score - mean).powi(2)).sum::<f64>();
        free += u32::try_from(visits.len().saturating_sub(1)).unwrap_or(0);
    }
    // What is taken for granted weighs as much as four visits more: a pair that agrees by chance makes nobody certain.
    const PRIOR: f64 = 4.0;
    ((squares + PRIOR * UNKNOWN_SPREAD.powi(2)) / (f64::from(free) + PRIOR)).sqrt()
}

fn mean(visits: &[&Counted]) -> f64 {
    visits.iter().map(|v| v.score).sum::<f64>() / visits.len().max(1) as f64
}

fn mark(subject: Subject, visits: &[&Counted], spread: f64) -> Mark {
    let (score, n) = (mean(visits), visits.len() as u64);
    let half = Z95 * spread / (n as f64).sqrt();
    let part = |code: &str, value: f64| Part { code: code.to_owned(), value, n };
    let sum = |of: fn(&Counted) -> u64| visits.iter().map(|v| of(v)).sum::<u64>() as f64;
    Mark {
        subject,
        source: Source::Inspection,
        score,
        low: (score - half).max(0.0),
        high: (score + half).min(100.0),
        n,
        parts: vec![
            part("checklist_score", score),
            part("findings", sum(|v| v.findings)),
            part("serious_findings", sum(|v| v.serious)),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{HallId, StaffNo, WindowId};

    fn visit(window: &str, staff: Option<&str>, score: f64, findings: u64) -> Counted {
        Counted {
            hall: HallId::new("H01").unwrap(),
            service_window: WindowId::new(window).unwrap(),
            staff_no: staff.map(|s| StaffNo::new(s).unwrap()),
            score,
            findings,
            serious: findings / 2,
        }
    }

    #[test]
    fn more_visits_say_more_and_every_mark_says_of_how_many() {
        let mut all =
            vec![visit("W01", Some("0027"), 80.0, 2), visit("W01", None, 90.0, 0), visit("W02", None, 60.0, 1)];
        let marks = of(&all);
        let keys: Vec<_> = marks.iter().map(|m| (m.subject.key(), m.n)).collect();
        assert_eq!(
            keys,
            [("window:H01:W01".to_owned(), 2), ("window:H01:W02".to_owned(), 1), ("staff:H01:0027".to_owned(), 1)]
        );
        assert_eq!((marks[0].score, marks[0].parts[1].value, marks[0].parts[2].value), (85.0, 2.0, 1.0));
        assert!(marks.iter().all(|m| 0.0 <= m.low && m.low < m.score && m.score < m.high && m.high <= 100.0));
        let width = |m: &Mark| m.high - m.low;
        all.extend((0..30).map(|_| visit("W02", None, 60.0, 0)));
        let later = of(&all);
        assert!(width(&later[1]) < width(&marks[1]) / 4.0, "{:?}", later[1]);
        assert_eq!(of(&[]), []);
    }
}
