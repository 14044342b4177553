//! What people call the nodes of an answer.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use crate::domain::board::Board;
use crate::domain::query::Dimension;
use crate::domain::rating::{Channel, Satisfaction};
use crate::words::Language;
use crate::words::common::{self, Common};
use crate::words::stats::StatsWords;

/// The key of visits without staff or item. No code may contain a parenthesis.
pub const UNASSIGNED: &str = "(none)";

/// Names from the board, in one language.
#[derive(Debug, Clone)]
pub struct Labels {
    language: Language,
    names: HashMap<Dimension, BTreeMap<String, String>>,
    /// Plain window ids, each with `hall/window` of every hall that has one of it.
    windows: HashMap<String, Vec<String>>,
}

impl Labels {
    /// Takes the names of halls, windows, staff, items and tags.
    pub fn new<'a>(boards: impl IntoIterator<Item = &'a Board>, language: Language) -> Self {
        let english = language.is_english();
        let (mut names, mut windows) = (HashMap::<_, BTreeMap<_, _>>::new(), HashMap::<String, Vec<String>>::new());
        let mut set = |dimension, key: &str, name: String| {
            names.entry(dimension).or_default().insert(key.to_owned(), name);
        };
        let mut numbered = Vec::new();
        for board in boards {
            set(Dimension::Hall, board.hall.id.as_str(), board.hall.name.get(english).to_owned());
            for w in &board.windows {
                let full = format!("{}/{}", board.hall.id, w.id);
                windows.entry(w.id.as_str().to_owned()).or_default().push(full.clone());
                let name = StatsWords(language).numbered_window(&w.number, w.name.get(english)).into_owned();
                numbered.push((w.id.as_str(), full, board.hall.name.get(english), name));
            }
            for s in &board.staff {
                let name = s.name_en.as_deref().filter(|_| english).unwrap_or(&s.name);
                set(Dimension::Staff, s.staff_no.as_str(), name.to_owned());
            }
            for i in &board.items {
                set(Dimension::Item, i.code.as_str(), i.name.get(english).to_owned());
            }
            for t in &board.tags {
                set(Dimension::Reason, t.code.as_str(), t.text.get(english).to_owned());
            }
        }
        for (plain, full, hall, name) in numbered {
            // Window 3 of which hall?
            if windows.get(plain).is_some_and(|all| all.len() > 1) {
                set(Dimension::ServiceWindow, &full, format!("{hall} · {name}"));
            } else {
                set(Dimension::ServiceWindow, &full, name.clone());
                set(Dimension::ServiceWindow, plain, name);
            }
        }
        Self { language, names, windows }
    }

    /// Windows of that plain id, as `hall/window`.
    pub fn windows(&self, plain: &str) -> &[String] {
        self.windows.get(plain).map_or(&[], Vec::as_slice)
    }

    pub fn language(&self) -> Language {
        self.language
    }

    /// The name of the row over everything.
    pub fn total(&self) -> String {
        Common(self.language).total().into_owned()
    }

    /// The name, or the key where there is none.
    pub fn name(&self, dimension: Dimension, key: &str) -> String {
        let words = StatsWords(self.language);
        if key == UNASSIGNED {
            return words.unassigned().into_owned();
        }
        let known = match dimension {
            Dimension::Level => Satisfaction::from_code(key).map(|l| common::level(self.language, l).to_owned()),
            Dimension::Channel => Channel::from_code(key).map(|c| common::channel(self.language, c).to_owned()),
            Dimension::Weekday => key.parse().ok().and_then(|n| words.weekday(n)).map(str::to_owned),
            Dimension::Hour => Some(format!("{key}:00–{key}:59")),
            Dimension::Day => key.parse().ok().and_then(|day: Date| {
                let weekday = words.weekday(day.weekday().to_monday_one_offset().unsigned_abs())?;
                Some(format!("{key} {weekday}"))
            }),
            Dimension::Month => None,
            _ => self.names.get(&dimension).and_then(|names| names.get(key)).cloned(),
        };
        known.unwrap_or_else(|| key.to_owned())
    }

    /// Keys that the boards know, whether anybody rated them or not; windows as `hall/window`.
    pub fn known(&self, dimension: Dimension) -> impl Iterator<Item = &str> {
        let full = move |key: &&String| dimension != Dimension::ServiceWindow || key.contains('/');
        self.names.get(&dimension).into_iter().flat_map(BTreeMap::keys).filter(full).map(String::as_str)
    }
}
