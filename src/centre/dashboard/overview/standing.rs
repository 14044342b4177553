//! Who and what stands out, each with its n and its interval.

use maud::{Markup, html};

use super::super::compare::{Difference, standing_out};
use super::super::text::{percent, thousands};
use super::super::{charts, links};
use super::Overview;
use crate::domain::query::{Answer, Dimension, Order, Query, Rate, Row};
use crate::words::common::{self, Common};
use crate::words::dashboard::Dashboard;
use crate::words::overview::Overview as Words;
use crate::words::stats;

/// Names of one list.
const LISTED: usize = 5;
/// Windows whose participation is listed.
const MAX_LOW: usize = 10;

pub fn standing(o: &Overview<'_>) -> Markup {
    let w = Words(o.labels.language());
    let compared = o.figures.windows.rows.len().max(o.figures.staff.rows.len());
    html! {
        section aria-labelledby="stand-out" {
            h2 #stand-out { (w.stand_out()) }
            div.columns { (list(o, false)) (list(o, true)) (complaints(o)) }
            p.hint { (w.stand_out_note(compared)) }
        }
    }
}

fn list(o: &Overview<'_>, better: bool) -> Markup {
    let language = o.labels.language();
    let w = Words(language);
    let lists = [&o.figures.windows, &o.figures.staff].map(|a| (a, standing_out(a, better)));
    html! {
        div.card.list {
            h3 { (if better { w.better() } else { w.worse() }) }
            @if lists.iter().all(|(_, rows)| rows.is_empty()) { p.hint { (if better { w.nobody_better() } else { w.nobody_worse() }) } }
            @for (answer, rows) in &lists {
                @if !rows.is_empty() {
                    @let by = answer.query.by.unwrap_or(Dimension::ServiceWindow);
                    ul aria-label=(stats::dimension(language, by)) {
                        @for row in rows.iter().take(LISTED) { (line(row, answer, w)) }
                    }
                }
            }
            p.more {
                @for (answer, _) in &lists {
                    @let by = answer.query.by.unwrap_or(Dimension::ServiceWindow);
                    a href=(links::rows(&answer.query)) { (w.see_all(&stats::dimension_within(language, by))) } " "
                }
            }
        }
    }
}

fn line(row: &Row, answer: &Answer, w: Words) -> Markup {
    let by = answer.query.by.unwrap_or(Dimension::ServiceWindow);
    let query = Query { order: Order::Key, ..answer.query.clone() };
    html! {
        li {
            a href=(links::behind(&query, by, &row.key)) { (row.name) }
            @if let (Some(r), Some(n)) = (row.satisfied_rate, row.n) {
                span.value { b { (percent(r.value)) } span.ci { (percent(r.low)) "–" (percent(r.high)) " · " (w.n(&thousands(n))) } }
            }
        }
    }
}

fn complaints(o: &Overview<'_>) -> Markup {
    let language = o.labels.language();
    let (w, d) = (Words(language), Dashboard(language));
    let (answer, before) = (&o.figures.complaints, &o.figures.complaints_before);
    let largest = answer.rows.iter().filter_map(|r| r.n).max().unwrap_or(0);
    let all = answer.total.n.unwrap_or(0);
    html! {
        div.card.list {
            h3 { (w.complaints()) }
            @if largest == 0 { p.hint { (d.no_complaints()) } }
            ul {
                @for row in answer.rows.iter().filter(|r| r.n.is_some_and(|n| n > 0)).take(LISTED + 1) {
                    @let n = row.n.unwrap_or(0);
                    li {
                        a href=(links::behind(&answer.query, Dimension::Reason, &row.key)) { (row.name) }
                        span.value {
                            (charts::bar(n, largest, "negative"))
                            b { (d.times(&thousands(n))) }
                            span.ci {
                                @if all > 0 { (w.of_negatives(&percent(n as f64 / all as f64))) }
                                @match moved(row, all, before) {
                                    Some(true) => { " · ▲ " (w.grew()) }
                                    Some(false) => { " · ▼ " (w.shrank()) }
                                    None => {}
                                }
                            }
                        }
                    }
                }
            }
            p.more { a href=(links::rows(&answer.query)) { (w.see_all(&stats::dimension_within(language, Dimension::Reason))) } }
        }
    }
}

