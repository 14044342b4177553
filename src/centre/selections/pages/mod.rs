//! The pages of selections: the list, the call, one selection with all its steps, why a score is what it is, the report.

mod call;
mod candidate;
mod deciding;
mod list;
mod nominate;
mod one;
mod ranking;
mod report;
mod revoke;
mod steps;

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use maud::Markup;

use super::acts::{Acting, Refused, fault_of, perform};
use super::rules::SelectionsRules;
use super::store::{self, Kept};
use crate::centre::access::{Routes, Viewer, Who};
use crate::centre::clock;
use crate::centre::dashboard::components::{State as Badge, Tone, moment};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall;
use crate::centre::rules;
use crate::centre::site::Site;
use crate::domain::id::HallId;
use crate::domain::role::Need;
use crate::domain::selection::{Outcome, Snapshot, State};
use crate::domain::time::WallMs;
use crate::words::Language;
use crate::words::selections::{self as words, Selections};

/// Bytes of a form: a list of a hundred nominees with their reasons.
const MAX_FORM_BYTES: usize = 192 * 1024;

pub fn routes() -> Routes {
    Routes::new()
        .get("/selections", Need::Selections, list::list)
        .get("/selections/new", Need::SelectionsKeep, call::form)
        .post("/selections/new", Need::SelectionsKeep, call::call)
        .get("/selections/{id}", Need::Selections, one::one)
        .get("/selections/{id}/candidates/{key}", Need::Selections, candidate::why)
        .get("/selections/{id}/report", Need::Selections, report::report)
        .get("/selections/{id}/snapshot.json", Need::Selections, report::snapshot)
        .post("/selections/{id}/compute", Need::SelectionsKeep, steps::compute)
        .get("/selections/{id}/nominate", Need::SelectionsKeep, nominate::form)
        .post("/selections/{id}/nominate", Need::SelectionsKeep, nominate::nominate)
        .get("/selections/{id}/notice", Need::SelectionsKeep, steps::ask_put_up)
        .post("/selections/{id}/notice", Need::SelectionsKeep, steps::put_up)
        .post("/selections/{id}/objections", Need::Selections, steps::object)
        .post("/selections/{id}/objections/{number}/answer", Need::SelectionsKeep, steps::answer)
        .post("/selections/{id}/objections/{number}/contact", Need::Unseal, steps::open_contact)
        .post("/selections/{id}/vote", Need::SelectionsDecide, steps::vote)
        .post("/selections/{id}/award", Need::SelectionsDecide, steps::award)
        .get("/selections/{id}/awards/{key}/revoke", Need::SelectionsDecide, revoke::ask_revoke)
        .post("/selections/{id}/awards/{key}/revoke", Need::SelectionsDecide, revoke::revoke)
        .get("/selections/{id}/withdraw", Need::SelectionsKeep, revoke::ask_withdraw)
        .post("/selections/{id}/withdraw", Need::SelectionsKeep, revoke::withdraw)
        .taking(MAX_FORM_BYTES)
}

type Pairs = Vec<(String, String)>;

/// What every page here is drawn from.
struct Desk<'a> {
    site: &'a Arc<Site>,
    viewer: &'a Viewer,
    who: &'a Arc<Who>,
    today: Date,
}

/// One selection as its pages need it.
struct Open {
    kept: Kept,
    result: Option<(Snapshot, Outcome)>,
    events: Vec<store::Event>,
    /// What the house sets now, for what is still to be filled in.
    house: SelectionsRules,
}

impl Open {
    fn name(&self, key: &str) -> String {
        let subject = crate::domain::appraisal::Subject::of_key(key);
        match (subject, &self.result) {
            (Some(subject), Some((snapshot, _))) => snapshot.name(&subject),
            _ => key.to_owned(),
        }
    }
}

impl<'a> Desk<'a> {
    fn new(site: &'a Arc<Site>, viewer: &'a Viewer, who: &'a Arc<Who>) -> Self {
        let today = hall::today(&site.settings.time_zone, clock::now().wall);
        Self { site, viewer, who, today }
    }

    fn language(&self) -> Language {
        self.viewer.language
    }

    fn words(&self) -> Selections {
        Selections(self.language())
    }

    fn moment(&self, at: WallMs) -> Markup {
        moment(&self.site.settings.time_zone, at)
    }

