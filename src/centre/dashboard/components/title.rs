//! The head of a page, and the tabs under it.

use maud::{Markup, Render, html};

use super::Text;
use super::act::Button;
use crate::words::Language;
use crate::words::shell::Shell;

/// Breadcrumb, heading, a line under it, actions beside it. A page has exactly one.
#[derive(Debug, Clone)]
pub struct Title<'a> {
    language: Language,
    heading: Text<'a>,
    crumbs: Vec<(Text<'a>, Text<'a>)>,
    lead: Option<Text<'a>>,
    actions: Vec<Markup>,
}

impl<'a> Title<'a> {
    pub fn new(language: Language, heading: impl Into<Text<'a>>) -> Self {
        Self { language, heading: heading.into(), crumbs: Vec::new(), lead: None, actions: Vec::new() }
    }

    /// A page above this one, the farthest first.
    #[must_use]
    pub fn crumb(mut self, address: impl Into<Text<'a>>, word: impl Into<Text<'a>>) -> Self {
        self.crumbs.push((address.into(), word.into()));
        self
    }

    /// What the page is, or what period it is about.
    #[must_use]
    pub fn lead(mut self, text: impl Into<Text<'a>>) -> Self {
        self.lead = Some(text.into());
        self
    }

    #[must_use]
    pub fn action(mut self, button: Button<'a>) -> Self {
        self.actions.push(button.render());
        self
    }

    /// Anything else that stands where actions do.
    #[must_use]
    pub fn aside(mut self, markup: Markup) -> Self {
        self.actions.push(markup);
        self
    }
}

impl Render for Title<'_> {
    fn render(&self) -> Markup {
        let w = Shell(self.language);
        html! {
            @if !self.crumbs.is_empty() {
                nav.crumbs aria-label=(w.crumbs()) {
                    ol {
                        @for (address, word) in &self.crumbs { li { a href=(address) { (word) } } }
                        li aria-current="page" { (self.heading) }
                    }
                }
            }
            div.title {
                div {
                    h1 { (self.heading) }
                    @if let Some(lead) = &self.lead { p.lead { (lead) } }
                }
                @if !self.actions.is_empty() { div.actions { @for action in &self.actions { (action) } } }
            }
        }
    }
}

/// Sibling pages; each tab is a link, so that it works without scripts and can be sent to a colleague.
#[derive(Debug, Clone)]
pub struct Tabs<'a> {
    label: Text<'a>,
    tabs: Vec<(Text<'a>, Text<'a>, Option<u64>, bool)>,
}

impl<'a> Tabs<'a> {
    /// `label` says what is chosen, to screen readers.
    pub fn new(label: impl Into<Text<'a>>) -> Self {
        Self { label: label.into(), tabs: Vec::new() }
    }

    #[must_use]
    pub fn tab(self, address: impl Into<Text<'a>>, word: impl Into<Text<'a>>, current: bool) -> Self {
        self.add(address.into(), word.into(), None, current)
    }

    /// With how many there are behind it.
    #[must_use]
    pub fn counted(self, address: impl Into<Text<'a>>, word: impl Into<Text<'a>>, count: u64, current: bool) -> Self {
        self.add(address.into(), word.into(), Some(count), current)
    }

    fn add(mut self, address: Text<'a>, word: Text<'a>, count: Option<u64>, current: bool) -> Self {
        self.tabs.push((address, word, count, current));
        self
    }
}

impl Render for Tabs<'_> {
    fn render(&self) -> Markup {
        html! {
            nav.tabs aria-label=(self.label) {
                ul {
                    @for (address, word, count, current) in &self.tabs {
                        li {
                            a href=(address) aria-current=[current.then_some("page")] {
                                (word)
                                @if let Some(count) = count { " " span.n { "(" (count) ")" } }
                            }
                        }
                    }
                }
            }
        }
    }
}
