//! The sums of one question's columns, and where a cell belongs among them. A question without a second dimension has one.

use std::collections::HashMap;

use super::calendar::{month_of, weekday_of};
use super::cell::{Axis, Cell};
use super::criteria::Criteria;
use super::face::Fast;
use crate::domain::query::Dimension;

/// Which sums a reading adds to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Both,
    Groups,
    Total,
}

/// A second dimension.
#[derive(Debug)]
pub struct Across {
    pub dimension: Dimension,
    /// The columns of each of its groups; nearly always one.
    pub columns: HashMap<i64, Vec<usize>, Fast>,
}

/// What was added up of one column.
#[derive(Debug)]
pub struct Column {
    pub groups: Groups,
    pub total: Cell,
    /// Ratings of clock grade C.
    pub untimed: i64,
}

/// One row that was read: when and where its visits were, and what of it passes.
#[derive(Debug, Clone, Copy)]
pub struct When {
    /// None: somewhere in a longer span.
    pub day: Option<i64>,
    /// That of the span's first day.
    pub month: i64,
    pub hall: u32,
    pub timed_pass: bool,
    pub untimed_pass: bool,
}

/// Where one cell stands on the axes that are known of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Standing<'s> {
    pub untimed: bool,
    /// 1 to 7, and 0 to 23; only where they are known, which they are where they are asked for.
    pub hours: Option<(i64, i64)>,
    /// Nodes on the axis that is grouped by, and on that of the second dimension.
    pub nodes: &'s [u32],
    pub others: &'s [u32],
    pub timely: bool,
}

/// Hands out the columns that a cell belongs to, and whether it counts in more than the number of those without an hour.
#[inline]
pub fn each_column(
    across: Option<&Across>,
    columns: &mut [Column],
    when: &When,
    standing: &Standing<'_>,
    level: Option<i64>,
    mut take: impl FnMut(&mut Column, bool),
) {
    let Some(across) = across else { return columns.iter_mut().for_each(|c| take(c, standing.timely)) };
    let mut at = |group: i64| {
        for &at in across.columns.get(&group).into_iter().flatten() {
            take(&mut columns[at], standing.timely);
        }
    };
    match across.dimension {
        Dimension::Level => level.into_iter().for_each(at),
        // Visits without a trusted hour are in no such column, and each says how many there are.
        Dimension::Hour | Dimension::Weekday | Dimension::Day if standing.untimed => {
            columns.iter_mut().for_each(|c| take(c, false));
        }
        Dimension::Reason => standing.others.iter().for_each(|&r| at(i64::from(r))),
        dimension => group(dimension, when, standing, standing.others).into_iter().for_each(at),
    }
}

impl Column {
    pub fn new(by: Option<Dimension>, criteria: &Criteria) -> Self {
        let base = match by {
            Some(Dimension::Day) => criteria.from_day,
            Some(Dimension::Month) => month_of(criteria.from_day),
            _ => 0,
        };
        Self { groups: Groups { base, cells: Vec::new() }, total: Cell::default(), untimed: 0 }
    }

    /// The sums by group.
    pub fn into_groups(self) -> HashMap<i64, Cell> {
        let base = self.groups.base;
        self.groups.cells.into_iter().zip(base..).filter_map(|(cell, at)| Some((at, cell?))).collect()
    }

    pub fn count_untimed(&mut self, standing: &Standing<'_>, part: Part, rated: i64) {
        if standing.untimed && part != Part::Groups {
            self.untimed += rated;
        }
    }

    #[inline]
    #[expect(
        clippy::too_many_arguments,
        reason = "one cell with all that is known of it; a struct would only carry them"
    )]
    pub fn enter(
        &mut self,
        by: Option<Dimension>,
        when: &When,
        standing: &Standing<'_>,
        part: Part,
        rated: i64,
        counts: bool,
        add: impl Fn(&mut Cell),
    ) {
        self.count_untimed(standing, part, rated);
        if !counts {
            return;
        }
        if part != Part::Groups {
            add(&mut self.total);
        }
        match by {
            _ if part == Part::Total => {}
            None => {}
            Some(Dimension::Reason) => standing.nodes.iter().for_each(|&r| self.groups.at(i64::from(r), &add)),
            Some(by) => {
                if let Some(group) = group(by, when, standing, standing.nodes) {
                    self.groups.at(group, add);
                }
            }
        }
    }
}

/// What of a cell is one level.
pub fn one_level(cell: &Cell, at: usize) -> Cell {
    let mut one = Cell { served: cell.levels[at], sample: cell.sample, ..Cell::default() };
    (one.levels[at], one.flagged[at]) = (cell.levels[at], cell.flagged[at]);
    one
}

/// The group of a cell; visits without a trusted hour have none by hour, weekday and day.
#[inline]
pub fn group(by: Dimension, when: &When, standing: &Standing<'_>, nodes: &[u32]) -> Option<i64> {
    let timed = || (!standing.untimed).then_some(());
    match by {
        Dimension::Hour => timed().and(standing.hours).map(|(_, hour)| hour),
        Dimension::Weekday => timed().and(when.day.map(weekday_of).or(standing.hours.map(|(weekday, _)| weekday))),
        Dimension::Day => timed().and(when.day),
        Dimension::Month => Some(when.month),
        Dimension::Hall => Some(i64::from(when.hall)),
        Dimension::Level => None,
        Dimension::ServiceWindow | Dimension::Staff | Dimension::Item | Dimension::Channel | Dimension::Reason => {
            nodes.first().map(|n| i64::from(*n))
        }
    }
}

/// The axis that a dimension's groups are nodes of.
pub fn axis_of(dimension: Dimension) -> Option<Axis> {
    match dimension {
        Dimension::ServiceWindow => Some(Axis::ServiceWindow),
        Dimension::Staff => Some(Axis::Staff),
        Dimension::Item => Some(Axis::Item),
        Dimension::Channel => Some(Axis::Channel),
        Dimension::Reason => Some(Axis::Reason),
        Dimension::Hour => Some(Axis::Hours),
        Dimension::Hall | Dimension::Level | Dimension::Weekday | Dimension::Day | Dimension::Month => None,
    }
}

/// Sums by small numbers from `base` on.
#[derive(Debug)]
pub struct Groups {
    base: i64,
    cells: Vec<Option<Cell>>,
}

/// More nodes, days or hours than this no question has.
const MAX_GROUPS: usize = 1 << 24;

impl Groups {
    /// Forgets all but some.
    pub fn keep(&mut self, mut wanted: impl FnMut(i64) -> bool) {
        for (cell, group) in self.cells.iter_mut().zip(self.base..) {
            if cell.is_some() && !wanted(group) {
                *cell = None;
            }
        }
    }

    #[inline]
    pub fn at(&mut self, group: i64, add: impl FnOnce(&mut Cell)) {
        let Some(at) = usize::try_from(group - self.base).ok().filter(|at| *at < MAX_GROUPS) else { return };
        if at >= self.cells.len() {
            self.cells.resize(at + 1, None);
        }
        add(self.cells[at].get_or_insert_default());
    }
}
