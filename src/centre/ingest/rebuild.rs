//! The projections made anew: every visit told again from the segments as they came, every fact and roll-up from these.
//!
//! It all happens in the caller's one transaction, so that nothing of it is seen before all of it is there. In memory are
//! one state for each ledger and one page of segments, however many entries there are. What has no entries behind it –
//! sample data – is kept as it is.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use rusqlite::Transaction;

use super::desk::{Desk, enter};
use super::ledgers::{self, Known, Ledgers};
use super::segments::{self, Segment, StoreFault};
use super::visits::Projector;
use super::{batch, by_phone, explanations};
use crate::centre::statistics::fact::Fact;
use crate::centre::statistics::{Book, StatisticsFault};
use crate::domain::time::WallMs;

/// Segments in memory at once; each has 1,000 entries at most.
const PAGE: usize = 64;

/// Why nothing was rebuilt: roll the transaction back.
#[derive(Debug, thiserror::Error)]
pub enum RebuildFault {
    #[error(transparent)]
    Store(#[from] StoreFault),
    #[error(transparent)]
    Statistics(#[from] StatisticsFault),
    #[error("segment {segment} names ledger {ledger}, which is not there")]
    NoLedger { segment: i64, ledger: i64 },
    #[error("ledger {ledger} has no entries before {seq}; pingyi admin audit says more")]
    Gap { ledger: i64, seq: u64 },
}

/// What was read and made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rebuilt {
    pub segments: u64,
    pub entries: u64,
    /// Lines of the account book: a changed mind makes three.
    pub facts: u64,
    /// Other histories that a person has decided to count as well.
    pub decisions: u64,
}

/// Entries of all segments: how much there is to read.
///
/// # Errors
/// [`RebuildFault`].
pub fn entries(tx: &Transaction<'_>) -> Result<u64, RebuildFault> {
    Ok(segments::count_entries(tx)?)
}

/// Makes facts, roll-ups and recalled visits again. `reached` is told the number of entries so far.
///
/// # Errors
/// [`RebuildFault`]; the transaction must not be committed.
pub fn rebuild(
    tx: &Transaction<'_>,
    zone: TimeZone,
    now: WallMs,
    mut reached: impl FnMut(u64),
) -> Result<Rebuilt, RebuildFault> {
    let mut work = Work {
        tx,
        known: ledgers::all(tx)?.into_iter().map(|k| (k.place.ledger, k)).collect(),
        projectors: HashMap::new(),
        book: Book::begin_again(tx, zone)?,
        done: Rebuilt::default(),
    };
    segments::forget_recalled(tx)?;
    let mut last = 0;
    loop {
        let page = segments::stored_after(tx, last, PAGE)?;
        let Some(end) = page.last() else { break };
        last = end.id;
        for segment in &page {
            work.take(segment)?;
        }
        reached(work.done.entries);
    }
    work.decide(now)?;
    work.book.flush(tx)?;
    Ok(work.done)
}

struct Work<'a> {
    tx: &'a Transaction<'a>,
    known: HashMap<i64, Known>,
    /// With the place that each expects next.
    projectors: HashMap<i64, (Projector, u64)>,
    book: Book,
    done: Rebuilt,
}

impl Work<'_> {
    /// As [`Desk::take_batch`] did when it came.
    fn take(&mut self, segment: &Segment) -> Result<(), RebuildFault> {
        let (id, ledger) = (segment.id, segment.ledger);
        let known = self.known.get(&ledger).ok_or(RebuildFault::NoLedger { segment: id, ledger })?;
        let (projector, next) = self.projectors.entry(ledger).or_insert_with(|| (Projector::default(), 1));
        if segment.first_seq != *next {
            return Err(RebuildFault::Gap { ledger, seq: segment.first_seq });
        }
        *next = segment.last_seq + 1;
        let entries = segment.entries()?;
        for seq in batch::earlier_visits(segment.first_seq, &entries) {
            if projector.visit(seq).is_none()
                && let Some(visit) = segments::tell_visit(self.tx, ledger, seq)?
            {
                projector.recall(visit);
            }
        }
        let out = projector.run(&entries, segment.received);
        let mut facts = Vec::new();
        for (seq, before) in &out.changed {
            let settled = out.settled.iter().find(|v| v.seq == *seq);
            let Some(after) = settled.or_else(|| projector.visit(*seq)) else { continue };
            let phone = by_phone::mark_of(self.tx, ledger, *seq).map_err(StoreFault::from)?;
            let before = before.as_ref().and_then(|v| v.fact(&known.place, phone.as_ref()));
            enter(&mut facts, before, after.fact(&known.place, phone.as_ref()));
            if after.recalled {
                segments::keep_recalled(self.tx, ledger, after)?;
            }
        }
        self.done.segments += 1;
        self.done.entries += entries.len() as u64;
        self.book_in(&facts)
    }

    /// Histories that count beside the held ones, by the very code that entered them first.
    fn decide(&mut self, now: WallMs) -> Result<(), RebuildFault> {
        explanations::unsettle(self.tx).map_err(StoreFault::from)?;
        loop {
            let (mut facts, mut ledgers) = (Vec::new(), Ledgers::default());
            // Nobody holds devices or people in memory here.
            let (mut devices, mut people) = (false, false);
            let settled = explanations::settle(&mut Desk {
                tx: self.tx,
                now,
                ledgers: &mut ledgers,
                facts: &mut facts,
                directory_changed: &mut devices,
                people_changed: &mut people,
            })?;
            if settled == 0 {
                return Ok(());
            }
            self.done.decisions += settled as u64;
            self.book_in(&facts)?;
        }
    }

    fn book_in(&mut self, facts: &[Fact]) -> Result<(), RebuildFault> {
        self.done.facts += facts.len() as u64;
        self.book.append(self.tx, facts)?;
        self.book.flush_if_full(self.tx)?;
        Ok(())
    }
}
