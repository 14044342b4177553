//! Notices that are shown together, in an order, for some days.

use std::borrow::Cow;

use jiff::civil::Date;
use maud::{Markup, html};

use crate::centre::dashboard::components::{Field, fieldset};
use crate::centre::editor::form::{Form, Look, Sheet};
use crate::centre::editor::opened::Opened;
use crate::centre::editor::typed::{Reading, Typed};
use crate::centre::hall::kinds::Playlist;
use crate::centre::preview::Scene;
use crate::domain::board::{Board, limits};
use crate::domain::id::{NoticeId, PlaylistId};
use crate::words::Language;
use crate::words::editor::Editor;

/// The input with a notice's place on the list.
fn place_of(id: &str) -> String {
    format!("place.{id}")
}

impl Form for Playlist {
    const PATH: &'static str = "playlists";
    const FIELDS: &'static [&'static str] = &["id", "name", "notices", "from", "until"];

    fn blank(opened: &Opened, _: &Typed) -> Typed {
        Typed::default().with("from", opened.today.to_string())
    }

    fn typed(&self) -> Typed {
        let typed = Typed::default()
            .with("id", self.id.as_str())
            .with("name", self.name.as_str())
            .with("from", self.from.to_string())
            .with("until", self.until.to_string());
        let places = self.notices.iter().zip(1..);
        places.fold(typed, |typed, (id, place): (_, u32)| typed.with(&place_of(id.as_str()), place.to_string()))
    }

    fn read(reading: &mut Reading<'_>, key: Option<&str>, _: &Opened) -> Option<Self> {
        let id: Option<PlaylistId> = match key {
            Some(key) => key.parse().ok(),
            None => reading.id("id"),
        };
        let mut places: Vec<(u32, NoticeId)> = Vec::new();
        for (name, value) in reading.typed().pairs().filter(|(_, value)| !value.trim().is_empty()) {
            let Some(Ok(notice)) = name.strip_prefix("place.").map(NoticeId::new) else { continue };
            match value.trim().parse() {
                Ok(place) => places.push((place, notice)),
                Err(_) => {
                    let sentence = Editor(reading.language).place_is_a_number();
                    reading.faults.add("notices", sentence);
                }
            }
        }
        places.sort_by_key(|(place, _)| *place);
        let (from, until) = (reading.date("from"), reading.date("until"));
        let notices = places.into_iter().map(|(_, notice)| notice).collect();
        Some(Self { id: id?, name: reading.text("name"), notices, from: from?, until: until? })
    }

    fn inputs(sheet: &Sheet<'_>) -> Markup {
        let w = sheet.words();
        let notices: Vec<_> = sheet.hall().notices.iter().filter(|n| n.stands(sheet.opened.today)).collect();
        let places = html! {
            p.hint { (w.places_hint()) }
            @for notice in &notices {
                @let name = place_of(notice.value.id.as_str());
                @let label = notice.value.name(sheet.opened);
                (Field::number(&name, label).value(sheet.typed.text(&name)).within("1", limits::NOTICES.to_string()).optional(sheet.opened.language))
            }
        };
        html! {
            (sheet.code("id", w.playlist_id()))
            (sheet.line("name", w.playlist_name(), limits::TITLE_CHARS).hint(w.playlist_name_hint()))
            div.fields {
                (sheet.date("from", w.shown_from()))
                (sheet.date("until", w.shown_until()).hint(w.day_included()))
            }
            (fieldset("notices", &w.places(), sheet.faults.of("notices"), &places))
        }
    }

    fn label(field: &str, opened: &Opened) -> String {
        let w = opened.words();
        let base = match field.split('.').next().unwrap_or_default() {
            "id" => w.playlist_id(),
            "name" => w.playlist_name(),
            "from" => w.shown_from(),
            "until" => w.shown_until(),
            "place" => return w.place_of(field.trim_start_matches("place.")).into_owned(),
            _ => w.places(),
        };
        base.into_owned()
    }

    fn name(&self, _: &Opened) -> String {
        self.name.clone()
    }

    fn kind(language: Language) -> Cow<'static, str> {
        Editor(language).playlist()
    }

    fn kinds(language: Language) -> Cow<'static, str> {
        Editor(language).playlists()
    }

    fn scene(&self, board: &Board, today: Date) -> Option<Look> {
        Some(Look { window: board.windows.first()?.id.clone(), scene: Scene::Standby, day: self.from.max(today) })
    }
}
