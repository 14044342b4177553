//! 评价: levels, channels, and the signals that flag a rating without dropping it.

use serde::{Deserialize, Serialize};

/// A closed list with one code used in database, wire, configuration and exports.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant,)+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use coded;

coded! {
    /// 等级, best first.
    Satisfaction {
        /// 非常满意
        VerySatisfied = "very_satisfied",
        /// 满意
        Satisfied = "satisfied",
        /// 基本满意
        BasicallySatisfied = "basically_satisfied",
        /// 不满意
        Dissatisfied = "dissatisfied",
        /// 非常不满意
        VeryDissatisfied = "very_dissatisfied",
    }
}

impl Satisfaction {
    /// 5 for the best, 1 for the worst.
    pub const fn level(self) -> u8 {
        5 - self as u8
    }

    pub const fn from_level(level: u8) -> Option<Self> {
        match level {
            5 => Some(Self::VerySatisfied),
            4 => Some(Self::Satisfied),
            3 => Some(Self::BasicallySatisfied),
            2 => Some(Self::Dissatisfied),
            1 => Some(Self::VeryDissatisfied),
            _ => None,
        }
    }

    /// 差评: the lowest two levels.
    pub const fn is_negative(self) -> bool {
        self.level() <= 2
    }
}

coded! {
    /// 渠道
    Channel {
        Kiosk = "kiosk",
        Phone = "phone",
        Business = "business",
    }
}

coded! {
    /// A hint that a rating may not be what it seems. Signals flag; nothing is dropped.
    Signal {
        /// Came within seconds of the rating before it at the same kiosk.
        Rapid = "rapid",
        /// Pressed sooner than a person can read the screen.
        Dwell = "dwell",
        /// The same pixel as the rating before.
        SamePixel = "same_pixel",
        /// Outside the hall's opening hours.
        OutsideHours = "outside_hours",
        /// No invitation, and no visit that staff or business system had opened.
        Unserved = "unserved",
        /// A second rating for the same visit by another channel; the first one counts.
        Second = "second",
        /// Came after the ticket's or the visit's time.
        Late = "late",
    }
}

/// A set of [`Signal`]s, as a list of codes on the wire and as bits in a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Signal>", into = "Vec<Signal>")]
pub struct Signals(u16);

impl Signals {
    pub const NONE: Self = Self(0);

    pub const fn is_empty(&self) -> bool {
        self.0 == 0
    }

    #[must_use]
    pub const fn with(self, signal: Signal) -> Self {
        Self(self.0 | 1 << signal as u16)
    }

    pub const fn has(self, signal: Signal) -> bool {
        self.0 & (1 << signal as u16) != 0
    }

    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub const fn bits(self) -> u16 {
        self.0
    }

    /// Bits that name no signal are ignored.
    pub fn from_bits(bits: u16) -> Self {
        Signal::ALL.iter().copied().filter(|&s| Self(bits).has(s)).collect()
    }

    pub fn iter(self) -> impl Iterator<Item = Signal> {
        Signal::ALL.iter().copied().filter(move |&s| self.has(s))
    }
}

impl FromIterator<Signal> for Signals {
    fn from_iter<I: IntoIterator<Item = Signal>>(signals: I) -> Self {
        signals.into_iter().fold(Self::NONE, Self::with)
    }
}

impl From<Vec<Signal>> for Signals {
    fn from(signals: Vec<Signal>) -> Self {
        signals.into_iter().collect()
    }
}

impl From<Signals> for Vec<Signal> {
    fn from(signals: Signals) -> Self {
        signals.iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_run_from_five_to_one_and_back() {
        for (&s, level) in Satisfaction::ALL.iter().zip([5, 4, 3, 2, 1]) {
            assert_eq!(s.level(), level);
            assert_eq!(Satisfaction::from_level(level), Some(s));
            assert_eq!(Satisfaction::from_code(s.code()), Some(s));
            assert_eq!(s.is_negative(), level <= 2);
            assert_eq!(serde_json::to_value(s).unwrap(), s.code());
        }
        assert_eq!(Satisfaction::from_level(0), None);
    }

    #[test]
    fn signals_survive_wire_and_store() {
        let set: Signals = [Signal::Rapid, Signal::Late].into_iter().collect();
        let json = serde_json::to_string(&set).unwrap();
        assert_eq!(json, r#"["rapid","late"]"#);
        assert_eq!(serde_json::from_str::<Signals>(&json).unwrap(), set);
        assert_eq!(Signals::from_bits(set.bits() | 0x8000), set);
    }
}
