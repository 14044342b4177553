//! `/fulfilment`: a hall's pledges, how each is measured, and what became of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Query as UrlQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Span;
use jiff::civil::Date;
use maud::{Markup, html};

use super::measure::{self, Of};
use super::mind::closed;
use super::store::{self, Record};
use super::{FulfilmentRules, one};
use crate::centre::access::{HallReader, Reach, Routes, Signed};
use crate::centre::audit::{self, Act};
use crate::centre::boards::HallBoard;
use crate::centre::clock;
use crate::centre::dashboard::components::{
    Button, Choice, Empty, Notice, State as Badge, Table, Title, Tone, buttons,
};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::today;
use crate::centre::marks::{Ground, MarkFault};
use crate::centre::rules;
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;
use crate::centre::statistics::export::{Grid, Value, csv};
use crate::domain::appraisal::Period;
use crate::domain::board::Pledge;
use crate::domain::fulfilment::{Measure, Occasions, Verdict};
use crate::domain::id::{HallId, PledgeId};
use crate::domain::role::Need;
use crate::words::Language;
use crate::words::fulfilment::{self as words, Fulfilment};

pub fn routes() -> Routes {
    Routes::new().get("/fulfilment", Need::Hall, show).get("/fulfilment/export", Need::Hall, export)
}

/// What the page of a hall is drawn from.
struct Found {
    measures: BTreeMap<PledgeId, Measure>,
    so_far: BTreeMap<PledgeId, Occasions>,
    /// By pledge, then month, of twelve months.
    records: Vec<Record>,
    /// The latest month that is to be counted by now.
    month: Option<String>,
}

/// The hall that is asked for, or the first; the halls that may be.
fn chosen(site: &Site, handle: &HallReader, pairs: &Pairs) -> Result<(Vec<HallId>, Option<HallId>), ApiFault> {
    let boards = site.boards.get();
    let mut halls: Vec<HallId> = boards.halls().map(|(id, _)| id).filter(|id| handle.covers(id)).cloned().collect();
    halls.sort();
    let asked = pairs.iter().find(|(name, value)| name == "hall" && !value.is_empty());
    let hall = match asked {
        Some((_, wanted)) => {
            let found = halls.iter().find(|id| id.as_str() == wanted).cloned();
            Some(found.ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?)
        }
        None => halls.first().cloned(),
    };
    Ok((halls, hall))
}

async fn show(
    State(site): State<Arc<Site>>,
    Signed { handle, who, viewer }: Signed<HallReader>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let language = viewer.language;
    let w = Fulfilment(language);
    let drawn = async {
        let (halls, hall) = chosen(&site, &handle, &pairs)?;
        let Some(hall) = hall else {
            return Ok(html! { (Title::new(language, w.title()).lead(w.lead())) (Empty::new(w.no_hall(), "")) });
        };
        let shown = site.boards.get().hall(&hall).cloned().ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?;
        let found = find(&site, &handle.who.reach, &hall, &shown).await?;
        let edits = who.may(Need::HallEdit);
        Ok::<_, ApiFault>(page(&site, language, &halls, &hall, &shown, &found, edits))
    };
    match drawn.await {
        Ok(content) => viewer.page(&site, &w.title(), content),
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

async fn find(site: &Arc<Site>, reach: &Reach, hall: &HallId, shown: &Arc<HallBoard>) -> Result<Found, ApiFault> {
    let ground = Ground::of(site, reach, 0);
    let day = today(&site.settings.time_zone, clock::now().wall);
    let (hall, shown, calendar) = (hall.clone(), Arc::clone(shown), Arc::clone(&site.settings.calendar));
    let read = site.readers.read(move |conn| -> Result<Found, MarkFault> {
        let rules: FulfilmentRules = rules::current(conn)?;
        let month = closed(&calendar, rules.close_day, day).last().map(|p| p.from.strftime("%Y-%m").to_string());
        let period = Period { from: day.first_of_month(), to: day };
        let mut found =
            Found { measures: BTreeMap::new(), so_far: BTreeMap::new(), records: year(conn, &hall, day)?, month };
        for pledge in &shown.board.pledges {
            let Some(measure) = store::measure(conn, &hall, &pledge.id)? else { continue };
            let of = Of { hall: &hall, staff: pledge.staff_no.as_ref(), period, today: day };
            if let Some(n) = measure::count(conn, &ground, &of, &measure)? {
                found.so_far.insert(pledge.id.clone(), n);
            }
            found.measures.insert(pledge.id.clone(), measure);
        }
        Ok(found)
    });
    read.await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))
}

fn year(conn: &rusqlite::Connection, hall: &HallId, day: Date) -> rusqlite::Result<Vec<Record>> {
    let from = day.first_of_month().saturating_sub(Span::new().months(12)).strftime("%Y-%m").to_string();
    store::records(conn, hall, &from, &day.strftime("%Y-%m").to_string())
}

fn page(
    site: &Site,
    language: Language,
    halls: &[HallId],
    hall: &HallId,
    shown: &HallBoard,
    found: &Found,
    edits: bool,
) -> Markup {
    let w = Fulfilment(language);
    let unmeasured = shown.board.pledges.iter().filter(|p| !found.measures.contains_key(&p.id)).count();
    let named = halls.iter().map(|id| (id.to_string(), site.hall_name(id, language)));
    html! {
        (Title::new(language, w.title()).lead(w.lead())
            .action(Button::file(format!("/fulfilment/export?hall={hall}"), w.csv())))
        @if halls.len() > 1 {
            form.asking method="get" action="/fulfilment" {
                (Choice::new("hall", w.hall(), named).chosen(hall.to_string()))
                (buttons(&[Button::submit(w.show())]))
            }
        }
        @if unmeasured > 0 { (Notice::note(w.unmeasured_count(unmeasured)).standing()) }
        section.card { (table(site, language, hall, shown, found, edits)) }
    }
}

