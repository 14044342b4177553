//! A ledger's file read as evidence: in one snapshot, without writing, beside a running kiosk or on a copy.

use std::path::Path;

use rusqlite::{Connection, params};

use super::outbox::{receipt_of, signed_from};
use super::place;
use super::schema::SCHEMA;
use super::state::{ENROLMENT, Enrolment};
use super::{from_json, read_state};
use crate::db::{self, DbFault};
use crate::ledger::entry::{Body, Entry, Head};
use crate::ledger::keys::{DeviceId, Hash, PublicKey};
use crate::ledger::verify::{EpochReport, EpochStart, OwnEpoch, StoredReceipt, Verifier, check_succession};

/// Verifies every epoch in the file. `expected` is the device whose ledger it should be; without it the device key that
/// lies beside the file says so, if there is one.
///
/// # Errors
/// [`DbFault`] when it cannot be opened as a ledger, or not be read at all.
pub fn verify(path: &Path, expected: Option<DeviceId>) -> Result<Vec<EpochReport>, DbFault> {
    let conn = db::open_read_only(path, &SCHEMA)?;
    let at = |source| DbFault::Sqlite { path: path.to_owned(), source };
    // One snapshot: a running kiosk goes on writing meanwhile. It is taken by the first reading, after that of the mark, so
    // that an honest mark is never beyond it.
    conn.execute_batch("BEGIN").map_err(at)?;
    let beside = path.parent().filter(|_| path.file_name().is_some_and(|name| name == place::LEDGER_FILE));
    let key = beside.and_then(|dir| place::read_device_key(dir).ok().flatten());
    let expected = expected.or(key.map(|key| key.device()));
    let mark = beside.and_then(place::read_mark);
    let starts = epoch_starts(&conn).map_err(at)?;
    let centre_keys = centre_keys(&conn, &starts);
    let mut reports: Vec<_> =
        starts.iter().map(|start| walk(&conn, start, expected, mark.as_ref(), &centre_keys)).collect();
    check_succession(&mut reports);
    Ok(reports)
}

/// Every epoch's hashes and highest signed receipt, to be laid beside what a centre holds. Verify the file first: what it
/// says of itself is taken as it stands.
///
/// # Errors
/// [`DbFault`].
pub fn own_epochs(path: &Path) -> Result<Vec<OwnEpoch>, DbFault> {
    let conn = db::open_read_only(path, &SCHEMA)?;
    let read = || -> rusqlite::Result<Vec<OwnEpoch>> {
        conn.execute_batch("BEGIN")?;
        let starts = epoch_starts(&conn)?;
        let keys = centre_keys(&conn, &starts);
        starts.iter().map(|start| own_epoch(&conn, start, &keys)).collect()
    };
    read().map_err(|source| DbFault::Sqlite { path: path.to_owned(), source })
}

fn own_epoch(conn: &Connection, start: &EpochStart, keys: &[PublicKey]) -> rusqlite::Result<OwnEpoch> {
    let (device, epoch) = (start.public_key.device(), start.epoch);
    let mut statement = conn.prepare("SELECT seq, hash FROM entry WHERE epoch = ?1 ORDER BY seq")?;
    let rows = statement.query_map([epoch], |r| Ok((r.get::<_, i64>(0)?.cast_unsigned(), Hash(r.get(1)?))))?;
    let rows: Vec<(u64, Hash)> = rows.collect::<Result<_, _>>()?;
    let receipt = receipt_of(conn, device, epoch, "highest").ok().flatten();
    let receipt = receipt.filter(|r| r.seq > 0 && keys.iter().any(|key| r.holds(key)));
    Ok(OwnEpoch {
        device,
        epoch,
        first_seq: rows.first().map_or(start.pruned_seq + 1, |(seq, _)| *seq),
        hashes: rows.into_iter().map(|(_, hash)| hash).collect(),
        receipt: receipt.map(|r| (r.seq, r.hash)),
    })
}

