//! Whether an action may happen: who, when, and which second person.

use super::act::{Action, Actor, Escalation, MAX_EVENTS, Matter, NOTE_CHARS, Stage, Verdict};
use super::due::{At, House};
use super::evolve::Case;
use super::origin::Origin;
use super::refused::Refused;
use crate::domain::id::StaffNo;
use crate::domain::role::{Need, Role};
use crate::domain::text::check_lines;

/// Somebody with an account who acts.
struct Doer<'a> {
    account: i64,
    role: Role,
    staff_no: Option<&'a StaffNo>,
}

type Judged = Result<(), Refused>;

fn unless(holds: bool, refused: Refused) -> Judged {
    if holds { Ok(()) } else { Err(refused) }
}

impl Case {
    /// Whether `action` may happen now.
    ///
    /// # Errors
    /// [`Refused`] says why not.
    pub fn judge(&self, action: &Action, actor: &Actor, house: House<'_>, at: At) -> Judged {
        unless(self.events < MAX_EVENTS, Refused::Full)?;
        if let Some(text) = action.text() {
            check_lines(text, NOTE_CHARS).map_err(Refused::Text)?;
        }
        match actor {
            Actor::System => self.judge_system(action, house, at),
            Actor::Citizen => self.judge_citizen(action),
            Actor::Person { account, role, staff_no, .. } => {
                let doer = Doer { account: *account, role: *role, staff_no: staff_no.as_ref() };
                self.judge_person(action, &doer, house, at)
            }
        }
    }

    fn judge_system(&self, action: &Action, house: House<'_>, at: At) -> Judged {
        match action {
            Action::Date => unless(self.stage.is_open() && self.due.is_none(), Refused::NothingNew),
            Action::ChangeMind { negative } => {
                unless(matches!(self.about.origin, Origin::NegativeRating { .. }), Refused::NoCitizen)?;
                unless(self.mind_changed == *negative, Refused::NothingNew)
            }
            Action::Escalate { to } => {
                let due = self.due.filter(|due| *due < at.day).ok_or(Refused::NotOverdue)?;
                match (to, self.escalation) {
                    (Escalation::Supervisor, None) => Ok(()),
                    (Escalation::Leader, Some(Escalation::Supervisor)) => {
                        let enough = house.overdue_days(due, at.day) >= u32::from(house.limits.leader_days);
                        unless(enough, Refused::NotOverdue)
                    }
                    _ => Err(Refused::NothingNew),
                }
            }
            _ => Err(Refused::Role),
        }
    }

    fn judge_citizen(&self, action: &Action) -> Judged {
        unless(matches!(action, Action::RateRectification { .. }), Refused::Role)?;
        unless(matches!(self.about.origin, Origin::NegativeRating { .. }), Refused::NoCitizen)?;
        let replied = matches!(self.stage, Stage::Replied | Stage::FollowedUp | Stage::Rechecked | Stage::Closed);
        unless(replied, Refused::NotNow)?;
        unless(self.rectification.is_none(), Refused::AlreadyRated)
    }

    fn judge_person(&self, action: &Action, doer: &Doer<'_>, house: House<'_>, at: At) -> Judged {
        if let Action::Appeal { .. } = action {
            return self.judge_appeal(doer, at);
        }
        let (works, decides) = (doer.role.may(Need::CasesWork), doer.role.may(Need::CasesDecide));
        unless(works || decides, Refused::Role)?;
        unless(self.about.staff_no.is_none() || self.about.staff_no.as_ref() != doer.staff_no, Refused::Concerned)?;
        unless(self.stage != Stage::Withdrawn, Refused::NotNow)?;
        match action {
            Action::Date
            | Action::Appeal { .. }
            | Action::ChangeMind { .. }
            | Action::RateRectification { .. }
            | Action::Escalate { .. } => Err(Refused::Role),
            Action::Note { .. } | Action::Attach { .. } => Ok(()),
            Action::Assign { to } => {
                unless(works, Refused::Role)?;
                unless(self.stage.is_open(), Refused::NotNow)?;
                unless(self.handler.as_ref().is_none_or(|h| h.account != to.account), Refused::NothingNew)
            }
            Action::Verify { .. } => {
                self.at_hand(doer, works, self.stage == Stage::Assigned)?;
                unless(!self.proposals.contains_key(&Matter::Verdict), Refused::AlreadyPending)
            }
            Action::Rectify { .. } => self.at_hand(doer, works, self.stage == Stage::Rectifying),
            Action::Reply { .. } => {
                self.at_hand(doer, works, matches!(self.stage, Stage::Verified | Stage::Rectified))?;
                unless(!self.proposals.contains_key(&Matter::Verdict), Refused::DecisionPending)
            }
            Action::FollowUp { .. } => {
                let wanted = self.verdict.is_some_and(|v| !v.is_set_aside());
                self.at_hand(doer, works, self.stage == Stage::Replied && wanted)
            }
            Action::Recheck { .. } => {
                unless(self.stage == Stage::FollowedUp && self.needs_recheck(), Refused::NotNow)?;
                unless(self.rectified_by != Some(doer.account), Refused::SamePerson)
            }
            Action::Close { .. } => self.judge_close(),
            Action::Reopen { .. } => {
                unless(decides, Refused::Role)?;
                unless(self.stage == Stage::Closed, Refused::NotNow)
            }
            Action::Extend { days, .. } => self.judge_extension(*days, doer, works, house, at),
            Action::HoldAccountable { .. } => self.judge_accountability(at),
            Action::Decide { matter, .. } => {
                unless(decides, Refused::Role)?;
                let proposal = self.proposals.get(matter).ok_or(Refused::NothingPending)?;
                unless(proposal.by.account != doer.account, Refused::SamePerson)
            }
            Action::Review { granted, .. } => self.judge_review(*granted, doer, decides),
        }
    }

