//! A form page in the making: what was typed, what is wrong with it, the picture beside it, what a colleague did meanwhile.

use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::differences;
use super::edit::home_of;
use super::form::{Form, Sheet, place_faults};
use super::opened::Opened;
use super::panel::{self, Setup, Shown};
use super::refusal;
use super::typed::{Reading, Typed};
use crate::centre::access::Viewer;
use crate::centre::dashboard::assets::script;
use crate::centre::dashboard::components::{Button, Faults, Notice, State as Mark, Title, Tone, buttons};
use crate::centre::hall::acts::Refused;
use crate::centre::hall::store;
use crate::centre::hall::whole::Kept;
use crate::centre::site::Site;
use crate::words::reviews::Reviews;

/// A form page in the making.
pub struct Page<'a, T: Form> {
    site: &'a Site,
    opened: &'a Opened,
    pub typed: Typed,
    kept: Option<&'a Kept<T>>,
    faults: Faults,
    /// What is wrong beside the inputs.
    told: Vec<String>,
    /// Somebody else has changed it: what they made of it.
    stale: bool,
    shown: Option<Shown>,
    status: StatusCode,
}

impl<'a, T: Form> Page<'a, T> {
    pub fn new(site: &'a Site, opened: &'a Opened, typed: Typed, kept: Option<&'a Kept<T>>) -> Self {
        let (faults, told) = (Faults::default(), Vec::new());
        Self { site, opened, typed, kept, faults, told, stale: false, shown: None, status: StatusCode::OK }
    }

    /// The typed value, if neither its inputs nor the rules of boards object to it.
    pub fn read(&mut self, key: Option<&str>) -> Option<T> {
        let language = self.opened.language;
        let (value, faults) = {
            let mut reading = Reading::new(&self.typed, language);
            let value = T::read(&mut reading, key, self.opened);
            (value, reading.faults)
        };
        self.faults = faults;
        if let Some(value) = value.as_ref().filter(|_| self.faults.is_empty()) {
            let before = self.opened.hall.faults(self.opened.today);
            let after = self.opened.hall.with(value.clone()).faults(self.opened.today);
            let new: Vec<_> = after.into_iter().filter(|fault| !before.contains(fault)).collect();
            self.told = place_faults::<T>(&new, value.key(), self.opened, &mut self.faults);
        }
        if self.faults.is_empty() && self.told.is_empty() && value.is_some() {
            return value;
        }
        self.status = StatusCode::UNPROCESSABLE_ENTITY;
        None
    }

    /// Paints the hall with the value in it.
    pub async fn draw(&mut self, value: &T) {
        let hall = self.opened.hall.with(value.clone());
        let board = hall.board(self.opened.today);
        self.shown = Some(match value.scene(&board, self.opened.today) {
            None => Shown::Nothing,
            Some(look) => {
                let board = if look.day == self.opened.today { board } else { hall.board(look.day) };
                match panel::paint(self.site, board, &look, Setup::of(&self.typed)).await {
                    Ok(picture) => Shown::Draft(picture),
                    Err(fault) => Shown::Fault(fault),
                }
            }
        });
    }

    /// What the store said no to.
    pub fn refused(&mut self, refused: Refused) {
        self.status = StatusCode::UNPROCESSABLE_ENTITY;
        match &refused {
            Refused::Stale { .. } => {
                self.status = StatusCode::CONFLICT;
                self.stale = true;
            }
            Refused::Exists { .. } => {
                let field = T::FIELDS.first().copied().unwrap_or("id");
                self.faults.add(field, self.opened.words().exists());
            }
            Refused::Faulty(found) => {
                let key =
                    self.kept.map_or_else(|| self.typed.text(T::FIELDS[0]).to_owned(), |k| k.value.key().to_owned());
                self.told = place_faults::<T>(found, &key, self.opened, &mut self.faults);
            }
            _ => self.told.push(refusal(self.opened.words(), &refused)),
        }
    }

    /// The picture alone, for the script; what is wrong as a text.
    pub fn bare(self, headers: &HeaderMap) -> Response {
        match self.shown {
            Some(Shown::Draft(picture)) => panel::as_response(&picture, headers),
            _ => (StatusCode::UNPROCESSABLE_ENTITY, self.opened.words().preview_waits().into_owned()).into_response(),
        }
    }

    pub async fn answer(mut self, viewer: &Viewer) -> Response {
        if self.stale {
            self.reload().await;
        }
        let w = self.opened.words();
        let heading = match self.kept {
            Some(kept) => kept.value.name(self.opened),
            None => w.new_of(&T::kind(self.opened.language).to_lowercase()).into_owned(),
        };
        let history = self.history().await;
        let content = self.content(viewer, &heading, &history);
        let mut response = viewer.page(self.site, &heading, content);
        if self.status != StatusCode::OK {
            *response.status_mut() = self.status;
        }
        response
    }

    /// What a colleague made of it stands beside what was typed; saving again then is knowingly.
    async fn reload(&mut self) {
        let (hall, key) =
            (self.opened.hall.id.clone(), self.kept.map(|k| k.value.key().to_owned()).unwrap_or_default());
        let read = self.site.readers.read(move |conn| store::history::<T>(conn, &hall, &key)).await;
        let newest = read.ok().and_then(Result::ok).and_then(|all| all.into_iter().next());
        if let Some(newest) = newest {
            self.told.push(self.opened.words().changed_meanwhile(&newest.changed_by).into_owned());
        }
    }

