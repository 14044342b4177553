//! What figures say against each other, pure: a difference with its interval, who stands out, what is falling.

use std::collections::HashMap;

use crate::domain::query::{Answer, LevelCounts, Rate, Row};

/// The least ratings that let a row stand out or fall.
const LEAST_N: u64 = 20;
/// The least days with ratings that make a trend.
const LEAST_DAYS: usize = 7;
/// The chance that anything at all is named although only chance is at work.
const ALPHA: f64 = 0.05;
/// 95% on both sides.
const Z95: f64 = 1.959_963_984_540_054;

/// A difference of two shares, in shares, with its interval.
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

    /// None: the interval holds both more and less; what differs is within the noise.
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

/// Rows whose satisfied rate is clearly above (`better`) or below the answer's total, the clearest first. The more rows are
/// compared, the wider each interval is taken, so that of hundreds of windows none is named by chance alone.
pub fn standing_out(answer: &Answer, better: bool) -> Vec<&Row> {
    let Some(overall) = answer.total.satisfied_rate else { return Vec::new() };
    let compared: Vec<(&Row, u64, u64)> =
        answer.rows.iter().filter_map(|r| satisfied(r).map(|(k, n)| (r, k, n))).collect();
    let z = z_for(compared.len());
    let gap = |k: u64, n: u64| {
        let rate = wilson(k, n, z)?;
        let gap = if better { rate.low - overall.value } else { overall.value - rate.high };
        (gap > 0.0).then_some(gap)
    };
    let mut out: Vec<(f64, &Row)> = compared.iter().filter_map(|&(row, k, n)| gap(k, n).map(|g| (g, row))).collect();
    out.sort_by(|a, b| b.0.total_cmp(&a.0));
    out.into_iter().map(|(_, row)| row).collect()
}

/// A row that does worse lately than earlier in the same period.
#[derive(Debug, Clone, PartialEq)]
pub struct Fall {
    pub key: String,
    pub name: String,
    /// Ratings of the last days.
    pub n: u64,
    pub recent: Rate,
    pub earlier: Rate,
    pub difference: Difference,
}

/// Rows of `recent`, the last days of `period`, whose satisfied rate is clearly below that of the days before them; the
/// deepest first.
pub fn falling(recent: &Answer, period: &Answer) -> Vec<Fall> {
    let whole: HashMap<&str, (u64, u64)> =
        period.rows.iter().filter_map(|row| satisfied(row).map(|sums| (row.key.as_str(), sums))).collect();
    let earlier = |row: &Row, k: u64, n: u64| {
        let &(all_k, all_n) = whole.get(row.key.as_str())?;
        let (k, n) = (all_k.checked_sub(k)?, all_n.checked_sub(n)?);
        (n >= LEAST_N).then_some((k, n))
    };
    let pairs: Vec<(&Row, (u64, u64), (u64, u64))> = recent
        .rows
        .iter()
        .filter_map(|row| {
            let (k, n) = satisfied(row)?;
            Some((row, (k, n), earlier(row, k, n)?))
        })
        .collect();
    let z = z_for(pairs.len());
    let mut falls: Vec<Fall> = pairs
        .into_iter()
        .filter_map(|(row, (k, n), (earlier_k, earlier_n))| {
            let wide = Difference::newcombe(wilson(k, n, z)?, wilson(earlier_k, earlier_n, z)?);
            let (recent, earlier) = (Rate::wilson(k, n)?, Rate::wilson(earlier_k, earlier_n)?);
            let difference = Difference::newcombe(recent, earlier);
            let (key, name) = (row.key.clone(), row.name.clone());
            (wide.high < 0.0).then_some(Fall { key, name, n, recent, earlier, difference })
        })
        .collect();
    falls.sort_by(|a, b| a.difference.high.total_cmp(&b.difference.high));
    falls
}

