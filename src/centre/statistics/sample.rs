//! A believable past for the demonstration: the same seed and board make the same history.
//!
//! Sample facts are marked as such, stand under a ledger that no device has, and have no evidence behind them; every
//! answer that contains them says so.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use rusqlite::Connection;

use super::dice::Dice;
use super::fact::Fact;
use crate::domain::board::{Board, ServiceWindow};
use crate::domain::id::{ItemCode, StaffNo, TagCode};
use crate::domain::rating::{Channel, Satisfaction};
use crate::domain::time::{ClockGrade, WallMs};

/// The ledger of sample facts; those of devices count from 1.
pub const SAMPLE_LEDGER: i64 = 0;
/// Days of history.
pub const SAMPLE_DAYS: u16 = 30;

/// Minutes of one step.
const STEP_MINUTES: i64 = 5;
/// Visits of one step at a window of average bustle in an average hour.
const VISITS_A_STEP: f64 = 1.55;
/// What share of visits each quarter of the working day has, from 9:00 on, 1 being the average; the lunch dip, the rush
/// before it and before closing.
const BUSTLE: [f64; 8] = [0.8, 1.35, 1.3, 0.25, 0.75, 1.3, 1.2, 0.95];
/// How moods move with the hour: queues are longest before lunch and before closing.
const MOOD: [f64; 8] = [0.12, 0.02, -0.14, -0.1, 0.08, 0.05, -0.04, -0.12];
/// Share of visits that are rated by phone.
const BY_PHONE: f64 = 0.06;
/// Shares of the levels, worst first, at a window of average quality.
const LEVELS: [f64; 5] = [0.012, 0.028, 0.085, 0.27, 0.605];

/// Whether the history was entered already.
///
/// # Errors
/// Those of the store.
pub fn is_entered(conn: &Connection) -> rusqlite::Result<bool> {
    conn.query_row("SELECT EXISTS (SELECT 1 FROM fact WHERE ledger = ?1)", [SAMPLE_LEDGER], |r| r.get(0))
}

/// The days before `today`, in order of time.
pub fn history(board: &Board, zone: &TimeZone, today: Date, days: u16, seed: u64) -> Vec<Fact> {
    let mut dice = Dice::new(seed);
    let counters: Vec<Counter<'_>> = board.windows.iter().map(|w| Counter::new(board, w, &mut dice)).collect();
    let mut facts = Vec::new();
    for before in (1..=i64::from(days)).rev() {
        let day = today.saturating_sub(Span::new().days(before));
        for counter in &counters {
            counter.serve(day, zone, Pace::default(), &mut dice, &mut facts);
        }
    }
    facts.sort_by_key(|f: &Fact| f.wall);
    for (visit, fact) in (1_u64..).zip(&mut facts) {
        fact.visit = visit;
    }
    facts
}

/// How busy everything is, and how far a longer story has gone.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// 1: as busy as the demonstration's hall.
    pub rate: f64,
    /// 0 at the beginning, 1 at the end: some windows grow better or worse.
    pub progress: f64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { rate: 1.0, progress: 0.0 }
    }
}

/// A window with its own bustle, quality and people.
pub struct Counter<'a> {
    board: &'a Board,
    at: &'a ServiceWindow,
    items: Vec<&'a ItemCode>,
    /// Who serves, each with their own quality.
    people: Vec<(&'a StaffNo, f64)>,
    bustle: f64,
    quality: f64,
    participation: f64,
    /// What this window is complained about, and praised for, more than others.
    habit: u64,
    works_on_saturday: bool,
}

/// How many hours of a day are open, and how busy it is among the days of its week; Monday is 1.
fn opening(weekday: i8, works_on_saturday: bool) -> Option<(usize, f64)> {
    let week = [1.18, 1.03, 1.0, 0.97, 0.84, 0.7].get(usize::try_from(weekday - 1).ok()?)?;
    match weekday {
        6 if !works_on_saturday => None,
        // Saturdays until noon, Mondays full, Fridays thin.
        6 => Some((3, *week)),
        _ => Some((BUSTLE.len(), *week)),
    }
}

