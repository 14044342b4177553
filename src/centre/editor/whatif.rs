//! The page on which any screen of any window is looked at, on any day.

use std::sync::Arc;

use axum::extract::{Path, Query as UrlQuery, State};
use axum::response::Response;
use jiff::civil::Date;
use maud::{Markup, html};

use super::answer;
use super::form::{Form, Look};
use super::opened::{Opened, Tab};
use super::panel::{Setup, address};
use super::typed::{Reading, Typed};
use crate::centre::access::{HallReader, Signed};
use crate::centre::dashboard::components::{Button, Choice, Faults, Field, Notice, Title, buttons};
use crate::centre::preview::Scene;
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;
use crate::domain::board::Board;
use crate::domain::id::WindowId;
use crate::domain::rating::Satisfaction;
use crate::words::common;

/// The page; its address says what is looked at.
pub async fn show(
    State(site): State<Arc<Site>>,
    signed: Signed<HallReader>,
    Path(hall): Path<String>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &signed.who, signed.viewer.language, &hall).await?;
        let content = draw(&site, &opened, &Typed::new(pairs));
        Ok(signed.viewer.page(&site, &format!("{} · {}", opened.words().preview(), opened.name()), content))
    };
    answer(&site, &signed.viewer, made.await)
}

/// What the screen is of, as the form names it.
fn scenes(opened: &Opened, board: &Board, window: Option<&WindowId>) -> Vec<(String, String)> {
    let w = opened.words();
    let here = board.staff.iter().filter(|s| window.is_none_or(|id| s.windows.is_empty() || s.windows.contains(id)));
    let cards = here.map(|s| (format!("card:{}", s.staff_no), w.card_of(&s.name).into_owned()));
    let reasons = Satisfaction::ALL.iter().map(|&level| {
        (format!("level:{}", level.code()), w.reasons_after(common::level(opened.language, level)).into_owned())
    });
    cards.chain(reasons).chain([("standby".to_owned(), w.standby_screen().into_owned())]).collect()
}

fn scene_of(code: &str) -> Option<Scene> {
    match code.split_once(':') {
        Some(("card", no)) => no.parse().ok().map(|staff_no| Scene::Card { staff_no, item: None }),
        Some(("level", level)) => Satisfaction::from_code(level).map(Scene::Reasons),
        _ => (code == "standby").then_some(Scene::Standby),
    }
}

fn draw(site: &Site, opened: &Opened, asked: &Typed) -> Markup {
    let w = opened.words();
    let mut reading = Reading::new(asked, opened.language);
    let day = if asked.has("day") { reading.date("day").unwrap_or(opened.today) } else { opened.today };
    let faults = reading.faults;
    let board = opened.hall.board(day);
    let window = WindowId::new(asked.text("window")).ok().filter(|id| board.window(id).is_some());
    let window = window.or_else(|| board.windows.first().map(|w| w.id.clone()));
    let scenes = scenes(opened, &board, window.as_ref());
    let chosen = Some(asked.text("scene")).filter(|code| scenes.iter().any(|(value, _)| value == code));
    let chosen = chosen.or(scenes.first().map(|(value, _)| value.as_str())).unwrap_or("standby");
    let setup = Setup::of(asked);
    let title = Title::new(opened.language, w.preview()).lead(w.whatif_lead());
    html! {
        (opened.head(Tab::Preview, title))
        (asking(opened, &board, &faults, (window.as_ref(), chosen, day), &scenes, setup))
        @if !site.preview.is_there() {
            (Notice::note(w.no_painter()).standing())
        } @else if let (Some(window), Some(scene)) = (window, scene_of(chosen)) {
            @let look = Look { window, scene, day };
            @let source = address(opened, &look, setup);
            @let (width, height) = setup.size();
            @let name = scenes.iter().find(|(value, _)| value == chosen).map_or("", |(_, word)| word.as_str());
            figure.stage {
                a href=(source) { img.screen src=(source) width=(width) height=(height) alt=(w.preview_of(name)); }
                figcaption.hint { (w.preview_hint()) }
            }
        }
    }
}

fn asking(
    opened: &Opened,
    board: &Board,
    faults: &Faults,
    (window, scene, day): (Option<&WindowId>, &str, Date),
    scenes: &[(String, String)],
    setup: Setup,
) -> Markup {
    let w = opened.words();
    let windows: Vec<_> = board.windows.iter().map(|i| (i.id.to_string(), i.name(opened))).collect();
    html! {
        form.card method="get" action=(opened.path("preview")) {
            div.fields {
                (Choice::new("window", w.window(), windows).chosen(window.map(ToString::to_string).unwrap_or_default()))
                (Choice::new("scene", w.screen(), scenes.iter().map(|(v, n)| (v.as_str(), n.as_str()))).chosen(scene))
                (Field::date("day", w.on_day()).value(day.to_string()).faults(faults))
            }
            (setup.inputs(opened.language))
            (buttons(&[Button::submit(w.show_it()).primary()]))
        }
    }
}
