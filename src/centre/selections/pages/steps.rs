//! The forms of one selection's page: each does one step and leads back, or comes back with why not.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::html;
use serde::Deserialize;

use super::one::{Again, drawn};
use super::{Desk, Open, Pairs, field, number};
use crate::centre::access::{Posted, SelectionDecider, SelectionKeeper, SelectionReader, Signed, Unsealer};
use crate::centre::dashboard::components::{Button, Confirm, Notice, Title, buttons, particulars};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::selections::acts::Refused;
use crate::centre::selections::open_day::contact_context;
use crate::centre::selections::sources;
use crate::centre::site::Site;
use crate::domain::appraisal::Subject;

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn compute(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<SelectionKeeper, Nothing>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let done = async {
        let open = desk.open(&id).await?;
        let number = open.kept.id;
        let (candidates, marks) = sources::gather(&site, open.kept.selection.terms()).await?;
        Ok::<_, ApiFault>((desk.act(move |a| a.compute(number, candidates, &marks)).await?, open))
    };
    let said = desk.words().computed();
    answered(&desk, done.await, &said, Again::default())
}

pub async fn ask_put_up(
    State(site): State<Arc<Site>>,
    signed: Signed<SelectionKeeper>,
    Path(id): Path<String>,
) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let content = async {
        let open = desk.open(&id).await?;
        let (w, terms) = (desk.words(), open.kept.selection.terms());
        let names: Vec<_> = open.kept.selection.standing().map(|n| open.name(&n.subject.key())).collect();
        let what = html! {
            p { (w.put_up_what(names.len(), terms.notice_days)) }
            ul { @for name in &names { li { (name) } } }
            p.hint { (w.put_up_board()) }
        };
        let confirm = Confirm::new(desk.language(), w.put_up(), what, format!("/selections/{id}/notice"));
        let confirm = confirm.yes(w.put_up()).back(format!("/selections/{id}")).csrf(desk.viewer.csrf());
        Ok(html! { (confirm.crumb("/selections", w.title()).crumb(format!("/selections/{id}"), terms.title.clone())) })
    };
    desk.page(&desk.words().put_up(), content.await)
}

pub async fn put_up(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<SelectionKeeper, Nothing>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let done = async {
        let open = desk.open(&id).await?;
        let number = open.kept.id;
        Ok((desk.act(move |a| a.put_up(number).map(|_| ())).await?, open))
    };
    let said = desk.words().noticed();
    answered(&desk, done.await, &said, Again::default())
}

pub async fn object(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<SelectionReader, Pairs>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let text = lines(&posted.form, "text");
    let about = Subject::of_key(field(&posted.form, "about"));
    let done = async {
        let open = desk.open(&id).await?;
        let (number, about) = (open.kept.id, about.ok_or_else(|| ApiFault::new(ErrorCode::Malformed))?);
        Ok((desk.act(move |a| a.object(number, about, &text).map(|_| ())).await?, open))
    };
    let said = desk.words().objected();
    let again = Again { form: "object".to_owned(), typed: posted.form.clone(), said: None };
    answered(&desk, done.await, &said, again)
}

pub async fn answer(
    State(site): State<Arc<Site>>,
    Path((id, objection)): Path<(String, String)>,
    posted: Posted<SelectionKeeper, Pairs>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let upheld = field(&posted.form, &format!("verdict-{objection}")) == "uphold";
    let reason = lines(&posted.form, &format!("reason-{objection}"));
    let done = async {
        let open = desk.open(&id).await?;
        let (number, objection) = (open.kept.id, numbered(&objection)?);
        Ok((desk.act(move |a| a.answer(number, objection, upheld, &reason)).await?, open))
    };
    let said = desk.words().answered();
    let again = Again { form: format!("answer-{objection}"), typed: posted.form.clone(), said: None };
    answered(&desk, done.await, &said, again)
}

pub async fn vote(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<SelectionDecider, Pairs>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let (agrees, reason) = (field(&posted.form, "agrees") == "yes", lines(&posted.form, "vote_reason"));
    let done = async {
        let open = desk.open(&id).await?;
        let number = open.kept.id;
        Ok((desk.act(move |a| a.vote(number, agrees, &reason)).await?, open))
    };
    let said = desk.words().voted();
    let again = Again { form: "vote".to_owned(), typed: posted.form.clone(), said: None };
    answered(&desk, done.await, &said, again)
}

pub async fn award(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<SelectionDecider, Pairs>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let text = |name: &str| field(&posted.form, name).to_owned();
    let (issuer, period) = (text("issuer"), text("period"));
    // A text that is no day is none that lies ahead.
    let until = text("until").parse().unwrap_or(jiff::civil::Date::MIN);
    let done = async {
        let open = desk.open(&id).await?;
        let number = open.kept.id;
        Ok((desk.act(move |a| a.award(number, &issuer, &period, until)).await?, open))
    };
    let said = desk.words().awarded();
    let again = Again { form: "award".to_owned(), typed: posted.form.clone(), said: None };
    answered(&desk, done.await, &said, again)
}

pub async fn open_contact(
    State(site): State<Arc<Site>>,
    Path((id, objection)): Path<(String, String)>,
    posted: Posted<Unsealer, Nothing>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let (w, language) = (desk.words(), desk.language());
    let done = async {
        let selection = number(&id).ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?;
        let objection = numbered(&objection)?;
        // The line of the audit log is durable before anything is opened.
        let sealed = desk.act(move |a| a.open_contact(selection, objection)).await?;
        Ok::<_, ApiFault>(sealed.map(|sealed| {
            let words = site.keys.opening.open(&sealed, &contact_context(selection, objection)).ok();
            words.and_then(|words| words.contact)
        }))
    };
    match done.await {
        Ok(Ok(contact)) => {
            let contact = contact.unwrap_or_else(|| w.contact_unreadable().into_owned());
            let back = format!("/selections/{id}");
            let content = html! {
                (Title::new(language, w.contact()).crumb("/selections", w.title()).crumb(back.clone(), w.objections()))
                section.card {
                    (Notice::good(w.contact_logged()))
                    (particulars([(w.contact(), html! { (contact) })]))
                    (buttons(&[Button::link(back, w.back())]))
                }
            };
            desk.viewer.page(&site, &w.contact(), content)
        }
        Ok(Err(refused)) => desk.refuse(&refused),
        Err(fault) => desk.viewer.refuse(&site, &fault),
    }
}

/// Back to the page with a word, or the page again with why not.
fn answered(
    desk: &Desk<'_>,
    done: Result<(Result<(), Refused>, Open), ApiFault>,
    said: &str,
    again: Again,
) -> Response {
    match done {
        Ok((Ok(()), open)) => desk.viewer.onward(desk.site, &format!("/selections/{}", open.kept.id), said),
        Ok((Err(refused), open)) => match desk.sentence(&refused, Some(&open)) {
            Some(why) => desk.again(&desk.words().title(), drawn(desk, &open, &Again { said: Some(why), ..again })),
            None => desk.refuse(&refused),
        },
        Err(fault) => desk.viewer.refuse(desk.site, &fault),
    }
}

fn lines(pairs: &Pairs, name: &str) -> String {
    field(pairs, name).replace("\r\n", "\n")
}

fn numbered(text: &str) -> Result<u32, ApiFault> {
    text.parse().map_err(|_| ApiFault::new(ErrorCode::NotFound))
}
