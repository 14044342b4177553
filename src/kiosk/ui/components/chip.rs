//! Chips: reasons of which several may be chosen.

use egui::{Align2, Rect, Role, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::mark;
use crate::kiosk::ui::Kit;
use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Gap, Ground, Ink, Look, TextSize, Weight};
use crate::kiosk::ui::touch::Kind;

#[derive(Debug, Clone, Copy)]
pub struct Chip<'a> {
    pub word: &'a str,
    pub is_chosen: bool,
}

/// Draws the chips as an even grid; the one that was pressed. Chips that find no room at `height` are made lower, down to
/// the smallest target, and never left out.
pub fn grid(ui: &Ui, kit: &mut Kit, place: Rect, height: f32, chips: &[Chip<'_>]) -> Option<usize> {
    if chips.is_empty() {
        return None;
    }
    let gap = kit.look.gap(Gap::Small);
    let (columns, rows) = shape(ui, &kit.look, place, height, chips);
    let width = ((place.width() - gap * (columns - 1) as f32) / columns as f32).floor();
    let height = one_height(place, height, rows, gap);
    let mut pressed = None;
    for (n, chip) in chips.iter().enumerate() {
        let at = vec2((n % columns) as f32 * (width + gap), (n / columns) as f32 * (height + gap));
        if show(ui, kit, Rect::from_min_size(place.min + at, vec2(width, height)), n, chip) {
            pressed = Some(n);
        }
    }
    pressed
}

/// How much of `place` the grid takes, for those who set it in the middle.
pub fn grid_height(ui: &Ui, look: &Look, place: Rect, height: f32, chips: &[Chip<'_>]) -> f32 {
    if chips.is_empty() {
        return 0.0;
    }
    let gap = look.gap(Gap::Small);
    let (_, rows) = shape(ui, look, place, height, chips);
    (one_height(place, height, rows, gap) + gap) * rows as f32 - gap
}

/// A third taller where there is room: easier to hit, and the screen looks less empty.
fn one_height(place: Rect, height: f32, rows: usize, gap: f32) -> f32 {
    (height * 1.33).min((place.height() - gap * (rows - 1) as f32) / rows as f32)
}

/// Columns and rows.
fn shape(ui: &Ui, look: &Look, place: Rect, height: f32, chips: &[Chip<'_>]) -> (usize, usize) {
    let style = Style::new(TextSize::Body, Weight::Regular);
    let width_of = |chip: &Chip<'_>| text::measure(ui, look, f32::INFINITY, chip.word, style).x;
    let widest = chips.iter().map(width_of).fold(0.0_f32, f32::max);
    let gap = look.gap(Gap::Small);
    let wanted = widest + 2.0 * tick_side(look) + 4.0 * gap;
    arrange(chips.len(), place, wanted, height, gap)
}

/// As many columns as the words allow, as few as the room needs, rows evenly filled.
fn arrange(count: usize, place: Rect, wanted: f32, height: f32, gap: f32) -> (usize, usize) {
    let by_width = (((place.width() + gap) / (wanted + gap)) as usize).clamp(1, 4);
    let by_height = (((place.height() + gap) / (height + gap)) as usize).max(1);
    let mut columns = by_width.min(count);
    while count.div_ceil(columns) > by_height && columns < 6 {
        columns += 1;
    }
    // Four chips stand better as 2 × 2 than as 3 + 1.
    let rows = count.div_ceil(columns);
    (count.div_ceil(rows), rows)
}

fn show(ui: &Ui, kit: &mut Kit, place: Rect, n: usize, chip: &Chip<'_>) -> bool {
    let target = kit.touch.target(ui, ui.scope_id().with(("chip", n)), place, Kind::Key);
    target.response.widget_info(|| WidgetInfo::selected(Role::CheckBox, ui.is_enabled(), chip.is_chosen, chip.word));
    let look = &kit.look;
    let ground = match (target.held, chip.is_chosen) {
        (true, _) => Ground::Sunken,
        (false, true) => Ground::Tint,
        (false, false) => Ground::Card,
    };
    let outline = if chip.is_chosen { look.strong_outline() } else { look.outline() };
    let painter = ui.painter();
    painter.rect(place, look.radius(), look.fill(ground), outline, StrokeKind::Inside);
    let (side, pad) = (tick_side(look), look.gap(Gap::Small));
    let square = Rect::from_min_size(pos2(place.min.x + pad, place.center().y - side / 2.0), vec2(side, side));
    if chip.is_chosen {
        painter.rect_filled(square, 6, look.fill(Ground::Brand));
        mark::tick(painter, square, egui::Stroke::new(side * 0.12, look.ink(Ink::Strong, Ground::Brand)));
    } else {
        painter.rect_stroke(square, 6, look.outline(), StrokeKind::Inside);
    }
    let weight = if chip.is_chosen { Weight::Bold } else { Weight::Regular };
    let style = Style::new(TextSize::Body, weight).on(ground).align(Align2::LEFT_CENTER);
    let words = Rect::from_min_max(pos2(square.max.x + pad, place.min.y + 4.0), place.max - vec2(pad * 0.5, 4.0));
    text::paint(ui, look, words, chip.word, style);
    target.pressed
}

fn tick_side(look: &Look) -> f32 {
    look.points(TextSize::Body) * 1.15
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_even_and_everything_finds_room() {
        let place = Rect::from_min_size(pos2(0.0, 0.0), vec2(1200.0, 400.0));
        for count in 1..=16 {
            let (columns, rows) = arrange(count, place, 300.0, 96.0, 16.0);
            assert!(columns * rows >= count && columns * (rows - 1) < count, "{count}: {columns} × {rows}");
            assert!(rows <= 3, "{count}: {rows} rows do not fit");
        }
        assert_eq!(arrange(4, place, 380.0, 96.0, 16.0), (2, 2));
        assert_eq!(arrange(6, place, 300.0, 96.0, 16.0), (3, 2));
    }
}
