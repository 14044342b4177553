//! What waits for a person: two histories, an epoch that was never closed, alarms that nothing else explains, retirement.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::list::refused;
use super::state::Terminal;
use super::{acts, terminal, told};
use crate::centre::access::{Explainer, FleetKeeper, Posted, Routes, Signed, Viewer};
use crate::centre::clock;
use crate::centre::dashboard::components::{
    Button, Choice, Confirm, Faults, Field, Tick, Title, buttons, fieldset, moment,
};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::ingest::explanations::{self, ExplainRefusal};
use crate::centre::ingest::holdings;
use crate::centre::ingest::segments::StoreFault;
use crate::centre::site::Site;
use crate::domain::explanation::{EpochReason, ForkVerdict};
use crate::domain::role::Need;
use crate::domain::time::WallMs;
use crate::ledger::entry::{Body, Entry};
use crate::protocol::holdings::HeldFork;
use crate::words::Language;
use crate::words::fleet::{Fleet, epoch_reason};

pub fn routes() -> Routes {
    Routes::new()
        .get("/fleet/{device}/retire", Need::FleetKeep, ask_retire)
        .post("/fleet/{device}/retire", Need::FleetKeep, retire)
        .get("/fleet/{device}/seen", Need::Explain, ask_seen)
        .post("/fleet/{device}/seen", Need::Explain, seen)
        .get("/fleet/{device}/{epoch}/explain", Need::Explain, ask_explain)
        .post("/fleet/{device}/{epoch}/explain", Need::Explain, explain)
        .get("/fleet/{device}/{epoch}/forks/{at}", Need::Explain, ask_decide)
        .post("/fleet/{device}/{epoch}/forks/{at}", Need::Explain, decide)
}

/// A choice and words.
#[derive(Debug, Clone, Default, Deserialize)]
struct Said {
    #[serde(default)]
    choice: String,
    #[serde(default)]
    words: String,
}

fn faults_of(language: Language, chosen: bool, words: &str) -> Faults {
    let (w, mut faults) = (Fleet(language), Faults::default());
    if !chosen {
        faults.add("choice", w.reason_wrong());
    }
    if !acts::are_words(words) {
        faults.add("words", w.words_wrong());
    }
    faults
}

/// Shows a form again, with what was typed and what is wrong with it.
fn again(site: &Site, viewer: &Viewer, title: &str, content: Markup) -> Response {
    let mut response = viewer.page(site, title, content);
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    response
}

fn reasons(language: Language) -> Vec<(String, String)> {
    EpochReason::ALL.iter().map(|r| (r.code().to_owned(), epoch_reason(language, *r).to_owned())).collect()
}

fn said_fields(language: Language, said: &Said, faults: &Faults) -> Markup {
    let w = Fleet(language);
    html! {
        (Choice::new("choice", w.reason(), reasons(language)).chosen(said.choice.as_str()).faults(faults))
        (Field::text("words", w.words_label()).hint(w.words_hint()).value(said.words.as_str()).max(300).faults(faults))
    }
}

// Retirement.

async fn ask_retire(
    State(site): State<Arc<Site>>,
    Signed { handle, viewer, .. }: Signed<FleetKeeper>,
    Path(device): Path<String>,
) -> Response {
    match terminal(&site, move |hall| handle.covers(hall), &device, clock::now().wall).await {
        Ok(t) => {
            let content = retire_form(&viewer, &t, &Said::default(), &Faults::default());
            viewer.page(&site, &Fleet(viewer.language).retire(), content)
        }
        Err(fault) => refused(&site, &viewer, &fault),
    }
}

async fn retire(
    State(site): State<Arc<Site>>,
    Path(device): Path<String>,
    Posted { handle, who, viewer, form: said }: Posted<FleetKeeper, Said>,
) -> Response {
    let w = Fleet(viewer.language);
    let t = match terminal(&site, move |hall| handle.covers(hall), &device, clock::now().wall).await {
        Ok(t) => t,
        Err(fault) => return refused(&site, &viewer, &fault),
    };
    let reason = EpochReason::from_code(&said.choice);
    let faults = faults_of(viewer.language, reason.is_some(), &said.words);
    let Some(reason) = reason.filter(|_| faults.is_empty()) else {
        return again(&site, &viewer, &w.retire(), retire_form(&viewer, &t, &said, &faults));
    };
    match acts::retire(&site, &who, &t.device, reason, &said.words).await {
        Ok(()) => viewer.onward(&site, &told::address(&t), &w.retired(t.device.kiosk.as_str())),
        Err(fault) => refused(&site, &viewer, &fault),
    }
}

