//! The tree of units, and which hall stands where. Only for whoever reaches everything: a change moves other people's reach.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::own::hall_name;
use super::sign_in::Nothing;
use super::with_status;
use crate::centre::access::{AccountKeeper, Posted, Reach, Signed, Viewer};
use crate::centre::audit::{self, Act};
use crate::centre::dashboard::components::{Button, Choice, Empty, Faults, Field, Title, buttons};
use crate::centre::directory::units::{self, MAX_DEPTH, MAX_UNITS, Unit, UnitFault, Units};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::ingest::desk::Desk;
use crate::centre::site::Site;
use crate::domain::id::HallId;
use crate::words::accounts::Accounts;

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    name: String,
    /// Empty: at the top.
    #[serde(default)]
    parent: String,
}

#[derive(Deserialize)]
pub(super) struct Placed {
    hall: String,
    /// Empty: nowhere.
    #[serde(default)]
    unit: String,
}

pub(super) async fn show(
    State(site): State<Arc<Site>>,
    Signed { handle, viewer, .. }: Signed<AccountKeeper>,
) -> Response {
    if *handle.reach() != Reach::All {
        return viewer.not_found(&site);
    }
    page(&site, &viewer, &Typed::default(), &Faults::default())
}

fn page(site: &Site, viewer: &Viewer, typed: &Typed, faults: &Faults) -> Response {
    let w = Accounts(viewer.language);
    let directory = site.directory.get();
    let tree = directory.people().units();
    let content = html! {
        (Title::new(viewer.language, w.units()).crumb("/accounts", w.accounts()).lead(w.units_lead()))
        (faults.summary(viewer.language))
        @if tree.is_empty() { (Empty::new(w.no_units(), w.no_units_advice())) }
        @else { ul.tree { @for unit in tree.below(None) { (branch(site, viewer, tree, unit, 0)) } } }
        section {
            h2 { (w.new_unit()) }
            form.form method="post" action="/units" {
                (viewer.csrf())
                (Field::text("name", w.unit()).value(&typed.name).max(60).faults(faults))
                (Choice::new("parent", w.below(), places(tree, None, &w.at_top())).chosen(&typed.parent).faults(faults))
                (buttons(&[Button::submit(w.new_unit()).primary()]))
            }
        }
        @if !tree.is_empty() { (halls(site, viewer, tree)) }
    };
    let response = viewer.page(site, &w.units(), content);
    if faults.is_empty() { response } else { with_status(response, StatusCode::UNPROCESSABLE_ENTITY) }
}

fn branch(site: &Site, viewer: &Viewer, tree: &Units, unit: &Unit, depth: usize) -> Markup {
    let w = Accounts(viewer.language);
    let parent = unit.parent.map(|p| p.to_string()).unwrap_or_default();
    let (name_id, parent_id) = (format!("name-{}", unit.id), format!("parent-{}", unit.id));
    html! {
        li {
            details {
                summary { b { (unit.name) } " " span.hint { (w.rename_or_move()) } }
                form.form method="post" action={ "/units/" (unit.id) } {
                    (viewer.csrf())
                    div.field {
                        label for=(name_id) { (w.unit()) }
                        input id=(name_id) type="text" name="name" value=(unit.name) required maxlength="60" autocomplete="off";
                    }
                    div.field {
                        label for=(parent_id) { (w.below()) }
                        select id=(parent_id) name="parent" {
                            @for (value, word) in places(tree, Some(unit.id), &w.at_top()) {
                                option value=(value) selected[value == parent] { (word) }
                            }
                        }
                    }
                    (buttons(&[Button::submit(w.save()).about(unit.name.clone())]))
                }
                form method="post" action={ "/units/" (unit.id) "/remove" } {
                    (viewer.csrf())
                    (buttons(&[Button::submit(w.remove()).danger().small().about(unit.name.clone())]))
                }
            }
            @let mut own: Vec<_> = tree.halls_under(unit.id).collect();
            @let () = own.sort();
            ul {
                @for hall in own { li.hall { (w.of_hall(&hall_name(site, viewer, hall))) } }
                @if depth < MAX_DEPTH {
                    @for inner in tree.below(Some(unit.id)) { (branch(site, viewer, tree, inner, depth + 1)) }
                }
            }
        }
    }
}

fn halls(site: &Site, viewer: &Viewer, tree: &Units) -> Markup {
    let w = Accounts(viewer.language);
    let boards = site.boards.get();
    let mut halls: Vec<HallId> = boards.all().map(|b| b.hall.id.clone()).collect();
    halls.sort();
    html! {
        section {
            h2 { (w.halls()) }
            @for hall in &halls {
                @let id = format!("unit-of-{hall}");
                @let chosen = tree.of_hall(hall).map(|u| u.to_string()).unwrap_or_default();
                form.asking method="post" action="/units/place" {
                    (viewer.csrf())
                    input type="hidden" name="hall" value=(hall);
                    div.field {
                        label for=(id) { (hall_name(site, viewer, hall)) }
                        select id=(id) name="unit" {
                            @for (value, word) in places(tree, None, &w.nowhere()) {
                                option value=(value) selected[value == chosen] { (word) }
                            }
                        }
                    }
                    (Button::submit(w.place()).about(hall_name(site, viewer, hall)))
                }
            }
        }
    }
}

