//! An answer as a table. Every figure leads to what it is made of; a change says whether it may be chance.

use maud::{Markup, html};

use super::change::{Change, Meaning};
use super::drill::Driller;
use super::kind;
use super::question::Question;
use crate::centre::charts::written;
use crate::centre::dashboard::charts::interval;
use crate::centre::dashboard::compare::axis_start;
use crate::centre::dashboard::text::{percent, points, thousands};
use crate::centre::statistics::labels::{Labels, UNASSIGNED};
use crate::domain::metric::{Figure, Metric, Unit};
use crate::domain::query::{Answer, Dimension, Order, Rate, Row};
use crate::words::Language;
use crate::words::charts::metric as metric_name;
use crate::words::questions::Questions;
use crate::words::shell::Shell;
use crate::words::stats::{self, StatsWords};

/// Rows of a page; files have all.
pub const MOST_ROWS: usize = 400;

/// A question with its answers.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub question: &'a Question,
    pub answer: &'a Answer,
    pub before: Option<&'a Answer>,
    pub labels: &'a Labels,
    pub driller: Driller<'a>,
}

/// What all lines share.
struct Shape<'a> {
    asked: Asked<'a>,
    by: Dimension,
    ranked: bool,
    /// Rows are parts of the ratings, not groups of them.
    parts: bool,
    /// The figures beside the one that was asked for.
    beside: Vec<Metric>,
    start: f64,
    overall: Option<f64>,
}

impl<'a> Shape<'a> {
    fn new(asked: Asked<'a>, by: Dimension) -> Self {
        let (question, answer) = (asked.question, asked.answer);
        let rates = answer.rows.iter().filter_map(|r| question.metric.rate(r)).collect::<Vec<_>>();
        let wanted = [Metric::Satisfied, Metric::Negative, Metric::Mean, Metric::Served, Metric::Participation];
        let there = kind::metrics(Some(by), None, |d| question.is_filtered(d));
        let beside = wanted.into_iter().filter(|m| *m != question.metric && there.contains(m)).collect();
        Self {
            asked,
            by,
            ranked: question.query.order == Order::Ranking,
            parts: matches!(by, Dimension::Level | Dimension::Reason),
            beside,
            start: axis_start(&rates),
            overall: question.metric.rate(&answer.total).map(|r| r.value),
        }
    }

    fn language(&self) -> Language {
        self.asked.labels.language()
    }

    /// The number rated stands in every table anyway.
    fn shows_metric(&self) -> bool {
        self.asked.question.metric != Metric::Rated
    }

    fn plotted(&self) -> bool {
        self.shows_metric() && self.asked.question.metric.unit() == Unit::Share && self.start > 0.0
    }
}

/// All rows, the total below.
pub fn table(asked: Asked<'_>) -> Markup {
    let Some(by) = asked.question.query.by else { return total_alone(asked) };
    let shape = Shape::new(asked, by);
    let (w, query) = (Questions(shape.language()), &asked.answer.query);
    let what = metric_name(shape.language(), asked.question.metric);
    let within = stats::dimension_within(shape.language(), by);
    let caption = w.caption(&what, &within, &query.from.to_string(), &query.to.to_string());
    let rows: Vec<&Row> = asked.answer.rows.iter().filter(|r| by != Dimension::Reason || r.n != Some(0)).collect();
    html! {
        div.scroll role="region" tabindex="0" aria-label={ (caption) ", " (Shell(shape.language()).scrolls()) } {
            table {
                caption { (caption) }
                (head(&shape))
                tbody { @for row in rows.iter().take(MOST_ROWS) { (line(&shape, row)) } }
                @if by != Dimension::Reason { tfoot { (line(&shape, &asked.answer.total)) } }
            }
        }
        @if rows.len() > MOST_ROWS { p.hint { (w.rows_left(MOST_ROWS)) } }
    }
}

