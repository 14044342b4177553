//! Lists as files: CSV that every spreadsheet program reads and that runs nothing, and workbooks whose cells are texts.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

use super::columns::Listed;
use crate::centre::hall::whole::Hall;
use crate::words::Language;
use crate::words::hall::HallWords;

/// True for a text that a spreadsheet program would run.
pub(super) fn looks_like_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// What stands in the hall, one row an object.
pub fn rows<T: Listed>(hall: &Hall, language: Language) -> Vec<Vec<String>> {
    let standing = T::shelf(hall).iter().filter(|kept| kept.retired_on.is_none());
    standing.map(|kept| kept.value.to_row(language)).collect()
}

/// Headings, and under them the rows; UTF-8 with a byte-order mark, RFC 4180.
pub fn csv<T: Listed>(rows: &[Vec<String>], language: Language) -> Vec<u8> {
    let mut out = "\u{FEFF}".as_bytes().to_vec();
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut out);
    let headings = T::COLUMNS.iter().map(|c| (c.title)(HallWords(language)).into_owned()).collect();
    for row in std::iter::once(&headings).chain(rows) {
        let safe = row.iter().map(|text| match looks_like_formula(text) {
            true => format!("'{text}"),
            false => text.clone(),
        });
        // Writing into memory cannot fail, and every row is as long as the first.
        let _ = writer.write_record(safe);
    }
    drop(writer);
    out
}

/// A workbook: the list, and a sheet that says how to fill it in. Without rows it is the template.
///
/// # Errors
/// Those of the writer: texts beyond a cell's 32,767 characters.
pub fn xlsx<T: Listed>(rows: &[Vec<String>], language: Language) -> Result<Vec<u8>, XlsxError> {
    let words = HallWords(language);
    let mut book = Workbook::new();
    let list = book.add_worksheet();
    list.set_name(T::TITLE(words))?;
    // Every column is text: staff numbers keep their zeros, also in rows that are added by hand.
    let text = Format::new().set_num_format("@");
    let head = head_format();
    for (at, column) in (0_u16..).zip(T::COLUMNS) {
        let title = (column.title)(words);
        let cells = rows.iter().filter_map(|r| r.get(usize::from(at))).map(|t| t.width());
        let width = cells.chain([title.width() + 4, 10]).max().unwrap_or(10).min(50);
        list.set_column_width(at, width as f64)?;
        list.set_column_format(at, &text)?;
        let title = if column.required { format!("{title}*") } else { title.into_owned() };
        list.write_string_with_format(0, at, title, &head)?;
    }
    for (at, row) in (1_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(row) {
            list.write_string_with_format(at, column, cell, &text)?;
        }
    }
    list.set_freeze_panes(1, 1)?;
    explain::<T>(book.add_worksheet(), words)?;
    book.save_to_buffer()
}

fn explain<T: Listed>(sheet: &mut Worksheet, words: HallWords) -> Result<(), XlsxError> {
    sheet.set_name(words.about())?;
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (at, (title, width)) in (0_u16..).zip([(words.column(), 24), (words.needed(), 10), (words.meaning(), 90)]) {
        sheet.write_string_with_format(0, at, title, &head_format())?;
        sheet.set_column_width(at, f64::from(width))?;
    }
    for (row, column) in (1_u32..).zip(T::COLUMNS) {
        sheet.write_string_with_format(row, 0, (column.title)(words), &wrapped)?;
        let needed = if column.required { words.yes() } else { words.no() };
        sheet.write_string_with_format(row, 1, needed, &wrapped)?;
        sheet.write_string_with_format(row, 2, (column.hint)(words), &wrapped)?;
    }
    Ok(())
}

fn head_format() -> Format {
    let grey = Color::RGB(0x00EF_EFEF);
    Format::new().set_bold().set_border_bottom(FormatBorder::Thin).set_background_color(grey).set_num_format("@")
}
