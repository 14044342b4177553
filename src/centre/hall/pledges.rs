//! 承诺 with versions and approval: draft → proposed → approved by a second person → in force from a date. Pure.
//!
//! **Invariant:** a version that was approved never changes and is never deleted: ratings name the versions that were on the
//! screen.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::acts::{Author, Refused};
use super::kinds::Kind;
use super::whole::Hall;
use crate::centre::audit::Act;
use crate::domain::board::{Bilingual, Pledge};
use crate::domain::id::{PledgeId, StaffNo};
use crate::domain::rating::coded;
use crate::domain::text::check_line;
use crate::domain::time::WallMs;

/// Characters of the reason for which a proposal was declined.
pub const NOTE_CHARS: usize = 300;

coded! {
    /// How far a version of a pledge has come.
    PledgeState {
        /// May be edited.
        Draft = "draft",
        /// Waits for a second person.
        Proposed = "proposed",
        /// In force from its date on, until a later version is.
        Approved = "approved",
        /// Kept with the reason; a new draft begins the next version.
        Declined = "declined",
    }
}

/// What is promised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    pub text: Bilingual,
    /// 标准: how anyone can see whether it was kept.
    pub standard: Bilingual,
    /// 时限, as shown.
    pub time_limit: Bilingual,
}

/// Who did something, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Signed {
    /// 0: the file that was taken over.
    pub account: i64,
    pub name: String,
    #[schema(value_type = i64)]
    pub ms: WallMs,
}

/// One version of a pledge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PledgeVersion {
    pub version: u32,
    #[schema(value_type = String)]
    pub state: PledgeState,
    pub promise: Promise,
    /// The first day on which an approved version is shown.
    #[schema(value_type = Option<String>, format = Date)]
    pub in_force_on: Option<Date>,
    pub drafted: Signed,
    pub proposed: Option<Signed>,
    /// Approved or declined.
    pub decided: Option<Signed>,
    /// Why it was declined.
    pub note: Option<String>,
}

/// All versions of one pledge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PledgeFile {
    pub id: PledgeId,
    /// Whose it is; none: the unit's.
    pub staff_no: Option<StaffNo>,
    /// Counts changes of any version.
    pub revision: u32,
    #[schema(value_type = Option<String>, format = Date)]
    pub retired_on: Option<Date>,
    /// Oldest first; never empty.
    pub versions: Vec<PledgeVersion>,
}

impl PledgeFile {
    /// A pledge that was written by hand: approved, in force ever since.
    pub fn of_board(pledge: &Pledge, author: &str, now: WallMs) -> Self {
        let signed = Signed { account: 0, name: author.to_owned(), ms: now };
        let promise = Promise {
            text: pledge.text.clone(),
            standard: pledge.standard.clone(),
            time_limit: pledge.time_limit.clone(),
        };
        let version = PledgeVersion {
            version: pledge.version,
            state: PledgeState::Approved,
            promise,
            // From the beginning; four digits, because that is all a day has outside.
            in_force_on: Some(Date::constant(1, 1, 1)),
            drafted: signed.clone(),
            proposed: None,
            decided: Some(signed),
            note: None,
        };
        let (id, staff_no) = (pledge.id.clone(), pledge.staff_no.clone());
        Self { id, staff_no, revision: 1, retired_on: None, versions: vec![version] }
    }

    /// The version that is shown on a day: the latest approved one whose date has come.
    pub fn in_force(&self, day: Date) -> Option<&PledgeVersion> {
        let stands = self.retired_on.is_none_or(|on| day < on);
        let holds = |v: &&PledgeVersion| v.state == PledgeState::Approved && v.in_force_on.is_some_and(|on| on <= day);
        self.versions.iter().filter(|_| stands).filter(holds).max_by_key(|v| v.version)
    }

    /// The version that is being worked on.
    pub fn open(&self) -> Option<&PledgeVersion> {
        self.versions.iter().find(|v| matches!(v.state, PledgeState::Draft | PledgeState::Proposed))
    }

    pub fn version(&self, version: u32) -> Option<&PledgeVersion> {
        self.versions.iter().find(|v| v.version == version)
    }

    pub(super) fn on_board(&self, day: Date) -> Option<Pledge> {
        let version = self.in_force(day)?;
        let Promise { text, standard, time_limit } = version.promise.clone();
        let (id, staff_no) = (self.id.clone(), self.staff_no.clone());
        Some(Pledge { id, version: version.version, staff_no, text, standard, time_limit, kept: None })
    }

    fn open_mut(&mut self, state: PledgeState) -> Result<&mut PledgeVersion, Refused> {
        let open = self.versions.iter_mut().find(|v| v.state == state);
        open.ok_or(Refused::WrongState { wanted: state })
    }
}

