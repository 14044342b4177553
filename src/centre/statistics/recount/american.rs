//! Days of 23 and of 25 hours, as New York has them: what is counted by hour, weekday and day, and how a trend goes through
//! them. What an alert's sliding time holds then is tested beside it.

use super::*;
use crate::domain::query::Answer;

/// A visit every ten minutes, day and night.
const EVERY_MS: i64 = 600_000;

fn zone() -> TimeZone {
    TimeZone::get("America/New_York").unwrap()
}

/// Ten days around the one on which the clocks change; each visit satisfied, each sixth not.
fn around(middle: Date) -> (Connection, Vec<Fact>) {
    let start = zone().to_timestamp(middle.saturating_sub(jiff::Span::new().days(5)).at(0, 0, 0, 0)).unwrap();
    let end = zone().to_timestamp(middle.saturating_add(jiff::Span::new().days(5)).at(0, 0, 0, 0)).unwrap();
    let times = (start.as_millisecond()..end.as_millisecond()).step_by(EVERY_MS as usize);
    let plain = throw(&mut Dice::new(1));
    let facts: Vec<Fact> = (1..).zip(times).map(|(n, at)| fact(&plain, n, at)).collect();
    let conn = open_in_memory(&TABLES).unwrap();
    let mut book = Book::open(&conn, zone()).unwrap();
    book.append(&conn, &facts).unwrap();
    book.flush(&conn).unwrap();
    book.finish_spans(&conn, WallMs(end.as_millisecond() + 90 * 86_400_000), 5_000).unwrap();
    (conn, facts)
}

fn fact(plain: &Fact, n: u64, at: i64) -> Fact {
    let level = if n.is_multiple_of(6) { Satisfaction::Dissatisfied } else { Satisfaction::Satisfied };
    Fact { visit: n, wall: WallMs(at), grade: ClockGrade::A, level: Some(level), flagged: false, ..plain.clone() }
}

fn asked(conn: &Connection, facts: &[Fact], by: Option<Dimension>, from: Date, to: Date) -> Answer {
    let query = Query { by, from, to, ..plain() };
    compare(conn, facts, &zone(), &query, &Scope::default(), 0);
    ask(conn, &query, &Scope::default(), &Labels::new([], Language::Zh)).unwrap()
}

fn by_key(answer: &Answer) -> BTreeMap<String, u64> {
    answer.rows.iter().map(|r| (r.key.clone(), r.n.unwrap())).collect()
}

#[test]
fn the_day_on_which_an_hour_is_left_out_has_twenty_three() {
    let day = Date::constant(2026, 3, 8);
    let (conn, facts) = around(day);
    let hours = by_key(&asked(&conn, &facts, Some(Dimension::Hour), day, day));
    assert_eq!(hours.get("02").copied().unwrap_or(0), 0, "two o'clock does not come");
    assert_eq!((hours["01"], hours["03"], hours["23"]), (6, 6, 6));
    assert_eq!(asked(&conn, &facts, None, day, day).total.n, Some(23 * 6));
    let before = day.yesterday().unwrap();
    assert_eq!(asked(&conn, &facts, None, before, before).total.n, Some(24 * 6));
    let week = asked(&conn, &facts, Some(Dimension::Weekday), before, day.tomorrow().unwrap());
    let week = by_key(&week);
    assert_eq!((week["6"], week["7"], week["1"]), (144, 138, 144));
}

#[test]
fn the_day_on_which_an_hour_comes_twice_has_twenty_five() {
    let day = Date::constant(2026, 11, 1);
    let (conn, facts) = around(day);
    let hours = by_key(&asked(&conn, &facts, Some(Dimension::Hour), day, day));
    assert_eq!((hours["00"], hours["01"], hours["02"], hours["23"]), (6, 12, 6, 6), "one o'clock comes twice");
    assert_eq!(asked(&conn, &facts, None, day, day).total.n, Some(25 * 6));
    // It is the first of a month as well: the month before ends where it begins.
    let months =
        asked(&conn, &facts, Some(Dimension::Month), Date::constant(2026, 10, 27), Date::constant(2026, 11, 5));
    let months = by_key(&months);
    assert_eq!((months["2026-10"], months["2026-11"]), (5 * 144, 150 + 4 * 144));
    let one = Filter { dimension: Dimension::Hour, values: vec!["01".to_owned()] };
    let query = Query { by: Some(Dimension::Weekday), from: day, to: day, filters: vec![one], ..plain() };
    compare(&conn, &facts, &zone(), &query, &Scope::default(), 0);
}

#[test]
fn a_trend_by_day_goes_through_both_without_a_gap_or_a_day_twice() {
    for (middle, hours) in [(Date::constant(2026, 3, 8), 23), (Date::constant(2026, 11, 1), 25)] {
        let (conn, facts) = around(middle);
        let day = |n: i64| middle.saturating_add(jiff::Span::new().days(n));
        let answer = asked(&conn, &facts, Some(Dimension::Day), day(-5), day(4));
        let keys: Vec<_> = answer.rows.iter().map(|r| r.key.clone()).collect();
        assert_eq!(keys, (-5..5).map(|n| day(n).to_string()).collect::<Vec<_>>());
        let counts: Vec<_> = answer.rows.iter().map(|r| r.n.unwrap()).collect();
        let mut wanted = vec![144; 10];
        wanted[5] = hours * 6;
        assert_eq!(counts, wanted);
        // A rate is of what was counted, so that the odd day stands no higher and no lower than the others.
        let rates = answer.rows.iter().map(|r| r.satisfied_rate.unwrap().value);
        assert!(rates.into_iter().all(|rate| (rate - 5.0 / 6.0).abs() < 0.01));
    }
}
