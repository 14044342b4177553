//! 承诺: what the unit and its people promise, from draft over a second person's approval to the screen, with every version
//! kept.

mod acts;
mod draft;
mod file;
mod list;

pub use acts::{approve, decline, propose, restore, retire, withdraw};
pub use draft::{blank, create, save};
pub use file::show;
pub use list::list;

use maud::{Markup, html};

use super::opened::Opened;
use crate::centre::dashboard::components::{State, Tone};
use crate::centre::hall::pledges::{PledgeFile, PledgeState, Promise};
use crate::domain::board::Bilingual;

/// Where a pledge stands, as shape and word.
pub fn mark(opened: &Opened, file: &PledgeFile) -> Markup {
    let w = opened.words();
    if file.retired_on.is_some_and(|on| on <= opened.today) {
        return html! { (State::new(Tone::Off, w.out_of_use())) };
    }
    html! {
        @if let Some(version) = file.in_force(opened.today) {
            (State::new(Tone::Good, w.in_force_version(version.version)))
        }
        @for version in file.versions.iter().filter(|v| v.in_force_on.is_some_and(|on| on > opened.today)) {
            " " (State::new(Tone::Busy, w.in_force_from(version.version, &version.in_force_on.map(|d| d.to_string()).unwrap_or_default())))
        }
        @if let Some(version) = file.open() {
            " "
            @if version.state == PledgeState::Proposed { (State::new(Tone::Note, w.waits_version(version.version))) }
            @else { (State::new(Tone::Off, w.draft_version(version.version))) }
        }
        @if file.in_force(opened.today).is_none() && file.open().is_none() && file.versions.last().is_some_and(|v| v.state == PledgeState::Declined) {
            (State::new(Tone::Bad, w.declined()))
        }
    }
}

/// Whose pledge it is.
pub fn owner(opened: &Opened, file: &PledgeFile) -> String {
    match &file.staff_no {
        None => opened.words().unit().into_owned(),
        Some(no) => opened.hall.known().staff(no).map_or_else(|| no.to_string(), |s| format!("{} {no}", s.name)),
    }
}

/// The parts of a promise under their names.
pub fn parts<'a>(opened: &Opened, promise: &'a Promise) -> [(String, &'a Bilingual); 3] {
    let w = opened.words();
    [
        (w.pledge_text().into_owned(), &promise.text),
        (w.standard().into_owned(), &promise.standard),
        (w.time_limit().into_owned(), &promise.time_limit),
    ]
}
