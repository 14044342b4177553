//! All selections, the latest first.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::super::store::{self, Kept};
use super::{Desk, badge};
use crate::centre::access::{SelectionReader, Signed};
use crate::centre::dashboard::components::{Button, Empty, Table, Title};
use crate::centre::site::Site;
use crate::domain::role::Need;
use crate::words::common;

pub async fn list(State(site): State<Arc<Site>>, signed: Signed<SelectionReader>) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let reach = signed.who.reach.clone();
    let read = desk
        .read(move |conn| Ok(store::all(conn)?.into_iter().filter(|kept| kept.is_within(&reach)).collect::<Vec<_>>()));
    let content = read.await.map(|all| drawn(&desk, &all));
    desk.page(&desk.words().title(), content)
}

fn drawn(desk: &Desk<'_>, all: &[Kept]) -> Markup {
    let (w, language) = (desk.words(), desk.language());
    let call = || Button::link("/selections/new", w.call());
    let keeps = desk.who.may(Need::SelectionsKeep);
    let mut empty = Empty::new(w.none(), w.none_advice());
    let mut title = Title::new(language, w.title()).lead(w.lead());
    if keeps {
        empty = empty.action(call());
        title = title.action(call().primary());
    }
    let mut table = Table::new(language, w.title())
        .column(w.name())
        .column(w.honour())
        .column(w.period())
        .extra(w.halls())
        .column(w.state())
        .column(w.notice_until())
        .quiet()
        .stacked();
    for kept in all {
        let (selection, terms) = (&kept.selection, kept.selection.terms());
        table.row([
            html! { a href={ "/selections/" (kept.id) } { (terms.title) } },
            html! { (common::honour(language, terms.honour)) },
            html! { (terms.period.from) " – " (terms.period.to) },
            html! { (desk.halls(&terms.halls)) },
            html! { (badge(language, selection.state())) },
            html! { @match selection.notice() { Some(n) => { (n.until) } None => { "–" } } },
        ]);
    }
    html! { (title) section.card { (table.or_empty(empty)) } }
}
