//! The result as a table: places, ties, scores with their bounds, and who has none.

use maud::{Markup, html};

use super::{Desk, points};
use crate::centre::dashboard::components::Table;
use crate::centre::dashboard::text::thousands;
use crate::domain::appraisal::{Source, Subject};
use crate::domain::selection::{Outcome, Ranked, Snapshot, Standing};
use crate::words::Language;
use crate::words::selections::{self as words, Selections};

/// Places and, below, those without one. `links` leads to the derivations.
pub fn tables(desk: &Desk<'_>, id: i64, snapshot: &Snapshot, outcome: &Outcome, links: bool) -> Markup {
    let (w, language) = (desk.words(), desk.language());
    let named = |subject: &Subject| {
        let name = snapshot.name(subject);
        html! { @if links { a href=(address(id, subject)) { (name) } } @else { (name) } }
    };
    let mut placed = Table::new(language, w.result())
        .column(w.candidate())
        .column(w.place())
        .number(w.score())
        .number(w.bounds())
        .number(w.ratings())
        .column(w.missing())
        .quiet()
        .stacked();
    for one in &outcome.ranked {
        placed.row([
            named(&one.subject),
            place(language, one),
            html! { b { (points(one.score_milli)) } },
            html! { (points(one.low_milli)) "–" (points(one.high_milli)) },
            html! { (thousands(one.n)) },
            html! { (missing(language, &one.missing)) },
        ]);
    }
    let mut barred = Table::new(language, w.not_placed()).column(w.candidate()).column(w.reasons()).stacked();
    for one in &outcome.barred {
        let why: Vec<_> = one.why.iter().map(|bar| words::bar(language, bar)).collect();
        barred.row([named(&one.subject), html! { (why.join(separator(language))) }]);
    }
    html! {
        (placed)
        p.hint { (w.method()) }
        @if !outcome.barred.is_empty() { (barred) }
    }
}

/// Place, what it says of the seats, and between which places the figures leave it.
pub fn place(language: Language, one: &Ranked) -> Markup {
    let w = Selections(language);
    html! {
        span {
            @if one.is_shared { (w.shared_place(one.place)) } @else { (w.place_is(one.place)) }
            @if one.is_tied() { " " span.hint { (w.tie(one.best_place, one.worst_place)) } }
            @if one.standing != Standing::Beyond { " · " (words::standing(language, one.standing)) }
        }
    }
}

pub fn missing(language: Language, sources: &[Source]) -> String {
    if sources.is_empty() {
        return Selections(language).nothing_missing().into_owned();
    }
    let names: Vec<_> = sources.iter().map(|s| words::source(language, *s)).collect();
    names.join(separator(language))
}

pub fn address(id: i64, subject: &Subject) -> String {
    format!("/selections/{id}/candidates/{}", subject.key())
}

fn separator(language: Language) -> &'static str {
    if language.is_english() { ", " } else { "、" }
}
