//! The citizen's page behind the QR code, and the look-up of receipt codes.

mod face;
pub mod form;
pub mod page;
