//! What the hall's people may set: how long whoever is asked first has to see to it.

use crate::centre::rules::{Field, FieldKind, RuleSet, Set, Values};
use crate::words::matters::Matters;

pub const SET: Set = Set {
    key: "matters",
    name: |language| Matters(language).title(),
    fields: &[Field {
        key: "first_contact_days",
        kind: FieldKind::Number { min: 0, max: 30, default: 1 },
        label: |language| Matters(language).rule_first_contact(),
        hint: |language| Matters(language).rule_first_contact_hint(),
    }],
    check: |_, _| None,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MatterRules {
    /// Working days after the first contact in which it is taken on, handed over or declined; 0: the same day.
    pub first_contact_days: u16,
}

impl RuleSet for MatterRules {
    const SET: Set = SET;

    fn read(values: &Values) -> Self {
        Self { first_contact_days: u16::try_from(values.number("first_contact_days")).unwrap_or(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_read() {
        let rules = MatterRules::read(&Values::default().settled(&SET));
        assert_eq!(rules, MatterRules { first_contact_days: 1 });
    }
}
