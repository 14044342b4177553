//! The first page, in this order: is something wrong now, how are we doing and with how much certainty, who and what stands
//! out. Every figure leads to the rows behind it.

mod doing;
mod figures;
mod live;
mod now;
mod standing;
mod warnings;

use std::sync::Arc;

use jiff::Timestamp;
use maud::{Markup, html};

pub use self::live::ADDRESS as FEED;

use self::figures::{About, Figures, PERIODS};
use self::warnings::{Overdue, Terminals, Warning};
use super::components::Title;
use super::explore::definitions;
use super::page::NAVIGATION;
use crate::centre::access::{AlertReader, CaseReader, FleetReader, Handle as _, Reach, StatisticsReader};
use crate::centre::clock;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::centre::statistics::api::{Pairs, Reading, defaults};
use crate::centre::statistics::labels::Labels;
use crate::centre::statistics::live::Block;
use crate::centre::statistics::{self, Scope};
use crate::domain::id::HallId;
use crate::words::Language;
use crate::words::dashboard::Dashboard;
use crate::words::overview::Overview as Words;

/// All that the page shows.
struct Overview<'a> {
    labels: &'a Labels,
    about: &'a About,
    /// The moment, as people write it.
    moment: &'a str,
    /// None: the role does not see kiosks.
    fleet: Option<Terminals>,
    /// None: the role does not see alerts.
    alerts: Option<Vec<Warning>>,
    /// None: the role does not see cases.
    cases: Option<Overdue>,
    figures: &'a Figures,
    /// The viewer sees only their own work.
    own_only: bool,
    /// Halls to choose from: id and name.
    halls: Vec<(HallId, String)>,
    /// Pages that the viewer may open.
    pages: Vec<&'static str>,
    live: Option<Markup>,
}

/// Asks all and draws the page.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a hall that is not the reader's; those of the store.
pub async fn overview(
    site: &Arc<Site>,
    reader: StatisticsReader,
    language: Language,
    pairs: &Pairs,
) -> Result<Markup, ApiFault> {
    let given = |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
    let days = given("days").and_then(|d| d.parse().ok()).filter(|d| PERIODS.contains(d)).unwrap_or(30);
    let halls = halls(site, reader.reach(), language);
    let hall = chosen(given("hall"), &halls)?;
    let now = clock::now().wall;
    let defaults = defaults(site, language);
    let about = About { today: defaults.today, days, hall, min_n: defaults.min_n };
    let own_only = reader.only_staff.is_some();
    let who = reader.who.clone();
    let reading = Reading::new(site, reader, language);
    let figures = Figures::from(reading.ask_all(site, figures::questions(&about)).await?);
    let covers = warnings::Covers { reach: who.reach.clone(), hall: about.hall.clone() };
    let fleet = match FleetReader::of(&who) {
        Some(_) => Some(warnings::terminals(site, covers.clone(), reading.labels(), now).await?),
        None => None,
    };
    let cases = match CaseReader::of(&who) {
        Some(_) => Some(warnings::cases(site, covers.clone(), language, now).await?),
        None => None,
    };
    let alerts = match AlertReader::of(&who) {
        Some(_) => Some(warnings::alerts(site, covers, reading.labels(), now).await?),
        None => None,
    };
    let live = if own_only {
        None
    } else {
        let blocks = blocks(site, reading.scope(), about.hall.clone(), about.today).await?;
        let zone = &site.settings.time_zone;
        Some(live::section(&blocks, group(site), zone, language, about.hall.as_ref().map(HallId::as_str)))
    };
    let stamp = Timestamp::from_millisecond(now.0).unwrap_or(Timestamp::UNIX_EPOCH);
    let moment = site.settings.time_zone.to_datetime(stamp).strftime("%F %H:%M").to_string();
    Ok(draw(&Overview {
        labels: reading.labels(),
        about: &about,
        moment: &moment,
        fleet,
        alerts,
        cases,
        figures: &figures,
        own_only,
        halls,
        pages: NAVIGATION.iter().filter(|e| who.may(e.need)).map(|e| e.path).collect(),
        live,
    }))
}

