//! Badges: party membership and honours.

use egui::{Align2, Rect, Ui, pos2, vec2};

use super::mark;
use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Gap, Ground, Ink, Look, TextSize, Weight};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// 党员
    Party,
    /// 荣誉
    Honour,
}

#[derive(Debug, Clone, Copy)]
pub struct Badge<'a> {
    pub variant: Variant,
    pub word: &'a str,
}

/// Draws the badges from left to right and top to bottom. Those that find no room are left out.
pub fn flow(ui: &Ui, look: &Look, place: Rect, badges: &[Badge<'_>]) {
    for (badge, rect) in badges.iter().zip(places(ui, look, place.width(), badges)) {
        let rect = rect.translate(place.min.to_vec2());
        if rect.max.y <= place.max.y + 0.5 {
            draw(ui, look, rect, badge);
        }
    }
}

/// How many rows they take at `width`.
pub fn rows(ui: &Ui, look: &Look, width: f32, badges: &[Badge<'_>]) -> usize {
    let bottom = places(ui, look, width, badges).last().map_or(0.0, |rect| rect.max.y);
    (bottom / (height(look) + look.gap(Gap::Tight))).ceil() as usize
}

/// The height of one row of badges.
pub fn height(look: &Look) -> f32 {
    text::row_height(look, TextSize::Caption) + look.gap(Gap::Tight)
}

fn places(ui: &Ui, look: &Look, most: f32, badges: &[Badge<'_>]) -> Vec<Rect> {
    let (gap, height) = (look.gap(Gap::Tight), height(look));
    let mut at = pos2(0.0, 0.0);
    let place = |badge| {
        let width = width(ui, look, badge).min(most);
        if at.x + width > most && at.x > 0.0 {
            at = pos2(0.0, at.y + height + gap);
        }
        let rect = Rect::from_min_size(at, vec2(width, height));
        at.x += width + gap;
        rect
    };
    badges.iter().map(place).collect()
}

fn width(ui: &Ui, look: &Look, badge: &Badge<'_>) -> f32 {
    let words = text::measure(ui, look, f32::INFINITY, badge.word, style(badge.variant)).x;
    words.ceil() + star_side(look) + 4.0 * look.gap(Gap::Tight)
}

fn draw(ui: &Ui, look: &Look, rect: Rect, badge: &Badge<'_>) {
    let style = style(badge.variant);
    let painter = ui.painter();
    painter.rect_filled(rect, look.radius(), look.fill(style.on));
    let side = star_side(look);
    let gap = look.gap(Gap::Tight);
    let star = Rect::from_min_size(pos2(rect.min.x + 1.5 * gap, rect.center().y - side / 2.0), vec2(side, side));
    let colour = match badge.variant {
        Variant::Party => look.gold(),
        Variant::Honour => look.ink(Ink::Award, Ground::Award),
    };
    mark::star(painter, star, colour);
    let words = Rect::from_min_max(pos2(star.max.x + gap, rect.min.y), pos2(rect.max.x - 0.5 * gap, rect.max.y));
    text::label(ui, look, words, badge.word, style);
}

fn style(variant: Variant) -> Style {
    let style = Style::new(TextSize::Caption, Weight::Bold).align(Align2::LEFT_CENTER);
    match variant {
        Variant::Party => style.on(Ground::Party),
        Variant::Honour => style.on(Ground::Award).ink(Ink::Award),
    }
}

fn star_side(look: &Look) -> f32 {
    look.points(TextSize::Caption) * 0.95
}
