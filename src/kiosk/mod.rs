//! The kiosk: a touch terminal at one service window.
//!
//! **Architecture invariants:** `flow` never sees egui, a store or a socket; `screens` never see the store; nothing here
//! imports the centre.

pub mod app;
pub mod courier;
pub mod flow;
pub mod invite;
pub mod running;
pub mod runtime;
pub mod screens;
pub mod studio;
pub mod sync;
pub mod transport;
pub mod ui;
