//! Reads TOML tables and collects every fault on the way instead of stopping at the first.
//!
//! A [`Node`] is one table. Each method reads one key, remembers that the key is known, and answers what can be used:
//! a fault is already recorded when it answers `None` for a required key. When a node's closure returns, keys that nobody
//! asked for are reported as unknown.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Form, Kind, Wrong};
use super::findings::Findings;
use crate::domain::text::check_line;

/// Characters of a faulty value that a message repeats.
const QUOTED_CHARS: usize = 60;

/// Parses `text` and hands its root to `read`. When the syntax is broken, only that is reported.
pub fn read_text<T>(file: &Path, text: &str, read: impl FnOnce(&Node<'_>) -> Option<T>) -> (Option<T>, Findings) {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut found = Findings::new(file, text);
    let (root, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        found.report_syntax(&errors);
        return (None, found);
    }
    found.index("", root.get_ref());
    let value = Node::read(&found, String::new(), root.get_ref(), read);
    (value, found)
}

/// One table of a file.
#[derive(Debug)]
pub struct Node<'a> {
    found: &'a Findings,
    path: String,
    table: &'a DeTable<'a>,
    known: RefCell<BTreeSet<&'static str>>,
}

impl<'a> Node<'a> {
    fn read<T>(
        found: &'a Findings,
        path: String,
        table: &'a DeTable<'a>,
        read: impl FnOnce(&Self) -> Option<T>,
    ) -> Option<T> {
        let node = Self { found, path, table, known: RefCell::default() };
        let value = read(&node);
        node.report_unknown();
        value
    }

    /// The path of a key of this table.
    pub fn path_of(&self, key: &str) -> String {
        join(&self.path, key)
    }

    pub fn report(&self, key: &str, wrong: Wrong) {
        self.found.report(&self.path_of(key), wrong);
    }

    /// Which entry of its list this table is, from 1; 0 for one that is in no list.
    pub fn number_in_list(&self) -> u32 {
        let number = self.path.rsplit_once('[').and_then(|(_, rest)| rest.split(']').next()?.parse().ok());
        number.unwrap_or(0)
    }

    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// A required text, unchecked; rules may follow in [`super::rules`].
    pub fn raw_text(&self, key: &'static str) -> Option<String> {
        self.required(key).and_then(|value| self.as_text(key, value)).map(str::to_owned)
    }

    /// A text that may be absent, unchecked.
    pub fn raw_text_maybe(&self, key: &'static str) -> Option<String> {
        self.value(key).and_then(|value| self.as_text(key, value)).map(str::to_owned)
    }

    /// A text of one line that may be absent.
    pub fn line_maybe(&self, key: &'static str, max: usize) -> Option<String> {
        let text = self.raw_text_maybe(key)?;
        match check_line(&text, max) {
            Ok(()) => Some(text),
            Err(fault) => {
                self.report(key, Wrong::Text { fault, max });
                None
            }
        }
    }

    /// A required value that is written as a text of some form.
    pub fn parsed<T: FromStr>(&self, key: &'static str, form: Form) -> Option<T> {
        let value = self.required(key)?;
        self.parse(&self.path_of(key), value, form)
    }

    /// A value of some form that may be absent.
    pub fn parsed_maybe<T: FromStr>(&self, key: &'static str, form: Form) -> Option<T> {
        let value = self.value(key)?;
        self.parse(&self.path_of(key), value, form)
    }

    /// A list of texts of some form; empty when absent.
    pub fn parsed_list<T: FromStr>(&self, key: &'static str, max: usize, form: Form) -> Vec<T> {
        let Some(entries) = self.entries(key, max) else { return Vec::new() };
        let parse = |(i, entry)| self.parse(&format!("{}[{}]", self.path_of(key), i + 1), entry, form);
        entries.iter().enumerate().filter_map(parse).collect()
    }

