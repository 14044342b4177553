//! The interface: reviews as they stand, and rounds of peer reviews with what came out of those that are over.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query as UrlQuery, State};
use serde::Serialize;

use super::about::About;
use super::leader::{self, Review};
use super::peer;
use crate::centre::access::{ContestKeeper, HallReader, Routes};
use crate::centre::clock;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::today;
use crate::centre::site::Site;
use crate::domain::id::{HallId, StaffNo};
use crate::domain::peer::RoundState;
use crate::domain::role::Need;
use crate::protocol::ApiError;

pub fn routes() -> Routes {
    Routes::new().get("/api/v1/reviews", Need::Hall, list_reviews).get(
        "/api/v1/peer-rounds",
        Need::ContestsKeep,
        list_rounds,
    )
}

/// Reviews, the newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReviewList {
    pub reviews: Vec<ReviewShown>,
}

/// A review as it stands.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReviewShown {
    pub id: i64,
    pub hall: HallId,
    /// `pledge:H01:P1`, `window:H01:W03`, `staff:H01:0027`
    pub about: String,
    /// `2026-11`, `2026-Q4`, `2026`
    pub period: String,
    pub reviewer: String,
    pub revision: u32,
    /// Milliseconds since 1970.
    pub made_ms: i64,
    /// What was said, or why it was taken back.
    pub text: String,
    /// Absent: taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<u32>,
    /// The best score.
    pub scale: u32,
}

impl From<Review> for ReviewShown {
    fn from(review: Review) -> Self {
        let (about, newest) = (review.about.key(), review.newest);
        Self {
            id: review.id,
            hall: review.hall,
            about,
            period: review.period.code(),
            reviewer: review.reviewer,
            revision: newest.revision,
            made_ms: newest.made.0,
            text: newest.text,
            score: newest.score,
            scale: newest.scale,
        }
    }
}

/// Rounds, the newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PeerRoundList {
    pub rounds: Vec<PeerRoundShown>,
}

/// A round; nothing of it tells who voted what.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PeerRoundShown {
    pub id: i64,
    pub hall: HallId,
    pub title: String,
    /// First day.
    pub from: String,
    /// Last day, or the one on which it was closed.
    pub to: String,
    /// ahead, open or closed
    pub state: String,
    pub criteria: Vec<String>,
    /// Votes that were given.
    pub votes: u64,
    /// Absent until it is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcomes: Option<Vec<PeerOutcomeShown>>,
}

/// What came out for one person; figures are absent where too few voted.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PeerOutcomeShown {
    pub staff_no: StaffNo,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<u64>,
    /// 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

/// List leaders' reviews.
///
/// With `about` those of one pledge, window or person; without it the newest 200 within reach.
#[utoipa::path(get, path = "/api/v1/reviews", tag = "reviews", security(("token" = [])), params(
    ("about" = Option<String>, Query, description = "pledge:HALL:ID, window:HALL:ID or staff:HALL:NUMBER"),
), responses(
    (status = 200, body = ReviewList),
    (status = 400, description = "bad_query", body = ApiError),
    (status = 404, description = "not_found", body = ApiError),
))]
async fn list_reviews(
    State(site): State<Arc<Site>>,
    reader: HallReader,
    UrlQuery(pairs): UrlQuery<Vec<(String, String)>>,
) -> Result<Json<ReviewList>, ApiFault> {
    let mut keys = Vec::new();
    for (name, value) in &pairs {
        let about = About::of_key(value).filter(|_| name == "about").ok_or_else(bad_query)?;
        if !reader.covers(about.hall()) {
            return Err(ApiFault::new(ErrorCode::NotFound));
        }
        keys.push(about.key());
    }
    if keys.len() > 20 {
        return Err(bad_query());
    }
    let read = move |conn: &rusqlite::Connection| {
        if keys.is_empty() { leader::list(conn, i64::MAX) } else { leader::about_any(conn, &keys) }
    };
    let found = site.readers.read(read).await?.map_err(unavailable)?;
    let own = found.into_iter().filter(|r| reader.covers(&r.hall));
    Ok(Json(ReviewList { reviews: own.map(ReviewShown::from).collect() }))
}

/// List rounds of peer reviews.
///
/// The newest 200 within reach. What came out is told when a round is over, for people on whom enough have voted.
#[utoipa::path(get, path = "/api/v1/peer-rounds", tag = "reviews", security(("token" = [])), responses(
    (status = 200, body = PeerRoundList),
))]
async fn list_rounds(State(site): State<Arc<Site>>, keeper: ContestKeeper) -> Result<Json<PeerRoundList>, ApiFault> {
    let day = today(&site.settings.time_zone, clock::now().wall);
    let read = move |conn: &rusqlite::Connection| -> rusqlite::Result<_> {
        let rounds = peer::of_halls(conn, keeper.reach().halls())?;
        rounds.into_iter().map(|round| shown(conn, round, day)).collect::<Result<Vec<_>, _>>()
    };
    Ok(Json(PeerRoundList { rounds: site.readers.read(read).await?.map_err(unavailable)? }))
}

fn shown(conn: &rusqlite::Connection, round: peer::Round, day: jiff::civil::Date) -> rusqlite::Result<PeerRoundShown> {
    let state = round.voting.state(day);
    let outcomes = match state {
        RoundState::Closed => {
            let all = peer::outcomes(conn, &round)?.into_iter().map(|(person, outcome)| {
                let all = outcome.as_ref().map(|o| o.all);
                PeerOutcomeShown {
                    staff_no: person.staff_no,
                    n: outcome.map(|o| o.n),
                    score: all.map(|e| e.value),
                    low: all.map(|e| e.low),
                    high: all.map(|e| e.high),
                }
            });
            Some(all.collect())
        }
        RoundState::Ahead | RoundState::Open => None,
    };
    Ok(PeerRoundShown {
        id: round.id,
        from: round.voting.from.to_string(),
        to: round.voting.ended().to_string(),
        state: state.code().to_owned(),
        votes: peer::turnout(conn, round.id)?.0,
        hall: round.hall,
        title: round.title,
        criteria: round.criteria,
        outcomes,
    })
}

fn bad_query() -> ApiFault {
    let told = "about: pledge:HALL:ID, window:HALL:ID or staff:HALL:NUMBER, 20 at most";
    ApiFault::telling(ErrorCode::BadQuery, &told)
}

fn unavailable(cause: rusqlite::Error) -> ApiFault {
    ApiFault::because(ErrorCode::Unavailable, &cause)
}

pub mod paths {
    //! For the OpenAPI document.
    pub use super::{__path_list_reviews, __path_list_rounds};
}
