//! Verdicts over a stored ledger: what holds and what does not. Pure: rows come in, a report goes out.
//!
//! What a ledger can show of itself: every entry is the very one that this device signed at that place, none is missing,
//! none was moved, and the centre's receipts agree. What it cannot show: entries that were cut off its end before any
//! receipt, ticket or anchor had witnessed them; that is the centre's part, which holds such witnesses.

mod runs;

pub use self::runs::{Kept, KeptFork, OwnEpoch, Run, compare};

use super::chain::{Signed, Tip, link, signature_holds};
use super::entry::{Body, Entry, Head};
use super::keys::{DeviceId, Hash, PublicKey};
use super::seal;
use super::standing::{OrderFault, Standing};
use crate::domain::explanation::ForkVerdict;

/// Breaks that are listed; more are counted.
pub const MAX_LISTED: usize = 200;

/// Where an epoch begins in the store, as its own table says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EpochStart {
    pub epoch: u32,
    pub public_key: PublicKey,
    /// The last entry that was pruned, with its hash; 0 and the chain's origin if none was.
    pub pruned_seq: u64,
    pub pruned_hash: Hash,
}

/// A receipt as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredReceipt {
    pub seq: u64,
    pub hash: Hash,
    /// The centre that enrolled this device signed it.
    pub is_signed: bool,
}

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Break {
    /// The entry's bytes are not those of its hash: they were changed, or it was put in or moved here.
    Changed {
        seq: u64,
    },
    /// The device did not sign this entry.
    NotSigned {
        seq: u64,
    },
    /// Nothing stands between these two; entries were taken out.
    Missing {
        after: u64,
        before: u64,
    },
    /// The entry calls itself by another number than its place has.
    Moved {
        seq: u64,
        says: u64,
    },
    Unreadable {
        seq: u64,
        why: String,
    },
    /// The first entry is no genesis of this device and epoch.
    NoGenesis {
        seq: u64,
    },
    /// The epoch's key belongs to another device than expected.
    OtherDevice {
        found: DeviceId,
    },
    /// An entry contradicts the ones before: a rating of a visit that is not open, a second rating.
    OutOfOrder {
        seq: u64,
        fault: OrderFault,
    },
    /// The centre, or the mark beside the ledger, knows more of this epoch than is here: its end was cut off.
    EndCutOff {
        known: u64,
        last: u64,
    },
    /// A receipt, or the mark, names another hash at this place: there are two histories.
    OtherHistory {
        seq: u64,
    },
    /// A receipt that the centre did not sign.
    ReceiptNotSigned {
        seq: u64,
    },
    /// Entries are gone from the beginning that no receipt covers.
    PrunedUncovered {
        pruned: u64,
        receipt: u64,
    },
    /// Sealed words are not the ones that the entry commits to, or no entry does.
    OtherWords {
        seq: u64,
    },
    /// The epoch says that it follows a place which the epoch before it here does not have.
    NotFollowed {
        follows: u64,
        last: u64,
    },
    /// The store itself could not be read on.
    Store {
        after: u64,
        why: String,
    },
    /// A run of entries is not the one whose hash the device signed.
    RunChanged {
        first: u64,
        last: u64,
    },
    /// A run does not continue the one before it.
    NotJoined {
        seq: u64,
    },
    /// The device has signed another history from here on, and nobody has decided which one counts.
    Fork {
        at: u64,
        last: u64,
    },
    /// What is kept as another history is not one that the device signed.
    ForkUnproven {
        at: u64,
    },
    /// The device's key is not there, so that nothing can be checked.
    KeyMissing,
    /// The device's own ledger has another entry here.
    Differs {
        seq: u64,
    },
    /// The device holds a receipt for more than is held here.
    AcknowledgedGone {
        receipt: u64,
        held: u64,
    },
}

/// What was found of one epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpochReport {
    pub epoch: u32,
    pub device: DeviceId,
    /// 0: there is none.
    pub first_seq: u64,
    pub last_seq: u64,
    pub last_hash: Hash,
    pub entries: u64,
    pub pruned_seq: u64,
    /// The highest place that a signed receipt covers; 0: none.
    pub receipt_seq: u64,
    pub ratings: u64,
    pub visits: u64,
    pub boots: u64,
    /// What the genesis quotes.
    pub follows: Option<Head>,
    /// Keys of the centres that took the device in, as the chain says.
    pub centre_keys: Vec<PublicKey>,
    /// Places of forks of which a person has decided which history counts.
    pub decided_forks: Vec<(u64, ForkVerdict)>,
    pub breaks: Vec<Break>,
    /// Breaks beyond those listed.
    pub more_breaks: u64,
}

