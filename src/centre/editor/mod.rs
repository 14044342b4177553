//! 人员与窗口: the pages on which people, windows, pledges and all else that kiosks show are kept.
//!
//! | file | what it is |
//! |---|---|
//! | `opened.rs` | a hall as one request finds it: what it keeps, who asks, what they may do |
//! | `form.rs`, `forms/` | what a kind of object has that is edited by a form; one file, one kind |
//! | `typed.rs` | what was typed, and reading it |
//! | `edit.rs`, `page.rs` | the pages of one object, whatever its kind |
//! | `panel.rs`, `whatif.rs` | the picture beside a form; any screen on any day |
//! | `home.rs`, `lists.rs`, `showings.rs` | the first page of a hall, and its lists |
//! | `order.rs` | which of a list comes first on the screens |
//! | `person.rs`, `portrait.rs`, `honoured.rs` | what a card has beside its form |
//! | `pledges/` | drafts, proposals, decisions, versions |
//! | `transfer/` | tables in and out |
//! | `lead.rs` | the taking over of a hall from its file, and the way back |
//!
//! To add a kind: its value implements `hall::kinds::Keep`, its form [`form::Form`] in a file under `forms/`, its list is
//! drawn in `lists.rs`, and its routes are one line in [`routes`].
//!
//! **Architecture invariants:** nothing here writes to the store but through [`hall::change`](super::hall::change); a hall
//! out of reach answers as if it did not exist; no form loses what was typed into it.

pub mod differences;
pub mod edit;
pub mod form;
pub mod forms;
mod home;
mod honoured;
mod lead;
mod lists;
pub mod opened;
mod order;
mod page;
mod panel;
mod person;
mod pledges;
mod portrait;
mod showings;
pub mod transfer;
pub mod typed;
mod whatif;

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;

use self::form::Form;
use self::opened::Opened;
use super::access::{Routes, Viewer, Who};
use super::error::ApiFault;
use super::hall::acts::Refused;
use super::hall::kinds::{Grant, Kind, Playlist};
use super::site::Site;
use crate::domain::board::{Notice, ReasonTag, ServiceItem, ServiceWindow, StaffCard};
use crate::domain::role::Need;
use crate::words::editor::Editor;

/// The pages of halls.
pub fn routes() -> Routes {
    Routes::new()
        .get("/halls", Need::Hall, home::halls)
        .get("/halls/{hall}", Need::Hall, home::home)
        .get("/halls/{hall}/preview", Need::Hall, whatif::show)
        .get("/halls/{hall}/preview.png", Need::Hall, panel::picture)
        .get("/halls/{hall}/windows", Need::Hall, lists::windows)
        .get("/halls/{hall}/staff", Need::Hall, lists::staff)
        .get("/halls/{hall}/items", Need::Hall, lists::items)
        .get("/halls/{hall}/reasons", Need::Hall, lists::reasons)
        .get("/halls/{hall}/notices", Need::Hall, lists::notices)
        .get("/halls/{hall}/playlists", Need::Hall, lists::playlists)
        .get("/halls/{hall}/honours", Need::Hall, lists::honours)
        .get("/halls/{hall}/plate", Need::Hall, edit::show_only::<super::hall::kinds::Plate>)
        .post("/halls/{hall}/plate", Need::HallEdit, edit::save_only::<super::hall::kinds::Plate>)
        .get("/halls/{hall}/order/{kind}", Need::HallEdit, order::show)
        .post("/halls/{hall}/order/{kind}", Need::HallEdit, order::save)
        .get("/halls/{hall}/transfer", Need::Hall, transfer::show)
        .get("/halls/{hall}/take-over", Need::HallEdit, lead::ask_take_over)
        .post("/halls/{hall}/take-over", Need::HallEdit, lead::take_over)
        .get("/halls/{hall}/give-back", Need::HallEdit, lead::ask_give_back)
        .post("/halls/{hall}/give-back", Need::HallEdit, lead::give_back)
        .get("/halls/{hall}/give-back/board.toml", Need::HallEdit, lead::board_file)
        .merge(kinds())
        .merge(people())
        .merge(uploads())
        .merge(promises())
}

