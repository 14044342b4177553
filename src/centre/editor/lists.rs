//! The lists of a hall: windows, people, items, reasons by level, notices by day, honours.

use std::sync::Arc;

use axum::extract::{Path, Query as UrlQuery, State};
use axum::response::Response;
use maud::{Markup, html};

use super::form::Form;
use super::forms::owner_name;
use super::opened::{Opened, Tab};
use super::showings::{draw_notices, draw_playlists};
use super::typed::Typed;
use super::{answer, photo_address};
use crate::centre::access::{HallReader, Signed};
use crate::centre::dashboard::components::{Button, Empty, Field, Pages, State as Mark, Table, Title, Tone};
use crate::centre::hall::kinds::Grant;
use crate::centre::hall::whole::Kept;
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;
use crate::domain::board::{ReasonTag, ServiceItem, ServiceWindow, StaffCard};
use crate::domain::rating::Satisfaction;
use crate::ledger::entry::MAX_REASONS;
use crate::words::common;

const PER_PAGE: u64 = 50;

type Drawn = fn(&Opened, &Typed) -> Markup;

macro_rules! list {
    ($(#[$doc:meta])* $name:ident, $draw:ident, $title:ident) => {
        $(#[$doc])*
        pub async fn $name(
            state: State<Arc<Site>>,
            signed: Signed<HallReader>,
            path: Path<String>,
            query: UrlQuery<Pairs>,
        ) -> Response {
            page(state, signed, path, query, $draw, |opened| opened.words().$title().into_owned()).await
        }
    };
}

list! {
    /// Windows, and who may sit at them.
    windows, draw_windows, windows
}
list! {
    /// People, with search.
    staff, draw_staff, people
}
list! {
    /// Service items, with search.
    items, draw_items, items
}
list! {
    /// What the kiosk offers after each level.
    reasons, draw_reasons, tags
}
list! {
    /// What is shown today, what is to come, what is over.
    notices, draw_notices, notices
}
list! {
    /// Lists of notices.
    playlists, draw_playlists, playlists
}
list! {
    /// Honours, and until when they are shown.
    honours, draw_honours, honours
}

async fn page(
    State(site): State<Arc<Site>>,
    signed: Signed<HallReader>,
    Path(hall): Path<String>,
    UrlQuery(pairs): UrlQuery<Pairs>,
    draw: Drawn,
    title: fn(&Opened) -> String,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &signed.who, signed.viewer.language, &hall).await?;
        let content = draw(&opened, &Typed::new(pairs));
        Ok(signed.viewer.page(&site, &format!("{} · {}", title(&opened), opened.name()), content))
    };
    answer(&site, &signed.viewer, made.await)
}

/// The head of a list, with the button that adds to it.
pub fn head<T: Form>(opened: &Opened, tab: Tab, lead: impl Into<String>) -> Markup {
    let w = opened.words();
    let mut title = Title::new(opened.language, T::kinds(opened.language)).lead(lead.into());
    if opened.may_edit() {
        if T::shelf(&opened.hall).iter().filter(|kept| kept.stands(opened.today)).count() > 1 {
            title = title.action(Button::link(opened.path(&format!("order/{}", T::PATH)), w.arrange()));
        }
        let word = w.add(&T::kind(opened.language).to_lowercase());
        title = title.action(Button::link(opened.path(&format!("new/{}", T::PATH)), word).primary());
    }
    opened.head(tab, title)
}

pub fn link<T: Form>(opened: &Opened, value: &T) -> Markup {
    html! { a href=(opened.path(&format!("{}/{}", T::PATH, value.key()))) { (value.name(opened)) } }
}

pub fn mark<T>(opened: &Opened, kept: &Kept<T>) -> Markup {
    let w = opened.words();
    html! {
        @if kept.stands(opened.today) { (Mark::new(Tone::Good, w.in_use())) } @else { (Mark::new(Tone::Off, w.out_of_use())) }
    }
}

/// Standing ones first, each in the hall's order.
pub fn sorted<'a, T>(opened: &Opened, shelf: &'a [Kept<T>]) -> Vec<&'a Kept<T>> {
    let (mut stand, gone): (Vec<_>, Vec<_>) = shelf.iter().partition(|kept| kept.stands(opened.today));
    stand.extend(gone);
    stand
}

