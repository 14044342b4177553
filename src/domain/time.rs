//! Moments and how far they can be trusted. Nothing here reads a clock: `Now` is passed in.

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00Z, as some clock showed them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct WallMs(pub i64);

impl WallMs {
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Signed milliseconds from `earlier` to this.
    pub fn since_ms(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// One reading of both clocks of a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Wall clock, UTC; may jump.
    pub wall: WallMs,
    /// Milliseconds of a clock that never goes back while the program runs.
    pub mono_ms: u64,
}

/// How far a wall time can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ClockGrade {
    /// Anchored by the centre during this boot.
    A,
    /// A plausible clock of the device's own.
    B,
    /// Only bracketed by its neighbours: counted in totals, not in hourly figures.
    C,
}

impl ClockGrade {
    pub const ALL: [Self; 3] = [Self::A, Self::B, Self::C];

    pub fn code(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        }
    }
}

/// Times before the program was made are implausible: 2026-01-01T00:00Z.
pub const PLAUSIBLE_FROM: WallMs = WallMs(1_767_225_600_000);
/// Times after the device's expected life are implausible: 2056-01-01T00:00Z.
pub const PLAUSIBLE_TO: WallMs = WallMs(2_713_910_400_000);

/// Grades a wall time that the centre has not anchored.
pub fn grade_unanchored(wall: WallMs, last_known: WallMs) -> ClockGrade {
    let plausible = wall >= PLAUSIBLE_FROM && wall < PLAUSIBLE_TO && wall >= last_known;
    if plausible { ClockGrade::B } else { ClockGrade::C }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_clock_or_one_that_went_back_is_grade_c() {
        let known = WallMs(1_790_000_000_000);
        for (wall, grade) in [
            (WallMs(0), ClockGrade::C),
            (WallMs(946_684_800_000), ClockGrade::C),
            (WallMs(4_070_908_800_000), ClockGrade::C),
            (known.plus_ms(-1), ClockGrade::C),
            (known, ClockGrade::B),
            (known.plus_ms(86_400_000), ClockGrade::B),
        ] {
            assert_eq!(grade_unanchored(wall, known), grade, "{wall:?}");
        }
    }
}
