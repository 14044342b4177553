//! All that a finished span of one hall counts, in full detail as in the cubes of its days, but laid out by what questions
//! filter by: runs of one item and one set of reasons, each with its length, so that most of it is passed over. It answers
//! what no sheet does: four axes and more, several reasons at once, single days under two filters.
//!
//! Bytes: the sets of reasons, the desks, then the runs. A row names its desk and, where it is another one than that of
//! the row before, its time and channel.

use std::collections::HashMap;

use super::StatisticsFault;
use super::cell::Cell;
use super::cube::Cube;
use super::face::Fast;
use super::varint::{Reader, put};

/// Where one cell stands, in the order of the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    item: u32,
    set: u32,
    times: u32,
    service_window: u32,
    staff: u32,
}

/// When a row's visits were, and by which channel they were rated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    pub channel: u8,
    /// Of the span, from 1 on.
    pub day: u8,
    pub hour: u8,
    pub untimed: bool,
}

impl Times {
    fn number(self) -> u32 {
        (u32::from(self.channel) << 10 | u32::from(self.day) << 5 | u32::from(self.hour)) << 1 | u32::from(self.untimed)
    }

    fn of(number: u32) -> Option<Self> {
        Some(Self {
            channel: u8::try_from(number >> 11).ok()?,
            day: (number >> 6 & 31) as u8,
            hour: (number >> 1 & 31) as u8,
            untimed: number & 1 != 0,
        })
    }
}

/// Sums the days of a span; 31 at most.
#[derive(Debug, Default)]
pub struct Whole {
    sets: Vec<Vec<u32>>,
    known: HashMap<Vec<u32>, u32>,
    cells: HashMap<Key, Cell, Fast>,
}

impl Whole {
    /// Adds a day's cube; `day` of the span, from 1 on.
    pub fn add(&mut self, cube: &Cube, day: u8) {
        let sets: Vec<u32> = cube.sets().iter().map(|set| self.set(set)).collect();
        for (spot, n) in cube.rows() {
            let times = Times { channel: spot.channel, day, hour: spot.hour, untimed: spot.is_untimed() };
            let key = Key {
                item: spot.item,
                set: sets.get(spot.set as usize).copied().unwrap_or(0),
                times: times.number(),
                service_window: spot.service_window,
                staff: spot.staff,
            };
            self.cells.entry(key).or_default().add_spot(spot, *n);
        }
    }

    /// Its bytes; none at all for an empty one.
    pub fn encode(self) -> Vec<u8> {
        let mut cells: Vec<(Key, Cell)> = self.cells.into_iter().filter(|(_, c)| !c.is_zero()).collect();
        if cells.is_empty() {
            return Vec::new();
        }
        cells.sort_unstable_by_key(|(key, _)| *key);
        let mut desks: Vec<(u32, u32)> = cells.iter().map(|(k, _)| (k.service_window, k.staff)).collect();
        desks.sort_unstable();
        desks.dedup();
        let mut out = Vec::with_capacity(cells.len() * 7);
        put(&mut out, self.sets.len() as u64);
        for set in &self.sets {
            put(&mut out, set.len() as u64);
            set.iter().for_each(|&reason| put(&mut out, u64::from(reason)));
        }
        put(&mut out, desks.len() as u64);
        for &(window, staff) in &desks {
            put(&mut out, u64::from(window));
            put(&mut out, u64::from(staff));
        }
        let mut body = Vec::new();
        for run in cells.chunk_by(|(a, _), (b, _)| (a.item, a.set) == (b.item, b.set)) {
            put(&mut out, u64::from(run[0].0.item));
            put(&mut out, u64::from(run[0].0.set));
            body.clear();
            let mut before = None;
            for (key, cell) in run {
                let desk = desks.partition_point(|d| *d < (key.service_window, key.staff)) as u64;
                let same = before == Some(key.times);
                put(&mut body, desk << 1 | u64::from(same));
                if !same {
                    put(&mut body, u64::from(key.times));
                }
                before = Some(key.times);
                cell.put(&mut body);
            }
            put(&mut out, body.len() as u64);
            out.extend_from_slice(&body);
        }
        out
    }

    fn set(&mut self, set: &[u32]) -> u32 {
        if let Some(&at) = self.known.get(set) {
            return at;
        }
        let at = u32::try_from(self.sets.len()).unwrap_or(u32::MAX);
        self.sets.push(set.to_vec());
        self.known.insert(set.to_vec(), at);
        at
    }
}

/// A span that is still bytes: run by run, and in each row by row.
#[derive(Debug)]
pub struct Reading<'b> {
    rest: Reader<'b>,
    /// Of the run that was begun.
    body: Reader<'b>,
    sets: Vec<Vec<u32>>,
    desks: Vec<(u32, u32)>,
    times: Option<Times>,
}

impl<'b> Reading<'b> {
    /// # Errors
    /// [`StatisticsFault::Damaged`].
    pub fn open(bytes: &'b [u8]) -> Result<Self, StatisticsFault> {
        let (sets, desks) = (Vec::new(), Vec::new());
        let mut read = Self { rest: Reader(bytes), body: Reader(&[]), sets, desks, times: None };
        if !bytes.is_empty() {
            read.head().ok_or_else(damaged)?;
        }
        Ok(read)
    }

    /// Sets of reasons.
    pub fn sets(&self) -> &[Vec<u32>] {
        &self.sets
    }

