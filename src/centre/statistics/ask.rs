//! Answers a query: chooses the source, adds it up in one snapshot, and hands the sums to [`super::rows`].

use std::collections::HashMap;

use rusqlite::{Connection, params};

use super::calendar::{day_of, hour_of, month_of, weekday_of};
use super::cell::{Cell, NOBODY, RollupBy};
use super::criteria::Criteria;
use super::labels::Labels;
use super::names::{Kind, NameList};
use super::rows;
use super::stored::{COLUMNS, StoredFact};
use super::{AskFault, Scope, StatisticsFault};
use crate::domain::query::{Answer, Dimension, Query};
use crate::domain::rating::Channel;

/// The smallest minimum n of a ranking.
pub const LEAST_MIN_N: u64 = 3;

/// Answers from one snapshot: roll-ups and the facts beyond their watermark, or facts alone.
///
/// # Errors
/// [`AskFault`] when the question is none or the tables cannot be read.
pub fn ask(conn: &Connection, query: &Query, scope: &Scope, labels: &Labels) -> Result<Answer, AskFault> {
    // Dropped unfinished, which ends a read transaction.
    let snapshot = conn.unchecked_transaction().map_err(StatisticsFault::from)?;
    let names = NameList::load(&snapshot).map_err(StatisticsFault::from)?;
    let query = Query { min_n: query.min_n.max(LEAST_MIN_N), ..query.clone() };
    let criteria = Criteria::new(&query, scope, &names)?;
    let mut tally =
        Tally { by: query.by, criteria: &criteria, groups: HashMap::new(), total: Cell::default(), untimed: 0 };
    match source(query.by, &criteria) {
        Source::Rollup(by) => {
            let mark: i64 = snapshot
                .query_row("SELECT fact FROM rollup_mark WHERE id = 1", [], |r| r.get(0))
                .map_err(StatisticsFault::from)?;
            // Reasons overlap, so that their sum is no total.
            let apart = query.by == Some(Dimension::Reason) && criteria.nodes(RollupBy::Reason).is_none();
            tally.read_rollup(&snapshot, &names, by, if apart { Part::Groups } else { Part::Both })?;
            if apart {
                tally.read_rollup(&snapshot, &names, RollupBy::Hall, Part::Total)?;
            }
            tally.read_facts(&snapshot, "NOT INDEXED WHERE id > ?3 AND slot BETWEEN ?1 AND ?2", mark)?;
        }
        Source::Facts => {
            let windows = criteria.nodes(RollupBy::ServiceWindow).map(|set| {
                let list: Vec<String> = set.iter().map(u32::to_string).collect();
                format!(" AND service_window IN ({})", list.join(","))
            });
            let from = format!("WHERE slot BETWEEN ?1 AND ?2 AND id > ?3{}", windows.unwrap_or_default());
            tally.read_facts(&snapshot, &from, 0)?;
        }
    }
    let Tally { groups, total, untimed, .. } = tally;
    Ok(rows::answer(rows::Sums { groups, total, untimed }, query, scope, &criteria, &names, labels))
}

/// Where an answer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Rollup(RollupBy),
    Facts,
}

/// Roll-ups know one dimension beside hall, level and time; a cross of two, or a choice of several reasons, does not
/// stand in them.
fn source(by: Option<Dimension>, criteria: &Criteria) -> Source {
    let kept = [RollupBy::ServiceWindow, RollupBy::Staff, RollupBy::Item, RollupBy::Channel, RollupBy::Reason];
    let mut touched = kept.into_iter().filter(|&k| criteria.nodes(k).is_some() || by.and_then(rollup_of) == Some(k));
    let first = touched.next();
    if touched.next().is_some() {
        return Source::Facts;
    }
    match first {
        None => Source::Rollup(RollupBy::Hall),
        Some(RollupBy::Reason) if criteria.nodes(RollupBy::Reason).is_some_and(|set| set.len() > 1) => Source::Facts,
        Some(one) => Source::Rollup(one),
    }
}

fn rollup_of(dimension: Dimension) -> Option<RollupBy> {
    match dimension {
        Dimension::Hall => Some(RollupBy::Hall),
        Dimension::ServiceWindow => Some(RollupBy::ServiceWindow),
        Dimension::Staff => Some(RollupBy::Staff),
        Dimension::Item => Some(RollupBy::Item),
        Dimension::Channel => Some(RollupBy::Channel),
        Dimension::Reason => Some(RollupBy::Reason),
        Dimension::Level | Dimension::Hour | Dimension::Weekday | Dimension::Day | Dimension::Month => None,
    }
}

/// Which sums a read adds to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Both,
    Groups,
    Total,
}

struct Tally<'a> {
    by: Option<Dimension>,
    criteria: &'a Criteria,
    groups: HashMap<i64, Cell>,
    total: Cell,
    untimed: i64,
}

