//! 亮身份 · 亮承诺 · 亮形象, and five faces. Anyone may tap at any time; when somebody asked for it, the question says so.

use egui::{Align2, Rect, Ui, pos2, vec2};

use super::{Stage, fresh_tap, physical};
use crate::domain::board::Honour;
use crate::domain::fulfilment::Occasions;
use crate::domain::rating::Satisfaction;
use crate::kiosk::flow::event::Event;
use crate::kiosk::flow::view::{Card, View};
use crate::kiosk::ui::Class;
use crate::kiosk::ui::components::badge::{self, Badge};
use crate::kiosk::ui::components::card::{self as panel, Pledge};
use crate::kiosk::ui::components::countdown;
use crate::kiosk::ui::components::rating::{self, Level};
use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Gap, Ink, Look, TextSize, Weight};
use crate::words::common;
use crate::words::kiosk::{CardWords, Chrome};

/// Draws the card; the face that was pressed.
pub fn show(ui: &Ui, stage: &mut Stage, view: &View, card: &Card) -> Option<Event> {
    let level = draw(ui, stage, view, card, None)?;
    let at = stage.kit.touch.last_press().unwrap_or_default();
    let (x, y) = physical(ui, at);
    Some(Event::FaceTapped { level, tap: fresh_tap(), x, y })
}

/// Draws the card with `chosen` marked; the level that was pressed.
pub fn draw(
    ui: &Ui,
    stage: &mut Stage,
    view: &View,
    card: &Card,
    chosen: Option<Satisfaction>,
) -> Option<Satisfaction> {
    let places = stage.layout(ui).card();
    who_serves(ui, stage, view, card, places.panel);
    question(ui, stage, view, card, places.prompt, chosen.is_some());
    aside(ui, stage, view, card, places.aside);
    let levels = levels(view);
    let levels = levels.each_ref().map(|(level, word)| Level { level: *level, word });
    rating::show(ui, &mut stage.kit, &places.ratings, &levels, chosen)
}

