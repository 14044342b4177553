//! `/entries/{book}/{visit}`: one rating – what it says, where it stands, and every entry of its visit checked again.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

use super::find::{self, Rating, Seen};
use super::list::{self, log};
use crate::centre::access::{EntryReader, Routes, Signed, Viewer, Who};
use crate::centre::audit::Act;
use crate::centre::dashboard::components::{
    Button, Empty, Faults, Field, Notice, State as Told, Table, Text, Title, Tone, buttons, moment, particulars,
};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::ingest::words;
use crate::centre::site::Site;
use crate::domain::rating::Channel;
use crate::domain::role::Need;
use crate::domain::time::WallMs;
use crate::words::common;
use crate::words::entries::{self, Entries};

pub fn routes() -> Routes {
    Routes::new().get("/entries/{book}/{visit}", Need::Entries, page)
}

/// The state of a visit's words: when they came, and whether they can be opened.
pub type WordsHeld = Vec<(Channel, WallMs, bool)>;

async fn page(
    State(site): State<Arc<Site>>,
    Signed { handle, who, viewer }: Signed<EntryReader>,
    Path((book, visit)): Path<(String, String)>,
) -> Response {
    match look(&site, &handle, &who, &book, &visit).await {
        Ok(Looked::Rating(rating, held)) => {
            let content = drawn(&site, &viewer, &who, &rating, &held, &Faults::default(), "");
            viewer.page(&site, &Entries(viewer.language).rating(), content)
        }
        Ok(Looked::Withheld) => {
            let w = Entries(viewer.language);
            let content = html! {
                (Title::new(viewer.language, w.rating()).crumb("/entries", w.entries()))
                (Notice::note(w.too_few()).advice(w.withheld()).standing())
            };
            viewer.page(&site, &w.rating(), content)
        }
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

/// What may be seen at an address; it stands in the audit log then.
pub enum Looked {
    Rating(Box<Rating>, WordsHeld),
    Withheld,
}

/// # Errors
/// [`ErrorCode::NotFound`], also for what is not the asker's to see.
pub async fn look(
    site: &Arc<Site>,
    handle: &EntryReader,
    who: &Arc<Who>,
    book: &str,
    visit: &str,
) -> Result<Looked, ApiFault> {
    let missing = || ApiFault::new(ErrorCode::NotFound);
    let (book, visit) = book.parse::<i64>().ok().zip(visit.parse::<u64>().ok()).ok_or_else(missing)?;
    let rating = match find::one(site, handle, book, visit).await?.ok_or_else(missing)? {
        Seen::Withheld => return Ok(Looked::Withheld),
        Seen::Rating(rating) => rating,
    };
    log(site, who, Act::EntrySeen, &format!("visit:{book}/{visit}"), "").await?;
    let read = site.readers.read(move |conn| words::states(conn, book, visit)).await?;
    let held = read.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    Ok(Looked::Rating(rating, held))
}

pub fn drawn(
    site: &Site,
    viewer: &Viewer,
    who: &Who,
    rating: &Rating,
    held: &WordsHeld,
    faults: &Faults,
    typed: &str,
) -> Markup {
    let language = viewer.language;
    let w = Entries(language);
    let level = rating.fact.level.map_or_else(String::new, |l| common::level(language, l).to_owned());
    html! {
        (Title::new(language, w.rating_title(&level)).crumb("/entries", w.entries()).lead(list::position(language, rating)))
        (faults.summary(language))
        div.card { (about(site, viewer, rating)) }
        section aria-labelledby="words" {
            h2 #words { (w.words_title()) }
            div.card { (words_of(viewer, who, rating, held, faults, typed)) }
        }
        @if !rating.phone.is_empty() {
            section aria-labelledby="phone" { h2 #phone { (w.phone()) } (phone_table(site, viewer, rating)) }
        }
        section aria-labelledby="chain" {
            h2 #chain { (w.chain()) }
            (chain(viewer, rating))
        }
    }
}

fn about(site: &Site, viewer: &Viewer, rating: &Rating) -> Markup {
    let (language, fact) = (viewer.language, &rating.fact);
    let w = Entries(language);
    let staff = fact.staff.as_ref().map_or_else(|| w.nobody().into_owned(), |s| site.staff_name(&fact.hall, s));
    let item = fact.item.as_ref().map_or_else(|| w.item_none(), |i| i.to_string().into());
    let mut all: Vec<(Text<'_>, Markup)> = vec![
        (w.level(), list::level(language, rating)),
        (w.time(), list::time(site, language, rating)),
        (w.reasons(), html! { (list::reasons(site, language, rating)) }),
        (
            w.window(),
            html! { (site.window_name(&fact.hall, &fact.service_window, language)) " · " (site.hall_name(&fact.hall, language)) },
        ),
        (w.staff(), html! { (staff) }),
        (w.item(), html! { (item) }),
        (w.channel(), html! { (common::channel(language, fact.channel)) }),
        (w.pledges(), html! { (list::pledges(language, rating)) }),
        (w.why_flagged(), list::flags(language, rating)),
    ];
    if let Some(code) = list::code(rating) {
        all.push((w.receipt_code(), html! { span.code { (code) } }));
    }
    if let Some(place) = &rating.place {
        let held = w.held_to(place.ledger.head.seq);
        all.push((
            w.position(),
            html! { (list::position(language, rating)) " · " span.code { (place.ledger.device) } " · " (held) },
        ));
    }
    particulars(all)
}

fn words_of(viewer: &Viewer, who: &Who, rating: &Rating, held: &WordsHeld, faults: &Faults, typed: &str) -> Markup {
    let w = Entries(viewer.language);
    let sealed = held.iter().filter(|(_, _, there)| *there).count();
    let erased = held.len() - sealed;
    html! {
        @if held.is_empty() { p { (w.words_none()) } }
        @if sealed > 0 { p { (w.words_sealed(sealed)) } }
        @if erased > 0 { p { (w.words_erased(erased)) } }
        @if sealed > 0 {
            @if who.may(Need::Unseal) {
                form.form method="post" action={ (list::address(rating)) "/words" } {
                    (viewer.csrf())
                    (Field::text("reason", w.open_why()).hint(w.open_hint()).value(typed).max(300).faults(faults))
                    (buttons(&[Button::submit(w.open())]))
                }
            } @else { p.hint { (w.words_who()) } }
        }
    }
}

fn phone_table(site: &Site, viewer: &Viewer, rating: &Rating) -> Markup {
    let language = viewer.language;
    let w = Entries(language);
    let mut table = Table::new(language, w.phone_caption())
        .quiet()
        .stacked()
        .column(w.received())
        .column(w.level())
        .column(w.reasons())
        .column(w.flags())
        .column(w.check());
    for kept in &rating.phone {
        let reasons: Vec<String> = kept.reasons.iter().map(|t| site.tag_text(&rating.fact.hall, t, language)).collect();
        table.row([
            moment(&site.settings.time_zone, kept.received),
            html! { (common::level(language, kept.level)) },
            html! { (if reasons.is_empty() { "–".to_owned() } else { reasons.join(if language.is_english() { ", " } else { "、" }) }) },
            html! { div { @for signal in kept.signals.iter() { span.tag { (entries::signal(language, signal)) } " " } } },
            html! { (Told::new(if kept.counted { Tone::Good } else { Tone::Off }, if kept.counted { w.counted() } else { w.not_counted() })) },
        ]);
    }
    html! { (table) }
}

fn chain(viewer: &Viewer, rating: &Rating) -> Markup {
    let language = viewer.language;
    let w = Entries(language);
    let mut table = Table::new(language, w.chain_caption())
        .quiet()
        .stacked()
        .column(w.seq())
        .column(w.kind())
        .column(w.check())
        .column(w.hash())
        .column(w.raw());
    for told in &rating.told {
        let (tone, word) = if told.holds { (Tone::Good, w.holds()) } else { (Tone::Bad, w.broken()) };
        table.row([
            html! { (told.seq) },
            html! { (entries::body(language, kind(&told.text))) },
            html! { (Told::new(tone, word)) },
            html! { span.code title=(told.hash) { (&told.hash.to_string()[..16]) } },
            html! { details { summary { (w.raw()) } pre.raw { (told.text) } } },
        ]);
    }
    html! { (table.or_empty(Empty::new(w.no_chain(), list::position(language, rating)))) }
}

/// The code of an entry's body, as its canonical bytes name it.
pub fn kind(text: &str) -> &str {
    text.split("\"body\":{\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_an_entry_is_read_from_its_bytes() {
        assert_eq!(kind("{\"v\":1,\"seq\":3,\"body\":{\"rated\":{\"visit\":2}}}"), "rated");
        assert_eq!(kind("{}"), "");
    }
}
