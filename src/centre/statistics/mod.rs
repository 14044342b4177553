//! Facts, roll-ups and the answers to [`crate::domain::query::Query`].
//!
//! Ingest tells each served visit as a [`fact::Fact`] to the one [`book::Book`], inside its own transaction. The book
//! interns the texts, appends the rows, and keeps what they add to the roll-ups in memory; now and then it flushes these
//! deltas and moves a watermark with them. After a crash the deltas are made again from the facts beyond the watermark.
//! A reader adds, in one snapshot, the roll-ups and the facts beyond their watermark: a figure is never stale and never
//! counts a fact twice.
//!
//! A day of a hall has a [`cube`]: everything it counts, in full detail, at about five bytes a visit. From cubes come a day's
//! faces ([`mod@face`]), sums by one axis and by some pairs, and the sheets ([`sheet`]) of finished spans of eight days, a
//! month, four and eight months ([`spans`]): sums by every two and, from a month on, every three of desk (window and
//! person), item, reason, hour and weekday. Sheets grow with the number of windows, people and items that occur together,
//! and a year is a handful of them, so that ten million ratings are asked about as fast as a million ([`mod@ask`]); only
//! what touches four of these axes, several reasons, or single days under two filters is picked out of [`whole`] spans.
//! A question over two dimensions reads once what it needs for all its columns. All of it knows hall, channel, level, signals and whether the hour is known.
//!
//! Ratings that are not adopted are counted beside every answer ([`mod@aside`]): no raw figure leaves them out.
//!
//! **Architecture invariant:** no statistic is kept that cannot be rebuilt from the facts, and no figure is computed
//! anywhere else: page, API and command line all show an [`crate::domain::query::Answer`].

pub mod api;
pub mod aside;
mod ask;
pub mod asked;
pub mod book;
mod calendar;
mod cell;
mod column;
mod covered;
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
mod sheet;
mod shelf;
mod spans;
mod stored;
pub mod tail;
mod tally;
pub mod town;
mod varint;
mod whole;

use jiff::civil::Date;

pub use ask::{LEAST_MIN_N, Snapshot, ask};
pub use book::Book;
pub use memory::Memory;
pub use names::NamesRead;

use crate::domain::id::{HallId, StaffNo};
use crate::domain::query::{Dimension, Query};

/// The tables of this module: one step of the centre's schema.
pub const SCHEMA: &str = include_str!("schema.sql");
/// Roll-ups as they are kept now: a later step.
pub const ROLLUPS: &str = include_str!("rollups.sql");
/// Sums of finished spans: a later one.
pub const SPANS: &str = include_str!("spans.sql");
/// Ratings that are not adopted.
pub const ASIDE: &str = include_str!("aside.sql");

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
    #[error("figures about yourself are by month, level, reason or item, of whole months and without filters")]
    Own,
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
    /// The asker may ask about any period: what periods that differ by a few days would give away together is covered.
    pub covered: bool,
}

/// The last day of which people see figures about themselves: whole days alone, and not those on which they might still
/// remember who stood before them.
pub fn own_until(today: Date, delay_days: u32) -> Date {
    today.saturating_sub(jiff::Span::new().days(i64::from(delay_days.max(1))))
}

/// The last day up to which figures about oneself are let out: the 10th, the 20th or the last of a month. Whoever looks
/// every day sees a stretch of days at a time, and no day by itself.
pub fn own_release(until: Date) -> Date {
    let on = |day| until.with().day(day).build().unwrap_or(until);
    match until.day() {
        _ if until == until.last_of_month() => until,
        20.. => on(20),
        10.. => on(10),
        _ => until.first_of_month().saturating_sub(jiff::Span::new().days(1)),
    }
}

/// A question about oneself, widened to whole months: a day, an hour or a narrow group taken from the whole would be a
/// single rating.
///
/// # Errors
/// [`AskFault::Own`].
fn own_question(query: &Query, until: Date) -> Result<Query, AskFault> {
    let by = matches!(query.by, None | Some(Dimension::Month | Dimension::Level | Dimension::Reason | Dimension::Item));
    if !by || !query.filters.is_empty() || query.unflagged_only {
        return Err(AskFault::Own);
    }
    let from = query.from.first_of_month();
    Ok(Query { from, to: query.to.last_of_month().min(until).max(from), ..query.clone() })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::query::{Filter, Order};

    #[test]
    fn figures_about_oneself_are_let_out_in_stretches_of_ten_days() {
        for (until, out) in [
            (date(2026, 11, 9), date(2026, 10, 31)),
            (date(2026, 11, 10), date(2026, 11, 10)),
            (date(2026, 11, 19), date(2026, 11, 10)),
            (date(2026, 11, 29), date(2026, 11, 20)),
            (date(2026, 11, 30), date(2026, 11, 30)),
            (date(2026, 2, 28), date(2026, 2, 28)),
            (date(2026, 1, 1), date(2025, 12, 31)),
        ] {
            assert_eq!(own_release(own_until(until.saturating_add(jiff::Span::new().days(3)), 3)), out);
        }
    }

    #[test]
    fn no_question_about_oneself_singles_out_a_day_an_hour_or_a_visit() {
        let until = date(2026, 11, 20);
        let asked =
            |by, from, to| Query { by, from, to, filters: vec![], order: Order::Key, min_n: 10, unflagged_only: false };
        let plain = asked(Some(Dimension::Month), date(2026, 10, 7), date(2026, 10, 8));
        let widened = own_question(&plain, until).unwrap();
        assert_eq!((widened.from, widened.to), (date(2026, 10, 1), date(2026, 10, 31)));
        let present = own_question(&asked(None, date(2026, 11, 3), date(2026, 11, 24)), until).unwrap();
        assert_eq!((present.from, present.to), (date(2026, 11, 1), until));
        for by in [Dimension::Hour, Dimension::Day, Dimension::Weekday, Dimension::ServiceWindow, Dimension::Channel] {
            assert!(own_question(&Query { by: Some(by), ..plain.clone() }, until).is_err(), "{by:?}");
        }
        let filter = Filter { dimension: Dimension::Item, values: vec!["YB-002".to_owned()] };
        assert!(own_question(&Query { filters: vec![filter], ..plain.clone() }, until).is_err());
        assert!(own_question(&Query { unflagged_only: true, ..plain }, until).is_err());
    }
}