fn retire_form(viewer: &Viewer, t: &Terminal, said: &Said, faults: &Faults) -> Markup {
    let (language, kiosk) = (viewer.language, t.device.kiosk.as_str());
    let w = Fleet(language);
    let address = told::address(t);
    let fields = html! { (faults.summary(language)) (said_fields(language, said, faults)) };
    let confirm = Confirm::new(
        language,
        w.retire_question(kiosk),
        html! { p { (w.retire_what()) } },
        format!("{address}/retire"),
    );
    html! {
        (confirm.yes(w.retire_yes()).back(address.as_str()).crumb("/fleet", w.fleet()).crumb(address.as_str(), kiosk).csrf(viewer.csrf()).fields(fields))
    }
}

// Alarms that nothing else explains.

async fn ask_seen(
    State(site): State<Arc<Site>>,
    Signed { handle, viewer, .. }: Signed<Explainer>,
    Path(device): Path<String>,
) -> Response {
    match terminal(&site, move |hall| handle.covers(hall), &device, clock::now().wall).await {
        Ok(t) => {
            let content = seen_form(&viewer, &t, &Said::default(), &Faults::default());
            viewer.page(&site, &Fleet(viewer.language).alarms(), content)
        }
        Err(fault) => refused(&site, &viewer, &fault),
    }
}

async fn seen(
    State(site): State<Arc<Site>>,
    Path(device): Path<String>,
    Posted { handle, who, viewer, form: said }: Posted<Explainer, Said>,
) -> Response {
    let w = Fleet(viewer.language);
    let t = match terminal(&site, move |hall| handle.covers(hall), &device, clock::now().wall).await {
        Ok(t) => t,
        Err(fault) => return refused(&site, &viewer, &fault),
    };
    let mut faults = faults_of(viewer.language, true, &said.words);
    if faults.is_empty() {
        match acts::have_seen(&site, &who, t.device.id, &said.words).await {
            Ok(true) => return viewer.onward(&site, &told::address(&t), &w.seen_done()),
            Ok(false) => faults.add("words", w.still_forked()),
            Err(fault) => return refused(&site, &viewer, &fault),
        }
    }
    again(&site, &viewer, &w.alarms(), seen_form(&viewer, &t, &said, &faults))
}

fn seen_form(viewer: &Viewer, t: &Terminal, said: &Said, faults: &Faults) -> Markup {
    let (language, kiosk) = (viewer.language, t.device.kiosk.as_str());
    let w = Fleet(language);
    let address = told::address(t);
    let words = Field::text("words", w.words_label()).hint(w.words_hint()).value(said.words.as_str()).max(300);
    let fields = html! { (faults.summary(language)) (words.faults(faults)) };
    let confirm = Confirm::new(language, w.seen_title(), html! { p { (w.seen_what()) } }, format!("{address}/seen"));
    html! {
        (confirm.back(address.as_str()).crumb("/fleet", w.fleet()).crumb(address.as_str(), kiosk).csrf(viewer.csrf()).fields(fields))
    }
}

// An epoch that was never closed.

async fn ask_explain(
    State(site): State<Arc<Site>>,
    Signed { handle, viewer, .. }: Signed<Explainer>,
    Path((device, epoch)): Path<(String, String)>,
) -> Response {
    match with_epoch(&site, handle, &device, &epoch).await {
        Ok((t, epoch)) => {
            let content = explain_form(&viewer, &t, epoch, &Said::default(), &Faults::default());
            viewer.page(&site, &Fleet(viewer.language).explain(), content)
        }
        Err(fault) => refused(&site, &viewer, &fault),
    }
}

async fn explain(
    State(site): State<Arc<Site>>,
    Path((device, epoch)): Path<(String, String)>,
    Posted { handle, who, viewer, form: said }: Posted<Explainer, Said>,
) -> Response {
    let w = Fleet(viewer.language);
    let (t, epoch) = match with_epoch(&site, handle, &device, &epoch).await {
        Ok(found) => found,
        Err(fault) => return refused(&site, &viewer, &fault),
    };
    let reason = EpochReason::from_code(&said.choice);
    let faults = faults_of(viewer.language, reason.is_some(), &said.words);
    let Some(reason) = reason.filter(|_| faults.is_empty()) else {
        return again(&site, &viewer, &w.explain(), explain_form(&viewer, &t, epoch, &said, &faults));
    };
    match acts::explain(&site, &who, (t.device.id, epoch), reason, &said.words).await {
        Ok(Ok(())) => viewer.onward(&site, &told::address(&t), &w.explain_done()),
        Ok(Err(_)) => viewer.not_found(&site),
        Err(fault) => refused(&site, &viewer, &fault),
    }
}

