//! What a citizen follows with the receipt of their rating: how far it has come, the reply, and their word on it. Nothing
//! here says who handles it or whom it concerns.

use rusqlite::Connection;

use jiff::civil::Date;

use super::rules::CaseRules;
use super::store::{self, CaseFault, Desk};
use crate::centre::rules;
use crate::domain::case::{Action, Actor, Case, House, Refused, Stage, Step, Verdict};
use crate::domain::rating::Satisfaction;
use crate::domain::time::WallMs;
use crate::domain::workdays::WorkingCalendar;

/// How the handling of a rating stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handling {
    pub stage: Stage,
    pub opened: WallMs,
    /// What was found out; mistaken and malicious once a second person has agreed.
    pub verdict: Option<Verdict>,
    /// Until when it is answered at the latest; none once it is, and before its first deadline is set.
    pub answer_due: Option<Date>,
    /// What the office replied, and when.
    pub reply: Option<(String, WallMs)>,
    /// How the citizen rated that.
    pub rated: Option<Satisfaction>,
    /// Their dissatisfaction has sent it back once.
    pub is_sent_back: bool,
    /// They may rate it now.
    pub may_rate: bool,
}

/// The handling of a rating; none where no case was opened.
///
/// # Errors
/// Those of the store.
pub fn handling(
    conn: &Connection,
    calendar: &WorkingCalendar,
    ledger: i64,
    visit: u64,
) -> rusqlite::Result<Option<Handling>> {
    let Some(id) = store::of_visit(conn, ledger, visit)? else { return Ok(None) };
    let Some((record, case, log)) = store::whole(conn, id)? else { return Ok(None) };
    let replied = log.iter().rev().find_map(|event| match &event.action {
        Action::Reply { text } => Some((text.clone(), event.at)),
        _ => None,
    });
    let replied_to = matches!(case.stage, Stage::Replied | Stage::FollowedUp | Stage::Rechecked | Stage::Closed);
    let limits = rules::current::<CaseRules>(conn)?.limits;
    Ok(Some(Handling {
        stage: case.stage,
        opened: record.opened,
        verdict: case.verdict,
        answer_due: answer_due(&case, House { limits: &limits, calendar }),
        is_sent_back: case.is_sent_back,
        may_rate: replied_to && replied.is_some() && case.rectification.is_none(),
        reply: replied,
        rated: case.rectification,
    }))
}

/// The last day for the answer: the present step's deadline and, by the limits that hold now, those of the steps up to it.
fn answer_due(case: &Case, house: House<'_>) -> Option<Date> {
    let steps: &[Step] = match case.stage {
        Stage::Received => &[Step::Verify, Step::Rectify, Step::Reply],
        Stage::Assigned => &[Step::Rectify, Step::Reply],
        Stage::Rectifying => &[Step::Reply],
        Stage::Verified | Stage::Rectified => &[],
        _ => return None,
    };
    let add = |day, step: &Step| house.after(day, house.limits.of(*step)).date;
    Some(steps.iter().fold(case.due?, add))
}

/// The citizen rates how it was put right. Whoever calls has checked the receipt.
///
/// # Errors
/// [`CaseFault`].
pub fn rate(desk: &Desk<'_>, ledger: i64, visit: u64, level: Satisfaction) -> Result<(), CaseFault> {
    let id = store::of_visit(desk.tx, ledger, visit)?.ok_or(CaseFault::NotFound)?;
    let (_, case, _) = store::whole(desk.tx, id)?.ok_or(CaseFault::NotFound)?;
    if case.reply.is_none() {
        return Err(Refused::NotNow.into());
    }
    store::advance(desk, id, Action::RateRectification { level }, Actor::Citizen).map(drop)
}
