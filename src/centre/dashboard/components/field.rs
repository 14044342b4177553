//! Forms: every input has a label, hints and errors are tied to it, and nothing is asked by placeholder.

use std::collections::BTreeMap;

use maud::{Markup, Render, html};

use super::Text;
use crate::words::Language;
use crate::words::shell::Shell;

/// What is wrong with what was typed, by field. The one place of the sentence is the field's module.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(BTreeMap<&'static str, String>);

impl Faults {
    /// Keeps the first fault of a field.
    pub fn add(&mut self, field: &'static str, sentence: impl Into<String>) {
        self.0.entry(field).or_insert_with(|| sentence.into());
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }

    /// All of them in one line, for a script that shows them.
    pub fn sentences(&self) -> String {
        self.0.values().map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// All of them above the form, each leading to its field. Nothing while there are none.
    pub fn summary(&self, language: Language) -> Markup {
        html! {
            @if !self.0.is_empty() {
                div.told.bad role="alert" {
                    div {
                        p { b { (Shell(language).please_mend(self.0.len())) } }
                        ul { @for (field, sentence) in &self.0 { li { a href={ "#" (field) } { (sentence) } } } }
                    }
                }
            }
        }
    }
}

/// One line, a number, a date, a password, a file, or several lines of text. Its id is its name.
#[derive(Debug, Clone)]
pub struct Field<'a> {
    name: &'a str,
    label: Text<'a>,
    kind: &'static str,
    value: Text<'a>,
    hint: Option<Text<'a>>,
    error: Option<Text<'a>>,
    optional: Option<Text<'a>>,
    rows: u8,
    max_length: Option<u32>,
    bounds: Option<(Text<'a>, Text<'a>)>,
    autocomplete: Option<&'static str>,
    accept: Option<&'static str>,
    class: Option<&'static str>,
    /// The cursor begins here.
    first: bool,
}

impl<'a> Field<'a> {
    pub fn text(name: &'a str, label: impl Into<Text<'a>>) -> Self {
        Self::new(name, label.into(), "text")
    }

    pub fn number(name: &'a str, label: impl Into<Text<'a>>) -> Self {
        Self::new(name, label.into(), "number")
    }

    pub fn date(name: &'a str, label: impl Into<Text<'a>>) -> Self {
        Self::new(name, label.into(), "date")
    }

    /// A day and a time of day, as `2026-11-24T09:30`.
    pub fn date_time(name: &'a str, label: impl Into<Text<'a>>) -> Self {
        Self::new(name, label.into(), "datetime-local")
    }

    pub fn month(name: &'a str, label: impl Into<Text<'a>>) -> Self {
        Self::new(name, label.into(), "month")
    }

    /// The browser offers what it keeps; a refused form never shows it again.
    pub fn password(name: &'a str, label: impl Into<Text<'a>>) -> Self {
        Self::new(name, label.into(), "password").autocomplete("current-password")
    }

    /// A code of six digits or so from a second factor, read from another device.
    pub fn code(name: &'a str, label: impl Into<Text<'a>>) -> Self {
        let field = Self::new(name, label.into(), "text").autocomplete("one-time-code");
        Self { class: Some("code-like"), ..field }
    }

    /// `accept` as in HTML: `.csv,.xlsx`. The form needs `enctype="multipart/form-data"`.
    pub fn file(name: &'a str, label: impl Into<Text<'a>>, accept: &'static str) -> Self {
        Self { accept: Some(accept), ..Self::new(name, label.into(), "file") }
    }

    /// Several lines.
    pub fn area(name: &'a str, label: impl Into<Text<'a>>, rows: u8) -> Self {
        Self { rows, ..Self::new(name, label.into(), "") }
    }

    #[must_use]
    pub fn value(mut self, value: impl Into<Text<'a>>) -> Self {
        self.value = value.into();
        self
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<Text<'a>>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    #[must_use]
    pub fn faults(self, faults: &'a Faults) -> Self {
        let error = faults.of(self.name).map(Text::from);
        self.error(error)
    }

    #[must_use]
    pub fn error(mut self, error: Option<Text<'a>>) -> Self {
        self.error = error;
        self
    }

    /// Says that it may stay empty; all others are required.
    #[must_use]
    pub fn optional(mut self, language: Language) -> Self {
        self.optional = Some(Shell(language).optional());
        self
    }

    /// Characters at most.
    #[must_use]
    pub fn max(mut self, length: u32) -> Self {
        self.max_length = Some(length);
        self
    }

    /// Least and greatest of a number or date.
    #[must_use]
    pub fn within(mut self, least: impl Into<Text<'a>>, greatest: impl Into<Text<'a>>) -> Self {
        self.bounds = Some((least.into(), greatest.into()));
        self
    }

    #[must_use]
    pub fn autocomplete(mut self, kind: &'static str) -> Self {
        self.autocomplete = Some(kind);
        self
    }

    #[must_use]
    pub fn first(mut self) -> Self {
        self.first = true;
        self
    }

    fn new(name: &'a str, label: Text<'a>, kind: &'static str) -> Self {
        Self {
            name,
            label,
            kind,
            value: Text::Borrowed(""),
            hint: None,
            error: None,
            optional: None,
            rows: 0,
            max_length: None,
            bounds: None,
            autocomplete: None,
            accept: None,
            class: None,
            first: false,
        }
    }
}

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        let described = described_by(self.name, self.hint.is_some(), self.error.is_some());
        let invalid = self.error.is_some().then_some("true");
        let value = Some(&self.value).filter(|_| !matches!(self.kind, "password" | "file"));
        let numeric = (self.class == Some("code-like")).then_some("numeric");
        let body = html! {
            @if self.rows > 0 {
                textarea id=(self.name) name=(self.name) rows=(self.rows) required[self.optional.is_none()] maxlength=[self.max_length]
                    aria-describedby=[described] aria-invalid=[invalid] autofocus[self.first] { (self.value) }
            } @else {
                input id=(self.name) name=(self.name) type=(self.kind) class=[self.class] value=[value] required[self.optional.is_none()]
                    maxlength=[self.max_length] min=[self.bounds.as_ref().map(|b| &b.0)] max=[self.bounds.as_ref().map(|b| &b.1)]
                    autocomplete=(self.autocomplete.unwrap_or("off")) inputmode=[numeric] accept=[self.accept] spellcheck=[(self.kind != "text").then_some("false")]
                    aria-describedby=[described] aria-invalid=[invalid] autofocus[self.first];
            }
        };
        around(self.name, &self.label, self.optional.as_ref(), self.hint.as_ref(), self.error.as_ref(), &body)
    }
}

