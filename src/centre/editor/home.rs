//! The halls of a person, and the first page of one: what needs doing, and who sits at which window.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::form::Form;
use super::opened::{Opened, Tab};
use super::{answer, photo_address};
use crate::centre::access::{HallReader, Signed};
use crate::centre::dashboard::components::{
    Button, Empty, Notice as Told, State as Mark, Table, Title, Tone, facts, moment,
};
use crate::centre::directory::devices::Standing;
use crate::centre::fleet;
use crate::centre::fleet::state::{Concern, Terminal};
use crate::centre::hall::kinds::{Grant, Lead, Plate};
use crate::centre::hall::pledges::PledgeState;
use crate::centre::hall::whole::Kept;
use crate::centre::site::Site;
use crate::domain::board::{Notice, ServiceWindow, StaffCard};
use crate::domain::id::StaffNo;
use crate::domain::visit::DutyState;
use crate::words::editor::Editor;

/// What ends within so many days is told.
const SOON_DAYS: i32 = 30;

/// The halls that a person reaches; if there is but one, that one.
pub async fn halls(State(site): State<Arc<Site>>, signed: Signed<HallReader>) -> Response {
    let boards = site.boards.get();
    let mut halls: Vec<_> = boards.all().filter(|b| signed.who.reach.covers(&b.hall.id)).collect();
    halls.sort_by(|a, b| a.hall.id.cmp(&b.hall.id));
    if let [only] = halls.as_slice() {
        return Redirect::to(&format!("/halls/{}", only.hall.id)).into_response();
    }
    let language = signed.viewer.language;
    let (w, english) = (Editor(language), language.is_english());
    let mut table = Table::new(language, w.halls())
        .column(w.hall())
        .column(w.unit())
        .number(w.windows())
        .number(w.people())
        .quiet()
        .stacked()
        .or_empty(Empty::new(w.no_halls(), w.no_halls_advice()));
    for board in halls {
        table.row([
            html! { a href={ "/halls/" (board.hall.id) } { (board.hall.name.get(english)) } },
            html! { (board.unit.get(english)) },
            html! { (board.windows.len()) },
            html! { (board.staff.len()) },
        ]);
    }
    let content = html! { (Title::new(language, w.people_and_windows()).lead(w.halls_lead())) (table) };
    signed.viewer.page(&site, &w.people_and_windows(), content)
}

/// One hall.
pub async fn home(State(site): State<Arc<Site>>, signed: Signed<HallReader>, Path(hall): Path<String>) -> Response {
    let made = async {
        let opened = Opened::of(&site, &signed.who, signed.viewer.language, &hall).await?;
        let id = opened.hall.id.clone();
        let terminals = fleet::terminals(&site, move |hall| *hall == id, opened.now).await?;
        let content = draw(&opened, &terminals);
        Ok(signed.viewer.page(&site, opened.name(), content))
    };
    answer(&site, &signed.viewer, made.await)
}

