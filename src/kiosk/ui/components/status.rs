//! One line about the terminal's health, told by shape and word, not by colour alone.

use egui::{Rect, Shape, Stroke, Ui, pos2, vec2};

use super::mark;
use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Gap, Ground, Ink, Look, TextSize, Weight};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Fine,
    /// Something is under way or waits.
    Waiting,
    Trouble,
}

/// Draws a sign and the words on the paper.
pub fn show(ui: &Ui, look: &Look, place: Rect, state: State, words: &str) {
    let side = look.points(TextSize::Caption) * 0.9;
    let sign = Rect::from_min_size(pos2(place.min.x, place.center().y - side / 2.0), vec2(side, side));
    let colour = look.ink(Ink::Soft, Ground::Paper);
    let painter = ui.painter();
    match state {
        State::Fine => mark::tick(painter, sign, Stroke::new(side * 0.14, colour)),
        State::Waiting => {
            painter.circle_stroke(sign.center(), side * 0.4, Stroke::new(side * 0.12, colour));
            let hand =
                vec![sign.center() - vec2(0.0, side * 0.22), sign.center(), sign.center() + vec2(side * 0.16, 0.0)];
            painter.add(Shape::line(hand, Stroke::new(side * 0.1, colour)));
        }
        State::Trouble => {
            let brand = look.ink(Ink::Brand, Ground::Paper);
            mark::sign(painter, sign, brand, look.fill(Ground::Paper), true);
        }
    }
    let words_place = Rect::from_min_max(pos2(sign.max.x + look.gap(Gap::Tight), place.min.y), place.max);
    let style = Style::new(TextSize::Caption, Weight::Regular).ink(Ink::Soft);
    text::label(ui, look, words_place, words, style);
}
