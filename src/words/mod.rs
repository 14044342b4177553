//! Every sentence a person reads, typed: a missing translation does not compile. Chinese first, English second.
//!
//! Each file holds one audience's sentences in one `words!` table. Sentences with parts take arguments, so that word
//! order stays each language's own.

use crate::domain::rating::coded;

coded! {
    /// A language of screens and pages.
    Language {
        Zh = "zh-CN",
        En = "en",
    }
}

impl Language {
    pub fn is_english(self) -> bool {
        self == Self::En
    }

    /// The other one.
    #[must_use]
    pub fn toggled(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }
}

/// Makes one method a sentence on [`Language`]'s view of an audience:
/// `thanks() => "感谢", "Thank you";` or `left(n: u64) => "还剩 {n} 条", "{n} left";`
macro_rules! words {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$say:meta])* $fn:ident ( $($arg:ident : $ty:ty),* ) => $zh:literal, $en:literal;)+
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name(pub $crate::words::Language);

        #[allow(clippy::should_implement_trait, clippy::new_ret_no_self, reason = "sentences are named by what they say")]
        impl $name {
            $($(#[$say])* pub fn $fn(self $(, $arg: $ty)*) -> std::borrow::Cow<'static, str> {
                sentence!(self.0; $zh, $en; $($arg),*)
            })+

            /// Every sentence without arguments, for glyph coverage tests.
            #[cfg(test)]
            pub fn templates() -> Vec<&'static str> {
                vec![$($zh, $en),+]
            }
        }
    };
}

macro_rules! sentence {
    ($lang:expr; $zh:literal, $en:literal; ) => {
        match $lang {
            $crate::words::Language::Zh => std::borrow::Cow::Borrowed($zh),
            $crate::words::Language::En => std::borrow::Cow::Borrowed($en),
        }
    };
    ($lang:expr; $zh:literal, $en:literal; $($arg:ident),+) => {
        std::borrow::Cow::Owned(match $lang {
            $crate::words::Language::Zh => format!($zh),
            $crate::words::Language::En => format!($en),
        })
    };
}

pub mod accounts;
pub mod alerts;
pub mod audit;
pub mod campaign;
pub mod cases;
pub mod centre;
pub mod charts;
pub mod cli;
pub mod common;
pub mod comparison;
pub mod contests;
pub mod cycles;
pub mod dashboard;
pub mod editor;
pub mod entries;
pub mod fleet;
pub mod fulfilment;
pub mod hall;
pub mod inspections;
pub mod invite;
pub mod kiosk;
pub mod matters;
pub mod me;
pub mod overview;
pub mod phone;
pub mod public;
pub mod questions;
pub mod report;
pub mod reviews;
pub mod rules;
pub mod selections;
pub mod shell;
pub mod stats;
pub mod stories;
pub mod sync;
pub mod transfer;
pub mod verify;
