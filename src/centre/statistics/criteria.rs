//! A query's period, filters and the asker's scope, as numbers that rows are held against.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::calendar::{date_of, day_number, month_of, weekday_of};
use super::cell::{Axis, Cell, NOBODY};
use super::labels::UNASSIGNED;
use super::names::{Kind, NameList};
use super::spans::Span;
use super::{AskFault, Scope};
use crate::domain::query::{Dimension, Query};
use crate::domain::rating::{Channel, Satisfaction};

/// Days of the longest period.
pub const MAX_DAYS: i64 = 3_660;
/// Values of all filters together.
pub const MAX_VALUES: usize = 200;

/// All that a row must meet.
#[derive(Debug)]
pub struct Criteria {
    pub from_day: i64,
    pub to_day: i64,
    /// By [`Axis`], without hours; none: any node.
    nodes: [Option<BTreeSet<u32>>; 6],
    /// The same, by node, for what is asked millions of times.
    passing: [Option<Vec<bool>>; 6],
    /// By level index.
    levels: Option<[bool; 5]>,
    hours: Option<BTreeSet<i64>>,
    weekdays: Option<BTreeSet<i64>>,
    days: Option<BTreeSet<i64>>,
    months: Option<BTreeSet<i64>>,
    unflagged_only: bool,
}

/// Some days of the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    pub first: i64,
    pub last: i64,
    /// False where a filter by day leaves them out: only those without a trusted hour are counted there, beside the figures.
    pub asked: bool,
}

impl Criteria {
    /// Checks the query's values.
    ///
    /// # Errors
    /// [`AskFault`] when the period is no period or a value is none of its dimension.
    pub fn new(query: &Query, scope: &Scope, names: &NameList) -> Result<Self, AskFault> {
        let (from_day, to_day) = (day_number(query.from), day_number(query.to));
        if to_day < from_day {
            return Err(AskFault::Backward { from: query.from, to: query.to });
        }
        let to_day = scope.until.map_or(to_day, |until| to_day.min(day_number(until)));
        if to_day - from_day >= MAX_DAYS {
            return Err(AskFault::TooLong);
        }
        if query.filters.iter().map(|f| f.values.len()).sum::<usize>() > MAX_VALUES {
            return Err(AskFault::TooManyValues);
        }
        let mut all = Self {
            from_day,
            to_day,
            nodes: Default::default(),
            passing: Default::default(),
            levels: None,
            hours: None,
            weekdays: None,
            days: None,
            months: None,
            unflagged_only: query.unflagged_only,
        };
        for filter in &query.filters {
            for value in &filter.values {
                all.allow(filter.dimension, value, names)?;
            }
        }
        all.confine(scope, names);
        for (passing, nodes) in all.passing.iter_mut().zip(&all.nodes) {
            *passing = nodes.as_ref().map(|set| {
                let mut dense = vec![false; set.last().map_or(0, |&n| n as usize + 1)];
                set.iter().for_each(|&n| dense[n as usize] = true);
                dense
            });
        }
        Ok(all)
    }

    /// Nodes of a dimension that may pass; none: any.
    pub fn nodes(&self, by: Axis) -> Option<&BTreeSet<u32>> {
        self.nodes[by as usize].as_ref()
    }

    /// The groups of a dimension that may pass, where some are asked for.
    pub fn groups(&self, dimension: Dimension) -> Vec<i64> {
        let nodes = |axis| self.nodes(axis).into_iter().flatten().map(|&n| i64::from(n)).collect();
        let times = |set: &Option<BTreeSet<i64>>| set.iter().flatten().copied().collect();
        match dimension {
            Dimension::Hall => nodes(Axis::Hall),
            Dimension::ServiceWindow => nodes(Axis::ServiceWindow),
            Dimension::Staff => nodes(Axis::Staff),
            Dimension::Item => nodes(Axis::Item),
            Dimension::Channel => nodes(Axis::Channel),
            Dimension::Reason => nodes(Axis::Reason),
            Dimension::Level => {
                (1..=5).filter(|&l| self.levels.is_some() && self.level_passes(l as usize - 1)).collect()
            }
            Dimension::Hour => times(&self.hours),
            Dimension::Weekday => times(&self.weekdays),
            Dimension::Day => times(&self.days),
            Dimension::Month => times(&self.months),
        }
    }