    /// A list of texts of one line each; empty when absent.
    pub fn lines(&self, key: &'static str, max: usize, max_chars: usize) -> Vec<String> {
        let Some(entries) = self.entries(key, max) else { return Vec::new() };
        let mut out = Vec::with_capacity(entries.len());
        for (i, entry) in entries.iter().enumerate() {
            let path = format!("{}[{}]", self.path_of(key), i + 1);
            let Some(text) = self.text_at(&path, entry) else { continue };
            match check_line(text, max_chars) {
                Ok(()) => out.push(text.to_owned()),
                Err(fault) => self.found.report(&path, Wrong::Text { fault, max: max_chars }),
            }
        }
        out
    }

    /// A whole number within bounds; `default` when absent.
    pub fn number(&self, key: &'static str, min: u64, max: u64, default: u64) -> u64 {
        self.number_maybe(key, min, max).unwrap_or(default)
    }

    /// A required whole number within bounds.
    pub fn number_required(&self, key: &'static str, min: u64, max: u64) -> Option<u64> {
        self.required(key)?;
        self.number_maybe(key, min, max)
    }

    fn number_maybe(&self, key: &'static str, min: u64, max: u64) -> Option<u64> {
        let value = self.value(key)?;
        let DeValue::Integer(integer) = value.get_ref() else {
            self.report(key, Wrong::Kind { found: kind(value.get_ref()), wanted: Kind::Integer });
            return None;
        };
        let number = u64::from_str_radix(integer.as_str(), integer.radix()).ok().filter(|n| (min..=max).contains(n));
        if number.is_none() {
            self.report(key, Wrong::Range { found: quoted(integer.as_str()), min, max });
        }
        number
    }

    pub fn flag(&self, key: &'static str, default: bool) -> bool {
        match self.value(key).map(Spanned::get_ref) {
            None => default,
            Some(DeValue::Boolean(value)) => *value,
            Some(other) => {
                self.report(key, Wrong::Kind { found: kind(other), wanted: Kind::Boolean });
                default
            }
        }
    }

    /// One of a closed list, by its code; `default` when absent.
    pub fn choice<T: Copy>(&self, key: &'static str, all: &[T], code: fn(T) -> &'static str, default: T) -> T {
        self.value(key).and_then(|value| self.choose(&self.path_of(key), value, all, code)).unwrap_or(default)
    }

    /// One of a closed list that must be there.
    pub fn choice_required<T: Copy>(&self, key: &'static str, all: &[T], code: fn(T) -> &'static str) -> Option<T> {
        let value = self.required(key)?;
        self.choose(&self.path_of(key), value, all, code)
    }

    /// Several of a closed list.
    pub fn choices<T: Copy>(&self, key: &'static str, all: &[T], code: fn(T) -> &'static str) -> Vec<T> {
        let Some(entries) = self.entries(key, all.len()) else { return Vec::new() };
        let choose = |(i, entry)| self.choose(&format!("{}[{}]", self.path_of(key), i + 1), entry, all, code);
        entries.iter().enumerate().filter_map(choose).collect()
    }

    /// A file or folder; relative ones start from the folder of the configuration file.
    pub fn path_maybe(&self, key: &'static str) -> Option<PathBuf> {
        self.line_maybe(key, 1_000).map(|text| self.found.folder().join(text))
    }

