//! Ingest: batches up from kiosks and ratings from phones, each exactly once.
//!
//! A request's body is opened, checked and parsed on the threads that serve HTTP ([`batch`]); the [`core`] takes all that
//! has queued in one transaction ([`desk`]), whose single fsync acknowledges every one of them.
//!
//! **Architecture invariant:** only the writer writes, and it decides from memory: by the time SQL runs, a batch can only
//! fail together with its whole transaction. After any fault the memory is thrown away and read again.

pub mod audit;
pub mod batch;
pub mod by_phone;
pub mod core;
pub mod desk;
pub mod explanations;
pub mod holdings;
pub mod judge;
pub mod ledgers;
pub mod rebuild;
pub mod segments;
pub mod story;
pub mod visits;
pub mod witness;
pub mod words;
