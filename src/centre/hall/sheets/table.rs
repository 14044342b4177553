//! A table out of a file: CSV in UTF-8 or GB18030, or the first sheet of a workbook; all of it bounded.

use std::io::{Cursor, Read};

use calamine::{Data, Reader as _, Xlsx};

use super::columns::Listed;
use super::fault::{RowFault, SheetWrong};
use crate::domain::board::limits;
use crate::domain::rating::coded;

/// Bytes of a file.
pub const MAX_FILE_BYTES: usize = 8 * 1024 * 1024;
/// Bytes that a workbook may unpack to.
const MAX_UNPACKED_BYTES: u64 = 96 * 1024 * 1024;
/// Parts of a workbook.
const MAX_PARTS: usize = 500;
/// Rows of data.
pub const MAX_ROWS: usize = limits::STAFF;
const MAX_COLUMNS: usize = 40;
/// Characters of a cell; more than any field takes.
const CELL_CHARS: usize = 4_000;

coded! {
    /// How a file was read; shown with what it would change.
    Encoding {
        Utf8 = "utf-8",
        Gb18030 = "gb18030",
        Xlsx = "xlsx",
    }
}

/// Why a file is no table at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TableFault {
    #[error("is larger than {MAX_FILE_BYTES} bytes")]
    TooBig,
    #[error("is no CSV or XLSX table, or damaged")]
    Unreadable,
    #[error("has an encoding that is not recognised")]
    Encoding,
}

/// Rows of texts, headings first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub encoding: Encoding,
    rows: Vec<Row>,
    is_cut: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    number: u32,
    /// None: the cell holds an error.
    cells: Vec<Option<String>>,
}

/// One row under its headings; faults are noted as they are met.
pub struct Cells<'a> {
    pub row: u32,
    pub faults: &'a mut Vec<RowFault>,
    headings: &'a [Option<&'static str>],
    cells: &'a [Option<String>],
}

impl Table {
    /// Reads a file by its content, whatever it is called.
    ///
    /// # Errors
    /// [`TableFault`]
    pub fn read(bytes: &[u8]) -> Result<Self, TableFault> {
        match bytes {
            _ if bytes.len() > MAX_FILE_BYTES => Err(TableFault::TooBig),
            [b'P', b'K', 3, 4, ..] => workbook(bytes),
            _ => {
                let (text, encoding) = decoded(bytes)?;
                separated(&text, encoding)
            }
        }
    }

    /// Every row as it stands, headings first: its number and its texts; none for a cell that holds an error.
    pub fn lines(&self) -> impl Iterator<Item = (u32, &[Option<String>])> {
        self.rows.iter().map(|row| (row.number, row.cells.as_slice()))
    }

    /// Hands every row to `take`, under headings that must be the columns of a list.
    pub(super) fn each<T: Listed>(&self, faults: &mut Vec<RowFault>, mut take: impl FnMut(&mut Cells<'_>)) {
        let Some((head, rows)) = self.rows.split_first() else {
            return faults.push(RowFault { row: None, column: None, wrong: SheetWrong::Empty });
        };
        let headings = headings::<T>(head, faults);
        if self.is_cut {
            let wrong = SheetWrong::TooManyRows { max: MAX_ROWS };
            faults.push(RowFault { row: None, column: None, wrong });
        }
        if rows.is_empty() {
            faults.push(RowFault { row: None, column: None, wrong: SheetWrong::Empty });
        }
        if headings.iter().flatten().next().is_none() {
            return;
        }
        for row in rows {
            let (number, cells) = (row.number, &row.cells);
            for (at, heading) in headings.iter().enumerate().filter(|(at, _)| cells.get(*at) == Some(&None)) {
                let _ = at;
                faults.push(RowFault { row: Some(number), column: *heading, wrong: SheetWrong::CellError });
            }
            take(&mut Cells { row: number, faults, headings: &headings, cells });
        }
    }
}

impl Cells<'_> {
    /// The cell of a column; none when the table has no such column.
    pub fn get(&self, code: &str) -> Option<&str> {
        let at = self.headings.iter().position(|h| *h == Some(code))?;
        Some(self.cells.get(at).and_then(Option::as_deref).unwrap_or_default())
    }
}

/// Which column each heading names: by its code or its title in any language.
fn headings<T: Listed>(head: &Row, faults: &mut Vec<RowFault>) -> Vec<Option<&'static str>> {
    use crate::words::Language;
    use crate::words::hall::HallWords;
    let plain = |text: &str| text.trim_matches(['*', '＊', ' ']).to_lowercase();
    let mut out: Vec<Option<&'static str>> = Vec::new();
    for cell in &head.cells {
        let text = plain(cell.as_deref().unwrap_or_default());
        let is_it = |column: &&super::columns::Column| {
            column.code == text || Language::ALL.iter().any(|l| plain(&(column.title)(HallWords(*l))) == text)
        };
        let found = T::COLUMNS.iter().find(is_it).map(|c| c.code);
        let wrong = match found {
            Some(code) if out.contains(&Some(code)) => Some(SheetWrong::RepeatedColumn),
            None if !text.is_empty() => {
                let heading = text.chars().take(40).collect();
                Some(SheetWrong::UnknownColumn { heading, known: T::COLUMNS })
            }
            _ => None,
        };
        faults.extend(wrong.map(|wrong| RowFault { row: Some(head.number), column: found, wrong }));
        out.push(found);
    }
    for column in T::COLUMNS.iter().filter(|c| c.required && !out.contains(&Some(c.code))) {
        let wrong = SheetWrong::MissingColumn;
        faults.push(RowFault { row: Some(head.number), column: Some(column.code), wrong });
    }
    out
}

