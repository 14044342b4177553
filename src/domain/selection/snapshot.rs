//! The figures that a selection computes from, as they were when it computed.
//!
//! Marks come as floating point and are taken over in whole thousandths of a point; from there on everything is whole
//! numbers. The canonical text is the JSON of these structs with their fields in this order and candidates by key; its
//! BLAKE3 hash names the snapshot.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::terms::Terms;
use crate::domain::appraisal::{Mark, Source, Subject};
use crate::domain::time::WallMs;

/// Of the snapshot's form and of how results are made of it.
const FORM: u32 = 1;
/// Candidates of one selection.
pub const MAX_CANDIDATES: usize = 5_000;
/// Parts of one mark that are kept.
const MAX_PIECES: usize = 40;
const CODE_CHARS: usize = 60;

/// Somebody or some window that may be elected, with what decides whether it may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    pub subject: Subject,
    /// As people called it then.
    pub name: String,
    /// As the card shows it: with the person's consent.
    pub party_member: bool,
    pub open_serious: bool,
}

/// One number behind a mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    pub code: String,
    /// Millionths.
    pub value_micro: i64,
    pub n: u64,
}

/// A mark in whole numbers: thousandths of a point, 0 to 100,000.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    pub source: Source,
    pub score_milli: i64,
    pub low_milli: i64,
    pub high_milli: i64,
    pub n: u64,
    pub pieces: Vec<Piece>,
}

/// A candidate with all that the sources say of it, each source once and in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entrant {
    pub candidate: Candidate,
    pub marks: Vec<Measured>,
}

/// Everything that a result is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    pub form: u32,
    pub frozen_ms: WallMs,
    pub terms: Terms,
    /// By the key of their subjects.
    pub entrants: Vec<Entrant>,
}

