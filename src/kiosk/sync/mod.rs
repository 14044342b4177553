//! Synchronisation with the centre, pure: what to ask next, and what an answer means.
//!
//! | file | what it holds |
//! |---|---|
//! | [`plan`] | the machine: `Plan::handle(event, now) -> Vec<Step>` |
//! | [`event`] | what happened: entries, timers, answers, failures |
//! | [`step`] | what is to be done: one request at a time, and what the journal must keep |
//! | [`backoff`] | how long to wait after failures, with full jitter |
//! | [`frame`] | the bytes of requests and answers |
//!
//! **Architecture invariants:** no socket, no store, no clock and no randomness of the system here: `now` and the seed are
//! passed in, so that a simulation can repeat a run. At most one request is under way. The cursor moves only by a receipt
//! that the centre's key signed and that names a place in the device's own ledger; nothing is ever deleted here.

pub mod backoff;
pub mod event;
pub mod frame;
pub mod plan;
pub mod step;

mod answers;
#[cfg(test)]
mod tests;
