//! Texts one under another, measured first, so that the block stands where it belongs at any length and language.

use egui::{Align, Align2, Rect, Ui, Vec2, pos2, vec2};

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

/// How many of the lines, from the first, find room. What comes last matters least; the first is always drawn.
pub fn fitting(ui: &Ui, look: &Look, space: Vec2, lines: &[Line<'_>]) -> usize {
    let fits = |&n: &usize| height(ui, look, space.x, &lines[..n]) <= space.y + 0.5;
    (1..=lines.len()).rev().find(fits).unwrap_or(lines.len().min(1))
}

/// Draws the lines that find room at `align` within `place` and answers the rectangle of the block.
pub fn show(ui: &Ui, look: &Look, place: Rect, align: Align, lines: &[Line<'_>]) -> Rect {
    let lines = &lines[..fitting(ui, look, place.size(), lines)];
    let block = vec2(place.width(), height(ui, look, place.width(), lines).min(place.height()));
    let whole = Align2([Align::Center, align]).align_size_within_rect(block, place);
    let mut y = whole.min.y;
    for line in lines {
        let height = line_height(ui, look, place.width(), line).min(whole.max.y - y);
        let row = Rect::from_min_size(pos2(place.min.x, y), vec2(place.width(), height));
        if line.is_name {
            text::person(ui, look, row, line.text, line.style);
        } else {
            let size = vec2(balanced(ui, look, place.width(), line), height);
            let row = Align2([line.style.align.x(), Align::Min]).align_size_within_rect(size, row);
            text::label(ui, look, row, line.text, line.style);
        }
        y += height + line.after;
    }
    whole
}

/// The least width at which a text has no more rows than at `width`: rows of equal length, and no single
/// character in the last one.
fn balanced(ui: &Ui, look: &Look, width: f32, line: &Line<'_>) -> f32 {
    let height = |width| text::measure(ui, look, width, line.text, line.style).y;
    let tall = height(width);
    if tall <= text::row_height(look, line.style.size) + 0.5 {
        return width;
    }
    let (mut least, mut most) = (width / 2.0, width);
    for _ in 0..6 {
        let middle = (least + most) / 2.0;
        if height(middle) <= tall + 0.5 { most = middle } else { least = middle }
    }
    most.ceil()
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
