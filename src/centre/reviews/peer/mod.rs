//! 党员互评: rounds, votes, what came out.

mod acts;
mod keep;
mod results;
mod store;
mod vote;

pub use acts::{Draft, PeerFault, call, cast, close};
pub use results::{OwnOutcome, outcomes, own_outcomes};
pub use store::{Round, closed, of_halls, one, people, turnout};

use crate::centre::access::Routes;
use crate::domain::role::Need;

pub fn routes() -> Routes {
    Routes::new()
        .get("/peer", Need::PeerVote, vote::rounds)
        .get("/peer/{id}", Need::PeerVote, vote::colleagues)
        .get("/peer/{id}/{staff}", Need::PeerVote, vote::ballot)
        .post("/peer/{id}/{staff}", Need::PeerVote, vote::give)
        .get("/peer/rounds", Need::ContestsKeep, keep::list)
        .get("/peer/rounds/new", Need::ContestsKeep, keep::new)
        .post("/peer/rounds/new", Need::ContestsKeep, keep::add)
        .get("/peer/rounds/{id}", Need::ContestsKeep, keep::show)
        .get("/peer/rounds/{id}/close", Need::ContestsKeep, keep::ask_close)
        .post("/peer/rounds/{id}/close", Need::ContestsKeep, keep::close)
}
