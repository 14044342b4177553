//! The statistics pages: any [`Query`](crate::domain::query::Query) as drawing, table and file, by one figure or another,
//! over a second dimension, against another period.
//!
//! [`question`] reads an address into a question and writes it back; [`pages`] has it answered by the one
//! [`Reading`](super::statistics::api::Reading) and hands the answers to [`view`], which puts [`form`], drawing
//! ([`super::charts`]) and table ([`rows`], [`matrix`]) together, or to [`export`]. [`drill`] knows where each figure leads.
//! [`saved`] keeps questions by name.
//!
//! **Architecture invariant:** the address is the question, with nothing beside it in a session or a script; every figure
//! is one of an [`Answer`](crate::domain::query::Answer), and only changes between two of them are worked out here.

mod change;
mod cross;
mod drill;
mod export;
mod form;
mod kind;
mod matrix;
mod pages;
mod question;
mod rows;
pub mod saved;
mod saved_pages;
mod view;

use super::access::Routes;
use crate::domain::role::Need;

/// Bytes of a form.
const MAX_FORM_BYTES: usize = 8 * 1024;

pub fn routes() -> Routes {
    Routes::new()
        .get("/statistics", Need::Statistics, pages::show)
        .get("/statistics/saved", Need::Statistics, saved_pages::list)
        .post("/statistics/saved", Need::Statistics, saved_pages::save)
        .get("/statistics/saved/{id}", Need::Statistics, saved_pages::edit)
        .post("/statistics/saved/{id}", Need::Statistics, saved_pages::change)
        .get("/statistics/saved/{id}/delete", Need::Statistics, saved_pages::ask_delete)
        .post("/statistics/saved/{id}/delete", Need::Statistics, saved_pages::delete)
        .taking(MAX_FORM_BYTES)
}
