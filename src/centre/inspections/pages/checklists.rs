//! Lists of what is looked at, and one of them in any of its versions.

use super::*;
use axum::extract::{Path, Query as UrlQuery};

use crate::centre::access::Signed;
use crate::centre::dashboard::components::{Button, Notice, Table, Title};
use crate::centre::inspections::checklists::{self as kept, Version};
use crate::centre::inspections::store::{self, Wanted};
use crate::centre::statistics::api::Pairs;
use crate::words::inspections::ChecklistWords;

pub async fn list(State(site): State<Arc<Site>>, signed: Signed<HallReader>) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let sight = desk.sight.clone();
    let content = async {
        let found = desk.read(move |conn| {
            let counted = |open| store::count(conn, &sight, Wanted { open, ..Wanted::default() });
            Ok((kept::newest(conn)?, counted(true)?, counted(false)?))
        });
        let (lists, open, all) = found.await?;
        Ok(Some(html! {
            (listed_title(&desk))
            (desk.tabs("lists", open, all))
            section.card { (table(&desk, &lists)) }
        }))
    };
    desk.page(&ChecklistWords(desk.language()).title(), content.await)
}

fn listed_title(desk: &Desk<'_>) -> Markup {
    let c = ChecklistWords(desk.language());
    let mut title = Title::new(desk.language(), c.title()).crumb("/inspections", desk.words().title()).lead(c.lead());
    if desk.who.may(Need::RulesKeep) {
        title = title.action(Button::link("/inspections/checklists/new", c.new_list()));
    }
    html! { (title) }
}

fn table(desk: &Desk<'_>, lists: &[Version]) -> Markup {
    let c = ChecklistWords(desk.language());
    let mut table = Table::new(desk.language(), c.title())
        .column(c.name())
        .number(c.items())
        .number(c.version())
        .column(c.made())
        .column(c.made_by())
        .quiet()
        .stacked();
    for v in lists {
        let name = v.list.title.get(desk.language().is_english());
        table.row([
            html! { a href={ "/inspections/checklists/" (v.checklist) } { (name) } },
            html! { (v.list.items.len()) },
            html! { (v.version) },
            made(desk, v),
            html! { (v.made_by) },
        ]);
    }
    html! { (table) }
}

/// What came with the program was made at no time.
fn made(desk: &Desk<'_>, v: &Version) -> Markup {
    html! { @if v.made.0 > 0 { (desk.moment(v.made)) } @else { "–" } }
}

pub async fn one(
    State(site): State<Arc<Site>>,
    signed: Signed<HallReader>,
    Path(checklist): Path<String>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let content = async {
        let version = pairs.iter().find(|(n, _)| n == "version").map(|(_, v)| v.parse::<u32>());
        let (Ok(checklist), Ok(version)) = (checklist.parse::<u32>(), version.transpose()) else { return Ok(None) };
        let found = desk.read(move |conn| Ok((kept::one(conn, checklist, version)?, kept::history(conn, checklist)?)));
        let (shown, history) = found.await?;
        Ok(shown.map(|shown| drawn(&desk, &shown, &history)))
    };
    desk.page(&ChecklistWords(desk.language()).title(), content.await)
}

fn drawn(desk: &Desk<'_>, shown: &Version, history: &[Version]) -> Markup {
    let (w, c) = (desk.words(), ChecklistWords(desk.language()));
    let english = desk.language().is_english();
    let newest = history.first().map_or(shown.version, |v| v.version);
    let sum: u32 = shown.list.items.iter().map(|i| u32::from(i.weight)).sum();
    let lead = format!("{} · {}", w.version(shown.version), c.used_by_weight(sum));
    let mut title = Title::new(desk.language(), shown.list.title.get(english).to_owned())
        .crumb("/inspections", w.title())
        .crumb("/inspections/checklists", c.title())
        .lead(lead);
    if desk.who.may(Need::RulesKeep) && shown.version == newest {
        title = title.action(Button::link(format!("/inspections/checklists/{}/edit", shown.checklist), c.edit()));
    }
    let mut items = Table::new(desk.language(), c.items())
        .column(c.text())
        .column(c.group())
        .column(c.kind())
        .number(c.weight())
        .quiet()
        .stacked();
    for item in &shown.list.items {
        items.row([
            html! { (item.text.get(english)) },
            html! { (item.group.get(english)) },
            html! { (words::item_kind(desk.language(), item.kind)) },
            html! { @if item.weight > 0 { (item.weight) } },
        ]);
    }
    let mut versions = Table::new(desk.language(), c.versions())
        .column(c.version())
        .column(c.made())
        .column(c.made_by())
        .column(c.why())
        .quiet()
        .stacked();
    for v in history {
        let address = format!("/inspections/checklists/{}?version={}", v.checklist, v.version);
        versions.row([
            html! { a href=(address) { (w.version(v.version)) } },
            made(desk, v),
            html! { (v.made_by) },
            html! { (v.why) },
        ]);
    }
    html! {
        (title)
        @if shown.version != newest { (Notice::note(c.old_version(shown.version)).standing()) }
        section.card { h2 { (c.items()) } (items) }
        section.card { h2 { (c.versions()) } (versions) }
    }
}
