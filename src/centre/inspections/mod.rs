//! 督促检查: inspections on site, announced and undercover (明查暗访).
//!
//! What is looked at stands in [`checklists`], each version of a list for ever. Somebody plans an inspection; its inspectors
//! hand in visits from their phones, each with an id of their own making, so that what is sent again after a bad network
//! counts once ([`acts`]); pictures are written anew before they are kept ([`pictures`]). What was found may become an order
//! (限期整改), which opens a case. [`sight`] says who sees which inspection, and every list, count, page and file asks it.
//!
//! **Invariants of absence:** an undercover inspection leaves no trace, no number and no gap for whoever may not see it yet;
//! nothing that was handed in is changed; no upload is served as it came.

mod acts;
pub mod api;
pub mod checklists;
mod export;
mod marks;
mod pages;
mod pictures;
mod ratings;
mod refused;
pub mod rules;
mod sight;
mod store;
#[cfg(test)]
mod tests;
mod visits;

pub use marks::marks;
pub use pages::routes;
pub use pictures::FOLDER;

/// The tables of this module: one step of the centre's schema.
pub const SCHEMA: &str = include_str!("schema.sql");
