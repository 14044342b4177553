//! 抱歉: the rating was not kept. What happened, what is safe, what to do; nothing is claimed that did not happen.

use egui::{Align, Align2, Rect, StrokeKind, Ui, pos2, vec2};

use super::Stage;
use super::stack::{self, Line};
use crate::kiosk::flow::event::Event;
use crate::kiosk::flow::view::View;
use crate::kiosk::ui::components::mark;
use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Gap, Ground, Ink, Look, TextSize, Weight};
use crate::words::kiosk::TroubleWords;

/// Draws the apology; nothing on it can be pressed.
pub fn show(ui: &Ui, stage: &mut Stage, view: &View, code: &str, hotline: &str) -> Option<Event> {
    let look = stage.kit.look;
    let body = stage.layout(ui).frame().body;
    mark::panel(ui.painter(), &look, body, Ground::Card);
    let inner = body.shrink(look.gap(Gap::Huge));
    let words = TroubleWords(view.language);
    let (title, message, what) = (words.title(), words.message(), words.what_to_do(hotline));
    let style = |size, weight, ink| Style::new(size, weight).on(Ground::Card).ink(ink).align(Align2::CENTER_TOP);
    let lines = [
        Line::new(&title, style(TextSize::Display, Weight::Bold, Ink::Strong), look.gap(Gap::Medium)),
        Line::new(&what, style(TextSize::Title, Weight::Bold, Ink::Brand), look.gap(Gap::Small)),
        Line::new(&message, style(TextSize::Body, Weight::Regular, Ink::Soft), 0.0),
    ];
    let badge = text::row_height(&look, TextSize::Body) + look.gap(Gap::Medium);
    let gap = look.gap(Gap::Large);
    let side = (look.points(TextSize::Display) * 1.9).min(inner.height() * 0.24);
    let said = stack::height(ui, &look, inner.width(), &lines);
    let has_sign = inner.height() >= side + said + badge + 2.0 * gap;
    let above = if has_sign { side + gap } else { 0.0 };
    let top = inner.min.y + ((inner.height() - above - said - gap - badge) / 2.0).max(0.0);
    if has_sign {
        let sign = Rect::from_center_size(pos2(inner.center().x, top + side / 2.0), vec2(side, side));
        mark::sign(ui.painter(), sign, look.ink(Ink::Brand, Ground::Card), look.fill(Ground::Card), true);
    }
    let texts = Rect::from_min_max(
        pos2(inner.min.x, top + above),
        pos2(inner.max.x, (top + above + said).min(inner.max.y - gap - badge)),
    );
    stack::show(ui, &look, texts, Align::Min, &lines);
    fault_code(ui, &look, pos2(inner.center().x, texts.max.y + gap + badge / 2.0), badge, view, code);
    None
}

/// What the citizen can tell the hotline.
fn fault_code(ui: &Ui, look: &Look, centre: egui::Pos2, height: f32, view: &View, code: &str) {
    let words = format!("{} {code}", TroubleWords(view.language).code());
    let style = Style::new(TextSize::Body, Weight::Bold).on(Ground::Sunken).align(Align2::CENTER_CENTER);
    let width = text::measure(ui, look, f32::INFINITY, &words, style).x + 2.0 * look.gap(Gap::Large);
    let place = Rect::from_center_size(centre, vec2(width, height));
    ui.painter().rect(place, look.radius(), look.fill(Ground::Sunken), look.hairline(), StrokeKind::Inside);
    text::label(ui, look, place, &words, style);
}
