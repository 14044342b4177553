//! `/matters`: what was done in time and what is overdue, as a page and as a file.

use std::sync::Arc;

use axum::extract::{Query as UrlQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};

use super::rates::{self, Asked, Counted, Grouping, Overdue};
use super::{api, detail, store};
use crate::centre::access::{HallReader, Routes, Signed, StatisticsReader, encoded};
use crate::centre::audit::{self, Act};
use crate::centre::dashboard::components::{
    Button, Choice, Empty, Field, State as Badge, Table, Title, Tone, buttons, facts,
};
use crate::centre::dashboard::text::{percent, thousands};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;
use crate::centre::statistics::export::{Grid, Provenance, Value, csv, xlsx};
use crate::domain::id::{CaseNo, HallId, ItemCode, StaffNo, WindowId};
use crate::domain::query::Rate;
use crate::domain::role::Need;
use crate::words::Language;
use crate::words::matters::Matters;

pub fn routes() -> Routes {
    Routes::new().get("/matters", Need::Statistics, show).get("/matters/export", Need::Statistics, export).get(
        "/matters/one",
        Need::Hall,
        one,
    )
}

async fn show(
    State(site): State<Arc<Site>>,
    Signed { handle, viewer, .. }: Signed<StatisticsReader>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let drawn = async {
        let asked = api::asked(&site, &handle, &pairs)?;
        let of = asked.clone();
        let read = site.readers.read(move |conn| Ok((rates::count(conn, &of)?, rates::overdue(conn, &of)?)));
        let (rows, overdue) =
            read.await?.map_err(|e: rusqlite::Error| ApiFault::because(ErrorCode::Unavailable, &e))?;
        let page = Page { site: &site, language: viewer.language, asked: &asked };
        Ok(page.drawn(&handle, &rows, &overdue))
    };
    match drawn.await {
        Ok(content) => viewer.page(&site, &Matters(viewer.language).title(), content),
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

async fn export(
    State(site): State<Arc<Site>>,
    Signed { handle, who, viewer }: Signed<StatisticsReader>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let wants_book = pairs.iter().any(|(name, value)| name == "format" && value == "xlsx");
    let made = async {
        let asked = api::asked(&site, &handle, &pairs)?;
        let of = asked.clone();
        let rows = site.readers.read(move |conn| rates::count(conn, &of)).await?;
        let rows = rows.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
        let page = Page { site: &site, language: viewer.language, asked: &asked };
        let file = page.file(&rows, wants_book)?;
        let noted = site.writer.attempt(move |desk| {
            audit::append(
                desk.tx,
                desk.now,
                &who,
                Act::StatisticsExported,
                "matters",
                if wants_book { "xlsx" } else { "csv" },
            )
        });
        noted.await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
        Ok::<_, ApiFault>(file)
    };
    made.await.unwrap_or_else(|fault| viewer.refuse(&site, &fault))
}

/// One piece of business: what was told of it, its last day, and the visits that named it.
async fn one(
    State(site): State<Arc<Site>>,
    Signed { handle, who, viewer }: Signed<HallReader>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let of = |name: &str| pairs.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str());
    let named = HallId::new(of("hall")).ok().filter(|hall| handle.covers(hall)).zip(CaseNo::new(of("case_no")).ok());
    let Some((hall, case_no)) = named else { return viewer.not_found(&site) };
    let key = (hall.clone(), case_no.clone());
    match site.readers.read(move |conn| store::one(conn, &key.0, &key.1)).await {
        Ok(Ok(Some(told))) => {
            let content = detail::drawn(&site, viewer.language, &hall, &case_no, &told, who.may(Need::Entries));
            viewer.page(&site, &Matters(viewer.language).one(case_no.as_str()), content)
        }
        Ok(Ok(None)) => viewer.not_found(&site),
        Ok(Err(fault)) => viewer.refuse(&site, &ApiFault::because(ErrorCode::Unavailable, &fault)),
        Err(fault) => viewer.refuse(&site, &fault.into()),
    }
}

struct Page<'a> {
    site: &'a Site,
    language: Language,
    asked: &'a Asked,
}

