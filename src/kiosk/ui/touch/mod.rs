//! Fingers on the glass, in place of egui's clicks.
//!
//! egui follows one pointer, gives up a press after 0.8 s or 6 pt, and loses every other tap while a palm rests on the
//! glass. Here each finger is followed by itself:
//! - a press counts when its finger lifts inside (or a little outside) the target on which it came down, however slowly
//!   and slidingly, up to [`MAX_HOLD_S`];
//! - a finger or palm that rests elsewhere changes nothing;
//! - of two fingers on two targets one wins, by the order in which they lift, never by the order of drawing;
//! - a press that began before the screen changed, or while the new screen was not yet drawn, is void;
//! - a mouse works too, but not the mouse that the system emulates from a touch;
//! - AccessKit's click and the keyboard's Enter count as presses.
//!
//! ```text
//! kit.begin(ui.ctx(), &screen);                              // once a frame, before drawing
//! let id = ui.scope_id().with("skip");
//! if kit.touch.pressed(ui, id, rect) { … }                   // draws nothing
//! let target = kit.touch.target(ui, id, rect, Kind::Choice); // `.pressed`, `.held` for the looks, `.response` for AccessKit
//! ```
//! Call it once for each target and frame, with an id that is stable; draw what lies on top last.
//!
//! **Architecture invariant:** [`machine`] and [`contacts`] know nothing of egui's memory or time; `now` is passed in.

mod contacts;
mod machine;

use std::hash::{DefaultHasher, Hash, Hasher};

use egui::{Id, PointerButton, Pos2, Rect, Response, Sense, Ui};

use contacts::Contacts;
pub use machine::Kind;
use machine::Machine;

/// A press held longer than this is a rest, not a press. Seconds.
pub const MAX_HOLD_S: f64 = 10.0;
/// How far outside its target a finger may lift, in points.
pub const SLACK_PT: f32 = 24.0;

/// One target in this frame.
#[derive(Debug)]
pub struct Target {
    /// It was pressed, now.
    pub pressed: bool,
    /// A finger is down on it.
    pub held: bool,
    /// For [`Response::widget_info`].
    pub response: Response,
}

#[derive(Debug, Default)]
pub struct Touch {
    contacts: Contacts,
    machine: Machine,
    frame: Option<u64>,
    screen: u64,
    last_press: Option<Pos2>,
}

impl Touch {
    /// Takes the events of this frame. A changed `screen` voids every finger that is down.
    pub fn begin(&mut self, ctx: &egui::Context, screen: &impl Hash) {
        let screen = fingerprint(screen);
        if screen != self.screen {
            self.screen = screen;
            self.machine.change_screen();
        }
        let frame = ctx.cumulative_frame_nr();
        let repeated_pass = self.frame.replace(frame) == Some(frame);
        if repeated_pass {
            self.machine.begin_pass();
            return;
        }
        let now_s = ctx.input(|input| input.time);
        let contacts = ctx.input(|input| self.contacts.read(&input.events, now_s));
        if self.machine.begin_frame(&contacts, now_s) {
            ctx.request_repaint();
        }
    }

    /// Where the finger of the last press lifted; the centre of its target if it was no finger.
    pub fn last_press(&self) -> Option<Pos2> {
        self.last_press
    }

    /// True once for each press of the target `id` at `rect`.
    pub fn pressed(&mut self, ui: &Ui, id: Id, rect: Rect) -> bool {
        self.target(ui, id, rect, Kind::Choice).pressed
    }

    /// The target `id` at `rect` in this frame.
    pub fn target(&mut self, ui: &Ui, id: Id, rect: Rect, kind: Kind) -> Target {
        let response = ui.interact(rect, id, Sense::click());
        if !ui.is_enabled() {
            return Target { pressed: false, held: false, response };
        }
        self.machine.register(id, rect, kind);
        // A click without a pointer comes from AccessKit or the keyboard.
        let without_pointer = response.clicked() && !response.clicked_by(PointerButton::Primary);
        let lifted = self.machine.take(id);
        let pressed = lifted.is_some() || without_pointer;
        if pressed {
            self.last_press = Some(lifted.unwrap_or(rect.center()));
        }
        Target { pressed, held: self.machine.is_held(id), response }
    }
}

fn fingerprint(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
