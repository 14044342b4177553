//! `/fleet/{device}`: one terminal – now, its alarms, its ledger's epochs with forks, and what changed.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use super::history::{self, Change};
use super::list::{refused, signed_in};
use super::state::Terminal;
use super::{terminal, told};
use crate::centre::access::{FleetReader, Routes, Signed, Viewer, Who};
use crate::centre::alarms::{self, Alarm, AlarmKind};
use crate::centre::clock;
use crate::centre::dashboard::components::{
    Button, Empty, State as Told, Table, Text, Title, Tone, moment, particulars,
};
use crate::centre::directory::devices::Standing;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::ingest::explanations::{self, Decision, Explanation};
use crate::centre::ingest::holdings;
use crate::centre::ingest::segments::StoreFault;
use crate::centre::site::Site;
use crate::domain::role::Need;
use crate::domain::time::WallMs;
use crate::ledger::keys::DeviceId;
use crate::words::fleet::{self, Fleet};

/// Lines of each table.
const MAX_LINES: usize = 50;

pub fn routes() -> Routes {
    Routes::new().get("/fleet/{device}", Need::Fleet, page)
}

/// One epoch with what was said of it.
#[derive(Debug, Clone)]
pub struct Epoch {
    pub standing: holdings::Standing,
    /// It is the latest of a device that is in use.
    pub running: bool,
    pub explained: Option<Explanation>,
    pub forks: Vec<(u64, Option<Decision>)>,
}

/// What the page shows beside the terminal itself.
#[derive(Debug, Clone)]
pub struct Behind {
    pub epochs: Vec<Epoch>,
    pub alarms: Vec<(Alarm, Option<WallMs>)>,
    pub changes: Vec<Change>,
}

/// Reads what stands behind a terminal.
///
/// # Errors
/// [`ErrorCode::Unavailable`] or [`ErrorCode::Busy`].
pub async fn behind(site: &Site, of: &Terminal) -> Result<Behind, ApiFault> {
    let (device, active) = (of.device.id, of.device.standing == Standing::Active);
    let read = site.readers.read(move |conn| -> Result<Behind, StoreFault> {
        let alarms = alarms::of_device(conn, device, MAX_LINES)?;
        let changes = history::of_device(conn, device, MAX_LINES)?;
        Ok(Behind { epochs: epochs(conn, device, active)?, alarms, changes })
    });
    read.await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))
}

fn epochs(conn: &Connection, device: DeviceId, active: bool) -> Result<Vec<Epoch>, StoreFault> {
    let all = holdings::of_device(conn, device)?.into_iter().enumerate();
    all.map(|(n, standing)| {
        let decisions = explanations::decisions_of(conn, standing.id)?;
        let decision = |at: u64| decisions.iter().find(|d| d.at_seq == at).cloned();
        let forks = explanations::forks_at(conn, standing.id)?.into_iter().map(|at| (at, decision(at))).collect();
        Ok(Epoch { running: n == 0 && active, explained: explanations::of_epoch(conn, standing.id)?, forks, standing })
    })
    .collect()
}

async fn page(
    State(site): State<Arc<Site>>,
    Signed { handle, who, viewer }: Signed<FleetReader>,
    Path(device): Path<String>,
) -> Response {
    let now = clock::now().wall;
    let answered = async {
        let terminal = terminal(&site, move |hall| handle.covers(hall), &device, now).await?;
        let behind = behind(&site, &terminal).await?;
        Ok((terminal, behind))
    };
    match answered.await {
        Ok((terminal, behind)) => {
            let content = drawn(&site, &viewer, &who, &terminal, &behind, now);
            viewer.page(&site, terminal.device.kiosk.as_str(), content)
        }
        Err(fault) => refused(&site, &viewer, &fault),
    }
}

