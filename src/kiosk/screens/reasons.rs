//! Why? The same screen after every level: one tap skips it, whatever was rated.

use egui::{Align2, Rect, Ui, pos2, vec2};

use super::{Stage, stack};
use crate::kiosk::flow::event::Event;
use crate::kiosk::flow::view::{Reasons, View};
use crate::kiosk::ui::Class;
use crate::kiosk::ui::components::button::{self, Variant};
use crate::kiosk::ui::components::chip::{self, Chip};
use crate::kiosk::ui::components::{countdown, mark};
use crate::kiosk::ui::layout::ReasonsScreen;
use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Gap, Ink, TextSize, Weight};
use crate::words::common;
use crate::words::kiosk::ReasonsWords;

/// Draws question, reasons and buttons; what was pressed.
pub fn show(ui: &Ui, stage: &mut Stage, view: &View, reasons: &Reasons) -> Option<Event> {
    let mut places = stage.layout(ui).reasons();
    places.chip_height = chip_height(stage, &places);
    let english = view.language.is_english();
    let chips: Vec<Chip<'_>> = reasons
        .tags
        .iter()
        .map(|tag| Chip { word: tag.text.get(english), is_chosen: reasons.chosen.contains(&tag.code) })
        .collect();
    let places = middle(ui, stage, places, &chips);
    let (place, height) = (places.chips, places.chip_height);
    head(ui, stage, view, reasons, &places);
    let toggled = chip::grid(ui, &mut stage.kit, place, height, &chips);
    actions(ui, stage, view, reasons, places.secondary.union(places.primary)).or_else(|| {
        let tag = reasons.tags.get(toggled?)?;
        Some(Event::ReasonToggled(tag.code.clone()))
    })
}

/// What was kept, and the question. On a pillar the answer stands above the reach of a wheelchair, the question within.
fn head(ui: &Ui, stage: &mut Stage, view: &View, reasons: &Reasons, places: &ReasonsScreen) {
    let look = stage.kit.look;
    let words = ReasonsWords(view.language);
    let recorded = words.recorded(common::level(view.language, reasons.level));
    let gap = look.gap(Gap::Small);
    let of_seconds = stage.of_seconds(view, reasons.seconds_left);
    let closes_in = words.closes_in(reasons.seconds_left);
    countdown::ring(ui, &look, places.countdown, reasons.seconds_left, of_seconds, &closes_in);
    let strong = Style::new(TextSize::Title, Weight::Bold);
    let soft = Style::new(TextSize::Body, Weight::Regular).ink(Ink::Soft);
    if look.class == Class::Pillar {
        let top = places.frame.body.min.y;
        let row = text::row_height(&look, TextSize::Title);
        // A neutral tick: what was rated is told in words, not across the hall.
        let side = (places.title.min.y - top - row - 4.0 * gap).clamp(0.0, 144.0);
        let block = side + gap + row;
        let y = top + (places.title.min.y - gap - top - block) / 2.0;
        let x = places.frame.body.center().x;
        mark::done(ui.painter(), &look, Rect::from_center_size(pos2(x, y + side / 2.0), vec2(side, side)));
        let below =
            Rect::from_min_max(pos2(places.frame.body.min.x, y + side + gap), pos2(places.frame.body.max.x, y + block));
        text::label(ui, &look, below, &recorded, strong.align(Align2::CENTER_CENTER));
        text::label(ui, &look, places.title, &words.title(), strong);
        text::label(ui, &look, places.subtitle, &words.hint(), soft);
        return;
    }
    let side = places.countdown.height();
    let indent = side + gap;
    let tick = Rect::from_min_size(places.title.min, vec2(side, side));
    mark::done(ui.painter(), &look, tick.shrink(side * 0.08));
    let shifted = |place: Rect| Rect::from_min_max(place.min + vec2(indent, 0.0), place.max);
    if is_cramped(stage) {
        // Two rows would take the place of the reasons' own second rows.
        text::label(ui, &look, shifted(places.title.union(places.subtitle)), &words.title(), strong);
        return;
    }
    text::label(ui, &look, shifted(places.title), &words.title(), strong);
    text::label(ui, &look, shifted(places.subtitle), &format!("{recorded} · {}", words.hint()), soft);
}

fn is_cramped(stage: &Stage) -> bool {
    stage.kit.look.senior && stage.kit.look.class == Class::Compact
}

/// How tall one chip is at least.
fn chip_height(stage: &Stage, places: &ReasonsScreen) -> f32 {
    match stage.kit.look.class {
        // Two rows of words fit into one chip.
        Class::Compact if stage.kit.look.senior => 100.0,
        _ => places.chip_height,
    }
}

/// Question and reasons stand as one block a little above the middle of what is left.
fn middle(ui: &Ui, stage: &Stage, mut places: ReasonsScreen, chips: &[Chip<'_>]) -> ReasonsScreen {
    let look = &stage.kit.look;
    let used = chip::grid_height(ui, look, places.chips, places.chip_height, chips);
    let spare = (places.chips.height() - used).max(0.0);
    let down = vec2(0.0, (spare * 0.4).floor());
    for place in [&mut places.title, &mut places.subtitle, &mut places.countdown] {
        *place = place.translate(down);
    }
    places.chips.min.y += down.y;
    places
}

fn actions(ui: &Ui, stage: &mut Stage, view: &View, reasons: &Reasons, row: Rect) -> Option<Event> {
    let words = ReasonsWords(view.language);
    let mut buttons = vec![("skip", words.skip(), Variant::Secondary, Event::ReasonsSkipped)];
    if reasons.may_revise {
        buttons.insert(0, ("change", words.change(), Variant::Secondary, Event::RevisionAsked));
    }
    buttons.push(("send", words.send(), Variant::Primary, Event::ReasonsSent));
    let (count, gap) = (buttons.len(), stage.kit.look.gap(Gap::Small));
    let mut pressed = None;
    for (n, (key, word, variant, event)) in buttons.into_iter().enumerate() {
        if button::show(ui, &mut stage.kit, stack::column(row, n, count, gap), key, &word, variant) {
            pressed = Some(event);
        }
    }
    pressed
}
