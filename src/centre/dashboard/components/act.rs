//! Buttons, and the page between a dangerous one and the deed.

use maud::{Markup, Render, html};

use super::Text;
use super::title::Title;
use crate::words::Language;
use crate::words::shell::Shell;

/// A submit of the form around it, or a link that looks like a button. One of a page is `primary`.
#[derive(Debug, Clone)]
pub struct Button<'a> {
    word: Text<'a>,
    address: Option<Text<'a>>,
    pair: Option<(&'a str, Text<'a>)>,
    download: bool,
    class: &'static str,
    small: bool,
    /// What it acts on, for screen readers, where several buttons of a page have the same word.
    about: Option<Text<'a>>,
}

impl<'a> Button<'a> {
    pub fn submit(word: impl Into<Text<'a>>) -> Self {
        let word = word.into();
        Self { word, address: None, pair: None, download: false, class: "", small: false, about: None }
    }

    pub fn link(address: impl Into<Text<'a>>, word: impl Into<Text<'a>>) -> Self {
        Self { address: Some(address.into()), ..Self::submit(word) }
    }

    /// A link whose answer is a file.
    pub fn file(address: impl Into<Text<'a>>, word: impl Into<Text<'a>>) -> Self {
        Self { download: true, ..Self::link(address, word) }
    }

    #[must_use]
    pub fn primary(mut self) -> Self {
        self.class = "primary";
        self
    }

    /// It takes something away.
    #[must_use]
    pub fn danger(mut self) -> Self {
        self.class = "danger";
        self
    }

    /// For rows of a table.
    #[must_use]
    pub fn small(mut self) -> Self {
        self.small = true;
        self
    }

    /// Sent with the form when this button was the one.
    #[must_use]
    pub fn sends(mut self, name: &'a str, value: impl Into<Text<'a>>) -> Self {
        self.pair = Some((name, value.into()));
        self
    }

    #[must_use]
    pub fn about(mut self, what: impl Into<Text<'a>>) -> Self {
        self.about = Some(what.into());
        self
    }
}

impl Render for Button<'_> {
    fn render(&self) -> Markup {
        let mut class = "button".to_owned();
        for part in [self.class, if self.small { "small" } else { "" }] {
            if !part.is_empty() {
                class = format!("{class} {part}");
            }
        }
        let word = html! { (self.word) @if let Some(about) = &self.about { span.unseen { " " (about) } } };
        html! {
            @if let Some(address) = &self.address { a class=(class) href=(address) download[self.download] { (word) } }
            @else {
                button class=(class) type="submit" name=[self.pair.as_ref().map(|p| p.0)] value=[self.pair.as_ref().map(|p| &p.1)] { (word) }
            }
        }
    }
}

/// The line of buttons that ends a form.
pub fn buttons(all: &[Button<'_>]) -> Markup {
    html! { div.buttons { @for button in all { (button) } } }
}

/// A page that asks before something is taken away: what exactly, what follows, and the way back.
#[derive(Debug, Clone)]
pub struct Confirm<'a> {
    language: Language,
    question: Text<'a>,
    what: Markup,
    address: Text<'a>,
    yes: Text<'a>,
    back: Text<'a>,
    above: Vec<(Text<'a>, Text<'a>)>,
    csrf: Markup,
    fields: Option<Markup>,
}

impl<'a> Confirm<'a> {
    /// `question` is the heading, `what` says what it is about and what follows; the form posts to `address`.
    pub fn new(language: Language, question: impl Into<Text<'a>>, what: Markup, address: impl Into<Text<'a>>) -> Self {
        let yes = Shell(language).yes();
        let (question, address) = (question.into(), address.into());
        let (back, above, csrf) = (Text::Borrowed("/"), Vec::new(), html! {});
        Self { language, question, what, address, yes, back, above, csrf, fields: None }
    }

    /// The word of the button: the deed by its name.
    #[must_use]
    pub fn yes(mut self, word: impl Into<Text<'a>>) -> Self {
        self.yes = word.into();
        self
    }

    /// Where "no" leads.
    #[must_use]
    pub fn back(mut self, address: impl Into<Text<'a>>) -> Self {
        self.back = address.into();
        self
    }

    #[must_use]
    pub fn crumb(mut self, address: impl Into<Text<'a>>, word: impl Into<Text<'a>>) -> Self {
        self.above.push((address.into(), word.into()));
        self
    }

    /// `viewer.csrf()`.
    #[must_use]
    pub fn csrf(mut self, field: Markup) -> Self {
        self.csrf = field;
        self
    }

    /// A reason to give, or a code to type.
    #[must_use]
    pub fn fields(mut self, fields: Markup) -> Self {
        self.fields = Some(fields);
        self
    }
}

impl Render for Confirm<'_> {
    fn render(&self) -> Markup {
        let mut title = Title::new(self.language, self.question.as_ref());
        for (address, word) in &self.above {
            title = title.crumb(address.as_ref(), word.as_ref());
        }
        html! {
            div.confirm {
                (title)
                div.card {
                    (self.what)
                    form method="post" action=(self.address) {
                        (self.csrf)
                        @if let Some(fields) = &self.fields { (fields) }
                        (buttons(&[
                            Button::submit(self.yes.as_ref()).danger(),
                            Button::link(self.back.as_ref(), Shell(self.language).no()),
                        ]))
                    }
                }
            }
        }
    }
}
