//! The pure machine: contacts and targets in, presses out.

use std::collections::VecDeque;

use egui::{Id, Pos2, Rect};

use super::contacts::{Contact, Finger, Phase};
use super::{MAX_HOLD_S, SLACK_PT};

/// More fingers than this are not followed; the oldest is forgotten.
const MAX_FINGERS: usize = 16;
/// Presses that wait for their frame; more are dropped.
const MAX_WAITING: usize = 8;

/// What happens to other fingers when a target is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Fingers that are down on other targets are void: two fingers make one choice.
    Choice,
    /// Nothing: keys of a pad are typed with overlapping fingers.
    Key,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    id: Id,
    rect: Rect,
    kind: Kind,
}

#[derive(Debug)]
struct Down {
    finger: Finger,
    /// None: not on a target, or void.
    target: Option<Id>,
    since_s: f64,
    pos: Pos2,
}

/// Fingers, the targets of the frame before, and the presses that wait.
#[derive(Debug, Default)]
pub struct Machine {
    fingers: Vec<Down>,
    /// What the person saw: the targets of the last frame.
    seen: Vec<Place>,
    /// The targets of the frame being drawn.
    drawn: Vec<Place>,
    waiting: VecDeque<(Id, Pos2)>,
    fired: Option<(Id, Pos2)>,
}

impl Machine {
    /// Voids all that began on the screen before.
    pub fn change_screen(&mut self) {
        for finger in &mut self.fingers {
            finger.target = None;
        }
        self.seen.clear();
        self.drawn.clear();
        self.waiting.clear();
        self.fired = None;
    }

    /// Takes the contacts of a frame in their order; true if a press waits for the next frame.
    pub fn begin_frame(&mut self, contacts: &[Contact], now_s: f64) -> bool {
        self.seen = std::mem::take(&mut self.drawn);
        for contact in contacts {
            self.on_contact(*contact, now_s);
        }
        self.fired = self.waiting.pop_front();
        !self.waiting.is_empty()
    }

    /// The same frame is drawn once more.
    pub fn begin_pass(&mut self) {
        self.drawn.clear();
    }

    /// Says that `id` is drawn at `rect`. Later ones lie on top.
    pub fn register(&mut self, id: Id, rect: Rect, kind: Kind) {
        self.drawn.push(Place { id, rect, kind });
    }

    /// Once, where the finger lifted, if `id` was pressed.
    pub fn take(&mut self, id: Id) -> Option<Pos2> {
        self.fired.take_if(|(fired, _)| *fired == id).map(|(_, at)| at)
    }

    pub fn is_held(&self, id: Id) -> bool {
        self.fingers.iter().any(|finger| finger.target == Some(id) && self.may_lift(id, finger.pos))
    }

    fn on_contact(&mut self, contact: Contact, now_s: f64) {
        match contact.phase {
            Phase::Down => self.on_down(contact, now_s),
            Phase::Move => {
                if let Some(down) = self.fingers.iter_mut().find(|down| down.finger == contact.finger) {
                    down.pos = contact.pos;
                }
            }
            Phase::Up => self.on_up(contact, now_s),
            Phase::Cancel => self.fingers.retain(|down| down.finger != contact.finger),
        }
    }

    fn on_down(&mut self, contact: Contact, now_s: f64) {
        self.fingers.retain(|down| down.finger != contact.finger);
        if self.fingers.len() == MAX_FINGERS {
            self.fingers.remove(0);
        }
        let target = self.hit(contact.pos).map(|place| place.id);
        self.fingers.push(Down { finger: contact.finger, target, since_s: now_s, pos: contact.pos });
    }

    fn on_up(&mut self, contact: Contact, now_s: f64) {
        let Some(at) = self.fingers.iter().position(|down| down.finger == contact.finger) else { return };
        let down = self.fingers.remove(at);
        let Some(id) = down.target else { return };
        if now_s - down.since_s > MAX_HOLD_S || !self.may_lift(id, contact.pos) {
            return;
        }
        if self.waiting.len() < MAX_WAITING {
            self.waiting.push_back((id, contact.pos));
        }
        if self.place(id).is_some_and(|place| place.kind == Kind::Choice) {
            for other in &mut self.fingers {
                other.target = None;
            }
        }
    }

    /// On its target, or a little beside it and on no other.
    fn may_lift(&self, id: Id, pos: Pos2) -> bool {
        let Some(place) = self.place(id) else { return false };
        match self.hit(pos) {
            Some(other) => other.id == id,
            None => place.rect.expand(SLACK_PT).contains(pos),
        }
    }

    fn hit(&self, pos: Pos2) -> Option<&Place> {
        self.seen.iter().rev().find(|place| place.rect.contains(pos))
    }

    fn place(&self, id: Id) -> Option<&Place> {
        self.seen.iter().find(|place| place.id == id)
    }
}