/// Whether a reason's share of the negative ratings is clearly another one than before.
fn moved(row: &Row, all: u64, before: &Answer) -> Option<bool> {
    let then = before.rows.iter().find(|r| r.key == row.key).and_then(|r| r.n).unwrap_or(0);
    let (now, then) = (Rate::wilson(row.n?, all)?, Rate::wilson(then, before.total.n?)?);
    Difference::newcombe(now, then).is_up()
}

/// The windows whose participation is clearly below the whole's, and the five levels.
pub fn participation(o: &Overview<'_>) -> Markup {
    let language = o.labels.language();
    let w = Words(language);
    let windows = &o.figures.windows;
    let overall = o.figures.now.total.participation;
    let mut low: Vec<(&Row, Rate)> = windows
        .rows
        .iter()
        .filter_map(|r| r.participation.map(|p| (r, p)))
        .filter(|(_, p)| overall.is_some_and(|o| p.high < o.value))
        .collect();
    low.sort_by(|a, b| a.1.value.total_cmp(&b.1.value));
    let start = (low.iter().map(|(_, p)| p.low).fold(0.9, f64::min) * 10.0).floor() / 10.0;
    html! {
        div.grid-2 {
            @if let Some(overall) = overall {
                section.card aria-labelledby="participation" {
                    h2 #participation { (w.participation()) }
                    p { (w.participation_note(&percent(overall.value), &percent(overall.low), &percent(overall.high))) }
                    @if low.is_empty() { p.hint { (w.participation_even()) } }
                    ul.bars {
                        @for (row, rate) in low.iter().take(MAX_LOW) {
                            li {
                                a href=(links::behind(&windows.query, Dimension::ServiceWindow, &row.key)) { (row.name) }
                                (charts::interval(*rate, Some(overall.value), start.max(0.0)))
                                span.value {
                                    b { (percent(rate.value)) }
                                    span.ci { (percent(rate.low)) "–" (percent(rate.high)) " · " (w.n(&thousands(row.served.unwrap_or(0)))) }
                                }
                            }
                        }
                    }
                    p.more { a href=(links::rows(&windows.query)) { (w.see_all(&stats::dimension_within(language, Dimension::ServiceWindow))) } }
                }
            }
            (levels(o))
        }
    }
}

fn levels(o: &Overview<'_>) -> Markup {
    let language = o.labels.language();
    let w = Words(language);
    let total = &o.figures.now.total;
    let Some(counts) = total.levels else { return html! {} };
    let n = total.n.unwrap_or(0).max(1);
    let query = Query { by: Some(Dimension::Level), order: Order::Key, ..o.figures.now.query.clone() };
    html! {
        section.card aria-labelledby="levels" {
            h2 #levels { (w.levels()) }
            (charts::levels(&counts))
            ul.keys {
                @for level in crate::domain::rating::Satisfaction::ALL.iter().copied() {
                    @let count = count_of(&counts, level);
                    li {
                        svg.key viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" focusable="false" { rect class={ "level-" (level.level()) } width="12" height="12" rx="2" {} }
                        a href=(links::behind(&query, Dimension::Level, level.code())) { (common::level(language, level)) }
                        span.value { b { (percent(count as f64 / n as f64)) } span.ci { (Common(language).rated()) " " (thousands(count)) } }
                    }
                }
            }
        }
    }
}

fn count_of(counts: &crate::domain::query::LevelCounts, level: crate::domain::rating::Satisfaction) -> u64 {
    match level.level() {
        5 => counts.very_satisfied,
        4 => counts.satisfied,
        3 => counts.basically_satisfied,
        2 => counts.dissatisfied,
        _ => counts.very_dissatisfied,
    }
}
