//! Inspections over real sockets: who sees what and when, what is handed in twice, what becomes of a finding.

mod people;
mod story;
