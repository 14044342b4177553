//! The form that makes any question. It is sent by GET, so that the address is the question; without scripts it does the
//! same.

use jiff::ToSpan as _;
use maud::{Markup, html};

use super::kind::{self, ChartKind};
use super::question::{Compared, Question};
use crate::centre::dashboard::components::{Button, Choice, Field, Tick, buttons};
use crate::centre::statistics::labels::{Labels, UNASSIGNED};
use crate::domain::metric::Metric;
use crate::domain::query::{Dimension, Filter, Order, Query};
use crate::domain::rating::{Channel, Satisfaction};
use crate::words::Language;
use crate::words::charts::metric;
use crate::words::questions::Questions;
use crate::words::stats;

/// Values of a list that opens; more are typed as codes.
const MOST_OPTIONS: usize = 150;

/// Dimensions that one may choose.
pub fn dimensions(own_only: bool) -> impl Iterator<Item = Dimension> {
    let others = |d: &Dimension| matches!(d, Dimension::Hall | Dimension::ServiceWindow | Dimension::Staff);
    Dimension::ALL.iter().copied().filter(move |d| !own_only || !others(d))
}

/// The form with the question in it.
pub fn form(question: &Question, labels: &Labels, own_only: bool) -> Markup {
    let language = labels.language();
    let (w, query) = (Questions(language), &question.query);
    let named = |d: Dimension| (d.code(), stats::dimension(language, d));
    let all: Vec<Dimension> = dimensions(own_only).collect();
    let first = [("none", w.nothing().into_owned())].into_iter();
    let by = first.chain(all.iter().map(|&d| (named(d).0, named(d).1.to_owned())));
    let second = [("", w.no_cross().into_owned())].into_iter();
    let and = second.chain(all.iter().map(|&d| (named(d).0, named(d).1.to_owned())));
    let metrics = kind::metrics(query.by, question.and, |d| question.is_filtered(d));
    let metrics = metrics.into_iter().map(|m| (m.code(), metric(language, m)));
    let periods = [
        ("", w.compare_none()),
        (Compared::Before.code(), w.compare_before()),
        (Compared::Year.code(), w.compare_year()),
    ];
    html! {
        form.builder method="get" action="/statistics" {
            input type="hidden" name="ask" value="1";
            @if let Some(chart) = question.chart { input type="hidden" name="chart" value=(chart.code()); }
            div.fields {
                (Choice::new("metric", w.metric(), metrics).chosen(question.metric.code()))
                (Choice::new("by", w.by(), by).chosen(query.by.map_or("none", |d| d.code())))
                (Choice::new("and", w.and(), and).chosen(question.and.map_or("", |d| d.code())))
                (Field::date("from", w.from()).value(query.from.to_string()))
                (Field::date("to", w.to()).value(query.to.to_string()))
                (Choice::new("compare", w.compare(), periods).chosen(question.compared.map_or("", |c| c.code())))
            }
            details.narrow open[!query.filters.is_empty()] {
                summary { (w.narrow()) }
                div.fields { @for &dimension in &all { (narrow(question, labels, dimension)) } }
            }
            div.fields {
                (Choice::new("order", w.order(), Order::ALL.iter().map(|&o| (o.code(), stats::order(language, o)))).chosen(query.order.code()))
                (Field::number("min_n", w.min_n()).value(query.min_n.to_string()).within("3", "1000000"))
                (Tick::check("unflagged", "1", w.flagged_too(), query.unflagged_only).hint(w.flagged_hint()))
            }
            (buttons(&[Button::submit(w.ask()).primary()]))
        }
    }
}

/// One dimension's filter: a list where it has few values, codes where it has many.
fn narrow(question: &Question, labels: &Labels, dimension: Dimension) -> Markup {
    let language = labels.language();
    let w = Questions(language);
    let chosen: Vec<&str> = question
        .query
        .filters
        .iter()
        .filter(|f| f.dimension == dimension)
        .flat_map(|f| f.values.iter().map(String::as_str))
        .collect();
    let joined = chosen.join("|");
    let (label, name) = (stats::dimension(language, dimension), dimension.code());
    let values = match values(labels, dimension) {
        Some(values) if values.len() <= MOST_OPTIONS => values,
        _ => {
            let hint = w.code_hint(example(dimension));
            return html! { (Field::text(name, label).value(joined).optional(language).hint(hint).max(600)) };
        }
    };
    let mut options = vec![(String::new(), w.all().into_owned())];
    if chosen.len() > 1 {
        options.push((joined.clone(), w.several(chosen.len()).into_owned()));
    } else if let Some(&one) = chosen.first().filter(|one| !values.iter().any(|v| v == *one)) {
        options.push((one.to_owned(), labels.name(dimension, one)));
    }
    options.extend(values.into_iter().map(|v| (v.clone(), labels.name(dimension, &v))));
    html! { (Choice::new(name, label, options).chosen(joined)) }
}

/// None: they are not known beforehand.
fn values(labels: &Labels, dimension: Dimension) -> Option<Vec<String>> {
    let codes = |all: Vec<&str>| Some(all.into_iter().map(str::to_owned).collect());
    match dimension {
        Dimension::Level => codes(Satisfaction::ALL.iter().map(|l| l.code()).collect()),
        Dimension::Channel => codes(Channel::ALL.iter().map(|c| c.code()).collect()),
        Dimension::Hour => Some((0..24).map(|h| format!("{h:02}")).collect()),
        Dimension::Weekday => Some((1..=7).map(|d| d.to_string()).collect()),
        Dimension::Day | Dimension::Month => None,
        Dimension::Hall | Dimension::ServiceWindow | Dimension::Staff | Dimension::Item | Dimension::Reason => {
            let mut known: Vec<String> = labels.known(dimension).map(str::to_owned).collect();
            if matches!(dimension, Dimension::Staff | Dimension::Item) {
                known.push(UNASSIGNED.to_owned());
            }
            Some(known)
        }
    }
}

fn example(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Day => "2026-11-02",
        Dimension::Month => "2026-11",
        Dimension::ServiceWindow => "W03",
        Dimension::Staff => "0027|0031",
        _ => "A01|A02",
    }
}

/// Questions that supervisors ask most, of the same period.
pub fn frequent(question: &Question, own_only: bool, language: Language) -> Vec<(String, String)> {
    let w = Questions(language);
    let plain = Question::plain(Query { filters: Vec::new(), ..question.query.clone() });
    let by = |d: Dimension| plain.grouped(d);
    let negative = |q: Question| {
        let levels = Satisfaction::ALL.iter().filter(|l| l.is_negative()).map(|l| l.code().to_owned()).collect();
        let mut q = q;
        q.query.filters.push(Filter { dimension: Dimension::Level, values: levels });
        q
    };
    let mut all = vec![(w.q_trend(), Question { compared: Some(Compared::Before), ..by(Dimension::Day) })];
    if !own_only {
        all.push((w.q_windows(), by(Dimension::ServiceWindow)));
        all.push((w.q_funnel(), Question { chart: Some(ChartKind::Funnel), ..by(Dimension::ServiceWindow) }));
    }
    let hours = Question { metric: Metric::Negative, and: Some(Dimension::Hour), ..by(Dimension::Weekday) };
    all.push((w.q_hours(), hours));
    all.push((w.q_reasons(), negative(by(Dimension::Reason))));
    let mut months = Question { compared: Some(Compared::Year), ..by(Dimension::Month) };
    months.query.from = months.query.to.first_of_month().saturating_sub(11.months());
    all.push((w.q_months(), months));
    all.into_iter().map(|(word, q)| (q.address(), word.into_owned())).collect()
}
