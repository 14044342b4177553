//! The desk: all that one transaction of the writer does. Every write of ingest goes through here, over HTTP as in a
//! simulation.

use rusqlite::Transaction;

use super::batch::Checked;
use super::by_phone::{self, PhoneOutcome, PhoneRating};
use super::judge::{Verdict, judge};
use super::ledgers::{Ledger, Ledgers};
use super::segments::{self, StoreFault};
use super::visits::{PhoneMark, Visit};
use super::{explanations, witness, words};
use crate::centre::alarms::{self, AlarmKind};
use crate::centre::directory::devices;
use crate::centre::matters;
use crate::centre::statistics::fact::Fact;
use crate::domain::rating::Channel;
use crate::domain::time::WallMs;
use crate::ledger::chain::Tip;
use crate::ledger::entry::{Body, Head};
use crate::ledger::keys::DeviceId;
use crate::protocol::Heartbeat;

/// One open transaction and the ledgers in memory. If it does not commit, the ledgers are forgotten.
pub struct Desk<'a> {
    pub tx: &'a Transaction<'a>,
    pub now: WallMs,
    pub ledgers: &'a mut Ledgers,
    /// Enter the book in one go before the commit.
    pub facts: &'a mut Vec<Fact>,
    /// Set when devices or codes changed.
    pub directory_changed: &'a mut bool,
    /// Set when accounts, tokens, sessions or units changed.
    pub people_changed: &'a mut bool,
}

/// What the centre holds of a ledger after a batch, and how it took the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    pub head: Head,
    pub verdict: Verdict,
    /// Entries that were new.
    pub entries: u64,
}

