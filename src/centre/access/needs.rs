//! A set of needs: what an interface token may be used for.

use crate::domain::role::Need;

/// Needs of a credential; a person's role narrows them further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs(u64);

impl Needs {
    pub const ALL: Self = Self(u64::MAX);

    pub const fn holds(self, need: Need) -> bool {
        self.0 & (1 << need as u32) != 0
    }

    /// Codes in the table's order, with commas; `*` for all.
    pub fn to_text(self) -> String {
        if self == Self::ALL {
            return "*".to_owned();
        }
        Need::ALL.iter().filter(|n| self.holds(**n)).map(|n| n.code()).collect::<Vec<_>>().join(",")
    }

    /// Codes that only a newer program knows give nothing here.
    pub fn of_text(text: &str) -> Self {
        if text == "*" {
            return Self::ALL;
        }
        text.split(',').filter_map(Need::from_code).collect()
    }
}

impl FromIterator<Need> for Needs {
    fn from_iter<I: IntoIterator<Item = Need>>(needs: I) -> Self {
        Self(needs.into_iter().fold(0, |all, need| all | 1 << need as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_kept_as_codes_and_read_back() {
        let some: Needs = [Need::Fleet, Need::Statistics].into_iter().collect();
        assert_eq!(some.to_text(), "statistics,fleet");
        assert_eq!(Needs::of_text("statistics,fleet,from_the_future"), some);
        assert!(some.holds(Need::Fleet) && !some.holds(Need::Unseal));
        assert_eq!(Needs::of_text(&Needs::ALL.to_text()), Needs::ALL);
        assert!(Need::ALL.iter().all(|&n| !Needs::of_text("").holds(n)));
    }
}
