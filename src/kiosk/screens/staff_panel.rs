//! Sign-in by staff number and PIN, and the choices of whoever is signed in. One press, one choice.

use egui::{Align, Align2, Rect, Ui, pos2, vec2};

use super::Stage;
use super::pad::{self, Asked, Digits};
use super::stack::{self, Line};
use crate::domain::board::StaffCard;
use crate::domain::visit::PauseReason;
use crate::kiosk::flow::event::Event;
use crate::kiosk::flow::view::{StaffPanel, View};
use crate::kiosk::ui::Class;
use crate::kiosk::ui::components::button::{self, Variant};
use crate::kiosk::ui::components::card;
use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Gap, Ink, Look, TextSize, Weight};
use crate::words::common;
use crate::words::kiosk::StaffWords;

/// Draws the panel; what staff pressed.
pub fn show(ui: &Ui, stage: &mut Stage, view: &View, panel: &StaffPanel) -> Option<Event> {
    let words = StaffWords(view.language);
    match panel {
        StaffPanel::AskStaffNo { digits, problem } => {
            let asked = Asked {
                language: view.language,
                title: &words.ask_number(),
                whose: None,
                hint: &words.number_hint(),
                field: &words.number_field(),
                typed: Digits::Plain(digits),
                is_checking: false,
                problem: *problem,
                refused: &words.refused(),
                door: Some(&words.maintenance()),
            };
            pad::show(ui, stage, &asked, Event::StaffNoDigit)
        }
        StaffPanel::AskPin { staff_no, entered, checking, problem } => {
            let asked = Asked {
                language: view.language,
                title: &words.ask_pin(),
                whose: Some(&words.signing_in(staff_no)),
                hint: &words.pin_hint(),
                field: &words.pin_field(),
                typed: Digits::Hidden(*entered),
                is_checking: *checking,
                problem: *problem,
                refused: &words.refused(),
                door: None,
            };
            pad::show(ui, stage, &asked, Event::PinDigit)
        }
        StaffPanel::Choices { staff, paused, may_invite } => choices(ui, stage, view, staff, *paused, *may_invite),
    }
}

fn choices(
    ui: &Ui,
    stage: &mut Stage,
    view: &View,
    staff: &StaffCard,
    paused: Option<PauseReason>,
    may_invite: bool,
) -> Option<Event> {
    let body = stage.layout(ui).frame().body;
    let look = stage.kit.look;
    let (who_place, rest) = if look.class == Class::Pillar {
        // What can be pressed starts below the upper third.
        let split = ui.ctx().content_rect().height() / 3.0 - look.gap(Gap::Medium);
        (
            Rect::from_min_max(body.min, pos2(body.max.x, split)),
            Rect::from_min_max(pos2(body.min.x, split + look.gap(Gap::Large)), body.max),
        )
    } else {
        let split = body.min.x + body.width() * 0.3;
        (
            Rect::from_min_max(body.min, pos2(split, body.max.y)),
            Rect::from_min_max(pos2(split + look.gap(Gap::Huge), body.min.y), body.max),
        )
    };
    who(ui, stage, view, who_place, staff, paused);
    buttons(ui, stage, view, rest, paused, may_invite)
}

fn who(ui: &Ui, stage: &mut Stage, view: &View, place: Rect, staff: &StaffCard, paused: Option<PauseReason>) {
    let photo = stage.photo(ui, staff.photo.as_deref());
    let look = &stage.kit.look;
    let words = StaffWords(view.language);
    let name = staff.name_en.as_deref().filter(|_| view.language.is_english()).unwrap_or(&staff.name);
    let (hello, number) = (words.on_duty(name), words.signing_in(staff.staff_no.as_str()));
    let state = match paused {
        Some(reason) => words.paused_now(common::pause_reason(view.language, reason)),
        None => words.choices_hint(),
    };
    let style = |size, weight, ink| Style::new(size, weight).ink(ink).align(Align2::LEFT_TOP);
    let lines = [
        Line::new(&hello, style(TextSize::Title, Weight::Bold, Ink::Strong), look.gap(Gap::Hair)),
        Line::new(&number, style(TextSize::Body, Weight::Regular, Ink::Soft), look.gap(Gap::Small)),
        Line::new(&state, style(TextSize::Body, Weight::Bold, Ink::Brand), 0.0),
    ];
    let gap = look.gap(Gap::Large);
    let (portrait, texts) = if look.class == Class::Pillar {
        let size = vec2(place.height() * 0.75, place.height());
        let portrait = Rect::from_min_size(place.min, size);
        (portrait, Rect::from_min_max(pos2(portrait.max.x + gap, place.min.y), place.max))
    } else {
        let said = stack::height(ui, look, place.width(), &lines);
        let height = (place.height() - said - gap).min(place.width() / 0.75).max(0.0);
        let portrait = Rect::from_min_size(place.min, vec2(height * 0.75, height));
        (portrait, Rect::from_min_max(pos2(place.min.x, portrait.max.y + gap), place.max))
    };
    card::photo(ui, look, portrait, photo.as_ref(), &staff.name);
    let at = if look.class == Class::Pillar { Align::Center } else { Align::Min };
    stack::show(ui, look, texts, at, &lines);
}

