//! A panel that says something: hall notices, warnings, apologies.

use egui::{Align2, Rect, Ui, pos2, vec2};

use super::mark;
use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Gap, Ground, Ink, Look, TextSize, Weight};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    Info,
    Warning,
}

/// Draws a title and its text beside a sign. The text shrinks before it is cut off.
pub fn show(ui: &Ui, look: &Look, place: Rect, variant: Variant, title: &str, words: &str) {
    let pad = look.gap(Gap::Large);
    let side = text::row_height(look, TextSize::Title);
    mark::panel(ui.painter(), look, place, Ground::Card);
    let inner = place.shrink(pad);
    let left = inner.min.x + side + look.gap(Gap::Small);
    let width = inner.max.x - left;
    let body = Style::new(TextSize::Body, Weight::Regular).on(Ground::Card).align(Align2::LEFT_TOP);
    let gap = look.gap(Gap::Hair);
    let block = side + gap + text::measure(ui, look, width, words, body).y;
    let top = inner.min.y + ((inner.height() - block) / 2.0).max(0.0);
    let sign = Rect::from_min_size(pos2(inner.min.x, top), vec2(side, side));
    let (ground, ink) = (look.ink(Ink::Brand, Ground::Card), look.fill(Ground::Card));
    mark::sign(ui.painter(), sign.shrink(side * 0.08), ground, ink, variant == Variant::Warning);
    let heading = Rect::from_min_size(pos2(left, top), vec2(width, side));
    text::label(ui, look, heading, title, Style::new(TextSize::Title, Weight::Bold).on(Ground::Card));
    let rest = Rect::from_min_max(pos2(left, heading.max.y + gap), inner.max);
    text::label(ui, look, rest, words, body);
}
