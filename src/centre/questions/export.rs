//! A question's answer as a file: all columns of every statistics file, what was compared beside them, a cross one line a
//! cell, and a second sheet that says what was asked, by whom, when, by which definition, and what was not counted.

use super::change::Change;
use super::cross::Cross;
use super::question::Question;
use super::rows::{earlier_row, moves};
use crate::centre::dashboard::text::thousands;
use crate::centre::statistics::export::{self, Grid, Provenance, Value};
use crate::centre::statistics::labels::Labels;
use crate::centre::statistics::provenance::{Asking, provenance};
use crate::domain::metric::{Figure, Metric, Unit};
use crate::domain::query::{Answer, Row};
use crate::words::charts::{definition, metric as metric_name};
use crate::words::questions::{AboutQuestion, Questions};
use crate::words::stats;

/// All that was answered.
#[derive(Clone, Copy)]
pub struct Answered<'a> {
    pub question: &'a Question,
    pub answer: &'a Answer,
    pub before: Option<&'a Answer>,
    pub cross: Option<&'a Cross>,
    pub labels: &'a Labels,
    /// Flagged ratings that the question left out.
    pub left_out: Option<u64>,
}

/// Headings and rows.
pub fn grid(a: &Answered<'_>) -> Grid {
    let language = a.labels.language();
    if let Some(cross) = a.cross {
        return crossed(a, cross);
    }
    let mut grid = export::grid(a.answer, language);
    let (Some(before), metric) = (a.before, a.question.metric) else { return grid };
    let (w, about, what) = (Questions(language), AboutQuestion(language), metric_name(language, metric));
    let dated = a.question.query.by.filter(|&by| moves(by));
    if let Some(by) = dated {
        grid.headings.push(about.earlier_of(stats::dimension(language, by)).into_owned());
    }
    grid.headings.push(about.earlier_of(&metric_name(language, Metric::Rated)).into_owned());
    grid.headings.extend(
        [about.earlier_of(&what), about.change_of(&what), about.change_low(&what), about.change_high(&what)]
            .map(|h| h.into_owned()),
    );
    let rows = a.answer.rows.iter().map(Some).chain([None]);
    for (row, cells) in rows.zip(&mut grid.rows) {
        let other = match (row, a.question.query.by) {
            (Some(row), Some(by)) => earlier_row(a.answer, row, by, before),
            (Some(_), None) => None,
            (None, _) => Some(&before.total),
        };
        let now = metric.of(row.unwrap_or(&a.answer.total));
        if dated.is_some() {
            cells.push(match (row, other) {
                (Some(_), Some(other)) => Value::Text(other.key.clone()),
                (None, _) => Value::Text(w.earlier().into_owned()),
                _ => Value::Nothing,
            });
        }
        cells.push(other.and_then(|r| r.n).map_or(Value::Nothing, Value::Count));
        cells.extend(compared(metric, now, other));
    }
    grid
}

fn compared(metric: Metric, now: Option<Figure>, other: Option<&Row>) -> [Value; 4] {
    let then = other.and_then(|r| metric.of(r));
    let change = now.zip(then).map(|(now, then)| Change::between(now, then));
    let (low, high) = change.and_then(|c| c.interval).unzip();
    let figure = |v: f64| match metric.unit() {
        Unit::Share => Value::Share(v),
        Unit::Level => Value::Mean(v),
        Unit::Count => Value::Count(v.max(0.0) as u64),
    };
    let difference = |v: f64| if metric.unit() == Unit::Count { Value::Signed(v as i64) } else { figure(v) };
    let or_nothing = |v: Option<f64>, of: &dyn Fn(f64) -> Value| v.map_or(Value::Nothing, of);
    [
        or_nothing(then.map(|f| f.value), &figure),
        or_nothing(change.map(|c| c.value), &difference),
        or_nothing(low, &difference),
        or_nothing(high, &difference),
    ]
}

/// One line a cell: what a spreadsheet makes its own tables of.
fn crossed(a: &Answered<'_>, cross: &Cross) -> Grid {
    let language = a.labels.language();
    let second = stats::dimension(language, cross.and);
    let total = export::grid(a.answer, language);
    let mut headings = vec![AboutQuestion(language).second(second).into_owned(), second.to_owned()];
    headings.extend(total.headings.iter().cloned());
    let mut rows = Vec::new();
    for (column, answer) in cross.columns.iter().zip(&cross.answers) {
        let mut cells = export::grid(answer, language).rows;
        // Its last line is the column's total, which the rows below would count twice.
        cells.pop();
        let lead = [Value::Text(column.key.clone()), Value::Text(column.name.clone())];
        rows.extend(cells.into_iter().map(|line| lead.iter().cloned().chain(line).collect::<Vec<_>>()));
    }
    let sum = total.rows.last().cloned().unwrap_or_default();
    rows.push([Value::Text("total".to_owned()), Value::Text(a.labels.total())].into_iter().chain(sum).collect());
    Grid { headings, rows }
}

/// The lines of the second sheet.
pub fn about(a: &Answered<'_>, asking: &Asking) -> Provenance {
    let language = a.labels.language();
    let (w, about) = (Questions(language), AboutQuestion(language));
    let (query, total) = (&a.question.query, &a.answer.total);
    let mut all = provenance(a.answer, asking, a.labels);
    let mut first = vec![(about.metric(), metric_name(language, a.question.metric))];
    if let Some(and) = a.question.and {
        first.push((about.cross(), stats::dimension(language, and).to_owned()));
    }
    if let Some(before) = a.before {
        let (from, to) = (before.query.from.to_string(), before.query.to.to_string());
        first.push((about.compared(), w.period(&from, &to).into_owned()));
    }
    first.push((about.address(), a.question.address()));
    let mut counted = vec![(about.counted(), total.n.map_or_else(|| "*".to_owned(), thousands))];
    if let Some((served, n)) = total.served.zip(total.n) {
        counted.push((about.unanswered(), about.unanswered_note(served.saturating_sub(n)).into_owned()));
    }
    if let Some(left_out) = a.left_out.filter(|_| query.unflagged_only) {
        counted.push((about.left_out(), thousands(left_out)));
    }
    let withheld = a.answer.rows.iter().filter(|r| r.suppressed).count();
    if withheld > 0 {
        counted.push((about.withheld_rows(), withheld.to_string()));
    }
    if let Some(left) = a.cross.map(|c| c.columns_left).filter(|&n| n > 0) {
        counted.push((about.columns_left(), left.to_string()));
    }
    let defined =
        Metric::ALL.iter().map(|&m| (about.definition(&metric_name(language, m)), definition(language, m).to_owned()));
    let own = first.into_iter().chain(counted).chain(defined).map(|(name, text)| (name.into_owned(), text));
    all.lines.extend(own);
    all
}
