//! The citizen's page behind the QR code, and the look-up of receipt codes.
//!
//! The ticket in the code is the capability: whoever stood before the terminal may rate that one visit. It is verified by
//! the device's key alone, so the page works while the kiosk is offline; what is not known yet is not guessed.
//!
//! **Invariants of absence:** words and telephone numbers reach the store only sealed and never a log; no page shows which
//! level was chosen; nothing needs JavaScript or a cookie.

pub mod acts;
pub mod admission;
pub mod codes;
mod face;
pub mod form;
pub mod page;
pub mod visit;

#[cfg(test)]
mod tests;
