//! The numbered sections of the report.

use maud::{Markup, html};

use super::super::compare::{Difference, standing_out};
use super::super::components::{Table, Text};
use super::super::text::{percent, thousands};
use super::super::verdict::verdict;
use super::super::{charts, links};
use super::Sheet;
use crate::domain::query::{Answer, Dimension, Order, Query, Rate, Row};
use crate::domain::rating::Satisfaction;
use crate::words::common::{self, Common};
use crate::words::dashboard::Dashboard;
use crate::words::overview::Overview;
use crate::words::report::Report as Words;
use crate::words::stats;

/// Rows of the sections that may have very many.
const LISTED: usize = 60;
/// Service items, the most frequent.
const ITEMS: usize = 15;
/// Names of a sentence.
const NAMED: usize = 8;

pub fn sections(s: &Sheet<'_>) -> Markup {
    let w = Words(s.labels.language());
    let f = s.figures;
    html! {
        section { h2 { (w.summary()) } (summary(s)) }
        section { h2 { (w.by_day()) } (by_day(s)) }
        section { h2 { (w.by_window()) } (standing(&f.windows, w)) (ranked(s, &f.windows)) }
        section { h2 { (w.by_staff()) } (standing(&f.staff, w)) (ranked(s, &f.staff)) p.hint { (w.rank_note(s.min_n)) } }
        section { h2 { (w.levels()) } (levels(s)) }
        section { h2 { (w.complaints()) } (complaints(s)) }
        section { h2 { (w.items()) } (ranked(s, &f.items)) }
        section { h2 { (w.hours()) } (ranked(s, &f.hours)) }
        section { h2 { (w.not_counted()) } (not_counted(s)) }
        section { h2 { (w.definitions()) } (definitions(s)) }
        (signatures(w))
    }
}