/// One part of a row.
enum Part {
    Heading(String),
    Button(&'static str, String, Variant, Event),
}

/// Rows of buttons: what a clerk needs most stands first and largest.
fn rows(view: &View, paused: Option<PauseReason>, may_invite: bool) -> Vec<Vec<Part>> {
    let words = StaffWords(view.language);
    let mut rows: Vec<Vec<Part>> = Vec::with_capacity(5);
    if paused.is_some() {
        rows.push(vec![Part::Button("resume", words.resume().into_owned(), Variant::Primary, Event::ResumeChosen)]);
    } else {
        if may_invite {
            rows.push(vec![Part::Button("invite", words.invite().into_owned(), Variant::Primary, Event::InviteChosen)]);
        }
        let pause = |reason: PauseReason| {
            let word = common::pause_reason(view.language, reason).to_owned();
            Part::Button(reason.code(), word, Variant::Secondary, Event::PauseChosen(reason))
        };
        rows.push(vec![Part::Heading(words.pause().into_owned())]);
        for pair in PauseReason::ALL.chunks(2) {
            rows.push(pair.iter().copied().map(pause).collect());
        }
    }
    rows.push(vec![
        Part::Button("hand-over", words.hand_over().into_owned(), Variant::Secondary, Event::HandOverChosen),
        Part::Button("sign-out", words.sign_out().into_owned(), Variant::Secondary, Event::SignOutChosen),
    ]);
    rows.push(vec![Part::Button("back", words.back().into_owned(), Variant::Secondary, Event::PanelLeft)]);
    rows
}

fn buttons(
    ui: &Ui,
    stage: &mut Stage,
    view: &View,
    place: Rect,
    paused: Option<PauseReason>,
    may_invite: bool,
) -> Option<Event> {
    let rows = rows(view, paused, may_invite);
    let gap = stage.kit.look.gap(Gap::Small);
    let heading = text::row_height(&stage.kit.look, TextSize::Body);
    let headings = rows.iter().filter(|row| matches!(row[..], [Part::Heading(_)])).count() as f32;
    let of_buttons = rows.len() as f32 - headings;
    let room = place.height() - headings * heading - gap * (rows.len() as f32 - 1.0);
    let height = (room / of_buttons).min(tallest(&stage.kit.look));
    let mut top = place.min.y;
    if stage.kit.look.class != Class::Pillar {
        top += (room - height * of_buttons) / 2.0;
    }
    let mut pressed = None;
    for row in rows {
        let height = if matches!(row[..], [Part::Heading(_)]) { heading } else { height };
        let whole = Rect::from_min_size(pos2(place.min.x, top), vec2(place.width(), height));
        let count = row.len();
        for (n, part) in row.into_iter().enumerate() {
            pressed = part_of_row(ui, stage, stack::column(whole, n, count, gap), part).or(pressed);
        }
        top += height + gap;
    }
    pressed
}

fn part_of_row(ui: &Ui, stage: &mut Stage, place: Rect, part: Part) -> Option<Event> {
    match part {
        Part::Heading(words) => {
            let style = Style::new(TextSize::Body, Weight::Bold).ink(Ink::Soft).align(Align2::LEFT_BOTTOM);
            text::label(ui, &stage.kit.look, place, &words, style);
            None
        }
        Part::Button(key, word, variant, event) => {
            button::show(ui, &mut stage.kit, place, key, &word, variant).then_some(event)
        }
    }
}

fn tallest(look: &Look) -> f32 {
    match look.class {
        Class::Pillar => 160.0,
        _ => (text::row_height(look, TextSize::Title) * 2.6).max(96.0),
    }
}
