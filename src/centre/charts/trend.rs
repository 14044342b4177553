//! A metric over time, or over the hours or weekdays: a line on its band.

use serde::Serialize;

use super::Chart;
use super::subject::{Subject, axis};
use crate::domain::metric::Unit;
use crate::domain::query::{Dimension, Row};
use crate::words::stats::dimension_within;

#[derive(Serialize)]
struct Trend {
    unit: &'static str,
    start: f64,
    end: Option<f64>,
    labels: Vec<String>,
    points: Vec<Option<Point>>,
    before: Vec<Option<f64>>,
    overall: Option<f64>,
    /// Ratings below the line; empty where the line itself is a count.
    counts: Vec<u64>,
    tips: Vec<String>,
    hrefs: Vec<Option<String>>,
    words: Words,
}

#[derive(Serialize)]
struct Point {
    value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<f64>,
}

#[derive(Serialize)]
struct Words {
    value: String,
    band: String,
    before: String,
    overall: String,
    count: String,
}

/// Rows in their order; the compared period's rows stand beside them by place, not by date.
pub fn trend(subject: &Subject<'_>) -> Chart {
    let (metric, w) = (subject.metric, subject.words());
    let unit = metric.unit();
    let rows = &subject.answer.rows;
    let points: Vec<Option<Point>> = rows
        .iter()
        .map(|row| {
            let figure = metric.of(row)?;
            let (low, high) = figure.interval.unzip();
            Some(Point { value: figure.value, low, high })
        })
        .collect();
    let before: Vec<Option<f64>> = subject.before.map_or_else(Vec::new, |b| {
        let value = |at: usize| b.rows.get(at).and_then(|row| metric.of(row)).map(|f| f.value);
        (0..rows.len()).map(value).collect()
    });
    let bounds = points.iter().flatten().flat_map(|p| [p.low.unwrap_or(p.value), p.high.unwrap_or(p.value)]);
    let (start, end) = axis(unit, bounds.chain(before.iter().flatten().copied()));
    let by = subject.answer.query.by;
    let data = Trend {
        unit: unit.code(),
        start,
        end,
        labels: rows.iter().map(|r| label(by, r)).collect(),
        before,
        overall: subject.overall(),
        counts: if unit == Unit::Count { Vec::new() } else { rows.iter().map(|r| r.n.unwrap_or(0)).collect() },
        tips: rows.iter().enumerate().map(|(at, row)| tip(subject, at, row)).collect(),
        hrefs: rows.iter().map(|r| (subject.address)(r)).collect(),
        words: Words {
            value: subject.what(),
            band: w.band().into_owned(),
            before: w.before_line().into_owned(),
            overall: subject.overall_words(),
            count: w.count().into_owned(),
        },
        points,
    };
    let by = by.map_or_else(String::new, |by| dimension_within(subject.language(), by));
    let note = (unit != Unit::Count).then(|| w.trend_note().into_owned());
    Chart::new("trend", w.trend(&subject.what(), &by).into_owned(), note, &data)
}

/// What stands under the axis: a day without its year, everything else by its name.
fn label(by: Option<Dimension>, row: &Row) -> String {
    match by {
        Some(Dimension::Day) => row.key.get(5..).unwrap_or(&row.key).to_owned(),
        Some(Dimension::Hour) => format!("{}:00", row.key),
        _ => row.name.clone(),
    }
}

fn tip(subject: &Subject<'_>, at: usize, row: &Row) -> String {
    let now = subject.tip(row);
    let before = subject.before.and_then(|b| b.rows.get(at));
    match before.and_then(|row| subject.metric.of(row).map(|f| (row, f))) {
        Some((row, figure)) => {
            format!("{now}\n{} {}\n{}", subject.words().before_line(), row.name, subject.figure(figure))
        }
        None => now,
    }
}
