//! Every answer against a naive recount of random facts: with changed minds, flushes at random points, lost memory,
//! rebuilt roll-ups, daylight saving time and clocks that are not to be trusted.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use rusqlite::Connection;

use super::dice::Dice;
use super::fact::Fact;
use super::labels::Labels;
use super::{ASIDE, Book, ROLLUPS, SCHEMA, SPANS, Scope, aside, ask};
use crate::db::{Schema, open_in_memory};
use crate::domain::id::{HallId, ItemCode, StaffNo, TagCode, WindowId};
use crate::domain::query::{Dimension, Filter, Order, Query, Rate, Row};
use crate::domain::rating::{Channel, Satisfaction};
use crate::domain::time::{ClockGrade, WallMs};
use crate::words::Language;

mod american;
mod crosses;
mod finished;
mod town;

const TABLES: Schema = Schema { application_id: 1, steps: &[SCHEMA, ROLLUPS, SPANS, ASIDE] };
const FROM: Date = Date::constant(2025, 12, 18);
/// From the middle of one month to the middle of another, so that spans of every length lie wholly within.
const DAYS: i64 = 300;
const UNTIMED_DIMENSIONS: [Dimension; 3] = [Dimension::Hour, Dimension::Weekday, Dimension::Day];

/// Sums of facts, kept as simply as can be.
#[derive(Debug, Clone, Default, PartialEq)]
struct Sum {
    levels: [i64; 5],
    served: i64,
    flagged: i64,
    /// Ratings by level that are not adopted.
    aside: [i64; 5],
}

#[test]
fn every_answer_equals_a_naive_recount() {
    for seed in 0..60 {
        // Berlin enters summer time within the period; Kathmandu's offset is no whole hour.
        let zone = ["Europe/Berlin", "Asia/Kathmandu", "Asia/Shanghai"][(seed % 3) as usize];
        let zone = TimeZone::get(zone).unwrap();
        let mut dice = Dice::new(seed);
        let conn = open_in_memory(&TABLES).unwrap();
        let mut book = Book::open(&conn, zone.clone()).unwrap();
        let mut facts = Vec::new();
        for round in 0..6 {
            grow(&mut dice, &mut facts, &conn, &mut book);
            match dice.below(6) {
                0 => book.flush(&conn).unwrap(),
                1 => book.reload(&conn).unwrap(),
                2 if round == 4 => book.rebuild(&conn).unwrap(),
                3 => book = Book::open(&conn, zone.clone()).unwrap(),
                _ => {}
            }
            if dice.chance(0.7) {
                finish(&book, &conn, &mut dice);
            }
            for _ in 0..12 {
                let (query, scope) = question(&mut dice);
                compare(&conn, &facts, &zone, &query, &scope, seed);
            }
        }
    }
}

#[test]
fn every_dimension_alone_and_under_every_filter_equals_a_recount() {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let mut dice = Dice::new(99);
    let conn = open_in_memory(&TABLES).unwrap();
    let mut book = Book::open(&conn, zone.clone()).unwrap();
    let mut facts = Vec::new();
    for _ in 0..4 {
        grow(&mut dice, &mut facts, &conn, &mut book);
        book.flush(&conn).unwrap();
    }
    grow(&mut dice, &mut facts, &conn, &mut book);
    for by in Dimension::ALL.iter().copied().map(Some).chain([None]) {
        for &filtered in Dimension::ALL {
            for count in 0..3 {
                let values = (0..count).map(|_| value(&mut dice, filtered)).collect::<Vec<_>>();
                let filters = if values.is_empty() { vec![] } else { vec![Filter { dimension: filtered, values }] };
                let query = Query { by, filters, ..plain() };
                compare(&conn, &facts, &zone, &query, &Scope::default(), 99);
            }
        }
    }
}

/// Some of the spans that are over on one day or another, or all of them.
fn finish(book: &Book, conn: &Connection, dice: &mut Dice) {
    let days = ["2025-12-28", "2026-04-10", "2026-05-14", "2026-09-10", "2027-01-10"];
    let now = TimeZone::UTC.to_timestamp(dice.pick(&days).unwrap().parse::<Date>().unwrap().at(0, 0, 0, 0)).unwrap();
    let limit = if dice.chance(0.5) { dice.below(20) as usize } else { 500 };
    book.finish_spans(conn, WallMs(now.as_millisecond()), limit).unwrap();
}