/// One of several, as a list that opens.
#[derive(Debug, Clone)]
pub struct Choice<'a> {
    name: &'a str,
    label: Text<'a>,
    options: Vec<(Text<'a>, Text<'a>)>,
    chosen: Text<'a>,
    hint: Option<Text<'a>>,
    error: Option<Text<'a>>,
}

impl<'a> Choice<'a> {
    /// `options` are values with their words. For "all" or "none" put an option with an empty value first.
    pub fn new<V: Into<Text<'a>>, W: Into<Text<'a>>>(
        name: &'a str,
        label: impl Into<Text<'a>>,
        options: impl IntoIterator<Item = (V, W)>,
    ) -> Self {
        let options = options.into_iter().map(|(value, word)| (value.into(), word.into())).collect();
        Self { name, label: label.into(), options, chosen: Text::Borrowed(""), hint: None, error: None }
    }

    #[must_use]
    pub fn chosen(mut self, value: impl Into<Text<'a>>) -> Self {
        self.chosen = value.into();
        self
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<Text<'a>>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    #[must_use]
    pub fn faults(mut self, faults: &'a Faults) -> Self {
        self.error = faults.of(self.name).map(Text::from);
        self
    }
}

impl Render for Choice<'_> {
    fn render(&self) -> Markup {
        let described = described_by(self.name, self.hint.is_some(), self.error.is_some());
        let body = html! {
            select id=(self.name) name=(self.name) aria-describedby=[described] aria-invalid=[self.error.is_some().then_some("true")] {
                @for (value, word) in &self.options { option value=(value) selected[*value == self.chosen] { (word) } }
            }
        };
        around(self.name, &self.label, None, self.hint.as_ref(), self.error.as_ref(), &body)
    }
}

/// A box to tick, or one of several round ones.
#[derive(Debug, Clone)]
pub struct Tick<'a> {
    name: &'a str,
    value: Text<'a>,
    label: Text<'a>,
    kind: &'static str,
    ticked: bool,
    hint: Option<Text<'a>>,
}

impl<'a> Tick<'a> {
    pub fn check(name: &'a str, value: impl Into<Text<'a>>, label: impl Into<Text<'a>>, ticked: bool) -> Self {
        Self { name, value: value.into(), label: label.into(), kind: "checkbox", ticked, hint: None }
    }

    /// Stands in a [`fieldset`] with its siblings.
    pub fn radio(name: &'a str, value: impl Into<Text<'a>>, label: impl Into<Text<'a>>, ticked: bool) -> Self {
        Self { kind: "radio", ..Self::check(name, value, label, ticked) }
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<Text<'a>>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl Render for Tick<'_> {
    fn render(&self) -> Markup {
        let id = format!("{}-{}", self.name, self.value);
        let hint_id = format!("{id}-hint");
        html! {
            div.tick {
                input id=(id) type=(self.kind) name=(self.name) value=(self.value) checked[self.ticked] aria-describedby=[self.hint.as_ref().map(|_| &hint_id)];
                div {
                    label for=(id) { (self.label) }
                    @if let Some(hint) = &self.hint { span.hint id=(hint_id) { (hint) } }
                }
            }
        }
    }
}

/// Inputs that belong together, under one question. Its id is `name`, so that a summary of faults leads there.
pub fn fieldset(name: &str, legend: &str, error: Option<&str>, inputs: &Markup) -> Markup {
    let described = described_by(name, false, error.is_some());
    html! {
        fieldset id=(name) class=(if error.is_some() { "field wrong" } else { "field" }) tabindex="-1" aria-describedby=[described] {
            legend { (legend) }
            @if let Some(error) = error { p.error id={ (name) "-error" } { (error) } }
            (inputs)
        }
    }
}

fn described_by(name: &str, hint: bool, error: bool) -> Option<String> {
    let ids: Vec<String> = [(hint, "hint"), (error, "error")]
        .iter()
        .filter(|(is, _)| *is)
        .map(|(_, what)| format!("{name}-{what}"))
        .collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

fn around(
    name: &str,
    label: &str,
    optional: Option<&Text<'_>>,
    hint: Option<&Text<'_>>,
    error: Option<&Text<'_>>,
    body: &Markup,
) -> Markup {
    html! {
        div class=(if error.is_some() { "field wrong" } else { "field" }) {
            label for=(name) { (label) @if let Some(optional) = optional { " " span.optional { (optional) } } }
            @if let Some(hint) = hint { p.hint id={ (name) "-hint" } { (hint) } }
            @if let Some(error) = error { p.error id={ (name) "-error" } { (error) } }
            (body)
        }
    }
}