/// How the satisfied rate moves over the days, in shares a week, with its 95% interval. None: too few days.
///
/// A line through the daily shares, weighed by their ratings; days that scatter more than chance alone would make the
/// interval wider (an overdispersed binomial), since a bad Monday is no trend.
pub fn trend(days: &Answer) -> Option<Difference> {
    let points: Vec<(f64, f64, f64)> = days
        .rows
        .iter()
        .enumerate()
        .filter_map(|(at, row)| counts(row).filter(|&(_, n)| n > 0).map(|(k, n)| (at as f64, k as f64, n as f64)))
        .collect();
    if points.len() < LEAST_DAYS {
        return None;
    }
    let all: f64 = points.iter().map(|p| p.2).sum();
    let (share, middle) =
        (points.iter().map(|p| p.1).sum::<f64>() / all, points.iter().map(|p| p.0 * p.2).sum::<f64>() / all);
    let spread: f64 = points.iter().map(|(t, _, n)| n * (t - middle).powi(2)).sum();
    let slope = points.iter().map(|(t, k, n)| n * (t - middle) * (k / n - share)).sum::<f64>() / spread;
    let variance = share * (1.0 - share);
    if variance <= 0.0 {
        return Some(Difference { value: 0.0, low: 0.0, high: 0.0 });
    }
    let scatter: f64 =
        points.iter().map(|(t, k, n)| n * (k / n - share - slope * (t - middle)).powi(2) / variance).sum();
    let scatter = (scatter / (points.len() - 2) as f64).max(1.0);
    let (value, half) = (slope * 7.0, Z95 * (variance * scatter / spread).sqrt() * 7.0);
    Some(Difference { value, low: value - half, high: value + half })
}

/// Where the axis of a set of rates begins: a multiple of 5% at or below the lowest bound, with 10% to show at least.
pub fn axis_start<'a>(rates: impl IntoIterator<Item = &'a Rate>) -> f64 {
    let lowest = rates.into_iter().map(|r| r.low).fold(0.9, f64::min);
    ((lowest * 20.0).floor() / 20.0).clamp(0.0, 0.9)
}

/// Satisfied ratings and all of them, where there are enough.
fn satisfied(row: &Row) -> Option<(u64, u64)> {
    counts(row).filter(|&(_, n)| n >= LEAST_N)
}

fn counts(row: &Row) -> Option<(u64, u64)> {
    let LevelCounts { very_satisfied, satisfied, basically_satisfied, dissatisfied, very_dissatisfied } = row.levels?;
    let k = very_satisfied + satisfied + basically_satisfied;
    Some((k, k + dissatisfied + very_dissatisfied))
}

/// Wilson's interval at any width.
fn wilson(hits: u64, n: u64, z: f64) -> Option<Rate> {
    if n == 0 || hits > n {
        return None;
    }
    let (p, n) = (hits as f64 / n as f64, n as f64);
    let centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    Some(Rate { value: p, low: (centre - half).max(0.0), high: (centre + half).min(1.0) })
}

/// The width at which, of so many rows that do not differ, with 95% none is named (Bonferroni).
fn z_for(rows: usize) -> f64 {
    upper_quantile(ALPHA / 2.0 / rows.max(1) as f64)
}

/// Where the normal distribution leaves `p` above it, for `p` from 1e-12 to 0.5: Newton's steps on the tail's continued
/// fraction, exact to more digits than are shown.
fn upper_quantile(p: f64) -> f64 {
    let p = p.clamp(1e-12, 0.5);
    // Hastings' approximation, to 5e-4.
    let t = (-2.0 * p.ln()).sqrt();
    let mut z =
        t - (2.515_517 + t * (0.802_853 + t * 0.010_328)) / (1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308)));
    for _ in 0..4 {
        let density = (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
        z += (upper_tail(z, density) - p) / density;
    }
    z
}

