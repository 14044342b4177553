//! 开放时间: when the hall is open, by weekday.

use std::str::FromStr;

use jiff::civil::{DateTime, Weekday};

use super::id::HallId;

/// Minutes since midnight, from the first (included) to the last (excluded).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub from_min: u16,
    pub to_min: u16,
}

impl FromStr for Period {
    type Err = ();

    /// `09:00-12:00`; the end may be `24:00`.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (from, to) = text.split_once(['-', '–']).ok_or(())?;
        let (from_min, to_min) = (minute(from)?, minute(to)?);
        if from_min < to_min { Ok(Self { from_min, to_min }) } else { Err(()) }
    }
}

fn minute(text: &str) -> Result<u16, ()> {
    let (hour, minute) = text.trim().split_once(':').ok_or(())?;
    let two = |part: &str| (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok());
    match (two(hour).flatten(), two(minute).flatten()) {
        (Some(24u16), Some(0u16)) => Ok(24 * 60),
        (Some(h @ 0..=23), Some(m @ 0..=59)) => Ok(h * 60 + m),
        _ => Err(()),
    }
}

/// Opening periods, Monday first; a day without any is closed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OpeningHours(pub [Vec<Period>; 7]);

impl OpeningHours {
    /// True within a period, by the hall's civil time and the weekday alone; [`super::workdays::WorkingCalendar`] knows
    /// holidays and make-up days as well.
    pub fn is_open(&self, at: DateTime) -> bool {
        holds(self.of(at.weekday()), at)
    }

    pub fn of(&self, day: Weekday) -> &[Period] {
        &self.0[usize::from(day.to_monday_zero_offset().unsigned_abs())]
    }
}

/// Opening hours of halls: their own, or those of all others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HallHours {
    pub others: OpeningHours,
    pub own: Vec<(HallId, OpeningHours)>,
}

impl HallHours {
    pub fn of(&self, hall: &HallId) -> &OpeningHours {
        self.own.iter().find(|(id, _)| id == hall).map_or(&self.others, |(_, hours)| hours)
    }
}

impl Default for HallHours {
    /// Monday to Friday from nine to five: better silent than crying wolf at night.
    fn default() -> Self {
        let day = || vec![Period { from_min: 9 * 60, to_min: 17 * 60 }];
        let others = OpeningHours([day(), day(), day(), day(), day(), vec![], vec![]]);
        Self { others, own: Vec::new() }
    }
}

/// Whether one of the day's periods holds the minute of `at`.
pub fn holds(periods: &[Period], at: DateTime) -> bool {
    let minute = i32::from(at.hour()) * 60 + i32::from(at.minute());
    periods.iter().any(|p| (i32::from(p.from_min)..i32::from(p.to_min)).contains(&minute))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_period_has_two_plain_times_in_order() {
        assert_eq!("09:00-12:30".parse(), Ok(Period { from_min: 540, to_min: 750 }));
        assert_eq!("00:00-24:00".parse(), Ok(Period { from_min: 0, to_min: 1440 }));
        for bad in
            ["", "9:00-12:00", "09:00", "12:00-09:00", "09:00-09:00", "09:60-10:00", "24:01-25:00", "+9:00-10:00"]
        {
            assert!(bad.parse::<Period>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_hall_is_open_from_the_first_minute_to_before_the_last() {
        let mut hours = OpeningHours::default();
        hours.0[0] = vec!["09:00-12:00".parse().unwrap(), "13:30-17:00".parse().unwrap()];
        let monday = date(2026, 11, 23);
        for (hour, min, open) in
            [(8, 59, false), (9, 0, true), (11, 59, true), (12, 0, false), (13, 30, true), (17, 0, false)]
        {
            assert_eq!(hours.is_open(monday.at(hour, min, 0, 0)), open, "{hour}:{min}");
        }
        assert!(!hours.is_open(date(2026, 11, 24).at(10, 0, 0, 0)));
    }
}
