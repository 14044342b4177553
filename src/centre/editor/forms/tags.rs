//! 评价理由: what a citizen may choose after a level. A changed text is a new version.

use std::borrow::Cow;

use jiff::civil::Date;
use maud::{Markup, html};

use crate::centre::dashboard::components::{Tick, fieldset};
use crate::centre::editor::form::{Form, Look, Sheet, half};
use crate::centre::editor::opened::Opened;
use crate::centre::editor::typed::{Reading, Typed};
use crate::centre::preview::Scene;
use crate::domain::board::{Board, ReasonTag, limits};
use crate::domain::id::TagCode;
use crate::domain::rating::Satisfaction;
use crate::words::editor::Editor;
use crate::words::{Language, common};

impl Form for ReasonTag {
    const PATH: &'static str = "reasons";
    const FIELDS: &'static [&'static str] = &["code", "text.zh", "text.en", "levels"];

    fn blank(_: &Opened, asked: &Typed) -> Typed {
        Typed::default().with("levels", asked.text("level"))
    }

    fn typed(&self) -> Typed {
        let typed = Typed::default().with("code", self.code.as_str()).with_both("text", &self.text);
        self.levels.iter().fold(typed, |typed, level| typed.with("levels", level.code()))
    }

    fn read(reading: &mut Reading<'_>, key: Option<&str>, _: &Opened) -> Option<Self> {
        let code: Option<TagCode> = match key {
            Some(key) => key.parse().ok(),
            None => reading.id("code"),
        };
        let chosen = reading.typed().list("levels");
        let levels = Satisfaction::ALL.iter().copied().filter(|level| chosen.contains(&level.code())).collect();
        // The store counts versions.
        Some(Self { code: code?, version: 1, levels, text: reading.both("text") })
    }

    fn inputs(sheet: &Sheet<'_>) -> Markup {
        let w = sheet.words();
        let chosen = sheet.typed.list("levels");
        let ticks = html! {
            p.hint { (w.levels_hint()) }
            @for level in Satisfaction::ALL {
                @let word = common::level(sheet.opened.language, *level);
                (Tick::check("levels", level.code(), word, chosen.contains(&level.code())))
            }
        };
        html! {
            (sheet.code("code", w.tag_code()))
            (sheet.both("text.zh", "text.en", &w.tag_text(), limits::TITLE_CHARS, 1))
            (fieldset("levels", &w.levels(), sheet.faults.of("levels"), &ticks))
            @if !sheet.is_new { p.hint { (w.tag_versions_hint()) } }
        }
    }

    fn label(field: &str, opened: &Opened) -> String {
        let w = opened.words();
        let base = match field.split('.').next().unwrap_or_default() {
            "code" => w.tag_code(),
            "text" => w.tag_text(),
            _ => w.levels(),
        };
        half(w, field, &base)
    }

    fn spoken(field: &str, value: &str, opened: &Opened) -> String {
        let level = Satisfaction::from_code(value).filter(|_| field == "levels");
        level.map_or_else(|| value.to_owned(), |level| common::level(opened.language, level).to_owned())
    }

    fn name(&self, opened: &Opened) -> String {
        self.text.get(opened.language.is_english()).to_owned()
    }

    fn kind(language: Language) -> Cow<'static, str> {
        Editor(language).tag()
    }

    fn kinds(language: Language) -> Cow<'static, str> {
        Editor(language).tags()
    }

    fn scene(&self, board: &Board, today: Date) -> Option<Look> {
        let level = self.levels.last().copied()?;
        Some(Look { window: board.windows.first()?.id.clone(), scene: Scene::Reasons(level), day: today })
    }
}
