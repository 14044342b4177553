//! Signed sums of facts, and the axes along which they are kept.

use super::cube::Spot;
use super::varint::{Reader, put_signed};

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

const FLAGGED: u8 = 32;
const UNRATED: u8 = 64;
const SAMPLE: u8 = 128;

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

    /// Appends its bytes: which sums are not zero, then those.
    pub fn put(&self, out: &mut Vec<u8>) {
        let mask = |all: &[i64; 5]| all.iter().enumerate().fold(0, |m, (i, n)| m | u8::from(*n != 0) << i);
        let (levels, flagged) = (mask(&self.levels), mask(&self.flagged));
        let unrated = self.served - self.rated();
        let bit = |differs: bool, bit: u8| if differs { bit } else { 0 };
        out.push(levels | bit(flagged != 0, FLAGGED) | bit(unrated != 0, UNRATED) | bit(self.sample != 0, SAMPLE));
        self.levels.iter().filter(|n| **n != 0).for_each(|n| put_signed(out, *n));
        if flagged != 0 {
            out.push(flagged);
            self.flagged.iter().filter(|n| **n != 0).for_each(|n| put_signed(out, *n));
        }
        if unrated != 0 {
            put_signed(out, unrated);
        }
        if self.sample != 0 {
            put_signed(out, self.served - self.sample);
        }
    }

    /// Reads what [`Cell::put`] wrote; none where the bytes are damaged.
    #[inline]
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mut cell = Self::default();
        let mask = reader.byte()?;
        for at in 0..5 {
            if mask & 1 << at != 0 {
                cell.levels[at] = reader.signed()?;
            }
        }
        if mask & FLAGGED != 0 {
            let flagged = reader.byte()?;
            for at in 0..5 {
                if flagged & 1 << at != 0 {
                    cell.flagged[at] = reader.signed()?;
                }
            }
        }
        let unrated = if mask & UNRATED != 0 { reader.signed()? } else { 0 };
        cell.served = cell.levels.iter().fold(unrated, |sum, n| sum.wrapping_add(*n));
        if mask & SAMPLE != 0 {
            cell.sample = cell.served.wrapping_sub(reader.signed()?);
        }
        Some(cell)
    }

    /// Goes past a cell's bytes.
    #[inline]
    pub fn pass(reader: &mut Reader<'_>) -> Option<()> {
        let mask = reader.byte()?;
        let mut numbers = (mask & 31).count_ones();
        if mask & FLAGGED != 0 {
            reader.pass(numbers)?;
            numbers = (reader.byte()? & 31).count_ones();
        }
        reader.pass(numbers + (mask & (UNRATED | SAMPLE)).count_ones())
    }
}
