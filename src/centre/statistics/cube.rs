//! The cube: all that one day of one hall counts, in full detail and few bytes. Every roll-up is made from cubes, and a
//! question that no roll-up answers is answered from them.
//!
//! Bytes: the sets of reasons that occur, then one row for each kind of visit, sorted. A row's first byte says which of
//! window, staff, item, set and traits differ from the row before; the second holds hour and level.

use std::collections::HashMap;

use super::StatisticsFault;
use super::calendar::UNTIMED;
use super::cell::NOBODY;
use super::stored::StoredFact;
use super::varint::{Reader, put, put_signed};

/// One kind of visit; every figure is a sum over some of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Spot {
    pub service_window: u32,
    /// [`NOBODY`] where none served.
    pub staff: u32,
    pub item: u32,
    /// Index of its set of reasons in [`Cube::sets`]; 0 is the empty one.
    pub set: u32,
    /// 0 to 23, or 24 where the clock is not to be trusted.
    pub hour: u8,
    pub channel: u8,
    /// 1 to 5; 0: served and not rated.
    pub level: u8,
    pub flagged: bool,
    pub sample: bool,
}

impl Spot {
    pub fn is_untimed(&self) -> bool {
        i64::from(self.hour) == UNTIMED
    }
}

/// One day of one hall.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cube {
    /// Reasons in ascending order; the first set is empty.
    sets: Vec<Vec<u32>>,
    known: HashMap<Vec<u32>, u32>,
    rows: Vec<(Spot, i64)>,
}

const WINDOW: u8 = 1;
const STAFF: u8 = 2;
const ITEM: u8 = 4;
const SET: u8 = 8;
const TRAITS: u8 = 16;
const COUNT: u8 = 32;

impl Cube {
    /// Adds what a fact counts.
    pub fn add(&mut self, fact: &StoredFact) {
        let mut reasons = fact.given_reasons().to_vec();
        reasons.sort_unstable();
        reasons.dedup();
        let spot = Spot {
            service_window: fact.service_window,
            staff: fact.staff.unwrap_or(NOBODY),
            item: fact.item.unwrap_or(NOBODY),
            set: self.set(reasons),
            hour: u8::try_from(super::calendar::hour_of(fact.slot).unwrap_or(UNTIMED)).unwrap_or(0),
            channel: u8::try_from(fact.channel).unwrap_or(0),
            level: fact.level.unwrap_or(0).min(5),
            flagged: fact.flagged && fact.level.is_some(),
            sample: fact.sample,
        };
        self.rows.push((spot, i64::from(fact.sign)));
    }

    pub fn merge(&mut self, other: &Self) {
        let sets: Vec<u32> = other.sets.iter().map(|s| self.set(s.clone())).collect();
        let moved = |spot: &Spot| Spot { set: sets.get(spot.set as usize).copied().unwrap_or(0), ..*spot };
        self.rows.extend(other.rows.iter().map(|(spot, n)| (moved(spot), *n)));
    }

    /// Kinds of visits with their counts.
    pub fn rows(&self) -> &[(Spot, i64)] {
        &self.rows
    }

    pub fn sets(&self) -> &[Vec<u32>] {
        &self.sets
    }

    /// Brings it into the one form that everything with the same sums has: sorted, nothing twice, nothing that is zero.
    pub fn settle(&mut self) {
        self.sum_up();
        // Sets by their content, and only those that occur.
        let mut used: Vec<&Vec<u32>> = self.rows.iter().filter_map(|(s, _)| self.sets.get(s.set as usize)).collect();
        used.sort_unstable();
        used.dedup();
        let mut sets: Vec<Vec<u32>> = used.into_iter().filter(|s| !s.is_empty()).cloned().collect();
        sets.insert(0, Vec::new());
        let known: HashMap<Vec<u32>, u32> = sets.iter().cloned().zip(0..).collect();
        for (spot, _) in &mut self.rows {
            spot.set = self.sets.get(spot.set as usize).and_then(|s| known.get(s)).copied().unwrap_or(0);
        }
        (self.sets, self.known) = (sets, known);
        self.sum_up();
    }

