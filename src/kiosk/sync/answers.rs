//! What answers and failures mean for the plan.

use super::backoff::CEILING_MS;
use super::event::{Answer, Failure, Place};
use super::plan::{
    Cursor, EVIDENCE_EVERY_MS, LEAST_BATCH_BYTES, PHOTO_TRIES, Plan, REFUSED_WAIT_MS, Trouble, code_hash, rank,
};
use super::step::{Request, Span, Step};
use crate::domain::time::Now;
use crate::protocol::{BatchAnswer, EnrolAnswer, HeartbeatAnswer, MAX_BATCH_BYTES, MAX_BATCH_ENTRIES, Receipt};

/// The centre's code for a device that it does not know, or not any more.
pub const UNKNOWN_DEVICE: &str = "unknown_device";
/// A batch that took longer delays heartbeats: the next one is smaller.
pub const SLOW_BATCH_MS: u64 = 5_000;
/// An answer that took longer says too little about the centre's clock.
pub const ANCHOR_ROUND_TRIP_MS: u64 = 10_000;

impl Plan {
    pub(super) fn answered(
        &mut self,
        asked: &Request,
        answer: Answer,
        round_trip_ms: u64,
        now: Now,
        steps: &mut Vec<Step>,
    ) {
        self.online = true;
        match answer {
            Answer::Enrolled(answer) => self.enrolled(asked, answer, round_trip_ms, now, steps),
            Answer::Heartbeat { answer, place } => self.heartbeat_answered(answer, place, round_trip_ms, now, steps),
            Answer::Batch { sent, answer, place } => {
                self.batch_answered(sent, answer, place, now, steps);
                if round_trip_ms > SLOW_BATCH_MS {
                    self.shrink_batches();
                }
            }
            Answer::Board { etag } => {
                // Kept by the edge; `BoardHeld` or `BoardRefused` follows. Not asked for again meanwhile.
                self.wanted_board = None;
                self.unfit_board = self.unfit_board.take().filter(|unfit| *unfit == etag);
                self.went_well();
            }
            Answer::BoardUnchanged => {
                self.wanted_board = None;
                self.went_well();
            }
            Answer::Photo => {
                self.photos.pop();
                self.went_well();
            }
        }
    }

    pub(super) fn failed(&mut self, asked: &Request, failure: Failure, now: Now) {
        match &failure {
            Failure::Unreachable(_) | Failure::Busy { .. } => self.online = false,
            Failure::Refused { .. } | Failure::Unreadable(_) => self.online = true,
            Failure::Local(_) => {}
        }
        let refused = matches!(&failure, Failure::Refused { status, .. } if *status != 413);
        match asked {
            // One photo that is missing or unreadable holds up neither the others nor the entries.
            Request::Photo { .. } if !failure.may_pass() => {
                self.photos.pop();
                return;
            }
            Request::Photo { .. } => {
                if let Some((name, tries)) = self.photos.pop().filter(|(_, tries)| tries + 1 < PHOTO_TRIES) {
                    self.photos.insert(0, (name, tries + 1));
                }
            }
            Request::Batch { .. } if failure.wants_less() => self.shrink_batches(),
            // A code that does not help must not keep an enrolled device from its work.
            Request::Enrol { .. } if refused && self.centre.is_some() => self.code = None,
            _ => {}
        }
        if matches!(&failure, Failure::Refused { code, .. } if code == UNKNOWN_DEVICE) {
            self.unknown = true;
        }
        let mut wait_ms = self.backoff.failed();
        match &failure {
            Failure::Busy { retry_after_ms: Some(ms), .. } => wait_ms = wait_ms.max((*ms).min(CEILING_MS)),
            _ if refused => wait_ms = wait_ms.max(REFUSED_WAIT_MS),
            _ => {}
        }
        self.quiet_until_ms = now.mono_ms + wait_ms;
        self.yields = Some(rank(asked));
        self.trouble = Some(Trouble::Failed(failure));
    }

    fn shrink_batches(&mut self) {
        self.batch_entries = (self.batch_entries / 2).max(1);
        self.batch_bytes = (self.batch_bytes / 2).max(LEAST_BATCH_BYTES);
    }

    fn went_well(&mut self) {
        self.backoff.succeeded();
        self.quiet_until_ms = 0;
        self.yields = None;
        if !matches!(self.trouble, Some(Trouble::BoardUnfit(_))) || self.unfit_board.is_none() {
            self.trouble = None;
        }
    }

    /// As after a failure, though an answer came.
    fn went_badly(&mut self, trouble: Trouble, now: Now) {
        self.quiet_until_ms = now.mono_ms + self.backoff.failed().max(REFUSED_WAIT_MS);
        self.trouble = Some(trouble);
    }

    fn enrolled(&mut self, asked: &Request, answer: EnrolAnswer, round_trip_ms: u64, now: Now, steps: &mut Vec<Step>) {
        if let Request::Enrol { code } = asked {
            self.memory.code = Some(code_hash(code));
        }
        self.centre = Some(answer.centre_key);
        self.phone_url.clone_from(&answer.phone_url);
        self.unknown = false;
        let server_ms = answer.server_ms;
        // The ledger first: a stop between the two only enrols once more.
        steps.push(Step::TakeEnrolment(Box::new(answer)));
        steps.push(Step::Remember(self.memory.clone()));
        self.went_well();
        see_clock(server_ms, round_trip_ms, steps);
        self.heartbeat_due_ms = now.mono_ms;
        self.batch_due_ms = Some(now.mono_ms);
    }

