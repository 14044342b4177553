//! 亮身份 · 亮承诺 · 亮形象: who serves, what they promise, what they have earned.

use egui::{Align2, Rect, Stroke, TextureHandle, Ui, pos2, vec2};

use super::badge::{self, Badge};
use super::mark;
use super::qr::{self, Qr};
use crate::kiosk::ui::layout::CardPanel;
use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Gap, Ground, Ink, Look, TextSize, Weight};

/// What the panel shows; every text is ready to be read.
#[derive(Clone, Copy)]
pub struct Card<'a> {
    pub photo: Option<&'a TextureHandle>,
    /// Over the name: the window.
    pub window: &'a str,
    pub name: &'a str,
    pub post: &'a str,
    /// `工号 0027`
    pub staff_no: &'a str,
    pub badges: &'a [Badge<'a>],
    pub pledges_title: &'a str,
    pub pledges: &'a [Pledge<'a>],
    pub qr: Option<(&'a Qr, &'a str)>,
}

#[derive(Debug, Clone, Copy)]
pub struct Pledge<'a> {
    pub text: &'a str,
    /// Standard and time limit, in one line.
    pub detail: &'a str,
    /// The time limit alone, where both find no room.
    pub limit: &'a str,
}

/// Draws the panel; nothing on it can be pressed.
pub fn show(ui: &Ui, look: &Look, panel: Rect, places: &CardPanel, card: &Card<'_>) {
    mark::panel(ui.painter(), look, panel, Ground::Card);
    photo(ui, look, places.photo, card.photo, card.name);
    identity(ui, look, places.identity, card);
    divider(ui, look, places);
    pledges(ui, look, places.pledges, card);
    if let (Some(place), Some((code, caption))) = (places.qr, card.qr) {
        qr::show(ui, look, place, code, caption);
    }
}

/// A portrait with rounded corners, or a silhouette.
pub fn photo(ui: &Ui, look: &Look, place: Rect, photo: Option<&TextureHandle>, name: &str) {
    match photo {
        Some(texture) => {
            egui::Image::new(texture)
                .corner_radius(look.radius())
                .uv(cover(texture.size_vec2(), place.size()))
                .paint_at(ui, place);
        }
        None => mark::silhouette(ui.painter(), look, place),
    }
    let response = ui.interact(place, ui.scope_id().with(("photo", name)), egui::Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, name));
}

/// The part of a picture that fills `place` without distortion; a portrait loses its feet before its head.
fn cover(picture: egui::Vec2, place: egui::Vec2) -> Rect {
    let scale = (place.x / picture.x).max(place.y / picture.y);
    let seen = place / (picture * scale);
    let left = (1.0 - seen.x) / 2.0;
    let top = (1.0 - seen.y) / 4.0;
    Rect::from_min_size(pos2(left, top), seen)
}

fn identity(ui: &Ui, look: &Look, place: Rect, card: &Card<'_>) {
    let body = Style::new(TextSize::Body, Weight::Regular).on(Ground::Card).align(Align2::LEFT_TOP);
    let window = Style { weight: Weight::Bold, ..body }.ink(Ink::Brand);
    let name = Style { size: TextSize::Display, weight: Weight::Bold, ..body };
    let row = text::row_height(look, TextSize::Body);
    let rows_of = |words: &str, style| (text::measure(ui, look, place.width(), words, style).y / row).round();
    let badge_rows = badge::rows(ui, look, place.width(), card.badges);
    let badge_row = badge::height(look) + look.gap(Gap::Tight);
    // What everyone must see, then second rows as long as there is room for them.
    let mut room = place.height() - text::row_height(look, TextSize::Display) - 3.0 * row - look.gap(Gap::Small);
    let mut grant = |wanted: bool, height: f32| {
        let granted = wanted && room >= height;
        room -= if granted { height } else { 0.0 };
        granted
    };
    // A name that would shrink much is set in two rows: who serves matters most.
    let is_wide = text::measure(ui, look, f32::INFINITY, card.name, name).x > place.width() / 0.85;
    let has_badges = grant(badge_rows > 0, badge_row);
    let name_rows = if grant(is_wide, text::row_height(look, TextSize::Display)) { 2.0 } else { 1.0 };
    let more_badges = (1..badge_rows).take_while(|_| has_badges && grant(true, badge_row)).count();
    let badges_shown = usize::from(has_badges) + more_badges;
    let post_rows = if grant(rows_of(card.post, body) > 1.0, row) { 2.0 } else { 1.0 };
    let window_rows = if grant(rows_of(card.window, window) > 1.0, row) { 2.0 } else { 1.0 };

    let strip = |top: f32, height: f32| Rect::from_min_size(pos2(place.min.x, top), vec2(place.width(), height));
    let shown = text::label(ui, look, strip(place.min.y, row * window_rows), card.window, window);
    // A longer one yet takes the room that is left.
    let name_room = text::row_height(look, TextSize::Display) * name_rows + room.max(0.0);
    let shown = text::person(ui, look, strip(shown.max.y, name_room), card.name, name);
    let top = shown.max.y + look.gap(Gap::Tight);
    let shown = text::label(ui, look, strip(top, row * post_rows), card.post, body);
    text::label(ui, look, strip(shown.max.y, row), card.staff_no, body.ink(Ink::Soft));
    let badges = badges_shown as f32 * badge_row - look.gap(Gap::Tight);
    badge::flow(ui, look, strip(place.max.y - badges, badges), card.badges);
}

