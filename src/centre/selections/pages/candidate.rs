//! Why a candidate has its score: every source with its weight, its share after missing ones were shared out, what it adds,
//! and the numbers it was made of.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

use super::ranking::{missing, place};
use super::{Desk, Open, points};
use crate::centre::access::{SelectionReader, Signed};
use crate::centre::dashboard::components::{Notice, Table, Title, facts};
use crate::centre::dashboard::text::thousands;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::domain::appraisal::Subject;
use crate::domain::selection::{Entrant, Measured, Ranked};
use crate::words::selections as words;

pub async fn why(
    State(site): State<Arc<Site>>,
    signed: Signed<SelectionReader>,
    Path((id, key)): Path<(String, String)>,
) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let content = async {
        let open = desk.open(&id).await?;
        drawn(&desk, &open, &key).ok_or_else(|| ApiFault::new(ErrorCode::NotFound))
    };
    desk.page(&desk.words().why_this(), content.await)
}

fn drawn(desk: &Desk<'_>, open: &Open, key: &str) -> Option<Markup> {
    let (w, language, id) = (desk.words(), desk.language(), open.kept.id);
    let (snapshot, outcome) = open.result.as_ref()?;
    let subject = Subject::of_key(key)?;
    let entrant = snapshot.entrant(&subject)?;
    let terms = open.kept.selection.terms();
    let title = Title::new(language, snapshot.name(&subject))
        .crumb("/selections", w.title())
        .crumb(format!("/selections/{id}"), terms.title.clone())
        .lead(w.why_this());
    Some(html! {
        (title)
        section.card {
            @match (outcome.ranked(&subject), outcome.barred(&subject)) {
                (Some(one), _) => {
                    (facts([
                        (w.place(), place(language, one)),
                        (w.score(), html! { (points(one.score_milli)) }),
                        (w.bounds(), html! { (points(one.low_milli)) "–" (points(one.high_milli)) }),
                        (w.ratings(), html! { (thousands(one.n)) }),
                        (w.missing(), html! { (missing(language, &one.missing)) }),
                    ]))
                    (shares(desk, one))
                }
                (None, Some(barred)) => {
                    (Notice::note(w.not_placed()).standing())
                    ul { @for bar in &barred.why { li { (words::bar(language, bar)) } } }
                }
                (None, None) => {}
            }
            p.hint { (w.method()) }
            p.hint { (w.frozen_at(&moment_of(desk, open))) }
        }
        section.card { h2 { (w.parts()) } (pieces(desk, entrant)) }
    })
}

fn moment_of(desk: &Desk<'_>, open: &Open) -> String {
    let at = open.result.as_ref().map_or(0, |(snapshot, _)| snapshot.frozen_ms.0);
    let stamp = jiff::Timestamp::from_millisecond(at).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    desk.site.settings.time_zone.to_datetime(stamp).strftime("%F %H:%M").to_string()
}

fn shares(desk: &Desk<'_>, one: &Ranked) -> Markup {
    let (w, language) = (desk.words(), desk.language());
    let mut table = Table::new(language, w.why_this())
        .column(w.source())
        .number(w.weight())
        .number(w.share())
        .number(w.score())
        .number(w.adds())
        .number(w.ratings())
        .quiet();
    for share in &one.shares {
        table.row([
            html! { (words::source(language, share.source)) },
            html! { (share.weight) },
            html! { (micro(share.share_micro * 100, 1)) "%" },
            html! { (points(share.score_milli)) },
            html! { (micro(share.adds_micro, 2)) },
            html! { (thousands(share.n)) },
        ]);
    }
    table.foot([
        html! { (w.total()) },
        html! { (one.cover) },
        html! { "100.0%" },
        html! {},
        html! { b { (points(one.score_milli)) } },
        html! {},
    ]);
    html! { (table) }
}

fn pieces(desk: &Desk<'_>, entrant: &Entrant) -> Markup {
    let (w, language) = (desk.words(), desk.language());
    let mut table = Table::new(language, w.parts())
        .column(w.source())
        .number(w.score())
        .number(w.bounds())
        .number(w.ratings())
        .column(w.parts())
        .quiet()
        .stacked();
    for mark in &entrant.marks {
        table.row([
            html! { (words::source(language, mark.source)) },
            html! { (points(mark.score_milli)) },
            html! { (points(mark.low_milli)) "–" (points(mark.high_milli)) },
            html! { (thousands(mark.n)) },
            made_of(desk, mark),
        ]);
    }
    html! { @if entrant.marks.is_empty() { p { (w.no_parts()) } } @else { (table) } }
}

/// Codes are the source's own.
fn made_of(desk: &Desk<'_>, mark: &Measured) -> Markup {
    html! {
        @if mark.pieces.is_empty() { (desk.words().no_parts()) }
        @else {
            span {
                @for (at, piece) in mark.pieces.iter().enumerate() {
                    @if at > 0 { "; " }
                    (words::piece(desk.language(), &piece.code)) " " (micro(piece.value_micro, 3)) " (n=" (piece.n) ")"
                }
            }
        }
    }
}

/// Millionths with so many places.
fn micro(value: i64, places: usize) -> String {
    format!("{:.places$}", value as f64 / 1_000_000.0)
}
