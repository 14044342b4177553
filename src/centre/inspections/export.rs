//! Inspections as a file: one line a visit, with what was found and ordered. It holds what whoever asks may see.

use jiff::tz::TimeZone;
use rusqlite::Connection;

use super::sight::Sight;
use super::store::{self, Record, Wanted};
use super::visits::{self, Found, Visit};
use crate::centre::statistics::export::{Grid, Value, csv};
use crate::centre::statistics::labels::Labels;
use crate::domain::query::Dimension;
use crate::words::inspections::{self as words, InspectionFile, Inspections};

/// Inspections of one file.
const MOST: u64 = 2_000;

/// The file's text.
///
/// # Errors
/// Those of the store.
pub fn file(conn: &Connection, sight: &Sight, labels: &Labels, zone: &TimeZone) -> rusqlite::Result<String> {
    let mut rows = Vec::new();
    for record in store::list(conn, sight, Wanted::default(), 0, MOST)? {
        let (made, found) = (visits::of(conn, record.id)?, visits::findings(conn, record.id)?);
        if made.is_empty() {
            rows.push(line(&record, None, &[], labels, zone));
        }
        for visit in &made {
            let of_visit: Vec<&Found> = found.iter().filter(|f| f.visit == visit.visit).collect();
            rows.push(line(&record, Some(visit), &of_visit, labels, zone));
        }
    }
    Ok(csv(&Grid { headings: headings(labels), rows }))
}

fn headings(labels: &Labels) -> Vec<String> {
    let (w, f) = (Inspections(labels.language()), InspectionFile(labels.language()));
    let all = [
        f.number(),
        w.name(),
        w.kind(),
        w.stage(),
        w.hall(),
        w.period(),
        w.inspectors(),
        f.visit(),
        f.window_id(),
        w.windows(),
        w.when(),
        w.on_duty(),
        w.score(),
        f.finding(),
        f.order_due(),
    ];
    all.into_iter().map(std::borrow::Cow::into_owned).collect()
}

fn line(record: &Record, visit: Option<&Visit>, found: &[&Found], labels: &Labels, zone: &TimeZone) -> Vec<Value> {
    let (language, i) = (labels.language(), &record.inspection);
    let text = |t: &str| Value::Text(t.to_owned());
    let period = Inspections(language).from_to(&i.period.from.to_string(), &i.period.to.to_string());
    let mut cells = vec![
        Value::Count(record.id.unsigned_abs()),
        text(&record.title),
        text(words::kind(language, i.kind)),
        text(words::stage(language, i.stage)),
        Value::Text(labels.name(Dimension::Hall, record.hall.as_str())),
        text(&period),
        Value::Text(record.inspector_names.join("; ")),
    ];
    let Some(visit) = visit else {
        cells.resize_with(15, || Value::Nothing);
        return cells;
    };
    let window = format!("{}/{}", record.hall, visit.service_window);
    let at = jiff::Timestamp::from_millisecond(visit.at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let listed = |of: &dyn Fn(&Found) -> Option<String>| {
        let all: Vec<String> = found.iter().filter_map(|f| of(f)).collect();
        if all.is_empty() { Value::Nothing } else { Value::Text(all.join("; ")) }
    };
    let said = |f: &Found| Some(format!("{} [{}] {}", f.finding, words::gravity(language, f.gravity), f.text));
    cells.extend([
        Value::Count(visit.visit.into()),
        text(visit.service_window.as_str()),
        Value::Text(labels.name(Dimension::ServiceWindow, &window)),
        Value::Text(zone.to_datetime(at).strftime("%F %H:%M").to_string()),
        visit.staff_no.as_ref().map_or(Value::Nothing, |no| text(no.as_str())),
        visit.score.map_or(Value::Nothing, Value::Mean),
        listed(&said),
        listed(&|f| f.order.as_ref().map(|o| format!("{}: {}", f.finding, o.due))),
    ]);
    cells
}
