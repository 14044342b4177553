//! `/me/cases`: what the staff concerned sees of cases about them, and how they appeal. Nothing about the citizen, no time of
//! day, and nothing before somebody has verified.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::badges;
use super::one::sentence;
use crate::centre::access::{OwnReader, Posted, Signed, Viewer};
use crate::centre::cases::acts;
use crate::centre::cases::look::{self, Looked, number};
use crate::centre::cases::store::CaseFault;
use crate::centre::dashboard::components::{
    Button, Empty, Faults, Field, Notice, State as Told, Table, Text, Title, Tone, buttons, particulars,
};
use crate::centre::site::Site;
use crate::domain::case::NOTE_CHARS;
use crate::words::Language;
use crate::words::cases::{self as words, Register};

pub async fn list(State(site): State<Arc<Site>>, signed: Signed<OwnReader>) -> Response {
    let viewer = &signed.viewer;
    match look::own(&site, &signed.handle).await {
        Ok(found) => viewer.page(&site, &Register(viewer.language).own_title(), listed(&site, viewer, &found)),
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

fn listed(site: &Site, viewer: &Viewer, found: &[Looked]) -> Markup {
    let language = viewer.language;
    let w = Register(language);
    let mut table = Table::new(language, w.own_title())
        .quiet()
        .stacked()
        .column(w.number())
        .column(w.about())
        .column(w.window())
        .column(w.verdict())
        .column(w.stage())
        .column(w.appeal())
        .or_empty(Empty::new(w.own_none(), ""));
    for looked in found {
        let record = &looked.record;
        table.row([
            html! { a href={ "/me/cases/" (record.id) } { (w.case_title(record.id)) } },
            html! { (record.summary) },
            html! { (badges::place(site, language, record)) },
            html! { (verdict(language, looked)) },
            html! { (badges::stage(language, looked.case.stage)) },
            html! { (appealed(language, looked)) },
        ]);
    }
    html! {
        (Title::new(language, w.own_title()).crumb("/me", w.own_back()).lead(w.own_lead()))
        section.card { (table) }
    }
}

fn verdict(language: Language, looked: &Looked) -> Markup {
    let word = looked.case.verdict.map(|v| words::verdict(language, v));
    html! { @if let Some(word) = word { (Told::new(Tone::Busy, word)) } @else { "–" } }
}

fn appealed(language: Language, looked: &Looked) -> String {
    let (w, case) = (Register(language), &looked.case);
    let until = case.appeal_due.map_or_else(|| "–".to_owned(), |d| d.to_string());
    match case.appeal.map(|a| a.granted) {
        Some(Some(true)) => w.appeal_granted().into_owned(),
        Some(Some(false)) => w.appeal_refused().into_owned(),
        Some(None) => w.appeal_open(&until).into_owned(),
        None if case.appeal_due.is_some_and(|d| d >= looked.at.day) => w.appeal_until(&until).into_owned(),
        None => "–".to_owned(),
    }
}

pub async fn one(State(site): State<Arc<Site>>, signed: Signed<OwnReader>, Path(id): Path<String>) -> Response {
    show(&site, &signed.viewer, &signed.handle, &id, None, "").await
}

#[derive(Deserialize)]
pub struct Appealing {
    #[serde(default)]
    text: String,
}

pub async fn appeal(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<OwnReader, Appealing>,
) -> Response {
    let (viewer, w) = (&posted.viewer, Register(posted.viewer.language));
    let Some(case) = number(&id) else { return viewer.not_found(&site) };
    let text = posted.form.text.clone();
    match acts::act(&site, Arc::clone(&posted.who), move |a| a.appeal(case, &text)).await {
        Ok(Ok(_)) => viewer.onward(&site, &format!("/me/cases/{case}"), &w.appeal_sent()),
        Ok(Err(CaseFault::NotFound)) => viewer.not_found(&site),
        Ok(Err(fault)) => {
            let sentence = sentence(viewer.language, &fault);
            show(&site, viewer, &posted.handle, &id, Some(&sentence), &posted.form.text).await
        }
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

async fn show(
    site: &Arc<Site>,
    viewer: &Viewer,
    own: &OwnReader,
    id: &str,
    refused: Option<&str>,
    typed: &str,
) -> Response {
    let found = match look::own(site, own).await {
        Ok(found) => found,
        Err(fault) => return viewer.refuse(site, &fault),
    };
    let Some(looked) = found.iter().find(|l| Some(l.record.id) == number(id)) else { return viewer.not_found(site) };
    let content = drawn(site, viewer, own, looked, refused, typed);
    let mut response = viewer.page(site, &Register(viewer.language).case_title(looked.record.id), content);
    if refused.is_some() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    response
}

fn drawn(site: &Site, viewer: &Viewer, own: &OwnReader, looked: &Looked, refused: Option<&str>, typed: &str) -> Markup {
    let language = viewer.language;
    let (w, record) = (Register(language), &looked.record);
    let mut lines: Vec<(Text<'_>, Markup)> = vec![
        (w.about(), html! { (record.summary) }),
        (w.window(), html! { (badges::place(site, language, record)) }),
        (w.stage(), badges::stage(language, looked.case.stage)),
        (w.verdict(), verdict(language, looked)),
        (w.appeal(), html! { (appealed(language, looked)) }),
    ];
    if let Some(grade) = looked.case.accountability {
        lines.push((w.accountability(), html! { (words::grade(language, grade)) }));
    }
    html! {
        (Title::new(language, w.case_title(record.id)).crumb("/me", w.own_back()).crumb("/me/cases", w.own_title()))
        @if let Some(refused) = refused { (Notice::bad(refused)) }
        section.card { h2 { (w.facts()) } (particulars(lines)) }
        section.card {
            h2 { (w.appeal()) }
            @if look::may_appeal(looked, &own.who) { (form(viewer, record.id, refused, typed)) }
            @else if looked.case.appeal.is_none() { p.hint { (w.appeal_over()) } }
            @else { p { (appealed(language, looked)) } }
        }
    }
}

fn form(viewer: &Viewer, id: i64, refused: Option<&str>, typed: &str) -> Markup {
    let w = Register(viewer.language);
    let mut faults = Faults::default();
    if let Some(refused) = refused {
        faults.add("text", refused);
    }
    let max = u32::try_from(NOTE_CHARS).unwrap_or(u32::MAX);
    html! {
        form.form method="post" action={ "/me/cases/" (id) "/appeal" } {
            (viewer.csrf())
            (Field::area("text", w.appeal_text(), 5).hint(w.note_hint(NOTE_CHARS)).value(typed).max(max).faults(&faults))
            (buttons(&[Button::submit(w.appeal_send()).primary()]))
        }
    }
}
