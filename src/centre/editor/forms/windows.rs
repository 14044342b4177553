//! 窗口: its number and name, and what is done there.

use std::borrow::Cow;

use jiff::civil::Date;
use maud::{Markup, html};

use super::scene_at;
use crate::centre::editor::form::{Form, Look, Sheet, half};
use crate::centre::editor::honoured;
use crate::centre::editor::opened::Opened;
use crate::centre::editor::typed::{Reading, Typed};
use crate::centre::hall::kinds::Owner;
use crate::domain::board::{Board, ServiceWindow, limits};
use crate::domain::id::{ItemCode, WindowId};
use crate::words::Language;
use crate::words::editor::Editor;

/// Characters of the number over a counter, as the rules have it.
const NUMBER_CHARS: usize = 8;

impl Form for ServiceWindow {
    const PATH: &'static str = "windows";
    const FIELDS: &'static [&'static str] = &["id", "number", "name.zh", "name.en", "items"];

    fn blank(_: &Opened, _: &Typed) -> Typed {
        Typed::default()
    }

    fn typed(&self) -> Typed {
        let typed = Typed::default().with("id", self.id.as_str()).with("number", self.number.as_str());
        let items = self.items.iter().map(ItemCode::as_str);
        items.fold(typed.with_both("name", &self.name), |typed, code| typed.with("items", code))
    }

    fn read(reading: &mut Reading<'_>, key: Option<&str>, _: &Opened) -> Option<Self> {
        let id: Option<WindowId> = match key {
            Some(key) => key.parse().ok(),
            None => reading.id("id"),
        };
        let items = reading.ids("items");
        let (number, name) = (reading.text("number"), reading.both("name"));
        Some(Self { id: id?, number, name, items, honours: Vec::new() })
    }

    fn inputs(sheet: &Sheet<'_>) -> Markup {
        let w = sheet.words();
        let english = sheet.opened.language.is_english();
        let board = sheet.opened.board();
        let items: Vec<_> = board.items.iter().map(|i| (i.code.to_string(), i.name.get(english).to_owned())).collect();
        html! {
            (sheet.code("id", w.window_id()))
            (sheet.line("number", w.window_number(), NUMBER_CHARS).hint(w.window_number_hint()))
            (sheet.both("name.zh", "name.en", &w.window_name(), limits::TITLE_CHARS, 1))
            (sheet.several("items", &w.items_here(), &w.items_here_hint(), &items))
        }
    }

    fn label(field: &str, opened: &Opened) -> String {
        let w = opened.words();
        let base = match field.split('.').next().unwrap_or_default() {
            "id" => w.window_id(),
            "number" => w.window_number(),
            "items" => w.items_here(),
            _ => w.window_name(),
        };
        half(w, field, &base)
    }

    fn name(&self, opened: &Opened) -> String {
        let w = Editor(opened.language);
        w.window_called(&self.number, self.name.get(opened.language.is_english())).into_owned()
    }

    fn kind(language: Language) -> Cow<'static, str> {
        Editor(language).window()
    }

    fn kinds(language: Language) -> Cow<'static, str> {
        Editor(language).windows()
    }

    fn scene(&self, board: &Board, today: Date) -> Option<Look> {
        let window = board.window(&self.id)?;
        Some(Look { window: window.id.clone(), scene: scene_at(board, window), day: today })
    }

    fn beside(&self, opened: &Opened) -> Markup {
        let w = Editor(opened.language);
        let board = opened.board();
        let here: Vec<_> =
            board.staff.iter().filter(|s| s.windows.is_empty() || s.windows.contains(&self.id)).collect();
        html! {
            section.card {
                h2 { (w.who_sits_here()) }
                @if here.is_empty() { p.hint { (w.nobody_sits_here()) } }
                ul.plain {
                    @for card in here {
                        li {
                            a href=(opened.path(&format!("staff/{}", card.staff_no))) { (card.name) }
                            " " span.code { (card.staff_no) }
                            @if card.windows.is_empty() { " " span.hint { (w.at_all_windows()) } }
                        }
                    }
                }
            }
            (honoured::card(opened, &Owner::ServiceWindow(self.id.clone())))
        }
    }
}
