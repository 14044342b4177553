//! The audit: is what the centre holds still what the devices signed, and does the book say what the entries say?
//!
//! Nothing is believed but the devices' public keys: every entry is hashed and every segment's signature checked again,
//! and every visit is told anew and compared with what stands in the book.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::ledgers::{self, Known};
use super::segments::{self, Segment, StoreFault};
use super::visits::Visit;
use super::{batch, by_phone};
use crate::centre::directory::devices;
use crate::centre::statistics::Book;
use crate::ledger::chain::{Tip, signed_message};
use crate::ledger::entry::Entry;
use crate::ledger::keys::{DeviceId, PublicKey, ReadyKey};

/// Findings of one ledger; the rest would say the same.
const MAX_FINDINGS: usize = 20;

/// Something does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{device} epoch {epoch} at {seq}: {what}")]
pub struct Finding {
    pub device: DeviceId,
    pub epoch: u32,
    pub seq: u64,
    pub what: String,
}

/// What was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Audit {
    pub ledgers: u64,
    pub entries: u64,
    pub visits: u64,
    pub findings: Vec<Finding>,
}

/// Looks at everything, ledger by ledger, in one snapshot.
///
/// # Errors
/// [`StoreFault`] when the store cannot be read at all; what is merely wrong is a finding.
pub fn audit(conn: &Connection) -> Result<Audit, StoreFault> {
    // Dropped unfinished, which ends a read transaction.
    let snapshot = conn.unchecked_transaction()?;
    let mut audit = Audit::default();
    for ledger in ledgers::all(&snapshot)? {
        audit.ledgers += 1;
        let mut looked = Look { ledger: &ledger, findings: Vec::new(), visits: BTreeMap::new(), entries: 0 };
        match devices::one(&snapshot, ledger.device)? {
            Some(device) if device.key.device() == ledger.device => looked.chain(&snapshot, &device.key)?,
            _ => looked.find(0, "its device's key is missing"),
        }
        looked.book(&snapshot)?;
        audit.entries += looked.entries;
        audit.visits += looked.visits.len() as u64;
        audit.findings.append(&mut looked.findings);
    }
    Ok(audit)
}

struct Look<'a> {
    ledger: &'a Known,
    findings: Vec<Finding>,
    visits: BTreeMap<u64, Visit>,
    entries: u64,
}

impl Look<'_> {
    fn chain(&mut self, conn: &Connection, key: &PublicKey) -> Result<(), StoreFault> {
        let key = key.ready();
        let mut tip = Tip::start(self.ledger.device, self.ledger.epoch);
        while let Some(segment) = next(conn, self.ledger.place.ledger, tip.seq, self)? {
            if segment.first_seq != tip.seq + 1 || segment.prev != tip.hash {
                self.find(tip.seq + 1, "a segment is missing, or another stands in its place");
            }
            tip = Tip { seq: segment.first_seq - 1, hash: segment.prev, ..tip };
            self.segment(&segment, &mut tip, &key);
            // Go on behind it also when it does not hold, to see how far the damage goes.
            tip = Tip { seq: segment.last_seq, hash: segment.head, ..tip };
        }
        Ok(())
    }

    fn segment(&mut self, segment: &Segment, tip: &mut Tip, key: &ReadyKey) {
        let lines = match segment.lines() {
            Ok(lines) => lines,
            Err(fault) => return self.find(segment.first_seq, &fault.to_string()),
        };
        let mut entries: Vec<Entry> = Vec::new();
        for line in batch::split_lines(&lines) {
            match tip.follow(line) {
                Ok(entry) => entries.push(entry),
                Err(fault) => return self.find(tip.seq + 1, &fault.to_string()),
            }
        }
        self.entries += entries.len() as u64;
        if tip.seq != segment.last_seq || tip.hash != segment.head {
            return self.find(segment.first_seq, "the entries are not those that the device signed");
        }
        if !key.verifies(&signed_message(&segment.head), &segment.signature) {
            return self.find(segment.last_seq, "the signature is not the device's");
        }
        let mut projector = segment.carry.clone();
        let out = projector.run(&entries, segment.received);
        for (seq, _) in &out.changed {
            let settled = out.settled.iter().find(|v| v.seq == *seq);
            if let Some(visit) = settled.or_else(|| projector.visit(*seq)) {
                self.visits.insert(*seq, visit.clone());
            }
        }
    }

    fn book(&mut self, conn: &Connection) -> Result<(), StoreFault> {
        let ledger = self.ledger.place.ledger;
        for (seq, visit) in std::mem::take(&mut self.visits) {
            let phone = by_phone::mark_of(conn, ledger, seq)?;
            let told = visit.fact(&self.ledger.place, phone.as_ref());
            match Book::standing(conn, ledger, seq) {
                Ok(standing) if standing.first() == told.as_ref() && standing.len() < 2 => {}
                Ok(_) => self.find(seq, "the book says something else of this visit than its entries"),
                Err(fault) => self.find(seq, &format!("the book cannot be read: {fault}")),
            }
            self.visits.insert(seq, visit);
        }
        Ok(())
    }

    fn find(&mut self, seq: u64, what: &str) {
        if self.findings.len() < MAX_FINDINGS {
            let (device, epoch) = (self.ledger.device, self.ledger.epoch);
            self.findings.push(Finding { device, epoch, seq, what: what.to_owned() });
        }
    }
}

/// The next segment; one that cannot even be read ends the ledger with a finding.
fn next(conn: &Connection, ledger: i64, seq: u64, look: &mut Look<'_>) -> Result<Option<Segment>, StoreFault> {
    match segments::after(conn, ledger, seq) {
        Err(StoreFault::Sqlite(rusqlite::Error::FromSqlConversionFailure(_, _, cause))) => {
            look.find(seq + 1, &format!("a segment's row is damaged: {cause}"));
            Ok(None)
        }
        other => other,
    }
}
