//! 暂停服务: why, who will be back, and where to go meanwhile.

use egui::{Align, Align2, Rect, Ui, pos2, vec2};

use super::Stage;
use super::stack::{self, Line};
use crate::domain::board::{ServiceWindow, StaffCard};
use crate::domain::visit::PauseReason;
use crate::kiosk::flow::event::Event;
use crate::kiosk::flow::view::View;
use crate::kiosk::ui::Class;
use crate::kiosk::ui::components::{card, mark};
use crate::kiosk::ui::text::Style;
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
    mark::panel(ui.painter(), &look, body, Ground::Card);
    let inner = body.shrink(look.gap(Gap::Huge));
    let photo = staff.map(|staff| stage.photo(ui, staff.photo.as_deref()));
    let texts = match (staff, photo) {
        (Some(staff), Some(photo)) => {
            let (portrait, texts) = beside(&look, inner);
            card::photo(ui, &look, portrait, photo.as_ref(), &staff.name);
            texts
        }
        _ => inner,
    };
    let align = if staff.is_some() && look.class != Class::Pillar { Align2::LEFT_TOP } else { Align2::CENTER_TOP };
    told(ui, &look, texts, align, view, window, reason, staff);
    None
}

/// The portrait and what is left for words: side by side, or one above the other on a pillar.
fn beside(look: &Look, inner: Rect) -> (Rect, Rect) {
    let gap = look.gap(Gap::Huge);
    if look.class == Class::Pillar {
        let height = inner.height() * 0.42;
        let size = vec2(height * 0.75, height);
        let portrait = Rect::from_center_size(pos2(inner.center().x, inner.min.y + gap + height / 2.0), size);
        return (portrait, Rect::from_min_max(pos2(inner.min.x, portrait.max.y + gap), inner.max));
    }
    let height = inner.height().min(inner.width() * 0.4);
    let size = vec2(height * 0.75, height);
    let portrait = Rect::from_min_size(pos2(inner.min.x, inner.center().y - height / 2.0), size);
    (portrait, Rect::from_min_max(pos2(portrait.max.x + gap, inner.min.y), inner.max))
}

#[allow(clippy::too_many_arguments, reason = "each is one thing that is said")]
fn told(
    ui: &Ui,
    look: &Look,
    place: Rect,
    align: Align2,
    view: &View,
    window: &ServiceWindow,
    reason: PauseReason,
    staff: Option<&StaffCard>,
) {
    let words = IdleWords(view.language);
    let english = view.language.is_english();
    let number = Chrome(view.language).window(&window.number);
    let which = format!("{number} · {}", window.name.get(english));
    let (paused, hint) = (words.paused(), words.paused_hint());
    let hotline = Chrome(view.language).hotline(&view.hall.hotline);
    let who = staff.map(|staff| {
        let name = staff.name_en.as_deref().filter(|_| english).unwrap_or(&staff.name);
        words.paused_by(name, staff.staff_no.as_str())
    });
    let style = |size, weight, ink| Style::new(size, weight).on(Ground::Card).ink(ink).align(align);
    let mut lines = vec![
        Line::new(&which, style(TextSize::Body, Weight::Bold, Ink::Soft), look.gap(Gap::Tight)),
        Line::name(&paused, style(TextSize::Display, Weight::Bold, Ink::Brand), look.gap(Gap::Small)),
        Line::new(
            paused_because(view.language, reason),
            style(TextSize::Title, Weight::Bold, Ink::Strong),
            look.gap(Gap::Large),
        ),
        Line::new(&hint, style(TextSize::Body, Weight::Regular, Ink::Strong), look.gap(Gap::Tight)),
    ];
    if let Some(who) = &who {
        lines.push(Line::new(who, style(TextSize::Body, Weight::Regular, Ink::Soft), look.gap(Gap::Tight)));
    }
    lines.push(Line::new(&hotline, style(TextSize::Body, Weight::Regular, Ink::Soft), 0.0));
    let at = if look.class == Class::Pillar && staff.is_some() { Align::Min } else { Align::Center };
    let block = stack::show(ui, look, place, at, &lines);
    if staff.is_none() {
        sign(ui, look, place, block);
    }
}

/// Two bars over the words, if there is room: known from every player.
fn sign(ui: &Ui, look: &Look, place: Rect, block: Rect) {
    let side = look.points(TextSize::Display) * 1.8;
    let gap = look.gap(Gap::Large);
    if block.min.y - place.min.y < side + gap {
        return;
    }
    let centre = pos2(place.center().x, block.min.y - gap - side / 2.0);
    ui.painter().circle_filled(centre, side / 2.0, look.fill(Ground::Brand));
    for dx in [-0.13, 0.13] {
        let bar = Rect::from_center_size(centre + vec2(side * dx, 0.0), vec2(side * 0.11, side * 0.4));
        ui.painter().rect_filled(bar, 4, look.ink(Ink::Strong, Ground::Brand));
    }
}
