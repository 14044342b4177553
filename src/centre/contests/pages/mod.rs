//! Pages of events.

mod certificate;
mod list;
mod new;
mod person;
mod publish;
mod scores;
mod show;

use super::acts::{ContestFault, keeps};
use super::number;
use super::sheet::Roster;
use super::store::{self, Contest, Part};
use crate::centre::access::Routes;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::sheets::table::MAX_FILE_BYTES;
use crate::centre::paging::Paging;
use crate::domain::id::StaffNo;
use crate::domain::role::Need;

const LIST: &str = "/contests";

pub fn routes() -> Routes {
    let uploads = Routes::new()
        .post("/contests/{id}/scores", Need::ContestsKeep, scores::check)
        .taking(MAX_FILE_BYTES + 512 * 1024);
    Routes::new()
        .get("/contests", Need::Statistics, list::list)
        .get("/contests/new", Need::ContestsKeep, new::new)
        .post("/contests/new", Need::ContestsKeep, new::add)
        .get("/contests/{id}", Need::Statistics, show::show)
        .get("/contests/{id}/scores", Need::ContestsKeep, scores::show)
        .get("/contests/{id}/scores.csv", Need::ContestsKeep, scores::template)
        .post("/contests/{id}/scores/apply", Need::ContestsKeep, scores::apply)
        .get("/contests/{id}/people/{hall}/{staff}", Need::ContestsKeep, person::show)
        .post("/contests/{id}/people/{hall}/{staff}", Need::ContestsKeep, person::save)
        .get("/contests/{id}/publish", Need::ContestsKeep, publish::ask)
        .post("/contests/{id}/publish", Need::ContestsKeep, publish::publish)
        .get("/contests/{id}/withdraw", Need::ContestsKeep, publish::ask_withdraw)
        .post("/contests/{id}/withdraw", Need::ContestsKeep, publish::withdraw)
        .get("/contests/{id}/certificate/{hall}/{staff}", Need::Statistics, certificate::show)
        .merge(uploads)
}

/// An event as one request finds it.
struct Opened {
    contest: Contest,
    /// Those within reach; of staff only themselves.
    parts: Vec<Part>,
    /// All that were scored or expected.
    all: usize,
    /// May note, publish and take back.
    keeps: bool,
}

/// An event that the person may see; staff see their own part of published ones.
async fn opened(at: &Paging<'_>, id: &str, only: Option<&StaffNo>) -> Result<Option<Opened>, ApiFault> {
    let Some(id) = number(id) else { return Ok(None) };
    let who = std::sync::Arc::clone(at.who);
    let only = only.cloned();
    at.read(move |conn| {
        let Some(contest) = store::one(conn, id)? else { return Ok(None) };
        let keeps = who.may(Need::ContestsKeep) && keeps(&who.reach, &contest);
        let near = contest.halls.iter().any(|hall| who.reach.covers(hall));
        if !(keeps || (near && contest.published.is_some())) {
            return Ok(None);
        }
        let mut parts = store::parts(conn, id)?;
        let all = parts.len();
        parts.retain(|p| who.reach.covers(&p.hall) && only.as_ref().is_none_or(|own| own == &p.staff_no));
        if only.is_some() && parts.is_empty() {
            return Ok(None);
        }
        Ok(Some(Opened { contest, parts, all, keeps }))
    })
    .await
}

/// The same for whoever keeps it.
async fn kept(at: &Paging<'_>, id: &str) -> Result<Option<Opened>, ApiFault> {
    Ok(opened(at, id, None).await?.filter(|o| o.keeps))
}

/// Everybody on the boards of the event's halls.
fn roster(at: &Paging<'_>, contest: &Contest) -> Roster {
    let boards = contest.halls.iter().filter_map(|hall| at.board(hall).map(|board| (hall.clone(), board)));
    boards
        .flat_map(|(hall, board)| {
            board.staff.into_iter().map(move |card| ((hall.clone(), card.staff_no), card.name)).collect::<Vec<_>>()
        })
        .collect()
}

/// What a page without a form is told of a refusal.
fn fault_of(fault: &ContestFault) -> ApiFault {
    match fault {
        ContestFault::NotFound => ApiFault::new(ErrorCode::NotFound),
        ContestFault::Published | ContestFault::NotPublished => ApiFault::telling(ErrorCode::AlreadyDecided, fault),
        ContestFault::Store(cause) => ApiFault::because(ErrorCode::Unavailable, cause),
        told => ApiFault::telling(ErrorCode::BadQuery, told),
    }
}
