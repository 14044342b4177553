//! What changed from one value to the next, input by input.

use maud::{Markup, html};

use super::form::Form;
use super::opened::Opened;
use super::typed::Typed;
use crate::centre::dashboard::components::{Table, moment};
use crate::centre::hall::whole::Kept;

/// Revisions that a page lists.
const MAX_LISTED: usize = 50;

/// One input that says something else.
#[derive(Debug, PartialEq, Eq)]
pub struct Difference {
    pub label: String,
    pub before: String,
    pub after: String,
}

/// The inputs of a kind whose values differ, in the order of the form.
pub fn of<T: Form>(opened: &Opened, before: &Typed, after: &Typed) -> Vec<Difference> {
    let mut fields: Vec<&str> = T::FIELDS.to_vec();
    // Inputs that are made as needed, such as places on a list.
    for (name, _) in before.pairs().chain(after.pairs()) {
        let known = fields.contains(&name) || !T::is_input(name);
        if !known {
            fields.push(name);
        }
    }
    let value = |typed: &Typed, field: &str| {
        let all: Vec<String> = typed
            .pairs()
            .filter(|(name, value)| *name == field && !value.is_empty())
            .map(|(_, v)| T::spoken(field, v, opened))
            .collect();
        all.join(&opened.words().comma())
    };
    let differs = |field: &&str| value(before, field) != value(after, field);
    let made = |field: &str| Difference {
        label: T::label(field, opened),
        before: value(before, field),
        after: value(after, field),
    };
    fields.into_iter().filter(differs).map(made).collect()
}

/// A table of what a colleague saved against what was typed.
pub fn between<T: Form>(opened: &Opened, saved: &Typed, typed: &Typed) -> Markup {
    let w = opened.words();
    let mut table = Table::new(opened.language, w.stale_caption())
        .column(w.input())
        .column(w.saved_value())
        .column(w.your_value())
        .stacked();
    let differences = of::<T>(opened, saved, typed);
    for d in &differences {
        table.row([html! { (d.label) }, html! { (d.before) }, html! { (d.after) }]);
    }
    html! { section.card { @if differences.is_empty() { p { (w.stale_same()) } } @else { (table) } p.hint { (w.stale_hint()) } } }
}

/// Who changed what, newest first.
pub fn history<T: Form>(opened: &Opened, revisions: &[Kept<T>]) -> Markup {
    let w = opened.words();
    if revisions.is_empty() {
        return html! {};
    }
    let mut table = Table::new(opened.language, w.history())
        .column(w.when())
        .column(w.by_whom())
        .column(w.what_changed())
        .quiet()
        .stacked();
    for (n, kept) in revisions.iter().enumerate().take(MAX_LISTED) {
        let before = revisions.get(n + 1);
        table.row([moment(&opened.zone, kept.changed_ms), html! { (kept.changed_by) }, change(opened, before, kept)]);
    }
    html! {
        details.more.history {
            summary { (w.history_of(revisions.len())) }
            (table)
        }
    }
}

fn change<T: Form>(opened: &Opened, before: Option<&Kept<T>>, after: &Kept<T>) -> Markup {
    let w = opened.words();
    let Some(before) = before else { return html! { (w.entered()) } };
    let differences = of::<T>(opened, &before.value.typed(), &after.value.typed());
    html! {
        ul.plain {
            @if before.retired_on != after.retired_on {
                li { @match after.retired_on { Some(on) => { (w.retired_since(&on.to_string())) } None => { (w.restored()) } } }
            }
            @for d in &differences {
                li { (d.label) ": " del { (d.before) } " → " ins { (d.after) } }
            }
            @if differences.is_empty() && before.retired_on == after.retired_on { li { (T::unseen_change(opened, before, after)) } }
        }
    }
}
