//! Why? The same screen after every level: one tap skips it, whatever was rated.

use egui::Ui;

use super::Stage;
use crate::kiosk::flow::event::Event;
use crate::kiosk::flow::view::{Reasons, View};
use crate::kiosk::ui::components::button::{self, Variant};
use crate::kiosk::ui::components::chip::{self, Chip};
use crate::kiosk::ui::components::countdown;
use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Ink, TextSize, Weight};
use crate::words::common;
use crate::words::kiosk::ReasonsWords;

/// Draws question, reasons and buttons; what was pressed.
pub fn show(ui: &Ui, stage: &mut Stage, view: &View, reasons: &Reasons) -> Option<Event> {
    let places = stage.layout(ui).reasons();
    let look = stage.kit.look;
    let words = ReasonsWords(view.language);
    let english = view.language.is_english();
    text::label(ui, &look, places.title, &words.title(), Style::new(TextSize::Title, Weight::Bold));
    let recorded = words.recorded(common::level(view.language, reasons.level));
    let subtitle = format!("{recorded} · {}", words.hint());
    let soft = Style::new(TextSize::Body, Weight::Regular).ink(Ink::Soft);
    text::label(ui, &look, places.subtitle, &subtitle, soft);
    let of_seconds = stage.of_seconds(view, reasons.seconds_left);
    let closes_in = words.closes_in(reasons.seconds_left);
    countdown::ring(ui, &look, places.countdown, reasons.seconds_left, of_seconds, &closes_in);

    let chips: Vec<Chip<'_>> = reasons
        .tags
        .iter()
        .map(|tag| Chip { word: tag.text.get(english), is_chosen: reasons.chosen.contains(&tag.code) })
        .collect();
    let toggled = chip::grid(ui, &mut stage.kit, places.chips, places.chip_height, &chips);
    actions(ui, stage, view, reasons).or_else(|| {
        let tag = reasons.tags.get(toggled?)?;
        Some(Event::ReasonToggled(tag.code.clone()))
    })
}

fn actions(ui: &Ui, stage: &mut Stage, view: &View, reasons: &Reasons) -> Option<Event> {
    let layout = stage.layout(ui);
    let places = layout.reasons();
    let words = ReasonsWords(view.language);
    let row = places.secondary.union(places.primary);
    let mut buttons = vec![("skip", words.skip(), Variant::Secondary, Event::ReasonsSkipped)];
    if reasons.may_revise {
        buttons.insert(0, ("change", words.change(), Variant::Secondary, Event::RevisionAsked));
    }
    buttons.push(("send", words.send(), Variant::Primary, Event::ReasonsSent));
    let count = buttons.len();
    let mut pressed = None;
    for (n, (key, word, variant, event)) in buttons.into_iter().enumerate() {
        let place = super::stack::column(row, n, count, look_gap(stage));
        if button::show(ui, &mut stage.kit, place, key, &word, variant) {
            pressed = Some(event);
        }
    }
    pressed
}

fn look_gap(stage: &Stage) -> f32 {
    stage.kit.look.gap(crate::kiosk::ui::tokens::Gap::Small)
}
