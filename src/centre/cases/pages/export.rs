//! `/cases/export`: the register as a file for spreadsheets, as far as it was asked for.

use std::sync::Arc;

use axum::extract::{Query as UrlQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};

use super::badges;
use super::register::handler;
use crate::centre::access::{CaseReader, Signed, Who};
use crate::centre::audit::{self, Act};
use crate::centre::cases::asked::{Pairs, Register as Asked};
use crate::centre::cases::look::{self, Found};
use crate::centre::cases::store::Record;
use crate::centre::clock;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::today;
use crate::centre::site::Site;
use crate::centre::statistics::export::{Grid, Provenance, Value, csv, xlsx};
use crate::words::Language;
use crate::words::cases::{self as words, Register};

/// Rows of one file.
const MAX_ROWS: u32 = 5_000;

pub async fn file(
    State(site): State<Arc<Site>>,
    signed: Signed<CaseReader>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let language = signed.viewer.language;
    let is_xlsx = pairs.iter().any(|(name, value)| name == "format" && value == "xlsx");
    match written(&site, &signed.who, language, &pairs, is_xlsx).await {
        Ok(bytes) => {
            let (kind, name) = match is_xlsx {
                true => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "cases.xlsx"),
                false => ("text/csv; charset=utf-8", "cases.csv"),
            };
            let attached = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
            let attached = attached.unwrap_or(HeaderValue::from_static("attachment"));
            let headers =
                [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, attached)];
            (headers, bytes).into_response()
        }
        Err(fault) => signed.viewer.refuse(&site, &fault),
    }
}

async fn written(
    site: &Arc<Site>,
    who: &Arc<Who>,
    language: Language,
    pairs: &Pairs,
    is_xlsx: bool,
) -> Result<Vec<u8>, ApiFault> {
    let asked = Asked { page: 1, ..Asked::read(pairs) };
    let address = asked.address("/cases", 1);
    let found = look::register(site, who, asked, MAX_ROWS).await?;
    let (by, detail) = (Arc::clone(who), format!("{address}: {} rows", found.rows.len()));
    let noted = site.writer.attempt(move |desk| -> rusqlite::Result<()> {
        audit::append(desk.tx, desk.now, &by, Act::CasesExported, "cases", &detail)
    });
    noted.await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    let grid = grid(site, language, &found);
    if !is_xlsx {
        return Ok(csv(&grid).into_bytes());
    }
    let w = Register(language);
    let made = w.sheet_made_by(&today(&site.settings.time_zone, clock::now().wall).to_string(), &who.name).into_owned();
    let lines = vec![
        (w.sheet_made().into_owned(), made),
        (w.which().into_owned(), address),
        (w.caption(found.total).into_owned(), w.sheet_limit(MAX_ROWS as usize).into_owned()),
        (w.title().into_owned(), w.lead().into_owned()),
    ];
    let about = Provenance { sheet: w.sheet_about().into_owned(), lines };
    xlsx(&grid, &w.title(), &about).map_err(|e| ApiFault::because(ErrorCode::Internal, &e))
}

fn grid(site: &Site, language: Language, found: &Found) -> Grid {
    let w = Register(language);
    let headings = [
        w.number(),
        w.origin(),
        w.about(),
        w.window(),
        w.staff(),
        w.stage(),
        w.verdict(),
        w.due(),
        w.late_steps(),
        w.serious(),
        w.sample(),
        w.handler(),
        w.opened(),
        w.ended_on(),
    ];
    let mut rows: Vec<Vec<Value>> = found.rows.iter().map(|r| cells(site, language, found, r)).collect();
    let mut total = vec![Value::Text(w.total().into_owned()), Value::Text(w.caption(found.total).into_owned())];
    total.resize(headings.len(), Value::Nothing);
    rows.push(total);
    Grid { headings: headings.map(|h| h.into_owned()).to_vec(), rows }
}

fn cells(site: &Site, language: Language, found: &Found, record: &Record) -> Vec<Value> {
    let w = Register(language);
    let flag = |is: bool| Value::Text(if is { w.yes() } else { w.no() }.into_owned());
    let day = |day: Option<jiff::civil::Date>| day.map_or(Value::Nothing, Value::Day);
    let verdict = record.verdict.map_or(Value::Nothing, |v| Value::Text(words::verdict(language, v).to_owned()));
    vec![
        Value::Text(record.id.to_string()),
        Value::Text(badges::origin(language, record.about.origin.code())),
        Value::Text(record.summary.clone()),
        Value::Text(badges::place(site, language, record)),
        Value::Text(badges::staff(site, record)),
        Value::Text(words::stage(language, record.stage).to_owned()),
        verdict,
        day(record.due),
        Value::Count(record.late_steps.into()),
        flag(record.about.serious),
        flag(record.sample),
        Value::Text(handler(language, found, record)),
        Value::Day(today(&site.settings.time_zone, record.opened)),
        day(record.closed_day),
    ]
}