fn draw_windows(opened: &Opened, _: &Typed) -> Markup {
    let w = opened.words();
    let english = opened.language.is_english();
    let mut table = Table::new(opened.language, w.windows())
        .column(w.window())
        .column(w.who_sits_here())
        .number(w.items())
        .column(w.state())
        .quiet()
        .stacked()
        .or_empty(Empty::new(w.no_windows(), w.no_windows_advice()));
    for kept in sorted(opened, &opened.hall.windows) {
        let window: &ServiceWindow = &kept.value;
        let people: Vec<&str> =
            opened.board().staff.iter().filter(|s| s.windows.contains(&window.id)).map(|s| s.name.as_str()).collect();
        let items = if window.items.is_empty() { w.all_items().into_owned() } else { window.items.len().to_string() };
        table.row([
            html! { (link(opened, window)) " " span.code { (window.id) } },
            html! { @if people.is_empty() { span.faint { (w.nobody_named()) } } @else { (people.join(if english { ", " } else { "、" })) } },
            html! { (items) },
            mark(opened, kept),
        ]);
    }
    html! { (head::<ServiceWindow>(opened, Tab::Windows, w.windows_lead())) (table) }
}

fn draw_staff(opened: &Opened, asked: &Typed) -> Markup {
    let w = opened.words();
    let wanted = asked.text("q").trim().to_lowercase();
    let is_found = |card: &StaffCard| {
        let texts = [card.name.as_str(), card.staff_no.as_str(), card.name_en.as_deref().unwrap_or(""), &card.post.zh];
        wanted.is_empty() || texts.iter().any(|text| text.to_lowercase().contains(&wanted))
    };
    let found: Vec<_> = sorted(opened, &opened.hall.staff).into_iter().filter(|kept| is_found(&kept.value)).collect();
    let query = |n: u64| format!("{}?q={}&page={n}", opened.path("staff"), encoded(&wanted));
    let pages = Pages::new(opened.language, number(asked, "page"), found.len() as u64, PER_PAGE, query);
    let mut table = Table::new(opened.language, w.people())
        .column(w.person())
        .column(w.post())
        .column(w.sits_at())
        .column(w.sign_in())
        .column(w.state())
        .quiet()
        .stacked()
        .or_empty(match wanted.as_str() {
            "" => Empty::new(w.no_people(), w.no_people_advice()),
            _ => Empty::new(w.none_found(), w.none_found_advice()),
        });
    for kept in found.into_iter().skip(pages.offset() as usize).take(PER_PAGE as usize) {
        table.row(staff_row(opened, kept));
    }
    html! {
        (head::<StaffCard>(opened, Tab::Staff, w.people_lead()))
        form.asking method="get" action=(opened.path("staff")) role="search" {
            (Field::text("q", w.search_people()).value(asked.text("q")).optional(opened.language).max(40))
            (Button::submit(w.search()))
        }
        (table) (pages)
    }
}

fn staff_row(opened: &Opened, kept: &Kept<StaffCard>) -> [Markup; 5] {
    let w = opened.words();
    let card = &kept.value;
    let windows: Vec<&str> =
        card.windows.iter().filter_map(|id| opened.board().window(id)).map(|window| window.number.as_str()).collect();
    [
        html! {
            div.who {
                @match photo_address(opened, card) {
                    Some(source) => { img.face src=(source) alt="" width="36" height="48" loading="lazy"; }
                    None => { span.face aria-hidden="true" {} }
                }
                span {
                    (link(opened, card)) " "
                    @if let Some(latin) = card.name_en.as_ref().filter(|_| opened.language.is_english()) { (latin) " " }
                    span.code { (card.staff_no) }
                    @if card.party_member { " " span.tag { (w.party_member()) } }
                }
            }
        },
        html! { (card.post.get(opened.language.is_english())) },
        html! { @if windows.is_empty() { (w.at_all_windows()) } @else { (w.at_windows(&windows.join(&w.comma()))) } },
        html! {
            @if card.pin_hash.is_some() { (Mark::new(Tone::Good, w.has_pin())) } @else { (Mark::new(Tone::Note, w.has_no_pin())) }
        },
        mark(opened, kept),
    ]
}

