//! Texts one under another, measured first, so that the block stands where it belongs at any length and language.

use egui::{Align, Align2, Rect, Ui, pos2, vec2};

use crate::kiosk::ui::Look;
use crate::kiosk::ui::text::{self, Style};

/// One line of a stack.
pub struct Line<'a> {
    pub text: &'a str,
    pub style: Style,
    /// Space under it, in points.
    pub after: f32,
    /// A person's or window's name: shrunk before it wraps, never cut.
    pub is_name: bool,
}

impl<'a> Line<'a> {
    pub fn new(text: &'a str, style: Style, after: f32) -> Self {
        Self { text, style, after, is_name: false }
    }

    pub fn name(text: &'a str, style: Style, after: f32) -> Self {
        Self { text, style, after, is_name: true }
    }
}

/// The height of the stack at `width`.
pub fn height(ui: &Ui, look: &Look, width: f32, lines: &[Line<'_>]) -> f32 {
    let last = lines.last().map_or(0.0, |line| line.after);
    lines.iter().map(|line| line_height(ui, look, width, line) + line.after).sum::<f32>() - last
}

/// Draws the lines at `align` within `place` and answers the rectangle of the block. If they find no room, each gets its
/// share of what there is, and shrinks.
pub fn show(ui: &Ui, look: &Look, place: Rect, align: Align, lines: &[Line<'_>]) -> Rect {
    let wanted = height(ui, look, place.width(), lines);
    let share = (place.height() / wanted.max(1.0)).min(1.0);
    let block = vec2(place.width(), wanted * share);
    let whole = Align2([Align::Center, align]).align_size_within_rect(block, place);
    let mut y = whole.min.y;
    for line in lines {
        let height = line_height(ui, look, place.width(), line) * share;
        let row = Rect::from_min_size(pos2(place.min.x, y), vec2(place.width(), height));
        if line.is_name {
            text::person(ui, look, row, line.text, line.style);
        } else {
            text::label(ui, look, row, line.text, line.style);
        }
        y += height + line.after * share;
    }
    whole
}

fn line_height(ui: &Ui, look: &Look, width: f32, line: &Line<'_>) -> f32 {
    let one = text::row_height(look, line.style.size);
    if line.is_name {
        // A name that is too wide is set in two rows at most.
        let wide = text::measure(ui, look, f32::INFINITY, line.text, line.style).x > width / 0.7;
        return if wide { 2.0 * one } else { one };
    }
    text::measure(ui, look, width, line.text, line.style).y.max(one)
}

/// Column `n` of `count` equal ones.
pub fn column(row: Rect, n: usize, count: usize, gap: f32) -> Rect {
    let width = (row.width() - gap * (count.max(1) - 1) as f32) / count.max(1) as f32;
    Rect::from_min_size(pos2(row.min.x + (width + gap) * n as f32, row.min.y), vec2(width, row.height()))
}

/// Row `n` of `count` equal ones.
pub fn row(column: Rect, n: usize, count: usize, gap: f32) -> Rect {
    let height = (column.height() - gap * (count.max(1) - 1) as f32) / count.max(1) as f32;
    Rect::from_min_size(pos2(column.min.x, column.min.y + (height + gap) * n as f32), vec2(column.width(), height))
}
