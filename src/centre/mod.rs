//! The centre: takes batches, answers statistics, sends the board down.
//!
//! One batch's way: [`serve`] accepts the connection, [`app`] bounds it, [`wire`] reads the body and has
//! [`ingest::batch`] check and parse it against the key that [`directory`] holds in memory; [`writer`] queues it, and its
//! thread takes all that waits into one transaction of [`ingest::core`], where [`ingest::desk`] judges each batch's place,
//! appends its segment, projects its visits and enters their facts into [`statistics`]' book. One fsync acknowledges them
//! all; each request then signs its own receipt. [`in_process`] runs the same without threads, sockets or clock, and
//! [`running`] starts and stops the whole.
//!
//! **Architecture invariant:** SQL stands only in the module that owns the table; nothing here imports the kiosk.

pub mod access;
pub mod accounts;
pub mod alarms;
pub mod alerts;
pub mod app;
pub mod audit;
pub mod auditor;
pub mod backup;
pub mod boards;
mod by_content;
pub mod campaign;
pub mod cases;
pub mod charts;
pub mod clock;
pub mod comparison;
pub mod contests;
pub mod cycles;
pub mod dashboard;
pub mod directory;
pub mod editor;
pub mod entries;
pub mod error;
pub mod fleet;
pub mod fulfilment;
pub mod hall;
pub mod health;
pub mod in_process;
pub mod ingest;
pub mod inspections;
pub mod keys;
pub mod marks;
pub mod matters;
pub mod me;
mod names;
pub mod one_form;
pub mod openapi;
pub mod paging;
pub mod phone;
pub mod preview;
pub mod public;
pub mod questions;
pub mod readers;
pub mod reviews;
pub mod rules;
pub mod running;
pub mod schema;
pub mod selections;
pub mod serve;
pub mod site;
pub mod statistics;
pub mod stories;
pub mod wire;
pub mod writer;
