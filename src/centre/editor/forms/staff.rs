//! 亮身份: the card of one person. Portrait, PIN and honours have acts of their own.

use std::borrow::Cow;

use jiff::civil::Date;
use maud::{Markup, html};

use super::window_of;
use crate::centre::dashboard::components::{Tick, fieldset};
use crate::centre::editor::form::{Form, Look, Sheet, half};
use crate::centre::editor::opened::Opened;
use crate::centre::editor::typed::{Reading, Typed};
use crate::centre::editor::{honoured, person};
use crate::centre::hall::kinds::Owner;
use crate::centre::hall::whole::Kept;
use crate::centre::preview::Scene;
use crate::domain::board::{Board, StaffCard, limits};
use crate::domain::id::{StaffNo, WindowId};
use crate::words::Language;
use crate::words::editor::Editor;

impl Form for StaffCard {
    const PATH: &'static str = "staff";
    const FIELDS: &'static [&'static str] =
        &["staff_no", "name", "name_en", "post.zh", "post.en", "party_member", "windows"];

    fn blank(_: &Opened, asked: &Typed) -> Typed {
        Typed::default().with("windows", asked.text("window"))
    }

    fn typed(&self) -> Typed {
        let typed = Typed::default()
            .with("staff_no", self.staff_no.as_str())
            .with("name", self.name.as_str())
            .with("name_en", self.name_en.clone().unwrap_or_default())
            .with_both("post", &self.post);
        // Who is shown as a member has consented.
        let shown = if self.party_member { "yes" } else { "" };
        let typed = typed.with("party_member", shown).with("consent", shown);
        self.windows.iter().fold(typed, |typed, id| typed.with("windows", id.as_str()))
    }

    fn read(reading: &mut Reading<'_>, key: Option<&str>, _: &Opened) -> Option<Self> {
        let staff_no: Option<StaffNo> = match key {
            Some(key) => key.parse().ok(),
            None => reading.id("staff_no"),
        };
        let party_member = reading.is_ticked("party_member");
        if party_member && !reading.is_ticked("consent") {
            let sentence = Editor(reading.language).consent_missing();
            reading.faults.add("party_member", sentence);
        }
        Some(Self {
            name: reading.text("name"),
            name_en: reading.maybe("name_en"),
            post: reading.both("post"),
            party_member,
            photo: None,
            windows: reading.ids::<WindowId>("windows"),
            honours: Vec::new(),
            pin_hash: None,
            staff_no: staff_no?,
        })
    }

    fn inputs(sheet: &Sheet<'_>) -> Markup {
        let w = sheet.words();
        let english = sheet.opened.language.is_english();
        let board = sheet.opened.board();
        let word = |number: &str, name: &str| w.window_called(number, name).into_owned();
        let windows: Vec<_> =
            board.windows.iter().map(|i| (i.id.to_string(), word(&i.number, i.name.get(english)))).collect();
        let ticks = html! {
            (Tick::check("party_member", "yes", w.party_member(), sheet.typed.has("party_member")))
            (Tick::check("consent", "yes", w.consent(), sheet.typed.has("consent")).hint(w.consent_hint()))
        };
        html! {
            (sheet.code("staff_no", w.staff_no()))
            div.fields {
                (sheet.line("name", w.person_name(), limits::NAME_CHARS))
                (sheet.line("name_en", w.name_in_latin(), limits::NAME_CHARS).optional(sheet.opened.language))
            }
            (sheet.both("post.zh", "post.en", &w.post(), limits::TITLE_CHARS, 1))
            (fieldset("party_member", &w.party(), sheet.faults.of("party_member"), &ticks))
            (sheet.several("windows", &w.sits_at(), &w.sits_at_hint(), &windows))
        }
    }

    fn label(field: &str, opened: &Opened) -> String {
        let w = opened.words();
        let base = match field.split('.').next().unwrap_or_default() {
            "staff_no" => w.staff_no(),
            "name" => w.person_name(),
            "name_en" => w.name_in_latin(),
            "post" => w.post(),
            "party_member" => w.party(),
            _ => w.sits_at(),
        };
        half(w, field, &base)
    }

    fn spoken(field: &str, value: &str, opened: &Opened) -> String {
        if field == "party_member" { opened.words().party_member().into_owned() } else { value.to_owned() }
    }

    fn unseen_change(opened: &Opened, before: &Kept<Self>, after: &Kept<Self>) -> String {
        let w = opened.words();
        let word = if before.value.photo != after.value.photo {
            w.portrait_changed()
        } else if before.value.pin_hash != after.value.pin_hash {
            w.pin_changed()
        } else {
            w.other_change()
        };
        word.into_owned()
    }

    fn name(&self, _: &Opened) -> String {
        self.name.clone()
    }

    fn kind(language: Language) -> Cow<'static, str> {
        Editor(language).person()
    }

    fn kinds(language: Language) -> Cow<'static, str> {
        Editor(language).people()
    }

    fn scene(&self, board: &Board, today: Date) -> Option<Look> {
        let window = window_of(board, self)?.id.clone();
        let scene = Scene::Card { staff_no: self.staff_no.clone(), item: None };
        Some(Look { window, scene, day: today })
    }

    fn beside(&self, opened: &Opened) -> Markup {
        html! {
            (person::portrait_card(opened, self))
            (person::pin_card(opened, self))
            (person::pledges_card(opened, &self.staff_no))
            (honoured::card(opened, &Owner::Staff(self.staff_no.clone())))
        }
    }
}
