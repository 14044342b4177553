//! Identifiers of the hall: short texts, each with a type of its own.

use serde::{Deserialize, Deserializer, Serialize};

/// Why a text is no identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {what}: {allowed}")]
pub struct InvalidId {
    pub what: &'static str,
    pub text: String,
    pub allowed: &'static str,
}

const CODE_RULE: &str = "1 to 32 of A–Z a–z 0–9 . _ -";
const CASE_RULE: &str = "1 to 64 printable ASCII characters without spaces";

fn is_code(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

fn is_case_no(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

macro_rules! text_id {
    ($($(#[$doc:meta])* $name:ident, $what:literal, $check:ident, $rule:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(std::sync::Arc<str>);

        impl $name {
            /// Checks and takes the text.
            ///
            /// # Errors
            /// [`InvalidId`] says what is allowed.
            pub fn new(text: &str) -> Result<Self, InvalidId> {
                if $check(text) {
                    Ok(Self(text.into()))
                } else {
                    let text = text.chars().take(80).collect();
                    Err(InvalidId { what: $what, text, allowed: $rule })
                }
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
                Self::new(&text).map_err(serde::de::Error::custom)
            }
        }
    )+};
}

text_id! {
    /// The touchscreen device at one window, as the centre names it: `K03`.
    KioskId, "a kiosk id", is_code, CODE_RULE;
    /// 大厅: where windows stand.
    HallId, "a hall id", is_code, CODE_RULE;
    /// 窗口: one counter of a hall: `W03`.
    WindowId, "a window id", is_code, CODE_RULE;
    /// 工号.
    StaffNo, "a staff number", is_code, CODE_RULE;
    /// 服务事项's code.
    ItemCode, "a service item code", is_code, CODE_RULE;
    /// 承诺's id; its versions share it.
    PledgeId, "a pledge id", is_code, CODE_RULE;
    /// A reason tag's code.
    TagCode, "a reason tag code", is_code, CODE_RULE;
    /// A notice's id.
    NoticeId, "a notice id", is_code, CODE_RULE;
    /// A playlist's id: notices shown together for some days.
    PlaylistId, "a playlist id", is_code, CODE_RULE;
    /// The id of one granted honour.
    HonourId, "an honour's id", is_code, CODE_RULE;
    /// 办件编号: the business system's number of one piece of business.
    CaseNo, "a case number", is_case_no, CASE_RULE;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_checked_also_when_they_come_by_serde() {
        assert!(WindowId::new("W03").is_ok());
        for bad in ["", "W 3", "窗口", "a/b", &"x".repeat(33)] {
            assert!(WindowId::new(bad).is_err(), "{bad}");
            assert!(serde_json::from_value::<WindowId>(bad.into()).is_err(), "{bad}");
        }
        assert_eq!(serde_json::to_string(&StaffNo::new("0027").unwrap()).unwrap(), "\"0027\"");
    }

    #[test]
    fn a_case_number_takes_slashes_but_no_spaces() {
        assert!(CaseNo::new("2026/WD-00017").is_ok());
        assert!(CaseNo::new("2026 17").is_err());
    }
}
