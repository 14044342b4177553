//! Facts, roll-ups and the answers to [`crate::domain::query::Query`].
//!
//! Ingest tells each served visit as a [`fact::Fact`] to the one [`book::Book`], inside its own transaction. The book
//! interns the texts, appends the rows, and keeps what they add to the roll-ups in memory; now and then it flushes these
//! deltas and moves a watermark with them. After a crash the deltas are made again from the facts beyond the watermark.
//! A reader adds, in one snapshot, the roll-ups and the facts beyond their watermark: a figure is never stale and never
//! counts a fact twice.
//!
//! Which question is answered how ([`mod@ask`]): one that groups and filters by at most one of window, staff, item, channel
//! and reason, with any hall, level and time, reads roll-ups. A cross of two of them (items of one window, reasons of one
//! staff member) reads the facts of the period, by time and window: exact, and slower with the number of facts.
//!
//! **Architecture invariant:** no statistic is kept that cannot be rebuilt from the facts, and no figure is computed
//! anywhere else: page, API and command line all show an [`crate::domain::query::Answer`].

pub mod api;
mod ask;
pub mod asked;
pub mod book;
mod calendar;
mod cell;
mod criteria;
mod dice;
pub mod export;
pub mod fact;
pub mod labels;
mod names;
pub mod provenance;
#[cfg(test)]
mod recount;
mod rows;
pub mod sample;
mod stored;
pub mod tail;

use jiff::civil::Date;

pub use ask::{LEAST_MIN_N, ask};
pub use book::Book;

use crate::domain::id::{HallId, StaffNo};
use crate::domain::query::Dimension;

/// The tables of this module: one step of the centre's schema.
pub const SCHEMA: &str = include_str!("schema.sql");

/// The time zone of days and hours where the configuration names none.
pub fn home_zone() -> jiff::tz::TimeZone {
    // The zone data is part of the program.
    jiff::tz::TimeZone::get("Asia/Shanghai").unwrap_or_else(|_| jiff::tz::TimeZone::fixed(jiff::tz::offset(8)))
}

/// Why the book could not be written or a question not be answered.
#[derive(Debug, thiserror::Error)]
pub enum StatisticsFault {
    #[error("the statistics tables: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("the statistics tables hold a value that this program never writes: {0}")]
    Damaged(String),
}

/// Why a question gets no answer.
#[derive(Debug, thiserror::Error)]
pub enum AskFault {
    #[error("the period ends on {to}, before it begins on {from}")]
    Backward { from: Date, to: Date },
    #[error("the period is longer than {} days", criteria::MAX_DAYS)]
    TooLong,
    #[error("more than {} filter values", criteria::MAX_VALUES)]
    TooManyValues,
    #[error("{value:?} is no {}; allowed: {allowed}", dimension.code())]
    Value { dimension: Dimension, value: String, allowed: &'static str },
    #[error(transparent)]
    Tables(#[from] StatisticsFault),
}

/// What of the figures an asker may see. Roles make one; queries cannot widen it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// None: every hall.
    pub halls: Option<Vec<HallId>>,
    /// Only this person's figures.
    pub staff: Option<StaffNo>,
    /// Groups with fewer ratings are hidden; 0: none are.
    pub min_group: u64,
}
