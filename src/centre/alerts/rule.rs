//! Rules as data: what is looked for, where, and how long it keeps quiet afterwards. Pure.

use serde::{Deserialize, Serialize};

use crate::domain::id::{HallId, WindowId};
use crate::domain::rating::{Satisfaction, coded};
use crate::domain::text::check_line;

/// Characters of a rule's or a destination's name.
pub const NAME_CHARS: usize = 60;
/// The longest sliding time, and so what the watcher remembers.
pub const MAX_WITHIN_MINUTES: u32 = 24 * 60;
/// The longest quiet time after an alert.
pub const MAX_COOLDOWN_MINUTES: u32 = 7 * 24 * 60;
/// Rules of one centre.
pub const MAX_RULES: usize = 500;
/// Destinations of one rule.
pub const MAX_DESTINATIONS: usize = 20;

coded! {
    /// How much an alert presses.
    Severity {
        Severe = "severe",
        Notice = "notice",
    }
}

coded! {
    /// What a rule is evaluated for.
    Grain {
        /// Each window by itself.
        EachWindow = "each_window",
        /// Each hall as a whole.
        EachHall = "each_hall",
    }
}

/// What makes an alert. Numbers are within the bounds of `Rule::faults`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AlertCondition)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// So many ratings of `at_most` or worse within the time.
    Level { at_most: Satisfaction, min_count: u32, within_minutes: u32 },
    /// The lowest two levels are `percent` or more of at least `min_count` ratings within the time.
    NegativeShare { percent: u32, min_count: u32, within_minutes: u32 },
    /// Participation lies clearly `points` or more below the usual of the last four weeks, with so many served.
    ParticipationDrop { points: u32, min_served: u32, within_minutes: u32 },
    /// A terminal says nothing for so long inside opening hours.
    Silence { minutes: u32 },
    /// A ledger that forks, breaks or loses its tail, and all else that a machine cannot explain.
    Tampering,
}

impl Condition {
    /// The kinds, each with what stands in its form at first.
    pub const DEFAULTS: [Self; 5] = [
        Self::NegativeShare { percent: 50, min_count: 4, within_minutes: 15 },
        Self::Level { at_most: Satisfaction::VeryDissatisfied, min_count: 1, within_minutes: 60 },
        Self::ParticipationDrop { points: 20, min_served: 20, within_minutes: 240 },
        Self::Silence { minutes: 10 },
        Self::Tampering,
    ];

    pub const fn code(&self) -> &'static str {
        match self {
            Self::Level { .. } => "level",
            Self::NegativeShare { .. } => "negative_share",
            Self::ParticipationDrop { .. } => "participation_drop",
            Self::Silence { .. } => "silence",
            Self::Tampering => "tampering",
        }
    }

    /// The sliding time over facts; none for what looks at devices.
    pub const fn within_minutes(&self) -> Option<u32> {
        match self {
            Self::Level { within_minutes, .. }
            | Self::NegativeShare { within_minutes, .. }
            | Self::ParticipationDrop { within_minutes, .. } => Some(*within_minutes),
            Self::Silence { .. } | Self::Tampering => None,
        }
    }
}

/// Where a rule looks.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AlertScope)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Scope {
    /// Every hall of the centre.
    Everywhere,
    /// The halls of a unit and of the units below it, also those that come later.
    Unit {
        /// The unit's code.
        unit: String,
    },
    Hall {
        hall: HallId,
    },
    Window {
        hall: HallId,
        window: WindowId,
    },
}

/// What people decide about a rule; its id stands beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AlertTerms)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    pub name: String,
    pub condition: Condition,
    pub scope: Scope,
    pub grain: Grain,
    pub severity: Severity,
    /// Nothing is raised again for so long after an alert of the same rule and place has closed.
    pub cooldown_minutes: u32,
    /// Ratings that carry a signal (rapid presses, outside hours) are left out.
    pub without_flagged: bool,
    /// The end of an alert is told too.
    pub tell_end: bool,
    /// Ids of destinations; empty: the page alone.
    #[serde(default)]
    pub destinations: Vec<i64>,
    pub enabled: bool,
}

/// A rule as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = AlertRule)]
pub struct Rule {
    pub id: i64,
    #[serde(flatten)]
    pub terms: Terms,
}