    /// True if only ratings pass, so that served visits cannot be counted.
    pub fn rated_only(&self) -> bool {
        self.levels.is_some() || self.nodes(Axis::Reason).is_some()
    }

    pub fn needs_hours(&self) -> bool {
        self.hours.is_some()
    }

    pub fn level_passes(&self, index: usize) -> bool {
        self.levels.is_none_or(|l| l[index])
    }

    pub fn hour_passes(&self, hour: i64) -> bool {
        allows(&self.hours, hour)
    }

    /// Whether a day of the period passes the filters by weekday, day and month.
    pub fn day_passes(&self, day: i64) -> bool {
        (self.from_day..=self.to_day).contains(&day)
            && allows(&self.weekdays, weekday_of(day))
            && allows(&self.days, day)
            && self.month_passes(month_of(day))
    }

    /// Whether a weekday may pass; a whole month's sums know no more of their days.
    pub fn weekday_passes(&self, weekday: i64) -> bool {
        allows(&self.weekdays, weekday)
    }

    pub fn month_passes(&self, month: i64) -> bool {
        allows(&self.months, month)
    }

    /// The period without the months that a filter leaves out, and apart at the days that one asks for.
    pub fn pieces(&self) -> Vec<Piece> {
        let mut out: Vec<Piece> = Vec::new();
        let mut add = |first: i64, last: i64, asked: bool| match out.last_mut() {
            Some(before) if before.last + 1 == first && before.asked == asked => before.last = last,
            _ if first <= last => out.push(Piece { first, last, asked }),
            _ => {}
        };
        for month in month_of(self.from_day)..=month_of(self.to_day) {
            if !self.month_passes(month) {
                continue;
            }
            let (first, last) = Span::Month.days(month);
            let (mut first, last) = (first.max(self.from_day), last.min(self.to_day));
            let Some(days) = &self.days else {
                add(first, last, true);
                continue;
            };
            for &day in days.range(first..=last.max(first)).filter(|day| **day <= last) {
                add(first, day - 1, false);
                add(day, day, true);
                first = day + 1;
            }
            add(first, last, false);
        }
        out
    }

    pub fn needs_weekdays(&self) -> bool {
        self.weekdays.is_some()
    }

    /// Whether visits without a trusted hour are left out: their day is not quite certain either.
    pub fn leaves_untimed_out(&self) -> bool {
        self.hours.is_some() || self.weekdays.is_some() || self.days.is_some()
    }

    /// Whether a node of an axis passes.
    #[inline]
    pub fn node_passes(&self, axis: Axis, node: u32) -> bool {
        self.passing[axis as usize].as_ref().is_none_or(|all| all.get(node as usize) == Some(&true))
    }

    /// Whether a visit of this level passes, and what its signal says of it.
    #[inline]
    pub fn rating_passes(&self, level: u8, flagged: bool) -> bool {
        let wanted = |all: [bool; 5]| usize::from(level).checked_sub(1).and_then(|at| all.get(at)) == Some(&true);
        !(self.unflagged_only && flagged) && self.levels.is_none_or(wanted)
    }

    /// What of a cell is asked for: some levels, or only ratings without a signal.
    pub fn masked(&self, mut out: Cell) -> Cell {
        if self.unflagged_only {
            out.served -= out.flagged.iter().sum::<i64>();
            for (n, f) in out.levels.iter_mut().zip(out.flagged) {
                *n -= f;
            }
            out.flagged = [0; 5];
        }
        if let Some(levels) = self.levels {
            for (at, wanted) in levels.into_iter().enumerate() {
                if !wanted {
                    (out.levels[at], out.flagged[at]) = (0, 0);
                }
            }
            out.served = out.levels.iter().sum();
        }
        out
    }

