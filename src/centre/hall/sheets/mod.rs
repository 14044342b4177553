//! Lists of staff, windows and items as CSV and XLSX: out, and in again with a dry run that lists every fault by row.
//!
//! What is read is bounded in bytes, rows, columns and characters; nothing is applied while any fault is left; applying
//! refuses a hall that has changed since the dry run.

pub mod columns;
pub mod fault;
pub mod plan;
pub mod table;
pub mod write;

#[cfg(test)]
mod tests;
