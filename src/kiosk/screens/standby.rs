//! No one on duty: which window this is, what the hall has to say, who has earned what, and the ledger's witness.

use egui::{Align, Align2, Rect, Ui, pos2, vec2};

use super::Stage;
use super::hero::{self, Emblem, Hero};
use super::stack::{self, Line};
use crate::domain::board::{Bilingual, Honour, Notice};
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
    let upper = Rect::from_min_max(body.min, pos2(body.max.x, body.max.y - foot_height - look.gap(Gap::Small)));
    let foot = Rect::from_min_max(pos2(body.min.x, body.max.y - foot_height), body.max);
    let (hero_place, rest) = hero::split(&look, upper);
    let words = IdleWords(view.language);
    let hero = Hero {
        emblem: Emblem::Star,
        headline: &Chrome(view.language).window(&standby.window.number),
        under: standby.window.name.get(view.language.is_english()),
        more: &[&words.off_duty(), &words.off_duty_hint()],
    };
    hero::show(ui, &look, hero_place, &hero);
    if standby.notices.is_empty() && standby.honours.is_empty() && standby.results.is_empty() {
        welcome(ui, &look, rest, view);
    } else {
        columns(ui, &look, rest, view, standby);
    }
    footer(ui, &look, foot, view, standby);
    None
}

/// Notices take what they need, honours and results the rest.
fn columns(ui: &Ui, look: &Look, place: Rect, view: &View, standby: &Standby) {
    let gap = look.gap(Gap::Medium);
    let has_more = !standby.honours.is_empty() || !standby.results.is_empty();
    let mut rest = place;
    if !standby.notices.is_empty() {
        let wanted = notices_height(ui, look, place.width(), view, &standby.notices);
        // The larger the letters, the more the honours need.
        let share = if look.senior && look.class == Class::Compact { 0.45 } else { 0.56 };
        let most = if has_more { place.height() * share } else { place.height() };
        let split = place.min.y + wanted.clamp(0.0, most);
        let bottom = if has_more { split } else { place.max.y };
        notices(ui, look, Rect::from_min_max(place.min, pos2(place.max.x, bottom)), view, &standby.notices);
        rest.min.y = split + gap;
    }
    if !standby.results.is_empty() {
        let height = results_height(look);
        results(ui, look, Rect::from_min_size(rest.min, vec2(rest.width(), height)), &standby.results);
        rest.min.y += height + gap;
    }
    if !standby.honours.is_empty() {
        wall(ui, look, rest, view, &standby.honours);
    }
}

fn welcome(ui: &Ui, look: &Look, place: Rect, view: &View) {
    let words = IdleWords(view.language);
    mark::panel(ui.painter(), look, place, Ground::Card);
    let (title, text) = (words.no_notices(), words.no_notices_text());
    let align = Align2::CENTER_TOP;
    let large = Style::new(TextSize::Display, Weight::Bold).on(Ground::Card).ink(Ink::Brand).align(align);
    let soft = Style::new(TextSize::Title, Weight::Regular).on(Ground::Card).ink(Ink::Soft).align(align);
    let lines = [Line::new(&title, large, look.gap(Gap::Medium)), Line::new(&text, soft, 0.0)];
    stack::show(ui, look, place.shrink(look.gap(Gap::Huge)), Align::Center, &lines);
}

/// A notice as it is set: its title, and its text where there is room.
fn notice_lines<'a>(look: &Look, view: &View, notice: &'a Notice) -> [Line<'a>; 2] {
    let english = view.language.is_english();
    let bold = Style::new(TextSize::Body, Weight::Bold).on(Ground::Card).align(Align2::LEFT_TOP);
    let soft = Style::new(TextSize::Body, Weight::Regular).on(Ground::Card).ink(Ink::Soft).align(Align2::LEFT_TOP);
    let text = Line::new(notice.text.get(english), soft, 0.0);
    [Line::new(notice.title.get(english), bold, look.gap(Gap::Hair)), text]
}

fn notices_height(ui: &Ui, look: &Look, width: f32, view: &View, notices: &[Notice]) -> f32 {
    let pad = look.gap(Gap::Large);
    let all: f32 = notices
        .iter()
        .map(|notice| {
            stack::height(ui, look, width - 2.0 * pad, &notice_lines(look, view, notice)) + look.gap(Gap::Small)
        })
        .sum();
    heading_height(look) + all - look.gap(Gap::Small) + 2.0 * pad
}

fn notices(ui: &Ui, look: &Look, place: Rect, view: &View, notices: &[Notice]) {
    mark::panel(ui.painter(), look, place, Ground::Card);
    let inner = place.shrink(look.gap(Gap::Large));
    let mut y = heading(ui, look, inner, &IdleWords(view.language).notices(), Ink::Brand);
    for notice in notices {
        let lines = notice_lines(look, view, notice);
        let below = Rect::from_min_max(pos2(inner.min.x, y), inner.max);
        if stack::height(ui, look, inner.width(), &lines[..1]) > below.height() + 0.5 {
            return;
        }
        y = stack::show(ui, look, below, Align::Min, &lines).max.y + look.gap(Gap::Small);
    }
}

