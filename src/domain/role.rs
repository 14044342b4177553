//! Who may see and do what. A role yields a narrower handle at the centre; each route takes the narrowest.
//!
//! [`Role::may`] is the one table. Whose objects a person reaches (their part of the tree of units) is another question,
//! answered at the centre.

use super::rating::coded;

coded! {
    /// 角色
    Role {
        /// Own aggregates only.
        Staff = "staff",
        /// The own hall, in full.
        HallSupervisor = "hall_supervisor",
        /// Follows up negative ratings; may unseal words.
        FollowUpOfficer = "follow_up_officer",
        /// Reviews (领导点评).
        Leader = "leader",
        /// Reads and verifies the chain, changes nothing.
        Auditor = "auditor",
        /// Devices only, no ratings.
        DeviceAdmin = "device_admin",
        /// Users and settings; cannot unseal.
        SystemAdmin = "system_admin",
    }
}

coded! {
    /// What a page or a route of the interface is for, and therefore what whoever asks must be allowed.
    Need {
        /// Nobody is asked who they are.
        Public = "public",
        /// An enrolled device signs the request.
        Device = "device",
        /// Anybody who is signed in.
        SignedIn = "signed_in",
        /// The own card, pledges and figures.
        Own = "own",
        /// Aggregates.
        Statistics = "statistics",
        /// People, windows, pledges and what stands on the boards.
        Hall = "hall",
        HallEdit = "hall_edit",
        /// Pledges; never one's own proposal.
        Approve = "approve",
        /// Devices, their state and backlogs.
        Fleet = "fleet",
        /// Enrolment codes, replacement, retirement.
        FleetKeep = "fleet_keep",
        /// Decide a fork, explain an unclosed epoch.
        Explain = "explain",
        /// Single ratings with their place in the chain.
        Entries = "entries",
        /// Sealed words and contacts.
        Unseal = "unseal",
        Alerts = "alerts",
        /// Rules of alerts and where they go.
        AlertsKeep = "alerts_keep",
        /// What the public page shows and when.
        Publish = "publish",
        Accounts = "accounts",
        AuditLog = "audit_log",
        /// The register of cases (整改台账).
        Cases = "cases",
        /// Verify, rectify, reply, follow up.
        CasesWork = "cases_work",
        /// The second person of a case: verdicts, extensions, appeals, accountability.
        CasesDecide = "cases_decide",
        /// Plan and make inspections, write orders.
        Inspect = "inspect",
        /// 领导点评
        Review = "review",
        /// 党员互评: one's own vote.
        PeerVote = "peer_vote",
        /// Contests, training days, rounds of peer reviews: what they are and how they ended.
        ContestsKeep = "contests_keep",
        /// Selections with their candidates and scores.
        Selections = "selections",
        /// Call a selection, nominate, put up the notice.
        SelectionsKeep = "selections_keep",
        /// The leading group's decision, awards and revocations.
        SelectionsDecide = "selections_decide",
        /// The whole campaign: who has done which of its steps, and by which rules.
        Campaign = "campaign",
        /// Rules, weights, time limits and texts.
        RulesKeep = "rules_keep",
        /// What the business system tells of its pieces of business (办件).
        BusinessTell = "business_tell",
    }
}

