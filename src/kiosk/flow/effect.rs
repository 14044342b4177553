//! What is to be done: the wiring in `kiosk/runtime` carries it out at the edge and reports back by an event.

use super::event::CallId;
use crate::domain::id::StaffNo;
use crate::domain::visit::VisitOutcome;
use crate::ledger::entry::Body;

#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Append these bodies in one commit, then report `Saved` or `SaveFailed` with the number.
    /// A body that refers to a visit opened in the same save uses [`NEW_VISIT`], which the journal replaces.
    Save {
        save: u64,
        bodies: Vec<Body>,
    },
    /// Compare with the board's hash (staff) or the kiosk's (maintenance), throttled; report `SecretChecked`.
    CheckStaffPin {
        staff_no: StaffNo,
        pin: String,
    },
    CheckAdminPin {
        pin: String,
    },
    /// Open or reopen the ledger and report `LedgerRead` or `LedgerFailed`: at the start, and after a failed save, whose
    /// outcome may be uncertain.
    ReadLedger,
    /// Make a ticket for the visit, `rated` or not yet, and report `TicketMade`.
    MakeTicket {
        visit: u64,
        rated: bool,
    },
    /// Wake the flow at this monotonic time; an earlier wish is replaced.
    WakeAt {
        mono_ms: u64,
    },
    PlayChime,
    AnswerCall {
        call: CallId,
        answer: CallAnswer,
    },
    /// Synchronise now.
    Sync,
    Quit,
}

pub use crate::ledger::entry::NEW_VISIT;

/// What the local interface answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallAnswer {
    /// The visit that the call opened, or changed.
    Visit(u64),
    Closed {
        visit: u64,
        outcome: VisitOutcome,
    },
    /// Nobody is on duty, or another visit is being rated.
    Refused(&'static str),
}
