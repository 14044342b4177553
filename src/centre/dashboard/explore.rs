//! One question and all its rows: where every link of the first page leads, and from where one goes on.

use maud::{Markup, html};

use super::links;
use super::table::table;
use super::text::{percent, thousands};
use crate::centre::statistics::labels::Labels;
use crate::domain::query::{Answer, Dimension, Order, Query};
use crate::words::common::Common;
use crate::words::dashboard::Dashboard;
use crate::words::stats;

/// The page's content.
pub fn explore(answer: &Answer, labels: &Labels) -> Markup {
    let (language, query) = (labels.language(), &answer.query);
    let w = Dashboard(language);
    let what = query.by.map(|by| stats::dimension_within(language, by));
    html! {
        p.crumbs { a href="/" { (w.back()) } }
        h1 { @match what { Some(what) => (w.by(&what)), None => (Common(language).total()) } }
        p.lead { (w.period(&query.from.to_string(), &query.to.to_string())) }
        @if answer.sample { p.sample { (w.sample()) } }
        (filters(query, labels))
        (figures(answer, labels))
        nav.choices aria-label=(w.group_by()) {
            span { (w.group_by()) }
            @for &by in Dimension::ALL {
                @if Some(by) == query.by { a aria-current="true" href=(links::grouped(query, by)) { (stats::dimension(language, by)) } }
                @else { a href=(links::grouped(query, by)) { (stats::dimension(language, by)) } }
            }
        }
        nav.choices aria-label=(w.order_by()) {
            span { (w.order_by()) }
            @for &order in Order::ALL {
                a aria-current=[(order == query.order).then_some("true")] href=(links::rows(&Query { order, ..query.clone() })) { (stats::order(language, order)) }
            }
            a href=(links::rows(&Query { unflagged_only: !query.unflagged_only, ..query.clone() })) {
                (if query.unflagged_only { w.with_flagged() } else { w.without_flagged() })
            }
        }
        section.card {
            @if answer.rows.is_empty() && query.by.is_some() { p { (w.no_rows()) } } @else { (table(answer, language)) }
        }
        (definitions(w))
    }
}

/// What the figures mean, for those who want to know.
pub fn definitions(w: Dashboard) -> Markup {
    html! {
        details.definitions {
            summary { (w.definitions()) }
            p { (w.rates_note()) }
            p { (w.interval_note()) }
        }
    }
}

fn filters(query: &Query, labels: &Labels) -> Markup {
    let w = Dashboard(labels.language());
    html! {
        @if !query.filters.is_empty() {
            ul.filters aria-label=(w.filters()) {
                @for filter in &query.filters {
                    @let names: Vec<String> = filter.values.iter().map(|v| labels.name(filter.dimension, v)).collect();
                    @let text = w.filter(stats::dimension(labels.language(), filter.dimension), &names.join(" / "));
                    li { (text) " " a href=(links::without(query, filter.dimension)) aria-label=(w.remove(&text)) { "✕" } }
                }
            }
        }
    }
}

fn figures(answer: &Answer, labels: &Labels) -> Markup {
    let (total, common) = (&answer.total, Common(labels.language()));
    let rate = |r: Option<crate::domain::query::Rate>| {
        r.map_or_else(|| "–".to_owned(), |r| format!("{} ({}–{})", percent(r.value), percent(r.low), percent(r.high)))
    };
    html! {
        dl.facts {
            div { dt { (common.rated()) } dd { (total.n.map_or_else(|| "*".to_owned(), thousands)) } }
            div { dt { (common.satisfied_rate()) } dd { (rate(total.satisfied_rate)) } }
            div { dt { (common.positive_rate()) } dd { (rate(total.positive_rate)) } }
            div { dt { (common.negative_rate()) } dd { (rate(total.negative_rate)) } }
            @if total.participation.is_some() { div { dt { (common.participation()) } dd { (rate(total.participation)) } } }
        }
    }
}
