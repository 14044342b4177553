//! Faces of the cube: sums by one axis or two, of a day of one hall. They stay as small as there are windows, people and
//! items, however many ratings there are.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::StatisticsFault;
use super::cell::{Axis, Cell};
use super::cube::{Cube, Spot};
use super::varint::{Reader, put};

/// Sums by one axis, or by two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Face(pub Axis, pub Option<Axis>);

/// By one axis each.
const SINGLES: [Face; 6] = [
    Face(Axis::Hours, None),
    Face(Axis::ServiceWindow, None),
    Face(Axis::Staff, None),
    Face(Axis::Item, None),
    Face(Axis::Channel, None),
    Face(Axis::Reason, None),
];

/// By two axes, where a day has far fewer cells than visits. The others would be no smaller than its cube.
const PAIRS: [Face; 11] = [
    Face(Axis::ServiceWindow, Some(Axis::Hours)),
    Face(Axis::Staff, Some(Axis::ServiceWindow)),
    Face(Axis::Item, Some(Axis::ServiceWindow)),
    Face(Axis::Channel, Some(Axis::Hours)),
    Face(Axis::Channel, Some(Axis::ServiceWindow)),
    Face(Axis::Channel, Some(Axis::Staff)),
    Face(Axis::Channel, Some(Axis::Item)),
    Face(Axis::Reason, Some(Axis::Hours)),
    Face(Axis::Reason, Some(Axis::ServiceWindow)),
    Face(Axis::Reason, Some(Axis::Item)),
    Face(Axis::Reason, Some(Axis::Channel)),
];

impl Face {
    /// The face of some axes, in whatever order; none where a day has only its cube.
    pub fn of(axes: &[Axis]) -> Option<Self> {
        match *axes {
            [] => Some(Self(Axis::Hours, None)),
            [one] => Some(Self(one, None)),
            [a, b] => PAIRS.into_iter().find(|f| *f == Self(a, Some(b)) || *f == Self(b, Some(a))),
            _ => None,
        }
    }

    /// Stands in the database.
    pub fn code(self) -> u8 {
        self.0 as u8 * 8 + self.1.map_or(7, |b| b as u8)
    }

    /// The key of [`Axis::Hours`]; `weekday` from 1 to 7.
    pub fn hours_key(weekday: i64, hour: u8) -> u32 {
        u32::try_from(weekday).unwrap_or(0) * 32 + u32::from(hour)
    }

    /// Weekday and hour of an hours key.
    pub fn hours_of(key: u32) -> (i64, i64) {
        (i64::from(key / 32), i64::from(key % 32))
    }
}

/// Sums a cube to its faces.
#[derive(Debug)]
pub struct Faces(Vec<(Face, HashMap<Key, Cell, Fast>)>);

/// First node, second node (0 if there is one axis), and whether the hour is unknown.
type Key = (u32, u32, bool);

impl Faces {
    pub fn of_a_day() -> Self {
        Self(SINGLES.into_iter().chain(PAIRS).map(|f| (f, HashMap::default())).collect())
    }

    /// Adds a day's cube; `weekday` from 1 to 7.
    pub fn add(&mut self, cube: &Cube, weekday: i64) {
        for (face, cells) in &mut self.0 {
            for (spot, n) in cube.rows() {
                let set = cube.sets().get(spot.set as usize).map_or(&[][..], Vec::as_slice);
                let mut put = |a: u32, b: u32| {
                    cells.entry((a, b, spot.is_untimed())).or_default().add_spot(spot, *n);
                };
                match (face.0, face.1) {
                    (Axis::Reason, None) => set.iter().for_each(|&r| put(r, 0)),
                    (a, None) => put(node(a, spot, weekday), 0),
                    (Axis::Reason, Some(b)) => set.iter().for_each(|&r| put(r, node(b, spot, weekday))),
                    (a, Some(Axis::Reason)) => set.iter().for_each(|&r| put(node(a, spot, weekday), r)),
                    (a, Some(b)) => put(node(a, spot, weekday), node(b, spot, weekday)),
                }
            }
        }
    }

    /// Every face with its bytes.
    pub fn encode(self) -> impl Iterator<Item = (Face, Vec<u8>)> {
        self.0.into_iter().map(|(face, cells)| {
            let mut cells: Vec<(Key, Cell)> = cells.into_iter().filter(|(_, c)| !c.is_zero()).collect();
            cells.sort_unstable_by_key(|(key, _)| *key);
            (face, encode(&cells, face.1.is_some()))
        })
    }
}

/// The node of a visit on an axis of which it has exactly one.
pub fn node(axis: Axis, spot: &Spot, weekday: i64) -> u32 {
    match axis {
        Axis::Hours => Face::hours_key(weekday, spot.hour),
        Axis::ServiceWindow => spot.service_window,
        Axis::Staff => spot.staff,
        Axis::Item => spot.item,
        Axis::Channel => u32::from(spot.channel),
        Axis::Hall | Axis::Reason => 0,
    }
}

