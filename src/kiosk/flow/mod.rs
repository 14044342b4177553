//! The kiosk's screen machine, pure: `Flow::handle(event, now) -> Vec<Effect>` and `Flow::view() -> View`.
//!
//! **Architecture invariant:** no egui, no store, no socket, no clock here. What happened comes in as an [`event::Event`]
//! in the past tense; what is to be done goes out as an [`effect::Effect`] in the imperative; what is to be drawn is a
//! [`view::View`].

pub mod effect;
pub mod event;
pub mod view;
