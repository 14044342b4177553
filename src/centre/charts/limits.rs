//! Control limits of a funnel plot, pure: how far from the overall rate chance alone takes a window with n ratings.
//!
//! Exact binomial limits, interpolated between the two counts around each tail (Spiegelhalter 2005), because rates near
//! 100% make the normal approximation promise more than 100%. Beyond [`EXACT_N`] the two agree to the pixel.

/// The largest n that is worked out exactly.
const EXACT_N: u64 = 5_000;
/// Points of a curve.
const STEPS: usize = 48;

/// Chance beyond a limit on each side: 95% and 99.8% lie within.
pub const NEAR: f64 = 0.025;
pub const WIDE: f64 = 0.001;
const NEAR_Z: f64 = 1.959_963_984_540_054;
const WIDE_Z: f64 = 3.090_232_306_167_813;

/// The limits at one n.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    pub n: u64,
    pub near: (f64, f64),
    pub wide: (f64, f64),
}

/// Where a rate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Within,
    /// Outside of 95%, inside of 99.8%.
    Near,
    Beyond,
}

impl Place {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Within => "within",
            Self::Near => "near",
            Self::Beyond => "beyond",
        }
    }
}

impl Limits {
    /// Around `overall`, which lies within 0 and 1; `n` is at least 1.
    pub fn at(n: u64, overall: f64) -> Self {
        let n = n.max(1);
        if n > EXACT_N {
            let normal = |z: f64| {
                let half = z * (overall * (1.0 - overall) / n as f64).sqrt();
                ((overall - half).max(0.0), (overall + half).min(1.0))
            };
            return Self { n, near: normal(NEAR_Z), wide: normal(WIDE_Z) };
        }
        let chances = binomial(n, overall);
        let mirrored: Vec<f64> = chances.iter().rev().copied().collect();
        let both = |tail: f64| (quantile(&chances, tail) / n as f64, 1.0 - quantile(&mirrored, tail) / n as f64);
        Self { n, near: both(NEAR), wide: both(WIDE) }
    }

    pub fn place(&self, rate: f64) -> Place {
        // A rate on the limit, as rounding leaves it, is within.
        let outside = |(low, high): (f64, f64)| rate < low - 1e-9 || rate > high + 1e-9;
        if outside(self.wide) {
            Place::Beyond
        } else if outside(self.near) {
            Place::Near
        } else {
            Place::Within
        }
    }
}

/// The limits from small n to the largest, closer together where they bend.
pub fn curves(largest_n: u64, overall: f64) -> Vec<Limits> {
    let largest = largest_n.max(10) as f64;
    let mut ns: Vec<u64> =
        (0..=STEPS).map(|step| (4.0 * (largest / 4.0).powf(step as f64 / STEPS as f64)).round() as u64).collect();
    ns.dedup();
    ns.into_iter().map(|n| Limits::at(n, overall)).collect()
}

/// The chance of each count from 0 to n, from the likeliest one outwards.
fn binomial(n: u64, p: f64) -> Vec<f64> {
    let size = usize::try_from(n).unwrap_or(0) + 1;
    if p <= 0.0 || p >= 1.0 {
        let mut sure = vec![0.0; size];
        sure[if p <= 0.0 { 0 } else { size - 1 }] = 1.0;
        return sure;
    }
    let odds = p / (1.0 - p);
    let mode = ((n as f64 + 1.0) * p).floor().clamp(0.0, n as f64) as usize;
    let mut chances = vec![0.0; size];
    chances[mode] = 1.0;
    for k in mode + 1..size {
        chances[k] = chances[k - 1] * odds * (size - k) as f64 / k as f64;
    }
    for k in (0..mode).rev() {
        chances[k] = chances[k + 1] / odds * (k + 1) as f64 / (size - 1 - k) as f64;
    }
    let sum: f64 = chances.iter().sum();
    chances.iter_mut().for_each(|c| *c /= sum);
    chances
}

/// The count below which `tail` of the chance lies, between whole counts by interpolation; 0 where even none is likelier.
fn quantile(chances: &[f64], tail: f64) -> f64 {
    let mut below = 0.0;
    for (k, chance) in chances.iter().enumerate() {
        if below + chance > tail {
            let part = (tail - below) / chance;
            return (k as f64 - 1.0 + part).max(0.0);
        }
        below += chance;
    }
    chances.len() as f64 - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binomial_is_whole_and_agrees_with_known_chances() {
        let chances = binomial(10, 0.5);
        assert!((chances.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((chances[5] - 252.0 / 1024.0).abs() < 1e-12 && (chances[0] - 1.0 / 1024.0).abs() < 1e-12);
        let skewed = binomial(5_000, 0.97);
        assert!((skewed.iter().sum::<f64>() - 1.0).abs() < 1e-9 && skewed.iter().all(|c| c.is_finite()));
    }

    #[test]
    fn limits_hold_the_share_of_chance_that_they_promise() {
        for (n, p) in [(20, 0.9), (50, 0.97), (200, 0.6), (1_000, 0.95)] {
            let limits = Limits::at(n, p);
            let chances = binomial(n, p);
            for ((low, high), tail) in [(limits.near, NEAR), (limits.wide, WIDE)] {
                let outside = |is: &dyn Fn(f64) -> bool| -> f64 {
                    chances.iter().enumerate().filter(|(k, _)| is(*k as f64 / n as f64)).map(|(_, c)| c).sum()
                };
                assert!(outside(&|rate| rate < low - 1e-9) <= tail + 1e-9, "{n} {p} {low}");
                assert!(outside(&|rate| rate > high + 1e-9) <= tail + 1e-9, "{n} {p} {high}");
                assert!(0.0 <= low && low < p && p < high && high <= 1.0, "{n} {p}: {low} {high}");
            }
            assert!(limits.wide.0 < limits.near.0 && limits.near.1 <= limits.wide.1);
        }
    }

    #[test]
    fn where_the_exact_limits_end_the_others_go_on() {
        let (exact, normal) = (Limits::at(EXACT_N, 0.96), Limits::at(EXACT_N + 1, 0.96));
        assert!((exact.near.0 - normal.near.0).abs() < 1e-3 && (exact.wide.1 - normal.wide.1).abs() < 1e-3);
    }

    #[test]
    fn few_ratings_excuse_much_and_many_excuse_little() {
        let place = |n, rate| Limits::at(n, 0.96).place(rate);
        assert_eq!([place(3, 0.667), place(40, 0.8), place(4_000, 0.9)], [Place::Within, Place::Beyond, Place::Beyond]);
        assert_eq!(place(100, 0.91), Place::Near);
        let all = Limits::at(30, 1.0);
        assert_eq!((all.place(1.0), all.place(0.9)), (Place::Within, Place::Beyond));
        let curve = curves(900, 0.96);
        assert!(curve.len() > 30 && curve.windows(2).all(|w| w[0].n < w[1].n) && curve.last().unwrap().n == 900);
    }
}
