//! Who may be elected, and what every source says of them in the period.

use std::sync::Arc;

use crate::centre::access::Reach;
use crate::centre::boards::Boards;
use crate::centre::cases;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::marks::{self, Ground};
use crate::centre::site::Site;
use crate::domain::appraisal::{Mark, Subject};
use crate::domain::board::Board;
use crate::domain::selection::{Candidate, Elected, Terms, elects};

/// Everybody on the boards of the selection's halls whom it may be about, and every mark of its period.
///
/// # Errors
/// Those of the store and of the sources.
pub async fn gather(site: &Arc<Site>, terms: &Terms) -> Result<(Vec<Candidate>, Vec<Mark>), ApiFault> {
    let boards = site.boards.get();
    let mut candidates = candidates(&boards, terms);
    // Small groups are not left out: each candidate's least number is the selection's own, and nobody's rating is shown.
    let ground = Ground::of(site, &Reach::Halls(terms.halls.clone().into()), 0);
    let period = terms.period;
    let marks = site.readers.read(move |conn| marks::gather(conn, &ground, period)).await?;
    let marks = marks.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    let subjects: Vec<Subject> = candidates.iter().map(|c| c.subject.clone()).collect();
    let read = move |conn: &rusqlite::Connection| -> rusqlite::Result<Vec<bool>> {
        subjects.iter().map(|subject| cases::open_serious(conn, subject)).collect()
    };
    let serious = site.readers.read(read).await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    for (candidate, is_serious) in candidates.iter_mut().zip(serious) {
        candidate.open_serious = is_serious;
    }
    Ok((candidates, marks))
}

/// Those who stand on the boards now.
fn candidates(boards: &Boards, terms: &Terms) -> Vec<Candidate> {
    let of = |board: &Board| match elects(terms.honour) {
        Some(Elected::ServiceWindow) => windows(board),
        Some(Elected::Staff) => staff(board),
        None => Vec::new(),
    };
    terms.halls.iter().filter_map(|hall| boards.hall(hall)).flat_map(|hall| of(&hall.board)).collect()
}

fn windows(board: &Board) -> Vec<Candidate> {
    let one = |w: &crate::domain::board::ServiceWindow| Candidate {
        subject: Subject::ServiceWindow { hall: board.hall.id.clone(), service_window: w.id.clone() },
        name: format!("{} 号 {}", w.number, w.name.zh),
        party_member: false,
        open_serious: false,
    };
    board.windows.iter().map(one).collect()
}

fn staff(board: &Board) -> Vec<Candidate> {
    let one = |s: &crate::domain::board::StaffCard| Candidate {
        subject: Subject::Staff { hall: board.hall.id.clone(), staff_no: s.staff_no.clone() },
        name: format!("{}（{}，{}）", s.name, s.staff_no, s.post.zh),
        party_member: s.party_member,
        open_serious: false,
    };
    board.staff.iter().map(one).collect()
}