/// UTF-8, with or without its mark, else GB18030; other marks and nonsense are refused.
fn decoded(bytes: &[u8]) -> Result<(String, Encoding), TableFault> {
    let rest = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(rest) {
        return if text.contains('\0') { Err(TableFault::Unreadable) } else { Ok((text.to_owned(), Encoding::Utf8)) };
    }
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(TableFault::Encoding);
    }
    let text = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes);
    match text {
        // Pictures and the like may pass as GB18030, and are full of controls.
        Some(text) if !text.chars().any(|c| c.is_control() && !matches!(c, '\r' | '\n' | '\t')) => {
            Ok((text.into_owned(), Encoding::Gb18030))
        }
        _ => Err(TableFault::Encoding),
    }
}

fn separated(text: &str, encoding: Encoding) -> Result<Table, TableFault> {
    let first = text.lines().next().unwrap_or_default();
    let count = |c: u8| first.bytes().filter(|b| *b == c).count();
    let delimiter = [b',', b'\t', b';'].into_iter().rev().max_by_key(|c| count(*c)).unwrap_or(b',');
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut table = Table { encoding, rows: Vec::new(), is_cut: false };
    let mut record = csv::StringRecord::new();
    let mut number = 0;
    while reader.read_record(&mut record).map_err(|_| TableFault::Unreadable)? {
        number += 1;
        let cells = record.iter().take(MAX_COLUMNS).map(|cell| Some(own(cell))).collect();
        if !table.take(Row { number, cells }) {
            break;
        }
    }
    Ok(table)
}

fn workbook(bytes: &[u8]) -> Result<Table, TableFault> {
    weigh(bytes)?;
    let unreadable = |_| TableFault::Unreadable;
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(unreadable)?;
    let name = book.sheet_names().first().cloned().ok_or(TableFault::Unreadable)?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(unreadable)?;
    let mut table = Table { encoding: Encoding::Xlsx, rows: Vec::new(), is_cut: false };
    let mut row = Row { number: 0, cells: Vec::new() };
    // Cell by cell: a single one far down would otherwise stand for millions of empty ones.
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        let (at, column) = cell.get_position();
        let number = at.saturating_add(1);
        if number != row.number {
            if number < row.number {
                return Err(TableFault::Unreadable);
            }
            if !table.take(std::mem::replace(&mut row, Row { number, cells: Vec::new() })) {
                return Ok(table);
            }
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column < MAX_COLUMNS {
            row.cells.resize(row.cells.len().max(column + 1), Some(String::new()));
            row.cells[column] = text_of(&Data::from(cell.get_value().clone()));
        }
    }
    table.take(row);
    Ok(table)
}

/// Unpacks every part once into nothing: sizes that a file states of itself are not believed.
fn weigh(bytes: &[u8]) -> Result<(), TableFault> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| TableFault::Unreadable)?;
    if archive.len() > MAX_PARTS {
        return Err(TableFault::TooBig);
    }
    let mut left = MAX_UNPACKED_BYTES;
    for part in 0..archive.len() {
        let file = archive.by_index(part).map_err(|_| TableFault::Unreadable)?;
        let read = std::io::copy(&mut file.take(left + 1), &mut std::io::sink());
        left = left.checked_sub(read.map_err(|_| TableFault::Unreadable)?).ok_or(TableFault::TooBig)?;
    }
    Ok(())
}

impl Table {
    /// Keeps a row that says anything; false when there are too many.
    fn take(&mut self, row: Row) -> bool {
        let is_empty = row.cells.iter().all(|c| c.as_ref().is_some_and(String::is_empty));
        if is_empty {
            return true;
        }
        if self.rows.len() > MAX_ROWS {
            self.is_cut = true;
            return false;
        }
        self.rows.push(row);
        true
    }
}

/// Without the spaces around it, and without the apostrophe that keeps a spreadsheet from running it.
fn own(cell: &str) -> String {
    let text: String = cell.trim().chars().take(CELL_CHARS).collect();
    match text.strip_prefix('\'') {
        Some(rest) if super::write::looks_like_formula(rest) => rest.to_owned(),
        _ => text,
    }
}

fn text_of(cell: &Data) -> Option<String> {
    match cell {
        Data::String(text) => Some(own(text)),
        Data::Int(n) => Some(n.to_string()),
        Data::Float(n) => Some(n.to_string()),
        Data::Bool(yes) => Some(yes.to_string()),
        Data::Empty => Some(String::new()),
        Data::DateTime(day) => Some(day.as_f64().to_string()),
        Data::DateTimeIso(text) | Data::DurationIso(text) => Some(own(text)),
        Data::Error(_) => None,
    }
}
