//! 整改台账: the register of cases.
//!
//! Each negative rating, each order of an inspection and each unkept pledge [`open`]s one case, once. What happens to it is
//! judged by the pure machine of [`crate::domain::case`]; [`advance`] loads a case, lets the machine judge, and appends the
//! event in the caller's transaction. The [`mod@mind`] chore follows the account book of the statistics, sets first deadlines
//! and passes up what is overdue.
//!
//! **Invariants of absence:** nothing here touches a rating or a fact; no event is changed or deleted; no citizen's word
//! stands in a case.

mod open;
pub mod rules;
mod store;

pub use open::{Opening, of_origin, open};
pub use rules::CaseRules;
pub use store::{CaseFault, Desk, Record, advance, log, one};

/// The tables of this module: one step of the centre's schema.
pub const SCHEMA: &str = include_str!("schema.sql");