    /// Whoever handles it, at the stage for it.
    fn at_hand(&self, doer: &Doer<'_>, works: bool, is_time: bool) -> Judged {
        unless(works, Refused::Role)?;
        unless(is_time, Refused::NotNow)?;
        unless(self.handler.as_ref().is_some_and(|h| h.account == doer.account), Refused::NotHandler)
    }

    fn judge_close(&self) -> Judged {
        let is_set_aside = self.verdict.is_some_and(|v| v.is_set_aside());
        let is_time = match self.stage {
            Stage::Rechecked => true,
            Stage::FollowedUp => !self.needs_recheck(),
            Stage::Replied => is_set_aside,
            _ => false,
        };
        unless(is_time, Refused::NotNow)?;
        let appealed = self.appeal.is_some_and(|a| a.granted.is_none());
        unless(!appealed && !self.proposals.contains_key(&Matter::Verdict), Refused::DecisionPending)
    }

    fn judge_extension(&self, days: u16, doer: &Doer<'_>, works: bool, house: House<'_>, at: At) -> Judged {
        self.at_hand(doer, works, self.step().is_some() && self.due.is_some())?;
        unless(self.due.is_some_and(|due| at.day <= due), Refused::TooLate)?;
        unless(!self.proposals.contains_key(&Matter::Extension), Refused::AlreadyPending)?;
        unless(self.extensions < house.limits.extensions, Refused::Extended)?;
        let max = house.limits.extension_days;
        unless((1..=max).contains(&days), Refused::Days { max })
    }

    /// Only after the review: the time to appeal is over, or an appeal was refused.
    fn judge_accountability(&self, at: At) -> Judged {
        unless(self.about.staff_no.is_some(), Refused::NobodyConcerned)?;
        unless(matches!(self.stage, Stage::Rechecked | Stage::Closed), Refused::NotNow)?;
        unless(self.verdict == Some(Verdict::Justified), Refused::NotJustified)?;
        unless(self.accountability.is_none(), Refused::AlreadyAccountable)?;
        unless(!self.proposals.contains_key(&Matter::Accountability), Refused::AlreadyPending)?;
        let reviewed = match self.appeal {
            Some(appeal) => appeal.granted == Some(false),
            None => self.appeal_due.is_none_or(|until| until < at.day),
        };
        unless(reviewed, Refused::NotReviewed)
    }

    fn judge_appeal(&self, doer: &Doer<'_>, at: At) -> Judged {
        unless(doer.role.may(Need::Own), Refused::Role)?;
        let concerned = self.about.staff_no.is_some() && self.about.staff_no.as_ref() == doer.staff_no;
        unless(concerned, Refused::NotYours)?;
        unless(self.stage != Stage::Withdrawn, Refused::NotNow)?;
        unless(self.verdict == Some(Verdict::Justified), Refused::NotJustified)?;
        unless(self.appeal.is_none(), Refused::AlreadyAppealed)?;
        unless(self.appeal_due.is_some_and(|until| at.day <= until), Refused::TooLate)
    }

    fn judge_review(&self, granted: Option<Verdict>, doer: &Doer<'_>, decides: bool) -> Judged {
        unless(decides, Refused::Role)?;
        let appeal = self.appeal.filter(|a| a.granted.is_none()).ok_or(Refused::NothingPending)?;
        unless(granted != Some(Verdict::Justified), Refused::SameVerdict)?;
        let before = [self.verified_by, self.approved_by, Some(appeal.by)];
        unless(!before.contains(&Some(doer.account)), Refused::SamePerson)
    }
}
