//! Notices and lists of notices, by the days on which kiosks show them.

use jiff::civil::Date;
use maud::{Markup, html};

use super::form::Form;
use super::lists::{head, link, sorted};
use super::opened::{Opened, Tab};
use super::typed::Typed;
use crate::centre::dashboard::components::{Empty, State as Mark, Table, Tone};
use crate::centre::hall::kinds::Playlist;
use crate::centre::hall::whole::Kept;
use crate::domain::board::Notice;

/// Notices by whether they are shown today.
pub fn draw_notices(opened: &Opened, _: &Typed) -> Markup {
    let w = opened.words();
    let (today, english) = (opened.today, opened.language.is_english());
    let shown: Vec<&Notice> = opened.board().notices.iter().filter(|n| n.from <= today && today <= n.until).collect();
    let others: Vec<_> =
        opened.hall.notices.iter().filter(|kept| !shown.iter().any(|n| n.id == kept.value.id)).collect();
    let row = |notice: &Notice, mark: Markup| {
        [
            link(opened, notice),
            html! { (notice.text.get(english)) },
            html! { (w.from_to(&notice.from.to_string(), &notice.until.to_string())) },
            mark,
        ]
    };
    let table = |caption: std::borrow::Cow<'static, str>| {
        Table::new(opened.language, caption)
            .column(w.notice())
            .column(w.notice_text())
            .column(w.shown_days())
            .column(w.state())
            .quiet()
            .stacked()
    };
    let mut now = table(w.shown_today()).or_empty(Empty::new(w.nothing_today(), w.nothing_today_advice()));
    for &notice in &shown {
        now.row(row(notice, html! { (Mark::new(Tone::Good, w.shown_today())) }));
    }
    let mut rest = table(w.other_notices());
    for kept in others {
        let mark = notice_mark(opened, kept, today);
        rest.row(row(&kept.value, mark));
    }
    html! {
        (head::<Notice>(opened, Tab::Notices, w.notices_lead()))
        section { h2 { (w.shown_today()) } (now) }
        @if !rest.is_empty() { section { h2 { (w.other_notices()) } (rest) } }
        p { a href=(opened.path("playlists")) { (w.to_playlists(opened.hall.playlists.len())) } }
    }
}

fn notice_mark(opened: &Opened, kept: &Kept<Notice>, today: Date) -> Markup {
    let w = opened.words();
    let (tone, word) = if !kept.stands(today) {
        (Tone::Off, w.out_of_use())
    } else if kept.value.until < today {
        (Tone::Off, w.over())
    } else if today < kept.value.from {
        (Tone::Busy, w.to_come())
    } else {
        (Tone::Note, w.list_not_running())
    };
    html! { (Mark::new(tone, word)) }
}

/// Lists of notices, and whether they run.
pub fn draw_playlists(opened: &Opened, _: &Typed) -> Markup {
    let w = opened.words();
    let mut table = Table::new(opened.language, w.playlists())
        .column(w.playlist())
        .column(w.notices())
        .column(w.shown_days())
        .column(w.state())
        .quiet()
        .stacked()
        .or_empty(Empty::new(w.no_playlists(), w.no_playlists_advice()));
    for kept in sorted(opened, &opened.hall.playlists) {
        let list: &Playlist = &kept.value;
        let names: Vec<String> = list
            .notices
            .iter()
            .filter_map(|id| opened.hall.find::<Notice>(id.as_str()))
            .map(|n| n.value.name(opened))
            .collect();
        let (tone, word) = match (kept.stands(opened.today), opened.today) {
            (false, _) => (Tone::Off, w.out_of_use()),
            (true, today) if today < list.from => (Tone::Busy, w.to_come()),
            (true, today) if list.until < today => (Tone::Off, w.over()),
            _ => (Tone::Good, w.running()),
        };
        table.row([
            link(opened, list),
            html! { ol.plain { @for name in &names { li { (name) } } } },
            html! { (w.from_to(&list.from.to_string(), &list.until.to_string())) },
            html! { (Mark::new(tone, word)) },
        ]);
    }
    html! {
        (head::<Playlist>(opened, Tab::Notices, w.playlists_lead()))
        (table)
        p { a href=(opened.path("notices")) { (w.back_to_notices()) } }
    }
}
