//! What people set about reviews.

use crate::centre::rules::{Field, FieldKind, RuleSet, Set, Values};
use crate::words::reviews::ReviewRuleWords as Words;

/// How reviews are scored, and how few colleagues say nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewRules {
    /// The best score of a leader's review; the least is 0.
    pub scale: u32,
    /// The best score of a criterion in a new round of peer reviews; the least is 1.
    pub peer_most: u8,
    /// Votes below which a new round's results are withheld; 3 at least.
    pub peer_min_voters: u32,
}

impl RuleSet for ReviewRules {
    const SET: Set = Set {
        key: "reviews",
        name: |l| Words(l).title(),
        fields: &[
            Field {
                key: "scale",
                kind: FieldKind::Number { min: 5, max: 100, default: 100 },
                label: |l| Words(l).scale(),
                hint: |l| Words(l).scale_hint(),
            },
            Field {
                key: "peer_most",
                kind: FieldKind::Number { min: 3, max: 10, default: 5 },
                label: |l| Words(l).peer_most(),
                hint: |l| Words(l).peer_most_hint(),
            },
            Field {
                key: "peer_min_voters",
                kind: FieldKind::Number { min: 3, max: 50, default: 5 },
                label: |l| Words(l).peer_min_voters(),
                hint: |l| Words(l).peer_min_voters_hint(),
            },
        ],
        check: |_, _| None,
    };

    fn read(values: &Values) -> Self {
        let number = |key: &str| u32::try_from(values.number(key)).unwrap_or(0);
        Self {
            scale: number("scale"),
            peer_most: u8::try_from(values.number("peer_most")).unwrap_or(5),
            peer_min_voters: number("peer_min_voters"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_read() {
        let rules = ReviewRules::read(&Values::default().settled(&ReviewRules::SET));
        assert_eq!(rules, ReviewRules { scale: 100, peer_most: 5, peer_min_voters: 5 });
    }
}
