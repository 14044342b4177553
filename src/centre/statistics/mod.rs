//! Facts, roll-ups and the answers to [`crate::domain::query::Query`].

pub mod fact;
