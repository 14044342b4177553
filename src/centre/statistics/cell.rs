//! One cell of a roll-up: signed sums, and its place.

use super::calendar::{SLOTS_PER_DAY, UNTIMED, day_of, hour_of};
use super::stored::StoredFact;

/// What roll-ups are kept by. The numbers stand in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RollupBy {
    Hall = 0,
    ServiceWindow = 1,
    Staff = 2,
    Item = 3,
    Channel = 4,
    /// One cell for each reason of a rating: sums over reasons count a rating more than once.
    Reason = 5,
}

/// `(dim, node, slot, hall)`: the primary key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub by: RollupBy,
    pub node: u32,
    pub slot: i64,
    pub hall: u32,
}

impl Place {
    /// The same place in the roll-up by days.
    pub fn of_day(self) -> Self {
        let hour = if hour_of(self.slot).is_some() { 0 } else { UNTIMED };
        Self { slot: day_of(self.slot) * SLOTS_PER_DAY + hour, ..self }
    }
}

/// Signed sums of facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cell {
    /// Ratings by level, index 0 = level 1.
    pub levels: [i64; 5],
    /// Those of them that carry a signal.
    pub flagged: [i64; 5],
    /// Rated, or asked and not rated.
    pub served: i64,
    /// Served visits made by the demonstration.
    pub sample: i64,
}

impl Cell {
    pub fn of(fact: &StoredFact) -> Self {
        let sign = i64::from(fact.sign);
        let mut cell = Self { served: sign, sample: if fact.sample { sign } else { 0 }, ..Self::default() };
        if let Some(at) = fact.level_index() {
            cell.levels[at] = sign;
            if fact.flagged {
                cell.flagged[at] = sign;
            }
        }
        cell
    }

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

    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }
}

/// The node of visits without staff or item.
pub const NOBODY: u32 = 0;

/// Every hourly cell that a fact adds to.
pub fn places(fact: &StoredFact, mut take: impl FnMut(Place)) {
    let mut at = |by, node| take(Place { by, node, slot: fact.slot, hall: fact.hall });
    at(RollupBy::Hall, fact.hall);
    at(RollupBy::ServiceWindow, fact.service_window);
    at(RollupBy::Channel, fact.channel);
    at(RollupBy::Staff, fact.staff.unwrap_or(NOBODY));
    at(RollupBy::Item, fact.item.unwrap_or(NOBODY));
    for &reason in fact.given_reasons() {
        at(RollupBy::Reason, reason);
    }
}