fn plain() -> Query {
    let to = FROM.saturating_add(jiff::Span::new().days(DAYS - 1));
    Query { by: None, from: FROM, to, filters: vec![], order: Order::Key, min_n: 5, unflagged_only: false }
}

fn question(dice: &mut Dice) -> (Query, Scope) {
    let by = dice.pick(Dimension::ALL).copied().filter(|_| dice.chance(0.9));
    let mut filters = Vec::new();
    for _ in 0..dice.below(3) {
        let dimension = *dice.pick(Dimension::ALL).unwrap();
        let values = (0..1 + dice.below(2)).map(|_| value(dice, dimension)).collect();
        filters.push(Filter { dimension, values });
    }
    let day = |n: u64| FROM.saturating_add(jiff::Span::new().days(n as i64));
    let first = dice.below(DAYS as u64);
    let last = first + dice.below(DAYS as u64 - first);
    let order = *dice.pick(Order::ALL).unwrap();
    let query =
        Query { by, from: day(first), to: day(last), filters, order, unflagged_only: dice.chance(0.3), ..plain() };
    let halls = dice.chance(0.3).then(|| vec![HallId::new("H1").unwrap()]);
    let staff = dice.chance(0.1).then(|| StaffNo::new("S1").unwrap());
    (query, Scope { halls, staff, ..Scope::default() })
}

fn value(dice: &mut Dice, dimension: Dimension) -> String {
    let n = dice.below(4);
    match dimension {
        Dimension::Hall => format!("H{}", n % 3),
        Dimension::ServiceWindow if dice.chance(0.3) => format!("H{}/W{n}", n % 2),
        Dimension::ServiceWindow => format!("W{n}"),
        Dimension::Staff if n == 3 => "(none)".to_owned(),
        Dimension::Staff => format!("S{n}"),
        Dimension::Item if n == 3 => "(none)".to_owned(),
        Dimension::Item => format!("I{n}"),
        Dimension::Channel => dice.pick(Channel::ALL).unwrap().code().to_owned(),
        Dimension::Level => dice.pick(Satisfaction::ALL).unwrap().code().to_owned(),
        Dimension::Reason => format!("R{n}"),
        Dimension::Hour => format!("{:02}", dice.below(24)),
        Dimension::Weekday => (1 + dice.below(7)).to_string(),
        Dimension::Day => FROM.saturating_add(jiff::Span::new().days(dice.below(DAYS as u64) as i64)).to_string(),
        Dimension::Month => ["2025-12", "2026-03", "2026-06", "2027-01"][n as usize].to_owned(),
    }
}

/// Adds facts and takes some back, to the list and to the book.
fn grow(dice: &mut Dice, facts: &mut Vec<Fact>, conn: &Connection, book: &mut Book) {
    let mut fresh = Vec::new();
    for _ in 0..dice.below(60) {
        let fact = throw(dice);
        if dice.chance(0.2) {
            fresh.push(fact.clone());
            fresh.push(Fact { sign: -1, ..fact.clone() });
            fresh.push(Fact { level: Some(Satisfaction::Satisfied), ..fact });
        } else {
            fresh.push(fact);
        }
    }
    if dice.chance(0.5)
        && let Some(old) = facts.iter().rfind(|f| f.sign > 0)
        && Book::standing(conn, old.ledger, old.visit).unwrap().contains(old)
    {
        fresh.push(Fact { sign: -1, ..old.clone() });
    }
    // Some are set aside before the book has them, some when it has, and some are adopted again.
    let some = |dice: &mut Dice, all: &[Fact]| -> Vec<(i64, u64)> {
        (0..dice.below(5)).filter_map(|_| dice.pick(all).map(|f| (f.ledger, f.visit))).collect()
    };
    for (ledger, visit) in some(dice, &fresh) {
        aside::set_aside(conn, ledger, visit).unwrap();
    }
    book.append(conn, &fresh).unwrap();
    facts.extend(fresh);
    for (ledger, visit) in some(dice, facts) {
        aside::set_aside(conn, ledger, visit).unwrap();
    }
    for (ledger, visit) in some(dice, facts) {
        aside::adopt(conn, ledger, visit).unwrap();
    }
}

