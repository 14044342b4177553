//! `/cases/{id}`: one case – what it is about, what comes next and until when, what its reader may do now, and its log.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::forms::{self, Pairs, Typed, field_of};
use super::{badges, evidence, said};
use crate::centre::access::{CaseDecider, CaseReader, CaseWorker, Handle, Posted, Signed, Viewer, Who};
use crate::centre::cases::acts::{self, Asked, fault_of};
use crate::centre::cases::look::{self, Looked, number};
use crate::centre::cases::store::{CaseFault, actor};
use crate::centre::dashboard::components::{Notice, State as Told, Text, Title, Tone, particulars};
use crate::centre::hall::today;
use crate::centre::site::Site;
use crate::domain::case::{Matter, Origin, Refused};
use crate::domain::role::Need;
use crate::words::Language;
use crate::words::cases::{self as words, CaseRefusals, Register};
use crate::words::common;

pub async fn page(State(site): State<Arc<Site>>, signed: Signed<CaseReader>, Path(id): Path<String>) -> Response {
    show(&site, &signed.viewer, &signed.who, &id, None, &Typed::default()).await
}

pub async fn work(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<CaseWorker, Pairs>,
) -> Response {
    take(&site, posted, Need::CasesWork, &id).await
}

pub async fn decide(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<CaseDecider, Pairs>,
) -> Response {
    take(&site, posted, Need::CasesDecide, &id).await
}

async fn take<H: Handle>(site: &Arc<Site>, posted: Posted<H, Pairs>, need: Need, id: &str) -> Response {
    let (viewer, who, pairs) = (posted.viewer, posted.who, posted.form);
    let Some(case) = number(id) else { return viewer.not_found(site) };
    let Some(asked) = forms::asked(&pairs).filter(|a: &Asked| a.is_of(need)) else {
        let sentence = words::refused(viewer.language, &Refused::NotNow);
        return show(site, &viewer, &who, id, Some(&sentence), &Typed::default()).await;
    };
    let act = pairs.iter().find(|(n, _)| n == "act").map_or("", |(_, v)| v.as_str());
    let field = field_of(act);
    match acts::act(site, Arc::clone(&who), move |a| a.ask(case, asked)).await {
        Ok(Ok(_)) => viewer.onward(site, &format!("/cases/{case}"), &Register(viewer.language).done()),
        Ok(Err(CaseFault::NotFound)) => viewer.not_found(site),
        Ok(Err(fault @ CaseFault::Store(_))) => viewer.refuse(site, &fault_of(&fault)),
        Ok(Err(fault)) => {
            let sentence = sentence(viewer.language, &fault);
            let mut typed = Typed { pairs, ..Typed::default() };
            let wrong = match fault {
                CaseFault::Refused(Refused::Text(_)) => Some(field),
                CaseFault::Refused(Refused::Days { .. }) => Some("days"),
                CaseFault::Assignee => Some("account"),
                _ => None,
            };
            if let Some(field) = wrong {
                typed.faults.add(field, sentence.clone());
            }
            show(site, &viewer, &who, id, Some(&sentence), &typed).await
        }
        Err(fault) => viewer.refuse(site, &fault),
    }
}

/// Why it was refused, as people read it.
pub fn sentence(language: Language, fault: &CaseFault) -> String {
    match fault {
        CaseFault::Refused(refused) => words::refused(language, refused).into_owned(),
        CaseFault::Assignee => CaseRefusals(language).assignee().into_owned(),
        CaseFault::EvidenceFull => CaseRefusals(language).evidence_full().into_owned(),
        CaseFault::NotFound | CaseFault::Store(_) => fault.to_string(),
    }
}

/// The page; with what was refused it answers 422.
pub async fn show(
    site: &Arc<Site>,
    viewer: &Viewer,
    who: &Arc<Who>,
    id: &str,
    refused: Option<&str>,
    typed: &Typed,
) -> Response {
    let Some(id) = number(id) else { return viewer.not_found(site) };
    match look::one(site, &who.reach, id).await {
        Ok(Some(looked)) => {
            let content = drawn(site, viewer, who, &looked, refused, typed);
            let mut response = viewer.page(site, &Register(viewer.language).case_title(id), content);
            if refused.is_some() {
                *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            }
            response
        }
        Ok(None) => viewer.not_found(site),
        Err(fault) => viewer.refuse(site, &fault),
    }
}

fn drawn(
    site: &Site,
    viewer: &Viewer,
    who: &Arc<Who>,
    looked: &Looked,
    refused: Option<&str>,
    typed: &Typed,
) -> Markup {
    let language = viewer.language;
    let (w, record) = (Register(language), &looked.record);
    let lead = format!("{} · {}", badges::origin(language, record.about.origin.code()), record.summary);
    html! {
        (Title::new(language, w.case_title(record.id)).crumb("/cases", w.title()).lead(lead)
            .aside(html! { (badges::stage(language, looked.case.stage)) (badges::marks(language, record)) }))
        @if let Some(refused) = refused { (Notice::bad(refused)) }
        @if looked.case.mind_changed && looked.case.stage.is_open() { (Notice::note(w.mind_changed()).standing()) }
        div.grid-2 {
            section.card { h2 { (w.next()) } (next(looked, language)) }
            section.card { h2 { (w.facts()) } (facts(site, who, looked, language)) }
        }
        (possible(viewer, who, looked, typed))
        (evidence::section(viewer, who, looked))
        section.card { h2 { (w.timeline()) } (said::timeline(site, language, &looked.log)) }
    }
}

