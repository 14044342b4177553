//! 舆论宣传: the stories behind honours, from the draft to the public page, the standby screens and the press.
//!
//! The steps are [`domain::story`](crate::domain::story), pure. Pictures are decoded under limits and encoded anew as those
//! of cards are ([`hall::portrait`](super::hall::portrait)), and stand in the database, so that a copy of it is whole.
//!
//! **Invariants of absence:** bytes that came from outside are never served; nothing of a person without consent.

pub mod acts;
mod in_public;
mod pages;
pub mod press;
pub mod store;

pub use in_public::section;

use super::access::Routes;

/// The tables of this module: one step of the centre's schema.
pub const SCHEMA: &str = include_str!("schema.sql");

pub fn routes() -> Routes {
    Routes::new().merge(pages::routes()).merge(in_public::routes())
}
