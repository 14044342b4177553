//! Sheets: sums by several axes over a span of days of one hall. How many cells one has follows from how many desks, items,
//! reasons, hours and weekdays occur together, and no longer from the number of ratings once a span is long enough.
//!
//! Channel, level, signals and whether the hour is known stand in every sheet. Bytes: the desks that occur, then runs of
//! cells that agree in everything but the desk, each with its length, so that a question that filters by item or hour
//! passes over most of it.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use super::StatisticsFault;
use super::cell::Cell;
use super::cube::Cube;
use super::face::Fast;
use super::varint::{Reader, put};

/// Which axes a sheet has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sheet(u8);

impl Sheet {
    pub const PLAIN: Self = Self(0);
    /// A window and who served there.
    pub const DESK: Self = Self(1);
    pub const ITEM: Self = Self(2);
    /// One cell for each reason of a rating.
    pub const REASON: Self = Self(4);
    pub const HOUR: Self = Self(8);
    pub const WEEKDAY: Self = Self(16);
    const ALL: u8 = 31;
    /// The code under which a span's [`super::whole`] stands.
    pub const WHOLE: Self = Self(Self::ALL);

    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn has(self, axis: Self) -> bool {
        self.0 & axis.0 == axis.0
    }

    pub fn axes(self) -> u32 {
        self.0.count_ones()
    }

    /// Stands in the database; below 32.
    pub fn code(self) -> u8 {
        self.0
    }

    /// Those with so many axes at most, the fullest first.
    pub fn up_to(most: u32) -> impl Iterator<Item = Self> {
        (0..=most).rev().flat_map(|n| (0..=Self::ALL).map(Self).filter(move |s| s.axes() == n))
    }

    /// One with an axis more that this one can be summed from, among those of `most` axes; none where it has as many.
    fn fuller(self, most: u32) -> Option<Self> {
        // Sums over reasons are no totals, and the smallest of what remains is quickest.
        let add = [Self::WEEKDAY, Self::HOUR, Self::ITEM, Self::DESK].into_iter().find(|axis| !self.has(*axis));
        add.filter(|_| self.axes() < most).map(|axis| self.and(axis))
    }
}

/// Where one cell stands; what the sheet does not have is 0. In the order of the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Key {
    pub run: Run,
    pub service_window: u32,
    pub staff: u32,
}

/// What the cells of a run have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Run {
    pub reason: u32,
    pub item: u32,
    pub channel: u8,
    /// 1 to 7.
    pub weekday: u8,
    pub hour: u8,
    pub untimed: bool,
}

impl Run {
    fn times(&self) -> u32 {
        (u32::from(self.channel) << 8 | u32::from(self.weekday) << 5 | u32::from(self.hour)) << 1
            | u32::from(self.untimed)
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(u64::from(self.run.reason) << 32 | u64::from(self.run.item));
        state.write_u64(u64::from(self.run.times()));
        state.write_u64(u64::from(self.service_window) << 32 | u64::from(self.staff));
    }
}

impl Key {
    fn within(self, sheet: Sheet) -> Self {
        let (desk, run) = (sheet.has(Sheet::DESK), self.run);
        let only = |axis: Sheet, n: u32| if sheet.has(axis) { n } else { 0 };
        let small = |axis: Sheet, n: u8| if sheet.has(axis) { n } else { 0 };
        Self {
            run: Run {
                reason: only(Sheet::REASON, run.reason),
                item: only(Sheet::ITEM, run.item),
                weekday: small(Sheet::WEEKDAY, run.weekday),
                hour: small(Sheet::HOUR, run.hour),
                ..run
            },
            service_window: if desk { self.service_window } else { 0 },
            staff: if desk { self.staff } else { 0 },
        }
    }
}

type Cells = HashMap<Key, Cell, Fast>;

/// Sums days of one hall to every sheet of up to so many axes.
#[derive(Debug)]
pub struct Sheets {
    most: u32,
    /// The fullest alone; the others are summed from them.
    full: Vec<(Sheet, Cells)>,
}

impl Sheets {
    pub fn up_to(most: u32) -> Self {
        let full = Sheet::up_to(most).filter(|s| s.axes() == most);
        Self { most, full: full.map(|s| (s, Cells::default())).collect() }
    }

    /// Adds a day's cube; `weekday` from 1 to 7.
    pub fn add(&mut self, cube: &Cube, weekday: i64) {
        let weekday = u8::try_from(weekday).unwrap_or(0);
        for (sheet, cells) in &mut self.full {
            for (spot, n) in cube.rows() {
                let untimed = spot.is_untimed();
                let run = Run { reason: 0, item: spot.item, channel: spot.channel, weekday, hour: spot.hour, untimed };
                let key = Key { run, service_window: spot.service_window, staff: spot.staff }.within(*sheet);
                if !sheet.has(Sheet::REASON) {
                    cells.entry(key).or_default().add_spot(spot, *n);
                    continue;
                }
                for &reason in cube.sets().get(spot.set as usize).into_iter().flatten() {
                    let key = Key { run: Run { reason, ..key.run }, ..key };
                    cells.entry(key).or_default().add_spot(spot, *n);
                }
            }
        }
    }

    /// Every sheet with its bytes.
    pub fn encode(self) -> Vec<(Sheet, Vec<u8>)> {
        let mut all: Vec<(Sheet, Cells)> = self.full;
        for sheet in Sheet::up_to(self.most) {
            let Some(fuller) = sheet.fuller(self.most) else { continue };
            let mut cells = Cells::default();
            for (key, cell) in all.iter().filter(|(s, _)| *s == fuller).flat_map(|(_, cells)| cells) {
                cells.entry(key.within(sheet)).or_default().add(cell);
            }
            all.push((sheet, cells));
        }
        all.into_iter().map(|(sheet, cells)| (sheet, encode(sheet, cells))).collect()
    }
}

