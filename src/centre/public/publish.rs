//! The pages on which a supervisor decides what the public sees: list, form, preview, publish, withdraw.

use std::sync::Arc;

use axum::extract::{Path, Query as UrlQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::deciding::{Typed, form};
use super::page::{HallPage, results};
use super::snapshot::{Snapshot, take};
use super::store::{self, Publication};
use super::{Pairs, moment, read, today};
use crate::centre::access::{Posted, Publisher, Reach, Routes, Signed, Viewer};
use crate::centre::audit::{self, Act};
use crate::centre::clock;
use crate::centre::dashboard::components::{
    self, Button, Confirm, Empty, Faults, Notice, State as Badge, Table, Title, Tone, buttons,
};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::centre::statistics::AskFault;
use crate::domain::board::Board;
use crate::domain::id::HallId;
use crate::domain::role::Need;
use crate::words::alerts::AlertPages;
use crate::words::public::Publish;

pub fn routes() -> Routes {
    Routes::new()
        .get("/publish", Need::Publish, list)
        .get("/publish/new", Need::Publish, new)
        .get("/publish/preview", Need::Publish, preview)
        .post("/publish/new", Need::Publish, publish)
        .get("/publish/{id}/withdraw", Need::Publish, ask_withdraw)
        .post("/publish/{id}/withdraw", Need::Publish, withdraw)
}

/// Halls of the viewer by id and name.
fn halls(site: &Site, viewer: &Viewer, reach: &Reach) -> Vec<(String, String)> {
    let (boards, english) = (site.boards.get(), viewer.language.is_english());
    let own = boards.all().filter(|b| reach.covers(&b.hall.id));
    let mut halls: Vec<_> = own.map(|b| (b.hall.id.to_string(), b.hall.name.get(english).to_owned())).collect();
    halls.sort();
    halls
}

async fn list(State(site): State<Arc<Site>>, signed: Signed<Publisher>) -> Response {
    let (viewer, w) = (&signed.viewer, Publish(signed.viewer.language));
    let halls = halls(&site, viewer, signed.handle.reach());
    let ids: Vec<HallId> = halls.iter().filter_map(|(id, _)| HallId::new(id).ok()).collect();
    let found = read(&site, move |conn| {
        ids.iter().map(|hall| store::of_hall(conn, hall)).collect::<rusqlite::Result<Vec<_>>>()
    });
    match found.await {
        Ok(found) => {
            let found: Vec<_> = found.into_iter().flatten().collect();
            viewer.page(&site, &w.title(), listed(&site, viewer, &found))
        }
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

fn listed(site: &Site, viewer: &Viewer, found: &[Publication]) -> Markup {
    let (w, language, today) = (Publish(viewer.language), viewer.language, today(site));
    let mut table = Table::new(language, w.title()).column(w.period()).column(w.hall()).column(w.state());
    table = table.column(w.by()).actions().quiet().stacked().or_empty(Empty::new(w.none(), w.none_advice()));
    for p in found {
        let wanted = &p.snapshot.wanted;
        let state = match &p.withdrawn {
            Some(_) => Badge::new(Tone::Off, w.withdrawn()),
            None if p.is_visible(today) => Badge::new(Tone::Good, w.visible()),
            None => Badge::new(Tone::Busy, w.waiting(&wanted.visible_from.to_string())),
        };
        let period = format!("{} – {}", wanted.from, wanted.to);
        let address = format!("/public/{}/{}", wanted.hall, p.id);
        table.row([
            html! { @if p.is_visible(today) { a href=(address) { (period) } } @else { (period) } },
            html! { (p.snapshot.hall_name.get(language.is_english())) },
            html! { (state) },
            html! { span { (p.made_by) " " span.hint { (components::moment(&site.settings.time_zone, p.made)) } } },
            html! {
                @if p.withdrawn.is_none() {
                    (Button::link(format!("/publish/{}/withdraw", p.id), w.withdraw()).small().about(period.as_str()))
                }
            },
        ]);
    }
    html! {
        (Title::new(language, w.title()).lead(w.lead())
            .action(Button::link("/publish/new", w.new()).primary())
            .action(Button::link("/public", w.public_page())))
        section.card { (table) }
    }
}

async fn new(State(site): State<Arc<Site>>, signed: Signed<Publisher>, UrlQuery(pairs): UrlQuery<Pairs>) -> Response {
    let viewer = &signed.viewer;
    let halls = halls(&site, viewer, signed.handle.reach());
    let first = halls.first().map_or("", |(id, _)| id.as_str());
    let typed = match pairs.iter().any(|(name, _)| name == "from") {
        true => Typed::of_pairs(&pairs),
        false => Typed::fresh(first, today(&site)),
    };
    asked(&site, viewer, &halls, &typed, &Faults::default())
}

fn asked(site: &Site, viewer: &Viewer, halls: &[(String, String)], typed: &Typed, faults: &Faults) -> Response {
    let (w, language) = (Publish(viewer.language), viewer.language);
    let content = html! {
        (Title::new(language, w.new()).crumb("/publish", w.title()).lead(w.none_advice()))
        section.card { (form(language, halls, typed, today(site), faults)) }
    };
    let mut response = viewer.page(site, &w.new(), content);
    if !faults.is_empty() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    response
}

/// What stands between a wish and its publication.
enum Hindrance {
    Faults(Faults),
    NotFound,
    Fault(ApiFault),
}

impl From<ApiFault> for Hindrance {
    fn from(fault: ApiFault) -> Self {
        Self::Fault(fault)
    }
}

/// Checks what was typed and takes the figures.
async fn taken(site: &Arc<Site>, viewer: &Viewer, reach: &Reach, typed: &Typed) -> Result<Snapshot, Hindrance> {
    let w = Publish(viewer.language);
    let wanted = typed.wanted(viewer.language, today(site)).map_err(Hindrance::Faults)?;
    if !reach.covers(&wanted.hall) {
        return Err(Hindrance::NotFound);
    }
    let board: Board = site.boards.get().hall(&wanted.hall).map(|h| h.board.clone()).ok_or(Hindrance::NotFound)?;
    let now = clock::now().wall;
    let read = site.readers.read(move |conn| -> Result<_, AskFault> {
        let overlaps = store::overlaps(conn, &wanted.hall, wanted.from, wanted.to);
        let overlaps = overlaps.map_err(crate::centre::statistics::StatisticsFault::from)?;
        Ok((overlaps, take(conn, &board, &wanted, now)?))
    });
    let (overlaps, snapshot) = read.await.map_err(ApiFault::from)?.map_err(ApiFault::from)?;
    if overlaps {
        let mut faults = Faults::default();
        faults.add("to", w.overlap());
        return Err(Hindrance::Faults(faults));
    }
    Ok(snapshot)
}

fn hindered(site: &Site, viewer: &Viewer, reach: &Reach, typed: &Typed, hindrance: Hindrance) -> Response {
    match hindrance {
        Hindrance::Faults(faults) => asked(site, viewer, &halls(site, viewer, reach), typed, &faults),
        Hindrance::NotFound => viewer.not_found(site),
        Hindrance::Fault(fault) => viewer.refuse(site, &fault),
    }
}

async fn preview(
    State(site): State<Arc<Site>>,
    signed: Signed<Publisher>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let (viewer, reach, typed) = (&signed.viewer, signed.handle.reach(), Typed::of_pairs(&pairs));
    match taken(&site, viewer, reach, &typed).await {
        Ok(snapshot) => {
            let content = previewed(&site, viewer, &typed, &snapshot, false);
            viewer.page(&site, &Publish(viewer.language).preview(), content)
        }
        Err(hindrance) => hindered(&site, viewer, reach, &typed, hindrance),
    }
}

fn previewed(site: &Site, viewer: &Viewer, typed: &Typed, snapshot: &Snapshot, moved: bool) -> Markup {
    let (w, language) = (Publish(viewer.language), viewer.language);
    let drawn = results(&HallPage {
        language,
        board: None,
        shown: snapshot,
        frozen: &moment(site, snapshot.frozen_ms),
        earlier: &[],
        page: 1,
        today: today(site),
        also: &html! {},
    });
    html! {
        (Title::new(language, w.preview()).crumb("/publish", w.title()).crumb(format!("/publish/new?{}", typed.query()), w.new())
            .lead(w.preview_lead()))
        @if moved { (Notice::bad(w.moved())) }
        div.card { (drawn) }
        form method="post" action="/publish/new" {
            (viewer.csrf())
            (typed.hidden())
            input type="hidden" name="seen" value=(snapshot.fingerprint());
            (buttons(&[
                Button::submit(w.publish()).primary(),
                Button::link(format!("/publish/new?{}", typed.query()), w.change()),
                Button::link("/publish", AlertPages(language).cancel()),
            ]))
        }
    }
}

async fn publish(State(site): State<Arc<Site>>, posted: Posted<Publisher, Pairs>) -> Response {
    let (viewer, reach, typed) = (&posted.viewer, posted.handle.reach(), Typed::of_pairs(&posted.form));
    let w = Publish(viewer.language);
    let snapshot = match taken(&site, viewer, reach, &typed).await {
        Ok(snapshot) => snapshot,
        Err(hindrance) => return hindered(&site, viewer, reach, &typed, hindrance),
    };
    let seen = posted.form.iter().find(|(name, _)| name == "seen").map(|(_, value)| value.as_str());
    if seen != Some(snapshot.fingerprint().as_str()) {
        let mut response = viewer.page(&site, &w.preview(), previewed(&site, viewer, &typed, &snapshot, true));
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return response;
    }
    let who = Arc::clone(&posted.who);
    let kept = site.writer.attempt(move |desk| -> rusqlite::Result<Result<(), &'static str>> {
        let wanted = &snapshot.wanted;
        // Looked at again where nobody can come between.
        if store::overlaps(desk.tx, &wanted.hall, wanted.from, wanted.to)? {
            return Ok(Err("overlap"));
        }
        let Some(id) = store::add(desk.tx, &snapshot, &who.name, desk.now)? else { return Ok(Err("full")) };
        let detail = format!("{} to {}, from {} on", wanted.from, wanted.to, wanted.visible_from);
        let object = format!("publication:{id} of {}", wanted.hall);
        audit::append(desk.tx, desk.now, &who, Act::Published, &object, &detail)?;
        Ok(Ok(()))
    });
    match kept.await {
        Ok(Ok(Ok(()))) => viewer.onward(&site, "/publish", &w.published()),
        Ok(Ok(Err(why))) => {
            let mut faults = Faults::default();
            faults.add("to", if why == "full" { w.full() } else { w.overlap() });
            asked(&site, viewer, &halls(&site, viewer, reach), &typed, &faults)
        }
        Ok(Err(cause)) => viewer.refuse(&site, &ApiFault::because(ErrorCode::Unavailable, &cause)),
        Err(fault) => viewer.refuse(&site, &fault.into()),
    }
}

/// A publication of the viewer's halls.
async fn own(site: &Site, reach: &Reach, id: &str) -> Result<Option<Publication>, ApiFault> {
    let Ok(id) = id.parse::<i64>() else { return Ok(None) };
    let found = read(site, move |conn| store::one(conn, id)).await?;
    Ok(found.filter(|p| reach.covers(&p.snapshot.wanted.hall)))
}

async fn ask_withdraw(State(site): State<Arc<Site>>, signed: Signed<Publisher>, Path(id): Path<String>) -> Response {
    let (viewer, w) = (&signed.viewer, Publish(signed.viewer.language));
    match own(&site, signed.handle.reach(), &id).await {
        Ok(Some(p)) => {
            let wanted = &p.snapshot.wanted;
            let period = format!("{} – {}", wanted.from, wanted.to);
            let what = html! { p { (w.withdraw_what(&period)) } };
            let address = format!("/publish/{id}/withdraw");
            let confirm = Confirm::new(viewer.language, w.withdraw(), what, address).yes(w.withdraw()).back("/publish");
            let confirm = confirm.csrf(viewer.csrf()).crumb("/publish", w.title());
            viewer.page(&site, &w.withdraw(), html! { (confirm) })
        }
        Ok(None) => viewer.not_found(&site),
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

#[derive(Deserialize)]
struct Nothing {}

async fn withdraw(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<Publisher, Nothing>,
) -> Response {
    let (viewer, w) = (&posted.viewer, Publish(posted.viewer.language));
    let found = match own(&site, posted.handle.reach(), &id).await {
        Ok(Some(found)) => found,
        Ok(None) => return viewer.not_found(&site),
        Err(fault) => return viewer.refuse(&site, &fault),
    };
    let who = Arc::clone(&posted.who);
    let done = site.writer.attempt(move |desk| -> rusqlite::Result<bool> {
        let done = store::withdraw(desk.tx, found.id, &who.name, desk.now)?;
        if done {
            let object = format!("publication:{} of {}", found.id, found.snapshot.wanted.hall);
            audit::append(desk.tx, desk.now, &who, Act::PublicationWithdrawn, &object, "")?;
        }
        Ok(done)
    });
    match done.await {
        Ok(Ok(true)) => viewer.onward(&site, "/publish", &w.withdraw_done()),
        Ok(Ok(false)) => viewer.onward(&site, "/publish", &w.already()),
        Ok(Err(cause)) => viewer.refuse(&site, &ApiFault::because(ErrorCode::Unavailable, &cause)),
        Err(fault) => viewer.refuse(&site, &fault.into()),
    }
}
