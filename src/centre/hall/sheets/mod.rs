//! Lists of staff, windows and items as CSV and XLSX: out, and in again with a dry run that lists every fault by row.
//!
//! What is read is bounded in bytes, rows, columns and characters; nothing is applied while any fault is left; applying
//! refuses a hall that has changed since the dry run.
//!
//! [`list`] says which lists there are; the interface goes through [`import`].

pub mod columns;
pub mod fault;
pub mod import;
pub mod list;
pub mod plan;
pub mod table;
pub mod write;

#[cfg(test)]
mod tests;
