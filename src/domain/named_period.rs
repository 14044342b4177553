//! Months, quarters and years by name: `2026-11`, `2026-Q4`, `2026`.

use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::appraisal::Period;

/// Years that are taken from outside.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2199;

/// A month, a quarter or a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NamedPeriod {
    Year(i16),
    /// 1 to 4.
    Quarter(i16, i8),
    /// 1 to 12.
    Month(i16, i8),
}

impl NamedPeriod {
    /// Reads its code.
    pub fn parse(code: &str) -> Option<Self> {
        let (year, rest) = match code.split_once('-') {
            Some((year, rest)) => (year, Some(rest)),
            None => (code, None),
        };
        let digits = |text: &str, len: usize| text.len() == len && text.bytes().all(|b| b.is_ascii_digit());
        let year = year.parse().ok().filter(|y| digits(year, 4) && YEARS.contains(y))?;
        match rest {
            None => Some(Self::Year(year)),
            Some(quarter) if quarter.starts_with('Q') => {
                let n = quarter[1..].parse().ok().filter(|n| quarter.len() == 2 && (1..=4).contains(n))?;
                Some(Self::Quarter(year, n))
            }
            Some(month) => {
                let n = month.parse().ok().filter(|n| digits(month, 2) && (1..=12).contains(n))?;
                Some(Self::Month(year, n))
            }
        }
    }

    /// `2026-11`, `2026-Q4`, `2026`
    pub fn code(self) -> String {
        match self {
            Self::Year(year) => year.to_string(),
            Self::Quarter(year, n) => format!("{year}-Q{n}"),
            Self::Month(year, n) => format!("{year}-{n:02}"),
        }
    }

    /// Its days.
    pub fn days(self) -> Period {
        let (year, first, months) = match self {
            Self::Year(year) => (year, 1, 12),
            Self::Quarter(year, n) => (year, 3 * n - 2, 3),
            Self::Month(year, n) => (year, n, 1),
        };
        // Year and month are within their bounds.
        let from = Date::new(year, first, 1).unwrap_or(Date::ZERO);
        let last = from.saturating_add(Span::new().months(months - 1));
        Period { from, to: last.last_of_month() }
    }

    pub fn month_of(day: Date) -> Self {
        Self::Month(day.year(), day.month())
    }

    pub fn quarter_of(day: Date) -> Self {
        Self::Quarter(day.year(), (day.month() - 1) / 3 + 1)
    }

    pub fn year_of(day: Date) -> Self {
        Self::Year(day.year())
    }

    /// Those that have begun by `today`, to choose from: the latest months, quarters and years, the latest of each first.
    pub fn choices(today: Date) -> Vec<Self> {
        let back = |months: i32| today.first_of_month().saturating_sub(Span::new().months(months));
        let months = (0..13).map(|n| Self::month_of(back(n)));
        let quarters = (0..5).map(|n| Self::quarter_of(back(3 * n)));
        months.chain(quarters).chain((0..3).map(|n| Self::year_of(back(12 * n)))).collect()
    }
}

impl std::fmt::Display for NamedPeriod {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.code())
    }
}

impl Serialize for NamedPeriod {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.code())
    }
}

impl<'de> Deserialize<'de> for NamedPeriod {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a month 2026-11, a quarter 2026-Q4 or a year 2026"))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn codes_are_read_back_and_nothing_else_is_taken() {
        for code in ["2026", "2026-Q1", "2026-Q4", "2026-01", "2026-12"] {
            assert_eq!(NamedPeriod::parse(code).unwrap().code(), code);
        }
        for bad in [
            "", "26", "1999", "2026-", "2026-Q0", "2026-Q5", "2026-Q", "2026-Q11", "2026-13", "2026-1", "+026",
            "2026-+1",
        ] {
            assert_eq!(NamedPeriod::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        let days = |code: &str| NamedPeriod::parse(code).unwrap().days();
        assert_eq!(days("2024-02").to, date(2024, 2, 29));
        assert_eq!((days("2026-Q4").from, days("2026-Q4").to), (date(2026, 10, 1), date(2026, 12, 31)));
        assert_eq!((days("2026").from, days("2026").to), (date(2026, 1, 1), date(2026, 12, 31)));
        assert!(days("2026-Q4").holds(date(2026, 11, 30)));
        let today = date(2026, 12, 1);
        let choices = NamedPeriod::choices(today);
        assert_eq!(choices[0].code(), "2026-12");
        assert!(choices.iter().all(|c| c.days().from <= today));
        assert!(choices.contains(&NamedPeriod::Quarter(2025, 4)) && choices.contains(&NamedPeriod::Year(2024)));
    }
}
