//! `/entries`: the ratings that match, the latest first.

use std::sync::Arc;

use axum::extract::{Query as UrlQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::asked::{Asked, AskedFault};
use super::find::{self, Found, Rating};
use crate::centre::access::{EntryReader, Routes, Signed, Viewer, Who, encoded};
use crate::centre::audit::{self, Act};
use crate::centre::dashboard::components::{
    Button, Choice, Empty, Faults, Field, State as Told, Table, Title, Tone, buttons, moment,
};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::ingest::segments::StoreFault;
use crate::centre::site::Site;
use crate::centre::statistics::api::{Pairs, defaults};
use crate::centre::statistics::labels::{Labels, UNASSIGNED};
use crate::domain::query::Dimension;
use crate::domain::rating::{Channel, Satisfaction, Signal};
use crate::domain::role::Need;
use crate::domain::time::ClockGrade;
use crate::ledger::chain::receipt_code;
use crate::words::Language;
use crate::words::common;
use crate::words::entries::{self, Entries};

/// Values of one filter; an address may name others.
const MAX_OFFERED: usize = 1_500;

type Text = std::borrow::Cow<'static, str>;

pub fn routes() -> Routes {
    Routes::new().get("/entries", Need::Entries, page)
}

async fn page(
    State(site): State<Arc<Site>>,
    Signed { handle, who, viewer }: Signed<EntryReader>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let language = viewer.language;
    let today = defaults(&site, language).today;
    let (asked, wrong) = match Asked::read(&pairs, today) {
        Ok(asked) => (asked, None),
        // What was asked cannot be read: the usual week stands behind the form that says so.
        Err(fault) => (usual(today), Some(fault)),
    };
    let answered = async {
        if wrong.is_some() {
            return Ok(None);
        }
        let found = find::list(&site, &handle, &asked).await?;
        log(&site, &who, Act::EntriesListed, "entries", &said(&asked, found.ratings.len())).await?;
        Ok(Some(found))
    };
    match answered.await {
        Ok(found) => {
            let content = drawn(&site, &viewer, &handle, &pairs, &asked, wrong, found.as_ref());
            let mut response = viewer.page(&site, &Entries(language).entries(), content);
            if wrong.is_some() {
                *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            }
            response
        }
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

fn usual(today: jiff::civil::Date) -> Asked {
    let week = today.saturating_sub(jiff::Span::new().days(6));
    Asked {
        from: week,
        to: today,
        hall: None,
        window: None,
        staff: None,
        item: None,
        channel: None,
        level: None,
        reason: None,
        hour: None,
        weekday: None,
        flagged: None,
        code: None,
        cursor: None,
    }
}

/// Writes a line of the audit log: nobody looks without one.
///
/// # Errors
/// [`ErrorCode::Unavailable`] or [`ErrorCode::Busy`]: then nothing may be shown.
pub async fn log(site: &Site, who: &Arc<Who>, act: Act, object: &str, detail: &str) -> Result<(), ApiFault> {
    let (who, object, detail) = (Arc::clone(who), object.to_owned(), detail.to_owned());
    let done = site.writer.attempt(move |desk| -> Result<(), StoreFault> {
        Ok(audit::append(desk.tx, desk.now, &who, act, &object, &detail)?)
    });
    done.await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))
}

/// What was asked and how much was shown; a citizen's code is not written down.
pub fn said(asked: &Asked, shown: usize) -> String {
    let pairs = asked.pairs(asked.cursor).into_iter().filter(|(name, _)| *name != "code");
    let pairs: Vec<String> = pairs.map(|(name, value)| format!("{name}={value}")).collect();
    let by_code = if asked.code.is_some() { " by code" } else { "" };
    format!("{}{by_code}: {shown} shown", pairs.join("&"))
}

fn drawn(
    site: &Site,
    viewer: &Viewer,
    handle: &EntryReader,
    pairs: &Pairs,
    asked: &Asked,
    wrong: Option<AskedFault>,
    found: Option<&Found>,
) -> Markup {
    let language = viewer.language;
    let w = Entries(language);
    let mut faults = Faults::default();
    if let Some(fault) = wrong {
        let sentence = match fault.field {
            "from" | "to" => w.bad_period(),
            "code" => w.bad_code(),
            "staff" => w.bad_staff(),
            _ => w.bad_choice(),
        };
        faults.add(fault.field, sentence);
    }
    html! {
        (Title::new(language, w.entries()).lead(w.lead()))
        (faults.summary(language))
        (filters(site, viewer, handle, pairs, asked, &faults))
        @if let Some(found) = found {
            (table(site, viewer, asked, found))
            (onward(viewer, asked, found))
        }
    }
}

fn filters(
    site: &Site,
    viewer: &Viewer,
    handle: &EntryReader,
    pairs: &Pairs,
    asked: &Asked,
    faults: &Faults,
) -> Markup {
    let language = viewer.language;
    let w = Entries(language);
    let typed = |name: &str, usual: String| {
        pairs.iter().find(|(n, _)| n == name).map_or(usual, |(_, value)| value.chars().take(64).collect())
    };
    let boards = site.boards.get();
    let labels = Labels::new(boards.all().filter(|b| handle.covers(&b.hall.id)), language);
    let offered = |by: Dimension| offered(&labels, by);
    let choice = |by: Dimension, label: Text, all: Text, options: Vec<(String, String)>| {
        let name = by.code();
        let chosen = typed(name, String::new());
        let mut options: Vec<_> = std::iter::once((String::new(), all.into_owned())).chain(options).collect();
        // What an address asks for stays asked for, though no board knows it any more.
        if options.iter().all(|(value, _)| *value != chosen) {
            options.push((chosen.clone(), labels.name(by, &chosen)));
        }
        html! { (Choice::new(name, label, options).chosen(chosen).faults(faults)) }
    };
    let flags = [("", w.any_flags()), ("yes", w.flagged()), ("no", w.unflagged())];
    let narrow = [Dimension::Item, Dimension::Channel, Dimension::Reason, Dimension::Hour, Dimension::Weekday];
    let is_narrow = narrow.iter().any(|by| !typed(by.code(), String::new()).is_empty());
    html! {
        form.asking method="get" action="/entries" {
            (Field::date("from", w.from()).value(typed("from", asked.from.to_string())).faults(faults))
            (Field::date("to", w.to()).value(typed("to", asked.to.to_string())).faults(faults))
            (choice(Dimension::ServiceWindow, w.window(), w.any_window(), windows(site, language, handle)))
            (Field::text("staff", w.staff_no()).value(typed("staff", String::new())).max(32).optional(language).faults(faults))
            (choice(Dimension::Level, w.level(), w.any_level(), offered(Dimension::Level)))
            (Choice::new("flagged", w.flags(), flags).chosen(typed("flagged", String::new())).faults(faults))
            (Field::text("code", w.code()).value(typed("code", String::new())).max(20).optional(language).faults(faults))
            details.more open[is_narrow] {
                summary { (w.more_filters()) }
                div.fields {
                    (choice(Dimension::Item, w.item(), w.any_item(), offered(Dimension::Item)))
                    (choice(Dimension::Channel, w.channel(), w.any_channel(), offered(Dimension::Channel)))
                    (choice(Dimension::Reason, w.reasons(), w.any_reason(), offered(Dimension::Reason)))
                    (choice(Dimension::Hour, w.hour(), w.any_hour(), offered(Dimension::Hour)))
                    (choice(Dimension::Weekday, w.weekday(), w.any_weekday(), offered(Dimension::Weekday)))
                }
                p.hint { (w.hour_hint()) }
            }
            (buttons(&[Button::submit(w.show()).primary()]))
        }
        p.hint { (w.code()) ": " (w.code_hint()) }
    }
}

/// Values of a dimension that a filter offers, with their names.
fn offered(labels: &Labels, by: Dimension) -> Vec<(String, String)> {
    let codes: Vec<String> = match by {
        Dimension::Level => Satisfaction::ALL.iter().map(|l| l.code().to_owned()).collect(),
        Dimension::Channel => Channel::ALL.iter().map(|c| c.code().to_owned()).collect(),
        Dimension::Hour => (0..24).map(|hour| format!("{hour:02}")).collect(),
        Dimension::Weekday => (1..=7).map(|day| day.to_string()).collect(),
        Dimension::Item => {
            labels.known(by).take(MAX_OFFERED).map(str::to_owned).chain([UNASSIGNED.to_owned()]).collect()
        }
        _ => labels.known(by).take(MAX_OFFERED).map(str::to_owned).collect(),
    };
    codes.into_iter().map(|code| (code.clone(), labels.name(by, &code))).collect()
}

fn windows(site: &Site, language: Language, handle: &EntryReader) -> Vec<(String, String)> {
    let boards = site.boards.get();
    let own: Vec<_> = boards.all().filter(|b| handle.covers(&b.hall.id)).collect();
    let several = own.len() > 1;
    let mut all: Vec<(String, String)> = own
        .iter()
        .flat_map(|board| {
            board.windows.iter().map(move |window| {
                let name = site.window_name(&board.hall.id, &window.id, language);
                let hall = board.hall.name.get(language.is_english());
                let name = if several { format!("{hall} · {name}") } else { name };
                (format!("{}/{}", board.hall.id, window.id), name)
            })
        })
        .collect();
    all.sort();
    all
}

fn table(site: &Site, viewer: &Viewer, asked: &Asked, found: &Found) -> Markup {
    let language = viewer.language;
    let w = Entries(language);
    let empty = if found.withheld {
        Empty::new(w.too_few(), w.too_few_do())
    } else if found.next.is_some() {
        Empty::new(w.searching(), w.none_do())
    } else {
        Empty::new(w.none(), w.none_do())
    };
    let mut table = Table::new(language, w.caption(&asked.from.to_string(), &asked.to.to_string()))
        .stacked()
        .column(w.time())
        .column(w.level())
        .column(w.reasons())
        .column(w.window())
        .column(w.staff())
        .column(w.flags())
        .column(w.pledges())
        .column(w.position());
    for rating in &found.ratings {
        table.row(row(site, language, rating));
    }
    html! { (table.or_empty(empty)) }
}

fn row(site: &Site, language: Language, rating: &Rating) -> [Markup; 8] {
    let (w, fact) = (Entries(language), &rating.fact);
    let staff = fact.staff.as_ref().map(|s| site.staff_name(&fact.hall, s));
    [
        html! { a href=(address(rating)) { (time(site, language, rating)) } },
        html! { (level(language, rating)) },
        html! { (reasons(site, language, rating)) },
        html! { (site.window_name(&fact.hall, &fact.service_window, language)) },
        html! { (staff.unwrap_or_else(|| w.nobody().into_owned())) },
        flags(language, rating),
        html! { (pledges(language, rating)) },
        html! { span.code { (position(language, rating)) } },
    ]
}

fn onward(viewer: &Viewer, asked: &Asked, found: &Found) -> Markup {
    let w = Entries(viewer.language);
    let to = |cursor| {
        let pairs = asked.pairs(cursor);
        let pairs: Vec<String> = pairs.iter().map(|(n, v)| format!("{n}={}", encoded(v))).collect();
        format!("/entries?{}", pairs.join("&"))
    };
    let mut all = Vec::new();
    if asked.cursor.is_some() {
        all.push(Button::link(to(None), w.newest()));
    }
    if found.next.is_some() {
        all.push(Button::link(to(found.next), w.older()));
    }
    html! { @if !all.is_empty() { (buttons(&all)) } }
}

pub fn address(rating: &Rating) -> String {
    format!("/entries/{}/{}", rating.book, rating.visit)
}

pub fn time(site: &Site, language: Language, rating: &Rating) -> Markup {
    let w = Entries(language);
    html! {
        (moment(&site.settings.time_zone, rating.fact.wall)) " "
        span.code { (w.grade(rating.fact.grade.code())) }
        @if rating.fact.grade == ClockGrade::C { " " span.tag { (w.untimed()) } }
    }
}

pub fn level(language: Language, rating: &Rating) -> Markup {
    let Some(level) = rating.fact.level else { return html! { "–" } };
    let tone = match level.level() {
        4..=5 => Tone::Good,
        3 => Tone::Off,
        _ => Tone::Bad,
    };
    html! { (Told::new(tone, common::level(language, level))) }
}

pub fn reasons(site: &Site, language: Language, rating: &Rating) -> String {
    let names = rating.fact.reasons.iter().map(|tag| site.tag_text(&rating.fact.hall, tag, language));
    let names: Vec<String> = names.collect();
    if names.is_empty() { "–".to_owned() } else { names.join(if language.is_english() { ", " } else { "、" }) }
}

pub fn flags(language: Language, rating: &Rating) -> Markup {
    let signals: Vec<Signal> = rating.signals().iter().collect();
    let w = Entries(language);
    // One child, so that a narrow cell may wrap it.
    html! {
        div {
            @if !rating.fact.flagged { span.hint { (w.not_flagged()) } }
            @else if signals.is_empty() { (Told::new(Tone::Note, w.flagged_word())) }
            @for signal in signals { span.tag { (entries::signal(language, signal)) } " " }
        }
    }
}

pub fn pledges(language: Language, rating: &Rating) -> String {
    let w = Entries(language);
    let all: Vec<String> = rating.pledges().iter().map(|p| w.pledge(p.id.as_str(), p.version).into_owned()).collect();
    if all.is_empty() {
        w.no_pledges().into_owned()
    } else {
        all.join(if language.is_english() { ", " } else { "、" })
    }
}

pub fn position(language: Language, rating: &Rating) -> String {
    let w = Entries(language);
    let Some(place) = &rating.place else { return w.sample().into_owned() };
    let seq = rating.rated().map_or(rating.visit, |(told, _)| told.seq);
    let text = w.place(place.ledger.kiosk.as_str(), place.ledger.epoch, seq);
    if place.other_history { format!("{text} · {}", w.other_history()) } else { text.into_owned() }
}

/// The ten characters that the citizen has.
pub fn code(rating: &Rating) -> Option<String> {
    rating.rated().map(|(told, _)| receipt_code(&told.hash))
}
