//! What all charts of an answer share: its metric, names, numbers as texts, and where a mark leads.

use crate::centre::dashboard::text::{percent, thousands};
use crate::centre::statistics::labels::Labels;
use crate::domain::metric::{Figure, Metric, Unit};
use crate::domain::query::{Answer, Row};
use crate::words::Language;
use crate::words::charts::{Charts, metric};

/// An answer as charts look at it.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    pub answer: &'a Answer,
    /// The same question of another period.
    pub before: Option<&'a Answer>,
    pub metric: Metric,
    pub labels: &'a Labels,
    /// Where a row leads, within this site.
    pub address: &'a dyn Fn(&Row) -> Option<String>,
}

impl Subject<'_> {
    pub(super) fn language(&self) -> Language {
        self.labels.language()
    }

    pub(super) fn words(&self) -> Charts {
        Charts(self.language())
    }

    /// The metric's name.
    pub(super) fn what(&self) -> String {
        metric(self.language(), self.metric)
    }

    pub(super) fn overall(&self) -> Option<f64> {
        let counts = self.metric.unit() == Unit::Count;
        self.metric.of(&self.answer.total).map(|f| f.value).filter(|_| !counts)
    }

    pub(super) fn overall_words(&self) -> String {
        let value = self.overall().map_or_else(String::new, |v| written(self.metric.unit(), v));
        self.words().overall(&value).into_owned()
    }

    /// What stands when a mark is pointed at.
    pub(super) fn tip(&self, row: &Row) -> String {
        format!("{}\n{}", row.name, self.reading(row))
    }

    /// The figure of a row in words, with its interval and n.
    pub(super) fn reading(&self, row: &Row) -> String {
        let w = self.words();
        if row.suppressed {
            return w.withheld().into_owned();
        }
        match self.metric.of(row) {
            Some(figure) => format!("{}\n{}", self.figure(figure), w.n(&thousands(figure.n))),
            None => w.none().into_owned(),
        }
    }

    pub(super) fn figure(&self, figure: Figure) -> String {
        let (w, what, unit) = (self.words(), self.what(), self.metric.unit());
        let value = written(unit, figure.value);
        match figure.interval {
            Some((low, high)) => w.figure(&what, &value, &written(unit, low), &written(unit, high)).into_owned(),
            None => w.figure_alone(&what, &value).into_owned(),
        }
    }
}

/// A figure as pages write it.
pub fn written(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Share => percent(value),
        Unit::Level => format!("{value:.2}"),
        Unit::Count => thousands(value.max(0.0).round() as u64),
    }
}

/// Where an axis begins and ends so that all of `bounds` lie on it: round, and never wider than the unit itself. Counts
/// begin at nothing, because their bars have lengths.
pub(super) fn axis(unit: Unit, bounds: impl IntoIterator<Item = f64>) -> (f64, Option<f64>) {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for bound in bounds.into_iter().filter(|b| b.is_finite()) {
        (low, high) = (low.min(bound), high.max(bound));
    }
    if low > high {
        return (0.0, (unit == Unit::Share).then_some(1.0));
    }
    match unit {
        Unit::Count => (0.0, None),
        Unit::Level => ((low * 2.0).floor().max(2.0) / 2.0, Some((high * 2.0).ceil().min(10.0) / 2.0)),
        Unit::Share => {
            // Twentieths; in floating point they are made of whole numbers, so that marks stay round.
            let (start, end) = ((low * 20.0 + 1e-9).floor().max(0.0), (high * 20.0 - 1e-9).ceil().min(20.0));
            let start = start.min(end - 2.0).max(0.0);
            (start / 20.0, Some((end.max(start + 2.0) / 20.0).min(1.0)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_holds_all_and_is_round() {
        assert_eq!(axis(Unit::Share, [0.972, 0.991]), (0.9, Some(1.0)));
        assert_eq!(axis(Unit::Share, [0.012, 0.043]), (0.0, Some(0.1)));
        assert_eq!(axis(Unit::Share, [0.55, 0.81]), (0.55, Some(0.85)));
        assert_eq!(axis(Unit::Share, []), (0.0, Some(1.0)));
        assert_eq!(axis(Unit::Level, [4.2, 4.7]), (4.0, Some(5.0)));
        assert_eq!(axis(Unit::Level, [1.2, f64::NAN]), (1.0, Some(1.5)));
        assert_eq!(axis(Unit::Count, [20.0, 90.0]), (0.0, None));
    }
}