fn throw(dice: &mut Dice) -> Fact {
    let start = "2025-12-17T00:00:00Z".parse::<Timestamp>().unwrap().as_millisecond();
    let hall = dice.below(2);
    Fact {
        ledger: hall as i64,
        visit: dice.next() >> 1,
        sign: 1,
        hall: HallId::new(&format!("H{hall}")).unwrap(),
        // W0 and W1 stand in both halls.
        service_window: WindowId::new(&format!("W{}", hall + dice.below(2))).unwrap(),
        staff: dice.chance(0.8).then(|| StaffNo::new(&format!("S{}", dice.below(3))).unwrap()),
        item: dice.chance(0.5).then(|| ItemCode::new(&format!("I{}", dice.below(3))).unwrap()),
        channel: Channel::ALL[dice.below(3) as usize],
        level: Satisfaction::from_level(dice.below(6) as u8),
        wall: WallMs(start + dice.below(303 * 86_400_000) as i64),
        grade: ClockGrade::ALL[dice.weighted(&[5.0, 3.0, 2.0])],
        flagged: dice.chance(0.2),
        reasons: (0..dice.below(4)).map(|_| TagCode::new(&format!("R{}", dice.below(3))).unwrap()).collect(),
        sample: false,
    }
}

#[test]
fn nobody_is_found_by_leaving_one_person_out() {
    let conn = open_in_memory(&TABLES).unwrap();
    let mut book = Book::open(&conn, TimeZone::UTC).unwrap();
    let mut dice = Dice::new(3);
    let by = |no: &str| Fact {
        staff: Some(StaffNo::new(no).unwrap()),
        level: Some(Satisfaction::Satisfied),
        wall: WallMs("2026-04-02T10:00:00Z".parse::<Timestamp>().unwrap().as_millisecond()),
        flagged: false,
        ..throw(&mut Dice::new(1))
    };
    let mut facts: Vec<Fact> = (0..40).map(|n| by(["S0", "S1"][n % 2])).chain((0..3).map(|_| by("S2"))).collect();
    facts.iter_mut().for_each(|f| f.visit = dice.next() >> 1);
    book.append(&conn, &facts).unwrap();
    let ask_for = |staff: &[&str], min_group| {
        let values = staff.iter().map(ToString::to_string).collect();
        let query = Query { filters: vec![Filter { dimension: Dimension::Staff, values }], ..plain() };
        ask(&conn, &query, &Scope { min_group, ..Scope::default() }, &Labels::new([], Language::Zh)).unwrap().total.n
    };
    assert_eq!(ask_for(&["S0", "S1"], 5), None, "43 - 40 would be the third person's");
    assert_eq!(ask_for(&["S0", "S1"], 0), Some(40));
    assert_eq!(ask_for(&["S0"], 5), Some(20), "23 others are no small group");
    assert_eq!(ask_for(&["S2"], 5), None);
}

fn compare(conn: &Connection, facts: &[Fact], zone: &TimeZone, query: &Query, scope: &Scope, seed: u64) {
    let answer = ask(conn, query, scope, &Labels::new([], Language::Zh)).unwrap();
    let (groups, total, untimed) = recount(facts, &asides(conn), zone, query, scope);
    let context = || format!("seed {seed}, {query:?}, {scope:?}");
    let got: BTreeMap<&str, &Row> = answer.rows.iter().map(|r| (r.key.as_str(), r)).collect();
    assert_eq!(got.len(), answer.rows.len(), "keys are unique: {}", context());
    for (key, want) in &groups {
        match got.get(key.as_str()) {
            Some(row) => check(row, want, query, query.by, &context()),
            None => assert_eq!(want, &Sum::default(), "no row {key}: {}", context()),
        }
    }
    for (key, row) in &got {
        assert!(groups.contains_key(*key) || row.n == Some(0), "row {key} from nowhere: {}", context());
    }
    check(&answer.total, &total, query, None, &context());
    assert_eq!(answer.untimed as i64, untimed, "{}", context());
}

