//! Pages of saved questions: list, keep, rename, share, delete.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::question::{MAX_ADDRESS, reread};
use super::saved::{self, MOST, SaveFault, SavedQuestion};
use super::view::heading;
use crate::centre::access::{Posted, Signed, StatisticsReader, Viewer, Who};
use crate::centre::dashboard::components::{
    Button, Confirm, Empty, Faults, Field, Table, Tick, Title, buttons, moment,
};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::centre::statistics::api::{Pairs, Reading, defaults};
use crate::domain::role::Role;
use crate::words::questions::{Questions, Saved};

const LIST: &str = "/statistics/saved";

pub async fn list(State(site): State<Arc<Site>>, Signed { handle, who, viewer }: Signed<StatisticsReader>) -> Response {
    let found = {
        let who = Who::clone(&who);
        read(&site, move |conn| saved::list(conn, &who)).await
    };
    match found {
        Ok(found) => {
            let reading = Reading::new(&site, handle, viewer.language);
            viewer.page(&site, &Saved(viewer.language).title(), listed(&site, &viewer, &who, &reading, &found))
        }
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

fn listed(site: &Site, viewer: &Viewer, who: &Who, reading: &Reading, found: &[SavedQuestion]) -> Markup {
    let language = viewer.language;
    let (s, q) = (Saved(language), Questions(language));
    let asks = |one: &SavedQuestion| {
        let question = reread(&one.address, defaults(site, language)).ok()?;
        let period = q.period(&question.query.from.to_string(), &question.query.to.to_string()).into_owned();
        Some(format!("{} · {period}", heading(&question, reading.labels())))
    };
    let zone = &site.settings.time_zone;
    let opened = |one: &SavedQuestion| html! { a href={ "/statistics?" (one.address) } { (one.name) } };
    let (own, others): (Vec<_>, Vec<_>) = found.iter().partition(|one| one.account == who.account);
    let none = Empty::new(s.none(), s.none_advice()).action(Button::link("/statistics", q.build()));
    let mut mine =
        Table::new(language, s.mine()).column(s.name()).column(s.what()).column(s.visible()).column(s.made()).actions();
    for one in own {
        let visible = if one.shared { s.open_to_reach() } else { s.private() };
        let at = format!("{LIST}/{}", one.id);
        let acts = html! {
            div.row-actions {
                (Button::link(at.clone(), s.rename()).small().about(one.name.as_str()))
                (Button::link(format!("{at}/delete"), s.delete()).small().danger().about(one.name.as_str()))
            }
        };
        mine.row([
            opened(one),
            html! { (asks(one).unwrap_or_default()) },
            html! { (visible) },
            moment(zone, one.saved),
            acts,
        ]);
    }
    let mut shared =
        Table::new(language, s.of_others()).column(s.name()).column(s.what()).column(s.owner()).column(s.made());
    for one in others {
        shared.row([
            opened(one),
            html! { (asks(one).unwrap_or_default()) },
            html! { (one.owner) },
            moment(zone, one.saved),
        ]);
    }
    html! {
        (Title::new(language, s.title()).crumb("/statistics", q.title()).lead(s.lead()))
        section.card { (mine.stacked().or_empty(none)) }
        @if !shared.is_empty() { section.card { (shared.stacked()) } }
    }
}

pub async fn save(
    State(site): State<Arc<Site>>,
    Posted { who, viewer, form, .. }: Posted<StatisticsReader, Pairs>,
) -> Response {
    let s = Saved(viewer.language);
    let (name, shared) = (field(&form, "name").to_owned(), field(&form, "shared") == "1");
    // Written anew: what is kept is a question of ours, whatever was sent.
    let sent = field(&form, "address");
    let known = (sent.len() <= MAX_ADDRESS).then(|| reread(sent, defaults(&site, viewer.language)).ok()).flatten();
    let Some(address) = known.map(|question| question.encoded()).filter(|a| a.len() <= MAX_ADDRESS) else {
        return viewer.refuse(&site, &ApiFault::telling(ErrorCode::BadQuery, &s.not_a_question()));
    };
    let (kept, author, typed) = (address.clone(), Who::clone(&who), name.clone());
    let done = site.writer.attempt(move |desk| saved::save(desk.tx, desk.now, &author, &typed, &address, shared)).await;
    match outcome(done) {
        Ok(Ok(_)) => viewer.onward(&site, &format!("/statistics?{kept}"), &s.saved(name.trim())),
        Ok(Err(fault)) => again(&site, &viewer, &who, LIST, &name, Some(&kept), shared, &fault),
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

pub async fn edit(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    Signed { who, viewer, .. }: Signed<StatisticsReader>,
) -> Response {
    match own(&site, &who, id).await {
        Ok(Some(one)) => {
            let content =
                editor(&viewer, &who, &format!("{LIST}/{id}"), &one.name, None, one.shared, &Faults::default());
            viewer.page(&site, &Saved(viewer.language).edit_title(), content)
        }
        Ok(None) => viewer.not_found(&site),
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

pub async fn change(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    Posted { who, viewer, form, .. }: Posted<StatisticsReader, Pairs>,
) -> Response {
    let (name, shared) = (field(&form, "name").to_owned(), field(&form, "shared") == "1");
    let (author, typed) = (Who::clone(&who), name.clone());
    let done = site.writer.attempt(move |desk| saved::change(desk.tx, desk.now, &author, id, &typed, shared)).await;
    match outcome(done) {
        Ok(Ok(())) => viewer.onward(&site, LIST, &Saved(viewer.language).renamed(name.trim())),
        Ok(Err(SaveFault::NotFound)) => viewer.not_found(&site),
        Ok(Err(fault)) => again(&site, &viewer, &who, &format!("{LIST}/{id}"), &name, None, shared, &fault),
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

pub async fn ask_delete(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    Signed { who, viewer, .. }: Signed<StatisticsReader>,
) -> Response {
    let s = Saved(viewer.language);
    match own(&site, &who, id).await {
        Ok(Some(one)) => {
            let what = html! { p { (s.delete_what()) } };
            let page = Confirm::new(viewer.language, s.delete_question(&one.name), what, format!("{LIST}/{id}/delete"))
                .crumb("/statistics", Questions(viewer.language).title())
                .crumb(LIST, s.title())
                .yes(s.delete())
                .back(LIST)
                .csrf(viewer.csrf());
            viewer.page(&site, &s.delete(), html! { (page) })
        }
        Ok(None) => viewer.not_found(&site),
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

pub async fn delete(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    Posted { who, viewer, .. }: Posted<StatisticsReader, Pairs>,
) -> Response {
    let author = Who::clone(&who);
    let done = site.writer.attempt(move |desk| saved::delete(desk.tx, desk.now, &author, id)).await;
    match outcome(done) {
        Ok(Ok(name)) => viewer.onward(&site, LIST, &Saved(viewer.language).deleted(&name)),
        Ok(Err(_)) => viewer.not_found(&site),
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

/// The form again, with what was typed and what is wrong with it.
#[expect(clippy::too_many_arguments, reason = "one form's fields")]
fn again(
    site: &Site,
    viewer: &Viewer,
    who: &Who,
    action: &str,
    name: &str,
    address: Option<&str>,
    shared: bool,
    fault: &SaveFault,
) -> Response {
    let s = Saved(viewer.language);
    let sentence = match fault {
        SaveFault::NoName => s.name_wanted(),
        SaveFault::LongName => s.name_long(),
        SaveFault::OddName => s.name_odd(),
        SaveFault::Taken => s.name_taken(),
        SaveFault::TooMany => s.too_many(MOST),
        SaveFault::NotFound | SaveFault::Store(_) => s.not_a_question(),
    };
    let mut faults = Faults::default();
    faults.add("name", sentence);
    let content = editor(viewer, who, action, name, address, shared, &faults);
    let mut response = viewer.page(site, &s.edit_title(), content);
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    response
}

fn editor(
    viewer: &Viewer,
    who: &Who,
    action: &str,
    name: &str,
    address: Option<&str>,
    shared: bool,
    faults: &Faults,
) -> Markup {
    let language = viewer.language;
    let s = Saved(language);
    let title = if address.is_some() { s.save_this() } else { s.edit_title() };
    html! {
        (Title::new(language, title).crumb("/statistics", Questions(language).title()).crumb(LIST, s.title()))
        (faults.summary(language))
        form.form method="post" action=(action) {
            (viewer.csrf())
            @if let Some(address) = address { input type="hidden" name="address" value=(address); }
            (Field::text("name", s.name()).hint(s.name_hint()).value(name).max(40).faults(faults).first())
            @if who.role != Role::Staff { (Tick::check("shared", "1", s.shared(), shared).hint(s.shared_hint())) }
            (buttons(&[Button::submit(s.save()).primary(), Button::link(LIST, crate::words::shell::Shell(language).no())]))
        }
    }
}

async fn own(site: &Site, who: &Who, id: i64) -> Result<Option<SavedQuestion>, ApiFault> {
    let who = who.clone();
    read(site, move |conn| saved::own(conn, &who, id)).await
}

async fn read<T: Send + 'static>(
    site: &Site,
    work: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T> + Send + 'static,
) -> Result<T, ApiFault> {
    site.readers.read(work).await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))
}

/// Faults of the store and the writer are answered alike; refusals are the form's own.
fn outcome<T>(
    done: Result<Result<T, SaveFault>, crate::centre::writer::WriterFault>,
) -> Result<Result<T, SaveFault>, ApiFault> {
    match done? {
        Err(SaveFault::Store(e)) => Err(ApiFault::because(ErrorCode::Unavailable, &e)),
        refused_or_done => Ok(refused_or_done),
    }
}

fn field<'a>(form: &'a Pairs, name: &str) -> &'a str {
    form.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
}