/// A quiet line between the columns, or between the halves of an upright panel.
fn divider(ui: &Ui, look: &Look, places: &CardPanel) {
    let stroke: Stroke = look.hairline();
    if places.pledges.min.y > places.photo.max.y {
        let y = (places.photo.max.y + places.pledges.min.y) / 2.0;
        let right = places.qr.map_or(places.pledges.max.x, |qr| qr.max.x);
        ui.painter().hline(places.photo.min.x..=right, y, stroke);
    } else {
        let x = (places.identity.max.x + places.pledges.min.x) / 2.0;
        ui.painter().vline(x, places.photo.y_range(), stroke);
    }
}

fn pledges(ui: &Ui, look: &Look, place: Rect, card: &Card<'_>) {
    let title = Style::new(TextSize::Title, Weight::Bold).on(Ground::Card).ink(Ink::Brand).align(Align2::LEFT_TOP);
    let title_height = text::row_height(look, TextSize::Title);
    let top = Rect::from_min_size(place.min, vec2(place.width(), title_height));
    text::label(ui, look, top, card.pledges_title, title);
    let mut y = top.max.y + look.gap(Gap::Tight);
    let indent = look.points(TextSize::Body);
    let width = place.width() - indent;
    let texts = Style::new(TextSize::Body, Weight::Regular).on(Ground::Card).align(Align2::LEFT_TOP);
    let details =
        Style::new(TextSize::Caption, Weight::Regular).on(Ground::Card).ink(Ink::Soft).align(Align2::LEFT_TOP);
    // A pledge is shown whole, or with its time limit, or without small print, or not at all; what room is left goes between them.
    let mut shown = Vec::new();
    let mut left = place.max.y - y;
    for pledge in card.pledges {
        let height = text::measure(ui, look, width, pledge.text, texts).y;
        if height > left {
            // A shorter one may still find room.
            continue;
        }
        let measured = |words| (words, text::measure(ui, look, width, words, details).y);
        let prints = [pledge.detail, pledge.limit].map(measured).into_iter();
        let print = prints.filter(|(words, _)| !words.is_empty()).find(|(_, small)| height + small <= left);
        left -= height + print.map_or(0.0, |(_, small)| small) + look.gap(Gap::Tight);
        shown.push((pledge, height, print));
    }
    let spread = (left.max(0.0) / shown.len().max(1) as f32).min(look.gap(Gap::Small));
    for (pledge, height, print) in shown {
        let side = indent * 0.3;
        let middle = y + text::row_height(look, TextSize::Body) / 2.0;
        let dot = Rect::from_center_size(pos2(place.min.x + side, middle), vec2(side, side));
        ui.painter().rect_filled(dot, 2, look.fill(Ground::Brand));
        let strip = |top: f32, height: f32| Rect::from_min_size(pos2(place.min.x + indent, top), vec2(width, height));
        text::label(ui, look, strip(y, height), pledge.text, texts);
        y += height;
        if let Some((words, small)) = print {
            text::label(ui, look, strip(y, small), words, details);
            y += small;
        }
        y += look.gap(Gap::Tight) + spread;
    }
}
