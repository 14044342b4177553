//! All rules over all that is known lately. Pure: facts and device states come in, decisions go out; the edge writes them
//! and says which were taken.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::decide::{Decision, Figures, Standing, Usual, decide, over_facts};
use super::recent::{HORIZON_MS, Recent};
use super::rule::{Condition, Grain, Rule, Scope, Subject};
use crate::centre::statistics::fact::Fact;
use crate::domain::id::{HallId, WindowId};
use crate::domain::time::WallMs;

/// A fact that came later than this is counted, but no sliding time is made to end with it.
const LATE_MS: i64 = 12 * 3_600_000;
/// One that came sooner than this belongs to the sliding time that ends now.
const PROMPT_MS: i64 = 60_000;
/// Ends of late sliding times that are looked at for one place in one round.
const MAX_ENDS: usize = 500;
/// Decisions of one round; the next round takes up the rest.
pub const MAX_DECISIONS: usize = 2_000;

/// A rule and the halls that its scope means now.
#[derive(Debug, Clone)]
pub struct Resolved {
    pub rule: Rule,
    /// None: every hall.
    pub halls: Option<BTreeSet<HallId>>,
}

impl Resolved {
    fn looks_at(&self, hall: &HallId, window: &WindowId) -> bool {
        let here = self.halls.as_ref().is_none_or(|halls| halls.contains(hall));
        here && match &self.rule.terms.scope {
            Scope::Window { window: only, .. } => only == window,
            _ => true,
        }
    }

    fn subject(&self, hall: &HallId, window: &WindowId) -> Subject {
        let whole = self.rule.terms.grain == Grain::EachHall && !matches!(self.rule.terms.scope, Scope::Window { .. });
        Subject { hall: hall.clone(), window: (!whole).then(|| window.clone()) }
    }
}

/// What is known of one terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceState {
    pub hall: HallId,
    pub window: WindowId,
    /// Minutes of silence inside opening hours; 0 while it speaks or the hall is shut.
    pub silent_minutes: u64,
    /// Codes of open alarms, other than silence.
    pub alarms: Vec<String>,
}

/// One decision with its rule and place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub rule: i64,
    pub subject: Subject,
    pub decision: Decision,
}

#[derive(Debug, Default)]
pub struct Watcher {
    rules: Vec<Resolved>,
    standing: HashMap<(i64, Subject), Standing>,
    recent: Recent,
    usual: HashMap<Subject, Usual>,
    devices: Vec<DeviceState>,
    /// Windows with new facts, and the times of those that came late.
    touched: BTreeMap<(HallId, WindowId), BTreeSet<i64>>,
}

impl Watcher {
    pub fn set_rules(&mut self, rules: Vec<Resolved>) {
        self.rules = rules;
    }

    pub fn set_standing(&mut self, standing: HashMap<(i64, Subject), Standing>) {
        self.standing = standing;
    }

    pub fn set_usual(&mut self, usual: HashMap<Subject, Usual>) {
        self.usual = usual;
    }

    pub fn set_devices(&mut self, devices: Vec<DeviceState>) {
        self.devices = devices;
    }

    /// True if some rule measures against the weeks before.
    pub fn wants_usual(&self) -> bool {
        let drop = |r: &Resolved| matches!(r.rule.terms.condition, Condition::ParticipationDrop { .. });
        self.rules.iter().any(|r| r.rule.terms.enabled && drop(r))
    }

    /// Remembers a fact of before, from which nothing is to be raised.
    pub fn remember(&mut self, fact: &Fact, now: WallMs) {
        self.recent.take(fact, now);
    }

    /// Takes a new fact.
    pub fn take(&mut self, fact: &Fact, now: WallMs) {
        self.recent.take(fact, now);
        let late = now.since_ms(fact.wall);
        let ends = self.touched.entry((fact.hall.clone(), fact.service_window.clone())).or_default();
        if fact.sign > 0 && (PROMPT_MS..LATE_MS).contains(&late) && ends.len() < MAX_ENDS {
            ends.insert(fact.wall.0);
        }
    }

