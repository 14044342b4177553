//! CSV for spreadsheets: UTF-8 with a byte-order mark, and no cell that a spreadsheet would run as a formula.

use super::{Grid, Value};

/// RFC 4180 with CRLF. Rates are shares from 0 to 1 with six digits.
pub fn csv(grid: &Grid) -> String {
    let mut out = String::from("\u{FEFF}");
    line(&mut out, grid.headings.iter().map(|h| quoted(h)));
    for row in &grid.rows {
        line(&mut out, row.iter().map(cell));
    }
    out
}

fn line(out: &mut String, cells: impl Iterator<Item = String>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            out.push(',');
        }
        out.push_str(&cell);
    }
    out.push_str("\r\n");
}

fn cell(value: &Value) -> String {
    match value {
        Value::Nothing => String::new(),
        Value::Text(text) => quoted(text),
        Value::Day(day) => day.to_string(),
        Value::Month(day) => day.strftime("%Y-%m").to_string(),
        Value::Count(n) => n.to_string(),
        // A number, and no formula: nothing but digits follows the sign.
        Value::Signed(n) => n.to_string(),
        Value::Mean(x) => format!("{x:.4}"),
        Value::Share(x) => format!("{x:.6}"),
    }
}

/// Quotes where the format needs it, and puts an apostrophe before text that begins like a formula, in half and full width.
fn quoted(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let safe = if formula { format!("'{text}") } else { text.to_owned() };
    if safe.contains([',', '"', '\r', '\n']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::super::{examples, grid};
    use super::*;
    use crate::words::Language;

    #[test]
    fn a_spreadsheet_reads_the_text_and_runs_nothing() {
        let text = csv(&grid(&examples::answer(), Language::Zh));
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert!(lines[0].starts_with("\u{FEFF}编号,工作人员,评价数,非常满意,"), "{}", lines[0]);
        assert!(lines[1].starts_with("0027,\"'=HYPERLINK(\"\"http://x\"\")\",20,19,0,0,0,1,0.950000,"), "{}", lines[1]);
        assert!(lines[2].starts_with("0028,\"阿卜杜热西提·买买提, \"\"阿\"\"\",20"), "{}", lines[2]);
        assert!(lines[3].starts_with("0031,赵敏,,,,"), "{}", lines[3]);
        assert!(lines[4].starts_with("total,合计,20"), "{}", lines[4]);
        assert_eq!(lines.len(), 6, "ends with a line break");
    }

    #[test]
    fn every_beginning_of_a_formula_is_disarmed() {
        for bad in ["=1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert!(quoted(bad).trim_start_matches('"').starts_with('\''), "{bad:?}");
        }
        assert_eq!(quoted("3 号 医保"), "3 号 医保");
    }
}