fn table(site: &Site, language: Language, hall: &HallId, shown: &HallBoard, found: &Found, edits: bool) -> Markup {
    let w = Fulfilment(language);
    let month = found.month.clone().unwrap_or_default();
    let mut table = Table::new(language, w.title())
        .quiet()
        .stacked()
        .column(w.pledge())
        .column(w.whose())
        .column(w.measured())
        .number(w.this_month())
        .column(w.last_month(&month))
        .number(w.year());
    for pledge in &shown.board.pledges {
        let own = || found.records.iter().filter(|r| r.pledge == pledge.id);
        let last = own().find(|r| r.month == month);
        let sum = own().filter(|r| r.verdict != Verdict::TooFew).fold(Occasions::default(), |s, r| s.plus(r.occasions));
        let measure = found.measures.get(&pledge.id);
        let text = pledge.text.get(language.is_english());
        table.row([
            html! { a href=(one::address(hall, &pledge.id)) { (text) } },
            html! { (whose(site, language, hall, pledge)) },
            html! {
                @match measure {
                    Some(m) => { (words::measure(language, m.kind())) " " span.hint { (w.promised(m.percent())) } }
                    None if edits => { a href=(one::address(hall, &pledge.id)) { (w.set_measure()) } }
                    None => { span.hint { (w.unmeasured()) } }
                }
            },
            html! { (found.so_far.get(&pledge.id).map_or_else(|| w.nothing(), |n| w.of(n.kept, n.of))) },
            html! { @if let Some(record) = last { (badge(language, record)) } @else { span.hint { (w.not_closed()) } } },
            html! { @if sum.of > 0 { (w.of(sum.kept, sum.of)) } @else { (w.nothing()) } },
        ]);
    }
    html! { (table.or_empty(Empty::new(w.none(), w.none_advice()))) }
}

/// A record as a state with its figures: never the one without the other.
pub fn badge(language: Language, record: &Record) -> Markup {
    let tone = match record.verdict {
        Verdict::Kept => Tone::Good,
        Verdict::Unkept => Tone::Bad,
        Verdict::TooFew => Tone::Off,
    };
    let n = Fulfilment(language).of(record.occasions.kept, record.occasions.of);
    html! { (Badge::new(tone, words::verdict(language, record.verdict))) " " span.hint { (n) } }
}

/// `单位`, or who promised it.
pub fn whose(site: &Site, language: Language, hall: &HallId, pledge: &Pledge) -> String {
    let unit = || Fulfilment(language).unit().into_owned();
    pledge.staff_no.as_ref().map_or_else(unit, |no| site.staff_name(hall, no))
}

async fn export(
    State(site): State<Arc<Site>>,
    Signed { handle, who, viewer }: Signed<HallReader>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let made = async {
        let (_, hall) = chosen(&site, &handle, &pairs)?;
        let hall = hall.ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?;
        let day = today(&site.settings.time_zone, clock::now().wall);
        let of = hall.clone();
        let records = site.readers.read(move |conn| year(conn, &of, day)).await?;
        let records = records.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
        let bytes = csv(&grid(&site, viewer.language, &hall, &records)).into_bytes();
        let object = format!("hall:{hall}");
        let noted = site.writer.attempt(move |desk| {
            audit::append(desk.tx, desk.now, &who, Act::StatisticsExported, &object, "pledges kept")
        });
        noted.await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
        let name = HeaderValue::from_str(&format!("attachment; filename=\"pingyi-pledges-{hall}.csv\""));
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
            (header::CONTENT_DISPOSITION, name.unwrap_or(HeaderValue::from_static("attachment"))),
        ];
        Ok::<_, ApiFault>((headers, bytes).into_response())
    };
    made.await.unwrap_or_else(|fault| viewer.refuse(&site, &fault))
}

fn grid(site: &Site, language: Language, hall: &HallId, records: &[Record]) -> Grid {
    let w = Fulfilment(language);
    let heads =
        [w.month(), w.pledge(), w.whose(), w.measured(), w.percent(), w.kept(), w.occasions(), w.verdict(), w.note()];
    let boards = site.boards.get();
    let text = |id: &PledgeId| {
        let pledge = boards.hall(hall).and_then(|h| h.board.pledges.iter().find(|p| &p.id == id).cloned());
        pledge.map_or_else(|| id.to_string(), |p| p.text.get(language.is_english()).to_owned())
    };
    let line = |r: &Record| {
        let whose = r.staff_no.as_ref().map_or_else(|| w.unit().into_owned(), |no| site.staff_name(hall, no));
        vec![
            format!("{}-01", r.month).parse().map_or_else(|_| Value::Text(r.month.clone()), Value::Month),
            Value::Text(text(&r.pledge)),
            Value::Text(whose),
            Value::Text(words::measure(language, r.measure.kind()).to_owned()),
            Value::Count(r.measure.percent().into()),
            Value::Count(r.occasions.kept),
            Value::Count(r.occasions.of),
            Value::Text(words::verdict(language, r.verdict).to_owned()),
            Value::Text(r.note.clone()),
        ]
    };
    Grid { headings: heads.map(std::borrow::Cow::into_owned).to_vec(), rows: records.iter().map(line).collect() }
}
