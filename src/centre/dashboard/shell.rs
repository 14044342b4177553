//! What stands around a page: the bar with the hall, the navigation beside it (a menu on narrow screens), the content.
//!
//! The navigation is written twice, once for each width, and the style sheet shows one: a menu that opens without scripts
//! and a column that is always open cannot be one element in every browser.

use maud::{DOCTYPE, Markup, html};

use super::assets::address;
use super::components::{Icon, Notice, icon};
use crate::domain::role::Need;
use crate::words::Language;
use crate::words::shell::Shell;

/// All that the surroundings of a page depend on.
#[derive(Debug)]
pub struct Surroundings<'a> {
    pub language: Language,
    /// The unit or hall over everything.
    pub place: &'a str,
    /// Path and query of this page without its language, for the switch.
    pub here: &'a str,
    /// The path that was asked for, also by a form whose answer has no address: what of the navigation is current.
    pub at: &'a str,
    /// None: not signed in, and so no navigation.
    pub signed: Option<Signed<'a>>,
    /// What the act before this page did.
    pub notice: Option<Notice<'a>>,
}

/// Who looks, and where they may go.
#[derive(Debug)]
pub struct Signed<'a> {
    pub name: &'a str,
    /// The page of one's own account.
    pub account: Option<&'a str>,
    /// The field against forged forms.
    pub csrf: Markup,
    /// The entries that this user may open, in the order of the list.
    pub entries: Vec<&'static Entry>,
}

/// Groups of the navigation, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// How things stand.
    See,
    /// Why, and what exactly.
    LookInto,
    /// What went wrong put right, what went well honoured.
    Improve,
    /// People, windows, promises, terminals.
    Run,
    /// Accounts, rules, records.
    Keep,
}

impl Group {
    const ALL: [Self; 5] = [Self::See, Self::LookInto, Self::Improve, Self::Run, Self::Keep];
}

/// One line of the navigation.
#[derive(Debug)]
pub struct Entry {
    pub path: &'static str,
    pub group: Group,
    pub icon: Icon,
    pub word: fn(Language) -> std::borrow::Cow<'static, str>,
    /// Offered to whoever may.
    pub need: Need,
}

impl Entry {
    fn is_above(&self, at: &str) -> bool {
        let inside = at.strip_prefix(self.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if self.path == "/" { at == "/" } else { inside }
    }
}

/// A whole page.
pub fn surround(s: &Surroundings<'_>, title: &str, content: &Markup) -> Markup {
    let w = Shell(s.language);
    html! {
        (DOCTYPE)
        html lang=(s.language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) " · " (w.product()) }
                link rel="icon" href=(address("mark.svg")) type="image/svg+xml";
                link rel="stylesheet" href=(address("style.css"));
            }
            body {
                a.unseen.skip href="#content" { (w.skip()) }
                (bar(s))
                @match &s.signed {
                    Some(signed) => {
                        (menu(s, signed))
                        div.frame.with-side {
                            div.side { nav.needs aria-label=(w.navigation()) { (entries(s, signed)) } }
                            (body(s, content))
                        }
                    }
                    None => { div.frame { (body(s, content)) } }
                }
            }
        }
    }
}

fn body(s: &Surroundings<'_>, content: &Markup) -> Markup {
    html! {
        main #content tabindex="-1" {
            @if let Some(notice) = &s.notice { (notice) }
            (content)
        }
    }
}

fn bar(s: &Surroundings<'_>) -> Markup {
    let w = Shell(s.language);
    let other = s.language.toggled();
    html! {
        header.top {
            div {
                a.brand href="/" {
                    svg viewBox="0 0 32 32" aria-hidden="true" focusable="false" {
                        rect x="1" y="1" width="30" height="30" rx="7" fill="none" stroke="currentColor" stroke-width="2" {}
                        circle cx="11" cy="13" r="2.2" fill="currentColor" {}
                        circle cx="21" cy="13" r="2.2" fill="currentColor" {}
                        path d="M8.5 18.5a8 8 0 0 0 15 0" fill="none" stroke="currentColor" stroke-width="2.6" stroke-linecap="round" {}
                    }
                    b { (w.product()) }
                    @if !s.place.is_empty() { span.place { (s.place) } }
                }
                div.tools {
                    a lang=(other.code()) hreflang=(other.code()) href=(switch(s.here, other)) { (w.other_language()) }
                    @if let Some(signed) = &s.signed {
                        @match signed.account {
                            Some(account) => { a.user href=(account) { span.unseen { (w.asked_by("")) } (signed.name) } }
                            None => { span.user { span.unseen { (w.asked_by("")) } (signed.name) } }
                        }
                        form method="post" action="/sign-out" { (signed.csrf) button type="submit" { (w.sign_out()) } }
                    }
                }
            }
        }
    }
}

fn menu(s: &Surroundings<'_>, signed: &Signed<'_>) -> Markup {
    let w = Shell(s.language);
    let here = signed.entries.iter().find(|e| e.is_above(s.at));
    html! {
        details.menu {
            summary {
                (icon(Icon::Menu)) (w.menu())
                @if let Some(entry) = here { span.here { "· " ((entry.word)(s.language)) } }
            }
            nav.needs aria-label=(w.menu()) { (entries(s, signed)) }
        }
    }
}

fn entries(s: &Surroundings<'_>, signed: &Signed<'_>) -> Markup {
    let w = Shell(s.language);
    html! {
        @for group in Group::ALL {
            @let inside: Vec<_> = signed.entries.iter().filter(|e| e.group == group).collect();
            @if !inside.is_empty() {
                @let name = match group {
                    Group::See => w.see(),
                    Group::LookInto => w.look_into(),
                    Group::Improve => w.improve(),
                    Group::Run => w.run(),
                    Group::Keep => w.keep(),
                };
                div.group {
                    p aria-hidden="true" { (name) }
                    ul aria-label=(name) {
                        @for entry in inside {
                            li {
                                a href=(entry.path) aria-current=[entry.is_above(s.at).then_some("page")] {
                                    (icon(entry.icon)) ((entry.word)(s.language))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The same page in another language.
fn switch(here: &str, language: Language) -> String {
    let code = if language.is_english() { "en" } else { "zh" };
    let mark = if here.contains('?') { '&' } else { '?' };
    format!("{here}{mark}lang={code}")
}