    /// Decides about every place with new facts and every open alert; with `all`, about everything.
    pub fn look(&mut self, now: WallMs, all: bool) -> Vec<Decided> {
        let mut out = Vec::new();
        for resolved in &self.rules {
            let rule = &resolved.rule;
            for (subject, ends) in self.places(resolved, all) {
                let key = (rule.id, subject);
                let found = self.measure(resolved, &key.1, &ends, now);
                if let Some(decision) = decide(Some(rule), self.standing.get(&key), found, now) {
                    out.push(Decided { rule: rule.id, subject: key.1, decision });
                }
                if out.len() >= MAX_DECISIONS {
                    return out;
                }
            }
        }
        let known: BTreeSet<i64> = self.rules.iter().map(|r| r.rule.id).collect();
        for ((rule, subject), standing) in &self.standing {
            if !known.contains(rule)
                && let Some(decision) = decide(None, Some(standing), None, now)
            {
                out.push(Decided { rule: *rule, subject: subject.clone(), decision });
            }
        }
        out
    }

    /// What was decided is written: forget what led to it, and what has grown old.
    pub fn taken(&mut self, now: WallMs) {
        self.touched.clear();
        self.recent.forget(now.plus_ms(-HORIZON_MS));
    }

    /// Places to measure for a rule, each with the ends of late sliding times.
    fn places(&self, resolved: &Resolved, all: bool) -> BTreeMap<Subject, BTreeSet<i64>> {
        let mut places: BTreeMap<Subject, BTreeSet<i64>> = BTreeMap::new();
        let rule = &resolved.rule;
        for (key, standing) in &self.standing {
            if key.0 == rule.id && standing.closed.is_none() {
                places.entry(key.1.clone()).or_default();
            }
        }
        if !rule.terms.enabled {
            return places;
        }
        if rule.terms.condition.within_minutes().is_none() {
            for device in self.devices.iter().filter(|d| resolved.looks_at(&d.hall, &d.window)) {
                places.entry(resolved.subject(&device.hall, &device.window)).or_default();
            }
            return places;
        }
        for ((hall, window), ends) in self.touched.iter().filter(|((h, w), _)| resolved.looks_at(h, w)) {
            places.entry(resolved.subject(hall, window)).or_default().extend(ends);
        }
        if all {
            for (hall, window) in self.recent.windows().filter(|(h, w)| resolved.looks_at(h, w)) {
                places.entry(resolved.subject(hall, window)).or_default();
            }
        }
        places
    }

    fn measure(&self, resolved: &Resolved, at: &Subject, ends: &BTreeSet<i64>, now: WallMs) -> Option<Figures> {
        if !self.still_looks_at(resolved, at) {
            return None;
        }
        let terms = &resolved.rule.terms;
        let Some(minutes) = terms.condition.within_minutes() else { return self.of_devices(resolved, at, now) };
        let usual = self.usual.get(at).copied().unwrap_or_default();
        let over = |to: WallMs| {
            let from = to.plus_ms(-i64::from(minutes) * 60_000);
            let tally = self.recent.tally(at, from, to, terms.without_flagged);
            over_facts(terms.condition, &tally, usual, from, to)
        };
        // What holds now says more than what held some hours ago.
        over(now).or_else(|| ends.iter().rev().find_map(|&end| over(WallMs(end))))
    }

    /// A rule may have been given another scope or grain since it raised an alert here.
    fn still_looks_at(&self, resolved: &Resolved, at: &Subject) -> bool {
        match &at.window {
            Some(window) => resolved.looks_at(&at.hall, window) && resolved.subject(&at.hall, window).window.is_some(),
            None => {
                resolved.halls.as_ref().is_none_or(|halls| halls.contains(&at.hall))
                    && resolved.rule.terms.grain == Grain::EachHall
                    && !matches!(resolved.rule.terms.scope, Scope::Window { .. })
            }
        }
    }