fn explain_form(viewer: &Viewer, t: &Terminal, epoch: u32, said: &Said, faults: &Faults) -> Markup {
    let (language, kiosk) = (viewer.language, t.device.kiosk.as_str());
    let w = Fleet(language);
    let address = told::address(t);
    html! {
        (Title::new(language, w.explain_title(epoch)).crumb("/fleet", w.fleet()).crumb(address.as_str(), kiosk).lead(w.explain_lead()))
        (faults.summary(language))
        form.form.card method="post" action={ (address) "/" (epoch) "/explain" } {
            (viewer.csrf())
            (said_fields(language, said, faults))
            (buttons(&[Button::submit(w.save()).primary(), Button::link(address.as_str(), w.cancel())]))
        }
    }
}

/// # Errors
/// [`ErrorCode::NotFound`], also for what is not the asker's to see.
async fn with_epoch(
    site: &Arc<Site>,
    handle: Explainer,
    device: &str,
    epoch: &str,
) -> Result<(Terminal, u32), ApiFault> {
    let t = terminal(site, move |hall| handle.covers(hall), device, clock::now().wall).await?;
    let (id, missing) = (t.device.id, || ApiFault::new(ErrorCode::NotFound));
    let epoch: u32 = epoch.parse().map_err(|_| missing())?;
    let found = site.readers.read(move |conn| holdings::of_epoch(conn, id, epoch)).await?;
    let found = found.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    found.map(|_| (t, epoch)).ok_or_else(missing)
}

// Two histories.

/// What is shown of each history from the place on where they part.
#[derive(Debug, Clone, Default)]
struct Side {
    first: u64,
    last: u64,
    ratings: u64,
    received: Option<WallMs>,
}

async fn ask_decide(
    State(site): State<Arc<Site>>,
    Signed { handle, viewer, .. }: Signed<Explainer>,
    Path((device, epoch, at)): Path<(String, String, String)>,
) -> Response {
    match with_fork(&site, handle, &device, &epoch, &at).await {
        Ok(fork) => {
            let content = decide_form(&site, &viewer, &fork, &Said::default(), &Faults::default());
            viewer.page(&site, &Fleet(viewer.language).decide(), content)
        }
        Err(fault) => refused(&site, &viewer, &fault),
    }
}

async fn decide(
    State(site): State<Arc<Site>>,
    Path((device, epoch, at)): Path<(String, String, String)>,
    Posted { handle, who, viewer, form: said }: Posted<Explainer, Said>,
) -> Response {
    let w = Fleet(viewer.language);
    let fork = match with_fork(&site, handle, &device, &epoch, &at).await {
        Ok(found) => found,
        Err(fault) => return refused(&site, &viewer, &fault),
    };
    let verdict = ForkVerdict::from_code(&said.choice);
    let faults = faults_of(viewer.language, verdict.is_some(), &said.words);
    let Some(verdict) = verdict.filter(|_| faults.is_empty()) else {
        return again(&site, &viewer, &w.decide(), decide_form(&site, &viewer, &fork, &said, &faults));
    };
    let place = (fork.terminal.device.id, fork.epoch, fork.at);
    match acts::decide(&site, &who, place, verdict, &said.words).await {
        Ok(Ok(())) => viewer.onward(&site, &told::address(&fork.terminal), &w.decided_done()),
        Ok(Err(ExplainRefusal::Decided)) => viewer.onward(&site, &told::address(&fork.terminal), &w.decided_done()),
        Ok(Err(_)) => viewer.not_found(&site),
        Err(fault) => refused(&site, &viewer, &fault),
    }
}

#[derive(Debug, Clone)]
struct Fork {
    terminal: Terminal,
    epoch: u32,
    at: u64,
    held: Side,
    other: Side,
}

/// Entries of the held history that are looked through for the page.
const MAX_LOOKED: usize = 5_000;

