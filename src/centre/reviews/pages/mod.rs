//! Pages of leaders' reviews: the list, one with its revisions, writing, revising, taking back.

mod list;
mod one;
mod write;

use crate::centre::access::Routes;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::domain::named_period::NamedPeriod;
use crate::domain::role::Need;
use crate::words::Language;
use crate::words::reviews::Reviews;

use super::leader::{ReviewFault, Revision};

const LIST: &str = "/reviews";

pub fn routes() -> Routes {
    Routes::new()
        .get("/reviews", Need::Hall, list::list)
        .get("/reviews/new", Need::Review, write::new)
        .post("/reviews/new", Need::Review, write::add)
        .get("/reviews/{id}", Need::Hall, one::show)
        .post("/reviews/{id}", Need::Review, one::revise)
        .get("/reviews/{id}/retract", Need::Review, one::ask_retract)
        .post("/reviews/{id}/retract", Need::Review, one::retract)
}

/// `2026 年 11 月`
pub fn period(language: Language, period: NamedPeriod) -> String {
    let w = Reviews(language);
    match period {
        NamedPeriod::Year(year) => w.year(year),
        NamedPeriod::Quarter(year, n) => w.quarter(year, n),
        NamedPeriod::Month(year, n) => w.month(year, n),
    }
    .into_owned()
}

/// `92 / 100`; a dash for what was taken back.
pub fn score(revision: &Revision) -> String {
    revision.score.map_or_else(|| "–".to_owned(), |score| format!("{score} / {}", revision.scale))
}

/// What a page without a form is told of a refusal.
fn fault_of(fault: &ReviewFault) -> ApiFault {
    match fault {
        ReviewFault::NotFound => ApiFault::new(ErrorCode::NotFound),
        ReviewFault::NotYours => ApiFault::telling(ErrorCode::Forbidden, fault),
        ReviewFault::Stale => ApiFault::new(ErrorCode::Stale),
        ReviewFault::TakenBack => ApiFault::telling(ErrorCode::AlreadyDecided, fault),
        ReviewFault::Store(cause) => ApiFault::because(ErrorCode::Unavailable, cause),
        told => ApiFault::telling(ErrorCode::BadQuery, told),
    }
}
