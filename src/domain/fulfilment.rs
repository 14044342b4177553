//! 承诺兑现: how it is measured whether a pledge was kept, and what a period's count says.

use serde::{Deserialize, Serialize};

use super::id::{ItemCode, TagCode};
use super::rating::coded;

/// Items of one measure.
pub const MAX_ITEMS: usize = 50;

/// What decides whether a pledge was kept. Each counts occasions: so many of so many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum Measure {
    /// 限时办结: pieces of business done in time; of these items, of all if none is named.
    TimeLimit { items: Vec<ItemCode>, percent: u8 },
    /// 首问负责: first contacts seen to.
    FirstContact { percent: u8 },
    /// Ratings that are at least basically satisfied.
    Satisfied { percent: u8 },
    /// Ratings that do not give this reason.
    WithoutReason { tag: TagCode, percent: u8 },
    /// Written down by a supervisor, with what it rests on.
    ByHand { percent: u8 },
}

coded! {
    /// The kinds of [`Measure`].
    MeasureKind {
        TimeLimit = "time_limit",
        FirstContact = "first_contact",
        Satisfied = "satisfied",
        WithoutReason = "without_reason",
        ByHand = "by_hand",
    }
}

/// Occasions of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Occasions {
    pub kept: u64,
    pub of: u64,
}

coded! {
    /// What a period says of a pledge.
    Verdict {
        Kept = "kept",
        Unkept = "unkept",
        /// Fewer occasions than say anything.
        TooFew = "too_few",
    }
}

impl Measure {
    pub const fn kind(&self) -> MeasureKind {
        match self {
            Self::TimeLimit { .. } => MeasureKind::TimeLimit,
            Self::FirstContact { .. } => MeasureKind::FirstContact,
            Self::Satisfied { .. } => MeasureKind::Satisfied,
            Self::WithoutReason { .. } => MeasureKind::WithoutReason,
            Self::ByHand { .. } => MeasureKind::ByHand,
        }
    }

    /// The share of occasions that was promised, 1 to 100.
    pub const fn percent(&self) -> u8 {
        match self {
            Self::TimeLimit { percent, .. }
            | Self::FirstContact { percent }
            | Self::Satisfied { percent }
            | Self::WithoutReason { percent, .. }
            | Self::ByHand { percent } => *percent,
        }
    }

    /// Whether it keeps its bounds.
    pub fn is_sound(&self) -> bool {
        let items = !matches!(self, Self::TimeLimit { items, .. } if items.len() > MAX_ITEMS);
        items && (1..=100).contains(&self.percent())
    }
}

impl Occasions {
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { kept: self.kept + other.kept, of: self.of + other.of }
    }

    /// The promise is a share of occasions, so no interval softens it; but a period of few occasions says nothing.
    pub fn verdict(self, percent: u8, min_n: u64) -> Verdict {
        if self.of < min_n.max(1) {
            Verdict::TooFew
        } else if self.kept.saturating_mul(100) >= self.of.saturating_mul(u64::from(percent)) {
            Verdict::Kept
        } else {
            Verdict::Unkept
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_is_held_to_the_last_percent_once_there_are_occasions_enough() {
        let of = |kept, of| Occasions { kept, of }.verdict(95, 5);
        assert_eq!(of(0, 0), Verdict::TooFew);
        assert_eq!(of(0, 4), Verdict::TooFew);
        assert_eq!(of(19, 20), Verdict::Kept);
        assert_eq!(of(18, 20), Verdict::Unkept);
        assert_eq!(Occasions { kept: 1, of: 1 }.verdict(100, 0), Verdict::Kept);
        assert_eq!(Occasions::default().verdict(100, 0), Verdict::TooFew);
    }

    #[test]
    fn a_measure_is_read_back_and_keeps_its_bounds() {
        let all = [
            Measure::TimeLimit { items: vec![ItemCode::new("YB-002").unwrap()], percent: 100 },
            Measure::FirstContact { percent: 98 },
            Measure::Satisfied { percent: 95 },
            Measure::WithoutReason { tag: TagCode::new("slow").unwrap(), percent: 99 },
            Measure::ByHand { percent: 90 },
        ];
        for (measure, kind) in all.iter().zip(MeasureKind::ALL) {
            let text = serde_json::to_string(measure).unwrap();
            assert!(text.contains(kind.code()), "{text}");
            assert_eq!(&serde_json::from_str::<Measure>(&text).unwrap(), measure);
            assert!(measure.is_sound() && measure.kind() == *kind);
        }
        assert!(!Measure::Satisfied { percent: 0 }.is_sound() && !Measure::ByHand { percent: 101 }.is_sound());
    }
}
