//! Closing months: each pledge that is measured is counted once a month is over, kept as a record, and what was not kept
//! opens a case.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use rusqlite::Connection;

use super::measure::{self, Of};
use super::rules::FulfilmentRules;
use super::store::{self, Record};
use crate::centre::access::Reach;
use crate::centre::boards::Boards;
use crate::centre::cases::{self, Opening};
use crate::centre::clock;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::today;
use crate::centre::marks::{Ground, MarkFault};
use crate::centre::rules;
use crate::centre::site::Site;
use crate::domain::appraisal::Period;
use crate::domain::case::Origin;
use crate::domain::fulfilment::{Occasions, Verdict};
use crate::domain::id::{HallId, PledgeId};
use crate::domain::workdays::WorkingCalendar;

/// How often it is looked whether a month is over.
const LOOK: Duration = Duration::from_secs(300);
/// Months that a centre which stood still catches up on.
const CATCH_UP: i32 = 3;

/// Looks for ever.
pub async fn mind(site: Arc<Site>) {
    loop {
        match close(&site).await {
            Ok(0) => {}
            Ok(n) => tracing::info!(n, "pledges of months that are over were counted"),
            Err(fault) => tracing::warn!(code = fault.code.code(), "pledges could not be counted; they will be"),
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Counts what is over and was not counted; how many records were made.
///
/// # Errors
/// Those of the readers and of the writer.
pub async fn close(site: &Arc<Site>) -> Result<usize, ApiFault> {
    let (ground, calendar) = (Ground::of(site, &Reach::All, 0), Arc::clone(&site.settings.calendar));
    let day = today(&site.settings.time_zone, clock::now().wall);
    let counted = site.readers.read(move |conn| counted(conn, &ground, &calendar, day)).await?;
    let (records, opens_case) = counted.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    if records.is_empty() {
        return Ok(0);
    }
    let n = records.len();
    let kept = site.writer.attempt(move |desk| -> rusqlite::Result<_> {
        for (hall, record, promise) in &records {
            // Another look may have been first.
            if !store::records(desk.tx, hall, &record.month, &record.month)?.iter().any(|r| r.pledge == record.pledge) {
                store::add(desk.tx, hall, &Record { made: desk.now, ..record.clone() })?;
            }
            if opens_case && record.verdict == Verdict::Unkept {
                cases::open(desk.tx, &opening(hall, record, promise), desk.now)?;
            }
        }
        shown(desk.tx, day)
    });
    let kept = kept.await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    site.boards.update(|boards| boards.with_kept(&kept));
    Ok(n)
}

type Counted = (Vec<(HallId, Record, String)>, bool);

fn counted(conn: &Connection, ground: &Ground, calendar: &WorkingCalendar, day: Date) -> Result<Counted, MarkFault> {
    let rules: FulfilmentRules = rules::current(conn)?;
    let mut out = Vec::new();
    for period in closed(calendar, rules.close_day, day) {
        let month = period.from.strftime("%Y-%m").to_string();
        for hall in &ground.halls {
            let Some(shown) = ground.boards.hall(hall) else { continue };
            let done = store::records(conn, hall, &month, &month)?;
            for pledge in shown.hall.board(period.to).pledges {
                if done.iter().any(|r| r.pledge == pledge.id) {
                    continue;
                }
                let Some(measure) = store::measure(conn, hall, &pledge.id)? else { continue };
                let of = Of { hall, staff: pledge.staff_no.as_ref(), period, today: day };
                let Some(occasions) = measure::count(conn, ground, &of, &measure)? else { continue };
                let record = Record {
                    pledge: pledge.id,
                    month: month.clone(),
                    revision: 1,
                    pledge_version: pledge.version,
                    staff_no: pledge.staff_no,
                    occasions,
                    verdict: occasions.verdict(measure.percent(), rules.min_occasions),
                    measure,
                    note: String::new(),
                    made: clock::now().wall,
                    made_by: String::new(),
                };
                out.push((hall.clone(), record, pledge.text.zh));
            }
        }
    }
    Ok((out, rules.opens_case))
}

/// Months that are over for so many working days, the earliest first.
pub fn closed(calendar: &WorkingCalendar, close_day: u16, day: Date) -> Vec<Period> {
    let month = |back: i32| {
        let first = day.first_of_month().saturating_sub(back.months());
        Period { from: first, to: first.last_of_month() }
    };
    let over = |p: &Period| calendar.add_working_days(p.to, close_day).date <= day;
    (1..=CATCH_UP).rev().map(month).filter(over).collect()
}

pub fn opening(hall: &HallId, record: &Record, promise: &str) -> Opening {
    let Occasions { kept, of } = record.occasions;
    let promise: String = promise.chars().take(60).collect();
    Opening {
        hall: hall.clone(),
        origin: Origin::UnkeptPledge {
            pledge: record.pledge.clone(),
            service_window: None,
            period: record.month.clone(),
        },
        service_window: None,
        staff_no: record.staff_no.clone(),
        summary: format!(
            "{} 承诺未兑现：{promise}（兑现 {kept}/{of}，承诺 {}%）",
            record.month,
            record.measure.percent()
        ),
        serious: false,
    }
}

/// The sums that cards show, by hall and pledge.
///
/// # Errors
/// Those of the store.
pub fn shown(conn: &Connection, day: Date) -> rusqlite::Result<HashMap<HallId, HashMap<PledgeId, Occasions>>> {
    let rules: FulfilmentRules = rules::current(conn)?;
    if rules.months_shown == 0 {
        return Ok(HashMap::new());
    }
    let last = day.first_of_month().saturating_sub(1.day());
    let first = last.first_of_month().saturating_sub(Span::new().months(rules.months_shown - 1));
    let (from, to) = (first.strftime("%Y-%m").to_string(), last.strftime("%Y-%m").to_string());
    let mut all: HashMap<HallId, HashMap<PledgeId, Occasions>> = HashMap::new();
    for hall in store::halls(conn)? {
        for record in store::records(conn, &hall, &from, &to)? {
            if record.verdict != Verdict::TooFew {
                let sum = all.entry(hall.clone()).or_default().entry(record.pledge).or_default();
                *sum = sum.plus(record.occasions);
            }
        }
    }
    Ok(all)
}

impl Boards {
    /// The same boards with what cards show of pledges kept.
    #[must_use]
    pub fn with_kept(&self, kept: &HashMap<HallId, HashMap<PledgeId, Occasions>>) -> Self {
        self.each(|hall, board| {
            let sums = kept.get(hall);
            for pledge in &mut board.pledges {
                pledge.kept = sums.and_then(|sums| sums.get(&pledge.id)).copied();
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_month_is_closed_some_working_days_after_its_end_and_missed_ones_are_made_up_for() {
        let calendar = WorkingCalendar::default();
        let months = |day| -> Vec<String> {
            closed(&calendar, 3, day).iter().map(|p| p.from.strftime("%Y-%m").to_string()).collect()
        };
        // The third working day of December 2026 is Thursday the 3rd.
        assert_eq!(months(date(2026, 12, 2)), ["2026-09", "2026-10"]);
        assert_eq!(months(date(2026, 12, 3)), ["2026-09", "2026-10", "2026-11"]);
        assert_eq!(months(date(2027, 1, 1)).last().unwrap(), "2026-11");
    }
}
