//! Which few reasons make most of the mentions.

use serde::Serialize;

use super::Chart;
use super::subject::Subject;
use crate::centre::dashboard::text::{percent, thousands};
use crate::domain::query::Row;

/// Rows of one drawing.
const MOST_ROWS: usize = 30;

#[derive(Serialize)]
struct Pareto {
    rows: Vec<Bar>,
    words: Words,
}

#[derive(Serialize)]
struct Bar {
    name: String,
    n: u64,
    /// Of all mentions, this row and those before it.
    running: f64,
    tip: String,
    href: Option<String>,
}

#[derive(Serialize)]
struct Words {
    count: String,
    running: String,
}

/// Rows by how often they were named, whatever order the answer has.
pub fn pareto(subject: &Subject<'_>) -> Chart {
    let w = subject.words();
    let mut rows: Vec<(&Row, u64)> =
        subject.answer.rows.iter().filter_map(|r| Some((r, r.n.filter(|&n| n > 0)?))).collect();
    rows.sort_by_key(|&(row, n)| (std::cmp::Reverse(n), row.key.clone()));
    let all: u64 = rows.iter().map(|(_, n)| n).sum();
    let share = |n: u64| if all == 0 { 0.0 } else { n as f64 / all as f64 };
    let mut so_far = 0;
    let count = rows.len();
    let bars = rows
        .into_iter()
        .take(MOST_ROWS)
        .map(|(row, n)| {
            so_far += n;
            let running = share(so_far);
            let mentions = w.mentions(&thousands(n), &percent(share(n)), &percent(running));
            let tip = format!("{}\n{mentions}", row.name);
            Bar { name: row.name.clone(), n, running, tip, href: (subject.address)(row) }
        })
        .collect();
    let mut note = w.pareto_note().into_owned();
    if count > MOST_ROWS {
        note.push_str(&w.only_first(MOST_ROWS as u64, count as u64));
    }
    let words = Words { count: w.count().into_owned(), running: w.running().into_owned() };
    Chart::new("pareto", w.pareto().into_owned(), note, &Pareto { rows: bars, words })
}
