//! What people set about comparisons.

use crate::centre::rules::{Field, FieldKind, RuleSet, Set, Values};
use crate::domain::comparison::{Measure, Weights};
use crate::words::comparison::ComparisonRuleWords as Words;

/// Weights, the least n, and which reasons are about attitude.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparisonRules {
    pub weights: Weights,
    /// Codes of reasons.
    pub attitude: Vec<String>,
}

macro_rules! weight {
    ($key:literal $default:literal $word:ident) => {
        Field {
            key: $key,
            kind: FieldKind::Number { min: 0, max: 100, default: $default },
            label: |l| Words(l).$word(),
            hint: |l| Words(l).weight_hint(),
        }
    };
}

impl RuleSet for ComparisonRules {
    const SET: Set = Set {
        key: "comparison",
        name: |l| Words(l).title(),
        fields: &[
            Field {
                key: "min_n",
                kind: FieldKind::Number { min: 3, max: 1_000, default: 10 },
                label: |l| Words(l).min_n(),
                hint: |l| Words(l).min_n_hint(),
            },
            weight!("satisfaction" 60 satisfaction),
            weight!("on_time" 40 on_time),
            weight!("attitude" 50 attitude),
            weight!("inspection" 30 inspection),
            weight!("complaints" 20 complaints),
            weight!("contests" 70 contests),
            weight!("attendance" 30 attendance),
            Field {
                key: "attitude_reasons",
                kind: FieldKind::Text { max_chars: 200, default: "rude refused absent unlawful" },
                label: |l| Words(l).attitude_reasons(),
                hint: |l| Words(l).attitude_reasons_hint(),
            },
        ],
        check: |values, l| {
            let known = |code: &str| crate::domain::id::TagCode::new(code).is_ok();
            let all = values.text("attitude_reasons").split_whitespace().all(known);
            (!all).then(|| Words(l).attitude_reasons_fault().into_owned())
        },
    };

    fn read(values: &Values) -> Self {
        let of = Measure::ALL.iter().map(|&m| (m, u32::try_from(values.number(m.code())).unwrap_or(0))).collect();
        let min_n = values.number("min_n").unsigned_abs();
        let attitude = values.text("attitude_reasons").split_whitespace().map(str::to_owned).collect();
        Self { weights: Weights { of, min_n }, attitude }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::rules::Value;
    use crate::words::Language;

    #[test]
    fn every_measure_has_a_weight_and_reasons_are_codes() {
        let mut values = Values::default().settled(&ComparisonRules::SET);
        let rules = ComparisonRules::read(&values);
        assert!(rules.weights.of.values().all(|w| *w > 0) && rules.weights.of.len() == Measure::ALL.len());
        assert_eq!((rules.weights.min_n, rules.attitude.len()), (10, 4));
        assert_eq!((ComparisonRules::SET.check)(&values, Language::Zh), None);
        values.set("attitude_reasons", Value::Text("rude 态度".to_owned()));
        assert!((ComparisonRules::SET.check)(&values, Language::Zh).is_some());
    }
}