    async fn history(&self) -> Vec<Kept<T>> {
        let Some(kept) = self.kept else { return Vec::new() };
        let (hall, key) = (self.opened.hall.id.clone(), kept.value.key().to_owned());
        let read = self.site.readers.read(move |conn| store::history::<T>(conn, &hall, &key)).await;
        read.ok().and_then(Result::ok).unwrap_or_default()
    }

    fn content(&self, viewer: &Viewer, heading: &str, history: &[Kept<T>]) -> Markup {
        let (w, opened) = (self.opened.words(), self.opened);
        let is_retired = self.kept.is_some_and(|k| k.retired_on.is_some());
        let is_open = opened.may_edit() && !is_retired;
        html! {
            (self.title(heading))
            (opened.standing())
            @if let Some(kept) = self.kept.filter(|_| is_retired) { (retired_notice(opened, viewer, kept)) }
            (self.faults.summary(opened.language))
            @for sentence in &self.told { (Notice::bad(sentence.as_str()).advice(w.typed_is_kept())) }
            @if self.stale { (self.stale_table(history)) }
            form.editing method="post" action=(self.action()) data-preview[is_open] {
                (viewer.csrf())
                input type="hidden" name="revision" value=(self.revision(history));
                div.inputs {
                    fieldset.plain disabled[!is_open] {
                        legend.unseen { (heading) }
                        (T::inputs(&Sheet { opened, typed: &self.typed, faults: &self.faults, is_new: self.kept.is_none() }))
                    }
                    @if is_open {
                        (buttons(&[
                            Button::submit(w.save()).primary().sends("act", "save"),
                            Button::submit(w.see_draft()).sends("act", "preview"),
                            Button::link(opened.path(if T::PATH == "plate" { "" } else { T::PATH }), w.cancel()),
                        ]))
                    }
                }
                (panel::panel(self.site, opened, &self.shown(), Setup::of(&self.typed), heading, is_open))
            }
            @if let Some(kept) = self.kept {
                div.beside { (kept.value.beside(opened)) }
                (differences::history(opened, history))
            }
            @if is_open { (script("preview.js")) }
        }
    }

    fn title(&self, heading: &str) -> Title<'_> {
        let (w, opened) = (self.opened.words(), self.opened);
        let mut title = Title::new(opened.language, heading.to_owned())
            .crumb("/halls", w.halls())
            .crumb(opened.path(""), opened.name());
        if T::PATH != "plate" {
            title = title.crumb(opened.path(T::PATH), T::kinds(opened.language));
        }
        let Some(kept) = self.kept else { return title };
        if let Some(kind) = reviewed::<T>() {
            let about = format!("/reviews?about={kind}:{}:{}", opened.hall.id, kept.value.key());
            title = title.action(Button::link(about, Reviews(opened.language).title()));
        }
        let is_open = opened.may_edit() && kept.retired_on.is_none() && T::PATH != "plate";
        if is_open {
            let address = opened.path(&format!("{}/{}/retire", T::PATH, kept.value.key()));
            title = title.action(Button::link(address, w.retire()).danger());
        }
        title
    }

    fn action(&self) -> String {
        match self.kept {
            Some(kept) => self.opened.path(&home_of::<T>(kept.value.key())),
            None => self.opened.path(&format!("new/{}", T::PATH)),
        }
    }

    /// The revision that a save names: after a stale one, the colleague's, since it has been seen now.
    fn revision(&self, history: &[Kept<T>]) -> u32 {
        match (self.stale, history.first(), self.kept) {
            (true, Some(newest), _) => newest.revision,
            (_, _, Some(_)) if self.typed.has("revision") => self.typed.text("revision").parse().unwrap_or(0),
            (_, _, Some(kept)) => kept.revision,
            _ => 0,
        }
    }

    fn shown(&self) -> Shown {
        match &self.shown {
            Some(Shown::Draft(picture)) => Shown::Draft(Arc::clone(picture)),
            Some(Shown::Fault(fault)) => Shown::Fault(fault.clone()),
            Some(_) => Shown::Nothing,
            None => {
                let stands = self.kept.filter(|kept| kept.stands(self.opened.today));
                let look = stands.and_then(|kept| kept.value.scene(self.opened.board(), self.opened.today));
                look.map_or(Shown::Nothing, Shown::Live)
            }
        }
    }

    fn stale_table(&self, history: &[Kept<T>]) -> Markup {
        let Some(newest) = history.first() else { return html! {} };
        differences::between::<T>(self.opened, &newest.value.typed(), &self.typed)
    }
}

/// What leaders review has its reviews one step away.
fn reviewed<T: Form>() -> Option<&'static str> {
    match T::PATH {
        "windows" => Some("window"),
        "staff" => Some("staff"),
        _ => None,
    }
}

fn retired_notice<T: Form>(opened: &Opened, viewer: &Viewer, kept: &Kept<T>) -> Markup {
    let w = opened.words();
    let on = kept.retired_on.map(|d| d.to_string()).unwrap_or_default();
    html! {
        p { (Mark::new(Tone::Off, w.retired_since(&on))) }
        @if opened.may_edit() {
            form method="post" action=(opened.path(&format!("{}/{}/restore", T::PATH, kept.value.key()))) {
                (viewer.csrf())
                input type="hidden" name="revision" value=(kept.revision);
                (buttons(&[Button::submit(w.restore())]))
            }
        }
    }
}
