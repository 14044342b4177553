//! What is wrong with a table, by row and column.

use crate::centre::hall::kinds::Kind;
use crate::config::fault::Wrong;
use crate::words::Language;
use crate::words::hall::HallWords;

/// One fault of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// As the spreadsheet counts them: the headings are row 1. None: the whole table.
    pub row: Option<u32>,
    /// The column's code.
    pub column: Option<&'static str>,
    pub wrong: SheetWrong,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetWrong {
    Value(Wrong),
    /// An id that is unknown, but for zeros that a spreadsheet program has dropped.
    LostZeros {
        found: String,
        known: String,
    },
    CellError,
    UnknownColumn {
        heading: String,
        known: &'static [super::columns::Column],
    },
    MissingColumn,
    RepeatedColumn,
    RepeatedRow {
        first: u32,
    },
    /// The change would be felt at another object.
    Elsewhere {
        kind: Kind,
        id: String,
        wrong: Wrong,
    },
    TooManyRows {
        max: usize,
    },
    Empty,
}

impl SheetWrong {
    pub fn sentence(&self, language: Language) -> String {
        let words = HallWords(language);
        let told =
            |wrong: &Wrong| words.wrong_and_allowed(&wrong.wrong(language), &wrong.allowed(language)).into_owned();
        match self {
            Self::Value(wrong) => told(wrong),
            Self::LostZeros { found, known } => words.lost_zeros(found, known).into_owned(),
            Self::CellError => words.cell_error().into_owned(),
            Self::UnknownColumn { heading, known } => {
                let titles: Vec<_> = known.iter().map(|c| (c.title)(words)).collect();
                format!(
                    "{heading}: {}",
                    words.unknown_column(&titles.join(if language.is_english() { ", " } else { "、" }))
                )
            }
            Self::MissingColumn => words.missing_column().into_owned(),
            Self::RepeatedColumn => words.repeated_column().into_owned(),
            Self::RepeatedRow { first } => words.repeated_row(*first).into_owned(),
            Self::Elsewhere { kind, id, wrong } => words.used_elsewhere(kind.code(), id, &told(wrong)).into_owned(),
            Self::TooManyRows { max } => words.sheet_rows(*max).into_owned(),
            Self::Empty => words.sheet_empty().into_owned(),
        }
    }
}
