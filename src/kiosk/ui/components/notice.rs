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
    let sign = Rect::from_min_size(inner.min, vec2(side, side));
    let (ground, ink) = (look.ink(Ink::Brand, Ground::Card), look.fill(Ground::Card));
    mark::sign(ui.painter(), sign.shrink(side * 0.08), ground, ink, variant == Variant::Warning);
    let left = sign.max.x + look.gap(Gap::Small);
    let heading = Rect::from_min_size(pos2(left, inner.min.y), vec2(inner.max.x - left, side));
    let style = Style::new(TextSize::Title, Weight::Bold).on(Ground::Card);
    text::label(ui, look, heading, title, style);
    let body = Rect::from_min_max(pos2(left, heading.max.y + look.gap(Gap::Tight)), inner.max);
    let style = Style::new(TextSize::Body, Weight::Regular).on(Ground::Card).align(Align2::LEFT_TOP);
    text::label(ui, look, body, words, style);
}
