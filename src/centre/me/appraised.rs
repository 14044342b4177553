//! What leaders, colleagues and contests said of oneself.
//!
//! **Invariant of absence:** nothing of anybody else, nothing of a round that is not over, nothing of too few votes.

use std::sync::Arc;

use jiff::civil::Date;
use maud::{Markup, html};

use crate::centre::contests::{self, OwnPart};
use crate::centre::dashboard::components::{Button, Table};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::reviews::{self, About, OwnOutcome, Review, period_name};
use crate::centre::site::Site;
use crate::domain::appraisal::Subject;
use crate::domain::board::Board;
use crate::domain::contest::{most, points};
use crate::domain::id::StaffNo;
use crate::words::Language;
use crate::words::contests::Contests;
use crate::words::me::Me;
use crate::words::reviews::Reviews;

/// All of it, the latest first.
#[derive(Debug, Default)]
pub struct Appraised {
    /// With what each is about; none: oneself.
    reviews: Vec<(Review, Option<String>)>,
    peers: Vec<OwnOutcome>,
    contests: Vec<OwnPart>,
}

/// Reviews about the person, their pledges, and the windows that their card names; rounds that are over; published events.
///
/// # Errors
/// Those of the store.
pub async fn gathered(
    site: &Arc<Site>,
    board: Option<&Board>,
    staff_no: &StaffNo,
    today: Date,
) -> Result<Appraised, ApiFault> {
    let Some(board) = board else { return Ok(Appraised::default()) };
    let hall = board.hall.id.clone();
    let own = About::Of(Subject::Staff { hall: hall.clone(), staff_no: staff_no.clone() });
    let pledges = board.pledges.iter().filter(|p| p.staff_no.as_ref() == Some(staff_no));
    let pledges = pledges.map(|p| About::Pledge { hall: hall.clone(), pledge: p.id.clone() });
    let windows = board.staff(staff_no).map(|card| card.windows.clone()).unwrap_or_default();
    let windows = windows
        .into_iter()
        .map(|service_window| About::Of(Subject::ServiceWindow { hall: hall.clone(), service_window }));
    let keys: Vec<String> =
        std::iter::once(own.clone()).chain(pledges).chain(windows).map(|about| about.key()).collect();
    let no = staff_no.clone();
    let read = site.readers.read(move |conn| -> rusqlite::Result<_> {
        let reviews = reviews::about_any(conn, &keys)?;
        Ok((reviews, reviews::own_outcomes(conn, &hall, &no, today)?, contests::own_parts(conn, &hall, &no)?))
    });
    let (found, peers, contests) = read.await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    let stands = found.into_iter().filter(|r| r.newest.score.is_some());
    let named = stands.map(|r| {
        let about = (r.about != own).then(|| r.about.name(site, Language::Zh));
        (r, about)
    });
    Ok(Appraised { reviews: named.take(24).collect(), peers, contests })
}

pub fn drawn(appraised: &Appraised, language: Language) -> Markup {
    let w = Me(language);
    html! {
        section.card {
            h2 { (w.said_of_you()) }
            h3 { (w.reviews()) }
            @if appraised.reviews.is_empty() { p.hint { (w.no_reviews()) } } @else { (reviews_drawn(appraised, language)) }
            h3 { (w.peers()) }
            @if appraised.peers.is_empty() { p.hint { (w.no_peers()) } } @else { (peers(appraised, language)) }
            h3 { (w.contests()) }
            @if appraised.contests.is_empty() { p.hint { (w.no_contests()) } } @else { (contests_drawn(appraised, language)) }
        }
    }
}

fn reviews_drawn(appraised: &Appraised, language: Language) -> Markup {
    let (w, r) = (Me(language), Reviews(language));
    let mut table = Table::new(language, w.reviews())
        .column(w.about())
        .column(r.period())
        .column(r.reviewer())
        .number(r.score())
        .column(r.text())
        .quiet()
        .stacked();
    for (review, about) in &appraised.reviews {
        let score = review.newest.score.unwrap_or(0);
        table.row([
            html! { @match about { Some(about) => { (about) } None => { (w.yourself()) } } },
            html! { (period_name(language, review.period)) },
            html! { (review.reviewer) },
            html! { (score) " / " (review.newest.scale) },
            html! { span.lines { (review.newest.text) } },
        ]);
    }
    html! { (table) }
}

fn peers(appraised: &Appraised, language: Language) -> Markup {
    let w = Me(language);
    html! {
        @for own in &appraised.peers {
            p { b { (w.peer_round(&own.title, &own.ended.to_string())) } }
            @match &own.outcome {
                None => { p.hint { (w.peer_too_few()) } }
                Some(outcome) => {
                    @let e = outcome.all;
                    p { (w.peer_outcome(&format!("{:.0}", e.value), &format!("{:.0}", e.low), &format!("{:.0}", e.high), outcome.n)) }
                    ul { @for (criterion, value) in own.criteria.iter().zip(&outcome.criteria) { li { (criterion) " " (format!("{value:.0}")) } } }
                }
            }
        }
    }
}

fn contests_drawn(appraised: &Appraised, language: Language) -> Markup {
    let (w, c) = (Me(language), Contests(language));
    let mut table = Table::new(language, w.contests())
        .column(c.event())
        .column(c.day())
        .column(c.attended())
        .column(c.place())
        .column(c.certificate())
        .quiet()
        .stacked();
    for OwnPart { contest, part, of } in &appraised.contests {
        let place = part.rank.map(|rank| c.your_place(rank, *of));
        table.row([
            html! { a href={ "/contests/" (contest.id) } { (contest.title) } },
            html! { (contest.day) },
            html! { (if part.entry.attended { w.you_attended() } else { w.you_were_absent() }) },
            html! {
                @match (place, part.entry.total()) {
                    (Some(place), Some(total)) => { (place) " · " (points(total)) " / " (most(&contest.criteria)) }
                    _ => { "–" }
                }
            },
            html! {
                @if part.entry.attended {
                    (Button::link(format!("/contests/{}/certificate/{}/{}", contest.id, part.hall, part.staff_no), c.certificate()).small().about(contest.title.as_str()))
                } @else { "–" }
            },
        ]);
    }
    html! { (table) }
}
