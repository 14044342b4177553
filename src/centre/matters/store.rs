//! The tables of pieces of business: events are only ever added, and each addition says anew what they make together.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::{Connection, OptionalExtension, params};

use crate::centre::hall::today;
use crate::domain::id::{CaseNo, HallId};
use crate::domain::matter::{Matter, MatterEvent, MatterRefusal};
use crate::domain::time::WallMs;
use crate::domain::workdays::WorkingCalendar;

/// By what a matter's days are counted.
#[derive(Debug, Clone, Copy)]
pub struct Days<'a> {
    pub calendar: &'a WorkingCalendar,
    pub zone: &'a TimeZone,
    /// Working days of the first contact.
    pub first_contact_days: u16,
    pub now: WallMs,
}

/// Why an event was not taken.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    #[error(transparent)]
    Refused(#[from] MatterRefusal),
    #[error("another event of this kind was told for the same moment")]
    AnotherThen,
    #[error(transparent)]
    Store(#[from] rusqlite::Error),
}

/// Takes an event; false: it was known already.
///
/// # Errors
/// [`NotTaken`]; nothing was written.
pub fn take(
    tx: &Connection,
    hall: &HallId,
    case_no: &CaseNo,
    event: &MatterEvent,
    account: i64,
    days: Days<'_>,
) -> Result<bool, NotTaken> {
    let id: Option<i64> = tx
        .prepare_cached("SELECT id FROM matter WHERE hall = ?1 AND case_no = ?2")?
        .query_row([hall.as_str(), case_no.as_str()], |r| r.get(0))
        .optional()?;
    let mut events = id.map_or_else(|| Ok(Vec::new()), |id| events(tx, id))?;
    if let Some(told) = events.iter().find(|e| e.wall == event.wall && e.step == event.step) {
        return if told == event { Ok(false) } else { Err(NotTaken::AnotherThen) };
    }
    events.push(event.clone());
    let matter = Matter::of(&events)?;
    let id = put(tx, id, hall, case_no, &matter, days)?;
    let body = serde_json::to_string(event).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    tx.prepare_cached(
        "INSERT INTO matter_event (matter, wall_ms, step, body, told_ms, account) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![id, event.wall.0, event.step.code(), body, days.now.0, account])?;
    Ok(true)
}

fn events(conn: &Connection, id: i64) -> rusqlite::Result<Vec<MatterEvent>> {
    let sql = "SELECT body FROM matter_event WHERE matter = ?1 ORDER BY wall_ms, step";
    let parsed = |text: String| {
        serde_json::from_str(&text)
            .map_err(|e| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, e.into()))
    };
    conn.prepare_cached(sql)?.query_map([id], |r| parsed(r.get(0)?))?.collect()
}

/// Writes what the events make together; the matter's row.
fn put(
    tx: &Connection,
    id: Option<i64>,
    hall: &HallId,
    case_no: &CaseNo,
    matter: &Matter,
    days: Days<'_>,
) -> rusqlite::Result<i64> {
    let day = |wall: WallMs| today(days.zone, wall);
    let text = |day: Option<Date>| day.map(|d| d.to_string());
    let first = matter.first.as_ref().map(|h| day(h.wall));
    let last = first.map(|d| days.calendar.add_working_days(d, days.first_contact_days).date);
    let followed = [
        matter.accepted.as_ref().map(|h| h.wall),
        matter.handed_over.first().map(|h| h.wall),
        matter.ended.map(|e| e.wall),
    ];
    let due = matter.due(days.calendar, days.zone, day(days.now)).filter(|_| !matter.is_suspended());
    let hands = matter.hands();
    tx.prepare_cached(
        "INSERT INTO matter (id, hall, case_no, item, service_window, staff_no, first_window, first_staff, first_day,
           first_last_day, followed_day, accepted_day, limit_days, due_day, suspended, ended, ended_day, changed_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
         ON CONFLICT (id) DO UPDATE SET item = excluded.item, service_window = excluded.service_window,
           staff_no = excluded.staff_no, first_window = excluded.first_window, first_staff = excluded.first_staff,
           first_day = excluded.first_day, first_last_day = excluded.first_last_day,
           followed_day = excluded.followed_day, accepted_day = excluded.accepted_day,
           limit_days = excluded.limit_days, due_day = excluded.due_day, suspended = excluded.suspended,
           ended = excluded.ended, ended_day = excluded.ended_day, changed_ms = excluded.changed_ms
         RETURNING id",
    )?
    .query_row(
        params![
            id,
            hall.as_str(),
            case_no.as_str(),
            matter.item.as_ref().map(|i| i.as_str()),
            hands.and_then(|h| h.service_window.as_ref()).map(|w| w.as_str()),
            hands.and_then(|h| h.staff_no.as_ref()).map(|s| s.as_str()),
            matter.first.as_ref().and_then(|h| h.service_window.as_ref()).map(|w| w.as_str()),
            matter.first.as_ref().and_then(|h| h.staff_no.as_ref()).map(|s| s.as_str()),
            text(first),
            text(last),
            text(followed.into_iter().flatten().min().map(day)),
            text(matter.accepted.as_ref().map(|h| day(h.wall))),
            matter.limit_days,
            text(due),
            matter.is_suspended(),
            matter.ended.map(|e| e.step.code()),
            text(matter.ended.map(|e| day(e.wall))),
            days.now.0
        ],
        |r| r.get(0),
    )
}

/// One piece of business with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub events: Vec<MatterEvent>,
    /// Ledger and visit of each kiosk's visit that named it, the latest first; at most 50.
    pub visits: Vec<(i64, u64)>,
}

