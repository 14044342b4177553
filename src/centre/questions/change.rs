//! A figure against that of the compared period, pure.

use crate::domain::metric::{Figure, Metric, Unit};

/// A difference with its 95% interval, in the metric's own unit. Counts have no interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    pub value: f64,
    pub interval: Option<(f64, f64)>,
}

/// What a change means to whoever answers for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    Better,
    Worse,
    /// It is clear, and neither good nor bad.
    Clear,
    /// It may be chance.
    Unclear,
}

impl Change {
    /// `now` less `before`, the interval made of both by the square-and-add method (Newcombe 1998, method 10, for shares).
    pub fn between(now: Figure, before: Figure) -> Self {
        let value = now.value - before.value;
        let interval = now.interval.zip(before.interval).map(|((low, high), (before_low, before_high))| {
            (
                value - (now.value - low).hypot(before_high - before.value),
                value + (high - now.value).hypot(before.value - before_low),
            )
        });
        Self { value, interval }
    }

    /// None: there is no interval to tell.
    pub fn is_up(&self) -> Option<bool> {
        let (low, high) = self.interval?;
        if low > 0.0 {
            Some(true)
        } else if high < 0.0 {
            Some(false)
        } else {
            None
        }
    }

    pub fn meaning(&self, metric: Metric) -> Meaning {
        if metric.unit() == Unit::Count {
            return Meaning::Clear;
        }
        match self.is_up() {
            None => Meaning::Unclear,
            Some(up) if up == (metric != Metric::Negative) => Meaning::Better,
            Some(_) => Meaning::Worse,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::query::Rate;

    fn share(hits: u64, n: u64) -> Figure {
        let rate = Rate::wilson(hits, n).unwrap();
        Figure { value: rate.value, interval: Some((rate.low, rate.high)), n }
    }

    #[test]
    fn a_change_agrees_with_the_published_example() {
        // Newcombe 1998, method 10, case (a): 56/70 against 48/80.
        let (low, high) = Change::between(share(56, 70), share(48, 80)).interval.unwrap();
        assert!((low - 0.0524).abs() < 5e-5 && (high - 0.3339).abs() < 5e-5, "{low} {high}");
    }

    #[test]
    fn more_unhappy_people_are_worse_and_chance_is_neither() {
        let more = Change::between(share(90, 100), share(60, 100));
        assert_eq!(
            (more.meaning(Metric::Satisfied), more.meaning(Metric::Negative)),
            (Meaning::Better, Meaning::Worse)
        );
        assert_eq!(Change::between(share(9, 10), share(8, 10)).meaning(Metric::Satisfied), Meaning::Unclear);
        let count = |n: u64| Figure { value: n as f64, interval: None, n };
        let change = Change::between(count(40), count(50));
        assert_eq!((change.value, change.interval, change.meaning(Metric::Rated)), (-10.0, None, Meaning::Clear));
    }
}
