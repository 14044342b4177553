//! Reads cases for pages and interface, within what a person reaches.

use std::sync::Arc;

use jiff::civil::Date;
use rusqlite::Connection;

use super::asked::Register;
use super::evidence::{self, Piece};
use super::find::{self, Dates};
use super::rules::CaseRules;
use super::store::{self, Record, actor};
use crate::centre::access::{OwnReader, Reach, Who};
use crate::centre::clock;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::today;
use crate::centre::rules;
use crate::centre::site::Site;
use crate::domain::case::{Action, At, Case, Event, House, Limits, Person, Stage};
use crate::domain::workdays::WorkingCalendar;

/// Cases about one person that are shown.
const MAX_OWN: u32 = 100;

/// A case as it was found.
pub struct Looked {
    pub record: Record,
    pub case: Case,
    pub log: Vec<Event>,
    pub pieces: Vec<Piece>,
    /// Who may be handed it.
    pub handlers: Vec<Person>,
    pub at: At,
    pub limits: Limits,
    calendar: Arc<WorkingCalendar>,
}

impl Looked {
    pub fn house(&self) -> House<'_> {
        House { limits: &self.limits, calendar: &self.calendar }
    }
}

/// Rows of the register.
pub struct Found {
    pub rows: Vec<Record>,
    pub total: u64,
    /// How many at each stage, whichever stage was asked for.
    pub stages: Vec<(Stage, u64)>,
    /// Names of accounts that handle them.
    pub people: Vec<Person>,
    pub today: Date,
    pub limits: Limits,
    calendar: Arc<WorkingCalendar>,
}

impl Found {
    pub fn house(&self) -> House<'_> {
        House { limits: &self.limits, calendar: &self.calendar }
    }
}

fn unavailable(cause: &rusqlite::Error) -> ApiFault {
    ApiFault::because(ErrorCode::Unavailable, cause)
}

fn now(site: &Site) -> At {
    let wall = clock::now().wall;
    At { wall, day: today(&site.settings.time_zone, wall) }
}

/// What matches.
///
/// # Errors
/// Those of the store.
pub async fn register(site: &Site, who: &Who, asked: Register, per_page: u32) -> Result<Found, ApiFault> {
    let (at, calendar, wanted) = (now(site), Arc::clone(&site.settings.calendar), asked.wanted(who));
    let read = site.readers.read(move |conn| -> rusqlite::Result<Found> {
        let limits = rules::current::<CaseRules>(conn)?.limits;
        let dates = Dates::new(House { limits: &limits, calendar: &calendar }, at.day);
        let total = find::count(conn, &wanted, dates)?;
        let last = total.div_ceil(u64::from(per_page)).max(1);
        let offset = (asked.page.min(last) - 1) * u64::from(per_page);
        // Beyond the last page a program finds nothing; a page shows the last one.
        let rows = find::list(conn, &wanted, dates, offset, per_page)?;
        let stages = find::stages(conn, &find::Wanted { stage: None, ..wanted }, dates)?;
        let people = people(conn, &rows)?;
        Ok(Found { rows, total, stages, people, today: at.day, limits, calendar })
    });
    read.await?.map_err(|e| unavailable(&e))
}

fn people(conn: &Connection, rows: &[Record]) -> rusqlite::Result<Vec<Person>> {
    let mut accounts: Vec<i64> = rows.iter().filter_map(|r| r.handler).collect();
    accounts.sort_unstable();
    accounts.dedup();
    let all = crate::centre::directory::accounts::all(conn)?;
    let known = all.into_iter().filter(|a| accounts.binary_search(&a.id).is_ok());
    Ok(known.map(|a| Person { account: a.id, name: a.name }).collect())
}

/// One case with all that its page needs; none for what is not there or lies outside of the reach.
///
/// # Errors
/// Those of the store.
pub async fn one(site: &Site, reach: &Reach, id: i64) -> Result<Option<Looked>, ApiFault> {
    let (at, calendar, reach) = (now(site), Arc::clone(&site.settings.calendar), reach.clone());
    let read = site.readers.read(move |conn| -> rusqlite::Result<_> {
        let Some((record, case, log)) = store::whole(conn, id)? else { return Ok(None) };
        if !reach.covers(&record.about.hall) {
            return Ok(None);
        }
        let limits = rules::current::<CaseRules>(conn)?.limits;
        let pieces = evidence::of_case(conn, id)?;
        let handlers = super::acts::handlers(conn, &record.about.hall)?;
        Ok(Some(Looked { record, case, log, pieces, handlers, at, limits, calendar }))
    });
    read.await?.map_err(|e| unavailable(&e))
}

/// Verified cases about whoever asks. Before that nobody has found anything, and whoever stood before them a moment ago
/// could be told by it.
///
/// # Errors
/// Those of the store.
pub async fn own(site: &Site, own: &OwnReader) -> Result<Vec<Looked>, ApiFault> {
    let (at, calendar) = (now(site), Arc::clone(&site.settings.calendar));
    let (staff_no, halls) = (own.staff_no.clone(), own.who.reach.halls().map(<[_]>::to_vec));
    let read = site.readers.read(move |conn| -> rusqlite::Result<_> {
        let limits = rules::current::<CaseRules>(conn)?.limits;
        let mut out = Vec::new();
        for record in find::of_staff(conn, halls, &staff_no, at.day, MAX_OWN)? {
            if record.verdict.is_none() {
                continue;
            }
            let Some((record, case, log)) = store::whole(conn, record.id)? else { continue };
            let (pieces, handlers, calendar) = (Vec::new(), Vec::new(), Arc::clone(&calendar));
            out.push(Looked { record, case, log, pieces, handlers, at, limits, calendar });
        }
        Ok(out)
    });
    read.await?.map_err(|e| unavailable(&e))
}

/// Whether whoever asks may appeal now.
pub fn may_appeal(looked: &Looked, who: &Who) -> bool {
    let appeal = Action::Appeal { text: "x".to_owned() };
    looked.case.judge(&appeal, &actor(who), looked.house(), looked.at).is_ok()
}

/// The number in an address; another text leads nowhere.
pub fn number(text: &str) -> Option<i64> {
    text.parse().ok().filter(|n| (1..=i64::MAX).contains(n))
}
