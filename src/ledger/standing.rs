//! Where the ledger stands: the open visit and who is on duty. Derived from entries, kept beside them in the same commit,
//! and the last line of defence for "one visit, one rating". Pure.

use serde::{Deserialize, Serialize};

use super::entry::{Body, NEW_VISIT, VisitSeq};
use crate::domain::id::StaffNo;
use crate::domain::rating::Satisfaction;
use crate::domain::visit::{DutyState, PauseReason, VisitTrigger};

/// What a restart must know of the time before it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Standing {
    pub visit: Option<OpenVisit>,
    pub duty: Duty,
}

/// A visit that was opened and not closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenVisit {
    pub seq: VisitSeq,
    /// Staff or the business system asked for the rating: ending without one is no response, else nobody came.
    pub invited: bool,
    pub rated: Option<LastRating>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastRating {
    pub level: Satisfaction,
    pub tap: u64,
    /// The entry that holds it.
    pub seq: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    pub state: DutyState,
    pub staff: Option<StaffNo>,
    pub reason: Option<PauseReason>,
}

impl Default for Duty {
    fn default() -> Self {
        Self { state: DutyState::Off, staff: None, reason: None }
    }
}

/// A body that does not fit what stands in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrderFault {
    #[error("the entry refers to visit {named}, and {open:?} is open")]
    NotOpen { named: VisitSeq, open: Option<VisitSeq> },
    #[error("visit {0} is rated already")]
    RatedBefore(VisitSeq),
    #[error("visit {0} has no rating that could be revised or explained")]
    NotRated(VisitSeq),
    /// The same tap is never committed twice.
    #[error("this tap is stored already")]
    TapStored,
    #[error("visit {0} is still open")]
    StillOpen(VisitSeq),
}

impl Standing {
    /// Takes the entry `seq` with `body` into account; [`NEW_VISIT`] in it becomes the open visit.
    ///
    /// # Errors
    /// [`OrderFault`]; nothing has changed then.
    pub fn apply(&mut self, seq: u64, body: &mut Body) -> Result<(), OrderFault> {
        if let Some(named) = visit_of(body) {
            let open = self.visit.as_ref().map(|v| v.seq);
            match open {
                Some(open) if *named == NEW_VISIT => *named = open,
                Some(open) if *named == open => {}
                open => return Err(OrderFault::NotOpen { named: *named, open }),
            }
        }
        match body {
            Body::Duty { state, staff, reason } => {
                self.duty = Duty { state: *state, staff: staff.clone(), reason: *reason };
            }
            Body::VisitOpened(opened) => {
                if let Some(open) = &self.visit {
                    return Err(OrderFault::StillOpen(open.seq));
                }
                let invited = opened.trigger != VisitTrigger::Card;
                self.visit = Some(OpenVisit { seq, invited, rated: None });
            }
            Body::VisitClosed { .. } => self.visit = None,
            Body::Invited { .. } => {
                if let Some(visit) = &mut self.visit {
                    visit.invited = true;
                }
            }
            Body::Rated(rated) | Body::Revised(rated) => {
                let rating = LastRating { level: rated.level, tap: rated.tap, seq };
                let first = matches!(body, Body::Rated(_));
                self.rate(rating, first)?;
            }
            Body::Explained(explained) if self.visit.as_ref().is_none_or(|v| v.rated.is_none()) => {
                return Err(OrderFault::NotRated(explained.visit));
            }
            _ => {}
        }
        Ok(())
    }

    fn rate(&mut self, rating: LastRating, first: bool) -> Result<(), OrderFault> {
        let Some(visit) = &mut self.visit else { return Ok(()) };
        if visit.rated.as_ref().is_some_and(|r| r.tap == rating.tap) {
            return Err(OrderFault::TapStored);
        }
        match (first, visit.rated.is_some()) {
            (true, true) => Err(OrderFault::RatedBefore(visit.seq)),
            (false, false) => Err(OrderFault::NotRated(visit.seq)),
            _ => {
                visit.rated = Some(rating);
                Ok(())
            }
        }
    }
}

/// The visit that a body refers to.
pub fn visit_of(body: &mut Body) -> Option<&mut VisitSeq> {
    match body {
        Body::Invited { visit, .. } | Body::VisitClosed { visit, .. } => Some(visit),
        Body::Rated(rated) | Body::Revised(rated) => Some(&mut rated.visit),
        Body::Explained(explained) => Some(&mut explained.visit),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::board::BoardVersion;
    use crate::domain::id::WindowId;
    use crate::domain::rating::Signals;
    use crate::domain::visit::VisitOutcome;
    use crate::ledger::entry::{Rated, VisitOpened};

    fn opened() -> Body {
        Body::VisitOpened(VisitOpened {
            window: WindowId::new("W01").unwrap(),
            staff: None,
            trigger: VisitTrigger::Card,
            item: None,
            case_no: None,
            board: BoardVersion("b".into()),
            pledges: vec![],
        })
    }

    fn rated(visit: u64, tap: u64) -> Rated {
        Rated { visit, tap, level: Satisfaction::Satisfied, dwell_ms: 900, x: 1, y: 2, signals: Signals::NONE }
    }

    #[test]
    fn a_visit_takes_one_rating_and_any_number_of_changed_minds() {
        let mut standing = Standing::default();
        standing.apply(7, &mut opened()).unwrap();
        assert_eq!(standing.apply(8, &mut Body::Revised(rated(7, 1))), Err(OrderFault::NotRated(7)));
        let mut body = Body::Rated(rated(NEW_VISIT, 1));
        standing.apply(8, &mut body).unwrap();
        assert_eq!(body, Body::Rated(rated(7, 1)));
        assert_eq!(standing.apply(9, &mut Body::Rated(rated(7, 2))), Err(OrderFault::RatedBefore(7)));
        assert_eq!(standing.apply(9, &mut Body::Revised(rated(7, 1))), Err(OrderFault::TapStored));
        standing.apply(9, &mut Body::Revised(rated(7, 3))).unwrap();
        standing.apply(10, &mut Body::Revised(rated(7, 4))).unwrap();
        assert_eq!(standing.visit.unwrap().rated.unwrap().tap, 4);
    }

    #[test]
    fn what_names_a_visit_that_is_not_open_is_refused_and_changes_nothing() {
        let mut standing = Standing::default();
        let none = OrderFault::NotOpen { named: 3, open: None };
        assert_eq!(standing.apply(9, &mut Body::Rated(rated(3, 1))), Err(none));
        standing.apply(7, &mut opened()).unwrap();
        let before = standing.clone();
        assert_eq!(standing.apply(9, &mut opened()), Err(OrderFault::StillOpen(7)));
        let mut closed = Body::VisitClosed { visit: 3, outcome: VisitOutcome::Unused };
        assert_eq!(standing.apply(9, &mut closed), Err(OrderFault::NotOpen { named: 3, open: Some(7) }));
        assert_eq!(standing, before);
    }
}
