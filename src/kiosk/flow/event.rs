//! What happened: the only way anything reaches the flow.

use std::sync::Arc;

use crate::domain::board::Board;
use crate::domain::id::{CaseNo, ItemCode, TagCode};
use crate::domain::rating::Satisfaction;
use crate::domain::visit::PauseReason;
use crate::ledger::keys::Hash;
use crate::ledger::standing::Standing;

/// Names one call of the local interface, to answer it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CallId(pub u64);

#[derive(Debug, Clone)]
pub enum Event {
    // From the citizen's finger.
    /// A face was pressed. `tap` is random and fresh, `x` and `y` are physical pixels.
    FaceTapped {
        level: Satisfaction,
        tap: u64,
        x: u16,
        y: u16,
    },
    ReasonToggled(TagCode),
    /// The chosen reasons are to be kept, or none if none are chosen.
    ReasonsSent,
    ReasonsSkipped,
    /// "Change my rating", offered on reasons and thanks within the grace time.
    RevisionAsked,
    ThanksLeft,
    LanguageToggled,
    SeniorToggled,
    /// Any touch that is nothing else; extends a running time-out.
    Touched,

    // From staff.
    StaffPanelAsked,
    StaffNoDigit(char),
    PinDigit(char),
    DigitErased,
    /// The number on the pad is complete: the staff number, then the PIN.
    DigitsEntered,
    PauseChosen(PauseReason),
    /// Back from a pause.
    ResumeChosen,
    SignOutChosen,
    /// Sign the present colleague out and ask the next one in.
    HandOverChosen,
    /// Ask the citizen for the rating of the visit on the card.
    InviteChosen,
    PanelLeft,

    // From maintenance.
    MaintenanceAsked,
    SyncChosen,
    /// Draw black and take no touch for a while, so that the glass can be wiped.
    CleaningChosen,
    /// Leave the program: only from an open maintenance panel.
    QuitChosen,

    // From the local interface.
    InviteCame {
        call: CallId,
        case_no: Option<CaseNo>,
        item: Option<ItemCode>,
    },
    CancelCame {
        call: CallId,
    },
    EndCame {
        call: CallId,
    },

    // From the edge.
    /// A secret was checked; `lockout_ms` is how long the next try must wait.
    SecretChecked {
        granted: bool,
        lockout_ms: u64,
    },
    /// The effect `Save` with this number is durable; `hash` and `seq` of its last entry.
    Saved {
        save: u64,
        seq: u64,
        hash: Hash,
    },
    /// It is not; `code` is for the trouble screen and stands in the log.
    SaveFailed {
        save: u64,
        code: String,
    },
    /// Where the ledger stands: at the start, and after `Effect::ReadLedger`.
    LedgerRead {
        standing: Standing,
        /// `seq` and hash of the last entry.
        head: (u64, Hash),
    },
    /// It cannot be read.
    LedgerFailed {
        code: String,
    },
    BoardCame(Arc<Board>),
    SyncReported(SyncStatus),
    DeviceReported(DeviceStatus),
    /// A QR code's address for the visit on the screen.
    TicketMade {
        visit: u64,
        url: String,
    },
    /// A time the flow had asked for has come.
    Woke,
}

/// Where synchronisation stands; shown in the maintenance panel and as a quiet sign on the header.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SyncStatus {
    /// False: no centre is configured.
    pub configured: bool,
    pub enrolled: bool,
    pub online: bool,
    /// Entries that no receipt covers yet.
    pub unsynced: u64,
    /// Wall clock of the last receipt, milliseconds since 1970.
    pub last_receipt_ms: Option<i64>,
    /// What went wrong last, for maintenance staff.
    pub trouble: Option<String>,
    pub forked: bool,
}

/// What the maintenance panel shows of the device.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeviceStatus {
    pub version: String,
    pub device: String,
    pub epoch: u32,
    pub head_seq: u64,
    pub free_disk_mb: u64,
    pub clock_grade: String,
    pub board: String,
}
