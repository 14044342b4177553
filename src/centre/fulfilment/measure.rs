//! Counting the occasions of a pledge: from pieces of business and from ratings, as of one moment.

use jiff::civil::Date;
use rusqlite::Connection;

use crate::centre::marks::{Ground, MarkFault};
use crate::centre::matters::rates::{self, Asked, Grouping};
use crate::centre::statistics::{Scope, ask};
use crate::domain::appraisal::Period;
use crate::domain::fulfilment::{Measure, Occasions};
use crate::domain::id::{HallId, StaffNo};
use crate::domain::query::{Dimension, Filter, Order, Query};

/// Whose pledge is counted, and over which days.
#[derive(Debug, Clone)]
pub struct Of<'a> {
    pub hall: &'a HallId,
    /// None: the unit's own, kept by everybody.
    pub staff: Option<&'a StaffNo>,
    pub period: Period,
    pub today: Date,
}

/// Occasions by a measure; none for what people write down themselves.
///
/// # Errors
/// [`MarkFault`]
pub fn count(
    conn: &Connection,
    ground: &Ground,
    of: &Of<'_>,
    measure: &Measure,
) -> Result<Option<Occasions>, MarkFault> {
    let n = match measure {
        Measure::TimeLimit { items, .. } => {
            let sum = business(conn, of, items.iter().map(ToString::to_string).collect())?;
            Occasions { kept: sum.on_time, of: sum.due }
        }
        Measure::FirstContact { .. } => {
            let sum = business(conn, of, Vec::new())?;
            Occasions { kept: sum.kept, of: sum.contacts }
        }
        Measure::Satisfied { .. } => {
            let (n, bad) = (rated(conn, ground, of, None)?, rated(conn, ground, of, Some(Narrow::Negative))?);
            Occasions { kept: n.saturating_sub(bad), of: n }
        }
        Measure::WithoutReason { tag, .. } => {
            let n = rated(conn, ground, of, None)?;
            let complaints = rated(conn, ground, of, Some(Narrow::Reason(tag.to_string())))?;
            Occasions { kept: n.saturating_sub(complaints), of: n }
        }
        Measure::ByHand { .. } => return Ok(None),
    };
    Ok(Some(n))
}

fn business(conn: &Connection, of: &Of<'_>, items: Vec<String>) -> rusqlite::Result<rates::Counted> {
    let asked = Asked {
        by: Grouping::Hall,
        period: of.period,
        halls: Some(vec![of.hall.clone()]),
        staff: of.staff.cloned(),
        items,
        today: of.today,
    };
    Ok(rates::total(&rates::count(conn, &asked)?))
}

enum Narrow {
    Negative,
    /// One tag alone: sums over several would count a rating more than once.
    Reason(String),
}

fn rated(conn: &Connection, ground: &Ground, of: &Of<'_>, narrow: Option<Narrow>) -> Result<u64, MarkFault> {
    let filter = |dimension, values| Filter { dimension, values };
    let staff = of.staff.map(|no| filter(Dimension::Staff, vec![no.to_string()]));
    let narrow = narrow.map(|narrow| match narrow {
        Narrow::Negative => filter(Dimension::Level, vec!["dissatisfied".to_owned(), "very_dissatisfied".to_owned()]),
        Narrow::Reason(tag) => filter(Dimension::Reason, vec![tag]),
    });
    let query = Query {
        by: None,
        from: of.period.from,
        to: of.period.to,
        filters: staff.into_iter().chain(narrow).collect(),
        order: Order::Key,
        min_n: 0,
        unflagged_only: false,
    };
    let scope = Scope { halls: Some(vec![of.hall.clone()]), ..Scope::default() };
    Ok(ask(conn, &query, &scope, &ground.labels)?.total.n.unwrap_or(0))
}
