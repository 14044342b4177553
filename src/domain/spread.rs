//! Means of few scores – of leaders, colleagues, contests – with the interval that so few deserve.
//!
//! One score has no spread of its own: what is known of it comes from how scores about the same person differ elsewhere.

/// 95% on both sides.
pub const Z95: f64 = 1.959_963_984_540_054;
/// Points of a hundred by which scores about one person differ where nobody has two.
const UNKNOWN: f64 = 12.0;
/// However much scores agree: people agree by habit as well.
const LEAST: f64 = 4.0;

/// A mean with its 95% interval, 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

impl Estimate {
    /// `half` is half the width of the interval, which ends where scores end.
    pub fn around(value: f64, half: f64) -> Self {
        let value = value.clamp(0.0, 100.0);
        Self { value, low: (value - half).max(0.0), high: (value + half).min(100.0) }
    }

    /// Two intervals that touch do not tell who is better.
    pub fn overlaps(self, other: Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }
}

/// How far scores about the same person differ, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread(f64);

impl Spread {
    /// Pooled over everybody with two scores or more, of 0 to 100 each.
    pub fn pooled<'a>(groups: impl IntoIterator<Item = &'a [f64]>) -> Self {
        let (mut squares, mut free) = (0.0, 0.0);
        for scores in groups.into_iter().filter(|s| s.len() > 1) {
            let mean = mean(scores);
            squares += scores.iter().map(|s| (s - mean).powi(2)).sum::<f64>();
            free += scores.len() as f64 - 1.0;
        }
        Self(if free > 0.0 { (squares / free).sqrt().max(LEAST) } else { UNKNOWN })
    }

    /// The mean of one person's scores; none without any.
    pub fn estimate(self, scores: &[f64]) -> Option<Estimate> {
        (!scores.is_empty()).then(|| Estimate::around(mean(scores), Z95 * self.0 / (scores.len() as f64).sqrt()))
    }
}

/// A mean whose own spread is known as `deviation`.
pub fn with_deviation(value: f64, deviation: f64, n: u64) -> Estimate {
    Estimate::around(value, Z95 * deviation.max(LEAST) / (n.max(1) as f64).sqrt())
}

fn mean(scores: &[f64]) -> f64 {
    scores.iter().sum::<f64>() / scores.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_score_is_uncertain_and_agreement_narrows() {
        let groups: [&[f64]; 3] = [&[80.0, 90.0], &[70.0, 74.0], &[95.0]];
        let spread = Spread::pooled(groups);
        assert!((spread.0 - (58.0_f64 / 2.0).sqrt()).abs() < 1e-9);
        let (one, two) = (spread.estimate(&[95.0]).unwrap(), spread.estimate(&[94.0, 96.0]).unwrap());
        assert!(one.low < two.low && one.high == 100.0 && one.overlaps(two));
        assert_eq!(Spread::pooled([&[50.0][..]]).0, UNKNOWN);
        assert_eq!(Spread::pooled([&[50.0, 50.0][..]]).0, LEAST);
        assert_eq!(spread.estimate(&[]), None);
    }

    #[test]
    fn intervals_stay_on_the_scale() {
        let e = Estimate::around(98.0, 10.0);
        assert_eq!((e.low, e.high), (88.0, 100.0));
        assert!(!Estimate::around(10.0, 5.0).overlaps(Estimate::around(30.0, 5.0)));
        assert_eq!(with_deviation(60.0, 0.0, 4).low, 60.0 - Z95 * LEAST / 2.0);
    }
}
