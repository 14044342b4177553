//! Adds up what passes a question's criteria, from faces and from cubes.

use std::collections::HashMap;

use super::StatisticsFault;
use super::calendar::{month_of, weekday_of};
use super::cell::{Axis, Cell};
use super::criteria::Criteria;
use super::cube::{Cube, Spot};
use super::face::{self, Face};
use crate::domain::query::Dimension;

/// Which sums a reading adds to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Both,
    Groups,
    Total,
}

/// The sums of one question.
#[derive(Debug)]
pub struct Tally<'a> {
    by: Option<Dimension>,
    axis: Option<Axis>,
    criteria: &'a Criteria,
    groups: Groups,
    pub total: Cell,
    /// Ratings of clock grade C.
    pub untimed: i64,
}

/// When the visits of one row were, and what of it passes.
#[derive(Debug, Clone, Copy)]
struct When {
    /// None: somewhere in the month.
    day: Option<i64>,
    month: i64,
    hall: u32,
    timed_pass: bool,
    untimed_pass: bool,
}

/// One cell on its way: where it stands on the axes that are known of it.
#[derive(Debug, Clone, Copy)]
struct Standing {
    untimed: bool,
    /// 1 to 7, and 0 to 23; only where the face has hours.
    hours: Option<(i64, i64)>,
    /// On the axis that is grouped by.
    node: u32,
}

impl<'a> Tally<'a> {
    pub fn new(by: Option<Dimension>, criteria: &'a Criteria) -> Self {
        let base = match by {
            Some(Dimension::Day) => criteria.from_day,
            Some(Dimension::Month) => month_of(criteria.from_day),
            _ => 0,
        };
        let groups = Groups { base, cells: Vec::new() };
        Self { by, axis: by.and_then(axis_of), criteria, groups, total: Cell::default(), untimed: 0 }
    }

    pub fn by(&self) -> Option<Dimension> {
        self.by
    }

