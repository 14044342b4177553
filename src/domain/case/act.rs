//! What can happen to a case, who does it, and how it stands in the log.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::id::StaffNo;
use crate::domain::rating::{Satisfaction, coded};
use crate::domain::role::Role;
use crate::domain::time::WallMs;

/// Characters of what is written down with an act.
pub const NOTE_CHARS: usize = 1_000;
/// Characters of what a case is about.
pub const SUMMARY_CHARS: usize = 200;
/// Events of one case.
pub const MAX_EVENTS: u32 = 500;

coded! {
    /// How far a case has come.
    Stage {
        /// 待派发
        Received = "received",
        /// 待核实
        Assigned = "assigned",
        /// Found out, and nothing to put right: the reply is next.
        Verified = "verified",
        /// 整改中
        Rectifying = "rectifying",
        /// Put right, says whoever did it: the reply is next.
        Rectified = "rectified",
        /// 已答复
        Replied = "replied",
        /// 已回访
        FollowedUp = "followed_up",
        /// 已复核
        Rechecked = "rechecked",
        /// 已办结
        Closed = "closed",
        /// The citizen changed their mind before anybody had begun.
        Withdrawn = "withdrawn",
    }
}

impl Stage {
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Closed | Self::Withdrawn)
    }
}

coded! {
    /// 核实: what was found out.
    Verdict {
        /// 情况属实
        Justified = "justified",
        /// The citizen's wish could not be met, and nobody did wrong.
        Explained = "explained",
        /// 误评
        Mistaken = "mistaken",
        /// 恶意差评
        Malicious = "malicious",
    }
}

impl Verdict {
    /// Not adopted (不予采纳): needs a second person, and the rating stays on record.
    pub const fn is_set_aside(self) -> bool {
        matches!(self, Self::Mistaken | Self::Malicious)
    }
}

coded! {
    /// 回访: what the citizen said.
    FollowUp {
        Accepted = "accepted",
        NotAccepted = "not_accepted",
        /// Nobody answered, or nobody can be called back.
        NotReached = "not_reached",
    }
}

coded! {
    /// 责任追究
    Grade {
        /// 提醒
        Reminder = "reminder",
        /// 约谈
        Talk = "talk",
        /// 通报批评
        Circular = "circular",
    }
}

coded! {
    /// Whom an overdue case was passed up to.
    Escalation {
        Supervisor = "hall_supervisor",
        Leader = "leader",
    }
}

coded! {
    /// What waits for a second person.
    Matter {
        Verdict = "verdict",
        Extension = "extension",
        Accountability = "accountability",
    }
}

/// Somebody a case is handed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub account: i64,
    pub name: String,
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    /// The centre itself.
    System,
    /// Whoever holds the receipt of the rating.
    Citizen,
    Person {
        account: i64,
        name: String,
        role: Role,
        staff_no: Option<StaffNo>,
    },
}

impl Actor {
    pub const fn account(&self) -> Option<i64> {
        match self {
            Self::Person { account, .. } => Some(*account),
            Self::System | Self::Citizen => None,
        }
    }
}

/// What somebody wants to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// The centre gives a case that came in its first deadline.
    Date,
    /// Hands it to somebody, or to somebody else.
    Assign {
        to: Person,
    },
    Verify {
        verdict: Verdict,
        note: String,
    },
    /// Says what was put right.
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
    /// 复核, by somebody else than who put it right.
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
    /// Asks for more working days for the present step.
    Extend {
        days: u16,
        reason: String,
    },
    /// Proposes a grade of accountability.
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
    /// 申诉 of the staff concerned.
    Appeal {
        text: String,
    },
    /// The verdict that an appeal is granted by; none: it is refused.
    Review {
        granted: Option<Verdict>,
        note: String,
    },
    /// Evidence in words.
    Note {
        text: String,
    },
    /// A picture or PDF, by its number among the evidence.
    Attach {
        evidence: i64,
        name: String,
    },
    /// The citizen changed their mind while the rating could still be changed.
    ChangeMind {
        negative: bool,
    },
    /// The citizen rates how it was put right.
    RateRectification {
        level: Satisfaction,
    },
    Escalate {
        to: Escalation,
    },
}

impl Action {
    /// As it stands in logs and interface: `verify`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Assign { .. } => "assign",
            Self::Verify { .. } => "verify",
            Self::Rectify { .. } => "rectify",
            Self::Reply { .. } => "reply",
            Self::FollowUp { .. } => "follow_up",
            Self::Recheck { .. } => "recheck",
            Self::Close { .. } => "close",
            Self::Reopen { .. } => "reopen",
            Self::Extend { .. } => "extend",
            Self::HoldAccountable { .. } => "hold_accountable",
            Self::Decide { .. } => "decide",
            Self::Appeal { .. } => "appeal",
            Self::Review { .. } => "review",
            Self::Note { .. } => "note",
            Self::Attach { .. } => "attach",
            Self::ChangeMind { .. } => "change_mind",
            Self::RateRectification { .. } => "rate_rectification",
            Self::Escalate { .. } => "escalate",
        }
    }

    /// What was written with it.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Verify { note, .. }
            | Self::Rectify { note }
            | Self::FollowUp { note, .. }
            | Self::Recheck { note, .. }
            | Self::Close { note }
            | Self::Decide { note, .. }
            | Self::Review { note, .. } => Some(note),
            Self::Reply { text } | Self::Appeal { text } | Self::Note { text } => Some(text),
            Self::Reopen { reason } | Self::Extend { reason, .. } | Self::HoldAccountable { reason, .. } => {
                Some(reason)
            }
            _ => None,
        }
    }
}

/// What happened: a line of a case's log. What was computed from calendar and limits of that day stands with it, so that
/// the log alone makes the case again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub at: WallMs,
    /// The civil day in the centre's zone.
    pub day: Date,
    pub actor: Actor,
    pub action: Action,
    /// Until when the next step is to be done; none: nothing is left to do.
    pub due: Option<Date>,
    /// False: a year whose holidays are not published yet lies before it.
    pub is_certain: bool,
    /// Until when the staff concerned may appeal; once they did, until when that is reviewed.
    pub appeal_due: Option<Date>,
}
