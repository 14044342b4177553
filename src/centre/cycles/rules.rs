//! What the hall's people may set: which cycles run, and on which working day after a period.

use crate::centre::rules::{Field, FieldKind, RuleSet, Set, Values};
use crate::domain::cycle::Cycle;
use crate::words::cycles::Cycles;

macro_rules! cycle_fields {
    ($($on:literal, $day:literal, $default:literal, $name:ident;)+) => {
        &[$(
            Field {
                key: $on,
                kind: FieldKind::Switch { default: true },
                label: |language| Cycles(language).runs(&Cycles(language).$name()).into_owned().into(),
                hint: |_| "".into(),
            },
            Field {
                key: $day,
                kind: FieldKind::Number { min: 1, max: 20, default: $default },
                label: |language| Cycles(language).on_day(&Cycles(language).$name()).into_owned().into(),
                hint: |language| Cycles(language).on_day_hint(),
            },
        )+
            Field {
                key: "month_notice",
                kind: FieldKind::Switch { default: true },
                label: |language| Cycles(language).rule_notice(),
                hint: |language| Cycles(language).rule_notice_hint(),
            },
        ]
    };
}

pub const SET: Set = Set {
    key: "cycles",
    name: |language| Cycles(language).title(),
    fields: cycle_fields! {
        "week_on", "week_day", 1, weekly;
        "month_on", "month_day", 3, monthly;
        "quarter_on", "quarter_day", 5, quarterly;
        "year_on", "year_day", 10, yearly;
    },
    check: |_, _| None,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CycleRules {
    /// By cycle: the working day after its period; none: it does not run.
    days: [Option<u16>; 4],
    /// The month's figures go onto the boards as a notice.
    pub month_notice: bool,
}

impl CycleRules {
    pub fn working_day(&self, cycle: Cycle) -> Option<u16> {
        self.days[cycle as usize]
    }
}

impl RuleSet for CycleRules {
    const SET: Set = SET;

    fn read(values: &Values) -> Self {
        let day = |on: &str, day: &str| values.switch(on).then(|| u16::try_from(values.number(day)).unwrap_or(1));
        Self {
            days: [
                day("week_on", "week_day"),
                day("month_on", "month_day"),
                day("quarter_on", "quarter_day"),
                day("year_on", "year_day"),
            ],
            month_notice: values.switch("month_notice"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::rules::Value;

    #[test]
    fn the_defaults_run_every_cycle_and_each_can_be_stopped() {
        let mut values = Values::default().settled(&SET);
        let rules = CycleRules::read(&values);
        let days: Vec<_> = Cycle::ALL.iter().map(|&c| rules.working_day(c)).collect();
        assert_eq!(days, [Some(1), Some(3), Some(5), Some(10)]);
        assert!(rules.month_notice);
        values.set("quarter_on", Value::Switch(false));
        assert_eq!(CycleRules::read(&values).working_day(Cycle::QuarterlySelection), None);
    }
}
