//! Reviews, the newest first; or those of one window, person or pledge.

use std::sync::Arc;

use axum::extract::{Query as UrlQuery, State};
use axum::response::Response;
use maud::{Markup, html};

use super::super::about::About;
use super::super::leader::{self, Review};
use super::{LIST, period, score};
use crate::centre::access::{HallReader, Signed};
use crate::centre::dashboard::components::{Button, Empty, State as Badge, Table, Title, Tone, moment};
use crate::centre::dashboard::links::escaped;
use crate::centre::error::ApiFault;
use crate::centre::paging::{Paging, field};
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;
use crate::domain::role::Need;
use crate::words::reviews::Reviews;

/// Reviews that are looked at to find those within reach.
const LOOKED_AT: usize = 5_000;

/// What the list shows.
struct Listed {
    about: Option<About>,
    reviews: Vec<Review>,
    /// Ask for those before it.
    next: Option<i64>,
}

pub async fn list(
    State(site): State<Arc<Site>>,
    signed: Signed<HallReader>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let at = Paging { site: &site, viewer: &signed.viewer, who: &signed.who };
    let found = found(&at, &pairs).await;
    at.page(&Reviews(at.language()).title(), found.map(|found| found.map(|listed| drawn(&at, &listed))))
}

/// None for what is not within reach.
async fn found(at: &Paging<'_>, pairs: &Pairs) -> Result<Option<Listed>, ApiFault> {
    let asked = field(pairs, "about");
    if !asked.is_empty() {
        let Some(about) = About::of_key(asked).filter(|a| at.who.reach.covers(a.hall())) else { return Ok(None) };
        let key = about.key();
        let reviews = at.read(move |conn| leader::about_any(conn, &[key])).await?;
        return Ok(Some(Listed { about: Some(about), reviews, next: None }));
    }
    let before: i64 = field(pairs, "before").parse().unwrap_or(i64::MAX);
    let reach = at.who.reach.clone();
    let (reviews, next) = at
        .read(move |conn| {
            let (mut before, mut looked_at, mut own) = (before, 0, Vec::new());
            loop {
                let some = leader::list(conn, before)?;
                let Some(last) = some.last().map(|r| r.id) else { return Ok((own, None)) };
                looked_at += some.len();
                own.extend(some.into_iter().filter(|r| reach.covers(&r.hall)));
                before = last;
                if own.len() >= leader::MOST_LISTED as usize || looked_at >= LOOKED_AT {
                    return Ok((own, Some(before)));
                }
            }
        })
        .await?;
    Ok(Some(Listed { about: None, reviews, next }))
}

fn drawn(at: &Paging<'_>, listed: &Listed) -> Markup {
    let (w, language) = (Reviews(at.language()), at.language());
    let mut table = Table::new(language, w.title())
        .column(w.about())
        .column(w.period())
        .column(w.reviewer())
        .number(w.score())
        .column(w.state())
        .column(w.when())
        .quiet()
        .stacked()
        .or_empty(Empty::new(w.none(), w.none_advice()));
    for review in &listed.reviews {
        let newest = &review.newest;
        let state = match (newest.score, newest.revision) {
            (None, _) => Badge::new(Tone::Off, w.taken_back()),
            (_, 1) => Badge::new(Tone::Good, w.stands()),
            (_, n) => Badge::new(Tone::Good, w.revised(n - 1)),
        };
        table.row([
            html! { a href={ (LIST) "/" (review.id) } { (review.about.name(at.site, language)) } " " span.hint { (at.site.hall_name(&review.hall, language)) } },
            html! { (period(language, review.period)) },
            html! { (review.reviewer) },
            html! { (score(newest)) },
            html! { (state) },
            html! { (moment(&at.site.settings.time_zone, newest.made)) },
        ]);
    }
    let about = listed.about.as_ref();
    let heading = about.map_or_else(|| w.title(), |a| w.of(&a.name(at.site, language)));
    let mut title = Title::new(language, heading).lead(w.lead());
    if let Some(about) = about {
        title = title.crumb(LIST, w.title()).action(Button::link(about.page(), w.its_page()));
    }
    if at.who.may(Need::Review) {
        let address =
            about.map_or_else(|| format!("{LIST}/new"), |a| format!("{LIST}/new?about={}", escaped(&a.key())));
        title = title.action(Button::link(address, w.write()).primary());
    }
    html! {
        (title)
        section.card { (table) }
        @if let Some(next) = listed.next { p { a href={ (LIST) "?before=" (next) } { (w.older()) } } }
    }
}
