//! 技能比武、岗位练兵: what a contest or a training day is, scores, and who came where. Pure.

use serde::{Deserialize, Serialize};

use super::rating::coded;

/// Criteria of one event.
pub const MAX_CRITERIA: usize = 8;
/// Points of one criterion.
pub const MAX_POINTS: u32 = 1_000;
/// People of one event.
pub const MAX_PEOPLE: usize = 1_000;

coded! {
    /// What kind of event.
    ContestKind {
        /// 技能比武: scores and ranks.
        Contest = "contest",
        /// 岗位练兵: who was there; scores if there was a test.
        Training = "training",
    }
}

/// What is scored, and the best score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    pub name: String,
    /// Whole points.
    pub max: u32,
}

/// Hundredths of a point, so that sums are exact.
pub type Centi = u32;

/// What is known of one person's part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    pub attended: bool,
    /// In the order of the criteria; none: not scored.
    pub scores: Option<Vec<Centi>>,
}

impl Entry {
    /// Sum of all criteria.
    pub fn total(&self) -> Option<Centi> {
        self.scores.as_ref().map(|scores| scores.iter().sum())
    }
}

/// `87`, `87.5`, `87.25`; none for anything else or more than `max`.
pub fn read_points(text: &str, max: u32) -> Option<Centi> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 4 || rest.len() > 2 || !digits(whole) || !digits(rest) || text.ends_with('.') {
        return None;
    }
    let hundredths: Centi = if rest.is_empty() { 0 } else { format!("{rest:0<2}").parse().ok()? };
    let points = whole.parse::<Centi>().ok()? * 100 + hundredths;
    (points <= max * 100).then_some(points)
}

/// `87.5`
pub fn points(centi: Centi) -> String {
    let (whole, rest) = (centi / 100, centi % 100);
    match rest {
        0 => whole.to_string(),
        r if r % 10 == 0 => format!("{whole}.{}", r / 10),
        r => format!("{whole}.{r:02}"),
    }
}

/// Points of all criteria together.
pub fn most(criteria: &[Criterion]) -> u32 {
    criteria.iter().map(|c| c.max).sum()
}

/// 0 to 100.
pub fn percent(total: Centi, criteria: &[Criterion]) -> f64 {
    f64::from(total) / f64::from(most(criteria).max(1))
}

/// Where everybody came, by the place in `totals`: equal totals share a rank, and the next one is left out.
pub fn ranks(totals: &[Option<Centi>]) -> Vec<Option<u64>> {
    let better = |own: Centi| totals.iter().flatten().filter(|&&other| other > own).count() as u64;
    totals.iter().map(|total| total.map(|own| better(own) + 1)).collect()
}

/// Criteria typed one a line, each a name and its points: `理论知识 40`.
///
/// # Errors
/// The line, from 1, that is none; 0: too many lines, or none.
pub fn read_criteria(text: &str, max_chars: usize) -> Result<Vec<Criterion>, usize> {
    let mut out: Vec<Criterion> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let split = line.rsplit_once(|c: char| c.is_whitespace() || matches!(c, ':' | '：' | ',' | '，' | '\t'));
        let (name, max) = split.ok_or(at + 1)?;
        let name = name.trim_end_matches([' ', ':', '：', ',', '，']).to_owned();
        let max = max.parse().ok().filter(|m| (1..=MAX_POINTS).contains(m)).ok_or(at + 1)?;
        let known = out.iter().any(|c| c.name == name);
        if known || super::text::check_line(&name, max_chars).is_err() {
            return Err(at + 1);
        }
        out.push(Criterion { name, max });
    }
    if (1..=MAX_CRITERIA).contains(&out.len()) { Ok(out) } else { Err(0) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn points_are_exact() {
        for (text, centi) in [("87", 8_700), ("87.5", 8_750), ("87.25", 8_725), ("0", 0), ("100", 10_000), ("0.05", 5)]
        {
            assert_eq!(read_points(text, 100), Some(centi), "{text}");
            assert_eq!(read_points(&points(centi), 100), Some(centi));
        }
        for bad in ["", "-1", "100.01", "101", "8a", "8.", ".5", "8.123", "1e2", "99999", "８"] {
            assert_eq!(read_points(bad, 100), None, "{bad}");
        }
    }

    #[test]
    fn equal_totals_share_a_rank() {
        let of = |all: &[Option<Centi>]| ranks(all);
        assert_eq!(
            of(&[Some(9_000), Some(9_500), None, Some(9_000), Some(100)]),
            [Some(2), Some(1), None, Some(2), Some(4)]
        );
        assert!(of(&[]).is_empty());
    }

    #[test]
    fn criteria_are_read_line_by_line() {
        let read = read_criteria("理论知识 40\n\n实际操作：50\n礼仪, 10", 60).unwrap();
        let plain: Vec<_> = read.iter().map(|c| (c.name.as_str(), c.max)).collect();
        assert_eq!(plain, [("理论知识", 40), ("实际操作", 50), ("礼仪", 10)]);
        assert_eq!((most(&read), percent(7_500, &read)), (100, 75.0));
        for (bad, line) in [("", 0), ("理论", 1), ("理论 40\n操作 0", 2), ("理论 40\n理论 60", 2), ("a 1001", 1)]
        {
            assert_eq!(read_criteria(bad, 60), Err(line), "{bad}");
        }
        assert_eq!(read_criteria("a 1\n", 60).unwrap().len(), 1);
    }

    proptest! {
        #[test]
        fn a_rank_counts_those_who_were_better(totals in prop::collection::vec(prop::option::of(0_u32..50), 0..40)) {
            let ranks = ranks(&totals);
            for (a, rank_a) in totals.iter().zip(&ranks) {
                prop_assert_eq!(a.is_some(), rank_a.is_some());
                for (b, rank_b) in totals.iter().zip(&ranks) {
                    if let (Some(a), Some(b)) = (a, b) {
                        prop_assert_eq!(a.cmp(b), rank_b.cmp(rank_a));
                    }
                }
            }
        }
    }
}
