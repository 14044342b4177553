//! 整改: what went wrong, and how it is put right.

pub mod origin;

pub use origin::Origin;
