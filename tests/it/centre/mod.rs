//! The centre, in process and over HTTP.

mod enrolment;
mod ingest;
mod phone_ratings;
pub mod terminal;
