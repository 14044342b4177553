//! The interface for programs: what is wrong, what people say of it, and the rules.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Query as UrlQuery, State};
use axum::http::StatusCode;
use axum::{Json, response::IntoResponse as _, response::Response};
use serde::{Deserialize, Serialize};

use super::acts::{Acting, Refused, keeps_unit};
use super::history::{self, Alert, Which};
use super::outbox::{self, Attempt, Message};
use super::pages::{fault_of, number};
use super::rule::{Rule, Scope, Terms};
use super::sight::Sight;
use super::{destinations, rules};
use crate::centre::access::{AlertKeeper, AlertReader, Routes, Who, parse, read_body};
use crate::centre::clock;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::domain::role::Need;
use crate::domain::time::WallMs;
use crate::protocol::ApiError;

/// Bytes of a body.
const MAX_BODY: usize = 16 * 1024;
/// Alerts and messages of one answer.
const MAX_LISTED: usize = 200;

pub fn routes() -> Routes {
    Routes::new()
        .get("/api/v1/alerts", Need::Alerts, list_alerts)
        .get("/api/v1/alerts/rules", Need::Alerts, list_rules)
        .post("/api/v1/alerts/rules", Need::AlertsKeep, add_rule)
        .put("/api/v1/alerts/rules/{id}", Need::AlertsKeep, change_rule)
        .delete("/api/v1/alerts/rules/{id}", Need::AlertsKeep, remove_rule)
        .get("/api/v1/alerts/deliveries", Need::AlertsKeep, list_deliveries)
        .get("/api/v1/alerts/{id}", Need::Alerts, show_alert)
        .post("/api/v1/alerts/{id}/acknowledge", Need::Alerts, acknowledge_alert)
        .post("/api/v1/alerts/{id}/close", Need::AlertsKeep, close_alert)
}

/// Alerts, the latest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AlertPage {
    pub alerts: Vec<Alert>,
    /// Ask for `before` this for the next ones; absent at the end.
    pub next: Option<i64>,
}

/// Rules, by id.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RuleList {
    pub rules: Vec<Rule>,
}

/// What was made.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AlertRuleAdded {
    pub id: i64,
}

/// Messages and tries, the latest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Deliveries {
    pub messages: Vec<Message>,
    pub attempts: Vec<Attempt>,
}

/// What a person says of an alert.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acknowledgement {
    /// 1 to 200 characters on one line; no words of citizens.
    pub word: String,
}

/// List alerts.
///
/// `which=now` (the default): what is open, and what closed of late without anybody having acknowledged it.
/// `which=all`: all that is kept, 200 at a time. Figures of small groups read 0 for roles that do not see them.
#[utoipa::path(get, path = "/api/v1/alerts", tag = "alerts", security(("token" = [])), params(
    ("which" = Option<String>, Query, description = "now or all"),
    ("before" = Option<i64>, Query, description = "Only alerts raised before this moment, in milliseconds since 1970"),
), responses(
    (status = 200, body = AlertPage),
    (status = 400, description = "bad_query", body = ApiError),
))]
async fn list_alerts(
    State(site): State<Arc<Site>>,
    reader: AlertReader,
    UrlQuery(pairs): UrlQuery<Vec<(String, String)>>,
) -> Result<Json<AlertPage>, ApiFault> {
    let (mut all, mut before) = (false, i64::MAX);
    for (name, value) in &pairs {
        match (name.as_str(), value.as_str()) {
            ("which", "now") => all = false,
            ("which", "all") => all = true,
            ("before", moment) => before = moment.parse().map_err(|_| bad_query("before: milliseconds since 1970"))?,
            _ => return Err(bad_query("which: now or all; before: milliseconds since 1970")),
        }
    }
    let (sight, now) = (sight(&site, &reader.who), clock::now().wall);
    let which = if all { Which::Before(WallMs(before)) } else { Which::Now };
    let of = sight.clone();
    let read =
        move |conn: &rusqlite::Connection| history::list(conn, which, of.reach.halls(), of.ratings, MAX_LISTED, now);
    let alerts = site.readers.read(read).await?.map_err(unavailable)?;
    let next = alerts.last().filter(|_| all && alerts.len() == MAX_LISTED).map(|a| a.raised_ms.0);
    Ok(Json(AlertPage { alerts: alerts.into_iter().map(|a| sight.narrowed(a)).collect(), next }))
}

