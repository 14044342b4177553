//! Scores as a table: taken away, filled in, looked through, and only then kept.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::super::acts::note;
use super::super::sheet::{self, Plan};
use super::{LIST, Opened, fault_of, kept, roster};
use crate::centre::access::{ContestKeeper, Posted, Signed, Uploaded};
use crate::centre::dashboard::components::{Button, Faults, Field, Notice, Table as List, Title, buttons};
use crate::centre::hall::sheets::table::Table;
use crate::centre::paging::{Paging, field};
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;
use crate::domain::contest::points;
use crate::words::contests::Contests;

/// Characters of a table that is pasted.
const PASTED_CHARS: u32 = 100_000;

/// What a form of a table is drawn with.
#[derive(Default)]
struct Typed<'a> {
    text: String,
    plan: Option<&'a Plan>,
    faults: Faults,
}

pub async fn show(State(site): State<Arc<Site>>, signed: Signed<ContestKeeper>, Path(id): Path<String>) -> Response {
    let at = Paging { site: &site, viewer: &signed.viewer, who: &signed.who };
    let found = kept(&at, &id).await;
    let content =
        found.map(|found| found.filter(|o| o.contest.published.is_none()).map(|o| page(&at, &o, &Typed::default())));
    at.page(&Contests(at.language()).scores(), content)
}

fn page(at: &Paging<'_>, o: &Opened, typed: &Typed<'_>) -> Markup {
    let w = Contests(at.language());
    let here = format!("{LIST}/{}", o.contest.id);
    html! {
        (Title::new(at.language(), w.scores()).crumb(LIST, w.title()).crumb(here.clone(), o.contest.title.as_str()).lead(w.scores_lead())
            .action(Button::file(format!("{here}/scores.csv"), w.template())))
        @if let Some(plan) = typed.plan { (looked_through(at, o, plan)) }
        section.card {
            (typed.faults.summary(at.language()))
            form.form method="post" action={ (here) "/scores" } enctype="multipart/form-data" {
                (at.viewer.csrf())
                (Field::area("text", w.table_text(), 8).hint(w.table_text_hint()).value(typed.text.as_str()).max(PASTED_CHARS).optional(at.language()).faults(&typed.faults))
                (Field::file("file", w.table_file(), ".csv,.xlsx,text/csv").optional(at.language()).faults(&typed.faults))
                (buttons(&[Button::submit(w.check_table()).primary(), Button::link(here.clone(), w.cancel())]))
            }
        }
        section.card { h2 { (w.one_by_one()) } (one_by_one(at, o)) }
    }
}

fn looked_through(at: &Paging<'_>, o: &Opened, plan: &Plan) -> Markup {
    let w = Contests(at.language());
    if !plan.faults.is_empty() {
        return html! {
            div.told.bad role="alert" {
                div {
                    p { b { (w.faults(plan.faults.len())) } }
                    ul {
                        @for fault in plan.faults.iter().take(50) {
                            li { @if let Some(row) = fault.row { (w.row(row)) } (fault.sentence) }
                        }
                    }
                }
            }
        };
    }
    let mut table = List::new(at.language(), w.scores()).column(w.person()).column(w.attended());
    for criterion in &o.contest.criteria {
        table = table.number(criterion.name.as_str());
    }
    for part in plan.parts.iter().take(100) {
        let scores = (0..o.contest.criteria.len()).map(|c| {
            let score = part.entry.scores.as_ref().and_then(|s| s.get(c));
            html! { @match score { Some(s) => { (points(*s)) } None => { "–" } } }
        });
        let first = [
            html! { (part.name) " " span.hint { (part.staff_no) } },
            html! { (if part.entry.attended { w.yes() } else { w.no() }) },
        ];
        table.row(first.into_iter().chain(scores));
    }
    html! {
        section.card {
            (Notice::good(w.looked_through(plan.parts.len())))
            (table.quiet())
            form method="post" action={ (LIST) "/" (o.contest.id) "/scores/apply" } {
                (at.viewer.csrf())
                input type="hidden" name="table" value=(sheet::of_plan(&o.contest, plan));
                (buttons(&[Button::submit(w.apply()).primary()]))
            }
        }
    }
}