fn epoch_starts(conn: &Connection) -> Result<Vec<EpochStart>, rusqlite::Error> {
    let mut statement = conn.prepare("SELECT epoch, public_key, pruned_seq, pruned_hash FROM epoch ORDER BY epoch")?;
    let rows = statement.query_map([], |r| {
        Ok(EpochStart {
            epoch: r.get(0)?,
            public_key: PublicKey(r.get(1)?),
            pruned_seq: r.get::<_, i64>(2)? as u64,
            pruned_hash: Hash(r.get(3)?),
        })
    })?;
    rows.collect()
}

fn walk(
    conn: &Connection,
    start: &EpochStart,
    expected: Option<DeviceId>,
    mark: Option<&Head>,
    centre_keys: &[PublicKey],
) -> EpochReport {
    let mut verifier = Verifier::new(start, expected);
    if let Err(fault) = walk_entries(conn, start.epoch, &mut verifier) {
        verifier.store_failed(fault.to_string());
    }
    if let Err(fault) = walk_words(conn, start.epoch, &mut verifier) {
        verifier.store_failed(fault.to_string());
    }
    let device = start.public_key.device();
    for role in ["highest", "latest"] {
        match receipt_of(conn, device, start.epoch, role) {
            Ok(Some(receipt)) if receipt.seq > 0 => {
                let is_signed = centre_keys.iter().any(|key| receipt.holds(key));
                verifier.receipt(&StoredReceipt { seq: receipt.seq, hash: receipt.hash, is_signed });
            }
            Ok(_) => {}
            Err(fault) => verifier.store_failed(fault.to_string()),
        }
    }
    if let Some(mark) = mark.filter(|m| m.device == device && m.epoch == start.epoch) {
        verifier.witness(mark.seq, &mark.hash);
    }
    verifier.finish()
}

fn walk_entries(conn: &Connection, epoch: u32, verifier: &mut Verifier) -> Result<(), rusqlite::Error> {
    let mut statement = conn.prepare("SELECT seq, bytes, hash, signature FROM entry WHERE epoch = ?1 ORDER BY seq")?;
    let mut rows = statement.query([epoch])?;
    while let Some(row) = rows.next()? {
        verifier.take(&signed_from(row)?);
    }
    Ok(())
}

fn walk_words(conn: &Connection, epoch: u32, verifier: &mut Verifier) -> Result<(), rusqlite::Error> {
    let mut statement = conn.prepare("SELECT seq, sealed FROM words WHERE epoch = ?1 ORDER BY seq")?;
    let mut rows = statement.query([epoch])?;
    while let Some(row) = rows.next()? {
        verifier.words(row.get::<_, i64>(0)? as u64, &row.get::<_, Vec<u8>>(1)?);
    }
    Ok(())
}

/// The centres that took this device in: as the chain says, and as the store remembers when that entry is pruned.
fn centre_keys(conn: &Connection, starts: &[EpochStart]) -> Vec<PublicKey> {
    let mut keys = Vec::new();
    for start in starts {
        let read = || -> Result<Vec<Vec<u8>>, rusqlite::Error> {
            let mut statement = conn.prepare(
                "SELECT bytes FROM entry WHERE epoch = ?1 AND instr(bytes, CAST('\"enrolled\"' AS BLOB)) > 0 ORDER BY seq",
            )?;
            statement.query_map(params![start.epoch], |r| r.get(0))?.collect()
        };
        for bytes in read().unwrap_or_default() {
            if let Ok(Entry { body: Body::Enrolled(enrolled), .. }) = Entry::from_bytes(&bytes) {
                keys.push(enrolled.centre_key);
            }
        }
    }
    let remembered = read_state(conn, ENROLMENT).ok().flatten();
    keys.extend(remembered.and_then(|text| from_json::<Enrolment>(&text).ok()).map(|e| e.centre_key));
    keys
}
