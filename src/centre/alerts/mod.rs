//! Alerts: rules as data, a machine that decides, a history, and messages that leave the centre.
//!
//! The [`mod@watch`] follows the account book of the statistics and the state of the devices. It hands what is new to the pure
//! [`watcher`], which measures every rule at every place ([`recent`] holds the last days) and has [`decide`](mod@decide)
//! say what is to be done; the edge writes it ([`history`]) and lays out what is to be told ([`outbox`]). The delivery
//! takes messages from there, at most eight times each and over restarts ([`send`]).
//!
//! A rating that comes late is weighed over the sliding time that ended with it: a terminal that was offline for an hour
//! raises what it would have raised.
//!
//! **Invariants of absence:** no alert and no message holds citizens' words, staff or a person's name; nothing is called
//! that `centre.toml` does not name; nothing grows without end.

mod acts;
pub mod api;
pub mod decide;
mod deliver;
pub mod destinations;
pub mod history;
pub mod message;
pub mod outbox;
mod pages;
mod recent;
pub mod rule;
pub mod rules;
pub mod send;
mod sight;
mod watch;
mod watcher;

pub use deliver::{deliver, manner, named};
pub use pages::routes;
pub use watch::watch;

/// The tables of this module: one step of the centre's schema.
pub const SCHEMA: &str = include_str!("schema.sql");
