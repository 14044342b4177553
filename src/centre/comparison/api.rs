//! The interface: the same comparison as the page shows.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query as UrlQuery, State};
use serde::Serialize;

use super::asked::{Question, answered, day};
use crate::centre::access::StatisticsReader;
use crate::centre::error::ApiFault;
use crate::centre::site::Site;
use crate::domain::comparison::{Compared, Measure, Standing};
use crate::domain::spread::Estimate;
use crate::protocol::ApiError;

/// Windows or people side by side.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ComparisonShown {
    /// `2026-11`, `2026-Q4`, `2026`
    pub period: String,
    /// window or staff
    pub by: String,
    /// results, conduct or skill
    pub aspect: String,
    /// Measures that make the index, with their weights.
    pub counted: Vec<WeightShown>,
    /// Fewer visits say nothing.
    pub min_n: u64,
    /// The ranked ones first, the best first.
    pub rows: Vec<ComparedShown>,
}

/// A measure and what it weighs.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WeightShown {
    pub measure: String,
    pub weight: u32,
}

/// Somebody in a comparison.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ComparedShown {
    /// `window:H01:W03`, `staff:H01:0027`
    pub subject: String,
    /// ranked, incomplete or too_few
    pub standing: String,
    /// 1 is best; those who cannot be told apart share it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<EstimateShown>,
    pub measures: Vec<MeasureShown>,
    /// Visits served.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub served: Option<u64>,
}

/// A number of 0 to 100 with its 95% interval.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EstimateShown {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

/// One measure of somebody.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MeasureShown {
    pub measure: String,
    pub n: u64,
    /// Absent where too few are behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimate: Option<EstimateShown>,
    /// So few that only this is told: fewer than so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fewer_than: Option<u64>,
}

/// Compare windows or people by skill, conduct or results.
#[utoipa::path(get, path = "/api/v1/comparison", tag = "comparison", security(("token" = [])), params(
    ("period" = Option<String>, Query, description = "2026-11, 2026-Q4 or 2026; absent: last month"),
    ("by" = Option<String>, Query, description = "window (the default) or staff"),
    ("aspect" = Option<String>, Query, description = "results (the default), conduct or skill"),
    ("hall" = Option<String>, Query, description = "Absent: every hall within reach"),
), responses(
    (status = 200, body = ComparisonShown),
    (status = 400, description = "bad_query: the message names what is wrong and what is allowed", body = ApiError),
    (status = 404, description = "not_found: no such hall within reach", body = ApiError),
))]
pub async fn answer_comparison(
    State(site): State<Arc<Site>>,
    reader: StatisticsReader,
    UrlQuery(pairs): UrlQuery<Vec<(String, String)>>,
) -> Result<Json<ComparisonShown>, ApiFault> {
    let a = answered(&site, &reader, Question::of(&pairs, day(&site))?).await?;
    let weights = &a.rules.weights;
    let weighed =
        |m: &Measure| WeightShown { measure: m.code().to_owned(), weight: weights.of.get(m).copied().unwrap_or(0) };
    let rows = a
        .comparison
        .order
        .iter()
        .filter_map(|(place, standing)| Some(row(a.all.get(*place)?, standing, a.question.aspect, weights.min_n)));
    Ok(Json(ComparisonShown {
        period: a.question.period.code(),
        by: a.question.by().to_owned(),
        aspect: a.question.aspect.code().to_owned(),
        counted: a.comparison.counted.iter().map(weighed).collect(),
        min_n: weights.min_n,
        rows: rows.collect(),
    }))
}

fn row(
    compared: &Compared,
    standing: &Standing,
    aspect: crate::domain::comparison::Aspect,
    min_n: u64,
) -> ComparedShown {
    let shown = |e: Estimate| EstimateShown { value: e.value, low: e.low, high: e.high };
    let (code, rank) = match standing {
        Standing::Ranked { rank, .. } => ("ranked", Some(*rank)),
        Standing::Incomplete { .. } => ("incomplete", None),
        Standing::TooFew => ("too_few", None),
    };
    let measures = Measure::of(aspect).filter_map(|m| {
        let found = compared.measures.get(&m)?;
        let enough = !m.is_of_visits() || found.n >= min_n;
        let estimate = (enough && found.fewer_than.is_none()).then(|| shown(found.estimate));
        Some(MeasureShown { measure: m.code().to_owned(), n: found.n, estimate, fewer_than: found.fewer_than })
    });
    ComparedShown {
        subject: compared.subject.key(),
        standing: code.to_owned(),
        rank,
        index: standing.index().map(shown),
        measures: measures.collect(),
        served: compared.served,
    }
}

pub mod paths {
    //! For the OpenAPI document.
    pub use super::__path_answer_comparison;
}