impl Desk<'_> {
    /// Takes a checked batch of an enrolled device.
    ///
    /// # Errors
    /// [`StoreFault`]: the transaction must not be committed.
    pub fn take_batch(&mut self, mut batch: Checked) -> Result<Taken, StoreFault> {
        let (device, epoch) = (batch.device, batch.epoch);
        let start = batch.first_seq == 1;
        let Some(ledger) = (if start {
            Some(self.ledgers.find_or_open(self.tx, device, epoch, self.now)?)
        } else {
            self.ledgers.find(self.tx, device, epoch)?
        }) else {
            let head = Tip::start(device, epoch).head();
            return Ok(Taken { head, verdict: Verdict::Gap { next_seq: 1 }, entries: 0 });
        };
        let id = ledger.place.ledger;
        let verdict = judge(
            &ledger.tip,
            batch.first_seq,
            batch.last_seq(),
            |seq| batch.hash_at(seq),
            |seq| segments::hash_at(self.tx, device, epoch, id, seq),
        )?;
        let mut entries = 0;
        match verdict {
            Verdict::Take { skip } => {
                batch.skip(skip).map_err(|e| StoreFault::Damaged { ledger: id, id: 0, what: e.to_string() })?;
                entries = batch.entries.len() as u64;
                append(self.tx, ledger, &batch, self.now, self.facts)?;
                if start && epoch > 1 {
                    alarms::raise(self.tx, AlarmKind::NewEpoch, device, epoch, 1, &follows(&batch), self.now)?;
                }
            }
            Verdict::Fork { at_seq } => {
                segments::keep_fork(self.tx, id, at_seq, &batch, self.now)?;
                ledger.forked_at = Some(ledger.forked_at.map_or(at_seq, |at| at.min(at_seq)));
                // A device goes on showing its evidence; what a person has decided is not asked again.
                if !explanations::is_decided(self.tx, id, at_seq)? {
                    let note = "two histories; both are kept";
                    alarms::raise(self.tx, AlarmKind::Fork, device, epoch, at_seq, note, self.now)?;
                }
            }
            Verdict::Known | Verdict::Gap { .. } => {}
        }
        Ok(Taken { head: ledger.tip.head(), verdict, entries })
    }

    /// Takes a rating or words from a phone whose ticket the device has signed.
    ///
    /// # Errors
    /// [`StoreFault`]: the transaction must not be committed.
    pub fn rate_by_phone(&mut self, rating: &PhoneRating) -> Result<PhoneOutcome, StoreFault> {
        let ledger = self.ledgers.find_or_open(self.tx, rating.device, rating.epoch, self.now)?;
        let id = ledger.place.ledger;
        let pending = rating.visit > ledger.tip.seq;
        let visit = if pending { None } else { visit_of(self.tx, ledger, rating.visit)? };
        if visit.is_none() && !pending {
            let note = "a ticket names a visit that nobody opened";
            alarms::raise(self.tx, AlarmKind::LostTail, rating.device, rating.epoch, rating.visit, note, self.now)?;
            return Ok(PhoneOutcome::UnknownVisit);
        }
        let (repeated, kept) = by_phone::known(self.tx, id, rating.visit, &rating.nonce)?;
        match (repeated, rating.level) {
            (Some(true), _) => return Ok(PhoneOutcome::Counted { pending }),
            (Some(false), _) => return Ok(PhoneOutcome::Second),
            (None, _) if kept >= by_phone::MAX_PER_VISIT => return Ok(PhoneOutcome::TooMany),
            _ => {}
        }
        if let Some(sealed) = &rating.sealed
            && !words::keep_bounded(self.tx, id, rating.visit, Channel::Phone, sealed, self.now)?
        {
            return Ok(PhoneOutcome::TooMany);
        }
        let Some(level) = rating.level else {
            explain(self.tx, ledger, rating, visit.as_ref(), self.facts)?;
            return Ok(PhoneOutcome::WordsKept);
        };
        let by_kiosk = rating.rated_at_kiosk || visit.as_ref().is_some_and(|v| v.opinion.is_some());
        let counted = !by_kiosk && by_phone::mark_of(self.tx, id, rating.visit)?.is_none();
        by_phone::keep(self.tx, id, rating, level, counted, self.now)?;
        if !counted {
            return Ok(PhoneOutcome::Second);
        }
        if let Some(mark) = by_phone::mark_of(self.tx, id, rating.visit)? {
            if let Some(visit) = visit {
                enter(self.facts, visit.fact(&ledger.place, None), visit.fact(&ledger.place, Some(&mark)));
            }
            if pending || ledger.projector.visit(rating.visit).is_some() {
                ledger.phones.insert(rating.visit, mark);
            }
        }
        Ok(PhoneOutcome::Counted { pending })
    }

    /// Somebody has seen this place of the ledger. False if the centre holds another history.
    ///
    /// # Errors
    /// [`StoreFault`]: the transaction must not be committed.
    pub fn witness(
        &mut self,
        device: DeviceId,
        epoch: u32,
        seq: u64,
        half: &witness::Half,
    ) -> Result<bool, StoreFault> {
        if seq == 0 {
            return Ok(true);
        }
        let ledger = self.ledgers.find_or_open(self.tx, device, epoch, self.now)?;
        let id = ledger.place.ledger;
        if seq > ledger.tip.seq {
            if ledger.witnesses.len() < witness::MAX_PENDING && !ledger.witnesses.contains_key(&seq) {
                witness::keep(self.tx, id, seq, half)?;
                ledger.witnesses.insert(seq, *half);
            }
            return Ok(true);
        }
        let held =
            if seq == ledger.tip.seq { ledger.tip.hash } else { segments::hash_at(self.tx, device, epoch, id, seq)? };
        let agrees = held.0.starts_with(half);
        if !agrees {
            let note = "a place that was witnessed has another hash at the centre";
            alarms::raise(self.tx, AlarmKind::LostTail, device, epoch, seq, note, self.now)?;
        }
        Ok(agrees)
    }

    /// Keeps what a device says of itself; what the centre holds of its ledger.
    ///
    /// # Errors
    /// [`StoreFault`]: the transaction must not be committed.
    pub fn heartbeat(&mut self, device: DeviceId, beat: &Heartbeat) -> Result<Head, StoreFault> {
        devices::saw(self.tx, device, beat, self.now)?;
        let mut half = [0; 16];
        half.copy_from_slice(&beat.hash.0[..16]);
        // Only another hash is an alarm: a heartbeat may be overtaken by a batch.
        self.witness(device, beat.epoch, beat.seq, &half)?;
        self.held(device, beat.epoch)
    }

    /// What the centre holds of a ledger; its start when nothing has come.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn held(&mut self, device: DeviceId, epoch: u32) -> Result<Head, StoreFault> {
        let found = self.ledgers.find(self.tx, device, epoch)?;
        Ok(found.map_or_else(|| Tip::start(device, epoch).head(), |l| l.tip.head()))
    }
}

fn append(
    tx: &Transaction<'_>,
    ledger: &mut Ledger,
    batch: &Checked,
    now: WallMs,
    facts: &mut Vec<Fact>,
) -> Result<(), StoreFault> {
    let id = ledger.place.ledger;
    for &seq in &batch.earlier {
        if ledger.projector.visit(seq).is_none()
            && let Some(visit) = segments::tell_visit(tx, id, seq)?
        {
            if let Some(mark) = by_phone::mark_of(tx, id, seq)? {
                ledger.phones.insert(seq, mark);
            }
            ledger.projector.recall(visit);
        }
    }
    segments::append(tx, id, batch, &ledger.projector, now)?;
    for (seq, sealed) in &batch.sealed {
        let at = usize::try_from(seq - batch.first_seq).unwrap_or(usize::MAX);
        if let Some(Body::Explained(e)) = batch.entries.get(at).map(|e| &e.body) {
            words::keep(tx, id, e.visit, Channel::Kiosk, sealed, now)?;
        }
    }
    let out = ledger.projector.run(&batch.entries, now);
    for (seq, before) in &out.changed {
        let settled = out.settled.binary_search_by_key(seq, |v| v.seq).ok().and_then(|i| out.settled.get(i));
        let Some(after) = settled.or_else(|| ledger.projector.visit(*seq)) else { continue };
        if let Some(case_no) = &after.case_no
            && before.as_ref().is_none_or(|v| v.case_no.as_ref() != Some(case_no))
        {
            matters::saw_visit(tx, &ledger.place.hall, case_no, id, *seq)?;
        }
        let phone = ledger.phones.get(seq);
        let before = before.as_ref().and_then(|v| v.fact(&ledger.place, phone));
        enter(facts, before, after.fact(&ledger.place, phone));
        if after.recalled {
            segments::keep_recalled(tx, id, after)?;
        }
    }
    ledger.tip.seq = batch.last_seq();
    ledger.tip.hash = batch.head_hash();
    if out.astray > 0 {
        let note = format!("{} entries name visits that nobody opened", out.astray);
        alarms::raise(tx, AlarmKind::AstrayEntry, batch.device, batch.epoch, batch.first_seq, &note, now)?;
    }
    check_phones(tx, ledger, batch, now)?;
    check_witnesses(tx, ledger, batch, now)
}

