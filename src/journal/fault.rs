//! Why the journal did not do what it was asked, and the codes that people see of it.

use super::MAX_SAVE_BODIES;
use crate::db::DbFault;
use crate::ledger::entry::EntryFault;
use crate::ledger::standing::OrderFault;

/// Why the journal did not do it.
#[derive(Debug, thiserror::Error)]
pub enum JournalFault {
    #[error("nothing was stored, the ledger is as it was: {0}")]
    NotStored(#[source] rusqlite::Error),
    #[error("whether it was stored cannot be told until the ledger can be read again: {0}")]
    Uncertain(#[source] rusqlite::Error),
    #[error("the ledger cannot be read: {0}")]
    Read(#[from] rusqlite::Error),
    #[error("refused, nothing was stored: {0}")]
    Order(#[from] OrderFault),
    #[error("refused, nothing was stored: {0}")]
    Entry(#[from] EntryFault),
    #[error("refused, nothing was stored: {0} entries in one save, at most {MAX_SAVE_BODIES} are allowed")]
    TooMany(usize),
    #[error("the ledger's end does not verify: {0}")]
    Damaged(String),
    #[error("the ledger belongs to another device key")]
    OtherDevice,
    #[error("entry {wanted} of epoch {epoch} is no longer here; the first that is: {first}")]
    Pruned { epoch: u32, wanted: u64, first: u64 },
    #[error(transparent)]
    Open(#[from] DbFault),
}

impl JournalFault {
    /// What the trouble screen shows; the same code stands in the log.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotStored(e) | Self::Uncertain(e) | Self::Read(e) => match e.sqlite_error_code() {
                Some(rusqlite::ErrorCode::DiskFull) => "L-FULL",
                Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => "L-BUSY",
                Some(rusqlite::ErrorCode::ReadOnly) => "L-RO",
                Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => "L-DAMAGED",
                _ => "L-IO",
            },
            Self::Order(_) | Self::Entry(_) | Self::TooMany(_) => "L-ORDER",
            Self::Damaged(_) => "L-DAMAGED",
            Self::OtherDevice => "L-KEY",
            Self::Pruned { .. } => "L-PRUNED",
            Self::Open(_) => "L-OPEN",
        }
    }

    /// True if the file itself is broken, so that a new one must be begun.
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Damaged(_) => true,
            Self::NotStored(e) | Self::Uncertain(e) | Self::Read(e) => is_corrupt(e),
            Self::Open(DbFault::Sqlite { source, .. }) => is_corrupt(source),
            _ => false,
        }
    }
}

pub(super) fn is_corrupt(e: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(e.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase))
}