/// None: nobody has told of it.
///
/// # Errors
/// Those of the store.
pub fn one(conn: &Connection, hall: &HallId, case_no: &CaseNo) -> rusqlite::Result<Option<Told>> {
    let key = [hall.as_str(), case_no.as_str()];
    let id = conn.prepare_cached("SELECT id FROM matter WHERE hall = ?1 AND case_no = ?2")?;
    let id: Option<i64> = { id }.query_row(key, |r| r.get(0)).optional()?;
    let sql = "SELECT ledger, visit FROM matter_visit WHERE hall = ?1 AND case_no = ?2
               ORDER BY ledger DESC, visit DESC LIMIT 50";
    let visit = |r: &rusqlite::Row<'_>| Ok((r.get(0)?, r.get::<_, i64>(1)?.cast_unsigned()));
    let visits: Vec<_> = conn.prepare_cached(sql)?.query_map(key, visit)?.collect::<Result<_, _>>()?;
    let events = id.map_or_else(|| Ok(Vec::new()), |id| events(conn, id))?;
    Ok((id.is_some() || !visits.is_empty()).then_some(Told { events, visits }))
}

/// A kiosk's visit named a piece of business.
///
/// # Errors
/// Those of the store.
pub fn saw_visit(tx: &Connection, hall: &HallId, case_no: &CaseNo, ledger: i64, visit: u64) -> rusqlite::Result<()> {
    tx.prepare_cached("INSERT OR IGNORE INTO matter_visit (hall, case_no, ledger, visit) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![hall.as_str(), case_no.as_str(), ledger, visit.cast_signed()])?;
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::centre::schema;
    use crate::domain::id::{ItemCode, StaffNo, WindowId};
    use crate::domain::matter::MatterStep;

    pub fn days(calendar: &WorkingCalendar) -> Days<'_> {
        static ZONE: std::sync::LazyLock<TimeZone> =
            std::sync::LazyLock::new(|| TimeZone::get("Asia/Shanghai").unwrap());
        Days { calendar, zone: &ZONE, first_contact_days: 1, now: at(30) }
    }

    /// Nine in the morning of a day of November 2026.
    pub fn at(day: i64) -> WallMs {
        WallMs(1_793_494_800_000 + (day - 1) * 86_400_000)
    }

    pub fn event(step: MatterStep, day: i64, window: &str, staff: &str) -> MatterEvent {
        let accepted = step == MatterStep::Accepted;
        MatterEvent {
            step,
            wall: at(day),
            service_window: WindowId::new(window).ok(),
            staff_no: StaffNo::new(staff).ok(),
            item: accepted.then(|| ItemCode::new("YB-002").unwrap()),
            limit_days: accepted.then_some(5),
        }
    }

    pub fn conn() -> Connection {
        crate::db::open_in_memory(&schema::SCHEMA).unwrap()
    }

    #[test]
    fn an_event_is_taken_once_and_what_is_refused_leaves_nothing() {
        let (conn, calendar) = (conn(), WorkingCalendar::default());
        let hall = HallId::new("H01").unwrap();
        let case_no = CaseNo::new("2026/WD-00017").unwrap();
        let take = |event: &MatterEvent| take(&conn, &hall, &case_no, event, 1, days(&calendar));
        let finished = event(MatterStep::Finished, 5, "W01", "0027");
        assert!(matches!(take(&finished), Err(NotTaken::Refused(MatterRefusal::NotAccepted))));
        assert_eq!(conn.query_row("SELECT count(*) FROM matter", [], |r| r.get(0)), Ok(0));
        let accepted = event(MatterStep::Accepted, 2, "W01", "0027");
        assert!(take(&accepted).unwrap() && take(&finished).unwrap() && !take(&accepted).unwrap());
        let other = MatterEvent { limit_days: Some(9), ..accepted };
        assert!(matches!(take(&other), Err(NotTaken::AnotherThen)));
        let (due, ended): (String, String) =
            conn.query_row("SELECT due_day, ended_day FROM matter", [], |r| Ok((r.get(0)?, r.get(1)?))).unwrap();
        assert_eq!((due.as_str(), ended.as_str()), ("2026-11-09", "2026-11-05"));
        assert!(conn.execute("DELETE FROM matter_event", []).is_err());
    }
}
