//! Copies of a whole ledger: what a disk image of a kiosk is. Simulations restart and roll back kiosks with them.

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::{Journal, JournalFault};

impl Journal {
    /// All that is stored, as a database in memory for [`Journal::attach`].
    ///
    /// # Errors
    /// When reading fails.
    pub fn image(&self) -> Result<Connection, JournalFault> {
        copy(self.conn()?)
    }
}

/// Copies an image once more: a disk image may be played back any number of times.
///
/// # Errors
/// When reading fails.
pub fn copy(source: &Connection) -> Result<Connection, JournalFault> {
    let mut copy = Connection::open_in_memory()?;
    let backup = Backup::new(source, &mut copy)?;
    backup.run_to_completion(1_024, std::time::Duration::ZERO, None)?;
    drop(backup);
    Ok(copy)
}
