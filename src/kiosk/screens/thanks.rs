//! Thanks, the same for every level: what is safe, the receipt code, and a code to say more on the phone.

use egui::{Align, Align2, Rect, StrokeKind, Ui, pos2, vec2};

use super::Stage;
use super::stack::{self, Line};
use crate::kiosk::flow::event::Event;
use crate::kiosk::flow::view::{Thanks, View};
use crate::kiosk::ui::components::button::{self, Variant};
use crate::kiosk::ui::components::{countdown, mark, qr};
use crate::kiosk::ui::layout::{Class, ThanksScreen};
use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Gap, Ground, Ink, Look, TextSize, Weight};
use crate::words::kiosk::ThanksWords;

/// Draws the thanks; done, or a change of mind.
pub fn show(ui: &Ui, stage: &mut Stage, view: &View, thanks: &Thanks) -> Option<Event> {
    let places = stage.layout(ui).thanks();
    let look = stage.kit.look;
    let words = ThanksWords(view.language);
    mark::panel(ui.painter(), &look, places.panel, Ground::Card);
    let caption = words.qr();
    let code = stage.code(ui, thanks.qr.as_deref());
    let texts = texts_place(&look, &places, code.is_some());
    if let Some(code) = code {
        qr::show(ui, &look, places.qr, code, &caption);
    }
    told(ui, &look, texts, view, thanks);
    let of_seconds = stage.of_seconds(view, thanks.seconds_left);
    closing(ui, &look, places.countdown, view, thanks.seconds_left, of_seconds);
    actions(ui, stage, &places, view, thanks)
}

/// What the code leaves of the panel.
fn texts_place(look: &Look, places: &ThanksScreen, has_code: bool) -> Rect {
    let inner = places.panel.shrink(look.gap(Gap::Huge));
    match (has_code, look.class) {
        (false, _) => inner,
        (true, Class::Pillar) => {
            Rect::from_min_max(inner.min, pos2(inner.max.x, places.qr.min.y - look.gap(Gap::Large)))
        }
        (true, _) => Rect::from_min_max(inner.min, pos2(places.qr.min.x - look.gap(Gap::Huge), inner.max.y)),
    }
}

fn told(ui: &Ui, look: &Look, place: Rect, view: &View, thanks: &Thanks) {
    let words = ThanksWords(view.language);
    let title = words.title();
    let message = words.message();
    let heading = Style::new(TextSize::Display, Weight::Bold).on(Ground::Card).align(Align2::LEFT_TOP);
    let body = Style::new(TextSize::Body, Weight::Regular).on(Ground::Card).ink(Ink::Soft).align(Align2::LEFT_TOP);
    let lines = [Line::new(&title, heading, look.gap(Gap::Tight)), Line::new(&message, body, 0.0)];
    let side = look.points(TextSize::Display) * 1.5;
    let gap = look.gap(Gap::Medium);
    let indent = side + gap;
    let said = stack::height(ui, look, place.width() - indent, &lines);
    let receipt = receipt_height(ui, look, place.width(), view);
    let between = look.gap(Gap::Large).min((place.height() - said - receipt).max(0.0));
    let top = place.min.y + ((place.height() - said - between - receipt) / 2.0).max(0.0);
    let icon = Rect::from_min_size(pos2(place.min.x, top), vec2(side, side));
    mark::done(ui.painter(), look, icon);
    let upper = Rect::from_min_max(pos2(place.min.x + indent, top), pos2(place.max.x, (top + said).min(place.max.y)));
    stack::show(ui, look, upper, Align::Min, &lines);
    let lower = Rect::from_min_size(pos2(place.min.x, upper.max.y + between), vec2(place.width(), receipt));
    show_receipt(ui, look, lower.intersect(place), view, thanks);
}

fn receipt_lines<'a>(look: &Look, label: &'a str, code: &'a str, hint: &'a str) -> [Line<'a>; 3] {
    let soft = Style::new(TextSize::Caption, Weight::Regular).on(Ground::Sunken).ink(Ink::Soft).align(Align2::LEFT_TOP);
    let large = Style::new(TextSize::Title, Weight::Bold).on(Ground::Sunken).align(Align2::LEFT_TOP);
    [
        Line::new(label, soft, look.gap(Gap::Hair)),
        Line::name(code, large, look.gap(Gap::Hair)),
        Line::new(hint, soft, 0.0),
    ]
}

fn receipt_height(ui: &Ui, look: &Look, width: f32, view: &View) -> f32 {
    let words = ThanksWords(view.language);
    let (label, hint) = (words.receipt(), words.receipt_hint());
    let pad = look.gap(Gap::Medium);
    stack::height(ui, look, width - 2.0 * pad, &receipt_lines(look, &label, "00000-00000", &hint)) + 2.0 * pad
}

fn show_receipt(ui: &Ui, look: &Look, place: Rect, view: &View, thanks: &Thanks) {
    let words = ThanksWords(view.language);
    let (label, hint) = (words.receipt(), words.receipt_hint());
    ui.painter().rect(place, look.radius(), look.fill(Ground::Sunken), look.hairline(), StrokeKind::Inside);
    let inner = place.shrink(look.gap(Gap::Medium));
    stack::show(ui, look, inner, Align::Center, &receipt_lines(look, &label, &thanks.receipt_code, &hint));
}

fn closing(ui: &Ui, look: &Look, place: Rect, view: &View, seconds_left: u32, of_seconds: u32) {
    let words = ThanksWords(view.language).closes_in(seconds_left);
    let row = text::row_height(look, TextSize::Caption);
    let thick = 8.0;
    let gap = look.gap(Gap::Tight);
    let top = place.center().y - (row + gap + thick) / 2.0;
    let label = Rect::from_min_size(pos2(place.min.x, top), vec2(place.width(), row));
    let style = Style::new(TextSize::Caption, Weight::Regular).ink(Ink::Soft);
    text::label(ui, look, label, &words, style);
    let width = place.width().min(480.0);
    let bar = Rect::from_min_size(pos2(place.min.x, label.max.y + gap), vec2(width, thick));
    countdown::bar(ui, look, bar, seconds_left, of_seconds, &words);
}

fn actions(ui: &Ui, stage: &mut Stage, places: &ThanksScreen, view: &View, thanks: &Thanks) -> Option<Event> {
    let words = ThanksWords(view.language);
    let gap = stage.kit.look.gap(Gap::Small);
    let mut done = places.done;
    let mut pressed = None;
    if thanks.may_revise {
        let room = places.countdown.max.x.max(places.done.max.x) - places.done.min.x;
        let change = stack::column(Rect::from_min_size(places.done.min, vec2(room, done.height())), 0, 2, gap);
        done = stack::column(Rect::from_min_size(places.done.min, vec2(room, done.height())), 1, 2, gap);
        if button::show(ui, &mut stage.kit, change, "change", &words.change(), Variant::Secondary) {
            pressed = Some(Event::RevisionAsked);
        }
    }
    if button::show(ui, &mut stage.kit, done, "done", &words.done(), Variant::Primary) {
        pressed = Some(Event::ThanksLeft);
    }
    pressed
}