/// Reasons that come after a rating by phone belong to it.
fn explain(
    tx: &Transaction<'_>,
    ledger: &mut Ledger,
    rating: &PhoneRating,
    visit: Option<&Visit>,
    facts: &mut Vec<Fact>,
) -> Result<(), StoreFault> {
    let id = ledger.place.ledger;
    let Some(before) = by_phone::mark_of(tx, id, rating.visit)? else { return Ok(()) };
    if rating.reasons.is_empty() || !by_phone::add_reasons(tx, id, rating.visit, &rating.reasons)? {
        return Ok(());
    }
    let after = PhoneMark { reasons: rating.reasons.clone(), ..before.clone() };
    if let Some(visit) = visit {
        enter(facts, visit.fact(&ledger.place, Some(&before)), visit.fact(&ledger.place, Some(&after)));
    }
    if let Some(mark) = ledger.phones.get_mut(&rating.visit) {
        *mark = after;
    }
    Ok(())
}

/// Drops marks of settled visits; a mark whose visit has not come although its place has is an alarm.
fn check_phones(tx: &Transaction<'_>, ledger: &mut Ledger, batch: &Checked, now: WallMs) -> Result<(), StoreFault> {
    if ledger.phones.is_empty() {
        return Ok(());
    }
    for (&visit, _) in ledger.phones.range(batch.first_seq..=batch.last_seq()) {
        let at = usize::try_from(visit - batch.first_seq).unwrap_or(usize::MAX);
        if !matches!(batch.entries.get(at).map(|e| &e.body), Some(Body::VisitOpened(_))) {
            let note = "a phone rated a visit that the ledger does not have";
            alarms::raise(tx, AlarmKind::LostTail, batch.device, batch.epoch, visit, note, now)?;
        }
    }
    let (projector, tip) = (&ledger.projector, ledger.tip.seq);
    ledger.phones.retain(|&visit, _| visit > tip || projector.visit(visit).is_some());
    Ok(())
}

fn check_witnesses(tx: &Transaction<'_>, ledger: &mut Ledger, batch: &Checked, now: WallMs) -> Result<(), StoreFault> {
    let last = batch.last_seq();
    if ledger.witnesses.first_key_value().is_none_or(|(&seq, _)| seq > last) {
        return Ok(());
    }
    for (&seq, half) in ledger.witnesses.range(batch.first_seq..=last) {
        if !batch.hash_at(seq).is_some_and(|h| h.0.starts_with(half)) {
            let note = "the entry that came is not the one that was witnessed";
            alarms::raise(tx, AlarmKind::LostTail, batch.device, batch.epoch, seq, note, now)?;
        }
    }
    ledger.witnesses = ledger.witnesses.split_off(&(last + 1));
    witness::drop_to(tx, ledger.place.ledger, last)?;
    Ok(())
}

/// Takes back what stood in the book and enters what stands now.
pub fn enter(facts: &mut Vec<Fact>, before: Option<Fact>, after: Option<Fact>) {
    if before == after {
        return;
    }
    facts.extend(before.map(|f| Fact { sign: -1, ..f }));
    facts.extend(after);
}

fn visit_of(tx: &Transaction<'_>, ledger: &Ledger, seq: u64) -> Result<Option<Visit>, StoreFault> {
    match ledger.projector.visit(seq) {
        Some(visit) => Ok(Some(visit.clone())),
        None => segments::tell_visit(tx, ledger.place.ledger, seq),
    }
}

fn follows(batch: &Checked) -> String {
    match batch.entries.first().map(|e| &e.body) {
        Some(Body::Genesis(g)) => match &g.follows {
            Some(head) => format!("follows epoch {} at {}", head.epoch, head.seq),
            None => "quotes no earlier head".to_owned(),
        },
        _ => String::new(),
    }
}
