//! 长效机制: what comes round by the calendar without anyone remembering. Pure: which rounds are due on a day.

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};

use super::appraisal::Period;
use super::named_period::NamedPeriod;
use super::rating::coded;
use super::workdays::WorkingCalendar;

/// Rounds of one cycle that a centre which stood still makes up for.
const CATCH_UP: i32 = 2;

coded! {
    /// What comes round.
    Cycle {
        /// 每周：超期清单
        WeeklyOverdue = "weekly_overdue",
        /// 每月：通报
        MonthlyReport = "monthly_report",
        /// 每季：评选
        QuarterlySelection = "quarterly_selection",
        /// 每年：年底测评
        YearlyAssessment = "yearly_assessment",
    }
}

/// One round: a cycle in a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    pub cycle: Cycle,
    /// `2026-W48`, `2026-11`, `2026-Q4`, `2026`
    pub period: String,
    /// What it looks back on.
    pub days: Period,
    /// The working day on which it is made.
    pub on: Date,
}

impl Cycle {
    /// The round that looks back on the period `back` periods before that of `today`; 0: the one that is not over yet.
    fn round(self, calendar: &WorkingCalendar, working_day: u16, today: Date, back: i32) -> Option<Round> {
        let named = match self {
            Self::WeeklyOverdue => return week(calendar, working_day, today, back),
            Self::MonthlyReport => NamedPeriod::month_of(today.first_of_month().checked_sub(back.months()).ok()?),
            Self::QuarterlySelection => {
                NamedPeriod::quarter_of(today.first_of_month().checked_sub(Span::new().months(back * 3)).ok()?)
            }
            Self::YearlyAssessment => NamedPeriod::year_of(today.first_of_year().checked_sub(back.years()).ok()?),
        };
        let days = named.days();
        let on = calendar.add_working_days(days.to, working_day.max(1)).date;
        Some(Round { cycle: self, period: named.code(), days, on })
    }

    /// Rounds that are to be made by `today`, the earliest first: of periods that ended on or after `since`, and at most two
    /// back. `working_day`: the first, second … working day after the period.
    pub fn due(self, calendar: &WorkingCalendar, working_day: u16, since: Date, today: Date) -> Vec<Round> {
        let rounds = (1..=CATCH_UP).rev().filter_map(|back| self.round(calendar, working_day, today, back));
        rounds.filter(|r| r.on <= today && r.days.to >= since).collect()
    }

    /// The next round after `today`.
    pub fn next(self, calendar: &WorkingCalendar, working_day: u16, today: Date) -> Option<Round> {
        (0..=CATCH_UP).rev().filter_map(|back| self.round(calendar, working_day, today, back)).find(|r| r.on > today)
    }
}

/// Monday to Sunday.
fn week(calendar: &WorkingCalendar, working_day: u16, today: Date, back: i32) -> Option<Round> {
    let weekday = i32::from(today.weekday().to_monday_zero_offset());
    let monday = today.checked_sub((weekday + back * 7).days()).ok()?;
    let days = Period { from: monday, to: monday.checked_add(6.days()).ok()? };
    let on = calendar.add_working_days(days.to, working_day.max(1)).date;
    let iso = monday.iso_week_date();
    Some(Round { cycle: Cycle::WeeklyOverdue, period: format!("{}-W{:02}", iso.year(), iso.week()), days, on })
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Weekday, date};
    use proptest::prelude::*;

    use super::super::workdays::{Holiday, Schedule};
    use super::*;

    /// National Day from the 1st to the 7th of October 2026.
    fn calendar() -> WorkingCalendar {
        let holiday = Holiday {
            name: "国庆节".to_owned(),
            from: date(2026, 10, 1),
            until: date(2026, 10, 7),
            make_up: vec![date(2026, 10, 10)],
        };
        let schedule = Schedule { year: 2026, source: "测试".to_owned(), holidays: vec![holiday] };
        WorkingCalendar::new([schedule], Weekday::Monday)
    }

    fn due(cycle: Cycle, working_day: u16, today: Date) -> Vec<String> {
        cycle.due(&calendar(), working_day, date(2020, 1, 1), today).into_iter().map(|r| r.period).collect()
    }

    #[test]
    fn each_cycle_looks_back_on_what_is_over_on_its_working_day() {
        // Monday the 23rd of November.
        assert_eq!(due(Cycle::WeeklyOverdue, 1, date(2026, 11, 23)), ["2026-W46", "2026-W47"]);
        assert_eq!(due(Cycle::WeeklyOverdue, 1, date(2026, 11, 22)), ["2026-W45", "2026-W46"]);
        // September is reported on the second working day of October, after the holidays.
        assert_eq!(due(Cycle::MonthlyReport, 2, date(2026, 10, 8)), ["2026-08"]);
        assert_eq!(due(Cycle::MonthlyReport, 2, date(2026, 10, 9)), ["2026-08", "2026-09"]);
        assert_eq!(due(Cycle::QuarterlySelection, 1, date(2026, 10, 8)), ["2026-Q2", "2026-Q3"]);
        assert_eq!(due(Cycle::YearlyAssessment, 1, date(2026, 1, 2)), ["2024", "2025"]);
        let next = Cycle::MonthlyReport.next(&calendar(), 2, date(2026, 10, 1)).unwrap();
        assert_eq!((next.period.as_str(), next.on), ("2026-09", date(2026, 10, 9)));
        let next = Cycle::MonthlyReport.next(&calendar(), 2, date(2026, 10, 9)).unwrap();
        assert_eq!((next.period.as_str(), next.on), ("2026-10", date(2026, 11, 3)));
    }

    #[test]
    fn nothing_is_made_of_periods_before_the_centre_began() {
        let began = date(2026, 11, 20);
        let rounds = Cycle::MonthlyReport.due(&calendar(), 1, began, date(2026, 12, 2));
        assert_eq!(rounds.iter().map(|r| r.period.as_str()).collect::<Vec<_>>(), ["2026-11"]);
        assert!(Cycle::MonthlyReport.due(&calendar(), 1, began, date(2026, 11, 25)).is_empty());
    }

    proptest! {
        #[test]
        fn every_round_comes_once_on_a_working_day(start in 0_i32..600, cycle in 0..Cycle::ALL.len(), n in 1_u16..10) {
            let (cycle, calendar) = (Cycle::ALL[cycle], calendar());
            let first = date(2026, 1, 1).saturating_add(start.days());
            let mut made: Vec<Round> = Vec::new();
            for day in 0..60 {
                let today = first.saturating_add(day.days());
                for round in cycle.due(&calendar, n, date(2020, 1, 1), today) {
                    if !made.iter().any(|r| r.period == round.period) {
                        prop_assert!(day == 0 || round.on == today, "{round:?} on {today}");
                        prop_assert!(calendar.is_working_day(round.on) && round.on > round.days.to);
                        made.push(round);
                    }
                }
            }
        }
    }
}