    fn sum_up(&mut self) {
        self.rows.sort_unstable_by_key(|(spot, _)| *spot);
        self.rows.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        self.rows.retain(|(_, n)| *n != 0);
    }

    /// The bytes of a settled cube; none at all for an empty one.
    pub fn encode(&self) -> Vec<u8> {
        if self.rows.is_empty() {
            return Vec::new();
        }
        let mut out = Vec::with_capacity(self.rows.len() * 5 + 64);
        put(&mut out, self.sets.len() as u64);
        for set in &self.sets {
            put(&mut out, set.len() as u64);
            set.iter().for_each(|&r| put(&mut out, u64::from(r)));
        }
        let (mut last, mut traits_before) = (Spot::default(), 0);
        for (spot, n) in &self.rows {
            let traits = spot.channel << 2 | u8::from(spot.flagged) << 1 | u8::from(spot.sample);
            let bit = |differs: bool, bit: u8| if differs { bit } else { 0 };
            let head = bit(spot.service_window != last.service_window, WINDOW)
                | bit(spot.staff != last.staff, STAFF)
                | bit(spot.item != last.item, ITEM)
                | bit(spot.set != last.set, SET)
                | bit(traits != traits_before, TRAITS)
                | bit(*n != 1, COUNT);
            out.extend([head, spot.hour | spot.level << 5]);
            for (flag, value) in [
                (WINDOW, spot.service_window - last.service_window.min(spot.service_window)),
                (STAFF, spot.staff),
                (ITEM, spot.item),
                (SET, spot.set),
            ] {
                if head & flag != 0 {
                    put(&mut out, u64::from(value));
                }
            }
            if head & TRAITS != 0 {
                out.push(traits);
            }
            if head & COUNT != 0 {
                put_signed(&mut out, *n);
            }
            (last, traits_before) = (*spot, traits);
        }
        out
    }

    /// Reads bytes into this one, whose memory is used again.
    ///
    /// # Errors
    /// [`StatisticsFault::Damaged`].
    pub fn read(&mut self, bytes: &[u8]) -> Result<(), StatisticsFault> {
        self.sets.clear();
        self.known.clear();
        self.rows.clear();
        if bytes.is_empty() {
            return Ok(());
        }
        let (sets, mut rows) = open(bytes)?;
        self.sets = sets;
        while let Some(row) = rows.next()? {
            self.rows.push(row);
        }
        Ok(())
    }

    /// # Errors
    /// [`StatisticsFault::Damaged`].
    pub fn decode(bytes: &[u8]) -> Result<Self, StatisticsFault> {
        let mut cube = Self::default();
        cube.read(bytes)?;
        cube.known = cube.sets.iter().cloned().zip(0..).collect();
        Ok(cube)
    }

    fn set(&mut self, reasons: Vec<u32>) -> u32 {
        if self.sets.is_empty() {
            self.sets.push(Vec::new());
        }
        if reasons.is_empty() {
            return 0;
        }
        if let Some(&at) = self.known.get(&reasons) {
            return at;
        }
        let at = u32::try_from(self.sets.len()).unwrap_or(u32::MAX);
        self.sets.push(reasons.clone());
        self.known.insert(reasons, at);
        at
    }
}

/// The sets of a cube's bytes, and its rows one by one.
///
/// # Errors
/// [`StatisticsFault::Damaged`].
pub fn open(bytes: &[u8]) -> Result<(Vec<Vec<u32>>, Rows<'_>), StatisticsFault> {
    let mut rows = Rows { bytes: Reader(bytes), spot: Spot::default() };
    let mut sets = Vec::new();
    if !bytes.is_empty() {
        rows.sets(&mut sets).ok_or_else(damaged)?;
    }
    Ok((sets, rows))
}

/// Rows that are still bytes.
#[derive(Debug)]
pub struct Rows<'a> {
    bytes: Reader<'a>,
    /// The row before.
    spot: Spot,
}

