//! How people chose: the shares of the five levels in each row, best first.

use serde::Serialize;

use super::Chart;
use super::subject::Subject;
use crate::centre::dashboard::text::{percent, thousands};
use crate::domain::query::{Dimension, LevelCounts, Row};
use crate::domain::rating::Satisfaction;
use crate::words::common::level;
use crate::words::stats::dimension_within;

/// Rows of one drawing.
const MOST_ROWS: usize = 40;

#[derive(Serialize)]
struct Levels {
    rows: Vec<Bar>,
    words: Words,
}

#[derive(Serialize)]
struct Bar {
    name: String,
    shares: [f64; 5],
    tip: String,
    href: Option<String>,
}

#[derive(Serialize)]
struct Words {
    levels: Vec<String>,
}

/// One bar a row; where rows are the levels themselves, or there are none, one bar of the total.
pub fn levels(subject: &Subject<'_>) -> Chart {
    let (answer, w, language) = (subject.answer, subject.words(), subject.language());
    let alone = matches!(answer.query.by, None | Some(Dimension::Level));
    let rows: Vec<&Row> = if alone { vec![&answer.total] } else { answer.rows.iter().collect() };
    let filled: Vec<Bar> = rows.into_iter().filter_map(|row| bar(subject, row, alone)).collect();
    let all = filled.len();
    let mut bars = filled;
    bars.truncate(MOST_ROWS);
    if let (true, Some(before)) = (alone, subject.before.and_then(|b| bar(subject, &b.total, true))) {
        bars.push(Bar { name: w.before_line().into_owned(), ..before });
    }
    let note = (all > MOST_ROWS).then(|| w.only_first(MOST_ROWS as u64, all as u64).into_owned());
    let title = match answer.query.by.filter(|_| !alone) {
        Some(by) => w.levels(&dimension_within(language, by)),
        None => w.levels_alone(),
    };
    let words = Words { levels: Satisfaction::ALL.iter().map(|&l| level(language, l).to_owned()).collect() };
    Chart::new("levels", title.into_owned(), note, &Levels { rows: bars, words })
}

/// None: nobody rated there, or too few to show.
fn bar(subject: &Subject<'_>, row: &Row, alone: bool) -> Option<Bar> {
    let (n, counts) = (row.n.filter(|&n| n > 0)?, row.levels?);
    let counts = best_first(&counts);
    let shares = counts.map(|c| c as f64 / n as f64);
    let w = subject.words();
    let mut tip = format!("{} · {}", row.name, w.n(&thousands(n)));
    for ((&of, count), share) in Satisfaction::ALL.iter().zip(counts).zip(shares) {
        tip.push('\n');
        tip.push_str(&w.share_of(level(subject.language(), of), &percent(share), &thousands(count)));
    }
    let href = if alone { None } else { (subject.address)(row) };
    Some(Bar { name: row.name.clone(), shares, tip, href })
}

fn best_first(counts: &LevelCounts) -> [u64; 5] {
    [counts.very_satisfied, counts.satisfied, counts.basically_satisfied, counts.dissatisfied, counts.very_dissatisfied]
}
