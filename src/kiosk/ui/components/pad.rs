//! A number pad: staff numbers show their digits, PINs only dots.

use egui::{Align2, Rect, Role, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::mark;
use crate::kiosk::ui::Kit;
use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Gap, Ground, Ink, Look, TextSize, Weight};
use crate::kiosk::ui::touch::Kind;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Digit(u8),
    /// Takes the last digit back.
    Erase,
    /// The number is complete.
    Enter,
}

/// What stands in the display.
#[derive(Debug, Clone, Copy)]
pub enum Typed<'a> {
    Plain(&'a str),
    /// So many dots of so many places; the digits themselves never come here.
    Hidden {
        count: usize,
        places: usize,
    },
}

#[derive(Debug, Clone, Copy)]
pub struct Pad<'a> {
    pub typed: Typed<'a>,
    /// What is typed, for AccessKit: `密码`.
    pub field: &'a str,
    pub erase: &'a str,
    pub enter: &'a str,
}

/// Draws the dots in `display` and the keys; the key that was pressed. Overlapping fingers type one key each.
pub fn show(ui: &Ui, kit: &mut Kit, display: Rect, keys: &[Rect; 12], pad: &Pad<'_>) -> Option<Key> {
    shown(ui, kit, display, pad);
    let mut pressed = None;
    for (n, &place) in keys.iter().enumerate() {
        let key = match n {
            9 => Key::Erase,
            11 => Key::Enter,
            10 => Key::Digit(0),
            n => Key::Digit(n as u8 + 1),
        };
        if one_key(ui, kit, place, key, pad) {
            pressed = Some(key);
        }
    }
    pressed
}

fn one_key(ui: &Ui, kit: &mut Kit, place: Rect, key: Key, pad: &Pad<'_>) -> bool {
    let word = match key {
        Key::Digit(digit) => digit.to_string(),
        Key::Erase => pad.erase.to_owned(),
        Key::Enter => pad.enter.to_owned(),
    };
    let target = kit.touch.target(ui, ui.scope_id().with(("key", &word)), place, Kind::Key);
    target.response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), &word));
    let look = &kit.look;
    let (ground, outline) = match (key, target.held) {
        (Key::Enter, false) => (Ground::Brand, Stroke::NONE),
        (Key::Digit(_), false) => (Ground::Card, look.outline()),
        (_, false) => (Ground::Sunken, look.outline()),
        (_, true) => (Ground::Sunken, look.strong_outline()),
    };
    ui.painter().rect(place, look.radius(), look.fill(ground), outline, StrokeKind::Inside);
    match key {
        Key::Erase => {
            let side = look.points(TextSize::Title) * 1.1;
            let icon = Rect::from_center_size(place.center(), vec2(side, side));
            mark::backspace(ui.painter(), icon, Stroke::new(side * 0.07, look.ink(Ink::Strong, ground)));
        }
        _ => {
            let size = if matches!(key, Key::Digit(_)) { TextSize::Title } else { TextSize::Body };
            let style = Style::new(size, Weight::Bold).on(ground).align(Align2::CENTER_CENTER);
            text::paint(ui, look, place.shrink(4.0), &word, style);
        }
    }
    target.pressed
}

fn shown(ui: &Ui, kit: &Kit, place: Rect, pad: &Pad<'_>) {
    let look = &kit.look;
    let response = ui.interact(place, ui.scope_id().with("pad-display"), egui::Sense::hover());
    let (role, value) = match pad.typed {
        Typed::Plain(digits) => (Role::TextInput, digits.to_owned()),
        Typed::Hidden { count, .. } => (Role::PasswordInput, "•".repeat(count)),
    };
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(value.clone()),
        ..WidgetInfo::labeled(role, ui.is_enabled(), pad.field)
    });
    ui.painter().rect(place, look.radius(), look.fill(Ground::Card), look.hairline(), StrokeKind::Inside);
    match pad.typed {
        Typed::Plain(digits) => {
            let style = Style::new(TextSize::Title, Weight::Bold).on(Ground::Card).align(Align2::CENTER_CENTER);
            text::paint(ui, look, place.shrink(look.gap(Gap::Tight)), digits, style);
        }
        Typed::Hidden { count, places } => dots(ui, look, place, count, places),
    }
}

fn dots(ui: &Ui, look: &Look, place: Rect, count: usize, places: usize) {
    let painter = ui.painter();
    let places = places.max(count).max(1);
    let step = (place.width() / places as f32).min(look.gap(Gap::Huge) * 1.3);
    let radius = (step * 0.2).min(place.height() * 0.16);
    let start = place.center().x - step * (places - 1) as f32 / 2.0;
    for n in 0..places {
        let at = pos2(start + step * n as f32, place.center().y);
        if n < count {
            painter.circle_filled(at, radius, look.ink(Ink::Strong, Ground::Card));
        } else {
            painter.circle_stroke(at, radius, look.outline());
        }
    }
}
