//! 暂停服务: why, who will be back, and where to go meanwhile.

use egui::{Align, Align2, Rect, Ui, pos2, vec2};

use super::Stage;
use super::hero::{self, Emblem, Hero};
use super::stack::{self, Line};
use crate::domain::board::{ServiceWindow, StaffCard};
use crate::domain::visit::PauseReason;
use crate::kiosk::flow::event::Event;
use crate::kiosk::flow::view::View;
use crate::kiosk::ui::Class;
use crate::kiosk::ui::components::{card, mark};
use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Gap, Ground, Ink, Look, TextSize, Weight};
use crate::words::kiosk::{Chrome, IdleWords, paused_because};

/// Draws the paused screen; nothing on it can be pressed.
pub fn show(
    ui: &Ui,
    stage: &mut Stage,
    view: &View,
    window: &ServiceWindow,
    reason: PauseReason,
    staff: Option<&StaffCard>,
) -> Option<Event> {
    let look = stage.kit.look;
    let body = stage.layout(ui).frame().body;
    let (hero_place, rest) = hero::split(&look, body);
    let number = Chrome(view.language).window(&window.number);
    let which = which(ui, &look, hero_place.width(), &number, window.name.get(view.language.is_english()));
    let headline = IdleWords(view.language).paused();
    let hero = Hero { emblem: Emblem::Pause, headline: &headline, under: &which, more: &[] };
    hero::show(ui, &look, hero_place, &hero);
    mark::panel(ui.painter(), &look, rest, Ground::Card);
    let inner = rest.shrink(look.gap(Gap::Huge));
    let texts = match staff {
        Some(staff) => {
            let photo = stage.photo(ui, staff.photo.as_deref());
            let (portrait, texts) = beside(&look, inner);
            card::photo(ui, &look, portrait, photo.as_ref(), &staff.name);
            texts
        }
        None => inner,
    };
    told(ui, &look, texts, view, reason, staff);
    None
}

/// Number and name of the window, in one row or in two.
fn which(ui: &Ui, look: &Look, width: f32, number: &str, name: &str) -> String {
    let one = format!("{number} · {name}");
    let style = Style::new(TextSize::Title, Weight::Bold);
    let room = width - 2.0 * look.gap(Gap::Large);
    if text::measure(ui, look, f32::INFINITY, &one, style).x <= room { one } else { format!("{number}\n{name}") }
}

/// The portrait and what is left for words.
fn beside(look: &Look, inner: Rect) -> (Rect, Rect) {
    let gap = look.gap(Gap::Huge);
    if look.class == Class::Pillar {
        let height = inner.height() * 0.5;
        let size = vec2(height * 0.75, height);
        let portrait = Rect::from_center_size(pos2(inner.center().x, inner.min.y + height / 2.0), size);
        return (portrait, Rect::from_min_max(pos2(inner.min.x, portrait.max.y + gap), inner.max));
    }
    let height = inner.height().min(inner.width() * 0.5);
    let size = vec2(height * 0.75, height);
    let portrait = Rect::from_min_size(pos2(inner.min.x, inner.center().y - height / 2.0), size);
    (portrait, Rect::from_min_max(pos2(portrait.max.x + gap, inner.min.y), inner.max))
}

fn told(ui: &Ui, look: &Look, place: Rect, view: &View, reason: PauseReason, staff: Option<&StaffCard>) {
    let words = IdleWords(view.language);
    let hint = words.paused_hint();
    let hotline = Chrome(view.language).hotline(&view.hall.hotline);
    let who = staff.map(|staff| {
        let name = staff.name_en.as_deref().filter(|_| view.language.is_english()).unwrap_or(&staff.name);
        words.paused_by(name, staff.staff_no.as_str())
    });
    let is_centred = staff.is_none() || look.class == Class::Pillar;
    let align = if is_centred { Align2::CENTER_TOP } else { Align2::LEFT_TOP };
    let style = |size, weight, ink| Style::new(size, weight).on(Ground::Card).ink(ink).align(align);
    let because = paused_because(view.language, reason);
    // On a large panel the words are set a size larger.
    let is_large = match look.class {
        Class::Full | Class::Pillar => true,
        Class::Wide => staff.is_none(),
        Class::Compact => false,
    };
    let (first, second) =
        if is_large { (TextSize::Display, TextSize::Title) } else { (TextSize::Title, TextSize::Body) };
    let mut lines = vec![
        Line::new(because, style(first, Weight::Bold, Ink::Strong), look.gap(Gap::Small)),
        Line::new(&hint, style(second, Weight::Regular, Ink::Strong), look.gap(Gap::Large)),
    ];
    if let Some(who) = &who {
        lines.push(Line::new(who, style(TextSize::Body, Weight::Regular, Ink::Soft), look.gap(Gap::Tight)));
    }
    lines.push(Line::new(&hotline, style(TextSize::Body, Weight::Regular, Ink::Soft), 0.0));
    let at = if staff.is_some() && look.class == Class::Pillar { Align::Min } else { Align::Center };
    stack::show(ui, look, place, at, &lines);
}
