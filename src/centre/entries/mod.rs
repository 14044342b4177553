//! The rating explorer: single ratings with their place in the chain, for those who may; never a way to change one.
//!
//! [`asked`] reads the filters, [`find`] looks the ratings up and tells each, [`list`] and [`detail`] are the pages,
//! [`words`] opens sealed words, [`api`] is the same for programs. Whoever lists, looks or opens stands in the audit log.
//!
//! Roles that do not see small groups get no list whose filters match fewer than the minimum group, and no single rating of
//! a window that has fewer in that month: what the statistics withhold cannot be counted here.
//!
//! **Invariants of absence:** nothing here writes but the audit log; opened words are in no list, no cache and no log.

pub mod api;
pub mod asked;
mod detail;
pub mod find;
mod list;
mod words;

pub use self::list::log;

use super::access::Routes;

pub fn routes() -> Routes {
    Routes::new().merge(list::routes()).merge(detail::routes()).merge(words::routes()).merge(api::routes())
}
