//! The keeper's list: who is put forward, and why wherever it departs from the figures.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

use super::ranking::place;
use super::{Desk, Open, Pairs, field, points};
use crate::centre::access::{Posted, SelectionKeeper, Signed};
use crate::centre::dashboard::components::{Button, Field, Notice, Tick, Title, buttons};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::domain::selection::{Nomination, Outcome, REASON_CHARS, Standing};

/// Candidates that the form offers; whoever stands further down has no seat within reach.
const MAX_OFFERED: usize = 150;

pub async fn form(State(site): State<Arc<Site>>, signed: Signed<SelectionKeeper>, Path(id): Path<String>) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let content = async {
        let open = desk.open(&id).await?;
        let (_, outcome) = open.result.as_ref().ok_or_else(|| ApiFault::new(ErrorCode::Conflict))?;
        let typed = fresh(&open, outcome);
        Ok(drawn(&desk, &open, &typed, None))
    };
    desk.page(&desk.words().nominate(), content.await)
}

pub async fn nominate(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<SelectionKeeper, Pairs>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let open = match desk.open(&id).await {
        Ok(open) if open.result.is_some() => open,
        Ok(_) => return desk.viewer.refuse(&site, &ApiFault::new(ErrorCode::Conflict)),
        Err(fault) => return desk.viewer.refuse(&site, &fault),
    };
    let list = list_of(&open, &posted.form);
    let number = open.kept.id;
    match desk.act(move |a| a.nominate(number, &list)).await {
        Ok(Ok(())) => desk.viewer.onward(&site, &format!("/selections/{number}"), &desk.words().nominated()),
        Ok(Err(refused)) => match desk.sentence(&refused, Some(&open)) {
            Some(said) => desk.again(&desk.words().nominate(), drawn(&desk, &open, &posted.form, Some(said))),
            None => desk.refuse(&refused),
        },
        Err(fault) => desk.viewer.refuse(&site, &fault),
    }
}

fn offered(outcome: &Outcome) -> impl Iterator<Item = (usize, &crate::domain::selection::Ranked)> {
    outcome.ranked.iter().enumerate().take(MAX_OFFERED)
}

/// As it stands, or whoever is within the seats by the figures.
fn fresh(open: &Open, outcome: &Outcome) -> Pairs {
    let selection = &open.kept.selection;
    let mut pairs = Pairs::new();
    for (at, one) in offered(outcome) {
        let named = selection.nominees().iter().find(|n| n.subject == one.subject);
        let over = selection.passed_over().iter().find(|n| n.subject == one.subject);
        if named.is_some() || (selection.nominees().is_empty() && one.standing == Standing::Within) {
            pairs.push(("nominee".to_owned(), one.subject.key()));
        }
        if let Some(reason) = named.or(over).map(|n| n.reason.clone()) {
            pairs.push((format!("reason-{at}"), reason));
        }
    }
    pairs
}

fn list_of(open: &Open, pairs: &Pairs) -> Nomination {
    let mut list = Nomination::default();
    let Some((_, outcome)) = &open.result else { return list };
    for (at, one) in offered(outcome) {
        let reason = field(pairs, &format!("reason-{at}")).replace("\r\n", "\n");
        let key = one.subject.key();
        if pairs.iter().any(|(name, value)| name == "nominee" && *value == key) {
            list.nominees.push((one.subject.clone(), reason));
        } else {
            list.passed_over.push((one.subject.clone(), reason));
        }
    }
    list
}

fn drawn(desk: &Desk<'_>, open: &Open, typed: &Pairs, said: Option<String>) -> Markup {
    let (w, language, id) = (desk.words(), desk.language(), open.kept.id);
    let terms = open.kept.selection.terms();
    let Some((_, outcome)) = &open.result else { return html! {} };
    let max = u32::try_from(REASON_CHARS).unwrap_or(300);
    html! {
        (Title::new(language, w.nominate())
            .crumb("/selections", w.title())
            .crumb(format!("/selections/{id}"), terms.title.clone())
            .lead(w.nominate_lead(terms.seats)))
        @if let Some(said) = said { (Notice::bad(said)) }
        section.card {
            form.form method="post" action={ "/selections/" (id) "/nominate" } {
                (desk.viewer.csrf())
                p.hint { (w.reason_hint(REASON_CHARS)) }
                @for (at, one) in offered(outcome) {
                    @let key = one.subject.key();
                    @let name = open.name(&key);
                    @let ticked = typed.iter().any(|(n, v)| n == "nominee" && *v == key);
                    @let reason = format!("reason-{at}");
                    article {
                        (Tick::check("nominee", key, name.clone(), ticked))
                        p.hint { (place(language, one)) " · " (points(one.score_milli)) " (" (points(one.low_milli)) "–" (points(one.high_milli)) ", n=" (one.n) ")" }
                        (Field::text(&reason, w.reason_for(&name)).optional(language).max(max).value(field(typed, &reason)))
                    }
                }
                (buttons(&[Button::submit(w.nominate()).primary(), Button::link(format!("/selections/{id}"), w.cancel())]))
            }
        }
    }
}