impl EpochReport {
    pub fn holds(&self) -> bool {
        self.breaks.is_empty() && self.more_breaks == 0
    }

    pub fn break_count(&self) -> u64 {
        self.breaks.len() as u64 + self.more_breaks
    }

    /// Adds what was found elsewhere about this epoch.
    pub fn note(&mut self, found: Break) {
        if self.breaks.len() < MAX_LISTED {
            self.breaks.push(found);
        } else {
            self.more_breaks += 1;
        }
    }
}

/// Walks one epoch from its first entry to its last.
#[derive(Debug)]
pub struct Verifier {
    key: PublicKey,
    /// By the hashes as they are stored, so that one changed entry is one break.
    tip: Tip,
    /// None until the walk knows which visit is open: the opening may be pruned.
    standing: Option<Standing>,
    /// Of the entries so far, from the one after the pruned.
    hashes: Vec<Hash>,
    /// Commitments that sealed words may answer to.
    commitments: Vec<(u64, Hash)>,
    pruned_hash: Hash,
    report: EpochReport,
}

impl Verifier {
    /// `expected` is the device whose ledger it should be, if that is known from elsewhere.
    pub fn new(start: &EpochStart, expected: Option<DeviceId>) -> Self {
        let device = start.public_key.device();
        let origin = Tip::start(device, start.epoch);
        let fresh = start.pruned_seq == 0;
        let mut report = EpochReport {
            epoch: start.epoch,
            device,
            first_seq: 0,
            last_seq: start.pruned_seq,
            last_hash: start.pruned_hash,
            entries: 0,
            pruned_seq: start.pruned_seq,
            receipt_seq: 0,
            ratings: 0,
            visits: 0,
            boots: 0,
            follows: None,
            centre_keys: Vec::new(),
            decided_forks: Vec::new(),
            breaks: Vec::new(),
            more_breaks: 0,
        };
        if expected.is_some_and(|expected| expected != device) {
            report.note(Break::OtherDevice { found: device });
        }
        Self {
            key: start.public_key,
            tip: if fresh { origin } else { Tip { seq: start.pruned_seq, hash: start.pruned_hash, ..origin } },
            standing: fresh.then(Standing::default),
            hashes: Vec::new(),
            commitments: Vec::new(),
            pruned_hash: start.pruned_hash,
            report,
        }
    }

    /// The next row in order of its place.
    pub fn take(&mut self, row: &Signed) {
        if row.seq != self.tip.seq + 1 {
            self.report.note(Break::Missing { after: self.tip.seq, before: row.seq });
            // The walk goes on behind the gap, so that later breaks are found too.
            self.hashes.resize(usize::try_from(row.seq - 1 - self.report.pruned_seq).unwrap_or(0), Hash([0; 32]));
            self.standing = None;
        } else if link(&self.tip.hash, &row.bytes) != row.hash {
            self.report.note(Break::Changed { seq: row.seq });
        }
        if !signature_holds(&self.key, &row.hash, &row.signature) {
            self.report.note(Break::NotSigned { seq: row.seq });
        }
        self.read(row.seq, &row.bytes);
        self.tip = Tip { seq: row.seq, hash: row.hash, ..self.tip };
        self.hashes.push(row.hash);
        let report = &mut self.report;
        report.first_seq = if report.entries == 0 { row.seq } else { report.first_seq };
        report.entries += 1;
        report.last_seq = row.seq;
        report.last_hash = row.hash;
    }

    /// Reading the store failed after the last row taken.
    pub fn store_failed(&mut self, why: String) {
        self.report.note(Break::Store { after: self.tip.seq, why });
    }

    /// Sealed words that stand beside the entry `seq`. Those that are not there were erased by law, or never written.
    pub fn words(&mut self, seq: u64, sealed: &[u8]) {
        let holds = self.commitments.iter().any(|(at, hash)| *at == seq && *hash == seal::commitment(sealed));
        if !holds {
            self.report.note(Break::OtherWords { seq });
        }
    }

