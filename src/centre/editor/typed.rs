//! What was typed into a form, as it came: a refused form comes back whole. Reading takes values out of it and notes, by
//! field, what cannot be read; whether a value is right is for the rules of boards to say.

use std::str::FromStr;

use jiff::civil::Date;

use crate::centre::dashboard::components::Faults;
use crate::config::fault::{Form, Wrong};
use crate::domain::board::Bilingual;
use crate::domain::text::TextFault;
use crate::words::Language;
use crate::words::editor::Editor;

/// Names with their values; a name may come several times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed(Vec<(String, String)>);

/// More than the largest form has.
const MAX_PAIRS: usize = 1_000;

impl Typed {
    pub fn new(mut pairs: Vec<(String, String)>) -> Self {
        pairs.truncate(MAX_PAIRS);
        for (_, value) in &mut pairs {
            // Browsers send lines with a carriage return.
            if value.contains('\r') {
                *value = value.replace("\r\n", "\n").replace('\r', "\n");
            }
        }
        Self(pairs)
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.push((name.to_owned(), value.into()));
        self
    }

    /// Both languages of a text, as `name.zh` and `name.en`.
    #[must_use]
    pub fn with_both(self, name: &str, text: &Bilingual) -> Self {
        let en = text.en.clone().unwrap_or_default();
        self.with(&format!("{name}.zh"), text.zh.as_str()).with(&format!("{name}.en"), en)
    }

    /// The first value of a name; empty if there is none.
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str())
    }

    /// Every value of a name, also those that stand in one text with spaces, commas or lines between them.
    pub fn list(&self, name: &str) -> Vec<&str> {
        let values = self.0.iter().filter(|(n, _)| n == name);
        values
            .flat_map(|(_, v)| v.split([' ', '\n', '\t', ',', ';', '，', '、', '；', '\u{3000}']))
            .filter(|v| !v.is_empty())
            .collect()
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, value)| n == name && !value.is_empty())
    }

    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Reads a form.
#[derive(Debug)]
pub struct Reading<'a> {
    typed: &'a Typed,
    pub language: Language,
    pub faults: Faults,
}

impl<'a> Reading<'a> {
    pub fn new(typed: &'a Typed, language: Language) -> Self {
        Self { typed, language, faults: Faults::default() }
    }

    pub fn typed(&self) -> &'a Typed {
        self.typed
    }

    /// Without the spaces around it.
    pub fn text(&self, field: &str) -> String {
        self.typed.text(field).trim().to_owned()
    }

    /// None when nothing was typed.
    pub fn maybe(&self, field: &str) -> Option<String> {
        Some(self.text(field)).filter(|text| !text.is_empty())
    }

    /// `field.zh` and `field.en`.
    pub fn both(&self, field: &str) -> Bilingual {
        Bilingual { zh: self.text(&format!("{field}.zh")), en: self.maybe(&format!("{field}.en")) }
    }

    pub fn is_ticked(&self, field: &str) -> bool {
        self.typed.has(field)
    }

    pub fn id<T: FromStr>(&mut self, field: &'static str) -> Option<T> {
        self.parsed(field, Form::Id)
    }

    pub fn date(&mut self, field: &'static str) -> Option<Date> {
        self.parsed(field, Form::Date)
    }

    /// Several ids; those that are none are named.
    pub fn ids<T: FromStr>(&mut self, field: &'static str) -> Vec<T> {
        let mut ids = Vec::new();
        for text in self.typed.list(field) {
            match text.parse() {
                Ok(id) => ids.push(id),
                Err(_) => self.wrong(field, &Wrong::Form { found: short(text), wanted: Form::Id }),
            }
        }
        ids
    }

    pub fn number(&mut self, field: &'static str, min: u64, max: u64) -> Option<u64> {
        let text = self.text(field);
        let number = text.parse().ok().filter(|n| (min..=max).contains(n));
        if number.is_none() {
            let wrong = if text.is_empty() { empty(0) } else { Wrong::Range { found: short(&text), min, max } };
            self.wrong(field, &wrong);
        }
        number
    }

    /// Notes a fault in the words of the rules.
    pub fn wrong(&mut self, field: &'static str, wrong: &Wrong) {
        let sentence = sentence(self.language, wrong);
        self.faults.add(field, sentence);
    }

    fn parsed<T: FromStr>(&mut self, field: &'static str, wanted: Form) -> Option<T> {
        let text = self.text(field);
        let value = text.parse().ok();
        if value.is_none() {
            let wrong = if text.is_empty() { empty(0) } else { Wrong::Form { found: short(&text), wanted } };
            self.wrong(field, &wrong);
        }
        value
    }
}

/// What is wrong and what would be right, as one sentence.
pub fn sentence(language: Language, wrong: &Wrong) -> String {
    match wrong {
        // "At most 0 characters" would help nobody.
        Wrong::Text { fault: TextFault::Empty, .. } => Editor(language).needed().into_owned(),
        _ => Editor(language).fault(&wrong.wrong(language), &wrong.allowed(language)).into_owned(),
    }
}

fn empty(max: usize) -> Wrong {
    Wrong::Text { fault: TextFault::Empty, max }
}

/// As much of a text as a sentence takes.
fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::WindowId;

    #[test]
    fn what_cannot_be_read_is_noted_at_its_field_and_the_rest_is_read() {
        let typed = Typed::default()
            .with("id", "W 3")
            .with("until", "2026-02-30")
            .with("limit_days", "400")
            .with("windows", "W01 W02、W-3，坏")
            .with("windows", "W04")
            .with("name.zh", " 社保 ")
            .with("name.en", "");
        let mut reading = Reading::new(&typed, Language::En);
        assert_eq!(reading.id::<WindowId>("id"), None);
        assert_eq!(reading.date("until"), None);
        assert_eq!(reading.number("limit_days", 0, 365), None);
        let windows: Vec<WindowId> = reading.ids("windows");
        assert_eq!(windows.iter().map(WindowId::as_str).collect::<Vec<_>>(), ["W01", "W02", "W-3", "W04"]);
        assert_eq!(reading.both("name"), Bilingual { zh: "社保".into(), en: None });
        for field in ["id", "until", "limit_days", "windows"] {
            assert!(reading.faults.of(field).is_some(), "{field}");
        }
        assert!(reading.faults.of("windows").is_some_and(|f| f.contains('坏')));
        assert!(reading.faults.of("name.zh").is_none());
    }

    #[test]
    fn lines_come_with_line_feeds_alone_and_floods_are_cut() {
        let typed = Typed::new(vec![("text.zh".into(), "一\r\n二".into())]);
        assert_eq!(typed.text("text.zh"), "一\n二");
        let flood = Typed::new(vec![("a".to_owned(), "b".to_owned()); MAX_PAIRS + 5]);
        assert_eq!(flood.pairs().count(), MAX_PAIRS);
    }
}
