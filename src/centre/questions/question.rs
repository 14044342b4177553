//! A question as the page's address holds it: a [`Query`], which figure of it, a second dimension, a compared period, and
//! how it is drawn. `metric=negative&by=hour&and=weekday&compare=before&chart=heat`, and the parameters of
//! [`Asked`] for the rest.

use jiff::{Span, ToSpan as _};

use super::kind::{self, ChartKind};
use crate::centre::dashboard::links::escaped;
use crate::centre::statistics::api::Pairs;
use crate::centre::statistics::asked::{Asked, Defaults, Format, ParameterFault, to_pairs};
use crate::domain::metric::Metric;
use crate::domain::query::{Dimension, Filter, Order, Query};
use crate::domain::rating::coded;
use crate::words::Language;

/// Bytes of an address that is kept.
pub const MAX_ADDRESS: usize = 2_000;

coded! {
    /// What the period is held against.
    Compared {
        /// As many days, just before.
        Before = "before",
        /// The same days of the year before.
        Year = "year",
    }
}

/// One question of the statistics page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub query: Query,
    pub metric: Metric,
    /// The second dimension; never that of the query.
    pub and: Option<Dimension>,
    pub compared: Option<Compared>,
    /// None: the first that fits.
    pub chart: Option<ChartKind>,
}

/// A question and how its answer is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub question: Question,
    pub format: Format,
    /// The form was sent: the address is to be written anew, without its empty fields.
    pub from_form: bool,
}

impl Wanted {
    /// Reads the decoded pairs of a URL's query; empty values mean nothing.
    ///
    /// # Errors
    /// [`ParameterFault`] names the first parameter that is wrong, and what is allowed.
    pub fn from_pairs(pairs: Pairs, defaults: Defaults) -> Result<Self, ParameterFault> {
        let (mut metric, mut and, mut compared, mut chart) = (Metric::Satisfied, None, None, None);
        let (mut rest, mut from_form) = (Pairs::new(), false);
        for (name, value) in pairs {
            let wrong = |name, allowed: Vec<&str>| {
                let value = value.chars().take(80).collect();
                ParameterFault::Value { name, value, allowed: allowed.join(", ") }
            };
            match name.as_str() {
                "ask" => from_form = true,
                "lang" => {}
                _ if value.is_empty() => {}
                "metric" => {
                    let found = Metric::from_code(&value);
                    metric = found.ok_or_else(|| wrong("metric", Metric::ALL.iter().map(|m| m.code()).collect()))?;
                }
                "and" => {
                    let found = Dimension::from_code(&value);
                    and = Some(found.ok_or_else(|| wrong("and", Dimension::ALL.iter().map(|d| d.code()).collect()))?);
                }
                "compare" => {
                    let found = Compared::from_code(&value);
                    let codes = || Compared::ALL.iter().map(|c| c.code()).collect();
                    compared = Some(found.ok_or_else(|| wrong("compare", codes()))?);
                }
                "chart" => {
                    let found = ChartKind::from_code(&value);
                    let codes = || ChartKind::ALL.iter().map(|c| c.code()).collect();
                    chart = Some(found.ok_or_else(|| wrong("chart", codes()))?);
                }
                // A field of the form: several values of one dimension stand in one.
                name if from_form && Dimension::from_code(name).is_some() => {
                    rest.extend(value.split('|').map(|v| ("where".to_owned(), format!("{name}:{v}"))));
                }
                _ => rest.push((name, value)),
            }
        }
        let asked = Asked::from_pairs(&rest, defaults)?;
        let and = and.filter(|&and| asked.query.by.is_some_and(|by| by != and));
        // A cross has no period beside it: its cells would hold four figures each.
        let compared = compared.filter(|_| and.is_none());
        let question = Question { query: asked.query, metric, and, compared, chart };
        Ok(Self { question: question.with_metric_that_says_something(), format: asked.format, from_form })
    }
}

impl Question {
    /// What a bare query means: the rate that supervisors are asked about most.
    pub fn plain(query: Query) -> Self {
        Self { query, metric: Metric::Satisfied, and: None, compared: None, chart: None }
    }