type Figure = (Text<'static>, fn(&Row) -> Option<Rate>, bool);

fn summary(s: &Sheet<'_>) -> Markup {
    let language = s.labels.language();
    let (w, common, f) = (Words(language), Common(language), s.figures);
    let total = &f.now.total;
    let rates: [Figure; 4] = [
        (common.satisfied_rate(), |r| r.satisfied_rate, false),
        (common.positive_rate(), |r| r.positive_rate, false),
        (common.negative_rate(), |r| r.negative_rate, true),
        (common.participation(), |r| r.participation, false),
    ];
    let address = links::rows(&Query { by: Some(Dimension::Day), ..f.now.query.clone() });
    let mut table = Table::new(language, w.summary_caption())
        .column(w.figure())
        .number(w.value())
        .number(w.interval())
        .column(w.of())
        .column(w.month_before())
        .column(w.year_before())
        .stacked();
    for (at, (name, rate, less_is_better)) in rates.into_iter().enumerate() {
        let Some(now) = rate(total) else { continue };
        let of = if at == 3 {
            w.visits_n(&thousands(total.served.unwrap_or(0)))
        } else {
            w.ratings_n(&thousands(total.n.unwrap_or(0)))
        };
        let against = |then: &Answer| match rate(&then.total) {
            Some(then) => verdict(Difference::newcombe(now, then), less_is_better, Overview(language)),
            None => html! { (Overview(language).nothing_then()) },
        };
        table.row([
            html! { (name) },
            html! { a href=(address) { b { (percent(now.value)) } } },
            html! { (percent(now.low)) "–" (percent(now.high)) },
            html! { (of) },
            against(&f.before),
            against(&f.last_year),
        ]);
    }
    let counts: [(Text<'static>, fn(&Row) -> Option<u64>); 2] =
        [(common.rated(), |r| r.n), (common.served(), |r| r.served)];
    for (name, count) in counts {
        let then = |answer: &Answer| {
            let n = count(&answer.total).filter(|&n| n > 0);
            html! { (n.map_or_else(|| Overview(language).nothing_then(), |n| thousands(n).into())) }
        };
        let n = count(total).map_or_else(|| "*".to_owned(), thousands);
        table.row([
            html! { (name) },
            html! { a href=(address) { b { (n) } } },
            html! {},
            html! {},
            then(&f.before),
            then(&f.last_year),
        ]);
    }
    html! { (table) }
}

fn by_day(s: &Sheet<'_>) -> Markup {
    let d = Dashboard(s.labels.language());
    let (days, overall) = (&s.figures.days, s.figures.now.total.satisfied_rate);
    let (title, text) = (d.trend(), d.trend_text(days.rows.len()));
    let frame = charts::Frame {
        class: "for-wide",
        width: 880.0,
        height: 260.0,
        every: 3,
        id: "days",
        title: &title,
        text: &text,
    };
    let small = charts::Frame { class: "for-narrow", width: 340.0, height: 220.0, every: 7, id: "days-small", ..frame };
    html! {
        figure.card {
            ul.legend {
                li { (charts::swatch("day")) (d.legend_rate()) }
                @if let Some(overall) = overall { li { (charts::swatch("overall")) (d.overall(&percent(overall.value))) } }
                li { (charts::swatch("count")) (d.legend_count()) }
            }
            (charts::trend(&days.rows, overall, frame))
            (charts::trend(&days.rows, overall, small))
        }
        p.hint.only-screen { a href=(links::rows(&days.query)) { (d.drill(&stats::dimension_within(s.labels.language(), Dimension::Day))) } }
    }
}

/// Who is beyond what chance can do, as a sentence.
fn standing(answer: &Answer, w: Words) -> Markup {
    let names = |better: bool| {
        let out = standing_out(answer, better);
        let named = |row: &&Row| {
            let (rate, n) = (row.satisfied_rate?, row.n?);
            Some(
                w.named(&row.name, &percent(rate.value), &percent(rate.low), &percent(rate.high), &thousands(n))
                    .into_owned(),
            )
        };
        out.iter().take(NAMED).filter_map(named).collect::<Vec<_>>().join(if w.0.is_english() { ", " } else { "、" })
    };
    let (worse, better) = (names(false), names(true));
    html! {
        p {
            @if worse.is_empty() && better.is_empty() { (w.out_none()) }
            @if !worse.is_empty() { (w.out_worse(&worse)) " " }
            @if !better.is_empty() { (w.out_better(&better)) }
        }
    }
}

/// Rows with n, rate, interval and a drawing of it; ranks where the question ranks.
fn ranked(s: &Sheet<'_>, answer: &Answer) -> Markup {
    let language = s.labels.language();
    let (w, common) = (Words(language), Common(language));
    let by = answer.query.by.unwrap_or(Dimension::ServiceWindow);
    let ranks = answer.query.order == Order::Ranking;
    let listed = if by == Dimension::Item { ITEMS } else { LISTED };
    let all = thousands(answer.total.n.unwrap_or(0));
    let start = super::super::compare::axis_start(answer.rows.iter().filter_map(|r| r.satisfied_rate.as_ref()));
    let overall = answer.total.satisfied_rate.map(|r| r.value);
    let mut table = Table::new(language, w.caption(&stats::dimension_within(language, by), &all))
        .column(stats::dimension(language, by));
    if ranks {
        table = table.number(w.rank());
    }
    let table_end = |t: Table<'static>| {
        t.number(common.rated())
            .number(common.satisfied_rate())
            .number(w.interval())
            .extra(format!("{} {:.0}%–100%", w.interval(), start * 100.0))
            .number(common.negative_rate())
            .number(common.participation())
    };
    let mut table = table_end(table);
    let query = Query { order: Order::Key, ..answer.query.clone() };
    for row in answer.rows.iter().take(listed) {
        table.row(line(
            row,
            html! { a href=(links::behind(&query, by, &row.key)) { (row.name) } },
            ranks,
            start,
            overall,
        ));
    }
    table.foot(line(&answer.total, html! { (answer.total.name) }, ranks, start, None));
    html! {
        (table)
        @if answer.rows.len() > listed { p.hint { (w.listed_first(listed, answer.rows.len())) " " a.only-screen href=(links::rows(&answer.query)) { (Overview(language).see_all(&stats::dimension_within(language, by))) } } }
    }
}

fn line(row: &Row, name: Markup, ranks: bool, start: f64, overall: Option<f64>) -> Vec<Markup> {
    let blank = if row.suppressed { "*" } else { "–" };
    let rate = |r: Option<Rate>| r.map_or_else(|| blank.to_owned(), |r| percent(r.value));
    let between = |r: Rate| format!("{}–{}", percent(r.low), percent(r.high));
    let mut cells = vec![name];
    if ranks {
        cells.push(html! { @if let Some(rank) = row.rank { (rank) } });
    }
    cells.extend([
        html! { (row.n.map_or_else(|| blank.to_owned(), thousands)) },
        html! { b { (rate(row.satisfied_rate)) } },
        html! { (row.satisfied_rate.map_or_else(|| blank.to_owned(), between)) },
        html! { @if let Some(r) = row.satisfied_rate { (charts::interval(r, overall, start)) } },
        html! { (rate(row.negative_rate)) },
        html! { (rate(row.participation)) },
    ]);
    cells
}

fn levels(s: &Sheet<'_>) -> Markup {
    let language = s.labels.language();
    let (w, common) = (Words(language), Common(language));
    let total = &s.figures.now.total;
    let (Some(counts), Some(n)) = (total.levels, total.n) else { return html! {} };
    let of = [
        counts.very_dissatisfied,
        counts.dissatisfied,
        counts.basically_satisfied,
        counts.satisfied,
        counts.very_satisfied,
    ];
    let query = Query { by: Some(Dimension::Level), order: Order::Key, ..s.figures.now.query.clone() };
    let caption = w.caption(&stats::dimension_within(language, Dimension::Level), &thousands(n));
    let mut table = Table::new(language, caption)
        .column(stats::dimension(language, Dimension::Level))
        .number(common.rated())
        .number(w.share())
        .number(w.interval());
    for level in Satisfaction::ALL.iter().copied() {
        let count = of[usize::from(level.level()) - 1];
        let rate = Rate::wilson(count, n);
        table.row([
            html! { a href=(links::behind(&query, Dimension::Level, level.code())) { (common::level(language, level)) } },
            html! { (thousands(count)) },
            html! { (rate.map_or_else(String::new, |r| percent(r.value))) },
            html! { (rate.map_or_else(String::new, |r| format!("{}–{}", percent(r.low), percent(r.high)))) },
        ]);
    }
    html! { (charts::levels(&counts)) (table) }
}

fn complaints(s: &Sheet<'_>) -> Markup {
    let language = s.labels.language();
    let w = Words(language);
    let answer = &s.figures.complaints;
    let all = answer.total.n.unwrap_or(0);
    let largest = answer.rows.iter().filter_map(|r| r.n).max().unwrap_or(0);
    if largest == 0 {
        return html! { p { (Dashboard(language).no_complaints()) } };
    }
    let mut table = Table::new(language, w.reasons_caption(&thousands(all)))
        .column(stats::dimension(language, Dimension::Reason))
        .number(w.times())
        .extra(w.drawn())
        .number(w.of_negatives())
        .number(w.interval());
    for row in answer.rows.iter().filter(|r| r.n != Some(0)).take(LISTED) {
        let rate = row.n.and_then(|n| Rate::wilson(n, all));
        table.row([
            html! { a href=(links::behind(&answer.query, Dimension::Reason, &row.key)) { (row.name) } },
            html! { (row.n.map_or_else(|| "*".to_owned(), thousands)) },
            html! { (charts::bar(row.n.unwrap_or(0), largest, "negative")) },
            html! { (rate.map_or_else(|| "*".to_owned(), |r| percent(r.value))) },
            html! { (rate.map_or_else(String::new, |r| format!("{}–{}", percent(r.low), percent(r.high)))) },
        ]);
    }
    html! { (table) }
}

fn not_counted(s: &Sheet<'_>) -> Markup {
    let w = Words(s.labels.language());
    let f = s.figures;
    let total = &f.now.total;
    let rate = |answer: &Answer| answer.total.satisfied_rate.map_or_else(|| "–".to_owned(), |r| percent(r.value));
    let untimed = f.days.untimed.max(f.hours.untimed);
    html! {
        ul {
            @if let (Some(n), Some(served)) = (total.n, total.served) { li { (w.unrated(&thousands(served.saturating_sub(n)), &thousands(served))) } }
            li { @if untimed > 0 { (w.untimed(&thousands(untimed))) } @else { (w.untimed_none()) } }
            li { @match total.flagged.filter(|&n| n > 0) { Some(n) => { (w.flagged(&thousands(n), &rate(&f.now), &rate(&f.unflagged))) } None => { (w.flagged_none()) } } }
            @if let Some(aside) = total.set_aside.filter(|&n| n > 0) { li { (w.set_aside(&thousands(aside), &rate(&f.now), &total.adopted_satisfied().map_or_else(|| "–".to_owned(), |r| percent(r.value)))) } }
            li { (w.cancelled()) }
            @if s.suppressing { li { (w.suppressed()) } }
            li { (w.late()) }
            @if f.now.sample { li { (w.sample()) } }
        }
    }
}

fn definitions(s: &Sheet<'_>) -> Markup {
    let language = s.labels.language();
    let d = Dashboard(language);
    html! {
        ul {
            li { (d.rates_note()) }
            li { (d.interval_note()) }
            li { (Words(language).mean_note()) }
            li { (Words(language).verify()) }
        }
    }
}

fn signatures(w: Words) -> Markup {
    html! {
        section.signatures aria-label=(w.signatures()) {
            @for name in [w.made_by(), w.checked_by(), w.head(), w.date()] { div { span { (name) } span.rule {} } }
            p.hint { (w.seal()) }
        }
    }
}
