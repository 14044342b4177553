//! What people call halls, windows and staff, for pages that show single objects: from the boards, else the code.

use super::site::Site;
use crate::domain::id::{HallId, StaffNo, TagCode, WindowId};
use crate::words::Language;

impl Site {
    pub fn hall_name(&self, hall: &HallId, language: Language) -> String {
        let boards = self.boards.get();
        boards.hall(hall).map_or_else(|| hall.to_string(), |h| h.board.hall.name.get(language.is_english()).to_owned())
    }

    /// `3 号 社会保险`
    pub fn window_name(&self, hall: &HallId, window: &WindowId, language: Language) -> String {
        let boards = self.boards.get();
        let found = boards.hall(hall).and_then(|h| h.board.window(window).cloned());
        found.map_or_else(
            || window.to_string(),
            |w| match language {
                Language::Zh => format!("{} 号 {}", w.number, w.name.zh),
                Language::En => format!("{} {}", w.number, w.name.get(true)),
            },
        )
    }

    /// `王晓 0027`
    pub fn staff_name(&self, hall: &HallId, staff: &StaffNo) -> String {
        let boards = self.boards.get();
        let found = boards.hall(hall).and_then(|h| h.board.staff(staff).map(|s| s.name.clone()));
        found.map_or_else(|| staff.to_string(), |name| format!("{name} {staff}"))
    }

    /// What the citizen chose, in today's words of the tag.
    pub fn tag_text(&self, hall: &HallId, tag: &TagCode, language: Language) -> String {
        let boards = self.boards.get();
        let found =
            boards.hall(hall).and_then(|h| h.board.tags.iter().find(|t| &t.code == tag).map(|t| t.text.clone()));
        found.map_or_else(|| tag.to_string(), |text| text.get(language.is_english()).to_owned())
    }
}
