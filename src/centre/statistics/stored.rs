//! A fact as its row holds it: texts interned, time as a slot.

use rusqlite::{CachedStatement, Connection, Row, params};

use super::StatisticsFault;
use crate::domain::rating::{Channel, Satisfaction};
use crate::domain::time::{ClockGrade, WallMs};

/// One row of `fact`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFact {
    pub ledger: i64,
    pub visit: i64,
    pub sign: i8,
    pub wall: WallMs,
    pub slot: i64,
    pub grade: ClockGrade,
    pub hall: u32,
    pub service_window: u32,
    pub staff: Option<u32>,
    pub item: Option<u32>,
    pub channel: u32,
    /// 1 to 5.
    pub level: Option<u8>,
    pub flagged: bool,
    pub sample: bool,
    pub reasons: Vec<u32>,
}

/// The columns that [`StoredFact::read`] expects, in its order, after the id.
pub const COLUMNS: &str = "id, ledger, visit, sign, wall, slot, grade, hall, service_window, staff, item, channel, level, \
                           flagged, sample, reasons";
const INSERT: &str = "INSERT INTO fact (ledger, visit, sign, wall, slot, grade, hall, service_window, staff, item, channel, \
                      level, flagged, sample, reasons) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15)";

impl StoredFact {
    /// Reasons of the rating; a visit that was not rated has none.
    pub fn given_reasons(&self) -> &[u32] {
        if self.level.is_some() { &self.reasons } else { &[] }
    }

    /// The prepared statement of [`Self::insert`].
    pub fn inserter(conn: &Connection) -> rusqlite::Result<CachedStatement<'_>> {
        conn.prepare_cached(INSERT)
    }

    /// Appends the row; its id is the connection's last insert id.
    pub fn insert(&self, statement: &mut CachedStatement<'_>) -> rusqlite::Result<()> {
        let reasons: Vec<u8> = self.reasons.iter().flat_map(|r| r.to_le_bytes()).collect();
        let reasons = (!reasons.is_empty()).then_some(reasons);
        statement.execute(params![
            self.ledger,
            self.visit,
            self.sign,
            self.wall.0,
            self.slot,
            self.grade as u8,
            self.hall,
            self.service_window,
            self.staff,
            self.item,
            self.channel,
            self.level,
            self.flagged,
            self.sample,
            reasons
        ])?;
        Ok(())
    }

    /// Reads the columns of [`COLUMNS`]; the id comes first.
    pub fn read(row: &Row<'_>) -> Result<(i64, Self), StatisticsFault> {
        let reasons: Option<&[u8]> = row.get_ref(15)?.as_blob_or_null().map_err(rusqlite::Error::from)?;
        let fact = Self {
            ledger: row.get(1)?,
            visit: row.get(2)?,
            sign: row.get(3)?,
            wall: WallMs(row.get(4)?),
            slot: row.get(5)?,
            grade: grade_of(row.get(6)?)?,
            hall: row.get(7)?,
            service_window: row.get(8)?,
            staff: row.get(9)?,
            item: row.get(10)?,
            channel: row.get(11)?,
            level: row.get(12)?,
            flagged: row.get(13)?,
            sample: row.get(14)?,
            reasons: reasons
                .unwrap_or_default()
                .chunks_exact(4)
                .map(|c| u32::from_le_bytes([c[0], c[1], c[2], c[3]]))
                .collect(),
        };
        Ok((row.get(0)?, fact))
    }

    pub fn satisfaction(&self) -> Option<Satisfaction> {
        self.level.and_then(Satisfaction::from_level)
    }

    pub fn channel(&self) -> Result<Channel, StatisticsFault> {
        let at = usize::try_from(self.channel).ok().and_then(|c| Channel::ALL.get(c));
        at.copied().ok_or_else(|| StatisticsFault::Damaged(format!("channel {}", self.channel)))
    }
}

/// The grade that a row's number means.
pub fn grade_of(number: u8) -> Result<ClockGrade, StatisticsFault> {
    let grade = ClockGrade::ALL.get(usize::from(number));
    grade.copied().ok_or_else(|| StatisticsFault::Damaged(format!("clock grade {number}")))
}
