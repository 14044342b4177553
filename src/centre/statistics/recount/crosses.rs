//! Questions over two dimensions, read at once, against their columns asked one by one.

use std::collections::BTreeSet;

use super::*;
use crate::centre::statistics::{NamesRead, Snapshot};
use crate::domain::query::Answer;

/// Every cross is the answers to its columns.
#[test]
fn a_cross_read_at_once_is_its_columns_asked_one_by_one() {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    for seed in 0..6 {
        let mut dice = Dice::new(seed);
        let conn = open_in_memory(&TABLES).unwrap();
        let mut book = Book::open(&conn, zone.clone()).unwrap();
        let mut facts = Vec::new();
        for _ in 0..6 {
            grow(&mut dice, &mut facts, &conn, &mut book);
            book.flush(&conn).unwrap();
        }
        finish(&book, &conn, &mut dice);
        grow(&mut dice, &mut facts, &conn, &mut book);
        let (names, labels) = (NamesRead::default(), Labels::new([], Language::Zh));
        for by in Dimension::ALL.iter().copied().map(Some).chain([None]) {
            for &and in Dimension::ALL {
                let (query, scope) = question(&mut dice);
                let query = Query { by, ..query };
                let values: Vec<String> = (0..4).map(|_| value(&mut dice, and)).collect();
                let with = |value: &String| {
                    let mut one = query.clone();
                    one.filters.retain(|f| f.dimension != and);
                    one.filters.push(Filter { dimension: and, values: vec![value.clone()] });
                    one
                };
                let columns: Vec<Query> = values.iter().map(with).collect();
                let snapshot = Snapshot::open(&conn, &names).unwrap();
                let crossed = snapshot.ask_across(&query, and, &values, None, &scope, &labels).unwrap();
                let single: Vec<_> = columns.iter().map(|q| snapshot.ask(q, &scope, &labels).unwrap()).collect();
                shows_some_rows(&snapshot, (&query, and, &values), &crossed, (&scope, &labels));
                drop(snapshot);
                assert_eq!(crossed, single, "seed {seed}, {query:?} across {and:?} {values:?}");
                columns.iter().for_each(|q| compare(&conn, &facts, &zone, q, &scope, seed));
            }
        }
    }
}

/// Asked for every other row, a cross has those and they are what they were, but for ranks among all.
fn shows_some_rows(
    snapshot: &Snapshot<'_>,
    (query, and, values): (&Query, Dimension, &[String]),
    whole: &[Answer],
    (scope, labels): (&Scope, &Labels),
) {
    if query.by == Some(and) {
        return;
    }
    let query = Query { order: Order::Key, ..query.clone() };
    let keys: BTreeSet<&String> = whole.iter().flat_map(|a| &a.rows).map(|r| &r.key).collect();
    let shown: Vec<String> = keys.into_iter().step_by(2).cloned().collect();
    let some = snapshot.ask_across(&query, and, values, Some(&shown), scope, labels).unwrap();
    for (some, whole) in some.iter().zip(whole) {
        assert_eq!(some.total, whole.total);
        for row in whole.rows.iter().filter(|row| shown.contains(&row.key) && row.n != Some(0)) {
            let found = some.rows.iter().find(|r| r.key == row.key).unwrap();
            assert_eq!(Row { rank: None, ..found.clone() }, Row { rank: None, ..row.clone() });
        }
        assert!(some.rows.iter().all(|row| shown.contains(&row.key) || row.n == Some(0)));
    }
}