/// Where something may stand: everywhere but below `without`.
fn places(tree: &Units, without: Option<i64>, none: &str) -> Vec<(String, String)> {
    let below = |unit: &Unit| tree.path(unit.id).is_some_and(|path| path.iter().any(|u| Some(u.id) == without));
    let units = tree.in_order().into_iter().filter(|(_, unit)| !below(unit));
    let named = units.map(|(depth, unit)| (unit.id.to_string(), format!("{}{}", "\u{3000}".repeat(depth), unit.name)));
    std::iter::once((String::new(), none.to_owned())).chain(named).collect()
}

pub(super) async fn add(State(site): State<Arc<Site>>, posted: Posted<AccountKeeper, Typed>) -> Response {
    let Posted { handle, who, viewer, form } = posted;
    let typed = form.clone();
    let work = move |desk: &mut Desk<'_>| {
        let id = units::add(desk.tx, parent(&form.parent)?, form.name.trim())?;
        audit::append(desk.tx, desk.now, &who, Act::UnitAdded, &format!("unit:{id}"), "")?;
        Ok(())
    };
    write(&site, &handle, &viewer, &typed, &Accounts(viewer.language).unit_added(), work).await
}

pub(super) async fn change(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    posted: Posted<AccountKeeper, Typed>,
) -> Response {
    let Posted { handle, who, viewer, form } = posted;
    let work = move |desk: &mut Desk<'_>| {
        units::change(desk.tx, id, parent(&form.parent)?, form.name.trim())?;
        let detail = format!("below {}", if form.parent.is_empty() { "nothing" } else { &form.parent });
        audit::append(desk.tx, desk.now, &who, Act::UnitChanged, &format!("unit:{id}"), &detail)?;
        Ok(())
    };
    write(&site, &handle, &viewer, &Typed::default(), &Accounts(viewer.language).unit_changed(), work).await
}

pub(super) async fn remove(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    posted: Posted<AccountKeeper, Nothing>,
) -> Response {
    let Posted { handle, who, viewer, .. } = posted;
    let work = move |desk: &mut Desk<'_>| {
        units::remove(desk.tx, id)?;
        audit::append(desk.tx, desk.now, &who, Act::UnitRemoved, &format!("unit:{id}"), "")?;
        Ok(())
    };
    write(&site, &handle, &viewer, &Typed::default(), &Accounts(viewer.language).unit_removed(), work).await
}

pub(super) async fn place(State(site): State<Arc<Site>>, posted: Posted<AccountKeeper, Placed>) -> Response {
    let Posted { handle, who, viewer, form } = posted;
    let known = HallId::new(&form.hall).ok().filter(|hall| site.boards.get().hall(hall).is_some());
    let Some(hall) = known else { return viewer.not_found(&site) };
    let work = move |desk: &mut Desk<'_>| {
        units::place(desk.tx, &hall, parent(&form.unit)?)?;
        let detail = format!("under {}", if form.unit.is_empty() { "nothing" } else { &form.unit });
        audit::append(desk.tx, desk.now, &who, Act::HallPlaced, &format!("hall:{hall}"), &detail)?;
        Ok(())
    };
    write(&site, &handle, &viewer, &Typed::default(), &Accounts(viewer.language).hall_placed(), work).await
}

fn parent(text: &str) -> Result<Option<i64>, UnitFault> {
    match text {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| UnitFault::Unknown),
    }
}

async fn write(
    site: &Site,
    keeper: &AccountKeeper,
    viewer: &Viewer,
    typed: &Typed,
    notice: &str,
    work: impl FnOnce(&mut Desk<'_>) -> Result<(), UnitFault> + Send + 'static,
) -> Response {
    if *keeper.reach() != Reach::All {
        return viewer.not_found(site);
    }
    let done = site.writer.attempt(move |desk| {
        work(desk)?;
        *desk.people_changed = true;
        Ok::<_, UnitFault>(())
    });
    let w = Accounts(viewer.language);
    let (field, sentence) = match done.await {
        Ok(Ok(())) => return viewer.onward(site, "/units", notice),
        Err(fault) => return viewer.refuse(site, &fault.into()),
        Ok(Err(UnitFault::Sqlite(e))) => return viewer.refuse(site, &ApiFault::because(ErrorCode::Unavailable, &e)),
        Ok(Err(UnitFault::Name(_))) => ("name", w.line_wrong()),
        Ok(Err(UnitFault::Taken)) => ("name", w.unit_name_taken()),
        Ok(Err(UnitFault::Unknown)) => ("parent", w.unit_unknown()),
        Ok(Err(UnitFault::Circle)) => ("parent", w.unit_circle()),
        Ok(Err(UnitFault::TooDeep)) => ("parent", w.unit_deep(MAX_DEPTH)),
        Ok(Err(UnitFault::TooMany)) => ("name", w.unit_many(MAX_UNITS)),
        Ok(Err(UnitFault::InUse)) => ("name", w.unit_used()),
    };
    let mut faults = Faults::default();
    faults.add(field, sentence);
    page(site, viewer, typed, &faults)
}
