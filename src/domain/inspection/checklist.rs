//! What inspectors look at: a list of items that people keep as data, each version of it for ever.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::domain::board::Bilingual;
use crate::domain::id::TagCode;
use crate::domain::rating::coded;
use crate::domain::text::check_line;

/// Items of one list.
pub const MAX_ITEMS: usize = 40;
/// Characters of a list's title or a group's name.
pub const TITLE_CHARS: usize = 60;
/// Characters of an item.
pub const ITEM_CHARS: usize = 120;
/// The greatest weight of an item.
pub const MAX_WEIGHT: u8 = 100;
/// The best of a score.
pub const BEST_SCORE: u8 = 5;

coded! {
    /// How an item is answered.
    ItemKind {
        YesNo = "yes_no",
        /// 0 to 5.
        Score = "score",
        /// In words; has no weight.
        Note = "note",
    }
}

impl ItemKind {
    /// The best value; 0 where there is none.
    pub const fn best(self) -> u8 {
        match self {
            Self::YesNo => 1,
            Self::Score => BEST_SCORE,
            Self::Note => 0,
        }
    }
}

/// One thing to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckItem {
    /// Unique within its list, the same in all its versions.
    pub code: TagCode,
    /// What it belongs to: 亮身份, 服务态度 …
    pub group: Bilingual,
    pub text: Bilingual,
    pub kind: ItemKind,
    /// 1 to 100, of a note 0.
    pub weight: u8,
}

/// One version of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    pub title: Bilingual,
    pub items: Vec<CheckItem>,
}

/// What is wrong with a list; items count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChecklistFault {
    #[error("the title: 1 to {TITLE_CHARS} characters on one line")]
    Title,
    #[error("1 to {MAX_ITEMS} items, at least one of them with a weight")]
    Count,
    #[error("item {0}: group and text, each on one line, at most {TITLE_CHARS} and {ITEM_CHARS} characters")]
    Text(usize),
    #[error("item {0}: the weight is 1 to {MAX_WEIGHT}, and 0 of a note")]
    Weight(usize),
    #[error("item {0}: its code stands there twice")]
    Twice(usize),
}

impl Checklist {
    pub fn item(&self, code: &TagCode) -> Option<&CheckItem> {
        self.items.iter().find(|i| &i.code == code)
    }

    /// Everything that is wrong; empty: nothing.
    pub fn faults(&self) -> Vec<ChecklistFault> {
        let line = |text: &Bilingual, max| {
            check_line(&text.zh, max).is_ok() && text.en.as_ref().is_none_or(|en| check_line(en, max).is_ok())
        };
        let mut out = Vec::new();
        if !line(&self.title, TITLE_CHARS) {
            out.push(ChecklistFault::Title);
        }
        let weighs = self.items.iter().any(|i| i.kind != ItemKind::Note);
        if self.items.len() > MAX_ITEMS || !weighs {
            out.push(ChecklistFault::Count);
        }
        let mut codes = BTreeSet::new();
        for (n, item) in self.items.iter().take(MAX_ITEMS).enumerate().map(|(n, item)| (n + 1, item)) {
            if !line(&item.group, TITLE_CHARS) || !line(&item.text, ITEM_CHARS) {
                out.push(ChecklistFault::Text(n));
            }
            let is_weighed = if item.kind == ItemKind::Note { item.weight == 0 } else { item.weight > 0 };
            if !is_weighed || item.weight > MAX_WEIGHT {
                out.push(ChecklistFault::Weight(n));
            }
            if !codes.insert(item.code.as_str()) {
                out.push(ChecklistFault::Twice(n));
            }
        }
        out
    }
}
