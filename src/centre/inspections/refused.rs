//! Why something about inspections is refused.

use super::acts::{MAX_INSPECTORS, MAX_ORDER_DAYS};
use crate::domain::inspection::StepRefused;
use crate::domain::inspection::checklist::TITLE_CHARS;
use crate::domain::inspection::visit::{MAX_PICTURES, ReportFault};
use crate::domain::text::TextFault;

/// Why an act is refused; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("there is no such thing")]
    NotFound,
    #[error(transparent)]
    Step(StepRefused),
    #[error("{}", .0.first().map_or_else(String::new, ToString::to_string))]
    Plan(Vec<PlanFault>),
    #[error("{}", .0.first().map_or_else(String::new, ToString::to_string))]
    Report(Vec<ReportFault>),
    #[error("the window, the person or the pledge is not on the hall's board")]
    NotOnBoard,
    /// The id of a submission was used for something else.
    #[error("something else was handed in under this id")]
    Conflict,
    #[error("at most {MAX_PICTURES} pictures a visit")]
    TooManyPictures,
    #[error("the text {0}")]
    Text(TextFault),
    #[error("1 to {MAX_ORDER_DAYS} working days")]
    Days,
    #[error("an order was given already")]
    AlreadyOrdered,
    #[error("there are too many already")]
    Full,
    #[error("no randomness from the operating system: {0}")]
    Random(getrandom::Error),
    #[error(transparent)]
    Store(#[from] rusqlite::Error),
}

impl From<StepRefused> for Refused {
    fn from(refused: StepRefused) -> Self {
        match refused {
            StepRefused::Unseen => Self::NotFound,
            other => Self::Step(other),
        }
    }
}

/// What is wrong with a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlanFault {
    #[error("the title: 1 to {TITLE_CHARS} characters on one line")]
    Title,
    #[error("the period ends before it begins, lies in the past, or is too long")]
    Period,
    #[error("a hall or window that is not there")]
    Places,
    #[error("1 to {MAX_INSPECTORS} inspectors who may inspect and reach every hall of the plan")]
    Inspectors,
    #[error("there is no such list")]
    Checklist,
}
