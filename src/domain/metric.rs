//! Which figure of a [`Row`] a question is about: 好评率, 满意率, 差评率, 参评率, 平均分, or a count.

use super::query::{LevelCounts, Rate, Row};
use super::rating::coded;

coded! {
    /// One figure of a row.
    Metric {
        /// 满意率
        Satisfied = "satisfied",
        /// 好评率
        Positive = "positive",
        /// 差评率
        Negative = "negative",
        /// 参评率
        Participation = "participation",
        /// 平均分
        Mean = "mean",
        /// 评价数
        Rated = "rated",
        /// 服务量
        Served = "served",
        /// 存疑
        Flagged = "flagged",
        /// 未采纳
        SetAside = "set_aside",
        /// 采纳满意率
        AdoptedSatisfied = "adopted_satisfied",
        /// 采纳差评率
        AdoptedNegative = "adopted_negative",
    }
}

/// What a figure is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// 0 to 1.
    Share,
    /// 1 to 5.
    Level,
    Count,
}

impl Unit {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Share => "share",
            Self::Level => "level",
            Self::Count => "count",
        }
    }
}

/// A figure with its 95% interval; counts have none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    pub value: f64,
    pub interval: Option<(f64, f64)>,
    /// What the figure was made of: ratings, or visits served for 参评率.
    pub n: u64,
}

impl Metric {
    pub const fn unit(self) -> Unit {
        match self {
            Self::Satisfied
            | Self::Positive
            | Self::Negative
            | Self::Participation
            | Self::AdoptedSatisfied
            | Self::AdoptedNegative => Unit::Share,
            Self::Mean => Unit::Level,
            Self::Rated | Self::Served | Self::Flagged | Self::SetAside => Unit::Count,
        }
    }

    /// The share as it stands in a row.
    pub fn rate(self, row: &Row) -> Option<Rate> {
        match self {
            Self::Satisfied => row.satisfied_rate,
            Self::Positive => row.positive_rate,
            Self::Negative => row.negative_rate,
            Self::Participation => row.participation,
            Self::AdoptedSatisfied => row.adopted_satisfied(),
            Self::AdoptedNegative => row.adopted_negative(),
            Self::Mean | Self::Rated | Self::Served | Self::Flagged | Self::SetAside => None,
        }
    }

    /// None: withheld, not counted there, or made of nothing.
    pub fn of(self, row: &Row) -> Option<Figure> {
        let count = |n: Option<u64>| n.map(|n| Figure { value: n as f64, interval: None, n });
        match self {
            Self::Rated => count(row.n),
            Self::Served => count(row.served),
            Self::Flagged => row.flagged.zip(row.n).map(|(f, n)| Figure { value: f as f64, interval: None, n }),
            Self::SetAside => row.set_aside.zip(row.n).map(|(a, n)| Figure { value: a as f64, interval: None, n }),
            Self::Mean => {
                let (mean, n) = (row.mean?, row.n?);
                Some(Figure { value: mean, interval: row.levels.and_then(|l| mean_interval(&l)), n })
            }
            Self::Satisfied
            | Self::Positive
            | Self::Negative
            | Self::Participation
            | Self::AdoptedSatisfied
            | Self::AdoptedNegative => {
                let rate = self.rate(row)?;
                let n = match self {
                    Self::Participation => row.served?,
                    Self::AdoptedSatisfied | Self::AdoptedNegative => row.adopted_n()?,
                    _ => row.n?,
                };
                Some(Figure { value: rate.value, interval: Some((rate.low, rate.high)), n })
            }
        }
    }
}

/// The mean level's 95% interval by the normal approximation, within 1 and 5; none for fewer than two ratings.
fn mean_interval(levels: &LevelCounts) -> Option<(f64, f64)> {
    let counts = [
        levels.very_dissatisfied,
        levels.dissatisfied,
        levels.basically_satisfied,
        levels.satisfied,
        levels.very_satisfied,
    ];
    let n: u64 = counts.iter().sum();
    if n < 2 {
        return None;
    }
    let of_level = |f: fn(f64) -> f64| counts.iter().zip(1..).map(|(&c, l)| c as f64 * f(f64::from(l))).sum::<f64>();
    let n = n as f64;
    let mean = of_level(|l| l) / n;
    let variance = (of_level(|l| l * l) - n * mean * mean).max(0.0) / (n - 1.0);
    let half = 1.96 * (variance / n).sqrt();
    Some(((mean - half).max(1.0), (mean + half).min(5.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        let levels = LevelCounts { very_satisfied: 6, satisfied: 2, very_dissatisfied: 2, ..LevelCounts::default() };
        Row {
            n: Some(10),
            suppressed: false,
            levels: Some(levels),
            satisfied_rate: Rate::wilson(8, 10),
            positive_rate: Rate::wilson(8, 10),
            negative_rate: Rate::wilson(2, 10),
            mean: Some(4.0),
            served: Some(20),
            participation: Rate::wilson(10, 20),
            flagged: Some(1),
            set_aside: Some(0),
            ..Row::withheld("W01".to_owned(), "1".to_owned())
        }
    }

    #[test]
    fn every_metric_says_what_it_was_made_of() {
        for &metric in Metric::ALL {
            let figure = metric.of(&row()).unwrap();
            assert_eq!(figure.n, if matches!(metric, Metric::Participation | Metric::Served) { 20 } else { 10 });
            assert_eq!(figure.interval.is_some(), metric.unit() != Unit::Count, "{metric:?}");
            assert_eq!(metric.of(&Row::withheld("x".to_owned(), "x".to_owned())), None, "withheld stays withheld");
        }
        assert_eq!(Metric::Negative.of(&row()).unwrap().value, 0.2);
    }

    #[test]
    fn the_mean_lies_in_its_interval_and_the_interval_on_the_scale() {
        // Levels 5×6, 4×2, 1×2: mean 4, variance 24/9, so 4 ± 1.96·√(24/90).
        let (low, high) = Metric::Mean.of(&row()).unwrap().interval.unwrap();
        assert!((low - 2.9879).abs() < 1e-4 && high == 5.0, "{low} {high}");
        assert_eq!(mean_interval(&LevelCounts { satisfied: 1, ..LevelCounts::default() }), None);
        assert_eq!(mean_interval(&LevelCounts { satisfied: 9, ..LevelCounts::default() }), Some((4.0, 4.0)));
    }
}
