//! Who may see and do what. A role yields a narrower handle at the centre; each route takes the narrowest.

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

impl Role {
    /// May ask for statistics at all.
    pub const fn sees_statistics(self) -> bool {
        !matches!(self, Self::DeviceAdmin)
    }

    /// Groups so small that a rater could be guessed are shown too.
    pub const fn sees_small_groups(self) -> bool {
        matches!(self, Self::HallSupervisor)
    }

    /// Only figures about themselves.
    pub const fn sees_only_self(self) -> bool {
        matches!(self, Self::Staff)
    }

    /// May see devices, alarms and backlogs.
    pub const fn sees_devices(self) -> bool {
        matches!(self, Self::HallSupervisor | Self::Auditor | Self::DeviceAdmin | Self::SystemAdmin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whoever_answers_for_the_hall_sees_small_groups() {
        let seeing: Vec<_> = Role::ALL.iter().copied().filter(|r| r.sees_small_groups()).collect();
        assert_eq!(seeing, [Role::HallSupervisor]);
        assert!(!Role::DeviceAdmin.sees_statistics());
        assert!(Role::Staff.sees_only_self() && !Role::Staff.sees_devices());
    }
}