/// A field of a rule that cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TermsFault {
    #[error("name: 1 to {NAME_CHARS} characters on one line")]
    Name,
    #[error("{field}: {min} to {max}")]
    Range { field: &'static str, min: u32, max: u32 },
    #[error("destinations: at most {MAX_DESTINATIONS}")]
    Destinations,
}

impl Terms {
    /// Every field that is out of its bounds.
    pub fn faults(&self) -> Vec<TermsFault> {
        let mut faults = Vec::new();
        if check_line(&self.name, NAME_CHARS).is_err() {
            faults.push(TermsFault::Name);
        }
        if self.destinations.len() > MAX_DESTINATIONS {
            faults.push(TermsFault::Destinations);
        }
        let mut within = |field, value: u32, min, max| {
            if !(min..=max).contains(&value) {
                faults.push(TermsFault::Range { field, min, max });
            }
        };
        within("cooldown_minutes", self.cooldown_minutes, 1, MAX_COOLDOWN_MINUTES);
        match self.condition {
            Condition::Level { min_count, within_minutes, .. } => {
                within("min_count", min_count, 1, 1_000);
                within("within_minutes", within_minutes, 1, MAX_WITHIN_MINUTES);
            }
            Condition::NegativeShare { percent, min_count, within_minutes } => {
                within("percent", percent, 1, 100);
                // A share of one or two is no share.
                within("min_count", min_count, 3, 10_000);
                within("within_minutes", within_minutes, 5, MAX_WITHIN_MINUTES);
            }
            Condition::ParticipationDrop { points, min_served, within_minutes } => {
                within("points", points, 1, 100);
                within("min_served", min_served, 10, 10_000);
                within("within_minutes", within_minutes, 30, MAX_WITHIN_MINUTES);
            }
            Condition::Silence { minutes } => within("minutes", minutes, 3, MAX_WITHIN_MINUTES),
            Condition::Tampering => {}
        }
        faults
    }
}

/// Where an alert stands: a window, or a whole hall.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Subject {
    pub hall: HallId,
    pub window: Option<WindowId>,
}

impl Subject {
    /// `H01/W03`, or `H01`: the key of a statistics filter.
    pub fn key(&self) -> String {
        match &self.window {
            Some(window) => format!("{}/{window}", self.hall),
            None => self.hall.to_string(),
        }
    }
}

#[cfg(test)]
pub(super) mod examples {
    //! Rules for tests.

    use super::*;

    pub fn share() -> Rule {
        Rule {
            id: 1,
            terms: Terms {
                name: "差评集中".to_owned(),
                condition: Condition::DEFAULTS[0],
                scope: Scope::Everywhere,
                grain: Grain::EachWindow,
                severity: Severity::Severe,
                cooldown_minutes: 30,
                without_flagged: true,
                tell_end: false,
                destinations: vec![],
                enabled: true,
            },
        }
    }

    pub fn with(condition: Condition) -> Rule {
        let mut rule = share();
        rule.terms.condition = condition;
        rule
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_within_bounds_and_survive_the_store() {
        for condition in Condition::DEFAULTS {
            let terms = examples::with(condition).terms;
            assert_eq!(terms.faults(), []);
            let json = serde_json::to_string(&terms).unwrap();
            assert_eq!(serde_json::from_str::<Terms>(&json).unwrap(), terms, "{json}");
            assert!(json.contains(&format!("\"kind\":\"{}\"", condition.code())));
        }
    }

    #[test]
    fn every_number_out_of_bounds_is_named() {
        let mut terms = examples::with(Condition::NegativeShare { percent: 0, min_count: 2, within_minutes: 1 }).terms;
        (terms.cooldown_minutes, terms.name) = (0, "两\n行".to_owned());
        let faults: Vec<String> = terms.faults().iter().map(ToString::to_string).collect();
        assert_eq!(faults.len(), 5, "{faults:?}");
        assert!(faults.contains(&"min_count: 3 to 10000".to_owned()));
    }

    #[test]
    fn an_unknown_field_of_a_programs_rule_is_refused() {
        let mut json = serde_json::to_value(examples::share().terms).unwrap();
        json["cooldown"] = 5.into();
        assert!(serde_json::from_value::<Terms>(json).is_err());
    }
}
