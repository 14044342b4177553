//! The bar at the top: which hall, what time, which language, how large.

use egui::{Align2, Rect, Stroke, Ui, pos2, vec2};

use super::button::{self, Variant};
use super::mark;
use crate::kiosk::ui::layout::Frame;
use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Gap, Ground, TextSize, Weight};
use crate::kiosk::ui::{Class, Kit};

#[derive(Debug, Clone, Copy)]
pub struct Header<'a> {
    pub hall: &'a str,
    /// `15:33`; who shows it asks for a repaint when it changes.
    pub clock: &'a str,
    /// The language that a press changes to, in that language.
    pub language: &'a str,
    pub senior: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toggled {
    Language,
    Senior,
}

/// Draws the bar and the two toggles (on a pillar they stand at the foot of the screen).
pub fn show(ui: &Ui, kit: &mut Kit, frame: &Frame, header: &Header<'_>) -> Option<Toggled> {
    let look = kit.look;
    let painter = ui.painter();
    painter.rect_filled(frame.header, 0, look.fill(Ground::Header));
    let thickness = if look.class == Class::Compact { 3.0 } else { 4.0 };
    let edge = frame.header.max.y - thickness / 2.0;
    painter.hline(frame.header.x_range(), edge, Stroke::new(thickness, look.gold()));
    let side = look.points(TextSize::Title) * 0.9;
    let emblem = Rect::from_min_size(pos2(frame.hall.min.x, frame.hall.center().y - side / 2.0), vec2(side, side));
    mark::star(painter, emblem, look.gold());
    let hall = Rect::from_min_max(pos2(emblem.max.x + look.gap(Gap::Small), frame.hall.min.y), frame.hall.max);
    let style = Style::new(TextSize::Title, Weight::Bold).on(Ground::Header);
    if text::fits(ui, &look, vec2(hall.width(), text::row_height(&look, TextSize::Title)), header.hall, style) {
        text::label(ui, &look, hall, header.hall, style);
        text::label(ui, &look, frame.clock, header.clock, style.align(Align2::RIGHT_CENTER));
    } else {
        // The hall's name matters more than the time.
        text::label(ui, &look, hall.union(frame.clock), header.hall, style);
    }
    let variant = if look.class == Class::Pillar { Variant::Quiet } else { Variant::Header };
    let senior = button::toggle(ui, kit, frame.senior, "senior", header.senior, variant, Some(look.senior));
    let language = button::show(ui, kit, frame.language, "language", header.language, variant);
    match (language, senior) {
        (true, _) => Some(Toggled::Language),
        (_, true) => Some(Toggled::Senior),
        _ => None,
    }
}
