//! The case, and what each event makes of it. Nothing is refused here: an event has happened.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::act::{Action, Actor, Escalation, Event, Grade, Matter, Person, Stage, Verdict};
use super::due::{At, House};
use super::origin::Origin;
use super::refused::Refused;
use crate::domain::id::{HallId, StaffNo, WindowId};
use crate::domain::rating::Satisfaction;

/// What a case is about; never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    pub hall: HallId,
    pub origin: Origin,
    pub service_window: Option<WindowId>,
    /// The staff concerned.
    pub staff_no: Option<StaffNo>,
    /// A serious case keeps whom it concerns from being elected while it is open.
    pub serious: bool,
}

/// What waits for a second person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub by: Person,
    pub what: Proposed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proposed {
    Verdict {
        verdict: Verdict,
        /// Proposed by whoever reviewed an appeal.
        by_appeal: bool,
    },
    Extension {
        days: u16,
    },
    Accountability {
        grade: Grade,
    },
}

/// 申诉
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appeal {
    /// Account of the staff concerned.
    pub by: i64,
    /// None: not reviewed yet.
    pub granted: Option<bool>,
}

/// One case as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub about: About,
    pub stage: Stage,
    pub due: Option<Date>,
    pub is_certain: bool,
    pub handler: Option<Person>,
    pub verdict: Option<Verdict>,
    /// Account of who found out, and of the second person where one was needed.
    pub verified_by: Option<i64>,
    pub approved_by: Option<i64>,
    pub rectified_by: Option<i64>,
    /// What the citizen reads.
    pub reply: Option<String>,
    pub proposals: BTreeMap<Matter, Proposal>,
    /// Of the present step.
    pub extensions: u8,
    /// Of the present step: the highest.
    pub escalation: Option<Escalation>,
    /// Steps that were not done in time, over all.
    pub late_steps: u32,
    pub appeal: Option<Appeal>,
    pub appeal_due: Option<Date>,
    pub accountability: Option<Grade>,
    /// How the citizen rated the last reply.
    pub rectification: Option<Satisfaction>,
    /// The citizen's dissatisfaction has sent it back once.
    pub is_sent_back: bool,
    /// The citizen rates otherwise by now.
    pub mind_changed: bool,
    pub closed_day: Option<Date>,
    pub events: u32,
}

impl Case {
    /// A case that has just come in; its first deadline is set by [`Action::Date`].
    pub fn received(about: About) -> Self {
        Self {
            about,
            stage: Stage::Received,
            due: None,
            is_certain: true,
            handler: None,
            verdict: None,
            verified_by: None,
            approved_by: None,
            rectified_by: None,
            reply: None,
            proposals: BTreeMap::new(),
            extensions: 0,
            escalation: None,
            late_steps: 0,
            appeal: None,
            appeal_due: None,
            accountability: None,
            rectification: None,
            is_sent_back: false,
            mind_changed: false,
            closed_day: None,
            events: 0,
        }
    }