fn draw_items(opened: &Opened, asked: &Typed) -> Markup {
    let w = opened.words();
    let wanted = asked.text("q").trim().to_lowercase();
    let is_found = |item: &ServiceItem| {
        let en = item.name.en.as_deref().unwrap_or("");
        [item.code.as_str(), &item.name.zh, en].iter().any(|text| text.to_lowercase().contains(&wanted))
    };
    let found: Vec<_> = sorted(opened, &opened.hall.items).into_iter().filter(|kept| is_found(&kept.value)).collect();
    let query = |n: u64| format!("{}?q={}&page={n}", opened.path("items"), encoded(&wanted));
    let pages = Pages::new(opened.language, number(asked, "page"), found.len() as u64, PER_PAGE, query);
    let mut table = Table::new(opened.language, w.items())
        .column(w.item())
        .column(w.item_code())
        .column(w.limit())
        .column(w.state())
        .quiet()
        .stacked()
        .or_empty(Empty::new(w.no_items(), w.no_items_advice()));
    for kept in found.into_iter().skip(pages.offset() as usize).take(PER_PAGE as usize) {
        let item = &kept.value;
        let limit = if item.limit_days == 0 { w.at_once() } else { w.in_days(item.limit_days) };
        table.row([link(opened, item), html! { (item.code) }, html! { (limit) }, mark(opened, kept)]);
    }
    html! {
        (head::<ServiceItem>(opened, Tab::Items, w.items_lead()))
        form.asking method="get" action=(opened.path("items")) role="search" {
            (Field::text("q", w.search_items()).value(asked.text("q")).optional(opened.language).max(60))
            (Button::submit(w.search()))
        }
        (table) (pages)
    }
}

fn draw_reasons(opened: &Opened, _: &Typed) -> Markup {
    let w = opened.words();
    let board = opened.board();
    let gone: Vec<_> = opened.hall.tags.iter().filter(|kept| !kept.stands(opened.today)).collect();
    html! {
        (head::<ReasonTag>(opened, Tab::Reasons, w.tags_lead()))
        div.grid-3 {
            @for &level in Satisfaction::ALL {
                @let offered: Vec<_> = board.tags_for(level).collect();
                section.card {
                    div.head {
                        h2 { (common::level(opened.language, level)) }
                        span.hint { (w.of_most(offered.len(), MAX_REASONS)) }
                    }
                    @if offered.is_empty() { p.hint { (w.no_reason_here()) } }
                    ol.plain.reasons {
                        @for tag in &offered {
                            li { (link(opened, *tag)) " " span.code { (tag.code) " · " (w.version(tag.version)) } }
                        }
                    }
                    @if opened.may_edit() {
                        p { a href=(opened.path(&format!("new/reasons?level={}", level.code()))) { (w.add_reason_here()) } }
                    }
                }
            }
        }
        p.hint { (w.tags_fair()) }
        @if !gone.is_empty() {
            details.more {
                summary { (w.retired_ones(gone.len())) }
                ul.plain { @for kept in gone { li { (link(opened, &kept.value)) " " span.code { (kept.value.code) } } } }
            }
        }
    }
}

fn draw_honours(opened: &Opened, _: &Typed) -> Markup {
    let w = opened.words();
    let mut table = Table::new(opened.language, w.honours())
        .column(w.honour())
        .column(w.honoured())
        .column(w.issuer())
        .column(w.honour_period())
        .column(w.shown_until())
        .column(w.state())
        .quiet()
        .stacked()
        .or_empty(Empty::new(w.no_honours(), w.no_honours_advice()));
    for kept in sorted(opened, &opened.hall.honours) {
        let Grant { id, owner, honour }: &Grant = &kept.value;
        let (tone, word) = match kept.stands(opened.today) {
            false => (Tone::Off, w.withdrawn()),
            true if honour.until < opened.today => (Tone::Off, w.over()),
            true => (Tone::Good, w.shown_now()),
        };
        table.row([
            html! { a href=(opened.path(&format!("honours/{id}"))) { (common::honour(opened.language, honour.kind)) } },
            html! { (owner_name(opened, owner)) },
            html! { (honour.issuer) },
            html! { (honour.period) },
            html! { (honour.until) },
            html! { (Mark::new(tone, word)) },
        ]);
    }
    html! { (head::<Grant>(opened, Tab::Honours, w.honours_lead())) (table) }
}

fn number(asked: &Typed, name: &str) -> u64 {
    asked.text(name).parse().unwrap_or(1)
}

/// A text within an address.
pub fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~');
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
