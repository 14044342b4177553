//! What people set and write down: how a pledge is measured, and a month by hand.

use jiff::civil::Date;
use rusqlite::Connection;

use super::rules::FulfilmentRules;
use super::store::{self, Record};
use crate::centre::access::Who;
use crate::centre::audit::{self, Act};
use crate::centre::cases;
use crate::centre::rules;
use crate::domain::board::Pledge;
use crate::domain::fulfilment::{Measure, Occasions, Verdict};
use crate::domain::id::HallId;
use crate::domain::named_period::NamedPeriod;
use crate::domain::text::check_line;
use crate::domain::time::WallMs;

/// Characters of a reason and of what a record rests on.
pub const WHY_CHARS: usize = 200;
/// Occasions that somebody may write down.
pub const MAX_OCCASIONS: u64 = 1_000_000;

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("the measure is out of its bounds")]
    Measure,
    #[error("a reason of 1 to {WHY_CHARS} characters on one line is needed")]
    Why,
    #[error("the month is not over")]
    Month,
    #[error("more kept than there were occasions, or too many")]
    Counts,
    #[error("somebody has changed it meanwhile")]
    Stale,
    #[error(transparent)]
    Store(#[from] rusqlite::Error),
}

/// Sets how a pledge is measured from the next count on; none: not any more. `seen`: the version it is put on.
///
/// # Errors
/// [`Refused`]
pub fn set_measure(
    tx: &Connection,
    now: WallMs,
    who: &Who,
    (hall, pledge): (&HallId, &Pledge),
    seen: u32,
    measure: Option<&Measure>,
    why: &str,
) -> Result<(), Refused> {
    if measure.is_some_and(|m| !m.is_sound()) {
        return Err(Refused::Measure);
    }
    let why = why.trim();
    check_line(why, WHY_CHARS).map_err(|_| Refused::Why)?;
    if !store::set_measure(tx, (hall, &pledge.id), seen, measure, who, why, now)? {
        return Err(Refused::Stale);
    }
    let kind = measure.map_or("none", |m| m.kind().code());
    Ok(audit::append(tx, now, who, Act::PledgeMeasured, &format!("pledge:{hall}/{}", pledge.id), kind)?)
}

/// A month that somebody writes down.
#[derive(Debug, Clone)]
pub struct ByHand<'a> {
    /// `2026-10`
    pub month: &'a str,
    pub occasions: Occasions,
    pub note: &'a str,
}

/// Writes a month down, or corrects it: the next revision of its record.
///
/// # Errors
/// [`Refused`]
pub fn write_down(
    tx: &Connection,
    now: WallMs,
    today: Date,
    who: &Who,
    (hall, pledge): (&HallId, &Pledge),
    told: &ByHand<'_>,
) -> Result<(), Refused> {
    let month = NamedPeriod::parse(told.month).filter(|p| matches!(p, NamedPeriod::Month(..)));
    let month = month.filter(|m| m.days().to < today).ok_or(Refused::Month)?;
    let Occasions { kept, of } = told.occasions;
    if kept > of || of == 0 || of > MAX_OCCASIONS {
        return Err(Refused::Counts);
    }
    let note = told.note.trim();
    check_line(note, WHY_CHARS).map_err(|_| Refused::Why)?;
    let measure = store::measure(tx, hall, &pledge.id)?.unwrap_or(Measure::ByHand { percent: 100 });
    let rules: FulfilmentRules = rules::current(tx)?;
    // What people have counted themselves is not too little to say anything.
    let least = if matches!(measure, Measure::ByHand { .. }) { 1 } else { rules.min_occasions };
    let record = Record {
        pledge: pledge.id.clone(),
        month: month.code(),
        revision: 0,
        pledge_version: pledge.version,
        staff_no: pledge.staff_no.clone(),
        verdict: told.occasions.verdict(measure.percent(), least),
        occasions: told.occasions,
        measure,
        note: note.to_owned(),
        made: now,
        made_by: who.name.clone(),
    };
    let revision = store::add(tx, hall, &record)?;
    if rules.opens_case && record.verdict == Verdict::Unkept {
        cases::open(tx, &super::mind::opening(hall, &record, &pledge.text.zh), now)?;
    }
    let detail = format!("{} revision {revision}: {kept}/{of}", record.month);
    Ok(audit::append(tx, now, who, Act::PledgeRecorded, &format!("pledge:{hall}/{}", pledge.id), &detail)?)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::centre::access::samples::somebody;
    use crate::centre::schema;
    use crate::domain::board::Bilingual;
    use crate::domain::id::PledgeId;
    use crate::domain::role::Role;

    fn pledge() -> Pledge {
        let zh = |text: &str| Bilingual { zh: text.to_owned(), en: None };
        Pledge {
            id: PledgeId::new("P1").unwrap(),
            version: 2,
            staff_no: None,
            text: zh("一次告知"),
            standard: zh("清单"),
            time_limit: zh("当场"),
            kept: None,
        }
    }

    #[test]
    fn a_measure_is_a_version_and_a_month_by_hand_opens_a_case_when_it_was_not_kept() {
        let conn = crate::db::open_in_memory(&schema::SCHEMA).unwrap();
        let (hall, pledge, who) = (HallId::new("H01").unwrap(), pledge(), somebody(Role::HallSupervisor));
        let (now, today) = (WallMs(1_795_449_600_000), date(2026, 11, 24));
        let set = |seen, percent, why| {
            let measure = Measure::ByHand { percent };
            set_measure(&conn, now, &who, (&hall, &pledge), seen, Some(&measure), why)
        };
        assert!(matches!(set(0, 0, "试"), Err(Refused::Measure)));
        assert!(matches!(set(0, 95, " "), Err(Refused::Why)));
        set(0, 95, "按月抽查").unwrap();
        assert!(matches!(set(0, 90, "晚了"), Err(Refused::Stale)));
        let write = |month, kept, of| {
            let told = ByHand { month, occasions: Occasions { kept, of }, note: "抽查二十件" };
            write_down(&conn, now, today, &who, (&hall, &pledge), &told)
        };
        for (month, kept, of) in [("2026-11", 1, 1), ("2026-Q1", 1, 1), ("never", 1, 1)] {
            assert!(matches!(write(month, kept, of), Err(Refused::Month)), "{month}");
        }
        assert!(matches!(write("2026-10", 3, 2), Err(Refused::Counts)));
        assert!(matches!(write("2026-10", 0, 0), Err(Refused::Counts)));
        write("2026-10", 18, 20).unwrap();
        let origin = crate::domain::case::Origin::UnkeptPledge {
            pledge: pledge.id.clone(),
            service_window: None,
            period: "2026-10".to_owned(),
        };
        assert!(cases::of_origin(&conn, &hall, &origin).unwrap().is_some());
        write("2026-10", 19, 20).unwrap();
        let records = store::records(&conn, &hall, "2026-01", "2026-12").unwrap();
        assert_eq!(records.len(), 1, "the latest revision alone");
        assert_eq!((records[0].revision, records[0].verdict), (2, Verdict::Kept));
        let shown = super::super::shown(&conn, today).unwrap();
        assert_eq!(shown[&hall][&pledge.id], Occasions { kept: 19, of: 20 });
        assert!(conn.execute("DELETE FROM fulfilment_record", []).is_err());
        assert!(conn.execute("UPDATE pledge_measure SET why = ''", []).is_err());
    }
}