fn draw(opened: &Opened, terminals: &[Terminal]) -> Markup {
    let w = opened.words();
    let board = opened.board();
    let mut title = Title::new(opened.language, opened.name().to_owned())
        .lead(board.unit.get(opened.language.is_english()).to_owned());
    if opened.may_edit() {
        title = title.action(Button::link(opened.path("plate"), w.edit_plate()));
    }
    let in_force = board.pledges.len();
    let number = |n: usize| html! { (n) };
    let figures: [(Cow<'_, str>, Markup); 5] = [
        (w.windows(), number(board.windows.len())),
        (w.people(), number(board.staff.len())),
        (w.pledges_in_force(), number(in_force)),
        (w.hotline(), html! { (board.hall.hotline) }),
        (w.order(), html! { (if board.hall.best_first { w.best_first() } else { w.worst_first() }) }),
    ];
    html! {
        (opened.head(Tab::Home, title))
        (facts(figures))
        section { h2 { (w.to_do()) } (to_do(opened)) }
        section { h2 { (w.who_sits_where()) } (windows(opened, terminals)) }
        @if opened.hall.lead == Lead::Store { p.hint { (last_change(opened)) } }
    }
}

/// What somebody should look at, each with the page where it is done.
fn to_do(opened: &Opened) -> Markup {
    let w = opened.words();
    let board = opened.board();
    let soon = opened.today.saturating_add(jiff::Span::new().days(SOON_DAYS));
    let waiting: Vec<_> =
        opened.hall.pledges.iter().filter(|p| p.open().is_some_and(|v| v.state == PledgeState::Proposed)).collect();
    let empty: Vec<_> = board
        .windows
        .iter()
        .filter(|window| !board.staff.iter().any(|s| s.windows.is_empty() || s.windows.contains(&window.id)))
        .collect();
    let faceless: Vec<_> = board.staff.iter().filter(|s| s.photo.is_none()).collect();
    let pinless: Vec<_> = board.staff.iter().filter(|s| s.pin_hash.is_none()).collect();
    let stand = |kept: &&Kept<Grant>| kept.stands(opened.today);
    let ending: Vec<_> = opened
        .hall
        .honours
        .iter()
        .filter(stand)
        .filter(|h| (opened.today..=soon).contains(&h.value.honour.until))
        .collect();
    let leaving: Vec<&Notice> = board.notices.iter().filter(|n| (opened.today..=soon).contains(&n.until)).collect();
    let link = |path: String, name: String| html! { a href=(opened.path(&path)) { (name) } };
    let staff = |s: &&StaffCard| link(format!("staff/{}", s.staff_no), s.name.clone());
    let rows: Vec<(Tone, Cow<'_, str>, Vec<Markup>)> = vec![
        (
            Tone::Note,
            w.todo_waiting(waiting.len()),
            waiting.iter().map(|p| link(format!("pledges/{}", p.id), p.id.to_string())).collect(),
        ),
        (
            Tone::Bad,
            w.todo_empty(empty.len()),
            empty.iter().map(|i| link(format!("windows/{}", i.id), i.name(opened))).collect(),
        ),
        (Tone::Note, w.todo_pinless(pinless.len()), pinless.iter().map(staff).collect()),
        (Tone::Note, w.todo_faceless(faceless.len()), faceless.iter().map(staff).collect()),
        (
            Tone::Note,
            w.todo_honours(ending.len(), SOON_DAYS),
            ending.iter().map(|h| link(format!("honours/{}", h.value.id), h.value.name(opened))).collect(),
        ),
        (
            Tone::Note,
            w.todo_notices(leaving.len(), SOON_DAYS),
            leaving.iter().map(|n| link(format!("notices/{}", n.id), n.name(opened))).collect(),
        ),
    ];
    let rows: Vec<_> = rows.into_iter().filter(|(_, _, links)| !links.is_empty()).collect();
    html! {
        @if rows.is_empty() { (Told::good(w.nothing_to_do()).standing()) }
        @else {
            ul.plain.todo {
                @for (tone, sentence, links) in rows {
                    li {
                        (Mark::new(tone, sentence)) " "
                        @for (n, link) in links.iter().take(MAX_NAMED).enumerate() { @if n > 0 { (w.comma()) } (link) }
                        @if links.len() > MAX_NAMED { (w.and_more(links.len() - MAX_NAMED)) }
                    }
                }
            }
        }
    }
}

/// Names in one line of the list; the pages have them all.
const MAX_NAMED: usize = 8;

fn windows(opened: &Opened, terminals: &[Terminal]) -> Markup {
    let w = opened.words();
    let board = opened.board();
    html! {
        @if board.windows.is_empty() { (Empty::new(w.no_windows(), w.no_windows_advice())) }
        ul.counters {
            @for window in &board.windows {
                li.card { (counter(opened, window, terminals)) }
            }
        }
        @let everywhere: Vec<_> = board.staff.iter().filter(|s| s.windows.is_empty()).collect();
        @if !everywhere.is_empty() {
            p { (w.everywhere()) " " @for (n, card) in everywhere.iter().enumerate() { @if n > 0 { (w.comma()) } a href=(opened.path(&format!("staff/{}", card.staff_no))) { (card.name) } } }
        }
    }
}

/// One window and its people, as one meets them.
fn counter(opened: &Opened, window: &ServiceWindow, terminals: &[Terminal]) -> Markup {
    let w = opened.words();
    let english = opened.language.is_english();
    let here: Vec<_> = opened.board().staff.iter().filter(|s| s.windows.contains(&window.id)).collect();
    html! {
        h3 { a href=(opened.path(&format!("windows/{}", window.id))) { (window.name(opened)) } }
        p { (on_duty(opened, window, terminals)) }
        @if here.is_empty() { p { (Mark::new(Tone::Note, w.nobody_named())) } }
        ul.plain.people {
            @for card in here {
                li.who {
                    @match photo_address(opened, card) {
                        Some(source) => { img.face src=(source) alt="" width="36" height="48" loading="lazy"; }
                        None => { span.face aria-hidden="true" {} }
                    }
                    span { a href=(opened.path(&format!("staff/{}", card.staff_no))) { (card.name) } br; span.hint { (card.post.get(english)) } }
                }
            }
        }
    }
}

/// What the window's terminal says: who is on duty now.
fn on_duty(opened: &Opened, window: &ServiceWindow, terminals: &[Terminal]) -> Markup {
    let w = opened.words();
    let here = |t: &&Terminal| t.device.service_window == window.id && t.device.standing == Standing::Active;
    let mut found = terminals.iter().filter(here).peekable();
    if found.peek().is_none() {
        return html! { (Mark::new(Tone::Off, w.no_terminal())) };
    }
    let name = |no: &StaffNo| {
        opened.hall.find::<StaffCard>(no.as_str()).map_or_else(|| no.to_string(), |s| s.value.name.clone())
    };
    html! {
        @for terminal in found {
            @let silent = terminal.concerns.iter().any(|c| matches!(c, Concern::Silent | Concern::NeverSeen));
            @let state = terminal.seen.as_ref().and_then(|s| s.state.as_ref());
            @match state {
                _ if silent => { (Mark::new(Tone::Bad, w.terminal_silent())) }
                None => { (Mark::new(Tone::Off, w.terminal_mute())) }
                Some(state) => {
                    @match (state.duty, &state.staff) {
                        (DutyState::On, Some(no)) => { (Mark::new(Tone::Good, w.on_duty(&name(no)))) }
                        (DutyState::Paused, Some(no)) => { (Mark::new(Tone::Note, w.paused(&name(no)))) }
                        _ => { (Mark::new(Tone::Off, w.off_duty())) }
                    }
                }
            }
            " "
        }
    }
}

/// Who changed something last, and when.
fn last_change(opened: &Opened) -> Markup {
    fn newest<T>(shelf: &[Kept<T>]) -> Option<(crate::domain::time::WallMs, &str)> {
        shelf.iter().map(|kept| (kept.changed_ms, kept.changed_by.as_str())).max()
    }
    let hall = &opened.hall;
    let all = [
        newest::<Plate>(&hall.plate),
        newest(&hall.windows),
        newest(&hall.staff),
        newest(&hall.items),
        newest(&hall.tags),
        newest(&hall.notices),
        newest(&hall.honours),
    ];
    match all.into_iter().flatten().max() {
        Some((ms, name)) => html! { (opened.words().last_change(name)) " " (moment(&opened.zone, ms)) },
        None => html! {},
    }
}
