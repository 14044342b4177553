//! One entry of the ledger: when, in which order, and what happened.

use serde::{Deserialize, Serialize};

use super::keys::{DeviceId, Hash, PublicKey, SealKey};
use crate::domain::board::BoardVersion;
use crate::domain::id::{CaseNo, ItemCode, KioskId, PledgeId, StaffNo, TagCode, WindowId};
use crate::domain::rating::{Satisfaction, Signals, coded};
use crate::domain::time::ClockGrade;
use crate::domain::visit::{DutyState, PauseReason, VisitOutcome, VisitTrigger};

/// The version of the entry format.
pub const ENTRY_VERSION: u8 = 1;
/// An entry's canonical bytes are at most this long.
pub const MAX_ENTRY_BYTES: usize = 8 * 1024;
/// Reasons of one rating.
pub const MAX_REASONS: usize = 12;
/// Pledge versions named by one visit.
pub const MAX_PLEDGES: usize = 32;

/// A visit is named by the `seq` of the entry that opened it, within its device and epoch.
pub type VisitSeq = u64;

/// Stands in a body, on its way to the journal, for the visit that the same save opens; never in a stored entry.
pub const NEW_VISIT: VisitSeq = 0;

/// What stands in the ledger at `(device, epoch, seq)`. Device and epoch are bound by the chain's start, not repeated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub v: u8,
    /// 1 for the genesis, then contiguous.
    pub seq: u64,
    /// How many times the device had started, from 1.
    pub boot: u32,
    /// Milliseconds of the boot's monotonic clock.
    pub mono_ms: u64,
    /// Milliseconds since 1970: in grade A the centre's clock carried on by the monotonic one, else the device's own.
    pub wall_ms: i64,
    pub clock: ClockGrade,
    pub body: Body,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Body {
    Genesis(Genesis),
    /// The program started.
    Boot {
        version: String,
    },
    Heartbeat {
        free_disk_mb: u64,
        unsynced: u64,
    },
    /// The centre's clock, seen over the network.
    ClockAnchor {
        centre_ms: i64,
        round_trip_ms: u32,
    },
    /// The centre took this device in.
    Enrolled(Enrolled),
    Duty {
        state: DutyState,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        staff: Option<StaffNo>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<PauseReason>,
    },
    VisitOpened(VisitOpened),
    /// Somebody asked for the rating of an open visit.
    Invited {
        visit: VisitSeq,
        trigger: VisitTrigger,
        /// Named by the asker when the visit was already open on the card.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item: Option<ItemCode>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        case_no: Option<CaseNo>,
    },
    Rated(Rated),
    /// Reasons for the rating of a visit, in place of earlier ones of the visit, and the commitment to sealed words.
    Explained(Explained),
    /// The citizen changed their mind within the grace time.
    Revised(Rated),
    VisitClosed {
        visit: VisitSeq,
        outcome: VisitOutcome,
    },
    PanelUsed {
        panel: Panel,
        granted: bool,
    },
    /// The centre's receipt for all up to `seq`.
    ReceiptHeld {
        seq: u64,
        hash: Hash,
    },
}

/// The first entry of an epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Genesis {
    pub device: DeviceId,
    pub epoch: u32,
    pub public_key: PublicKey,
    pub kiosk: KioskId,
    pub window: WindowId,
    /// The last known head of the ledger that this one follows: the same device's earlier epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<Head>,
}

/// A place in a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Head {
    pub device: DeviceId,
    pub epoch: u32,
    pub seq: u64,
    pub hash: Hash,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolled {
    pub kiosk: KioskId,
    pub window: WindowId,
    /// The key that signs receipts.
    pub centre_key: PublicKey,
    /// The key that words are sealed to.
    pub seal_key: SealKey,
    /// The ledger that this kiosk had at the centre before, if another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<Head>,
}

/// Who served, where and under which promises; all later entries of the visit refer to it by its `seq`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitOpened {
    pub window: WindowId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff: Option<StaffNo>,
    pub trigger: VisitTrigger,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemCode>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_no: Option<CaseNo>,
    /// The board that was on the screen.
    pub board: BoardVersion,
    /// Each pledge on the screen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pledges: Vec<PledgeShown>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PledgeShown {
    pub id: PledgeId,
    pub version: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rated {
    pub visit: VisitSeq,
    /// Random, made when the finger lifted: the same tap is never committed twice.
    pub tap: u64,
    pub level: Satisfaction,
    /// Milliseconds from the screen's appearance to the tap.
    pub dwell_ms: u32,
    /// Position of the tap in physical pixels.
    pub x: u16,
    pub y: u16,
    #[serde(default, skip_serializing_if = "Signals::is_empty")]
    pub signals: Signals,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explained {
    pub visit: VisitSeq,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<ReasonChosen>,
    /// BLAKE3 of the sealed words, which stand beside the chain so that they can be erased by law.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<Hash>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonChosen {
    pub tag: TagCode,
    pub version: u32,
}

coded! {
    /// Panels behind the citizen's screens.
    Panel {
        Staff = "staff",
        Maintenance = "maintenance",
    }
}

/// An entry that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryFault {
    #[error("{0} bytes, at most {MAX_ENTRY_BYTES} are allowed")]
    TooLong(usize),
    #[error("not an entry of version {ENTRY_VERSION}: {0}")]
    Malformed(String),
    #[error("{what} has {found} members, at most {max} are allowed")]
    TooMany { what: &'static str, found: usize, max: usize },
    #[error("entry version {0} is not one that this program reads")]
    Version(u8),
}

impl Entry {
    /// The canonical bytes: compact JSON in declaration order, without a line feed.
    ///
    /// # Errors
    /// [`EntryFault`] when the entry breaks a bound.
    pub fn to_bytes(&self) -> Result<Vec<u8>, EntryFault> {
        self.check()?;
        let bytes = serde_json::to_vec(self).map_err(|e| EntryFault::Malformed(e.to_string()))?;
        if bytes.len() > MAX_ENTRY_BYTES {
            return Err(EntryFault::TooLong(bytes.len()));
        }
        Ok(bytes)
    }

    /// Parses canonical bytes under bounds.
    ///
    /// # Errors
    /// [`EntryFault`] names the first thing that is wrong.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EntryFault> {
        if bytes.len() > MAX_ENTRY_BYTES {
            return Err(EntryFault::TooLong(bytes.len()));
        }
        let entry: Self = serde_json::from_slice(bytes).map_err(|e| EntryFault::Malformed(e.to_string()))?;
        entry.check()?;
        Ok(entry)
    }

    fn check(&self) -> Result<(), EntryFault> {
        if self.v != ENTRY_VERSION {
            return Err(EntryFault::Version(self.v));
        }
        match &self.body {
            Body::Explained(e) => at_most("reasons", e.reasons.len(), MAX_REASONS),
            Body::VisitOpened(v) => at_most("pledges", v.pledges.len(), MAX_PLEDGES),
            _ => Ok(()),
        }
    }
}

fn at_most(what: &'static str, found: usize, max: usize) -> Result<(), EntryFault> {
    if found > max { Err(EntryFault::TooMany { what, found, max }) } else { Ok(()) }
}
