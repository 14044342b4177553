//! The generated town against the recount: every metric by every dimension, whole, under one filter and under several.

use std::path::Path;

use super::*;
use crate::centre::statistics::sample::Pace;
use crate::centre::statistics::town::{Size, Town, boards};
use crate::domain::metric::Metric;

const FIRST: Date = Date::constant(2026, 2, 20);
const DAYS: i64 = 40;

/// Forty days of a town of two halls, over the end of two months.
fn town(zone: &TimeZone) -> Vec<Fact> {
    let file = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/kiosk-config/board.toml"));
    let template = crate::config::board::load(file, None).unwrap();
    let halls = boards(&template, Size { halls: 2, windows: 6, staff: 14 }, 5).unwrap();
    let calendar = crate::config::calendar::shipped();
    let mut town = Town::new(&halls, &calendar, zone, 5);
    let day = |n| FIRST.saturating_add(jiff::Span::new().days(n));
    let days = (0..DAYS).flat_map(|n| town.day(day(n), Pace { rate: 0.06, progress: n as f64 / DAYS as f64 }));
    let mut facts: Vec<Fact> = days.collect();
    facts.iter_mut().zip(1..).for_each(|(fact, visit)| fact.visit = visit);
    facts
}

/// What a metric of a row must be, from plain sums.
fn wanted(metric: Metric, sum: &Sum) -> Option<f64> {
    let [l1, l2, l3, l4, l5] = sum.levels;
    let n = l1 + l2 + l3 + l4 + l5;
    let share = |hits: i64, of: i64| (of > 0).then(|| hits as f64 / of as f64);
    match metric {
        Metric::Satisfied => share(l5 + l4 + l3, n),
        Metric::Positive => share(l5 + l4, n),
        Metric::Negative => share(l2 + l1, n),
        Metric::Participation => share(n, sum.served),
        Metric::Mean => share(l1 + 2 * l2 + 3 * l3 + 4 * l4 + 5 * l5, n),
        Metric::Rated => Some(n as f64),
        Metric::Served => Some(sum.served as f64),
        Metric::Flagged => Some(sum.flagged as f64),
        Metric::SetAside => Some(sum.aside.iter().sum::<i64>() as f64),
        Metric::AdoptedSatisfied | Metric::AdoptedNegative => {
            let [a1, a2, a3, a4, a5] = std::array::from_fn(|at| sum.levels[at] - sum.aside[at]);
            let hits = if metric == Metric::AdoptedNegative { a1 + a2 } else { a5 + a4 + a3 };
            share(hits, a1 + a2 + a3 + a4 + a5)
        }
    }
}

/// Every figure of every row, by the metric's own reading of it.
fn figures(answer: &crate::domain::query::Answer, groups: &BTreeMap<String, Sum>, context: &str) -> usize {
    let mut looked_at = 0;
    for row in &answer.rows {
        let sum = groups.get(&row.key).cloned().unwrap_or_default();
        for &metric in Metric::ALL {
            let counted = row.served.is_some() || !matches!(metric, Metric::Participation | Metric::Served);
            let want = wanted(metric, &sum).filter(|_| counted);
            let got = metric.of(row).map(|f| f.value);
            let same = match (got, want) {
                (Some(got), Some(want)) => (got - want).abs() < 1e-9,
                (got, want) => got == want,
            };
            assert!(same, "{metric:?} of {}: {got:?}, not {want:?}: {context}", row.key);
            looked_at += 1;
        }
    }
    looked_at
}

#[test]
fn every_metric_of_the_town_by_every_dimension_equals_a_recount() {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let facts = town(&zone);
    assert!((600..6_000).contains(&facts.len()), "{} visits", facts.len());
    let conn = open_in_memory(&TABLES).unwrap();
    let mut book = Book::open(&conn, zone.clone()).unwrap();
    // Most of it is rolled up, two months are finished, and the last days are not flushed.
    let (old, new) = facts.split_at(facts.len() * 9 / 10);
    book.append(&conn, old).unwrap();
    book.flush(&conn).unwrap();
    let now = "2026-04-05T00:00:00Z".parse::<Timestamp>().unwrap().as_millisecond();
    book.finish_spans(&conn, WallMs(now), 5_000).unwrap();
    book.append(&conn, new).unwrap();
    let negative = |f: &&Fact| f.level.is_some_and(Satisfaction::is_negative);
    for fact in facts.iter().filter(negative).step_by(3) {
        aside::set_aside(&conn, fact.ledger, fact.visit).unwrap();
    }
    let asides = asides(&conn);
    assert!(asides.len() > 5, "{} set aside", asides.len());

    let mut dice = Dice::new(17);
    // Of somebody who was really served.
    let mut value_of = |dimension| {
        let mut tries = (0..10_000).filter_map(|_| {
            let fact = dice.pick(&facts).unwrap();
            let civil = zone.to_datetime(Timestamp::from_millisecond(fact.wall.0).unwrap());
            keys_of(fact, civil, dimension).pop()
        });
        tries.next().expect("the town has some of everything")
    };
    let mut filters: Vec<Vec<Filter>> = vec![vec![]];
    for &dimension in Dimension::ALL {
        filters.push(vec![Filter { dimension, values: vec![value_of(dimension)] }]);
    }
    for (a, b) in [
        (Dimension::ServiceWindow, Dimension::Level),
        (Dimension::Hall, Dimension::Staff),
        (Dimension::Hour, Dimension::Weekday),
        (Dimension::Item, Dimension::Reason),
        (Dimension::Month, Dimension::Channel),
        (Dimension::Staff, Dimension::Day),
    ] {
        let two = |d, v, w| Filter { dimension: d, values: vec![v, w] };
        filters.push(vec![two(a, value_of(a), value_of(a)), two(b, value_of(b), value_of(b))]);
    }
    let last = FIRST.saturating_add(jiff::Span::new().days(DAYS - 1));
    let labels = Labels::new([], Language::Zh);
    let mut looked_at = 0;
    for by in Dimension::ALL.iter().copied().map(Some).chain([None]) {
        for (at, filters) in filters.iter().enumerate() {
            let (from, to) =
                if at % 3 == 0 { (FIRST, last) } else { (Date::constant(2026, 2, 25), last.yesterday().unwrap()) };
            let query = Query { by, from, to, filters: filters.clone(), unflagged_only: at % 5 == 4, ..plain() };
            compare(&conn, &facts, &zone, &query, &Scope::default(), 17);
            let answer = ask(&conn, &query, &Scope::default(), &labels).unwrap();
            let (groups, ..) = recount(&facts, &asides, &zone, &query, &Scope::default());
            looked_at += figures(&answer, &groups, &format!("{query:?}"));
        }
    }
    assert!(looked_at > 5_000, "{looked_at} figures");
}
