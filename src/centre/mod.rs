//! The centre: takes batches, answers statistics, sends the board down.
//!
//! **Architecture invariant:** SQL stands only in the module that owns the table; nothing here imports the kiosk.

pub mod access;
pub mod alarms;
pub mod app;
pub mod backup;
pub mod boards;
pub mod clock;
pub mod directory;
pub mod error;
pub mod health;
pub mod in_process;
pub mod ingest;
pub mod keys;
pub mod openapi;
pub mod phone;
pub mod readers;
pub mod running;
pub mod schema;
pub mod serve;
pub mod site;
pub mod statistics;
pub mod wire;
pub mod writer;
