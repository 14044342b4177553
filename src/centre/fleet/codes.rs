//! `/fleet/codes`: one-time codes – made, shown once, listed, withdrawn.

use std::sync::Arc;

use axum::extract::{Path, Query as UrlQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::acts;
use super::list::refused;
use crate::centre::access::{FleetKeeper, Posted, Routes, Signed, Viewer};
use crate::centre::clock;
use crate::centre::dashboard::components::{
    Button, Choice, Empty, Faults, Field, Notice, State as Told, Table, Title, Tone, buttons, moment,
};
use crate::centre::directory::enrol::{self, CodeStanding, Listed};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::domain::id::{HallId, KioskId, WindowId};
use crate::domain::role::Need;
use crate::words::fleet::Fleet;

pub fn routes() -> Routes {
    Routes::new().get("/fleet/codes", Need::FleetKeep, page).post("/fleet/codes", Need::FleetKeep, make).post(
        "/fleet/codes/{id}/revoke",
        Need::FleetKeep,
        revoke,
    )
}

/// What was typed, or what a link brought along.
#[derive(Debug, Clone, Default, Deserialize)]
struct Typed {
    #[serde(default)]
    kiosk: String,
    /// `hall/window`
    #[serde(default)]
    window: String,
}

async fn page(
    State(site): State<Arc<Site>>,
    Signed { handle, viewer, .. }: Signed<FleetKeeper>,
    UrlQuery(typed): UrlQuery<Typed>,
) -> Response {
    show(&site, &viewer, &handle, &typed, &Faults::default()).await
}

async fn show(site: &Arc<Site>, viewer: &Viewer, handle: &FleetKeeper, typed: &Typed, faults: &Faults) -> Response {
    let reader = handle.clone();
    match listed(site, move |hall| reader.covers(hall)).await {
        Ok(codes) => {
            let content = drawn(site, viewer, handle, &codes, typed, faults);
            viewer.page(site, &Fleet(viewer.language).codes(), content)
        }
        Err(fault) => refused(site, viewer, &fault),
    }
}

/// The latest codes of the halls that `covers` names.
///
/// # Errors
/// [`ErrorCode::Unavailable`] or [`ErrorCode::Busy`].
pub async fn listed(site: &Site, covers: impl Fn(&HallId) -> bool) -> Result<Vec<Listed>, ApiFault> {
    let now = clock::now().wall;
    let read = site.readers.read(move |conn| enrol::list(conn, now, acts::MAX_CODES)).await?;
    let mut codes = read.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    codes.retain(|c| covers(&c.hall));
    Ok(codes)
}

/// The hall and window that a form names, if they are on a board of the asker's.
pub fn place(site: &Site, handle: &FleetKeeper, text: &str) -> Option<(HallId, WindowId)> {
    let (hall, window) = text.split_once('/')?;
    let (hall, window) = (HallId::new(hall).ok()?, WindowId::new(window).ok()?);
    let boards = site.boards.get();
    let stands = boards.hall(&hall).is_some_and(|h| h.board.window(&window).is_some());
    (stands && handle.covers(&hall)).then_some((hall, window))
}

async fn make(
    State(site): State<Arc<Site>>,
    Posted { handle, who, viewer, form: typed }: Posted<FleetKeeper, Typed>,
) -> Response {
    let w = Fleet(viewer.language);
    let mut faults = Faults::default();
    let kiosk = KioskId::new(typed.kiosk.trim()).ok();
    let place = place(&site, &handle, &typed.window);
    if kiosk.is_none() {
        faults.add("kiosk", w.kiosk_wrong());
    }
    if place.is_none() {
        faults.add("window", w.window_wrong());
    }
    let (Some(kiosk), Some((hall, window))) = (kiosk, place) else {
        let mut response = show(&site, &viewer, &handle, &typed, &faults).await;
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return response;
    };
    let name = kiosk.to_string();
    match acts::make_code(&site, &who, kiosk, window, hall).await {
        Ok(code) => viewer.onward(&site, "/fleet/codes", &w.code_made(&code, &name)),
        Err(fault) => refused(&site, &viewer, &fault),
    }
}

/// A form without fields.
#[derive(Debug, Clone, Deserialize)]
struct Nothing {}

async fn revoke(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    Posted { who, viewer, .. }: Posted<FleetKeeper, Nothing>,
) -> Response {
    let w = Fleet(viewer.language);
    let Ok(id) = id.parse::<i64>() else { return viewer.not_found(&site).into_response() };
    match acts::revoke_code(&site, &who, id).await {
        Ok(true) => viewer.onward(&site, "/fleet/codes", &w.code_revoked()),
        Ok(false) => viewer.onward(&site, "/fleet/codes", &w.code_gone()),
        Err(fault) => refused(&site, &viewer, &fault),
    }
}

fn drawn(
    site: &Site,
    viewer: &Viewer,
    handle: &FleetKeeper,
    codes: &[Listed],
    typed: &Typed,
    faults: &Faults,
) -> Markup {
    let language = viewer.language;
    let w = Fleet(language);
    let windows = windows(site, viewer, handle);
    html! {
        (Title::new(language, w.codes()).crumb("/fleet", w.fleet()).lead(w.codes_lead()))
        (faults.summary(language))
        section.card aria-labelledby="new-code" {
            h2 #new-code { (w.new_code()) }
            @if windows.is_empty() { (Notice::note(w.no_window()).standing()) }
            @else {
                form.form method="post" action="/fleet/codes" {
                    (viewer.csrf())
                    (Field::text("kiosk", w.kiosk_id()).hint(w.kiosk_hint()).value(typed.kiosk.as_str()).max(32).faults(faults))
                    (Choice::new("window", w.window(), windows).hint(w.window_hint()).chosen(typed.window.as_str()).faults(faults))
                    (buttons(&[Button::submit(w.make()).primary()]))
                }
            }
        }
        section aria-labelledby="listed-codes" {
            h2 #listed-codes { (w.codes_caption()) }
            (table(site, viewer, codes))
        }
    }
}

fn windows(site: &Site, viewer: &Viewer, handle: &FleetKeeper) -> Vec<(String, String)> {
    let boards = site.boards.get();
    let own = boards.all().filter(|b| handle.covers(&b.hall.id));
    let mut all: Vec<(String, String)> = own
        .flat_map(|board| {
            board.windows.iter().map(|window| {
                let (hall, id) = (&board.hall.id, &window.id);
                let hall_name = board.hall.name.get(viewer.language.is_english());
                let name = site.window_name(hall, id, viewer.language);
                (format!("{hall}/{id}"), format!("{hall_name} · {name}"))
            })
        })
        .collect();
    all.sort();
    all
}

fn table(site: &Site, viewer: &Viewer, codes: &[Listed]) -> Markup {
    let w = Fleet(viewer.language);
    let zone = &site.settings.time_zone;
    let mut table = Table::new(viewer.language, w.codes_caption())
        .quiet()
        .stacked()
        .column(w.terminal())
        .column(w.window())
        .column(w.state())
        .column(w.made())
        .column(w.made_by())
        .column(w.expires())
        .actions();
    for code in codes {
        let (tone, word) = match code.standing {
            CodeStanding::Open => (Tone::Busy, w.open()),
            CodeStanding::Used => (Tone::Good, w.used()),
            CodeStanding::Expired => (Tone::Off, w.expired()),
            CodeStanding::Revoked => (Tone::Off, w.revoked()),
        };
        let window = site.window_name(&code.hall, &code.service_window, viewer.language);
        table.row([
            html! { (code.kiosk) },
            html! { (window) },
            html! { (Told::new(tone, word)) },
            moment(zone, code.made),
            html! { (code.made_by.as_deref().unwrap_or("–")) },
            moment(zone, code.expires),
            html! {
                @if code.standing == CodeStanding::Open {
                    form method="post" action={ "/fleet/codes/" (code.id) "/revoke" } {
                        (viewer.csrf())
                        (Button::submit(w.revoke()).small().about(code.kiosk.as_str()))
                    }
                } @else if let Some(device) = code.used_by { a href={ "/fleet/" (device) } { (w.terminal()) } }
            },
        ]);
    }
    html! { (table.or_empty(Empty::new(w.no_codes(), w.codes_lead()))) }
}
