//! What citizens said of a window around the time at which it was visited: the same figures as everywhere, of the days
//! before and after the visit and, of these days, of the hours around it.

use std::sync::Arc;

use jiff::Span;
use jiff::tz::TimeZone;

use super::visits::Visit;
use crate::centre::error::ApiFault;
use crate::centre::site::Site;
use crate::centre::statistics::api::Reading;
use crate::domain::id::HallId;
use crate::domain::query::{Dimension, Filter, Order, Query, Row};
use crate::domain::rating::Satisfaction;

/// Visits of one page for which ratings are looked up.
pub const MAX_VISITS: usize = 12;

/// Ratings of a visited window.
#[derive(Debug, Clone, PartialEq)]
pub struct Around {
    pub visit: u32,
    /// Leads to the rows behind it.
    pub days: Query,
    /// Of the days.
    pub all: Row,
    /// Of these days, of the hour of the visit and those beside it.
    pub hours: Row,
    /// Reasons of negative ratings with how often they were given, the most frequent first.
    pub reasons: Vec<(String, u64)>,
    /// Reasons were given by too few to be told.
    pub withheld: bool,
}

/// Looks them up, all as of one moment.
///
/// # Errors
/// Those of the statistics.
pub async fn around(
    site: &Arc<Site>,
    reading: &Reading,
    hall: &HallId,
    visits: &[Visit],
    days: u16,
) -> Result<Vec<Around>, ApiFault> {
    let zone = &site.settings.time_zone;
    let visits: Vec<&Visit> = visits.iter().take(MAX_VISITS).collect();
    let asked: Vec<[Query; 3]> =
        visits.iter().map(|v| questions(hall, v, days, zone, site.settings.min_ranked)).collect();
    let answers = reading.ask_each(site, asked.iter().flatten().cloned().collect()).await?;
    let of_visits = visits.iter().zip(&asked).zip(answers.chunks(3));
    let told = of_visits.filter_map(|((visit, [days, ..]), answers)| {
        let [all, hours, reasons] = answers else { return None };
        let told = reasons.rows.iter().filter_map(|r| r.n.filter(|n| *n > 0).map(|n| (r.name.clone(), n)));
        Some(Around {
            visit: visit.visit,
            days: days.clone(),
            all: all.total.clone(),
            hours: hours.total.clone(),
            reasons: told.take(5).collect(),
            withheld: reasons.total.suppressed || reasons.rows.iter().any(|r| r.suppressed),
        })
    });
    Ok(told.collect())
}

fn questions(hall: &HallId, visit: &Visit, days: u16, zone: &TimeZone, min_n: u64) -> [Query; 3] {
    let span = Span::new().days(i64::from(days));
    let window =
        Filter { dimension: Dimension::ServiceWindow, values: vec![format!("{hall}/{}", visit.service_window)] };
    let all = Query {
        by: None,
        from: visit.day.saturating_sub(span),
        to: visit.day.saturating_add(span),
        filters: vec![window],
        order: Order::Count,
        min_n,
        unflagged_only: false,
    };
    let at = jiff::Timestamp::from_millisecond(visit.at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let hour = zone.to_datetime(at).hour();
    let beside = [hour - 1, hour, hour + 1].into_iter().filter(|h| (0..24).contains(h));
    let mut hours = all.clone();
    hours.filters.push(Filter { dimension: Dimension::Hour, values: beside.map(|h| format!("{h:02}")).collect() });
    let negative = Satisfaction::ALL.iter().filter(|l| l.is_negative()).map(|l| l.code().to_owned());
    let mut reasons = Query { by: Some(Dimension::Reason), ..all.clone() };
    reasons.filters.push(Filter { dimension: Dimension::Level, values: negative.collect() });
    [all, hours, reasons]
}