impl<'a> Counter<'a> {
    pub fn new(board: &'a Board, at: &'a ServiceWindow, dice: &mut Dice) -> Self {
        let items =
            if at.items.is_empty() { board.items.iter().map(|i| &i.code).collect() } else { at.items.iter().collect() };
        let here = |s: &&crate::domain::board::StaffCard| s.windows.contains(&at.id);
        let mut people: Vec<&StaffNo> = board.staff.iter().filter(here).map(|s| &s.staff_no).collect();
        if people.is_empty() {
            people = board.staff.iter().filter(|s| s.windows.is_empty()).map(|s| &s.staff_no).take(2).collect();
        }
        Self {
            board,
            at,
            items,
            people: people.into_iter().map(|no| (no, around(dice, 0.22))).collect(),
            bustle: 0.65 + 0.7 * dice.unit(),
            quality: around(dice, 0.3),
            participation: 0.52 + 0.36 * dice.unit(),
            habit: dice.next(),
            works_on_saturday: dice.chance(0.6),
        }
    }

    /// The visits of a day.
    pub fn serve(&self, day: Date, zone: &TimeZone, pace: Pace, dice: &mut Dice, facts: &mut Vec<Fact>) {
        self.serve_like(day, day.weekday().to_monday_one_offset(), zone, pace, dice, facts);
    }

    /// The visits of a day that is worked like another weekday.
    pub fn serve_like(
        &self,
        day: Date,
        weekday: i8,
        zone: &TimeZone,
        pace: Pace,
        dice: &mut Dice,
        facts: &mut Vec<Fact>,
    ) {
        let Some((open, week)) = opening(weekday, self.works_on_saturday) else { return };
        let mood_of_the_day = around(dice, 0.08) + self.trend() * pace.progress;
        for (hour, (bustle, mood)) in BUSTLE.iter().zip(MOOD).take(open).enumerate() {
            let person = self.on_duty(day, hour);
            let visits = VISITS_A_STEP * self.bustle * bustle * week * pace.rate;
            for step in 0..60 / STEP_MINUTES {
                for _ in 0..3 {
                    if dice.chance(visits / 3.0) {
                        let minute = hour as i64 * 60 + step * STEP_MINUTES;
                        let second = minute * 60 + dice.below(STEP_MINUTES as u64 * 60) as i64;
                        let wall = moment(day, second, zone);
                        let quality = self.quality + mood + mood_of_the_day + person.map_or(0.0, |(_, q)| q);
                        facts.push(self.visit(wall, person.map(|(no, _)| no), quality, dice));
                    }
                }
            }
        }
    }

    /// Ratings that may be expected of such a weekday.
    pub fn expected(&self, weekday: i8) -> f64 {
        let Some((open, week)) = opening(weekday, self.works_on_saturday) else { return 0.0 };
        let steps = (60 / STEP_MINUTES) as f64;
        let visits: f64 = BUSTLE.iter().take(open).map(|b| VISITS_A_STEP * self.bustle * b * week * steps).sum();
        visits * (BY_PHONE + (1.0 - BY_PHONE) * self.participation)
    }

    /// One window in seventeen goes down within the time, the others move a little.
    fn trend(&self) -> f64 {
        if self.habit.is_multiple_of(17) { -0.6 } else { ((self.habit >> 8) % 100) as f64 / 500.0 - 0.1 }
    }

    /// Two people share a day; who begins changes from day to day.
    fn on_duty(&self, day: Date, hour: usize) -> Option<(&'a StaffNo, f64)> {
        let shift = usize::from(day.day().unsigned_abs()) + usize::from(hour >= 4);
        self.people.get(shift.checked_rem(self.people.len())?).copied()
    }

    fn visit(&self, wall: WallMs, staff: Option<&StaffNo>, quality: f64, dice: &mut Dice) -> Fact {
        let by_phone = dice.chance(BY_PHONE);
        let rated = by_phone || dice.chance(self.participation);
        let level = rated.then(|| level(quality, dice)).flatten();
        Fact {
            ledger: SAMPLE_LEDGER,
            visit: 0,
            sign: 1,
            hall: self.board.hall.id.clone(),
            service_window: self.at.id.clone(),
            staff: staff.cloned(),
            item: self
                .items
                .get(dice.weighted(&falling(self.items.len())))
                .filter(|_| dice.chance(0.85))
                .map(|&i| i.clone()),
            channel: if by_phone { Channel::Phone } else { Channel::Kiosk },
            level,
            wall,
            grade: [ClockGrade::A, ClockGrade::B, ClockGrade::C][dice.weighted(&[0.985, 0.012, 0.003])],
            flagged: level.is_some() && dice.chance(0.012),
            reasons: level.map_or_else(Vec::new, |l| self.reasons(l, dice)),
            sample: true,
        }
    }

