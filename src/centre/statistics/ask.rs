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
use super::column::{Column, Part};
use super::covered::{Covered, Edges, whole_months_of};
use super::criteria::Criteria;
use super::cube::Cube;
use super::face::{self, Face};
use super::labels::Labels;
use super::names::{Kind, NameList, NamesRead};
use super::rows;
use super::shelf::{self, Grain};
use super::stored::{COLUMNS, StoredFact};
use super::tally::Tally;
use super::{AskFault, Scope, StatisticsFault};
use crate::domain::query::{Answer, Dimension, Filter, Query};

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
    pub(super) conn: Transaction<'c>,
    pub(super) names: Arc<NameList>,
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

    /// Answers a question; its period is wider where that covers small groups ([`mod@super::covered`]).
    ///
    /// # Errors
    /// [`AskFault`] when the question is none or the tables cannot be read.
    pub fn ask(&self, query: &Query, scope: &Scope, labels: &Labels) -> Result<Answer, AskFault> {
        let Covered { query, edges, withheld } = self.covered(query, scope)?;
        let criteria = Criteria::new(&query, scope, &self.names)?;
        let tally = self.add_up(Tally::new(query.by, &criteria))?;
        let mut columns = tally.into_columns().into_iter();
        let column = columns.next().unwrap_or_else(|| Column::new(query.by, &criteria));
        let withheld = withheld || !scope.covered && self.leaves_a_small_rest(&query, scope)?;
        Ok(self.answer(column, &query, scope, &criteria, labels, (withheld, edges)))
    }

    /// Whether the ratings that the question leaves out by one of its filters are so few that they can be worked out from
    /// this answer and the wider one: everybody but one person, say. Levels leave out no group of people.
    fn leaves_a_small_rest(&self, query: &Query, scope: &Scope) -> Result<bool, AskFault> {
        let mut narrow = Query { by: None, ..query.clone() };
        narrow.filters.retain(|f| f.dimension != Dimension::Level);
        if scope.min_group == 0 || narrow.filters.is_empty() {
            return Ok(false);
        }
        let n = self.count(&narrow, scope)?;
        for dimension in narrow.filters.iter().map(|f| f.dimension) {
            let mut wider = narrow.clone();
            wider.filters.retain(|f| f.dimension != dimension);
            let rest = self.count(&wider, scope)? - n;
            if rest > 0 && rest.unsigned_abs() < scope.min_group {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(super) fn count(&self, query: &Query, scope: &Scope) -> Result<i64, AskFault> {
        let criteria = Criteria::new(query, scope, &self.names)?;
        let tally = self.add_up(Tally::new(None, &criteria))?;
        Ok(tally.into_columns().iter().map(|c| c.total.rated()).sum())
    }

    /// Answers the question once for each value of a second dimension, as [`Self::ask`] would with that value as its only
    /// filter by that dimension, and reads everything once for all of them.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub fn ask_across(
        &self,
        query: &Query,
        and: Dimension,
        values: &[String],
        scope: &Scope,
        labels: &Labels,
    ) -> Result<Vec<Answer>, AskFault> {
        let mut common = query.clone();
        common.filters.retain(|f| f.dimension != and);
        if scope.covered {
            // Decided once, so that all columns are about the same days.
            (common.from, common.to) = whole_months_of(common.from, common.to, scope.until);
        }
        let with = |value: &String| {
            let mut column = common.clone();
            column.filters.push(Filter { dimension: and, values: vec![value.clone()] });
            column
        };
        let queries: Vec<Query> = values.iter().map(with).collect();
        // A role that small groups are hidden from has each column looked at by itself.
        if query.by == Some(and) || scope.min_group > 0 {
            return queries.iter().map(|q| self.ask(q, scope, labels)).collect();
        }
        let of_columns = queries.iter().map(|q| Criteria::new(q, scope, &self.names));
        let of_columns: Vec<Criteria> = of_columns.collect::<Result<_, _>>()?;
        let criteria = Criteria::new(&common, scope, &self.names)?;
        let groups: Vec<Vec<i64>> = of_columns.iter().map(|c| c.groups(and)).collect();
        let columns = self.add_up(Tally::across(query.by, &criteria, and, &groups))?.into_columns();
        let answers = columns.into_iter().zip(queries.iter().zip(&of_columns));
        Ok(answers
            .map(|(column, (q, criteria))| self.answer(column, q, scope, criteria, labels, (false, Edges::default())))
            .collect())
    }

    fn answer(
        &self,
        column: Column,
        query: &Query,
        scope: &Scope,
        criteria: &Criteria,
        labels: &Labels,
        (withheld, edges): (bool, Edges),
    ) -> Answer {
        // Repeated in the answer as it was understood.
        let to = scope.until.map_or(query.to, |until| query.to.min(until.max(query.from)));
        let query = Query { min_n: query.min_n.max(LEAST_MIN_N), to, ..query.clone() };
        let (total, untimed) = (column.total, column.untimed);
        let sums = rows::Sums { groups: column.into_groups(), total, untimed, withheld, edges };
        rows::answer(sums, query, scope, criteria, &self.names, labels)
    }

    pub(super) fn add_up<'t>(&self, mut tally: Tally<'t>) -> Result<Tally<'t>, StatisticsFault> {
        let mut axes = axes(&tally);
        if tally.groups_by() == Some(Dimension::Reason) && tally.criteria().nodes(Axis::Reason).is_none() {
            // Reasons overlap, so that their sum is no total.
            self.read(&mut tally, &axes, Part::Groups)?;
            axes.retain(|a| *a != Axis::Reason);
            self.read(&mut tally, &axes, Part::Total)?;
        } else {
            self.read(&mut tally, &axes, Part::Both)?;
        }
        Ok(tally)
    }

    fn read(&self, tally: &mut Tally<'_>, axes: &[Axis], part: Part) -> Result<(), StatisticsFault> {
        let criteria = tally.criteria();
        // A rating with several of the reasons asked for counts once, and faces count it under each.
        let several = criteria.nodes(Axis::Reason).is_some_and(|set| set.len() > 1);
        let face = Face::of(axes).filter(|_| !several);
        let by_month = face.filter(|face| months_answer(tally, *face));
        let mut halls = self.halls(criteria);
        if face.is_none_or(|face| face.1.is_some()) {
            self.keep_halls_of_staff(&mut halls, criteria)?;
        }
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
                    Some(face) if face.is_daily() => {
                        shelf::scan(&self.conn, Grain::Day(face), hall, gap, |day, bytes| {
                            tally.day(face, hall, day, bytes, part)
                        })?
                    }
                    _ => shelf::scan(&self.conn, Grain::Cube, hall, gap, |day, bytes| {
                        tally.cube_bytes(hall, day, bytes, part)
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

    /// Of many halls those in which one of the people asked for served at all: small faces tell before large ones are read.
    fn keep_halls_of_staff(&self, halls: &mut BTreeSet<u32>, criteria: &Criteria) -> Result<(), StatisticsFault> {
        let Some(staff) = criteria.nodes(Axis::Staff).filter(|_| halls.len() > 1) else { return Ok(()) };
        let face = Face(Axis::Staff, None);
        let (first, last) = whole_months(criteria);
        let mut theirs: BTreeSet<u32> = self
            .rest
            .iter()
            .filter(|(_, cube)| cube.rows().iter().any(|(s, _)| staff.contains(&s.staff)))
            .map(|((_, h), _)| *h)
            .collect();
        for &hall in halls.iter() {
            let mut found = theirs.contains(&hall);
            let mut look = |bytes: &[u8]| face::read(bytes, false, |node, _, _, _| found |= staff.contains(&node));
            let mut next = criteria.from_day;
            let mut gaps = Vec::new();
            shelf::scan(&self.conn, Grain::Month(face), hall, (first, last), |month, bytes| {
                let (first, last) = shelf::days_of(month);
                gaps.push((next, first - 1));
                next = last + 1;
                look(bytes)
            })?;
            gaps.push((next, criteria.to_day));
            for gap in gaps.into_iter().filter(|(first, last)| first <= last) {
                shelf::scan(&self.conn, Grain::Day(face), hall, gap, |_, bytes| look(bytes))?;
            }
            if found {
                theirs.insert(hall);
            }
        }
        halls.retain(|h| theirs.contains(h));
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
fn axes(tally: &Tally<'_>) -> Vec<Axis> {
    const NODES: [(Axis, Dimension); 5] = [
        (Axis::ServiceWindow, Dimension::ServiceWindow),
        (Axis::Staff, Dimension::Staff),
        (Axis::Item, Dimension::Item),
        (Axis::Channel, Dimension::Channel),
        (Axis::Reason, Dimension::Reason),
    ];
    let criteria = tally.criteria();
    let touched = NODES.into_iter().filter(|(axis, by)| criteria.nodes(*axis).is_some() || tally.asks(*by));
    let mut axes: Vec<Axis> = touched.map(|(axis, _)| axis).collect();
    if criteria.needs_hours() || tally.asks(Dimension::Hour) {
        axes.push(Axis::Hours);
    }
    axes
}

/// Whether a month's sums in a face say enough.
fn months_answer(tally: &Tally<'_>, face: Face) -> bool {
    let criteria = tally.criteria();
    let has_weekdays = face.0 == Axis::Hours || face.1 == Some(Axis::Hours);
    let asks_weekdays = tally.asks(Dimension::Weekday) || criteria.needs_weekdays();
    !tally.asks(Dimension::Day) && !criteria.needs_days() && (has_weekdays || !asks_weekdays)
}

/// The months that lie wholly within the period; backward when there is none.
fn whole_months(criteria: &Criteria) -> (i64, i64) {
    let (first, last) = (month_of(criteria.from_day), month_of(criteria.to_day));
    let first = if shelf::days_of(first).0 < criteria.from_day { first + 1 } else { first };
    let last = if shelf::days_of(last).1 > criteria.to_day { last - 1 } else { last };
    (first, last)
}