fn head(shape: &Shape<'_>) -> Markup {
    let language = shape.language();
    let (w, s) = (Questions(language), StatsWords(language));
    let what = metric_name(language, shape.asked.question.metric);
    html! {
        thead {
            tr {
                @if shape.ranked { th.number scope="col" { (s.rank()) } }
                th scope="col" { (stats::dimension(language, shape.by)) }
                th.number scope="col" { (metric_name(language, Metric::Rated)) }
                @if shape.parts { th.number scope="col" { (crate::words::dashboard::Dashboard(language).share()) } }
                @if shape.shows_metric() { th.number scope="col" { (what) } }
                @if shape.plotted() {
                    th.plot scope="col" { (s.interval()) " " span.axis-note { (format!("{:.0}%–100%", shape.start * 100.0)) } }
                }
                @if shape.asked.before.is_some() {
                    th.number scope="col" { (w.earlier()) }
                    th.number scope="col" { (w.difference()) }
                }
                @for metric in &shape.beside { th class=(class_of(*metric)) scope="col" { (metric_name(language, *metric)) } }
            }
        }
    }
}

/// What is left out on narrow screens.
fn class_of(metric: Metric) -> &'static str {
    match metric {
        Metric::Mean | Metric::Served => "number extra",
        _ => "number",
    }
}

fn line(shape: &Shape<'_>, row: &Row) -> Markup {
    let Asked { question, answer, before, driller, .. } = shape.asked;
    let total = std::ptr::eq(row, &raw const answer.total);
    let blank = if row.suppressed { "*" } else { "–" };
    let behind = if total { None } else { driller.behind(question, shape.by, &row.key) };
    let linked = |text: String| figure_link(behind.as_deref(), &text);
    let main = question.metric.of(row);
    html! {
        tr class=[(row.suppressed || row.n == Some(0)).then_some("faint")] {
            @if shape.ranked { td.number { @if let Some(rank) = row.rank { (rank_of(shape, answer, rank)) } } }
            th.name.day[shape.by == Dimension::Day] scope="row" {
                @match &behind { Some(address) => { a href=(address) { (row.name) } } None => { (row.name) } }
                @if !total && row.name != row.key && row.key != UNASSIGNED && codes_matter(shape.by) { " " span.code { (row.key) } }
            }
            td.number { (row.n.map_or_else(|| html! { (blank) }, |n| linked(thousands(n)))) }
            @if shape.parts { td.number { (share(row, answer, total)) } }
            @if shape.shows_metric() { td.number.rate { (main_figure(question.metric, main, blank, behind.as_deref())) } }
            @if shape.plotted() {
                td.plot { @if let Some(rate) = question.metric.rate(row) { (interval(rate, shape.overall.filter(|_| !total), shape.start)) } }
            }
            @if let Some(before) = before { (compared(shape, row, total, before)) }
            @for &metric in &shape.beside {
                td class=(class_of(metric)) {
                    @match metric.of(row) {
                        Some(figure) => {
                            @let text = written(metric.unit(), figure.value);
                            @if metric == Metric::Negative && figure.value > 0.0 && !total {
                                a.figure href=(driller.negatives(question, shape.by, &row.key)) { (text) }
                            } @else { (linked(text)) }
                        }
                        None => { (blank) }
                    }
                }
            }
        }
    }
}

fn figure_link(address: Option<&str>, text: &str) -> Markup {
    html! { @match address { Some(address) => { a.figure href=(address) tabindex="-1" { (text) } } None => { (text) } } }
}

fn rank_of(shape: &Shape<'_>, answer: &Answer, rank: u64) -> Markup {
    let tied = answer.rows.iter().filter(|r| r.rank == Some(rank)).count() > 1;
    html! { @if tied { (crate::words::charts::Charts(shape.language()).tied(rank)) } @else { (rank) } }
}

fn main_figure(metric: Metric, figure: Option<Figure>, blank: &str, address: Option<&str>) -> Markup {
    let Some(figure) = figure else { return html! { (blank) } };
    html! {
        b { (figure_link(address, &written(metric.unit(), figure.value))) }
        @if let Some((low, high)) = figure.interval {
            span.ci { (written(metric.unit(), low)) "–" (written(metric.unit(), high)) }
        }
    }
}

fn share(row: &Row, answer: &Answer, total: bool) -> Markup {
    let all = answer.total.n.filter(|&n| n > 0 && !total);
    html! { @if let (Some(n), Some(all)) = (row.n, all) { (percent(n as f64 / all as f64)) } }
}

