//! `/fleet`: every terminal of one's halls, what needs a look first.

use std::sync::Arc;

use axum::extract::{Query as UrlQuery, State};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::state::{Health, Terminal};
use super::{terminals, told};
use crate::centre::access::{FleetReader, Routes, Signed};
use crate::centre::clock;
use crate::centre::dashboard::components::{Button, Choice, Empty, Table, Text, Title, buttons};
use crate::centre::error::ApiFault;
use crate::centre::site::Site;
use crate::domain::role::Need;
use crate::domain::time::WallMs;
use crate::words::Language;
use crate::words::fleet::Fleet;

/// Rows of the page.
const MAX_ROWS: usize = 1_000;

pub fn routes() -> Routes {
    Routes::new().get("/fleet", Need::Fleet, page)
}

/// Filters of the list; anything unknown filters nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Asked {
    #[serde(default)]
    pub hall: String,
    #[serde(default)]
    pub state: String,
}

impl Asked {
    pub fn holds(&self, terminal: &Terminal) -> bool {
        let hall = self.hall.is_empty() || terminal.device.hall.as_str() == self.hall;
        hall && Health::from_code(&self.state).is_none_or(|h| h == terminal.health())
    }
}

async fn page(
    State(site): State<Arc<Site>>,
    Signed { handle, who, viewer }: Signed<FleetReader>,
    UrlQuery(asked): UrlQuery<Asked>,
) -> Response {
    let now = clock::now().wall;
    let language = viewer.language;
    match terminals(&site, move |hall| handle.covers(hall), now).await {
        Ok(all) => {
            let keeps = who.may(Need::FleetKeep);
            let content = drawn(&site, language, &all, &asked, keeps, now);
            viewer.page(&site, &Fleet(language).fleet(), content)
        }
        Err(fault) => refused(&site, &viewer, &fault),
    }
}

pub fn refused(site: &Site, viewer: &crate::centre::access::Viewer, fault: &ApiFault) -> Response {
    viewer.refuse(site, fault)
}

fn drawn(site: &Site, language: Language, all: &[Terminal], asked: &Asked, keeps: bool, now: WallMs) -> Markup {
    let w = Fleet(language);
    let used = all.iter().filter(|t| t.health() != Health::Ended).count();
    let look = all.iter().filter(|t| matches!(t.health(), Health::Bad | Health::Look)).count();
    let lead = if look == 0 { w.lead_well(used) } else { w.lead(used, look) };
    let mut title = Title::new(language, w.fleet()).lead(lead);
    if keeps {
        title = title.action(Button::link("/fleet/codes", w.new_code()).primary());
    }
    html! {
        (title)
        @if !all.is_empty() { (filters(site, language, all, asked)) }
        (table(site, language, all, asked, now))
    }
}

fn filters(site: &Site, language: Language, all: &[Terminal], asked: &Asked) -> Markup {
    let w = Fleet(language);
    let mut halls: Vec<_> = all.iter().map(|t| &t.device.hall).collect();
    halls.sort();
    halls.dedup();
    let halls = halls.into_iter().map(|h| (h.to_string(), site.hall_name(h, language)));
    let halls: Vec<(String, String)> =
        std::iter::once((String::new(), w.all_halls().into_owned())).chain(halls).collect();
    let states = Health::ALL.iter().map(|h| (h.code().to_owned(), told::health_word(language, *h)));
    let states: Vec<(String, String)> =
        std::iter::once((String::new(), w.all_states().into_owned())).chain(states).collect();
    html! {
        form.asking method="get" action="/fleet" {
            (Choice::new("hall", w.hall(), halls).chosen(asked.hall.as_str()))
            (Choice::new("state", w.state(), states).chosen(asked.state.as_str()))
            (buttons(&[Button::submit(w.show())]))
        }
    }
}

fn table(site: &Site, language: Language, all: &[Terminal], asked: &Asked, now: WallMs) -> Markup {
    let w = Fleet(language);
    let empty = if all.is_empty() {
        Empty::new(w.none_yet(), w.none_yet_do())
    } else {
        Empty::new(w.none_match(), w.none_match_do()).action(Button::link("/fleet", w.all_states()))
    };
    let mut table = Table::new(language, w.caption())
        .quiet()
        .stacked()
        .column(w.terminal())
        .column(w.state())
        .column(w.window())
        .column(w.last_seen())
        .column(w.staff())
        .number(w.backlog())
        .column(w.clock())
        .column(w.disk())
        .column(w.board())
        .column(w.version());
    for terminal in all.iter().filter(|t| asked.holds(t)).take(MAX_ROWS) {
        table.row(row(site, language, terminal, now));
    }
    html! { (table.or_empty(empty)) }
}

fn row(site: &Site, language: Language, terminal: &Terminal, now: WallMs) -> Vec<Markup> {
    let w = Fleet(language);
    let device = &terminal.device;
    let seen = terminal.seen.as_ref();
    let of = |write: &dyn Fn(&crate::centre::directory::devices::Seen) -> String| {
        seen.map_or_else(|| html! { "–" }, |s| html! { (write(s)) })
    };
    let window = site.window_name(&device.hall, &device.service_window, language);
    let place = html! {
        div {
            (window)
            div.hint { (site.hall_name(&device.hall, language)) }
        }
    };
    vec![
        html! { a href=(told::address(terminal)) { (device.kiosk) } },
        html! { (told::health(language, terminal)) },
        place,
        seen.map_or_else(|| html! { (w.never()) }, |s| html! { (told::ago(language, s.seen, now)) }),
        html! { (signed_in(site, language, terminal)) },
        of(&|s| s.unsynced.to_string()),
        of(&|s| told::clock(language, s)),
        of(&|s| told::disk(language, s.free_disk_mb)),
        told::board(language, terminal),
        of(&|s| s.version.clone()),
    ]
}

/// Who is signed in; a dash where the terminal does not say.
pub fn signed_in(site: &Site, language: Language, terminal: &Terminal) -> Text<'static> {
    let Some(state) = terminal.seen.as_ref().and_then(|s| s.state.as_ref()) else { return "–".into() };
    match &state.staff {
        None => Fleet(language).nobody(),
        Some(staff) => site.staff_name(&terminal.device.hall, staff).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::state::tests::{NOW, device, seen};
    use super::*;

    #[test]
    fn filters_hold_for_what_they_name_and_for_everything_when_they_name_nothing() {
        let mut terminal = Terminal {
            device: device(1),
            seen: Some(seen(0)),
            held: None,
            alarms: vec![],
            concerns: vec![],
            board_wanted: None,
        };
        let asked = |hall: &str, state: &str| Asked { hall: hall.to_owned(), state: state.to_owned() };
        assert!(asked("", "").holds(&terminal) && asked("H1", "well").holds(&terminal));
        assert!(asked("", "made-up").holds(&terminal));
        assert!(!asked("H2", "").holds(&terminal) && !asked("", "bad").holds(&terminal));
        terminal.concerns = vec![super::super::state::Concern::Silent];
        assert!(asked("H1", "bad").holds(&terminal) && !asked("", "well").holds(&terminal));
        assert_eq!(terminal.health(), Health::Bad);
        assert!(terminal.device.enrolled == NOW);
    }
}