/// Show one alert.
#[utoipa::path(get, path = "/api/v1/alerts/{id}", tag = "alerts", security(("token" = [])),
    params(("id" = i64, Path)), responses(
    (status = 200, body = Alert),
    (status = 404, description = "not_found", body = ApiError),
))]
async fn show_alert(
    State(site): State<Arc<Site>>,
    reader: AlertReader,
    Path(id): Path<String>,
) -> Result<Json<Alert>, ApiFault> {
    let (id, sight) = (identified(&id)?, sight(&site, &reader.who));
    let found = site.readers.read(move |conn| history::one(conn, id)).await?.map_err(unavailable)?;
    let alert = found.filter(|a| sight.sees(a)).ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?;
    Ok(Json(sight.narrowed(alert)))
}

/// Say that an alert has been seen.
///
/// The first word stands; a second one is refused.
#[utoipa::path(post, path = "/api/v1/alerts/{id}/acknowledge", tag = "alerts", security(("token" = [])),
    params(("id" = i64, Path)), request_body = Acknowledgement, responses(
    (status = 204, description = "Done"),
    (status = 400, description = "malformed or bad_query: the message says why", body = ApiError),
    (status = 404, description = "not_found", body = ApiError),
    (status = 413, description = "too_large", body = ApiError),
))]
async fn acknowledge_alert(
    State(site): State<Arc<Site>>,
    reader: AlertReader,
    Path(id): Path<String>,
    body: Body,
) -> Result<StatusCode, ApiFault> {
    let id = identified(&id)?;
    let said: Acknowledgement = parse(&read_body(body, MAX_BODY).await?)?;
    act(&site, reader.who, move |a| a.acknowledge(id, &said.word)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Close an alert by hand.
#[utoipa::path(post, path = "/api/v1/alerts/{id}/close", tag = "alerts", security(("token" = [])),
    params(("id" = i64, Path)), responses(
    (status = 204, description = "Done"),
    (status = 400, description = "bad_query: it is closed already", body = ApiError),
    (status = 404, description = "not_found", body = ApiError),
))]
async fn close_alert(
    State(site): State<Arc<Site>>,
    keeper: AlertKeeper,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiFault> {
    let id = identified(&id)?;
    act(&site, keeper.who, move |a| a.close(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List the rules that concern the asker.
#[utoipa::path(get, path = "/api/v1/alerts/rules", tag = "alerts", security(("token" = [])), responses(
    (status = 200, body = RuleList),
))]
async fn list_rules(State(site): State<Arc<Site>>, reader: AlertReader) -> Result<Json<RuleList>, ApiFault> {
    let sight = sight(&site, &reader.who);
    let read = move |conn: &rusqlite::Connection| -> rusqlite::Result<_> {
        let concerns = |r: &Rule| {
            r.terms.scope == Scope::Everywhere
                || sight.answers_for(&r.terms.scope, |unit| keeps_unit(conn, &sight, unit))
        };
        Ok(rules::all(conn)?.into_iter().filter(concerns).collect())
    };
    Ok(Json(RuleList { rules: site.readers.read(read).await?.map_err(unavailable)? }))
}

/// Add a rule.
#[utoipa::path(post, path = "/api/v1/alerts/rules", tag = "alerts", security(("token" = [])), request_body = Terms, responses(
    (status = 201, body = AlertRuleAdded),
    (status = 400, description = "malformed or bad_query: the message names the field", body = ApiError),
    (status = 413, description = "too_large", body = ApiError),
))]
async fn add_rule(State(site): State<Arc<Site>>, keeper: AlertKeeper, body: Body) -> Result<Response, ApiFault> {
    let terms: Terms = parse(&read_body(body, MAX_BODY).await?)?;
    let id = act(&site, keeper.who, move |a| a.add_rule(&terms)).await?;
    Ok((StatusCode::CREATED, Json(AlertRuleAdded { id })).into_response())
}

