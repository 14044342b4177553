//! The facts of the last day, by window, in the order of their own time: what sliding times are counted over. Pure and
//! bounded; made again from the account book after a restart.

use std::collections::{BTreeMap, VecDeque};

use super::decide::Tally;
use super::rule::{MAX_WITHIN_MINUTES, Subject};
use crate::centre::statistics::fact::Fact;
use crate::domain::id::{HallId, WindowId};
use crate::domain::time::{ClockGrade, WallMs};

/// How far back anything is remembered: the longest sliding time, and as long again for what came late.
pub const HORIZON_MS: i64 = 2 * MAX_WITHIN_MINUTES as i64 * 60_000;
/// Visits of one window that are remembered; a clerk serves a few hundred a day.
const MAX_OF_WINDOW: usize = 20_000;
/// Visits remembered in all, some 40 bytes each.
const MAX_IN_ALL: usize = 1_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    wall: i64,
    ledger: i64,
    visit: u64,
    /// 0: served and not rated.
    level: u8,
    flagged: bool,
}

/// What has been served lately.
#[derive(Debug, Default)]
pub struct Recent {
    by_window: BTreeMap<(HallId, WindowId), VecDeque<Seen>>,
    count: usize,
}

impl Recent {
    /// Takes a fact in, or takes one back. Visits whose time nobody knows are in no sliding time, and sample data raises
    /// nothing.
    pub fn take(&mut self, fact: &Fact, now: WallMs) {
        if fact.sample || fact.grade == ClockGrade::C || now.since_ms(fact.wall) > HORIZON_MS {
            return;
        }
        let seen = Seen {
            wall: fact.wall.0,
            ledger: fact.ledger,
            visit: fact.visit,
            level: fact.level.map_or(0, |l| l.level()),
            flagged: fact.flagged,
        };
        let of_window = self.by_window.entry((fact.hall.clone(), fact.service_window.clone())).or_default();
        if fact.sign < 0 {
            if let Some(at) = of_window.iter().rposition(|s| *s == seen) {
                of_window.remove(at);
                self.count -= 1;
            }
            return;
        }
        let at = of_window.partition_point(|s| s.wall <= seen.wall);
        of_window.insert(at, seen);
        self.count += 1;
        if of_window.len() > MAX_OF_WINDOW {
            of_window.pop_front();
            self.count -= 1;
        }
        if self.count > MAX_IN_ALL {
            self.forget(now.plus_ms(-HORIZON_MS / 4));
        }
    }

    /// Drops what lies before.
    pub fn forget(&mut self, before: WallMs) {
        for of_window in self.by_window.values_mut() {
            let old = of_window.partition_point(|s| s.wall < before.0);
            of_window.drain(..old);
            self.count -= old;
        }
        self.by_window.retain(|_, v| !v.is_empty());
    }

    /// Windows at which something was served lately.
    pub fn windows(&self) -> impl Iterator<Item = (&HallId, &WindowId)> {
        self.by_window.keys().map(|(h, w)| (h, w))
    }

