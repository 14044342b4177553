//! The large panel that says one thing across the hall: which window, paused, sorry.

use egui::{Align, Align2, Rect, Ui, pos2, vec2};

use super::stack::{self, Line};
use crate::kiosk::ui::Class;
use crate::kiosk::ui::components::mark;
use crate::kiosk::ui::text::Style;
use crate::kiosk::ui::tokens::{Gap, Ground, Ink, Look, TextSize, Weight};

/// The drawing over the words.
#[derive(Debug, Clone, Copy)]
pub enum Emblem {
    Star,
    /// Two bars: known from every player.
    Pause,
    Warning,
}

/// What the panel says, largest first.
#[derive(Debug, Clone, Copy)]
pub struct Hero<'a> {
    pub emblem: Emblem,
    pub headline: &'a str,
    pub under: &'a str,
    pub more: &'a [&'a str],
}

/// The panel's place, and what it leaves of `body`: side by side, on a pillar one above the other.
pub fn split(look: &Look, body: Rect) -> (Rect, Rect) {
    let gap = look.gap(Gap::Medium);
    if look.class == Class::Pillar {
        let y = body.min.y + body.height() * 0.34;
        (Rect::from_min_max(body.min, pos2(body.max.x, y)), Rect::from_min_max(pos2(body.min.x, y + gap), body.max))
    } else {
        let x = body.min.x + body.width() * 0.38;
        (Rect::from_min_max(body.min, pos2(x, body.max.y)), Rect::from_min_max(pos2(x + gap, body.min.y), body.max))
    }
}

/// Draws the panel.
pub fn show(ui: &Ui, look: &Look, place: Rect, hero: &Hero<'_>) {
    ui.painter().rect_filled(place, look.radius(), look.fill(Ground::Brand));
    let style = |size, weight, ink| Style::new(size, weight).on(Ground::Brand).ink(ink).align(Align2::CENTER_TOP);
    let mut lines = vec![
        Line::new(hero.headline, style(TextSize::Display, Weight::Bold, Ink::Strong), look.gap(Gap::Tight)),
        Line::new(hero.under, style(TextSize::Title, Weight::Bold, Ink::Soft), look.gap(Gap::Large)),
    ];
    for more in hero.more {
        lines.push(Line::new(more, style(TextSize::Body, Weight::Regular, Ink::Strong), look.gap(Gap::Tight)));
    }
    let inner = place.shrink(look.gap(Gap::Large));
    let count = stack::fitting(ui, look, inner.size(), &lines);
    let height = stack::height(ui, look, inner.width(), &lines[..count]);
    let gap = look.gap(Gap::Medium);
    // As large as the words allow; left out rather than tiny.
    let room = if count == lines.len() { inner.height() - height - gap } else { 0.0 };
    let side = (look.points(TextSize::Display) * 2.2).min(inner.height() * 0.3).min(room);
    let has_emblem = side >= look.points(TextSize::Display) * 0.8;
    let above = if has_emblem { side + gap } else { 0.0 };
    let top = inner.min.y + ((inner.height() - above - height) / 2.0).max(0.0);
    if has_emblem {
        emblem(
            ui,
            look,
            hero.emblem,
            Rect::from_center_size(pos2(inner.center().x, top + side / 2.0), vec2(side, side)),
        );
    }
    stack::show(ui, look, Rect::from_min_max(pos2(inner.min.x, top + above), inner.max), Align::Min, &lines);
}

fn emblem(ui: &Ui, look: &Look, emblem: Emblem, place: Rect) {
    let painter = ui.painter();
    match emblem {
        Emblem::Star => mark::star(painter, place, look.gold()),
        Emblem::Warning => {
            mark::sign(painter, place.shrink(place.width() * 0.08), look.gold(), look.fill(Ground::Brand), true)
        }
        Emblem::Pause => {
            painter.circle_filled(place.center(), place.width() / 2.0, look.gold());
            for dx in [-0.13, 0.13] {
                let centre = place.center() + vec2(place.width() * dx, 0.0);
                let bar = Rect::from_center_size(centre, vec2(place.width() * 0.11, place.height() * 0.42));
                painter.rect_filled(bar, 4, look.fill(Ground::Brand));
            }
        }
    }
}
