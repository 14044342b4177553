//! Adds up what passes a question's criteria, from sheets, from faces and from cubes.

use std::collections::HashMap;

use super::StatisticsFault;
use super::calendar::{month_of, weekday_of};
use super::cell::{Axis, Cell};
use super::column::{Across, Column, Part, Standing, When, axis_of, each_column, group, one_level};
use super::criteria::Criteria;
use super::cube::{self, Cube, Spot};
use super::face::{self, Face, Fast};
use super::sheet::{Reading, Run, Sheet};
use super::spans::Span;
use super::whole;
use crate::domain::query::Dimension;

/// The sums of one question, or of one for each value of a second dimension.
#[derive(Debug)]
pub struct Tally<'a> {
    by: Option<Dimension>,
    criteria: &'a Criteria,
    across: Option<Across>,
    columns: Vec<Column>,
}

impl<'a> Tally<'a> {
    pub fn new(by: Option<Dimension>, criteria: &'a Criteria) -> Self {
        Self { by, criteria, across: None, columns: vec![Column::new(by, criteria)] }
    }

    /// The same for each column of a second dimension; `groups` are those that belong to it.
    pub fn across(by: Option<Dimension>, criteria: &'a Criteria, dimension: Dimension, groups: &[Vec<i64>]) -> Self {
        let mut columns = HashMap::<i64, Vec<usize>, Fast>::default();
        for (at, all) in groups.iter().enumerate() {
            all.iter().for_each(|group| columns.entry(*group).or_default().push(at));
        }
        let across = Some(Across { dimension, columns });
        Self { by, criteria, across, columns: groups.iter().map(|_| Column::new(by, criteria)).collect() }
    }

    /// Whether the question is about a dimension, by groups or by columns.
    pub fn asks(&self, dimension: Dimension) -> bool {
        self.by == Some(dimension) || self.second() == Some(dimension)
    }

    pub fn groups_by(&self) -> Option<Dimension> {
        self.by
    }

