//! One save: plan the entries purely, write them in one commit, and settle a commit that failed.

use rusqlite::{TransactionBehavior, params};

use super::fault::is_corrupt;
use super::{Journal, JournalFault, MAX_SAVE_BODIES, STANDING, busy_error, to_json};
use crate::domain::time::{ClockGrade, Now, WallMs};
use crate::ledger::chain::{Signed, Tip, origin};
use crate::ledger::entry::{Body, ENTRY_VERSION, Entry};
use crate::ledger::standing::Standing;

/// What one save is going to write.
struct Plan {
    entries: Vec<Signed>,
    words: Vec<(u64, Vec<u8>)>,
    tip: Tip,
    standing: Standing,
    state: Vec<(&'static str, String)>,
    wall: WallMs,
    grade: ClockGrade,
}

impl Journal {
    /// Writes bodies and state in one commit.
    pub(super) fn write(
        &mut self,
        bodies: Vec<Body>,
        words: Vec<(usize, Vec<u8>)>,
        state: Vec<(&'static str, String)>,
        now: Now,
    ) -> Result<Vec<Signed>, JournalFault> {
        if self.doubtful {
            self.recover()?;
        }
        let (plan, noted) = self.plan(bodies, words, state, now)?;
        // Twice: once more after the head was read again and showed that nothing was stored.
        for last_try in [false, true] {
            let Err(fault) = self.commit(&plan) else { return Ok(self.adopt(plan, noted, now)) };
            self.recover()?;
            if self.tip == plan.tip && !plan.entries.is_empty() {
                return Ok(self.adopt(plan, noted, now));
            }
            if last_try || is_corrupt(&fault) {
                return Err(JournalFault::NotStored(fault));
            }
        }
        Ok(Vec::new())
    }

    fn plan(
        &self,
        bodies: Vec<Body>,
        words: Vec<(usize, Vec<u8>)>,
        mut state: Vec<(&'static str, String)>,
        now: Now,
    ) -> Result<(Plan, usize), JournalFault> {
        if bodies.len() > MAX_SAVE_BODIES {
            return Err(JournalFault::TooMany(bodies.len()));
        }
        let note = self.receipt_to_note.map(|h| Body::ReceiptHeld { seq: h.seq, hash: h.hash });
        let noted = usize::from(note.is_some());
        let (mut tip, mut standing) = (self.tip, self.standing.clone());
        let (wall, grade) = self.clock.read(now);
        let mut entries = Vec::with_capacity(bodies.len() + noted);
        for mut body in note.into_iter().chain(bodies) {
            standing.apply(tip.seq + 1, &mut body)?;
            let entry = Entry {
                v: ENTRY_VERSION,
                seq: 0,
                boot: self.boot,
                mono_ms: now.mono_ms,
                wall_ms: wall.0,
                clock: grade,
                body,
            };
            entries.push(tip.append(entry, &self.key)?);
        }
        if standing != self.standing || tip.epoch != self.tip.epoch || self.tip.seq == 0 {
            state.push((STANDING, to_json(&standing)?));
        }
        let first = self.tip.seq + 1 + noted as u64;
        let words = words.into_iter().map(|(i, sealed)| (first + i as u64, sealed)).collect();
        Ok((Plan { entries, words, tip, standing, state, wall, grade }, noted))
    }

    fn commit(&mut self, plan: &Plan) -> Result<(), rusqlite::Error> {
        let epoch = plan.tip.epoch;
        let fresh = plan.entries.first().is_some_and(|e| e.seq == 1);
        let start = origin(plan.tip.device, epoch);
        let public_key = self.key.public();
        #[cfg(test)]
        let fault = self.fault.take();
        let conn = self.conn.as_mut().ok_or_else(busy_error)?;
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if fresh {
            tx.prepare_cached("INSERT INTO epoch (epoch, public_key, pruned_seq, pruned_hash) VALUES (?1, ?2, 0, ?3)")?
                .execute(params![epoch, public_key.0, start.0])?;
        }
        for e in &plan.entries {
            tx.prepare_cached("INSERT INTO entry (epoch, seq, bytes, hash, signature) VALUES (?1, ?2, ?3, ?4, ?5)")?
                .execute(params![epoch, e.seq as i64, e.bytes, e.hash.0, e.signature.0])?;
        }
        for (seq, sealed) in &plan.words {
            tx.prepare_cached("INSERT INTO words (epoch, seq, sealed) VALUES (?1, ?2, ?3)")?.execute(params![
                epoch,
                *seq as i64,
                sealed
            ])?;
        }
        for (name, value) in &plan.state {
            tx.prepare_cached(
                "INSERT INTO state (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            )?
            .execute(params![name, value])?;
        }
        #[cfg(test)]
        if fault == Some(CommitFault::Before) {
            return Err(busy_error());
        }
        tx.commit()?;
        #[cfg(test)]
        if fault == Some(CommitFault::After) {
            return Err(busy_error());
        }
        Ok(())
    }

    fn adopt(&mut self, plan: Plan, noted: usize, now: Now) -> Vec<Signed> {
        self.tip = plan.tip;
        self.standing = plan.standing;
        self.clock.carried(plan.wall, plan.grade);
        if noted > 0 {
            self.receipt_to_note = None;
            self.receipt_noted_ms = Some(now.mono_ms);
        }
        let mut entries = plan.entries;
        entries.drain(..noted);
        entries
    }
}

/// Faults that tests put into the next commit.
#[cfg(test)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CommitFault {
    Before,
    After,
}
