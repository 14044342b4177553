//! 承诺兑现 as marks: of people, what they promised themselves; the unit's pledges are nobody's alone.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::store;
use crate::centre::marks::Ground;
use crate::domain::appraisal::{Mark, Part, Period, Source, Subject};
use crate::domain::fulfilment::{Occasions, Verdict};
use crate::domain::id::StaffNo;
use crate::domain::query::Rate;

/// Marks of everybody with records in the period's whole months. Parts: `unkept_months`, and `pledges` that were counted.
///
/// # Errors
/// Those of the store.
pub fn marks(conn: &Connection, ground: &Ground, period: Period) -> rusqlite::Result<Vec<Mark>> {
    let month = |day: jiff::civil::Date| day.strftime("%Y-%m").to_string();
    let mut marks = Vec::new();
    for hall in &ground.halls {
        let mut people: BTreeMap<StaffNo, (Occasions, u64, u64)> = BTreeMap::new();
        for record in store::records(conn, hall, &month(period.from), &month(period.to))? {
            let Some(staff_no) = record.staff_no else { continue };
            if record.verdict == Verdict::TooFew {
                continue;
            }
            let (sum, unkept, n) = people.entry(staff_no).or_default();
            *sum = sum.plus(record.occasions);
            *unkept += u64::from(record.verdict == Verdict::Unkept);
            *n += 1;
        }
        marks.extend(people.into_iter().filter_map(|(staff_no, (sum, unkept, n))| {
            let rate = Rate::wilson(sum.kept, sum.of)?;
            let part = |code: &str, value: u64| Part { code: code.to_owned(), value: value as f64, n };
            Some(Mark {
                subject: Subject::Staff { hall: hall.clone(), staff_no },
                source: Source::Pledges,
                score: rate.value * 100.0,
                low: rate.low * 100.0,
                high: rate.high * 100.0,
                n: sum.of,
                parts: vec![part("unkept_months", unkept), part("pledges", n)],
            })
        }));
    }
    Ok(marks)
}
