//! Ratings that come from a citizen's phone: at most one rating of a visit counts, whichever reaches the centre first.
//!
//! A kiosk may be offline, so a phone's rating can come before the visit itself. It then waits and enters the book when
//! the visit arrives.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::segments::StoreFault;
use super::visits::PhoneMark;
use crate::domain::id::{ItemCode, StaffNo, TagCode, WindowId};
use crate::domain::rating::{Satisfaction, Signal, Signals};
use crate::domain::time::WallMs;
use crate::ledger::keys::DeviceId;

pub const SCHEMA: &str = "
CREATE TABLE phone_rating (
  id INTEGER PRIMARY KEY,
  ledger INTEGER NOT NULL,
  visit INTEGER NOT NULL,
  nonce BLOB NOT NULL,
  level INTEGER NOT NULL,
  reasons TEXT NOT NULL,
  signals INTEGER NOT NULL,
  counted INTEGER NOT NULL,
  received_ms INTEGER NOT NULL,
  CONSTRAINT phone_rating_once UNIQUE (ledger, visit, nonce)
) STRICT;
";

/// Phone ratings kept of one visit; one counts, the others are flagged.
pub const MAX_PER_VISIT: i64 = 8;

/// What a phone sends, checked: the ticket verified, the reasons among the board's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneRating {
    pub device: DeviceId,
    pub epoch: u32,
    pub visit: u64,
    /// Names this submission, so that sending it twice changes nothing.
    pub nonce: [u8; 16],
    /// The ticket was drawn after the kiosk had taken a rating, whose entry may not have come yet.
    pub rated_at_kiosk: bool,
    /// None: only reasons or words, for a visit already rated.
    pub level: Option<Satisfaction>,
    pub reasons: Vec<TagCode>,
    pub signals: Signals,
    /// Words, sealed to the centre.
    pub sealed: Option<Vec<u8>>,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneOutcome {
    /// It is the visit's rating; `pending` until the kiosk's entries of the visit arrive.
    Counted { pending: bool },
    /// The visit had been rated; this one is kept and flagged.
    Second,
    /// No level was given; the words are kept.
    WordsKept,
    /// Nothing was opened at that place of the ledger.
    UnknownVisit,
    /// More than enough for one visit; nothing was kept.
    TooMany,
}

/// What the centre knows of a visit, for the phone's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitSeen {
    pub service_window: WindowId,
    pub staff: Option<StaffNo>,
    pub item: Option<ItemCode>,
    /// A rating of this visit counts already.
    pub rated: bool,
}

/// Marks that count, of visits from `from` on.
pub fn marks_from(conn: &Connection, ledger: i64, from: u64) -> rusqlite::Result<BTreeMap<u64, PhoneMark>> {
    let mut statement = conn.prepare_cached(
        "SELECT visit, level, reasons, signals, received_ms FROM phone_rating
         WHERE ledger = ?1 AND visit >= ?2 AND counted = 1",
    )?;
    let rows = statement
        .query_map(params![ledger, from.cast_signed()], |r| Ok((r.get::<_, i64>(0)?.cast_unsigned(), mark(r, 1)?)))?;
    rows.collect()
}

/// The visit's mark that counts, if it was rated by phone first.
pub fn mark_of(conn: &Connection, ledger: i64, visit: u64) -> rusqlite::Result<Option<PhoneMark>> {
    conn.prepare_cached(
        "SELECT level, reasons, signals, received_ms FROM phone_rating
         WHERE ledger = ?1 AND visit = ?2 AND counted = 1",
    )?
    .query_row(params![ledger, visit.cast_signed()], |r| mark(r, 0))
    .optional()
}

/// A phone's rating as it is kept, counted or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub level: Satisfaction,
    pub reasons: Vec<TagCode>,
    pub signals: Signals,
    pub counted: bool,
    pub received: WallMs,
}

/// Every phone rating of a visit, in the order of arrival.
///
/// # Errors
/// Those of the store.
pub fn of_visit(conn: &Connection, ledger: i64, visit: u64) -> rusqlite::Result<Vec<Kept>> {
    let mut statement = conn.prepare_cached(
        "SELECT level, reasons, signals, received_ms, counted FROM phone_rating WHERE ledger = ?1 AND visit = ?2
         ORDER BY id",
    )?;
    let rows = statement.query_map(params![ledger, visit.cast_signed()], |r| {
        let PhoneMark { level, wall, reasons, .. } = mark(r, 0)?;
        Ok(Kept { level, reasons, signals: Signals::from_bits(r.get(2)?), counted: r.get(4)?, received: wall })
    })?;
    rows.collect()
}

/// Whether this very submission is known, and counted; and how many there are of the visit.
pub fn known(conn: &Connection, ledger: i64, visit: u64, nonce: &[u8; 16]) -> rusqlite::Result<(Option<bool>, i64)> {
    let counted = conn
        .prepare_cached("SELECT counted FROM phone_rating WHERE ledger = ?1 AND visit = ?2 AND nonce = ?3")?
        .query_row(params![ledger, visit.cast_signed(), nonce], |r| r.get(0))
        .optional()?;
    let n = conn
        .prepare_cached("SELECT count(*) FROM phone_rating WHERE ledger = ?1 AND visit = ?2")?
        .query_row(params![ledger, visit.cast_signed()], |r| r.get(0))?;
    Ok((counted, n))
}

/// Keeps a rating, counted or flagged as the second one.
///
/// # Errors
/// [`StoreFault`].
pub fn keep(
    conn: &Connection,
    ledger: i64,
    rating: &PhoneRating,
    level: Satisfaction,
    counted: bool,
    now: WallMs,
) -> Result<(), StoreFault> {
    let signals = if counted { rating.signals } else { rating.signals.with(Signal::Second) };
    let reasons: Vec<&str> = rating.reasons.iter().map(TagCode::as_str).collect();
    conn.prepare_cached(
        "INSERT INTO phone_rating (ledger, visit, nonce, level, reasons, signals, counted, received_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        ledger,
        rating.visit.cast_signed(),
        rating.nonce,
        level.level(),
        reasons.join(","),
        signals.bits(),
        counted,
        now.0
    ])?;
    Ok(())
}

/// Gives reasons to the mark that counts, if it has none yet; true if it did.
///
/// # Errors
/// Those of the store.
pub fn add_reasons(conn: &Connection, ledger: i64, visit: u64, reasons: &[TagCode]) -> rusqlite::Result<bool> {
    let reasons: Vec<&str> = reasons.iter().map(TagCode::as_str).collect();
    let n = conn
        .prepare_cached(
            "UPDATE phone_rating SET reasons = ?3 WHERE ledger = ?1 AND visit = ?2 AND counted = 1 AND reasons = ''",
        )?
        .execute(params![ledger, visit.cast_signed(), reasons.join(",")])?;
    Ok(n > 0)
}

fn mark(row: &Row<'_>, at: usize) -> rusqlite::Result<PhoneMark> {
    let level: u8 = row.get(at)?;
    let reasons: String = row.get(at + 1)?;
    let signals = Signals::from_bits(row.get(at + 2)?);
    let level = Satisfaction::from_level(level).ok_or(rusqlite::Error::IntegralValueOutOfRange(at, level.into()))?;
    Ok(PhoneMark {
        level,
        wall: WallMs(row.get(at + 3)?),
        flagged: !signals.is_empty(),
        reasons: reasons.split(',').filter_map(|t| TagCode::new(t).ok()).collect(),
    })
}