/// The feed alone.
///
/// # Errors
/// As [`overview`].
pub async fn feed(
    site: &Arc<Site>,
    reader: StatisticsReader,
    language: Language,
    pairs: &Pairs,
) -> Result<Markup, ApiFault> {
    if reader.only_staff.is_some() {
        return Err(ApiFault::new(ErrorCode::Forbidden));
    }
    let hall = pairs.iter().find(|(n, _)| n == "hall").map(|(_, value)| value.as_str());
    let hall = chosen(hall, &halls(site, reader.reach(), language))?;
    let today = defaults(site, language).today;
    let reading = Reading::new(site, reader, language);
    let blocks = blocks(site, reading.scope(), hall, today).await?;
    Ok(live::feed(&blocks, &site.settings.time_zone, language))
}

/// Ratings of one block at least, whoever looks: the feed is never single ratings.
fn group(site: &Site) -> u64 {
    site.settings.min_group.max(statistics::LEAST_MIN_N)
}

async fn blocks(
    site: &Arc<Site>,
    scope: &Scope,
    hall: Option<HallId>,
    today: jiff::civil::Date,
) -> Result<Vec<Block>, ApiFault> {
    let scope = Scope { halls: hall.map(|h| vec![h]).or_else(|| scope.halls.clone()), ..scope.clone() };
    let group = group(site);
    let memory = Arc::clone(&site.figures);
    let read =
        move |conn: &rusqlite::Connection| statistics::live::live(conn, &memory.names, today, &scope, group, 500);
    Ok(site.readers.read(read).await??)
}

/// Halls of the reach, with their names.
pub(super) fn halls(site: &Site, reach: &Reach, language: Language) -> Vec<(HallId, String)> {
    let boards = site.boards.get();
    boards
        .all()
        .filter(|b| reach.covers(&b.hall.id))
        .map(|b| (b.hall.id.clone(), b.hall.name.get(language.is_english()).to_owned()))
        .collect()
}

/// The hall that an address names.
pub(super) fn chosen(asked: Option<&str>, halls: &[(HallId, String)]) -> Result<Option<HallId>, ApiFault> {
    match asked.filter(|a| !a.is_empty()) {
        None => Ok(None),
        Some(asked) => {
            let found = halls.iter().find(|(id, _)| id.as_str() == asked).map(|(id, _)| id.clone());
            found.map(Some).ok_or_else(|| ApiFault::new(ErrorCode::NotFound))
        }
    }
}

fn draw(o: &Overview<'_>) -> Markup {
    let language = o.labels.language();
    let (w, d) = (Words(language), Dashboard(language));
    let period = &o.figures.now.query;
    let lead = w.period(&period.from.to_string(), &period.to.to_string(), o.moment);
    let any = o.figures.now.total.n.unwrap_or(0) > 0;
    html! {
        (Title::new(language, w.title()).lead(lead).aside(periods(o)))
        @if o.halls.len() > 1 { (hall_choice(o)) }
        @if o.figures.now.sample { p.sample { (d.sample()) } }
        @if o.own_only { p.sample { (d.own_only()) } } @else { (now::now(o)) }
        (doing::doing(o))
        div.split {
            @if any { (doing::days(o)) }
            @if let Some(live) = &o.live { (live) }
        }
        @if any {
            (standing::standing(o))
            (standing::participation(o))
        }
        (definitions(d))
    }
}

fn periods(o: &Overview<'_>) -> Markup {
    let language = o.labels.language();
    let hall = o.about.hall.as_ref().map_or_else(String::new, |h| format!("&hall={h}"));
    html! {
        nav.choices aria-label=(Words(language).choose_period()) {
            @for days in PERIODS {
                a href={ "/?days=" (days) (hall) } aria-current=[(days == o.about.days).then_some("true")] { (Dashboard(language).days_short(i64::from(days))) }
            }
        }
    }
}

fn hall_choice(o: &Overview<'_>) -> Markup {
    let w = Words(o.labels.language());
    let days = o.about.days;
    html! {
        nav.choices aria-label=(w.choose_hall()) {
            a href={ "/?days=" (days) } aria-current=[o.about.hall.is_none().then_some("true")] { (w.every_hall()) }
            @for (id, name) in &o.halls {
                a href={ "/?days=" (days) "&hall=" (id) } aria-current=[(o.about.hall.as_ref() == Some(id)).then_some("true")] { (name) }
            }
        }
    }
}
