//! A cross as a table and as the grid of a heat map: the first dimension down, the second across.

use maud::{Markup, html};

use super::cross::{self, Cross, MOST_ROWS};
use super::drill::Driller;
use super::question::Question;
use crate::centre::charts::{Cell, Chart, Grid, heat, written};
use crate::centre::dashboard::text::thousands;
use crate::centre::statistics::labels::Labels;
use crate::domain::metric::{Metric, Unit};
use crate::domain::query::{Answer, Row};
use crate::words::charts::metric as metric_name;
use crate::words::questions::Questions;
use crate::words::shell::Shell;
use crate::words::stats;

/// A cross with what is wanted of it.
#[derive(Clone, Copy)]
pub struct Crossed<'a> {
    pub question: &'a Question,
    /// By the first dimension alone: which rows there are, in which order, and their totals.
    pub rows: &'a Answer,
    pub cross: &'a Cross,
    pub labels: &'a Labels,
    pub driller: Driller<'a>,
}

impl Crossed<'_> {
    fn shown(&self) -> impl Iterator<Item = &Row> {
        cross::shown(self.rows)
    }

    fn address(&self, row: &Row, column: &Row) -> Option<String> {
        let (by, and) = (self.cross.by, self.cross.and);
        self.driller.behind_cell(self.question, (by, &row.key), (and, &column.key))
    }
}

/// Figures with their n; cells without ratings are empty.
pub fn table(c: &Crossed<'_>) -> Markup {
    let language = c.labels.language();
    let (w, metric) = (Questions(language), c.question.metric);
    let caption = w.caption_crossed(
        &metric_name(language, metric),
        &stats::dimension_within(language, c.cross.by),
        &stats::dimension_within(language, c.cross.and),
    );
    html! {
        div.scroll role="region" tabindex="0" aria-label={ (caption) ", " (Shell(language).scrolls()) } {
            table.matrix {
                caption { (caption) }
                thead {
                    tr {
                        th scope="col" { (stats::dimension(language, c.cross.by)) }
                        @for column in &c.cross.columns { th.number scope="col" { (column.name) } }
                        th.number scope="col" { (w.total()) }
                    }
                }
                tbody { @for row in c.shown() { (line(c, row)) } }
                tfoot {
                    tr {
                        th scope="row" { (w.total()) }
                        @for answer in &c.cross.answers { td.number { (figure(metric, &answer.total, None)) } }
                        td.number { (figure(metric, &c.rows.total, None)) }
                    }
                }
            }
        }
        @if c.cross.columns_left > 0 { p.hint { (w.columns_left(c.cross.columns_left)) } }
        @if c.rows.rows.len() > MOST_ROWS { p.hint { (w.rows_left(MOST_ROWS)) } }
    }
}

fn line(c: &Crossed<'_>, row: &Row) -> Markup {
    let behind = c.driller.behind(c.question, c.cross.by, &row.key);
    html! {
        tr {
            th.name scope="row" { @match &behind { Some(address) => { a href=(address) { (row.name) } } None => { (row.name) } } }
            @for (at, column) in c.cross.columns.iter().enumerate() {
                td.number {
                    @if let Some(cell) = c.cross.cell(&row.key, at).filter(|r| r.suppressed || r.n.is_some_and(|n| n > 0)) {
                        (figure(c.question.metric, cell, c.address(row, column)))
                    }
                }
            }
            td.number { (figure(c.question.metric, row, behind.clone())) }
        }
    }
}

fn figure(metric: Metric, row: &Row, address: Option<String>) -> Markup {
    if row.suppressed {
        return html! { "*" };
    }
    let Some(figure) = metric.of(row) else { return html! {} };
    let text = written(metric.unit(), figure.value);
    html! {
        @match address { Some(address) => { a.figure href=(address) { (text) } } None => { (text) } }
        @if metric.unit() != Unit::Count { span.ci { "n=" (thousands(figure.n)) } }
    }
}

/// The same as colours.
pub fn drawing(c: &Crossed<'_>) -> Chart {
    let language = c.labels.language();
    let rows: Vec<&Row> = c.shown().collect();
    let metric = c.question.metric;
    let places = (0..rows.len()).flat_map(|r| (0..c.cross.columns.len()).map(move |k| (r, k)));
    let addresses: Vec<Option<String>> = places.clone().map(|(r, k)| c.address(rows[r], &c.cross.columns[k])).collect();
    let cells = places.zip(&addresses).map(|((row, column), href)| {
        let figure = c.cross.cell(&rows[row].key, column).and_then(|found| metric.of(found));
        Cell { row, column, figure, href: href.as_deref() }
    });
    heat(&Grid {
        language,
        metric,
        down: stats::dimension_within(language, c.cross.by),
        across: stats::dimension_within(language, c.cross.and),
        rows: rows.iter().map(|r| r.name.clone()).collect(),
        columns: c.cross.columns.iter().map(|r| r.name.clone()).collect(),
        cells: cells.collect(),
        min_n: c.question.query.min_n.min(10),
    })
}