impl Tally<'_> {
    fn read_rollup(
        &mut self,
        conn: &Connection,
        names: &NameList,
        by: RollupBy,
        part: Part,
    ) -> Result<(), StatisticsFault> {
        let hourly = self.by == Some(Dimension::Hour) || self.criteria.needs_hours();
        let table = if hourly { "rollup_hour" } else { "rollup_day" };
        let mut statement = conn.prepare_cached(&format!(
            "SELECT slot, hall, n1, n2, n3, n4, n5, f1, f2, f3, f4, f5, served, sample FROM {table} \
             WHERE dim = ?1 AND node = ?2 AND slot BETWEEN ?3 AND ?4"
        ))?;
        let (first, last) = self.criteria.slots();
        let halls = self.criteria.nodes(RollupBy::Hall);
        for node in nodes(by, self.criteria, names) {
            let mut rows = statement.query(params![by as u8, node, first, last])?;
            while let Some(row) = rows.next()? {
                let hall: u32 = row.get(1)?;
                if halls.is_some_and(|set| !set.contains(&hall)) {
                    continue;
                }
                let mut cell = Cell { served: row.get(12)?, sample: row.get(13)?, ..Cell::default() };
                for at in 0..5 {
                    cell.levels[at] = row.get(2 + at)?;
                    cell.flagged[at] = row.get(7 + at)?;
                }
                self.take(&[node], hall, row.get(0)?, &cell, part);
            }
        }
        Ok(())
    }

    fn read_facts(&mut self, conn: &Connection, from: &str, after: i64) -> Result<(), StatisticsFault> {
        let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM fact {from}"))?;
        let (first, last) = self.criteria.slots();
        let mut rows = statement.query(params![first, last, after])?;
        while let Some(row) = rows.next()? {
            let (_, fact) = StoredFact::read(row)?;
            if !self.criteria.fact_passes(&fact) {
                continue;
            }
            let cell = Cell::of(&fact);
            match self.by {
                Some(Dimension::Reason) => {
                    let asked = self.criteria.nodes(RollupBy::Reason);
                    let reasons: Vec<u32> =
                        fact.given_reasons().iter().copied().filter(|r| asked.is_none_or(|s| s.contains(r))).collect();
                    self.take(&reasons, fact.hall, fact.slot, &cell, Part::Both);
                }
                Some(Dimension::ServiceWindow) => {
                    self.take(&[fact.service_window], fact.hall, fact.slot, &cell, Part::Both)
                }
                Some(Dimension::Staff) => {
                    self.take(&[fact.staff.unwrap_or(NOBODY)], fact.hall, fact.slot, &cell, Part::Both);
                }
                Some(Dimension::Item) => {
                    self.take(&[fact.item.unwrap_or(NOBODY)], fact.hall, fact.slot, &cell, Part::Both);
                }
                Some(Dimension::Channel) => self.take(&[fact.channel], fact.hall, fact.slot, &cell, Part::Both),
                _ => self.take(&[fact.hall], fact.hall, fact.slot, &cell, Part::Both),
            }
        }
        Ok(())
    }

    /// Adds a cell under each of its nodes, and once to the total.
    fn take(&mut self, nodes: &[u32], hall: u32, slot: i64, cell: &Cell, part: Part) {
        let cell = self.criteria.masked(cell);
        if part != Part::Groups && self.criteria.is_untimed(slot) {
            self.untimed += cell.levels.iter().sum::<i64>();
        }
        if !self.criteria.slot_passes(slot) {
            return;
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
                    self.groups.entry(at as i64 + 1).or_default().add(&one);
                }
            }
            Some(by) => {
                let time = match by {
                    Dimension::Hour => Some(hour_of(slot)),
                    Dimension::Weekday => Some(hour_of(slot).map(|_| weekday_of(day_of(slot)))),
                    Dimension::Day => Some(hour_of(slot).map(|_| day_of(slot))),
                    Dimension::Month => Some(Some(month_of(day_of(slot)))),
                    _ => None,
                };
                match (time, by) {
                    (Some(group), _) => group.into_iter().for_each(|g| self.groups.entry(g).or_default().add(&cell)),
                    (None, Dimension::Hall) => self.groups.entry(i64::from(hall)).or_default().add(&cell),
                    (None, _) => nodes.iter().for_each(|&n| self.groups.entry(i64::from(n)).or_default().add(&cell)),
                }
            }
        }
    }
}

/// The nodes to read: those asked for, else all that exist.
fn nodes(by: RollupBy, criteria: &Criteria, names: &NameList) -> Vec<u32> {
    if let Some(asked) = criteria.nodes(by) {
        return asked.iter().copied().collect();
    }
    match by {
        RollupBy::Hall => names.numbers(Kind::Hall).collect(),
        RollupBy::ServiceWindow => names.numbers(Kind::ServiceWindow).collect(),
        RollupBy::Staff => names.numbers(Kind::Staff).chain([NOBODY]).collect(),
        RollupBy::Item => names.numbers(Kind::Item).chain([NOBODY]).collect(),
        RollupBy::Reason => names.numbers(Kind::Reason).collect(),
        RollupBy::Channel => Channel::ALL.iter().map(|&c| c as u32).collect(),
    }
}