    pub fn criteria(&self) -> &'a Criteria {
        self.criteria
    }

    /// The sums by group.
    pub fn into_groups(self) -> HashMap<i64, Cell> {
        let base = self.groups.base;
        self.groups.cells.into_iter().zip(base..).filter_map(|(cell, at)| Some((at, cell?))).collect()
    }

    /// Adds a day's face.
    pub fn day(&mut self, face: Face, hall: u32, day: i64, bytes: &[u8], part: Part) -> Result<(), StatisticsFault> {
        self.face(face, self.when_day(hall, day), bytes, part)
    }

    /// Adds a whole month's face.
    pub fn month(
        &mut self,
        face: Face,
        hall: u32,
        month: i64,
        bytes: &[u8],
        part: Part,
    ) -> Result<(), StatisticsFault> {
        let passes = self.criteria.month_passes(month);
        let untimed_pass = passes && !self.criteria.leaves_untimed_out();
        self.face(face, When { day: None, month, hall, timed_pass: passes, untimed_pass }, bytes, part)
    }

    /// Adds what of a day's cube passes.
    pub fn cube(&mut self, hall: u32, day: i64, cube: &Cube, part: Part) {
        let when = self.when_day(hall, day);
        if !self.criteria.month_passes(when.month) {
            return;
        }
        let asked = self.criteria.nodes(Axis::Reason);
        let wanted: Vec<bool> =
            cube.sets().iter().map(|set| asked.is_none_or(|a| set.iter().any(|r| a.contains(r)))).collect();
        let weekday = weekday_of(day);
        for (spot, n) in cube.rows() {
            if !self.spot_passes(spot) || wanted.get(spot.set as usize) != Some(&true) {
                continue;
            }
            let untimed = spot.is_untimed();
            if untimed && part != Part::Groups && spot.level > 0 {
                self.untimed += n;
            }
            let timely = if untimed {
                when.untimed_pass
            } else {
                when.timed_pass && self.criteria.hour_passes(i64::from(spot.hour))
            };
            if !timely {
                continue;
            }
            if part != Part::Groups {
                self.total.add_spot(spot, *n);
            }
            if part == Part::Total {
                continue;
            }
            if self.by == Some(Dimension::Reason) {
                let set = cube.sets().get(spot.set as usize).map_or(&[][..], Vec::as_slice);
                for &reason in set.iter().filter(|r| asked.is_none_or(|a| a.contains(r))) {
                    self.groups.at(i64::from(reason), |cell| cell.add_spot(spot, *n));
                }
                continue;
            }
            let node = self.axis.map_or(0, |axis| face::node(axis, spot, weekday));
            let standing = Standing { untimed, hours: Some((weekday, i64::from(spot.hour))), node };
            match self.by {
                Some(Dimension::Level) => {
                    if spot.level > 0 {
                        self.groups.at(i64::from(spot.level), |cell| cell.add_spot(spot, *n));
                    }
                }
                Some(by) => {
                    if let Some(group) = group(by, &when, &standing) {
                        self.groups.at(group, |cell| cell.add_spot(spot, *n));
                    }
                }
                None => {}
            }
        }
    }

    fn when_day(&self, hall: u32, day: i64) -> When {
        let month = month_of(day);
        let untimed_pass = self.criteria.month_passes(month) && !self.criteria.leaves_untimed_out();
        When { day: Some(day), month, hall, timed_pass: self.criteria.day_passes(day), untimed_pass }
    }

    #[inline]
    fn spot_passes(&self, spot: &Spot) -> bool {
        let c = self.criteria;
        c.node_passes(Axis::ServiceWindow, spot.service_window)
            && c.node_passes(Axis::Staff, spot.staff)
            && c.node_passes(Axis::Item, spot.item)
            && c.node_passes(Axis::Channel, u32::from(spot.channel))
            && c.rating_passes(spot.level, spot.flagged)
    }

    fn face(&mut self, face: Face, when: When, bytes: &[u8], part: Part) -> Result<(), StatisticsFault> {
        if !self.criteria.month_passes(when.month) {
            return Ok(());
        }
        let (first, second) = (face.0, face.1);
        let wanted = self.axis;
        face::read(bytes, second.is_some(), |a, b, untimed, cell| {
            let mut standing = Standing { untimed, hours: None, node: 0 };
            for (axis, key) in [(Some(first), a), (second, b)] {
                match axis {
                    None => {}
                    Some(Axis::Hours) => standing.hours = Some(Face::hours_of(key)),
                    Some(axis) if !self.criteria.node_passes(axis, key) => return,
                    Some(axis) if Some(axis) == wanted => standing.node = key,
                    Some(_) => {}
                }
            }
            self.take(&when, &standing, cell, part);
        })
    }

    fn take(&mut self, when: &When, standing: &Standing, cell: &Cell, part: Part) {
        let cell = self.criteria.masked(cell);
        if standing.untimed {
            if part != Part::Groups {
                self.untimed += cell.rated();
            }
            if !when.untimed_pass {
                return;
            }
        } else {
            let within = standing
                .hours
                .is_none_or(|(weekday, hour)| self.criteria.weekday_passes(weekday) && self.criteria.hour_passes(hour));
            if !when.timed_pass || !within {
                return;
            }
        }
        if part != Part::Groups {
            self.total.add(&cell);
        }
        if part == Part::Total {
            return;
        }
        match self.by {
            None => {}
            Some(Dimension::Level) => {
                for (at, (&n, &flagged)) in cell.levels.iter().zip(&cell.flagged).enumerate() {
                    let mut one = Cell { served: n, ..Cell::default() };
                    (one.levels[at], one.flagged[at]) = (n, flagged);
                    self.groups.at(at as i64 + 1, |cell| cell.add(&one));
                }
            }
            Some(by) => {
                if let Some(group) = group(by, when, standing) {
                    self.groups.at(group, |sum| sum.add(&cell));
                }
            }
        }
    }
}

/// The group of a cell; visits without a trusted hour have none by hour, weekday and day.
fn group(by: Dimension, when: &When, standing: &Standing) -> Option<i64> {
    let timed = || (!standing.untimed).then_some(());
    match by {
        Dimension::Hour => timed().and(standing.hours).map(|(_, hour)| hour),
        Dimension::Weekday => timed().and(when.day.map(weekday_of).or(standing.hours.map(|(weekday, _)| weekday))),
        Dimension::Day => timed().and(when.day),
        Dimension::Month => Some(when.month),
        Dimension::Hall => Some(i64::from(when.hall)),
        Dimension::Level => None,
        Dimension::ServiceWindow | Dimension::Staff | Dimension::Item | Dimension::Channel | Dimension::Reason => {
            Some(i64::from(standing.node))
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
struct Groups {
    base: i64,
    cells: Vec<Option<Cell>>,
}

/// More nodes, days or hours than this no question has.
const MAX_GROUPS: usize = 1 << 24;

impl Groups {
    #[inline]
    fn at(&mut self, group: i64, add: impl FnOnce(&mut Cell)) {
        let Some(at) = usize::try_from(group - self.base).ok().filter(|at| *at < MAX_GROUPS) else { return };
        if at >= self.cells.len() {
            self.cells.resize(at + 1, None);
        }
        add(self.cells[at].get_or_insert_default());
    }
}
