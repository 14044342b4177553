//! Events, the latest first.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::super::acts::keeps;
use super::super::store::{self, Contest};
use super::LIST;
use crate::centre::access::{Signed, StatisticsReader};
use crate::centre::dashboard::components::{Button, Empty, State as Badge, Table, Title, Tone};
use crate::centre::paging::Paging;
use crate::centre::site::Site;
use crate::domain::contest::ContestKind;
use crate::domain::role::Need;
use crate::words::contests::Contests;

pub async fn list(State(site): State<Arc<Site>>, signed: Signed<StatisticsReader>) -> Response {
    let at = Paging { site: &site, viewer: &signed.viewer, who: &signed.who };
    let (who, only) = (Arc::clone(&signed.who), signed.handle.only_staff.clone());
    let read = at.read(move |conn| {
        let mut shown = Vec::new();
        for contest in store::all(conn)? {
            let near = contest.halls.iter().any(|hall| who.reach.covers(hall));
            let kept = who.may(Need::ContestsKeep) && keeps(&who.reach, &contest);
            if !(kept || (near && contest.published.is_some())) {
                continue;
            }
            let parts = store::parts(conn, contest.id)?;
            let own = |no| parts.iter().any(|p| &p.staff_no == no && who.reach.covers(&p.hall));
            if only.as_ref().is_none_or(own) {
                shown.push((contest, parts.len()));
            }
        }
        Ok(shown)
    });
    let own = signed.handle.only_staff.is_some();
    at.page(&Contests(at.language()).title(), read.await.map(|shown| Some(drawn(&at, &shown, own))))
}

fn drawn(at: &Paging<'_>, shown: &[(Contest, usize)], own: bool) -> Markup {
    let (w, language) = (Contests(at.language()), at.language());
    let mut table = Table::new(language, w.title())
        .column(w.event())
        .column(w.kind())
        .column(w.day())
        .column(w.issuer())
        .number(w.people())
        .column(w.state())
        .quiet()
        .stacked()
        .or_empty(Empty::new(w.none(), w.none_advice()));
    for (contest, people) in shown {
        let state = match contest.published {
            Some(_) => Badge::new(Tone::Good, w.published()),
            None => Badge::new(Tone::Note, w.draft()),
        };
        table.row([
            html! { a href={ (LIST) "/" (contest.id) } { (contest.title) } },
            html! { (kind(w, contest.kind)) },
            html! { (contest.day) },
            html! { (contest.issuer) },
            html! { (people) },
            html! { (state) },
        ]);
    }
    let mut title = Title::new(language, w.title()).lead(if own { w.own_lead() } else { w.lead() });
    if at.who.may(Need::ContestsKeep) {
        title = title.action(Button::link(format!("{LIST}/new"), w.add()).primary());
    }
    html! { (title) section.card { (table) } }
}

/// What people call the kind.
pub fn kind(w: Contests, kind: ContestKind) -> std::borrow::Cow<'static, str> {
    match kind {
        ContestKind::Contest => w.contest(),
        ContestKind::Training => w.training(),
    }
}