/// Why figures are not frozen, or why a text is no snapshot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotFault {
    #[error("there are more than {MAX_CANDIDATES} candidates")]
    TooMany,
    #[error("{0} is a candidate twice, or is not what the selection is about")]
    Candidate(String),
    #[error("{source_code} says of {subject} what is no mark of 0 to 100 within its bounds")]
    Mark { subject: String, source_code: &'static str },
    #[error("{source_code} speaks twice of {subject}")]
    Twice { subject: String, source_code: &'static str },
    #[error("this is no snapshot that this program understands")]
    Unreadable,
}

impl Snapshot {
    /// Freezes what the sources say. Marks of subjects that are no candidates are left out.
    ///
    /// # Errors
    /// [`SnapshotFault`].
    pub fn freeze(
        terms: Terms,
        candidates: Vec<Candidate>,
        marks: &[Mark],
        now: WallMs,
    ) -> Result<Self, SnapshotFault> {
        if candidates.len() > MAX_CANDIDATES {
            return Err(SnapshotFault::TooMany);
        }
        let mut entrants: BTreeMap<String, Entrant> = BTreeMap::new();
        for candidate in candidates {
            let key = candidate.subject.key();
            let fits = terms.is_about(&candidate.subject);
            let before = entrants.insert(key.clone(), Entrant { candidate, marks: Vec::new() });
            if before.is_some() || !fits {
                return Err(SnapshotFault::Candidate(key));
            }
        }
        for mark in marks {
            let key = mark.subject.key();
            let Some(entrant) = entrants.get_mut(&key) else { continue };
            let source_code = mark.source.code();
            let measured = Measured::of(mark).ok_or(SnapshotFault::Mark { subject: key.clone(), source_code })?;
            if entrant.marks.iter().any(|m| m.source == mark.source) {
                return Err(SnapshotFault::Twice { subject: key, source_code });
            }
            entrant.marks.push(measured);
        }
        let mut entrants: Vec<Entrant> = entrants.into_values().collect();
        for entrant in &mut entrants {
            entrant.marks.sort_by_key(|m| m.source);
        }
        Ok(Self { form: FORM, frozen_ms: now, terms, entrants })
    }

    /// The text that the hash is over.
    pub fn canonical(&self) -> String {
        // Plain structs of texts and whole numbers always serialise.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// 64 hexadecimal digits of BLAKE3 over the canonical text.
    pub fn hash(&self) -> String {
        blake3::hash(self.canonical().as_bytes()).to_hex().to_string()
    }

    /// # Errors
    /// [`SnapshotFault::Unreadable`], also for a form that only a newer program knows.
    pub fn read(text: &str) -> Result<Self, SnapshotFault> {
        let snapshot: Self = serde_json::from_str(text).map_err(|_| SnapshotFault::Unreadable)?;
        if snapshot.form == FORM { Ok(snapshot) } else { Err(SnapshotFault::Unreadable) }
    }

    pub fn entrant(&self, subject: &Subject) -> Option<&Entrant> {
        self.entrants.iter().find(|e| &e.candidate.subject == subject)
    }

    /// The candidate's name, or its key where there is none.
    pub fn name(&self, subject: &Subject) -> String {
        self.entrant(subject).map_or_else(|| subject.key(), |e| e.candidate.name.clone())
    }
}

impl Measured {
    /// In thousandths; bounds that do not hold the score, such as those of a raw rate around a shrunk one, are widened to.
    /// None: what is no number, or not within 0 to 100.
    fn of(mark: &Mark) -> Option<Self> {
        let (score, low, high) = (milli(mark.score)?, milli(mark.low)?, milli(mark.high)?);
        let pieces = mark.parts.iter().take(MAX_PIECES).map(|part| Piece {
            code: part.code.chars().take(CODE_CHARS).collect(),
            value_micro: micro(part.value),
            n: part.n,
        });
        Some(Self {
            source: mark.source,
            score_milli: score,
            low_milli: low.min(score),
            high_milli: high.max(score),
            n: mark.n,
            pieces: pieces.collect(),
        })
    }
}

fn milli(points: f64) -> Option<i64> {
    let rounded = (points * 1_000.0).round();
    // The comparison is false for what is no number.
    (0.0..=100_000.0).contains(&rounded).then_some(rounded as i64)
}

/// What is too large, or no number, stands at the end of the scale or at 0.
fn micro(value: f64) -> i64 {
    // The cast saturates.
    (value * 1_000_000.0).round() as i64
}

#[cfg(test)]
mod tests {
    use super::super::story::{candidates, mark, staff, terms};
    use super::*;

    #[test]
    fn what_is_frozen_reads_back_as_the_very_same_text() {
        let marks = [
            mark(&staff("0027"), Source::PublicAppraisal, (95.123_456, 93.0, 97.0), 120),
            mark(&staff("9999"), Source::PublicAppraisal, (1.0, 1.0, 1.0), 1),
        ];
        let snapshot = Snapshot::freeze(terms(), candidates(&["0031", "0027"]), &marks, WallMs(7)).unwrap();
        let text = snapshot.canonical();
        assert_eq!(Snapshot::read(&text).unwrap(), snapshot);
        assert_eq!(Snapshot::read(&text).unwrap().canonical(), text);
        assert_eq!(snapshot.entrants[0].marks[0].score_milli, 95_123);
        assert_eq!(snapshot.entrants.len(), 2, "who is no candidate is left out");
        let other_order = Snapshot::freeze(terms(), candidates(&["0027", "0031"]), &marks, WallMs(7)).unwrap();
        assert_eq!(other_order.hash(), snapshot.hash());
        assert_eq!(Snapshot::read(&text.replacen("\"form\":1", "\"form\":2", 1)), Err(SnapshotFault::Unreadable));
    }

    #[test]
    fn what_is_no_mark_is_refused_and_bounds_hold_their_score() {
        let freeze = |marks: &[Mark]| Snapshot::freeze(terms(), candidates(&["0027"]), marks, WallMs(0));
        for score in [f64::NAN, -1.0, 100.1, f64::INFINITY] {
            let wrong = freeze(&[mark(&staff("0027"), Source::Inspection, (score, 0.0, 100.0), 3)]);
            assert!(matches!(wrong, Err(SnapshotFault::Mark { .. })), "{score}");
        }
        let one = mark(&staff("0027"), Source::Inspection, (90.0, 91.0, 95.0), 3);
        assert_eq!(freeze(std::slice::from_ref(&one)).unwrap().entrants[0].marks[0].low_milli, 90_000);
        assert!(matches!(freeze(&[one.clone(), one]), Err(SnapshotFault::Twice { .. })));
        let twice = Snapshot::freeze(terms(), candidates(&["0027", "0027"]), &[], WallMs(0));
        assert!(matches!(twice, Err(SnapshotFault::Candidate(_))));
    }
}