    /// Unhappy people say more often why.
    fn reasons(&self, level: Satisfaction, dice: &mut Dice) -> Vec<TagCode> {
        let tags: Vec<&TagCode> = self.board.tags_for(level).map(|t| &t.code).collect();
        if tags.is_empty() || !dice.chance(if level.is_negative() { 0.72 } else { 0.3 }) {
            return Vec::new();
        }
        let mut weights: Vec<f64> = vec![1.0; tags.len()];
        let habit = usize::try_from(self.habit % tags.len() as u64).unwrap_or(0);
        weights[habit] += 2.5;
        let first = dice.weighted(&weights);
        let mut chosen = vec![tags[first].clone()];
        let second = dice.weighted(&weights);
        if second != first && dice.chance(0.4) {
            chosen.push(tags[second].clone());
        }
        chosen
    }
}

fn level(quality: f64, dice: &mut Dice) -> Option<Satisfaction> {
    let mut weights = LEVELS;
    for (weight, distance) in weights.iter_mut().zip([-3.0, -2.0, -1.0, 0.0, 1.0]) {
        *weight *= (quality * distance).exp();
    }
    Satisfaction::from_level(u8::try_from(dice.weighted(&weights)).unwrap_or(4) + 1)
}

/// Weights of which the first are the largest: a few items make most of the business.
fn falling(count: usize) -> Vec<f64> {
    (1..=count).map(|rank| 1.0 / rank as f64).collect()
}

/// About 0, most often within `spread`.
fn around(dice: &mut Dice, spread: f64) -> f64 {
    (dice.unit() + dice.unit() + dice.unit() - 1.5) * 1.4 * spread
}

/// `second` counts from 9:00 by the hall's clock.
fn moment(day: Date, second: i64, zone: &TimeZone) -> WallMs {
    let begin = day.to_datetime(Time::constant(9, 0, 0, 0));
    let time = begin.saturating_add(Span::new().seconds(second));
    let stamp = zone.to_timestamp(time).unwrap_or(Timestamp::UNIX_EPOCH);
    WallMs(stamp.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::path::Path;

    const TODAY: Date = Date::constant(2026, 11, 24);

    fn sample(seed: u64) -> (Board, Vec<Fact>) {
        let file = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/kiosk-config/board.toml"));
        let board = crate::config::board::load(file, None).unwrap();
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let facts = history(&board, &zone, TODAY, SAMPLE_DAYS, seed);
        (board, facts)
    }

    #[test]
    fn the_same_seed_makes_the_same_past() {
        assert_eq!(sample(1).1, sample(1).1);
        assert_ne!(sample(1).1, sample(2).1);
    }

    #[test]
    fn thirty_days_look_like_a_hall() {
        let (board, facts) = sample(1);
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let rated = facts.iter().filter(|f| f.level.is_some()).count();
        assert!((15_000..26_000).contains(&rated), "{rated} ratings");
        let mut served = BTreeMap::<_, (u32, u32, u32)>::new();
        let mut hours = [0; 24];
        for (at, fact) in facts.iter().enumerate() {
            let civil = zone.to_datetime(Timestamp::from_millisecond(fact.wall.0).unwrap());
            assert!(civil.date() < TODAY && TODAY.saturating_sub(Span::new().days(31)) < civil.date());
            assert!((9..17).contains(&civil.hour()) && civil.weekday() != jiff::civil::Weekday::Sunday, "{civil}");
            assert!(fact.sample && fact.ledger == SAMPLE_LEDGER && fact.visit == at as u64 + 1);
            assert!(at == 0 || facts[at - 1].wall <= fact.wall);
            hours[usize::from(civil.hour().unsigned_abs())] += 1;
            let window = served.entry(&fact.service_window).or_default();
            window.0 += 1;
            window.1 += u32::from(fact.level.is_some());
            window.2 += u32::from(fact.level.is_some_and(Satisfaction::is_negative));
            if let Some(staff) = &fact.staff {
                let card = board.staff(staff).unwrap();
                assert!(card.windows.is_empty() || card.windows.contains(&fact.service_window));
            }
            let level = fact.level;
            assert!(fact.reasons.iter().all(|r| board.tags_for(level.unwrap()).any(|t| t.code == *r)));
        }
        assert!(hours[12] * 3 < hours[10], "the lunch dip: {hours:?}");
        assert_eq!(served.len(), board.windows.len());
        let mut negative: Vec<f64> = Vec::new();
        for (window, (all, rated, bad)) in served {
            let participation = f64::from(rated) / f64::from(all);
            assert!((0.5..=0.92).contains(&participation), "{window}: {participation}");
            negative.push(f64::from(bad) / f64::from(rated));
        }
        negative.sort_by(f64::total_cmp);
        assert!(negative[0] < 0.04 && *negative.last().unwrap() > 1.5 * negative[0], "windows differ: {negative:?}");
    }
}
