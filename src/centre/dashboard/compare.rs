//! What figures say against each other, pure: a difference with its interval, and who stands out.

use crate::domain::query::{Answer, Rate, Row};

/// The least ratings that let a row stand out.
const LEAST_N: u64 = 20;

/// A difference of two shares, in shares, with its 95% interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

impl Difference {
    /// `now` against `before`, from their Wilson intervals by Newcombe's method.
    pub fn newcombe(now: Rate, before: Rate) -> Self {
        let value = now.value - before.value;
        let low = value - (now.value - now.low).hypot(before.high - before.value);
        let high = value + (now.high - now.value).hypot(before.value - before.low);
        Self { value, low: low.max(-1.0), high: high.min(1.0) }
    }

    /// None: the interval holds both more and less.
    pub fn is_up(&self) -> Option<bool> {
        if self.low > 0.0 {
            Some(true)
        } else if self.high < 0.0 {
            Some(false)
        } else {
            None
        }
    }
}

/// Rows whose satisfied rate is clearly above (`better`) or below the answer's total, the clearest first.
pub fn standing_out(answer: &Answer, better: bool) -> Vec<&Row> {
    let Some(overall) = answer.total.satisfied_rate else { return Vec::new() };
    let gap = |row: &Row| {
        let rate = row.satisfied_rate.filter(|_| row.n.is_some_and(|n| n >= LEAST_N))?;
        let gap = if better { rate.low - overall.value } else { overall.value - rate.high };
        (gap > 0.0).then_some(gap)
    };
    let mut out: Vec<(f64, &Row)> = answer.rows.iter().filter_map(|r| gap(r).map(|g| (g, r))).collect();
    out.sort_by(|a, b| b.0.total_cmp(&a.0));
    out.into_iter().map(|(_, row)| row).collect()
}

/// Where the axis of a set of rates begins: a multiple of 5% at or below the lowest bound, with 10% to show at least.
pub fn axis_start<'a>(rates: impl IntoIterator<Item = &'a Rate>) -> f64 {
    let lowest = rates.into_iter().map(|r| r.low).fold(0.9, f64::min);
    ((lowest * 20.0).floor() / 20.0).clamp(0.0, 0.9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newcombe_agrees_with_the_published_example() {
        // Newcombe 1998, method 10, case (a): 56/70 against 48/80.
        let d = Difference::newcombe(Rate::wilson(56, 70).unwrap(), Rate::wilson(48, 80).unwrap());
        assert!((d.low - 0.0524).abs() < 5e-5 && (d.high - 0.3339).abs() < 5e-5, "{d:?}");
        assert_eq!(d.is_up(), Some(true));
        let d = Difference::newcombe(Rate::wilson(9, 10).unwrap(), Rate::wilson(3, 10).unwrap());
        assert!((d.low - 0.1705).abs() < 5e-5 && (d.high - 0.8090).abs() < 5e-5, "{d:?}");
        let even = Difference::newcombe(Rate::wilson(9, 10).unwrap(), Rate::wilson(8, 10).unwrap());
        assert_eq!(even.is_up(), None);
    }

    #[test]
    fn an_axis_starts_at_a_round_share() {
        let start = |k, n| axis_start(&[Rate::wilson(k, n).unwrap()]);
        assert_eq!(start(990, 1000), 0.9);
        assert!((start(80, 100) - 0.7).abs() < 1e-9);
        assert_eq!(start(0, 10), 0.0);
        assert_eq!(axis_start(&[]), 0.9);
    }
}
