//! A table in: looked through first, with every fault and every change by row; applied at a word, all of it or nothing.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::held::Waiting;
use crate::centre::access::{HallEditor, Posted, Uploaded, Viewer};
use crate::centre::clock;
use crate::centre::dashboard::components::{Button, Faults, Notice, Table as Rows, Title, buttons, facts};
use crate::centre::editor::opened::Opened;
use crate::centre::editor::person::told;
use crate::centre::editor::typed::Typed;
use crate::centre::editor::{answer, author};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall;
use crate::centre::hall::sheets::fault::RowFault;
use crate::centre::hall::sheets::list::List;
use crate::centre::hall::sheets::plan::{Absent, Change, Plan};
use crate::centre::hall::sheets::table::{MAX_FILE_BYTES, Table, TableFault};
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;
use crate::words::hall::HallWords;
use crate::words::transfer::Transfer;

/// Changes that a page lists; a table may make thousands.
const MAX_LISTED: usize = 200;

/// What a form that was sent without a file, or with a faulty one, comes back with.
#[derive(Debug, Default)]
pub struct Wanted {
    pub list: Option<List>,
    pub absent: Option<Absent>,
    pub faults: Faults,
}

/// Looks a table through and shows what it would do.
pub async fn check(State(site): State<Arc<Site>>, Path(hall): Path<String>, sent: Uploaded<HallEditor>) -> Response {
    let made = async {
        let opened = Opened::of(&site, &sent.who, sent.viewer.language, &hall).await?;
        let list = sent.field("list").and_then(List::from_code).unwrap_or(List::Staff);
        let absent = sent.field("absent").and_then(Absent::from_code).unwrap_or(Absent::Keep);
        match read(&opened, &sent).await? {
            Err(sentence) => {
                let mut wanted = Wanted { list: Some(list), absent: Some(absent), faults: Faults::default() };
                wanted.faults.add("table", sentence);
                let content = super::draw(&opened, &sent.viewer, &wanted);
                let mut response = sent.viewer.page(&site, &opened.words().transfer(), content);
                *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
                Ok(response)
            }
            Ok(table) => looked_through(&site, &opened, &sent.viewer, (list, absent), Arc::new(table)).await,
        }
    };
    answer(&site, &sent.viewer, made.await)
}

/// The table of the form, or what is wrong with it.
async fn read(opened: &Opened, sent: &Uploaded<HallEditor>) -> Result<Result<Table, String>, ApiFault> {
    let Some(file) = sent.file("table") else { return Ok(Err(opened.words().no_file().into_owned())) };
    let bytes = file.bytes.clone();
    let read = tokio::task::spawn_blocking(move || Table::read(&bytes)).await;
    let words = HallWords(opened.language);
    Ok(read.map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?.map_err(|fault| {
        match fault {
            TableFault::TooBig => words.sheet_too_big(MAX_FILE_BYTES / 1024 / 1024),
            TableFault::Unreadable => words.sheet_unreadable(),
            TableFault::Encoding => words.sheet_encoding(),
        }
        .into_owned()
    }))
}

