//! One answer as a table: a real one, with a caption and scopes, and a drawing beside each rate.

use maud::{Markup, html};

use super::charts;
use super::compare::axis_start;
use super::links;
use super::text::{percent, thousands};
use crate::centre::statistics::labels::UNASSIGNED;
use crate::domain::query::{Answer, Dimension, Order, Row};
use crate::words::Language;
use crate::words::common::Common;
use crate::words::dashboard::Dashboard;
use crate::words::stats::{self, StatsWords};

/// Every row, the total below, links to what is behind each, and the files.
pub fn table(answer: &Answer, language: Language) -> Markup {
    let query = &answer.query;
    let Some(by) = query.by else { return html! {} };
    let (w, common, s) = (Dashboard(language), Common(language), StatsWords(language));
    let what = stats::dimension(language, by);
    let within = stats::dimension_within(language, by);
    let shape = Shape::of(answer);
    html! {
        div.scroll role="region" tabindex="0" aria-label={ (w.by(&within)) ", " (w.scroll_hint()) } {
            table {
                caption { (w.table_caption(&within, &query.from.to_string(), &query.to.to_string())) }
                thead {
                    tr {
                        @if shape.ranked { th.number scope="col" { (s.rank()) } }
                        th scope="col" { (what) }
                        th.number scope="col" { (common.rated()) }
                        @if shape.shares { th scope="col" { (w.share()) } }
                        @else {
                            th.number scope="col" { (common.satisfied_rate()) }
                            th.plot scope="col" { (s.interval()) " " span.axis-note { (format!("{:.0}%–100%", shape.start * 100.0)) } }
                            th.number scope="col" { (common.negative_rate()) }
                            th.number.extra scope="col" { (common.mean()) }
                            @if shape.served {
                                th.number.extra scope="col" { (common.served()) }
                                th.number scope="col" { (common.participation()) }
                            }
                        }
                    }
                }
                tbody { @for row in &answer.rows { (line(row, answer, by, &shape)) } }
                @if by != Dimension::Reason { tfoot { (line(&answer.total, answer, by, &shape)) } }
            }
        }
        @if answer.rows.iter().any(|r| r.suppressed) || answer.total.suppressed { p.hint { (w.suppressed_note()) } }
        @if answer.untimed > 0 && matches!(by, Dimension::Hour | Dimension::Weekday | Dimension::Day) {
            p.hint { (w.untimed(&thousands(answer.untimed))) }
        }
        p.files {
            (w.export()) " "
            a href=(links::file(query, "csv")) download { "CSV" } " "
            a href=(links::file(query, "xlsx")) download { "XLSX" }
        }
    }
}

/// What all rows of a table share.
struct Shape {
    ranked: bool,
    /// Rows are parts of the ratings, not groups of them.
    shares: bool,
    served: bool,
    start: f64,
    overall: Option<f64>,
    largest: u64,
}

impl Shape {
    fn of(answer: &Answer) -> Self {
        let shares = matches!(answer.query.by, Some(Dimension::Level | Dimension::Reason));
        Self {
            ranked: answer.query.order == Order::Ranking,
            shares,
            served: answer.total.served.is_some(),
            start: axis_start(answer.rows.iter().filter_map(|r| r.satisfied_rate.as_ref())),
            overall: answer.total.satisfied_rate.map(|r| r.value),
            largest: answer.rows.iter().filter_map(|r| r.n).max().unwrap_or(0),
        }
    }
}

fn line(row: &Row, answer: &Answer, by: Dimension, shape: &Shape) -> Markup {
    let total = std::ptr::eq(row, &raw const answer.total);
    let blank = if row.suppressed { "*" } else { "–" };
    let rate = |r: Option<crate::domain::query::Rate>| r.map_or_else(|| blank.to_owned(), |r| percent(r.value));
    html! {
        tr class=[(row.suppressed || row.n == Some(0)).then_some("faint")] {
            @if shape.ranked { td.number { @if let Some(rank) = row.rank { (rank) } } }
            th.name scope="row" {
                @if total { (row.name) }
                @else { a href=(links::behind(&answer.query, by, &row.key)) { (row.name) } }
                @if !total && row.name != row.key && row.key != UNASSIGNED && codes_matter(by) { " " span.code { (row.key) } }
            }
            td.number { (row.n.map_or_else(|| blank.to_owned(), thousands)) }
            @if shape.shares { td { (share(row, answer, by, shape, total)) } }
            @else {
                td.number.rate {
                    b { (rate(row.satisfied_rate)) }
                    @if let Some(r) = row.satisfied_rate { span.ci { (percent(r.low)) "–" (percent(r.high)) } }
                }
                td.plot { @if let Some(r) = row.satisfied_rate { (charts::interval(r, shape.overall.filter(|_| !total), shape.start)) } }
                td.number { (rate(row.negative_rate)) }
                td.number.extra { (row.mean.map_or_else(|| blank.to_owned(), |m| format!("{m:.2}"))) }
                @if shape.served {
                    td.number.extra { (row.served.map_or_else(|| blank.to_owned(), thousands)) }
                    td.number { (rate(row.participation)) }
                }
            }
        }
    }
}

fn share(row: &Row, answer: &Answer, by: Dimension, shape: &Shape, total: bool) -> Markup {
    let (Some(n), Some(all)) = (row.n, answer.total.n.filter(|&n| n > 0)) else { return html! {} };
    if total {
        return html! {};
    }
    let level = crate::domain::rating::Satisfaction::from_code(&row.key).filter(|_| by == Dimension::Level);
    let class = level.map_or_else(|| "fill".to_owned(), |l| format!("level-{}", l.level()));
    html! { span.share { (charts::bar(n, shape.largest, &class)) span.share-number { (percent(n as f64 / all as f64)) } } }
}

/// Codes that people know, such as staff numbers; not those that only programs read.
fn codes_matter(by: Dimension) -> bool {
    matches!(by, Dimension::ServiceWindow | Dimension::Staff | Dimension::Item | Dimension::Hall)
}
