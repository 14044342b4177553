//! What stands over the door: unit, hall, the number to call, and the order of the levels.

use std::borrow::Cow;

use jiff::civil::Date;
use maud::{Markup, html};

use super::scene_at;
use crate::centre::dashboard::components::{Tick, fieldset};
use crate::centre::editor::form::{Form, Look, Sheet, half};
use crate::centre::editor::opened::Opened;
use crate::centre::editor::typed::{Reading, Typed};
use crate::centre::hall::kinds::Plate;
use crate::domain::board::{Board, limits};
use crate::words::Language;
use crate::words::editor::Editor;

impl Form for Plate {
    const PATH: &'static str = "plate";
    const FIELDS: &'static [&'static str] = &["unit.zh", "unit.en", "name.zh", "name.en", "hotline", "best_first"];

    fn blank(_: &Opened, _: &Typed) -> Typed {
        Typed::default().with("best_first", "yes")
    }

    fn typed(&self) -> Typed {
        Typed::default()
            .with_both("unit", &self.unit)
            .with_both("name", &self.name)
            .with("hotline", self.hotline.as_str())
            .with("best_first", if self.best_first { "yes" } else { "no" })
    }

    fn read(reading: &mut Reading<'_>, _: Option<&str>, opened: &Opened) -> Option<Self> {
        Some(Self {
            hall: opened.hall.id.clone(),
            unit: reading.both("unit"),
            name: reading.both("name"),
            hotline: reading.text("hotline"),
            best_first: reading.typed().text("best_first") != "no",
        })
    }

    fn inputs(sheet: &Sheet<'_>) -> Markup {
        let w = sheet.words();
        let worst_first = sheet.typed.text("best_first") == "no";
        let order = html! {
            p.hint { (w.order_hint()) }
            (Tick::radio("best_first", "yes", w.best_first(), !worst_first))
            (Tick::radio("best_first", "no", w.worst_first(), worst_first))
        };
        html! {
            (sheet.both("unit.zh", "unit.en", &w.unit_name(), limits::TITLE_CHARS, 1))
            (sheet.both("name.zh", "name.en", &w.hall_name(), limits::TITLE_CHARS, 1))
            (sheet.line("hotline", w.hotline(), 30).hint(w.hotline_hint()))
            (fieldset("best_first", &w.order(), sheet.faults.of("best_first"), &order))
        }
    }

    fn label(field: &str, opened: &Opened) -> String {
        let w = opened.words();
        let base = match field.split('.').next().unwrap_or_default() {
            "unit" => w.unit_name(),
            "name" => w.hall_name(),
            "hotline" => w.hotline(),
            _ => w.order(),
        };
        half(w, field, &base)
    }

    fn spoken(field: &str, value: &str, opened: &Opened) -> String {
        let w = opened.words();
        match (field, value) {
            ("best_first", "no") => w.worst_first().into_owned(),
            ("best_first", _) => w.best_first().into_owned(),
            _ => value.to_owned(),
        }
    }

    fn name(&self, opened: &Opened) -> String {
        self.name.get(opened.language.is_english()).to_owned()
    }

    fn kind(language: Language) -> Cow<'static, str> {
        Editor(language).plate()
    }

    fn kinds(language: Language) -> Cow<'static, str> {
        Editor(language).plate()
    }

    fn scene(&self, board: &Board, today: Date) -> Option<Look> {
        let window = board.windows.first()?;
        Some(Look { window: window.id.clone(), scene: scene_at(board, window), day: today })
    }
}
