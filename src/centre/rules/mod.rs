//! Rules of the house: time limits, weights, thresholds and texts that people set, each change with who and why.
//!
//! A set of rules is a plain value that implements [`RuleSet`]: it lists its [`Field`]s with their bounds and defaults and
//! reads itself from [`Values`]. Its form, its history and its line on the page of rules come with it, once it stands in
//! [`SETS`].
//!
//! **Invariant of absence:** no version is ever changed or deleted; what was decided by an old one can be read for ever.

mod pages;
mod store;

pub use pages::routes;
pub use store::{RuleFault, SCHEMA, Version, change, current, history, values};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::words::Language;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A whole number within bounds, both included.
    Number {
        min: i64,
        max: i64,
        default: i64,
    },
    Switch {
        default: bool,
    },
    /// One line, not empty.
    Text {
        max_chars: usize,
        default: &'static str,
    },
}

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name in the store and in forms: `verify_days`.
    pub key: &'static str,
    pub kind: FieldKind,
    /// What people call it.
    pub label: fn(Language) -> std::borrow::Cow<'static, str>,
    /// Unit or hint; may be empty.
    pub hint: fn(Language) -> std::borrow::Cow<'static, str>,
}

/// A set of rules as the page of rules knows it.
#[derive(Debug, Clone, Copy)]
pub struct Set {
    /// `cases`
    pub key: &'static str,
    pub name: fn(Language) -> std::borrow::Cow<'static, str>,
    pub fields: &'static [Field],
    /// What is wrong with values that are each within their bounds, such as weights that do not sum to 100; none: nothing.
    pub check: fn(&Values, Language) -> Option<String>,
}

/// Every set. A module that has one adds its line.
pub const SETS: &[&Set] = &[
    &super::cases::CaseRules::SET,
    &super::matters::SET,
    &super::fulfilment::SET,
    &super::comparison::ComparisonRules::SET,
    &super::reviews::ReviewRules::SET,
    &super::selections::rules::SelectionsRules::SET,
    &super::inspections::rules::InspectionRules::SET,
    &super::cycles::SET,
];

/// A typed set of rules.
pub trait RuleSet: Sized {
    const SET: Set;

    /// `values` holds every field within its bounds.
    fn read(values: &Values) -> Self;
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    Switch(bool),
    Number(i64),
    Text(String),
}

/// Values of a set by key; a field that nobody has set has its default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Values(BTreeMap<String, Value>);

impl Values {
    pub fn of(values: impl IntoIterator<Item = (&'static str, Value)>) -> Self {
        Self(values.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    pub fn set(&mut self, key: &str, value: Value) {
        self.0.insert(key.to_owned(), value);
    }

    /// 0 for what is no number of the set: a test of each set reads all its fields.
    pub fn number(&self, key: &str) -> i64 {
        match self.0.get(key) {
            Some(Value::Number(n)) => *n,
            _ => 0,
        }
    }

    pub fn switch(&self, key: &str) -> bool {
        matches!(self.0.get(key), Some(Value::Switch(true)))
    }

    pub fn text(&self, key: &str) -> &str {
        match self.0.get(key) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// Each field within its bounds: what is missing or out of them has its default, what the set does not know is left out.
    #[must_use]
    pub fn settled(mut self, set: &Set) -> Self {
        let mut out = BTreeMap::new();
        for field in set.fields {
            let kept = self.0.remove(field.key).filter(|value| field.takes(value));
            out.insert(field.key.to_owned(), kept.unwrap_or_else(|| field.default()));
        }
        Self(out)
    }
}

impl Field {
    pub fn default(&self) -> Value {
        match self.kind {
            FieldKind::Number { default, .. } => Value::Number(default),
            FieldKind::Switch { default } => Value::Switch(default),
            FieldKind::Text { default, .. } => Value::Text(default.to_owned()),
        }
    }

    /// Whether the value is of the field's kind and within its bounds.
    pub fn takes(&self, value: &Value) -> bool {
        match (self.kind, value) {
            (FieldKind::Number { min, max, .. }, Value::Number(n)) => (min..=max).contains(n),
            (FieldKind::Switch { .. }, Value::Switch(_)) => true,
            (FieldKind::Text { max_chars, .. }, Value::Text(text)) => {
                crate::domain::text::check_line(text, max_chars).is_ok()
            }
            _ => false,
        }
    }
}
