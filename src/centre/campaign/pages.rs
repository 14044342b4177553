//! The table of windows and steps, as a page and as a file.

use std::sync::Arc;

use axum::extract::{Query as UrlQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;
use maud::{Markup, html};

use super::gathered;
use crate::centre::access::{CampaignReader, Reach, Routes, Signed};
use crate::centre::audit::{self, Act};
use crate::centre::clock;
use crate::centre::dashboard::components::{Button, Choice, Empty, State as Badge, Table, Title, Tone, buttons};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::today;
use crate::centre::marks::Ground;
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;
use crate::centre::statistics::export::{Grid, Value, csv};
use crate::domain::campaign::{Facts, Missing, Step};
use crate::domain::id::{HallId, WindowId};
use crate::domain::named_period::NamedPeriod;
use crate::domain::role::Need;
use crate::words::Language;
use crate::words::campaign::{Campaign, step as step_name};

/// Names of one line.
const MAX_NAMES: usize = 5;

pub fn routes() -> Routes {
    Routes::new().get("/campaign", Need::Campaign, show).get("/campaign/export", Need::Campaign, export)
}

/// What is asked, and what was found.
struct Found {
    halls: Vec<HallId>,
    hall: Option<HallId>,
    period: NamedPeriod,
    today: Date,
    windows: Vec<(WindowId, Facts)>,
}

async fn find(site: &Arc<Site>, reach: &Reach, pairs: &Pairs) -> Result<Found, ApiFault> {
    let of = |name: &str| pairs.iter().find(|(n, value)| n == name && !value.is_empty()).map(|(_, value)| value);
    let day = today(&site.settings.time_zone, clock::now().wall);
    let period = match of("period") {
        Some(code) => NamedPeriod::parse(code)
            .ok_or_else(|| ApiFault::telling(ErrorCode::BadQuery, &"period: 2026-11, 2026-Q4 or 2026"))?,
        None => NamedPeriod::quarter_of(day),
    };
    let mut halls: Vec<HallId> =
        site.boards.get().halls().map(|(id, _)| id).filter(|id| reach.covers(id)).cloned().collect();
    halls.sort();
    let hall = match of("hall") {
        Some(code) => {
            let found = halls.iter().find(|id| id.as_str() == code).cloned();
            Some(found.ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?)
        }
        None => halls.first().cloned(),
    };
    let mut windows = Vec::new();
    if let Some(hall) = hall.clone() {
        let (ground, least) = (Ground::of(site, reach, 0), site.settings.min_ranked);
        let read = site.readers.read(move |conn| gathered::facts(conn, &ground, &hall, period.days(), least, day));
        windows = read.await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    }
    Ok(Found { halls, hall, period, today: day, windows })
}

async fn show(
    State(site): State<Arc<Site>>,
    Signed { handle, viewer, .. }: Signed<CampaignReader>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    match find(&site, handle.reach(), &pairs).await {
        Ok(found) => viewer.page(&site, &Campaign(viewer.language).title(), drawn(&site, viewer.language, &found)),
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

fn drawn(site: &Site, language: Language, found: &Found) -> Markup {
    let w = Campaign(language);
    let title = Title::new(language, w.title()).lead(w.lead());
    let Some(hall) = &found.hall else { return html! { (title) (Empty::new(w.no_hall(), "")) } };
    let file = format!("/campaign/export?hall={hall}&period={}", found.period.code());
    let (done, all): (usize, usize) =
        (found.windows.iter().map(|(_, f)| f.done()).sum(), found.windows.len() * Step::ALL.len());
    let halls = found.halls.iter().map(|id| (id.to_string(), site.hall_name(id, language)));
    let periods = NamedPeriod::choices(found.today).into_iter().map(|p| (p.code(), p.code()));
    html! {
        (title.action(Button::file(file, w.csv())))
        form.asking method="get" action="/campaign" {
            @if found.halls.len() > 1 { (Choice::new("hall", w.hall(), halls).chosen(hall.to_string())) }
            (Choice::new("period", w.period(), periods).chosen(found.period.code()))
            (buttons(&[Button::submit(w.show())]))
        }
        p.lead { (w.all_done(done, all)) }
        section.card { (matrix(site, language, hall, found)) }
        section.card { h2 { (w.what_is_missing()) } (lacking(site, language, hall, found)) }
    }
}

fn matrix(site: &Site, language: Language, hall: &HallId, found: &Found) -> Markup {
    let w = Campaign(language);
    let mut table = Table::new(language, w.title()).quiet().stacked().column(w.window()).column(w.done());
    for &step in Step::ALL {
        table = table.column(step_name(language, step));
    }
    for (window, facts) in &found.windows {
        let head = [
            html! { a href={ "#" (window) } { (site.window_name(hall, window, language)) } },
            html! { (w.progress(facts.done(), Step::ALL.len())) },
        ];
        let cells = Step::ALL.iter().map(|&step| {
            let done = facts.missing(step).is_empty();
            let (tone, word) = if done { (Tone::Good, w.done()) } else { (Tone::Off, w.missing()) };
            html! { (Badge::new(tone, word)) }
        });
        table.row(head.into_iter().chain(cells));
    }
    html! { (table.or_empty(Empty::new(w.no_windows(), ""))) }
}

fn lacking(site: &Site, language: Language, hall: &HallId, found: &Found) -> Markup {
    let w = Campaign(language);
    html! {
        @for (window, facts) in &found.windows {
            h3 id=(window) { (site.window_name(hall, window, language)) }
            @let missing: Vec<_> = Step::ALL.iter().flat_map(|&s| facts.missing(s).into_iter().map(move |m| (s, m))).collect();
            @if missing.is_empty() { p { (w.nothing_missing()) } }
            @else {
                ul { @for (step, one) in &missing { li { b { (step_name(language, *step)) } " · " (said(w, one)) } } }
            }
        }
    }
}

fn said(w: Campaign, missing: &Missing) -> String {
    let names = |all: &[String]| {
        let some = all.iter().take(MAX_NAMES).map(String::as_str).collect::<Vec<_>>().join("、");
        if all.len() > MAX_NAMES { w.people(&some, all.len()).into_owned() } else { some }
    };
    match missing {
        Missing::NoStaff => w.no_staff(),
        Missing::NoPhoto(all) => w.no_photo(&names(all)),
        Missing::NoUnitPledge => w.no_unit_pledge(),
        Missing::NoOwnPledge(all) => w.no_own_pledge(&names(all)),
        Missing::NoHonour => w.no_honour(),
        Missing::FewRatings { n, least } => w.few_ratings(*n, *least),
        Missing::NoReview => w.no_review(),
        Missing::NoPeer => w.no_peer(),
        Missing::NoInspection => w.no_inspection(),
        Missing::NoSkill => w.no_skill(),
        Missing::NoBusiness => w.no_business(),
        Missing::NotMeasured => w.not_measured(),
        Missing::Unkept(n) => w.unkept(*n),
        Missing::Overdue(n) => w.overdue(*n),
        Missing::NoSelection => w.no_selection(),
    }
    .into_owned()
}

async fn export(
    State(site): State<Arc<Site>>,
    Signed { handle, who, viewer }: Signed<CampaignReader>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let made = async {
        let found = find(&site, handle.reach(), &pairs).await?;
        let hall = found.hall.clone().ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?;
        let bytes = csv(&grid(&site, viewer.language, &hall, &found)).into_bytes();
        let (object, name) = (format!("hall:{hall}"), format!("pingyi-campaign-{hall}-{}.csv", found.period.code()));
        let noted = site
            .writer
            .attempt(move |desk| audit::append(desk.tx, desk.now, &who, Act::StatisticsExported, &object, "campaign"));
        noted.await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
        let name = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
            (header::CONTENT_DISPOSITION, name.unwrap_or(HeaderValue::from_static("attachment"))),
        ];
        Ok::<_, ApiFault>((headers, bytes).into_response())
    };
    made.await.unwrap_or_else(|fault| viewer.refuse(&site, &fault))
}

fn grid(site: &Site, language: Language, hall: &HallId, found: &Found) -> Grid {
    let w = Campaign(language);
    let steps = Step::ALL.iter().map(|&s| step_name(language, s).to_owned());
    let headings = [w.window().into_owned(), w.done().into_owned()].into_iter().chain(steps).collect();
    let line = |(window, facts): &(WindowId, Facts)| {
        let cells = Step::ALL.iter().map(|&step| {
            let missing: Vec<_> = facts.missing(step).iter().map(|m| said(w, m)).collect();
            Value::Text(if missing.is_empty() { w.done().into_owned() } else { missing.join("；") })
        });
        let name = Value::Text(site.window_name(hall, window, language));
        [name, Value::Count(facts.done() as u64)].into_iter().chain(cells).collect()
    };
    Grid { headings, rows: found.windows.iter().map(line).collect() }
}
