//! What one visit to one window brought: answers to the list, and findings.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Gravity;
use super::checklist::{Checklist, ItemKind};
use crate::domain::id::{PledgeId, StaffNo, TagCode, WindowId};
use crate::domain::text::{check_line, check_lines};
use crate::domain::time::WallMs;

/// Findings of one visit.
pub const MAX_FINDINGS: usize = 6;
/// Pictures of one visit.
pub const MAX_PICTURES: usize = 6;
/// Characters of a finding.
pub const FINDING_CHARS: usize = 500;
/// Characters of what was noted at an item.
pub const NOTE_CHARS: usize = 300;

/// The answer to one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ItemAnswer {
    pub item: TagCode,
    /// 0 or 1 of yes and no, 0 to 5 of a score; none: the item does not apply here, or is a note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<u8>,
    /// Of a note: what was seen. No personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Concern {
    /// An item of the list.
    Item { item: TagCode },
    /// 承诺
    Pledge { pledge: PledgeId },
}

/// Something that should not be so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// 1 to 500 characters; no personal data.
    pub text: String,
    pub gravity: Gravity,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concern: Option<Concern>,
}

/// What was seen at one window at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct VisitReport {
    pub service_window: WindowId,
    /// When, in milliseconds since 1970.
    #[cfg_attr(feature = "centre", schema(value_type = i64))]
    pub at_ms: WallMs,
    /// Who was on duty, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_no: Option<StaffNo>,
    pub answers: Vec<ItemAnswer>,
    pub findings: Vec<Finding>,
}

/// What is wrong with a report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReportFault {
    #[error("item {0} is not answered")]
    Unanswered(TagCode),
    #[error("item {0} is not on the list, or is answered twice")]
    Unknown(TagCode),
    #[error("item {0}: the answer is out of bounds")]
    Value(TagCode),
    #[error("item {0}: at most {NOTE_CHARS} characters")]
    Note(TagCode),
    #[error("finding {0}: 1 to {FINDING_CHARS} characters")]
    Finding(usize),
    #[error("finding {0}: the item it is about is not on the list")]
    Concern(usize),
    #[error("at most {MAX_FINDINGS} findings")]
    TooManyFindings,
}

impl VisitReport {
    /// Everything that is wrong; empty: nothing. Findings count from 1.
    pub fn faults(&self, list: &Checklist) -> Vec<ReportFault> {
        let mut out = Vec::new();
        let mut seen = BTreeSet::new();
        for answer in &self.answers {
            match list.item(&answer.item).filter(|_| seen.insert(&answer.item)) {
                None => out.push(ReportFault::Unknown(answer.item.clone())),
                Some(item) => out.extend(answer.fault(item.kind)),
            }
        }
        let asked = list.items.iter().filter(|i| i.kind != ItemKind::Note && !seen.contains(&i.code));
        out.extend(asked.map(|i| ReportFault::Unanswered(i.code.clone())));
        if self.findings.len() > MAX_FINDINGS {
            out.push(ReportFault::TooManyFindings);
        }
        for (n, finding) in self.findings.iter().take(MAX_FINDINGS).enumerate().map(|(n, f)| (n + 1, f)) {
            if check_lines(&finding.text, FINDING_CHARS).is_err() {
                out.push(ReportFault::Finding(n));
            }
            if matches!(&finding.concern, Some(Concern::Item { item }) if list.item(item).is_none()) {
                out.push(ReportFault::Concern(n));
            }
        }
        out
    }

    /// 0 to 100: the weighted share of what could be reached, of the items that apply. None: no item with a weight does.
    pub fn score(&self, list: &Checklist) -> Option<f64> {
        let (mut reached, mut whole) = (0.0, 0.0);
        for answer in &self.answers {
            let Some((item, value)) = list.item(&answer.item).zip(answer.value) else { continue };
            if item.kind.best() > 0 {
                reached += f64::from(item.weight) * f64::from(value) / f64::from(item.kind.best());
                whole += f64::from(item.weight);
            }
        }
        (whole > 0.0).then(|| reached / whole * 100.0)
    }
}

impl ItemAnswer {
    fn fault(&self, kind: ItemKind) -> Option<ReportFault> {
        let within = match kind {
            ItemKind::Note => self.value.is_none(),
            _ => self.value.is_none_or(|v| v <= kind.best()),
        };
        if !within {
            return Some(ReportFault::Value(self.item.clone()));
        }
        let bad_note = self.note.as_ref().is_some_and(|n| kind != ItemKind::Note || check_line(n, NOTE_CHARS).is_err());
        bad_note.then(|| ReportFault::Note(self.item.clone()))
    }
}
