//! Every statistic is one value: metrics × dimensions × filters × period.

use serde::{Deserialize, Serialize};

use super::rating::{Satisfaction, coded};

coded! {
    /// What rows are grouped by.
    Dimension {
        Hall = "hall",
        ServiceWindow = "window",
        Staff = "staff",
        Item = "item",
        Channel = "channel",
        Level = "level",
        Reason = "reason",
        /// Hour of day, `00` to `23`, in the centre's time zone.
        Hour = "hour",
        /// `1` Monday to `7` Sunday.
        Weekday = "weekday",
        /// `YYYY-MM-DD`
        Day = "day",
        /// `YYYY-MM`
        Month = "month",
    }
}

coded! {
    /// How rows are ordered.
    Order {
        /// By key, ascending.
        Key = "key",
        /// By n, descending.
        Count = "count",
        /// By the lower bound of the satisfied rate, descending; rows below the minimum n come last, unranked.
        Ranking = "ranking",
    }
}

/// `dimension = value`; several values of one dimension are alternatives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
pub struct Filter {
    pub dimension: Dimension,
    pub values: Vec<String>,
}

/// One question to the statistics.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
pub struct Query {
    /// None: one row of totals.
    pub by: Option<Dimension>,
    /// First civil day, in the centre's time zone.
    #[cfg_attr(feature = "centre", schema(value_type = String, format = Date))]
    pub from: jiff::civil::Date,
    /// Last civil day, included.
    #[cfg_attr(feature = "centre", schema(value_type = String, format = Date))]
    pub to: jiff::civil::Date,
    pub filters: Vec<Filter>,
    pub order: Order,
    /// Rows with a smaller n are listed but not ranked; at least 3.
    pub min_n: u64,
    /// Leave out ratings that carry a signal.
    pub unflagged_only: bool,
}

/// A share with its Wilson 95% interval; all within 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
pub struct Rate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

impl Rate {
    /// `hits` of `n`, none when nothing was counted.
    pub fn wilson(hits: u64, n: u64) -> Option<Self> {
        if n == 0 || hits > n {
            return None;
        }
        const Z: f64 = 1.959_963_984_540_054;
        let (k, n) = (hits as f64, n as f64);
        let p = k / n;
        let z2 = Z * Z;
        let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = Z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
        Some(Self { value: p, low: (centre - half).max(0.0), high: (centre + half).min(1.0) })
    }
}

/// Plain counts; sums of them are sums of their parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Ratings by level, index 0 = level 1 (非常不满意).
    pub levels: [u64; 5],
    /// Visits served: rated, or asked and not rated. Cancelled and unused ones are not served.
    pub served: u64,
    /// Ratings that carry at least one signal.
    pub flagged: u64,
}

impl Counts {
    pub fn n(&self) -> u64 {
        self.levels.iter().sum()
    }

    pub fn at(&self, level: Satisfaction) -> u64 {
        self.levels[usize::from(level.level()) - 1]
    }

    pub fn add(&mut self, other: &Self) {
        for (a, b) in self.levels.iter_mut().zip(other.levels) {
            *a += b;
        }
        self.served += other.served;
        self.flagged += other.flagged;
    }
}

/// One row of an answer. Fields are absent where a small group is suppressed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
pub struct Row {
    /// Code of the node: window id, staff number, level code, day … ; `total` without a dimension.
    pub key: String,
    /// What people call it; the key where there is no name.
    pub name: String,
    /// Ratings counted; absent when suppressed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub n: Option<u64>,
    /// True: the group is too small for the asker's role.
    pub suppressed: bool,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub levels: Option<LevelCounts>,
    /// 好评率 (5+4)/n
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub positive_rate: Option<Rate>,
    /// 满意率 (5+4+3)/n
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub satisfied_rate: Option<Rate>,
    /// 差评率 (2+1)/n
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub negative_rate: Option<Rate>,
    /// Mean level, 1 to 5.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub mean: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub served: Option<u64>,
    /// 参评率: rated ÷ served
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub participation: Option<Rate>,
    /// Ratings that carry a signal.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub flagged: Option<u64>,
    /// Of these ratings, how many are not adopted: mistaken or malicious, as a second person agreed. The figures above count
    /// them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub set_aside: Option<u64>,
    /// The figures without those; absent where there are none, for then the figures above are the adopted ones.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub adopted: Option<Adopted>,
    /// 1 is best; rows whose interval overlaps with that of a rank's first row share the rank. Absent below the minimum n.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rank: Option<u64>,
}

impl Row {
    /// A row of a group that is too small for the asker's role: its key and name, and no figure.
    pub fn withheld(key: String, name: String) -> Self {
        Self {
            key,
            name,
            n: None,
            suppressed: true,
            levels: None,
            positive_rate: None,
            satisfied_rate: None,
            negative_rate: None,
            mean: None,
            served: None,
            participation: None,
            flagged: None,
            set_aside: None,
            adopted: None,
            rank: None,
        }
    }

    /// 满意率 of adopted ratings.
    pub fn adopted_satisfied(&self) -> Option<Rate> {
        self.adopted.map_or(self.satisfied_rate, |a| a.satisfied_rate)
    }

    /// 差评率 of adopted ratings.
    pub fn adopted_negative(&self) -> Option<Rate> {
        self.adopted.map_or(self.negative_rate, |a| a.negative_rate)
    }

    /// Adopted ratings.
    pub fn adopted_n(&self) -> Option<u64> {
        self.adopted.map_or(self.n, |a| Some(a.n))
    }
}

/// Figures of adopted ratings alone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
pub struct Adopted {
    /// Ratings counted.
    pub n: u64,
    pub levels: LevelCounts,
    /// 好评率 (5+4)/n
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub positive_rate: Option<Rate>,
    /// 满意率 (5+4+3)/n
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub satisfied_rate: Option<Rate>,
    /// 差评率 (2+1)/n
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub negative_rate: Option<Rate>,
    /// Mean level, 1 to 5.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub mean: Option<f64>,
}

/// Counts by the codes of [`Satisfaction`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
pub struct LevelCounts {
    pub very_satisfied: u64,
    pub satisfied: u64,
    pub basically_satisfied: u64,
    pub dissatisfied: u64,
    pub very_dissatisfied: u64,
}

/// What `GET /api/v1/stats` answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
pub struct Answer {
    pub query: Query,
    pub rows: Vec<Row>,
    /// The whole period and filter, ungrouped.
    pub total: Row,
    /// Ratings of clock grade C, left out of hour, weekday and day figures when grouped so.
    pub untimed: u64,
    /// True while sample data of the demonstration is among the figures.
    pub sample: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_lower_bounds_agree_with_published_figures() {
        for (k, n, low) in [
            (1, 1, 0.2065),
            (10, 10, 0.7225),
            (20, 20, 0.8389),
            (99, 100, 0.9455),
            (100, 100, 0.9630),
            (990, 1000, 0.9817),
        ] {
            let rate = Rate::wilson(k, n).unwrap();
            assert!((rate.low - low).abs() < 5e-5, "{k}/{n}: {}", rate.low);
            assert!(rate.low <= rate.value && rate.value <= rate.high + 1e-12);
        }
        assert_eq!(Rate::wilson(0, 0), None);
        assert_eq!(Rate::wilson(2, 1), None);
    }
}