fn drawn(site: &Site, viewer: &Viewer, who: &Who, terminal: &Terminal, behind: &Behind, now: WallMs) -> Markup {
    let language = viewer.language;
    let (w, device) = (Fleet(language), &terminal.device);
    let window = site.window_name(&device.hall, &device.service_window, language);
    let lead = format!("{window} · {}", site.hall_name(&device.hall, language));
    let mut title = Title::new(language, device.kiosk.as_str()).crumb("/fleet", w.fleet()).lead(lead);
    if who.may(Need::FleetKeep) && device.standing == Standing::Active {
        let replace = format!("/fleet/codes?kiosk={}&window={}/{}", device.kiosk, device.hall, device.service_window);
        title = title
            .action(Button::link(replace, w.replace()))
            .action(Button::link(format!("{}/retire", told::address(terminal)), w.retire()).danger());
    }
    html! {
        (title)
        section aria-labelledby="now" {
            h2 #now { (w.now()) }
            div.card { (now_of(site, viewer, terminal, now)) }
        }
        section aria-labelledby="epochs" {
            h2 #epochs { (w.epochs()) }
            (epochs_table(site, viewer, who, behind))
        }
        section aria-labelledby="alarms" {
            div.head {
                h2 #alarms { (w.alarms()) }
                @if who.may(Need::Explain) && behind.alarms.iter().any(|(a, closed)| closed.is_none() && a.kind.is_seen_to()) {
                    a href={ (told::address(terminal)) "/seen" } { (w.seen_alarms()) }
                }
            }
            (alarms_table(site, viewer, behind))
        }
        section aria-labelledby="history" {
            h2 #history { (w.history()) }
            (history_table(site, viewer, behind))
        }
    }
}

fn now_of(site: &Site, viewer: &Viewer, terminal: &Terminal, now: WallMs) -> Markup {
    let language = viewer.language;
    let (w, zone) = (Fleet(language), &site.settings.time_zone);
    let device = &terminal.device;
    let mut all: Vec<(Text<'_>, Markup)> = vec![
        (
            w.state(),
            html! { (told::health(language, terminal)) " " span.hint { (told::standing(language, device.standing)) } },
        ),
        (w.device(), html! { span.code { (device.id) } }),
        (w.enrolled(), moment(zone, device.enrolled)),
    ];
    let Some(seen) = &terminal.seen else {
        all.push((w.last_seen(), html! { (w.never()) }));
        return particulars(all);
    };
    let said = w.epoch_seq(seen.epoch, seen.seq);
    let (_, held) = terminal.held.unwrap_or((0, 0));
    all.push((w.last_seen(), html! { (told::ago(language, seen.seen, now)) " · " (moment(zone, seen.seen)) }));
    all.push((w.staff(), html! { (signed_in(site, language, terminal)) }));
    all.push((w.ledger(), html! { (said) " · " (w.said_held(seen.seq, held)) }));
    all.push((w.backlog(), html! { (seen.unsynced) }));
    all.push((w.clock(), html! { (told::clock(language, seen)) }));
    all.push((w.disk(), html! { (told::disk(language, seen.free_disk_mb)) }));
    all.push((w.board(), told::board(language, terminal)));
    all.push((w.version(), html! { (seen.version) }));
    if let Some(state) = &seen.state {
        let screen = state.screen.map_or_else(|| w.no_screen(), |(x, y)| format!("{x} × {y}").into());
        all.push((w.screen(), html! { (screen) }));
        all.push((w.receipt(), html! { (state.receipt_seq) }));
        all.push((w.starts(), html! { (state.boot) }));
    }
    particulars(all)
}

