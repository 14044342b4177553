//! What a board gives a screen to show before anything has happened on the glass. The flow adds the visit to it; a picture
//! of a board that nobody is served yet takes it as it is.

use std::sync::Arc;

use jiff::civil::Date;

use super::view::{Card, Hall, Reasons, Screen, Standby, View};
use crate::domain::board::{Bilingual, Board, Honour, ServiceWindow, StaffCard};
use crate::domain::rating::Satisfaction;
use crate::words::Language;

/// Honours on the standby screen.
const MAX_STANDBY_HONOURS: usize = 12;

impl Card {
    /// The card of `staff` at `window` on `today`; none while the clock is not to be believed: then nothing has expired.
    pub fn of(board: &Board, window: &Arc<ServiceWindow>, staff: &Arc<StaffCard>, today: Option<Date>) -> Self {
        let honours = staff.honours.iter().chain(&window.honours);
        Self {
            window: Arc::clone(window),
            staff: Arc::clone(staff),
            honours: honours.filter(|h| is_valid(h, today)).cloned().collect(),
            pledges: board.pledges_of(Some(&staff.staff_no)).cloned().collect(),
            item: None,
            case_no: None,
            prompted: false,
            seconds_left: None,
            qr: None,
        }
    }
}

impl Standby {
    /// Notices of `today`, and the honours of the window and of all who may sign in there.
    pub fn of(board: &Board, window: &Arc<ServiceWindow>, today: Option<Date>) -> Self {
        let own = (window.name.clone(), &window.honours);
        let here = |s: &&StaffCard| s.windows.is_empty() || s.windows.contains(&window.id);
        let people = board.staff.iter().filter(here).map(|s| (named(s), &s.honours));
        let honours = std::iter::once(own).chain(people).flat_map(|(name, honours)| {
            honours.iter().filter(|h| is_valid(h, today)).map(move |h| (name.clone(), h.clone()))
        });
        let is_current = |from: Date, until: Date| today.is_none_or(|today| (from..=until).contains(&today));
        Self {
            window: Arc::clone(window),
            notices: board.notices.iter().filter(|n| is_current(n.from, n.until)).cloned().collect(),
            honours: honours.take(MAX_STANDBY_HONOURS).collect(),
            results: Vec::new(),
            witness: None,
        }
    }
}

impl Reasons {
    /// What is offered after `level`, nothing chosen yet.
    pub fn of(board: &Board, level: Satisfaction, seconds_left: u32) -> Self {
        let tags = board.tags_for(level).cloned().collect();
        Self { level, tags, chosen: Vec::new(), seconds_left, may_revise: true }
    }
}

impl View {
    /// `screen` in `board`'s hall, as a kiosk shows it that has nothing to report.
    pub fn of(board: &Board, screen: Screen, language: Language, senior: bool, clock: Option<String>) -> Self {
        let (hall, sync) = (Hall::from(board), super::event::SyncStatus::default());
        Self { screen, generation: 1, language, senior, hall, sync, clock }
    }
}

/// A person's name, in Latin letters too where the card has them.
fn named(card: &StaffCard) -> Bilingual {
    Bilingual { zh: card.name.clone(), en: card.name_en.clone() }
}

fn is_valid(honour: &Honour, today: Option<Date>) -> bool {
    today.is_none_or(|today| today <= honour.until)
}
