//! What is done with a story: its picture, the second person, withdrawal, files for the press.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::super::acts::{Acting, Refused, fault_of, perform};
use super::super::in_public::served;
use super::super::store::Kept;
use super::super::{press, store};
use super::Desk;
use super::one::drawn;
use crate::centre::access::{Approver, Posted, Publisher, SelectionReader, Signed, Uploaded};
use crate::centre::dashboard::components::{Confirm, Faults, Field, Notice};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::portrait::Portrait;
use crate::centre::site::Site;
use crate::domain::story::REASON_CHARS;

/// Preparing a picture takes much memory for a moment.
static TURN: Semaphore = Semaphore::const_new(1);

#[derive(Deserialize)]
pub struct Nothing {}

#[derive(Deserialize)]
pub struct Why {
    #[serde(default)]
    reason: String,
}

pub async fn picture(
    State(site): State<Arc<Site>>,
    signed: Signed<SelectionReader>,
    Path(id): Path<String>,
) -> Result<Response, ApiFault> {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    served(&site, desk.open(&id).await?.id).await
}

pub async fn upload(State(site): State<Arc<Site>>, Path(id): Path<String>, sent: Uploaded<Publisher>) -> Response {
    let desk = Desk::new(&site, &sent.viewer, &sent.who);
    let w = desk.words();
    let done = async {
        let kept = desk.open(&id).await?;
        let Some(file) = sent.file("picture") else { return Ok((kept, Err(w.picture_none().into_owned()))) };
        let bytes = file.bytes.clone();
        let _turn = TURN.acquire().await.map_err(|e| ApiFault::because(ErrorCode::Busy, &e))?;
        let prepared = tokio::task::spawn_blocking(move || Portrait::prepare(&bytes)).await;
        let prepared = prepared.map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
        Ok((kept, prepared.map_err(|fault| w.picture_wrong(&fault.to_string()).into_owned())))
    };
    let (kept, prepared): (Kept, Result<Portrait, String>) = match done.await {
        Ok(found) => found,
        Err(fault) => return desk.viewer.refuse(&site, &fault),
    };
    match prepared {
        Err(said) => {
            let mut faults = Faults::default();
            faults.add("picture", said);
            desk.again(&w.title(), drawn(&desk, &kept, None, &faults))
        }
        Ok(picture) => {
            let number = kept.id;
            let done = perform(&site, Arc::clone(&sent.who), move |a| a.illustrate(number, &picture)).await;
            answered(&desk, done.map(|done| (done, kept)), &w.picture_kept())
        }
    }
}

pub async fn propose(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<Publisher, Nothing>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let said = desk.words().proposed();
    answered(&desk, step(&desk, &id, |a, id| a.propose(id)).await, &said)
}

pub async fn publish(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<Approver, Nothing>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let said = desk.words().published();
    answered(&desk, step(&desk, &id, |a, id| a.publish(id)).await, &said)
}

pub async fn decline(State(site): State<Arc<Site>>, Path(id): Path<String>, posted: Posted<Approver, Why>) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let (said, reason) = (desk.words().declined(), posted.form.reason.replace("\r\n", "\n"));
    answered(&desk, step(&desk, &id, move |a, id| a.decline(id, &reason)).await, &said)
}

pub async fn ask_withdraw(
    State(site): State<Arc<Site>>,
    signed: Signed<Publisher>,
    Path(id): Path<String>,
) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let content = desk.open(&id).await.map(|kept| asked(&desk, &kept, "", None));
    desk.page(&desk.words().withdraw(), content)
}

pub async fn withdraw(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<Publisher, Why>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let (said, reason) = (desk.words().withdrawn(), posted.form.reason.replace("\r\n", "\n"));
    let typed = reason.clone();
    match step(&desk, &id, move |a, id| a.withdraw(id, &reason)).await {
        Ok((Err(refused), kept)) => match desk.sentence(&refused) {
            Some(why) => desk.again(&desk.words().withdraw(), asked(&desk, &kept, &typed, Some(why))),
            None => desk.refuse(&refused),
        },
        done => answered(&desk, done, &said),
    }
}