fn upper_tail(z: f64, density: f64) -> f64 {
    if z < 1.5 {
        // The series around the middle.
        let (mut term, mut sum) = (z, z);
        for k in 1..60 {
            term *= -z * z / (2.0 * f64::from(k));
            sum += term / (2.0 * f64::from(k) + 1.0);
        }
        return 0.5 - sum / (2.0 * std::f64::consts::PI).sqrt();
    }
    let fraction = (1..=80).rev().fold(z, |below, k| z + f64::from(k) / below);
    density / fraction
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::statistics::export::examples;
    use crate::domain::query::Dimension;

    fn row(key: &str, satisfied: u64, n: u64) -> Row {
        let levels = LevelCounts { very_satisfied: satisfied, dissatisfied: n - satisfied, ..LevelCounts::default() };
        let rate = Rate::wilson(satisfied, n);
        let blank = Row::withheld(key.to_owned(), key.to_owned());
        Row { n: Some(n), suppressed: false, levels: Some(levels), satisfied_rate: rate, ..blank }
    }

    fn answer(rows: Vec<Row>) -> Answer {
        let sum =
            |f: fn(&Row) -> Option<(u64, u64)>| rows.iter().filter_map(f).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        let (k, n) = sum(counts);
        let mut answer = examples::answer();
        answer.query.by = Some(Dimension::ServiceWindow);
        Answer { total: row("total", k, n), rows, ..answer }
    }

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
    fn quantiles_agree_with_tables() {
        for (p, z) in [
            (0.5, 0.0),
            (0.1, 1.281_551_6),
            (0.025, 1.959_964),
            (0.001, 3.090_232_3),
            (1.25e-5, 4.214_799_7),
            (1e-9, 5.997_807_0),
        ] {
            assert!((upper_quantile(p) - z).abs() < 1e-5, "{p}: {}", upper_quantile(p));
        }
        assert!((wilson(99, 100, Z95).unwrap().low - Rate::wilson(99, 100).unwrap().low).abs() < 1e-9);
    }

    #[test]
    fn of_many_windows_that_do_not_differ_none_is_named_and_a_bad_one_is() {
        let mut dice = crate::centre::statistics::dice::Dice::new(3);
        let mut rows: Vec<Row> = (0..400)
            .map(|w| row(&format!("W{w}"), (0..300).filter(|_| dice.chance(0.95)).count() as u64, 300))
            .collect();
        let even = answer(rows.clone());
        let outside = |r: &&Row| r.satisfied_rate.is_some_and(|r| r.high < even.total.satisfied_rate.unwrap().value);
        assert!(even.rows.iter().filter(outside).count() > 2, "plain 95% intervals would name some");
        assert!(standing_out(&even, false).is_empty() && standing_out(&even, true).is_empty());
        rows[7] = row("W7", 255, 300);
        rows[8] = row("W8", 5, 19);
        let odd = answer(rows);
        assert_eq!(
            standing_out(&odd, false).iter().map(|r| r.key.as_str()).collect::<Vec<_>>(),
            ["W7"],
            "19 are too few"
        );
    }

    #[test]
    fn a_window_that_got_worse_falls_and_a_steadily_bad_one_does_not() {
        let period =
            answer(vec![row("fell", 930, 1000), row("bad", 800, 1000), row("new", 20, 30), row("small", 10, 15)]);
        let recent = answer(vec![row("fell", 180, 230), row("bad", 180, 230), row("new", 10, 20), row("small", 1, 5)]);
        let falls = falling(&recent, &period);
        assert_eq!(falls.iter().map(|f| f.key.as_str()).collect::<Vec<_>>(), ["fell"]);
        assert!((falls[0].earlier.value - 750.0 / 770.0).abs() < 1e-12 && falls[0].n == 230);
        assert_eq!(falls[0].difference.is_up(), Some(false));
    }

    #[test]
    fn a_trend_is_found_and_scatter_is_none() {
        let days = |f: fn(u64) -> u64| answer((0..28).map(|d| row(&d.to_string(), f(d), 500)).collect());
        let down = trend(&days(|d| 490 - 2 * d)).unwrap();
        assert!((down.value + 7.0 * 2.0 / 500.0).abs() < 1e-9, "{down:?}");
        assert_eq!(down.is_up(), Some(false));
        let scattered = trend(&days(|d| if d % 2 == 0 { 490 } else { 440 })).unwrap();
        assert_eq!(scattered.is_up(), None, "{scattered:?}");
        assert_eq!(trend(&days(|_| 500)).unwrap().is_up(), None);
        assert_eq!(trend(&answer(vec![row("1", 5, 10)])), None);
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
