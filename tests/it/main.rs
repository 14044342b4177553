//! One linked binary for every test that drives whole parts together. Each `mod` is one story; add yours in one line.

mod command_line;
#[cfg(feature = "centre")]
mod centre;
