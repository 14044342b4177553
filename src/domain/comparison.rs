//! 三比: skill, conduct and results of windows or people side by side. Pure.
//!
//! Every measure is out of 100, more is better, and has n and an interval. An aspect's index is the weighted mean of its
//! measures; whoever lacks one of those that most others have stands without a rank rather than with half of one; and whose
//! interval meets that of a rank's first shares the rank.

use std::collections::BTreeMap;

use super::appraisal::Subject;
use super::rating::coded;
use super::spread::Estimate;

coded! {
    /// What is compared.
    Aspect {
        /// 比业绩
        Results = "results",
        /// 比作风
        Conduct = "conduct",
        /// 比技能
        Skill = "skill",
    }
}

coded! {
    /// One measure of an aspect.
    Measure {
        /// Satisfied rate, drawn towards the hall's.
        Satisfaction = "satisfaction",
        /// 限时办结: pieces of business done in time.
        OnTime = "on_time",
        /// Ratings without a reason about attitude.
        Attitude = "attitude",
        /// 明查暗访
        Inspection = "inspection",
        /// Visits without a complaint that was found justified.
        Complaints = "complaints",
        /// 技能比武: scores.
        Contests = "contests",
        /// 岗位练兵: training days attended.
        Attendance = "attendance",
    }
}

impl Measure {
    pub const fn aspect(self) -> Aspect {
        match self {
            Self::Satisfaction | Self::OnTime => Aspect::Results,
            Self::Attitude | Self::Inspection | Self::Complaints => Aspect::Conduct,
            Self::Contests | Self::Attendance => Aspect::Skill,
        }
    }

    /// Whether it is a share of many visits, of which a few say nothing.
    pub const fn is_of_visits(self) -> bool {
        matches!(self, Self::Satisfaction | Self::OnTime | Self::Attitude | Self::Complaints)
    }

    /// Those of an aspect.
    pub fn of(aspect: Aspect) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |m| m.aspect() == aspect)
    }
}

/// What one measure says of somebody.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    pub estimate: Estimate,
    pub n: u64,
    /// So few that only this is told: fewer than so many.
    pub fewer_than: Option<u64>,
}

/// Somebody who is compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    pub subject: Subject,
    pub measures: BTreeMap<Measure, Measured>,
    /// Visits served; none: withheld, or none.
    pub served: Option<u64>,
}

/// By which rules measures become an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weights {
    /// Of each measure; those without weight are shown and do not count.
    pub of: BTreeMap<Measure, u32>,
    /// Fewer visits say nothing.
    pub min_n: u64,
}

/// Where somebody stands in an aspect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Standing {
    /// `rank` is 1 for the best; `tied`: others share it.
    Ranked { index: Estimate, rank: u64, tied: bool },
    /// A measure that most others have is missing.
    Incomplete { index: Estimate },
    /// Nothing, or too little, is known.
    TooFew,
}

impl Standing {
    pub const fn index(&self) -> Option<Estimate> {
        match self {
            Self::Ranked { index, .. } | Self::Incomplete { index } => Some(*index),
            Self::TooFew => None,
        }
    }
}

/// An aspect of everybody.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Measures that make the index.
    pub counted: Vec<Measure>,
    /// Places in what was compared, with where they stand: the ranked ones first, the best first.
    pub order: Vec<(usize, Standing)>,
}

/// Compares everybody in one aspect.
pub fn compare(all: &[Compared], aspect: Aspect, weights: &Weights) -> Comparison {
    let fit = |c: &Compared, m: Measure| {
        c.measures.get(&m).copied().filter(|v| v.n > 0 && (!m.is_of_visits() || v.n >= weights.min_n))
    };
    let weight = |m: Measure| weights.of.get(&m).copied().unwrap_or(0);
    let known = all.iter().filter(|c| Measure::of(aspect).any(|m| weight(m) > 0 && fit(c, m).is_some())).count();
    let most_have = |m: &Measure| {
        let having = all.iter().filter(|c| fit(c, *m).is_some()).count();
        having > 0 && having * 2 >= known && weight(*m) > 0
    };
    let counted: Vec<Measure> = Measure::of(aspect).filter(most_have).collect();
    let mut ranked: Vec<(usize, Estimate)> = Vec::new();
    let mut rest: Vec<(usize, Standing)> = Vec::new();
    for (at, compared) in all.iter().enumerate() {
        let parts: Vec<(f64, Estimate)> =
            counted.iter().filter_map(|&m| fit(compared, m).map(|v| (f64::from(weight(m)), v.estimate))).collect();
        match index(&parts) {
            None => rest.push((at, Standing::TooFew)),
            Some(index) if parts.len() < counted.len() => rest.push((at, Standing::Incomplete { index })),
            Some(index) => ranked.push((at, index)),
        }
    }
    let mut order = rank(ranked);
    rest.sort_by_key(|(_, standing)| matches!(standing, Standing::TooFew));
    order.extend(rest);
    Comparison { counted, order }
}

/// The weighted mean; the measures err independently of one another.
fn index(parts: &[(f64, Estimate)]) -> Option<Estimate> {
    let sum: f64 = parts.iter().map(|(w, _)| w).sum();
    if sum <= 0.0 {
        return None;
    }
    let mean = |of: fn(&Estimate) -> f64| parts.iter().map(|(w, e)| w * of(e)).sum::<f64>() / sum;
    let spread = |of: fn(&Estimate) -> f64| parts.iter().map(|(w, e)| (w * of(e)).powi(2)).sum::<f64>().sqrt() / sum;
    let value = mean(|e| e.value);
    let (low, high) = (value - spread(|e| e.value - e.low), value + spread(|e| e.high - e.value));
    Some(Estimate { value, low: low.max(0.0), high: high.min(100.0) })
}

