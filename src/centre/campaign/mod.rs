//! `/campaign`: the whole campaign, window by window and step by step, with what is missing.
//!
//! What a step takes is decided by the pure [`Facts`](crate::domain::campaign::Facts); `gathered.rs` gathers them from the
//! boards, the marks of every source and the register of cases. Nothing is kept here.

mod gathered;
mod pages;

pub use pages::routes;
