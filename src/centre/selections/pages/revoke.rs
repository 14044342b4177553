//! The pages between a dangerous button and the deed: an award taken back, a selection called off.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::{Desk, Open};
use crate::centre::access::{Posted, SelectionDecider, SelectionKeeper, Signed};
use crate::centre::dashboard::components::{Confirm, Field, Notice};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::selections::acts::Refused;
use crate::centre::site::Site;
use crate::domain::appraisal::Subject;
use crate::domain::selection::REASON_CHARS;

#[derive(Deserialize)]
pub struct Why {
    #[serde(default)]
    reason: String,
}

/// What is asked about.
enum What<'a> {
    Award(&'a str),
    Whole,
}

pub async fn ask_revoke(
    State(site): State<Arc<Site>>,
    signed: Signed<SelectionDecider>,
    Path((id, key)): Path<(String, String)>,
) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let content = async {
        let open = desk.open(&id).await?;
        let stands = open.kept.selection.awards().iter().any(|a| a.subject.key() == key && a.revoked.is_none());
        if stands {
            Ok(asked(&desk, &open, &What::Award(&key), "", None))
        } else {
            Err(ApiFault::new(ErrorCode::NotFound))
        }
    };
    desk.page(&desk.words().revoke(), content.await)
}

pub async fn revoke(
    State(site): State<Arc<Site>>,
    Path((id, key)): Path<(String, String)>,
    posted: Posted<SelectionDecider, Why>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let reason = posted.form.reason.replace("\r\n", "\n");
    let typed = reason.clone();
    let done = async {
        let open = desk.open(&id).await?;
        let subject = Subject::of_key(&key).ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?;
        let number = open.kept.id;
        Ok((desk.act(move |a| a.revoke(number, &subject, &reason)).await?, open))
    };
    let said = desk.words().revoked_done();
    answered(&desk, done.await, &What::Award(&key), &typed, &said)
}

pub async fn ask_withdraw(
    State(site): State<Arc<Site>>,
    signed: Signed<SelectionKeeper>,
    Path(id): Path<String>,
) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let content = desk.open(&id).await.map(|open| asked(&desk, &open, &What::Whole, "", None));
    desk.page(&desk.words().withdraw(), content)
}

pub async fn withdraw(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<SelectionKeeper, Why>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let reason = posted.form.reason.replace("\r\n", "\n");
    let typed = reason.clone();
    let done = async {
        let open = desk.open(&id).await?;
        let number = open.kept.id;
        Ok((desk.act(move |a| a.withdraw(number, &reason)).await?, open))
    };
    let said = desk.words().withdrawn_done();
    answered(&desk, done.await, &What::Whole, &typed, &said)
}

fn answered(
    desk: &Desk<'_>,
    done: Result<(Result<(), Refused>, Open), ApiFault>,
    what: &What<'_>,
    typed: &str,
    said: &str,
) -> Response {
    match done {
        Ok((Ok(()), open)) => desk.viewer.onward(desk.site, &format!("/selections/{}", open.kept.id), said),
        Ok((Err(refused), open)) => match desk.sentence(&refused, Some(&open)) {
            Some(why) => desk.again(&desk.words().title(), asked(desk, &open, what, typed, Some(why))),
            None => desk.refuse(&refused),
        },
        Err(fault) => desk.viewer.refuse(desk.site, &fault),
    }
}

fn asked(desk: &Desk<'_>, open: &Open, what: &What<'_>, typed: &str, said: Option<String>) -> Markup {
    let (w, id) = (desk.words(), open.kept.id);
    let title = open.kept.selection.terms().title.clone();
    let home = format!("/selections/{id}");
    let (question, told, address) = match what {
        What::Award(key) => (w.revoke(), w.revoke_what(&open.name(key)), format!("{home}/awards/{key}/revoke")),
        What::Whole => (w.withdraw(), w.withdraw_what(&title), format!("{home}/withdraw")),
    };
    let max = u32::try_from(REASON_CHARS).unwrap_or(300);
    let fields = html! {
        (Field::area("reason", w.reason(), 3).hint(w.reason_hint(REASON_CHARS)).max(max).value(typed))
    };
    let confirm = Confirm::new(desk.language(), question.clone(), html! { p { (told) } }, address)
        .yes(question)
        .back(home.clone())
        .crumb("/selections", w.title())
        .crumb(home, title)
        .csrf(desk.viewer.csrf())
        .fields(fields);
    html! { @if let Some(said) = said { (Notice::bad(said)) } (confirm) }
}
