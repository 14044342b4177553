//! From raw events to contacts: real fingers, and a mouse only where there is no finger.

use egui::{Event, PointerButton, Pos2, TouchPhase};

/// After the last touch a mouse is deaf for this long: X11 and egui emulate one from each touch. Seconds.
const MOUSE_DEAF_S: f64 = 1.0;

/// Who touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finger {
    Mouse,
    Touch { device: u64, finger: u64 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Down,
    Move,
    Up,
    Cancel,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contact {
    pub finger: Finger,
    pub phase: Phase,
    pub pos: Pos2,
}

/// Tells the mouse that a person moves from the one that is emulated.
#[derive(Debug, Default)]
pub struct Contacts {
    last_touch_s: Option<f64>,
    mouse_down: bool,
}

impl Contacts {
    /// The contacts among `events`, in their order.
    pub fn read(&mut self, events: &[Event], now_s: f64) -> Vec<Contact> {
        let mut contacts = Vec::new();
        for event in events {
            match *event {
                Event::Touch { device_id, id, phase, pos, .. } => {
                    self.last_touch_s = Some(now_s);
                    if std::mem::take(&mut self.mouse_down) {
                        contacts.push(Contact { finger: Finger::Mouse, phase: Phase::Cancel, pos });
                    }
                    let phase = match phase {
                        TouchPhase::Start => Phase::Down,
                        TouchPhase::Move => Phase::Move,
                        TouchPhase::End => Phase::Up,
                        TouchPhase::Cancel => Phase::Cancel,
                    };
                    let finger = Finger::Touch { device: device_id.0, finger: id.0 };
                    contacts.push(Contact { finger, phase, pos });
                }
                Event::PointerButton { pos, button: PointerButton::Primary, pressed, .. } => {
                    let phase = match (pressed, self.mouse_down) {
                        (true, _) if self.is_deaf(now_s) => continue,
                        (true, _) => Phase::Down,
                        (false, true) => Phase::Up,
                        (false, false) => continue,
                    };
                    self.mouse_down = pressed;
                    contacts.push(Contact { finger: Finger::Mouse, phase, pos });
                }
                Event::PointerMoved(pos) if self.mouse_down => {
                    contacts.push(Contact { finger: Finger::Mouse, phase: Phase::Move, pos });
                }
                Event::PointerGone if std::mem::take(&mut self.mouse_down) => {
                    contacts.push(Contact { finger: Finger::Mouse, phase: Phase::Cancel, pos: Pos2::ZERO });
                }
                _ => {}
            }
        }
        contacts
    }

    fn is_deaf(&self, now_s: f64) -> bool {
        self.last_touch_s.is_some_and(|last| now_s - last < MOUSE_DEAF_S)
    }
}
