//! The courier: its own thread, on which the plan meets the network.
//!
//! [`session`] joins plan and journal; [`shelf`] keeps portraits.

pub mod session;
pub mod shelf;