    /// Counts what lies after `from`, up to and with `to`.
    pub fn tally(&self, subject: &Subject, from: WallMs, to: WallMs, without_flagged: bool) -> Tally {
        let mut tally = Tally::default();
        let mut add = |of_window: &VecDeque<Seen>| {
            let (first, end) =
                (of_window.partition_point(|s| s.wall <= from.0), of_window.partition_point(|s| s.wall <= to.0));
            for seen in of_window.range(first..end.max(first)) {
                if without_flagged && seen.flagged {
                    continue;
                }
                tally.served += 1;
                if let Some(n) = usize::from(seen.level).checked_sub(1).and_then(|i| tally.levels.get_mut(i)) {
                    *n += 1;
                }
            }
        };
        match &subject.window {
            Some(window) => {
                if let Some(of_window) = self.by_window.get(&(subject.hall.clone(), window.clone())) {
                    add(of_window);
                }
            }
            None => {
                for ((hall, _), of_window) in &self.by_window {
                    if *hall == subject.hall {
                        add(of_window);
                    }
                }
            }
        }
        tally
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::rating::{Channel, Satisfaction};

    const NOW: WallMs = WallMs(1_795_500_000_000);

    pub fn fact(visit: u64, window: &str, level: Option<Satisfaction>, wall: WallMs) -> Fact {
        Fact {
            ledger: 1,
            visit,
            sign: 1,
            hall: HallId::new("H01").unwrap(),
            service_window: WindowId::new(window).unwrap(),
            staff: None,
            item: None,
            channel: Channel::Kiosk,
            level,
            wall,
            grade: ClockGrade::A,
            flagged: false,
            reasons: vec![],
            sample: false,
        }
    }

    fn subject(window: Option<&str>) -> Subject {
        Subject { hall: HallId::new("H01").unwrap(), window: window.map(|w| WindowId::new(w).unwrap()) }
    }

    #[test]
    fn a_sliding_time_counts_its_end_and_not_its_beginning_whatever_the_order_of_arrival() {
        let mut recent = Recent::default();
        for (visit, ago) in [(1, 0), (2, 900_000), (3, 899_999), (4, 60_000), (5, 901_000)] {
            recent.take(&fact(visit, "W01", Some(Satisfaction::Satisfied), NOW.plus_ms(-ago)), NOW);
        }
        recent.take(&fact(6, "W02", None, NOW), NOW);
        let tally = |s: &Subject| recent.tally(s, NOW.plus_ms(-900_000), NOW, false);
        assert_eq!(tally(&subject(Some("W01"))), Tally { levels: [0, 0, 0, 3, 0], served: 3 });
        assert_eq!(tally(&subject(None)), Tally { levels: [0, 0, 0, 3, 0], served: 4 });
        assert_eq!(tally(&subject(Some("W09"))), Tally::default());
    }

    #[test]
    fn a_changed_mind_is_counted_once_and_flagged_ones_may_be_left_out() {
        let mut recent = Recent::default();
        let first = fact(1, "W01", Some(Satisfaction::VeryDissatisfied), NOW);
        recent.take(&first, NOW);
        recent.take(&Fact { sign: -1, ..first.clone() }, NOW);
        recent.take(&Fact { level: Some(Satisfaction::VerySatisfied), ..first }, NOW);
        recent.take(&Fact { flagged: true, ..fact(2, "W01", Some(Satisfaction::VeryDissatisfied), NOW) }, NOW);
        let at = subject(Some("W01"));
        assert_eq!(recent.tally(&at, WallMs(0), NOW, true).levels, [0, 0, 0, 0, 1]);
        assert_eq!(recent.tally(&at, WallMs(0), NOW, false).levels, [1, 0, 0, 0, 1]);
    }

    #[test]
    fn what_is_old_untimed_or_too_much_is_not_remembered() {
        let mut recent = Recent::default();
        recent.take(&fact(1, "W01", None, NOW.plus_ms(-HORIZON_MS - 1)), NOW);
        recent.take(&Fact { grade: ClockGrade::C, ..fact(2, "W01", None, NOW) }, NOW);
        recent.take(&Fact { sample: true, ..fact(3, "W01", None, NOW) }, NOW);
        assert_eq!(recent.tally(&subject(None), WallMs(0), NOW, false).served, 0);
        for visit in 0..MAX_OF_WINDOW as u64 + 5 {
            recent.take(&fact(visit, "W01", None, NOW), NOW);
        }
        assert_eq!(recent.tally(&subject(None), WallMs(0), NOW, false).served, MAX_OF_WINDOW as u64);
        recent.forget(NOW.plus_ms(1));
        assert!(recent.count == 0 && recent.windows().next().is_none());
    }

    #[test]
    fn a_sliding_time_is_of_real_minutes_whatever_the_clock_on_the_wall_says() {
        // In New York: half an hour after the second one o'clock; half an hour after three o'clock came for two.
        for now in ["2026-11-01T06:30:00Z", "2026-03-08T07:30:00Z"] {
            let now = WallMs(now.parse::<jiff::Timestamp>().unwrap().as_millisecond());
            let mut recent = Recent::default();
            for n in 0..37_u64 {
                let at = now.plus_ms(-600_000 * i64::try_from(n).unwrap());
                recent.take(&fact(n, "W01", Some(Satisfaction::Satisfied), at), now);
            }
            let hall = fact(0, "W01", None, now).hall;
            let subject = Subject { hall, window: Some(WindowId::new("W01").unwrap()) };
            for (minutes, visits) in [(15, 2), (60, 6), (120, 12), (240, 24)] {
                let tally = recent.tally(&subject, now.plus_ms(-minutes * 60_000), now, false);
                assert_eq!((tally.served, tally.n()), (visits, visits), "{minutes} minutes");
            }
        }
    }
}
