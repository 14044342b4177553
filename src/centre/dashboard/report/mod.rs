//! `/report?month=2026-10&hall=…`: a month on paper. Charts and tables, each figure with its n and interval, what was not
//! counted, definitions, and lines to sign. The browser's print makes the PDF.
//!
//! **Invariant of absence:** no rank without n and interval; no figure that the statistics page does not show as well.

mod sections;

use std::sync::Arc;

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use maud::{Markup, html};

use super::components::{Button, Choice, Empty, Field, Notice, Title};
use super::overview::{chosen, halls};
use crate::centre::access::StatisticsReader;
use crate::centre::clock;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::centre::statistics::api::{Pairs, Reading, defaults};
use crate::centre::statistics::labels::Labels;
use crate::domain::id::HallId;
use crate::domain::query::{Answer, Dimension, Filter, Order, Query};
use crate::domain::rating::Satisfaction;
use crate::words::Language;
use crate::words::report::Report as Words;

pub const ADDRESS: &str = "/report";

/// First and last day of what is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    pub first: Date,
    pub last: Date,
}

impl Month {
    /// `2026-10`, not after the month of `today`.
    pub fn parse(text: &str, today: Date) -> Option<Self> {
        let plain = text.len() == 7
            && text.bytes().enumerate().all(|(at, b)| if at == 4 { b == b'-' } else { b.is_ascii_digit() });
        let first: Date = format!("{text}-01").parse().ok().filter(|_| plain)?;
        (first <= today && first.year() >= 2000).then(|| Self::of(first))
    }

    /// The last one that is over.
    pub fn finished(today: Date) -> Self {
        Self::of(today.first_of_month().saturating_sub(Span::new().days(1)))
    }

    fn of(day: Date) -> Self {
        Self { first: day.first_of_month(), last: day.last_of_month() }
    }

    fn back(self, months: i32) -> Self {
        Self::of(self.first.saturating_sub(Span::new().months(months)))
    }

    fn code(self) -> String {
        self.first.strftime("%Y-%m").to_string()
    }
}

/// The answers, in the order of [`questions`].
struct Figures {
    now: Answer,
    before: Answer,
    last_year: Answer,
    unflagged: Answer,
    days: Answer,
    windows: Answer,
    staff: Answer,
    complaints: Answer,
    items: Answer,
    hours: Answer,
}

/// All that the report shows.
struct Sheet<'a> {
    labels: &'a Labels,
    figures: &'a Figures,
    min_n: u64,
    /// Groups may be hidden from this reader.
    suppressing: bool,
}

/// Asks all and draws the page: its title and content.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a hall that is not the reader's, [`ErrorCode::Forbidden`] for one's own figures only.
pub async fn report(
    site: &Arc<Site>,
    reader: StatisticsReader,
    language: Language,
    pairs: &Pairs,
) -> Result<(String, Markup), ApiFault> {
    if reader.only_staff.is_some() {
        return Err(ApiFault::new(ErrorCode::Forbidden));
    }
    let w = Words(language);
    let given =
        |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, value)| value.trim()).filter(|v| !v.is_empty());
    let halls = halls(site, reader.reach(), language);
    let hall = chosen(given("hall"), &halls)?;
    let defaults = defaults(site, language);
    let asked = given("month").map(|text| (text, Month::parse(text, defaults.today)));
    let month = asked.and_then(|(_, month)| month).unwrap_or_else(|| Month::finished(defaults.today));
    let wrong = asked.filter(|(_, month)| month.is_none()).map(|(text, _)| text.chars().take(20).collect::<String>());
    let (who, suppressing) = (reader.who.name.clone(), !reader.small_groups);
    let reading = Reading::new(site, reader, language);
    let questions = questions(month, defaults.today, hall.as_ref(), defaults.min_n);
    let [now, before, last_year, unflagged, days, windows, staff, complaints, items, hours] =
        reading.ask_all(site, questions).await?;
    let figures = Figures { now, before, last_year, unflagged, days, windows, staff, complaints, items, hours };
    let place = match &hall {
        Some(hall) => {
            halls.iter().find(|(id, _)| id == hall).map_or_else(|| hall.to_string(), |(_, name)| name.clone())
        }
        None if halls.len() == 1 => halls[0].1.clone(),
        None => w.everything().into_owned(),
    };
    let named = w.month_named(month.first.year(), month.first.month());
    let title = w.title(&place, &named).into_owned();
    let stamp = Timestamp::from_millisecond(clock::now().wall.0).unwrap_or(Timestamp::UNIX_EPOCH);
    let moment = site.settings.time_zone.to_datetime(stamp).strftime("%F %H:%M").to_string();
    let period = &figures.now.query;
    let lead = w.period(&period.from.to_string(), &period.to.to_string(), &moment, &who);
    let sheet = Sheet { labels: reading.labels(), figures: &figures, min_n: defaults.min_n, suppressing };
    let content = html! {
        (Title::new(language, title.as_str()).lead(lead))
        (choice(month, hall.as_ref(), &halls, wrong.as_deref(), language))
        @if month.last >= defaults.today { (Notice::note(w.unfinished()).standing()) }
        @if figures.now.sample { (Notice::note(w.sample()).standing()) }
        @if figures.now.total.served.unwrap_or(0) == 0 && figures.now.total.n.unwrap_or(0) == 0 { (Empty::new(w.no_ratings(), w.no_ratings_advice())) }
        @else { article.report { (sections::sections(&sheet)) } }
    };
    Ok((title, content))
}

