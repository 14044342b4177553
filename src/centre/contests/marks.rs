//! What published events say of people: scores as marks, and who attended training days.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::store::{self, Contest};
use crate::domain::appraisal::{Mark, Part, Period, Source, Subject};
use crate::domain::contest::{ContestKind, percent};
use crate::domain::id::HallId;
use crate::domain::spread::Spread;

/// 比技能: the mean of everybody's scores in published events of the period, each out of 100. Part `event`: each of them.
///
/// # Errors
/// Those of the store.
pub fn marks(conn: &Connection, halls: &[HallId], period: Period) -> rusqlite::Result<Vec<Mark>> {
    let mut scores: BTreeMap<Subject, Vec<f64>> = BTreeMap::new();
    for contest in held(conn, period)? {
        for part in store::parts(conn, contest.id)?.into_iter().filter(|p| halls.contains(&p.hall)) {
            if let Some(total) = part.entry.total() {
                let subject = Subject::Staff { hall: part.hall, staff_no: part.staff_no };
                scores.entry(subject).or_default().push(percent(total, &contest.criteria));
            }
        }
    }
    let spread = Spread::pooled(scores.values().map(Vec::as_slice));
    let mark = |(subject, scores): (Subject, Vec<f64>)| {
        let estimate = spread.estimate(&scores)?;
        Some(Mark {
            subject,
            source: Source::SkillContest,
            score: estimate.value,
            low: estimate.low,
            high: estimate.high,
            n: scores.len() as u64,
            parts: scores.iter().map(|&value| Part { code: "event".to_owned(), value, n: 1 }).collect(),
        })
    };
    Ok(scores.into_iter().filter_map(mark).collect())
}

/// 岗位练兵: for everybody who was expected on training days of the period, on how many they were there, and of how many.
///
/// # Errors
/// Those of the store.
pub fn attendance(
    conn: &Connection,
    halls: &[HallId],
    period: Period,
) -> rusqlite::Result<BTreeMap<Subject, (u64, u64)>> {
    let mut out: BTreeMap<Subject, (u64, u64)> = BTreeMap::new();
    for contest in held(conn, period)?.into_iter().filter(|c| c.kind == ContestKind::Training) {
        for part in store::parts(conn, contest.id)?.into_iter().filter(|p| halls.contains(&p.hall)) {
            let (there, of) = out.entry(Subject::Staff { hall: part.hall, staff_no: part.staff_no }).or_default();
            *there += u64::from(part.entry.attended);
            *of += 1;
        }
    }
    Ok(out)
}

fn held(conn: &Connection, period: Period) -> rusqlite::Result<Vec<Contest>> {
    Ok(store::all(conn)?.into_iter().filter(|c| c.published.is_some() && period.holds(c.day)).collect())
}
