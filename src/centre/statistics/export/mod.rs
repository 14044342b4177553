//! An answer as a table for spreadsheets: the one place that says which columns there are. CSV and XLSX write it.

mod csv;
mod xlsx;

use std::borrow::Cow;

use jiff::civil::Date;

pub use csv::csv;
pub use xlsx::{Provenance, xlsx};

use crate::domain::query::{Answer, Dimension, Rate, Row};
use crate::domain::rating::Satisfaction;
use crate::words::Language;
use crate::words::common::{self, Common};
use crate::words::stats::{self, StatsWords};

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Nothing,
    Text(String),
    Day(Date),
    /// The month of a day.
    Month(Date),
    Count(u64),
    /// A difference of counts.
    Signed(i64),
    Mean(f64),
    /// 0 to 1.
    Share(f64),
}

/// Headings and rows, the total last.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    pub headings: Vec<String>,
    pub rows: Vec<Vec<Value>>,
}

/// Lays an answer out.
pub fn grid(answer: &Answer, language: Language) -> Grid {
    let rows = answer.rows.iter().map(|r| cells(r, answer.query.by, language));
    Grid {
        headings: headings(answer.query.by, language),
        rows: rows.chain([cells(&answer.total, None, language)]).collect(),
    }
}

fn headings(by: Option<Dimension>, language: Language) -> Vec<String> {
    let (common, words) = (Common(language), StatsWords(language));
    let what = by.map_or_else(|| common.total(), |by| stats::dimension(language, by).into());
    let mut out = vec![words.code().into_owned(), what.into_owned(), common.rated().into_owned()];
    out.extend(Satisfaction::ALL.iter().map(|&l| common::level(language, l).to_owned()));
    for rate in [common.positive_rate(), common.satisfied_rate(), common.negative_rate()] {
        out.extend([words.low_of(&rate).into_owned(), words.high_of(&rate).into_owned()]);
        out.insert(out.len() - 2, words.rate(&rate).into_owned());
    }
    out.extend([common.mean().into_owned(), common.served().into_owned()]);
    let participation = common.participation();
    out.extend([
        words.rate(&participation).into_owned(),
        words.low_of(&participation).into_owned(),
        words.high_of(&participation).into_owned(),
    ]);
    out.push(words.flagged().into_owned());
    out.extend([words.set_aside(), words.adopted_satisfied(), words.adopted_negative()].map(Cow::into_owned));
    out.extend([words.rank().into_owned(), words.note().into_owned()]);
    out
}

fn cells(row: &Row, by: Option<Dimension>, language: Language) -> Vec<Value> {
    let count = |n: Option<u64>| n.map_or(Value::Nothing, Value::Count);
    let key = match by {
        Some(Dimension::Day) => row.key.parse().map_or_else(|_| Value::Text(row.key.clone()), Value::Day),
        Some(Dimension::Month) => {
            format!("{}-01", row.key).parse().map_or_else(|_| Value::Text(row.key.clone()), Value::Month)
        }
        _ => Value::Text(row.key.clone()),
    };
    let mut out = vec![key, Value::Text(row.name.clone()), count(row.n)];
    let levels = row.levels.map(|l| {
        [l.very_satisfied, l.satisfied, l.basically_satisfied, l.dissatisfied, l.very_dissatisfied].map(Value::Count)
    });
    out.extend(
        levels.unwrap_or(const { [Value::Nothing, Value::Nothing, Value::Nothing, Value::Nothing, Value::Nothing] }),
    );
    for rate in [row.positive_rate, row.satisfied_rate, row.negative_rate] {
        out.extend(shares(rate));
    }
    out.extend([row.mean.map_or(Value::Nothing, Value::Mean), count(row.served)]);
    out.extend(shares(row.participation));
    let note =
        if row.suppressed { Value::Text(StatsWords(language).suppressed().into_owned()) } else { Value::Nothing };
    let share = |rate: Option<Rate>| rate.map_or(Value::Nothing, |r| Value::Share(r.value));
    let adopted = [row.adopted_satisfied(), row.adopted_negative()].map(share);
    out.extend([count(row.flagged), count(row.set_aside)].into_iter().chain(adopted));
    out.extend([count(row.rank), note]);
    out
}

fn shares(rate: Option<Rate>) -> [Value; 3] {
    rate.map_or(const { [Value::Nothing, Value::Nothing, Value::Nothing] }, |r| {
        [r.value, r.low, r.high].map(Value::Share)
    })
}

#[cfg(test)]
pub(in crate::centre) mod examples {
    use super::*;
    use crate::domain::query::{LevelCounts, Order, Query};

    /// Two staff members, one with a name that a spreadsheet would run, and one too few to show.
    pub fn answer() -> Answer {
        let row = |key: &str, name: &str, hits: u64| Row {
            key: key.to_owned(),
            name: name.to_owned(),
            n: Some(20),
            suppressed: false,
            levels: Some(LevelCounts { very_satisfied: hits, very_dissatisfied: 20 - hits, ..LevelCounts::default() }),
            positive_rate: Rate::wilson(hits, 20),
            satisfied_rate: Rate::wilson(hits, 20),
            negative_rate: Rate::wilson(20 - hits, 20),
            mean: Some(4.25),
            served: Some(30),
            participation: Rate::wilson(20, 30),
            flagged: Some(1),
            set_aside: Some(0),
            adopted: None,
            rank: Some(1),
        };
        let none = Row::withheld("0031".to_owned(), "赵敏".to_owned());
        Answer {
            query: Query {
                by: Some(Dimension::Staff),
                from: Date::constant(2026, 11, 1),
                to: Date::constant(2026, 11, 24),
                filters: vec![],
                order: Order::Ranking,
                min_n: 10,
                unflagged_only: false,
            },
            rows: vec![
                row("0027", "=HYPERLINK(\"http://x\")", 19),
                row("0028", "阿卜杜热西提·买买提, \"阿\"", 15),
                none,
            ],
            total: row("total", "合计", 17),
            untimed: 2,
            sample: true,
        }
    }

    #[test]
    fn every_row_has_a_cell_for_every_heading() {
        for language in [Language::Zh, Language::En] {
            let grid = grid(&answer(), language);
            assert!(grid.rows.iter().all(|r| r.len() == grid.headings.len()), "{:?}", grid.headings);
            let mut headings = grid.headings.clone();
            headings.sort();
            headings.dedup();
            assert_eq!(headings.len(), grid.headings.len(), "no heading stands twice");
        }
        let at = |name: &str| grid(&answer(), Language::Zh).headings.iter().position(|h| h == name).unwrap();
        assert_eq!(at("满意率") + 1, at("满意率下限"));
        assert_eq!(grid(&answer(), Language::Zh).rows[0][at("参评率")], Value::Share(20.0 / 30.0));
    }
}
