//! What people do about cases: pages and interface go through here, so that both are bounded, filtered and audited alike.

use std::sync::Arc;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::store::{self, CaseFault, Desk};
use crate::centre::access::Who;
use crate::centre::audit::{self, Act};
use crate::centre::directory::accounts;
use crate::centre::directory::people::reach;
use crate::centre::directory::units::Units;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::today;
use crate::centre::site::Site;
use crate::domain::case::{Action, Actor, At, Case, FollowUp, Grade, Matter, Person, Refused, Verdict};
use crate::domain::id::HallId;
use crate::domain::role::Need;

/// What a person asks for. Texts have 1 to 1,000 characters, line feeds allowed; they hold no names, numbers or words of
/// citizens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = CaseAct)]
pub enum Asked {
    /// Hand the case to an account that may work on cases of the hall.
    Assign {
        account: i64,
    },
    /// `mistaken` and `malicious` wait for a second person.
    Verify {
        verdict: Verdict,
        note: String,
    },
    /// Say what was put right.
    Rectify {
        note: String,
    },
    /// What the citizen reads.
    Reply {
        text: String,
    },
    FollowUp {
        outcome: FollowUp,
        note: String,
    },
    /// By somebody else than who put it right.
    Recheck {
        passed: bool,
        note: String,
    },
    Close {
        note: String,
    },
    Reopen {
        reason: String,
    },
    /// Ask for more working days; waits for a second person.
    Extend {
        days: u16,
        reason: String,
    },
    /// Propose a grade of accountability; waits for a second person.
    HoldAccountable {
        grade: Grade,
        reason: String,
    },
    /// The second person's word.
    Decide {
        matter: Matter,
        approve: bool,
        note: String,
    },
    /// Review an appeal: the verdict by which it is granted, or none.
    Review {
        granted: Option<Verdict>,
        note: String,
    },
    /// Evidence in words.
    Note {
        text: String,
    },
}

impl Asked {
    /// Whether it belongs to what a need is for.
    pub const fn is_of(&self, need: Need) -> bool {
        match need {
            Need::CasesWork => !matches!(self, Self::Reopen { .. } | Self::Decide { .. } | Self::Review { .. }),
            Need::CasesDecide => matches!(
                self,
                Self::Reopen { .. }
                    | Self::Decide { .. }
                    | Self::Review { .. }
                    | Self::Recheck { .. }
                    | Self::Close { .. }
                    | Self::HoldAccountable { .. }
                    | Self::Note { .. }
            ),
            _ => false,
        }
    }

    fn action(self, conn: &Connection, hall: &HallId) -> Result<Action, CaseFault> {
        Ok(match self {
            Self::Assign { account } => {
                let to = handlers(conn, hall)?.into_iter().find(|p| p.account == account);
                Action::Assign { to: to.ok_or(CaseFault::Assignee)? }
            }
            Self::Verify { verdict, note } => Action::Verify { verdict, note: trimmed(&note) },
            Self::Rectify { note } => Action::Rectify { note: trimmed(&note) },
            Self::Reply { text } => Action::Reply { text: trimmed(&text) },
            Self::FollowUp { outcome, note } => Action::FollowUp { outcome, note: trimmed(&note) },
            Self::Recheck { passed, note } => Action::Recheck { passed, note: trimmed(&note) },
            Self::Close { note } => Action::Close { note: trimmed(&note) },
            Self::Reopen { reason } => Action::Reopen { reason: trimmed(&reason) },
            Self::Extend { days, reason } => Action::Extend { days, reason: trimmed(&reason) },
            Self::HoldAccountable { grade, reason } => Action::HoldAccountable { grade, reason: trimmed(&reason) },
            Self::Decide { matter, approve, note } => Action::Decide { matter, approve, note: trimmed(&note) },
            Self::Review { granted, note } => Action::Review { granted, note: trimmed(&note) },
            Self::Note { text } => Action::Note { text: trimmed(&text) },
        })
    }
}

/// Browsers send line breaks as CRLF.
pub fn trimmed(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}

/// Who may work on cases of a hall, by name.
///
/// # Errors
/// Those of the store.
pub fn handlers(conn: &Connection, hall: &HallId) -> rusqlite::Result<Vec<Person>> {
    let units = Units::load(conn)?;
    let mut out: Vec<Person> = accounts::all(conn)?
        .into_iter()
        .filter(|a| a.disabled.is_none() && a.role.may(Need::CasesWork) && reach(&a.part, &units).covers(hall))
        .map(|a| Person { account: a.id, name: a.name })
        .collect();
    out.sort_by(|a, b| a.name.cmp(&b.name).then(a.account.cmp(&b.account)));
    Ok(out)
}

/// Within the transaction of one act.
pub struct Acting<'a> {
    pub desk: &'a Desk<'a>,
    pub who: &'a Who,
}

