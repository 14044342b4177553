//! Texts that fit: shrunk and wrapped before anything is cut off, and known to AccessKit.

use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Align2, Color32, Galley, Pos2, Rect, Role, Ui, Vec2, WidgetInfo};

use super::fonts;
use super::tokens::{Ground, Ink, Look, TextSize, Weight};

/// A name is never set smaller than this share of its size before it wraps.
const WRAP_BELOW: f32 = 0.85;
/// Where even this is too large, a name leaves its place rather than lose a character. Points.
const SMALLEST_NAME: f32 = 12.0;
const LINE_HEIGHT: f32 = 1.35;

/// How a text looks and where in its place it stands.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    pub size: TextSize,
    pub weight: Weight,
    pub ink: Ink,
    pub on: Ground,
    pub align: Align2,
}

impl Style {
    pub const fn new(size: TextSize, weight: Weight) -> Self {
        Self { size, weight, ink: Ink::Strong, on: Ground::Paper, align: Align2::LEFT_CENTER }
    }

    #[must_use]
    pub const fn ink(self, ink: Ink) -> Self {
        Self { ink, ..self }
    }

    #[must_use]
    pub const fn on(self, on: Ground) -> Self {
        Self { on, ..self }
    }

    #[must_use]
    pub const fn align(self, align: Align2) -> Self {
        Self { align, ..self }
    }
}

/// Draws `text` in `place` and tells AccessKit; the rectangle that it fills. A text that is too long wraps, then shrinks
/// to the smallest allowed size, and only then ends in “…” on screen (AccessKit keeps it whole).
pub fn label(ui: &Ui, look: &Look, place: Rect, text: &str, style: Style) -> Rect {
    let rect = paint(ui, look, place, text, style);
    name(ui, rect, text, style);
    rect
}

/// The same without AccessKit, for texts inside a widget that carries its own label.
pub fn paint(ui: &Ui, look: &Look, place: Rect, text: &str, style: Style) -> Rect {
    let galley = block(ui, look, place.size(), text, style);
    draw(ui, place, galley, style.align)
}

/// The same at a size that several texts share, see [`common_points`].
pub fn paint_at(ui: &Ui, look: &Look, place: Rect, text: &str, style: Style, points: f32) -> Rect {
    let rows = (place.height() / (points * LINE_HEIGHT).round() + 0.1).floor().max(1.0) as usize;
    draw(ui, place, layout(ui, look, style, text, points, place.width(), rows), style.align)
}

/// The largest size, in points, at which each of `texts` fits into `space`: equals are set equally large.
pub fn common_points(ui: &Ui, look: &Look, texts: &[&str], space: Vec2, style: Style) -> f32 {
    let (mut points, least) = (look.points(style.size), look.min_points());
    while points > least {
        if texts.iter().all(|text| fits_at(ui, look, space, text, style, points)) {
            return points;
        }
        points -= 1.0;
    }
    least
}

/// Whether [`paint_at`] would draw `text` whole and no word torn.
pub fn fits_at(ui: &Ui, look: &Look, space: Vec2, text: &str, style: Style, points: f32) -> bool {
    let galley = layout(ui, look, style, text, points, space.x, usize::MAX);
    is_whole(&galley, space) && !splits_a_word(&galley)
}

/// A person's or window's name: one line shrunk a little, else two lines, and whole at any length.
pub fn person(ui: &Ui, look: &Look, place: Rect, text: &str, style: Style) -> Rect {
    let rect = draw(ui, place, person_galley(ui, look, place.size(), text, style), style.align);
    name(ui, rect, text, style);
    rect
}

/// Wrapped at `width`; for those who must know the height beforehand.
pub fn measure(ui: &Ui, look: &Look, width: f32, text: &str, style: Style) -> Vec2 {
    layout(ui, look, style, text, look.points(style.size), width, usize::MAX).size()
}

/// Whether `text` fits into `space` whole, shrunk if need be.
pub fn fits(ui: &Ui, look: &Look, space: Vec2, text: &str, style: Style) -> bool {
    is_whole(&block(ui, look, space, text, style), space)
}

/// The height of one row of `size`.
pub fn row_height(look: &Look, size: TextSize) -> f32 {
    (look.points(size) * LINE_HEIGHT).round()
}

fn block(ui: &Ui, look: &Look, space: Vec2, text: &str, style: Style) -> Arc<Galley> {
    let (full, least) = (look.points(style.size), look.min_points());
    let mut points = full;
    while points > least {
        let galley = layout(ui, look, style, text, points, space.x, usize::MAX);
        if is_whole(&galley, space) {
            return galley;
        }
        points = (points * 0.92).floor().max(least);
    }
    let rows = (space.y / (least * LINE_HEIGHT).round() + 0.1).floor().max(1.0) as usize;
    layout(ui, look, style, text, least, space.x, rows)
}

