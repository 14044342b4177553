//! One linked binary for every test that drives whole parts together. Each `mod` is one story; add yours in one line.

#[cfg(feature = "centre")]
mod accounts;
#[cfg(feature = "centre")]
mod alerts;
#[cfg(all(feature = "kiosk", feature = "centre"))]
mod attacks;
#[cfg(feature = "centre")]
mod browser;
#[cfg(feature = "centre")]
mod campaign;
#[cfg(feature = "centre")]
mod cases;
#[cfg(feature = "centre")]
mod centre;
mod command_line;
#[cfg(all(feature = "kiosk", feature = "centre"))]
mod conformance;
#[cfg(feature = "centre")]
mod dashboard;
#[cfg(all(feature = "kiosk", feature = "centre"))]
mod demo;
#[cfg(all(feature = "kiosk", feature = "centre"))]
mod e2e;
#[cfg(feature = "centre")]
mod editor;
#[cfg(feature = "centre")]
mod entries;
#[cfg(feature = "centre")]
mod fleet;
#[cfg(feature = "centre")]
mod inspections;
#[cfg(feature = "kiosk")]
mod kill;
#[cfg(feature = "kiosk")]
mod line;
#[cfg(feature = "centre")]
mod matters;
#[cfg(all(feature = "kiosk", feature = "centre"))]
mod preview;
#[cfg(feature = "centre")]
mod questions;
#[cfg(feature = "centre")]
mod reviews;
#[cfg(feature = "kiosk")]
mod screens;
#[cfg(feature = "kiosk")]
mod screenshots;
#[cfg(feature = "centre")]
mod selections;
#[cfg(all(feature = "kiosk", feature = "centre"))]
mod simulation;
#[cfg(feature = "centre")]
mod stats;
#[cfg(feature = "centre")]
mod upgrade;
