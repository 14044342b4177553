//! The kiosk's wall clock, graded: anchored by the centre within this boot, plausible by itself, or only bracketed. Pure.

use crate::domain::time::{ClockGrade, Now, WallMs, grade_unanchored};

/// A clock set back by no more than this is an adjustment, not a fault.
const ADJUSTMENT_MS: i64 = 2_000;

/// The wall time that entries carry, and how far it can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// The latest wall time that an entry of grade A or B carried.
    last_known: WallMs,
    anchor: Option<Anchor>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Anchor {
    centre: WallMs,
    mono_ms: u64,
}

impl Clock {
    /// At the start of a boot, when the ledger's last trustworthy entry carried `last_known`.
    pub fn new(last_known: WallMs) -> Self {
        Self { last_known, anchor: None }
    }

    /// The centre's clock showed `centre_ms` in an answer that took `round_trip_ms` and arrived `now`.
    pub fn anchor(&mut self, centre_ms: i64, round_trip_ms: u32, now: Now) {
        let centre = WallMs(centre_ms).plus_ms(i64::from(round_trip_ms / 2));
        self.anchor = Some(Anchor { centre, mono_ms: now.mono_ms });
    }

    /// The best wall time for `now`. Once anchored it runs on from the anchor by the monotonic clock, whatever happens to
    /// the device's own.
    pub fn read(&self, now: Now) -> (WallMs, ClockGrade) {
        match self.anchor {
            Some(anchor) => {
                let passed = now.mono_ms.saturating_sub(anchor.mono_ms);
                (anchor.centre.plus_ms(i64::try_from(passed).unwrap_or(i64::MAX)), ClockGrade::A)
            }
            None => (now.wall, grade_unanchored(now.wall, self.last_known.plus_ms(-ADJUSTMENT_MS))),
        }
    }

    /// An entry was committed with this reading.
    pub fn carried(&mut self, wall: WallMs, grade: ClockGrade) {
        match grade {
            // The centre's word also corrects a clock that had run ahead.
            ClockGrade::A => self.last_known = wall,
            ClockGrade::B => self.last_known = self.last_known.max(wall),
            ClockGrade::C => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: i64 = 1_790_000_000_000;

    fn now(wall: i64, mono_ms: u64) -> Now {
        Now { wall: WallMs(wall), mono_ms }
    }

    #[test]
    fn an_anchor_outlasts_a_jump_of_the_devices_clock() {
        let mut clock = Clock::new(WallMs(T));
        assert_eq!(clock.read(now(T + 5, 10)), (WallMs(T + 5), ClockGrade::B));
        clock.anchor(T + 60_000, 200, now(T + 5, 1_000));
        assert_eq!(clock.read(now(0, 4_000)), (WallMs(T + 63_100), ClockGrade::A));
    }

    #[test]
    fn a_clock_that_went_back_is_only_bracketed_until_it_has_caught_up() {
        let mut clock = Clock::new(WallMs(T));
        assert_eq!(clock.read(now(T - 1_000, 0)).1, ClockGrade::B);
        assert_eq!(clock.read(now(T - 60_000, 0)).1, ClockGrade::C);
        clock.carried(WallMs(T + 90_000), ClockGrade::B);
        clock.carried(WallMs(T + 900_000), ClockGrade::C);
        assert_eq!(clock.read(now(T + 80_000, 0)).1, ClockGrade::C);
        assert_eq!(clock.read(now(T + 90_000, 0)).1, ClockGrade::B);
    }

    #[test]
    fn the_centre_also_corrects_a_clock_that_ran_ahead() {
        let mut clock = Clock::new(WallMs(T + 900_000_000));
        clock.carried(WallMs(T), ClockGrade::A);
        assert_eq!(clock.read(now(T + 1, 0)).1, ClockGrade::B);
    }
}