macro_rules! kind {
    ($value:ty, $path:literal) => {
        Routes::new()
            .get(concat!("/halls/{hall}/new/", $path), Need::HallEdit, edit::blank::<$value>)
            .post(concat!("/halls/{hall}/new/", $path), Need::HallEdit, edit::create::<$value>)
            .get(concat!("/halls/{hall}/", $path, "/{key}"), Need::Hall, edit::show::<$value>)
            .post(concat!("/halls/{hall}/", $path, "/{key}"), Need::HallEdit, edit::save::<$value>)
            .get(concat!("/halls/{hall}/", $path, "/{key}/retire"), Need::HallEdit, edit::ask_retire::<$value>)
            .post(concat!("/halls/{hall}/", $path, "/{key}/retire"), Need::HallEdit, edit::retire::<$value>)
            .post(concat!("/halls/{hall}/", $path, "/{key}/restore"), Need::HallEdit, edit::restore::<$value>)
    };
}

fn kinds() -> Routes {
    kind!(ServiceWindow, "windows")
        .merge(kind!(StaffCard, "staff"))
        .merge(kind!(ServiceItem, "items"))
        .merge(kind!(ReasonTag, "reasons"))
        .merge(kind!(Notice, "notices"))
        .merge(kind!(Playlist, "playlists"))
        .merge(kind!(Grant, "honours"))
}

fn people() -> Routes {
    Routes::new()
        .get("/halls/{hall}/staff/{key}/pin", Need::HallEdit, person::ask_pin)
        .post("/halls/{hall}/staff/{key}/pin", Need::HallEdit, person::make_pin)
        .get("/halls/{hall}/staff/{key}/portrait.png", Need::Hall, portrait::picture)
        .get("/halls/{hall}/staff/{key}/portrait/remove", Need::HallEdit, person::ask_removal)
        .post("/halls/{hall}/staff/{key}/portrait/remove", Need::HallEdit, person::remove)
}

/// Forms with files, each under its own bound.
fn uploads() -> Routes {
    let portraits = Routes::new()
        .get("/halls/{hall}/staff/{key}/portrait", Need::HallEdit, portrait::form)
        .post("/halls/{hall}/staff/{key}/portrait", Need::HallEdit, portrait::upload)
        .taking(portrait::MAX_BODY_BYTES);
    let tables = Routes::new()
        .get("/halls/{hall}/export/{file}", Need::Hall, transfer::file)
        .post("/halls/{hall}/import", Need::HallEdit, transfer::check)
        .post("/halls/{hall}/import/apply", Need::HallEdit, transfer::apply)
        .taking(transfer::MAX_BODY_BYTES);
    portraits.merge(tables)
}

fn promises() -> Routes {
    Routes::new()
        .get("/halls/{hall}/pledges", Need::Hall, pledges::list)
        .get("/halls/{hall}/new/pledges", Need::HallEdit, pledges::blank)
        .post("/halls/{hall}/new/pledges", Need::HallEdit, pledges::create)
        .get("/halls/{hall}/pledges/{key}", Need::Hall, pledges::show)
        .post("/halls/{hall}/pledges/{key}", Need::HallEdit, pledges::save)
        .post("/halls/{hall}/pledges/{key}/propose", Need::HallEdit, pledges::propose)
        .post("/halls/{hall}/pledges/{key}/withdraw", Need::HallEdit, pledges::withdraw)
        .post("/halls/{hall}/pledges/{key}/approve", Need::Approve, pledges::approve)
        .post("/halls/{hall}/pledges/{key}/decline", Need::Approve, pledges::decline)
        .post("/halls/{hall}/pledges/{key}/retire", Need::HallEdit, pledges::retire)
        .post("/halls/{hall}/pledges/{key}/restore", Need::HallEdit, pledges::restore)
}

