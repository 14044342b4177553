//! Addresses of the supervisors' pages: every number leads to the rows behind it.

use crate::centre::statistics::asked::to_pairs;
use crate::domain::query::{Dimension, Filter, Order, Query};

/// The page that shows a query's rows.
pub fn rows(query: &Query) -> String {
    format!("/statistics?{}", encoded(query))
}

/// The same rows as a file.
pub fn file(query: &Query, format: &str) -> String {
    format!("/statistics?{}&format={format}", encoded(query))
}

/// What stands behind one row of `query`: its node by day, or a moment's windows.
pub fn behind(query: &Query, by: Dimension, key: &str) -> String {
    let next = match by {
        Dimension::Day | Dimension::Hour | Dimension::Weekday | Dimension::Month => Dimension::ServiceWindow,
        Dimension::Hall => Dimension::ServiceWindow,
        Dimension::Level => Dimension::Reason,
        Dimension::ServiceWindow | Dimension::Staff | Dimension::Item | Dimension::Channel | Dimension::Reason => {
            Dimension::Day
        }
    };
    let mut filters: Vec<Filter> = query.filters.iter().filter(|f| f.dimension != by).cloned().collect();
    filters.push(Filter { dimension: by, values: vec![key.to_owned()] });
    rows(&Query { by: Some(next), filters, order: Order::Key, ..query.clone() })
}

/// The same question grouped otherwise.
pub fn grouped(query: &Query, by: Dimension) -> String {
    let ranked = matches!(by, Dimension::Hall | Dimension::ServiceWindow | Dimension::Staff);
    let order = match by {
        _ if ranked => Order::Ranking,
        Dimension::Item | Dimension::Reason => Order::Count,
        _ => Order::Key,
    };
    rows(&Query { by: Some(by), order, ..query.clone() })
}

/// The same question without one filter.
pub fn without(query: &Query, dimension: Dimension) -> String {
    let filters = query.filters.iter().filter(|f| f.dimension != dimension).cloned().collect();
    rows(&Query { filters, ..query.clone() })
}

/// A query as the part of an address after the question mark.
pub fn encoded(query: &Query) -> String {
    let pair = |(name, value): (&str, String)| format!("{name}={}", escaped(&value));
    to_pairs(query).into_iter().map(pair).collect::<Vec<_>>().join("&")
}

/// A value as an address holds it.
pub fn escaped(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b':' | b'/' => char::from(b).to_string(),
            _ => format!("%{b:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_row_leads_to_what_it_is_made_of() {
        let query = Query {
            by: Some(Dimension::ServiceWindow),
            from: date(2026, 11, 1),
            to: date(2026, 11, 24),
            filters: vec![Filter { dimension: Dimension::Staff, values: vec!["(none)".to_owned()] }],
            order: Order::Ranking,
            min_n: 10,
            unflagged_only: false,
        };
        let url = behind(&query, Dimension::ServiceWindow, "W03");
        let want = "/statistics?by=day&from=2026-11-01&to=2026-11-24&where=staff:%28none%29&where=window:W03&min_n=10";
        assert_eq!(url, want);
        assert!(!without(&query, Dimension::Staff).contains("where"));
        assert!(file(&query, "csv").ends_with("&format=csv"));
    }
}
