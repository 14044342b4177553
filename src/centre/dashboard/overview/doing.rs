//! How are we doing: each figure against the period before and the same days of last year, with what chance alone can do.

use std::borrow::Cow;

use maud::{Markup, html};

use super::super::compare::{Difference, trend};
use super::super::text::{percent, points, thousands};
use super::super::verdict::verdict;
use super::super::{charts, links};
use super::Overview;
use super::figures::is_thin;
use crate::domain::query::{Answer, Dimension, Rate, Row};
use crate::words::common::Common;
use crate::words::dashboard::Dashboard;
use crate::words::overview::Overview as Words;
use crate::words::stats;

pub fn doing(o: &Overview<'_>) -> Markup {
    let language = o.labels.language();
    let (w, common, f) = (Words(language), Common(language), o.figures);
    html! {
        section aria-labelledby="how" {
            h2 #how { (w.how()) }
            @if f.now.total.n == Some(0) { p.told.note { (Dashboard(language).none_yet()) } }
            @else {
                div.tiles {
                    (rate_tile("main", &common.satisfied_rate(), |r| r.satisfied_rate, false, o))
                    (rate_tile("", &common.positive_rate(), |r| r.positive_rate, false, o))
                    (rate_tile("", &common.negative_rate(), |r| r.negative_rate, true, o))
                    (rate_tile("", &common.participation(), |r| r.participation, false, o))
                    (count_tile(&common.rated(), |r| r.n, o))
                    (count_tile(&common.served(), |r| r.served, o))
                }
                (notes(o))
            }
        }
    }
}

/// The periods that the present one is held against, as far as there was anything then: six tiles that each say twice that
/// there was nothing would hide what they are for.
fn compared<'a>(o: &Overview<'a>) -> impl Iterator<Item = (Cow<'static, str>, &'a Answer)> + use<'a> {
    let (w, f) = (Words(o.labels.language()), o.figures);
    [(w.against_before(), &f.before), (w.against_year(), &f.last_year)]
        .into_iter()
        .filter(|(_, then)| !is_nothing(then))
}

fn is_nothing(answer: &Answer) -> bool {
    answer.total.n.unwrap_or(0) == 0 && answer.total.served.unwrap_or(0) == 0
}

fn notes(o: &Overview<'_>) -> Markup {
    let w = Words(o.labels.language());
    let f = o.figures;
    let (b, y) = (&f.before.query, &f.last_year.query);
    let note = w.periods_note(&b.from.to_string(), &b.to.to_string(), &y.from.to_string(), &y.to.to_string());
    let thin = |answer: &Answer, name: &str| {
        let served = answer.total.served.unwrap_or(0);
        (served > 0 && is_thin(answer, &f.now)).then(|| w.thin(name, &thousands(served)))
    };
    let nothing = |answer: &Answer, name: &str| is_nothing(answer).then(|| w.nothing_against(name));
    let against = [(&f.before, w.against_before()), (&f.last_year, w.against_year())];
    html! {
        p.hint {
            (note) " " (w.partial())
            @for text in against.iter().filter_map(|(then, name)| nothing(then, name)) { " " (text) }
            @for text in [thin(&f.before, &w.against_before()), thin(&f.last_year, &w.against_year())].into_iter().flatten() { " " (text) }
            @if let Some(flagged) = f.now.total.flagged.filter(|&n| n > 0) {
                @let d = Dashboard(o.labels.language());
                @let address = links::rows(&crate::domain::query::Query { by: Some(Dimension::Day), unflagged_only: true, ..f.now.query.clone() });
                " " (d.flagged_note(&thousands(flagged))) " " a href=(address) { (d.without_flagged()) }
            }
            @if let Some(aside) = f.now.total.set_aside.filter(|&n| n > 0) {
                @let d = Dashboard(o.labels.language());
                @let written = |rate: Option<Rate>| rate.map_or_else(|| "–".to_owned(), |r| percent(r.value));
                " " (d.set_aside_note(&thousands(aside), &written(f.now.total.satisfied_rate), &written(f.now.total.adopted_satisfied())))
            }
        }
    }
}

