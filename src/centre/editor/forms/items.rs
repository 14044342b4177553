//! 服务事项 with its promised time limit.

use std::borrow::Cow;

use jiff::civil::Date;
use maud::{Markup, html};

use super::scene_at;
use crate::centre::editor::form::{Form, Look, Sheet, half};
use crate::centre::editor::opened::Opened;
use crate::centre::editor::typed::{Reading, Typed};
use crate::centre::preview::Scene;
use crate::config::rules::MAX_LIMIT_DAYS;
use crate::domain::board::{Board, ServiceItem, limits};
use crate::domain::id::ItemCode;
use crate::words::Language;
use crate::words::editor::Editor;

impl Form for ServiceItem {
    const PATH: &'static str = "items";
    const FIELDS: &'static [&'static str] = &["code", "name.zh", "name.en", "limit_days"];

    fn blank(_: &Opened, _: &Typed) -> Typed {
        Typed::default().with("limit_days", "0")
    }

    fn typed(&self) -> Typed {
        let typed = Typed::default().with("code", self.code.as_str()).with_both("name", &self.name);
        typed.with("limit_days", self.limit_days.to_string())
    }

    fn read(reading: &mut Reading<'_>, key: Option<&str>, _: &Opened) -> Option<Self> {
        let code: Option<ItemCode> = match key {
            Some(key) => key.parse().ok(),
            None => reading.id("code"),
        };
        let limit_days = reading.number("limit_days", 0, MAX_LIMIT_DAYS.into());
        let name = reading.both("name");
        Some(Self { code: code?, name, limit_days: u16::try_from(limit_days?).ok()? })
    }

    fn inputs(sheet: &Sheet<'_>) -> Markup {
        let w = sheet.words();
        html! {
            (sheet.code("code", w.item_code()))
            (sheet.both("name.zh", "name.en", &w.item_name(), limits::TITLE_CHARS, 1))
            (sheet.number("limit_days", w.limit_days(), MAX_LIMIT_DAYS.into()).hint(w.limit_days_hint()))
        }
    }

    fn label(field: &str, opened: &Opened) -> String {
        let w = opened.words();
        let base = match field.split('.').next().unwrap_or_default() {
            "code" => w.item_code(),
            "name" => w.item_name(),
            _ => w.limit_days(),
        };
        half(w, field, &base)
    }

    fn name(&self, opened: &Opened) -> String {
        self.name.get(opened.language.is_english()).to_owned()
    }

    fn kind(language: Language) -> Cow<'static, str> {
        Editor(language).item()
    }

    fn kinds(language: Language) -> Cow<'static, str> {
        Editor(language).items()
    }

    /// Shown on the card when a visit for it is rated.
    fn scene(&self, board: &Board, today: Date) -> Option<Look> {
        let here = |w: &&crate::domain::board::ServiceWindow| w.items.is_empty() || w.items.contains(&self.code);
        let mut cards = board.windows.iter().filter(here).filter_map(|w| match scene_at(board, w) {
            Scene::Card { staff_no, .. } => {
                let scene = Scene::Card { staff_no, item: Some(self.code.clone()) };
                Some(Look { window: w.id.clone(), scene, day: today })
            }
            _ => None,
        });
        cards.next()
    }
}
