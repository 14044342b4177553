//! 三创、评选表彰: selections from the call to the award, their frozen figures, and the public notice with its objections.
//!
//! The steps themselves are [`domain::selection`](crate::domain::selection), pure; here they are stored, each in one
//! transaction with its line in the audit log and whatever it changes on the boards.
//!
//! | file | what it is |
//! |---|---|
//! | `rules.rs` | what the house sets: weights, least numbers, days, quorum |
//! | `sources.rs` | who may be elected, and what every source says of them |
//! | `store.rs` | the tables |
//! | `acts.rs` | what people do |
//! | `on_board.rs` | the notice and the badges on kiosks |
//! | `recompute.rs` | the result once more, from what was frozen |
//! | `open_day.rs` | the notice on the public page, and objections from there |
//! | `pages/`, `api.rs` | what supervisors and programs see |
//!
//! **Invariants of absence:** a result is made of its frozen snapshot and of nothing else; no badge comes from here but by
//! an award, and it goes when the award is revoked.

pub mod acts;
pub mod api;
mod on_board;
mod open_day;
mod pages;
pub mod recompute;
pub mod rules;
mod sources;
pub mod store;
#[cfg(test)]
mod tests;

pub use open_day::section;

use super::access::Routes;

/// The tables of this module: one step of the centre's schema.
pub const SCHEMA: &str = include_str!("schema.sql");

/// `per_minute` is how often one address may object.
pub fn routes(per_minute: u32) -> Routes {
    Routes::new().merge(pages::routes()).merge(api::routes()).merge(open_day::routes(per_minute))
}