    fn allow(&mut self, dimension: Dimension, value: &str, names: &NameList) -> Result<(), AskFault> {
        let bad =
            |allowed: &'static str| AskFault::Value { dimension, value: value.chars().take(80).collect(), allowed };
        let nodes = &mut self.nodes;
        match dimension {
            Dimension::Hall => permit(nodes, Axis::Hall, names.number(Kind::Hall, value)),
            Dimension::ServiceWindow => permit(nodes, Axis::ServiceWindow, names.windows(value).iter().copied()),
            Dimension::Staff => permit(nodes, Axis::Staff, node_or_nobody(names, Kind::Staff, value)),
            Dimension::Item => permit(nodes, Axis::Item, node_or_nobody(names, Kind::Item, value)),
            Dimension::Reason => permit(nodes, Axis::Reason, names.number(Kind::Reason, value)),
            Dimension::Channel => {
                let channel = Channel::from_code(value).ok_or_else(|| bad("kiosk, phone, business"))?;
                permit(nodes, Axis::Channel, [channel as u32]);
            }
            Dimension::Level => {
                let level = Satisfaction::from_code(value).ok_or_else(|| {
                    bad("very_satisfied, satisfied, basically_satisfied, dissatisfied, very_dissatisfied")
                })?;
                self.levels.get_or_insert_default()[usize::from(level.level()) - 1] = true;
            }
            Dimension::Hour => insert(&mut self.hours, number_in(value, 0, 23).ok_or_else(|| bad("00 to 23"))?),
            Dimension::Weekday => {
                insert(&mut self.weekdays, number_in(value, 1, 7).ok_or_else(|| bad("1 Monday to 7 Sunday"))?);
            }
            Dimension::Day => {
                let date: Date = value.parse().map_err(|_| bad("YYYY-MM-DD"))?;
                insert(&mut self.days, day_number(date));
            }
            Dimension::Month => {
                let first: Date = format!("{value}-01").parse().map_err(|_| bad("YYYY-MM"))?;
                insert(&mut self.months, month_of(day_number(first)));
            }
        }
        Ok(())
    }

    fn confine(&mut self, scope: &Scope, names: &NameList) {
        let mut keep = |by: Axis, allowed: BTreeSet<u32>| {
            let at = &mut self.nodes[by as usize];
            *at = Some(match at.take() {
                Some(asked) => asked.intersection(&allowed).copied().collect(),
                None => allowed,
            });
        };
        if let Some(halls) = &scope.halls {
            keep(Axis::Hall, halls.iter().filter_map(|h| names.number(Kind::Hall, h.as_str())).collect());
        }
        if let Some(staff) = &scope.staff {
            keep(Axis::Staff, names.number(Kind::Staff, staff.as_str()).into_iter().collect());
        }
    }
}

/// The text of a day or month group.
pub fn time_key(dimension: Dimension, group: i64) -> String {
    match dimension {
        Dimension::Day => date_of(group).to_string(),
        Dimension::Month => format!("{:04}-{:02}", group.div_euclid(12), group.rem_euclid(12) + 1),
        Dimension::Hour => format!("{group:02}"),
        _ => group.to_string(),
    }
}

fn allows(set: &Option<BTreeSet<i64>>, value: i64) -> bool {
    set.as_ref().is_none_or(|s| s.contains(&value))
}

fn insert(set: &mut Option<BTreeSet<i64>>, value: i64) {
    set.get_or_insert_default().insert(value);
}

/// A value that names nothing leaves an empty set, which nothing passes.
fn permit(nodes: &mut [Option<BTreeSet<u32>>; 6], by: Axis, named: impl IntoIterator<Item = u32>) {
    nodes[by as usize].get_or_insert_default().extend(named);
}

fn node_or_nobody(names: &NameList, kind: Kind, value: &str) -> Option<u32> {
    if value == UNASSIGNED { Some(NOBODY) } else { names.number(kind, value) }
}

fn number_in(text: &str, low: i64, high: i64) -> Option<i64> {
    text.parse().ok().filter(|n| (low..=high).contains(n))
}
