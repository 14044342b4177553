//! A person who asks, and which halls are theirs.

use std::sync::Arc;

use crate::domain::id::{HallId, StaffNo};
use crate::domain::role::{Need, Role};

/// The part of the tree of units that a person reaches, resolved to halls. What lies outside answers as if it did not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    All,
    Halls(Arc<[HallId]>),
}

impl Reach {
    pub fn covers(&self, hall: &HallId) -> bool {
        match self {
            Self::All => true,
            Self::Halls(halls) => halls.contains(hall),
        }
    }

    /// Every hall of `other` is one of these.
    pub fn includes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All, _) => true,
            (Self::Halls(_), Self::All) => false,
            (Self::Halls(_), Self::Halls(theirs)) => theirs.iter().all(|hall| self.covers(hall)),
        }
    }

    /// None: every hall.
    pub fn halls(&self) -> Option<&[HallId]> {
        match self {
            Self::All => None,
            Self::Halls(halls) => Some(halls),
        }
    }
}

/// Somebody with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    pub account: i64,
    pub login: String,
    pub name: String,
    pub role: Role,
    pub reach: Reach,
    /// Whose figures a [`Role::Staff`] account sees.
    pub staff_no: Option<StaffNo>,
}

impl Who {
    /// Whoever works on the machine itself with `pingyi admin`.
    pub fn operator() -> Self {
        let login = "pingyi admin".to_owned();
        Self { account: 0, name: login.clone(), login, role: Role::SystemAdmin, reach: Reach::All, staff_no: None }
    }

    /// The centre itself, for what comes round by the calendar.
    pub fn clockwork() -> Self {
        Self { login: "pingyi".to_owned(), name: "自动".to_owned(), ..Self::operator() }
    }

    pub const fn may(&self, need: Need) -> bool {
        self.role.may(need)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn halls(names: &[&str]) -> Reach {
        Reach::Halls(names.iter().map(|n| HallId::new(n).unwrap()).collect())
    }

    #[test]
    fn a_reach_covers_its_halls_alone() {
        let own = halls(&["H1", "H2"]);
        assert!(own.covers(&HallId::new("H2").unwrap()) && !own.covers(&HallId::new("H3").unwrap()));
        assert!(Reach::All.covers(&HallId::new("H3").unwrap()));
        assert!(!halls(&[]).covers(&HallId::new("H1").unwrap()));
        assert_eq!(own.halls().map(<[_]>::len), Some(2));
    }

    #[test]
    fn nobody_gives_away_more_than_they_have() {
        assert!(Reach::All.includes(&halls(&["H1"])) && Reach::All.includes(&Reach::All));
        assert!(halls(&["H1", "H2"]).includes(&halls(&["H1"])));
        assert!(!halls(&["H1"]).includes(&halls(&["H1", "H2"])) && !halls(&["H1"]).includes(&Reach::All));
    }
}