impl Page<'_> {
    fn drawn(&self, reader: &StatisticsReader, rows: &[Counted], overdue: &[Overdue]) -> Markup {
        let w = Matters(self.language);
        let sum = rates::total(rows);
        let open = thousands(overdue.len() as u64);
        let late = if overdue.is_empty() { Badge::new(Tone::Good, open) } else { Badge::new(Tone::Bad, open) };
        html! {
            (Title::new(self.language, w.title())
                .lead(w.lead())
                .action(Button::file(self.address("csv"), w.csv()))
                .action(Button::file(self.address("xlsx"), w.xlsx())))
            (self.form(reader))
            (facts([
                (w.on_time_rate(), self.rate(sum.on_time_rate(), sum.on_time, sum.due)),
                (w.overdue(), html! { (late) }),
                (w.kept_rate(), self.rate(sum.kept_rate(), sum.kept, sum.contacts)),
            ]))
            section.card {
                h2 { (w.table()) }
                (self.table(rows, &sum))
                p.hint { (w.definition()) " " (w.contact_definition()) }
            }
            section.card {
                h2 { (w.overdue_list()) }
                (self.overdue(overdue))
            }
        }
    }

    fn form(&self, reader: &StatisticsReader) -> Markup {
        let w = Matters(self.language);
        let chosen = self.asked.halls.as_deref().filter(|halls| halls.len() == 1).and_then(|halls| halls.first());
        let boards = self.site.boards.get();
        let mut halls: Vec<_> = boards.halls().map(|(id, _)| id).filter(|id| reader.covers(id)).collect();
        halls.sort();
        let named = halls.into_iter().map(|id| (id.to_string(), self.site.hall_name(id, self.language)));
        let halls: Vec<_> = std::iter::once((String::new(), w.all_halls().into_owned())).chain(named).collect();
        let by = Grouping::ALL.iter().map(|&by| (by.code(), self.grouping(by)));
        html! {
            form.asking method="get" action="/matters" {
                @if halls.len() > 2 {
                    (Choice::new("hall", w.hall(), halls).chosen(chosen.map(ToString::to_string).unwrap_or_default()))
                }
                (Choice::new("by", w.by(), by).chosen(self.asked.by.code()))
                (Field::date("from", w.from()).value(self.asked.period.from.to_string()))
                (Field::date("to", w.to()).value(self.asked.period.to.to_string()))
                (buttons(&[Button::submit(w.show())]))
            }
        }
    }

    fn table(&self, rows: &[Counted], sum: &Counted) -> Markup {
        let w = Matters(self.language);
        let mut table = Table::new(self.language, w.table())
            .quiet()
            .stacked()
            .column(self.grouping(self.asked.by))
            .number(w.due())
            .number(w.on_time())
            .column(w.on_time_rate())
            .number(w.overdue())
            .number(w.contacts())
            .column(w.kept_rate());
        let cells = |name: String, row: &Counted| {
            [
                html! { (name) },
                html! { (thousands(row.due)) },
                html! { (thousands(row.on_time)) },
                self.rate(row.on_time_rate(), row.on_time, row.due),
                html! { (thousands(row.overdue)) },
                html! { (thousands(row.contacts)) },
                self.rate(row.kept_rate(), row.kept, row.contacts),
            ]
        };
        for row in rows {
            table.row(cells(self.name(row), row));
        }
        if rows.len() > 1 {
            table.foot(cells(w.total().into_owned(), sum));
        }
        html! { (table.or_empty(Empty::new(w.none(), w.none_advice()))) }
    }

    fn overdue(&self, all: &[Overdue]) -> Markup {
        let w = Matters(self.language);
        let mut table = Table::new(self.language, w.overdue_list())
            .quiet()
            .stacked()
            .column(w.case_no())
            .column(w.due_day())
            .column(w.item())
            .column(w.window())
            .column(w.staff());
        for one in all {
            let nobody = || w.nobody().into_owned();
            let item = one.item.as_ref().map_or_else(nobody, |code| self.item_name(&one.hall, code));
            let window = one.service_window.as_ref().and_then(|id| WindowId::new(id).ok());
            let staff = one.staff_no.as_ref().and_then(|no| StaffNo::new(no).ok());
            table.row([
                self.case_no(one),
                html! { time datetime=(one.due) { (one.due) } },
                html! { (item) },
                html! { (window.map_or_else(nobody, |id| self.site.window_name(&one.hall, &id, self.language))) },
                html! { (staff.map_or_else(nobody, |no| self.site.staff_name(&one.hall, &no))) },
            ]);
        }
        html! { (table.or_empty(Empty::new(w.none_overdue(), ""))) }
    }

    /// Staff have no page of a single piece of business.
    fn case_no(&self, one: &Overdue) -> Markup {
        let address = format!("/matters/one?hall={}&case_no={}", one.hall, encoded(&one.case_no));
        html! {
            @if self.asked.staff.is_none() { a.code href=(address) { (one.case_no) } }
            @else { span.code { (one.case_no) } }
        }
    }

    /// A share with its n and its interval; never the one without the others.
    fn rate(&self, rate: Option<Rate>, hits: u64, n: u64) -> Markup {
        let w = Matters(self.language);
        let Some(rate) = rate else { return html! { "–" } };
        html! {
            b { (percent(rate.value)) }
            " " span.hint { (w.of(&thousands(hits), &thousands(n))) " · " (w.interval(&percent(rate.low), &percent(rate.high))) }
        }
    }

    fn grouping(&self, by: Grouping) -> std::borrow::Cow<'static, str> {
        let w = Matters(self.language);
        match by {
            Grouping::Hall => w.by_hall(),
            Grouping::ServiceWindow => w.by_window(),
            Grouping::Staff => w.by_staff(),
            Grouping::Item => w.by_item(),
        }
    }

    fn name(&self, row: &Counted) -> String {
        let (site, language) = (self.site, self.language);
        if row.key.is_empty() {
            return Matters(language).nobody().into_owned();
        }
        let Ok(hall) = HallId::new(&row.hall) else { return row.key.clone() };
        match self.asked.by {
            Grouping::Hall => site.hall_name(&hall, language),
            Grouping::ServiceWindow => {
                WindowId::new(&row.key).map_or_else(|_| row.key.clone(), |id| site.window_name(&hall, &id, language))
            }
            Grouping::Staff => {
                StaffNo::new(&row.key).map_or_else(|_| row.key.clone(), |no| site.staff_name(&hall, &no))
            }
            Grouping::Item => self.item_name(&hall, &row.key),
        }
    }

    fn item_name(&self, hall: &HallId, code: &str) -> String {
        let boards = self.site.boards.get();
        let item = ItemCode::new(code).ok();
        let item = item.and_then(|code| boards.hall(hall)?.board.item(&code).cloned());
        item.map_or_else(|| code.to_owned(), |i| i.name.get(self.language.is_english()).to_owned())
    }

    fn address(&self, format: &str) -> String {
        let Asked { by, period, halls, .. } = self.asked;
        let hall = match halls.as_deref() {
            Some([only]) => only.to_string(),
            _ => String::new(),
        };
        format!("/matters/export?format={format}&by={}&from={}&to={}&hall={hall}", by.code(), period.from, period.to)
    }

    fn file(&self, rows: &[Counted], wants_book: bool) -> Result<Response, ApiFault> {
        let w = Matters(self.language);
        let (from, to) = (self.asked.period.from.to_string(), self.asked.period.to.to_string());
        let (kind, suffix, bytes) = if wants_book {
            let lines = [
                (w.title(), w.lead()),
                (w.from(), from.clone().into()),
                (w.to(), to.clone().into()),
                (w.due(), w.definition()),
                (w.kept(), w.contact_definition()),
            ];
            let lines = lines.map(|(name, text)| (name.into_owned(), text.into_owned())).to_vec();
            let about = Provenance { sheet: crate::words::stats::About(self.language).sheet().into_owned(), lines };
            let bytes = xlsx(&self.grid(rows), &w.title(), &about);
            let bytes = bytes.map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", bytes)
        } else {
            ("text/csv; charset=utf-8", "csv", csv(&self.grid(rows)).into_bytes())
        };
        let disposition = format!("attachment; filename=\"pingyi-time-limits-{from}-{to}.{suffix}\"");
        let disposition = HeaderValue::from_str(&disposition).unwrap_or(HeaderValue::from_static("attachment"));
        let headers =
            [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, disposition)];
        Ok((headers, bytes).into_response())
    }

    fn grid(&self, rows: &[Counted]) -> Grid {
        let w = Matters(self.language);
        let heads = [w.code(), self.grouping(self.asked.by), w.due(), w.on_time(), w.on_time_rate(), w.low(), w.high()];
        let more = [w.overdue(), w.contacts(), w.kept(), w.kept_rate(), w.low(), w.high()];
        let rate = |rate: Option<Rate>| {
            rate.map_or(const { [Value::Nothing, Value::Nothing, Value::Nothing] }, |r| {
                [r.value, r.low, r.high].map(Value::Share)
            })
        };
        let line = |key: String, name: String, row: &Counted| {
            let mut cells = vec![Value::Text(key), Value::Text(name), Value::Count(row.due), Value::Count(row.on_time)];
            cells.extend(rate(row.on_time_rate()));
            cells.extend([Value::Count(row.overdue), Value::Count(row.contacts), Value::Count(row.kept)]);
            cells.extend(rate(row.kept_rate()));
            cells
        };
        let sum = rates::total(rows);
        let all = rows.iter().map(|row| line(row.key.clone(), self.name(row), row));
        Grid {
            headings: heads.into_iter().chain(more).map(std::borrow::Cow::into_owned).collect(),
            rows: all.chain([line("total".to_owned(), w.total().into_owned(), &sum)]).collect(),
        }
    }
}
