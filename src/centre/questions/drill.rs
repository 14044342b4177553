//! Where a figure leads: to the same question, narrowed to its row and grouped by the next narrower dimension; at the end to
//! the single ratings, for those who may see them.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::question::{Question, suited_order};
use crate::centre::dashboard::links::escaped;
use crate::centre::statistics::labels::UNASSIGNED;
use crate::domain::query::{Dimension, Filter, Query};
use crate::domain::rating::Satisfaction;

/// From wide to narrow. A question goes on with the first that it does not hold yet.
const NARROWER: [Dimension; 6] =
    [Dimension::Hall, Dimension::ServiceWindow, Dimension::Staff, Dimension::Item, Dimension::Day, Dimension::Hour];

/// Days that the rating explorer lists at once.
const MOST_DAYS: i32 = 92;

/// Who drills.
#[derive(Clone, Copy)]
pub struct Driller<'a> {
    /// May open single ratings.
    pub entries: bool,
    /// One's own figures alone: other people's windows say nothing more.
    pub own_only: bool,
    /// There is but one hall: it is no step.
    pub one_hall: bool,
    /// `hall/window` of a window's plain id, where one hall alone has it.
    pub full_window: &'a (dyn Fn(&str) -> Option<String> + Sync),
}

impl Driller<'_> {
    /// Behind one row of a question.
    pub fn behind(self, question: &Question, by: Dimension, key: &str) -> Option<String> {
        self.onward(question.within(by, key), by)
    }

    /// Behind one cell of a cross.
    pub fn behind_cell(self, question: &Question, row: (Dimension, &str), column: (Dimension, &str)) -> Option<String> {
        self.onward(question.within(row.0, row.1).within(column.0, column.1), row.0)
    }

    /// Behind the unhappy ratings of a row: why.
    pub fn negatives(self, question: &Question, by: Dimension, key: &str) -> String {
        let mut narrowed = question.within(by, key).without(Dimension::Level);
        let negative = Satisfaction::ALL.iter().filter(|l| l.is_negative()).map(|l| l.code().to_owned());
        narrowed.query.filters.push(Filter { dimension: Dimension::Level, values: negative.collect() });
        if by == Dimension::Reason || question.is_filtered(Dimension::Reason) {
            return self.onward(narrowed, by).unwrap_or_default();
        }
        grouped(narrowed, Dimension::Reason).address()
    }

    /// The single ratings of a question.
    pub fn entries(self, question: &Question) -> Option<String> {
        self.entries.then(|| self.listing(&question.query))
    }

    /// The rating explorer, by the period and as many filters as it has. It cannot be asked for several values of one
    /// dimension: it then lists more than the figure counts.
    fn listing(self, query: &Query) -> String {
        let (from, to) = days(query);
        let mut address = format!("/entries?from={from}&to={to}");
        for filter in query.filters.iter().filter(|f| listed(f)) {
            let value = filter.values.first().map_or("", String::as_str);
            let value = match filter.dimension {
                Dimension::ServiceWindow if !value.contains('/') => match (self.full_window)(value) {
                    Some(full) => full,
                    None => continue,
                },
                _ => value.to_owned(),
            };
            address.push_str(&format!("&{}={}", filter.dimension.code(), escaped(&value)));
        }
        address
    }

    /// Dimensions of the question's filters that the explorer does not know.
    pub fn unlisted(self, question: &Question) -> Vec<Dimension> {
        let dated = |f: &Filter| matches!(f.dimension, Dimension::Day | Dimension::Month) && f.values.len() == 1;
        let unknown = question.query.filters.iter().filter(|f| !listed(f) && !dated(f));
        unknown.map(|f| f.dimension).collect()
    }

    /// The narrowed question by the next dimension after `by`.
    fn onward(self, narrowed: Question, by: Dimension) -> Option<String> {
        let free = |d: Dimension| !narrowed.is_filtered(d);
        let next = match by {
            Dimension::Level if free(Dimension::Reason) => Some(Dimension::Reason),
            Dimension::Month if free(Dimension::Day) => Some(Dimension::Day),
            _ => None,
        };
        let skip = |d: &Dimension| match d {
            Dimension::Hall => self.one_hall || self.own_only,
            Dimension::ServiceWindow | Dimension::Staff => self.own_only,
            _ => false,
        };
        // A window stands in one hall, a day in one month: going back there says nothing new.
        let implied = |d: &Dimension| match d {
            Dimension::Hall => narrowed.is_filtered(Dimension::ServiceWindow),
            _ => false,
        };
        let next = next.or_else(|| NARROWER.into_iter().find(|d| free(*d) && !skip(d) && !implied(d)));
        match next {
            Some(next) => Some(grouped(narrowed, next).address()),
            None => self.entries.then(|| self.listing(&narrowed.query)),
        }
    }
}

/// The explorer filters by it; days and months become its period.
fn listed(filter: &Filter) -> bool {
    let dated = matches!(filter.dimension, Dimension::Day | Dimension::Month);
    let unnamed =
        |value: &String| value == UNASSIGNED && !matches!(filter.dimension, Dimension::Staff | Dimension::Item);
    !dated && filter.values.len() == 1 && !filter.values.iter().any(unnamed)
}

fn grouped(mut question: Question, by: Dimension) -> Question {
    question.query.by = Some(by);
    question.query.order = suited_order(by);
    question.and = None;
    question.chart = None;
    question.with_metric_that_says_something()
}

