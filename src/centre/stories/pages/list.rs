//! All stories, the latest first.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use maud::html;

use super::super::store;
use super::{Desk, badge};
use crate::centre::access::{SelectionReader, Signed};
use crate::centre::dashboard::components::{Button, Empty, Table, Title};
use crate::centre::site::Site;
use crate::domain::role::Need;

pub async fn list(State(site): State<Arc<Site>>, signed: Signed<SelectionReader>) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let reach = signed.who.reach.clone();
    let read = desk
        .read(move |conn| Ok(store::all(conn)?.into_iter().filter(|kept| kept.is_within(&reach)).collect::<Vec<_>>()));
    let content = read.await.map(|all| {
        let (w, language) = (desk.words(), desk.language());
        let writes = desk.who.may(Need::Publish);
        let mut empty = Empty::new(w.none(), w.none_advice());
        let mut title = Title::new(language, w.title()).lead(w.lead());
        if writes {
            empty = empty.action(Button::link("/stories/new", w.write()));
            title = title.action(Button::link("/stories/new", w.write()).primary());
        }
        let mut table = Table::new(language, w.title())
            .column(w.title_zh())
            .column(w.hall())
            .column(w.author())
            .column(w.state())
            .column(w.until())
            .quiet()
            .stacked();
        for kept in &all {
            let telling = kept.story.telling();
            table.row([
                html! { a href={ "/stories/" (kept.id) } { (telling.title.get(language.is_english())) } },
                html! { (desk.hall_name(&telling.hall)) },
                html! { (kept.story.author()) },
                html! { (badge(language, kept.story.state())) },
                html! { (telling.until) },
            ]);
        }
        html! { (title) section.card { (table.or_empty(empty)) } }
    });
    desk.page(&desk.words().title(), content)
}