/// By the lower bound; whoever's interval meets that of a rank's first one shares the rank. Ties do not chain.
fn rank(mut ranked: Vec<(usize, Estimate)>) -> Vec<(usize, Standing)> {
    ranked.sort_by(|a, b| b.1.low.total_cmp(&a.1.low).then(b.1.value.total_cmp(&a.1.value)).then(a.0.cmp(&b.0)));
    let mut first: Option<(u64, Estimate)> = None;
    let mut places = Vec::new();
    for (place, (_, index)) in (1..).zip(&ranked) {
        let rank = match first {
            Some((rank, leader)) if index.high >= leader.low => rank,
            _ => {
                first = Some((place, *index));
                place
            }
        };
        places.push(rank);
    }
    let tied = |rank: u64| places.iter().filter(|&&r| r == rank).count() > 1;
    let standing = |(index, &rank): (Estimate, &u64)| Standing::Ranked { index, rank, tied: tied(rank) };
    ranked.iter().zip(&places).map(|((at, index), rank)| (*at, standing((*index, rank)))).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::id::{HallId, StaffNo};

    fn somebody(no: usize, measures: &[(Measure, f64, f64, u64)]) -> Compared {
        let hall = HallId::new("H01").unwrap();
        let subject = Subject::Staff { hall, staff_no: StaffNo::new(&no.to_string()).unwrap() };
        let measured = |&(m, value, half, n): &(Measure, f64, f64, u64)| {
            (m, Measured { estimate: Estimate::around(value, half), n, fewer_than: None })
        };
        Compared { subject, measures: measures.iter().map(measured).collect(), served: None }
    }

    fn weights() -> Weights {
        Weights { of: [(Measure::Satisfaction, 60), (Measure::OnTime, 40), (Measure::Contests, 100)].into(), min_n: 10 }
    }

    fn ranks(of: &Comparison) -> Vec<(usize, Option<(u64, bool)>)> {
        let rank = |s: &Standing| match s {
            Standing::Ranked { rank, tied, .. } => Some((*rank, *tied)),
            _ => None,
        };
        of.order.iter().map(|(at, s)| (*at, rank(s))).collect()
    }

    #[test]
    fn who_cannot_be_told_apart_shares_a_rank_and_few_have_none() {
        use Measure::Satisfaction as S;
        let all = [
            somebody(0, &[(S, 92.0, 1.0, 500)]),
            somebody(1, &[(S, 97.0, 1.0, 500)]),
            somebody(2, &[(S, 96.5, 1.0, 500)]),
            somebody(3, &[(S, 100.0, 1.0, 9)]),
            somebody(4, &[]),
        ];
        let got = compare(&all, Aspect::Results, &weights());
        assert_eq!(got.counted, [S]);
        let want = [(1, Some((1, true))), (2, Some((1, true))), (0, Some((3, false))), (3, None), (4, None)];
        assert_eq!(ranks(&got), want);
        assert!(got.order[3..].iter().all(|(_, s)| *s == Standing::TooFew));
    }

    #[test]
    fn what_few_have_is_not_counted_and_what_most_have_is_not_left_out() {
        use Measure::{OnTime as T, Satisfaction as S};
        let mut all: Vec<Compared> = (0..4).map(|n| somebody(n, &[(S, 90.0, 1.0, 100), (T, 80.0, 1.0, 100)])).collect();
        all.push(somebody(4, &[(S, 99.0, 0.1, 100)]));
        let got = compare(&all, Aspect::Results, &weights());
        assert_eq!(got.counted, [S, T]);
        let (last, standing) = got.order[4];
        assert!(last == 4 && matches!(standing, Standing::Incomplete { .. }), "half of an index is no rank");
        assert!((got.order[0].1.index().unwrap().value - 86.0).abs() < 1e-9);
        let few: Vec<Compared> =
            all.iter().map(|c| somebody(9, &[(S, c.measures[&S].estimate.value, 1.0, 100)])).collect();
        let few: Vec<Compared> =
            few.into_iter().chain([somebody(5, &[(S, 95.0, 1.0, 50), (T, 10.0, 1.0, 50)])]).collect();
        assert_eq!(compare(&few, Aspect::Results, &weights()).counted, [S]);
        assert!(compare(&few, Aspect::Conduct, &weights()).counted.is_empty());
        let once = [somebody(1, &[(Measure::Contests, 80.0, 20.0, 1)])];
        assert!(compare(&once, Aspect::Skill, &weights()).order[0].1.index().is_some(), "one contest, with its width");
    }

    proptest! {
        #[test]
        fn nobody_is_ranked_before_somebody_whose_interval_meets_the_first_of_their_rank(
            all in prop::collection::vec((0.0_f64..100.0, 0.1_f64..20.0), 1..40),
        ) {
            let people: Vec<Compared> = all.iter().enumerate()
                .map(|(n, (value, half))| somebody(n, &[(Measure::Satisfaction, *value, *half, 100)])).collect();
            let got = compare(&people, Aspect::Results, &weights());
            prop_assert_eq!(got.order.len(), people.len());
            let mut first: Option<(u64, Estimate)> = None;
            for (place, (_, standing)) in (1_u64..).zip(&got.order) {
                let Standing::Ranked { index, rank, .. } = *standing else { return Err(TestCaseError::fail("unranked")) };
                match first {
                    Some((of, leader)) if of == rank => prop_assert!(index.overlaps(leader)),
                    Some((_, leader)) => prop_assert!(rank == place && index.high < leader.low),
                    None => prop_assert_eq!(rank, 1),
                }
                if first.is_none_or(|(of, _)| of != rank) {
                    first = Some((rank, index));
                }
            }
        }
    }
}