    /// Window and person of each desk.
    pub fn desks(&self) -> &[(u32, u32)] {
        &self.desks
    }

    /// Item and number of the set of the next run; what was not read of the one before is passed over.
    ///
    /// # Errors
    /// [`StatisticsFault::Damaged`].
    #[inline]
    pub fn next_run(&mut self) -> Result<Option<(u32, usize)>, StatisticsFault> {
        if self.rest.0.is_empty() {
            return Ok(None);
        }
        self.run().map(Some).ok_or_else(damaged)
    }

    /// Desk and times of the run's next row, whose sums must be read or passed then.
    ///
    /// # Errors
    /// [`StatisticsFault::Damaged`].
    #[inline]
    pub fn next_row(&mut self) -> Result<Option<(usize, Times)>, StatisticsFault> {
        if self.body.0.is_empty() {
            return Ok(None);
        }
        self.row().map(Some).ok_or_else(damaged)
    }

    /// # Errors
    /// [`StatisticsFault::Damaged`].
    #[inline]
    pub fn cell(&mut self) -> Result<Cell, StatisticsFault> {
        Cell::read(&mut self.body).ok_or_else(damaged)
    }

    /// Goes past the sums.
    ///
    /// # Errors
    /// [`StatisticsFault::Damaged`].
    #[inline]
    pub fn pass(&mut self) -> Result<(), StatisticsFault> {
        Cell::pass(&mut self.body).ok_or_else(damaged)
    }

    fn head(&mut self) -> Option<()> {
        let rest = &mut self.rest;
        for _ in 0..rest.small()? {
            let mut set = Vec::new();
            for _ in 0..rest.small()? {
                set.push(rest.small()?);
            }
            self.sets.push(set);
        }
        for _ in 0..rest.small()? {
            let window = rest.small()?;
            self.desks.push((window, rest.small()?));
        }
        Some(())
    }

    #[inline]
    fn run(&mut self) -> Option<(u32, usize)> {
        let rest = &mut self.rest;
        let (item, set, length) = (rest.small()?, rest.small()? as usize, rest.small()? as usize);
        let (body, after) = rest.0.split_at_checked(length)?;
        (self.body, self.rest, self.times) = (Reader(body), Reader(after), None);
        Some((item, set))
    }

    #[inline]
    fn row(&mut self) -> Option<(usize, Times)> {
        let head = self.body.number()?;
        if head & 1 == 0 {
            self.times = Some(Times::of(self.body.small()?)?);
        }
        Some((usize::try_from(head >> 1).ok()?, self.times?))
    }
}

fn damaged() -> StatisticsFault {
    StatisticsFault::Damaged("the visits of a span".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::statistics::stored::StoredFact;
    use crate::domain::time::{ClockGrade, WallMs};
    use proptest::prelude::*;

    fn facts() -> impl Strategy<Value = Vec<(u8, StoredFact)>> {
        let one = (1_u8..32, 1_u32..5, 0_u32..300, 0_u32..4, 0_i64..25, 0_u32..3, 0_u8..6);
        let one = (one, prop::collection::vec(1_u32..6, 0..3)).prop_map(|(f, reasons)| {
            let fact = StoredFact {
                ledger: 1,
                visit: 1,
                sign: 1,
                wall: WallMs(0),
                slot: 20_000 * 25 + f.4,
                grade: ClockGrade::A,
                hall: 1,
                service_window: f.1,
                staff: (f.2 > 0).then_some(f.2),
                item: (f.3 > 0).then_some(f.3),
                channel: f.5,
                level: (f.6 > 0).then_some(f.6),
                flagged: false,
                sample: false,
                reasons,
            };
            (f.0, fact)
        });
        prop::collection::vec(one, 0..50)
    }

    proptest! {
        #[test]
        fn bytes_hold_every_visit_of_the_span(facts in facts()) {
            let mut whole = Whole::default();
            for (day, fact) in &facts {
                let mut cube = Cube::default();
                cube.add(fact);
                whole.add(&cube, *day);
            }
            let bytes = whole.encode();
            let (mut got, mut read) = (Vec::new(), Reading::open(&bytes).unwrap());
            while let Some((item, set)) = read.next_run().unwrap() {
                while let Some((desk, times)) = read.next_row().unwrap() {
                    let (cell, desk) = (read.cell().unwrap(), read.desks()[desk]);
                    let place = (item, read.sets()[set].clone(), desk, times.day, times.hour, times.channel);
                    (0..cell.served).for_each(|_| got.push(place.clone()));
                }
            }
            let mut want: Vec<_> = facts.iter().map(|(day, fact)| {
                let mut set = fact.given_reasons().to_vec();
                set.sort_unstable();
                set.dedup();
                let desk = (fact.service_window, fact.staff.unwrap_or(0));
                (fact.item.unwrap_or(0), set, desk, *day, (fact.slot % 25) as u8, fact.channel as u8)
            }).collect();
            got.sort();
            want.sort();
            prop_assert_eq!(got, want);
        }

        #[test]
        fn damaged_bytes_are_told_or_read(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let Ok(mut read) = Reading::open(&bytes) else { return Ok(()) };
            while let Ok(Some(_)) = read.next_run() {
                while let Ok(Some((desk, _))) = read.next_row() {
                    if (if desk % 2 == 0 { read.pass() } else { read.cell().map(drop) }).is_err() {
                        break;
                    }
                }
            }
        }
    }
}