    /// After the last row: a receipt that the device holds.
    pub fn receipt(&mut self, receipt: &StoredReceipt) {
        if !receipt.is_signed {
            self.report.note(Break::ReceiptNotSigned { seq: receipt.seq });
            return;
        }
        self.report.receipt_seq = self.report.receipt_seq.max(receipt.seq);
        self.witness(receipt.seq, &receipt.hash);
    }

    /// After the last row: a place that the ledger is known to have reached.
    pub fn witness(&mut self, seq: u64, hash: &Hash) {
        let last = self.report.last_seq;
        if seq > last {
            self.report.note(Break::EndCutOff { known: seq, last });
        } else if self.hash_at(seq).is_some_and(|own| own != *hash) {
            self.report.note(Break::OtherHistory { seq });
        }
    }

    /// All has been told.
    pub fn finish(self) -> EpochReport {
        self.finish_with_hashes().0
    }

    /// The same, with the hash of every entry from the one after the pruned on; zeros where it is not known.
    pub fn finish_with_hashes(mut self) -> (EpochReport, Vec<Hash>) {
        let (pruned, receipt) = (self.report.pruned_seq, self.report.receipt_seq);
        if pruned > receipt {
            self.report.note(Break::PrunedUncovered { pruned, receipt });
        }
        if self.report.entries == 0 {
            self.report.note(Break::NoGenesis { seq: 1 });
        }
        (self.report, self.hashes)
    }

    fn read(&mut self, at: u64, bytes: &[u8]) {
        let entry = match Entry::from_bytes(bytes) {
            Ok(entry) => entry,
            Err(fault) => return self.report.note(Break::Unreadable { seq: at, why: fault.to_string() }),
        };
        if entry.seq != at {
            self.report.note(Break::Moved { seq: at, says: entry.seq });
        }
        match &entry.body {
            Body::Genesis(genesis) => {
                self.report.follows = genesis.follows;
                let own = genesis.device == self.tip.device && genesis.epoch == self.tip.epoch;
                if at != 1 || !own || genesis.public_key != self.key {
                    self.report.note(Break::NoGenesis { seq: at });
                }
            }
            _ if at == 1 => self.report.note(Break::NoGenesis { seq: 1 }),
            Body::Enrolled(enrolled) if !self.report.centre_keys.contains(&enrolled.centre_key) => {
                self.report.centre_keys.push(enrolled.centre_key);
            }
            Body::Boot { .. } => self.report.boots += 1,
            Body::Rated(_) => self.report.ratings += 1,
            Body::VisitOpened(_) => self.report.visits += 1,
            Body::Explained(explained) => self.commitments.extend(explained.sealed.map(|hash| (at, hash))),
            Body::ReceiptHeld { seq, hash } => {
                let (seq, hash) = (*seq, *hash);
                self.witness(seq, &hash);
            }
            _ => {}
        }
        self.keep_order(at, entry.body);
    }

    fn keep_order(&mut self, seq: u64, mut body: Body) {
        let standing = match &mut self.standing {
            Some(standing) => standing,
            // From the first opening on it is known again which visit is open.
            None if matches!(body, Body::VisitOpened(_)) => self.standing.insert(Standing::default()),
            None => return,
        };
        if let Err(fault) = standing.apply(seq, &mut body) {
            self.report.note(Break::OutOfOrder { seq, fault });
            self.standing = None;
        }
    }

    /// Of an entry that was walked, or of the last pruned one.
    fn hash_at(&self, seq: u64) -> Option<Hash> {
        match seq.checked_sub(self.report.pruned_seq) {
            Some(0) => Some(self.pruned_hash),
            Some(n) => self.hashes.get(usize::try_from(n - 1).ok()?).copied().filter(|h| h.0 != [0; 32]),
            None => None,
        }
    }
}

/// What the epochs of one file say of each other, oldest first.
pub fn check_succession(epochs: &mut [EpochReport]) {
    for n in 1..epochs.len() {
        let before = &epochs[n - 1];
        let (epoch, last_seq, last_hash) = (before.epoch, before.last_seq, before.last_hash);
        let Some(follows) = epochs[n].follows.filter(|f| f.epoch == epoch) else { continue };
        if follows.seq != last_seq || follows.hash != last_hash {
            epochs[n].note(Break::NotFollowed { follows: follows.seq, last: last_seq });
        }
    }
}
