//! Narrow handles, one for each [`Need`]: a handler that takes none can do nothing on anybody's behalf, and whoever holds
//! one has been found to be allowed what it is named after.
//!
//! A handler of the interface takes the handle itself; a page takes [`Signed`](super::Signed) or [`Posted`](super::Posted).

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::guard::Asker;
use super::who::{Reach, Who};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::domain::id::{HallId, StaffNo};
use crate::domain::role::{Need, Role};

/// What a person's role gives them for one need.
pub trait Handle: Sized + Send + 'static {
    const NEED: Need;

    /// None: the person may not.
    fn of(who: &Who) -> Option<Self>;
}

macro_rules! handles {
    ($($(#[$doc:meta])* $name:ident = $need:ident;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq)]
            pub struct $name {
                pub who: Who,
            }

            impl $name {
                /// Whose halls these are; everything is filtered by it.
                pub fn reach(&self) -> &Reach {
                    &self.who.reach
                }

                pub fn covers(&self, hall: &HallId) -> bool {
                    self.who.reach.covers(hall)
                }
            }

            impl Handle for $name {
                const NEED: Need = Need::$need;

                fn of(who: &Who) -> Option<Self> {
                    who.may(Self::NEED).then(|| Self { who: who.clone() })
                }
            }

            asked_by_interface!($name);
        )+
    };
}

macro_rules! asked_by_interface {
    ($name:ident) => {
        impl FromRequestParts<Arc<Site>> for $name {
            type Rejection = ApiFault;

            async fn from_request_parts(parts: &mut Parts, _: &Arc<Site>) -> Result<Self, ApiFault> {
                Asker::of(parts)?.handle()
            }
        }
    };
}

handles! {
    /// Has an account.
    Member = SignedIn;
    /// May see people, windows and pledges.
    HallReader = Hall;
    /// May change what stands on the boards of their halls.
    HallEditor = HallEdit;
    /// May approve pledges that somebody else proposed.
    Approver = Approve;
    /// May see devices, backlogs and alarms.
    FleetReader = Fleet;
    /// May take devices in, replace and retire them.
    FleetKeeper = FleetKeep;
    /// May decide a fork and explain an unclosed epoch.
    Explainer = Explain;
    /// May see single ratings.
    EntryReader = Entries;
    /// May open sealed words, one audited view at a time.
    Unsealer = Unseal;
    /// May see alerts.
    AlertReader = Alerts;
    /// May set the rules of alerts.
    AlertKeeper = AlertsKeep;
    /// May say what the public page shows.
    Publisher = Publish;
    /// May keep accounts and units.
    AccountKeeper = Accounts;
    /// May read the audit log.
    AuditReader = AuditLog;
    /// May fetch ledgers as they are held, with every entry, to check them.
    LedgerReader = AuditLog;
    /// May read the register of cases.
    CaseReader = Cases;
    /// May move cases on.
    CaseWorker = CasesWork;
    /// May be the second person of a case.
    CaseDecider = CasesDecide;
    /// May plan and make inspections.
    Inspector = Inspect;
    /// May review (领导点评).
    Reviewer = Review;
    /// May keep contests, training days and rounds of peer reviews.
    ContestKeeper = ContestsKeep;
    /// May see selections and why a candidate has a score.
    SelectionReader = Selections;
    /// May call selections and nominate.
    SelectionKeeper = SelectionsKeep;
    /// May decide selections, award and revoke.
    SelectionDecider = SelectionsDecide;
    /// May see the whole campaign.
    CampaignReader = Campaign;
    /// May change rules.
    RuleKeeper = RulesKeep;
    /// May tell of pieces of business.
    BusinessTeller = BusinessTell;
}

/// May see the own card, pledges and figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnReader {
    pub who: Who,
    pub staff_no: StaffNo,
}

impl Handle for OwnReader {
    const NEED: Need = Need::Own;

    fn of(who: &Who) -> Option<Self> {
        let staff_no = who.staff_no.clone()?;
        who.may(Self::NEED).then(|| Self { who: who.clone(), staff_no })
    }
}

asked_by_interface!(OwnReader);

/// May vote among colleagues (党员互评).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerVoter {
    pub who: Who,
    pub staff_no: StaffNo,
}

impl Handle for PeerVoter {
    const NEED: Need = Need::PeerVote;

    fn of(who: &Who) -> Option<Self> {
        let staff_no = who.staff_no.clone()?;
        who.may(Self::NEED).then(|| Self { who: who.clone(), staff_no })
    }
}

asked_by_interface!(PeerVoter);

/// May ask for statistics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatisticsReader {
    pub who: Who,
    /// Groups so small that a rater could be guessed are shown too.
    pub small_groups: bool,
    /// Only figures about this person.
    pub only_staff: Option<StaffNo>,
}

impl StatisticsReader {
    pub fn reach(&self) -> &Reach {
        &self.who.reach
    }

    pub fn covers(&self, hall: &HallId) -> bool {
        self.who.reach.covers(hall)
    }
}

impl Handle for StatisticsReader {
    const NEED: Need = Need::Statistics;

    fn of(who: &Who) -> Option<Self> {
        // Figures about oneself need to know who that is.
        if !who.may(Self::NEED) || (who.role.sees_only_self() && who.staff_no.is_none()) {
            return None;
        }
        Some(Self {
            small_groups: who.role.sees_small_groups(),
            only_staff: who.staff_no.clone().filter(|_| who.role == Role::Staff),
            who: who.clone(),
        })
    }
}

asked_by_interface!(StatisticsReader);

impl Asker {
    /// The handle, if the asker may have it.
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`].
    pub fn handle<H: Handle>(&self) -> Result<H, ApiFault> {
        let handle = if self.needs.holds(H::NEED) { H::of(&self.who) } else { None };
        let refused = || format!("role {} needs {}", self.who.role.code(), H::NEED.code());
        handle.ok_or_else(|| ApiFault::because(ErrorCode::Forbidden, &refused()))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Somebody of a role who reaches every hall.
    pub(crate) fn somebody(role: Role) -> Who {
        let staff_no = (role == Role::Staff).then(|| StaffNo::new("0027").unwrap());
        let name = role.code().to_owned();
        Who { account: 1, login: name.clone(), name, role, reach: Reach::All, staff_no }
    }

    #[test]
    fn a_handle_is_had_by_exactly_whom_the_table_names() {
        for &role in Role::ALL {
            let who = somebody(role);
            assert_eq!(FleetReader::of(&who).is_some(), role.may(Need::Fleet), "{role:?}");
            assert_eq!(Unsealer::of(&who).is_some(), role == Role::FollowUpOfficer, "{role:?}");
            assert_eq!(StatisticsReader::of(&who).is_some(), role != Role::DeviceAdmin, "{role:?}");
            assert_eq!(OwnReader::of(&who).is_some(), role == Role::Staff, "{role:?}");
        }
    }

    #[test]
    fn staff_see_themselves_and_nobody_who_is_nobody_sees_anything() {
        let who = somebody(Role::Staff);
        assert_eq!(StatisticsReader::of(&who).unwrap().only_staff, who.staff_no);
        let unknown = Who { staff_no: None, ..who };
        assert!(StatisticsReader::of(&unknown).is_none() && OwnReader::of(&unknown).is_none());
        let supervisor = Who { staff_no: StaffNo::new("0001").ok(), ..somebody(Role::HallSupervisor) };
        assert_eq!(StatisticsReader::of(&supervisor).unwrap().only_staff, None);
    }
}
