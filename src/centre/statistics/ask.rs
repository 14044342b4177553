//! Answers a query: chooses the roll-ups, adds them up in one snapshot, and hands the sums to [`super::rows`].
//!
//! A question touches the axes that it groups or filters by. Its period is made of the longest finished spans that have a
//! sheet of just these axes, with shorter ones around them; what remains at its ends, and all of it where single days are
//! asked for, comes from the day's face of these axes, else from the day's cube; and the facts that no roll-up contains
//! yet are added to every answer. What no sheet knows is picked out of spans that hold everything.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use rusqlite::{Connection, Transaction};

use super::aside;
use super::calendar::day_of;
use super::cell::Axis;
use super::column::{Column, Part};
use super::covered::{Covered, Edges, whole_months_of};
use super::criteria::{Criteria, Piece};
use super::cube::Cube;
use super::face::{self, Face};
use super::labels::Labels;
use super::names::{Kind, NameList, NamesRead};
use super::rows;
use super::sheet::{Reading, Sheet};
use super::shelf::{self, Grain};
use super::spans::{self, Span};
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
        let first = |tally: Tally<'_>| tally.into_columns().into_iter().next();
        let new = || Column::new(query.by, &criteria);
        let column = first(self.add_up(Tally::new(query.by, &criteria))?).unwrap_or_else(new);
        let aside = first(self.add_aside(Tally::new(query.by, &criteria))?).unwrap_or_else(new);
        let withheld = withheld || !scope.covered && self.leaves_a_small_rest(&query, scope)?;
        Ok(self.answer((column, aside), &query, scope, &criteria, labels, (withheld, edges)))
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
    /// filter by that dimension, and reads everything once for all of them. `shown`: the only keys of rows that are wanted; a
    /// table that shows sixty people need not have eight thousand written for each of its columns.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub fn ask_across(
        &self,
        query: &Query,
        and: Dimension,
        values: &[String],
        shown: Option<&[String]>,
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
        let mut columns = self.add_up(Tally::across(query.by, &criteria, and, &groups))?.into_columns();
        if let Some((by, shown)) = query.by.zip(shown) {
            let keys: HashSet<&str> = shown.iter().map(String::as_str).collect();
            let mut wanted = HashMap::new();
            let mut is_wanted = |group: i64| {
                *wanted
                    .entry(group)
                    .or_insert_with(|| keys.contains(rows::key(by, group, &self.names, labels).as_str()))
            };
            columns.iter_mut().for_each(|column| column.groups.keep(&mut is_wanted));
        }
        let asides = self.add_aside(Tally::across(query.by, &criteria, and, &groups))?.into_columns();
        let answers = columns.into_iter().zip(asides).zip(queries.iter().zip(&of_columns));
        Ok(answers
            .map(|(columns, (q, criteria))| self.answer(columns, q, scope, criteria, labels, (false, Edges::default())))
            .collect())
    }

    fn answer(
        &self,
        (column, aside): (Column, Column),
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
        let aside = rows::Aside { total: aside.total, groups: aside.into_groups() };
        let sums = rows::Sums { groups: column.into_groups(), total, aside, untimed, withheld, edges };
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

    /// The same sums over what was set aside.
    fn add_aside<'t>(&self, mut tally: Tally<'t>) -> Result<Tally<'t>, StatisticsFault> {
        let criteria = tally.criteria();
        let cubes = aside::cubes(&self.conn, criteria.from_day, criteria.to_day)?;
        if cubes.is_empty() {
            return Ok(tally);
        }
        let halls = self.halls(criteria);
        for ((day, hall), cube) in cubes.iter().filter(|((_, hall), _)| halls.contains(hall)) {
            tally.cube(*hall, *day, cube, Part::Both);
        }
        Ok(tally)
    }

    fn read(&self, tally: &mut Tally<'_>, axes: &[Axis], part: Part) -> Result<(), StatisticsFault> {
        let criteria = tally.criteria();
        let (asked, left_out) = (Plan::new(tally, axes, true), Plan::new(tally, axes, false));
        let mut halls = self.halls(criteria);
        if asked.sheet != Some(Sheet::DESK) {
            self.keep_halls_of_staff(&mut halls, criteria)?;
        }
        let pieces = criteria.pieces();
        for &hall in &halls {
            for piece in pieces.iter().filter(|piece| piece.asked || part != Part::Groups) {
                let plan = if piece.asked { &asked } else { &left_out };
                self.walk(plan, hall, *piece, &mut |source, bytes| match source {
                    Source::Sheet(Sheet::WHOLE, span, number) => tally.whole((span, number), hall, bytes, part),
                    Source::Sheet(sheet, span, number) => {
                        tally.sheet((sheet, span, number), hall, piece.asked, bytes, part)
                    }
                    Source::Face(face, day) => tally.day(face, hall, day, bytes, part),
                    Source::Cube(day) => tally.cube_bytes(hall, day, bytes, part),
                })?;
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

    /// Hands out what there is of a hall within some days, each day once.
    fn walk(
        &self,
        plan: &Plan,
        hall: u32,
        piece: Piece,
        take: &mut dyn FnMut(Source, &[u8]) -> Result<(), StatisticsFault>,
    ) -> Result<(), StatisticsFault> {
        let mut gaps = vec![(piece.first, piece.last)];
        for (span, sheet) in plan.spans() {
            let mut rest = Vec::new();
            for gap in gaps {
                let (low, high) = span.within(gap);
                let mut next = gap.0;
                if low <= high {
                    spans::scan(&self.conn, span, sheet, hall, (low, high), |number, bytes| {
                        let (first, last) = span.days(number);
                        rest.push((next, first - 1));
                        next = last + 1;
                        take(Source::Sheet(sheet, span, number), bytes)
                    })?;
                }
                rest.push((next, gap.1));
            }
            rest.retain(|(first, last)| first <= last);
            gaps = rest;
        }
        for gap in gaps {
            match plan.face {
                Some(face) => shelf::scan(&self.conn, Grain::Day(face), hall, gap, |day, bytes| {
                    take(Source::Face(face, day), bytes)
                })?,
                None => shelf::scan(&self.conn, Grain::Cube, hall, gap, |day, bytes| take(Source::Cube(day), bytes))?,
            }
        }
        Ok(())
    }

    /// Of many halls those in which one of the people asked for served at all: small sheets tell before large ones are read.
    fn keep_halls_of_staff(&self, halls: &mut BTreeSet<u32>, criteria: &Criteria) -> Result<(), StatisticsFault> {
        let Some(staff) = criteria.nodes(Axis::Staff).filter(|_| halls.len() > 1) else { return Ok(()) };
        let plan = Plan { sheet: Some(Sheet::DESK), longest: Some(Span::EightMonths), face: Face::of(&[Axis::Staff]) };
        let whole = Piece { first: criteria.from_day, last: criteria.to_day, asked: true };
        let mut theirs: BTreeSet<u32> = self
            .rest
            .iter()
            .filter(|(_, cube)| cube.rows().iter().any(|(s, _)| staff.contains(&s.staff)))
            .map(|((_, h), _)| *h)
            .collect();
        for &hall in halls.iter() {
            let mut found = theirs.contains(&hall);
            self.walk(&plan, hall, whole, &mut |source, bytes| {
                match source {
                    _ if found => {}
                    Source::Sheet(sheet, ..) => {
                        found = Reading::open(sheet, bytes)?.desks().iter().any(|(_, s)| staff.contains(s));
                    }
                    _ => face::read(bytes, false, |node, _, _, _| found |= staff.contains(&node))?,
                }
                Ok(())
            })?;
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

/// One row that was found.
#[derive(Debug, Clone, Copy)]
enum Source {
    Sheet(Sheet, Span, i64),
    Face(Face, i64),
    Cube(i64),
}

/// From what a question is read.
#[derive(Debug, Clone, Copy)]
struct Plan {
    /// None: from days alone.
    sheet: Option<Sheet>,
    longest: Option<Span>,
    /// None: days from their cubes.
    face: Option<Face>,
}

impl Plan {
    /// `nodes`: the axes that the question touches beside the time. `asked`: whether its figures are about these days.
    fn new(tally: &Tally<'_>, nodes: &[Axis], asked: bool) -> Self {
        let criteria = tally.criteria();
        // A rating with several of the reasons asked for counts once, and sheets and faces count it under each.
        if criteria.nodes(Axis::Reason).is_some_and(|set| set.len() > 1) {
            return Self { sheet: Some(Sheet::WHOLE), longest: Some(Span::Month), face: None };
        }
        let (mut sheet, mut axes) = (Sheet::PLAIN, nodes.to_vec());
        for axis in nodes {
            sheet = sheet.and(match axis {
                Axis::ServiceWindow | Axis::Staff => Sheet::DESK,
                Axis::Item => Sheet::ITEM,
                Axis::Reason => Sheet::REASON,
                Axis::Hall | Axis::Channel | Axis::Hours => Sheet::PLAIN,
            });
        }
        if asked && (criteria.needs_hours() || tally.asks(Dimension::Hour)) {
            sheet = sheet.and(Sheet::HOUR);
            axes.push(Axis::Hours);
        }
        if asked && (criteria.needs_weekdays() || tally.asks(Dimension::Weekday)) {
            sheet = sheet.and(Sheet::WEEKDAY);
        }
        let longest = if tally.asks(Dimension::Month) { Span::Month } else { Span::EightMonths };
        let face = Face::of(&axes);
        if asked && tally.asks(Dimension::Day) {
            return Self { sheet: face.is_none().then_some(Sheet::WHOLE), longest: Some(longest), face };
        }
        let sheet = if Span::EightMonths.has(sheet) { sheet } else { Sheet::WHOLE };
        Self { sheet: Some(sheet), longest: Some(longest), face }
    }

    /// Spans that have the sheet, or at least everything, the longest first.
    fn spans(&self) -> impl Iterator<Item = (Span, Sheet)> {
        let Self { sheet, longest, .. } = *self;
        Span::ALL.into_iter().rev().filter(move |span| longest.is_some_and(|longest| *span <= longest)).filter_map(
            move |span| [sheet?, Sheet::WHOLE].into_iter().find(|sheet| span.has(*sheet)).map(|sheet| (span, sheet)),
        )
    }
}

/// The axes that a question touches beside the time.
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
    touched.map(|(axis, _)| axis).collect()
}
