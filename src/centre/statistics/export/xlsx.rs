//! XLSX: real numbers, percentages and dates, a header that stays, and a second sheet that says what was asked.

use jiff::civil::Date;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

use super::{Grid, Value};

/// What the second sheet says: one line each, title and text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    pub sheet: String,
    pub lines: Vec<(String, String)>,
}

/// Writes the workbook.
///
/// # Errors
/// Those of the writer: texts beyond a cell's 32,767 characters.
pub fn xlsx(grid: &Grid, sheet: &str, provenance: &Provenance) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let table = book.add_worksheet();
    table.set_name(sheet)?;
    write_table(table, grid)?;
    let about = book.add_worksheet();
    about.set_name(&provenance.sheet)?;
    let title = Format::new().set_bold().set_align(FormatAlign::Top);
    let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    about.set_column_width(0, 22)?;
    about.set_column_width(1, 90)?;
    for (at, (name, value)) in provenance.lines.iter().enumerate() {
        let row = u32::try_from(at).unwrap_or(u32::MAX);
        about.write_string_with_format(row, 0, name, &title)?;
        about.write_string_with_format(row, 1, value, &text)?;
    }
    book.save_to_buffer()
}

fn write_table(table: &mut Worksheet, grid: &Grid) -> Result<(), XlsxError> {
    let head = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
        .set_border_bottom(FormatBorder::Thin);
    let plain = [Format::new(), Format::new().set_bold().set_border_top(FormatBorder::Thin)];
    let formats = |base: &Format| {
        let with = |pattern: &str| base.clone().set_num_format(pattern);
        [
            base.clone(),
            with("yyyy-mm-dd"),
            with("#,##0"),
            with("0.00"),
            with("0.0%"),
            with("yyyy-mm"),
            with("+#,##0;-#,##0;0"),
        ]
    };
    let formats = plain.map(|p| formats(&p));
    for (column, heading) in (0_u16..).zip(&grid.headings) {
        table.write_string_with_format(0, column, heading, &head)?;
        table.set_column_width(column, width(grid, usize::from(column)))?;
    }
    table.set_row_height(0, 32)?;
    table.set_freeze_panes(1, 2)?;
    for (at, cells) in (1_u32..).zip(&grid.rows) {
        let [text, day, count, mean, share, month, signed] = &formats[usize::from(at as usize == grid.rows.len())];
        for (column, value) in (0_u16..).zip(cells) {
            match value {
                Value::Nothing => table.write_blank(at, column, text)?,
                // Written as text: a spreadsheet does not run it.
                Value::Text(t) => table.write_string_with_format(at, column, t, text)?,
                Value::Day(d) => table.write_datetime_with_format(at, column, dated(*d)?, day)?,
                Value::Month(d) => table.write_datetime_with_format(at, column, dated(*d)?, month)?,
                Value::Signed(n) => table.write_number_with_format(at, column, *n as f64, signed)?,
                Value::Count(n) => table.write_number_with_format(at, column, *n as f64, count)?,
                Value::Mean(x) => table.write_number_with_format(at, column, *x, mean)?,
                Value::Share(x) => table.write_number_with_format(at, column, *x, share)?,
            };
        }
    }
    let last_row = u32::try_from(grid.rows.len()).unwrap_or(u32::MAX);
    let last_column = u16::try_from(grid.headings.len().saturating_sub(1)).unwrap_or(u16::MAX);
    // The total does not take part in sorting and filtering.
    if last_row > 1 {
        table.autofilter(0, 0, last_row - 1, last_column)?;
    }
    Ok(())
}

fn dated(day: Date) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(day.year()).unwrap_or(1900);
    ExcelDateTime::from_ymd(year, day.month().unsigned_abs(), day.day().unsigned_abs())
}

fn width(grid: &Grid, column: usize) -> f64 {
    let texts = grid.rows.iter().filter_map(|r| match r.get(column) {
        Some(Value::Text(t)) => Some(t.width()),
        _ => None,
    });
    let heading = grid.headings.get(column).map_or(0, |h| h.width().div_ceil(2));
    texts.chain([heading, 10]).max().unwrap_or(8).min(48) as f64 + 2.0
}

#[cfg(test)]
mod tests {
    use super::super::{examples, grid};
    use super::*;
    use crate::words::Language;

    #[test]
    fn a_workbook_is_written_whole_and_twice_the_same_size() {
        let grid = grid(&examples::answer(), Language::Zh);
        let about = Provenance { sheet: "说明".to_owned(), lines: vec![("时间".to_owned(), "2026".to_owned())] };
        let bytes = xlsx(&grid, "统计", &about).unwrap();
        assert_eq!(&bytes[..4], b"PK\x03\x04");
        assert!(bytes.len() > 4_000);
    }
}