    fn heartbeat_answered(
        &mut self,
        answer: HeartbeatAnswer,
        place: Place,
        round_trip_ms: u64,
        now: Now,
        steps: &mut Vec<Step>,
    ) {
        self.unknown = false;
        self.heartbeat_due_ms = now.mono_ms + self.pace.heartbeat_ms;
        self.went_well();
        if !self.take_receipt(&answer.receipt, place, now, steps) {
            return self.went_badly(Trouble::ReceiptRefused, now);
        }
        see_clock(answer.server_ms, round_trip_ms, steps);
        if self.phone_url != answer.phone_url {
            self.phone_url.clone_from(&answer.phone_url);
            steps.push(Step::HoldPhoneUrl(answer.phone_url));
        }
        let named = Some(answer.board);
        self.wanted_board = if named == self.board || named == self.unfit_board { None } else { named };
        if self.unsynced() > 0 {
            self.batch_due_ms.get_or_insert(now.mono_ms);
        }
    }

    fn batch_answered(&mut self, sent: Span, answer: BatchAnswer, place: Place, now: Now, steps: &mut Vec<Step>) {
        let (receipt, forked_at) = match answer {
            BatchAnswer::Held { receipt } | BatchAnswer::Gap { receipt, .. } => (receipt, None),
            BatchAnswer::Fork { receipt, at_seq } => (receipt, Some(at_seq)),
        };
        let Some(before) = self.ledger(sent.epoch).map(|l| l.cursor).filter(|_| receipt.epoch == sent.epoch) else {
            return self.went_badly(Trouble::ReceiptRefused, now);
        };
        if !self.take_receipt(&receipt, place, now, steps) {
            return self.went_badly(Trouble::ReceiptRefused, now);
        }
        if let Some(at) = forked_at {
            return self.forked(receipt, at, now, steps);
        }
        let Some(ledger) = self.ledger(sent.epoch) else { return };
        let probed = std::mem::replace(&mut ledger.probe, false);
        match ledger.cursor {
            // Asked again for what was just sent: a loop, unless it is slowed down.
            Cursor::At { seq } if before == ledger.cursor && seq < sent.last && !probed => {
                return self.went_badly(Trouble::NoProgress, now);
            }
            Cursor::At { .. } => {
                self.batch_due_ms = (self.unsynced() > 0).then_some(now.mono_ms);
                self.batch_entries = (self.batch_entries * 2).min(MAX_BATCH_ENTRIES);
                self.batch_bytes = (self.batch_bytes * 2).min(MAX_BATCH_BYTES);
            }
            Cursor::Elsewhere { .. } => ledger.evidence_due_ms = now.mono_ms + REFUSED_WAIT_MS,
            Cursor::Gone { .. } => {}
        }
        self.went_well();
    }

    /// Two histories of one epoch: it goes on being recorded and is not sent any more, until a person has decided.
    fn forked(&mut self, receipt: Receipt, at_seq: u64, now: Now, steps: &mut Vec<Step>) {
        if let Some(ledger) = self.ledger(receipt.epoch) {
            ledger.evidence_due_ms = now.mono_ms + EVIDENCE_EVERY_MS;
            ledger.probe = false;
            ledger.cursor = Cursor::Elsewhere { seq: receipt.seq };
        }
        if self.memory.forked_at.insert(receipt.epoch, at_seq) != Some(at_seq) {
            steps.push(Step::Remember(self.memory.clone()));
        }
        self.went_well();
    }

    /// Moves the cursor by a receipt, forwards, or backwards when the centre came back from an older backup. False: the
    /// receipt is not the centre's, or not about this device, and nothing was believed.
    fn take_receipt(&mut self, receipt: &Receipt, place: Place, now: Now, steps: &mut Vec<Step>) -> bool {
        let Some(centre) = self.centre else { return false };
        let current = self.is_current(receipt.epoch);
        if receipt.device != self.device || !receipt.holds(&centre) {
            return false;
        }
        let Some(ledger) = self.ledger(receipt.epoch) else { return false };
        let (seq, before) = (receipt.seq, ledger.cursor);
        ledger.cursor = match place {
            Place::Ours => Cursor::At { seq },
            Place::Pruned => Cursor::Gone { seq },
            // An epoch that is closed cannot diverge any more: the centre simply has all of it.
            Place::Ahead if !current => Cursor::At { seq: ledger.last },
            Place::Ahead | Place::Other => Cursor::Elsewhere { seq },
        };
        let went_back =
            matches!((before, ledger.cursor), (Cursor::At { seq: from }, Cursor::At { seq: to }) if to < from);
        let moved = before != ledger.cursor;
        self.receipt_ms = Some(receipt.server_ms);
        if place == Place::Ours {
            if moved {
                steps.push(Step::HoldReceipt(*receipt));
            }
            // A person has decided for this history, or the other one is gone from the centre: go on.
            if self.memory.forked_at.remove(&receipt.epoch).is_some() {
                steps.push(Step::Remember(self.memory.clone()));
                self.batch_due_ms = Some(now.mono_ms);
            }
        }
        if went_back && current {
            // What else the centre has lost is not in this receipt.
            let closed = self.ledgers.iter_mut().filter(|l| l.epoch != receipt.epoch);
            closed.for_each(|l| l.probe = matches!(l.cursor, Cursor::At { .. }));
        }
        true
    }
}

fn see_clock(centre_ms: i64, round_trip_ms: u64, steps: &mut Vec<Step>) {
    if round_trip_ms <= ANCHOR_ROUND_TRIP_MS {
        let round_trip_ms = u32::try_from(round_trip_ms).unwrap_or(u32::MAX);
        steps.push(Step::AnchorClock { centre_ms, round_trip_ms });
    }
}
