//! `/cycles`: what comes next, and each round as it was made.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

use super::rules::CycleRules;
use super::store::{self, Findings, Made};
use crate::centre::access::{CampaignReader, Routes, Signed, Viewer};
use crate::centre::clock;
use crate::centre::dashboard::components::{Button, Empty, Notice, State as Badge, Table, Title, Tone, facts, moment};
use crate::centre::dashboard::text::{percent, thousands};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::today;
use crate::centre::rules;
use crate::centre::site::Site;
use crate::domain::cycle::Cycle;
use crate::domain::query::Rate;
use crate::domain::role::Need;
use crate::words::cycles::{Cycles, cycle as named, missing};

/// Rounds of the page.
const MAX_ROWS: usize = 200;

pub fn routes() -> Routes {
    Routes::new().get("/cycles", Need::Campaign, list).get("/cycles/{id}", Need::Campaign, one)
}

async fn list(State(site): State<Arc<Site>>, Signed { handle, viewer, .. }: Signed<CampaignReader>) -> Response {
    let read = site
        .readers
        .read(|conn| -> rusqlite::Result<_> { Ok((rules::current::<CycleRules>(conn)?, store::latest(conn, 2_000)?)) });
    let (rules, mut made) = match read.await {
        Ok(Ok(found)) => found,
        Ok(Err(e)) => return viewer.refuse(&site, &ApiFault::because(ErrorCode::Unavailable, &e)),
        Err(fault) => return viewer.refuse(&site, &fault.into()),
    };
    made.retain(|m| handle.covers(&m.hall));
    made.truncate(MAX_ROWS);
    let w = Cycles(viewer.language);
    let content = html! {
        (Title::new(viewer.language, w.title()).lead(w.lead())
            .action(Button::link("/rules/cycles", crate::words::rules::RulePages(viewer.language).title())))
        section.card { h2 { (w.coming()) } (coming(&site, &viewer, &rules)) }
        section.card { h2 { (w.made()) } (rounds(&site, &viewer, &made)) }
    };
    viewer.page(&site, &w.title(), content)
}

fn coming(site: &Site, viewer: &Viewer, rules: &CycleRules) -> Markup {
    let w = Cycles(viewer.language);
    let day = today(&site.settings.time_zone, clock::now().wall);
    let mut table =
        Table::new(viewer.language, w.coming()).quiet().stacked().column(w.cycle()).column(w.on()).column(w.period());
    for &cycle in Cycle::ALL {
        let next = rules.working_day(cycle).and_then(|n| cycle.next(&site.settings.calendar, n, day));
        table.row([
            html! { (named(viewer.language, cycle)) },
            html! {
                @if let Some(round) = &next { time datetime=(round.on) { (round.on) } }
                @else { (Badge::new(Tone::Off, w.stopped())) }
            },
            html! { (next.as_ref().map_or("", |r| r.period.as_str())) },
        ]);
    }
    html! { (table) }
}

fn rounds(site: &Site, viewer: &Viewer, made: &[Made]) -> Markup {
    let w = Cycles(viewer.language);
    let mut table = Table::new(viewer.language, w.made())
        .quiet()
        .stacked()
        .column(w.cycle())
        .column(w.hall())
        .column(w.when())
        .column(w.found());
    for one in made {
        let name = w.round(&named(viewer.language, one.cycle), &one.period);
        table.row([
            html! { a href={ "/cycles/" (one.id) } { (name) } },
            html! { (site.hall_name(&one.hall, viewer.language)) },
            moment(&site.settings.time_zone, one.made),
            html! { (summary(w, one)) },
        ]);
    }
    html! { (table.or_empty(Empty::new(w.none(), w.none_advice()))) }
}

fn summary(w: Cycles, made: &Made) -> String {
    let Findings { overdue_count, overdue_matters, n, satisfied_rate, .. } = &made.findings;
    let overdue = w.overdue(*overdue_count, *overdue_matters);
    if made.cycle == Cycle::WeeklyOverdue {
        return overdue.into_owned();
    }
    let figures = satisfied_rate.map_or_else(|| w.no_figures(), |r| w.figures(&thousands(*n), &percent(r.value)));
    format!("{figures} · {overdue}")
}

async fn one(
    State(site): State<Arc<Site>>,
    Signed { handle, who, viewer }: Signed<CampaignReader>,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = id.parse::<i64>() else { return viewer.not_found(&site) };
    let made = match site.readers.read(move |conn| store::one(conn, id)).await {
        Ok(Ok(made)) => made.filter(|m| handle.covers(&m.hall)),
        Ok(Err(e)) => return viewer.refuse(&site, &ApiFault::because(ErrorCode::Unavailable, &e)),
        Err(fault) => return viewer.refuse(&site, &fault.into()),
    };
    let Some(made) = made else { return viewer.not_found(&site) };
    let w = Cycles(viewer.language);
    let title = w.round(&named(viewer.language, made.cycle), &made.period).into_owned();
    let content = drawn(&site, &viewer, &made, &title, who.may(Need::Cases));
    viewer.page(&site, &title, content)
}

fn drawn(site: &Site, viewer: &Viewer, made: &Made, title: &str, cases: bool) -> Markup {
    let (language, w, found) = (viewer.language, Cycles(viewer.language), &made.findings);
    let lead = format!("{} · {} – {}", site.hall_name(&made.hall, language), made.days.from, made.days.to);
    let rate = |rate: Option<Rate>| match rate {
        Some(r) => html! { (percent(r.value)) " " span.hint { (w.interval(&percent(r.low), &percent(r.high))) } },
        None => html! { "–" },
    };
    let more = found.overdue_count.saturating_sub(found.overdue_cases.len() as u64);
    html! {
        (Title::new(language, title.to_owned()).crumb("/cycles", w.title()).lead(lead))
        @for code in &found.missing { (Notice::bad(missing(language, code)).standing()) }
        @if made.cycle != Cycle::WeeklyOverdue {
            (facts([
                (w.ratings(), html! { (w.of_served(&thousands(found.n), &thousands(found.served))) }),
                (w.rate(), rate(found.satisfied_rate)),
                (w.negative(), rate(found.negative_rate)),
            ]))
        }
        section.card {
            h2 { (w.overdue_cases()) }
            p { (w.overdue(found.overdue_count, found.overdue_matters)) }
            @if cases && !found.overdue_cases.is_empty() {
                p { @for id in &found.overdue_cases { a href={ "/cases/" (id) } { "№ " (id) } " " } @if more > 0 { (w.more(more)) } }
            }
            p { (w.pledges(found.pledges_kept, found.pledges_unkept)) }
        }
        @if made.cycle == Cycle::MonthlyReport {
            section.card {
                p { a href={ "/report?month=" (made.period) "&hall=" (made.hall) } { (w.report()) } }
                @if let Some(notice) = &found.notice { p { (w.notice(notice)) } }
            }
        }
        @if !found.selections.is_empty() {
            section.card {
                h2 { (w.selections()) }
                p { @for id in &found.selections { a href={ "/selections/" (id) } { "№ " (id) } " " } }
            }
        }
    }
}
