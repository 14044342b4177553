//! What is to be done: the courier carries it out at the edge, in order.

use super::event::Memory;
use crate::kiosk::flow::event::SyncStatus;
use crate::protocol::{EnrolAnswer, Receipt};

/// Names one request, so that a late answer to an abandoned one is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestId(pub u64);

#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// At most one is under way; answered by `Answered` or `Failed` with the same id.
    Send { id: RequestId, request: Request },
    /// Wake the plan at this monotonic time; an earlier wish is replaced.
    WakeAt { mono_ms: u64 },
    /// Keep it with the journal.
    HoldReceipt(Receipt),
    /// The centre's clock was seen; the journal decides whether the ledger notes it.
    AnchorClock { centre_ms: i64, round_trip_ms: u32 },
    /// Keep it over restarts.
    Remember(Memory),
    /// The centre took the device in: the ledger and the tickets need to know.
    TakeEnrolment(Box<EnrolAnswer>),
    /// What phones open has changed.
    HoldPhoneUrl(String),
    /// Show it.
    Report(SyncStatus),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    Enrol {
        code: String,
    },
    /// Entries from `from_seq` on, or from the first that is not pruned; at most so many and so large; at least one.
    Batch {
        epoch: u32,
        from_seq: u64,
        max_entries: usize,
        max_bytes: usize,
    },
    Heartbeat {
        unsynced: u64,
        board: Option<String>,
    },
    /// Unless it is still the one with this ETag.
    Board {
        held: Option<String>,
    },
    Photo {
        name: String,
    },
}

/// What a batch held: entries `first..=last` of an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub epoch: u32,
    pub first: u64,
    pub last: u64,
}
