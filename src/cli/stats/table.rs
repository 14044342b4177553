//! An answer as a table for a terminal, aligned also where names are Chinese.

use unicode_width::UnicodeWidthStr;

use crate::domain::query::{Answer, Order, Rate, Row};
use crate::words::Language;
use crate::words::common::Common;
use crate::words::stats::{self, Cli, StatsWords};

/// Columns of a terminal that a name may take.
const NAME_COLUMNS: usize = 36;

/// A heading, the rows, a rule, the total, and notes on what the reader must know.
pub fn table(answer: &Answer, language: Language) -> String {
    let query = &answer.query;
    let (words, common, cli) = (StatsWords(language), Common(language), Cli(language));
    let ranked = query.order == Order::Ranking;
    let by = query.by.map_or_else(|| common.total(), |by| stats::dimension(language, by).into());
    let mut head: Vec<String> = vec![by.into_owned(), words.code().into_owned()];
    if ranked {
        head.insert(0, words.rank().into_owned());
    }
    let numbers = [
        common.rated(),
        common.satisfied_rate(),
        words.interval(),
        common.positive_rate(),
        common.negative_rate(),
        common.mean(),
        common.served(),
        common.participation(),
        words.flagged(),
        words.set_aside(),
        words.adopted_satisfied(),
        words.adopted_negative(),
    ];
    head.extend(numbers.map(std::borrow::Cow::into_owned));
    let mut lines: Vec<Vec<String>> = answer.rows.iter().map(|r| cells(r, ranked)).collect();
    lines.push(cells(&answer.total, ranked));
    let texts_until = 2 + usize::from(ranked);
    let widths: Vec<usize> = (0..head.len())
        .map(|c| lines.iter().chain([&head]).filter_map(|l| l.get(c)).map(|t| t.width()).max().unwrap_or(0))
        .collect();
    let mut out = format!("{}\n", cli.period(&query.from.to_string(), &query.to.to_string()));
    push_line(&mut out, &head, &widths, texts_until);
    let rule = "─".repeat(widths.iter().sum::<usize>() + 2 * (widths.len() - 1));
    out.push_str(&format!("{rule}\n"));
    for (at, line) in lines.iter().enumerate() {
        if at + 1 == lines.len() && at > 0 {
            out.push_str(&format!("{rule}\n"));
        }
        push_line(&mut out, line, &widths, texts_until);
    }
    push_notes(&mut out, answer, cli);
    out
}

fn push_notes(out: &mut String, answer: &Answer, cli: Cli) {
    let suppressed = answer.total.suppressed || answer.rows.iter().any(|r| r.suppressed);
    if suppressed {
        out.push_str(&format!("* {}\n", cli.suppressed()));
    }
    if answer.untimed > 0 {
        out.push_str(&format!("{}\n", cli.untimed(answer.untimed)));
    }
    if answer.sample {
        out.push_str(&format!("{}\n", cli.sample()));
    }
}

fn cells(row: &Row, ranked: bool) -> Vec<String> {
    let blank = || if row.suppressed { "*" } else { "–" }.to_owned();
    let count = |n: Option<u64>| n.map_or_else(blank, |n| n.to_string());
    let rate = |r: Option<Rate>| r.map_or_else(blank, |r| percent(r.value));
    let interval = row.satisfied_rate.map_or_else(blank, |r| format!("{}–{}", percent(r.low), percent(r.high)));
    let mut out = vec![shortened(&row.name), row.key.clone()];
    if ranked {
        out.insert(0, row.rank.map_or_else(String::new, |r| r.to_string()));
    }
    out.extend([
        count(row.n),
        rate(row.satisfied_rate),
        interval,
        rate(row.positive_rate),
        rate(row.negative_rate),
        row.mean.map_or_else(blank, |m| format!("{m:.2}")),
        count(row.served),
        rate(row.participation),
        count(row.flagged),
        count(row.set_aside),
        rate(row.adopted_satisfied()),
        rate(row.adopted_negative()),
    ]);
    out
}

fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

fn shortened(text: &str) -> String {
    if text.width() <= NAME_COLUMNS {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        if out.width() + c.to_string().width() >= NAME_COLUMNS {
            break;
        }
        out.push(c);
    }
    out + "…"
}

fn push_line(out: &mut String, cells: &[String], widths: &[usize], texts_until: usize) {
    let mut line = String::new();
    for (at, (cell, width)) in cells.iter().zip(widths).enumerate() {
        let space = " ".repeat(width.saturating_sub(cell.width()));
        if at > 0 {
            line.push_str("  ");
        }
        if at < texts_until { line.extend([cell.as_str(), &space]) } else { line.extend([space.as_str(), cell]) }
    }
    out.push_str(line.trim_end());
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::query::{Dimension, Query};
    use jiff::civil::date;

    fn row(name: &str, key: &str, n: u64, hits: u64) -> Row {
        Row {
            key: key.to_owned(),
            name: name.to_owned(),
            n: Some(n),
            suppressed: false,
            levels: None,
            positive_rate: Rate::wilson(hits, n),
            satisfied_rate: Rate::wilson(hits, n),
            negative_rate: Rate::wilson(n - hits, n),
            mean: Some(4.5),
            served: Some(n * 2),
            participation: Rate::wilson(n, n * 2),
            flagged: Some(0),
            set_aside: Some(0),
            adopted: None,
            rank: Some(1),
        }
    }

    fn answer(order: Order) -> Answer {
        let hidden = Row::withheld("0099".to_owned(), "李".to_owned());
        Answer {
            query: Query {
                by: Some(Dimension::Staff),
                from: date(2026, 11, 1),
                to: date(2026, 11, 24),
                filters: vec![],
                order,
                min_n: 10,
                unflagged_only: false,
            },
            rows: vec![row("阿卜杜热西提·买买提", "0027", 120, 119), row("Li Wen", "0031", 8, 6), hidden],
            total: row("合计", "total", 129, 126),
            untimed: 3,
            sample: true,
        }
    }

    #[test]
    fn columns_end_at_the_same_place_whatever_the_script() {
        for (language, order) in [(Language::Zh, Order::Ranking), (Language::En, Order::Key)] {
            let text = table(&answer(order), language);
            let lines: Vec<&str> = text.lines().collect();
            let widths: Vec<usize> = [1, 3, 4, 5, 7].map(|at| lines[at].width()).to_vec();
            assert!(widths.iter().all(|w| *w == widths[0]), "{widths:?}\n{text}");
        }
    }

    #[test]
    fn hidden_rows_untrusted_clocks_and_sample_data_are_explained() {
        let text = table(&answer(Order::Key), Language::En);
        let hidden = text.lines().find(|l| l.contains("0099")).unwrap();
        assert!(hidden.contains('*') && !hidden.contains('%'), "{hidden}");
        for part in ["99.2%", "95.4%–99.9%", "sample", "3 ratings", "* "] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }

    #[test]
    fn a_long_name_is_cut_by_columns_not_by_bytes() {
        let short = shortened(&"窗".repeat(40));
        assert!(short.width() <= NAME_COLUMNS && short.ends_with('…'), "{short}");
    }
}
