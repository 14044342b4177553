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
    let gap = look.gap(Gap::Tight);
    let name_rows = if place.height() > 6.0 * text::row_height(look, TextSize::Display) { 2.2 } else { 1.5 };
    let window = Style::new(TextSize::Body, Weight::Bold).on(Ground::Card).ink(Ink::Brand).align(Align2::LEFT_TOP);
    let body = Style::new(TextSize::Body, Weight::Regular).on(Ground::Card).align(Align2::LEFT_TOP);
    let badges_height = badges_height(look, place, card.badges.len());
    let mut left = place;
    let mut line = |wanted: f32, extra: f32| {
        let row = Rect::from_min_size(left.min, vec2(left.width(), wanted.min(left.height().max(1.0))));
        left.min.y = (row.max.y + extra).min(left.max.y);
        row
    };
    text::label(ui, look, line(text::row_height(look, TextSize::Body), 0.0), card.window, window);
    let name_place = line(text::row_height(look, TextSize::Display) * name_rows, 0.0);
    let name = Style::new(TextSize::Display, Weight::Bold).on(Ground::Card).align(Align2::LEFT_TOP);
    let name = text::person(ui, look, name_place, card.name, name);
    // What the name did not use moves up.
    left.min.y = name.max.y + gap;
    let room = left.max.y - badges_height - left.min.y;
    let row = text::row_height(look, TextSize::Body).min(room / 2.0);
    let post = Rect::from_min_size(left.min, vec2(left.width(), row));
    text::label(ui, look, post, card.post, body);
    let staff_no = post.translate(vec2(0.0, row));
    text::label(ui, look, staff_no, card.staff_no, body.ink(Ink::Soft));
    let badges = Rect::from_min_max(pos2(place.min.x, place.max.y - badges_height), place.max);
    badge::flow(ui, look, badges, card.badges);
}

/// Two rows of badges at most, and never more than a third of the column.
fn badges_height(look: &Look, place: Rect, count: usize) -> f32 {
    let row = badge::height(look);
    match count {
        0 => 0.0,
        1 => row,
        _ => (2.0 * row + look.gap(Gap::Tight)).min(place.height() * 0.4),
    }
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
    for pledge in card.pledges {
        let text_height = text::measure(ui, look, width, pledge.text, texts).y;
        let detail_height = text::measure(ui, look, width, pledge.detail, details).y;
        let left = place.max.y - y;
        // A pledge is shown whole, or without its small print, or not at all.
        if text_height > left + 1.0 {
            break;
        }
        let side = indent * 0.3;
        let middle = y + text::row_height(look, TextSize::Body) / 2.0;
        let dot = Rect::from_center_size(pos2(place.min.x + side, middle), vec2(side, side));
        ui.painter().rect_filled(dot, 2, look.fill(Ground::Brand));
        let rect = Rect::from_min_size(pos2(place.min.x + indent, y), vec2(width, text_height));
        text::label(ui, look, rect, pledge.text, texts);
        y += text_height;
        if !pledge.detail.is_empty() && detail_height <= place.max.y - y + 1.0 {
            let rect = Rect::from_min_size(pos2(place.min.x + indent, y), vec2(width, detail_height));
            text::label(ui, look, rect, pledge.detail, details);
            y += detail_height;
        }
        y += look.gap(Gap::Tight);
    }
}
