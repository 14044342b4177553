//! No one on duty: which window this is, what the hall has to say, who has earned what, and the ledger's witness.

use egui::{Align, Align2, Rect, Ui, pos2, vec2};

use super::Stage;
use super::stack::{self, Line};
use crate::domain::board::Honour;
use crate::kiosk::flow::event::Event;
use crate::kiosk::flow::view::{Standby, View};
use crate::kiosk::ui::Class;
use crate::kiosk::ui::components::mark;
use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Gap, Ground, Ink, Look, TextSize, Weight};
use crate::words::common;
use crate::words::kiosk::{Chrome, IdleWords};

/// Draws the standby screen; nothing on it can be pressed.
pub fn show(ui: &Ui, stage: &mut Stage, view: &View, standby: &Standby) -> Option<Event> {
    let look = stage.kit.look;
    let body = stage.layout(ui).frame().body;
    let foot_height = text::row_height(&look, TextSize::Caption);
    let gap = look.gap(Gap::Medium);
    let upper = Rect::from_min_max(body.min, pos2(body.max.x, body.max.y - foot_height - look.gap(Gap::Small)));
    let foot = Rect::from_min_max(pos2(body.min.x, body.max.y - foot_height), body.max);
    let (hero_place, rest) = if look.class == Class::Pillar {
        let split = upper.min.y + upper.height() * 0.3;
        (
            Rect::from_min_max(upper.min, pos2(upper.max.x, split)),
            Rect::from_min_max(pos2(upper.min.x, split + gap), upper.max),
        )
    } else {
        let split = upper.min.x + upper.width() * 0.38;
        (
            Rect::from_min_max(upper.min, pos2(split, upper.max.y)),
            Rect::from_min_max(pos2(split + gap, upper.min.y), upper.max),
        )
    };
    hero(ui, &look, hero_place, view, standby);
    let honours = &standby.honours;
    let share = if honours.is_empty() { 1.0 } else { 0.5 };
    let split = rest.min.y + (rest.height() - gap) * share;
    let notices_place =
        Rect::from_min_max(rest.min, pos2(rest.max.x, if honours.is_empty() { rest.max.y } else { split }));
    notices(ui, &look, notices_place, view, standby);
    if !honours.is_empty() {
        let place = Rect::from_min_max(pos2(rest.min.x, split + gap), rest.max);
        wall(ui, &look, place, view, honours);
    }
    footer(ui, &look, foot, view, standby);
    None
}

/// The window's number, large enough to be read across the hall.
fn hero(ui: &Ui, look: &Look, place: Rect, view: &View, standby: &Standby) {
    let painter = ui.painter();
    painter.rect_filled(place, look.radius(), look.fill(Ground::Brand));
    let words = IdleWords(view.language);
    let number = Chrome(view.language).window(&standby.window.number);
    let name = standby.window.name.get(view.language.is_english());
    let (off, hint) = (words.off_duty(), words.off_duty_hint());
    let align = Align2::CENTER_TOP;
    let large = Style::new(TextSize::Display, Weight::Bold).on(Ground::Brand).align(align);
    let title = Style::new(TextSize::Title, Weight::Bold).on(Ground::Brand).ink(Ink::Soft).align(align);
    let body = Style::new(TextSize::Body, Weight::Regular).on(Ground::Brand).align(align);
    let lines = [
        Line::name(&number, large, look.gap(Gap::Tight)),
        Line::new(name, title, look.gap(Gap::Large)),
        Line::new(&off, body, look.gap(Gap::Tight)),
        Line::new(&hint, body.ink(Ink::Soft), 0.0),
    ];
    let inner = place.shrink(look.gap(Gap::Large));
    let side = (inner.height() * 0.2).min(look.points(TextSize::Display) * 2.0);
    let gap = look.gap(Gap::Medium);
    let height = stack::height(ui, look, inner.width(), &lines);
    let has_emblem = inner.height() > height + side + gap;
    let top = if has_emblem { inner.min.y + (inner.height() - height - side - gap) / 2.0 } else { inner.min.y };
    if has_emblem {
        let emblem = Rect::from_center_size(pos2(inner.center().x, top + side / 2.0), vec2(side, side));
        mark::star(painter, emblem, look.gold());
        stack::show(ui, look, Rect::from_min_max(pos2(inner.min.x, emblem.max.y + gap), inner.max), Align::Min, &lines);
    } else {
        stack::show(ui, look, inner, Align::Center, &lines);
    }
}