impl Acting<'_> {
    /// # Errors
    /// [`CaseFault`]; what lies outside of the reach does not exist.
    pub fn ask(&self, id: i64, asked: Asked) -> Result<Case, CaseFault> {
        let hall = self.own(id)?;
        let action = asked.action(self.desk.tx, &hall)?;
        self.does(id, action, Act::CaseMoved)
    }

    /// The staff concerned appeals.
    ///
    /// # Errors
    /// [`CaseFault`].
    pub fn appeal(&self, id: i64, text: &str) -> Result<Case, CaseFault> {
        self.own(id)?;
        match self.does(id, Action::Appeal { text: trimmed(text) }, Act::CaseAppealed) {
            // Whose case it is not learns nothing of it.
            Err(CaseFault::Refused(Refused::NotYours)) => Err(CaseFault::NotFound),
            other => other,
        }
    }

    /// Puts a picture or a PDF to the case, whose bytes are kept already.
    ///
    /// # Errors
    /// [`CaseFault`].
    pub fn attach(&self, id: i64, file: &str, name: &str, bytes: u64) -> Result<Case, CaseFault> {
        self.own(id)?;
        let evidence = super::evidence::add(self.desk.tx, id, file, name, bytes, self.desk.at.wall)?;
        self.does(id, Action::Attach { evidence, name: name.to_owned() }, Act::CaseMoved)
    }

    fn own(&self, id: i64) -> Result<HallId, CaseFault> {
        let record = store::one(self.desk.tx, id)?.filter(|r| self.who.reach.covers(&r.about.hall));
        record.map(|r| r.about.hall).ok_or(CaseFault::NotFound)
    }

    fn does(&self, id: i64, action: Action, act: Act) -> Result<Case, CaseFault> {
        let code = action.code();
        let case = store::advance(self.desk, id, action, store::actor(self.who))?;
        let detail = format!("{code}: {}", case.stage.code());
        audit::append(self.desk.tx, self.desk.at.wall, self.who, act, &format!("case:{id}"), &detail)?;
        metrics::counter!("pingyi_case_acts_total", "act" => code).increment(1);
        Ok(case)
    }
}

/// Does an act in one transaction of the writer.
///
/// # Errors
/// Those of the writer; the inner result says why it was refused.
pub async fn act<T: Send + 'static>(
    site: &Site,
    who: Arc<Who>,
    act: impl FnOnce(&Acting<'_>) -> Result<T, CaseFault> + Send + 'static,
) -> Result<Result<T, CaseFault>, ApiFault> {
    let (zone, calendar) = (site.settings.time_zone.clone(), Arc::clone(&site.settings.calendar));
    let done = site.writer.attempt(move |desk| {
        let at = At { wall: desk.now, day: today(&zone, desk.now) };
        act(&Acting { desk: &Desk::new(desk.tx, &calendar, at)?, who: &who })
    });
    Ok(done.await?)
}

/// What a program is told of a refusal; the sentence names the reason.
pub fn fault_of(fault: &CaseFault) -> ApiFault {
    match fault {
        CaseFault::NotFound => ApiFault::new(ErrorCode::NotFound),
        CaseFault::Store(cause) => ApiFault::because(ErrorCode::Unavailable, cause),
        CaseFault::Refused(Refused::Role | Refused::NotHandler | Refused::Concerned | Refused::SamePerson) => {
            ApiFault::telling(ErrorCode::Forbidden, fault)
        }
        CaseFault::Refused(Refused::Text(_) | Refused::Days { .. }) | CaseFault::Assignee => {
            ApiFault::telling(ErrorCode::Faulty, fault)
        }
        CaseFault::Refused(_) | CaseFault::EvidenceFull => ApiFault::telling(ErrorCode::Conflict, fault),
    }
}

/// What may be asked for now by a person, as codes: `verify`, `decide:extension`.
pub fn possible(case: &Case, desk: (crate::domain::case::House<'_>, At), actor: &Actor) -> Vec<&'static str> {
    let said = || "x".to_owned();
    let elsewhere = Person { account: i64::MIN, name: String::new() };
    let tries: [(&'static str, Action); 15] = [
        ("assign", Action::Assign { to: elsewhere }),
        ("verify", Action::Verify { verdict: Verdict::Justified, note: said() }),
        ("rectify", Action::Rectify { note: said() }),
        ("reply", Action::Reply { text: said() }),
        ("follow_up", Action::FollowUp { outcome: FollowUp::Accepted, note: said() }),
        ("recheck", Action::Recheck { passed: true, note: said() }),
        ("close", Action::Close { note: said() }),
        ("decide:verdict", Action::Decide { matter: Matter::Verdict, approve: true, note: said() }),
        ("decide:extension", Action::Decide { matter: Matter::Extension, approve: true, note: said() }),
        ("decide:accountability", Action::Decide { matter: Matter::Accountability, approve: true, note: said() }),
        ("review", Action::Review { granted: None, note: said() }),
        ("extend", Action::Extend { days: 1, reason: said() }),
        ("hold_accountable", Action::HoldAccountable { grade: Grade::Reminder, reason: said() }),
        ("reopen", Action::Reopen { reason: said() }),
        ("note", Action::Note { text: said() }),
    ];
    let (house, at) = desk;
    tries.into_iter().filter(|(_, action)| case.judge(action, actor, house, at).is_ok()).map(|(code, _)| code).collect()
}
