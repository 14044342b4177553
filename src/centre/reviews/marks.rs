//! What leaders and colleagues say, as marks.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::{leader, peer};
use crate::domain::appraisal::{Mark, Part, Period, Source, Subject};
use crate::domain::id::HallId;
use crate::domain::spread::Spread;

/// 领导点评: the mean of all reviews whose period lies within `period` and that were not taken back. Personal pledges count
/// for their person. Part `review`: each score, 0 to 100.
///
/// # Errors
/// Those of the store.
pub fn leader(conn: &Connection, halls: &[HallId], period: Period) -> rusqlite::Result<Vec<Mark>> {
    let mut scores: BTreeMap<Subject, Vec<f64>> = BTreeMap::new();
    for hall in halls {
        for (subject, of, points) in leader::counting(conn, hall)? {
            let days = of.days();
            if period.holds(days.from) && period.holds(days.to) {
                scores.entry(subject).or_default().push(points);
            }
        }
    }
    let spread = Spread::pooled(scores.values().map(Vec::as_slice));
    let mark = |(subject, scores): (Subject, Vec<f64>)| {
        let estimate = spread.estimate(&scores)?;
        let parts = scores.iter().map(|&value| Part { code: "review".to_owned(), value, n: 1 }).collect();
        Some(Mark {
            subject,
            source: Source::LeaderReview,
            score: estimate.value,
            low: estimate.low,
            high: estimate.high,
            n: scores.len() as u64,
            parts,
        })
    };
    Ok(scores.into_iter().filter_map(mark).collect())
}

/// 党员互评: what rounds said that ended within `period`; of several rounds the latest. Groups that are too small have no
/// mark. Part `criterion`: the mean of each criterion, in the round's order.
///
/// # Errors
/// Those of the store.
pub fn peer(
    conn: &Connection,
    halls: &[HallId],
    period: Period,
    today: jiff::civil::Date,
) -> rusqlite::Result<Vec<Mark>> {
    let mut marks: BTreeMap<Subject, Mark> = BTreeMap::new();
    for round in peer::closed(conn, halls, today)? {
        if !period.holds(round.voting.ended()) {
            continue;
        }
        for (person, outcome) in peer::outcomes(conn, &round)? {
            let Some(outcome) = outcome else { continue };
            let subject = Subject::Staff { hall: round.hall.clone(), staff_no: person.staff_no };
            let part = |&value: &f64| Part { code: "criterion".to_owned(), value, n: outcome.n };
            let mark = Mark {
                subject: subject.clone(),
                source: Source::PeerReview,
                score: outcome.all.value,
                low: outcome.all.low,
                high: outcome.all.high,
                n: outcome.n,
                parts: outcome.criteria.iter().map(part).collect(),
            };
            // In the order in which they ended.
            marks.insert(subject, mark);
        }
    }
    Ok(marks.into_values().collect())
}
