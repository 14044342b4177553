//! The visit on the glass: from its opening in the ledger to its closing, and what its rating signals.

use super::{Flow, FlowConfig};
use crate::domain::id::{CaseNo, ItemCode, StaffNo, TagCode};
use crate::domain::rating::{Satisfaction, Signal, Signals};
use crate::domain::time::{Now, PLAUSIBLE_FROM};
use crate::domain::visit::{DutyState, VisitOutcome, VisitTrigger};
use crate::ledger::entry::{Body, Explained, MAX_PLEDGES, MAX_REASONS, PledgeShown, ReasonChosen, VisitOpened};
use crate::ledger::keys::Hash;
use crate::ledger::standing::OpenVisit;

/// A visit that stands open in the ledger.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Visit {
    /// The entry that opened it.
    pub seq: u64,
    pub invited: bool,
    pub item: Option<ItemCode>,
    pub case_no: Option<CaseNo>,
    pub rated: Option<Rating>,
    pub chosen: Vec<TagCode>,
    /// Reasons of this visit stand in the ledger.
    pub explained: bool,
    pub ticket: Option<String>,
    /// When its card appeared, by the monotonic clock.
    pub shown_ms: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rating {
    pub level: Satisfaction,
    /// The first tap of the visit.
    pub first_ms: u64,
    /// Hash of the last rating's entry, for the receipt code; none if it was found at a restart.
    pub hash: Option<Hash>,
}

/// The last rating of this kiosk, whoever's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LastTap {
    pub at_ms: u64,
    pub x: u16,
    pub y: u16,
    pub visit: u64,
}

/// What opens the next visit.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Opening {
    pub trigger: Option<VisitTrigger>,
    pub item: Option<ItemCode>,
    pub case_no: Option<CaseNo>,
}

impl Visit {
    pub fn new(seq: u64, opening: &Opening, shown_ms: u64) -> Self {
        Self {
            seq,
            invited: opening.trigger.is_some(),
            item: opening.item.clone(),
            case_no: opening.case_no.clone(),
            rated: None,
            chosen: Vec::new(),
            explained: false,
            ticket: None,
            shown_ms,
        }
    }

    /// As a restart finds it.
    pub fn left_open(open: &OpenVisit, now: Now) -> Self {
        let rated = open.rated.as_ref().map(|r| Rating { level: r.level, first_ms: 0, hash: None });
        Self { invited: open.invited, rated, ..Self::new(open.seq, &Opening::default(), now.mono_ms) }
    }

    /// How it ends if it ends now.
    pub fn outcome(&self) -> VisitOutcome {
        match (self.rated.is_some(), self.invited) {
            (true, _) => VisitOutcome::Rated,
            (false, true) => VisitOutcome::NoResponse,
            (false, false) => VisitOutcome::Unused,
        }
    }
}

impl Flow {
    /// Closes the open visit, if there is one; reasons that were chosen and not sent are kept.
    pub(super) fn closing(&self, outcome: Option<VisitOutcome>) -> Vec<Body> {
        let Some(visit) = &self.visit else { return Vec::new() };
        let outcome = outcome.unwrap_or_else(|| visit.outcome());
        let mut bodies = Vec::with_capacity(2);
        if visit.rated.is_some() && !visit.chosen.is_empty() {
            bodies.push(self.explained(visit));
        }
        bodies.push(Body::VisitClosed { visit: visit.seq, outcome });
        bodies
    }

    /// The chosen reasons in the versions that were on the screen.
    pub(super) fn explained(&self, visit: &Visit) -> Body {
        let version = |code: &TagCode| self.board.tags.iter().find(|t| &t.code == code).map_or(0, |t| t.version);
        let reasons = visit.chosen.iter().map(|tag| ReasonChosen { tag: tag.clone(), version: version(tag) });
        Body::Explained(Explained { visit: visit.seq, reasons: reasons.take(MAX_REASONS).collect(), sealed: None })
    }

    pub(super) fn opened(&self, opening: &Opening, staff: &StaffNo) -> Body {
        let pledges = self.board.pledges_of(Some(staff)).take(MAX_PLEDGES);
        Body::VisitOpened(VisitOpened {
            window: self.config.window.clone(),
            pledges: pledges.map(|p| PledgeShown { id: p.id.clone(), version: p.version }).collect(),
            staff: Some(staff.clone()),
            trigger: opening.trigger.unwrap_or(VisitTrigger::Card),
            item: opening.item.clone(),
            case_no: opening.case_no.clone(),
            board: self.version.clone(),
        })
    }

    pub(super) fn may_revise(&self, now: Now) -> bool {
        let rated = self.visit.as_ref().and_then(|v| v.rated);
        rated.is_some_and(|r| now.mono_ms.saturating_sub(r.first_ms) < self.config.grace_ms)
    }

    pub(super) fn signals(&self, visit: &Visit, x: u16, y: u16, now: Now) -> Signals {
        let other = self.last_tap.filter(|last| last.visit != visit.seq);
        let dwell_ms = now.mono_ms.saturating_sub(visit.shown_ms);
        let found = [
            (Signal::Rapid, other.is_some_and(|l| now.mono_ms.saturating_sub(l.at_ms) < self.config.rapid_ms)),
            (Signal::Dwell, dwell_ms < self.config.dwell_ms),
            (Signal::SamePixel, other.is_some_and(|l| (l.x, l.y) == (x, y))),
            (Signal::OutsideHours, !is_open(&self.config, now)),
            (Signal::Unserved, self.config.expects_invitations && !visit.invited),
        ];
        found.into_iter().filter(|(_, holds)| *holds).map(|(signal, _)| signal).collect()
    }

    /// True if a card with an open visit belongs on the glass.
    pub(super) fn serves(&self) -> bool {
        self.duty.state == DutyState::On && self.staff.is_some()
    }
}

/// By the hall's civil time; a clock that is not to be believed keeps nobody out.
fn is_open(config: &FlowConfig, now: Now) -> bool {
    let (Some(hours), true) = (&config.hours, now.wall >= PLAUSIBLE_FROM) else { return true };
    let Ok(time) = jiff::Timestamp::from_millisecond(now.wall.0) else { return true };
    let local = config.zone.to_datetime(time);
    hours.is_open(local)
}
