//! Deadlines over holidays, make-up days and years of which nothing is known yet.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;

fn calendar() -> WorkingCalendar {
    let spring = Holiday {
        name: "春节".into(),
        from: date(2026, 2, 15),
        until: date(2026, 2, 23),
        make_up: vec![date(2026, 2, 14), date(2026, 2, 28)],
    };
    let schedule = Schedule { year: 2026, source: "a notice".into(), holidays: vec![spring] };
    WorkingCalendar::new([schedule], Weekday::Friday)
}

fn hours() -> OpeningHours {
    let day = |text: &str| vec![text.parse().unwrap()];
    let mut hours = OpeningHours(std::array::from_fn(|_| day("09:00-17:00")));
    hours.0[4] = day("09:00-12:00");
    (hours.0[5], hours.0[6]) = (vec![], vec![]);
    hours
}

#[test]
fn a_make_up_saturday_is_worked_and_a_holiday_monday_is_not() {
    let c = calendar();
    for (day, kind) in [
        (date(2026, 2, 13), DayKind::Weekday),
        (date(2026, 2, 14), DayKind::MakeUp("春节")),
        (date(2026, 2, 16), DayKind::Holiday("春节")),
        (date(2026, 2, 23), DayKind::Holiday("春节")),
        (date(2026, 2, 24), DayKind::Weekday),
        (date(2026, 3, 1), DayKind::Weekend),
    ] {
        assert_eq!(c.kind(day), kind, "{day}");
    }
}

#[test]
fn deadlines_step_over_holidays_and_use_make_up_days() {
    let c = calendar();
    let due = |from, days| c.add_working_days(from, days);
    // Friday the 13th: Saturday the 14th is worked, then nine days are off.
    assert_eq!(due(date(2026, 2, 13), 1), Due { date: date(2026, 2, 14), is_certain: true });
    assert_eq!(due(date(2026, 2, 13), 2).date, date(2026, 2, 24));
    assert_eq!(due(date(2026, 2, 13), 6).date, date(2026, 2, 28), "the second make-up day is the sixth");
    assert_eq!(due(date(2026, 2, 16), 0).date, date(2026, 2, 24), "no days: the first on which anybody works");
    assert_eq!(due(date(2026, 2, 24), 0).date, date(2026, 2, 24));
    let over_the_year = due(date(2026, 12, 30), 5);
    assert_eq!(over_the_year, Due { date: date(2027, 1, 6), is_certain: false }, "2027 is not published yet");
    assert_eq!(c.unknown_years(date(2026, 1, 1), date(2028, 1, 1)).into_iter().collect::<Vec<_>>(), [2027, 2028]);
    assert_eq!(due(Date::MAX, 3).date, Date::MAX);
}

#[test]
fn the_hall_is_closed_on_holidays_and_keeps_the_chosen_hours_on_make_up_days() {
    let (c, h) = (calendar(), hours());
    assert!(c.is_open(&h, date(2026, 2, 14).at(11, 0, 0, 0)));
    assert!(!c.is_open(&h, date(2026, 2, 14).at(14, 0, 0, 0)), "like a Friday");
    assert!(!c.is_open(&h, date(2026, 2, 17).at(11, 0, 0, 0)));
    assert!(c.is_open(&h, date(2026, 2, 25).at(16, 59, 0, 0)));
}

#[test]
fn working_time_counts_only_what_is_open_and_true_lengths_of_days() {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let (c, h) = (calendar(), hours());
    let at = |d: Date, hour| WallMs(zone.to_timestamp(d.at(hour, 0, 0, 0)).unwrap().as_millisecond());
    let hour = 3_600_000;
    // Friday 9 to 12, the make-up Saturday 9 to 12, then Tuesday the 24th from 9 to 10.
    assert_eq!(c.working_ms(at(date(2026, 2, 13), 8), at(date(2026, 2, 24), 10), &h, &zone), 7 * hour);
    assert_eq!(c.working_ms(at(date(2026, 2, 24), 10), at(date(2026, 2, 24), 10), &h, &zone), 0);
    assert_eq!(c.working_ms(at(date(2026, 2, 24), 10), at(date(2026, 2, 13), 10), &h, &zone), 0);
    // New York: 23 hours on 2026-03-08, 25 on 2026-11-01.
    let zone = TimeZone::get("America/New_York").unwrap();
    let always = OpeningHours(std::array::from_fn(|_| vec!["00:00-24:00".parse().unwrap()]));
    let at = |d: Date| WallMs(zone.to_timestamp(d.at(0, 0, 0, 0)).unwrap().as_millisecond());
    for (day, hours) in [(date(2026, 3, 8), 23), (date(2026, 11, 1), 25), (date(2026, 6, 1), 24)] {
        assert_eq!(c.working_ms(at(day), at(day.tomorrow().unwrap()), &always, &zone), hours * hour, "{day}");
    }
}

proptest! {
    #[test]
    fn a_deadline_is_a_working_day_and_counting_back_gives_its_days(offset in 0..900_i32, days in 0_u16..60) {
        let c = calendar();
        let from = date(2025, 6, 1).saturating_add(Span::new().days(offset));
        let due = c.add_working_days(from, days);
        prop_assert!(c.is_working_day(due.date) && due.date >= from);
        if days > 0 {
            prop_assert_eq!(c.working_days_between(from, due.date).days, u32::from(days));
        }
        prop_assert!(c.add_working_days(from, days + 1).date > due.date || days == 0);
    }
}
