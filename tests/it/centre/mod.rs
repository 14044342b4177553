//! The centre, in process and over HTTP.

#[cfg(feature = "kiosk")]
mod auditor;
#[cfg(feature = "kiosk")]
mod boards;
mod command;
mod enrolment;
mod failures;
mod hall_api;
pub mod http;
mod ingest;
mod killed;
mod model;
pub mod phone_page;
mod phone_ratings;
mod rebuild;
pub mod terminal;
