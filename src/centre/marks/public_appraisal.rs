//! 群众评议: the satisfied rate of each window and person, drawn towards the hall's.

use super::{Ground, MarkFault};
use crate::centre::statistics::{Scope, Snapshot};
use crate::domain::appraisal::{Mark, Part, Period, Source, Subject};
use crate::domain::id::{HallId, StaffNo, WindowId};
use crate::domain::query::{Answer, Dimension, LevelCounts, Order, Query, Row};
use crate::domain::shrink::Prior;

/// Marks of every window and person who was rated.
///
/// What a second person agreed to be mistaken or malicious speaks neither for nor against anybody.
///
/// Parts: `satisfied_rate` and `negative_rate` of adopted ratings (0 to 100), `served`, `hall_rate` (towards which the score
/// is drawn) and `prior` (as how many ratings the hall weighs).
///
/// # Errors
/// [`MarkFault`]
pub fn marks(snapshot: &Snapshot<'_>, ground: &Ground, period: Period) -> Result<Vec<Mark>, MarkFault> {
    let mut marks = Vec::new();
    for hall in &ground.halls {
        for by in [Dimension::ServiceWindow, Dimension::Staff] {
            let answer = asked(snapshot, ground, period, hall, by, Vec::new())?;
            marks.extend(of_answer(&answer, |key| subject(hall, by, key)));
        }
    }
    Ok(marks)
}

/// One hall's ratings by window or person; `reasons`: only those that name one of them.
///
/// # Errors
/// [`MarkFault`]
pub fn asked(
    snapshot: &Snapshot<'_>,
    ground: &Ground,
    period: Period,
    hall: &HallId,
    by: Dimension,
    reasons: Vec<String>,
) -> Result<Answer, MarkFault> {
    let filters = match reasons.is_empty() {
        true => Vec::new(),
        false => vec![crate::domain::query::Filter { dimension: Dimension::Reason, values: reasons }],
    };
    let query = Query {
        by: Some(by),
        from: period.from,
        to: period.to,
        filters,
        order: Order::Key,
        min_n: 0,
        unflagged_only: false,
    };
    let halls = Some(vec![hall.clone()]);
    let scope = Scope { halls, min_group: ground.min_group, ..Scope::default() };
    Ok(snapshot.ask(&query, &scope, &ground.labels)?)
}

/// Whom a row is about; none for what has no window or person.
pub fn subject(hall: &HallId, by: Dimension, key: &str) -> Option<Subject> {
    let hall = hall.clone();
    match by {
        Dimension::ServiceWindow => {
            // `hall/window` where several halls have a window of that id.
            let plain = key.split_once('/').map_or(key, |(_, plain)| plain);
            Some(Subject::ServiceWindow { hall, service_window: WindowId::new(plain).ok()? })
        }
        _ => Some(Subject::Staff { hall, staff_no: StaffNo::new(key).ok()? }),
    }
}

fn of_answer(answer: &Answer, subject: impl Fn(&str) -> Option<Subject>) -> Vec<Mark> {
    let rated: Vec<(&Row, u64, u64)> = answer
        .rows
        .iter()
        .filter_map(|row| {
            row.adopted
                .map(|a| a.levels)
                .or(row.levels)
                .map(satisfied)
                .filter(|(_, n)| *n > 0)
                .map(|(k, n)| (row, k, n))
        })
        .collect();
    let groups: Vec<(u64, u64)> = rated.iter().map(|&(_, k, n)| (k, n)).collect();
    let Some(prior) = Prior::fit(&groups) else { return Vec::new() };
    let of_hall: u64 = groups.iter().map(|g| g.1).sum();
    let mark = |(row, k, n): &(&Row, u64, u64)| {
        let shrunk = prior.shrink(*k, *n);
        let part = |code: &str, value: f64, n: u64| Part { code: code.to_owned(), value, n };
        let share = |hits: u64| hits as f64 / *n as f64 * 100.0;
        let served = row.served.unwrap_or(*n);
        Some(Mark {
            subject: subject(&row.key)?,
            source: Source::PublicAppraisal,
            score: shrunk.value * 100.0,
            low: shrunk.low * 100.0,
            high: shrunk.high * 100.0,
            n: *n,
            parts: vec![
                part("satisfied_rate", share(*k), *n),
                part("negative_rate", share(n - k), *n),
                part("served", served as f64, served),
                part("hall_rate", prior.mean * 100.0, of_hall),
                part("prior", prior.strength, of_hall),
            ],
        })
    };
    rated.iter().filter_map(mark).collect()
}

/// Satisfied ratings, and all.
fn satisfied(levels: LevelCounts) -> (u64, u64) {
    let k = levels.very_satisfied + levels.satisfied + levels.basically_satisfied;
    (k, k + levels.dissatisfied + levels.very_dissatisfied)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::statistics::export::examples;

    #[test]
    fn a_mark_says_what_it_was_made_of_and_small_groups_make_none() {
        let answer = examples::answer();
        let hall = HallId::new("H01").unwrap();
        let marks = of_answer(&answer, |key| subject(&hall, Dimension::Staff, key));
        let keys: Vec<String> = marks.iter().map(|m| m.subject.key()).collect();
        assert_eq!(keys, ["staff:H01:0027", "staff:H01:0028"], "who is withheld has no mark");
        let (good, poor) = (&marks[0], &marks[1]);
        assert!(good.score < 95.0 && good.score > poor.score && poor.score > 75.0, "drawn together: {marks:?}");
        assert!(good.low < good.score && good.score < good.high && good.n == 20);
        let part = |code: &str| good.parts.iter().find(|p| p.code == code).unwrap();
        assert!((part("satisfied_rate").value - 95.0).abs() < 1e-9);
        assert_eq!((part("served").n, part("prior").value, part("hall_rate").n), (30, 20.0, 40));
    }

    #[test]
    fn rows_are_windows_and_people_and_nobody_is_neither() {
        let hall = HallId::new("H01").unwrap();
        let key = |by, key: &str| subject(&hall, by, key).map(|s| s.key());
        assert_eq!(key(Dimension::ServiceWindow, "H01/W03").as_deref(), Some("window:H01:W03"));
        assert_eq!(key(Dimension::ServiceWindow, "W03").as_deref(), Some("window:H01:W03"));
        assert_eq!(key(Dimension::Staff, "(none)"), None);
    }
}
