//! What sync takes from the ledger and brings back: contiguous runs of entries, receipts; and pruning, which only receipts
//! allow.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::{Journal, JournalFault, RECEIPT_NOTE_MS};
use crate::domain::time::{ClockGrade, Now};
use crate::ledger::chain::{Signed, origin};
use crate::ledger::entry::{Entry, Head};
use crate::ledger::keys::{DeviceId, Hash, Signature};
use crate::protocol::{BatchHead, Receipt, SealedWords, WIRE};

/// Entries looked at by one call of [`Journal::prune`].
const PRUNED_AT_ONCE: usize = 5_000;

/// A contiguous run of entries of one epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub device: DeviceId,
    pub epoch: u32,
    /// Hash of the entry before the first.
    pub prev: Hash,
    /// Never empty.
    pub entries: Vec<Signed>,
    /// Sealed words by the `seq` of the entry that commits to them; those that were not erased.
    pub sealed: Vec<(u64, Vec<u8>)>,
}

impl Run {
    /// The first line of the batch that carries this run; none for an empty run.
    pub fn batch_head(&self) -> Option<BatchHead> {
        let (first, last) = (self.entries.first()?, self.entries.last()?);
        let sealed = self
            .sealed
            .iter()
            .map(|(seq, sealed)| SealedWords { seq: *seq, sealed: data_encoding::BASE64.encode(sealed) });
        Some(BatchHead {
            wire: WIRE,
            device: self.device,
            epoch: self.epoch,
            first_seq: first.seq,
            prev: self.prev,
            count: u32::try_from(self.entries.len()).ok()?,
            head: last.hash,
            signature: last.signature,
            sealed: sealed.collect(),
        })
    }
}

/// One epoch in this file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EpochStand {
    pub epoch: u32,
    /// Up to here the centre holds it, by its latest receipt.
    pub held_seq: u64,
    pub last_seq: u64,
}

/// What the journal made of a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiptVerdict {
    /// It names a place of this ledger; entries up to it need not be sent again.
    Held,
    /// Not signed by the centre that enrolled this device, or there is none.
    Unsigned,
    /// Of another device or an epoch that is not here.
    Foreign,
    /// The centre holds more of this ledger than the kiosk itself: this file is an older copy. See [`Journal::renew`].
    Ahead,
    /// The centre holds another history at this place.
    Forked,
}

impl Journal {
    /// The next entries that no receipt covers, the oldest epoch first: at least one, at most `max_entries`, and no more
    /// than `max_bytes` of entry bytes and sealed words beyond the first.
    ///
    /// # Errors
    /// [`JournalFault::Pruned`] when the centre lost more than the holding time; else reading failed.
    pub fn unsynced(&self, max_entries: usize, max_bytes: usize) -> Result<Option<Run>, JournalFault> {
        for (epoch, held, last) in self.cursors()? {
            if held < last {
                return self.unsynced_from(epoch, held + 1, max_entries, max_bytes);
            }
        }
        Ok(None)
    }

    /// As [`Self::unsynced`], from `seq` of `epoch` on, whatever receipts say.
    ///
    /// # Errors
    /// As there.
    pub fn unsynced_from(
        &self,
        epoch: u32,
        seq: u64,
        max_entries: usize,
        max_bytes: usize,
    ) -> Result<Option<Run>, JournalFault> {
        let conn = self.conn()?;
        let mut statement = conn.prepare_cached(
            "SELECT e.seq, e.bytes, e.hash, e.signature, w.sealed FROM entry e
             LEFT JOIN words w ON w.epoch = e.epoch AND w.seq = e.seq
             WHERE e.epoch = ?1 AND e.seq >= ?2 ORDER BY e.seq LIMIT ?3",
        )?;
        let mut rows = statement.query(params![epoch, seq as i64, max_entries.max(1) as i64])?;
        let (mut entries, mut sealed, mut bytes) = (Vec::new(), Vec::new(), 0);
        while let Some(row) = rows.next()? {
            let signed = signed_from(row)?;
            let words: Option<Vec<u8>> = row.get(4)?;
            bytes += signed.bytes.len() + words.as_ref().map_or(0, |w| w.len() * 4 / 3 + 64);
            if !entries.is_empty() && bytes > max_bytes {
                break;
            }
            sealed.extend(words.map(|w| (signed.seq, w)));
            entries.push(signed);
        }
        match entries.first() {
            None => Ok(None),
            Some(first) if first.seq != seq => Err(JournalFault::Pruned { epoch, wanted: seq, first: first.seq }),
            Some(_) => {
                let device = self.head().device;
                let prev = match hash_at(conn, device, epoch, seq - 1)? {
                    Some(prev) => prev,
                    None => return Err(JournalFault::Pruned { epoch, wanted: seq - 1, first: seq }),
                };
                Ok(Some(Run { device, epoch, prev, entries, sealed }))
            }
        }
    }