    fn of_devices(&self, resolved: &Resolved, at: &Subject, now: WallMs) -> Option<Figures> {
        let here = |d: &&DeviceState| d.hall == at.hall && at.window.as_ref().is_none_or(|w| *w == d.window);
        let devices = self.devices.iter().filter(here);
        match resolved.rule.terms.condition {
            Condition::Silence { minutes } => {
                let silent: Vec<u64> = devices.map(|d| d.silent_minutes).filter(|&m| m >= u64::from(minutes)).collect();
                let longest = silent.iter().copied().max()?;
                let kiosks = silent.len() as u64;
                Some(Figures::Silence { kiosks, longest_minutes: longest, to_ms: now.0 })
            }
            Condition::Tampering => {
                let codes: Vec<&String> = devices.flat_map(|d| &d.alarms).collect();
                let kinds: BTreeSet<&String> = codes.iter().copied().collect();
                let alarms = codes.len() as u64;
                let kinds = kinds.into_iter().cloned().collect();
                (alarms > 0).then_some(Figures::Tampering { alarms, kinds, to_ms: now.0 })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::decide::Ending;
    use super::super::recent::tests::fact;
    use super::super::rule::examples::{share, with};
    use super::*;
    use crate::domain::rating::Satisfaction::{Satisfied, VeryDissatisfied};

    const NOW: WallMs = WallMs(1_795_500_000_000);
    const MINUTE: i64 = 60_000;

    fn hall() -> HallId {
        HallId::new("H01").unwrap()
    }

    fn window(id: &str) -> WindowId {
        WindowId::new(id).unwrap()
    }

    fn watching(rules: Vec<Rule>) -> Watcher {
        let mut watcher = Watcher::default();
        watcher.set_rules(rules.into_iter().map(|rule| Resolved { rule, halls: None }).collect());
        watcher
    }

    /// `bad` and then `good` ratings at a window, one a second up to `wall`.
    fn serve(watcher: &mut Watcher, at: &str, bad: u64, good: u64, wall: WallMs, now: WallMs) {
        for i in 0..bad + good {
            let level = if i < bad { VeryDissatisfied } else { Satisfied };
            watcher.take(&fact(i, at, Some(level), wall.plus_ms(-(i as i64) * 1_000)), now);
        }
    }

    fn places(decided: &[Decided]) -> Vec<String> {
        decided.iter().map(|d| d.subject.key()).collect()
    }

    #[test]
    fn each_window_is_weighed_by_itself_or_the_hall_as_a_whole() {
        let mut hall_rule = share();
        (hall_rule.id, hall_rule.terms.grain) = (2, Grain::EachHall);
        let mut watcher = watching(vec![share(), hall_rule]);
        serve(&mut watcher, "W01", 3, 1, NOW, NOW);
        serve(&mut watcher, "W02", 0, 4, NOW, NOW);
        let decided = watcher.look(NOW, false);
        assert_eq!(places(&decided), ["H01/W01"], "{decided:?}");
        assert!(matches!(decided[0].decision, Decision::Raise(Figures::NegativeShare { negative: 3, n: 4, .. })));
        serve(&mut watcher, "W03", 3, 1, NOW, NOW);
        assert_eq!(places(&watcher.look(NOW, false)), ["H01/W01", "H01/W03", "H01"]);
    }

    #[test]
    fn what_was_offline_is_weighed_over_its_own_time_and_closes_by_itself() {
        let mut watcher = watching(vec![share()]);
        serve(&mut watcher, "W01", 4, 0, NOW.plus_ms(-3 * 60 * MINUTE), NOW);
        let decided = watcher.look(NOW, false);
        let Decision::Raise(figures) = &decided[0].decision else { panic!("{decided:?}") };
        assert_eq!(figures.interval().1, NOW.plus_ms(-3 * 60 * MINUTE).0, "the interval ends with the last of them");
        watcher.taken(NOW);
        let key = (1, decided[0].subject.clone());
        let standing = Standing { alert: 9, figures: figures.clone(), raised: NOW, renewed: NOW, closed: None };
        watcher.set_standing([(key, standing)].into());
        let closed = watcher.look(NOW.plus_ms(2_000), false);
        assert_eq!(closed[0].decision, Decision::Close { alert: 9, ending: Ending::Over });
        let mut ancient = watching(vec![share()]);
        serve(&mut ancient, "W01", 4, 0, NOW.plus_ms(-LATE_MS - MINUTE), NOW);
        assert_eq!(ancient.look(NOW, true), []);
    }

    #[test]
    fn until_it_is_written_a_decision_is_made_again() {
        let mut watcher = watching(vec![share()]);
        serve(&mut watcher, "W01", 4, 0, NOW, NOW);
        assert_eq!(watcher.look(NOW, false), watcher.look(NOW, false));
        watcher.taken(NOW);
        assert_eq!(watcher.look(NOW, false), [], "nothing new came");
        assert_eq!(watcher.look(NOW, true).len(), 1, "the timer looks at all");
    }

    #[test]
    fn a_scope_confines_and_a_rule_that_looks_away_closes_its_alert() {
        let mut rule = share();
        rule.terms.scope = Scope::Window { hall: hall(), window: window("W02") };
        let mut watcher = Watcher::default();
        watcher.set_rules(vec![Resolved { rule, halls: Some([hall()].into()) }]);
        serve(&mut watcher, "W01", 4, 0, NOW, NOW);
        serve(&mut watcher, "W02", 4, 0, NOW, NOW);
        assert_eq!(places(&watcher.look(NOW, true)), ["H01/W02"]);
        let figures = Figures::NegativeShare { negative: 4, n: 4, from_ms: 0, to_ms: 1 };
        let standing = Standing { alert: 3, figures, raised: NOW, renewed: NOW, closed: None };
        let at = Subject { hall: hall(), window: Some(window("W01")) };
        watcher.set_standing([((1, at), standing)].into());
        let closed = Decision::Close { alert: 3, ending: Ending::Over };
        assert!(watcher.look(NOW, false).iter().any(|d| d.decision == closed));
    }

    #[test]
    fn silence_and_tampering_come_from_the_devices_and_a_removed_rule_closes() {
        let tampering = Rule { id: 2, ..with(Condition::Tampering) };
        let mut silence = with(Condition::Silence { minutes: 10 });
        silence.terms.grain = Grain::EachHall;
        let mut watcher = watching(vec![silence, tampering]);
        let device = |at: &str, silent_minutes, alarms: &[&str]| DeviceState {
            hall: hall(),
            window: window(at),
            silent_minutes,
            alarms: alarms.iter().map(|a| (*a).to_owned()).collect(),
        };
        let states =
            vec![device("W01", 12, &[]), device("W02", 40, &["fork", "lost_tail", "fork"]), device("W03", 9, &[])];
        watcher.set_devices(states);
        let decided = watcher.look(NOW, false);
        let figures: Vec<_> = decided.iter().map(|d| (d.subject.key(), d.decision.clone())).collect();
        let silent = Decision::Raise(Figures::Silence { kiosks: 2, longest_minutes: 40, to_ms: NOW.0 });
        let kinds = vec!["fork".to_owned(), "lost_tail".to_owned()];
        let tampered = Decision::Raise(Figures::Tampering { alarms: 3, kinds, to_ms: NOW.0 });
        assert_eq!(figures, [("H01".to_owned(), silent), ("H01/W02".to_owned(), tampered)]);
        let Decision::Raise(figures) = decided[0].decision.clone() else { unreachable!() };
        let standing = Standing { alert: 5, figures, raised: NOW, renewed: NOW, closed: None };
        watcher.set_rules(vec![]);
        watcher.set_standing([((1, decided[0].subject.clone()), standing)].into());
        let decision = Decision::Close { alert: 5, ending: Ending::RuleOff };
        assert_eq!(watcher.look(NOW, false)[0].decision, decision);
    }
}