    pub fn criteria(&self) -> &'a Criteria {
        self.criteria
    }

    pub fn into_columns(self) -> Vec<Column> {
        self.columns
    }

    /// Adds a day's face.
    pub fn day(&mut self, face: Face, hall: u32, day: i64, bytes: &[u8], part: Part) -> Result<(), StatisticsFault> {
        self.face(face, self.when_day(hall, day), bytes, part)
    }

    /// Adds a span's sheet; `asked` is false where the figures leave its days out.
    pub fn sheet(
        &mut self,
        (sheet, span, number): (Sheet, Span, i64),
        hall: u32,
        asked: bool,
        bytes: &[u8],
        part: Part,
    ) -> Result<(), StatisticsFault> {
        let month = month_of(span.days(number).0);
        let untimed_pass = !self.criteria.leaves_untimed_out();
        let when = When { day: None, month, hall, timed_pass: asked, untimed_pass };
        let mut read = Reading::open(sheet, bytes)?;
        let wanted = [self.by.and_then(axis_of), self.second().and_then(axis_of)];
        let desks: Vec<Option<[u32; 2]>> = read.desks().iter().map(|desk| self.desk(*desk, wanted)).collect();
        if desks.iter().all(Option::is_none) {
            return Ok(());
        }
        let by_desk = matches!(wanted[1], Some(Axis::ServiceWindow | Axis::Staff));
        while let Some(run) = read.next_run()? {
            let Some((timely, of_run)) = self.run(&when, &run, wanted) else { continue };
            let hours = Some((i64::from(run.weekday), i64::from(run.hour)));
            if !by_desk {
                let others = &of_run[1..];
                let standing = Standing { untimed: run.untimed, hours, nodes: &[], others, timely };
                if !self.column_wanted(&when, &standing) {
                    continue;
                }
            }
            while let Some(desk) = read.next_desk()? {
                let Some(of_desk) = desks.get(desk).copied().flatten() else {
                    read.pass()?;
                    continue;
                };
                // An axis is one of the run's or one of the desk's, and 0 in the other.
                let (nodes, others) = ([of_run[0].max(of_desk[0])], [of_run[1].max(of_desk[1])]);
                let standing = Standing { untimed: run.untimed, hours, nodes: &nodes, others: &others, timely };
                if by_desk && !self.column_wanted(&when, &standing) {
                    read.pass()?;
                    continue;
                }
                let cell = self.criteria.masked(read.cell()?);
                self.take(&when, &standing, &cell, part);
            }
        }
        Ok(())
    }

    /// Adds what of a span in full detail passes.
    pub fn whole(
        &mut self,
        (span, number): (Span, i64),
        hall: u32,
        bytes: &[u8],
        part: Part,
    ) -> Result<(), StatisticsFault> {
        let c = self.criteria;
        let first = span.days(number).0;
        let month = month_of(first);
        let untimed_pass = c.month_passes(month) && !c.leaves_untimed_out();
        let days: Vec<bool> = (-1..31).map(|after| c.day_passes(first + after)).collect();
        let mut read = whole::Reading::open(bytes)?;
        let reasons = self.reasons(read.sets());
        let wanted = [self.by.and_then(axis_of), self.second().and_then(axis_of)];
        let desks: Vec<Option<[u32; 2]>> = read.desks().iter().map(|desk| self.desk(*desk, wanted)).collect();
        while let Some((item, set)) = read.next_run()? {
            let set = reasons.get(set).and_then(Option::as_ref).filter(|_| c.node_passes(Axis::Item, item));
            let Some(set) = set else { continue };
            while let Some((desk, times)) = read.next_row()? {
                let (channel, day) = (u32::from(times.channel), first + i64::from(times.day) - 1);
                let timed_pass = days.get(usize::from(times.day)) == Some(&true);
                let timely = if times.untimed { untimed_pass } else { timed_pass && c.hour_passes(times.hour.into()) };
                let counts = (timely || times.untimed) && c.node_passes(Axis::Channel, channel);
                let Some(of_desk) = desks.get(desk).copied().flatten().filter(|_| counts) else {
                    read.pass()?;
                    continue;
                };
                let node = |at: usize| match wanted[at] {
                    Some(Axis::Item) => item,
                    Some(Axis::Channel) => channel,
                    _ => of_desk[at],
                };
                let (node, other) = ([node(0)], [node(1)]);
                let of = |at: usize, one| if wanted[at] == Some(Axis::Reason) { set.as_slice() } else { one };
                let standing = Standing {
                    untimed: times.untimed,
                    hours: Some((weekday_of(day), i64::from(times.hour))),
                    nodes: of(0, &node),
                    others: of(1, &other),
                    timely,
                };
                let when = When { day: Some(day), month, hall, timed_pass, untimed_pass };
                let cell = c.masked(read.cell()?);
                self.take(&when, &standing, &cell, part);
            }
        }
        Ok(())
    }

    /// The nodes that a desk gives to the groups and to the columns; none if it does not pass.
    fn desk(&self, (window, staff): (u32, u32), wanted: [Option<Axis>; 2]) -> Option<[u32; 2]> {
        let c = self.criteria;
        let passes = c.node_passes(Axis::ServiceWindow, window) && c.node_passes(Axis::Staff, staff);
        passes.then(|| {
            wanted.map(|axis| match axis {
                Some(Axis::ServiceWindow) => window,
                Some(Axis::Staff) => staff,
                _ => 0,
            })
        })
    }

    /// Whether a run counts, and its nodes; none if nothing of it is wanted. What a sheet does not have, no filter is about.
    fn run(&self, when: &When, run: &Run, wanted: [Option<Axis>; 2]) -> Option<(bool, [u32; 2])> {
        let (c, channel) = (self.criteria, u32::from(run.channel));
        let passes = c.node_passes(Axis::Item, run.item)
            && c.node_passes(Axis::Channel, channel)
            && c.node_passes(Axis::Reason, run.reason);
        if !passes {
            return None;
        }
        let timely = if run.untimed {
            when.untimed_pass
        } else {
            when.timed_pass && c.weekday_passes(run.weekday.into()) && c.hour_passes(run.hour.into())
        };
        let node = |axis| match axis {
            Some(Axis::Item) => run.item,
            Some(Axis::Channel) => channel,
            Some(Axis::Reason) => run.reason,
            _ => 0,
        };
        (timely || run.untimed).then(|| (timely, wanted.map(node)))
    }

    /// Adds what of a day's cube passes.
    pub fn cube(&mut self, hall: u32, day: i64, cube: &Cube, part: Part) {
        let when = self.when_day(hall, day);
        let reasons = self.reasons(cube.sets());
        for (spot, n) in cube.rows() {
            self.spot(&when, &reasons, spot, *n, part);
        }
    }

    /// The same from its bytes.
    pub fn cube_bytes(&mut self, hall: u32, day: i64, bytes: &[u8], part: Part) -> Result<(), StatisticsFault> {
        let when = self.when_day(hall, day);
        if !self.criteria.month_passes(when.month) {
            return Ok(());
        }
        let (sets, mut rows) = cube::open(bytes)?;
        let reasons = self.reasons(&sets);
        // Most rows fail by what they have in common with the row before.
        let mut passes = self.place_passes(&reasons, rows.spot());
        while let Some((moved, n)) = rows.step()? {
            let spot = rows.spot();
            if moved {
                passes = self.place_passes(&reasons, spot);
            }
            if passes && (self.criteria.hour_passes(spot.hour.into()) || spot.is_untimed()) {
                self.spot(&when, &reasons, spot, n, part);
            }
        }
        Ok(())
    }

    fn second(&self) -> Option<Dimension> {
        self.across.as_ref().map(|a| a.dimension)
    }

    fn when_day(&self, hall: u32, day: i64) -> When {
        let month = month_of(day);
        let untimed_pass = self.criteria.month_passes(month) && !self.criteria.leaves_untimed_out();
        When { day: Some(day), month, hall, timed_pass: self.criteria.day_passes(day), untimed_pass }
    }

    /// Of each set of reasons those that are asked for; none where a set has none of them.
    fn reasons(&self, sets: &[Vec<u32>]) -> Vec<Option<Vec<u32>>> {
        let asked = self.criteria.nodes(Axis::Reason);
        let wanted = |set: &Vec<u32>| -> Option<Vec<u32>> {
            let Some(asked) = asked else { return Some(set.clone()) };
            let some: Vec<u32> = set.iter().copied().filter(|r| asked.contains(r)).collect();
            (!some.is_empty()).then_some(some)
        };
        sets.iter().map(wanted).collect()
    }

    /// Whether a kind of visit passes by everything but time and level.
    #[inline]
    fn place_passes(&self, reasons: &[Option<Vec<u32>>], spot: &Spot) -> bool {
        let c = self.criteria;
        c.node_passes(Axis::Item, spot.item)
            && c.node_passes(Axis::ServiceWindow, spot.service_window)
            && c.node_passes(Axis::Staff, spot.staff)
            && c.node_passes(Axis::Channel, u32::from(spot.channel))
            && reasons.get(spot.set as usize).is_some_and(Option::is_some)
    }

    #[inline]
    fn spot(&mut self, when: &When, reasons: &[Option<Vec<u32>>], spot: &Spot, n: i64, part: Part) {
        let c = self.criteria;
        let passes = self.place_passes(reasons, spot) && c.rating_passes(spot.level, spot.flagged);
        let set = reasons.get(spot.set as usize).and_then(Option::as_ref);
        let Some(set) = set.filter(|_| passes && c.month_passes(when.month)) else { return };
        let untimed = spot.is_untimed();
        let timely = if untimed { when.untimed_pass } else { when.timed_pass && c.hour_passes(i64::from(spot.hour)) };
        if !timely && !untimed {
            return;
        }
        let weekday = when.day.map_or(0, weekday_of);
        let node = |dimension: Option<Dimension>| match dimension.and_then(axis_of) {
            None | Some(Axis::Reason) => 0,
            Some(axis) => face::node(axis, spot, weekday),
        };
        let (node, other) = ([node(self.by)], [node(self.second())]);
        let of = |dimension, one| if dimension == Some(Dimension::Reason) { set.as_slice() } else { one };
        let standing = Standing {
            untimed,
            hours: Some((weekday, i64::from(spot.hour))),
            nodes: of(self.by, &node),
            others: of(self.second(), &other),
            timely,
        };
        if self.asks(Dimension::Level) {
            let mut cell = Cell::default();
            cell.add_spot(spot, n);
            self.take(when, &standing, &cell, part);
            return;
        }
        let rated = if spot.level > 0 { n } else { 0 };
        self.put(when, &standing, part, rated, |sum| sum.add_spot(spot, n));
    }

    fn face(&mut self, face: Face, when: When, bytes: &[u8], part: Part) -> Result<(), StatisticsFault> {
        if !self.criteria.month_passes(when.month) {
            return Ok(());
        }
        let (first, second) = (face.0, face.1);
        let wanted = [self.by.and_then(axis_of), self.second().and_then(axis_of)];
        face::read(bytes, second.is_some(), |a, b, untimed, unread| {
            let (mut hours, mut nodes) = (None, [0; 2]);
            for (axis, key) in [(Some(first), a), (second, b)] {
                match axis {
                    None => {}
                    Some(Axis::Hours) => hours = Some(Face::hours_of(key)),
                    Some(axis) if !self.criteria.node_passes(axis, key) => return,
                    Some(axis) => {
                        for (node, wanted) in nodes.iter_mut().zip(wanted) {
                            if wanted == Some(axis) {
                                *node = key;
                            }
                        }
                    }
                }
            }
            let timely = if untimed {
                when.untimed_pass
            } else {
                let c = self.criteria;
                when.timed_pass && hours.is_none_or(|(weekday, hour)| c.weekday_passes(weekday) && c.hour_passes(hour))
            };
            let standing = Standing { untimed, hours, nodes: &nodes[..1], others: &nodes[1..], timely };
            if timely || untimed {
                let column_wanted = self.column_wanted(&when, &standing);
                if column_wanted {
                    let cell = self.criteria.masked(unread.cell());
                    self.take(&when, &standing, &cell, part);
                }
            }
        })
    }

    /// False where no column takes a cell, whose sums then need not be read.
    fn column_wanted(&self, when: &When, standing: &Standing<'_>) -> bool {
        match &self.across {
            Some(across) if !standing.untimed && across.dimension != Dimension::Level => {
                group(across.dimension, when, standing, standing.others)
                    .is_some_and(|g| across.columns.contains_key(&g))
            }
            _ => true,
        }
    }

    /// Adds a cell of several levels.
    fn take(&mut self, when: &When, standing: &Standing<'_>, cell: &Cell, part: Part) {
        let is_something = |cell: &Cell| cell.served != 0 || cell.levels != [0; 5] || cell.flagged != [0; 5];
        if self.second() != Some(Dimension::Level) {
            // What the question leaves nothing of is in no group, as in a cube.
            if is_something(cell) {
                self.take_in(when, standing, cell, part, None);
            }
            return;
        }
        for at in 0..5 {
            let one = one_level(cell, at);
            if is_something(&one) {
                self.take_in(when, standing, &one, part, Some(at as i64 + 1));
            }
        }
    }

    fn take_in(&mut self, when: &When, standing: &Standing<'_>, cell: &Cell, part: Part, level: Option<i64>) {
        let Self { by, across, columns, .. } = self;
        if *by == Some(Dimension::Level) {
            each_column(across.as_ref(), columns, when, standing, level, |column, counts| {
                column.count_untimed(standing, part, cell.rated());
                if counts && part != Part::Groups {
                    column.total.add(cell);
                }
                if counts && part != Part::Total {
                    for at in 0..5 {
                        column.groups.at(at as i64 + 1, |sum| sum.add(&one_level(cell, at)));
                    }
                }
            });
            return;
        }
        let by = *by;
        each_column(across.as_ref(), columns, when, standing, level, |column, counts| {
            column.enter(by, when, standing, part, cell.rated(), counts, |sum| sum.add(cell));
        });
    }

    #[inline]
    fn put(&mut self, when: &When, standing: &Standing<'_>, part: Part, rated: i64, add: impl Fn(&mut Cell)) {
        let Self { by, across, columns, .. } = self;
        let by = *by;
        each_column(across.as_ref(), columns, when, standing, None, |column, counts| {
            column.enter(by, when, standing, part, rated, counts, &add);
        });
    }
}
