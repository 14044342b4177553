//! Steps of an inspection that are asked about before they are taken, and what people add.

use super::one::{Typed, draw};
use super::*;
use axum::extract::Path;
use serde::Deserialize;

use crate::centre::access::{CaseWorker, Posted, Signed};
use crate::centre::dashboard::components::{Confirm, Faults, Field};
use crate::centre::inspections::acts::REMARK_CHARS;
use crate::domain::inspection::Step;

/// The step of an address.
fn step(code: &str) -> Option<Step> {
    match code {
        "submit" => Some(Step::Submit),
        "release" => Some(Step::Release),
        "close" => Some(Step::Close),
        "cancel" => Some(Step::Cancel),
        _ => None,
    }
}

#[derive(Deserialize)]
pub struct Reason {
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize)]
pub struct Adding {
    #[serde(default)]
    remark: String,
    #[serde(default)]
    answer: String,
}

pub async fn ask(
    State(site): State<Arc<Site>>,
    signed: Signed<Inspector>,
    Path((id, code)): Path<(String, String)>,
) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let found = desk.record(&id).await;
    match (found, step(&code)) {
        (Ok(Some(record)), Some(step)) => match record.inspection.apply(&step, desk.sight.actor) {
            Ok(_) => {
                let content = confirm(&desk, &record, &step, &code, "", &Faults::default());
                desk.page(&record.title, Ok(Some(content)))
            }
            Err(refused) => desk.refuse(&refused.into()),
        },
        (Err(fault), _) => desk.viewer.refuse(&site, &fault),
        _ => desk.viewer.not_found(&site),
    }
}

fn confirm(desk: &Desk<'_>, record: &Record, step: &Step, code: &str, reason: &str, faults: &Faults) -> Markup {
    let (w, p) = (desk.words(), desk.planning());
    let i = &record.inspection;
    let (heading, what) = match step {
        Step::Submit => {
            let then = match i.kind {
                InspectionKind::Announced => p.submit_announced(),
                InspectionKind::Undercover => p.submit_undercover(),
            };
            (p.submit(), html! { p { (p.submit_what(i.visits)) } p { (then) } })
        }
        Step::Release => (p.release(), html! { p { (p.release_what()) } }),
        Step::Close => (p.close(), html! { p { (p.close_what()) } }),
        _ => (p.cancel_it(), html! { p { (p.cancel_what()) } }),
    };
    let home = format!("/inspections/{}", record.id);
    let what = html! { p { b { (record.title) } " · " (desk.hall(&record.hall)) } (what) };
    let mut confirm = Confirm::new(desk.language(), heading.clone(), what, format!("{home}/steps/{code}"))
        .yes(heading)
        .back(home.clone())
        .crumb("/inspections", w.title())
        .crumb(home, record.title.clone())
        .csrf(desk.viewer.csrf());
    if *step == Step::Cancel {
        let max = u32::try_from(REMARK_CHARS).unwrap_or(1_000);
        let field = Field::area("reason", p.reason(), 3).hint(w.remark_hint(REMARK_CHARS)).value(reason).max(max);
        confirm = confirm.fields(html! { (field.faults(faults)) });
    }
    html! { (confirm) }
}

pub async fn take(
    State(site): State<Arc<Site>>,
    Path((id, code)): Path<(String, String)>,
    posted: Posted<Inspector, Reason>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let (Some(number), Some(step)) = (number(&id), step(&code)) else { return desk.viewer.not_found(&site) };
    let (wanted, reason) = (step.clone(), posted.form.reason);
    let why = reason.clone();
    let done = desk.act(move |a| match &wanted {
        Step::Cancel => a.cancel(number, &why),
        other => a.advance(number, other),
    });
    let p = desk.planning();
    match done.await {
        Ok(Ok(())) => {
            let said = match step {
                Step::Submit => p.submitted(),
                Step::Release => p.released(),
                Step::Close => p.closed(),
                _ => p.cancelled(),
            };
            desk.viewer.onward(&site, &format!("/inspections/{id}"), &said)
        }
        Ok(Err(Refused::Text(_))) => {
            let mut faults = Faults::default();
            faults.add("reason", p.text_wrong(REMARK_CHARS));
            let found = desk.record(&id).await;
            let content = found.map(|r| r.map(|r| confirm(&desk, &r, &step, &code, &reason, &faults)));
            desk.again(&p.cancel_it(), content)
        }
        Ok(Err(refused)) => desk.refuse(&refused),
        Err(fault) => desk.viewer.refuse(&site, &fault),
    }
}

pub async fn remark(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<Inspector, Adding>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let Some(number) = number(&id) else { return desk.viewer.not_found(&site) };
    let text = posted.form.remark.replace('\r', "");
    let said = text.clone();
    let done = desk.act(move |a| a.remark(number, &said)).await;
    let typed = Typed { remark: text, ..Typed::default() };
    settled(&desk, &id, done, typed, "remark").await
}

pub async fn answer(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<CaseWorker, Adding>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let Some(number) = number(&id) else { return desk.viewer.not_found(&site) };
    let text = posted.form.answer.replace('\r', "");
    let said = text.clone();
    let done = desk.act(move |a| a.answer(number, &said)).await;
    let typed = Typed { answer: text, ..Typed::default() };
    settled(&desk, &id, done, typed, "answer").await
}

async fn settled(
    desk: &Desk<'_>,
    id: &str,
    done: Result<Result<(), Refused>, ApiFault>,
    mut typed: Typed,
    field: &'static str,
) -> Response {
    let w = desk.words();
    match done {
        Ok(Ok(())) => {
            let said = if field == "answer" { w.answered() } else { w.remarked() };
            desk.viewer.onward(desk.site, &format!("/inspections/{id}#added"), &said)
        }
        Ok(Err(Refused::Text(_))) => {
            typed.faults.add(field, desk.planning().text_wrong(REMARK_CHARS));
            let content = draw(desk, id, &typed).await;
            desk.again(&w.title(), content)
        }
        Ok(Err(refused)) => desk.refuse(&refused),
        Err(fault) => desk.viewer.refuse(desk.site, &fault),
    }
}
