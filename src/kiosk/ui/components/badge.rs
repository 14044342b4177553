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

/// Draws the badges from left to right and top to bottom; the height used. Those that find no room are left out.
pub fn flow(ui: &Ui, look: &Look, place: Rect, badges: &[Badge<'_>]) -> f32 {
    let gap = look.gap(Gap::Tight);
    let height = height(look);
    let mut at = place.min;
    for badge in badges {
        let width = width(ui, look, badge).min(place.width());
        if at.x + width > place.max.x && at.x > place.min.x {
            at = pos2(place.min.x, at.y + height + gap);
        }
        if at.y + height > place.max.y + 0.5 {
            break;
        }
        draw(ui, look, Rect::from_min_size(at, vec2(width, height)), badge);
        at.x += width + gap;
    }
    at.y + height - place.min.y
}

/// The height of one row of badges.
pub fn height(look: &Look) -> f32 {
    text::row_height(look, TextSize::Caption) + look.gap(Gap::Tight)
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
        Variant::Party => style.on(Ground::Brand),
        Variant::Honour => style.on(Ground::Award).ink(Ink::Award),
    }
}

fn star_side(look: &Look) -> f32 {
    look.points(TextSize::Caption) * 0.95
}
