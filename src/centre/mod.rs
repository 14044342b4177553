//! The centre: takes batches, answers statistics, sends the board down.
//!
//! **Architecture invariant:** SQL stands only in the module that owns the table; nothing here imports the kiosk.

pub mod alarms;
pub mod directory;
pub mod in_process;
pub mod ingest;
pub mod keys;
pub mod phone;
pub mod schema;
pub mod statistics;
