//! The centre, in process and over HTTP.

mod enrolment;
mod http;
mod ingest;
mod phone_ratings;
pub mod terminal;
