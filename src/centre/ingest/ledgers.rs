//! What the writer keeps in memory of each ledger, loaded at its first use and thrown away after any fault.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, OptionalExtension, params};

use super::segments::{self, StoreFault};
use super::visits::{PhoneMark, Place, Projector};
use super::{by_phone, witness};
use crate::centre::directory::devices;
use crate::domain::id::HallId;
use crate::domain::time::WallMs;
use crate::ledger::chain::Tip;
use crate::ledger::keys::DeviceId;

/// Ledgers kept in memory; more are read again when needed.
const MAX_CACHED: usize = 20_000;

/// One `(device, epoch)`.
#[derive(Debug)]
pub struct Ledger {
    pub place: Place,
    pub tip: Tip,
    pub projector: Projector,
    /// Phone ratings that count, of visits that are carried or have not arrived yet.
    pub phones: BTreeMap<u64, PhoneMark>,
    /// Places that a ticket or a heartbeat showed and that have not arrived yet.
    pub witnesses: BTreeMap<u64, [u8; 16]>,
    pub forked_at: Option<u64>,
}

#[derive(Debug, Default)]
pub struct Ledgers(HashMap<(DeviceId, u32), Ledger>);

impl Ledgers {
    pub fn forget(&mut self) {
        self.0.clear();
    }

    /// The ledger, if the centre has it.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn find(&mut self, conn: &Connection, device: DeviceId, epoch: u32) -> Result<Option<&mut Ledger>, StoreFault> {
        use std::collections::hash_map::Entry;
        if self.0.len() >= MAX_CACHED && !self.0.contains_key(&(device, epoch)) {
            self.0.clear();
        }
        match self.0.entry((device, epoch)) {
            Entry::Occupied(found) => Ok(Some(found.into_mut())),
            Entry::Vacant(slot) => Ok(match load(conn, device, epoch)? {
                Some(ledger) => Some(slot.insert(ledger)),
                None => None,
            }),
        }
    }

    /// The ledger, made for an enrolled device if the centre does not have it yet.
    ///
    /// # Errors
    /// [`StoreFault`], also when no such device is enrolled.
    pub fn find_or_open(
        &mut self,
        conn: &Connection,
        device: DeviceId,
        epoch: u32,
        now: WallMs,
    ) -> Result<&mut Ledger, StoreFault> {
        if self.find(conn, device, epoch)?.is_none()
            && let Some(known) = devices::one(conn, device)?
        {
            conn.prepare_cached(
                "INSERT INTO ledger (device, epoch, kiosk, service_window, hall, opened_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                device.0,
                epoch,
                known.kiosk.as_str(),
                known.service_window.as_str(),
                known.hall.as_str(),
                now.0
            ])?;
        }
        self.find(conn, device, epoch)?.ok_or(StoreFault::Sqlite(rusqlite::Error::QueryReturnedNoRows))
    }
}

/// The latest epoch of a device of which the centre has something.
///
/// # Errors
/// Those of the store.
pub fn latest_epoch(conn: &Connection, device: DeviceId) -> rusqlite::Result<Option<u32>> {
    conn.prepare_cached("SELECT max(epoch) FROM ledger WHERE device = ?1")?.query_row([device.0], |r| r.get(0))
}

/// A ledger as it stands in the store.
#[derive(Debug, Clone)]
pub struct Known {
    pub place: Place,
    pub device: DeviceId,
    pub epoch: u32,
}

/// Every ledger of the centre.
///
/// # Errors
/// [`StoreFault`].
pub fn all(conn: &Connection) -> Result<Vec<Known>, StoreFault> {
    let mut statement = conn.prepare_cached("SELECT id, hall, device, epoch FROM ledger ORDER BY id")?;
    let rows = statement.query_map([], |r| {
        Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?, DeviceId(r.get(2)?), r.get::<_, u32>(3)?))
    })?;
    rows.map(|row| {
        let (id, hall, device, epoch) = row?;
        Ok(Known { place: place(id, &hall)?, device, epoch })
    })
    .collect()
}

fn place(id: i64, hall: &str) -> Result<Place, StoreFault> {
    let hall = HallId::new(hall).map_err(|e| StoreFault::Damaged { ledger: id, id: 0, what: e.to_string() })?;
    Ok(Place { ledger: id, hall, sample: false })
}

/// The ledger's row, for readers.
///
/// # Errors
/// Those of the store.
pub fn id_of(conn: &Connection, device: DeviceId, epoch: u32) -> rusqlite::Result<Option<i64>> {
    conn.prepare_cached("SELECT id FROM ledger WHERE device = ?1 AND epoch = ?2")?
        .query_row(params![device.0, epoch], |r| r.get(0))
        .optional()
}

/// The hall in which the ledger's kiosk stands.
///
/// # Errors
/// Those of the store.
pub fn hall_of(conn: &Connection, ledger: i64) -> rusqlite::Result<Option<HallId>> {
    let hall: Option<String> =
        conn.prepare_cached("SELECT hall FROM ledger WHERE id = ?1")?.query_row([ledger], |r| r.get(0)).optional()?;
    Ok(hall.and_then(|h| HallId::new(&h).ok()))
}

fn load(conn: &Connection, device: DeviceId, epoch: u32) -> Result<Option<Ledger>, StoreFault> {
    let row = conn
        .prepare_cached("SELECT id, hall FROM ledger WHERE device = ?1 AND epoch = ?2")?
        .query_row(params![device.0, epoch], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?)))
        .optional()?;
    let Some((id, hall)) = row else { return Ok(None) };
    let place = place(id, &hall)?;
    let (tip, projector) = segments::resume(conn, device, epoch, id)?;
    let from = projector.lowest().unwrap_or(tip.seq + 1);
    let forked_at: Option<i64> =
        conn.prepare_cached("SELECT min(at_seq) FROM fork WHERE ledger = ?1")?.query_row([id], |r| r.get(0))?;
    Ok(Some(Ledger {
        place,
        tip,
        projector,
        phones: by_phone::marks_from(conn, id, from)?,
        witnesses: witness::pending(conn, id)?,
        forked_at: forked_at.map(i64::cast_unsigned),
    }))
}
