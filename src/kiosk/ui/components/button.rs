//! Buttons.

use egui::{Align2, Rect, Role, Stroke, StrokeKind, Ui, WidgetInfo};

use crate::kiosk::ui::Kit;
use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Gap, Ground, Ink, TextSize, Weight};
use crate::kiosk::ui::touch::Kind;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// What most people will want.
    Primary,
    Secondary,
    /// Beside what the screen is about: on paper, in small words.
    Quiet,
    /// On the header bar.
    Header,
}

/// True when pressed. `key` tells two buttons with one word apart.
pub fn show(ui: &Ui, kit: &mut Kit, place: Rect, key: &str, word: &str, variant: Variant) -> bool {
    toggle(ui, kit, place, key, word, variant, None)
}

/// A button that is on or off.
pub fn toggle(ui: &Ui, kit: &mut Kit, place: Rect, key: &str, word: &str, variant: Variant, on: Option<bool>) -> bool {
    let target = kit.touch.target(ui, ui.scope_id().with(("button", key)), place, Kind::Choice);
    target.response.widget_info(|| match on {
        Some(on) => WidgetInfo::selected(Role::Button, ui.is_enabled(), on, word),
        None => WidgetInfo::labeled(Role::Button, ui.is_enabled(), word),
    });
    let look = &kit.look;
    let (ground, outline) = match variant {
        Variant::Primary => (Ground::Brand, Stroke::NONE),
        Variant::Secondary => (Ground::Card, look.outline()),
        Variant::Quiet => (Ground::Paper, look.outline()),
        Variant::Header => (Ground::Header, Stroke::new(1.5, look.ink(Ink::Soft, Ground::Header))),
    };
    // The header's target is as tall as the bar; what is seen of it is a slimmer pill.
    let seen = if variant == Variant::Header { slim(kit, place) } else { place };
    let painter = ui.painter();
    if ui.is_enabled() {
        let is_light = matches!(variant, Variant::Secondary | Variant::Quiet);
        let ground = if target.held && is_light { Ground::Sunken } else { ground };
        painter.rect(seen, look.radius(), look.fill(ground), outline, StrokeKind::Inside);
    } else {
        painter.rect(seen, look.radius(), look.fill(Ground::Sunken), look.hairline(), StrokeKind::Inside);
    }
    if target.held && matches!(variant, Variant::Primary | Variant::Header) {
        let ring = Stroke::new(3.0, look.ink(Ink::Soft, ground));
        painter.rect_stroke(seen.shrink(3.0), look.radius(), ring, StrokeKind::Inside);
    }
    let (ink, on) = if ui.is_enabled() { (Ink::Strong, ground) } else { (Ink::Soft, Ground::Sunken) };
    let size = if matches!(variant, Variant::Quiet | Variant::Header) { TextSize::Caption } else { TextSize::Body };
    let style = Style::new(size, Weight::Bold).ink(ink).on(on).align(Align2::CENTER_CENTER);
    text::paint(ui, look, seen.shrink(look.gap(Gap::Tight)), word, style);
    target.pressed
}

fn slim(kit: &Kit, place: Rect) -> Rect {
    let height = (text::row_height(&kit.look, TextSize::Caption) + 2.0 * kit.look.gap(Gap::Tight)).min(place.height());
    Rect::from_center_size(place.center(), egui::vec2(place.width(), height))
}
