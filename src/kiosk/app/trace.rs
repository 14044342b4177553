//! Times of a tap, for benches: off unless `PINGYI_TRACE_FRAMES` names a file. One line each:
//! monotonic nanoseconds since the program's start, a space, and what happened:
//! `lifted` (a finger or button came up), `drawn SCREEN` (the frame is laid out), `painted SCREEN` (it is on the screen).

use std::fs::File;
use std::io::Write;
use std::time::Instant;

use egui::{Event, RawInput, TouchPhase};

use crate::kiosk::flow::view::{Screen, View};

pub struct Trace {
    sink: Option<(File, Instant)>,
    last: Option<u64>,
    drawn: Option<&'static str>,
}

impl Trace {
    pub fn from_env() -> Self {
        let path = std::env::var_os("PINGYI_TRACE_FRAMES").filter(|path| !path.is_empty());
        let sink = path.and_then(|path| match File::create(&path) {
            Ok(file) => Some((file, Instant::now())),
            Err(cause) => {
                tracing::warn!(?path, %cause, "frames are not traced");
                None
            }
        });
        Self { sink, last: None, drawn: None }
    }

    /// The frame before has reached the screen; what came in since stands in `raw`.
    pub fn frame_began(&mut self, raw: &RawInput) {
        if self.sink.is_none() {
            return;
        }
        if let Some(screen) = self.drawn.take() {
            self.write("painted", screen);
        }
        if raw.events.iter().any(is_lift) {
            self.write("lifted", "");
        }
    }

    /// True if this frame shows a new screen and the time of its painting is wanted.
    pub fn frame_ended(&mut self, view: &View) -> bool {
        if self.sink.is_none() || self.last == Some(view.generation) {
            return false;
        }
        self.last = Some(view.generation);
        let screen = name(&view.screen);
        self.write("drawn", screen);
        self.drawn = Some(screen);
        true
    }

    fn write(&mut self, what: &str, screen: &str) {
        if let Some((file, start)) = &mut self.sink {
            // A trace that cannot be written must not disturb the kiosk.
            let _ = writeln!(file, "{} {what} {screen}", start.elapsed().as_nanos());
        }
    }
}

fn is_lift(event: &Event) -> bool {
    matches!(event, Event::PointerButton { pressed: false, .. } | Event::Touch { phase: TouchPhase::End, .. })
}

fn name(screen: &Screen) -> &'static str {
    match screen {
        Screen::Standby(_) => "standby",
        Screen::Card(_) => "card",
        Screen::Saving { .. } => "saving",
        Screen::Reasons(_) => "reasons",
        Screen::Thanks(_) => "thanks",
        Screen::Paused { .. } => "paused",
        Screen::StaffPanel(_) => "staff_panel",
        Screen::Maintenance(_) => "maintenance",
        Screen::Trouble { .. } => "trouble",
        Screen::Cleaning { .. } => "cleaning",
    }
}