    /// The case that a log makes.
    pub fn replayed<'a>(about: About, log: impl IntoIterator<Item = &'a Event>) -> Self {
        log.into_iter().fold(Self::received(about), |case, event| case.after(event))
    }

    /// Does what somebody wants to do: the case afterwards, and the line for its log.
    ///
    /// # Errors
    /// [`Refused`] says why not.
    pub fn apply(&self, action: Action, actor: Actor, house: House<'_>, at: At) -> Result<(Self, Event), Refused> {
        self.judge(&action, &actor, house, at)?;
        let mut event = Event {
            at: at.wall,
            day: at.day,
            actor,
            action,
            due: self.due,
            is_certain: self.is_certain,
            appeal_due: self.appeal_due,
        };
        let after = self.after(&event);
        event.appeal_due = self.appeal_due_after(&event, &after, house);
        let due = match (&event.action, after.step()) {
            (_, None) => None,
            (Action::Decide { matter: Matter::Extension, approve: true, .. }, Some(_)) => {
                let days = match self.proposals.get(&Matter::Extension).map(|p| &p.what) {
                    Some(Proposed::Extension { days }) => *days,
                    _ => 0,
                };
                Some(house.after(self.due.unwrap_or(at.day), days))
            }
            (action, Some(step)) if after.stage != self.stage || *action == Action::Date => {
                Some(house.after(at.day, house.limits.of(step)))
            }
            (_, Some(_)) => return Ok((after.with_due(&event), event)),
        };
        event.due = due.map(|d| d.date);
        event.is_certain = due.is_none_or(|d| d.is_certain);
        Ok((after.with_due(&event), event))
    }

    fn appeal_due_after(&self, event: &Event, after: &Self, house: House<'_>) -> Option<Date> {
        let days = |days| Some(house.after(event.day, days).date);
        match &event.action {
            Action::Appeal { .. } => days(house.limits.review_days),
            Action::Reopen { .. } => None,
            // A granted appeal that a second person did not confirm is to be reviewed again.
            _ if after.appeal.is_some_and(|a| a.granted.is_none()) && self.appeal != after.appeal => {
                days(house.limits.review_days)
            }
            _ if after.verdict != self.verdict => match after.verdict {
                Some(Verdict::Justified) => days(house.limits.appeal_days),
                _ => None,
            },
            _ => self.appeal_due,
        }
    }

    fn with_due(mut self, event: &Event) -> Self {
        (self.due, self.is_certain, self.appeal_due) = (event.due, event.is_certain, event.appeal_due);
        self
    }

    /// What an event makes of it.
    #[must_use]
    pub fn after(&self, event: &Event) -> Self {
        let mut next = self.clone();
        next.events += 1;
        next.happen(event);
        if next.stage != self.stage {
            let was_late = self.due.is_some_and(|due| due < event.day) && self.escalation.is_none();
            next.late_steps += u32::from(was_late);
            (next.extensions, next.escalation) = (0, None);
            next.proposals.remove(&Matter::Extension);
        }
        next.with_due(event)
    }

    fn happen(&mut self, event: &Event) {
        let by = event.actor.account();
        match &event.action {
            Action::Date | Action::Note { .. } | Action::Attach { .. } => {}
            Action::Assign { to } => {
                self.handler = Some(to.clone());
                if self.stage == Stage::Received {
                    self.stage = Stage::Assigned;
                }
            }
            Action::Verify { verdict, .. } if verdict.is_set_aside() => {
                self.propose(event, Matter::Verdict, Proposed::Verdict { verdict: *verdict, by_appeal: false });
            }
            Action::Verify { verdict, .. } => {
                (self.verdict, self.verified_by, self.approved_by) = (Some(*verdict), by, None);
                self.stage = if *verdict == Verdict::Justified { Stage::Rectifying } else { Stage::Verified };
            }
            Action::Rectify { .. } => (self.stage, self.rectified_by) = (Stage::Rectified, by),
            Action::Reply { text } => {
                (self.stage, self.reply, self.rectification) = (Stage::Replied, Some(text.clone()), None);
            }
            Action::FollowUp { .. } => self.stage = Stage::FollowedUp,
            Action::Recheck { passed: true, .. } => self.stage = Stage::Rechecked,
            Action::Recheck { passed: false, .. } => self.back_to_work(),
            Action::Close { .. } => (self.stage, self.closed_day) = (Stage::Closed, Some(event.day)),
            Action::Reopen { .. } => self.reopen(),
            Action::Extend { days, .. } => self.propose(event, Matter::Extension, Proposed::Extension { days: *days }),
            Action::HoldAccountable { grade, .. } => {
                self.propose(event, Matter::Accountability, Proposed::Accountability { grade: *grade });
            }
            Action::Decide { matter, approve, .. } => self.decide(*matter, *approve, by),
            Action::Appeal { .. } => self.appeal = by.map(|by| Appeal { by, granted: None }),
            Action::Review { granted, .. } => self.review(event, *granted),
            Action::ChangeMind { negative } => self.change_mind(*negative),
            Action::RateRectification { level } => {
                self.rectification = Some(*level);
                if level.is_negative() && self.verdict == Some(Verdict::Justified) && !self.is_sent_back {
                    self.is_sent_back = true;
                    self.back_to_work();
                }
            }
            Action::Escalate { to } => {
                self.late_steps += u32::from(self.escalation.is_none());
                self.escalation = Some(*to);
            }
        }
    }

    fn propose(&mut self, event: &Event, matter: Matter, what: Proposed) {
        if let Actor::Person { account, name, .. } = &event.actor {
            let by = Person { account: *account, name: name.clone() };
            self.proposals.insert(matter, Proposal { by, what });
        }
    }

    fn decide(&mut self, matter: Matter, approve: bool, by: Option<i64>) {
        let Some(proposal) = self.proposals.remove(&matter) else { return };
        match proposal.what {
            Proposed::Verdict { verdict, by_appeal } if approve => {
                (self.verdict, self.verified_by, self.approved_by) = (Some(verdict), Some(proposal.by.account), by);
                self.settle(by_appeal);
            }
            Proposed::Verdict { by_appeal: true, .. } => {
                self.appeal = self.appeal.map(|a| Appeal { granted: None, ..a });
            }
            // Another deadline: missing that one is told again.
            Proposed::Extension { .. } if approve => (self.extensions, self.escalation) = (self.extensions + 1, None),
            Proposed::Accountability { grade } if approve => self.accountability = Some(grade),
            _ => {}
        }
    }

    /// Nothing is to be put right any more.
    fn settle(&mut self, by_appeal: bool) {
        let at_work = matches!(self.stage, Stage::Rectifying | Stage::Rectified);
        if !by_appeal || at_work {
            self.stage = Stage::Verified;
        }
    }

    fn review(&mut self, event: &Event, granted: Option<Verdict>) {
        self.appeal = self.appeal.map(|a| Appeal { granted: Some(granted.is_some()), ..a });
        match granted {
            Some(verdict) if verdict.is_set_aside() => {
                self.propose(event, Matter::Verdict, Proposed::Verdict { verdict, by_appeal: true });
            }
            Some(verdict) => {
                (self.verdict, self.verified_by, self.approved_by) = (Some(verdict), event.actor.account(), None);
                self.settle(true);
            }
            None => {}
        }
    }

    fn back_to_work(&mut self) {
        (self.stage, self.rectified_by, self.closed_day) = (Stage::Rectifying, None, None);
    }

    fn reopen(&mut self) {
        self.stage = if self.handler.is_some() { Stage::Assigned } else { Stage::Received };
        (self.verdict, self.verified_by, self.approved_by) = (None, None, None);
        (self.rectified_by, self.appeal, self.closed_day) = (None, None, None);
        self.proposals.clear();
    }

    fn change_mind(&mut self, negative: bool) {
        match (self.stage, negative) {
            (Stage::Received, false) => self.stage = Stage::Withdrawn,
            (Stage::Withdrawn, true) => self.stage = Stage::Received,
            _ => {}
        }
        self.mind_changed = !negative;
    }
}
