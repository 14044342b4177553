//! The machine: a rule, what is known of its last alert, what was just measured, and the time, to what is to be done. Pure.
//!
//! **Invariant of absence:** nothing here reads a clock or a store, and no figure holds words or a person.

use serde::{Deserialize, Serialize};

use super::rule::{Condition, Rule};
use crate::domain::query::Rate;
use crate::domain::rating::{Satisfaction, coded};
use crate::domain::time::WallMs;

/// Figures of an open alert are written anew at most so often.
pub const RENEW_MS: i64 = 60_000;

/// What was measured: the figures that an alert shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AlertFigures)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Figures {
    /// Ratings of the interval: how many of `n` reached the level.
    Level {
        hits: u64,
        n: u64,
        from_ms: i64,
        to_ms: i64,
    },
    NegativeShare {
        negative: u64,
        n: u64,
        from_ms: i64,
        to_ms: i64,
    },
    Participation {
        rated: u64,
        served: u64,
        usual_rated: u64,
        usual_served: u64,
        from_ms: i64,
        to_ms: i64,
    },
    Silence {
        kiosks: u64,
        longest_minutes: u64,
        to_ms: i64,
    },
    Tampering {
        alarms: u64,
        kinds: Vec<String>,
        to_ms: i64,
    },
}

impl Figures {
    /// The share with its 95% interval, and n; none where nothing is a share.
    pub fn rate(&self) -> Option<(Rate, u64)> {
        let of = |hits, n| Rate::wilson(hits, n).map(|rate| (rate, n));
        match *self {
            Self::Level { hits, n, .. } => of(hits, n),
            Self::NegativeShare { negative, n, .. } => of(negative, n),
            Self::Participation { rated, served, .. } => of(rated, served),
            Self::Silence { .. } | Self::Tampering { .. } => None,
        }
    }

    /// First and last millisecond of what was looked at.
    pub fn interval(&self) -> (Option<i64>, i64) {
        match *self {
            Self::Level { from_ms, to_ms, .. }
            | Self::NegativeShare { from_ms, to_ms, .. }
            | Self::Participation { from_ms, to_ms, .. } => (Some(from_ms), to_ms),
            Self::Silence { to_ms, .. } | Self::Tampering { to_ms, .. } => (None, to_ms),
        }
    }
}

/// Counts of one subject within one interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Ratings by level, index 0 = level 1.
    pub levels: [u64; 5],
    /// Rated, or asked and not rated.
    pub served: u64,
}

impl Tally {
    pub fn n(&self) -> u64 {
        self.levels.iter().sum()
    }
}

/// Rated and served in the weeks before, by which a drop is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usual {
    pub rated: u64,
    pub served: u64,
}

/// Least visits served in the weeks before: less is no usual.
const LEAST_USUAL: u64 = 100;

/// The figures if the condition holds over a tally of `from..=to`.
pub fn over_facts(condition: Condition, tally: &Tally, usual: Usual, from: WallMs, to: WallMs) -> Option<Figures> {
    let (n, from_ms, to_ms) = (tally.n(), from.0, to.0);
    match condition {
        Condition::Level { at_most, min_count, .. } => {
            let hits = tally.levels[..usize::from(at_most.level())].iter().sum();
            (hits >= u64::from(min_count)).then_some(Figures::Level { hits, n, from_ms, to_ms })
        }
        Condition::NegativeShare { percent, min_count, .. } => {
            let negative: u64 = negatives(&tally.levels);
            let holds = n >= u64::from(min_count) && n > 0 && negative * 100 >= n * u64::from(percent);
            holds.then_some(Figures::NegativeShare { negative, n, from_ms, to_ms })
        }
        Condition::ParticipationDrop { points, min_served, .. } => {
            if tally.served < u64::from(min_served) || usual.served < LEAST_USUAL {
                return None;
            }
            let before = usual.rated as f64 / usual.served as f64;
            let rate = Rate::wilson(n, tally.served)?;
            // Clearly: the whole interval lies below the usual, and the value as far below as the rule says.
            let holds = rate.high < before && (before - rate.value) * 100.0 >= f64::from(points) - 1e-9;
            let Usual { rated: usual_rated, served: usual_served } = usual;
            let figures =
                Figures::Participation { rated: n, served: tally.served, usual_rated, usual_served, from_ms, to_ms };
            holds.then_some(figures)
        }
        Condition::Silence { .. } | Condition::Tampering => None,
    }
}

