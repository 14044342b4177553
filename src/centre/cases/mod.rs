//! 整改台账: the register of cases.
//!
//! Each negative rating, each order of an inspection and each unkept pledge [`open()`]s one case, once. What happens to it is
//! judged by the pure machine of [`crate::domain::case`]; [`advance`] loads a case, lets the machine judge, and appends the
//! event in the caller's transaction. The [`mod@mind`] chore follows the account book of the statistics, sets first deadlines
//! and passes up what is overdue. [`acts`] is what people do, for pages and interface alike.
//!
//! Others reckon with it by [`marks()`], [`open_serious`], [`overdue`], [`verdict_of`] and [`set_aside_since`]; the phone page
//! shows [`handling`] and takes [`rate()`].
//!
//! **Invariants of absence:** nothing here touches a rating or a fact; no event is changed or deleted; no citizen's word
//! stands in a case.

mod acts;
pub mod api;
mod asked;
mod citizen;
pub mod evidence;
mod find;
mod look;
mod marks;
pub mod mind;
mod open;
mod pages;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use citizen::{Handling, handling, rate};
pub use find::{Dates, SetAside, Wanted, count, list, of_staff, open_serious, overdue, set_aside_since, verdict_of};
pub use marks::{justified, marks};
pub use mind::mind;
pub use open::{Opening, of_origin, open};
pub use pages::routes;
pub use rules::CaseRules;
pub use store::{CaseFault, Desk, Record, advance, log, of_visit, one};

/// The tables of this module: one step of the centre's schema.
pub const SCHEMA: &str = include_str!("schema.sql");
