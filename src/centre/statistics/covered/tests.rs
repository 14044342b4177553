//! An attacker who asks about every period and every filter of a small hall, and adds and subtracts what was answered.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use rusqlite::Connection;

use super::*;
use crate::centre::statistics::dice::Dice;
use crate::centre::statistics::fact::Fact;
use crate::centre::statistics::labels::Labels;
use crate::centre::statistics::{ASIDE, Book, NamesRead, ROLLUPS, SCHEMA, SPANS};
use crate::db::{Schema, open_in_memory};
use crate::domain::id::{HallId, ItemCode, StaffNo, WindowId};
use crate::domain::query::{Filter, Order};
use crate::domain::rating::{Channel, Satisfaction};
use crate::domain::time::{ClockGrade, WallMs};
use crate::words::Language;

const TABLES: Schema = Schema { application_id: 1, steps: &[SCHEMA, ROLLUPS, SPANS, ASIDE] };
const MIN: u64 = 5;
/// From the last days of one month to the first of the next but one.
const FIRST: Date = Date::constant(2026, 1, 27);
const DAYS: i64 = 36;

fn day(n: i64) -> Date {
    FIRST.saturating_add(Span::new().days(n))
}

/// A few people: one who serves many, one who serves few, one who came once.
fn hall(dice: &mut Dice, busy: u64) -> Connection {
    let conn = open_in_memory(&TABLES).unwrap();
    let mut book = Book::open(&conn, TimeZone::UTC).unwrap();
    let mut facts = Vec::new();
    for n in 0..DAYS {
        let noon = TimeZone::UTC.to_timestamp(day(n).at(9, 0, 0, 0)).unwrap().as_millisecond();
        let served = [busy + dice.below(6), dice.below(4), u64::from(dice.chance(0.06))];
        for (staff, count) in served.into_iter().enumerate() {
            for _ in 0..count {
                facts.push(Fact {
                    ledger: 1,
                    visit: dice.next() >> 1,
                    sign: 1,
                    hall: HallId::new("H1").unwrap(),
                    service_window: WindowId::new(&format!("W{}", staff / 2)).unwrap(),
                    staff: Some(StaffNo::new(&format!("S{staff}")).unwrap()),
                    item: dice.chance(0.5).then(|| ItemCode::new("I1").unwrap()),
                    channel: Channel::ALL[dice.below(3) as usize],
                    level: Satisfaction::from_level(1 + dice.below(5) as u8),
                    wall: WallMs(noon + dice.below(8 * 3_600_000) as i64),
                    grade: ClockGrade::A,
                    flagged: false,
                    reasons: vec![],
                    sample: false,
                });
            }
        }
    }
    book.append(&conn, &facts).unwrap();
    book.flush(&conn).unwrap();
    let now = "2026-04-08T00:00:00Z".parse::<Timestamp>().unwrap().as_millisecond();
    book.finish_spans(&conn, WallMs(now), 5_000).unwrap();
    conn
}

/// What somebody knows after many answers: of each set of rows, which periods have how many ratings.
#[derive(Default)]
struct Known(BTreeMap<BTreeSet<String>, BTreeMap<(Date, Date), u64>>);

impl Known {
    fn learn(&mut self, of: BTreeSet<String>, period: (Date, Date), n: u64) {
        let was = self.0.entry(of.clone()).or_default().insert(period, n);
        assert!(was.is_none_or(|was| was == n), "{of:?} in {period:?}: {was:?} and {n}");
    }

    /// Everything that can be worked out of one set over time: two ends that a chain of answers joins give the number
    /// between them.
    fn small_over_time(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (of, periods) in &self.0 {
            // The number up to each end, from the first end of those that hang together.
            let mut up_to: BTreeMap<Date, (Date, i64)> = BTreeMap::new();
            loop {
                let before = up_to.len();
                for (&(from, to), &n) in periods {
                    let (from, to, n) = (from.yesterday().unwrap(), to, n as i64);
                    match (up_to.get(&from).copied(), up_to.get(&to).copied()) {
                        (None, None) => {
                            up_to.insert(from, (from, 0));
                            up_to.insert(to, (from, n));
                        }
                        (Some((root, sum)), None) => {
                            up_to.insert(to, (root, sum + n));
                        }
                        (None, Some((root, sum))) => {
                            up_to.insert(from, (root, sum - n));
                        }
                        (Some((a, x)), Some((b, y))) if a != b => {
                            // Two that hung by themselves hang together now.
                            let shift = x + n - y;
                            up_to.values_mut().filter(|(root, _)| *root == b).for_each(|e| *e = (a, e.1 + shift));
                        }
                        _ => {}
                    }
                }
                if up_to.len() == before {
                    break;
                }
            }
            let ends: Vec<_> = up_to.iter().collect();
            for (i, (x, (root, sum))) in ends.iter().enumerate() {
                for (y, (other, more)) in &ends[i + 1..] {
                    let between = more - sum;
                    if root == other && (1..MIN as i64).contains(&between) {
                        found.push(format!("{of:?}: {between} after {x} up to {y}"));
                    }
                }
            }
        }
        found
    }

    /// In one period, a set less another that lies within it.
    fn small_within_a_period(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut periods: BTreeMap<(Date, Date), Vec<(&BTreeSet<String>, u64)>> = BTreeMap::new();
        for (of, known) in &self.0 {
            for (&period, &n) in known {
                periods.entry(period).or_default().push((of, n));
            }
        }
        for (period, sets) in periods {
            for (large, n) in &sets {
                for (small, m) in sets.iter().filter(|(small, _)| small.is_subset(large)) {
                    if (1..MIN).contains(&n.saturating_sub(*m)) || (1..MIN).contains(n) {
                        found.push(format!("{period:?}: {large:?} {n} less {small:?} {m}"));
                    }
                }
            }
        }
        found
    }
}

