//! What is to be done next and until when; how near that is.

use jiff::civil::Date;

use super::act::Stage;
use super::evolve::Case;
use super::limits::Limits;
use crate::domain::rating::coded;
use crate::domain::time::WallMs;
use crate::domain::workdays::{Due, WorkingCalendar};

coded! {
    /// What is to be done next.
    Step {
        Assign = "assign",
        Verify = "verify",
        Rectify = "rectify",
        Reply = "reply",
        FollowUp = "follow_up",
        Recheck = "recheck",
        Close = "close",
    }
}

coded! {
    /// How near a deadline is.
    Light {
        /// There is time, or nothing left to do.
        Calm = "calm",
        Amber = "amber",
        /// Due today.
        Red = "red",
        Overdue = "overdue",
    }
}

/// A moment, and the civil day it falls on in the centre's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    pub wall: WallMs,
    pub day: Date,
}

/// By what a house computes deadlines.
#[derive(Debug, Clone, Copy)]
pub struct House<'a> {
    pub limits: &'a Limits,
    pub calendar: &'a WorkingCalendar,
}

impl House<'_> {
    /// The `days`-th working day after `from`; never today, and never a day off.
    pub fn after(&self, from: Date, days: u16) -> Due {
        self.calendar.add_working_days(from, days.max(1))
    }

    /// How near a deadline is. A deadline that falls on a day off, because the calendar was changed since, is overdue only
    /// once a working day has passed.
    pub fn light(&self, due: Option<Date>, today: Date) -> Light {
        let Some(due) = due else { return Light::Calm };
        if today > due {
            return Light::Overdue;
        }
        match self.left(due, today) {
            0 => Light::Red,
            n if n <= u32::from(self.limits.amber_days) => Light::Amber,
            _ => Light::Calm,
        }
    }

    /// Working days after today up to the deadline; 0 when it is today or past.
    pub fn left(&self, due: Date, today: Date) -> u32 {
        self.calendar.working_days_between(today, due).days
    }

    /// Working days since the deadline.
    pub fn overdue_days(&self, due: Date, today: Date) -> u32 {
        self.calendar.working_days_between(due, today).days
    }
}

impl Case {
    /// What is to be done next; none when nothing is left to do.
    pub fn step(&self) -> Option<Step> {
        let is_set_aside = self.verdict.is_some_and(|v| v.is_set_aside());
        match self.stage {
            Stage::Received => Some(Step::Assign),
            Stage::Assigned => Some(Step::Verify),
            Stage::Rectifying => Some(Step::Rectify),
            Stage::Verified | Stage::Rectified => Some(Step::Reply),
            Stage::Replied if is_set_aside => Some(Step::Close),
            Stage::Replied => Some(Step::FollowUp),
            Stage::FollowedUp if self.needs_recheck() => Some(Step::Recheck),
            Stage::FollowedUp | Stage::Rechecked => Some(Step::Close),
            Stage::Closed | Stage::Withdrawn => None,
        }
    }

    /// Only what had to be put right is looked at a second time.
    pub(super) fn needs_recheck(&self) -> bool {
        self.verdict == Some(super::act::Verdict::Justified)
    }
}
