//! 台账链: the append-only, hash-chained, signed record. Pure; kiosk and centre both use it.
//!
//! **Architecture invariant:** no store, no clock, no network here. The canonical bytes of an entry are the very bytes
//! that the kiosk wrote: they are hashed, stored and sent unchanged, and never produced a second time from parsed fields.

pub mod chain;
pub mod entry;
pub mod keys;
pub mod seal;
pub mod standing;
pub mod ticket;
pub mod verify;
