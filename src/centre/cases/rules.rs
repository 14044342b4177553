//! The rules of cases that people set: how long each step may take, and what opens a case by itself.

use crate::centre::rules::{Field, FieldKind, RuleSet, Set, Values};
use crate::domain::case::Limits;
use crate::words::cases::CaseRuleWords as W;

/// The rules as they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseRules {
    pub limits: Limits,
    /// Each negative rating opens a case.
    pub ratings_open: bool,
    /// Those of the demonstration too.
    pub samples_open: bool,
    /// Only the lowest level makes a case serious.
    pub serious_at_lowest: bool,
    /// Ratings that come in later than so many days after they were given open no case.
    pub latest_days: u16,
}

const fn days(
    key: &'static str,
    max: i64,
    default: i64,
    label: fn(crate::words::Language) -> std::borrow::Cow<'static, str>,
) -> Field {
    Field { key, kind: FieldKind::Number { min: 1, max, default }, label, hint: |l| W(l).working_days() }
}

const FIELDS: &[Field] = &[
    days("assign_days", 60, 1, |l| W(l).assign_days()),
    days("verify_days", 60, 3, |l| W(l).verify_days()),
    days("rectify_days", 250, 10, |l| W(l).rectify_days()),
    days("reply_days", 60, 2, |l| W(l).reply_days()),
    days("follow_up_days", 60, 5, |l| W(l).follow_up_days()),
    days("recheck_days", 60, 5, |l| W(l).recheck_days()),
    days("close_days", 60, 2, |l| W(l).close_days()),
    days("appeal_days", 60, 5, |l| W(l).appeal_days()),
    days("review_days", 60, 5, |l| W(l).review_days()),
    days("amber_days", 20, 1, |l| W(l).amber_days()),
    days("leader_days", 60, 3, |l| W(l).leader_days()),
    Field {
        key: "extensions",
        kind: FieldKind::Number { min: 0, max: 5, default: 1 },
        label: |l| W(l).extensions(),
        hint: |l| W(l).times(),
    },
    days("extension_days", 60, 10, |l| W(l).extension_days()),
    Field {
        key: "ratings_open",
        kind: FieldKind::Switch { default: true },
        label: |l| W(l).ratings_open(),
        hint: |l| W(l).ratings_open_hint(),
    },
    Field {
        key: "samples_open",
        kind: FieldKind::Switch { default: false },
        label: |l| W(l).samples_open(),
        hint: |l| W(l).samples_open_hint(),
    },
    Field {
        key: "serious_at_lowest",
        kind: FieldKind::Switch { default: true },
        label: |l| W(l).serious_at_lowest(),
        hint: |l| W(l).serious_hint(),
    },
    Field {
        key: "latest_days",
        kind: FieldKind::Number { min: 1, max: 3_650, default: 90 },
        label: |l| W(l).latest_days(),
        hint: |l| W(l).latest_hint(),
    },
];

impl RuleSet for CaseRules {
    const SET: Set = Set { key: "cases", name: |l| W(l).name(), fields: FIELDS, check: |_, _| None };

    fn read(values: &Values) -> Self {
        let number = |key: &str| u16::try_from(values.number(key)).unwrap_or(u16::MAX);
        Self {
            limits: Limits {
                assign_days: number("assign_days"),
                verify_days: number("verify_days"),
                rectify_days: number("rectify_days"),
                reply_days: number("reply_days"),
                follow_up_days: number("follow_up_days"),
                recheck_days: number("recheck_days"),
                close_days: number("close_days"),
                appeal_days: number("appeal_days"),
                review_days: number("review_days"),
                amber_days: number("amber_days"),
                leader_days: number("leader_days"),
                extensions: u8::try_from(values.number("extensions")).unwrap_or(0),
                extension_days: number("extension_days"),
            },
            ratings_open: values.switch("ratings_open"),
            samples_open: values.switch("samples_open"),
            serious_at_lowest: values.switch("serious_at_lowest"),
            latest_days: number("latest_days"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_machine_and_every_field_is_read() {
        let defaults = CaseRules::read(&Values::default().settled(&CaseRules::SET));
        assert_eq!(defaults.limits, Limits::default());
        assert!(defaults.ratings_open && !defaults.samples_open && defaults.latest_days == 90);
        for field in FIELDS {
            let other = match field.kind {
                FieldKind::Number { max, .. } => crate::centre::rules::Value::Number(max),
                FieldKind::Switch { default } => crate::centre::rules::Value::Switch(!default),
                FieldKind::Text { .. } => continue,
            };
            let mut values = Values::default().settled(&CaseRules::SET);
            values.set(field.key, other);
            assert_ne!(CaseRules::read(&values), defaults, "{} is not read", field.key);
        }
    }
}