    /// Path and query of its page.
    pub fn address(&self) -> String {
        format!("/statistics?{}", self.encoded())
    }

    /// Where its answer is had as a file.
    pub fn file(&self, format: &str) -> String {
        format!("/statistics?{}&format={format}", self.encoded())
    }

    /// The part after the question mark; also what a saved question keeps.
    pub fn encoded(&self) -> String {
        let mut pairs = to_pairs(&self.query);
        if self.metric != Metric::Satisfied {
            pairs.push(("metric", self.metric.code().to_owned()));
        }
        pairs.extend(self.and.map(|and| ("and", and.code().to_owned())));
        pairs.extend(self.compared.map(|c| ("compare", c.code().to_owned())));
        pairs.extend(self.chart.map(|c| ("chart", c.code().to_owned())));
        pairs.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect::<Vec<_>>().join("&")
    }

    /// The query of the compared period.
    pub fn earlier(&self) -> Option<Query> {
        let (from, to) = (self.query.from, self.query.to);
        let (from, to) = match self.compared? {
            Compared::Before => {
                let days = from.until(to).map_or(0, |span| span.get_days()) + 1;
                (from.saturating_sub(Span::new().days(days)), from.saturating_sub(1.day()))
            }
            Compared::Year => (from.saturating_sub(1.year()), to.saturating_sub(1.year())),
        };
        // A filter on days or months names those of this period.
        let dated = |f: &Filter| matches!(f.dimension, Dimension::Day | Dimension::Month);
        let filters = self.query.filters.iter().filter(|f| !dated(f)).cloned().collect();
        Some(Query { from, to, filters, ..self.query.clone() })
    }

    /// Grouped otherwise, in the order that suits the dimension.
    pub fn grouped(&self, by: Dimension) -> Self {
        let order = suited_order(by);
        let and = self.and.filter(|&and| and != by);
        let grouped =
            Self { query: Query { by: Some(by), order, ..self.query.clone() }, and, chart: None, ..self.clone() };
        grouped.with_metric_that_says_something()
    }

    /// The metric where the question has it, else the first that it has.
    #[must_use]
    pub fn with_metric_that_says_something(mut self) -> Self {
        let metrics = kind::metrics(self.query.by, self.and, |d| self.is_filtered(d));
        if !metrics.contains(&self.metric) {
            self.metric = metrics.first().copied().unwrap_or(self.metric);
        }
        self
    }

    pub fn without(&self, dimension: Dimension) -> Self {
        let filters = self.query.filters.iter().filter(|f| f.dimension != dimension).cloned().collect();
        Self { query: Query { filters, ..self.query.clone() }, ..self.clone() }
    }

    /// Confined to one value of a dimension.
    pub fn within(&self, dimension: Dimension, value: &str) -> Self {
        let mut narrowed = self.without(dimension);
        narrowed.query.filters.push(Filter { dimension, values: vec![value.to_owned()] });
        narrowed
    }

    pub fn is_filtered(&self, dimension: Dimension) -> bool {
        self.query.filters.iter().any(|f| f.dimension == dimension)
    }
}

/// People and places by rank, reasons and items by size, times by time.
pub fn suited_order(by: Dimension) -> Order {
    match by {
        Dimension::Hall | Dimension::ServiceWindow | Dimension::Staff => Order::Ranking,
        Dimension::Item | Dimension::Reason | Dimension::Channel => Order::Count,
        Dimension::Level | Dimension::Hour | Dimension::Weekday | Dimension::Day | Dimension::Month => Order::Key,
    }
}

/// `defaults` of a test or a saved question.
pub fn reread(encoded: &str, defaults: Defaults) -> Result<Question, ParameterFault> {
    let pairs = form_pairs(encoded);
    Wanted::from_pairs(pairs, Defaults { language: Language::Zh, ..defaults }).map(|wanted| wanted.question)
}

