//! From entries to facts: which visits were served, how they were rated, and when.
//!
//! Pure. A [`Projector`] is what is carried from one segment of a ledger to the next; running the same segments from the
//! same carried state gives the same visits, so nothing but the segments needs to be kept.

use serde::{Deserialize, Serialize};

use crate::domain::id::{CaseNo, HallId, ItemCode, StaffNo, TagCode, WindowId};
use crate::domain::rating::{Channel, Satisfaction};
use crate::domain::time::{ClockGrade, PLAUSIBLE_FROM, WallMs};
use crate::domain::visit::VisitOutcome;
use crate::ledger::entry::{Body, Entry, Rated, VisitOpened};

use super::super::statistics::fact::Fact;

/// Visits left open by a ledger; a kiosk has one or two.
pub const MAX_OPEN: usize = 64;
/// Closed visits that are carried on, because reasons may still follow.
const RECENT: usize = 1;
/// A kiosk's clock may be this far ahead of the centre's.
const AHEAD_MS: i64 = 10 * 60 * 1000;

/// When something happened, as well as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment(pub WallMs, pub ClockGrade);

/// The rating that the kiosk took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    #[serde(rename = "l")]
    pub level: Satisfaction,
    /// Of the first tap, also after a revision.
    #[serde(rename = "m")]
    pub moment: Moment,
    #[serde(rename = "f", default, skip_serializing_if = "std::ops::Not::not")]
    pub flagged: bool,
}

/// One visit as far as the entries tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    #[serde(rename = "v")]
    pub seq: u64,
    #[serde(rename = "w")]
    pub service_window: WindowId,
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub staff: Option<StaffNo>,
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemCode>,
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub case_no: Option<CaseNo>,
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub opinion: Option<Opinion>,
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<TagCode>,
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<(VisitOutcome, Moment)>,
    /// It had been settled and an entry named it again; its state then stands in a table of its own.
    #[serde(rename = "k", default, skip_serializing_if = "std::ops::Not::not")]
    pub recalled: bool,
}

/// A rating that came by phone and counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneMark {
    pub level: Satisfaction,
    pub wall: WallMs,
    pub flagged: bool,
    pub reasons: Vec<TagCode>,
}

/// What all facts of a ledger share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub ledger: i64,
    pub hall: HallId,
    pub sample: bool,
}

impl Visit {
    /// The fact that stands in the book for this visit, if any. `phone` counts before the kiosk's own rating: it is only
    /// given when it came first.
    pub fn fact(&self, place: &Place, phone: Option<&PhoneMark>) -> Option<Fact> {
        let (channel, level, wall, grade, flagged, reasons) = if let Some(p) = phone {
            (Channel::Phone, Some(p.level), p.wall, ClockGrade::A, p.flagged, &p.reasons)
        } else if let Some(o) = &self.opinion {
            (Channel::Kiosk, Some(o.level), o.moment.0, o.moment.1, o.flagged, &self.reasons)
        } else if let Some((VisitOutcome::NoResponse, Moment(wall, grade))) = self.closed {
            (Channel::Kiosk, None, wall, grade, false, &Vec::new())
        } else {
            return None;
        };
        Some(Fact {
            ledger: place.ledger,
            visit: self.seq,
            sign: 1,
            hall: place.hall.clone(),
            service_window: self.service_window.clone(),
            staff: self.staff.clone(),
            item: self.item.clone(),
            channel,
            level,
            wall,
            grade,
            flagged,
            reasons: reasons.clone(),
            sample: place.sample,
        })
    }
}

/// The centre's clock as the kiosk saw it, in one boot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Anchor(u32, u64, i64);

/// What is carried from one segment to the next.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Projector {
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    anchor: Option<Anchor>,
    /// The last time that was believed.
    #[serde(rename = "t", default)]
    last_wall: WallMs,
    /// Open visits and the latest closed one, by `seq`.
    #[serde(rename = "v", default, skip_serializing_if = "Vec::is_empty")]
    visits: Vec<Visit>,
}

/// What one segment did to the visits.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Each visit that changed, as it was before (none: new), in the order of change.
    pub changed: Vec<(u64, Option<Visit>)>,
    /// Visits that are not carried on.
    pub settled: Vec<Visit>,
    /// Entries that name a visit which nobody opened.
    pub astray: u64,
}

impl Projector {
    pub fn visit(&self, seq: u64) -> Option<&Visit> {
        self.find(seq).map(|i| &self.visits[i])
    }

    /// The lowest visit that may still change without being recalled.
    pub fn lowest(&self) -> Option<u64> {
        self.visits.first().map(|v| v.seq)
    }

    /// Takes a settled visit back, because an entry names it again.
    pub fn recall(&mut self, mut visit: Visit) {
        visit.recalled = true;
        if let Err(i) = self.visits.binary_search_by_key(&visit.seq, |v| v.seq) {
            self.visits.insert(i, visit);
        }
    }