fn person_galley(ui: &Ui, look: &Look, space: Vec2, text: &str, style: Style) -> Arc<Galley> {
    let full = look.points(style.size);
    let sizes = || (SMALLEST_NAME as u32..=full as u32).rev().map(|points| points as f32);
    let in_rows = |points: f32, text: &str, rows: usize| {
        let width = if rows == 1 { f32::INFINITY } else { space.x };
        layout(ui, look, style, text, points, width, rows)
    };
    let one = sizes().find(|&points| is_whole(&in_rows(points, text, 1), space));
    if let Some(points) = one.filter(|points| *points >= full * WRAP_BELOW) {
        return in_rows(points, text, 1);
    }
    let broken = break_at_dot(text);
    let several = sizes().find(|&points| is_whole(&in_rows(points, &broken, usize::MAX), space));
    match (one, several) {
        (Some(one), Some(several)) if one >= several => in_rows(one, text, 1),
        (_, Some(several)) => in_rows(several, &broken, usize::MAX),
        (Some(one), None) => in_rows(one, text, 1),
        (None, None) => in_rows(SMALLEST_NAME, &broken, usize::MAX),
    }
}

/// A long name breaks best behind the middle dot nearest to its middle.
fn break_at_dot(text: &str) -> String {
    let middle = text.len() / 2;
    let dots = text.char_indices().filter(|(_, c)| matches!(c, '·' | '•' | '‧'));
    match dots.min_by_key(|(at, _)| at.abs_diff(middle)) {
        Some((at, dot)) => {
            let (first, rest) = text.split_at(at + dot.len_utf8());
            format!("{first}\n{rest}")
        }
        None => text.to_owned(),
    }
}

/// A Latin word that is wider than its place is torn apart.
fn splits_a_word(galley: &Galley) -> bool {
    galley.rows.windows(2).any(|pair| {
        let last = pair[0].glyphs.last().map(|glyph| glyph.chr);
        let next = pair[1].glyphs.first().map(|glyph| glyph.chr);
        matches!((last, next), (Some(a), Some(b)) if a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric())
    })
}

fn is_whole(galley: &Galley, space: Vec2) -> bool {
    // Half a point of rounding is not a reason to shrink.
    galley.size().x <= space.x + 0.5 && galley.size().y <= space.y + 0.5 && !galley.elided
}

fn layout(ui: &Ui, look: &Look, style: Style, text: &str, points: f32, width: f32, rows: usize) -> Arc<Galley> {
    let format = TextFormat {
        font_id: fonts::font_id(points, style.weight),
        color: look.ink(style.ink, style.on),
        line_height: Some((points * LINE_HEIGHT).round()),
        ..TextFormat::default()
    };
    let mut job = LayoutJob::single_section(text.to_owned(), format);
    job.wrap = TextWrapping { max_width: width, max_rows: rows, ..TextWrapping::default() };
    job.halign = style.align.x();
    ui.fonts_mut(|fonts| fonts.layout_job(job))
}

fn draw(ui: &Ui, place: Rect, galley: Arc<Galley>, align: Align2) -> Rect {
    let rect = align.align_size_within_rect(galley.size(), place);
    // A galley's own alignment moves its rows about its origin.
    let origin = Pos2::new(rect.min.x - galley.rect.min.x, rect.min.y - galley.rect.min.y);
    thicken_rare(ui, origin, &galley);
    ui.painter().galley(origin, galley, Color32::PLACEHOLDER);
    rect
}

/// The font of rare characters has one thin weight: they are drawn again all around, until their strokes go with the
/// text beside them.
fn thicken_rare(ui: &Ui, origin: Pos2, galley: &Galley) {
    let Some(format) = galley.job.sections.first().map(|section| section.format.clone()) else { return };
    if !galley.job.text.chars().any(|c| fonts::is_rare(ui.ctx(), c)) {
        return;
    }
    let mut job = LayoutJob { sections: Vec::new(), text: String::new(), ..(*galley.job).clone() };
    for c in galley.job.text.chars() {
        let color = if fonts::is_rare(ui.ctx(), c) { format.color } else { Color32::TRANSPARENT };
        job.append(c.encode_utf8(&mut [0; 4]), 0.0, TextFormat { color, ..format.clone() });
    }
    let rare = ui.fonts_mut(|fonts| fonts.layout_job(job));
    let is_bold = format.font_id == fonts::font_id(format.font_id.size, Weight::Bold);
    let reach = format.font_id.size * if is_bold { 0.022 } else { 0.008 };
    for n in 0..8 {
        let angle = n as f32 * std::f32::consts::TAU / 8.0;
        let aside = Vec2::new(angle.cos(), angle.sin()) * reach;
        ui.painter().galley(origin + aside, rare.clone(), Color32::PLACEHOLDER);
    }
}

fn name(ui: &Ui, rect: Rect, text: &str, style: Style) {
    let id = ui.scope_id().with(("text", text, style.size as u8, rect.min.x as i32, rect.min.y as i32));
    let response = ui.interact(rect, id, egui::Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
}

#[cfg(test)]
mod tests;
