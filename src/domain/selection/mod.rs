//! 三创、评选表彰: whom a selection elects, by which rules, from which frozen figures, and each step from the call to the
//! award. Pure.
//!
//! | file | what it is |
//! |---|---|
//! | `terms.rs` | the rules that one selection goes by, fixed when it is called |
//! | `snapshot.rs` | the figures it computes from, fixed when it computes |
//! | `outcome.rs` | scores, ties and places, made of the snapshot alone |
//! | `machine.rs` | call → computed → nominated → public notice → decided → awarded → revoked |
//! | `acts.rs` | what each step asks for, and what it leaves |
//!
//! **Invariants of absence:** nothing here computes with floating point once a snapshot is frozen, so that any machine comes
//! to the same result bit by bit; no award without a public notice that ran to its end, without every objection answered,
//! or without people other than those who nominated.

mod acts;
mod machine;
mod outcome;
#[cfg(test)]
mod properties;
mod snapshot;
#[cfg(test)]
pub(crate) mod story;
mod terms;

pub use acts::{Nomination, Objecting, Refused};
pub use machine::{
    Actor, Answer, Award, MAX_OBJECTIONS, NAME_CHARS, Nominee, Objection, Objector, PublicNotice, REASON_CHARS,
    Revoked, Selection, State, TEXT_CHARS, Vote,
};
pub use outcome::{Bar, Barred, Outcome, Ranked, Share, Standing};
pub use snapshot::{Candidate, Entrant, MAX_CANDIDATES, Measured, Piece, Snapshot, SnapshotFault};
pub use terms::{ELECTED, Elected, Occasion, Terms, TermsFault, WEIGHTS_SUM, asks_party, elects, limits};