    fn hall_name(&self, hall: &HallId) -> String {
        let boards = self.site.boards.get();
        let found = boards.hall(hall).map(|h| h.board.hall.name.get(self.language().is_english()).to_owned());
        found.unwrap_or_else(|| hall.to_string())
    }

    fn halls(&self, halls: &[HallId]) -> String {
        let names: Vec<_> = halls.iter().map(|h| self.hall_name(h)).collect();
        names.join(if self.language().is_english() { ", " } else { "、" })
    }

    /// Halls that the person answers for, with their names.
    fn own_halls(&self) -> Vec<(String, String)> {
        let boards = self.site.boards.get();
        let mut own: Vec<_> = boards
            .halls()
            .filter(|(id, _)| self.who.reach.covers(id))
            .map(|(id, _)| (id.to_string(), self.hall_name(id)))
            .collect();
        own.sort();
        own
    }

    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, ApiFault> {
        self.site.readers.read(read).await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))
    }

    /// A selection that the viewer may see, or [`ErrorCode::NotFound`].
    async fn open(&self, id: &str) -> Result<Open, ApiFault> {
        let reach = self.who.reach.clone();
        let Some(id) = number(id) else { return Err(ApiFault::new(ErrorCode::NotFound)) };
        let found = self.read(move |conn| {
            let Some(kept) = store::one(conn, id)?.filter(|k| k.is_within(&reach)) else { return Ok(None) };
            let (result, events) = (store::result(conn, id)?, store::events(conn, id)?);
            Ok(Some(Open { kept, result, events, house: rules::current(conn)? }))
        });
        found.await?.ok_or_else(|| ApiFault::new(ErrorCode::NotFound))
    }

    async fn act<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Acting<'_>) -> Result<T, Refused> + Send + 'static,
    ) -> Result<Result<T, Refused>, ApiFault> {
        perform(self.site, Arc::clone(self.who), act).await
    }

    fn page(&self, title: &str, content: Result<Markup, ApiFault>) -> Response {
        match content {
            Ok(content) => self.viewer.page(self.site, title, content),
            Err(fault) => self.viewer.refuse(self.site, &fault),
        }
    }

    /// A page that comes back with what is wrong.
    fn again(&self, title: &str, content: Markup) -> Response {
        let mut response = self.viewer.page(self.site, title, content);
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        response
    }

    /// What a form can tell of a refusal; none: a page of its own says it.
    fn sentence(&self, refused: &Refused, open: Option<&Open>) -> Option<String> {
        let w = self.words();
        Some(match refused {
            Refused::Step(step) => {
                let name = |key: &str| open.map_or_else(|| key.to_owned(), |o| o.name(key));
                words::refused(self.language(), step, name).into_owned()
            }
            Refused::FileLed(hall) => w.take_over_first(&self.hall_name(hall)).into_owned(),
            Refused::Hall(hall::acts::Refused::Faulty(faults)) => {
                let sentences: Vec<_> = faults.iter().take(5).map(|f| format!("{} {}", f.id, f.field)).collect();
                format!("{} {}", w.board_refuses(), sentences.join("; "))
            }
            Refused::Foreign => w.foreign().into_owned(),
            Refused::Full => w.too_many().into_owned(),
            Refused::Snapshot(_) | Refused::Hall(_) | Refused::NotFound | Refused::Forbidden | Refused::Store(_) => {
                return None;
            }
        })
    }

    fn refuse(&self, refused: &Refused) -> Response {
        self.viewer.refuse(self.site, &fault_of(refused))
    }
}

/// The number in an address; another text leads nowhere.
pub(super) fn number(text: &str) -> Option<i64> {
    text.parse().ok().filter(|n| (1..=i64::MAX).contains(n))
}

/// A state as shape and word.
fn badge(language: Language, state: State) -> Badge<'static> {
    let tone = match state {
        State::Draft | State::Computed | State::Nominated => Tone::Busy,
        State::Noticed | State::Decided => Tone::Note,
        State::Awarded => Tone::Good,
        State::Declined | State::Withdrawn => Tone::Off,
    };
    Badge::new(tone, words::state(language, state))
}

/// Thousandths of a point: `96.80`.
fn points(milli: i64) -> String {
    format!("{:.2}", milli as f64 / 1_000.0)
}

fn field<'p>(pairs: &'p Pairs, name: &str) -> &'p str {
    pairs.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.trim())
}
