//! The chore of the register: follows the account book of the statistics and opens a case for each negative rating, sets
//! first deadlines, and passes up what is overdue.
//!
//! What a visit says is read as it stands at the moment of the look, and a case is opened once for each origin: the same
//! news twice, late, or in another order lead to the same register. A book that was made anew is followed from its
//! beginning again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::civil::Date;
use rusqlite::{Connection, params};

use super::open::{self, Opening};
use super::rules::CaseRules;
use super::store::{self, CaseFault, Desk};
use crate::centre::clock;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::today;
use crate::centre::rules;
use crate::centre::site::Site;
use crate::centre::statistics::fact::Fact;
use crate::centre::statistics::labels::Labels;
use crate::centre::statistics::tail::{self, Page};
use crate::centre::statistics::{Book, StatisticsFault};
use crate::domain::case::{Action, Actor, At, Escalation, Origin, Refused};
use crate::domain::query::Dimension;
use crate::domain::rating::Satisfaction;
use crate::domain::time::ClockGrade;
use crate::domain::workdays::WorkingCalendar;
use crate::words::Language;
use crate::words::cases::Register;
use crate::words::common;

/// How often new facts are looked for.
const PERIOD: Duration = Duration::from_secs(2);
/// How often deadlines are looked at.
const DEADLINES_PERIOD: Duration = Duration::from_secs(60);
/// Visits of one round, and facts that are looked through for them.
const MAX_VISITS: u32 = 200;
const MAX_SCANNED: i64 = 200_000;
/// The mark follows without any news when it lies so many facts behind.
const FAR_BEHIND: i64 = 50_000;
/// Cases of one round.
const MAX_CASES: u32 = 500;
const DAY_MS: i64 = 86_400_000;

/// Minds the register until the task is aborted.
pub async fn mind(site: Arc<Site>) {
    let mut deadlines: Option<Instant> = None;
    loop {
        let with_deadlines = deadlines.is_none_or(|at| at.elapsed() >= DEADLINES_PERIOD);
        match turn(&site, with_deadlines).await {
            // Nothing waits while there is more.
            Ok(true) => continue,
            Ok(false) if with_deadlines => deadlines = Some(Instant::now()),
            Ok(false) => {}
            Err(fault) => {
                tracing::warn!(code = fault.code.code(), reference = fault.reference, "cases were not minded")
            }
        }
        tokio::time::sleep(PERIOD).await;
    }
}

/// One round; whether more waits.
///
/// # Errors
/// Those of the store and the writer; nothing is lost, the next round does it again.
pub async fn turn(site: &Arc<Site>, with_deadlines: bool) -> Result<bool, ApiFault> {
    let now = clock::now().wall;
    let zone = site.settings.time_zone.clone();
    let day = today(&zone, now);
    let known = Arc::clone(&site.settings.calendar);
    let waits = site.readers.read(move |conn| waiting(conn, &known, with_deadlines, day)).await?;
    if !waits.map_err(|e| unavailable(&e))? {
        return Ok(false);
    }
    let labels = Labels::new(site.boards.get().all(), Language::Zh);
    let calendar = Arc::clone(&site.settings.calendar);
    let done = site.writer.attempt(move |desk| -> Result<bool, MindFault> {
        let at = At { wall: desk.now, day: today(&zone, desk.now) };
        let minding = Minding { desk: Desk::new(desk.tx, &calendar, at)?, labels: &labels };
        let followed = minding.follow()?;
        let dated = minding.date()?;
        Ok(followed || dated || (with_deadlines && minding.escalate()?))
    });
    done.await?.map_err(|e| unavailable(&e))
}

fn unavailable(cause: &dyn std::fmt::Display) -> ApiFault {
    ApiFault::because(ErrorCode::Unavailable, cause)
}