fn one_by_one(at: &Paging<'_>, o: &Opened) -> Markup {
    let w = Contests(at.language());
    let mut table = List::new(at.language(), w.one_by_one())
        .column(w.person())
        .column(w.attended())
        .column(w.edit())
        .quiet()
        .stacked();
    for ((hall, staff_no), name) in roster(at, &o.contest) {
        let part = o.parts.iter().find(|p| p.hall == hall && p.staff_no == staff_no);
        table.row([
            html! { (name) " " span.hint { (staff_no) } },
            html! {
                @match part {
                    Some(p) if p.entry.attended => { (w.yes()) @if let Some(total) = p.entry.total() { " · " (points(total)) } }
                    Some(_) => { (w.no()) }
                    None => { "–" }
                }
            },
            html! { (Button::link(format!("{LIST}/{}/people/{hall}/{staff_no}", o.contest.id), w.edit()).small().about(name.as_str())) },
        ]);
    }
    html! { (table) }
}

pub async fn template(
    State(site): State<Arc<Site>>,
    signed: Signed<ContestKeeper>,
    Path(id): Path<String>,
) -> Response {
    let at = Paging { site: &site, viewer: &signed.viewer, who: &signed.who };
    let o = match kept(&at, &id).await {
        Ok(Some(o)) => o,
        other => return at.page("", other.map(|_| None)),
    };
    let text = sheet::written(&o.contest, &roster(&at, &o.contest), &o.parts, at.language());
    let name = format!("attachment; filename=\"pingyi-contest-{}.csv\"", o.contest.id);
    let disposition = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"));
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)];
    (headers, format!("\u{FEFF}{text}")).into_response()
}

pub async fn check(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    uploaded: Uploaded<ContestKeeper>,
) -> Response {
    let at = Paging { site: &site, viewer: &uploaded.viewer, who: &uploaded.who };
    let w = Contests(at.language());
    let o = match kept(&at, &id).await {
        Ok(Some(o)) if o.contest.published.is_none() => o,
        other => return at.page("", other.map(|_| None)),
    };
    let text = uploaded.field("text").unwrap_or_default().to_owned();
    let bytes = match uploaded.file("file") {
        Some(file) => file.bytes.to_vec(),
        None => text.clone().into_bytes(),
    };
    let Ok(table) = Table::read(&bytes) else {
        let mut faults = Faults::default();
        faults.add("text", w.unreadable());
        return at.again(&w.scores(), page(&at, &o, &Typed { text, plan: None, faults }));
    };
    let plan = sheet::plan(&table, &o.contest, &roster(&at, &o.contest), at.language());
    let content = page(&at, &o, &Typed { text, plan: Some(&plan), faults: Faults::default() });
    if plan.faults.is_empty() { at.page(&w.scores(), Ok(Some(content))) } else { at.again(&w.scores(), content) }
}

pub async fn apply(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<ContestKeeper, Pairs>,
) -> Response {
    let at = Paging { site: &site, viewer: &posted.viewer, who: &posted.who };
    let w = Contests(at.language());
    let o = match kept(&at, &id).await {
        Ok(Some(o)) => o,
        other => return at.page("", other.map(|_| None)),
    };
    let text = field(&posted.form, "table").to_owned();
    let table = Table::read(text.as_bytes());
    // Looked through once more: people and halls may have changed since.
    let plan = table.map(|table| sheet::plan(&table, &o.contest, &roster(&at, &o.contest), at.language()));
    let plan = plan.unwrap_or_default();
    if !plan.faults.is_empty() || plan.parts.is_empty() {
        let typed = Typed { text, plan: Some(&plan).filter(|p| !p.faults.is_empty()), faults: Faults::default() };
        return at.again(&w.scores(), page(&at, &o, &typed));
    }
    let (id, parts) = (o.contest.id, plan.parts);
    match at.act(move |tx, who, now| note(tx, id, &parts, who, now)).await {
        Ok(Ok(())) => posted.viewer.onward(&site, &format!("{LIST}/{id}"), &w.noted()),
        Ok(Err(fault)) => at.refuse(&fault_of(&fault)),
        Err(fault) => at.refuse(&fault),
    }
}
