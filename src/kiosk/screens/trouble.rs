//! 抱歉: the rating was not kept. What happened, what is safe, what to do; nothing is claimed that did not happen.

use egui::{Align, Align2, Pos2, Rect, StrokeKind, Ui, pos2, vec2};

use super::Stage;
use super::hero::{self, Emblem, Hero};
use super::stack::{self, Line};
use crate::kiosk::flow::event::Event;
use crate::kiosk::flow::view::View;
use crate::kiosk::ui::Class;
use crate::kiosk::ui::components::mark;
use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Gap, Ground, Ink, Look, TextSize, Weight};
use crate::words::kiosk::TroubleWords;

/// Draws the apology; nothing on it can be pressed.
pub fn show(ui: &Ui, stage: &mut Stage, view: &View, code: &str, hotline: &str) -> Option<Event> {
    let look = stage.kit.look;
    let words = TroubleWords(view.language);
    let (hero_place, rest) = hero::split(&look, stage.layout(ui).frame().body);
    let (sorry, title) = (words.sorry(), words.title());
    hero::show(ui, &look, hero_place, &Hero { emblem: Emblem::Warning, headline: &sorry, under: &title, more: &[] });
    mark::panel(ui.painter(), &look, rest, Ground::Card);
    let inner = rest.shrink(look.gap(Gap::Huge));
    let (what, message) = (words.what_to_do(hotline), words.message());
    let style = |size, weight, ink| Style::new(size, weight).on(Ground::Card).ink(ink).align(Align2::CENTER_TOP);
    let (first, second) = match look.class {
        Class::Full | Class::Pillar => (TextSize::Display, TextSize::Title),
        Class::Wide | Class::Compact => (TextSize::Title, TextSize::Body),
    };
    let lines = [
        Line::new(&what, style(first, Weight::Bold, Ink::Strong), look.gap(Gap::Medium)),
        Line::new(&message, style(second, Weight::Regular, Ink::Soft), 0.0),
    ];
    let badge = text::row_height(&look, TextSize::Body) + look.gap(Gap::Medium);
    let gap = look.gap(Gap::Large);
    let said = stack::height(ui, &look, inner.width(), &lines).min(inner.height() - gap - badge);
    let top = inner.min.y + ((inner.height() - said - gap - badge) / 2.0).max(0.0);
    let texts = Rect::from_min_size(pos2(inner.min.x, top), vec2(inner.width(), said));
    stack::show(ui, &look, texts, Align::Min, &lines);
    fault_code(ui, &look, pos2(inner.center().x, texts.max.y + gap + badge / 2.0), badge, view, code);
    None
}

/// What the citizen can tell the hotline.
fn fault_code(ui: &Ui, look: &Look, centre: Pos2, height: f32, view: &View, code: &str) {
    let words = format!("{} {code}", TroubleWords(view.language).code());
    let style = Style::new(TextSize::Body, Weight::Bold).on(Ground::Sunken).align(Align2::CENTER_CENTER);
    let width = text::measure(ui, look, f32::INFINITY, &words, style).x + 2.0 * look.gap(Gap::Large);
    let place = Rect::from_center_size(centre, vec2(width, height));
    ui.painter().rect(place, look.radius(), look.fill(Ground::Sunken), look.hairline(), StrokeKind::Inside);
    text::label(ui, look, place, &words, style);
}