/// What is to be done next, until when, by whom, and what waits.
fn next(looked: &Looked, language: Language) -> Markup {
    let (w, case) = (Register(language), &looked.case);
    let step = case.step().map_or_else(|| w.nothing_next(), |s| words::step(language, s).into());
    let handler = case.handler.as_ref().map_or_else(|| w.nobody(), |p| p.name.clone().into());
    let deadline = badges::deadline(language, case.due, looked.house(), looked.at.day);
    let mut lines: Vec<(Text<'_>, Markup)> = vec![
        (w.stage(), html! { (step) }),
        (w.due(), html! { (deadline) @if !case.is_certain { " " span.hint { (w.uncertain()) } } }),
        (w.handler(), html! { (handler) }),
    ];
    if !case.proposals.is_empty() {
        let one = |matter: Matter, name: &str| w.pending_by(words::matter(language, matter), name).into_owned();
        lines.push((
            w.pending(),
            html! { ul { @for (matter, p) in &case.proposals { li { (one(*matter, &p.by.name)) } } } },
        ));
    }
    particulars(lines)
}

fn facts(site: &Site, who: &Who, looked: &Looked, language: Language) -> Markup {
    let (w, case, record) = (Register(language), &looked.case, &looked.record);
    let verdict = case.verdict.map_or_else(|| w.no_verdict(), |v| words::verdict(language, v).into());
    let mut lines: Vec<(Text<'_>, Markup)> = vec![
        (w.about(), html! { (record.summary) }),
        (
            w.window(),
            html! { (site.hall_name(&record.about.hall, language)) " · " (badges::place(site, language, record)) },
        ),
        (w.staff(), html! { (badges::staff(site, record)) }),
        (w.opened(), html! { (today(&site.settings.time_zone, record.opened)) }),
        (w.from_case_origin(), origin(who, &record.about.origin, w)),
        (w.verdict(), html! { (Told::new(if case.verdict.is_some() { Tone::Busy } else { Tone::Off }, verdict)) }),
    ];
    if let Some(reply) = &case.reply {
        lines.push((w.reply_shown(), html! { @for line in reply.lines() { p { (line) } } }));
    }
    if let Some(level) = case.rectification {
        lines.push((w.rated_rectification(), html! { (common::level(language, level)) }));
    }
    let until = case.appeal_due.map_or_else(|| "–".to_owned(), |d| d.to_string());
    match case.appeal.map(|a| a.granted) {
        Some(Some(true)) => lines.push((w.appeal(), html! { (w.appeal_granted()) })),
        Some(Some(false)) => lines.push((w.appeal(), html! { (w.appeal_refused()) })),
        Some(None) => lines.push((w.appeal(), html! { (Told::new(Tone::Note, w.appeal_open(&until))) })),
        None if case.appeal_due.is_some_and(|d| d >= looked.at.day) => {
            lines.push((w.appeal(), html! { (w.appeal_until(&until)) }));
        }
        None => {}
    }
    if let Some(grade) = case.accountability {
        lines.push((w.accountability(), html! { (words::grade(language, grade)) }));
    }
    particulars(lines)
}

/// Where it came from; a rating leads to its page for whoever may read it.
fn origin(who: &Who, origin: &Origin, w: Register) -> Markup {
    html! {
        @match origin {
            Origin::NegativeRating { ledger, visit } if who.may(Need::Entries) => {
                a href={ "/entries/" (ledger) "/" (visit) } { (w.from_rating()) }
            }
            _ => { span.code { (origin.key()) } }
        }
    }
}

fn possible(viewer: &Viewer, who: &Arc<Who>, looked: &Looked, typed: &Typed) -> Markup {
    let w = Register(viewer.language);
    let (works, decides) = (who.may(Need::CasesWork), who.may(Need::CasesDecide));
    let all = acts::possible(&looked.case, (looked.house(), looked.at), &actor(who));
    let step = looked.case.step();
    let (first, rest): (Vec<&'static str>, Vec<_>) = all.into_iter().partition(|act| forms::is_foremost(act, step));
    let again = typed.pairs.iter().any(|(n, v)| n == "act" && rest.contains(&v.as_str()));
    html! {
        section aria-labelledby="now" {
            h2 #now { (w.now()) }
            @if !works && !decides { p.hint { (w.read_only()) } }
            @else if first.is_empty() && looked.case.stage.is_open() { p.hint { (w.no_act_now()) } }
            @if !first.is_empty() {
                div.grid-2 { @for act in first { (forms::form(viewer, looked, act, typed, works)) } }
            }
            @if !rest.is_empty() {
                details.more open[again] {
                    summary { (w.more()) }
                    div.grid-2 { @for act in rest { (forms::form(viewer, looked, act, typed, works)) } }
                }
            }
        }
    }
}
