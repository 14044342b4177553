//! A certificate: one page to print, in the language of the screen.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

use super::super::store::{Contest, Part};
use super::{LIST, opened};
use crate::centre::access::{Signed, StatisticsReader};
use crate::centre::dashboard::components::Title;
use crate::centre::paging::Paging;
use crate::centre::site::Site;
use crate::domain::contest::{ContestKind, most, points};
use crate::words::contests::Contests;

pub async fn show(
    State(site): State<Arc<Site>>,
    signed: Signed<StatisticsReader>,
    Path((id, hall, staff)): Path<(String, String, String)>,
) -> Response {
    let at = Paging { site: &site, viewer: &signed.viewer, who: &signed.who };
    let found = opened(&at, &id, signed.handle.only_staff.as_ref()).await;
    let content = found.map(|found| {
        let o = found.filter(|o| o.contest.published.is_some())?;
        let part = o.parts.iter().find(|p| p.hall.as_str() == hall && p.staff_no.as_str() == staff)?;
        part.entry.attended.then(|| page(&at, &o.contest, part))
    });
    at.page(&Contests(at.language()).certificate(), content)
}

fn page(at: &Paging<'_>, contest: &Contest, part: &Part) -> Markup {
    let (w, language) = (Contests(at.language()), at.language());
    let here = format!("{LIST}/{}", contest.id);
    // The card's Latin letters on an English certificate, where it has some.
    let card = at.board(&part.hall).and_then(|board| board.staff(&part.staff_no).cloned());
    let latin = card.and_then(|c| c.name_en).filter(|_| language.is_english());
    let name = latin.unwrap_or_else(|| part.name.clone());
    let day = w.certify_date(contest.day.year(), contest.day.month(), contest.day.day());
    html! {
        div.only-screen {
            (Title::new(language, w.certificate()).crumb(LIST, w.title()).crumb(here, contest.title.as_str()).lead(w.print_hint()))
        }
        article.certificate aria-label=(w.certificate()) {
            p.of { (at.site.hall_name(&part.hall, language)) }
            p.heading { (w.certificate()) }
            p.name { (w.comrade(&name)) }
            @match contest.kind {
                ContestKind::Contest => {
                    p { (w.certify_contest(&contest.title)) }
                    @if let Some(rank) = part.rank { p.rank { (w.nth(rank)) } }
                }
                ContestKind::Training => { p { (w.certify_training(&contest.title)) } }
            }
            @if let Some(total) = part.entry.total() { p { (w.certify_score(&points(total), most(&contest.criteria))) } }
            p.issuer { (contest.issuer) br; (day) }
        }
    }
}
