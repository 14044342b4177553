//! Who leads a hall: its taking over from its file, and the way back.
//!
//! A hall goes back only to a file that says what the hall shows, so that no kiosk notices. What the file cannot hold –
//! history, drafts, things out of use, playlists, days to come – stays in the store, for when the hall is taken over again.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::opened::Opened;
use super::person::told;
use super::typed::Typed;
use super::{answer, author, refusal};
use crate::centre::access::{HallEditor, Posted, Signed};
use crate::centre::audit::{self, Act};
use crate::centre::dashboard::components::{Button, Confirm, Notice, Title, buttons};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall;
use crate::centre::hall::acts::Refused;
use crate::centre::hall::kinds::Lead;
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;
use crate::config;
use crate::words::transfer::Transfer;

/// Asks before a hall is taken over.
pub async fn ask_take_over(
    State(site): State<Arc<Site>>,
    signed: Signed<HallEditor>,
    Path(hall): Path<String>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &signed.who, signed.viewer.language, &hall).await?;
        let (w, t) = (opened.words(), Transfer(opened.language));
        let question = t.take_over_question(opened.name());
        let what = html! {
            p { (t.take_over_what()) }
            ul { li { (t.take_over_same()) } li { (t.take_over_file()) } li { (t.take_over_history()) } }
        };
        let page = Confirm::new(opened.language, question.clone(), what, opened.path("take-over"))
            .yes(t.take_over())
            .back(opened.path(""))
            .crumb("/halls", w.halls())
            .crumb(opened.path(""), opened.name())
            .csrf(signed.viewer.csrf());
        Ok(signed.viewer.page(&site, &question, html! { (page) }))
    };
    answer(&site, &signed.viewer, made.await)
}

/// Takes it over.
pub async fn take_over(
    State(site): State<Arc<Site>>,
    Path(hall): Path<String>,
    posted: Posted<HallEditor, Pairs>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &posted.who, posted.viewer.language, &hall).await?;
        let done = hall::take_over(&site, &opened.hall.id, author(&posted.who)).await?;
        Ok(match done {
            Ok(()) => posted.viewer.onward(&site, &opened.path(""), &Transfer(opened.language).taken_over()),
            Err(refused) => told(&site, &opened, &posted.viewer, &opened.path(""), &refused),
        })
    };
    answer(&site, &posted.viewer, made.await)
}

/// Asks before a hall goes back to its file: what to do first, and whether the file is ready.
pub async fn ask_give_back(
    State(site): State<Arc<Site>>,
    signed: Signed<HallEditor>,
    Path(hall): Path<String>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &signed.who, signed.viewer.language, &hall).await?;
        let (w, t) = (opened.words(), Transfer(opened.language));
        let question = t.give_back_question(opened.name());
        if opened.hall.lead == Lead::File {
            let content = html! {
                (Title::new(opened.language, question.clone()).crumb("/halls", w.halls()).crumb(opened.path(""), opened.name()))
                (Notice::note(w.file_led()).standing())
                (buttons(&[Button::link(opened.path(""), w.back())]))
            };
            return Ok(signed.viewer.page(&site, &question, content));
        }
        let ready = hall::give_back_ready(&site, &opened.hall).await?;
        let page = Confirm::new(opened.language, question.clone(), steps(&opened, &ready), opened.path("give-back"))
            .yes(t.give_back())
            .back(opened.path("transfer"))
            .crumb("/halls", w.halls())
            .crumb(opened.path(""), opened.name())
            .crumb(opened.path("transfer"), w.transfer())
            .csrf(signed.viewer.csrf())
            .fields(html! { input type="hidden" name="revision" value=(opened.hall.revision); });
        Ok(signed.viewer.page(&site, &question, html! { (page) }))
    };
    answer(&site, &signed.viewer, made.await)
}

fn steps(opened: &Opened, ready: &Result<(), Refused>) -> Markup {
    let t = Transfer(opened.language);
    html! {
        p { (t.give_back_what()) }
        ol {
            li { (t.give_back_download()) " " (Button::file(opened.path("give-back/board.toml"), "board.toml").small()) }
            li { (t.give_back_place()) }
            li { (t.give_back_confirm()) }
        }
        ul { li { (t.give_back_same()) } li { (t.give_back_stays()) } li { (t.give_back_photos()) } }
        @match ready {
            Ok(()) => { (Notice::good(t.give_back_ready()).standing()) }
            Err(refused) => { (Notice::note(t.give_back_not_ready()).advice(refusal(opened.words(), refused)).standing()) }
        }
    }
}

/// Gives it back.
pub async fn give_back(
    State(site): State<Arc<Site>>,
    Path(hall): Path<String>,
    posted: Posted<HallEditor, Pairs>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &posted.who, posted.viewer.language, &hall).await?;
        let revision = Typed::new(posted.form).text("revision").parse().unwrap_or(0);
        let done = hall::give_back(&site, &opened.hall.id, revision, author(&posted.who)).await?;
        Ok(match done {
            Ok(()) => posted.viewer.onward(&site, &opened.path(""), &Transfer(opened.language).given_back()),
            Err(refused) => told(&site, &opened, &posted.viewer, &opened.path("give-back"), &refused),
        })
    };
    answer(&site, &posted.viewer, made.await)
}

/// What the hall shows today as a file that leads it as well. It holds the hashes of PINs, so it is for editors alone, and
/// whoever took it out stands in the audit log.
pub async fn board_file(
    State(site): State<Arc<Site>>,
    signed: Signed<HallEditor>,
    Path(hall): Path<String>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &signed.who, signed.viewer.language, &hall).await?;
        let text = config::board::write(opened.board()).map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
        let (who, object) = (author(&signed.who), format!("hall:{}/board", opened.hall.id));
        let noted = site
            .writer
            .attempt(move |desk| audit::append(desk.tx, desk.now, &who, Act::SheetExported, &object, "board.toml"));
        noted.await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("application/toml; charset=utf-8")),
            (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"board.toml\"")),
        ];
        Ok((headers, text).into_response())
    };
    answer(&site, &signed.viewer, made.await)
}
