//! Finished spans by themselves, against a naive recount.

use super::*;

/// Days are needed only where nothing longer stands, and what stands counts all of them.
#[test]
fn finished_spans_answer_without_their_days() {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let mut dice = Dice::new(5);
    let conn = open_in_memory(&TABLES).unwrap();
    let mut book = Book::open(&conn, zone.clone()).unwrap();
    let mut facts = Vec::new();
    for _ in 0..8 {
        grow(&mut dice, &mut facts, &conn, &mut book);
    }
    book.flush(&conn).unwrap();
    let late = WallMs("2027-06-01T00:00:00Z".parse::<Timestamp>().unwrap().as_millisecond());
    assert!(book.has_finished_spans(&conn, late).unwrap());
    let due = book.finished_spans_due(&conn, late).unwrap();
    assert_eq!(book.finish_spans(&conn, late, 10_000).unwrap() as u64, due);
    assert!(!book.has_finished_spans(&conn, late).unwrap());
    conn.execute("DELETE FROM rollup", []).unwrap();
    let whole = Query { from: Date::constant(2026, 1, 1), to: Date::constant(2026, 8, 31), ..plain() };
    let rest = Query { from: Date::constant(2026, 5, 1), to: Date::constant(2026, 9, 16), ..plain() };
    for by in Dimension::ALL.iter().copied().filter(|by| *by != Dimension::Day).map(Some).chain([None]) {
        for &filtered in Dimension::ALL.iter().filter(|filtered| **filtered != Dimension::Day) {
            let filters = vec![Filter { dimension: filtered, values: vec![value(&mut dice, filtered)] }];
            for query in [&whole, &rest] {
                let query = Query { by, filters: filters.clone(), ..query.clone() };
                compare(&conn, &facts, &zone, &query, &Scope::default(), 5);
            }
            let more = |dimension, values: &[&str]| Filter {
                dimension,
                values: values.iter().map(ToString::to_string).collect(),
            };
            let hours = more(Dimension::Hour, &["10", "11", "15"]);
            let weekdays = more(Dimension::Weekday, &["1", "2", "4", "5", "7"]);
            let items = more(Dimension::Item, &["I0", "I1", "(none)"]);
            let reasons = more(Dimension::Reason, &["R0", "R2"]);
            // Sheets of three axes, then whole months for four and more, and for several reasons.
            for others in
                [vec![hours.clone()], vec![hours.clone(), weekdays, items], vec![hours, reasons.clone()], vec![reasons]]
            {
                let query = Query { by, filters: [filters.clone(), others].concat(), ..whole.clone() };
                compare(&conn, &facts, &zone, &query, &Scope::default(), 5);
            }
        }
    }
}