fn rate_tile(
    class: &str,
    name: &str,
    rate: fn(&Row) -> Option<Rate>,
    less_is_better: bool,
    o: &Overview<'_>,
) -> Markup {
    let w = Words(o.labels.language());
    let f = o.figures;
    let Some(current) = rate(&f.now.total) else { return html! {} };
    html! {
        a class={ "card tile " (class) } href=(links::grouped(&f.now.query, Dimension::Day)) {
            span.label { (name) }
            span.big { (percent(current.value)) }
            span.ci { (w.interval(&percent(current.low), &percent(current.high))) }
            @for (against, then) in compared(o) {
                span.against {
                    span.to { (against) }
                    @match rate(&then.total) {
                        Some(then) => { (verdict(Difference::newcombe(current, then), less_is_better, w)) }
                        None => { span.change { (w.nothing_then()) } }
                    }
                }
            }
        }
    }
}

fn count_tile(name: &str, count: fn(&Row) -> Option<u64>, o: &Overview<'_>) -> Markup {
    let w = Words(o.labels.language());
    let f = o.figures;
    let Some(n) = count(&f.now.total) else { return html! {} };
    html! {
        a.card.tile href=(links::grouped(&f.now.query, Dimension::Day)) {
            span.label { (name) }
            span.big { (thousands(n)) }
            @for (against, then) in compared(o) {
                @let before = count(&then.total).filter(|&n| n > 0);
                span.against {
                    span.to { (against) }
                    @match before {
                        Some(before) => {
                            span.change { (w.count_then(&thousands(before))) }
                            @if !is_thin(then, &f.now) { span.ci { (w.change(&growth(n, before))) } }
                        }
                        None => { span.change { (w.nothing_then()) } }
                    }
                }
            }
        }
    }
}

fn growth(now: u64, before: u64) -> String {
    let percent = (now as f64 / before as f64 - 1.0) * 100.0;
    if percent < 0.0 { format!("−{:.0}%", -percent) } else { format!("+{percent:.0}%") }
}

/// The satisfied rate by day, and whether it moves.
pub fn days(o: &Overview<'_>) -> Markup {
    let language = o.labels.language();
    let (w, d) = (Words(language), Dashboard(language));
    let (days, overall) = (&o.figures.days, o.figures.now.total.satisfied_rate);
    let (title, text) = (d.trend(), d.trend_text(days.rows.len()));
    let label = overall.map_or_else(String::new, |r| d.overall(&percent(r.value)).into_owned());
    let every = |marks: usize| days.rows.len().div_ceil(marks).max(1);
    let frame = charts::Frame {
        class: "for-wide",
        width: 880.0,
        height: 290.0,
        every: every(10),
        id: "trend",
        title: &title,
        text: &text,
    };
    let small =
        charts::Frame { class: "for-narrow", width: 340.0, height: 230.0, every: every(5), id: "trend-small", ..frame };
    html! {
        figure.card.trend-figure {
            figcaption { h2 { (title) } a href=(links::rows(&days.query)) { (w.see_all(&stats::dimension_within(language, Dimension::Day))) } }
            @if let Some(d) = trend(days) {
                p {
                    b { (match d.is_up() { Some(true) => w.rising(), Some(false) => w.sinking(), None => w.steady() }) }
                    " " span.ci { (w.by_week(&points(d.low), &points(d.high))) }
                }
            }
            ul.legend {
                li { (charts::swatch("day")) (d.legend_rate()) }
                li { (charts::swatch("overall")) (label) }
                li { (charts::swatch("count")) (d.legend_count()) }
            }
            (charts::trend(&days.rows, overall, frame))
            (charts::trend(&days.rows, overall, small))
        }
    }
}