fn keys(all: &[&str]) -> BTreeSet<String> {
    all.iter().map(ToString::to_string).collect()
}

/// Asks about every period: as a table, as a total, and with every filter by some of the table's rows.
fn attack(conn: &Connection, dimension: Dimension, all: &[&str]) -> (Known, usize, usize) {
    let scope = Scope { min_group: MIN, covered: true, ..Scope::default() };
    let (names, labels) = (NamesRead::default(), Labels::new([], Language::Zh));
    let snapshot = Snapshot::open(conn, &names).unwrap();
    let (mut known, mut asked, mut widened) = (Known::default(), 0, 0);
    let subsets: Vec<Vec<&str>> = (1..1_u32 << all.len())
        .map(|bits| all.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, key)| *key).collect())
        .collect();
    for first in 0..DAYS {
        for last in first..DAYS {
            let plain = Query {
                by: None,
                from: day(first),
                to: day(last),
                filters: vec![],
                order: Order::Key,
                min_n: 5,
                unflagged_only: false,
            };
            let table = snapshot.ask(&Query { by: Some(dimension), ..plain.clone() }, &scope, &labels).unwrap();
            let period = (table.query.from, table.query.to);
            let mut rest = (keys(all), table.total.n);
            for row in table.rows.iter().filter(|r| !r.suppressed) {
                let n = row.n.unwrap();
                known.learn(keys(&[&row.key]), period, n);
                rest.0.remove(&row.key);
                rest.1 = rest.1.map(|total| total - n);
            }
            if let Some(n) = table.total.n {
                known.learn(keys(all), period, n);
            }
            // What is hidden, as one row.
            if let (false, Some(n)) = (rest.0.is_empty(), rest.1) {
                known.learn(rest.0, period, n);
            }
            let filtered = |values: &[&str]| {
                let values = values.iter().map(ToString::to_string).collect();
                Query { filters: vec![Filter { dimension, values }], ..plain.clone() }
            };
            let questions = subsets.iter().map(|s| (keys(s), filtered(s))).chain([(keys(all), plain.clone())]);
            for (of, query) in questions {
                let answer = snapshot.ask(&query, &scope, &labels).unwrap();
                asked += 1;
                let period = (answer.query.from, answer.query.to);
                assert!(period.0 <= query.from && period.1 >= query.to, "outward");
                widened += usize::from(period != (query.from, query.to));
                if let Some(n) = answer.total.n {
                    known.learn(of, period, n);
                }
            }
        }
    }
    (known, asked, widened)
}

fn holds(known: &Known, context: &str) {
    for found in [known.small_over_time(), known.small_within_a_period()] {
        assert!(found.is_empty(), "{context}: {} small groups, such as {}", found.len(), found[0]);
    }
}

#[test]
fn nobody_is_found_by_asking_about_all_periods_and_people() {
    for seed in 0..2 {
        let conn = hall(&mut Dice::new(seed), 3);
        let (known, asked, widened) = attack(&conn, Dimension::Staff, &["S0", "S1", "S2"]);
        holds(&known, &format!("seed {seed}"));
        // What large groups say is still said: the whole, and whoever serves many.
        assert!(known.0[&keys(&["S0", "S1", "S2"])].len() >= 3, "seed {seed}");
        assert!(known.0.contains_key(&keys(&["S0"])) && widened > 0 && widened < asked, "{widened} of {asked}");
    }
}

#[test]
fn a_hall_whose_days_are_large_is_asked_about_any_day() {
    let conn = hall(&mut Dice::new(7), 12);
    let scope = Scope { min_group: MIN, covered: true, ..Scope::default() };
    let (names, labels) = (NamesRead::default(), Labels::new([], Language::Zh));
    let snapshot = Snapshot::open(&conn, &names).unwrap();
    let query = Query {
        by: None,
        from: day(9),
        to: day(20),
        filters: vec![],
        order: Order::Key,
        min_n: 5,
        unflagged_only: false,
    };
    let whole = snapshot.ask(&query, &scope, &labels).unwrap();
    assert_eq!((whole.query.from, whole.query.to), (query.from, query.to), "as it was asked");
    assert!(whole.total.n.is_some_and(|n| n >= 12 * 12));
    let by_staff = snapshot.ask(&Query { by: Some(Dimension::Staff), ..query.clone() }, &scope, &labels).unwrap();
    assert_eq!(by_staff.query.from, Date::constant(2026, 2, 1), "a day of some of them is small");
    let open = snapshot.ask(&query, &Scope { min_group: 0, ..Scope::default() }, &labels).unwrap();
    assert_eq!(open.total.n, whole.total.n);
}

#[test]
fn the_attacker_finds_somebody_where_nothing_is_covered() {
    let conn = hall(&mut Dice::new(0), 3);
    let (names, labels) = (NamesRead::default(), Labels::new([], Language::Zh));
    let snapshot = Snapshot::open(&conn, &names).unwrap();
    let mut known = Known::default();
    for last in 20..DAYS {
        let filters = vec![Filter { dimension: Dimension::Staff, values: vec!["S1".into()] }];
        let (from, to) = (day(0), day(last));
        let query = Query { by: None, from, to, filters, order: Order::Key, min_n: 5, unflagged_only: false };
        let scope = Scope { min_group: MIN, ..Scope::default() };
        if let Some(n) = snapshot.ask(&query, &scope, &labels).unwrap().total.n {
            known.learn(keys(&["S1"]), (from, to), n);
        }
    }
    assert!(!known.small_over_time().is_empty(), "else this test finds nothing anywhere");
}
