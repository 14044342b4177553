//! A comparison as a file: CSV, or a workbook whose second sheet says how it was made.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::asked::Answered;
use super::page::{count, name, rank, shown};
use crate::centre::access::StatisticsReader;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::paging::Paging;
use crate::centre::statistics::api::Reading;
use crate::centre::statistics::asked::Format;
use crate::centre::statistics::export::{self, Grid, Provenance, Value};
use crate::domain::comparison::{Measure, Standing};
use crate::words::comparison::{self as words, Comparisons};

/// Notes in the audit log that it leaves, and writes it.
///
/// # Errors
/// [`ErrorCode::BadQuery`] for another format; those of the writer.
pub async fn written(
    at: &Paging<'_>,
    reader: StatisticsReader,
    a: &Answered,
    format: &str,
) -> Result<Response, ApiFault> {
    let format = match format {
        "csv" => Format::Csv,
        "xlsx" => Format::Xlsx,
        _ => return Err(ApiFault::telling(ErrorCode::BadQuery, &"format: csv or xlsx")),
    };
    let reading = Reading::new(at.site, reader, at.language());
    reading.note_export(at.site, a.question.address().trim_start_matches('/'), format).await?;
    let grid = grid(at, a);
    let w = Comparisons(at.language());
    let (kind, bytes) = match format {
        Format::Xlsx => {
            let bytes = export::xlsx(&grid, &w.title(), &about(at, a));
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            (kind, bytes.map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?)
        }
        _ => ("text/csv; charset=utf-8", export::csv(&grid).into_bytes()),
    };
    let (aspect, period) = (a.question.aspect.code(), a.question.period);
    let name = format!("attachment; filename=\"pingyi-{aspect}-{}-{period}.{}\"", a.question.by(), format.code());
    let disposition = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, bytes).into_response())
}

/// Headings and rows, the total last.
fn grid(at: &Paging<'_>, a: &Answered) -> Grid {
    let (w, language) = (Comparisons(at.language()), at.language());
    let measures: Vec<Measure> = Measure::of(a.question.aspect).filter(|m| shown(a, *m)).collect();
    let mut headings: Vec<String> =
        [w.key(), w.compared(), w.hall(), w.place(), w.index()].map(|h| h.into_owned()).into();
    headings.extend([w.low_of(&w.index()), w.high_of(&w.index())].map(|h| h.into_owned()));
    for &measure in &measures {
        let of = words::measure(language, measure);
        headings.extend([of.clone(), w.low_of(&of), w.high_of(&of), w.n_of(&of)].map(|h| h.into_owned()));
    }
    headings.push(w.served().into_owned());
    let mut rows = Vec::new();
    for (place, standing) in &a.comparison.order {
        let Some(compared) = a.all.get(*place) else { continue };
        let number = |v: Option<f64>| v.map_or(Value::Nothing, Value::Mean);
        let said = rank(w, standing).unwrap_or_else(|| match standing {
            Standing::Incomplete { .. } => w.incomplete().into_owned(),
            _ => w.too_few().into_owned(),
        });
        let hall = compared.subject.hall();
        let texts = [compared.subject.key(), name(at, &compared.subject), at.site.hall_name(hall, language), said];
        let mut cells: Vec<Value> = texts.into_iter().map(Value::Text).collect();
        let index = standing.index();
        cells.extend([index.map(|e| e.value), index.map(|e| e.low), index.map(|e| e.high)].map(number));
        for measure in &measures {
            let found = compared.measures.get(measure);
            let exact =
                found.filter(|m| m.fewer_than.is_none() && (!measure.is_of_visits() || m.n >= a.rules.weights.min_n));
            cells.push(match found.and_then(|m| m.fewer_than) {
                Some(least) => Value::Text(w.fewer_than(least).into_owned()),
                None => number(exact.map(|m| m.estimate.value)),
            });
            cells.extend([exact.map(|m| m.estimate.low), exact.map(|m| m.estimate.high)].map(number));
            cells.push(found.map_or(Value::Nothing, |m| Value::Count(m.n)));
        }
        cells.push(compared.served.map_or(Value::Nothing, Value::Count));
        rows.push(cells);
    }
    // The last line of every file is one of sums: here of what was counted, since indices have none.
    let mut total = vec![Value::Nothing; headings.len()];
    total[0] = Value::Text("total".to_owned());
    total[1] = Value::Text(w.people_or_windows(a.comparison.order.len()).into_owned());
    if let Some(last) = total.last_mut() {
        *last = Value::Count(a.all.iter().filter_map(|c| c.served).sum());
    }
    rows.push(total);
    Grid { headings, rows }
}

fn about(at: &Paging<'_>, a: &Answered) -> Provenance {
    let (w, language) = (Comparisons(at.language()), at.language());
    let weights = &a.rules.weights;
    let weighed = |m: &Measure| format!("{} {}", words::measure(language, *m), weights.of.get(m).copied().unwrap_or(0));
    let counted: Vec<String> = a.comparison.counted.iter().map(weighed).collect();
    let most = a.all.iter().map(|c| count(a, c)).max().unwrap_or(0);
    let mut lines = vec![
        (w.title(), words::aspect(language, a.question.aspect).into_owned()),
        (w.period(), crate::centre::reviews::period_name(language, a.question.period)),
        (w.how(), w.counted(&counted.join("、")).into_owned()),
        (w.few(), w.rule_of_few(weights.min_n).into_owned()),
        (w.ties(), w.rule_of_ties().into_owned()),
        (w.missing(), w.rule_of_missing().into_owned()),
        (w.most_n(), most.to_string()),
    ];
    let defined = Measure::of(a.question.aspect);
    lines.extend(defined.map(|m| (words::measure(language, m), words::definition(language, m).into_owned())));
    let lines = lines.into_iter().map(|(name, text)| (name.into_owned(), text)).collect();
    Provenance { sheet: w.about_sheet().into_owned(), lines }
}
