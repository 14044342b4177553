//! The window: eframe's runner, what reaches egui from outside, and when a frame is worth painting.
//!
//! **Architecture invariant:** nothing here decides what a tap means; [`driver::Driver`] carries events to the flow and
//! brings views back, and that is all the window knows of the rest.

pub mod driver;
