//! A number pad for PINs; what is typed shows as dots.

use egui::{Align2, Rect, Role, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::mark;
use crate::kiosk::ui::Kit;
use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Gap, Ground, Ink, TextSize, Weight};
use crate::kiosk::ui::touch::Kind;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Digit(u8),
    Clear,
    Back,
}

#[derive(Debug, Clone, Copy)]
pub struct Pad<'a> {
    /// How many digits are typed; the digits themselves never come here.
    pub typed: usize,
    /// Places shown.
    pub places: usize,
    /// What is typed, for AccessKit: `密码`.
    pub field: &'a str,
    pub clear: &'a str,
    pub back: &'a str,
}

/// Draws the dots in `display` and the keys; the key that was pressed. Overlapping fingers type one key each.
pub fn show(ui: &Ui, kit: &mut Kit, display: Rect, keys: &[Rect; 12], pad: &Pad<'_>) -> Option<Key> {
    dots(ui, kit, display, pad);
    let mut pressed = None;
    for (n, &place) in keys.iter().enumerate() {
        let key = match n {
            9 => Key::Clear,
            11 => Key::Back,
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
        Key::Clear => pad.clear.to_owned(),
        Key::Back => pad.back.to_owned(),
    };
    let target = kit.touch.target(ui, ui.scope_id().with(("key", &word)), place, Kind::Key);
    target.response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), &word));
    let look = &kit.look;
    let ground = if target.held || !matches!(key, Key::Digit(_)) { Ground::Sunken } else { Ground::Card };
    let outline = if target.held { look.strong_outline() } else { look.outline() };
    ui.painter().rect(place, look.radius(), look.fill(ground), outline, StrokeKind::Inside);
    match key {
        Key::Back => {
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

fn dots(ui: &Ui, kit: &Kit, place: Rect, pad: &Pad<'_>) {
    let look = &kit.look;
    let response = ui.interact(place, ui.scope_id().with("pad-display"), egui::Sense::hover());
    response.widget_info(|| WidgetInfo {
        current_text_value: Some("•".repeat(pad.typed)),
        ..WidgetInfo::labeled(Role::PasswordInput, ui.is_enabled(), pad.field)
    });
    let painter = ui.painter();
    painter.rect(place, look.radius(), look.fill(Ground::Card), look.hairline(), StrokeKind::Inside);
    let places = pad.places.max(pad.typed).max(1);
    let step = (place.width() / places as f32).min(look.gap(Gap::Huge) * 1.3);
    let radius = (step * 0.2).min(place.height() * 0.16);
    let start = place.center().x - step * (places - 1) as f32 / 2.0;
    for n in 0..places {
        let at = pos2(start + step * n as f32, place.center().y);
        if n < pad.typed {
            painter.circle_filled(at, radius, look.ink(Ink::Strong, Ground::Card));
        } else {
            painter.circle_stroke(at, radius, look.outline());
        }
    }
}