/// Change a rule as a whole.
#[utoipa::path(put, path = "/api/v1/alerts/rules/{id}", tag = "alerts", security(("token" = [])),
    params(("id" = i64, Path)), request_body = Terms, responses(
    (status = 204, description = "Done"),
    (status = 400, description = "malformed or bad_query: the message names the field", body = ApiError),
    (status = 404, description = "not_found", body = ApiError),
    (status = 413, description = "too_large", body = ApiError),
))]
async fn change_rule(
    State(site): State<Arc<Site>>,
    keeper: AlertKeeper,
    Path(id): Path<String>,
    body: Body,
) -> Result<StatusCode, ApiFault> {
    let id = identified(&id)?;
    let terms: Terms = parse(&read_body(body, MAX_BODY).await?)?;
    act(&site, keeper.who, move |a| a.change_rule(id, &terms)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove a rule; what it raised stays in the history.
#[utoipa::path(delete, path = "/api/v1/alerts/rules/{id}", tag = "alerts", security(("token" = [])),
    params(("id" = i64, Path)), responses(
    (status = 204, description = "Done"),
    (status = 404, description = "not_found", body = ApiError),
))]
async fn remove_rule(
    State(site): State<Arc<Site>>,
    keeper: AlertKeeper,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiFault> {
    let id = identified(&id)?;
    act(&site, keeper.who, move |a| a.remove_rule(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List what was sent, and how each try ended.
#[utoipa::path(get, path = "/api/v1/alerts/deliveries", tag = "alerts", security(("token" = [])), responses(
    (status = 200, body = Deliveries),
))]
async fn list_deliveries(State(site): State<Arc<Site>>, keeper: AlertKeeper) -> Result<Json<Deliveries>, ApiFault> {
    let sight = sight(&site, &keeper.who);
    let read = move |conn: &rusqlite::Connection| -> rusqlite::Result<_> {
        let own = destinations::all(conn)?.into_iter();
        let own = own.filter(|d| sight.answers_for(&d.terms.scope, |unit| keeps_unit(conn, &sight, unit)));
        let own: Vec<i64> = own.map(|d| d.id).collect();
        let (mut messages, mut attempts) = (outbox::messages(conn, MAX_LISTED)?, outbox::attempts(conn, MAX_LISTED)?);
        messages.retain(|m| own.contains(&m.destination));
        attempts.retain(|a| own.contains(&a.destination));
        Ok(Deliveries { messages, attempts })
    };
    Ok(Json(site.readers.read(read).await?.map_err(unavailable)?))
}

async fn act<T: Send + 'static>(
    site: &Site,
    who: Who,
    act: impl FnOnce(&Acting<'_>) -> Result<T, Refused> + Send + 'static,
) -> Result<T, ApiFault> {
    let sight = sight(site, &who);
    let done = site.writer.attempt(move |desk| act(&Acting { tx: desk.tx, now: desk.now, who: &who, sight: &sight }));
    done.await?.map_err(|refused| fault_of(&refused))
}

fn sight(site: &Site, who: &Who) -> Sight {
    Sight::of(who, site.settings.min_group)
}

fn identified(id: &str) -> Result<i64, ApiFault> {
    number(id).ok_or_else(|| ApiFault::new(ErrorCode::NotFound))
}

fn bad_query(allowed: &'static str) -> ApiFault {
    ApiFault::telling(ErrorCode::BadQuery, &allowed)
}

fn unavailable(cause: rusqlite::Error) -> ApiFault {
    ApiFault::because(ErrorCode::Unavailable, &cause)
}

pub mod paths {
    //! For the OpenAPI document.
    pub use super::{
        __path_acknowledge_alert, __path_add_rule, __path_change_rule, __path_close_alert, __path_list_alerts,
        __path_list_deliveries, __path_list_rules, __path_remove_rule, __path_show_alert,
    };
}
