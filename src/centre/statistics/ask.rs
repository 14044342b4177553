//! Answers a query: chooses the roll-ups, adds them up in one snapshot, and hands the sums to [`super::rows`].
//!
//! A question touches the axes that it groups or filters by. Whole finished months come from the face of just these axes,
//! if they are two at most; the days around them from the day's face of one axis, else from the day's cube; and the facts
//! that no roll-up contains yet are added to every answer.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use rusqlite::{Connection, Transaction};

use super::calendar::{day_of, month_of};
use super::cell::Axis;
use super::criteria::Criteria;
use super::cube::Cube;
use super::face::Face;
use super::labels::Labels;
use super::names::{Kind, NameList, NamesRead};
use super::rows;
use super::shelf::{self, Grain};
use super::stored::{COLUMNS, StoredFact};
use super::tally::{Part, Tally, axis_of};
use super::{AskFault, Scope, StatisticsFault};
use crate::domain::query::{Answer, Dimension, Query};

/// The smallest minimum n of a ranking.
pub const LEAST_MIN_N: u64 = 3;

/// Answers one question. Whoever has several should open one [`Snapshot`] for all of them.
///
/// # Errors
/// [`AskFault`] when the question is none or the tables cannot be read.
pub fn ask(conn: &Connection, query: &Query, scope: &Scope, labels: &Labels) -> Result<Answer, AskFault> {
    Snapshot::open(conn, &NamesRead::default())?.ask(query, scope, labels)
}

/// All figures as of one moment: what is rolled up, and the facts beyond the watermark.
pub struct Snapshot<'c> {
    /// Dropped unfinished, which ends a read transaction.
    conn: Transaction<'c>,
    names: Arc<NameList>,
    /// What no roll-up contains yet, by day and hall.
    rest: HashMap<(i64, u32), Cube>,
}

impl<'c> Snapshot<'c> {
    /// `names` belongs to the database and saves reading them again.
    ///
    /// # Errors
    /// [`StatisticsFault`].
    pub fn open(conn: &'c Connection, names: &NamesRead) -> Result<Self, StatisticsFault> {
        let conn = conn.unchecked_transaction()?;
        let mut rest = HashMap::<_, Cube>::new();
        {
            let mark: i64 = conn.query_row("SELECT fact FROM rollup_mark WHERE id = 1", [], |r| r.get(0))?;
            let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM fact WHERE id > ?1"))?;
            let mut rows = statement.query([mark])?;
            while let Some(row) = rows.next()? {
                let (_, fact) = StoredFact::read(row)?;
                rest.entry((day_of(fact.slot), fact.hall)).or_default().add(&fact);
            }
        }
        let names = names.of(&conn)?;
        Ok(Self { conn, names, rest })
    }

    /// Answers a question.
    ///
    /// # Errors
    /// [`AskFault`] when the question is none or the tables cannot be read.
    pub fn ask(&self, query: &Query, scope: &Scope, labels: &Labels) -> Result<Answer, AskFault> {
        let criteria = Criteria::new(query, scope, &self.names)?;
        // Repeated in the answer as it was understood.
        let to = scope.until.map_or(query.to, |until| query.to.min(until.max(query.from)));
        let query = Query { min_n: query.min_n.max(LEAST_MIN_N), to, ..query.clone() };
        let mut tally = Tally::new(query.by, &criteria);
        let mut axes = axes(query.by, &criteria);
        if query.by == Some(Dimension::Reason) && criteria.nodes(Axis::Reason).is_none() {
            // Reasons overlap, so that their sum is no total.
            self.read(&mut tally, &axes, Part::Groups)?;
            axes.retain(|a| *a != Axis::Reason);
            self.read(&mut tally, &axes, Part::Total)?;
        } else {
            self.read(&mut tally, &axes, Part::Both)?;
        }
        let (total, untimed) = (tally.total, tally.untimed);
        let sums = rows::Sums { groups: tally.into_groups(), total, untimed };
        Ok(rows::answer(sums, query, scope, &criteria, &self.names, labels))
    }

