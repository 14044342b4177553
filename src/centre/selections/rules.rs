//! What the house sets for selections: weights, least numbers, the days of the notice, who must agree. A selection copies
//! them when it is called.

use std::collections::BTreeMap;

use crate::centre::rules::{Field, FieldKind, RuleSet, Set, Values};
use crate::domain::appraisal::Source;
use crate::domain::selection::WEIGHTS_SUM;
use crate::words::selections::{SelectionRules, source};

/// The rules that hold now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectionsRules {
    pub weights: BTreeMap<Source, u8>,
    pub seats: u16,
    pub min_n: u64,
    pub min_cover: u8,
    pub no_open_serious: bool,
    pub notice_days: u16,
    pub quorum: u8,
    pub issuer: String,
    /// Days for which an award is shown.
    pub award_days: u16,
}

const fn weight(
    key: &'static str,
    default: i64,
    label: fn(crate::words::Language) -> std::borrow::Cow<'static, str>,
) -> Field {
    Field {
        key,
        kind: FieldKind::Number { min: 0, max: 100, default },
        label,
        hint: |l| SelectionRules(l).weight_hint(),
    }
}

const FIELDS: &[Field] = &[
    weight("weight_public", 40, |l| source(l, Source::PublicAppraisal).into()),
    weight("weight_leader", 15, |l| source(l, Source::LeaderReview).into()),
    weight("weight_peer", 10, |l| source(l, Source::PeerReview).into()),
    weight("weight_inspection", 10, |l| source(l, Source::Inspection).into()),
    weight("weight_contest", 5, |l| source(l, Source::SkillContest).into()),
    weight("weight_time_limit", 10, |l| source(l, Source::TimeLimit).into()),
    weight("weight_pledges", 5, |l| source(l, Source::Pledges).into()),
    weight("weight_rectification", 5, |l| source(l, Source::Rectification).into()),
    Field {
        key: "seats",
        kind: FieldKind::Number { min: 1, max: 100, default: 3 },
        label: |l| SelectionRules(l).seats(),
        hint: |l| SelectionRules(l).seats_hint(),
    },
    Field {
        key: "min_n",
        kind: FieldKind::Number { min: 0, max: 100_000, default: 30 },
        label: |l| SelectionRules(l).min_n(),
        hint: |l| SelectionRules(l).min_n_hint(),
    },
    Field {
        key: "min_cover",
        kind: FieldKind::Number { min: 1, max: 100, default: 40 },
        label: |l| SelectionRules(l).min_cover(),
        hint: |l| SelectionRules(l).min_cover_hint(),
    },
    Field {
        key: "no_open_serious",
        kind: FieldKind::Switch { default: true },
        label: |l| SelectionRules(l).no_open_serious(),
        hint: |_| "".into(),
    },
    Field {
        key: "notice_days",
        kind: FieldKind::Number { min: 1, max: 60, default: 5 },
        label: |l| SelectionRules(l).notice_days(),
        hint: |l| SelectionRules(l).notice_days_hint(),
    },
    Field {
        key: "quorum",
        kind: FieldKind::Number { min: 1, max: 20, default: 1 },
        label: |l| SelectionRules(l).quorum(),
        hint: |l| SelectionRules(l).quorum_hint(),
    },
    Field {
        key: "issuer",
        kind: FieldKind::Text { max_chars: 60, default: "创先争优活动领导小组" },
        label: |l| SelectionRules(l).issuer(),
        hint: |l| SelectionRules(l).issuer_hint(),
    },
    Field {
        key: "award_days",
        kind: FieldKind::Number { min: 1, max: 1_800, default: 90 },
        label: |l| SelectionRules(l).award_days(),
        hint: |_| "".into(),
    },
];

impl RuleSet for SelectionsRules {
    const SET: Set = Set {
        key: "selections",
        name: |l| SelectionRules(l).name(),
        fields: FIELDS,
        check: |values, language| {
            let sum: u32 = weights(values).values().map(|w| u32::from(*w)).sum();
            (sum != WEIGHTS_SUM).then(|| SelectionRules(language).weights_wrong(sum).into_owned())
        },
    };

    fn read(values: &Values) -> Self {
        Self {
            weights: weights(values),
            seats: within(values, "seats"),
            min_n: within(values, "min_n"),
            min_cover: within(values, "min_cover"),
            no_open_serious: values.switch("no_open_serious"),
            notice_days: within(values, "notice_days"),
            quorum: within(values, "quorum"),
            issuer: values.text("issuer").to_owned(),
            award_days: within(values, "award_days"),
        }
    }
}

/// What has a weight.
fn weights(values: &Values) -> BTreeMap<Source, u8> {
    let of = |source: &Source| (*source, within(values, &format!("weight_{}", source.code())));
    Source::ALL.iter().map(of).filter(|(_, w)| *w > 0).collect()
}

/// Every field stands within bounds that its type holds.
fn within<T: TryFrom<i64> + Default>(values: &Values, key: &str) -> T {
    T::try_from(values.number(key)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::rules::Value;

    #[test]
    fn the_defaults_sum_to_a_hundred_and_every_field_is_read() {
        let set = SelectionsRules::SET;
        let values = Values::default().settled(&set);
        assert_eq!((set.check)(&values, crate::words::Language::Zh), None);
        let rules = SelectionsRules::read(&values);
        assert_eq!(rules.weights.len(), Source::ALL.len());
        assert!(rules.seats > 0 && rules.notice_days > 0 && rules.quorum > 0 && !rules.issuer.is_empty());
        assert!(rules.min_n > 0 && rules.min_cover > 0 && rules.award_days > 0 && rules.no_open_serious);
        let mut wrong = values;
        wrong.set("weight_peer", Value::Number(0));
        assert!((set.check)(&wrong, crate::words::Language::En).unwrap().contains("90"));
    }
}
