//! Time that is left: a ring with a number, or a bar. Whoever counts asks for the repaint, once a second; nothing here does.

use std::f32::consts::{PI, TAU};

use egui::{Align2, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, vec2};

use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Ground, Look, TextSize, Weight};

/// A ring that empties clockwise around the seconds left. `words` is what AccessKit reads.
pub fn ring(ui: &Ui, look: &Look, place: Rect, seconds_left: u32, of_seconds: u32, words: &str) {
    let side = place.width().min(place.height());
    let width = (side * 0.09).max(4.0);
    let radius = (side - width) / 2.0;
    let painter = ui.painter();
    painter.circle_stroke(place.center(), radius, Stroke::new(width, look.fill(Ground::Sunken)));
    let share = share_of(seconds_left, of_seconds);
    let steps = (64.0 * share).ceil() as usize;
    if steps > 0 {
        let points = (0..=steps).map(|n| {
            let angle = -PI / 2.0 - TAU * share * n as f32 / steps as f32;
            place.center() + vec2(angle.cos(), angle.sin()) * radius
        });
        painter.add(Shape::line(points.collect(), Stroke::new(width, look.fill(Ground::Brand))));
    }
    let style = Style::new(TextSize::Body, Weight::Bold).align(Align2::CENTER_CENTER);
    text::paint(ui, look, place, &seconds_left.to_string(), style);
    tell(ui, place, words, seconds_left);
}

/// A thin bar that shortens towards its start.
pub fn bar(ui: &Ui, look: &Look, place: Rect, seconds_left: u32, of_seconds: u32, words: &str) {
    let radius = (place.height() / 2.0) as u8;
    ui.painter().rect_filled(place, radius, look.fill(Ground::Sunken));
    let width = place.width() * share_of(seconds_left, of_seconds);
    let filled = Rect::from_min_size(place.min, vec2(width, place.height()));
    if filled.width() > place.height() {
        ui.painter().rect_filled(filled, radius, look.fill(Ground::Brand));
    }
    tell(ui, place, words, seconds_left);
}

fn tell(ui: &Ui, place: Rect, words: &str, seconds_left: u32) {
    let response = ui.interact(place, ui.scope_id().with(("countdown", place.min.x as i32)), Sense::hover());
    response.widget_info(|| WidgetInfo {
        value: Some(f64::from(seconds_left)),
        ..WidgetInfo::labeled(Role::ProgressIndicator, true, words)
    });
}

/// Time that was extended beyond its total shows as full.
fn share_of(seconds_left: u32, of_seconds: u32) -> f32 {
    (seconds_left as f32 / of_seconds.max(1) as f32).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_never_leaves_the_ring() {
        assert_eq!(share_of(20, 20), 1.0);
        assert_eq!(share_of(35, 20), 1.0);
        assert_eq!(share_of(0, 0), 0.0);
        assert_eq!(share_of(5, 20), 0.25);
    }
}
