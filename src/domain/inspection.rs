//! 明查暗访: an inspection from its plan to its end, pure. What inspectors look at is a [`checklist`], what they found at one
//! window a [`visit`].
//!
//! An undercover inspection (暗访) does not exist for anybody but its planner, its inspectors and leaders until it is
//! released; whoever may not see it is refused with [`StepRefused::Unseen`], which answers like what is not there.
//!
//! **Invariants of absence:** no step leads back, nothing that was submitted is changed, and no order comes of what the
//! inspected may not see yet.

pub mod checklist;
#[cfg(test)]
mod tests;
pub mod visit;

use jiff::civil::Date;

use super::appraisal::Period;
use super::id::WindowId;
use super::rating::coded;
use super::role::{Need, Role};

coded! {
    /// Whether the inspected know.
    InspectionKind {
        /// 明查
        Announced = "announced",
        /// 暗访
        Undercover = "undercover",
    }
}

coded! {
    /// How far an inspection is.
    InspectionStage {
        Planned = "planned",
        /// A first visit was made.
        UnderWay = "under_way",
        /// All visits are made; nothing of them changes any more.
        Submitted = "submitted",
        /// Undercover ones alone: the inspected see it from now on.
        Released = "released",
        /// The hall has said what it makes of it.
        Answered = "answered",
        Closed = "closed",
        /// Called off before anything was found.
        Cancelled = "cancelled",
    }
}

impl InspectionStage {
    /// Whether visits may still be made.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Planned | Self::UnderWay)
    }

    /// Whether it ended without results.
    pub const fn is_cancelled(self) -> bool {
        matches!(self, Self::Cancelled)
    }

    /// Whether results of an inspection of this kind count: they are final, and the inspected may see them.
    pub const fn counts(self, kind: InspectionKind) -> bool {
        match self {
            Self::Released | Self::Answered | Self::Closed => true,
            Self::Submitted => matches!(kind, InspectionKind::Announced),
            Self::Planned | Self::UnderWay | Self::Cancelled => false,
        }
    }
}

coded! {
    /// 严重程度 of what was found.
    Gravity {
        /// 一般
        Minor = "minor",
        /// 较重
        Notable = "notable",
        /// 严重
        Serious = "serious",
    }
}

coded! {
    /// What people add to an inspection; none of it is ever changed.
    RemarkKind {
        Remark = "remark",
        /// What the hall makes of it.
        Answer = "answer",
        /// Why it was called off.
        Cancelled = "cancelled",
    }
}

/// Who acts, as far as an inspection asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    pub account: i64,
    pub role: Role,
}

/// An inspection as far as its steps depend on it; the hall and who reaches it stand beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    pub kind: InspectionKind,
    pub stage: InspectionStage,
    pub period: Period,
    /// Windows to be visited; empty: all of the hall.
    pub windows: Vec<WindowId>,
    /// The account that planned it.
    pub planner: i64,
    /// Accounts that make the visits.
    pub inspectors: Vec<i64>,
    /// Visits made.
    pub visits: u32,
    /// Findings of them.
    pub findings: u32,
}

/// What somebody wants to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Hand in what was seen at a window on a day.
    Visit {
        service_window: WindowId,
        day: Date,
        today: Date,
    },
    /// All visits are made.
    Submit,
    /// Let the inspected see it.
    Release,
    /// Say what the hall makes of it.
    Answer,
    Close,
    Cancel,
    /// Add a line; changes nothing.
    Remark,
    /// Order that a finding is put right within a time (限期整改).
    Order,
}

/// Why a step is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StepRefused {
    /// Answered like what does not exist.
    #[error("there is no such inspection")]
    Unseen,
    #[error("the role may not")]
    Role,
    #[error("only its inspectors hand in visits")]
    NotInspector,
    #[error("only its planner or an inspector of it may")]
    NotOfIt,
    #[error("only its planner or a leader may")]
    NotPlanner,
    #[error("whoever inspected does not answer for the inspected")]
    OwnInspection,
    #[error("it is {} by now", .0.code())]
    Stage(InspectionStage),
    #[error("an announced inspection needs no release")]
    NotUndercover,
    #[error("the inspected do not see it yet: release it first")]
    NotReleased,
    #[error("the window is not part of the plan")]
    OtherWindow,
    #[error("the day is outside of the plan's period")]
    OutsidePeriod,
    #[error("the visit lies in the future")]
    Future,
    #[error("no visit was made yet")]
    NoVisit,
    #[error("visits were made: submit it instead")]
    HasVisits,
    #[error("nothing was found that could be put right")]
    NoFinding,
    #[error("there are findings, and the hall has not answered")]
    Unanswered,
}

