//! What phones did, each act once, and when the centre first heard of a visit.

use rusqlite::{Connection, OptionalExtension, params};

use super::form::ActId;
use crate::domain::time::WallMs;
use crate::ledger::ticket::Ticket;

pub const SCHEMA: &str = "
CREATE TABLE phone_act (
  device BLOB NOT NULL,
  epoch INTEGER NOT NULL,
  visit INTEGER NOT NULL,
  act BLOB NOT NULL,
  CONSTRAINT phone_act_once PRIMARY KEY (device, epoch, visit, act)
) STRICT, WITHOUT ROWID;
CREATE TABLE phone_heard (
  device BLOB NOT NULL,
  epoch INTEGER NOT NULL,
  visit INTEGER NOT NULL,
  heard_ms INTEGER NOT NULL,
  CONSTRAINT phone_heard_once PRIMARY KEY (device, epoch, visit)
) STRICT, WITHOUT ROWID;
";

/// Explanations taken of one visit.
pub const MAX_OF_VISIT: i64 = 8;

/// Whether this act was done before, and how many were done of the visit.
///
/// # Errors
/// Those of the store.
pub fn known(conn: &Connection, ticket: &Ticket, act: &ActId) -> rusqlite::Result<(bool, i64)> {
    conn.prepare_cached(
        "SELECT coalesce(sum(act = ?4), 0), count(*) FROM phone_act WHERE device = ?1 AND epoch = ?2 AND visit = ?3",
    )?
    .query_row(params![ticket.device.0, ticket.epoch, ticket.visit.cast_signed(), act.0], |r| {
        Ok((r.get::<_, i64>(0)? > 0, r.get(1)?))
    })
}

/// # Errors
/// Those of the store.
pub fn keep(conn: &Connection, ticket: &Ticket, act: &ActId) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT OR IGNORE INTO phone_act (device, epoch, visit, act) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![ticket.device.0, ticket.epoch, ticket.visit.cast_signed(), act.0])?;
    Ok(())
}

/// When a phone first showed a ticket of this visit.
///
/// # Errors
/// Those of the store.
pub fn heard(conn: &Connection, ticket: &Ticket) -> rusqlite::Result<Option<WallMs>> {
    conn.prepare_cached("SELECT heard_ms FROM phone_heard WHERE device = ?1 AND epoch = ?2 AND visit = ?3")?
        .query_row(params![ticket.device.0, ticket.epoch, ticket.visit.cast_signed()], |r| r.get(0).map(WallMs))
        .optional()
}

/// Keeps the first time.
///
/// # Errors
/// Those of the store.
pub fn keep_heard(conn: &Connection, ticket: &Ticket, now: WallMs) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT OR IGNORE INTO phone_heard (device, epoch, visit, heard_ms) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![ticket.device.0, ticket.epoch, ticket.visit.cast_signed(), now.0])?;
    Ok(())
}