/// What is asked: `today` cuts a month that is not over.
fn questions(month: Month, today: Date, hall: Option<&HallId>, min_n: u64) -> [Query; 10] {
    let filters: Vec<Filter> =
        hall.iter().map(|h| Filter { dimension: Dimension::Hall, values: vec![h.to_string()] }).collect();
    let of = |month: Month, by: Option<Dimension>, order: Order| Query {
        by,
        from: month.first,
        to: month.last.min(today),
        filters: filters.clone(),
        order,
        min_n,
        unflagged_only: false,
    };
    let negative = Satisfaction::ALL.iter().filter(|l| l.is_negative()).map(|l| l.code().to_owned()).collect();
    let mut complaints = of(month, Some(Dimension::Reason), Order::Count);
    complaints.filters.push(Filter { dimension: Dimension::Level, values: negative });
    [
        of(month, None, Order::Key),
        of(month.back(1), None, Order::Key),
        of(month.back(12), None, Order::Key),
        Query { unflagged_only: true, ..of(month, None, Order::Key) },
        of(month, Some(Dimension::Day), Order::Key),
        of(month, Some(Dimension::ServiceWindow), Order::Ranking),
        of(month, Some(Dimension::Staff), Order::Ranking),
        complaints,
        of(month, Some(Dimension::Item), Order::Count),
        of(month, Some(Dimension::Hour), Order::Key),
    ]
}

fn choice(
    month: Month,
    hall: Option<&HallId>,
    halls: &[(HallId, String)],
    wrong: Option<&str>,
    language: Language,
) -> Markup {
    let w = Words(language);
    let all = [(String::new(), w.every_hall().into_owned())];
    let options = all.into_iter().chain(halls.iter().map(|(id, name)| (id.to_string(), name.clone())));
    let error = wrong.map(|text| w.bad_month(text));
    html! {
        form.asking method="get" action=(ADDRESS) {
            (Field::month("month", w.month()).value(month.code()).error(error))
            @if halls.len() > 1 { (Choice::new("hall", w.hall(), options).chosen(hall.map_or_else(String::new, ToString::to_string))) }
            (Button::submit(w.show()).primary())
            button.button type="button" data-print hidden { (w.print()) }
            p.hint { (w.print_hint()) }
        }
        (super::assets::script("refresh.js"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = Date::constant(2026, 11, 24);

    #[test]
    fn a_month_is_whole_and_not_of_the_future() {
        let month = |text: &str| Month::parse(text, TODAY).map(|m| (m.first.to_string(), m.last.to_string()));
        assert_eq!(month("2026-02"), Some(("2026-02-01".to_owned(), "2026-02-28".to_owned())));
        assert_eq!(month("2026-11").unwrap().1, "2026-11-30");
        for wrong in ["2026-12", "2026-13", "2026-1", "26-10", "2026/10", "2026-10-01", "october", "", "１２３-10"] {
            assert_eq!(month(wrong), None, "{wrong:?}");
        }
        assert_eq!(Month::finished(TODAY).code(), "2026-10");
        assert_eq!(Month::finished(Date::constant(2026, 1, 5)).code(), "2025-12");
    }

    #[test]
    fn the_months_compared_are_the_one_before_and_the_same_of_last_year() {
        let asked = |month: &str| questions(Month::parse(month, TODAY).unwrap(), TODAY, None, 10);
        let [now, before, last_year, ..] = asked("2026-03");
        assert_eq!((now.from.to_string(), now.to.to_string()), ("2026-03-01".into(), "2026-03-31".into()));
        assert_eq!((before.from.to_string(), before.to.to_string()), ("2026-02-01".into(), "2026-02-28".into()));
        assert_eq!((last_year.from.to_string(), last_year.to.to_string()), ("2025-03-01".into(), "2025-03-31".into()));
        assert_eq!(asked("2026-11")[0].to, TODAY, "days to come are not asked for");
    }
}