fn results_height(look: &Look) -> f32 {
    text::row_height(look, TextSize::Title) + text::row_height(look, TextSize::Caption) + 2.0 * look.gap(Gap::Small)
}

/// What the centre publishes of this window: figure over its name, side by side.
fn results(ui: &Ui, look: &Look, place: Rect, results: &[(String, String)]) {
    mark::panel(ui.painter(), look, place, Ground::Card);
    let inner = place.shrink2(vec2(look.gap(Gap::Large), look.gap(Gap::Small)));
    let shown = results.len().min(4);
    let large = Style::new(TextSize::Title, Weight::Bold).on(Ground::Card).ink(Ink::Brand).align(Align2::CENTER_CENTER);
    let small =
        Style::new(TextSize::Caption, Weight::Regular).on(Ground::Card).ink(Ink::Soft).align(Align2::CENTER_CENTER);
    for (n, (name, value)) in results.iter().take(shown).enumerate() {
        let column = stack::column(inner, n, shown, look.gap(Gap::Small));
        let split = column.min.y + text::row_height(look, TextSize::Title);
        text::label(ui, look, Rect::from_min_max(column.min, pos2(column.max.x, split)), value, large);
        text::label(ui, look, Rect::from_min_max(pos2(column.min.x, split), column.max), name, small);
    }
}

/// 荣誉榜
fn wall(ui: &Ui, look: &Look, place: Rect, view: &View, honours: &[(Bilingual, Honour)]) {
    mark::panel(ui.painter(), look, place, Ground::Card);
    let inner = place.shrink(look.gap(Gap::Large));
    let y = heading(ui, look, inner, &IdleWords(view.language).honours(), Ink::Award);
    let below = Rect::from_min_max(pos2(inner.min.x, y), inner.max);
    let gap = look.gap(Gap::Small);
    let least =
        text::row_height(look, TextSize::Body) + text::row_height(look, TextSize::Caption) + 2.0 * look.gap(Gap::Tight);
    let rows = (((below.height() + gap) / (least + gap)) as usize).max(1);
    let columns = if look.senior && look.class != Class::Full { 1 } else { 2 };
    let columns = columns.min(honours.len());
    let rows = rows.min(honours.len().div_ceil(columns));
    // What room is left makes the plaques taller, up to a point.
    let tall = ((below.height() + gap) / rows as f32 - gap).clamp(least.min(below.height()), least * 1.5);
    for (n, (whose, honour)) in honours.iter().take(rows * columns).enumerate() {
        let top = below.min.y + (n / columns) as f32 * (tall + gap);
        let row = Rect::from_min_size(pos2(below.min.x, top), vec2(below.width(), tall));
        plaque(
            ui,
            look,
            stack::column(row, n % columns, columns, gap),
            view,
            whose.get(view.language.is_english()),
            honour,
        );
    }
}

fn plaque(ui: &Ui, look: &Look, place: Rect, view: &View, whose: &str, honour: &Honour) {
    ui.painter().rect_filled(place, look.radius(), look.fill(Ground::Award));
    let inner = place.shrink2(vec2(look.gap(Gap::Small), look.gap(Gap::Tight)));
    let side = look.points(TextSize::Title);
    let star = Rect::from_center_size(pos2(inner.min.x + side / 2.0, inner.center().y), vec2(side, side));
    mark::star(ui.painter(), star, look.ink(Ink::Award, Ground::Award));
    let words = Rect::from_min_max(pos2(star.max.x + look.gap(Gap::Small), inner.min.y), inner.max);
    let kind = common::honour(view.language, honour.kind);
    let bold = Style::new(TextSize::Body, Weight::Bold).on(Ground::Award).align(Align2::LEFT_TOP);
    let soft = Style::new(TextSize::Caption, Weight::Regular).on(Ground::Award).ink(Ink::Award).align(Align2::LEFT_TOP);
    // The period is told where it fits beside the honour.
    let full = format!("{kind} · {}", honour.period);
    let is_room = text::measure(ui, look, f32::INFINITY, &full, soft).x <= words.width();
    let lines = [Line::name(whose, bold, 0.0), Line::new(if is_room { &full } else { kind }, soft, 0.0)];
    stack::show(ui, look, words, Align::Center, &lines);
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

fn heading_height(look: &Look) -> f32 {
    text::row_height(look, TextSize::Title) + look.gap(Gap::Tight)
}

/// Draws a heading; where what it heads begins.
fn heading(ui: &Ui, look: &Look, place: Rect, title: &str, ink: Ink) -> f32 {
    let style = Style::new(TextSize::Title, Weight::Bold).on(Ground::Card).ink(ink).align(Align2::LEFT_TOP);
    let row = Rect::from_min_size(place.min, vec2(place.width(), text::row_height(look, TextSize::Title)));
    text::label(ui, look, row, title, style);
    place.min.y + heading_height(look)
}