    /// Entries that no receipt covers.
    ///
    /// # Errors
    /// When reading fails.
    pub fn unsynced_count(&self) -> Result<u64, JournalFault> {
        Ok(self.cursors()?.iter().map(|(_, held, last)| last.saturating_sub(*held)).sum())
    }

    /// Checks and keeps the centre's word. A receipt for less than before moves the cursor back: the centre was restored
    /// from an older copy and is sent the rest again. The newest is noted in the chain with a later save.
    ///
    /// # Errors
    /// When the store fails; the receipt can be asked for again.
    pub fn hold_receipt(&mut self, receipt: &Receipt, now: Now) -> Result<ReceiptVerdict, JournalFault> {
        let verdict = self.judge(receipt)?;
        if verdict != ReceiptVerdict::Held {
            return Ok(verdict);
        }
        let tx = self.conn_mut()?.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for role in ["latest", "highest"] {
            tx.prepare_cached(
                "INSERT INTO receipt (epoch, role, seq, hash, server_ms, signature) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (epoch, role) DO UPDATE SET
                   seq = excluded.seq, hash = excluded.hash, server_ms = excluded.server_ms, signature = excluded.signature
                 WHERE excluded.role = 'latest' OR excluded.seq >= receipt.seq",
            )?
            .execute(params![
                receipt.epoch,
                role,
                receipt.seq as i64,
                receipt.hash.0,
                receipt.server_ms,
                receipt.signature.0
            ])?;
        }
        tx.commit()?;
        self.mark();
        let due = self.receipt_noted_ms.is_none_or(|noted| now.mono_ms.saturating_sub(noted) >= RECEIPT_NOTE_MS);
        if due && receipt.epoch == self.tip.epoch && receipt.seq > 0 {
            self.receipt_to_note = Some(receipt.head());
        }
        Ok(ReceiptVerdict::Held)
    }

    /// The chain's hash at a place of this device's ledger; none if it is not here (not yet, or no longer).
    ///
    /// # Errors
    /// When reading fails.
    pub fn hash_at(&self, epoch: u32, seq: u64) -> Result<Option<Hash>, JournalFault> {
        Ok(hash_at(self.conn()?, self.head().device, epoch, seq)?)
    }

    /// Every epoch in this file, oldest first.
    ///
    /// # Errors
    /// When reading fails.
    pub fn epochs(&self) -> Result<Vec<EpochStand>, JournalFault> {
        let stand = |(epoch, held_seq, last_seq)| EpochStand { epoch, held_seq, last_seq };
        Ok(self.cursors()?.into_iter().map(stand).collect())
    }

    /// The last `seq` of the present epoch that was pruned; 0: none.
    ///
    /// # Errors
    /// When reading fails.
    pub fn pruned_seq(&self) -> Result<u64, JournalFault> {
        let seq: Option<i64> = self
            .conn()?
            .prepare_cached("SELECT pruned_seq FROM epoch WHERE epoch = ?1")?
            .query_row([self.tip.epoch], |r| r.get(0))
            .optional()?;
        Ok(seq.unwrap_or(0) as u64)
    }

    /// The latest receipt of the present epoch, as the centre signed it.
    ///
    /// # Errors
    /// When reading fails.
    pub fn latest_receipt(&self) -> Result<Option<Receipt>, JournalFault> {
        Ok(receipt_of(self.conn()?, self.head().device, self.tip.epoch, "latest")?)
    }

    /// Deletes entries below the latest receipt that were older than `holding_days` when the centre signed it, and
    /// remembers where the chain now begins. At most a few thousand at once; returns how many.
    ///
    /// # Errors
    /// When the store fails; nothing was deleted then.
    pub fn prune(&mut self, holding_days: u32) -> Result<usize, JournalFault> {
        let mut pruned = 0;
        let device = self.head().device;
        for (epoch, _, _) in self.cursors()? {
            let Some(receipt) = receipt_of(self.conn()?, device, epoch, "latest")? else { continue };
            let limit_ms = receipt.server_ms - i64::from(holding_days) * 86_400_000;
            if let Some(last) = last_to_prune(self.conn()?, &receipt, limit_ms)? {
                pruned += prune_to(self.conn_mut()?, epoch, &last)?;
            }
        }
        Ok(pruned)
    }

    /// Erases sealed words by law; the chain keeps their commitment and stays whole.
    ///
    /// # Errors
    /// When the store fails.
    pub fn erase_words(&mut self, epoch: u32, seq: u64) -> Result<bool, JournalFault> {
        let conn = self.conn_mut()?;
        conn.pragma_update(None, "secure_delete", true)?;
        Ok(conn.execute("DELETE FROM words WHERE epoch = ?1 AND seq = ?2", params![epoch, seq as i64])? > 0)
    }

