//! 工作日: working days with the official holidays and make-up days, deadlines in them, and working time.
//!
//! The days themselves are data (`calendar.toml`), for each year's schedule is published only late in the year before. A
//! year without data falls back to Monday to Friday, and every answer that rests on such a year says so.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::hours::{OpeningHours, Period, holds};
use super::time::WallMs;

/// Working days that a deadline may lie ahead.
pub const MAX_WORKING_DAYS: u16 = 1_000;
/// Civil days that [`WorkingCalendar::working_ms`] looks at.
const MAX_DAYS: i32 = 3_660;

/// What a day is, as far as the calendar knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind<'a> {
    /// Monday to Friday, and no holiday.
    Weekday,
    Weekend,
    /// Off by the official schedule; the holiday's name in Chinese.
    Holiday(&'a str),
    /// 调休: a weekend day on which people work, for the holiday of this name.
    MakeUp(&'a str),
}

impl DayKind<'_> {
    pub fn is_working(self) -> bool {
        matches!(self, Self::Weekday | Self::MakeUp(_))
    }
}

/// A day that was counted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    pub date: Date,
    /// False: a year without data was counted through by weekdays alone, so the day may still move.
    pub is_certain: bool,
}

/// A number of working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    pub days: u32,
    /// False: a year without data is among them.
    pub is_certain: bool,
}

/// One holiday of the official schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    pub name: String,
    pub from: Date,
    pub until: Date,
    /// Weekend days on which people work for it.
    pub make_up: Vec<Date>,
}

/// One year's official schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    pub year: i16,
    /// The notice in which it was published.
    pub source: String,
    pub holidays: Vec<Holiday>,
}

/// All years of which there is data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingCalendar {
    sources: BTreeMap<i16, String>,
    names: Vec<String>,
    off: BTreeMap<Date, usize>,
    make_up: BTreeMap<Date, usize>,
    /// Whose opening hours a make-up day has.
    make_up_like: Weekday,
}

impl Default for WorkingCalendar {
    /// Knows no year: weekdays alone.
    fn default() -> Self {
        Self::new([], Weekday::Monday)
    }
}

impl WorkingCalendar {
    /// `make_up_like`: the weekday whose opening hours a make-up day has.
    pub fn new(schedules: impl IntoIterator<Item = Schedule>, make_up_like: Weekday) -> Self {
        let mut all = Self {
            sources: BTreeMap::new(),
            names: Vec::new(),
            off: BTreeMap::new(),
            make_up: BTreeMap::new(),
            make_up_like,
        };
        for schedule in schedules {
            all.sources.insert(schedule.year, schedule.source);
            for holiday in schedule.holidays {
                let name = all.names.len();
                all.names.push(holiday.name);
                let days = holiday.from.series(Span::new().days(1)).take_while(|d| *d <= holiday.until);
                all.off.extend(days.map(|d| (d, name)));
                all.make_up.extend(holiday.make_up.into_iter().map(|d| (d, name)));
            }
        }
        all
    }

    /// Years with data, and the notice each comes from.
    pub fn years(&self) -> impl Iterator<Item = (i16, &str)> {
        self.sources.iter().map(|(&year, source)| (year, source.as_str()))
    }

    /// Whether the official schedule of the day's year is known; else only weekends are days off.
    pub fn knows(&self, day: Date) -> bool {
        self.sources.contains_key(&day.year())
    }

    /// Years from `from` to `to` that fall back to weekdays.
    pub fn unknown_years(&self, from: Date, to: Date) -> BTreeSet<i16> {
        (from.year()..=to.year()).filter(|y| !self.sources.contains_key(y)).collect()
    }

    pub fn kind(&self, day: Date) -> DayKind<'_> {
        let name = |at: &usize| self.names.get(*at).map_or("", String::as_str);
        if let Some(at) = self.make_up.get(&day) {
            return DayKind::MakeUp(name(at));
        }
        if let Some(at) = self.off.get(&day) {
            return DayKind::Holiday(name(at));
        }
        match day.weekday() {
            Weekday::Saturday | Weekday::Sunday => DayKind::Weekend,
            _ => DayKind::Weekday,
        }
    }

    pub fn is_working_day(&self, day: Date) -> bool {
        self.kind(day).is_working()
    }

    /// The `days`-th working day after `from`, which itself does not count; with 0 days the first working day from `from`
    /// on. At most [`MAX_WORKING_DAYS`].
    pub fn add_working_days(&self, from: Date, days: u16) -> Due {
        let mut left = days.min(MAX_WORKING_DAYS);
        let (mut date, mut is_certain) = (from, self.knows(from));
        while left > 0 || !self.is_working_day(date) {
            let Ok(next) = date.tomorrow() else { return Due { date, is_certain: false } };
            date = next;
            is_certain &= self.knows(date);
            left = left.saturating_sub(u16::from(self.is_working_day(date)));
        }
        Due { date, is_certain }
    }

    /// Working days after `from`, up to and with `to`; 0 when `to` is not later.
    pub fn working_days_between(&self, from: Date, to: Date) -> Counted {
        let days = from.series(Span::new().days(1)).skip(1).take(MAX_DAYS as usize).take_while(|d| *d <= to);
        let days = u32::try_from(days.filter(|d| self.is_working_day(*d)).count()).unwrap_or(u32::MAX);
        Counted { days, is_certain: self.unknown_years(from, to).is_empty() }
    }

    /// Opening periods of a day: none on a holiday, those of the chosen weekday on a make-up day, else the weekday's own –
    /// a hall that opens on Saturdays opens on ordinary Saturdays.
    pub fn periods<'a>(&self, hours: &'a OpeningHours, day: Date) -> &'a [Period] {
        match self.kind(day) {
            DayKind::Holiday(_) => &[],
            DayKind::MakeUp(_) => hours.of(self.make_up_like),
            DayKind::Weekday | DayKind::Weekend => hours.of(day.weekday()),
        }
    }

    /// Whether the hall is open at a moment of its civil time.
    pub fn is_open(&self, hours: &OpeningHours, at: DateTime) -> bool {
        holds(self.periods(hours, at.date()), at)
    }

    /// Milliseconds between two moments in which the hall is open; those of the zone's 23- and 25-hour days are counted
    /// as they pass. 0 when `to` is not later; at most ten years are looked at.
    pub fn working_ms(&self, from: WallMs, to: WallMs, hours: &OpeningHours, zone: &TimeZone) -> i64 {
        let Ok(begin) = Timestamp::from_millisecond(from.0) else { return 0 };
        let first = zone.to_datetime(begin).date();
        let moment = |day: Date, minutes: u16| {
            let time = day.at(0, 0, 0, 0).saturating_add(Span::new().minutes(minutes));
            zone.to_timestamp(time).map_or(i64::MAX, |t| t.as_millisecond())
        };
        let mut sum = 0;
        for day in first.series(Span::new().days(1)).take(MAX_DAYS as usize) {
            if moment(day, 0) >= to.0 {
                break;
            }
            for period in self.periods(hours, day) {
                let (open, close) = (moment(day, period.from_min).max(from.0), moment(day, period.to_min).min(to.0));
                sum += (close - open).max(0);
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests;
