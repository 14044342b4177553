//! Facts, roll-ups and the answers to [`crate::domain::query::Query`].
//!
//! Ingest tells each served visit as a [`fact::Fact`] to the one [`book::Book`], inside its own transaction. The book
//! interns the texts, appends the rows, and keeps what they add to the roll-ups in memory; now and then it flushes these
//! deltas and moves a watermark with them. After a crash the deltas are made again from the facts beyond the watermark.
//! A reader adds, in one snapshot, the roll-ups and the facts beyond their watermark: a figure is never stale and never
//! counts a fact twice.
//!
//! A day of a hall has a [`cube`]: everything it counts, in full detail, at about five bytes a visit. From cubes come faces
//! ([`mod@face`]): sums by one axis (window, staff, item, channel, reason, hour) and by some pairs of axes for each day, and
//! by every pair for each finished month. They grow with the number of windows and people, not with that of ratings, so that a
//! year of ten million ratings is asked as fast as one of a million ([`mod@ask`]); only a cross of three axes or more reads
//! cubes of the whole period. A question over two dimensions reads once what it needs for all its columns. All of it knows hall, level, signals and whether the hour is known.
//!
//! **Architecture invariant:** no statistic is kept that cannot be rebuilt from the facts, and no figure is computed
//! anywhere else: page, API and command line all show an [`crate::domain::query::Answer`].

pub mod api;
mod ask;
pub mod asked;
pub mod book;
mod calendar;
mod cell;
mod column;
mod criteria;
mod cube;
pub(in crate::centre) mod dice;
pub mod digest;
pub mod export;
mod face;
pub mod fact;
pub mod labels;
pub mod listing;
pub mod live;
mod memory;
mod names;
pub mod provenance;
#[cfg(test)]
mod recount;
mod rows;
pub mod sample;
mod shelf;
mod stored;
pub mod tail;
mod tally;
pub mod town;
mod varint;

use jiff::civil::Date;

pub use ask::{LEAST_MIN_N, Snapshot, ask};
pub use book::Book;
pub use memory::Memory;
pub use names::NamesRead;

use crate::domain::id::{HallId, StaffNo};
use crate::domain::query::Dimension;

/// The tables of this module: one step of the centre's schema.
pub const SCHEMA: &str = include_str!("schema.sql");
/// Roll-ups as they are kept now: a later step.
pub const ROLLUPS: &str = include_str!("rollups.sql");

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
    /// Nothing of later days.
    pub until: Option<Date>,
    /// Groups with fewer ratings are hidden; 0: none are.
    pub min_group: u64,
}

/// The last day of which people see figures about themselves: whole days alone, and not those on which they might still
/// remember who stood before them.
pub fn own_until(today: Date, delay_days: u32) -> Date {
    today.saturating_sub(jiff::Span::new().days(i64::from(delay_days.max(1))))
}
