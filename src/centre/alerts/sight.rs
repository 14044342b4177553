//! What of the alerts, rules and destinations somebody sees. Pure.

use super::decide::Figures;
use super::history::Alert;
use super::rule::Scope;
use crate::centre::access::{Reach, Who};
use crate::domain::role::{Need, Role};

/// One person's view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    pub account: i64,
    pub reach: Reach,
    /// Figures about ratings; whoever keeps devices sees alerts of devices alone.
    pub ratings: bool,
    /// Figures of fewer ratings are withheld; 0: none are.
    pub min_group: u64,
    /// May say that an alert has been seen; the auditor changes nothing.
    pub acknowledges: bool,
    /// May close alerts, and set rules and destinations.
    pub keeps: bool,
}

impl Sight {
    pub fn of(who: &Who, min_group: u64) -> Self {
        Self {
            account: who.account,
            reach: who.reach.clone(),
            ratings: who.may(Need::Statistics) && !who.role.sees_only_self(),
            min_group: if who.role.sees_small_groups() { 0 } else { min_group },
            acknowledges: who.may(Need::Alerts) && who.role != Role::Auditor,
            keeps: who.may(Need::AlertsKeep),
        }
    }

    pub fn sees(&self, alert: &Alert) -> bool {
        self.reach.covers(&alert.hall) && (self.ratings || is_of_devices(&alert.figures))
    }

    /// Figures that may be shown, or that they may not.
    pub fn withholds(&self, figures: &Figures) -> bool {
        figures.rate().is_some_and(|(_, n)| n < self.min_group)
    }

    /// The alert as an answer to a program: figures of small groups left at nothing.
    pub fn narrowed(&self, mut alert: Alert) -> Alert {
        for figures in [&mut alert.raised_by, &mut alert.figures] {
            if self.withholds(figures) {
                blank(figures);
            }
        }
        alert
    }

    /// True if this person answers for the whole scope. `unit` says whether a unit stands in their part of the tree: its halls
    /// of today do not, since others may come to it.
    pub fn answers_for(&self, scope: &Scope, unit: impl FnOnce(&str) -> bool) -> bool {
        match scope {
            Scope::Everywhere => self.reach == Reach::All,
            Scope::Unit { unit: code } => unit(code),
            Scope::Hall { hall } | Scope::Window { hall, .. } => self.reach.covers(hall),
        }
    }
}

const fn is_of_devices(figures: &Figures) -> bool {
    matches!(figures, Figures::Silence { .. } | Figures::Tampering { .. })
}

fn blank(figures: &mut Figures) {
    match figures {
        Figures::Level { hits, n, .. } => (*hits, *n) = (0, 0),
        Figures::NegativeShare { negative, n, .. } => (*negative, *n) = (0, 0),
        Figures::Participation { rated, served, .. } => (*rated, *served) = (0, 0),
        Figures::Silence { .. } | Figures::Tampering { .. } => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::message::tests::told;
    use super::super::outbox::AlertEvent;
    use super::*;
    use crate::centre::access::samples::somebody;
    use crate::domain::id::HallId;

    fn alert() -> Alert {
        told(AlertEvent::Raised).alert.unwrap().0
    }

    #[test]
    fn whoever_keeps_devices_sees_no_figure_of_ratings() {
        let mut alert = alert();
        let keeper = Sight::of(&somebody(Role::DeviceAdmin), 5);
        assert!(!keeper.sees(&alert));
        alert.figures = Figures::Silence { kiosks: 1, longest_minutes: 12, to_ms: 0 };
        assert!(keeper.sees(&alert) && keeper.acknowledges && !keeper.keeps);
    }

    #[test]
    fn another_units_alerts_are_not_seen_and_its_rules_not_set() {
        let who = Who { reach: Reach::Halls([HallId::new("H2").unwrap()].into()), ..somebody(Role::HallSupervisor) };
        let sight = Sight::of(&who, 5);
        assert!(!sight.sees(&alert()));
        let hall = |id: &str| Scope::Hall { hall: HallId::new(id).unwrap() };
        let unit = |code: &str| code == "own";
        assert!(sight.answers_for(&hall("H2"), unit) && !sight.answers_for(&hall("QL01"), unit));
        assert!(!sight.answers_for(&Scope::Everywhere, unit));
        assert!(sight.answers_for(&Scope::Unit { unit: "own".into() }, unit));
        assert!(!sight.answers_for(&Scope::Unit { unit: "gone".into() }, unit));
    }

    #[test]
    fn small_groups_are_withheld_from_all_but_whom_they_concern_and_the_auditor_changes_nothing() {
        let of = |role| Sight::of(&somebody(role), 5);
        assert!(!of(Role::HallSupervisor).withholds(&alert().figures));
        let leader = of(Role::Leader);
        assert!(leader.withholds(&alert().figures), "four ratings");
        assert!(matches!(leader.narrowed(alert()).raised_by, Figures::NegativeShare { negative: 0, n: 0, .. }));
        assert!(!of(Role::Auditor).acknowledges && leader.acknowledges);
    }
}
