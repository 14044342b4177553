//! The rules that one selection goes by. They are its own copy: rules of the house that change later do not change it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::appraisal::{Period, Source, Subject};
use crate::domain::board::HonourKind;
use crate::domain::id::HallId;
use crate::domain::rating::coded;
use crate::domain::text::{TextFault, check_line};

/// What weights sum to.
pub const WEIGHTS_SUM: u32 = 100;

/// Bounds of what can be set.
pub mod limits {
    pub const TITLE_CHARS: usize = 60;
    pub const HALLS: usize = 50;
    /// Days of a period: a leap year.
    pub const PERIOD_DAYS: i32 = 366;
    pub const SEATS: u16 = 100;
    pub const MIN_N: u64 = 100_000;
    /// Working days of a public notice.
    pub const NOTICE_DAYS: u16 = 60;
    pub const QUORUM: u8 = 20;
}

coded! {
    /// What a selection is held for.
    Occasion {
        /// A month's, a quarter's, or any other one.
        Ordinary = "ordinary",
        /// 年底测评: over the year, with a report to sign.
        YearEnd = "year_end",
    }
}

coded! {
    /// Of what kind the candidates are.
    Elected {
        ServiceWindow = "window",
        Staff = "staff",
    }
}

/// The honours that are elected. The others are given by whoever edits the hall.
pub const ELECTED: [HonourKind; 5] = [
    HonourKind::ServiceExemplar,
    HonourKind::ModelPost,
    HonourKind::VanguardPost,
    HonourKind::SatisfyingWindow,
    HonourKind::ServiceBrand,
];

/// Whom an honour is for; none: it is not elected.
pub const fn elects(honour: HonourKind) -> Option<Elected> {
    match honour {
        HonourKind::ServiceExemplar | HonourKind::ModelPost | HonourKind::VanguardPost => Some(Elected::Staff),
        HonourKind::SatisfyingWindow | HonourKind::ServiceBrand => Some(Elected::ServiceWindow),
        HonourKind::ResponsibilityArea | HonourKind::PostExpert => None,
    }
}

/// Whether an honour is a party member's alone.
pub const fn asks_party(honour: HonourKind) -> bool {
    matches!(honour, HonourKind::ModelPost | HonourKind::VanguardPost)
}

/// The rules of one selection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    pub title: String,
    pub occasion: Occasion,
    pub honour: HonourKind,
    /// In order, each once.
    pub halls: Vec<HallId>,
    pub period: Period,
    /// How many may be elected at most.
    pub seats: u16,
    /// Ratings that a candidate needs; where ratings have no weight, observations of all sources.
    pub min_n: u64,
    /// Points of weight whose sources must have something to say of a candidate.
    pub min_cover: u8,
    /// Nobody with an open serious case.
    pub no_open_serious: bool,
    /// Points of each source; together [`WEIGHTS_SUM`]. Sources of weight 0 are left out.
    pub weights: BTreeMap<Source, u8>,
    /// Working days of the public notice.
    pub notice_days: u16,
    /// Leaders who must agree.
    pub quorum: u8,
    /// Version of the rules of the house that these were made of.
    pub rules_version: u32,
}

/// What is wrong with terms.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TermsFault {
    #[error("title: {0}")]
    Title(TextFault),
    #[error("honour: this one is not elected")]
    Honour,
    #[error("halls: 1 to {}, each once and in order", limits::HALLS)]
    Halls,
    #[error("period: it ends before it begins, or is longer than {} days", limits::PERIOD_DAYS)]
    Period,
    #[error("seats: 1 to {}", limits::SEATS)]
    Seats,
    #[error("min_n: at most {}", limits::MIN_N)]
    MinN,
    #[error("min_cover: at most {WEIGHTS_SUM}")]
    MinCover,
    #[error("weights: they sum to {0}, and must sum to {WEIGHTS_SUM}")]
    Weights(u32),
    #[error("notice_days: 1 to {} working days", limits::NOTICE_DAYS)]
    NoticeDays,
    #[error("quorum: 1 to {}", limits::QUORUM)]
    Quorum,
}

impl Terms {
    /// Everything that is wrong; empty: nothing.
    pub fn faults(&self) -> Vec<TermsFault> {
        let mut faults = Vec::new();
        if let Err(fault) = check_line(&self.title, limits::TITLE_CHARS) {
            faults.push(TermsFault::Title(fault));
        }
        let days = self.period.to.since(self.period.from).map_or(-1, |span| span.get_days());
        let sorted = self.halls.windows(2).all(|pair| pair[0] < pair[1]);
        let sum: u32 = self.weights.values().map(|w| u32::from(*w)).sum();
        let checks = [
            (elects(self.honour).is_some(), TermsFault::Honour),
            (sorted && (1..=limits::HALLS).contains(&self.halls.len()), TermsFault::Halls),
            ((0..limits::PERIOD_DAYS).contains(&days), TermsFault::Period),
            ((1..=limits::SEATS).contains(&self.seats), TermsFault::Seats),
            (self.min_n <= limits::MIN_N, TermsFault::MinN),
            (u32::from(self.min_cover) <= WEIGHTS_SUM, TermsFault::MinCover),
            (sum == WEIGHTS_SUM && self.weights.values().all(|w| *w > 0), TermsFault::Weights(sum)),
            ((1..=limits::NOTICE_DAYS).contains(&self.notice_days), TermsFault::NoticeDays),
            ((1..=limits::QUORUM).contains(&self.quorum), TermsFault::Quorum),
        ];
        faults.extend(checks.into_iter().filter(|(holds, _)| !holds).map(|(_, fault)| fault));
        faults
    }

    pub fn weight(&self, source: Source) -> u8 {
        self.weights.get(&source).copied().unwrap_or(0)
    }

    /// Whether it is about such a subject at all.
    pub fn is_about(&self, subject: &Subject) -> bool {
        let kind = match subject {
            Subject::ServiceWindow { .. } => Elected::ServiceWindow,
            Subject::Staff { .. } => Elected::Staff,
        };
        elects(self.honour) == Some(kind) && self.halls.contains(subject.hall())
    }
}

#[cfg(test)]
mod tests {
    use super::super::story::terms;
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_fault_is_told_at_once() {
        assert_eq!(terms().faults(), []);
        let mut wrong = terms();
        wrong.title = " ".to_owned();
        wrong.honour = HonourKind::PostExpert;
        wrong.period = Period { from: date(2026, 11, 30), to: date(2026, 11, 1) };
        wrong.weights.insert(Source::PeerReview, 0);
        (wrong.seats, wrong.quorum, wrong.notice_days) = (0, 0, 0);
        wrong.halls = Vec::new();
        let faults = wrong.faults();
        assert_eq!(faults.len(), 8, "{faults:?}");
        assert!(faults.contains(&TermsFault::Weights(100)), "a weight of nothing is left out");
    }

    #[test]
    fn each_honour_that_is_elected_says_whom_it_is_for() {
        for &honour in HonourKind::ALL {
            assert_eq!(elects(honour).is_some(), ELECTED.contains(&honour), "{honour:?}");
            assert!(!asks_party(honour) || elects(honour) == Some(Elected::Staff));
        }
    }
}