/// What can be done with a pledge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum PledgeStep {
    /// A new pledge, a new version of an old one, or another text of the draft.
    Draft { staff_no: Option<StaffNo>, promise: Promise },
    /// Hand the draft to a second person.
    Propose,
    /// Take the proposal back, to edit it.
    Withdraw,
    /// Put the proposal in force from a day on: never one's own.
    Approve {
        #[schema(value_type = String, format = Date)]
        from: Date,
    },
    /// Send the proposal back with a reason; it stays readable.
    Decline { note: String },
    /// Show it no more from a day on.
    Retire {
        #[schema(value_type = String, format = Date)]
        on: Date,
    },
    /// Show it again.
    Restore,
}

impl PledgeStep {
    pub(super) fn act(&self) -> Act {
        match self {
            Self::Draft { .. } => Act::PledgeDrafted,
            Self::Propose => Act::PledgeProposed,
            Self::Withdraw => Act::PledgeWithdrawn,
            Self::Approve { .. } => Act::PledgeApproved,
            Self::Decline { .. } => Act::PledgeDeclined,
            Self::Retire { .. } => Act::HallRetired,
            Self::Restore => Act::HallRestored,
        }
    }

    /// True if a second person decides here (`Need::Approve`).
    pub fn decides(&self) -> bool {
        matches!(self, Self::Approve { .. } | Self::Decline { .. })
    }
}

impl Hall {
    /// Takes a step with the pledge that the editor saw at `revision` (0: a new one).
    pub(super) fn step_pledge(
        &mut self,
        id: &PledgeId,
        revision: u32,
        step: PledgeStep,
        author: &Author,
        today: Date,
    ) -> Result<&PledgeFile, Refused> {
        let at = match self.pledges.iter().position(|p| &p.id == id) {
            Some(at) if self.pledges[at].revision == revision => at,
            Some(at) => return Err(Refused::stale(Kind::Pledge, id.as_str(), self.pledges[at].revision)),
            None if revision == 0 && matches!(step, PledgeStep::Draft { .. }) => {
                self.pledges.push(PledgeFile {
                    id: id.clone(),
                    staff_no: None,
                    revision: 0,
                    retired_on: None,
                    versions: Vec::new(),
                });
                self.pledges.len() - 1
            }
            None => return Err(Refused::NotFound(Kind::Pledge, id.to_string())),
        };
        let file = &mut self.pledges[at];
        let is_new = file.revision == 0;
        file.revision += 1;
        let signed = author.signed();
        match step {
            PledgeStep::Draft { staff_no, promise } => {
                if !is_new && staff_no != file.staff_no {
                    return Err(Refused::OtherOwner);
                }
                file.staff_no = staff_no;
                file.draft(promise, signed)?;
            }
            PledgeStep::Propose => {
                let open = file.open_mut(PledgeState::Draft)?;
                (open.state, open.proposed) = (PledgeState::Proposed, Some(signed));
            }
            PledgeStep::Withdraw => {
                let open = file.open_mut(PledgeState::Proposed)?;
                (open.state, open.proposed) = (PledgeState::Draft, None);
            }
            PledgeStep::Approve { from } => {
                if from < today {
                    return Err(Refused::PastDay(from));
                }
                let open = file.open_mut(PledgeState::Proposed)?;
                let own = [Some(&open.drafted), open.proposed.as_ref()];
                if own.into_iter().flatten().any(|s| s.account == author.account) {
                    return Err(Refused::OwnProposal);
                }
                (open.state, open.decided, open.in_force_on) = (PledgeState::Approved, Some(signed), Some(from));
            }
            PledgeStep::Decline { note } => {
                check_line(&note, NOTE_CHARS).map_err(Refused::Note)?;
                let open = file.open_mut(PledgeState::Proposed)?;
                (open.state, open.decided, open.note) = (PledgeState::Declined, Some(signed), Some(note));
            }
            PledgeStep::Retire { on } if on < today => return Err(Refused::PastDay(on)),
            PledgeStep::Retire { on } => file.retired_on = Some(on),
            PledgeStep::Restore => file.retired_on = None,
        }
        Ok(&self.pledges[at])
    }
}

impl PledgeFile {
    fn draft(&mut self, promise: Promise, signed: Signed) -> Result<(), Refused> {
        let next = self.versions.last().map_or(1, |v| v.version + 1);
        match self.versions.last_mut() {
            Some(last) if last.state == PledgeState::Proposed => {
                return Err(Refused::WrongState { wanted: PledgeState::Draft });
            }
            Some(last) if last.state == PledgeState::Draft => (last.promise, last.drafted) = (promise, signed),
            _ => self.versions.push(PledgeVersion {
                version: next,
                state: PledgeState::Draft,
                promise,
                in_force_on: None,
                drafted: signed,
                proposed: None,
                decided: None,
                note: None,
            }),
        }
        Ok(())
    }
}