/// The sheet of a longer span, from those of its parts.
///
/// # Errors
/// [`StatisticsFault::Damaged`].
pub fn join(sheet: Sheet, parts: &[Vec<u8>]) -> Result<Vec<u8>, StatisticsFault> {
    let mut cells = Cells::default();
    for bytes in parts {
        let mut read = Reading::open(sheet, bytes)?;
        while let Some(run) = read.next_run()? {
            while let Some(desk) = read.next_desk()? {
                let (service_window, staff) = read.desks().get(desk).copied().ok_or_else(damaged)?;
                cells.entry(Key { run, service_window, staff }).or_default().add(&read.cell()?);
            }
        }
    }
    Ok(encode(sheet, cells))
}

fn encode(sheet: Sheet, cells: Cells) -> Vec<u8> {
    let mut cells: Vec<(Key, Cell)> = cells.into_iter().filter(|(_, c)| !c.is_zero()).collect();
    cells.sort_unstable_by_key(|(key, _)| *key);
    let mut desks: Vec<(u32, u32)> = cells.iter().map(|(k, _)| (k.service_window, k.staff)).collect();
    desks.sort_unstable();
    desks.dedup();
    let mut out = Vec::with_capacity(cells.len() * 8 + desks.len() * 4);
    if sheet.has(Sheet::DESK) {
        put(&mut out, desks.len() as u64);
        let mut last = 0;
        for &(window, staff) in &desks {
            put(&mut out, u64::from(window - last));
            put(&mut out, u64::from(staff));
            last = window;
        }
    }
    let mut body = Vec::new();
    for run in cells.chunk_by(|(a, _), (b, _)| a.run == b.run) {
        let of = run[0].0.run;
        if sheet.has(Sheet::REASON) {
            put(&mut out, u64::from(of.reason));
        }
        if sheet.has(Sheet::ITEM) {
            put(&mut out, u64::from(of.item));
        }
        put(&mut out, u64::from(of.times()));
        body.clear();
        let mut last = 0;
        for (key, cell) in run {
            if sheet.has(Sheet::DESK) {
                let desk = desks.partition_point(|d| *d < (key.service_window, key.staff));
                put(&mut body, (desk - last) as u64);
                last = desk;
            }
            cell.put(&mut body);
        }
        put(&mut out, body.len() as u64);
        out.extend_from_slice(&body);
    }
    out
}

/// A sheet that is still bytes: run by run, and in each desk by desk.
#[derive(Debug)]
pub struct Reading<'b> {
    sheet: Sheet,
    rest: Reader<'b>,
    /// Of the run that was begun.
    body: Reader<'b>,
    desks: Vec<(u32, u32)>,
    desk: usize,
}

impl<'b> Reading<'b> {
    /// # Errors
    /// [`StatisticsFault::Damaged`].
    pub fn open(sheet: Sheet, bytes: &'b [u8]) -> Result<Self, StatisticsFault> {
        let mut read = Self { sheet, rest: Reader(bytes), body: Reader(&[]), desks: Vec::new(), desk: 0 };
        if !sheet.has(Sheet::DESK) {
            read.desks.push((0, 0));
        } else if !bytes.is_empty() {
            read.read_desks().ok_or_else(damaged)?;
        }
        Ok(read)
    }

    /// Window and person of each desk; one that says nothing where the sheet has none.
    pub fn desks(&self) -> &[(u32, u32)] {
        &self.desks
    }

    /// The next run; what was not read of the one before is passed over.
    ///
    /// # Errors
    /// [`StatisticsFault::Damaged`].
    #[inline]
    pub fn next_run(&mut self) -> Result<Option<Run>, StatisticsFault> {
        if self.rest.0.is_empty() {
            return Ok(None);
        }
        self.run().map(Some).ok_or_else(damaged)
    }

    /// The desk of the next cell in the run, whose sums must be read or passed then.
    ///
    /// # Errors
    /// [`StatisticsFault::Damaged`].
    #[inline]
    pub fn next_desk(&mut self) -> Result<Option<usize>, StatisticsFault> {
        if self.body.0.is_empty() {
            return Ok(None);
        }
        if self.sheet.has(Sheet::DESK) {
            let step = self.body.small().ok_or_else(damaged)?;
            self.desk = self.desk.saturating_add(step as usize);
        }
        Ok(Some(self.desk))
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

    fn read_desks(&mut self) -> Option<()> {
        let mut window = 0_u32;
        for _ in 0..self.rest.small()? {
            window = window.checked_add(self.rest.small()?)?;
            self.desks.push((window, self.rest.small()?));
        }
        Some(())
    }

    #[inline]
    fn run(&mut self) -> Option<Run> {
        let rest = &mut self.rest;
        let reason = if self.sheet.has(Sheet::REASON) { rest.small()? } else { 0 };
        let item = if self.sheet.has(Sheet::ITEM) { rest.small()? } else { 0 };
        let times = rest.small()?;
        let length = rest.small()? as usize;
        let (body, after) = rest.0.split_at_checked(length)?;
        (self.body, self.rest, self.desk) = (Reader(body), Reader(after), 0);
        Some(Run {
            reason,
            item,
            channel: u8::try_from(times >> 9).ok()?,
            weekday: (times >> 6 & 7) as u8,
            hour: (times >> 1 & 31) as u8,
            untimed: times & 1 != 0,
        })
    }
}

fn damaged() -> StatisticsFault {
    StatisticsFault::Damaged("the sums of a span".to_owned())
}

#[cfg(test)]
mod tests;