fn negatives(levels: &[u64; 5]) -> u64 {
    Satisfaction::ALL.iter().filter(|l| l.is_negative()).map(|l| levels[usize::from(l.level()) - 1]).sum()
}

coded! {
    /// Why an alert is over.
    Ending {
        /// What raised it no longer holds.
        Over = "over",
        /// Its rule was switched off, removed or no longer looks there.
        RuleOff = "rule_off",
        /// A person closed it.
        ByHand = "by_hand",
    }
}

/// The last alert of a rule at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub alert: i64,
    pub figures: Figures,
    pub raised: WallMs,
    pub renewed: WallMs,
    /// None: open.
    pub closed: Option<WallMs>,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    Raise(Figures),
    /// The alert goes on with other figures.
    Renew {
        alert: i64,
        figures: Figures,
    },
    Close {
        alert: i64,
        ending: Ending,
    },
}

/// Decides about one rule at one place. `found`: the figures if the condition holds now.
pub fn decide(
    rule: Option<&Rule>,
    standing: Option<&Standing>,
    found: Option<Figures>,
    now: WallMs,
) -> Option<Decision> {
    let rule = rule.filter(|r| r.terms.enabled);
    let open = standing.filter(|s| s.closed.is_none());
    let Some(rule) = rule else {
        return open.map(|s| Decision::Close { alert: s.alert, ending: Ending::RuleOff });
    };
    match (open, found) {
        (None, None) => None,
        (None, Some(figures)) => {
            let quiet_ms = i64::from(rule.terms.cooldown_minutes) * 60_000;
            let quiet = standing.and_then(|s| s.closed).is_some_and(|closed| now.since_ms(closed) < quiet_ms);
            (!quiet).then_some(Decision::Raise(figures))
        }
        (Some(s), Some(figures)) => {
            let due = now.since_ms(s.renewed) >= RENEW_MS && figures != s.figures;
            due.then_some(Decision::Renew { alert: s.alert, figures })
        }
        (Some(s), None) => Some(Decision::Close { alert: s.alert, ending: Ending::Over }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::rule::examples::{share, with};
    use super::*;

    const NOW: WallMs = WallMs(1_795_500_000_000);
    const MINUTE: i64 = 60_000;

    fn found(condition: Condition, levels: [u64; 5], served: u64, usual: Usual) -> Option<Figures> {
        over_facts(condition, &Tally { levels, served }, usual, NOW.plus_ms(-15 * MINUTE), NOW)
    }

    fn figures(negative: u64) -> Figures {
        let (from_ms, to_ms) = (0, 1);
        Figures::NegativeShare { negative, n: 8, from_ms, to_ms }
    }

    fn standing(raised: WallMs, closed: Option<WallMs>) -> Standing {
        Standing { alert: 7, figures: figures(4), raised, renewed: raised, closed }
    }

    #[test]
    fn half_of_four_in_a_quarter_is_enough_and_three_answers_are_not() {
        let share = share().terms.condition;
        let none = Usual::default();
        assert_eq!(found(share, [1, 1, 0, 0, 1], 3, none), None, "three answers");
        assert_eq!(found(share, [1, 0, 1, 1, 1], 4, none), None, "one of four");
        let figures = found(share, [1, 1, 0, 0, 2], 9, none).unwrap();
        assert!(matches!(figures, Figures::NegativeShare { negative: 2, n: 4, .. }));
        let (rate, n) = figures.rate().unwrap();
        assert!(n == 4 && rate.value == 0.5 && (rate.low - 0.1500).abs() < 5e-4, "{rate:?}");
    }

    #[test]
    fn a_level_counts_itself_and_all_worse() {
        let at_most = Satisfaction::Dissatisfied;
        let rule = Condition::Level { at_most, min_count: 2, within_minutes: 60 };
        assert_eq!(found(rule, [1, 0, 9, 0, 0], 10, Usual::default()), None);
        let got = found(rule, [1, 1, 9, 0, 0], 11, Usual::default());
        assert!(matches!(got, Some(Figures::Level { hits: 2, n: 11, .. })), "{got:?}");
    }

    #[test]
    fn participation_drops_only_when_it_clearly_does() {
        let rule = Condition::ParticipationDrop { points: 20, min_served: 20, within_minutes: 240 };
        let usual = Usual { rated: 800, served: 1_000 };
        assert!(found(rule, [0, 0, 0, 0, 8], 20, usual).is_some(), "40% against 80%");
        assert_eq!(found(rule, [0, 0, 0, 0, 8], 19, usual), None, "too few served");
        assert_eq!(found(rule, [0, 0, 0, 0, 13], 20, usual), None, "65%: only 15 points");
        assert_eq!(found(rule, [0, 0, 0, 0, 8], 20, Usual { rated: 79, served: 99 }), None, "no usual yet");
        let chance = Usual { rated: 600, served: 1_000 };
        assert_eq!(found(rule, [0, 0, 0, 0, 8], 20, chance), None, "40% of 20 may well be 60%");
    }

    #[test]
    fn an_alert_is_raised_once_renewed_slowly_and_closed_when_it_is_over() {
        let rule = share();
        let open = standing(NOW, None);
        assert_eq!(decide(Some(&rule), None, Some(figures(4)), NOW), Some(Decision::Raise(figures(4))));
        assert_eq!(decide(Some(&rule), Some(&open), Some(figures(4)), NOW.plus_ms(RENEW_MS)), None, "nothing new");
        assert_eq!(decide(Some(&rule), Some(&open), Some(figures(5)), NOW.plus_ms(1)), None, "too soon");
        let renewed = decide(Some(&rule), Some(&open), Some(figures(5)), NOW.plus_ms(RENEW_MS));
        assert_eq!(renewed, Some(Decision::Renew { alert: 7, figures: figures(5) }));
        let over = decide(Some(&rule), Some(&open), None, NOW.plus_ms(1));
        assert_eq!(over, Some(Decision::Close { alert: 7, ending: Ending::Over }));
        assert_eq!(decide(Some(&rule), None, None, NOW), None);
    }

    #[test]
    fn a_closed_alert_stays_quiet_for_the_cooldown_also_when_a_person_closed_it() {
        let rule = share();
        let closed = standing(NOW.plus_ms(-50 * MINUTE), Some(NOW));
        let at = |minutes| decide(Some(&rule), Some(&closed), Some(figures(4)), NOW.plus_ms(minutes * MINUTE));
        assert_eq!(at(0), None);
        assert_eq!(at(29), None);
        assert_eq!(at(30), Some(Decision::Raise(figures(4))));
    }

    #[test]
    fn a_rule_that_is_off_or_gone_raises_nothing_and_closes_what_it_raised() {
        let mut off = share();
        off.terms.enabled = false;
        let open = standing(NOW, None);
        for rule in [Some(&off), None] {
            assert_eq!(decide(rule, None, Some(figures(8)), NOW), None);
            let closed = Some(Decision::Close { alert: 7, ending: Ending::RuleOff });
            assert_eq!(decide(rule, Some(&open), Some(figures(8)), NOW), closed);
        }
    }

    #[test]
    fn figures_survive_the_store() {
        for condition in Condition::DEFAULTS {
            let usual = Usual { rated: 900, served: 1_000 };
            let rule = with(condition);
            let found = found(rule.terms.condition, [5, 0, 0, 0, 0], 40, usual);
            let found = found.unwrap_or(Figures::Tampering { alarms: 1, kinds: vec!["fork".into()], to_ms: 3 });
            let json = serde_json::to_string(&found).unwrap();
            assert_eq!(serde_json::from_str::<Figures>(&json).unwrap(), found);
        }
    }
}
