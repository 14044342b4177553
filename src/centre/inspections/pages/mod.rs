//! The pages of inspections: what there is, plans, the sheet that is filled in at a window, results, orders, lists.

mod checklist_form;
mod checklists;
mod list;
mod one;
mod order;
mod plan;
mod sheet;
mod steps;
mod typed;
mod visit;
mod visited;

use std::borrow::Cow;
use std::sync::Arc;

pub(super) use typed::submission_id;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::acts::{Acting, Surroundings};
use super::refused::Refused;
use super::sight::Sight;
use super::store::Record;
use crate::centre::access::{HallReader, Inspector, Routes, Viewer, Who};
use crate::centre::dashboard::components::{State as Badge, Tabs, Tone, moment};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::centre::statistics::labels::Labels;
use crate::domain::id::{HallId, WindowId};
use crate::domain::inspection::{InspectionKind, InspectionStage, StepRefused};
use crate::domain::query::Dimension;
use crate::domain::role::Need;
use crate::domain::time::WallMs;
use crate::words::Language;
use crate::words::inspections::{self as words, InspectionPlanning, Inspections};

/// Bytes of a visit with its pictures as they come from a phone's camera.
const MAX_VISIT_BYTES: usize = 40 * 1024 * 1024;

pub fn routes() -> Routes {
    let sheets = Routes::new()
        .get("/inspections/{id}/visit", Need::Inspect, visit::sheet)
        .post("/inspections/{id}/visit", Need::Inspect, visit::take)
        .taking(MAX_VISIT_BYTES);
    sheets.merge(
        Routes::new()
            .get("/inspections", Need::Hall, list::list)
            .get("/inspections/export", Need::Hall, list::export)
            .get("/inspections/new", Need::Inspect, plan::new)
            .post("/inspections/new", Need::Inspect, plan::add)
            .get("/inspections/checklists", Need::Hall, checklists::list)
            .get("/inspections/checklists/new", Need::RulesKeep, checklist_form::new)
            .post("/inspections/checklists/new", Need::RulesKeep, checklist_form::add)
            .get("/inspections/checklists/{checklist}", Need::Hall, checklists::one)
            .get("/inspections/checklists/{checklist}/edit", Need::RulesKeep, checklist_form::edit)
            .post("/inspections/checklists/{checklist}/edit", Need::RulesKeep, checklist_form::change)
            .get("/inspections/{id}", Need::Hall, one::one)
            .get("/inspections/{id}/pictures/{name}", Need::Hall, one::picture)
            .post("/inspections/{id}/remarks", Need::Inspect, steps::remark)
            .post("/inspections/{id}/answer", Need::CasesWork, steps::answer)
            .get("/inspections/{id}/steps/{step}", Need::Inspect, steps::ask)
            .post("/inspections/{id}/steps/{step}", Need::Inspect, steps::take)
            .get("/inspections/{id}/findings/{finding}/order", Need::Inspect, order::form)
            .post("/inspections/{id}/findings/{finding}/order", Need::Inspect, order::give)
            .merge(super::api::routes()),
    )
}

/// What every page here is drawn from.
struct Desk<'a> {
    site: &'a Arc<Site>,
    viewer: &'a Viewer,
    who: &'a Arc<Who>,
    sight: Sight,
    labels: Labels,
}

impl<'a> Desk<'a> {
    fn new(site: &'a Arc<Site>, viewer: &'a Viewer, who: &'a Arc<Who>) -> Self {
        let boards = site.boards.get();
        let labels = Labels::new(boards.all_known().filter(|b| who.reach.covers(&b.hall.id)), viewer.language);
        Self { site, viewer, who, sight: Sight::of(who), labels }
    }

    fn language(&self) -> Language {
        self.viewer.language
    }

    fn words(&self) -> Inspections {
        Inspections(self.language())
    }

    fn planning(&self) -> InspectionPlanning {
        InspectionPlanning(self.language())
    }

