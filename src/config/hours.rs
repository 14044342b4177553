//! `[hours]`: opening periods by weekday, as people write them.

use super::fault::{Form, Wrong};
use super::reader::{Node, quoted};

pub use crate::domain::hours::{OpeningHours, Period};

/// Periods of one day at most.
const MAX_PERIODS: usize = 6;

/// Reads the seven weekdays of a table; one that is absent is closed.
pub(in crate::config) fn read(node: &Node<'_>) -> Option<OpeningHours> {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    Some(OpeningHours(DAYS.map(|day| {
        let periods = node.parsed_list::<Period>(day, MAX_PERIODS, Form::Hours);
        if let Some(pair) = periods.windows(2).find(|pair| pair[1].from_min < pair[0].to_min) {
            let found = format!("{:02}:{:02}", pair[1].from_min / 60, pair[1].from_min % 60);
            node.report(day, Wrong::Form { found: quoted(&found), wanted: Form::Hours });
        }
        periods
    })))
}