    /// Runs one segment's entries, received at `received`.
    pub fn run(&mut self, entries: &[Entry], received: WallMs) -> Outcome {
        let mut out = Outcome::default();
        for entry in entries {
            self.take(entry, received, &mut out);
        }
        self.settle(&mut out);
        out
    }

    fn take(&mut self, entry: &Entry, received: WallMs, out: &mut Outcome) {
        match &entry.body {
            Body::ClockAnchor { centre_ms, .. } => {
                self.anchor = Some(Anchor(entry.boot, entry.mono_ms, *centre_ms));
            }
            Body::VisitOpened(opened) => self.open(entry.seq, opened, out),
            Body::Invited { visit, item, case_no, .. } if item.is_some() || case_no.is_some() => {
                self.change(*visit, out, |v| {
                    v.item = item.clone().or(v.item.take());
                    v.case_no = case_no.clone().or(v.case_no.take());
                });
            }
            Body::Rated(rated) => {
                let moment = self.moment(entry, received);
                self.change(rated.visit, out, |v| {
                    // One visit, one rating: only a revision changes it.
                    v.opinion.get_or_insert_with(|| opinion(rated, moment));
                });
            }
            Body::Revised(rated) => {
                let moment = self.moment(entry, received);
                self.change(rated.visit, out, |v| revise(v, rated, moment));
            }
            Body::Explained(explained) => {
                let reasons = || explained.reasons.iter().map(|r| r.tag.clone()).collect();
                self.change(explained.visit, out, |v| v.reasons = reasons());
            }
            Body::VisitClosed { visit, outcome } => {
                let moment = self.moment(entry, received);
                self.change(*visit, out, |v| {
                    v.closed.get_or_insert((*outcome, moment));
                });
            }
            _ => {}
        }
    }

    fn open(&mut self, seq: u64, opened: &VisitOpened, out: &mut Outcome) {
        out.changed.push((seq, None));
        self.visits.push(Visit {
            seq,
            service_window: opened.window.clone(),
            staff: opened.staff.clone(),
            item: opened.item.clone(),
            case_no: opened.case_no.clone(),
            opinion: None,
            reasons: Vec::new(),
            closed: None,
            recalled: false,
        });
    }

    fn change(&mut self, seq: u64, out: &mut Outcome, apply: impl FnOnce(&mut Visit)) {
        let Some(i) = self.find(seq) else {
            out.astray += 1;
            return;
        };
        if !out.changed.iter().rev().any(|(s, _)| *s == seq) {
            out.changed.push((seq, Some(self.visits[i].clone())));
        }
        apply(&mut self.visits[i]);
    }

    /// Keeps what may still change and hands out the rest.
    fn settle(&mut self, out: &mut Outcome) {
        let closed = self.visits.iter().filter(|v| v.closed.is_some()).count();
        let mut drop_closed = closed.saturating_sub(RECENT);
        let mut drop_open = (self.visits.len() - closed).saturating_sub(MAX_OPEN);
        self.visits.retain_mut(|v| {
            let left = if v.closed.is_some() { &mut drop_closed } else { &mut drop_open };
            let keep = *left == 0;
            if !keep {
                *left -= 1;
                out.settled.push(v.clone());
            }
            keep
        });
    }

    fn find(&self, seq: u64) -> Option<usize> {
        // Nearly always the last one.
        match self.visits.last() {
            Some(v) if v.seq == seq => Some(self.visits.len() - 1),
            _ => self.visits.binary_search_by_key(&seq, |v| v.seq).ok(),
        }
    }

    fn moment(&mut self, entry: &Entry, received: WallMs) -> Moment {
        let latest = received.plus_ms(AHEAD_MS);
        let (wall, grade) = match self.anchor {
            Some(Anchor(boot, mono, centre)) if boot == entry.boot && entry.mono_ms >= mono => {
                let since = i64::try_from(entry.mono_ms - mono).unwrap_or(i64::MAX);
                (WallMs(centre).plus_ms(since), ClockGrade::A)
            }
            _ => (WallMs(entry.wall_ms), entry.clock),
        };
        if grade == ClockGrade::C || wall < PLAUSIBLE_FROM || wall > latest {
            // Somewhere between its neighbours and now.
            let floor = if self.last_wall.0 > 0 { self.last_wall } else { received };
            return Moment(floor, ClockGrade::C);
        }
        self.last_wall = wall;
        Moment(wall, grade)
    }
}

fn opinion(rated: &Rated, moment: Moment) -> Opinion {
    Opinion { level: rated.level, moment, flagged: !rated.signals.is_empty() }
}

fn revise(visit: &mut Visit, rated: &Rated, moment: Moment) {
    match &mut visit.opinion {
        Some(o) => {
            o.level = rated.level;
            o.flagged |= !rated.signals.is_empty();
        }
        none => *none = Some(opinion(rated, moment)),
    }
    // They were reasons for another level.
    visit.reasons.clear();
}
