//! The lists by name, for pages and for the interface: which columns, out, dry run, in.

use rust_xlsxwriter::XlsxError;

use super::columns::{Column, Listed};
use super::plan::{self, Absent, Plan};
use super::table::Table;
use super::write;
use crate::centre::hall::acts::Refused;
use crate::centre::hall::kinds::{Kind, by_type};
use crate::centre::hall::sitting::Sitting;
use crate::centre::hall::whole::Hall;
use crate::domain::board::{ServiceItem, ServiceWindow, StaffCard};
use crate::domain::rating::coded;
use crate::words::Language;
use crate::words::hall::HallWords;
use jiff::civil::Date;

coded! {
    /// A list that is kept in spreadsheets.
    List {
        Staff = "staff",
        Windows = "windows",
        Items = "items",
    }
}

coded! {
    /// A file's form.
    FileForm {
        Csv = "csv",
        Xlsx = "xlsx",
    }
}

impl FileForm {
    pub fn mime(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// Does one thing for whichever list it is.
macro_rules! for_list {
    ($list:expr, $of:ident => $work:expr) => {
        by_type!($list, $of => $work, {
            List::Staff => StaffCard,
            List::Windows => ServiceWindow,
            List::Items => ServiceItem,
        })
    };
}

impl List {
    pub fn kind(self) -> Kind {
        match self {
            Self::Staff => Kind::Staff,
            Self::Windows => Kind::ServiceWindow,
            Self::Items => Kind::Item,
        }
    }

    pub fn title(self, language: Language) -> String {
        for_list!(self, T => T::TITLE(HallWords(language)).into_owned())
    }

    pub fn columns(self) -> &'static [Column] {
        for_list!(self, T => T::COLUMNS)
    }

    /// The column of a code, as people call it.
    pub fn column_title(self, code: &str, language: Language) -> String {
        let column = self.columns().iter().find(|c| c.code == code);
        column.map_or_else(|| code.to_owned(), |c| (c.title)(HallWords(language)).into_owned())
    }

    /// What stands in the hall now; without a hall the template to fill in.
    ///
    /// # Errors
    /// Those of the writer of workbooks.
    pub fn file(self, hall: Option<&Hall>, form: FileForm, language: Language) -> Result<Vec<u8>, XlsxError> {
        for_list!(self, T => {
            let rows = hall.map(|hall| write::rows::<T>(hall, language)).unwrap_or_default();
            match form {
                FileForm::Csv => Ok(write::csv::<T>(&rows, language)),
                FileForm::Xlsx => write::xlsx::<T>(&rows, language),
            }
        })
    }

    /// The dry run.
    pub fn plan(self, hall: &Hall, table: &Table, absent: Absent, today: Date) -> Plan {
        for_list!(self, T => plan::plan::<T>(hall, table, absent, today))
    }

    /// Does what the dry run at `revision` has shown.
    ///
    /// # Errors
    /// As [`plan::apply`].
    pub fn apply(
        self,
        sitting: &mut Sitting<'_>,
        table: &Table,
        absent: Absent,
        revision: u64,
    ) -> Result<Plan, Refused> {
        for_list!(self, T => plan::apply::<T>(sitting, table, absent, revision))
    }
}
