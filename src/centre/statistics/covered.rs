//! Periods that a role may ask about that small groups are hidden from: two questions that differ by a few days must not
//! give away together what neither may show.
//!
//! Whatever a row counts (a person, a window, the whole of a filter) has a fixed sequence of units of time: whole months,
//! and single days of those months in which each day that has any ratings of it has at least the minimum. The end of a unit
//! may bound a period of that row if the last unit up to there with any ratings has at least the minimum. Between two such
//! ends lie no ratings or at least the minimum: for the later one closes with such a unit. So whatever is added and
//! subtracted of one row's answers over however many periods, a small group is not left over.
//!
//! A period that ends within a month that is no sequence of such days is widened outward to whole months, for all rows of the
//! answer alike; a row that then still ends badly is hidden, together with as many others as it takes that they, as one row,
//! end well ([`super::rows`]). What a filter asks for is hidden where the table by that dimension would hide it: one value or
//! several, nothing is learnt by a filter that the table does not say.
//!
//! What stays open: whoever asks about the running month every day sees it grow; and filters by several dimensions are
//! looked at one by one, not against every other combination of dimensions.

use std::collections::HashMap;

use jiff::civil::Date;

use super::ask::Snapshot;
use super::calendar::{date_of, day_number, day_of, month_of};
use super::criteria::{Criteria, MAX_DAYS};
use super::spans::Span;
use super::tally::Tally;
use super::{AskFault, Scope, StatisticsFault, rows};
use crate::domain::query::{Dimension, Query};

/// Both ends of a period as one row sees them: the last month up to there with any ratings of it, and how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ends {
    pub before: Option<(i64, u64)>,
    pub last: Option<(i64, u64)>,
}

impl Ends {
    /// Whether both may bound a period.
    pub fn are_good(self, min_group: u64) -> bool {
        [self.before, self.last].into_iter().flatten().all(|(_, n)| n >= min_group)
    }

    /// Those of two rows taken as one.
    pub fn with(self, other: Self) -> Self {
        let both = |a: Option<(i64, u64)>, b: Option<(i64, u64)>| match (a, b) {
            (Some((at, n)), Some((of, m))) if at == of => Some((at, n + m)),
            (a, b) => a.max(b),
        };
        Self { before: both(self.before, other.before), last: both(self.last, other.last) }
    }
}

/// The ends of every row and of the whole, where they are months' ends; empty where they need not be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edges(pub HashMap<i64, Ends>, pub Ends);

/// A question as it may be answered.
pub struct Covered {
    pub query: Query,
    pub edges: Edges,
    /// The whole of it ends badly, or what a filter asks for would be hidden in its own table.
    pub withheld: bool,
}

/// Ratings of the whole and of each group, by month or by day.
struct Series {
    columns: Vec<(i64, u64, HashMap<i64, u64>)>,
}

/// A table that an answer is a part of: by what it is grouped, and the question without its filter by that.
type Table = (Option<Dimension>, Query);

