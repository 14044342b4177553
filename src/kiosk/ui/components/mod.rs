//! One file, one component. Each draws into the place it is given and answers what was pressed.

pub mod badge;
pub mod button;
pub mod card;
pub mod chip;
pub mod countdown;
pub mod face;
pub mod header;
pub mod mark;
pub mod notice;
pub mod pad;
pub mod qr;
pub mod rating;
pub mod status;

#[cfg(test)]
mod tests;