/// # Errors
/// [`ErrorCode::NotFound`], also for what is not the asker's to see.
async fn with_fork(site: &Arc<Site>, handle: Explainer, device: &str, epoch: &str, at: &str) -> Result<Fork, ApiFault> {
    let (terminal, epoch) = with_epoch(site, handle, device, epoch).await?;
    let missing = || ApiFault::new(ErrorCode::NotFound);
    let at: u64 = at.parse().map_err(|_| missing())?;
    let id = terminal.device.id;
    let read = site.readers.read(move |conn| -> Result<Option<(Side, Side)>, StoreFault> {
        let Some(ledger) = holdings::of_epoch(conn, id, epoch)? else { return Ok(None) };
        if !explanations::forks_at(conn, ledger.id)?.contains(&at) {
            return Ok(None);
        }
        let forks = holdings::forks(conn, ledger.id, 0, 200)?;
        let held = crate::centre::ingest::segments::read(conn, ledger.id, at, ledger.head.seq, MAX_LOOKED)?;
        let held = held.iter().map(|(seq, bytes, _)| (*seq, bytes.as_slice()));
        let held = side(held, ledger.received_ms.map(WallMs));
        Ok(Some((held, other(at, &forks))))
    });
    let found = read.await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    let (held, other) = found.ok_or_else(missing)?;
    Ok(Fork { terminal, epoch, at, held, other })
}

fn other(at: u64, forks: &[HeldFork]) -> Side {
    let entries = explanations::other_entries(at, forks);
    let received = forks.iter().filter(|f| f.at_seq == at).map(|f| f.run.received_ms).max();
    side(entries.iter().map(|(seq, text)| (*seq, text.as_bytes())), received.map(WallMs))
}

fn side<'a>(entries: impl Iterator<Item = (u64, &'a [u8])>, received: Option<WallMs>) -> Side {
    let mut side = Side { received, ..Side::default() };
    for (seq, bytes) in entries {
        if side.first == 0 {
            side.first = seq;
        }
        side.last = seq;
        side.ratings += u64::from(Entry::from_bytes(bytes).is_ok_and(|e| matches!(e.body, Body::Rated(_))));
    }
    side
}

fn decide_form(site: &Site, viewer: &Viewer, fork: &Fork, said: &Said, faults: &Faults) -> Markup {
    let language = viewer.language;
    let (w, kiosk) = (Fleet(language), fork.terminal.device.kiosk.as_str());
    let address = told::address(&fork.terminal);
    let zone = &site.settings.time_zone;
    let ticked = |verdict: ForkVerdict| said.choice == verdict.code();
    let ticks = html! {
        (Tick::radio("choice", ForkVerdict::Held.code(), w.verdict_held(), ticked(ForkVerdict::Held)).hint(w.verdict_held_hint()))
        (Tick::radio("choice", ForkVerdict::Both.code(), w.verdict_both(), ticked(ForkVerdict::Both)).hint(w.verdict_both_hint()))
        (Tick::radio("choice", ForkVerdict::Unclear.code(), w.verdict_unclear(), ticked(ForkVerdict::Unclear)).hint(w.verdict_unclear_hint()))
    };
    let shown = |name: &str, side: &Side| {
        html! {
            div.card {
                h2 { (name) }
                p { (w.from_to(side.first, side.last)) " · " (w.entries_count((side.last + 1).saturating_sub(side.first))) }
                p { b { (w.ratings_count(side.ratings)) } }
                @if let Some(at) = side.received { p.hint { (w.received()) " " (moment(zone, at)) } }
            }
        }
    };
    html! {
        (Title::new(language, w.decide_title(fork.at)).crumb("/fleet", w.fleet()).crumb(address.as_str(), kiosk).lead(w.decide_lead()))
        (faults.summary(language))
        div.grid-2 { (shown(&w.first_history(), &fork.held)) (shown(&w.other_history(), &fork.other)) }
        section {
            form.form.card method="post" action={ (address) "/" (fork.epoch) "/forks/" (fork.at) } {
                (viewer.csrf())
                (fieldset("choice", &w.decide(), faults.of("choice"), &ticks))
                (Field::text("words", w.words_label()).hint(w.words_hint()).value(said.words.as_str()).max(300).faults(faults))
                (buttons(&[Button::submit(w.decide()).primary(), Button::link(address.as_str(), w.cancel())]))
            }
        }
    }
}
