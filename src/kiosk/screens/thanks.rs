//! Thanks, the same for every level: what is safe, the receipt code, and a code to say more on the phone.

use egui::{Align, Align2, Rect, StrokeKind, Ui, pos2, vec2};

use super::Stage;
use super::stack::{self, Line};
use crate::kiosk::flow::event::Event;
use crate::kiosk::flow::view::{Thanks, View};
use crate::kiosk::ui::Class;
use crate::kiosk::ui::components::button::{self, Variant};
use crate::kiosk::ui::components::{countdown, mark, qr};
use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Gap, Ground, Ink, Look, TextSize, Weight};
use crate::words::kiosk::ThanksWords;

/// Draws the thanks; done, or a change of mind.
pub fn show(ui: &Ui, stage: &mut Stage, view: &View, thanks: &Thanks) -> Option<Event> {
    let places = stage.layout(ui).thanks();
    let look = stage.kit.look;
    mark::panel(ui.painter(), &look, places.panel, Ground::Card);
    let inner = places.panel.shrink(look.gap(if look.class == Class::Compact { Gap::Medium } else { Gap::Huge }));
    let caption = ThanksWords(view.language).qr();
    let texts = match stage.code(ui, thanks.qr.as_deref()) {
        Some(code) => {
            let (texts, place) = beside(&look, inner);
            qr::show(ui, &look, place, code, &caption);
            texts
        }
        None => inner,
    };
    if look.class == Class::Pillar {
        told_upright(ui, &look, texts, view, thanks);
    } else {
        told(ui, &look, texts, view, thanks);
    }
    let row =
        Rect::from_min_max(pos2(places.panel.min.x, places.done.min.y), pos2(places.panel.max.x, places.done.max.y));
    actions(ui, stage, row, view, thanks)
}

/// The words' place and the code's.
fn beside(look: &Look, inner: Rect) -> (Rect, Rect) {
    if look.class == Class::Pillar {
        let split = inner.max.y - inner.height() * 0.4;
        let words = Rect::from_min_max(inner.min, pos2(inner.max.x, split - look.gap(Gap::Large)));
        return (words, Rect::from_min_max(pos2(inner.min.x, split), inner.max));
    }
    let width = (inner.width() * 0.32).min(inner.height() * 0.94);
    let split = inner.max.x - width;
    let words = Rect::from_min_max(inner.min, pos2(split - look.gap(Gap::Huge), inner.max.y));
    (words, Rect::from_min_max(pos2(split, inner.min.y), inner.max))
}

/// Tick and thanks in one row, the receipt below.
fn told(ui: &Ui, look: &Look, place: Rect, view: &View, thanks: &Thanks) {
    let words = ThanksWords(view.language);
    let (title, message) = (words.title(), words.message());
    let heading = Style::new(TextSize::Display, Weight::Bold).on(Ground::Card).align(Align2::LEFT_TOP);
    let body = Style::new(said_size(look), Weight::Regular).on(Ground::Card).ink(Ink::Soft).align(Align2::LEFT_TOP);
    let lines = [Line::new(&title, heading, look.gap(Gap::Tight)), Line::new(&message, body, 0.0)];
    let side = look.points(TextSize::Display) * 1.35;
    let indent = side + look.gap(Gap::Medium);
    let between = look.gap(Gap::Large);
    let said = stack::height(ui, look, place.width() - indent, &lines);
    let room = place.height() - said - between;
    let (receipt, rows) = receipt_size(ui, look, vec2(place.width(), room), view);
    let top = place.min.y + ((place.height() - said - between - receipt) / 2.0).max(0.0);
    let icon = Rect::from_min_size(pos2(place.min.x, top), vec2(side, side));
    mark::done(ui.painter(), look, icon);
    let upper = Rect::from_min_size(pos2(place.min.x + indent, top), vec2(place.width() - indent, said));
    stack::show(ui, look, upper, Align::Min, &lines);
    let lower = Rect::from_min_size(pos2(place.min.x, upper.max.y + between), vec2(place.width(), receipt));
    show_receipt(ui, look, lower, view, thanks, rows);
}

