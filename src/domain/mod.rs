//! The hall's language, pure: identifiers, time, levels, what a board shows, what a query asks.
//!
//! **Architecture invariant:** nothing here does I/O, reads a clock or knows a screen, a store or a wire.

pub mod appraisal;
pub mod board;
pub mod campaign;
pub mod case;
pub mod comparison;
pub mod contest;
pub mod cycle;
pub mod explanation;
pub mod fulfilment;
pub mod hours;
pub mod id;
pub mod inspection;
pub mod matter;
pub mod metric;
pub mod named_period;
pub mod peer;
pub mod query;
pub mod rating;
pub mod role;
pub mod selection;
pub mod shrink;
pub mod spread;
pub mod story;
pub mod text;
pub mod time;
pub mod visit;
pub mod workdays;
