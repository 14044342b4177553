//! Accounts: signing in with password and second factor, one's own account, and keeping everybody's.
//!
//! Somebody on the way in has a session of their own for each step, with another number each time: nothing that was known
//! before a step opens anything after it. The guard lets nobody through before the last one.
//!
//! **Invariants of absence:** no password, code or token reaches a log or the audit log; what is shown once is kept as a
//! hash; an unknown login costs as much work as a known one and is answered alike.

pub mod entering;
pub mod first;
pub mod from;
mod pages;
pub mod password;
pub mod second_factor;

use crate::centre::access::Routes;

/// Signing in, the own account, all accounts, the tree of units.
pub fn routes() -> Routes {
    pages::routes()
}