/// The answer that was made, or the page of what went wrong.
fn answer(site: &Site, viewer: &Viewer, made: Result<Response, ApiFault>) -> Response {
    made.unwrap_or_else(|fault| viewer.refuse(site, &fault))
}

/// Whoever changes something, as the store notes it and the audit log says it.
fn author(who: &Arc<Who>) -> Arc<Who> {
    Arc::clone(who)
}

/// Why the store said no, for people.
fn refusal(w: Editor, refused: &Refused) -> String {
    match refused {
        Refused::NotFound(..) => w.refused_not_found(),
        Refused::FileLed => w.refused_file_led(),
        Refused::StoreLed => w.refused_store_led(),
        Refused::NoFile(cause) => w.refused_no_file(cause),
        Refused::FileDiffers(kinds) => {
            let names: Vec<_> = kinds.iter().map(|kind| kind_name(w, *kind)).collect();
            w.refused_file_differs(&names.join(&w.comma()))
        }
        Refused::PledgeVersion { id, next } => w.refused_pledge_version(id, *next),
        Refused::Stale { .. } => w.refused_stale(),
        Refused::Exists { .. } => w.exists(),
        Refused::Retired { .. } => w.refused_retired(),
        Refused::Faulty(faults) => return form::spoken(w, faults),
        Refused::PastDay(day) => w.refused_past(&day.to_string()),
        Refused::OwnProposal => w.refused_own(),
        Refused::WrongState { .. } => w.refused_state(),
        Refused::OtherOwner => w.refused_owner(),
        Refused::Note(_) => w.refused_note(),
        Refused::Order(_) => w.refused_order(),
        Refused::HallChanged | Refused::OrderChanged(_) => w.refused_stale(),
        Refused::FaultySheet(faults) => {
            let told = faults.iter().take(10).map(|f| f.wrong.sentence(w.0));
            return told.collect::<Vec<_>>().join("; ");
        }
        Refused::Store(_) => w.refused_store(),
    }
    .into_owned()
}

fn status_of(refused: &Refused) -> StatusCode {
    match refused {
        Refused::NotFound(..) => StatusCode::NOT_FOUND,
        Refused::OwnProposal => StatusCode::FORBIDDEN,
        Refused::Stale { .. } | Refused::Exists { .. } | Refused::FileLed | Refused::StoreLed => StatusCode::CONFLICT,
        Refused::WrongState { .. } | Refused::Retired { .. } => StatusCode::CONFLICT,
        Refused::HallChanged | Refused::OrderChanged(_) => StatusCode::CONFLICT,
        Refused::NoFile(_) | Refused::FileDiffers(_) | Refused::PledgeVersion { .. } => StatusCode::CONFLICT,
        Refused::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn kind_name(w: Editor, kind: Kind) -> std::borrow::Cow<'static, str> {
    match kind {
        Kind::Plate => w.plate(),
        Kind::ServiceWindow => w.windows(),
        Kind::Staff => w.people(),
        Kind::Pledge => w.pledges(),
        Kind::Item => w.items(),
        Kind::Tag => w.tags(),
        Kind::Notice => w.notices(),
        Kind::Playlist => w.playlists(),
        Kind::Honour => w.honours(),
    }
}

/// Where a card's portrait is; none for a silhouette. The name in the address lets a browser keep it.
fn photo_address(opened: &Opened, card: &StaffCard) -> Option<String> {
    let name = card.photo.as_deref()?;
    Some(opened.path(&format!("staff/{}/portrait.png?v={}", card.staff_no, lists::encoded(name))))
}

/// Where one object's page is.
pub fn address_of<T: Form>(opened: &Opened, value: &T) -> String {
    opened.path(&format!("{}/{}", T::PATH, value.key()))
}
