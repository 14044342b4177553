//! What came out of rounds that are over.

use jiff::civil::Date;
use rusqlite::Connection;

use super::store::{self, Round};
use crate::domain::id::{HallId, StaffNo};
use crate::domain::peer::{Outcome, Person};

/// What came out for everybody voted on; none where too few voted. The round must be over.
///
/// # Errors
/// Those of the store.
pub fn outcomes(conn: &Connection, round: &Round) -> rusqlite::Result<Vec<(Person, Option<Outcome>)>> {
    let people = store::people(conn, round.id)?.into_iter().filter(|p| p.is_voted_on);
    people
        .map(|person| {
            let outcome = store::tally(conn, round, &person.staff_no)?.outcome(round.min_voters);
            Ok((person, outcome))
        })
        .collect()
}

/// What came out for oneself in one round.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnOutcome {
    pub title: String,
    pub ended: Date,
    pub criteria: Vec<String>,
    /// None: too few voted.
    pub outcome: Option<Outcome>,
}

/// What came out for somebody in the rounds of their hall that are over, the latest first.
///
/// # Errors
/// Those of the store.
pub fn own_outcomes(
    conn: &Connection,
    hall: &HallId,
    staff_no: &StaffNo,
    today: Date,
) -> rusqlite::Result<Vec<OwnOutcome>> {
    let mut out = Vec::new();
    for round in store::closed(conn, std::slice::from_ref(hall), today)?.into_iter().rev() {
        let takes_part = store::people(conn, round.id)?.iter().any(|p| &p.staff_no == staff_no && p.is_voted_on);
        if takes_part {
            let outcome = store::tally(conn, &round, staff_no)?.outcome(round.min_voters);
            let ended = round.voting.ended();
            out.push(OwnOutcome { title: round.title, ended, criteria: round.criteria, outcome });
        }
    }
    Ok(out)
}
