//! A question as it comes in a URL: `by=window&from=2026-11-01&where=staff:0027&where=level:dissatisfied&order=ranking`.

use jiff::Span;
use jiff::civil::Date;

use crate::domain::query::{Dimension, Filter, Order, Query};
use crate::words::Language;

/// Days of the period when none is named: today and the 29 before.
pub const DEFAULT_DAYS: i32 = 30;
/// Parameters of one question.
const MAX_PARAMETERS: usize = 250;

/// How the answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Json,
    Csv,
    Xlsx,
}

impl Format {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }
}

/// A question and how its answer is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub query: Query,
    pub format: Format,
    pub language: Language,
}

/// What a question means where it says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Defaults {
    /// In the centre's time zone.
    pub today: Date,
    pub min_n: u64,
    pub language: Language,
}

/// A parameter that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParameterFault {
    #[error("there is no parameter {0:?}; allowed: by, from, to, where, order, min_n, unflagged, format, lang")]
    Unknown(String),
    #[error("{name}={value:?}; allowed: {allowed}")]
    Value { name: &'static str, value: String, allowed: String },
    #[error("more than {MAX_PARAMETERS} parameters")]
    TooMany,
}

impl Asked {
    /// Reads the decoded pairs of a URL's query.
    ///
    /// # Errors
    /// [`ParameterFault`] names the first parameter that is wrong, and what is allowed.
    pub fn from_pairs(pairs: &[(String, String)], defaults: Defaults) -> Result<Self, ParameterFault> {
        if pairs.len() > MAX_PARAMETERS {
            return Err(ParameterFault::TooMany);
        }
        let (mut from, mut to) = (None, None);
        let mut query = Query {
            by: None,
            from: defaults.today,
            to: defaults.today,
            filters: Vec::new(),
            order: Order::Key,
            min_n: defaults.min_n,
            unflagged_only: false,
        };
        let (mut format, mut language) = (Format::Json, defaults.language);
        for (name, value) in pairs {
            match name.as_str() {
                "by" if value == "none" => query.by = None,
                "by" => query.by = Some(dimension("by", value)?),
                "from" => from = Some(date("from", value)?),
                "to" => to = Some(date("to", value)?),
                "where" => add_filter(&mut query.filters, value)?,
                "order" => {
                    let order = Order::from_code(value);
                    query.order = order.ok_or_else(|| wrong("order", value, codes(Order::ALL, |o| o.code())))?;
                }
                "min_n" => {
                    let n = value.parse().ok().filter(|n| (3..=1_000_000).contains(n));
                    query.min_n = n.ok_or_else(|| wrong("min_n", value, "3 to 1000000".to_owned()))?;
                }
                "unflagged" => query.unflagged_only = switch("unflagged", value)?,
                "format" => format = format_of(value)?,
                "lang" => language = language_of(value)?,
                _ => return Err(ParameterFault::Unknown(shortened(name))),
            }
        }
        let before = Span::new().days(DEFAULT_DAYS - 1);
        query.to = to.unwrap_or_else(|| defaults.today.max(from.unwrap_or(defaults.today)));
        query.from = from.unwrap_or_else(|| query.to.saturating_sub(before));
        Ok(Self { query, format, language })
    }
}

/// The same question as the pairs of a URL's query, without format and language.
pub fn to_pairs(query: &Query) -> Vec<(&'static str, String)> {
    let mut pairs = Vec::new();
    if let Some(by) = query.by {
        pairs.push(("by", by.code().to_owned()));
    }
    pairs.push(("from", query.from.to_string()));
    pairs.push(("to", query.to.to_string()));
    for filter in &query.filters {
        pairs.extend(filter.values.iter().map(|v| ("where", format!("{}:{v}", filter.dimension.code()))));
    }
    if query.order != Order::Key {
        pairs.push(("order", query.order.code().to_owned()));
    }
    pairs.push(("min_n", query.min_n.to_string()));
    if query.unflagged_only {
        pairs.push(("unflagged", "1".to_owned()));
    }
    pairs
}

fn add_filter(filters: &mut Vec<Filter>, text: &str) -> Result<(), ParameterFault> {
    let form = || wrong("where", text, "dimension:value, as in staff:0027".to_owned());
    let (name, value) = text.split_once([':', '=']).ok_or_else(form)?;
    if value.is_empty() || value.len() > 80 {
        return Err(form());
    }
    let dimension = dimension("where", name)?;
    match filters.iter_mut().find(|f| f.dimension == dimension) {
        Some(filter) => filter.values.push(value.to_owned()),
        None => filters.push(Filter { dimension, values: vec![value.to_owned()] }),
    }
    Ok(())
}

