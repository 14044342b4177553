//! What happened: the only way anything reaches the plan.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::step::{RequestId, Span};
use crate::ledger::keys::{DeviceId, Hash, PublicKey};
use crate::protocol::{BatchAnswer, EnrolAnswer, HeartbeatAnswer};

/// What the plan knows of a restart: read from the journal and the configuration.
#[derive(Debug, Clone)]
pub struct Start {
    pub device: DeviceId,
    /// Oldest epoch first; the last one is being written. Never empty.
    pub ledgers: Vec<Known>,
    /// When the latest receipt was signed, by the centre's clock.
    pub receipt_ms: Option<i64>,
    /// The key that signs receipts; none: not enrolled.
    pub centre: Option<PublicKey>,
    pub phone_url: String,
    /// ETag of the board that is kept.
    pub board: Option<String>,
    pub memory: Memory,
    /// The one-time code that an administrator gave, if any.
    pub code: Option<String>,
    pub pace: Pace,
    /// Seeds the jitter.
    pub seed: u64,
}

/// How often, while the centre answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    pub heartbeat_ms: u64,
    /// Entries that follow each other within this time travel together.
    pub linger_ms: u64,
}

/// One epoch of the device's ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    pub epoch: u32,
    /// `seq` of the last entry.
    pub last_seq: u64,
    /// `seq` of the latest receipt; 0: none.
    pub held_seq: u64,
}

/// What survives a restart of the kiosk, besides ledger, receipts, enrolment and boards.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Memory {
    /// BLAKE3 of the code by which the device was taken in: a new code leads to a new enrolment, the old one does not.
    #[serde(default)]
    pub code: Option<Hash>,
    /// Where the centre found another history, by epoch.
    #[serde(default)]
    pub forked_at: BTreeMap<u32, u64>,
}

#[derive(Debug, Clone)]
pub enum Event {
    /// The ledger has grown to `seq`; a new epoch may have begun.
    Appended {
        epoch: u32,
        seq: u64,
    },
    /// An administrator gave a one-time code while the program runs.
    CodeGiven(String),
    /// A person wants it now: waits are cut short.
    SyncAsked,
    /// The time of `Step::WakeAt` has come.
    Woke,
    /// An answer came; `round_trip_ms` after the request left.
    Answered {
        request: RequestId,
        answer: Answer,
        round_trip_ms: u64,
    },
    Failed {
        request: RequestId,
        failure: Failure,
    },
    /// The board that was fetched is kept and shown; these photos of it are to be looked at.
    BoardHeld {
        etag: String,
        photos: Vec<String>,
    },
    /// It is not fit to be shown; the last good one stays.
    BoardRefused {
        etag: String,
        why: String,
    },
    /// There is nothing (more) from there on: the batch was not sent.
    NothingToSend {
        request: RequestId,
    },
}

/// What the centre answered, read and bounded.
#[derive(Debug, Clone)]
pub enum Answer {
    Enrolled(EnrolAnswer),
    Batch {
        sent: Span,
        answer: BatchAnswer,
        place: Place,
    },
    Heartbeat {
        answer: HeartbeatAnswer,
        place: Place,
    },
    /// The board, still to be checked and kept by the edge, which reports `BoardHeld` or `BoardRefused`.
    Board {
        etag: String,
    },
    BoardUnchanged,
    /// The photo is kept, or was the right one already.
    Photo,
}

/// Where a receipt stands in the device's own ledger; looked up by the edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The same hash stands there.
    Ours,
    /// Another hash stands there.
    Other,
    /// The ledger ends before.
    Ahead,
    /// What stood there is pruned.
    Pruned,
}

/// Why there is no answer that helps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// No connection, no answer in time, or cut in the middle: nobody knows whether it arrived.
    Unreachable(String),
    /// The centre is there and cannot now (429, 5xx).
    Busy { retry_after_ms: Option<u64>, status: u16 },
    /// The centre understood and says no (other 4xx).
    Refused { status: u16, code: String, message: String },
    /// What came is not what the protocol says, or too large.
    Unreadable(String),
    /// The device itself could not read what it wanted to send, or keep what it got.
    Local(String),
}

impl Failure {
    /// True if the same request may succeed later without anybody's help.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::Busy { .. })
    }

    /// True if a smaller request may fare better.
    pub fn wants_less(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Busy { .. } => true,
            Self::Refused { status, .. } => *status == 413,
            Self::Unreadable(_) | Self::Local(_) => false,
        }
    }
}