pub async fn press_text(
    State(site): State<Arc<Site>>,
    signed: Signed<SelectionReader>,
    Path(id): Path<String>,
) -> Result<Response, ApiFault> {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let kept = taken_away(&desk, &id, "txt").await?;
    let boards = site.boards.get();
    let board = boards.hall(&kept.story.telling().hall).map(|h| &h.board);
    file("text/plain; charset=utf-8", kept.id, "txt", press::text(&kept.story, board))
}

pub async fn press_page(
    State(site): State<Arc<Site>>,
    signed: Signed<SelectionReader>,
    Path(id): Path<String>,
) -> Result<Response, ApiFault> {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let kept = taken_away(&desk, &id, "html").await?;
    let number = kept.id;
    let picture = desk.read(move |conn| store::picture(conn, number)).await?;
    let boards = site.boards.get();
    let board = boards.hall(&kept.story.telling().hall).map(|h| &h.board);
    file("text/html; charset=utf-8", kept.id, "html", press::page(&kept.story, board, picture.as_ref()))
}

/// Only what is published goes to the press, and the log says so.
async fn taken_away(desk: &Desk<'_>, id: &str, form: &'static str) -> Result<Kept, ApiFault> {
    let kept = desk.open(id).await?;
    if !kept.story.is_visible(desk.today) {
        return Err(ApiFault::new(ErrorCode::Conflict));
    }
    let number = kept.id;
    let noted = perform(desk.site, Arc::clone(desk.who), move |a| a.exported(number, form)).await?;
    noted.map_err(|refused| fault_of(&refused))?;
    Ok(kept)
}

fn file(kind: &'static str, id: i64, suffix: &str, body: String) -> Result<Response, ApiFault> {
    let name = format!("attachment; filename=\"story-{id}.{suffix}\"");
    let name = HeaderValue::from_str(&name).map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static(kind));
    Ok(([kind, (header::CONTENT_DISPOSITION, name)], body).into_response())
}

async fn step(
    desk: &Desk<'_>,
    id: &str,
    work: impl FnOnce(&Acting<'_>, i64) -> Result<(), Refused> + Send + 'static,
) -> Result<(Result<(), Refused>, Kept), ApiFault> {
    let kept = desk.open(id).await?;
    let number = kept.id;
    let done = perform(desk.site, Arc::clone(desk.who), move |a| work(a, number)).await?;
    Ok((done, kept))
}

fn answered(desk: &Desk<'_>, done: Result<(Result<(), Refused>, Kept), ApiFault>, said: &str) -> Response {
    match done {
        Ok((Ok(()), kept)) => desk.viewer.onward(desk.site, &format!("/stories/{}", kept.id), said),
        Ok((Err(refused), kept)) => match desk.sentence(&refused) {
            Some(why) => desk.again(&desk.words().title(), drawn(desk, &kept, Some(why), &Faults::default())),
            None => desk.refuse(&refused),
        },
        Err(fault) => desk.viewer.refuse(desk.site, &fault),
    }
}

fn asked(desk: &Desk<'_>, kept: &Kept, typed: &str, said: Option<String>) -> Markup {
    let (w, home) = (desk.words(), format!("/stories/{}", kept.id));
    let title = kept.story.telling().title.zh.clone();
    let max = u32::try_from(REASON_CHARS).unwrap_or(300);
    let confirm = Confirm::new(
        desk.language(),
        w.withdraw(),
        html! { p { (w.withdraw_what(&title)) } },
        format!("{home}/withdraw"),
    )
    .yes(w.withdraw())
    .back(home.clone())
    .crumb("/stories", w.title())
    .crumb(home, title)
    .csrf(desk.viewer.csrf())
    .fields(html! { (Field::area("reason", w.reason(), 2).max(max).value(typed)) });
    html! { @if let Some(said) = said { (Notice::bad(said)) } (confirm) }
}