/// The days of a query's filters on days and months, within its period.
fn days(query: &Query) -> (Date, Date) {
    let (mut from, mut to) = (query.from, query.to);
    for filter in &query.filters {
        let [value] = filter.values.as_slice() else { continue };
        let (first, last) = match filter.dimension {
            Dimension::Day => match value.parse::<Date>() {
                Ok(day) => (day, day),
                Err(_) => continue,
            },
            Dimension::Month => match format!("{value}-01").parse::<Date>() {
                Ok(first) => (first, first.last_of_month()),
                Err(_) => continue,
            },
            _ => continue,
        };
        (from, to) = (from.max(first), to.min(last));
    }
    // The explorer lists as many days at once: the last ones of a longer period.
    (from.max(to.saturating_sub((MOST_DAYS - 1).days())), to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::questions::question::reread;
    use crate::centre::statistics::asked::Defaults;
    use crate::domain::metric::Metric;
    use crate::words::Language;

    const SUPERVISOR: Driller<'_> =
        Driller { entries: true, own_only: false, one_hall: false, full_window: &|w| Some(format!("H1/{w}")) };

    fn question(text: &str) -> Question {
        let today = jiff::civil::date(2026, 11, 24);
        reread(text, Defaults { today, min_n: 10, language: Language::Zh }).unwrap()
    }

    /// The question behind a row, and its dimension.
    fn step(from: &Question, key: &str, who: Driller<'_>) -> Result<Question, String> {
        let address = who.behind(from, from.query.by.unwrap(), key).unwrap_or_default();
        match address.strip_prefix("/statistics?") {
            Some(encoded) => Ok(question(encoded)),
            None => Err(address),
        }
    }

    #[test]
    fn one_goes_from_halls_down_to_single_ratings() {
        let mut at = question("by=hall&from=2026-11-01&to=2026-11-24&metric=negative");
        for (key, next) in [
            ("H1", Dimension::ServiceWindow),
            ("W03", Dimension::Staff),
            ("0027", Dimension::Item),
            ("YB01", Dimension::Day),
            ("2026-11-03", Dimension::Hour),
        ] {
            at = step(&at, key, SUPERVISOR).unwrap();
            assert_eq!((at.query.by, at.metric), (Some(next), Metric::Negative));
        }
        let end = step(&at, "09", SUPERVISOR).unwrap_err();
        let want = "/entries?from=2026-11-03&to=2026-11-03&hall=H1&window=H1/W03&staff=0027&item=YB01&hour=09";
        assert_eq!(end, want);
        let leader = Driller { entries: false, ..SUPERVISOR };
        assert_eq!(step(&at, "09", leader).unwrap_err(), "", "who may not see single ratings is led nowhere");
    }

    #[test]
    fn every_row_of_every_dimension_leads_somewhere_and_ends() {
        for by in Dimension::ALL {
            let mut at = question(&format!("by={}", by.code()));
            let mut steps = 0;
            while let Ok(next) = step(&at, "1", SUPERVISOR) {
                assert!(next.query.filters.len() > at.query.filters.len(), "{by:?}");
                at = next;
                steps += 1;
                assert!(steps < 12, "{by:?} goes on for ever");
            }
        }
    }

    #[test]
    fn unhappy_ratings_lead_to_their_reasons_and_own_figures_stay_own() {
        let windows = question("by=window&metric=participation");
        let why = SUPERVISOR.negatives(&windows, Dimension::ServiceWindow, "W03");
        let why = question(why.strip_prefix("/statistics?").unwrap());
        assert_eq!((why.query.by, why.metric), (Some(Dimension::Reason), Metric::Rated));
        assert_eq!(why.query.filters[1].values, ["dissatisfied", "very_dissatisfied"]);
        let own = Driller { entries: false, own_only: true, one_hall: true, ..SUPERVISOR };
        let months = question("by=month");
        assert_eq!(step(&months, "2026-11", own).unwrap().query.by, Some(Dimension::Day));
        let days = question("by=day");
        assert_eq!(step(&days, "2026-11-02", own).unwrap().query.by, Some(Dimension::Item));
    }

    #[test]
    fn a_cell_is_confined_by_both_of_its_sides() {
        let cross = question("by=hour&and=weekday");
        let behind = SUPERVISOR.behind_cell(&cross, (Dimension::Hour, "09"), (Dimension::Weekday, "1")).unwrap();
        let behind = question(behind.strip_prefix("/statistics?").unwrap());
        assert_eq!((behind.query.filters.len(), behind.and), (2, None));
        assert_eq!(behind.query.by, Some(Dimension::Hall));
    }

    #[test]
    fn the_explorer_is_asked_for_what_it_knows_and_the_rest_is_told() {
        let all = question(
            "by=day&from=2026-01-01&to=2026-11-24&where=month:2026-10&where=item:A&where=item:B&where=reason:slow&where=weekday:1",
        );
        let address = SUPERVISOR.entries(&all).unwrap();
        assert_eq!(address, "/entries?from=2026-10-01&to=2026-10-31&reason=slow&weekday=1");
        assert_eq!(SUPERVISOR.unlisted(&all), [Dimension::Item]);
        let year = question("by=day&from=2026-01-01&to=2026-11-24&where=staff:%28none%29");
        assert_eq!(SUPERVISOR.entries(&year).unwrap(), "/entries?from=2026-08-25&to=2026-11-24&staff=%28none%29");
        assert_eq!(SUPERVISOR.unlisted(&year), []);
    }
}
