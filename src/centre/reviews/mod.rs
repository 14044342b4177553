//! 领导点评 and 党员互评: what leaders say of a pledge, a window or a person, and how colleagues vote on one another.
//!
//! | file | what it is |
//! |---|---|
//! | `about.rs` | what a review is about |
//! | `leader.rs` | reviews with their revisions: the tables, and what may be done |
//! | `pages/` | their pages |
//! | `peer/` | rounds of peer reviews: tables, acts, pages |
//! | `marks.rs` | what both say as marks |
//! | `api.rs` | the interface |
//!
//! **Invariants of absence:** no review is overwritten or deleted, a retraction is a revision with its reason. No row holds
//! who gave which score in a peer review: who has voted on whom stands in one table, how often each score was given to
//! somebody in another, without time, order or id. What cannot be helped: whoever can copy the database before and after a
//! single vote can subtract the one from the other.

mod about;
mod api;
pub mod leader;
mod marks;
mod pages;
pub mod peer;
mod rules;

pub use about::About;
pub use api::paths;
pub use leader::{Review, about_any};
pub use marks::{leader as leader_marks, peer as peer_marks};
pub use pages::period as period_name;
pub use peer::{OwnOutcome, own_outcomes};
pub use rules::ReviewRules;

use super::access::Routes;

/// The tables of this module: one step of the centre's schema.
pub const SCHEMA: &str = include_str!("schema.sql");

pub fn routes() -> Routes {
    pages::routes().merge(peer::routes()).merge(api::routes())
}

/// The number in an address; another text leads nowhere.
fn number(text: &str) -> Option<i64> {
    text.parse().ok().filter(|n| (1..=i64::MAX).contains(n))
}
