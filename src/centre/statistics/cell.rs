//! Signed sums of facts, and the axes along which they are kept.

use super::cube::Spot;

/// What sums are kept by. The numbers stand in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Axis {
    /// No face has it: every row of roll-ups belongs to one hall.
    Hall = 0,
    ServiceWindow = 1,
    Staff = 2,
    Item = 3,
    Channel = 4,
    /// One cell for each reason of a rating: sums over reasons count a rating more than once.
    Reason = 5,
    /// Weekday and hour.
    Hours = 6,
}

/// The node of visits without staff or item.
pub const NOBODY: u32 = 0;

/// Signed sums of facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cell {
    /// Ratings by level, index 0 = level 1.
    pub levels: [i64; 5],
    /// Those of them that carry a signal.
    pub flagged: [i64; 5],
    /// Rated, or asked and not rated.
    pub served: i64,
    /// Served visits that are sample data.
    pub sample: i64,
}

impl Cell {
    /// Adds `n` visits of one kind.
    #[inline]
    pub fn add_spot(&mut self, spot: &Spot, n: i64) {
        self.served += n;
        if spot.sample {
            self.sample += n;
        }
        if let Some(at) = usize::from(spot.level).checked_sub(1).filter(|at| *at < 5) {
            self.levels[at] += n;
            if spot.flagged {
                self.flagged[at] += n;
            }
        }
    }

    #[inline]
    pub fn add(&mut self, other: &Self) {
        for (a, b) in self.levels.iter_mut().zip(other.levels) {
            *a += b;
        }
        for (a, b) in self.flagged.iter_mut().zip(other.flagged) {
            *a += b;
        }
        self.served += other.served;
        self.sample += other.sample;
    }

    pub fn rated(&self) -> i64 {
        self.levels.iter().sum()
    }

    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }
}
