//! The tap is being committed: the pressed face shows it, nothing else changes and nothing can be pressed.

use egui::Ui;

use super::{Stage, card};
use crate::domain::rating::Satisfaction;
use crate::kiosk::flow::event::Event;
use crate::kiosk::flow::view::{Card, View};

/// Draws the card as it stood; never an event.
pub fn show(ui: &Ui, stage: &mut Stage, view: &View, card: &Card, level: Satisfaction) -> Option<Event> {
    // A second press while the first is being committed is not a second rating.
    let _ignored = card::draw(ui, stage, view, card, Some(level));
    None
}
