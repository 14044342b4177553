//! 长效机制: what comes round by the calendar without anyone remembering – the weekly list of what is overdue, the month's
//! report and notice, the quarter's selections, the year's assessment.
//!
//! | file | what it is |
//! |---|---|
//! | `rules.rs` | which cycles run, and on which working day |
//! | `mind.rs` | looks what is due and makes it, once for each hall |
//! | `work.rs` | what a round looks at, and what it calls |
//! | `store.rs` | rounds as they were made |
//! | `pages.rs` | `/cycles`: what comes next, and what was made |
//!
//! When is decided by the pure [`Cycle`](crate::domain::cycle::Cycle).

mod mind;
mod pages;
mod rules;
mod store;
mod work;

pub use mind::{mind, turn};
pub use pages::routes;
pub use rules::{CycleRules, SET};

/// The tables of this module: one step of the centre's schema.
pub const SCHEMA: &str = include_str!("schema.sql");
