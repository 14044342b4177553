//! What can still be taken from a damaged ledger: entries authenticate themselves, so whatever row can be read, links to
//! the one before it and bears this device's signature is as good as ever.

use std::path::Path;

use rusqlite::{Connection, params};

use super::outbox::{receipt_of, signed_from};
use super::{Journal, JournalFault, schema};
use crate::db;
use crate::ledger::chain::{Signed, link, origin, signature_holds};
use crate::ledger::entry::Head;
use crate::ledger::keys::{DeviceKey, Hash};
use crate::protocol::Receipt;

/// Rows that are read in one go before they are checked.
const ROWS_MAX: u64 = 2_000_000;
/// Tables whose rows are taken as they are.
const PLAIN: [&str; 2] = ["throttle", "board"];

/// What was taken over.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Salvaged {
    /// Entries that no receipt covered and that will still be sent.
    pub entries: usize,
    /// Entries that no receipt covered and that cannot be read any more, as far as known.
    pub lost: u64,
}

/// The readable remains of a ledger.
pub struct Old {
    conn: Option<Connection>,
    path: std::path::PathBuf,
    /// The last head that is known from it.
    pub head: Option<Head>,
    epochs: Vec<OldEpoch>,
}

struct OldEpoch {
    epoch: u32,
    receipt: Option<Receipt>,
    /// The hash before the first entry.
    prev: Hash,
    entries: Vec<Signed>,
    lost: u64,
}

/// The later of two heads.
pub fn later(a: Option<Head>, b: Option<Head>) -> Option<Head> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if (b.epoch, b.seq) > (a.epoch, a.seq) { b } else { a }),
        (a, b) => a.or(b),
    }
}

impl Old {
    /// Reads what can be read; a file that cannot be opened at all gives nothing.
    pub fn read(path: &Path, key: &DeviceKey) -> Self {
        let mut old = Self { conn: None, path: path.to_owned(), head: None, epochs: Vec::new() };
        let Ok(conn) = db::open_read_only(path, &schema::SCHEMA) else { return old };
        for epoch in epochs_of(&conn, key) {
            let read = read_epoch(&conn, key, epoch);
            let device = key.device();
            let last = read.entries.last().map(|e| Head { device, epoch, seq: e.seq, hash: e.hash });
            old.head = later(old.head, later(last, read.receipt.as_ref().map(Receipt::head)));
            old.epochs.push(read);
        }
        old.conn = Some(conn);
        old
    }

    /// Writes it into a new ledger, in one commit. The new ledger's own epoch is later than all of these.
    pub fn take_over(self, journal: &mut Journal) -> Result<Salvaged, JournalFault> {
        let mut salvaged = Salvaged::default();
        if self.conn.is_none() {
            return Ok(salvaged);
        }
        drop(self.conn);
        let public_key = journal.key.public();
        let own_epoch = journal.tip.epoch;
        let tx = journal.conn_mut()?.transaction()?;
        for old in self.epochs.iter().filter(|o| o.epoch < own_epoch) {
            let before = old.entries.first().map_or(old.receipt.map_or(0, |r| r.seq), |e| e.seq - 1);
            tx.execute(
                "INSERT INTO epoch (epoch, public_key, pruned_seq, pruned_hash) VALUES (?1, ?2, ?3, ?4)",
                params![old.epoch, public_key.0, before as i64, old.prev.0],
            )?;
            for e in &old.entries {
                tx.prepare_cached(
                    "INSERT INTO entry (epoch, seq, bytes, hash, signature) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![old.epoch, e.seq as i64, e.bytes, e.hash.0, e.signature.0])?;
            }
            for (role, r) in ["latest", "highest"].iter().zip(old.receipt.iter().cycle()) {
                tx.execute(
                    "INSERT INTO receipt (epoch, role, seq, hash, server_ms, signature) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    params![old.epoch, role, r.seq as i64, r.hash.0, r.server_ms, r.signature.0],
                )?;
            }
            salvaged.entries += old.entries.len();
            salvaged.lost += old.lost;
        }
        tx.commit()?;
        take_plain(journal.conn()?, &self.path);
        Ok(salvaged)
    }
}

fn epochs_of(conn: &Connection, key: &DeviceKey) -> Vec<u32> {
    let read = || -> Result<Vec<u32>, rusqlite::Error> {
        let mut statement = conn.prepare("SELECT epoch FROM epoch WHERE public_key = ?1 ORDER BY epoch")?;
        statement.query_map([key.public().0], |r| r.get(0))?.collect()
    };
    read().unwrap_or_default()
}

/// The unbroken run of verifying entries after the receipt.
fn read_epoch(conn: &Connection, key: &DeviceKey, epoch: u32) -> OldEpoch {
    let receipt = receipt_of(conn, key.device(), epoch, "latest").ok().flatten().filter(|r| r.seq > 0);
    let held = receipt.as_ref().map_or(0, |r| r.seq);
    let mut prev = receipt.as_ref().map_or(origin(key.device(), epoch), |r| r.hash);
    let first_prev = prev;
    let mut entries: Vec<Signed> = Vec::new();
    for seq in held + 1..held + ROWS_MAX {
        let row = conn.prepare_cached("SELECT seq, bytes, hash, signature FROM entry WHERE epoch = ?1 AND seq = ?2");
        let Ok(signed) = row.and_then(|mut s| s.query_row(params![epoch, seq as i64], signed_from)) else { break };
        let holds = signed.seq == seq
            && link(&prev, &signed.bytes) == signed.hash
            && signature_holds(&key.public(), &signed.hash, &signed.signature);
        if !holds {
            break;
        }
        prev = signed.hash;
        entries.push(signed);
    }
    let last = held + entries.len() as u64;
    let highest: Option<i64> =
        conn.query_row("SELECT max(seq) FROM entry WHERE epoch = ?1", [epoch], |r| r.get(0)).ok().flatten();
    let lost = highest.map_or(0, |h| (h as u64).saturating_sub(last));
    OldEpoch { epoch, receipt, prev: first_prev, entries, lost }
}

/// Enrolment, throttles and boards: what cannot be read is done without.
fn take_plain(conn: &Connection, old: &Path) {
    let Some(path) = old.to_str() else { return };
    if conn.execute("ATTACH DATABASE ?1 AS old", [path]).is_err() {
        return;
    }
    for table in PLAIN {
        let copied = conn.execute(&format!("INSERT OR IGNORE INTO {table} SELECT * FROM old.{table}"), []);
        if let Err(fault) = copied {
            tracing::warn!(%fault, table, "not taken over from the damaged ledger");
        }
    }
    let enrolment =
        conn.execute("INSERT OR IGNORE INTO state SELECT name, value FROM old.state WHERE name = 'enrolment'", []);
    if let Err(fault) = enrolment {
        tracing::warn!(%fault, "the enrolment was not taken over from the damaged ledger");
    }
    let _ = conn.execute("DETACH DATABASE old", []);
}