    fn read(&self, tally: &mut Tally<'_>, axes: &[Axis], part: Part) -> Result<(), StatisticsFault> {
        let criteria = tally.criteria();
        // A rating with several of the reasons asked for counts once, and faces count it under each.
        let several = criteria.nodes(Axis::Reason).is_some_and(|set| set.len() > 1);
        let face = Face::of(axes).filter(|_| !several);
        let by_month = face.filter(|face| months_answer(tally.by(), *face, criteria));
        let halls = self.halls(criteria);
        let mut cube = Cube::default();
        for &hall in &halls {
            let mut gaps = Vec::new();
            let mut next = criteria.from_day;
            if let Some(face) = by_month {
                shelf::scan(&self.conn, Grain::Month(face), hall, whole_months(criteria), |month, bytes| {
                    let (first, last) = shelf::days_of(month);
                    gaps.push((next, first - 1));
                    next = last + 1;
                    tally.month(face, hall, month, bytes, part)
                })?;
            }
            gaps.push((next, criteria.to_day));
            for gap in gaps.into_iter().filter(|(first, last)| first <= last) {
                match face {
                    Some(face @ Face(_, None)) => {
                        shelf::scan(&self.conn, Grain::Day(face), hall, gap, |day, bytes| {
                            tally.day(face, hall, day, bytes, part)
                        })?
                    }
                    _ => shelf::scan(&self.conn, Grain::Cube, hall, gap, |day, bytes| {
                        cube.read(bytes)?;
                        tally.cube(hall, day, &cube, part);
                        Ok(())
                    })?,
                }
            }
        }
        let days = criteria.from_day..=criteria.to_day;
        for ((day, hall), cube) in
            self.rest.iter().filter(|((day, hall), _)| days.contains(day) && halls.contains(hall))
        {
            tally.cube(*hall, *day, cube, part);
        }
        Ok(())
    }

    /// Halls that may hold something: those asked for, and of windows asked for only theirs.
    fn halls(&self, criteria: &Criteria) -> BTreeSet<u32> {
        let mut halls: BTreeSet<u32> = match criteria.nodes(Axis::Hall) {
            Some(asked) => asked.clone(),
            None => self.names.numbers(Kind::Hall).collect(),
        };
        if let Some(windows) = criteria.nodes(Axis::ServiceWindow) {
            let theirs: BTreeSet<u32> = windows.iter().filter_map(|&w| self.names.hall_of(w)).collect();
            halls.retain(|h| theirs.contains(h));
        }
        halls
    }
}

/// The axes that a question touches.
fn axes(by: Option<Dimension>, criteria: &Criteria) -> Vec<Axis> {
    let nodes = [Axis::ServiceWindow, Axis::Staff, Axis::Item, Axis::Channel, Axis::Reason];
    let axis = by.and_then(axis_of);
    let touched = |a: &Axis| criteria.nodes(*a).is_some() || axis == Some(*a);
    let mut axes: Vec<Axis> = nodes.into_iter().filter(touched).collect();
    if axis == Some(Axis::Hours) || criteria.needs_hours() {
        axes.push(Axis::Hours);
    }
    axes
}

/// Whether a month's sums in a face say enough.
fn months_answer(by: Option<Dimension>, face: Face, criteria: &Criteria) -> bool {
    let has_weekdays = face.0 == Axis::Hours || face.1 == Some(Axis::Hours);
    let asks_weekdays = by == Some(Dimension::Weekday) || criteria.needs_weekdays();
    by != Some(Dimension::Day) && !criteria.needs_days() && (has_weekdays || !asks_weekdays)
}

/// The months that lie wholly within the period; backward when there is none.
fn whole_months(criteria: &Criteria) -> (i64, i64) {
    let (first, last) = (month_of(criteria.from_day), month_of(criteria.to_day));
    let first = if shelf::days_of(first).0 < criteria.from_day { first + 1 } else { first };
    let last = if shelf::days_of(last).1 > criteria.to_day { last - 1 } else { last };
    (first, last)
}
