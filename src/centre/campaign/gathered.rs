//! Facts of every window of a hall, from its board, from marks and from the register.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::centre::cases;
use crate::centre::marks::{self, Ground, MarkFault};
use crate::domain::appraisal::{Mark, Period, Source, Subject};
use crate::domain::board::Board;
use crate::domain::campaign::{Facts, Person};
use crate::domain::id::{HallId, StaffNo, WindowId};

/// Cases past their deadline that are looked at.
const MAX_CASES: u32 = 10_000;

/// Windows in the board's order with their facts. `conn` must be outside of any transaction.
///
/// # Errors
/// [`MarkFault`]
pub fn facts(
    conn: &Connection,
    ground: &Ground,
    hall: &HallId,
    period: Period,
    least_ratings: u64,
    today: jiff::civil::Date,
) -> Result<Vec<(WindowId, Facts)>, MarkFault> {
    let Some(shown) = ground.boards.hall(hall) else { return Ok(Vec::new()) };
    let marks = marks::gather(conn, &ground.clone().only(hall), period)?;
    let (_, overdue) = cases::overdue(conn, Some(vec![hall.clone()]), today, MAX_CASES)?;
    let elected = crate::centre::selections::store::subjects(conn, hall, period)?;
    let mut late: BTreeMap<WindowId, u64> = BTreeMap::new();
    for record in overdue {
        if let Some(window) = record.about.service_window {
            *late.entry(window).or_default() += 1;
        }
    }
    let board = &shown.board;
    let of_window = |id: &WindowId| {
        let people = people(board, id);
        let own = |subject: &Subject| match subject {
            Subject::ServiceWindow { service_window, .. } => service_window == id,
            Subject::Staff { staff_no, .. } => people.iter().any(|(no, _)| no == staff_no),
        };
        let mine: Vec<&Mark> = marks.iter().filter(|m| own(&m.subject)).collect();
        let n = |source: Source| mine.iter().filter(|m| m.source == source).map(|m| m.n).sum();
        let at_window = |source: Source| {
            let here = mine.iter().filter(|m| matches!(m.subject, Subject::ServiceWindow { .. }));
            here.filter(|m| m.source == source).map(|m| m.n).sum()
        };
        let (kept, unkept) = pledges(&mine);
        Facts {
            has_unit_pledge: board.pledges.iter().any(|p| p.staff_no.is_none()),
            is_honoured: board.window(id).is_some_and(|w| !w.honours.is_empty()),
            ratings: at_window(Source::PublicAppraisal),
            least_ratings,
            leader_reviews: n(Source::LeaderReview),
            peer_reviews: n(Source::PeerReview),
            inspections: at_window(Source::Inspection),
            contests: n(Source::SkillContest),
            business: at_window(Source::TimeLimit),
            pledges_kept: kept,
            pledges_unkept: unkept,
            overdue_cases: late.get(id).copied().unwrap_or(0),
            selections: elected.iter().filter(|s| own(s)).count() as u64,
            people: people.into_iter().map(|(_, person)| person).collect(),
        }
    };
    Ok(board.windows.iter().map(|w| (w.id.clone(), of_window(&w.id))).collect())
}

/// Who may sign in at a window by name; those who may anywhere count where nobody is named.
fn people(board: &Board, window: &WindowId) -> Vec<(StaffNo, Person)> {
    let named = |all: bool| {
        let here = board.staff.iter().filter(move |s| s.windows.contains(window) || (all && s.windows.is_empty()));
        here.map(|s| {
            let person = Person {
                name: s.name.clone(),
                has_photo: s.photo.is_some(),
                has_pledge: board.pledges.iter().any(|p| p.staff_no.as_ref() == Some(&s.staff_no)),
                is_honoured: !s.honours.is_empty(),
            };
            (s.staff_no.clone(), person)
        })
        .collect::<Vec<_>>()
    };
    let own = named(false);
    if own.is_empty() { named(true) } else { own }
}

/// Months of personal pledges that were counted: kept, not kept.
fn pledges(mine: &[&Mark]) -> (u64, u64) {
    let parts = |code: &str| -> u64 {
        let of = mine.iter().filter(|m| m.source == Source::Pledges);
        of.flat_map(|m| &m.parts).filter(|p| p.code == code).map(|p| p.value.max(0.0) as u64).sum()
    };
    let (all, unkept) = (parts("pledges"), parts("unkept_months"));
    (all.saturating_sub(unkept), unkept)
}
