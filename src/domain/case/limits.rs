//! How long each step may take.

use super::due::Step;

/// Working days, but where it says otherwise. Local rules differ between 5 and 15 days for the whole; these are the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub assign_days: u16,
    pub verify_days: u16,
    pub rectify_days: u16,
    pub reply_days: u16,
    pub follow_up_days: u16,
    pub recheck_days: u16,
    pub close_days: u16,
    /// For the staff concerned, from the verdict on.
    pub appeal_days: u16,
    pub review_days: u16,
    /// A case is amber when so many working days are left, or fewer.
    pub amber_days: u16,
    /// Working days overdue until a case is passed up to the leader.
    pub leader_days: u16,
    /// Extensions of one step.
    pub extensions: u8,
    /// Of one extension.
    pub extension_days: u16,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            assign_days: 1,
            verify_days: 3,
            rectify_days: 10,
            reply_days: 2,
            follow_up_days: 5,
            recheck_days: 5,
            close_days: 2,
            appeal_days: 5,
            review_days: 5,
            amber_days: 1,
            leader_days: 3,
            extensions: 1,
            extension_days: 10,
        }
    }
}

impl Limits {
    pub const fn of(&self, step: Step) -> u16 {
        match step {
            Step::Assign => self.assign_days,
            Step::Verify => self.verify_days,
            Step::Rectify => self.rectify_days,
            Step::Reply => self.reply_days,
            Step::FollowUp => self.follow_up_days,
            Step::Recheck => self.recheck_days,
            Step::Close => self.close_days,
        }
    }
}
