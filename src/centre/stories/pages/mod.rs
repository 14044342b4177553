//! The pages of stories: the list, writing, one story with its steps, files for the press.

mod list;
mod one;
mod steps;
mod write;

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use maud::Markup;

use super::acts::{Refused, fault_of};
use super::store::{self, Kept};
use crate::centre::access::{Routes, Viewer, Who};
use crate::centre::clock;
use crate::centre::dashboard::components::{State as Badge, Tone};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall;
use crate::centre::hall::portrait::MAX_UPLOAD_BYTES;
use crate::centre::site::Site;
use crate::domain::appraisal::Subject;
use crate::domain::id::HallId;
use crate::domain::role::Need;
use crate::domain::story::StoryState;
use crate::words::Language;
use crate::words::stories::{self as words, Stories};

/// Bytes of a form: two texts of four thousand characters, percent-encoded.
const MAX_FORM_BYTES: usize = 128 * 1024;

type Pairs = Vec<(String, String)>;

pub fn routes() -> Routes {
    let pictures =
        Routes::new().post("/stories/{id}/picture", Need::Publish, steps::upload).taking(MAX_UPLOAD_BYTES + 64 * 1024);
    Routes::new()
        .get("/stories", Need::Selections, list::list)
        .get("/stories/new", Need::Publish, write::new)
        .post("/stories/new", Need::Publish, write::add)
        .get("/stories/{id}", Need::Selections, one::one)
        .get("/stories/{id}/edit", Need::Publish, write::edit)
        .post("/stories/{id}/edit", Need::Publish, write::save)
        .get("/stories/{id}/picture", Need::Selections, steps::picture)
        .post("/stories/{id}/propose", Need::Publish, steps::propose)
        .post("/stories/{id}/publish", Need::Approve, steps::publish)
        .post("/stories/{id}/decline", Need::Approve, steps::decline)
        .get("/stories/{id}/withdraw", Need::Publish, steps::ask_withdraw)
        .post("/stories/{id}/withdraw", Need::Publish, steps::withdraw)
        .get("/stories/{id}/press.txt", Need::Selections, steps::press_text)
        .get("/stories/{id}/press.html", Need::Selections, steps::press_page)
        .taking(MAX_FORM_BYTES)
        .merge(pictures)
}

/// What every page here is drawn from.
struct Desk<'a> {
    site: &'a Arc<Site>,
    viewer: &'a Viewer,
    who: &'a Arc<Who>,
    today: Date,
}

impl<'a> Desk<'a> {
    fn new(site: &'a Arc<Site>, viewer: &'a Viewer, who: &'a Arc<Who>) -> Self {
        let today = hall::today(&site.settings.time_zone, clock::now().wall);
        Self { site, viewer, who, today }
    }

    fn language(&self) -> Language {
        self.viewer.language
    }

    fn words(&self) -> Stories {
        Stories(self.language())
    }

    fn hall_name(&self, hall: &HallId) -> String {
        let boards = self.site.boards.get();
        let found = boards.hall(hall).map(|h| h.board.hall.name.get(self.language().is_english()).to_owned());
        found.unwrap_or_else(|| hall.to_string())
    }

    /// As the board calls it; the key of what has left the board.
    fn subject_name(&self, subject: &Subject) -> String {
        let boards = self.site.boards.get();
        let board = boards.hall(subject.hall()).map(|h| &h.board);
        let found = board.and_then(|board| match subject {
            Subject::ServiceWindow { service_window, .. } => board
                .window(service_window)
                .map(|w| format!("{} {}", w.number, w.name.get(self.language().is_english()))),
            Subject::Staff { staff_no, .. } => board.staff(staff_no).map(|s| format!("{} {}", s.staff_no, s.name)),
        });
        found.unwrap_or_else(|| subject.key())
    }

    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, ApiFault> {
        self.site.readers.read(read).await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))
    }

    /// A story that the viewer may see.
    async fn open(&self, id: &str) -> Result<Kept, ApiFault> {
        let id: Option<i64> = id.parse().ok();
        let Some(id) = id else { return Err(ApiFault::new(ErrorCode::NotFound)) };
        let kept = self.read(move |conn| store::one(conn, id)).await?;
        kept.filter(|k| k.is_within(&self.who.reach)).ok_or_else(|| ApiFault::new(ErrorCode::NotFound))
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
    fn sentence(&self, refused: &Refused) -> Option<String> {
        let w = self.words();
        match refused {
            Refused::Step(step) => Some(words::refused(self.language(), step).into_owned()),
            Refused::Full => Some(w.too_many().into_owned()),
            Refused::Hall(hall::acts::Refused::Faulty(_)) => Some(w.board_refuses().into_owned()),
            Refused::Hall(_) | Refused::NotFound | Refused::Store(_) => None,
        }
    }

    fn refuse(&self, refused: &Refused) -> Response {
        self.viewer.refuse(self.site, &fault_of(refused))
    }
}

fn badge(language: Language, state: StoryState) -> Badge<'static> {
    let tone = match state {
        StoryState::Draft => Tone::Busy,
        StoryState::Proposed | StoryState::Declined => Tone::Note,
        StoryState::Published => Tone::Good,
        StoryState::Withdrawn => Tone::Off,
    };
    Badge::new(tone, words::state(language, state))
}
