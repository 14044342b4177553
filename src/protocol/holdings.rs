//! What the centre holds of ledgers, as an auditor fetches it to check it without believing the centre.
//!
//! | request | answer |
//! |---|---|
//! | `GET /api/v1/ledgers?after=ID` | [`LedgerPage`] |
//! | `GET /api/v1/ledgers/{device}/{epoch}/runs?after=SEQ` | [`RunPage`] |
//! | `GET /api/v1/ledgers/{device}/{epoch}/forks?after=ID` | [`ForkPage`] |
//!
//! Pages are bounded; `next` names where the following one begins. Entries come as the canonical bytes that the kiosk
//! wrote, so that whoever fetches them can hash them again.

use serde::{Deserialize, Serialize};

use super::Receipt;
use crate::domain::explanation::{EpochReason, ForkVerdict};
use crate::domain::id::{HallId, KioskId, WindowId};
use crate::ledger::keys::{DeviceId, Hash, PublicKey, Signature};

/// Ledgers of one page.
pub const MAX_PAGE_LEDGERS: u32 = 200;
/// Entries of one page of runs, but for a single run that is longer.
pub const MAX_PAGE_ENTRIES: usize = 4_000;
/// Bytes of the entries of one page, but for a single run that is longer.
pub const MAX_PAGE_BYTES: usize = 1024 * 1024;
/// Forked runs of one page.
pub const MAX_PAGE_FORKS: u32 = 10;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
pub struct LedgerPage {
    /// Signs receipts.
    pub centre_key: PublicKey,
    pub ledgers: Vec<HeldLedger>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<i64>,
}

/// One `(device, epoch)`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
pub struct HeldLedger {
    pub id: i64,
    pub device: DeviceId,
    /// Absent: the centre has lost it, and nothing can be checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_key: Option<PublicKey>,
    pub epoch: u32,
    pub kiosk: KioskId,
    pub window: WindowId,
    pub hall: HallId,
    pub opened_ms: i64,
    /// Signed now, for what is held now.
    pub receipt: Receipt,
    /// The farthest place that a ticket or heartbeat showed and that has not come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witnessed_seq: Option<u64>,
    /// Runs of other histories that are kept.
    pub forked_runs: u64,
    /// What a person said of the epoch's end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explained: Option<EpochReason>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
pub struct RunPage {
    pub runs: Vec<HeldRun>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// Entries that came together; the device's signature of the last one authenticates all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
pub struct HeldRun {
    pub first_seq: u64,
    pub last_seq: u64,
    pub prev: Hash,
    pub head: Hash,
    pub signature: Signature,
    pub received_ms: i64,
    /// Canonical bytes of each entry.
    pub entries: Vec<String>,
    /// Why the centre cannot read its own row; there are no entries then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub damage: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
pub struct ForkPage {
    pub forks: Vec<HeldFork>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<i64>,
}

/// A run of another history, kept beside the held one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
pub struct HeldFork {
    pub id: i64,
    /// The first place at which it differs.
    pub at_seq: u64,
    pub run: HeldRun,
    /// What a person decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<ForkVerdict>,
}
