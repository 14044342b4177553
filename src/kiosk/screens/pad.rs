//! A number pad beside what it is for: staff number, PIN, maintenance PIN.

use egui::{Align, Align2, Rect, Ui, pos2};

use super::Stage;
use super::stack::{self, Line};
use crate::kiosk::flow::event::Event;
use crate::kiosk::flow::view::PadProblem;
use crate::kiosk::ui::components::button::{self, Variant};
use crate::kiosk::ui::components::pad::{self, Key, Pad, Typed};
use crate::kiosk::ui::layout::PadScreen;
use crate::kiosk::ui::text::Style;
use crate::kiosk::ui::tokens::{Gap, Ink, TextSize, Weight};
use crate::words::Language;
use crate::words::kiosk::StaffWords;

/// Dots shown while fewer digits are typed.
const PIN_PLACES: usize = 6;

/// What one pad asks for.
pub struct Asked<'a> {
    pub language: Language,
    pub title: &'a str,
    /// Whose PIN it is.
    pub whose: Option<&'a str>,
    pub hint: &'a str,
    pub field: &'a str,
    pub typed: Digits<'a>,
    pub is_checking: bool,
    pub problem: Option<PadProblem>,
    /// What a wrong entry is called.
    pub refused: &'a str,
    /// The way on to maintenance.
    pub door: Option<&'a str>,
}

#[derive(Debug, Clone, Copy)]
pub enum Digits<'a> {
    Plain(&'a str),
    Hidden(usize),
}

/// Draws the pad; a digit, or what the other keys mean.
pub fn show(ui: &Ui, stage: &mut Stage, asked: &Asked<'_>, digit: fn(char) -> Event) -> Option<Event> {
    let places = stage.layout(ui).pad();
    let words = StaffWords(asked.language);
    side(ui, stage, places.title.union(places.side).intersect(above(&places)), asked);
    let typed = match asked.typed {
        Digits::Plain(digits) => Typed::Plain(digits),
        Digits::Hidden(count) => Typed::Hidden { count, places: PIN_PLACES },
    };
    let keys = Pad { typed, field: asked.field, erase: &words.erase(), enter: &words.enter() };
    let key = pad::show(ui, &mut stage.kit, places.display, &places.keys, &keys);
    let left = leave(ui, stage, places.side, places.back, asked);
    if asked.is_checking {
        // The answer is on its way; what is typed meanwhile would belong to no question.
        return left;
    }
    let key = key.map(|key| match key {
        Key::Digit(n) => digit(char::from(b'0' + n)),
        Key::Erase => Event::DigitErased,
        Key::Enter => Event::DigitsEntered,
    });
    key.or(left)
}

/// What is left beside (on a pillar, above) the keys.
fn above(places: &PadScreen) -> Rect {
    let right = if places.display.min.y > places.side.max.y { places.side.max.x } else { places.display.min.x };
    Rect::from_min_max(places.title.min, pos2(right.max(places.side.max.x), places.back.min.y))
}

fn side(ui: &Ui, stage: &Stage, place: Rect, asked: &Asked<'_>) {
    let look = &stage.kit.look;
    let words = StaffWords(asked.language);
    let style = |size, weight, ink| Style::new(size, weight).ink(ink).align(Align2::LEFT_TOP);
    let title = style(TextSize::Display, Weight::Bold, Ink::Strong);
    let mut lines = vec![Line::new(asked.title, title, look.gap(Gap::Small))];
    if let Some(whose) = asked.whose {
        lines.push(Line::new(whose, style(TextSize::Title, Weight::Bold, Ink::Brand), look.gap(Gap::Small)));
    }
    let problem = match asked.problem {
        Some(PadProblem::Refused) => Some(asked.refused.to_owned()),
        Some(PadProblem::Wait { seconds }) => Some(words.wait(seconds).into_owned()),
        None => None,
    };
    let checking = words.checking();
    if asked.is_checking {
        lines.push(Line::new(&checking, style(TextSize::Body, Weight::Regular, Ink::Strong), 0.0));
    } else if let Some(problem) = &problem {
        lines.push(Line::new(problem, style(TextSize::Body, Weight::Bold, Ink::Brand), 0.0));
    } else {
        lines.push(Line::new(asked.hint, style(TextSize::Body, Weight::Regular, Ink::Soft), 0.0));
    }
    stack::show(ui, look, place, Align::Center, &lines);
}

/// Back, and on some pads the way on to maintenance.
fn leave(ui: &Ui, stage: &mut Stage, side: Rect, back: Rect, asked: &Asked<'_>) -> Option<Event> {
    let words = StaffWords(asked.language);
    let gap = stage.kit.look.gap(Gap::Small);
    let row = Rect::from_min_max(pos2(side.min.x, back.min.y), pos2(side.max.x, back.max.y));
    let (back, door) = match asked.door {
        Some(_) => (stack::column(row, 0, 2, gap), Some(stack::column(row, 1, 2, gap))),
        None => (stack::column(row, 0, 2, gap), None),
    };
    if button::show(ui, &mut stage.kit, back, "back", &words.back(), Variant::Secondary) {
        return Some(Event::PanelLeft);
    }
    let (door, word) = door.zip(asked.door)?;
    button::show(ui, &mut stage.kit, door, "maintenance", word, Variant::Secondary).then_some(Event::MaintenanceAsked)
}
