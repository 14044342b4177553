//! The report of a selection, made to be printed and signed; 年底测评 is such a one. And the snapshot as a file.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};

use super::{Desk, Open, number, one, ranking};
use crate::centre::access::{SelectionReader, Signed};
use crate::centre::dashboard::components::{Table, Title, particulars};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::selections::{recompute, store};
use crate::centre::site::Site;
use crate::domain::selection::{Objector, Outcome, Snapshot};
use crate::words::common;
use crate::words::selections as words;

/// Derivations that a report prints.
const MAX_DERIVED: usize = 30;

pub async fn report(
    State(site): State<Arc<Site>>,
    signed: Signed<SelectionReader>,
    Path(id): Path<String>,
) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let content = async {
        let open = desk.open(&id).await?;
        let (snapshot, outcome) = open.result.as_ref().ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?;
        Ok(drawn(&desk, &open, snapshot, outcome))
    };
    desk.page(&desk.words().report(), content.await)
}

/// Everything that the result is made of, with the result.
pub async fn snapshot(
    State(site): State<Arc<Site>>,
    signed: Signed<SelectionReader>,
    Path(id): Path<String>,
) -> Result<Response, ApiFault> {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let id = number(&id).ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?;
    let reach = signed.who.reach.clone();
    let export = desk.read(move |conn| {
        let sees = store::one(conn, id)?.is_some_and(|kept| kept.is_within(&reach));
        if sees { recompute::export(conn, id) } else { Ok(None) }
    });
    let export = export.await?.ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?;
    let body = serde_json::to_vec_pretty(&export).map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
    let name = format!("attachment; filename=\"selection-{id}.json\"");
    let name = HeaderValue::from_str(&name).map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(([kind, (header::CONTENT_DISPOSITION, name)], body).into_response())
}

fn drawn(desk: &Desk<'_>, open: &Open, snapshot: &Snapshot, outcome: &Outcome) -> Markup {
    let (w, language, id) = (desk.words(), desk.language(), open.kept.id);
    let selection = &open.kept.selection;
    let terms = selection.terms();
    html! {
        (Title::new(language, w.report_title(&terms.title))
            .crumb("/selections", w.title())
            .crumb(format!("/selections/{id}"), terms.title.clone())
            .lead(format!("{} · {} – {} · {}", common::honour(language, terms.honour), terms.period.from, terms.period.to, words::state(language, selection.state()))))
        section.card { (one::rules(desk, terms, &selection.caller().name)) }
        section.card { h2 { (w.result()) } (ranking::tables(desk, id, snapshot, outcome, false)) }
        section.card { h2 { (w.why_this()) } (derivations(desk, snapshot, outcome)) }
        (people(desk, open))
        section.card {
            h2 { (w.history()) }
            (one::history(desk, open))
            (particulars([
                (w.snapshot_hash(), html! { span.code { (outcome.snapshot) } }),
                (w.result_hash(), html! { span.code { (selection.outcome_hash().unwrap_or_default()) } }),
            ]))
            p.hint { (w.check_hint(id)) }
        }
        section.card {
            h2 { (w.signatures()) }
            table.signing {
                caption.unseen { (w.signatures()) }
                thead { tr { th scope="col" { (w.leader_sign()) } th scope="col" { (w.keeper_sign()) } th scope="col" { (w.date_sign()) } } }
                tbody { tr { td { br; br; } td { br; br; } td { br; br; } } }
            }
        }
    }
}

fn derivations(desk: &Desk<'_>, snapshot: &Snapshot, outcome: &Outcome) -> Markup {
    let (w, language) = (desk.words(), desk.language());
    let mut table =
        Table::new(language, w.why_this()).column(w.candidate()).column(w.source()).number(w.score()).quiet().stacked();
    for one in outcome.ranked.iter().take(MAX_DERIVED) {
        let shares: Vec<_> = one
            .shares
            .iter()
            .map(|s| {
                let adds = s.adds_micro as f64 / 1_000_000.0;
                format!(
                    "{} {} × {} = {adds:.2} (n={})",
                    words::source(language, s.source),
                    super::points(s.score_milli),
                    s.weight,
                    s.n
                )
            })
            .collect();
        table.row([
            html! { (snapshot.name(&one.subject)) },
            html! { (shares.join("; ")) },
            html! { (super::points(one.score_milli)) },
        ]);
    }
    html! { (table) }
}

/// List, objections, decision, awards.
fn people(desk: &Desk<'_>, open: &Open) -> Markup {
    let (w, selection) = (desk.words(), &open.kept.selection);
    html! {
        section.card {
            h2 { (w.nominees()) }
            ul {
                @for nominee in selection.nominees() {
                    li { (open.name(&nominee.subject.key())) @if nominee.struck { " – " (w.struck()) } @if !nominee.reason.is_empty() { " · " (nominee.reason) } }
                }
            }
            @if !selection.passed_over().is_empty() {
                h3 { (w.passed_over()) }
                ul { @for one in selection.passed_over() { li { (open.name(&one.subject.key())) " · " (one.reason) } } }
            }
            @if let Some(notice) = selection.notice() { p { (w.notice()) ": " (w.notice_days(&notice.from.to_string(), &notice.until.to_string())) } }
            h3 { (w.objections()) }
            @if selection.objections().is_empty() { p { (w.no_objection()) } }
            ol {
                @for one in selection.objections() {
                    @let who = match &one.objector { Objector::Official(actor) => actor.name.clone(), Objector::Public => w.by_public().into_owned() };
                    li {
                        (open.name(&one.about.key())) " · " (who) " · " (one.text)
                        @match &one.answer {
                            Some(answer) => { br; (w.answer()) ": " @if answer.upheld { (w.upheld()) } @else { (w.dismissed()) } " · " (answer.reason) " (" (answer.by.name) ")" }
                            None => { " – " (w.unanswered()) }
                        }
                    }
                }
            }
            h3 { (w.votes()) }
            ul { @for vote in selection.votes() { li { (vote.by.name) ": " @if vote.agrees { (w.agree()) } @else { (w.disagree()) } @if !vote.reason.is_empty() { " · " (vote.reason) } } } }
            @if !selection.awards().is_empty() {
                h3 { (w.awards()) }
                ul {
                    @for award in selection.awards() {
                        li {
                            (open.name(&award.subject.key())) " · " (award.issuer) " · " (award.period) " · " (w.until()) " " (award.until)
                            @if let Some(revoked) = &award.revoked { " – " (w.revoked(&revoked.by.name, &revoked.reason)) }
                        }
                    }
                }
            }
        }
    }
}
