//! Black (the window's ground then), with a small countdown: the glass is being wiped, and no touch means anything.

use egui::{Align2, Ui};

use super::Stage;
use crate::kiosk::flow::view::View;
use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Ground, Ink, TextSize, Weight};
use crate::words::kiosk::TroubleWords;

/// Draws the countdown and nothing else.
pub fn show(ui: &Ui, stage: &Stage, view: &View, seconds_left: u32) {
    let look = &stage.kit.look;
    let screen = ui.ctx().content_rect();
    let words = TroubleWords(view.language).cleaning(seconds_left);
    let style =
        Style::new(TextSize::Caption, Weight::Regular).on(Ground::Brand).ink(Ink::Soft).align(Align2::CENTER_CENTER);
    text::label(ui, look, screen, &words, style);
}