/// The five levels with their words in the order of the installation.
fn levels(view: &View) -> [(Satisfaction, &'static str); 5] {
    std::array::from_fn(|n| {
        let at = if view.hall.best_first { n } else { 4 - n };
        let level = Satisfaction::ALL[at];
        (level, common::level(view.language, level))
    })
}

fn who_serves(ui: &Ui, stage: &mut Stage, view: &View, card: &Card, place: Rect) {
    let english = view.language.is_english();
    let words = CardWords(view.language);
    let no = card.staff.staff_no.as_str();
    let is_cramped = stage.kit.look.senior && stage.kit.look.class == Class::Compact;
    // Where no badge finds room, the word of the badge stands before the number.
    let staff_no = if is_cramped && card.staff.party_member { words.party_member_no(no) } else { words.staff_no(no) };
    let badges = badges(view, card);
    let badges: Vec<Badge<'_>> = badges.iter().map(|(variant, word)| Badge { variant: *variant, word }).collect();
    let pledges = pledge_lines(view, card);
    let pledges: Vec<Pledge<'_>> = pledges.iter().map(|(text, detail, limit)| Pledge { text, detail, limit }).collect();
    let photo = stage.photo(ui, card.staff.photo.as_deref());
    let inside = stage.layout(ui).card_panel(place);
    let look = stage.kit.look;
    let window = window_line(ui, &look, inside.identity.width(), view, card);
    let caption = words.qr();
    let title = words.pledges();
    let code = stage.code(ui, card.qr.as_deref());
    let name = match &card.staff.name_en {
        Some(name) if english => name,
        _ => &card.staff.name,
    };
    let shown = panel::Card {
        photo: photo.as_ref(),
        window: &window,
        name,
        post: card.staff.post.get(english),
        staff_no: &staff_no,
        badges: &badges,
        pledges_title: &title,
        pledges: &pledges,
        qr: code.map(|code| (code, caption.as_ref())),
    };
    panel::show(ui, &look, place, &inside, &shown);
}

/// Number and name of the window; the number alone where both would not fit.
fn window_line(ui: &Ui, look: &Look, width: f32, view: &View, card: &Card) -> String {
    let number = Chrome(view.language).window(&card.window.number);
    let full = format!("{number} · {}", card.window.name.get(view.language.is_english()));
    let style = Style::new(TextSize::Body, Weight::Bold);
    let space = vec2(width, text::row_height(look, TextSize::Body));
    if text::fits(ui, look, space, &full, style) { full } else { number.into_owned() }
}

fn badges(view: &View, card: &Card) -> Vec<(badge::Variant, String)> {
    let mut badges = Vec::with_capacity(card.honours.len() + 1);
    if card.staff.party_member {
        badges.push((badge::Variant::Party, CardWords(view.language).party_member().into_owned()));
    }
    let word = |honour: &Honour| common::honour(view.language, honour.kind).to_owned();
    badges.extend(card.honours.iter().map(|honour| (badge::Variant::Honour, word(honour))));
    badges
}

/// The item in hand with its promised time first, then the pledges with their standard and time limit.
fn pledge_lines(view: &View, card: &Card) -> Vec<(String, String, String)> {
    let english = view.language.is_english();
    let words = CardWords(view.language);
    let item = card.item.iter().map(|item| {
        let name = item.name.get(english);
        let line = match item.limit_days {
            0 => words.item_at_once(name),
            days => words.item_in_days(name, days),
        };
        let case_no = card.case_no.as_deref().map(|no| words.case_no(no).into_owned());
        (line.into_owned(), case_no.unwrap_or_default(), String::new())
    });
    let pledges = card.pledges.iter().map(|pledge| {
        let limit = pledge.time_limit.get(english);
        // What became of the promise stands beside it, also where there is no room for its standard.
        let limit = match pledge.kept {
            Some(Occasions { kept, of }) => words.pledge_kept(limit, kept, of).into_owned(),
            None => limit.to_owned(),
        };
        let detail = words.pledge_detail(&limit, pledge.standard.get(english));
        (pledge.text.get(english).to_owned(), detail.into_owned(), limit)
    });
    item.chain(pledges).collect()
}

fn question(ui: &Ui, stage: &Stage, view: &View, card: &Card, place: Rect, is_saving: bool) {
    let words = CardWords(view.language);
    let (sentence, ink) = match (is_saving, card.prompted) {
        (true, _) => (words.saving(), Ink::Brand),
        (false, true) => (words.invitation(), Ink::Brand),
        (false, false) => (words.question(), Ink::Strong),
    };
    let style = Style::new(TextSize::Title, Weight::Bold).ink(ink);
    text::label(ui, &stage.kit.look, place, &sentence, style);
}

/// How long the invitation lasts, else the number to call.
fn aside(ui: &Ui, stage: &mut Stage, view: &View, card: &Card, place: Rect) {
    let Some(seconds) = card.seconds_left else {
        let style = Style::new(TextSize::Caption, Weight::Regular).ink(Ink::Soft).align(Align2::RIGHT_CENTER);
        let words = Chrome(view.language).hotline(&view.hall.hotline);
        text::label(ui, &stage.kit.look, place, &words, style);
        return;
    };
    let of_seconds = stage.of_seconds(view, seconds);
    let look = &stage.kit.look;
    let words = CardWords(view.language).answer_by(seconds);
    let gap = look.gap(Gap::Small);
    let style = Style::new(TextSize::Caption, Weight::Regular).ink(Ink::Soft).align(Align2::RIGHT_CENTER);
    let width = text::measure(ui, look, f32::INFINITY, &words, style).x.ceil().min(place.width() * 0.7);
    let label = Rect::from_min_max(pos2(place.max.x - width, place.min.y), place.max);
    text::label(ui, look, label, &words, style);
    let room = (label.min.x - gap - place.min.x).min(place.width() * 0.5);
    if room > gap * 4.0 {
        let bar = Rect::from_center_size(pos2(label.min.x - gap - room / 2.0, place.center().y), vec2(room, 8.0));
        countdown::bar(ui, look, bar, seconds, of_seconds, &words);
    }
}