    fn tabs(&self, here: &str, open: u64, all: u64) -> Tabs<'static> {
        let w = self.words();
        Tabs::new(w.title())
            .counted("/inspections", w.tab_open(), open, here == "open")
            .counted("/inspections?show=all", w.tab_all(), all, here == "all")
            .tab("/inspections/checklists", w.tab_lists(), here == "lists")
    }

    /// A page, or the page of what went wrong.
    fn page(&self, title: &str, content: Result<Option<Markup>, ApiFault>) -> Response {
        match content {
            Ok(Some(content)) => self.viewer.page(self.site, title, content),
            Ok(None) => self.viewer.not_found(self.site),
            Err(fault) => self.viewer.refuse(self.site, &fault),
        }
    }

    /// A form that comes back with what is wrong in it.
    fn again(&self, title: &str, content: Result<Option<Markup>, ApiFault>) -> Response {
        let mut response = self.page(title, content);
        if response.status() == StatusCode::OK {
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        }
        response
    }

    /// Does an act in one transaction.
    async fn act<T: Send + 'static, E: Send + 'static>(
        &self,
        act: impl FnOnce(&Acting<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<Result<T, E>, ApiFault> {
        let (who, around) = (Arc::clone(self.who), Surroundings::of(self.site));
        let done = self
            .site
            .writer
            .attempt(move |desk| act(&Acting { tx: desk.tx, now: desk.now, who: &who, around: &around }));
        Ok(done.await?)
    }

    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, ApiFault> {
        let read = self.site.readers.read(read).await?;
        read.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))
    }

    /// The inspection of an address, if it exists for the viewer.
    async fn record(&self, id: &str) -> Result<Option<Record>, ApiFault> {
        let Some(id) = number(id) else { return Ok(None) };
        let sight = self.sight.clone();
        self.read(move |conn| sight.one(conn, id)).await
    }

    /// The page of a refusal that no form can mend.
    fn refuse(&self, refused: &Refused) -> Response {
        self.viewer.refuse(self.site, &fault_of(refused, self.language()))
    }

    fn hall(&self, hall: &HallId) -> String {
        self.labels.name(Dimension::Hall, hall.as_str())
    }

    fn window(&self, hall: &HallId, window: &WindowId) -> String {
        self.labels.name(Dimension::ServiceWindow, &format!("{hall}/{window}"))
    }

    /// Windows of a plan in words.
    fn places(&self, record: &Record) -> Cow<'static, str> {
        if record.inspection.windows.is_empty() {
            return self.words().whole_hall();
        }
        let names: Vec<String> = record.inspection.windows.iter().map(|w| self.window(&record.hall, w)).collect();
        names.join(if self.language().is_english() { ", " } else { "、" }).into()
    }

    fn stage(&self, stage: InspectionStage) -> Markup {
        let tone = match stage {
            InspectionStage::Planned => Tone::Note,
            InspectionStage::UnderWay | InspectionStage::Submitted | InspectionStage::Released => Tone::Busy,
            InspectionStage::Answered | InspectionStage::Closed => Tone::Good,
            InspectionStage::Cancelled => Tone::Off,
        };
        html! { (Badge::new(tone, words::stage(self.language(), stage))) }
    }

    fn kind(&self, kind: InspectionKind) -> Markup {
        html! { span.tag { (words::kind(self.language(), kind)) } }
    }

    fn score(&self, score: Option<f64>) -> Cow<'static, str> {
        match score {
            Some(score) => self.words().points(&format!("{score:.1}")),
            None => self.words().no_score(),
        }
    }

    fn moment(&self, at: WallMs) -> Markup {
        moment(&self.site.settings.time_zone, at)
    }
}

/// What a program or a page without a form is told of a refusal.
pub(super) fn fault_of(refused: &Refused, language: Language) -> ApiFault {
    match refused {
        Refused::NotFound => ApiFault::new(ErrorCode::NotFound),
        Refused::Step(
            StepRefused::Role | StepRefused::NotInspector | StepRefused::NotOfIt | StepRefused::NotPlanner,
        ) => ApiFault::telling(ErrorCode::Forbidden, &sentence(refused, language)),
        Refused::Conflict | Refused::AlreadyOrdered | Refused::Step(_) => {
            ApiFault::telling(ErrorCode::Conflict, &sentence(refused, language))
        }
        Refused::Store(cause) => ApiFault::because(ErrorCode::Unavailable, cause),
        Refused::Random(cause) => ApiFault::because(ErrorCode::Unavailable, cause),
        _ => ApiFault::telling(ErrorCode::BadQuery, &sentence(refused, language)),
    }
}

/// A refusal for people; the program's own words where a form says it better.
fn sentence(refused: &Refused, language: Language) -> String {
    let w = InspectionPlanning(language);
    match refused {
        Refused::Step(why) => words::refused(language, *why).into_owned(),
        Refused::AlreadyOrdered => w.already_ordered().into_owned(),
        Refused::Full => w.full().into_owned(),
        Refused::Days => w.days_wrong(super::acts::MAX_ORDER_DAYS).into_owned(),
        other => other.to_string(),
    }
}

/// The number in an address; another text leads nowhere.
pub(super) fn number(text: &str) -> Option<i64> {
    text.parse().ok().filter(|n| (1..=i64::MAX).contains(n))
}
