//! What the first page asks, and the answers.

use jiff::Span;
use jiff::civil::Date;

use crate::domain::id::HallId;
use crate::domain::query::{Answer, Dimension, Filter, Order, Query};
use crate::domain::rating::Satisfaction;

/// Periods that the page offers, in days.
pub const PERIODS: [i32; 3] = [7, 30, 90];

/// What the page is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    pub today: Date,
    pub days: i32,
    /// None: all halls that the viewer reaches.
    pub hall: Option<HallId>,
    pub min_n: u64,
}

/// The answers, in the order of [`questions`].
#[derive(Debug, Clone)]
pub struct Figures {
    pub now: Answer,
    pub before: Answer,
    pub last_year: Answer,
    pub days: Answer,
    pub windows: Answer,
    /// The last quarter of the period, by window.
    pub recent: Answer,
    pub staff: Answer,
    pub complaints: Answer,
    pub complaints_before: Answer,
}

/// What is asked for a period that ends today.
pub fn questions(about: &About) -> [Query; 9] {
    let back = |date: Date, days: i32| date.saturating_sub(Span::new().days(days));
    let (from, to) = (back(about.today, about.days - 1), about.today);
    let halls = about.hall.iter().map(|h| Filter { dimension: Dimension::Hall, values: vec![h.to_string()] });
    let filters: Vec<Filter> = halls.collect();
    let plain =
        |by, order| Query { by, from, to, filters: filters.clone(), order, min_n: about.min_n, unflagged_only: false };
    let whole = plain(None, Order::Key);
    let windows = plain(Some(Dimension::ServiceWindow), Order::Ranking);
    let recent = Query { from: back(to, (about.days / 4).max(1) - 1), ..windows.clone() };
    let negative = Satisfaction::ALL.iter().filter(|l| l.is_negative()).map(|l| l.code().to_owned()).collect();
    let mut complaints = plain(Some(Dimension::Reason), Order::Count);
    complaints.filters.push(Filter { dimension: Dimension::Level, values: negative });
    let earlier = |query: &Query| Query { from: back(from, about.days), to: back(from, 1), ..query.clone() };
    let year = Span::new().years(1);
    let last_year = Query { from: from.saturating_sub(year), to: to.saturating_sub(year), ..whole.clone() };
    [
        whole.clone(),
        earlier(&whole),
        last_year,
        plain(Some(Dimension::Day), Order::Key),
        windows,
        recent,
        plain(Some(Dimension::Staff), Order::Ranking),
        complaints.clone(),
        earlier(&complaints),
    ]
}

impl From<[Answer; 9]> for Figures {
    fn from(answers: [Answer; 9]) -> Self {
        let [now, before, last_year, days, windows, recent, staff, complaints, complaints_before] = answers;
        Self { now, before, last_year, days, windows, recent, staff, complaints, complaints_before }
    }
}

/// A period in which little was recorded, such as the days before the first kiosk, says nothing about how much is done.
pub fn is_thin(then: &Answer, now: &Answer) -> bool {
    then.total.served.unwrap_or(0) * 2 < now.total.served.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(today: Date, days: i32) -> [Query; 9] {
        questions(&About { today, days, hall: HallId::new("H1").ok(), min_n: 10 })
    }

    #[test]
    fn the_period_before_ends_where_this_one_begins_and_last_years_has_its_dates() {
        let [now, before, last_year, ..] = asked(Date::constant(2026, 11, 24), 30);
        assert_eq!((now.from.to_string(), before.to.to_string()), ("2026-10-26".into(), "2026-10-25".into()));
        assert_eq!(before.from.to_string(), "2026-09-26");
        assert_eq!((last_year.from.to_string(), last_year.to.to_string()), ("2025-10-26".into(), "2025-11-24".into()));
        let leap = asked(Date::constant(2028, 2, 29), 7);
        assert_eq!(leap[2].to.to_string(), "2027-02-28");
    }

    #[test]
    fn the_recent_days_lie_within_the_period_and_every_question_keeps_to_the_hall() {
        for days in PERIODS {
            let all = asked(Date::constant(2026, 11, 24), days);
            assert!(all[5].from > all[4].from && all[5].to == all[4].to, "{days}");
            assert!(all.iter().all(|q| q.filters.iter().any(|f| f.dimension == Dimension::Hall && f.values == ["H1"])));
            assert_eq!((all[7].filters.len(), all[8].filters.len()), (2, 2));
        }
    }
}
