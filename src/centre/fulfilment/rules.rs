//! What the hall's people may set: when a month is closed, how many occasions say something, and how much of it the card shows.

use crate::centre::rules::{Field, FieldKind, RuleSet, Set, Values};
use crate::words::fulfilment::Fulfilment;

pub const SET: Set = Set {
    key: "fulfilment",
    name: |language| Fulfilment(language).title(),
    fields: &[
        Field {
            key: "close_day",
            kind: FieldKind::Number { min: 1, max: 15, default: 3 },
            label: |language| Fulfilment(language).rule_close(),
            hint: |language| Fulfilment(language).rule_close_hint(),
        },
        Field {
            key: "min_occasions",
            kind: FieldKind::Number { min: 1, max: 1_000, default: 5 },
            label: |language| Fulfilment(language).rule_min(),
            hint: |language| Fulfilment(language).rule_min_hint(),
        },
        Field {
            key: "months_shown",
            kind: FieldKind::Number { min: 0, max: 12, default: 3 },
            label: |language| Fulfilment(language).rule_shown(),
            hint: |language| Fulfilment(language).rule_shown_hint(),
        },
        Field {
            key: "opens_case",
            kind: FieldKind::Switch { default: true },
            label: |language| Fulfilment(language).rule_case(),
            hint: |_| "".into(),
        },
    ],
    check: |_, _| None,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FulfilmentRules {
    /// The working day of the month after on which a month is counted.
    pub close_day: u16,
    /// Fewer occasions say nothing.
    pub min_occasions: u64,
    /// Closed months whose sum stands on the card; 0: none.
    pub months_shown: i32,
    /// A pledge that was not kept opens a case.
    pub opens_case: bool,
}

impl RuleSet for FulfilmentRules {
    const SET: Set = SET;

    fn read(values: &Values) -> Self {
        Self {
            close_day: u16::try_from(values.number("close_day")).unwrap_or(3),
            min_occasions: values.number("min_occasions").unsigned_abs(),
            months_shown: i32::try_from(values.number("months_shown")).unwrap_or(3),
            opens_case: values.switch("opens_case"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_read() {
        let rules = FulfilmentRules::read(&Values::default().settled(&SET));
        let wanted = FulfilmentRules { close_day: 3, min_occasions: 5, months_shown: 3, opens_case: true };
        assert_eq!(rules, wanted);
    }
}
