//! `/rules`: every set of rules, its form, and each version with who and why.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::{Field as Rule, FieldKind, RuleFault, SETS, Set, Value, Values, Version, change, history, values};
use crate::centre::access::{CampaignReader, Posted, Reach, Routes, RuleKeeper, Signed, Viewer, Who};
use crate::centre::dashboard::components::{
    Button, Choice, Empty, Faults, Field, Notice, Table, Title, buttons, moment,
};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::domain::role::Need;
use crate::words::Language;
use crate::words::rules::RulePages;

pub fn routes() -> Routes {
    Routes::new().get("/rules", Need::Campaign, list).get("/rules/{set}", Need::Campaign, show).post(
        "/rules/{set}",
        Need::RulesKeep,
        save,
    )
}

type Fields = Vec<(String, String)>;

/// Rules are those of the whole centre: whoever answers for a part of it does not change them.
fn may_change(who: &Who) -> bool {
    who.may(Need::RulesKeep) && who.reach == Reach::All
}

fn set_of(key: &str) -> Option<&'static Set> {
    SETS.iter().copied().find(|set| set.key == key)
}

async fn list(State(site): State<Arc<Site>>, Signed { viewer, .. }: Signed<CampaignReader>) -> Response {
    let w = RulePages(viewer.language);
    let read = site.readers.read(|conn| -> rusqlite::Result<Vec<Option<Version>>> {
        SETS.iter().map(|set| Ok(history(conn, set)?.into_iter().next())).collect()
    });
    let newest = match read.await {
        Ok(Ok(newest)) => newest,
        Ok(Err(e)) => return viewer.refuse(&site, &ApiFault::because(ErrorCode::Unavailable, &e)),
        Err(fault) => return viewer.refuse(&site, &fault.into()),
    };
    let mut table = Table::new(viewer.language, w.title())
        .quiet()
        .stacked()
        .column(w.set())
        .column(w.version())
        .column(w.changed())
        .column(w.who())
        .column(w.why());
    for (set, version) in SETS.iter().zip(&newest) {
        let version = version.as_ref();
        table.row([
            html! { a href={ "/rules/" (set.key) } { ((set.name)(viewer.language)) } },
            html! { (version.map_or_else(|| w.defaults(), |v| w.number(v.version))) },
            html! { @if let Some(v) = version { (moment(&site.settings.time_zone, v.made)) } @else { (w.never()) } },
            html! { (version.map_or("", |v| v.made_by.as_str())) },
            html! { (version.map_or("", |v| v.why.as_str())) },
        ]);
    }
    let content = html! { (Title::new(viewer.language, w.title()).lead(w.lead())) section.card { (table) } };
    viewer.page(&site, &w.title(), content)
}