fn dimension(name: &'static str, value: &str) -> Result<Dimension, ParameterFault> {
    Dimension::from_code(value).ok_or_else(|| wrong(name, value, codes(Dimension::ALL, |d| d.code())))
}

fn date(name: &'static str, value: &str) -> Result<Date, ParameterFault> {
    // Only the plain form; the parser knows others.
    let plain = value.len() == 10 && value.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let parsed = value.parse().ok().filter(|_| plain);
    parsed.ok_or_else(|| wrong(name, value, "a day as YYYY-MM-DD".to_owned()))
}

fn switch(name: &'static str, value: &str) -> Result<bool, ParameterFault> {
    match value {
        "1" | "true" | "" => Ok(true),
        "0" | "false" => Ok(false),
        _ => Err(wrong(name, value, "1, 0".to_owned())),
    }
}

fn format_of(value: &str) -> Result<Format, ParameterFault> {
    match value {
        "json" => Ok(Format::Json),
        "csv" => Ok(Format::Csv),
        "xlsx" => Ok(Format::Xlsx),
        _ => Err(wrong("format", value, "json, csv, xlsx".to_owned())),
    }
}

fn language_of(value: &str) -> Result<Language, ParameterFault> {
    match value {
        "zh" | "zh-CN" => Ok(Language::Zh),
        "en" => Ok(Language::En),
        _ => Err(wrong("lang", value, "zh, en".to_owned())),
    }
}

fn codes<T>(all: &[T], code: impl Fn(&T) -> &'static str) -> String {
    all.iter().map(code).collect::<Vec<_>>().join(", ")
}

fn wrong(name: &'static str, value: &str, allowed: String) -> ParameterFault {
    ParameterFault::Value { name, value: shortened(value), allowed }
}

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFAULTS: Defaults = Defaults { today: Date::constant(2026, 11, 24), min_n: 10, language: Language::Zh };

    fn asked(text: &str) -> Result<Asked, ParameterFault> {
        let pair = |p: &str| p.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned())).unwrap();
        let pairs: Vec<_> = text.split('&').filter(|p| !p.is_empty()).map(pair).collect();
        Asked::from_pairs(&pairs, DEFAULTS)
    }

    #[test]
    fn nothing_asked_is_the_total_of_thirty_days() {
        let query = asked("").unwrap().query;
        assert_eq!((query.by, query.min_n), (None, 10));
        assert_eq!((query.from.to_string(), query.to.to_string()), ("2026-10-26".to_owned(), "2026-11-24".to_owned()));
        let query = asked("to=2026-03-31").unwrap().query;
        assert_eq!(query.from.to_string(), "2026-03-02");
        let future = asked("from=2027-01-01").unwrap().query;
        assert_eq!(future.from, future.to);
    }

    #[test]
    fn filters_of_one_dimension_are_alternatives_and_survive_a_round_trip() {
        let text = "by=window&from=2026-11-01&to=2026-11-24&where=staff:0027&where=level:dissatisfied&where=staff=0031\
                    &order=ranking&min_n=20&unflagged=1";
        let query = asked(text).unwrap().query;
        assert_eq!(query.filters[0].values, ["0027", "0031"]);
        assert_eq!(query.filters[1].dimension, Dimension::Level);
        let pairs: Vec<_> = to_pairs(&query).into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
        assert_eq!(Asked::from_pairs(&pairs, DEFAULTS).unwrap().query, query);
    }

    #[test]
    fn what_is_wrong_is_named_with_what_is_allowed() {
        for (text, part) in [
            ("by=mood", "hall, window, staff"),
            ("form=1", "there is no parameter \"form\""),
            ("from=yesterday", "YYYY-MM-DD"),
            ("from=2026-02-30", "YYYY-MM-DD"),
            ("from=20261101", "YYYY-MM-DD"),
            ("where=staff", "dimension:value"),
            ("where=mood:good", "hall, window"),
            ("min_n=1", "3 to"),
            ("order=best", "key, count, ranking"),
            ("format=pdf", "json, csv, xlsx"),
            ("lang=fr", "zh, en"),
        ] {
            let fault = asked(text).unwrap_err().to_string();
            assert!(fault.contains(part), "{text}: {fault}");
        }
    }
}
