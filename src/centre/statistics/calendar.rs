//! Wall times to slots: the civil day and hour in the centre's time zone as one number.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::domain::time::{ClockGrade, WallMs};

/// Slots of one day: 24 hours, then one for visits whose hour is not known.
pub const SLOTS_PER_DAY: i64 = 25;
/// The hour of [`ClockGrade::C`].
pub const UNTIMED: i64 = 24;
/// No zone of our time has an offset that is not a multiple of it, so a quarter lies in one civil hour.
const QUARTER_MS: i64 = 15 * 60 * 1000;
const EPOCH: Date = Date::constant(1970, 1, 1);

/// Turns wall times into slots; remembers the last quarter of an hour, since facts come in the order of time.
#[derive(Debug)]
pub struct Calendar {
    zone: TimeZone,
    last: Option<(i64, i64)>,
}

impl Calendar {
    pub fn new(zone: TimeZone) -> Self {
        Self { zone, last: None }
    }

    /// `day * 25 + hour`; the last slot of its day for grade C.
    pub fn slot(&mut self, wall: WallMs, grade: ClockGrade) -> i64 {
        let quarter = wall.0.div_euclid(QUARTER_MS);
        let slot = match self.last {
            Some((q, slot)) if q == quarter => slot,
            _ => {
                let slot = hour_slot(&self.zone, quarter.saturating_mul(QUARTER_MS));
                self.last = Some((quarter, slot));
                slot
            }
        };
        if grade == ClockGrade::C { day_of(slot) * SLOTS_PER_DAY + UNTIMED } else { slot }
    }
}

/// Times that no calendar holds go to 1970, where nobody asks for them.
fn hour_slot(zone: &TimeZone, ms: i64) -> i64 {
    let time = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    let civil = zone.to_datetime(time);
    day_number(civil.date()) * SLOTS_PER_DAY + i64::from(civil.hour())
}

/// Days since 1970-01-01.
pub fn day_number(date: Date) -> i64 {
    i64::from((date - EPOCH).get_days())
}

/// The inverse of [`day_number`]; the calendar's end for days beyond it.
pub fn date_of(day: i64) -> Date {
    let days = i32::try_from(day).unwrap_or(0).clamp(-4_000_000, 2_900_000);
    EPOCH.saturating_add(Span::new().days(days))
}

pub fn day_of(slot: i64) -> i64 {
    slot.div_euclid(SLOTS_PER_DAY)
}

/// 0 to 23, or none for visits without a trusted hour.
pub fn hour_of(slot: i64) -> Option<i64> {
    Some(slot.rem_euclid(SLOTS_PER_DAY)).filter(|&h| h < UNTIMED)
}

/// 1 Monday to 7 Sunday.
pub fn weekday_of(day: i64) -> i64 {
    // 1970-01-01 was a Thursday.
    (day + 3).rem_euclid(7) + 1
}

/// `year * 12 + month − 1`
pub fn month_of(day: i64) -> i64 {
    let date = date_of(day);
    i64::from(date.year()) * 12 + i64::from(date.month()) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(text: &str) -> WallMs {
        WallMs(text.parse::<Timestamp>().unwrap().as_millisecond())
    }

    fn slot(zone: &str, text: &str) -> (String, Option<i64>) {
        let mut calendar = Calendar::new(TimeZone::get(zone).unwrap());
        let slot = calendar.slot(wall(text), ClockGrade::A);
        (date_of(day_of(slot)).to_string(), hour_of(slot))
    }

    #[test]
    fn days_and_hours_are_those_of_the_zone() {
        for (zone, utc, day, hour) in [
            ("Asia/Shanghai", "2026-10-31T15:59:59Z", "2026-10-31", 23),
            ("Asia/Shanghai", "2026-10-31T16:00:00Z", "2026-11-01", 0),
            ("Asia/Kathmandu", "2026-11-01T18:14:59Z", "2026-11-01", 23),
            ("Asia/Kathmandu", "2026-11-01T18:15:00Z", "2026-11-02", 0),
            // Berlin leaves summer time on 2026-10-25: the hour from 2 to 3 comes twice.
            ("Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25", 2),
            ("Europe/Berlin", "2026-10-25T01:30:00Z", "2026-10-25", 2),
            ("Europe/Berlin", "2026-10-25T02:30:00Z", "2026-10-25", 3),
            // and enters it on 2026-03-29: the hour from 2 to 3 does not come.
            ("Europe/Berlin", "2026-03-29T00:59:59Z", "2026-03-29", 1),
            ("Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29", 3),
        ] {
            assert_eq!(slot(zone, utc), (day.to_owned(), Some(hour)), "{zone} {utc}");
        }
    }

    #[test]
    fn the_remembered_quarter_changes_nothing() {
        let zone = TimeZone::get("Australia/Lord_Howe").unwrap();
        let mut used = Calendar::new(zone.clone());
        let start = wall("2026-10-03T00:00:00Z").0;
        for step in 0..2_000 {
            let at = WallMs(start + step * 97_001);
            let fresh = Calendar::new(zone.clone()).slot(at, ClockGrade::B);
            assert_eq!(used.slot(at, ClockGrade::B), fresh);
            assert_eq!(day_of(fresh), day_number(zone.to_datetime(Timestamp::from_millisecond(at.0).unwrap()).date()));
        }
    }

    #[test]
    fn grade_c_has_a_day_and_no_hour_and_impossible_times_do_not_fail() {
        let mut calendar = Calendar::new(TimeZone::UTC);
        let slot = calendar.slot(wall("2026-11-02T10:00:00Z"), ClockGrade::C);
        assert_eq!((hour_of(slot), date_of(day_of(slot)).to_string()), (None, "2026-11-02".to_owned()));
        for ms in [i64::MIN, i64::MAX] {
            assert_eq!(day_of(calendar.slot(WallMs(ms), ClockGrade::C)), 0);
        }
    }

    #[test]
    fn weekdays_and_months_follow_from_the_day() {
        for offset in [-1_000, 0, 20_000, 20_759] {
            let date = date_of(offset);
            assert_eq!(day_number(date), offset);
            assert_eq!(weekday_of(offset), i64::from(date.weekday().to_monday_one_offset()));
            assert_eq!(month_of(offset), i64::from(date.year()) * 12 + i64::from(date.month()) - 1);
        }
    }
}