#[derive(Debug, thiserror::Error)]
pub enum MindFault {
    #[error(transparent)]
    Case(#[from] CaseFault),
    #[error(transparent)]
    Book(#[from] StatisticsFault),
    #[error(transparent)]
    Store(#[from] rusqlite::Error),
}

/// Whether there is anything to write down: a reader looks, so that the writer is left alone.
fn waiting(
    conn: &Connection,
    calendar: &WorkingCalendar,
    with_deadlines: bool,
    day: Date,
) -> Result<bool, StatisticsFault> {
    let (fact, print) = mark(conn)?;
    let page = tail::negative_visits(conn, fact, MAX_SCANNED, 1)?;
    // Without a negative rating among them the mark may stay where it is for a while.
    if !page.visits.is_empty() || page.until - fact > FAR_BEHIND || tail::print(conn, fact)? != print {
        return Ok(true);
    }
    let undated = "SELECT EXISTS (SELECT 1 FROM case_record WHERE is_open = 1 AND due IS NULL)";
    if conn.prepare_cached(undated)?.query_row([], |r| r.get(0))? {
        return Ok(true);
    }
    if !with_deadlines {
        return Ok(false);
    }
    let cutoff = leader_cutoff(calendar, rules::current::<CaseRules>(conn)?.limits.leader_days, day);
    let late = "SELECT EXISTS (SELECT 1 FROM case_record WHERE is_open = 1 AND due < ?1 AND escalation IS NULL)
                    OR EXISTS (SELECT 1 FROM case_record WHERE is_open = 1 AND due <= ?2 AND escalation = ?3)";
    let values = params![day.to_string(), cutoff.to_string(), Escalation::Supervisor.code()];
    Ok(conn.prepare_cached(late)?.query_row(values, |r| r.get(0))?)
}

/// The latest deadline that was missed by so many working days.
fn leader_cutoff(calendar: &WorkingCalendar, leader_days: u16, today: Date) -> Date {
    let mut day = today;
    // A holiday of the official schedule is never longer than some weeks.
    for _ in 0..u32::from(leader_days) * 8 + 30 {
        if calendar.working_days_between(day, today).days >= u32::from(leader_days) {
            break;
        }
        let Ok(before) = day.yesterday() else { break };
        day = before;
    }
    day
}

fn mark(conn: &Connection) -> rusqlite::Result<(i64, String)> {
    conn.prepare_cached("SELECT fact, print FROM case_mark WHERE id = 1")?.query_row([], |r| Ok((r.get(0)?, r.get(1)?)))
}

pub(super) struct Minding<'a> {
    pub desk: Desk<'a>,
    pub labels: &'a Labels,
}

impl Minding<'_> {
    /// Looks at the facts after the mark; whether there are more.
    pub(super) fn follow(&self) -> Result<bool, MindFault> {
        let tx = self.desk.tx;
        let (mut after, print) = mark(tx)?;
        if tail::print(tx, after)? != print {
            tracing::info!("the account book was made anew: its ratings are looked at again");
            after = 0;
        }
        let rules = rules::current::<CaseRules>(tx)?;
        let Page { visits, until, more } = tail::negative_visits(tx, after, MAX_SCANNED, MAX_VISITS)?;
        for (ledger, visit) in visits {
            self.look(ledger, visit, &rules)?;
        }
        let print = tail::print(tx, until)?;
        tx.prepare_cached("UPDATE case_mark SET fact = ?1, print = ?2 WHERE id = 1")?.execute(params![until, print])?;
        Ok(more)
    }

    /// What a visit says now, and what follows for its case.
    fn look(&self, ledger: i64, visit: u64, rules: &CaseRules) -> Result<(), MindFault> {
        let standing = Book::standing(self.desk.tx, ledger, visit)?;
        let negative = standing.iter().find(|f| f.sign == 1 && f.level.is_some_and(Satisfaction::is_negative));
        let found = store::of_visit(self.desk.tx, ledger, visit)?;
        let id = match (found, negative) {
            (None, None) => return Ok(()),
            (None, Some(fact)) => return self.open(fact, rules),
            (Some(id), _) => id,
        };
        match store::advance(&self.desk, id, Action::ChangeMind { negative: negative.is_some() }, Actor::System) {
            // It says what it said before.
            Err(CaseFault::Refused(Refused::NothingNew)) => Ok(()),
            // Said so often that nobody can still mean it; the rating itself says what it says.
            Err(CaseFault::Refused(Refused::Full)) => Ok(()),
            other => Ok(other.map(drop)?),
        }
    }

    fn open(&self, fact: &Fact, rules: &CaseRules) -> Result<(), MindFault> {
        let lateness = self.desk.at.wall.since_ms(fact.wall);
        let is_too_late = fact.grade != ClockGrade::C && lateness > i64::from(rules.latest_days) * DAY_MS;
        if !rules.ratings_open || (fact.sample && !rules.samples_open) || is_too_late {
            return Ok(());
        }
        let lowest = fact.level == Some(Satisfaction::VeryDissatisfied);
        let opening = Opening {
            hall: fact.hall.clone(),
            origin: Origin::NegativeRating { ledger: fact.ledger, visit: fact.visit },
            service_window: Some(fact.service_window.clone()),
            staff_no: fact.staff.clone(),
            summary: self.summary(fact),
            serious: lowest && rules.serious_at_lowest,
        };
        if let Some(case) = open::open_as(self.desk.tx, &opening, fact.sample, self.desk.at.wall)? {
            tracing::info!(case, hall = %fact.hall, "a negative rating opened a case");
            metrics::counter!("pingyi_cases_opened_total", "origin" => "rating").increment(1);
        }
        Ok(())
    }

    /// Level and reasons, as the board calls them.
    fn summary(&self, fact: &Fact) -> String {
        let level = fact.level.map_or("", |level| common::level(Language::Zh, level));
        let reasons: Vec<String> =
            fact.reasons.iter().map(|tag| self.labels.name(Dimension::Reason, tag.as_str())).collect();
        let w = Register(Language::Zh);
        let said = if reasons.is_empty() { w.no_reasons() } else { reasons.join("、").into() };
        w.rating_summary(level, &said).into_owned()
    }

    /// Gives cases that came in their first deadline; whether there are more.
    pub(super) fn date(&self) -> Result<bool, MindFault> {
        let sql = "SELECT id FROM case_record WHERE is_open = 1 AND due IS NULL ORDER BY id LIMIT ?1";
        let ids = self.ids(sql, params![MAX_CASES])?;
        for id in &ids {
            if let Some((_, case, _)) = store::whole(self.desk.tx, *id)? {
                open::date(&case, &self.desk, *id)?;
            }
        }
        Ok(ids.len() == MAX_CASES as usize)
    }

    /// Passes up what is overdue; whether there is more.
    pub(super) fn escalate(&self) -> Result<bool, MindFault> {
        let leader_days = rules::current::<CaseRules>(self.desk.tx)?.limits.leader_days;
        let cutoff = leader_cutoff(self.desk.calendar, leader_days, self.desk.at.day);
        let first = "SELECT id FROM case_record WHERE is_open = 1 AND due < ?1 AND escalation IS NULL
                     ORDER BY due, id LIMIT ?2";
        let second = "SELECT id FROM case_record WHERE is_open = 1 AND due <= ?1 AND escalation = ?3
                      ORDER BY due, id LIMIT ?2";
        let mut ids = self.ids(first, params![self.desk.at.day.to_string(), MAX_CASES])?;
        let mut more = self.pass_up(&ids, Escalation::Supervisor)?;
        ids = self.ids(second, params![cutoff.to_string(), MAX_CASES, Escalation::Supervisor.code()])?;
        more |= self.pass_up(&ids, Escalation::Leader)?;
        Ok(more)
    }

    fn pass_up(&self, ids: &[i64], to: Escalation) -> Result<bool, MindFault> {
        let mut moved = 0;
        for &id in ids {
            match store::advance(&self.desk, id, Action::Escalate { to }, Actor::System) {
                Ok(_) => moved += 1,
                // A case of too many events stays where it is.
                Err(CaseFault::Refused(refused)) => tracing::debug!(case = id, %refused, "was not passed up"),
                Err(fault) => return Err(fault.into()),
            }
        }
        metrics::counter!("pingyi_cases_escalated_total", "to" => to.code()).increment(moved);
        // Only a round that moved something asks for another.
        Ok(moved > 0 && ids.len() == MAX_CASES as usize)
    }

    fn ids(&self, sql: &str, values: impl rusqlite::Params) -> rusqlite::Result<Vec<i64>> {
        self.desk.tx.prepare_cached(sql)?.query_map(values, |r| r.get(0))?.collect()
    }
}