    fn judge(&self, receipt: &Receipt) -> Result<ReceiptVerdict, JournalFault> {
        let Some(enrolment) = self.enrolment()? else { return Ok(ReceiptVerdict::Unsigned) };
        if !receipt.holds(&enrolment.centre_key) {
            return Ok(ReceiptVerdict::Unsigned);
        }
        let device = self.head().device;
        let last = self.cursors()?.iter().find(|c| c.0 == receipt.epoch).map(|c| c.2);
        let Some(last) = last.filter(|_| receipt.device == device) else { return Ok(ReceiptVerdict::Foreign) };
        if receipt.seq > last {
            return Ok(ReceiptVerdict::Ahead);
        }
        let own = hash_at(self.conn()?, device, receipt.epoch, receipt.seq)?;
        // What was pruned long ago can no longer be compared; the centre has it.
        Ok(if own.is_some_and(|own| own != receipt.hash) { ReceiptVerdict::Forked } else { ReceiptVerdict::Held })
    }

    /// Of each epoch, oldest first: its number, the `seq` up to which the centre holds it, and its last `seq`.
    fn cursors(&self) -> Result<Vec<(u32, u64, u64)>, JournalFault> {
        let mut statement = self.conn()?.prepare_cached(
            "SELECT p.epoch,
                    coalesce((SELECT r.seq FROM receipt r WHERE r.epoch = p.epoch AND r.role = 'latest'), 0),
                    coalesce((SELECT max(e.seq) FROM entry e WHERE e.epoch = p.epoch), p.pruned_seq)
             FROM epoch p ORDER BY p.epoch",
        )?;
        let rows =
            statement.query_map([], |r| Ok((r.get(0)?, r.get::<_, i64>(1)? as u64, r.get::<_, i64>(2)? as u64)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

pub(super) fn signed_from(row: &rusqlite::Row<'_>) -> Result<Signed, rusqlite::Error> {
    Ok(Signed {
        seq: row.get::<_, i64>(0)? as u64,
        bytes: row.get(1)?,
        hash: Hash(row.get(2)?),
        signature: Signature(row.get(3)?),
    })
}

/// The chain's hash at a place: of an entry, of the last pruned one, or the chain's origin.
pub(super) fn hash_at(
    conn: &Connection,
    device: DeviceId,
    epoch: u32,
    seq: u64,
) -> Result<Option<Hash>, rusqlite::Error> {
    if seq == 0 {
        return Ok(Some(origin(device, epoch)));
    }
    let hash: Option<[u8; 32]> = conn
        .prepare_cached(
            "SELECT hash FROM entry WHERE epoch = ?1 AND seq = ?2
             UNION ALL SELECT pruned_hash FROM epoch WHERE epoch = ?1 AND pruned_seq = ?2 LIMIT 1",
        )?
        .query_row(params![epoch, seq as i64], |r| r.get(0))
        .optional()?;
    Ok(hash.map(Hash))
}

pub(super) fn receipt_of(
    conn: &Connection,
    device: DeviceId,
    epoch: u32,
    role: &str,
) -> Result<Option<Receipt>, rusqlite::Error> {
    conn.prepare_cached("SELECT seq, hash, server_ms, signature FROM receipt WHERE epoch = ?1 AND role = ?2")?
        .query_row(params![epoch, role], |r| {
            Ok(Receipt {
                device,
                epoch,
                seq: r.get::<_, i64>(0)? as u64,
                hash: Hash(r.get(1)?),
                server_ms: r.get(2)?,
                signature: Signature(r.get(3)?),
            })
        })
        .optional()
}

/// The last of the oldest entries that may go: below the receipt, and older than the limit by a clock that can be
/// believed. Entries of grade C go with the ones around them.
fn last_to_prune(conn: &Connection, receipt: &Receipt, limit_ms: i64) -> Result<Option<Head>, JournalFault> {
    let mut statement = conn.prepare_cached(
        "SELECT seq, bytes, hash, signature FROM entry WHERE epoch = ?1 AND seq < ?2 ORDER BY seq LIMIT ?3",
    )?;
    let mut rows = statement.query(params![receipt.epoch, receipt.seq as i64, PRUNED_AT_ONCE as i64])?;
    let mut last = None;
    while let Some(row) = rows.next()? {
        let signed = signed_from(row)?;
        let entry = Entry::from_bytes(&signed.bytes)?;
        if entry.clock == ClockGrade::C {
            continue;
        }
        if entry.wall_ms >= limit_ms {
            break;
        }
        last = Some(Head { device: receipt.device, epoch: receipt.epoch, seq: signed.seq, hash: signed.hash });
    }
    Ok(last)
}

fn prune_to(conn: &mut Connection, epoch: u32, last: &Head) -> Result<usize, rusqlite::Error> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let pruned = tx.execute("DELETE FROM entry WHERE epoch = ?1 AND seq <= ?2", params![epoch, last.seq as i64])?;
    tx.execute(
        "UPDATE epoch SET pruned_seq = ?2, pruned_hash = ?3 WHERE epoch = ?1",
        params![epoch, last.seq as i64, last.hash.0],
    )?;
    tx.commit()?;
    Ok(pruned)
}