/// The dry run as a page; without faults the table is held for the word that applies it.
async fn looked_through(
    site: &Site,
    opened: &Opened,
    viewer: &Viewer,
    (list, absent): (List, Absent),
    table: Arc<Table>,
) -> Result<Response, ApiFault> {
    let (hall, today, rows) = (opened.hall.clone(), opened.today, Arc::clone(&table));
    let planned = tokio::task::spawn_blocking(move || list.plan(&hall, &rows, absent, today));
    let plan = planned.await.map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
    let changes = plan.added.len() + plan.changed.len() + plan.restored.len() + plan.retired.len();
    let held = if plan.faults.is_empty() && changes > 0 && opened.may_edit() {
        let (account, hall, revision) = (opened.account, opened.hall.id.clone(), plan.revision);
        let waiting = Waiting { account, hall, list, absent, revision, table };
        let name = site.held.keep(waiting, clock::now().mono_ms);
        Some(name.map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?)
    } else {
        None
    };
    let content = dry_run(opened, viewer, list, &plan, held.as_deref());
    let mut response = viewer.page(site, &Transfer(opened.language).dry_run(), content);
    if !plan.faults.is_empty() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

fn dry_run(opened: &Opened, viewer: &Viewer, list: List, plan: &Plan, held: Option<&str>) -> Markup {
    let (w, t) = (opened.words(), Transfer(opened.language));
    let number = |n: usize| html! { (n) };
    let counts = [
        (t.rows_added(), number(plan.added.len())),
        (t.rows_changed(), number(plan.changed.len())),
        (t.rows_restored(), number(plan.restored.len())),
        (t.rows_retired(), number(plan.retired.len())),
        (t.rows_same(), number(plan.unchanged)),
        (t.read_as(), html! { (plan.encoding.code().to_uppercase()) }),
    ];
    let name = super::list_name(opened, list);
    html! {
        (Title::new(opened.language, t.dry_run_of(&name)).crumb("/halls", w.halls()).crumb(opened.path(""), opened.name()).crumb(opened.path("transfer"), w.transfer()))
        @if !plan.faults.is_empty() {
            (Notice::bad(t.table_faulty(plan.faults.len())).advice(t.table_faulty_advice()))
        } @else if held.is_some() {
            (Notice::note(t.table_ready()).advice(t.table_ready_advice()).standing())
        } @else {
            (Notice::good(t.table_same()).standing())
        }
        (facts(counts))
        @if !plan.faults.is_empty() { (faults(opened, list, plan)) }
        @else { (changes(opened, list, plan)) }
        @if let Some(held) = held {
            form method="post" action=(opened.path("import/apply")) {
                (viewer.csrf())
                input type="hidden" name="table" value=(held);
                (buttons(&[
                    Button::submit(t.apply_table()).primary(),
                    Button::link(opened.path("transfer"), w.cancel()),
                ]))
            }
        } @else {
            (buttons(&[Button::link(opened.path("transfer"), t.another_table())]))
        }
    }
}

fn faults(opened: &Opened, list: List, plan: &Plan) -> Markup {
    let t = Transfer(opened.language);
    let mut table = Rows::new(opened.language, t.faults_by_row())
        .column(t.row())
        .column(t.column())
        .column(t.what_is_wrong())
        .stacked();
    for RowFault { row, column, wrong } in &plan.faults {
        table.row([
            html! { @match row { Some(row) => { (row) } None => { (t.whole_table()) } } },
            html! { @if let Some(code) = column { (list.column_title(code, opened.language)) } },
            html! { (wrong.sentence(opened.language)) },
        ]);
    }
    html! { (table) @if plan.more_faults { p.hint { (t.more_faults()) } } }
}

fn changes(opened: &Opened, list: List, plan: &Plan) -> Markup {
    let t = Transfer(opened.language);
    let groups: [(std::borrow::Cow<'static, str>, &[Change]); 4] = [
        (t.rows_added(), &plan.added),
        (t.rows_changed(), &plan.changed),
        (t.rows_restored(), &plan.restored),
        (t.rows_retired(), &plan.retired),
    ];
    html! {
        @for (name, changes) in groups {
            @if !changes.is_empty() { section { h2 { (name) } (group(opened, list, &name, changes)) } }
        }
    }
}

fn group(opened: &Opened, list: List, name: &str, changes: &[Change]) -> Markup {
    let (w, t) = (opened.words(), Transfer(opened.language));
    let mut table =
        Rows::new(opened.language, name).column(t.code()).column(t.row()).column(w.what_changed()).quiet().stacked();
    for change in changes.iter().take(MAX_LISTED) {
        table.row([
            html! { (change.id) },
            html! { @if let Some(row) = change.row { (row) } },
            html! {
                ul.plain {
                    @for (column, before, after) in &change.cells {
                        li { (list.column_title(column, opened.language)) ": " @if !before.is_empty() { del { (before) } " " } ins { (after) } }
                    }
                }
            },
        ]);
    }
    html! { (table) @if changes.len() > MAX_LISTED { p.hint { (t.more_changes(changes.len() - MAX_LISTED)) } } }
}

/// Does what the dry run has shown.
pub async fn apply(
    State(site): State<Arc<Site>>,
    Path(hall): Path<String>,
    posted: Posted<HallEditor, Pairs>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &posted.who, posted.viewer.language, &hall).await?;
        let t = Transfer(opened.language);
        let back = opened.path("transfer");
        let typed = Typed::new(posted.form);
        let (id, now) = (opened.hall.id.clone(), clock::now().mono_ms);
        let Some(waiting) = site.held.take(typed.text("table"), opened.account, &id, now) else {
            return Ok(gone(&site, &opened, &posted.viewer, &back));
        };
        let Waiting { list, absent, revision, table, .. } = waiting;
        let done =
            hall::change(&site, &id, author(&posted.who), move |sitting| list.apply(sitting, &table, absent, revision));
        Ok(match done.await? {
            Ok(plan) => {
                let changed = plan.changed.len() + plan.restored.len();
                let notice = t.table_applied(plan.added.len(), changed, plan.retired.len());
                posted.viewer.onward(&site, &opened.path(list.code()), &notice)
            }
            Err(refused) => told(&site, &opened, &posted.viewer, &back, &refused),
        })
    };
    answer(&site, &posted.viewer, made.await)
}

/// The table waited too long, or another took its place.
fn gone(site: &Site, opened: &Opened, viewer: &Viewer, back: &str) -> Response {
    let (w, t) = (opened.words(), Transfer(opened.language));
    let content = html! {
        (Title::new(opened.language, w.not_done()).crumb("/halls", w.halls()).crumb(opened.path(""), opened.name()))
        (Notice::bad(t.table_gone()).advice(w.nothing_changed()))
        (buttons(&[Button::link(back, w.back())]))
    };
    let mut response = viewer.page(site, &w.not_done(), content);
    *response.status_mut() = StatusCode::GONE;
    response
}
