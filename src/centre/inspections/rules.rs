//! What of inspections people may set.

use crate::centre::rules::{Field, FieldKind, RuleSet, Set, Values};
use crate::words::inspections::InspectionRuleWords;

/// Time limits and spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InspectionRules {
    /// Working days that an order gives at first.
    pub order_days: u16,
    /// The same for a serious finding.
    pub serious_days: u16,
    /// Ratings of so many days before and after a visit stand beside it.
    pub ratings_days: u16,
    /// Days of a plan at most.
    pub plan_days: u16,
}

impl RuleSet for InspectionRules {
    const SET: Set = Set {
        key: "inspections",
        name: |l| InspectionRuleWords(l).name(),
        fields: &[
            Field {
                key: "order_days",
                kind: FieldKind::Number { min: 1, max: 60, default: 10 },
                label: |l| InspectionRuleWords(l).order_days(),
                hint: |l| InspectionRuleWords(l).working_days(),
            },
            Field {
                key: "serious_days",
                kind: FieldKind::Number { min: 1, max: 60, default: 5 },
                label: |l| InspectionRuleWords(l).serious_days(),
                hint: |l| InspectionRuleWords(l).working_days(),
            },
            Field {
                key: "ratings_days",
                kind: FieldKind::Number { min: 0, max: 31, default: 7 },
                label: |l| InspectionRuleWords(l).ratings_days(),
                hint: |l| InspectionRuleWords(l).days(),
            },
            Field {
                key: "plan_days",
                kind: FieldKind::Number { min: 1, max: 366, default: 92 },
                label: |l| InspectionRuleWords(l).plan_days(),
                hint: |l| InspectionRuleWords(l).days(),
            },
        ],
        check: |values, l| {
            let longer = values.number("serious_days") > values.number("order_days");
            longer.then(|| InspectionRuleWords(l).serious_is_sooner().into_owned())
        },
    };

    fn read(values: &Values) -> Self {
        let number = |key| u16::try_from(values.number(key)).unwrap_or(1);
        Self {
            order_days: number("order_days"),
            serious_days: number("serious_days"),
            ratings_days: number("ratings_days"),
            plan_days: number("plan_days"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::rules::Value;

    #[test]
    fn every_field_is_read_and_the_defaults_hold_together() {
        let mut values = Values::default().settled(&InspectionRules::SET);
        let rules = InspectionRules::read(&values);
        assert_eq!(rules, InspectionRules { order_days: 10, serious_days: 5, ratings_days: 7, plan_days: 92 });
        let check = |values: &Values| (InspectionRules::SET.check)(values, crate::words::Language::En);
        assert_eq!(check(&values), None);
        values.set("serious_days", Value::Number(11));
        assert!(check(&values).is_some());
    }
}