impl Inspection {
    /// Whether whoever reaches the hall sees it.
    pub const fn is_open_to_hall(&self) -> bool {
        use InspectionStage::{Answered, Closed, Released};
        matches!(self.kind, InspectionKind::Announced) || matches!(self.stage, Released | Answered | Closed)
    }

    /// Whether it exists for somebody who reaches the hall.
    pub fn is_seen_by(&self, actor: Actor) -> bool {
        self.is_open_to_hall() || self.is_of(actor) || actor.role == Role::Leader
    }

    pub const fn counts(&self) -> bool {
        self.stage.counts(self.kind)
    }

    /// The stage after a step.
    ///
    /// # Errors
    /// [`StepRefused`] says why not.
    pub fn apply(&self, step: &Step, actor: Actor) -> Result<InspectionStage, StepRefused> {
        if !self.is_seen_by(actor) {
            return Err(StepRefused::Unseen);
        }
        self.permit(step, actor)?;
        self.advance(step)
    }

    fn is_inspector(&self, actor: Actor) -> bool {
        self.inspectors.contains(&actor.account)
    }

    fn is_of(&self, actor: Actor) -> bool {
        self.planner == actor.account || self.is_inspector(actor)
    }

    /// Whether the actor may take such a step at all.
    fn permit(&self, step: &Step, actor: Actor) -> Result<(), StepRefused> {
        let need = if matches!(step, Step::Answer) { Need::CasesWork } else { Need::Inspect };
        if !actor.role.may(need) {
            return Err(StepRefused::Role);
        }
        let is_leader = actor.role == Role::Leader;
        match step {
            Step::Visit { .. } if !self.is_inspector(actor) => Err(StepRefused::NotInspector),
            Step::Submit if !self.is_of(actor) => Err(StepRefused::NotOfIt),
            Step::Order if !self.is_of(actor) && !is_leader => Err(StepRefused::NotOfIt),
            Step::Release | Step::Close | Step::Cancel if self.planner != actor.account && !is_leader => {
                Err(StepRefused::NotPlanner)
            }
            Step::Answer if self.is_inspector(actor) => Err(StepRefused::OwnInspection),
            _ => Ok(()),
        }
    }

    fn advance(&self, step: &Step) -> Result<InspectionStage, StepRefused> {
        use InspectionStage::{Answered, Cancelled, Closed, Released, Submitted, UnderWay};
        let stage = self.stage;
        let wrong = Err(StepRefused::Stage(stage));
        match step {
            Step::Visit { service_window, day, today } => self.visited(service_window, *day, *today),
            Step::Submit if !stage.is_open() => wrong,
            Step::Submit if self.visits == 0 => Err(StepRefused::NoVisit),
            Step::Submit => Ok(Submitted),
            Step::Release if self.kind == InspectionKind::Announced => Err(StepRefused::NotUndercover),
            Step::Release if stage != Submitted => wrong,
            Step::Release => Ok(Released),
            Step::Answer | Step::Order | Step::Close if stage == Submitted && !self.is_open_to_hall() => {
                Err(StepRefused::NotReleased)
            }
            Step::Answer if !matches!(stage, Submitted | Released) => wrong,
            Step::Answer => Ok(Answered),
            Step::Order if !matches!(stage, Submitted | Released | Answered) => wrong,
            Step::Order if self.findings == 0 => Err(StepRefused::NoFinding),
            Step::Order => Ok(stage),
            Step::Close if !matches!(stage, Submitted | Released | Answered) => wrong,
            Step::Close if self.findings > 0 && stage != Answered => Err(StepRefused::Unanswered),
            Step::Close => Ok(Closed),
            Step::Cancel if !stage.is_open() => wrong,
            Step::Cancel if self.visits > 0 || stage == UnderWay => Err(StepRefused::HasVisits),
            Step::Cancel => Ok(Cancelled),
            Step::Remark if stage.is_cancelled() => wrong,
            Step::Remark => Ok(stage),
        }
    }

    fn visited(&self, window: &WindowId, day: Date, today: Date) -> Result<InspectionStage, StepRefused> {
        if !self.stage.is_open() {
            return Err(StepRefused::Stage(self.stage));
        }
        if !self.windows.is_empty() && !self.windows.contains(window) {
            return Err(StepRefused::OtherWindow);
        }
        if day > today {
            return Err(StepRefused::Future);
        }
        if !self.period.holds(day) {
            return Err(StepRefused::OutsidePeriod);
        }
        Ok(InspectionStage::UnderWay)
    }
}
