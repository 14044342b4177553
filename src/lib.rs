//! Pingyi (评议): a public feedback terminal for service windows, and the centre behind it.

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used))]

#[cfg(feature = "centre")]
pub mod centre;
pub mod cli;
pub mod config;
pub mod db;
pub mod domain;
pub mod journal;
#[cfg(feature = "kiosk")]
pub mod kiosk;
pub mod ledger;
pub mod protocol;
pub mod words;
