//! `calendar.toml`: the official holidays and make-up days of each year.
//!
//! The file that ships is part of the program too, and is used where a centre has none of its own.

use std::path::Path;

use jiff::civil::{Date, Weekday};

use super::fault::{Faults, Form, Wrong};
use super::findings::Findings;
use super::reader::{Node, read_text};
use crate::domain::workdays::{Holiday, Schedule, WorkingCalendar};

/// The schedules that were known when the program was made.
const SHIPPED: &str = include_str!("../../kiosk-config/calendar.toml");
const MAX_YEARS: usize = 50;
const MAX_HOLIDAYS: usize = 30;
const MAX_MAKE_UP: usize = 10;
/// Days of one holiday.
const MAX_DAYS: i64 = 31;

/// Reads a calendar file.
///
/// # Errors
/// All [`Faults`] at once.
pub fn load(file: &Path) -> Result<WorkingCalendar, Faults> {
    super::load(file, read, check).map(|c| c.build())
}

/// The calendar that is part of the program.
pub fn shipped() -> WorkingCalendar {
    let (read, _) = read_text(Path::new("calendar.toml"), SHIPPED, read);
    // A test reads it; an empty one would count weekdays and say so.
    read.map_or_else(WorkingCalendar::default, Read::build)
}

struct Read {
    schedules: Vec<Schedule>,
    make_up_like: Weekday,
}

impl Read {
    fn build(self) -> WorkingCalendar {
        WorkingCalendar::new(self.schedules, self.make_up_like)
    }
}

fn read(node: &Node<'_>) -> Option<Read> {
    const DAYS: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];
    let make_up_like = node.choice("make_up_like", &DAYS, code, Weekday::Monday);
    Some(Read { schedules: node.each("years", MAX_YEARS, read_year), make_up_like })
}

fn code(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "monday",
        Weekday::Tuesday => "tuesday",
        Weekday::Wednesday => "wednesday",
        Weekday::Thursday => "thursday",
        Weekday::Friday => "friday",
        Weekday::Saturday => "saturday",
        Weekday::Sunday => "sunday",
    }
}

fn read_year(node: &Node<'_>) -> Option<Schedule> {
    let year = node.number_required("year", 2000, 2200);
    let source = node.line_maybe("source", 300);
    if !node.has("source") {
        node.report("source", Wrong::Missing);
    }
    let holidays = node.each("holidays", MAX_HOLIDAYS, read_holiday);
    Some(Schedule { year: i16::try_from(year?).ok()?, source: source?, holidays })
}

fn read_holiday(node: &Node<'_>) -> Option<Holiday> {
    let name = node.line_maybe("name", 30);
    if !node.has("name") {
        node.report("name", Wrong::Missing);
    }
    let (from, until) = (node.parsed::<Date>("from", Form::Date), node.parsed::<Date>("until", Form::Date));
    let make_up = node.parsed_list("make_up", MAX_MAKE_UP, Form::Date);
    Some(Holiday { name: name?, from: from?, until: until?, make_up })
}

fn check(read: &Read, found: &Findings) {
    let mut seen: Vec<(Date, String)> = Vec::new();
    for (y, schedule) in read.schedules.iter().enumerate() {
        let at = format!("years[{}]", y + 1);
        if let Some(first) = read.schedules[..y].iter().position(|s| s.year == schedule.year) {
            let first = format!("years[{}]", first + 1);
            found.report(&format!("{at}.year"), Wrong::Duplicate { found: schedule.year.to_string(), first });
        }
        for (h, holiday) in schedule.holidays.iter().enumerate() {
            let at = format!("{at}.holidays[{}]", h + 1);
            check_holiday(holiday, schedule.year, &at, &mut seen, found);
        }
    }
}

