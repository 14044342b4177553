//! Which rows lie further from the overall rate than chance takes them, given how many rated there.

use serde::Serialize;

use super::Chart;
use super::limits::{Limits, Place, curves};
use super::subject::{Subject, axis};
use crate::domain::metric::Metric;
use crate::words::stats::dimension_within;

#[derive(Serialize)]
struct Funnel {
    start: f64,
    end: Option<f64>,
    overall: f64,
    points: Vec<Point>,
    limits: Vec<Limit>,
    words: Words,
}

#[derive(Serialize)]
struct Point {
    name: String,
    n: u64,
    value: f64,
    place: &'static str,
    tip: String,
    href: Option<String>,
}

#[derive(Serialize)]
struct Limit {
    n: u64,
    near_low: f64,
    near_high: f64,
    wide_low: f64,
    wide_high: f64,
}

#[derive(Serialize)]
struct Words {
    overall: String,
    near: String,
    wide: String,
    within: String,
    near_out: String,
    beyond: String,
    n: String,
}

/// None: there is no overall rate, or the metric is none.
pub fn funnel(subject: &Subject<'_>) -> Option<Chart> {
    let (answer, metric, w) = (subject.answer, subject.metric, subject.words());
    let overall = metric.rate(&answer.total)?.value;
    let points: Vec<Point> = answer
        .rows
        .iter()
        .filter_map(|row| {
            let figure = metric.of(row)?;
            let place = Limits::at(figure.n, overall).place(figure.value);
            let state = match place {
                Place::Within => w.within(),
                Place::Near => w.near_out(),
                Place::Beyond => w.beyond(),
            };
            Some(Point {
                name: row.name.clone(),
                n: figure.n,
                value: figure.value,
                place: place.code(),
                tip: format!("{}\n{state}", subject.tip(row)),
                href: (subject.address)(row),
            })
        })
        .collect();
    let largest = points.iter().map(|p| p.n).max()?;
    let limits: Vec<Limit> = curves(largest + largest / 20, overall)
        .into_iter()
        .map(|l| Limit { n: l.n, near_low: l.near.0, near_high: l.near.1, wide_low: l.wide.0, wide_high: l.wide.1 })
        .collect();
    // The curves of a handful of ratings would take the whole height: they may leave the frame, points may not.
    let readable = limits.iter().filter(|l| l.n * 12 >= largest).flat_map(|l| [l.wide_low, l.wide_high]);
    let (start, end) = axis(metric.unit(), points.iter().map(|p| p.value).chain(readable));
    let by = answer.query.by.map_or_else(String::new, |by| dimension_within(subject.language(), by));
    let served = metric == Metric::Participation;
    let words = Words {
        overall: subject.overall_words(),
        near: w.near_limits().into_owned(),
        wide: w.wide_limits().into_owned(),
        within: w.within().into_owned(),
        near_out: w.near_out().into_owned(),
        beyond: w.beyond().into_owned(),
        n: if served { w.n_axis_served() } else { w.n_axis() }.into_owned(),
    };
    let data = Funnel { start, end, overall, points, limits, words };
    Some(Chart::new("funnel", w.funnel(&subject.what(), &by).into_owned(), w.funnel_note().into_owned(), &data))
}
