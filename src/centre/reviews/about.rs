//! What a review is about: a pledge, a window or a person, as a key in addresses and tables.

use crate::centre::site::Site;
use crate::domain::appraisal::Subject;
use crate::domain::board::Board;
use crate::domain::id::{HallId, PledgeId};
use crate::words::Language;

/// What a leader reviews.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    Pledge { hall: HallId, pledge: PledgeId },
    Of(Subject),
}

impl About {
    pub const fn hall(&self) -> &HallId {
        match self {
            Self::Pledge { hall, .. } => hall,
            Self::Of(subject) => subject.hall(),
        }
    }

    /// `pledge:H01:P1`, `window:H01:W03`, `staff:H01:0027`
    pub fn key(&self) -> String {
        match self {
            Self::Pledge { hall, pledge } => format!("pledge:{hall}:{pledge}"),
            Self::Of(subject) => subject.key(),
        }
    }

    /// What [`About::key`] wrote, or none.
    pub fn of_key(key: &str) -> Option<Self> {
        let Some(rest) = key.strip_prefix("pledge:") else { return Subject::of_key(key).map(Self::Of) };
        let (hall, pledge) = rest.split_once(':')?;
        Some(Self::Pledge { hall: HallId::new(hall).ok()?, pledge: PledgeId::new(pledge).ok()? })
    }

    /// Whether it stands on the hall's board.
    pub fn is_on(&self, board: &Board) -> bool {
        match self {
            Self::Pledge { pledge, .. } => board.pledges.iter().any(|p| &p.id == pledge),
            Self::Of(Subject::ServiceWindow { service_window, .. }) => board.window(service_window).is_some(),
            Self::Of(Subject::Staff { staff_no, .. }) => board.staff(staff_no).is_some(),
        }
    }

    /// The window or person that a score counts for: a personal pledge's is its person's.
    pub fn counts_for(&self, board: &Board) -> Option<Subject> {
        match self {
            Self::Of(subject) => Some(subject.clone()),
            Self::Pledge { hall, pledge } => {
                let found = board.pledges.iter().find(|p| &p.id == pledge)?;
                let staff_no = found.staff_no.clone()?;
                Some(Subject::Staff { hall: hall.clone(), staff_no })
            }
        }
    }

    /// What people call it.
    pub fn name(&self, site: &Site, language: Language) -> String {
        match self {
            Self::Of(Subject::ServiceWindow { hall, service_window }) => {
                site.window_name(hall, service_window, language)
            }
            Self::Of(Subject::Staff { hall, staff_no }) => site.staff_name(hall, staff_no),
            Self::Pledge { hall, pledge } => {
                let boards = site.boards.get();
                let found = boards.hall(hall).and_then(|h| h.board.pledges.iter().find(|p| &p.id == pledge).cloned());
                found.map_or_else(|| pledge.to_string(), |p| p.text.get(language.is_english()).to_owned())
            }
        }
    }

    /// The page of the hall on which it is kept.
    pub fn page(&self) -> String {
        match self {
            Self::Pledge { hall, pledge } => format!("/halls/{hall}/pledges/{pledge}"),
            Self::Of(Subject::ServiceWindow { hall, service_window }) => {
                format!("/halls/{hall}/windows/{service_window}")
            }
            Self::Of(Subject::Staff { hall, staff_no }) => format!("/halls/{hall}/staff/{staff_no}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_back() {
        for key in ["pledge:H01:P1", "window:H01:W03", "staff:H01:0027"] {
            assert_eq!(About::of_key(key).unwrap().key(), key);
        }
        for bad in ["", "pledge:", "pledge:H01", "pledge:H 1:P1", "hall:H01", "staff:H01:"] {
            assert_eq!(About::of_key(bad), None, "{bad}");
        }
    }
}
