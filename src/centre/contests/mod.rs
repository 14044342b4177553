//! 技能比武 and 岗位练兵: events, who took part, scores, certificates.
//!
//! | file | what it is |
//! |---|---|
//! | `store.rs` | the tables |
//! | `acts.rs` | what may be done, and why it is refused |
//! | `sheet.rs` | scores as a table: read, looked through, written. Pure |
//! | `marks.rs` | what events say as marks, and who attended |
//! | `pages/` | list, one event, scores, certificate |
//! | `api.rs` | the interface |
//!
//! **Invariants of absence:** nothing of an event is seen by others before it is published; nothing of a published one
//! changes – a correction takes it back first, with a reason in the audit log; staff see nobody's scores but their own.

pub mod acts;
mod api;
mod marks;
mod pages;
mod sheet;
pub mod store;

pub use api::paths;
pub use marks::{attendance, marks};
pub use store::{Contest, OwnPart, own_parts};

use super::access::Routes;

/// The tables of this module: one step of the centre's schema.
pub const SCHEMA: &str = include_str!("schema.sql");

pub fn routes() -> Routes {
    pages::routes().merge(api::routes())
}

/// The number in an address; another text leads nowhere.
fn number(text: &str) -> Option<i64> {
    text.parse().ok().filter(|n| (1..=i64::MAX).contains(n))
}
