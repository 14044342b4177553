//! What the sources of an appraisal say of a window or a person: 群众评议, 领导点评, 党员互评, and what 三比 compares.
//!
//! A source never gives a bare number: each mark carries how much stands behind it, between which bounds it lies, and the
//! parts it was made of, so that a score can be followed to where it came from.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::id::{HallId, StaffNo, WindowId};
use super::rating::coded;

coded! {
    /// Where a mark comes from.
    Source {
        /// 群众评议: ratings, shrunk towards the hall's mean.
        PublicAppraisal = "public",
        /// 领导点评
        LeaderReview = "leader",
        /// 党员互评
        PeerReview = "peer",
        /// 明查暗访
        Inspection = "inspection",
        /// 技能比武、岗位练兵
        SkillContest = "contest",
        /// 限时办结: pieces of business done within their time.
        TimeLimit = "time_limit",
        /// 承诺兑现
        Pledges = "pledges",
        /// 整改: cases put right in time.
        Rectification = "rectification",
    }
}

/// Whom an appraisal is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Subject {
    ServiceWindow { hall: HallId, service_window: WindowId },
    Staff { hall: HallId, staff_no: StaffNo },
}

impl Subject {
    pub const fn hall(&self) -> &HallId {
        match self {
            Self::ServiceWindow { hall, .. } | Self::Staff { hall, .. } => hall,
        }
    }

    /// `window:H01:W03`, `staff:H01:0027`
    pub fn key(&self) -> String {
        match self {
            Self::ServiceWindow { hall, service_window } => format!("window:{hall}:{service_window}"),
            Self::Staff { hall, staff_no } => format!("staff:{hall}:{staff_no}"),
        }
    }

    /// What [`Subject::key`] wrote, or none.
    pub fn of_key(key: &str) -> Option<Self> {
        let mut parts = key.splitn(3, ':');
        let (kind, hall, id) = (parts.next()?, HallId::new(parts.next()?).ok()?, parts.next()?);
        match kind {
            "window" => Some(Self::ServiceWindow { hall, service_window: WindowId::new(id).ok()? }),
            "staff" => Some(Self::Staff { hall, staff_no: StaffNo::new(id).ok()? }),
            _ => None,
        }
    }
}

/// Civil days, both included, in the centre's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    pub from: Date,
    pub to: Date,
}

impl Period {
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }
}

/// One of the numbers that a mark was made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// A code of the source's own, named in its words: `satisfied_rate`, `overdue`.
    pub code: String,
    pub value: f64,
    /// How many observations stand behind it.
    pub n: u64,
}

/// What one source says of one subject in a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    pub subject: Subject,
    pub source: Source,
    /// 0 to 100.
    pub score: f64,
    /// 95% interval, 0 to 100; equal to the score where nothing is uncertain.
    pub low: f64,
    pub high: f64,
    /// Observations: ratings, reviews, votes, findings …
    pub n: u64,
    pub parts: Vec<Part>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_read_back_from_its_key() {
        let hall = HallId::new("H01").unwrap();
        let window = Subject::ServiceWindow { hall: hall.clone(), service_window: WindowId::new("W-03").unwrap() };
        let staff = Subject::Staff { hall, staff_no: StaffNo::new("0027").unwrap() };
        for subject in [window, staff] {
            assert_eq!(Subject::of_key(&subject.key()).as_ref(), Some(&subject));
        }
        for bad in ["", "window", "window:H01", "window:H 1:W03", "case:H01:1", "staff:H01:"] {
            assert_eq!(Subject::of_key(bad), None, "{bad}");
        }
    }
}
