//! One selection: where it stands, what comes next, its rules, its result, its list, and what was done.

use std::sync::Arc;

use axum::extract::{Path, State as Extracted};
use axum::response::Response;
use maud::{Markup, html};

use super::{Desk, Open, badge, deciding, ranking};
use crate::centre::access::{SelectionReader, Signed};
use crate::centre::dashboard::components::{Button, Notice, Title, buttons, particulars};
use crate::centre::site::Site;
use crate::domain::role::Need;
use crate::domain::selection::{Nominee, State, Terms, asks_party};
use crate::words::selections as words;
use crate::words::{audit, common};

pub async fn one(
    Extracted(site): Extracted<Arc<Site>>,
    signed: Signed<SelectionReader>,
    Path(id): Path<String>,
) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let content = desk.open(&id).await.map(|open| drawn(&desk, &open, &Again::default()));
    desk.page(&desk.words().title(), content)
}

/// What a refused form brings back.
#[derive(Debug, Default)]
pub struct Again {
    /// Why.
    pub said: Option<String>,
    /// Which form: `answer-3`, `vote`, `award`, `object`.
    pub form: String,
    pub typed: super::Pairs,
}

impl Again {
    /// What was typed into a field of a form.
    pub fn of(&self, form: &str, name: &str) -> Option<&str> {
        let typed = || self.typed.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
        if self.form == form { typed() } else { None }
    }
}

pub fn drawn(desk: &Desk<'_>, open: &Open, again: &Again) -> Markup {
    let (w, language) = (desk.words(), desk.language());
    let (id, selection) = (open.kept.id, &open.kept.selection);
    let terms = selection.terms();
    let lead = format!("{} · {} – {}", common::honour(language, terms.honour), terms.period.from, terms.period.to);
    let mut title = Title::new(language, terms.title.clone())
        .crumb("/selections", w.title())
        .lead(lead)
        .aside(html! { (badge(language, selection.state())) });
    if open.result.is_some() {
        title = title.action(Button::link(format!("/selections/{id}/report"), w.report()));
    }
    html! {
        (title)
        @if let Some(said) = &again.said { (Notice::bad(said.as_str())) }
        @if let Some(why) = selection.withdrawn() { (Notice::note(why).standing()) }
        (next(desk, open))
        @if selection.state() == State::Noticed || selection.notice().is_some() { (notice(desk, open)) }
        @if !selection.nominees().is_empty() { (list(desk, open)) }
        (deciding::sections(desk, open, again))
        @if let Some((snapshot, outcome)) = &open.result {
            section.card {
                h2 { (w.result()) }
                (ranking::tables(desk, id, snapshot, outcome, true))
                (particulars([
                    (w.snapshot_hash(), html! { span.code { (outcome.snapshot) } }),
                    (w.result_hash(), html! { span.code { (selection.outcome_hash().unwrap_or_default()) } }),
                ]))
                p.hint { (w.check_hint(id)) }
                p { (Button::file(format!("/selections/{id}/snapshot.json"), w.take_snapshot()).small()) }
            }
        }
        section.card { (rules(desk, terms, &selection.caller().name)) }
        section.card { h2 { (w.history()) } (history(desk, open)) }
    }
}

/// The keeper's next step.
fn next(desk: &Desk<'_>, open: &Open) -> Markup {
    let w = desk.words();
    let (id, selection) = (open.kept.id, &open.kept.selection);
    if !desk.who.may(Need::SelectionsKeep) || selection.state().is_over() || selection.state() == State::Decided {
        return html! {};
    }
    let withdraw = || Button::link(format!("/selections/{id}/withdraw"), w.withdraw()).danger();
    html! {
        section.card {
            @match selection.state() {
                State::Draft => {
                    p { (w.compute_hint(&selection.terms().period.to.to_string())) }
                    form method="post" action={ "/selections/" (id) "/compute" } {
                        (desk.viewer.csrf())
                        (buttons(&[Button::submit(w.compute()).primary(), withdraw()]))
                    }
                }
                State::Computed => {
                    (buttons(&[Button::link(format!("/selections/{id}/nominate"), w.nominate()).primary(), withdraw()]))
                }
                State::Nominated => {
                    (buttons(&[
                        Button::link(format!("/selections/{id}/notice"), w.put_up()).primary(),
                        Button::link(format!("/selections/{id}/nominate"), w.nominate_again()),
                        withdraw(),
                    ]))
                }
                _ => { (buttons(&[withdraw()])) }
            }
        }
    }
}

