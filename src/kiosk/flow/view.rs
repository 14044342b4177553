//! What is to be drawn: the wall between the flow and the screens. Plain values; screens read nothing else.

use std::sync::Arc;

use super::event::{DeviceStatus, SyncStatus};
use crate::domain::board::{
    Bilingual, Board, Honour, Notice, Pledge, ReasonTag, ServiceItem, ServiceWindow, StaffCard,
};
use crate::domain::id::TagCode;
use crate::domain::rating::Satisfaction;
use crate::domain::visit::PauseReason;
use crate::words::Language;

#[derive(Debug, Clone, PartialEq)]
pub struct View {
    pub screen: Screen,
    /// Grows with every change of `screen`'s kind: what was pressed before never lands after.
    pub generation: u64,
    pub language: Language,
    pub senior: bool,
    pub hall: Hall,
    pub sync: SyncStatus,
    /// `HH:MM` in the hall's time zone, none while the clock is not to be believed.
    pub clock: Option<String>,
}

/// What the header and every screen know of the hall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hall {
    pub name_zh: String,
    pub name_en: Option<String>,
    pub hotline: String,
    pub best_first: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Screen {
    Standby(Standby),
    /// Also 请评价, when `prompted`.
    Card(Card),
    /// The tap is being committed: the pressed face shows it, nothing else changes and nothing can be pressed.
    Saving {
        card: Card,
        level: Satisfaction,
    },
    Reasons(Reasons),
    Thanks(Thanks),
    Paused {
        window: Arc<ServiceWindow>,
        reason: PauseReason,
        staff: Option<Arc<StaffCard>>,
    },
    StaffPanel(StaffPanel),
    Maintenance(Maintenance),
    /// 抱歉: the rating was not recorded; nothing is claimed that did not happen.
    Trouble {
        code: String,
        hotline: String,
    },
    /// Black, until `seconds_left` are over: the glass is being wiped.
    Cleaning {
        seconds_left: u32,
    },
}

/// No one on duty.
#[derive(Debug, Clone, PartialEq)]
pub struct Standby {
    pub window: Arc<ServiceWindow>,
    pub notices: Vec<Notice>,
    /// Whose honours: window name or person's name, with the honour.
    pub honours: Vec<(Bilingual, Honour)>,
    /// The window's results as the centre publishes them, later; empty until then.
    pub results: Vec<(String, String)>,
    /// `seq` and the first hash digits of the ledger: the idle counter that witnesses it.
    pub witness: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    pub window: Arc<ServiceWindow>,
    pub staff: Arc<StaffCard>,
    /// Valid today, the person's before the window's.
    pub honours: Vec<Honour>,
    pub pledges: Vec<Pledge>,
    pub item: Option<Arc<ServiceItem>>,
    pub case_no: Option<String>,
    /// True: somebody asked for the rating (请评价).
    pub prompted: bool,
    /// Seconds until an invitation ends as no response; only when prompted.
    pub seconds_left: Option<u32>,
    /// Address in the QR code; none without a centre.
    pub qr: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Reasons {
    pub level: Satisfaction,
    pub tags: Vec<ReasonTag>,
    pub chosen: Vec<TagCode>,
    pub seconds_left: u32,
    /// The grace time still runs: "change my rating" is offered.
    pub may_revise: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Thanks {
    /// `XXXXX-XXXXX`
    pub receipt_code: String,
    pub qr: Option<String>,
    pub seconds_left: u32,
    pub may_revise: bool,
}

/// Sign-in, or the choices of whoever is signed in.
#[derive(Debug, Clone, PartialEq)]
pub enum StaffPanel {
    /// `digits` of the staff number so far.
    AskStaffNo {
        digits: String,
        problem: Option<PadProblem>,
    },
    /// `entered` digits of the PIN so far, never the digits themselves.
    AskPin {
        staff_no: String,
        entered: usize,
        checking: bool,
        problem: Option<PadProblem>,
    },
    Choices {
        staff: Arc<StaffCard>,
        paused: Option<PauseReason>,
        may_invite: bool,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub enum Maintenance {
    AskPin { entered: usize, checking: bool, problem: Option<PadProblem> },
    Open { sync: SyncStatus, device: DeviceStatus },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PadProblem {
    /// Not known, or not for this window, or the PIN is wrong: not told apart.
    Refused,
    /// Try again after so many seconds.
    Wait { seconds: u64 },
}

/// Makes the hall part of a view from a board.
impl From<&Board> for Hall {
    fn from(board: &Board) -> Self {
        Self {
            name_zh: board.hall.name.zh.clone(),
            name_en: board.hall.name.en.clone(),
            hotline: board.hall.hotline.clone(),
            best_first: board.hall.best_first,
        }
    }
}