fn epochs_table(site: &Site, viewer: &Viewer, who: &Who, behind: &Behind) -> Markup {
    let w = Fleet(viewer.language);
    let mut table = Table::new(viewer.language, w.epochs_caption())
        .quiet()
        .stacked()
        .column(w.epoch())
        .column(w.state())
        .number(w.held())
        .column(w.received())
        .column(w.hash())
        .number(w.witnessed());
    for epoch in &behind.epochs {
        let s = &epoch.standing;
        let received = s.received_ms.map(|ms| moment(&site.settings.time_zone, WallMs(ms)));
        table.row([
            html! { (s.epoch) },
            epoch_state(viewer, who, epoch),
            html! { (s.head.seq) },
            received.unwrap_or_else(|| html! { "–" }),
            html! { span.code title=(s.head.hash) { (&s.head.hash.to_string()[..16]) } },
            html! { (s.witnessed_seq.map_or_else(|| "–".to_owned(), |seq| seq.to_string())) },
        ]);
    }
    html! { (table.or_empty(Empty::new(w.no_epochs(), w.no_epochs_do()))) }
}

fn epoch_state(viewer: &Viewer, who: &Who, epoch: &Epoch) -> Markup {
    let language = viewer.language;
    let (w, s) = (Fleet(language), &epoch.standing);
    let address = format!("/fleet/{}/{}", s.device, s.epoch);
    html! { div {
        @if epoch.running { (Told::new(Tone::Busy, w.running())) }
        @else if let Some(said) = &epoch.explained {
            (Told::new(Tone::Good, w.explained(fleet::epoch_reason(language, said.reason), &said.by)))
            div.hint { (said.words) }
        } @else {
            (Told::new(Tone::Note, w.unexplained()))
            @if who.may(Need::Explain) { " " (Button::link(format!("{address}/explain"), w.explain()).small()) }
        }
        @for (at, decision) in &epoch.forks {
            div {
                (w.fork_at(*at)) " "
                @match decision {
                    Some(d) => {
                        (Told::new(Tone::Good, w.decided_by(fleet::verdict(language, d.verdict), &d.by)))
                        @if let Some(n) = d.added_visits.filter(|n| *n > 0) { " " (w.added(n)) }
                        div.hint { (d.words) }
                    }
                    None => {
                        (Told::new(Tone::Bad, w.fork_open())) " "
                        @if who.may(Need::Explain) { (Button::link(format!("{address}/forks/{at}"), w.decide()).small()) }
                    }
                }
            }
        }
    } }
}

fn alarms_table(site: &Site, viewer: &Viewer, behind: &Behind) -> Markup {
    let w = Fleet(viewer.language);
    let zone = &site.settings.time_zone;
    let mut table = Table::new(viewer.language, w.alarms_caption())
        .quiet()
        .stacked()
        .column(w.alarm())
        .column(w.raised())
        .column(w.closed())
        .column(w.detail());
    for (alarm, closed) in &behind.alarms {
        let tone = if alarm.kind.is_tampering() { Tone::Bad } else { Tone::Note };
        let place = (alarm.epoch > 0).then(|| w.epoch_seq(alarm.epoch, alarm.at_seq));
        table.row([
            html! { (fleet::alarm_kind(viewer.language, alarm.kind.code())) },
            moment(zone, alarm.first),
            match closed {
                Some(at) => moment(zone, *at),
                None => html! { (Told::new(tone, w.still_open())) },
            },
            html! { div {
                @if let Some(place) = place { (place) " " }
                @if alarm.kind != AlarmKind::Fork { span.code { (alarm.note) } }
            } },
        ]);
    }
    html! { (table.or_empty(Empty::new(w.no_alarms(), w.no_alarms_do()))) }
}

fn history_table(site: &Site, viewer: &Viewer, behind: &Behind) -> Markup {
    let w = Fleet(viewer.language);
    let mut table = Table::new(viewer.language, w.history_caption()).quiet().column(w.since()).column(w.state());
    for change in &behind.changes {
        table.row([
            moment(&site.settings.time_zone, change.at),
            html! { div {
                @if change.concerns.is_empty() { (Told::new(Tone::Good, w.well())) }
                @for concern in &change.concerns { (told::concern_tag(viewer.language, *concern)) " " }
            } },
        ]);
    }
    html! { (table.or_empty(Empty::new(w.no_history(), w.no_history_do()))) }
}
