//! The same verdicts over runs of entries, as the centre keeps them: one signature for each run, and its hash before and
//! after. Other histories are checked too, and a device's own ledger is laid beside what is held of it.

use super::{Break, EpochReport, Verifier};
use crate::domain::explanation::ForkVerdict;
use crate::ledger::chain::{Tip, link, signature_holds};
use crate::ledger::keys::{DeviceId, Hash, PublicKey, Signature};

/// Entries that came together.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    pub first_seq: u64,
    pub last_seq: u64,
    /// Hash of the entry before the first.
    pub prev: Hash,
    /// Hash of the last one, which the device signed.
    pub head: Hash,
    pub signature: Signature,
    /// Canonical bytes of each.
    pub entries: &'a [&'a [u8]],
}

/// A run of another history.
#[derive(Debug, Clone, Copy)]
pub struct KeptFork<'a> {
    /// Where it begins to differ.
    pub at_seq: u64,
    pub run: Run<'a>,
    pub verdict: Option<ForkVerdict>,
}

/// What is held of one epoch, once walked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub report: EpochReport,
    /// `hashes[0]` is that of entry 1; zeros where the run did not hold.
    pub hashes: Vec<Hash>,
}

/// One epoch of a device's own ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnEpoch {
    pub device: DeviceId,
    pub epoch: u32,
    /// Of the first of `hashes`; entries before it are pruned.
    pub first_seq: u64,
    pub hashes: Vec<Hash>,
    /// The highest receipt that the device holds: its place and hash.
    pub receipt: Option<(u64, Hash)>,
}

impl OwnEpoch {
    pub fn last_seq(&self) -> u64 {
        (self.first_seq + self.hashes.len() as u64).saturating_sub(1)
    }
}

impl Verifier {
    /// The next run in order of its place.
    pub fn take_run(&mut self, run: &Run<'_>) {
        let wanted = self.tip.seq + 1;
        if run.first_seq > wanted {
            self.report.note(Break::Missing { after: self.tip.seq, before: run.first_seq });
            self.standing = None;
        } else if run.first_seq < wanted {
            self.report.note(Break::Moved { seq: wanted, says: run.first_seq });
            return;
        } else if run.prev != self.tip.hash {
            self.report.note(Break::NotJoined { seq: run.first_seq });
        }
        let before = usize::try_from(run.first_seq.saturating_sub(1 + self.report.pruned_seq)).unwrap_or(usize::MAX);
        if run.last_seq < run.first_seq || run.entries.len() as u64 != run.last_seq - run.first_seq + 1 {
            // Lengths that a store made up must not be believed: nothing is reserved for them.
            self.report.note(Break::RunChanged { first: run.first_seq, last: run.last_seq });
            self.report.last_seq = self.report.last_seq.max(run.last_seq);
            self.tip = Tip { seq: run.last_seq.max(self.tip.seq), hash: run.head, ..self.tip };
            self.standing = None;
            return;
        }
        self.hashes.resize(before.min(MAX_HASHES), Hash([0; 32]));
        self.walk(run);
    }

    /// A run that its holder cannot read any more.
    pub fn run_damaged(&mut self, run: &Run<'_>, why: String) {
        self.report.note(Break::Store { after: self.tip.seq, why });
        self.report.last_seq = self.report.last_seq.max(run.last_seq);
        self.tip = Tip { seq: run.last_seq.max(self.tip.seq), hash: run.head, ..self.tip };
        self.standing = None;
    }

    /// Keys of the centres that took the device in, as the chain says so far.
    pub fn centre_keys(&self) -> &[PublicKey] {
        &self.report.centre_keys
    }

    /// After the last run: another history that is kept beside this one.
    pub fn fork(&mut self, fork: &KeptFork<'_>) {
        let run = &fork.run;
        let (hashes, head) = chained(run);
        let signed = head == run.head && signature_holds(&self.key, &run.head, &run.signature);
        let other = match fork.at_seq.checked_sub(run.first_seq) {
            None => (fork.at_seq + 1 == run.first_seq).then_some(run.prev),
            Some(n) => usize::try_from(n).ok().and_then(|n| hashes.get(n)).copied(),
        };
        let held = self.hash_at(fork.at_seq);
        if !signed || other.is_none() || other == held {
            self.report.note(Break::ForkUnproven { at: fork.at_seq });
        } else if let Some(verdict) = fork.verdict {
            if !self.report.decided_forks.contains(&(fork.at_seq, verdict)) {
                self.report.decided_forks.push((fork.at_seq, verdict));
            }
        } else {
            self.report.note(Break::Fork { at: fork.at_seq, last: run.last_seq });
        }
    }

    fn walk(&mut self, run: &Run<'_>) {
        let (hashes, head) = chained(run);
        let holds = head == run.head;
        if !holds {
            self.report.note(Break::RunChanged { first: run.first_seq, last: run.last_seq });
            self.standing = None;
        }
        if !signature_holds(&self.key, &run.head, &run.signature) {
            self.report.note(Break::NotSigned { seq: run.last_seq });
        }
        for ((seq, bytes), hash) in (run.first_seq..).zip(run.entries).zip(&hashes) {
            self.tip = Tip { seq, hash: *hash, ..self.tip };
            // The entry's own hash comes first: a receipt in it may name the entry before.
            self.hashes.push(if holds { *hash } else { Hash([0; 32]) });
            self.report.last_seq = seq;
            self.report.last_hash = *hash;
            self.read(seq, bytes);
        }
        let report = &mut self.report;
        report.first_seq = if report.entries == 0 { run.first_seq } else { report.first_seq };
        report.entries += run.entries.len() as u64;
        report.last_hash = run.head;
        self.tip = Tip { seq: run.last_seq, hash: run.head, ..self.tip };
        if let Some(last) = self.hashes.last_mut() {
            *last = run.head;
        }
    }
}

/// Places before a gap for which room is made; a whole life of a device is less.
const MAX_HASHES: usize = 4_000_000;

/// The hash of each entry, and of the last.
fn chained(run: &Run<'_>) -> (Vec<Hash>, Hash) {
    let mut hash = run.prev;
    let hashes = run.entries.iter().map(|bytes| {
        hash = link(&hash, bytes);
        hash
    });
    let hashes: Vec<Hash> = hashes.collect();
    (hashes, hash)
}

/// Lays a device's own epoch beside what is held of it; none if nothing is held.
pub fn compare(own: &OwnEpoch, held: Option<&Kept>) -> Vec<Break> {
    let last = held.map_or(0, |h| h.report.last_seq);
    let mut found = Vec::new();
    let hash_held = |seq: u64| {
        let at = usize::try_from(seq.checked_sub(1)?).ok()?;
        held.and_then(|h| h.hashes.get(at)).copied().filter(|h| h.0 != [0; 32])
    };
    let differs = (own.first_seq..).zip(&own.hashes).find(|(seq, hash)| hash_held(*seq).is_some_and(|h| h != **hash));
    if let Some((seq, _)) = differs {
        found.push(Break::Differs { seq });
    }
    if let Some((seq, hash)) = own.receipt {
        if seq > last {
            found.push(Break::AcknowledgedGone { receipt: seq, held: last });
        } else if differs.is_none() && hash_held(seq).is_some_and(|h| h != hash) {
            found.push(Break::Differs { seq });
        }
    }
    found
}

#[cfg(test)]
mod tests;