impl Snapshot<'_> {
    /// # Errors
    /// [`AskFault`].
    pub(super) fn covered(&self, query: &Query, scope: &Scope) -> Result<Covered, AskFault> {
        let mut query = query.clone();
        if !scope.covered || scope.min_group == 0 {
            return Ok(Covered { query, edges: Edges::default(), withheld: false });
        }
        // Said before anything is read of it: what is no question gets no answer.
        let criteria = Criteria::new(&query, scope, &self.names)?;
        let Some(held) = self.days_held(scope)? else {
            return Ok(Covered { query, edges: Edges::default(), withheld: false });
        };
        let by_days = self.ends_within_days(&query, scope, held)?;
        if !by_days {
            (query.from, query.to) = whole_months_of(query.from, query.to, scope.until);
        }
        let mut edges = Edges::default();
        let mut withheld = false;
        for (at, (by, table)) in tables(&query).into_iter().enumerate() {
            // Where each day is large, so is whatever of them a period takes.
            let own = if by_days { Edges::default() } else { self.edges(&table, by, scope, held)? };
            let Some(dimension) = by.filter(|_| at > 0) else {
                let rest = own.1;
                withheld |= !rest.are_good(scope.min_group) && self.count(&table, scope)? > 0;
                edges = own;
                continue;
            };
            // What is asked for by a filter is hidden where the row of its table would be.
            let wide = Criteria::new(&Query { by, ..table }, scope, &self.names)?;
            let column = self.add_up(Tally::new(by, &wide))?.into_columns().pop();
            let Some(column) = column else { continue };
            let total = column.total;
            let hidden = rows::hidden(column.into_groups(), &total, scope.min_group, dimension, &own);
            withheld |= criteria.groups(dimension).iter().any(|g| hidden.contains(g));
        }
        Ok(Covered { query, edges, withheld })
    }

    /// The first and the last day of which anything is held.
    fn days_held(&self, scope: &Scope) -> Result<Option<(i64, i64)>, StatisticsFault> {
        let sql = "SELECT min(slot), max(slot) FROM fact";
        let held: (Option<i64>, Option<i64>) = self.conn.query_row(sql, [], |r| Ok((r.get(0)?, r.get(1)?)))?;
        let until = scope.until.map_or(i64::MAX, day_number);
        let days = held.0.zip(held.1).map(|(first, last)| (day_of(first), day_of(last).min(until)));
        // No question reaches further back.
        Ok(days.map(|(first, last)| (first.max(last - MAX_DAYS + 62), last)))
    }

    /// Whether the period may stay as it is: it ends within months that are sequences of large days for the whole and for
    /// every row.
    fn ends_within_days(&self, query: &Query, scope: &Scope, (first, last): (i64, i64)) -> Result<bool, AskFault> {
        let (from, to) = (day_number(query.from), day_number(query.to));
        let mut within = Vec::new();
        if query.from.day() != 1 && (first + 1..=last).contains(&from) {
            within.push(month_of(from));
        }
        if query.to != query.to.last_of_month() && (first..last).contains(&to) {
            within.push(month_of(to));
        }
        within.dedup();
        if within.is_empty() {
            return Ok(false);
        }
        for (by, table) in tables(query) {
            // The other end of the period, and what came before, count by months.
            let months = self.months(&table, by, scope, (first, last))?;
            let ends = |group| months.ends(group, month_of(from), month_of(to));
            let rows = months.columns.iter().flat_map(|(_, _, groups)| groups.keys().copied()).map(Some);
            if !rows.chain([None]).all(|group| ends(group).are_good(scope.min_group)) {
                return Ok(false);
            }
            for &month in &within {
                let days = Span::Month.days(month);
                let period = (date_of(days.0), date_of(days.1));
                let columns: Vec<i64> = (days.0..=days.1).collect();
                let daily = self.series(&table, by, scope, period, Dimension::Day, &columns)?;
                let small = |n: &u64| (1..scope.min_group).contains(n);
                let dense = daily.columns.iter().all(|(_, total, groups)| !small(total) && !groups.values().any(small));
                // Visits without a trusted hour are on no day for certain.
                let counted: u64 = daily.columns.iter().map(|(_, total, _)| total).sum();
                let held = months.columns.iter().find(|(m, ..)| *m == month).map_or(0, |(_, total, _)| *total);
                if !dense || counted != held {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// How the question's months end for each row and for the whole.
    fn edges(&self, query: &Query, by: Option<Dimension>, scope: &Scope, held: (i64, i64)) -> Result<Edges, AskFault> {
        // Months and days are units themselves.
        let by = by.filter(|by| !matches!(by, Dimension::Month | Dimension::Day));
        let months = self.months(query, by, scope, held)?;
        let (from, to) = (month_of(day_number(query.from)), month_of(day_number(query.to)));
        let groups = months.columns.iter().flat_map(|(_, _, groups)| groups.keys().copied());
        let of_groups = groups.map(|g| (g, months.ends(Some(g), from, to))).collect();
        Ok(Edges(of_groups, months.ends(None, from, to)))
    }

    fn months(
        &self,
        query: &Query,
        by: Option<Dimension>,
        scope: &Scope,
        (first, last): (i64, i64),
    ) -> Result<Series, AskFault> {
        let columns: Vec<i64> = (month_of(first)..=month_of(last)).collect();
        let period = (date_of(first).first_of_month(), date_of(last).last_of_month());
        self.series(query, by, scope, period, Dimension::Month, &columns)
    }

    fn series(
        &self,
        query: &Query,
        by: Option<Dimension>,
        scope: &Scope,
        (from, to): (Date, Date),
        and: Dimension,
        columns: &[i64],
    ) -> Result<Series, AskFault> {
        let of = Query { by, from, to, ..query.clone() };
        let criteria = Criteria::new(&of, scope, &self.names)?;
        let groups: Vec<Vec<i64>> = columns.iter().map(|c| vec![*c]).collect();
        let summed = self.add_up(Tally::across(by, &criteria, and, &groups))?.into_columns();
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        let columns = columns.iter().zip(summed).map(|(&at, column)| {
            let total = count(column.total.rated());
            let groups = column.into_groups().into_iter().map(|(g, cell)| (g, count(cell.rated())));
            (at, total, groups.filter(|(_, n)| *n > 0).collect())
        });
        Ok(Series { columns: columns.collect() })
    }
}

impl Series {
    /// The ends of a period of whole months, of a group or of the whole.
    fn ends(&self, group: Option<i64>, from: i64, to: i64) -> Ends {
        let up_to = |month: i64| {
            let n = |(_, total, groups): &(i64, u64, HashMap<i64, u64>)| match group {
                Some(group) => groups.get(&group).copied().unwrap_or(0),
                None => *total,
            };
            let mut some = self.columns.iter().rev().filter(|c| c.0 <= month).map(|c| (c.0, n(c)));
            some.find(|(_, n)| *n > 0)
        };
        Ends { before: up_to(from - 1), last: up_to(to) }
    }
}

/// The table that a question asks for, and those that its filters are rows of. Levels are no groups of people.
fn tables(query: &Query) -> Vec<Table> {
    let mut plain = query.clone();
    plain.filters.retain(|f| f.dimension != Dimension::Level);
    let mut all = vec![(query.by.filter(|by| *by != Dimension::Level), plain.clone())];
    let filtered = |d: &&Dimension| plain.filters.iter().any(|f| f.dimension == **d);
    for &dimension in Dimension::ALL.iter().filter(filtered) {
        let mut table = plain.clone();
        table.filters.retain(|f| f.dimension != dimension);
        all.push((Some(dimension), table));
    }
    all
}

/// A period widened outward to whole months, but not beyond `until`.
pub fn whole_months_of(from: Date, to: Date, until: Option<Date>) -> (Date, Date) {
    let (from, last) = (from.first_of_month(), to.last_of_month());
    (from, until.map_or(last, |until| last.min(until)).max(from))
}

#[cfg(test)]
mod tests;