fn check(row: &Row, want: &Sum, query: &Query, by: Option<Dimension>, context: &str) {
    let n: i64 = want.levels.iter().sum();
    let levels = row.levels.unwrap();
    let got = [
        levels.very_dissatisfied,
        levels.dissatisfied,
        levels.basically_satisfied,
        levels.satisfied,
        levels.very_satisfied,
    ];
    assert_eq!((row.n.unwrap() as i64, got.map(|l| l as i64)), (n, want.levels), "{}: {context}", row.key);
    assert_eq!(row.flagged.unwrap() as i64, want.flagged, "{}: {context}", row.key);
    let aside: i64 = want.aside.iter().sum();
    assert_eq!(row.set_aside.unwrap() as i64, aside, "{}: {context}", row.key);
    assert_eq!(row.adopted.is_some(), aside > 0, "{}: {context}", row.key);
    if let Some(adopted) = row.adopted {
        let [a1, a2, a3, a4, a5] = std::array::from_fn(|at| (want.levels[at] - want.aside[at]) as u64);
        let all = a1 + a2 + a3 + a4 + a5;
        let l = adopted.levels;
        let got = [l.very_dissatisfied, l.dissatisfied, l.basically_satisfied, l.satisfied, l.very_satisfied];
        assert_eq!((adopted.n, got), (all, [a1, a2, a3, a4, a5]), "{}: {context}", row.key);
        assert_eq!(adopted.n as i64 + aside, n, "raw is adopted and set aside: {context}");
        assert_eq!(adopted.positive_rate, Rate::wilson(a5 + a4, all));
        assert_eq!(adopted.satisfied_rate, Rate::wilson(a5 + a4 + a3, all));
        assert_eq!(adopted.negative_rate, Rate::wilson(a2 + a1, all));
        let mean = (all > 0).then(|| (a1 + 2 * a2 + 3 * a3 + 4 * a4 + 5 * a5) as f64 / all as f64);
        assert_eq!(adopted.mean, mean);
    }
    let [l1, l2, l3, l4, l5] = want.levels;
    let rate = |hits: i64| Rate::wilson(hits as u64, n as u64);
    assert_eq!(row.positive_rate, rate(l5 + l4));
    assert_eq!(row.satisfied_rate, rate(l5 + l4 + l3));
    assert_eq!(row.negative_rate, rate(l2 + l1));
    let mean = (n > 0).then(|| (l1 + 2 * l2 + 3 * l3 + 4 * l4 + 5 * l5) as f64 / n as f64);
    assert_eq!(row.mean, mean);
    let only_rated = [Dimension::Level, Dimension::Reason];
    let limited = query.filters.iter().any(|f| only_rated.contains(&f.dimension));
    if limited || by.is_some_and(|b| only_rated.contains(&b)) {
        assert_eq!((row.served, row.participation), (None, None), "{context}");
    } else {
        assert_eq!(row.served.unwrap() as i64, want.served, "{}: {context}", row.key);
        assert_eq!(row.participation, Rate::wilson(n as u64, want.served as u64));
    }
}

/// Ledger and visit of what is set aside.
type Asides = BTreeSet<(i64, u64)>;

fn asides(conn: &Connection) -> Asides {
    let mut all = conn.prepare("SELECT ledger, visit FROM aside_visit").unwrap();
    let visits = all.query_map([], |r| Ok((r.get(0)?, r.get::<_, i64>(1)? as u64))).unwrap();
    visits.collect::<Result<_, _>>().unwrap()
}