impl Role {
    /// Whether people of this role are let near what `need` names at all.
    pub const fn may(self, need: Need) -> bool {
        use Role::{Auditor, DeviceAdmin, FollowUpOfficer, HallSupervisor, Leader, Staff, SystemAdmin};
        match need {
            Need::Public | Need::SignedIn => true,
            // No person is a device.
            Need::Device => false,
            Need::Own => matches!(self, Staff),
            Need::Statistics => !matches!(self, DeviceAdmin),
            Need::Hall => matches!(self, HallSupervisor | FollowUpOfficer | Leader | Auditor | SystemAdmin),
            Need::HallEdit | Need::AlertsKeep => matches!(self, HallSupervisor | SystemAdmin),
            Need::Approve => matches!(self, HallSupervisor | Leader),
            Need::Fleet => matches!(self, HallSupervisor | Auditor | DeviceAdmin | SystemAdmin),
            Need::FleetKeep => matches!(self, DeviceAdmin | SystemAdmin),
            Need::Explain | Need::Publish => matches!(self, HallSupervisor),
            Need::Entries => matches!(self, HallSupervisor | FollowUpOfficer | Auditor),
            Need::Unseal => matches!(self, FollowUpOfficer),
            Need::Alerts => !matches!(self, Staff),
            Need::Accounts => matches!(self, SystemAdmin),
            Need::AuditLog => matches!(self, Auditor),
            Need::Cases => matches!(self, HallSupervisor | FollowUpOfficer | Leader | Auditor),
            Need::CasesWork => matches!(self, HallSupervisor | FollowUpOfficer),
            Need::CasesDecide => matches!(self, HallSupervisor | Leader),
            Need::Inspect => matches!(self, HallSupervisor | FollowUpOfficer | Leader),
            Need::Review | Need::SelectionsDecide => matches!(self, Leader),
            Need::PeerVote => matches!(self, Staff),
            Need::ContestsKeep | Need::SelectionsKeep => matches!(self, HallSupervisor),
            Need::Selections => matches!(self, HallSupervisor | FollowUpOfficer | Leader | Auditor),
            Need::Campaign => matches!(self, HallSupervisor | FollowUpOfficer | Leader | Auditor | SystemAdmin),
            Need::RulesKeep | Need::BusinessTell => matches!(self, HallSupervisor | SystemAdmin),
        }
    }

    /// Groups so small that a rater could be guessed are shown too.
    pub const fn sees_small_groups(self) -> bool {
        matches!(self, Self::HallSupervisor)
    }

    /// Only figures about themselves.
    pub const fn sees_only_self(self) -> bool {
        matches!(self, Self::Staff)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who_may(need: Need) -> Vec<&'static str> {
        Role::ALL.iter().filter(|r| r.may(need)).map(|r| r.code()).collect()
    }

    #[test]
    fn only_whoever_answers_for_the_hall_sees_small_groups() {
        let seeing: Vec<_> = Role::ALL.iter().copied().filter(|r| r.sees_small_groups()).collect();
        assert_eq!(seeing, [Role::HallSupervisor]);
        assert!(Role::Staff.sees_only_self());
    }

    #[test]
    fn the_table_keeps_powers_apart() {
        assert_eq!(who_may(Need::Unseal), ["follow_up_officer"]);
        assert_eq!(who_may(Need::Accounts), ["system_admin"]);
        assert_eq!(who_may(Need::AuditLog), ["auditor"]);
        assert_eq!(who_may(Need::Own), ["staff"]);
        assert_eq!(who_may(Need::Explain), ["hall_supervisor"]);
        assert_eq!(who_may(Need::FleetKeep), ["device_admin", "system_admin"]);
        assert_eq!(who_may(Need::Fleet), ["hall_supervisor", "auditor", "device_admin", "system_admin"]);
        assert!(who_may(Need::Device).is_empty());
        // Whoever keeps devices sees no ratings; whoever keeps accounts opens no words.
        for need in [Need::Statistics, Need::Hall, Need::Entries, Need::Unseal, Need::Cases, Need::Campaign] {
            assert!(!Role::DeviceAdmin.may(need), "{need:?}");
        }
        // The auditor changes nothing.
        for need in [Need::HallEdit, Need::Approve, Need::FleetKeep, Need::Explain, Need::AlertsKeep, Need::Publish] {
            assert!(!Role::Auditor.may(need), "{need:?}");
        }
        for need in [Need::CasesWork, Need::CasesDecide, Need::Inspect, Need::SelectionsDecide, Need::RulesKeep] {
            assert!(!Role::Auditor.may(need), "{need:?}");
        }
        // Whoever calls a selection does not decide it alone.
        assert_eq!(who_may(Need::SelectionsKeep), ["hall_supervisor"]);
        assert_eq!(who_may(Need::SelectionsDecide), ["leader"]);
        assert_eq!(who_may(Need::PeerVote), ["staff"]);
    }
}
