//! Which drawings suit a question; the first is the one that is shown when none is named.

use super::question::Question;
use crate::domain::metric::{Metric, Unit};
use crate::domain::query::Dimension;
use crate::domain::rating::coded;

coded! {
    /// A way to draw an answer.
    ChartKind {
        /// A line with its band.
        Trend = "trend",
        /// Shares of the five levels.
        Levels = "levels",
        /// Two dimensions by colour.
        Heat = "heat",
        /// Reasons by mentions.
        Pareto = "pareto",
        /// Figures on their intervals.
        Ranking = "ranking",
        /// Rates against n.
        Funnel = "funnel",
    }
}

/// The kinds that suit, best first.
pub fn suited(question: &Question) -> Vec<ChartKind> {
    let by = question.query.by;
    if question.and.is_some() {
        return vec![ChartKind::Heat];
    }
    match by {
        None | Some(Dimension::Level) => vec![ChartKind::Levels],
        Some(Dimension::Day | Dimension::Month | Dimension::Hour | Dimension::Weekday) => {
            vec![ChartKind::Trend, ChartKind::Levels]
        }
        Some(Dimension::Reason) => vec![ChartKind::Pareto, ChartKind::Levels],
        Some(Dimension::Hall | Dimension::ServiceWindow | Dimension::Staff | Dimension::Item | Dimension::Channel) => {
            let mut kinds = vec![ChartKind::Ranking, ChartKind::Levels];
            if question.metric.unit() == Unit::Share {
                kinds.push(ChartKind::Funnel);
            }
            kinds
        }
    }
}

/// The named kind where it suits, else the first.
pub fn drawn(question: &Question) -> ChartKind {
    let kinds = suited(question);
    let wanted = question.chart.filter(|kind| kinds.contains(kind));
    wanted.or_else(|| kinds.first().copied()).unwrap_or(ChartKind::Levels)
}

/// Metrics that say something: nobody is served without a level within levels and reasons, and among the ratings of one
/// level each rate is all or nothing.
pub fn metrics(by: Option<Dimension>, and: Option<Dimension>, filtered: impl Fn(Dimension) -> bool) -> Vec<Metric> {
    let touched = |d: Dimension| by == Some(d) || and == Some(d) || filtered(d);
    if touched(Dimension::Level) {
        return vec![Metric::Rated, Metric::Flagged, Metric::SetAside];
    }
    let served = |m: &Metric| matches!(m, Metric::Participation | Metric::Served);
    Metric::ALL.iter().copied().filter(|m| !touched(Dimension::Reason) || !served(m)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::questions::question::reread;
    use crate::centre::statistics::asked::Defaults;
    use crate::words::Language;

    fn question(text: &str) -> Question {
        let today = jiff::civil::date(2026, 11, 24);
        reread(text, Defaults { today, min_n: 10, language: Language::Zh }).unwrap()
    }

    #[test]
    fn a_kind_that_does_not_suit_gives_way_to_one_that_does() {
        assert_eq!(drawn(&question("by=window&chart=funnel")), ChartKind::Funnel);
        assert_eq!(drawn(&question("by=window&chart=funnel&metric=rated")), ChartKind::Ranking);
        assert_eq!(drawn(&question("by=day&chart=funnel")), ChartKind::Trend);
        assert_eq!(drawn(&question("by=hour&and=weekday&chart=trend")), ChartKind::Heat);
        assert_eq!(drawn(&question("")), ChartKind::Levels);
    }

    #[test]
    fn every_dimension_has_a_drawing() {
        for by in Dimension::ALL {
            assert!(!suited(&question(&format!("by={}", by.code()))).is_empty(), "{by:?}");
        }
    }

    #[test]
    fn nobody_is_served_within_a_level() {
        assert_eq!(
            metrics(Some(Dimension::Level), None, |_| false),
            [Metric::Rated, Metric::Flagged, Metric::SetAside]
        );
        assert_eq!(question("by=reason&where=level:dissatisfied&metric=negative").metric, Metric::Rated);
        assert!(!metrics(Some(Dimension::Day), None, |d| d == Dimension::Reason).contains(&Metric::Participation));
        assert_eq!(metrics(Some(Dimension::Day), None, |_| false).len(), Metric::ALL.len());
    }
}