fn check_holiday(holiday: &Holiday, year: i16, at: &str, seen: &mut Vec<(Date, String)>, found: &Findings) {
    let Holiday { from, until, make_up, .. } = holiday;
    if until < from {
        let (from, until) = (from.to_string(), until.to_string());
        return found.report(&format!("{at}.until"), Wrong::UntilBeforeFrom { from, until });
    }
    let length = i64::from((*until - *from).get_days()) + 1;
    if length > MAX_DAYS {
        let wrong = Wrong::Range { found: length.to_string(), min: 1, max: MAX_DAYS.unsigned_abs() };
        return found.report(&format!("{at}.until"), wrong);
    }
    let days = from.series(jiff::Span::new().days(1)).take_while(|d| d <= until);
    let days = days.map(|d| (d, format!("{at}.from")));
    let make_up_days = make_up.iter().enumerate().map(|(i, d)| (*d, format!("{at}.make_up[{}]", i + 1)));
    for (day, path) in days.chain(make_up_days) {
        // New Year's days off may begin in December; a make-up day may lie in the next year.
        if (day.year() - year).abs() > 1 {
            found.report(
                &path,
                Wrong::Range { found: day.year().to_string(), min: near(year - 1), max: near(year + 1) },
            );
        }
        if let Some((_, first)) = seen.iter().find(|(d, _)| *d == day) {
            found.report(&path, Wrong::Duplicate { found: day.to_string(), first: first.clone() });
        }
        seen.push((day, path));
    }
    for (i, day) in make_up.iter().enumerate() {
        if !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            let wrong = Wrong::NotWeekend { found: day.to_string() };
            found.report(&format!("{at}.make_up[{}]", i + 1), wrong);
        }
    }
}

fn near(year: i16) -> u64 {
    u64::from(year.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::workdays::DayKind;
    use jiff::civil::date;

    fn faults(text: &str) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("calendar.toml");
        std::fs::write(&file, text).unwrap();
        load(&file).map_or_else(|f| f.0.into_iter().map(|f| f.path).collect(), |_| vec![])
    }

    #[test]
    fn the_shipped_schedules_have_as_many_working_days_as_the_state_council_gave() {
        assert_eq!(faults(SHIPPED), Vec::<String>::new());
        let calendar = shipped();
        let years: Vec<i16> = calendar.years().map(|(year, _)| year).collect();
        assert_eq!(years, [2025, 2026]);
        // 365 days, less 52 weekends and 13 days of statutory holidays, as the weekdays fall.
        for (year, working) in [(2025, 248), (2026, 248)] {
            let days = calendar.working_days_between(date(year - 1, 12, 31), date(year, 12, 31));
            assert_eq!(days.days, working, "{year}");
        }
        assert_eq!(calendar.kind(date(2026, 10, 10)), DayKind::MakeUp("国庆节"));
        assert_eq!(calendar.kind(date(2025, 10, 8)), DayKind::Holiday("国庆节、中秋节"));
        assert!(!calendar.knows(date(2027, 1, 1)));
        // Every make-up day lies within a fortnight of its holiday.
        assert!(calendar.is_working_day(date(2026, 2, 28)) && !calendar.is_working_day(date(2026, 2, 16)));
    }

    #[test]
    fn what_is_wrong_is_named_where_it_stands() {
        let year = |holidays: &str| format!("[[years]]\nyear = 2026\nsource = \"x\"\nholidays = [{holidays}]\n");
        for (text, path) in [
            (year("{ name = \"a\", from = \"2026-05-05\", until = \"2026-05-01\" }"), "years[1].holidays[1].until"),
            (year("{ name = \"a\", from = \"2026-05-01\", until = \"2026-09-01\" }"), "years[1].holidays[1].until"),
            (
                year("{ name = \"a\", from = \"2026-05-01\", until = \"2026-05-01\", make_up = [\"2026-05-06\"] }"),
                "years[1].holidays[1].make_up[1]",
            ),
            (
                year("{ name = \"a\", from = \"2026-05-02\", until = \"2026-05-03\", make_up = [\"2026-05-03\"] }"),
                "years[1].holidays[1].make_up[1]",
            ),
            (year("{ name = \"a\", from = \"2028-05-01\", until = \"2028-05-01\" }"), "years[1].holidays[1].from"),
            (year("{ from = \"2026-05-01\", until = \"2026-05-01\" }"), "years[1].holidays[1].name"),
            (format!("{}{}", year(""), year("")), "years[2].year"),
            ("make_up_like = \"funday\"".to_owned(), "make_up_like"),
            ("[[years]]\nyear = 2026\n".to_owned(), "years[1].source"),
        ] {
            assert_eq!(faults(&text), [path], "{text}");
        }
    }
}
