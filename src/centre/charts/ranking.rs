//! Rows side by side: each figure on its interval with its n, ties on one ground. A rank never stands alone.

use serde::Serialize;

use super::Chart;
use super::subject::{Subject, axis};
use crate::centre::dashboard::text::thousands;
use crate::domain::metric::{Metric, Unit};
use crate::domain::query::{Order, Row};
use crate::words::stats::dimension_within;

/// Rows of one drawing.
const MOST_ROWS: usize = 40;

#[derive(Serialize)]
struct Ranking {
    unit: &'static str,
    start: f64,
    end: Option<f64>,
    overall: Option<f64>,
    rows: Vec<Bar>,
    words: Words,
}

#[derive(Serialize)]
struct Bar {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    rank: Option<String>,
    /// Rows of one rank have one number; the next rank has the next.
    band: usize,
    n: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<f64>,
    tip: String,
    href: Option<String>,
}

#[derive(Serialize)]
struct Words {
    overall: String,
    before: String,
}

/// Rows in the answer's order. Ranks go by the satisfied rate, so that other metrics show none.
pub fn ranking(subject: &Subject<'_>) -> Chart {
    let (answer, metric, w) = (subject.answer, subject.metric, subject.words());
    let ranked = answer.query.order == Order::Ranking && metric == Metric::Satisfied;
    let ranks: Vec<u64> = answer.rows.iter().filter_map(|r| r.rank).collect();
    let (mut band, mut last) = (0, None);
    let shown: Vec<&Row> = answer.rows.iter().filter(|r| metric.of(r).is_some()).collect();
    let rows: Vec<Bar> = shown
        .iter()
        .take(MOST_ROWS)
        .map(|row| {
            let rank = row.rank.filter(|_| ranked);
            if rank != last {
                (band, last) = (band + 1, rank);
            }
            let tied = |rank: u64| ranks.iter().filter(|&&r| r == rank).count() > 1;
            let rank = rank.map(|r| if tied(r) { w.tied(r).into_owned() } else { r.to_string() });
            bar(subject, row, rank, band)
        })
        .collect();
    let bounds = rows.iter().flat_map(|b| [b.low.or(b.value), b.high.or(b.value), b.before]).flatten();
    let (start, end) = axis(metric.unit(), bounds.chain(subject.overall()));
    let by = answer.query.by.map_or_else(String::new, |by| dimension_within(subject.language(), by));
    let counts = metric.unit() == Unit::Count;
    let title = if counts { w.bars(&subject.what(), &by) } else { w.ranking(&subject.what(), &by) };
    let mut note = if ranked { w.ranking_note().into_owned() } else { String::new() };
    if shown.len() > MOST_ROWS {
        note.push_str(&w.only_first(MOST_ROWS as u64, shown.len() as u64));
    }
    let words = Words { overall: subject.overall_words(), before: w.before_line().into_owned() };
    let data = Ranking { unit: metric.unit().code(), start, end, overall: subject.overall(), rows, words };
    Chart::new("ranking", title.into_owned(), Some(note).filter(|n| !n.is_empty()), &data)
}

/// A row of [`compared`].
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    pub name: String,
    /// As it is written; rows without one come last.
    pub rank: Option<String>,
    pub n: String,
    /// Each 0 to 100.
    pub value: f64,
    pub low: f64,
    pub high: f64,
    pub tip: String,
    pub href: Option<String>,
}

/// Scores of 0 to 100 on their intervals, in the order given; equal ranks stand on one ground.
pub fn compared(title: String, note: Option<String>, placed: &[Placed]) -> Chart {
    let (mut band, mut last) = (0, None);
    let rows: Vec<Bar> = placed
        .iter()
        .take(MOST_ROWS)
        .map(|p| {
            if Some(&p.rank) != last {
                (band, last) = (band + 1, Some(&p.rank));
            }
            Bar {
                name: p.name.clone(),
                rank: p.rank.clone(),
                band,
                n: p.n.clone(),
                value: Some(p.value),
                low: Some(p.low),
                high: Some(p.high),
                before: None,
                tip: p.tip.clone(),
                href: p.href.clone(),
            }
        })
        .collect();
    let lowest = placed.iter().map(|p| p.low).fold(100.0, f64::min);
    let start = ((lowest / 10.0).floor() * 10.0).clamp(0.0, 90.0);
    let words = Words { overall: String::new(), before: String::new() };
    let data = Ranking { unit: Unit::Count.code(), start, end: Some(100.0), overall: None, rows, words };
    Chart::new("ranking", title, note, &data)
}

fn bar(subject: &Subject<'_>, row: &Row, rank: Option<String>, band: usize) -> Bar {
    let figure = subject.metric.of(row);
    let (low, high) = figure.and_then(|f| f.interval).unzip();
    let earlier = subject.before.and_then(|b| b.rows.iter().find(|r| r.key == row.key));
    let earlier = earlier.and_then(|r| subject.metric.of(r));
    let mut tip = subject.tip(row);
    if let Some(rank) = &rank {
        tip = format!("{rank} · {tip}");
    }
    if let Some(earlier) = earlier {
        tip = format!("{tip}\n{} {}", subject.words().before_line(), subject.figure(earlier));
    }
    let n = figure.map_or(0, |f| f.n);
    let n = if subject.metric.unit() == Unit::Count {
        thousands(figure.map_or(0, |f| f.value as u64))
    } else {
        format!("n={}", thousands(n))
    };
    Bar {
        name: row.name.clone(),
        rank,
        band,
        n,
        value: figure.map(|f| f.value),
        low,
        high,
        before: earlier.map(|f| f.value),
        tip,
        href: (subject.address)(row),
    }
}
