//! Why an action is refused. Each reason has a code and a sentence; there is no refusal without one.

use super::act::{MAX_EVENTS, NOTE_CHARS};
use crate::domain::text::TextFault;

/// Nothing happened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the case is not at the stage for this")]
    NotNow,
    #[error("the role may not do this")]
    Role,
    #[error("somebody else handles this case")]
    NotHandler,
    #[error("nobody acts on a case about themselves")]
    Concerned,
    #[error("this needs a second person: not the one who proposed, verified or did it")]
    SamePerson,
    #[error("nothing of this kind waits for a decision")]
    NothingPending,
    #[error("something of this kind waits for a decision already")]
    AlreadyPending,
    #[error("something waits for a second person: a verdict or an appeal")]
    DecisionPending,
    #[error("the time for this is over")]
    TooLate,
    #[error("the staff concerned may still appeal, or an appeal is not reviewed yet")]
    NotReviewed,
    #[error("only a verdict that found the citizen right can be appealed, or lead to accountability")]
    NotJustified,
    #[error("this case is not about you")]
    NotYours,
    #[error("this verdict was appealed before")]
    AlreadyAppealed,
    #[error("an appeal is granted by another verdict than the one that was appealed")]
    SameVerdict,
    #[error("this step cannot be extended again")]
    Extended,
    #[error("an extension is 1 to {max} working days")]
    Days { max: u16 },
    #[error("the case names no staff")]
    NobodyConcerned,
    #[error("accountability was decided before")]
    AlreadyAccountable,
    #[error("the citizen has rated this before")]
    AlreadyRated,
    #[error("no citizen stands behind this case")]
    NoCitizen,
    #[error("the case is not overdue so far")]
    NotOverdue,
    #[error("this changes nothing")]
    NothingNew,
    #[error("the text {0}; at most {NOTE_CHARS} characters")]
    Text(TextFault),
    #[error("a case has at most {MAX_EVENTS} events")]
    Full,
}

impl Refused {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotNow => "not_now",
            Self::Role => "role",
            Self::NotHandler => "not_handler",
            Self::Concerned => "concerned",
            Self::SamePerson => "same_person",
            Self::NothingPending => "nothing_pending",
            Self::AlreadyPending => "already_pending",
            Self::DecisionPending => "decision_pending",
            Self::TooLate => "too_late",
            Self::NotReviewed => "not_reviewed",
            Self::NotJustified => "not_justified",
            Self::NotYours => "not_yours",
            Self::AlreadyAppealed => "already_appealed",
            Self::SameVerdict => "same_verdict",
            Self::Extended => "extended",
            Self::Days { .. } => "days",
            Self::NobodyConcerned => "nobody_concerned",
            Self::AlreadyAccountable => "already_accountable",
            Self::AlreadyRated => "already_rated",
            Self::NoCitizen => "no_citizen",
            Self::NotOverdue => "not_overdue",
            Self::NothingNew => "nothing_new",
            Self::Text(_) => "text",
            Self::Full => "full",
        }
    }
}
