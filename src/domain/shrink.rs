//! Shares of few ratings, drawn towards the hall's: an empirical Bayes estimate with its interval.
//!
//! How far windows of one hall differ is taken from the hall itself (the moments of a beta-binomial). A window with five
//! ratings then says little against the hall, one with five thousand speaks for itself, and nobody is best or worst by luck.

/// How the shares of a hall are spread: a beta distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prior {
    /// 0 to 1.
    pub mean: f64,
    /// As many observations as it weighs.
    pub strength: f64,
}

/// A share with the 95% interval of what is believed of it; all within 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shrunk {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

/// Of groups that are too few to tell how they differ.
const UNKNOWN_STRENGTH: f64 = 20.0;
const LEAST_STRENGTH: f64 = 4.0;
/// Of groups that do not differ more than chance makes them.
const MOST_STRENGTH: f64 = 1_000.0;
/// Groups from which a spread can be told.
const LEAST_GROUPS: usize = 4;

impl Prior {
    /// From hits and observations of each group; none when nothing was observed.
    pub fn fit(groups: &[(u64, u64)]) -> Option<Self> {
        let seen: Vec<(f64, f64)> =
            groups.iter().filter(|(k, n)| *n > 0 && k <= n).map(|&(k, n)| (k as f64, n as f64)).collect();
        let (hits, all) = seen.iter().fold((0.0, 0.0), |sum, g| (sum.0 + g.0, sum.1 + g.1));
        if all == 0.0 {
            return None;
        }
        // Never quite none and never quite all: a prior that nothing could move would be none.
        let mean = (hits + 0.5) / (all + 1.0);
        if seen.len() < LEAST_GROUPS {
            return Some(Self { mean, strength: UNKNOWN_STRENGTH });
        }
        let free = seen.len() as f64 - 1.0;
        let scatter: f64 = seen.iter().map(|(k, n)| n * (k / n - mean).powi(2)).sum();
        let even = all - seen.iter().map(|(_, n)| n * n).sum::<f64>() / all - free;
        let within = (scatter / (mean * (1.0 - mean)) - free) / even;
        let strength = if even > 0.0 && within > 0.0 { 1.0 / within - 1.0 } else { MOST_STRENGTH };
        Some(Self { mean, strength: strength.clamp(LEAST_STRENGTH, MOST_STRENGTH) })
    }

    /// What is believed of a group with `hits` of `n`.
    pub fn shrink(self, hits: u64, n: u64) -> Shrunk {
        let hits = hits.min(n);
        let a = self.mean * self.strength + hits as f64;
        let b = (1.0 - self.mean) * self.strength + (n - hits) as f64;
        Shrunk { value: a / (a + b), low: beta_quantile(0.025, a, b), high: beta_quantile(0.975, a, b) }
    }
}

/// Where the beta distribution has `p` below it, by halving.
fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if below(middle, a, b) < p { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// The regularised incomplete beta function, by its continued fraction (Lentz).
fn below(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (1.0 - x).ln()).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(x, a, b) / a
    } else {
        1.0 - front * fraction(1.0 - x, b, a) / b
    }
}

fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let safe = |v: f64| if v.abs() < TINY { TINY } else { v };
    let (mut c, mut d) = (1.0, 1.0 / safe(1.0 - (a + b) * x / (a + 1.0)));
    let mut out = d;
    for m in 1..=400 {
        let m = f64::from(m);
        for step in [
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        ] {
            d = 1.0 / safe(1.0 + step * d);
            c = safe(1.0 + step / c);
            out *= d * c;
        }
        if (d * c - 1.0).abs() < 1e-12 {
            break;
        }
    }
    out
}

/// Lanczos' approximation, for positive numbers.
fn ln_gamma(x: f64) -> f64 {
    const G: [f64; 8] = [
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    let x = x - 1.0;
    let sum = G.iter().zip(1_u8..).fold(0.999_999_999_999_809_9, |sum, (g, at)| sum + g / (x + f64::from(at)));
    let t = x + 7.5;
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn quantiles_agree_with_tables() {
        for (p, a, b, want) in [
            (0.025, 1.0, 1.0, 0.025),
            (0.975, 2.0, 3.0, 0.805_87),
            (0.025, 2.0, 3.0, 0.067_586),
            (0.5, 10.0, 10.0, 0.5),
            (0.025, 91.0, 11.0, 0.825_25),
            (0.975, 0.5, 0.5, 0.998_459),
        ] {
            let got = beta_quantile(p, a, b);
            assert!((got - want).abs() < 2e-3, "{p} {a} {b}: {got}");
        }
        assert!((ln_gamma(10.0) - 362_880_f64.ln()).abs() < 1e-9);
    }

    #[test]
    fn few_ratings_say_little_and_many_speak_for_themselves() {
        let groups = [(5, 5), (4_500, 5_000), (4_700, 5_000), (4_600, 5_000), (4_400, 5_000), (4_800, 5_000)];
        let prior = Prior::fit(&groups).unwrap();
        assert!((0.91..0.93).contains(&prior.mean) && prior.strength > LEAST_STRENGTH, "{prior:?}");
        let (lucky, known) = (prior.shrink(5, 5), prior.shrink(4_800, 5_000));
        assert!(lucky.value < known.value, "five of five are not better than 96% of five thousand");
        assert!(lucky.high - lucky.low > 3.0 * (known.high - known.low));
        assert!((known.value - 0.96).abs() < 0.001);
        assert!((prior.shrink(0, 0).value - prior.mean).abs() < 1e-9);
    }

    #[test]
    fn groups_that_differ_by_chance_alone_are_drawn_together() {
        let even: Vec<(u64, u64)> = (0..20).map(|_| (90, 100)).collect();
        assert_eq!(Prior::fit(&even).unwrap().strength, MOST_STRENGTH);
        let odd: Vec<(u64, u64)> = (0..20).map(|i| (if i % 2 == 0 { 50 } else { 95 }, 100)).collect();
        assert!(Prior::fit(&odd).unwrap().strength < 20.0);
        assert_eq!(Prior::fit(&[(0, 0)]), None);
        assert_eq!(Prior::fit(&[(3, 4)]).unwrap().strength, UNKNOWN_STRENGTH);
    }

    proptest! {
        #[test]
        fn an_estimate_lies_within_its_interval_and_between_share_and_mean(
            groups in prop::collection::vec((0_u64..400, 0_u64..400), 1..30), at in 0_usize..30,
        ) {
            let groups: Vec<(u64, u64)> = groups.into_iter().map(|(k, more)| (k, k + more)).collect();
            let Some(prior) = Prior::fit(&groups) else { return Ok(()) };
            let (k, n) = groups[at % groups.len()];
            let got = prior.shrink(k, n);
            prop_assert!(0.0 <= got.low && got.low <= got.value && got.value <= got.high && got.high <= 1.0, "{got:?}");
            if n > 0 {
                let share = k as f64 / n as f64;
                let (least, most) = (share.min(prior.mean), share.max(prior.mean));
                prop_assert!(least - 1e-9 <= got.value && got.value <= most + 1e-9);
            }
        }
    }
}
