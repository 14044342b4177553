//! 整改: what went wrong, and how it is put right.
//!
//! A [`Case`] is a pure machine: [`Case::apply`] takes what somebody wants to do and answers with the [`Event`] that is
//! appended and the case after it, or with the reason why not. The events alone make the case again ([`Case::replayed`]).
//!
//! **Invariant of absence:** no action touches the rating: a case names what opened it, and nothing can change that.

mod act;
mod due;
mod evolve;
mod judge;
mod limits;
pub mod origin;
mod refused;
#[cfg(test)]
mod tests;

pub use act::{
    Action, Actor, Escalation, Event, FollowUp, Grade, MAX_EVENTS, Matter, NOTE_CHARS, Person, SUMMARY_CHARS, Stage,
    Verdict,
};
pub use due::{At, House, Light, Step};
pub use evolve::{About, Appeal, Case, Proposal};
pub use limits::Limits;
pub use origin::Origin;
pub use refused::Refused;