    /// A table that must be there.
    pub fn section<T>(&self, key: &'static str, read: impl FnOnce(&Node<'_>) -> Option<T>) -> Option<T> {
        self.required(key)?;
        self.section_maybe(key, read)
    }

    /// A table that may be absent.
    pub fn section_maybe<T>(&self, key: &'static str, read: impl FnOnce(&Node<'_>) -> Option<T>) -> Option<T> {
        match self.value(key)?.get_ref() {
            DeValue::Table(table) => Node::read(self.found, self.path_of(key), table, read),
            other => {
                self.report(key, Wrong::Kind { found: kind(other), wanted: Kind::Table });
                None
            }
        }
    }

    /// A table whose keys all have defaults: when absent it is read as an empty one.
    pub fn section_or_defaults<T>(&self, key: &'static str, read: impl FnOnce(&Node<'_>) -> Option<T>) -> Option<T> {
        if self.has(key) {
            return self.section_maybe(key, read);
        }
        self.known.borrow_mut().insert(key);
        let empty = DeTable::new();
        Node::read(self.found, self.path_of(key), &empty, read)
    }

    /// A list of tables; empty when absent.
    pub fn each<T>(&self, key: &'static str, max: usize, mut read: impl FnMut(&Node<'_>) -> Option<T>) -> Vec<T> {
        let Some(entries) = self.entries(key, max) else { return Vec::new() };
        let mut out = Vec::with_capacity(entries.len());
        for (i, entry) in entries.iter().enumerate() {
            let path = format!("{}[{}]", self.path_of(key), i + 1);
            match entry.get_ref() {
                DeValue::Table(table) => out.extend(Node::read(self.found, path, table, &mut read)),
                other => self.found.report(&path, Wrong::Kind { found: kind(other), wanted: Kind::Table }),
            }
        }
        out
    }

    fn value(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.known.borrow_mut().insert(key);
        self.table.get(key)
    }

    fn required(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        let value = self.value(key);
        if value.is_none() {
            self.report(key, Wrong::Missing);
        }
        value
    }

    fn entries(&self, key: &'static str, max: usize) -> Option<&'a [Spanned<DeValue<'a>>]> {
        match self.value(key)?.get_ref() {
            DeValue::Array(array) if array.len() <= max => Some(array),
            DeValue::Array(array) => {
                self.report(key, Wrong::TooMany { found: array.len(), max });
                None
            }
            other => {
                self.report(key, Wrong::Kind { found: kind(other), wanted: Kind::Array });
                None
            }
        }
    }

    fn as_text(&self, key: &str, value: &'a Spanned<DeValue<'a>>) -> Option<&'a str> {
        self.text_at(&self.path_of(key), value)
    }

    fn text_at(&self, path: &str, value: &'a Spanned<DeValue<'a>>) -> Option<&'a str> {
        match value.get_ref() {
            DeValue::String(text) => Some(text),
            other => {
                self.found.report(path, Wrong::Kind { found: kind(other), wanted: Kind::Text });
                None
            }
        }
    }

    fn parse<T: FromStr>(&self, path: &str, value: &'a Spanned<DeValue<'a>>, wanted: Form) -> Option<T> {
        let text = self.text_at(path, value)?;
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.found.report(path, Wrong::Form { found: quoted(text), wanted });
        }
        parsed
    }

    fn choose<T: Copy>(
        &self,
        path: &str,
        value: &'a Spanned<DeValue<'a>>,
        all: &[T],
        code: fn(T) -> &'static str,
    ) -> Option<T> {
        let text = self.text_at(path, value)?;
        let chosen = all.iter().copied().find(|&one| code(one) == text);
        if chosen.is_none() {
            let allowed = all.iter().map(|&one| code(one)).collect();
            self.found.report(path, Wrong::NotOneOf { found: quoted(text), allowed });
        }
        chosen
    }

    fn report_unknown(&self) {
        let known = self.known.borrow();
        for key in self.table.keys() {
            if !known.contains(key.get_ref().as_ref()) {
                self.report(&quoted(key.get_ref()), Wrong::UnknownKey { known: known.iter().copied().collect() });
            }
        }
    }
}

/// A foreign text, short enough for a message and without characters that would garble it.
pub fn quoted(text: &str) -> String {
    text.chars().take(QUOTED_CHARS).map(|c| if crate::domain::text::is_forbidden(c) { '\u{FFFD}' } else { c }).collect()
}

/// The path of a key within the table at `path`.
pub(super) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn kind(value: &DeValue<'_>) -> Kind {
    match value {
        DeValue::String(_) => Kind::Text,
        DeValue::Integer(_) => Kind::Integer,
        DeValue::Float(_) => Kind::Float,
        DeValue::Boolean(_) => Kind::Boolean,
        DeValue::Datetime(_) => Kind::Datetime,
        DeValue::Array(_) => Kind::Array,
        DeValue::Table(_) => Kind::Table,
    }
}

#[cfg(test)]
mod tests;
