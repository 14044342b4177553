//! 公告: what stands on the screen while nobody serves, from a day up to a day.

use std::borrow::Cow;

use jiff::civil::Date;
use maud::{Markup, html};

use crate::centre::editor::form::{Form, Look, Sheet, half};
use crate::centre::editor::opened::Opened;
use crate::centre::editor::typed::{Reading, Typed};
use crate::centre::preview::Scene;
use crate::domain::board::{Board, Notice, limits};
use crate::domain::id::NoticeId;
use crate::words::Language;
use crate::words::editor::Editor;

impl Form for Notice {
    const PATH: &'static str = "notices";
    const FIELDS: &'static [&'static str] = &["id", "title.zh", "title.en", "text.zh", "text.en", "from", "until"];

    fn blank(opened: &Opened, _: &Typed) -> Typed {
        Typed::default().with("from", opened.today.to_string())
    }

    fn typed(&self) -> Typed {
        Typed::default()
            .with("id", self.id.as_str())
            .with_both("title", &self.title)
            .with_both("text", &self.text)
            .with("from", self.from.to_string())
            .with("until", self.until.to_string())
    }

    fn read(reading: &mut Reading<'_>, key: Option<&str>, _: &Opened) -> Option<Self> {
        let id: Option<NoticeId> = match key {
            Some(key) => key.parse().ok(),
            None => reading.id("id"),
        };
        let (from, until) = (reading.date("from"), reading.date("until"));
        let (title, text) = (reading.both("title"), reading.both("text"));
        Some(Self { id: id?, title, text, from: from?, until: until? })
    }

    fn inputs(sheet: &Sheet<'_>) -> Markup {
        let w = sheet.words();
        html! {
            (sheet.code("id", w.notice_id()))
            (sheet.both("title.zh", "title.en", &w.notice_title(), limits::TITLE_CHARS, 1))
            (sheet.both("text.zh", "text.en", &w.notice_text(), limits::TEXT_CHARS, 4))
            div.fields {
                (sheet.date("from", w.shown_from()))
                (sheet.date("until", w.shown_until()).hint(w.day_included()))
            }
        }
    }

    fn label(field: &str, opened: &Opened) -> String {
        let w = opened.words();
        let base = match field.split('.').next().unwrap_or_default() {
            "id" => w.notice_id(),
            "title" => w.notice_title(),
            "text" => w.notice_text(),
            "from" => w.shown_from(),
            _ => w.shown_until(),
        };
        half(w, field, &base)
    }

    fn name(&self, opened: &Opened) -> String {
        self.title.get(opened.language.is_english()).to_owned()
    }

    fn kind(language: Language) -> Cow<'static, str> {
        Editor(language).notice()
    }

    fn kinds(language: Language) -> Cow<'static, str> {
        Editor(language).notices()
    }

    /// On its first day, if that is to come.
    fn scene(&self, board: &Board, today: Date) -> Option<Look> {
        Some(Look { window: board.windows.first()?.id.clone(), scene: Scene::Standby, day: self.from.max(today) })
    }
}