/// One under another, in the middle: for a pillar.
fn told_upright(ui: &Ui, look: &Look, place: Rect, view: &View, thanks: &Thanks) {
    let words = ThanksWords(view.language);
    let (title, message) = (words.title(), words.message());
    let heading = Style::new(TextSize::Display, Weight::Bold).on(Ground::Card).align(Align2::CENTER_TOP);
    let body = Style::new(TextSize::Body, Weight::Regular).on(Ground::Card).ink(Ink::Soft).align(Align2::CENTER_TOP);
    let lines = [Line::new(&title, heading, look.gap(Gap::Small)), Line::new(&message, body, 0.0)];
    let (gap, between) = (look.gap(Gap::Medium), look.gap(Gap::Huge));
    let side = look.points(TextSize::Display) * 1.7;
    let said = stack::height(ui, look, place.width(), &lines);
    let room = place.height() - side - gap - said - between;
    let (receipt, rows) = receipt_size(ui, look, vec2(place.width(), room), view);
    let top = place.min.y + ((room - receipt) / 2.0).max(0.0);
    let icon = Rect::from_center_size(pos2(place.center().x, top + side / 2.0), vec2(side, side));
    mark::done(ui.painter(), look, icon);
    let middle = Rect::from_min_size(pos2(place.min.x, icon.max.y + gap), vec2(place.width(), said));
    stack::show(ui, look, middle, Align::Min, &lines);
    let lower = Rect::from_min_size(pos2(place.min.x, middle.max.y + between), vec2(place.width(), receipt));
    show_receipt(ui, look, lower, view, thanks, rows);
}

/// The largest screens have room for larger words.
fn said_size(look: &Look) -> TextSize {
    if look.class == Class::Full { TextSize::Title } else { TextSize::Body }
}

fn receipt_lines<'a>(look: &Look, label: &'a str, code: &'a str, hint: &'a str) -> [Line<'a>; 3] {
    let align = if look.class == Class::Pillar { Align2::CENTER_TOP } else { Align2::LEFT_TOP };
    let soft = Style::new(TextSize::Caption, Weight::Regular).on(Ground::Sunken).ink(Ink::Soft).align(align);
    let size = if look.class == Class::Full { TextSize::Display } else { TextSize::Title };
    let large = Style { size, weight: Weight::Bold, ..soft }.ink(Ink::Strong);
    let gap = look.gap(Gap::Hair);
    // The hint comes last: where room is scarce the code matters more.
    [Line::new(label, soft, gap), Line::new(code, large, gap), Line::new(hint, soft, 0.0)]
}

/// The height of the receipt that finds room in `space`, and how many of its rows do.
fn receipt_size(ui: &Ui, look: &Look, space: egui::Vec2, view: &View) -> (f32, usize) {
    let words = ThanksWords(view.language);
    let (label, hint) = (words.receipt(), words.receipt_hint());
    let lines = receipt_lines(look, &label, "00000-00000", &hint);
    let pad = 2.0 * look.gap(Gap::Medium);
    let rows = stack::fitting(ui, look, space - vec2(pad, pad), &lines);
    (stack::height(ui, look, space.x - pad, &lines[..rows]) + pad, rows)
}

fn show_receipt(ui: &Ui, look: &Look, place: Rect, view: &View, thanks: &Thanks, rows: usize) {
    let words = ThanksWords(view.language);
    let (label, hint) = (words.receipt(), words.receipt_hint());
    ui.painter().rect(place, look.radius(), look.fill(Ground::Sunken), look.hairline(), StrokeKind::Inside);
    let lines = receipt_lines(look, &label, &thanks.receipt_code, &hint);
    stack::show(ui, look, place.shrink(look.gap(Gap::Medium)), Align::Center, &lines[..rows]);
}

/// Time left, a change of mind, done: three equal parts.
fn actions(ui: &Ui, stage: &mut Stage, row: Rect, view: &View, thanks: &Thanks) -> Option<Event> {
    let words = ThanksWords(view.language);
    let gap = stage.kit.look.gap(Gap::Small);
    let of_seconds = stage.of_seconds(view, thanks.seconds_left);
    closing(ui, &stage.kit.look, stack::column(row, 0, 3, gap), view, thanks.seconds_left, of_seconds);
    let mut pressed = None;
    if thanks.may_revise {
        let place = stack::column(row, 1, 3, gap);
        if button::show(ui, &mut stage.kit, place, "change", &words.change(), Variant::Secondary) {
            pressed = Some(Event::RevisionAsked);
        }
    }
    if button::show(ui, &mut stage.kit, stack::column(row, 2, 3, gap), "done", &words.done(), Variant::Primary) {
        pressed = Some(Event::ThanksLeft);
    }
    pressed
}

fn closing(ui: &Ui, look: &Look, place: Rect, view: &View, seconds_left: u32, of_seconds: u32) {
    let words = ThanksWords(view.language).closes_in(seconds_left);
    let row = text::row_height(look, TextSize::Caption);
    let (gap, thick) = (look.gap(Gap::Tight), 8.0);
    let top = place.center().y - (row + gap + thick) / 2.0;
    let label = Rect::from_min_size(pos2(place.min.x, top), vec2(place.width(), row));
    text::label(ui, look, label, &words, Style::new(TextSize::Caption, Weight::Regular).ink(Ink::Soft));
    let bar = Rect::from_min_size(pos2(place.min.x, label.max.y + gap), vec2(place.width() * 0.9, thick));
    countdown::bar(ui, look, bar, seconds_left, of_seconds, &words);
}
