//! What opened a case. One origin opens one case, however often it is told.

use serde::{Deserialize, Serialize};

use crate::domain::id::{PledgeId, WindowId};

/// Where a case comes from; the hall stands beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Origin {
    /// 差评: the ledger's row at the centre, and the visit within it.
    NegativeRating { ledger: i64, visit: u64 },
    /// An order (限期整改) of an inspection.
    Finding { inspection: i64, finding: i64 },
    /// A pledge that was not kept at a window (the unit's everywhere: none), in a period as it is shown: `2026-11`.
    UnkeptPledge { pledge: PledgeId, service_window: Option<WindowId>, period: String },
}

impl Origin {
    /// What is unique within a hall: `rating:12:70001`.
    pub fn key(&self) -> String {
        match self {
            Self::NegativeRating { ledger, visit } => format!("rating:{ledger}:{visit}"),
            Self::Finding { inspection, finding } => format!("finding:{inspection}:{finding}"),
            Self::UnkeptPledge { pledge, service_window, period } => {
                let place = service_window.as_ref().map_or("-", WindowId::as_str);
                format!("pledge:{pledge}:{place}:{period}")
            }
        }
    }

    /// Its kind's code: `rating`, `finding`, `pledge`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NegativeRating { .. } => "rating",
            Self::Finding { .. } => "finding",
            Self::UnkeptPledge { .. } => "pledge",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_tell_origins_apart() {
        let pledge = |service_window: Option<&str>| Origin::UnkeptPledge {
            pledge: PledgeId::new("P1").unwrap(),
            service_window: service_window.map(|w| WindowId::new(w).unwrap()),
            period: "2026-11".to_owned(),
        };
        let all = [
            Origin::NegativeRating { ledger: 1, visit: 12 },
            Origin::NegativeRating { ledger: 11, visit: 2 },
            Origin::Finding { inspection: 1, finding: 12 },
            pledge(None),
            pledge(Some("W01")),
        ];
        let keys: std::collections::BTreeSet<_> = all.iter().map(Origin::key).collect();
        assert_eq!(keys.len(), all.len(), "{keys:?}");
        for origin in all {
            assert!(origin.key().starts_with(origin.code()));
            let text = serde_json::to_string(&origin).unwrap();
            assert_eq!(serde_json::from_str::<Origin>(&text).unwrap(), origin);
        }
    }
}