async fn show(
    State(site): State<Arc<Site>>,
    Signed { who, viewer, .. }: Signed<CampaignReader>,
    Path(key): Path<String>,
) -> Response {
    let Some(set) = set_of(&key) else { return viewer.not_found(&site) };
    match drawn(&site, &viewer, &who, set, None).await {
        Ok(content) => viewer.page(&site, &(set.name)(viewer.language), content),
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

async fn save(
    State(site): State<Arc<Site>>,
    Path(key): Path<String>,
    Posted { who, viewer, form, .. }: Posted<RuleKeeper, Fields>,
) -> Response {
    let Some(set) = set_of(&key) else { return viewer.not_found(&site) };
    if !may_change(&who) {
        return viewer.refuse(&site, &ApiFault::new(ErrorCode::Forbidden));
    }
    let w = RulePages(viewer.language);
    let mut faults = Faults::default();
    let typed = typed(set, &form, w, &mut faults);
    if faults.is_empty() {
        let seen = of(&form, "seen").parse().unwrap_or(u32::MAX);
        let (why, by) = (of(&form, "why").to_owned(), Arc::clone(&who));
        let done = site.writer.attempt(move |desk| change(desk.tx, set, seen, &typed, &by, &why, desk.now));
        match done.await {
            Ok(Ok(version)) => {
                return viewer.onward(&site, &format!("/rules/{}", set.key), &w.saved(version));
            }
            Ok(Err(RuleFault::Store(cause))) => {
                return viewer.refuse(&site, &ApiFault::because(ErrorCode::Unavailable, &cause));
            }
            Ok(Err(refused)) => told(&refused, set, viewer.language, &mut faults),
            Err(fault) => return viewer.refuse(&site, &fault.into()),
        }
    }
    match drawn(&site, &viewer, &who, set, Some((&faults, &form))).await {
        Ok(content) => {
            let mut response = viewer.page(&site, &(set.name)(viewer.language), content);
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            response
        }
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

fn told(refused: &RuleFault, set: &Set, language: Language, faults: &mut Faults) {
    let w = RulePages(language);
    let first = set.fields.first().map_or("why", |f| f.key);
    match refused {
        RuleFault::Field(key) => faults.add(key, w.bad_text(0)),
        RuleFault::Contradiction(sentence) => faults.add(first, sentence.clone()),
        RuleFault::Why(_) => faults.add("why", w.bad_why()),
        RuleFault::Stale => faults.add("why", w.stale()),
        RuleFault::Same => faults.add("why", w.same()),
        RuleFault::Full | RuleFault::Store(_) => faults.add("why", w.full()),
    }
}

fn of<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.trim())
}

/// What was typed, with a fault at each field that is out of its bounds.
fn typed(set: &Set, form: &Fields, w: RulePages, faults: &mut Faults) -> Values {
    let mut values = Values::default();
    for field in set.fields {
        let text = of(form, field.key);
        let value = match field.kind {
            FieldKind::Number { min, max, .. } => {
                let n = text.parse().ok().map(Value::Number).filter(|n| field.takes(n));
                n.ok_or_else(|| w.bad_number(min, max))
            }
            FieldKind::Switch { .. } => Ok(Value::Switch(text == "yes")),
            FieldKind::Text { max_chars, .. } => {
                let text = Some(Value::Text(text.to_owned())).filter(|t| field.takes(t));
                text.ok_or_else(|| w.bad_text(max_chars))
            }
        };
        match value {
            Ok(value) => values.set(field.key, value),
            Err(sentence) => faults.add(field.key, sentence),
        }
    }
    values
}

async fn drawn(
    site: &Arc<Site>,
    viewer: &Viewer,
    who: &Who,
    set: &'static Set,
    typed: Option<(&Faults, &Fields)>,
) -> Result<Markup, ApiFault> {
    let read = site.readers.read(move |conn| Ok((values(conn, set)?, history(conn, set)?)));
    let ((version, now), versions) =
        read.await?.map_err(|e: rusqlite::Error| ApiFault::because(ErrorCode::Unavailable, &e))?;
    let (language, w) = (viewer.language, RulePages(viewer.language));
    let none = Faults::default();
    let faults = typed.map_or(&none, |(faults, _)| faults);
    let keeps = may_change(who);
    Ok(html! {
        (Title::new(language, (set.name)(language)).crumb("/rules", w.title()))
        (faults.summary(language))
        @if !keeps { (Notice::note(w.read_only()).standing()) }
        section.card {
            form.form method="post" action={ "/rules/" (set.key) } {
                (viewer.csrf())
                input type="hidden" name="seen" value=(typed.map_or_else(|| version.to_string(), |(_, f)| of(f, "seen").to_owned()));
                @for rule in set.fields {
                    (input(language, rule, &typed.map_or_else(|| plain(now.get(rule.key)), |(_, f)| of(f, rule.key).to_owned()), faults))
                }
                @if keeps {
                    (Field::text("why", w.why()).hint(w.why_hint()).value(typed.map_or("", |(_, f)| of(f, "why"))).max(200).faults(faults))
                    (buttons(&[Button::submit(w.save()).primary()]))
                }
            }
        }
        section.card { h2 { (w.history()) } (earlier(site, language, set, &versions)) }
    })
}

fn input(language: Language, rule: &Rule, value: &str, faults: &Faults) -> Markup {
    let w = RulePages(language);
    let (label, hint) = ((rule.label)(language), (rule.hint)(language));
    match rule.kind {
        FieldKind::Number { min, max, .. } => {
            let bounds = w.within(min, max);
            let hint = if hint.is_empty() { bounds } else { format!("{hint} · {bounds}").into() };
            let field = Field::number(rule.key, label).hint(hint).within(min.to_string(), max.to_string());
            html! { (field.value(value.to_owned()).faults(faults)) }
        }
        FieldKind::Switch { .. } => {
            let choice = Choice::new(rule.key, label, [("yes", w.on()), ("no", w.off())]);
            let choice = if hint.is_empty() { choice } else { choice.hint(hint) };
            html! { (choice.chosen(value.to_owned()).faults(faults)) }
        }
        FieldKind::Text { max_chars, .. } => {
            let max = u32::try_from(max_chars).unwrap_or(u32::MAX);
            let field = Field::text(rule.key, label).value(value.to_owned()).max(max);
            let field = if hint.is_empty() { field } else { field.hint(hint) };
            html! { (field.faults(faults)) }
        }
    }
}

/// As a form writes it.
fn plain(value: Option<&Value>) -> String {
    match value {
        Some(Value::Number(n)) => n.to_string(),
        Some(Value::Switch(on)) => if *on { "yes" } else { "no" }.to_owned(),
        Some(Value::Text(text)) => text.clone(),
        None => String::new(),
    }
}

fn earlier(site: &Site, language: Language, set: &Set, versions: &[Version]) -> Markup {
    let w = RulePages(language);
    let mut table = Table::new(language, w.history())
        .quiet()
        .stacked()
        .column(w.version())
        .column(w.when())
        .column(w.who())
        .column(w.why())
        .column(w.what());
    for (at, version) in versions.iter().enumerate() {
        let before = versions.get(at + 1).map(|v| v.values.clone()).unwrap_or_default().settled(set);
        let after = version.values.clone().settled(set);
        let changes = set.fields.iter().filter(|f| before.get(f.key) != after.get(f.key)).map(|f| {
            let (old, new) = (said(w, before.get(f.key)), said(w, after.get(f.key)));
            w.change(&(f.label)(language), &old, &new).into_owned()
        });
        let changes: Vec<_> = changes.collect();
        table.row([
            html! { (w.number(version.version)) },
            moment(&site.settings.time_zone, version.made),
            html! { (version.made_by) },
            html! { (version.why) },
            html! { @for change in &changes { div { (change) } } },
        ]);
    }
    html! { (table.or_empty(Empty::new(w.no_history(), ""))) }
}

/// As people read it.
fn said(w: RulePages, value: Option<&Value>) -> String {
    match value {
        Some(Value::Switch(on)) => if *on { w.on() } else { w.off() }.into_owned(),
        other => plain(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_has_names_in_both_languages_and_defaults_within_its_bounds() {
        let mut keys = std::collections::BTreeSet::new();
        for set in SETS {
            assert!(keys.insert(set.key), "{} twice", set.key);
            for language in [Language::Zh, Language::En] {
                assert!(!(set.name)(language).is_empty());
                assert!(set.fields.iter().all(|f| !(f.label)(language).is_empty()), "{}", set.key);
            }
            assert!(set.fields.iter().all(|f| f.takes(&f.default())), "{}", set.key);
            assert_eq!((set.check)(&Values::default().settled(set), Language::Zh), None, "{}", set.key);
        }
    }

    #[test]
    fn what_is_typed_is_read_as_it_is_shown() {
        for set in SETS {
            let now = Values::default().settled(set);
            let form: Fields = set.fields.iter().map(|f| (f.key.to_owned(), plain(now.get(f.key)))).collect();
            let mut faults = Faults::default();
            assert_eq!(typed(set, &form, RulePages(Language::Zh), &mut faults), now, "{}", set.key);
            assert!(faults.is_empty(), "{}", set.key);
        }
    }
}