fn recount(
    facts: &[Fact],
    asides: &Asides,
    zone: &TimeZone,
    query: &Query,
    scope: &Scope,
) -> (BTreeMap<String, Sum>, Sum, i64) {
    let (mut groups, mut total, mut untimed) = (BTreeMap::<String, Sum>::new(), Sum::default(), 0);
    // Another hall may have a window of the same name.
    let mut halls_of = BTreeMap::<&WindowId, BTreeSet<&HallId>>::new();
    for fact in facts.iter().filter(|_| query.by == Some(Dimension::ServiceWindow)) {
        halls_of.entry(&fact.service_window).or_default().insert(&fact.hall);
    }
    for fact in facts {
        let civil = zone.to_datetime(Timestamp::from_millisecond(fact.wall.0).unwrap());
        let placed = civil.date() >= query.from && civil.date() <= query.to;
        let hidden = scope.halls.as_ref().is_some_and(|h| !h.contains(&fact.hall))
            || scope.staff.as_ref().is_some_and(|s| fact.staff.as_ref() != Some(s))
            || (query.unflagged_only && fact.flagged && fact.level.is_some());
        let meets = |timed_only: bool| {
            query.filters.iter().map(|f| f.dimension).all(|d| {
                let about_time = UNTIMED_DIMENSIONS.contains(&d);
                let values = query.filters.iter().filter(|f| f.dimension == d).flat_map(|f| &f.values);
                let keys = keys_of(fact, civil, d);
                (about_time && !timed_only) || values.into_iter().any(|v| keys.contains(v))
            })
        };
        if !placed || hidden {
            continue;
        }
        if fact.grade == ClockGrade::C && fact.level.is_some() && meets(false) {
            untimed += i64::from(fact.sign);
        }
        if !meets(true) {
            continue;
        }
        let is_aside = asides.contains(&(fact.ledger, fact.visit));
        add(&mut total, fact, is_aside);
        let Some(by) = query.by else { continue };
        let mut keys = keys_of(fact, civil, by);
        if by == Dimension::ServiceWindow {
            let shared = halls_of.get(&fact.service_window).is_some_and(|halls| halls.len() > 1);
            keys.retain(|k| shared == k.contains('/'));
        }
        let mut asked = query.filters.iter().filter(|f| f.dimension == Dimension::Reason).peekable();
        if by == Dimension::Reason && asked.peek().is_some() {
            let values: Vec<&String> = asked.flat_map(|f| &f.values).collect();
            keys.retain(|k| values.contains(&k));
        }
        for key in keys {
            add(groups.entry(key).or_default(), fact, is_aside);
        }
    }
    (groups, total, untimed)
}

fn keys_of(fact: &Fact, civil: DateTime, dimension: Dimension) -> Vec<String> {
    let timed = fact.grade != ClockGrade::C;
    let when = |key: String| if timed { vec![key] } else { vec![] };
    match dimension {
        Dimension::Hall => vec![fact.hall.to_string()],
        Dimension::ServiceWindow => {
            vec![fact.service_window.to_string(), format!("{}/{}", fact.hall, fact.service_window)]
        }
        Dimension::Staff => vec![fact.staff.as_ref().map_or("(none)".to_owned(), ToString::to_string)],
        Dimension::Item => vec![fact.item.as_ref().map_or("(none)".to_owned(), ToString::to_string)],
        Dimension::Channel => vec![fact.channel.code().to_owned()],
        Dimension::Level => fact.level.iter().map(|l| l.code().to_owned()).collect(),
        Dimension::Reason => {
            let mut all: Vec<String> = fact.reasons.iter().map(ToString::to_string).collect();
            all.sort();
            all.dedup();
            if fact.level.is_some() { all } else { vec![] }
        }
        Dimension::Hour => when(format!("{:02}", civil.hour())),
        Dimension::Weekday => when(civil.weekday().to_monday_one_offset().to_string()),
        Dimension::Day => when(civil.date().to_string()),
        Dimension::Month => vec![format!("{:04}-{:02}", civil.year(), civil.month())],
    }
}

fn add(sum: &mut Sum, fact: &Fact, is_aside: bool) {
    let sign = i64::from(fact.sign);
    sum.served += sign;
    if let Some(level) = fact.level {
        let at = usize::from(level.level()) - 1;
        sum.levels[at] += sign;
        if is_aside {
            sum.aside[at] += sign;
        }
        if fact.flagged {
            sum.flagged += sign;
        }
    }
}