fn encode(cells: &[(Key, Cell)], pair: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(cells.len() * 9);
    let mut last = 0;
    for ((a, b, untimed), cell) in cells {
        put(&mut out, u64::from(a - last) << 1 | u64::from(*untimed));
        last = *a;
        if pair {
            put(&mut out, u64::from(*b));
        }
        cell.put(&mut out);
    }
    out
}

/// Hands out each cell of a face: its nodes, whether its hour is unknown, and its sums, which are read only if wanted.
///
/// # Errors
/// [`StatisticsFault::Damaged`].
pub fn read(
    bytes: &[u8],
    pair: bool,
    mut take: impl FnMut(u32, u32, bool, &mut Unread<'_, '_>),
) -> Result<(), StatisticsFault> {
    let mut reader = Reader(bytes);
    let mut a = 0_u32;
    while !reader.0.is_empty() {
        let one = (|| {
            let head = reader.number()?;
            a = a.checked_add(u32::try_from(head >> 1).ok()?)?;
            let b = if pair { reader.small()? } else { 0 };
            let mut unread = Unread { reader: &mut reader, state: State::Waiting };
            take(a, b, head & 1 != 0, &mut unread);
            match unread.state {
                State::Waiting => Cell::pass(&mut reader),
                State::Read => Some(()),
                State::Damaged => None,
            }
        })();
        one.ok_or_else(|| StatisticsFault::Damaged("a roll-up".to_owned()))?;
    }
    Ok(())
}

/// A cell's sums that are still bytes.
#[derive(Debug)]
pub struct Unread<'r, 'b> {
    reader: &'r mut Reader<'b>,
    state: State,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Waiting,
    Read,
    Damaged,
}

impl Unread<'_, '_> {
    /// The sums, once; nothing where the bytes are damaged, which the reading will tell.
    #[inline]
    pub fn cell(&mut self) -> Cell {
        let cell = if self.state == State::Waiting { Cell::read(self.reader) } else { None };
        self.state = if cell.is_some() { State::Read } else { State::Damaged };
        cell.unwrap_or_default()
    }
}

/// A hash for small numbers that nobody outside can choose: nodes are the centre's own.
#[derive(Debug, Default, Clone, Copy)]
pub struct FastHasher(u64);

pub type Fast = BuildHasherDefault<FastHasher>;

impl Hasher for FastHasher {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|b| self.write_u64(u64::from(*b)));
    }

    fn write_u8(&mut self, n: u8) {
        self.write_u64(u64::from(n));
    }

    fn write_u32(&mut self, n: u32) {
        self.write_u64(u64::from(n));
    }

    fn write_i64(&mut self, n: i64) {
        self.write_u64(n.cast_unsigned());
    }

    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0.rotate_left(5) ^ n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_face_has_its_own_code_and_is_found_by_its_axes_in_any_order() {
        let all: Vec<Face> = SINGLES.into_iter().chain(PAIRS).collect();
        let mut codes: Vec<u8> = all.iter().map(|f| f.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all.len());
        for face in PAIRS {
            let (a, b) = (face.0, face.1.unwrap());
            assert_eq!((Face::of(&[a, b]), Face::of(&[b, a])), (Some(face), Some(face)));
        }
        assert_eq!(Face::of(&[Axis::Staff, Axis::Item]), None, "read from the cube");
        assert_eq!(Face::of(&[Axis::Staff, Axis::Item, Axis::Reason]), None);
        assert_eq!(Face::hours_of(Face::hours_key(7, 24)), (7, 24));
    }

    proptest! {
        #[test]
        fn cells_survive_their_bytes(
            cells in prop::collection::btree_map((0_u32..9_000, 0_u32..300, any::<bool>()), any::<[i32; 12]>(), 0..40),
        ) {
            let cells: Vec<(Key, Cell)> = cells.into_iter().map(|(key, n)| {
                let n = n.map(i64::from);
                let (levels, flagged) = ([n[0], 0, n[2], n[3], n[4]], [n[5], n[6], 0, n[8], n[9]]);
                (key, Cell { levels, flagged, served: n[10], sample: n[11] })
            }).collect();
            let mut got = Vec::new();
            read(&encode(&cells, true), true, |a, b, untimed, cell| got.push(((a, b, untimed), cell.cell()))).unwrap();
            prop_assert_eq!(&got, &cells);
            // What nobody reads is passed over.
            let mut some = Vec::new();
            read(&encode(&cells, true), true, |a, b, untimed, cell| {
                if a % 2 == 0 {
                    some.push(((a, b, untimed), cell.cell()));
                }
            }).unwrap();
            got.retain(|((a, ..), _)| a % 2 == 0);
            prop_assert_eq!(some, got);
        }

        #[test]
        fn damaged_bytes_are_told_or_read(bytes in prop::collection::vec(any::<u8>(), 0..40), pair in any::<bool>()) {
            let _ = read(&bytes, pair, |_, _, _, _| {});
            let _ = read(&bytes, pair, |_, _, _, cell| { cell.cell(); });
        }
    }
}
