//! Taking a hall over from its file.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

use super::opened::{Opened, Tab};
use super::person::told;
use super::{answer, author};
use crate::centre::access::{HallEditor, HallReader, Posted, Signed};
use crate::centre::dashboard::components::{Confirm, Notice, Title};
use crate::centre::hall;
use crate::centre::hall::kinds::Lead;
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;

/// Who leads the hall, and what can be done about it.
pub async fn show(State(site): State<Arc<Site>>, signed: Signed<HallReader>, Path(hall): Path<String>) -> Response {
    let made = async {
        let opened = Opened::of(&site, &signed.who, signed.viewer.language, &hall).await?;
        let content = draw(&opened);
        Ok(signed.viewer.page(&site, &format!("{} · {}", opened.words().transfer(), opened.name()), content))
    };
    answer(&site, &signed.viewer, made.await)
}

fn draw(opened: &Opened) -> Markup {
    let w = opened.words();
    let title = Title::new(opened.language, w.transfer()).lead(w.transfer_lead());
    html! {
        (opened.head(Tab::Transfer, title))
        @if opened.hall.lead == Lead::Store { (Notice::good(w.store_led()).standing()) }
    }
}

/// Asks before a hall is taken over.
pub async fn ask_take_over(
    State(site): State<Arc<Site>>,
    signed: Signed<HallEditor>,
    Path(hall): Path<String>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &signed.who, signed.viewer.language, &hall).await?;
        let w = opened.words();
        let question = w.take_over_question(opened.name());
        let what = html! {
            p { (w.take_over_what()) }
            ul { li { (w.take_over_same()) } li { (w.take_over_file()) } li { (w.take_over_history()) } }
        };
        let page = Confirm::new(opened.language, question.clone(), what, opened.path("take-over"))
            .yes(w.take_over())
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
            Ok(()) => posted.viewer.onward(&site, &opened.path(""), &opened.words().taken_over()),
            Err(refused) => told(&site, &opened, &posted.viewer, &opened.path(""), &refused),
        })
    };
    answer(&site, &posted.viewer, made.await)
}
