//! All pledges of a hall, by where they stand.

use std::sync::Arc;

use axum::extract::{Path, Query as UrlQuery, State};
use axum::response::Response;
use maud::{Markup, html};

use super::{mark, owner};
use crate::centre::access::{HallReader, Signed};
use crate::centre::dashboard::components::{Button, Empty, Table, Tabs, Title};
use crate::centre::editor::answer;
use crate::centre::editor::opened::{Opened, Tab};
use crate::centre::editor::typed::Typed;
use crate::centre::hall::pledges::{PledgeFile, PledgeState};
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;
use crate::domain::rating::coded;

coded! {
    /// What a list of pledges is narrowed to.
    Standing {
        InForce = "in_force",
        /// Waits for a second person.
        Waiting = "waiting",
        Draft = "draft",
        Declined = "declined",
        Retired = "retired",
    }
}

impl Standing {
    fn holds(self, file: &PledgeFile, opened: &Opened) -> bool {
        let is_retired = file.retired_on.is_some_and(|on| on <= opened.today);
        let open = file.open().map(|v| v.state);
        match self {
            Self::Retired => is_retired,
            _ if is_retired => false,
            Self::InForce => file.versions.iter().any(|v| v.state == PledgeState::Approved),
            Self::Waiting => open == Some(PledgeState::Proposed),
            Self::Draft => open == Some(PledgeState::Draft),
            Self::Declined => file.versions.last().is_some_and(|v| v.state == PledgeState::Declined),
        }
    }

    fn word(self, opened: &Opened) -> std::borrow::Cow<'static, str> {
        let w = opened.words();
        match self {
            Self::InForce => w.in_force(),
            Self::Waiting => w.waiting(),
            Self::Draft => w.drafts(),
            Self::Declined => w.declined(),
            Self::Retired => w.out_of_use(),
        }
    }
}

/// The list, narrowed to a standing if one is asked for.
pub async fn list(
    State(site): State<Arc<Site>>,
    signed: Signed<HallReader>,
    Path(hall): Path<String>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &signed.who, signed.viewer.language, &hall).await?;
        let asked = Typed::new(pairs);
        let content = draw(&opened, Standing::from_code(asked.text("state")));
        Ok(signed.viewer.page(&site, &format!("{} · {}", opened.words().pledges(), opened.name()), content))
    };
    answer(&site, &signed.viewer, made.await)
}

fn draw(opened: &Opened, narrowed: Option<Standing>) -> Markup {
    let w = opened.words();
    let mut title = Title::new(opened.language, w.pledges()).lead(w.pledges_lead());
    if opened.may_edit() {
        if opened.board().pledges.len() > 1 {
            title = title.action(Button::link(opened.path("order/pledges"), w.arrange()));
        }
        title = title.action(Button::link(opened.path("new/pledges"), w.draft_pledge()).primary());
    }
    let stands = |file: &&PledgeFile| !Standing::Retired.holds(file, opened);
    let count = |standing: Standing| opened.hall.pledges.iter().filter(|f| standing.holds(f, opened)).count() as u64;
    let all = opened.hall.pledges.iter().filter(stands).count() as u64;
    let here = opened.path("pledges");
    let mut tabs = Tabs::new(w.state()).counted(here.clone(), w.all(), all, narrowed.is_none());
    for &standing in Standing::ALL {
        let address = format!("{here}?state={}", standing.code());
        tabs = tabs.counted(address, standing.word(opened), count(standing), narrowed == Some(standing));
    }
    let mut table = Table::new(opened.language, w.pledges())
        .column(w.pledge())
        .column(w.whose())
        .column(w.time_limit())
        .column(w.state())
        .quiet()
        .stacked()
        .or_empty(Empty::new(w.no_pledges(), w.no_pledges_advice()));
    let english = opened.language.is_english();
    let found = opened.hall.pledges.iter().filter(|f| narrowed.map_or(stands(f), |s| s.holds(f, opened)));
    for file in found {
        let Some(version) = file.in_force(opened.today).or(file.versions.last()) else { continue };
        table.row([
            html! { a href=(opened.path(&format!("pledges/{}", file.id))) { (version.promise.text.get(english)) } " " span.code { (file.id) } },
            html! { (owner(opened, file)) },
            html! { (version.promise.time_limit.get(english)) },
            mark(opened, file),
        ]);
    }
    html! { (opened.head(Tab::Pledges, title)) (tabs) (table) }
}
