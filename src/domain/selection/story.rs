//! Samples for tests of selections.

use std::collections::BTreeMap;

use jiff::civil::date;

use super::machine::{Actor, Selection};
use super::snapshot::{Candidate, Snapshot};
use super::terms::{Occasion, Terms};
use crate::domain::appraisal::{Mark, Period, Source, Subject};
use crate::domain::board::HonourKind;
use crate::domain::id::{HallId, StaffNo};
use crate::domain::time::WallMs;

pub fn staff(no: &str) -> Subject {
    Subject::Staff { hall: HallId::new("QL01").unwrap(), staff_no: StaffNo::new(no).unwrap() }
}

/// November's service exemplars: ratings 60, leaders 40.
pub fn terms() -> Terms {
    Terms {
        title: "十一月服务标兵".to_owned(),
        occasion: Occasion::Ordinary,
        honour: HonourKind::ServiceExemplar,
        halls: vec![HallId::new("QL01").unwrap()],
        period: Period { from: date(2026, 11, 1), to: date(2026, 11, 30) },
        seats: 1,
        min_n: 30,
        min_cover: 50,
        no_open_serious: true,
        weights: BTreeMap::from([(Source::PublicAppraisal, 60), (Source::LeaderReview, 40)]),
        notice_days: 5,
        quorum: 2,
        rules_version: 0,
    }
}

pub fn candidates(numbers: &[&str]) -> Vec<Candidate> {
    let one = |no: &&str| Candidate {
        subject: staff(no),
        name: format!("工号 {no}"),
        party_member: true,
        open_serious: false,
    };
    numbers.iter().map(one).collect()
}

/// `of` is score, low and high.
pub fn mark(subject: &Subject, source: Source, of: (f64, f64, f64), n: u64) -> Mark {
    Mark { subject: subject.clone(), source, score: of.0, low: of.1, high: of.2, n, parts: Vec::new() }
}

/// A clear first, two who cannot be told apart, and one with too few ratings.
pub fn snapshot() -> Snapshot {
    let mut marks = Vec::new();
    for (no, score, n) in [("0027", 98.0, 200), ("0031", 90.0, 150), ("0042", 90.4, 90), ("0055", 99.0, 4)] {
        marks.push(mark(&staff(no), Source::PublicAppraisal, (score, score - 1.0, score + 1.0), n));
        marks.push(mark(&staff(no), Source::LeaderReview, (95.0, 95.0, 95.0), 2));
    }
    Snapshot::freeze(terms(), candidates(&["0027", "0031", "0042", "0055"]), &marks, WallMs(1_796_000_000_000)).unwrap()
}

pub fn actor(account: i64) -> Actor {
    Actor { account, name: format!("账号 {account}") }
}

pub fn called() -> Selection {
    Selection::call(terms(), actor(1)).unwrap()
}
