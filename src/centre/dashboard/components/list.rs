//! What surrounds lists: nothing there yet, from page to page, labelled values, moments.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, Render, html};

use super::Text;
use super::act::Button;
use crate::domain::time::WallMs;
use crate::words::Language;
use crate::words::shell::Shell;

/// Nothing there: why, and what to do about it.
#[derive(Debug, Clone)]
pub struct Empty<'a> {
    what: Text<'a>,
    advice: Text<'a>,
    action: Option<Button<'a>>,
}

impl<'a> Empty<'a> {
    pub fn new(what: impl Into<Text<'a>>, advice: impl Into<Text<'a>>) -> Self {
        Self { what: what.into(), advice: advice.into(), action: None }
    }

    #[must_use]
    pub fn action(mut self, button: Button<'a>) -> Self {
        self.action = Some(button);
        self
    }
}

impl Render for Empty<'_> {
    fn render(&self) -> Markup {
        html! {
            div.empty {
                b { (self.what) }
                p { (self.advice) }
                @if let Some(action) = &self.action { (action) }
            }
        }
    }
}

/// From page to page of a long list. Nothing while all fits one page.
#[derive(Debug, Clone)]
pub struct Pages {
    language: Language,
    /// From 1.
    page: u64,
    total: u64,
    per_page: u64,
    /// Address of each page that is offered; none stands for a gap.
    offered: Vec<Option<(u64, String)>>,
}

impl Pages {
    /// `page` counts from 1 and may come from an address: too large a one becomes the last.
    pub fn new(language: Language, page: u64, total: u64, per_page: u64, address: impl Fn(u64) -> String) -> Self {
        let per_page = per_page.max(1);
        let last = total.div_ceil(per_page).max(1);
        let page = page.clamp(1, last);
        let mut offered = Vec::new();
        let mut before = 0;
        for n in [1, page.saturating_sub(1), page, page + 1, last] {
            if n <= before || n > last {
                continue;
            }
            if n > before + 1 {
                offered.push(None);
            }
            offered.push(Some((n, address(n))));
            before = n;
        }
        Self { language, page, total, per_page, offered }
    }

    /// How many rows to skip.
    pub fn offset(&self) -> u64 {
        (self.page - 1) * self.per_page
    }
}

impl Render for Pages {
    fn render(&self) -> Markup {
        let w = Shell(self.language);
        let (first, last) = (self.offset() + 1, (self.offset() + self.per_page).min(self.total));
        html! {
            @if self.total > self.per_page {
                nav.pages aria-label=(w.pages()) {
                    span { (w.rows_shown(first, last, self.total)) }
                    ul {
                        @for offered in &self.offered {
                            li {
                                @match offered {
                                    Some((n, address)) => {
                                        a href=(address) aria-current=[(*n == self.page).then_some("page")] aria-label=(w.page(*n)) { (n) }
                                    }
                                    None => { span.gap aria-hidden="true" { "…" } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Figures in a row.
pub fn facts<'a>(all: impl IntoIterator<Item = (Text<'a>, Markup)>) -> Markup {
    html! { dl.facts { @for (term, value) in all { div { dt { (term) } dd { (value) } } } } }
}

/// Labelled values in a column: what one object is.
pub fn particulars<'a>(all: impl IntoIterator<Item = (Text<'a>, Markup)>) -> Markup {
    html! { dl.particulars { @for (term, value) in all { div { dt { (term) } dd { (value) } } } } }
}

/// `2026-11-24 18:50` in the centre's zone.
pub fn moment(zone: &TimeZone, at: WallMs) -> Markup {
    let stamp = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
    let local = zone.to_datetime(stamp).strftime("%F %H:%M").to_string();
    html! { time datetime=(stamp.strftime("%FT%H:%M:%SZ")) { (local) } }
}
