//! 承诺兑现: how each pledge is measured, what each month said of it, and what the card shows.
//!
//! | file | what it is |
//! |---|---|
//! | `store.rs` | measures and records, of which nothing is changed |
//! | `measure.rs` | occasions counted from pieces of business and from ratings |
//! | `mind.rs` | closes months; sums for the cards |
//! | `acts.rs` | what people set and write down, and why it is refused |
//! | `list.rs`, `one.rs` | `/fulfilment`, and the page of one pledge |
//! | `marks.rs` | personal pledges kept, as marks of appraisals |
//!
//! **Invariant of absence:** no month's record is changed; a correction is the next revision, with who and why.

mod acts;
mod list;
mod marks;
mod measure;
mod mind;
mod one;
mod rules;
mod store;

pub use marks::marks;
pub use mind::{close, mind, shown};
pub use rules::{FulfilmentRules, SET};
pub use store::counted;

use super::access::Routes;

/// The tables of this module: one step of the centre's schema.
pub const SCHEMA: &str = include_str!("schema.sql");

pub fn routes() -> Routes {
    list::routes().merge(one::routes())
}