fn notice(desk: &Desk<'_>, open: &Open) -> Markup {
    let w = desk.words();
    let (id, selection) = (open.kept.id, &open.kept.selection);
    html! {
        @if let Some(notice) = selection.notice() {
            section.card {
                h2 { (w.notice()) }
                p { (w.notice_days(&notice.from.to_string(), &notice.until.to_string())) }
                @if !notice.is_certain { (Notice::note(w.notice_uncertain()).standing()) }
                @if selection.is_noticed_on(desk.today) {
                    ul {
                        @for hall in &selection.terms().halls {
                            li { a href={ "/public/" (hall) "/notices/" (id) } { (w.public_page()) " · " (desk.hall_name(hall)) } }
                        }
                    }
                }
            }
        }
    }
}

fn list(desk: &Desk<'_>, open: &Open) -> Markup {
    let w = desk.words();
    let (id, selection) = (open.kept.id, &open.kept.selection);
    let line = |nominee: &Nominee| {
        let name = open.name(&nominee.subject.key());
        html! {
            li {
                a href=(ranking::address(id, &nominee.subject)) { (name) }
                @if nominee.struck { " – " (w.struck()) }
                @if !nominee.reason.is_empty() { br; span.hint { (nominee.reason) } }
            }
        }
    };
    html! {
        section.card {
            h2 { (w.nominees()) }
            ul { @for nominee in selection.nominees() { (line(nominee)) } }
            @if !selection.passed_over().is_empty() {
                h3 { (w.passed_over()) }
                ul { @for one in selection.passed_over() { (line(one)) } }
            }
        }
    }
}

/// The rules of this selection.
pub fn rules(desk: &Desk<'_>, terms: &Terms, caller: &str) -> Markup {
    let (w, language) = (desk.words(), desk.language());
    let occasion = match terms.occasion {
        crate::domain::selection::Occasion::Ordinary => w.ordinary(),
        crate::domain::selection::Occasion::YearEnd => w.year_end(),
    };
    let weights: Vec<String> =
        terms.weights.iter().map(|(source, weight)| format!("{} {weight}", words::source(language, *source))).collect();
    let mut who = vec![w.min_n_is(terms.min_n), w.cover_is(terms.min_cover)];
    if terms.no_open_serious {
        who.push(w.no_serious());
    }
    if asks_party(terms.honour) {
        who.push(w.party_only());
    }
    html! {
        h2 { (crate::words::selections::SelectionRules(language).name()) " · " (w.called_by(caller)) }
        (particulars([
            (w.occasion(), html! { (occasion) }),
            (w.halls(), html! { (desk.halls(&terms.halls)) }),
            (w.seats(), html! { (terms.seats) }),
            (w.weights(), html! { (weights.join(" · ")) }),
            (w.eligibility(), html! { (who.join(" · ")) }),
            (w.notice(), html! { (w.notice_is(terms.notice_days)) }),
            (w.decide(), html! { (w.quorum_is(terms.quorum)) }),
        ]))
        p.hint { (w.defaults_from(terms.rules_version)) }
    }
}

/// What was done, the first thing first.
pub fn history(desk: &Desk<'_>, open: &Open) -> Markup {
    let (w, language) = (desk.words(), desk.language());
    html! {
        ol {
            @for event in &open.events {
                @let act = audit::act(language, &event.act).unwrap_or(event.act.as_str());
                li {
                    (desk.moment(event.at)) " " (act) " · "
                    @if event.name.is_empty() { (w.somebody()) } @else { (event.name) }
                }
            }
        }
    }
}
