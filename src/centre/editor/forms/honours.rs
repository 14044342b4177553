//! 亮形象: an honour of a window or a person, with its issuer, its period and its last day.

use std::borrow::Cow;

use jiff::civil::Date;
use maud::{Markup, html};

use super::{scene_at, window_of};
use crate::centre::dashboard::components::Choice;
use crate::centre::editor::form::{Form, Look, Sheet};
use crate::centre::editor::opened::Opened;
use crate::centre::editor::typed::{Reading, Typed, sentence};
use crate::centre::hall::kinds::{Grant, Owner};
use crate::centre::preview::Scene;
use crate::config::fault::Wrong;
use crate::domain::board::{Board, Honour, HonourKind, limits};
use crate::domain::id::HonourId;
use crate::words::editor::Editor;
use crate::words::{Language, common};

/// An owner as the form names it: `window:W03`, `staff:0005`.
pub fn owner_code(owner: &Owner) -> String {
    match owner {
        Owner::ServiceWindow(id) => format!("window:{id}"),
        Owner::Staff(no) => format!("staff:{no}"),
    }
}

fn owner_of(code: &str) -> Option<Owner> {
    match code.split_once(':')? {
        ("window", id) => id.parse().ok().map(Owner::ServiceWindow),
        ("staff", no) => no.parse().ok().map(Owner::Staff),
        _ => None,
    }
}

/// What people call an owner.
pub fn owner_name(opened: &Opened, owner: &Owner) -> String {
    let board = opened.hall.known();
    match owner {
        Owner::ServiceWindow(id) => board.window(id).map_or_else(|| id.to_string(), |w| w.name(opened)),
        Owner::Staff(no) => board.staff(no).map_or_else(|| no.to_string(), |s| format!("{} {no}", s.name)),
    }
}

impl Form for Grant {
    const PATH: &'static str = "honours";
    const FIELDS: &'static [&'static str] = &["owner", "kind", "issuer", "period", "until"];

    fn blank(_: &Opened, asked: &Typed) -> Typed {
        Typed::default().with("owner", asked.text("owner"))
    }

    fn typed(&self) -> Typed {
        Typed::default()
            .with("owner", owner_code(&self.owner))
            .with("kind", self.honour.kind.code())
            .with("issuer", self.honour.issuer.as_str())
            .with("period", self.honour.period.as_str())
            .with("until", self.honour.until.to_string())
    }

    fn read(reading: &mut Reading<'_>, key: Option<&str>, opened: &Opened) -> Option<Self> {
        let id = key.map_or_else(|| Some(opened.hall.next_honour()), |key| HonourId::new(key).ok());
        let owner = owner_of(reading.typed().text("owner"));
        let kind = HonourKind::ALL.iter().copied().find(|k| k.code() == reading.typed().text("kind"));
        for (field, missing) in [("owner", owner.is_none()), ("kind", kind.is_none())] {
            if missing {
                let needed = sentence(reading.language, &Wrong::Missing);
                reading.faults.add(field, needed);
            }
        }
        let until = reading.date("until");
        let (issuer, period) = (reading.text("issuer"), reading.text("period"));
        Some(Self { id: id?, owner: owner?, honour: Honour { kind: kind?, issuer, period, until: until? } })
    }

    fn inputs(sheet: &Sheet<'_>) -> Markup {
        let w = sheet.words();
        let language = sheet.opened.language;
        let board = sheet.opened.board();
        let windows =
            board.windows.iter().map(|i| (owner_code(&Owner::ServiceWindow(i.id.clone())), i.name(sheet.opened)));
        let people = board
            .staff
            .iter()
            .map(|s| (owner_code(&Owner::Staff(s.staff_no.clone())), format!("{} {}", s.name, s.staff_no)));
        let owners: Vec<_> = windows.chain(people).collect();
        let kinds = HonourKind::ALL.iter().map(|&kind| (kind.code(), common::honour(language, kind)));
        html! {
            (Choice::new("owner", w.honoured(), owners).chosen(sheet.typed.text("owner")).faults(sheet.faults))
            (Choice::new("kind", w.honour(), kinds).chosen(sheet.typed.text("kind")).faults(sheet.faults))
            (sheet.line("issuer", w.issuer(), limits::TITLE_CHARS))
            div.fields {
                (sheet.line("period", w.honour_period(), limits::TITLE_CHARS).hint(w.honour_period_hint()))
                (sheet.date("until", w.shown_until()).hint(w.day_included()))
            }
        }
    }

    fn label(field: &str, opened: &Opened) -> String {
        let w = opened.words();
        let base = match field {
            "owner" => w.honoured(),
            "kind" => w.honour(),
            "issuer" => w.issuer(),
            "period" => w.honour_period(),
            _ => w.shown_until(),
        };
        base.into_owned()
    }

    fn spoken(field: &str, value: &str, opened: &Opened) -> String {
        match field {
            "owner" => owner_of(value).map_or_else(|| value.to_owned(), |owner| owner_name(opened, &owner)),
            "kind" => HonourKind::from_code(value)
                .map_or_else(|| value.to_owned(), |kind| common::honour(opened.language, kind).to_owned()),
            _ => value.to_owned(),
        }
    }

    fn name(&self, opened: &Opened) -> String {
        let honour = common::honour(opened.language, self.honour.kind);
        Editor(opened.language).honour_of(honour, &owner_name(opened, &self.owner)).into_owned()
    }

    fn kind(language: Language) -> Cow<'static, str> {
        Editor(language).honour()
    }

    fn kinds(language: Language) -> Cow<'static, str> {
        Editor(language).honours()
    }

    fn scene(&self, board: &Board, today: Date) -> Option<Look> {
        let (window, scene) = match &self.owner {
            Owner::ServiceWindow(id) => {
                let window = board.window(id)?;
                (window.id.clone(), scene_at(board, window))
            }
            Owner::Staff(no) => {
                let card = board.staff(no)?;
                (window_of(board, card)?.id.clone(), Scene::Card { staff_no: no.clone(), item: None })
            }
        };
        Some(Look { window, scene, day: today })
    }
}