/// The compared period's figure and the change. Days and the like stand beside each other by place.
fn compared(shape: &Shape<'_>, row: &Row, total: bool, before: &Answer) -> Markup {
    let metric = shape.asked.question.metric;
    let other = if total { Some(&before.total) } else { earlier_row(shape.asked.answer, row, shape.by, before) };
    let (now, then) = (metric.of(row), other.and_then(|r| metric.of(r)));
    html! {
        td.number {
            @if let Some(then) = then {
                (written(metric.unit(), then.value))
                @if moves(shape.by) && !total { @if let Some(other) = other { span.ci { (other.name) } } }
            } @else { "–" }
        }
        td.number.rate { @if let (Some(now), Some(then)) = (now, then) { (change(shape.language(), metric, now, then)) } @else { "–" } }
    }
}

/// The row of the compared period that stands for this one.
pub fn earlier_row<'b>(answer: &Answer, row: &Row, by: Dimension, before: &'b Answer) -> Option<&'b Row> {
    if moves(by) {
        let at = answer.rows.iter().position(|r| r.key == row.key)?;
        return before.rows.get(at);
    }
    before.rows.iter().find(|r| r.key == row.key)
}

/// Its keys name days, and those of another period are others.
pub fn moves(by: Dimension) -> bool {
    matches!(by, Dimension::Day | Dimension::Month)
}

/// A change in words and sign, never by colour alone.
fn change(language: Language, metric: Metric, now: Figure, then: Figure) -> Markup {
    let (w, change) = (Questions(language), Change::between(now, then));
    let signed = |v: f64| match metric.unit() {
        Unit::Share => points(v),
        Unit::Level => format!("{}{:.2}", if v < 0.0 { "−" } else { "+" }, v.abs()),
        Unit::Count => format!("{}{}", if v < 0.0 { "−" } else { "+" }, thousands(v.abs() as u64)),
    };
    let class = match change.meaning(metric) {
        Meaning::Better => "moved good",
        Meaning::Worse => "moved bad",
        Meaning::Clear | Meaning::Unclear => "moved",
    };
    html! {
        span class=(class) {
            @match (change.is_up(), change.interval) {
                (Some(true), _) => { "▲ " span.unseen { (w.up()) " " } }
                (Some(false), _) => { "▼ " span.unseen { (w.down()) " " } }
                (None, Some(_)) => { span.unclear { (w.same()) } " " }
                (None, None) => {}
            }
            (signed(change.value))
        }
        @if let Some((low, high)) = change.interval { span.ci { (signed(low)) "–" (signed(high)) } }
    }
}

/// No grouping: every metric of the total, one a line.
fn total_alone(asked: Asked<'_>) -> Markup {
    let language = asked.labels.language();
    let w = Questions(language);
    let total = &asked.answer.total;
    html! {
        div.scroll {
            table {
                caption { (w.total()) }
                thead { tr { th scope="col" { (w.metric()) } th.number scope="col" { (w.total()) } @if asked.before.is_some() { th.number scope="col" { (w.earlier()) } th.number scope="col" { (w.difference()) } } } }
                tbody {
                    @for &metric in Metric::ALL {
                        @if let Some(now) = metric.of(total) {
                            tr {
                                th scope="row" { (metric_name(language, metric)) }
                                td.number.rate { (main_figure(metric, Some(now), "–", None)) }
                                @if let Some(before) = asked.before {
                                    @let then = metric.of(&before.total);
                                    td.number { (then.map_or_else(|| "–".to_owned(), |f| written(metric.unit(), f.value))) }
                                    td.number.rate { @if let Some(then) = then { (change(language, metric, now, then)) } @else { "–" } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Codes that people know, such as staff numbers; not those that only programs read.
fn codes_matter(by: Dimension) -> bool {
    matches!(by, Dimension::ServiceWindow | Dimension::Staff | Dimension::Item | Dimension::Hall)
}

/// A rate with its interval, on one line.
pub fn rate_text(rate: Option<Rate>) -> String {
    rate.map_or_else(|| "–".to_owned(), |r| format!("{} ({}–{})", percent(r.value), percent(r.low), percent(r.high)))
}