/// Decodes `a=b&c=d` with percent signs.
fn form_pairs(encoded: &str) -> Pairs {
    let decoded = |text: &str| {
        let bytes = text.as_bytes();
        let mut out = Vec::with_capacity(bytes.len());
        let mut at = 0;
        while at < bytes.len() {
            let pair = bytes.get(at + 1..at + 3).and_then(|h| std::str::from_utf8(h).ok());
            match (bytes[at], pair.and_then(|h| u8::from_str_radix(h, 16).ok())) {
                (b'%', Some(byte)) => {
                    out.push(byte);
                    at += 3;
                }
                (b'+', _) => {
                    out.push(b' ');
                    at += 1;
                }
                (byte, _) => {
                    out.push(byte);
                    at += 1;
                }
            }
        }
        String::from_utf8_lossy(&out).into_owned()
    };
    let pair = |p: &str| p.split_once('=').map(|(name, value)| (decoded(name), decoded(value)));
    encoded.split('&').filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{Date, date};

    const DEFAULTS: Defaults = Defaults { today: Date::constant(2026, 11, 24), min_n: 10, language: Language::Zh };

    fn wanted(text: &str) -> Result<Wanted, ParameterFault> {
        Wanted::from_pairs(form_pairs(text), DEFAULTS)
    }

    #[test]
    fn an_address_is_a_question_and_a_question_an_address() {
        for text in [
            "by=hour&from=2026-11-01&to=2026-11-24&where=window:W03&where=staff:%28none%29&order=count&min_n=12&unflagged=1\
             &metric=negative&and=weekday&chart=heat",
            "by=day&from=2026-11-01&to=2026-11-24&min_n=10&metric=mean&compare=year",
        ] {
            let asked = wanted(text).unwrap().question;
            assert_eq!(asked.encoded(), text);
            assert_eq!(reread(&asked.encoded(), DEFAULTS).unwrap(), asked);
        }
        assert_eq!(wanted("").unwrap().question.metric, Metric::Satisfied);
    }

    #[test]
    fn a_form_leaves_its_empty_fields_behind_and_names_filters_by_their_dimension() {
        let text =
            "ask=1&metric=mean&by=window&and=&compare=&from=2026-11-01&to=2026-11-24&window=&staff=0027&item=A%7CB";
        let wanted = wanted(text).unwrap();
        assert!(wanted.from_form);
        let encoded = wanted.question.encoded();
        assert!(
            encoded.contains("where=staff:0027&where=item:A&where=item:B") && !encoded.contains("ask"),
            "{encoded}"
        );
        assert!(!encoded.contains("and=") && !encoded.contains("window:"), "{encoded}");
        assert!(super::tests::wanted("staff=0027").is_err(), "outside of the form a filter is written in full");
    }

    #[test]
    fn what_is_wrong_is_named_with_what_is_allowed() {
        for (text, part) in [
            ("metric=mood", "satisfied, positive"),
            ("and=mood", "hall, window"),
            ("compare=never", "before, year"),
            ("chart=pie", "trend, levels"),
            ("by=mood", "hall, window"),
        ] {
            let fault = wanted(text).unwrap_err().to_string();
            assert!(fault.contains(part), "{text}: {fault}");
        }
    }

    #[test]
    fn the_second_dimension_is_another_one_and_excludes_a_compared_period() {
        let question = wanted("by=hour&and=hour").unwrap().question;
        assert_eq!(question.and, None);
        assert_eq!(wanted("and=weekday").unwrap().question.and, None, "no first, no second");
        let crossed = wanted("by=hour&and=weekday&compare=before").unwrap().question;
        assert_eq!((crossed.and, crossed.compared), (Some(Dimension::Weekday), None));
        assert_eq!(crossed.grouped(Dimension::Weekday).and, None);
    }

    #[test]
    fn the_period_before_is_as_long_and_touches_this_one() {
        let asked = |text: &str| wanted(text).unwrap().question.earlier().unwrap();
        let before = asked("by=day&from=2026-11-01&to=2026-11-24&compare=before&where=day:2026-11-02&where=staff:0027");
        assert_eq!((before.from, before.to), (date(2026, 10, 8), date(2026, 10, 31)));
        assert_eq!(before.filters.len(), 1, "a day of this period is none of that one");
        let year = asked("by=day&from=2024-02-01&to=2024-02-29&compare=year");
        assert_eq!((year.from, year.to), (date(2023, 2, 1), date(2023, 2, 28)));
        assert_eq!(wanted("by=day").unwrap().question.earlier(), None);
    }
}