fn notices(ui: &Ui, look: &Look, place: Rect, view: &View, standby: &Standby) {
    let words = IdleWords(view.language);
    let english = view.language.is_english();
    mark::panel(ui.painter(), look, place, Ground::Card);
    let inner = place.shrink(look.gap(Gap::Large));
    let heading = Style::new(TextSize::Title, Weight::Bold).on(Ground::Card).ink(Ink::Brand).align(Align2::LEFT_TOP);
    let mut y = titled(
        ui,
        look,
        inner,
        if standby.notices.is_empty() { words.no_notices() } else { words.notices() }.as_ref(),
        heading,
    );
    let bold = Style::new(TextSize::Body, Weight::Bold).on(Ground::Card).align(Align2::LEFT_TOP);
    let soft = Style::new(TextSize::Body, Weight::Regular).on(Ground::Card).ink(Ink::Soft).align(Align2::LEFT_TOP);
    if standby.notices.is_empty() {
        let below = Rect::from_min_max(pos2(inner.min.x, y), inner.max);
        text::label(ui, look, below, &words.no_notices_text(), soft);
        return;
    }
    for notice in &standby.notices {
        let lines = [
            Line::new(notice.title.get(english), bold, look.gap(Gap::Hair)),
            Line::new(notice.text.get(english), soft, 0.0),
        ];
        let height = stack::height(ui, look, inner.width(), &lines);
        let left = inner.max.y - y;
        // A notice is shown whole, or its title, or not at all; the first one always.
        let is_first = std::ptr::eq(notice, &standby.notices[0]);
        if height <= left || is_first {
            let below = Rect::from_min_size(pos2(inner.min.x, y), vec2(inner.width(), height.min(left)));
            stack::show(ui, look, below, Align::Min, &lines);
            y += height + look.gap(Gap::Small);
        } else {
            let height = stack::height(ui, look, inner.width(), &lines[..1]);
            if height > left {
                return;
            }
            let below = Rect::from_min_size(pos2(inner.min.x, y), vec2(inner.width(), height));
            stack::show(ui, look, below, Align::Min, &lines[..1]);
            y += height + look.gap(Gap::Small);
        }
    }
}

/// 荣誉榜
fn wall(ui: &Ui, look: &Look, place: Rect, view: &View, honours: &[(String, Honour)]) {
    mark::panel(ui.painter(), look, place, Ground::Card);
    let inner = place.shrink(look.gap(Gap::Large));
    let heading = Style::new(TextSize::Title, Weight::Bold).on(Ground::Card).ink(Ink::Award).align(Align2::LEFT_TOP);
    let y = titled(ui, look, inner, &IdleWords(view.language).honours(), heading);
    let below = Rect::from_min_max(pos2(inner.min.x, y), inner.max);
    let gap = look.gap(Gap::Small);
    let tile =
        text::row_height(look, TextSize::Body) + text::row_height(look, TextSize::Caption) + 2.0 * look.gap(Gap::Tight);
    let rows = (((below.height() + gap) / (tile + gap)) as usize).max(1);
    let columns = if look.class == Class::Full && !look.senior {
        3
    } else if look.senior {
        1
    } else {
        2
    };
    let shown = honours.len().min(rows * columns);
    let columns = columns.min(shown.max(1));
    for (n, (whose, honour)) in honours.iter().take(shown).enumerate() {
        let row = Rect::from_min_size(
            pos2(below.min.x, below.min.y + (n / columns) as f32 * (tile + gap)),
            vec2(below.width(), tile.min(below.height())),
        );
        plaque(ui, look, stack::column(row, n % columns, columns, gap), view, whose, honour);
    }
}

fn plaque(ui: &Ui, look: &Look, place: Rect, view: &View, whose: &str, honour: &Honour) {
    ui.painter().rect_filled(place, look.radius(), look.fill(Ground::Award));
    let inner = place.shrink2(vec2(look.gap(Gap::Small), look.gap(Gap::Tight)));
    let side = look.points(TextSize::Body) * 1.2;
    let star = Rect::from_center_size(pos2(inner.min.x + side / 2.0, inner.center().y), vec2(side, side));
    mark::star(ui.painter(), star, look.ink(Ink::Award, Ground::Award));
    let words = Rect::from_min_max(pos2(star.max.x + look.gap(Gap::Small), inner.min.y), inner.max);
    let kind = common::honour(view.language, honour.kind);
    let bold = Style::new(TextSize::Body, Weight::Bold).on(Ground::Award).align(Align2::LEFT_CENTER);
    let soft =
        Style::new(TextSize::Caption, Weight::Regular).on(Ground::Award).ink(Ink::Award).align(Align2::LEFT_CENTER);
    let upper = Rect::from_min_size(words.min, vec2(words.width(), text::row_height(look, TextSize::Body)));
    let lower = Rect::from_min_max(pos2(words.min.x, upper.max.y), words.max);
    text::person(ui, look, upper, whose, bold);
    text::label(ui, look, lower, &format!("{kind} · {}", honour.period), soft);
}

fn footer(ui: &Ui, look: &Look, place: Rect, view: &View, standby: &Standby) {
    let soft = Style::new(TextSize::Caption, Weight::Regular).ink(Ink::Soft);
    let hotline = Chrome(view.language).hotline(&view.hall.hotline);
    let width = text::measure(ui, look, f32::INFINITY, &hotline, soft).x.ceil();
    let right = Rect::from_min_max(pos2(place.max.x - width, place.min.y), place.max);
    text::label(ui, look, right, &hotline, soft.align(Align2::RIGHT_CENTER));
    if let Some(seal) = &standby.witness {
        let left = Rect::from_min_max(place.min, pos2(right.min.x - look.gap(Gap::Small), place.max.y));
        text::label(ui, look, left, &IdleWords(view.language).witness(seal), soft);
    }
}

/// Draws a heading; where what it heads begins.
fn titled(ui: &Ui, look: &Look, place: Rect, title: &str, style: Style) -> f32 {
    let row = Rect::from_min_size(place.min, vec2(place.width(), text::row_height(look, style.size)));
    text::label(ui, look, row, title, style);
    row.max.y + look.gap(Gap::Tight)
}