impl Rows<'_> {
    /// The next kind of visit and how many there are.
    ///
    /// # Errors
    /// [`StatisticsFault::Damaged`].
    #[inline]
    pub fn next(&mut self) -> Result<Option<(Spot, i64)>, StatisticsFault> {
        Ok(self.step()?.map(|(_, n)| (self.spot, n)))
    }

    /// The same, with the kind of visit in [`Rows::spot`]; first whether more than hour and level differ from the one before.
    ///
    /// # Errors
    /// [`StatisticsFault::Damaged`].
    #[inline]
    pub fn step(&mut self) -> Result<Option<(bool, i64)>, StatisticsFault> {
        match self.bytes.byte() {
            None => Ok(None),
            Some(head) => self.row(head).map(Some).ok_or_else(damaged),
        }
    }

    /// The kind of visit of the last step.
    #[inline]
    pub fn spot(&self) -> &Spot {
        &self.spot
    }

    fn sets(&mut self, sets: &mut Vec<Vec<u32>>) -> Option<()> {
        for _ in 0..self.bytes.small()? {
            let mut set = Vec::new();
            for _ in 0..self.bytes.small()? {
                set.push(self.bytes.small()?);
            }
            sets.push(set);
        }
        Some(())
    }

    #[inline]
    fn row(&mut self, head: u8) -> Option<(bool, i64)> {
        let (bytes, spot) = (&mut self.bytes, &mut self.spot);
        let hour_level = bytes.byte()?;
        (spot.hour, spot.level) = (hour_level & 31, (hour_level >> 5).min(5));
        if head & WINDOW != 0 {
            spot.service_window = spot.service_window.checked_add(bytes.small()?)?;
        }
        if head & STAFF != 0 {
            spot.staff = bytes.small()?;
        }
        if head & ITEM != 0 {
            spot.item = bytes.small()?;
        }
        if head & SET != 0 {
            spot.set = bytes.small()?;
        }
        if head & TRAITS != 0 {
            let traits = bytes.byte()?;
            (spot.channel, spot.flagged, spot.sample) = (traits >> 2, traits & 2 != 0, traits & 1 != 0);
        }
        let n = if head & COUNT != 0 { bytes.signed()? } else { 1 };
        Some((head & !COUNT != 0, n))
    }
}

fn damaged() -> StatisticsFault {
    StatisticsFault::Damaged("a day's cube".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{ClockGrade, WallMs};
    use proptest::prelude::*;

    fn facts() -> impl Strategy<Value = Vec<StoredFact>> {
        let one = (1_u32..5, 0_u32..4, 0_u32..300, 0_i64..25, 0_u32..3, 0_u8..6, any::<[bool; 3]>());
        let one = (one, prop::collection::vec(1_u32..400, 0..4)).prop_map(|(f, reasons)| StoredFact {
            ledger: 1,
            visit: 1,
            sign: if f.6[0] { 1 } else { -1 },
            wall: WallMs(0),
            slot: 20_000 * 25 + f.3,
            grade: ClockGrade::A,
            hall: 1,
            service_window: f.0,
            staff: (f.1 > 0).then_some(f.1),
            item: (f.2 > 0).then_some(f.2),
            channel: f.4,
            level: (f.5 > 0).then_some(f.5),
            flagged: f.6[1],
            sample: f.6[2],
            reasons,
        });
        prop::collection::vec(one, 0..60)
    }

    fn cube(facts: &[StoredFact]) -> Cube {
        let mut cube = Cube::default();
        facts.iter().for_each(|f| cube.add(f));
        cube
    }

    proptest! {
        #[test]
        fn bytes_hold_the_cube_and_do_not_depend_on_the_order_of_facts(mut facts in facts(), cut in 0_usize..60) {
            let mut whole = cube(&facts);
            whole.settle();
            let bytes = whole.encode();
            let read = Cube::decode(&bytes).unwrap();
            prop_assert_eq!(read.rows(), whole.rows());
            prop_assert!(whole.rows().is_empty() || read.sets() == whole.sets());
            facts.reverse();
            let (first, second) = facts.split_at(cut.min(facts.len()));
            let mut first = cube(first);
            first.settle();
            let mut parts = Cube::decode(&first.encode()).unwrap();
            parts.merge(&cube(second));
            parts.settle();
            prop_assert_eq!(parts.encode(), bytes);
        }

        #[test]
        fn damaged_bytes_are_told_or_read_but_never_fail_otherwise(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = Cube::decode(&bytes);
        }
    }
}
