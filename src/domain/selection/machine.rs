//! One selection with all that has been done about it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::acts::Refused;
use super::terms::Terms;
use crate::domain::appraisal::Subject;
use crate::domain::id::HonourId;
use crate::domain::rating::coded;
use crate::domain::time::WallMs;

/// Characters of a reason.
pub const REASON_CHARS: usize = 300;
/// Characters of an objection.
pub const TEXT_CHARS: usize = 1_000;
/// Characters of the issuer and of the period of an award.
pub const NAME_CHARS: usize = 60;
/// Objections to one selection.
pub const MAX_OBJECTIONS: usize = 200;

coded! {
    /// Where a selection stands.
    State {
        /// Called; nothing is computed yet.
        Draft = "draft",
        /// The snapshot is frozen.
        Computed = "computed",
        Nominated = "nominated",
        /// 公示
        Noticed = "noticed",
        /// The leading group has agreed.
        Decided = "decided",
        /// The leading group has not agreed.
        Declined = "declined",
        Awarded = "awarded",
        /// Called off before it was decided.
        Withdrawn = "withdrawn",
    }
}

impl State {
    /// Nothing follows but revocations.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Declined | Self::Awarded | Self::Withdrawn)
    }
}

/// Whoever acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub account: i64,
    pub name: String,
}

/// Whoever is put forward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nominee {
    pub subject: Subject,
    /// Why; may be empty for whoever stands within the seats by the figures.
    pub reason: String,
    /// An objection was upheld.
    pub struck: bool,
}

/// The days of a public notice, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicNotice {
    pub from: Date,
    pub until: Date,
    /// False: a year without an official schedule was counted through by weekdays alone.
    pub is_certain: bool,
}

/// Who objects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Objector {
    Official(Actor),
    /// On the public page, without a name.
    Public,
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The candidate is struck off the list.
    pub upheld: bool,
    pub reason: String,
    pub by: Actor,
    pub at: WallMs,
}

/// An objection to one nominee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    /// From 1.
    pub number: u32,
    pub objector: Objector,
    pub about: Subject,
    pub text: String,
    /// A contact was left, sealed.
    pub has_contact: bool,
    pub at: WallMs,
    pub answer: Option<Answer>,
}

/// One leader's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    pub by: Actor,
    pub agrees: bool,
    /// Needed for a no.
    pub reason: String,
    pub at: WallMs,
}

/// An award that was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    pub reason: String,
    pub by: Actor,
    pub on: Date,
}

/// What one nominee was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Award {
    pub subject: Subject,
    pub issuer: String,
    /// As shown: `2026 年 11 月`.
    pub period: String,
    pub from: Date,
    /// The last day.
    pub until: Date,
    pub by: Actor,
    /// The badge on the board, once it stands there.
    pub grant: Option<HonourId>,
    pub revoked: Option<Revoked>,
}

/// A selection. It changes by its acts alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    pub(super) terms: Terms,
    pub(super) state: State,
    pub(super) caller: Actor,
    /// Accounts that have worked on it: none of them decides.
    pub(super) hands: BTreeSet<i64>,
    /// Hash of the outcome, once it is computed.
    pub(super) outcome: Option<String>,
    pub(super) nominees: Vec<Nominee>,
    /// Within the seats by the figures and not put forward, with the reason.
    pub(super) passed_over: Vec<Nominee>,
    pub(super) notice: Option<PublicNotice>,
    pub(super) objections: Vec<Objection>,
    pub(super) votes: Vec<Vote>,
    pub(super) awards: Vec<Award>,
    /// Why it was called off.
    pub(super) withdrawn: Option<String>,
}

impl Selection {
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    pub const fn state(&self) -> State {
        self.state
    }

    pub const fn caller(&self) -> &Actor {
        &self.caller
    }

    pub fn outcome_hash(&self) -> Option<&str> {
        self.outcome.as_deref()
    }

    pub fn nominees(&self) -> &[Nominee] {
        &self.nominees
    }

    pub fn passed_over(&self) -> &[Nominee] {
        &self.passed_over
    }

    pub const fn notice(&self) -> Option<PublicNotice> {
        self.notice
    }

    pub fn objections(&self) -> &[Objection] {
        &self.objections
    }

    pub fn votes(&self) -> &[Vote] {
        &self.votes
    }

    pub fn awards(&self) -> &[Award] {
        &self.awards
    }

    pub fn withdrawn(&self) -> Option<&str> {
        self.withdrawn.as_deref()
    }

    /// Whether the account has worked on it, and so cannot decide.
    pub fn has_hand_in(&self, account: i64) -> bool {
        self.hands.contains(&account)
    }

    pub fn open_objections(&self) -> usize {
        self.objections.iter().filter(|o| o.answer.is_none()).count()
    }

    /// Those who are still put forward.
    pub fn standing(&self) -> impl Iterator<Item = &Nominee> {
        self.nominees.iter().filter(|n| !n.struck)
    }

    /// Whether the notice can be seen on a day.
    pub fn is_noticed_on(&self, day: Date) -> bool {
        self.state == State::Noticed && self.notice.is_some_and(|n| n.from <= day && day <= n.until)
    }

    /// The notice has ended by a day.
    pub fn notice_is_over(&self, day: Date) -> bool {
        self.notice.is_some_and(|n| n.until < day)
    }

    /// Notes under which id an award stands on the board.
    pub fn put_on_board(&mut self, subject: &Subject, grant: HonourId) {
        if let Some(award) = self.awards.iter_mut().find(|a| &a.subject == subject) {
            award.grant = Some(grant);
        }
    }

    pub(super) fn must_be(&self, wanted: State) -> Result<(), Refused> {
        if self.state == wanted { Ok(()) } else { Err(Refused::State { state: self.state, wanted }) }
    }
}
