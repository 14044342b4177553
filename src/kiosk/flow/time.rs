//! What ends by itself, and when to wake for it.

use super::effect::Effect;
use super::event::Event;
use super::save::Settlement;
use super::{Flow, Place};
use crate::domain::time::{Now, PLAUSIBLE_FROM};

/// Events that come from a finger on the glass.
pub(super) fn is_touch(event: &Event) -> bool {
    use Event::{
        FaceTapped, LanguageToggled, ReasonToggled, ReasonsSent, ReasonsSkipped, RevisionAsked, SeniorToggled,
    };
    use Event::{ThanksLeft, Touched};
    super::desk::is_desk(event)
        || matches!(
            event,
            FaceTapped { .. }
                | ReasonToggled(_)
                | ReasonsSent
                | ReasonsSkipped
                | RevisionAsked
                | ThanksLeft
                | LanguageToggled
                | SeniorToggled
                | Touched
        )
}

impl Flow {
    /// A finger extends the running time, but not for ever: a palm or a wet glass touches too.
    pub(super) fn touch(&mut self, now: Now) {
        self.touched_ms = now.mono_ms;
        let longest_ms = self.config.longest_ms;
        if let Some(term) = self.term.as_mut().filter(|t| t.length_ms > 0) {
            let wanted = now.mono_ms.saturating_add(term.length_ms);
            term.until_ms = term.until_ms.max(wanted.min(term.since_ms.saturating_add(longest_ms.max(term.length_ms))));
        }
    }

    /// Does what has become due.
    pub(super) fn expire(&mut self, now: Now, out: &mut Vec<Effect>) {
        if self.is_busy() {
            return;
        }
        if now.mono_ms >= self.language_until_ms() {
            self.fall_back();
        }
        if self.may_adopt_board() {
            return self.settle(Settlement::default(), now, out);
        }
        if self.term.is_none_or(|term| now.mono_ms < term.until_ms) {
            return;
        }
        match self.place {
            Place::Home | Place::Reasons | Place::Thanks => self.settle(Settlement::default(), now, out),
            Place::Trouble { .. } => self.read_ledger(out),
            Place::StaffNo(_)
            | Place::StaffPin { .. }
            | Place::Choices
            | Place::AdminPin(_)
            | Place::Maintenance
            | Place::Cleaning => self.leave(now, out),
            Place::Starting | Place::Saving { .. } => {}
        }
    }

    /// Says when to wake next, if that has changed.
    pub(super) fn wake(&mut self, now: Now, out: &mut Vec<Effect>) {
        let term = self
            .term
            .filter(|_| !self.is_busy())
            .map(|term| if self.counts_down() { next_second(term.until_ms, now) } else { term.until_ms });
        let lockout = (now.mono_ms < self.lockout_until_ms).then(|| next_second(self.lockout_until_ms, now));
        let language = (self.language_until_ms() != u64::MAX && !self.is_busy()).then(|| self.language_until_ms());
        let minute =
            self.shows_clock(now).then(|| now.mono_ms + (60_000 - now.wall.0.rem_euclid(60_000)).unsigned_abs());
        let next = [term, lockout, language, minute].into_iter().flatten().min();
        // A wish that has come true must be made again.
        let is_news = next != self.wake_ms || next.is_some_and(|at| at <= now.mono_ms);
        self.wake_ms = next;
        if let (Some(mono_ms), true) = (next, is_news) {
            out.push(Effect::WakeAt { mono_ms });
        }
    }

    /// Back to the hall's own language and size: the citizen has left.
    pub(super) fn fall_back(&mut self) {
        self.language = self.config.language;
        self.senior = self.config.senior;
    }

    pub(super) fn shows_clock(&self, now: Now) -> bool {
        now.wall >= PLAUSIBLE_FROM && self.device.clock_grade != "C"
    }

    pub(super) fn seconds_left(&self, now: Now) -> u32 {
        let left_ms = self.term.map_or(0, |term| term.until_ms.saturating_sub(now.mono_ms));
        u32::try_from(left_ms.div_ceil(1_000)).unwrap_or(u32::MAX)
    }

    fn language_until_ms(&self) -> u64 {
        if self.language == self.config.language && self.senior == self.config.senior {
            return u64::MAX;
        }
        self.touched_ms.saturating_add(self.config.language_ms)
    }

    fn counts_down(&self) -> bool {
        match self.place {
            Place::Home => self.visit.as_ref().is_some_and(|v| v.invited && v.rated.is_none()),
            Place::Reasons | Place::Thanks | Place::Cleaning => true,
            _ => false,
        }
    }
}

/// The next moment at which the whole seconds left until `until_ms` change.
fn next_second(until_ms: u64, now: Now) -> u64 {
    let left_ms = until_ms.saturating_sub(now.mono_ms);
    match left_ms % 1_000 {
        0 => now.mono_ms + left_ms.min(1_000),
        part => now.mono_ms + part,
    }
}
