//! Steps of a pledge that need no text of their own.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;

use super::file::{self, Parts};
use crate::centre::access::{Approver, HallEditor, Handle, Posted};
use crate::centre::editor::opened::Opened;
use crate::centre::editor::typed::{Reading, Typed};
use crate::centre::editor::{answer, author, refusal, status_of};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall;
use crate::centre::hall::pledges::PledgeStep;
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;
use crate::domain::id::PledgeId;
use crate::words::editor::Editor;

type Word = fn(Editor) -> std::borrow::Cow<'static, str>;

/// Hands the draft to a second person.
pub async fn propose(
    state: State<Arc<Site>>,
    path: Path<(String, String)>,
    posted: Posted<HallEditor, Pairs>,
) -> Response {
    step(state, path, posted, |_| Some(PledgeStep::Propose), Editor::proposed).await
}

/// Takes the proposal back.
pub async fn withdraw(
    state: State<Arc<Site>>,
    path: Path<(String, String)>,
    posted: Posted<HallEditor, Pairs>,
) -> Response {
    step(state, path, posted, |_| Some(PledgeStep::Withdraw), Editor::withdrawn_note).await
}

/// Puts the proposal in force from a day on.
pub async fn approve(
    state: State<Arc<Site>>,
    path: Path<(String, String)>,
    posted: Posted<Approver, Pairs>,
) -> Response {
    let read = |reading: &mut Reading<'_>| Some(PledgeStep::Approve { from: reading.date("from")? });
    step(state, path, posted, read, Editor::approved_note).await
}

/// Sends the proposal back with a reason.
pub async fn decline(
    state: State<Arc<Site>>,
    path: Path<(String, String)>,
    posted: Posted<Approver, Pairs>,
) -> Response {
    let read = |reading: &mut Reading<'_>| Some(PledgeStep::Decline { note: reading.text("note") });
    step(state, path, posted, read, Editor::declined_note).await
}

/// Shows it no more from a day on.
pub async fn retire(
    state: State<Arc<Site>>,
    path: Path<(String, String)>,
    posted: Posted<HallEditor, Pairs>,
) -> Response {
    let read = |reading: &mut Reading<'_>| Some(PledgeStep::Retire { on: reading.date("on")? });
    step(state, path, posted, read, Editor::retired).await
}

/// Shows it again.
pub async fn restore(
    state: State<Arc<Site>>,
    path: Path<(String, String)>,
    posted: Posted<HallEditor, Pairs>,
) -> Response {
    step(state, path, posted, |_| Some(PledgeStep::Restore), Editor::restored).await
}

async fn step<H: Handle>(
    State(site): State<Arc<Site>>,
    Path((hall, id)): Path<(String, String)>,
    posted: Posted<H, Pairs>,
    read: impl FnOnce(&mut Reading<'_>) -> Option<PledgeStep>,
    word: Word,
) -> Response {
    let viewer = posted.viewer;
    let made = async {
        let opened = Opened::of(&site, &posted.who, viewer.language, &hall).await?;
        let file = opened.hall.pledge(&id).ok_or_else(|| ApiFault::because(ErrorCode::NotFound, &"no such pledge"))?;
        let typed = Typed::new(posted.form);
        let mut reading = Reading::new(&typed, opened.language);
        let wanted = read(&mut reading);
        let Some(wanted) = wanted else {
            let parts = Parts { faults: reading.faults, ..file::opening(&site, &opened, file).await };
            let status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(file::answer_with(&site, &opened, &viewer, Some(file), Parts { status, ..parts }));
        };
        let revision = typed.text("revision").parse().unwrap_or(0);
        let pledge: PledgeId = file.id.clone();
        let change = hall::change(&site, &opened.hall.id, author(&posted.who), move |s| {
            s.step_pledge(&pledge, revision, wanted)
        });
        Ok(match change.await? {
            Ok(_) => viewer.onward(&site, &opened.path(&format!("pledges/{id}")), &word(opened.words())),
            Err(refused) => {
                let told = vec![refusal(opened.words(), &refused)];
                let parts = Parts { told, status: status_of(&refused), ..file::opening(&site, &opened, file).await };
                file::answer_with(&site, &opened, &viewer, Some(file), parts)
            }
        })
    };
    answer(&site, &viewer, made.await)
}
