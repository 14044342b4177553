//! 办件: pieces of business, told by the business system, and the two working rules that can be counted on them –
//! 限时办结 (done within the promised time) and 首问负责 (whoever is asked first sees to it).
//!
//! | file | what it is |
//! |---|---|
//! | `store.rs` | the tables: every event as it was told, and what [`Matter`](crate::domain::matter::Matter) makes of them |
//! | `rates.rs` | counted by hall, window, person or item, with intervals; what is overdue; marks for appraisals |
//! | `api.rs` | the business system's calls |
//! | `pages.rs`, `detail.rs` | `/matters`, and one piece of business |
//!
//! **Invariants of absence:** nothing here names a citizen; no event is changed or deleted; a rate never stands without its n.

pub mod api;
mod detail;
mod pages;
pub mod rates;
mod rules;
mod store;

pub use rates::marks;
pub use rules::{MatterRules, SET};
pub use store::saw_visit;

use super::access::Routes;

/// The tables of this module: one step of the centre's schema.
pub const SCHEMA: &str = include_str!("schema.sql");

pub fn routes() -> Routes {
    pages::routes().merge(api::routes())
}
