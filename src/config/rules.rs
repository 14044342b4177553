//! What a board must hold, wherever it comes from: texts within limits, nothing twice, nothing dangling, and fair.
//!
//! Pure over the typed [`Board`], so that kiosk and centre hold boards from the wire to the same rules as files.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::fault::{Form, Wrong};
use super::pin::PinHash;
use super::reader::quoted;
use crate::domain::board::{Bilingual, Board, Honour, limits};
use crate::domain::id::{ItemCode, WindowId};
use crate::domain::rating::Satisfaction;
use crate::domain::text::{check_line, check_lines};
use crate::ledger::entry::{MAX_PLEDGES, MAX_REASONS};

/// Working days of the longest promise.
pub const MAX_LIMIT_DAYS: u16 = 365;
/// Characters of the number over a counter.
const NUMBER_CHARS: usize = 8;

/// Every fault with the path of its place; lists are counted from 1, as in `staff[3].name`.
pub fn faults_of(board: &Board) -> Vec<(String, Wrong)> {
    let mut rules = Rules { board, faults: Vec::new() };
    rules.hall();
    rules.windows();
    rules.staff();
    rules.pledges();
    rules.items();
    rules.tags();
    rules.notices();
    rules.faults
}

/// True for a file name that cannot lead out of its folder.
pub fn is_photo_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    let suffix = name.rsplit_once('.').map(|(stem, suffix)| (!stem.is_empty(), suffix.to_ascii_lowercase()));
    name.len() <= 64
        && !name.starts_with('.')
        && name.bytes().all(plain)
        && matches!(suffix, Some((true, suffix)) if ["png", "jpg", "jpeg"].contains(&suffix.as_str()))
}

struct Rules<'a> {
    board: &'a Board,
    faults: Vec<(String, Wrong)>,
}

impl<'a> Rules<'a> {
    fn hall(&mut self) {
        self.bilingual("unit", &self.board.unit, limits::TITLE_CHARS, false);
        self.bilingual("hall.name", &self.board.hall.name, limits::TITLE_CHARS, false);
        let hotline = &self.board.hall.hotline;
        let digits = hotline.bytes().filter(u8::is_ascii_digit).count();
        let plain = hotline.bytes().all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'+' | b'-'));
        if !plain || !(3..=20).contains(&digits) || hotline.len() > 30 {
            self.fault("hall.hotline", Wrong::Form { found: quoted(hotline), wanted: Form::Hotline });
        }
    }

    fn windows(&mut self) {
        let windows = &self.board.windows;
        if windows.is_empty() {
            self.fault("windows", Wrong::TooFew { found: 0, min: 1 });
        }
        self.count("windows", windows.len(), limits::WINDOWS);
        self.unique("windows", "id", windows.iter().map(|w| w.id.as_str()));
        self.unique("windows", "number", windows.iter().map(|w| w.number.as_str()));
        for (i, w) in windows.iter().enumerate() {
            let path = format!("windows[{}]", i + 1);
            self.line(&format!("{path}.number"), &w.number, NUMBER_CHARS);
            self.bilingual(&format!("{path}.name"), &w.name, limits::TITLE_CHARS, false);
            self.honours(&path, &w.honours);
        }
        let items: HashSet<&str> = self.board.items.iter().map(|i| i.code.as_str()).collect();
        for (i, w) in windows.iter().enumerate() {
            self.references(
                &format!("windows[{}].items", i + 1),
                w.items.iter().map(ItemCode::as_str),
                &items,
                "items",
            );
        }
    }

    fn staff(&mut self) {
        let staff = &self.board.staff;
        self.count("staff", staff.len(), limits::STAFF);
        self.unique("staff", "staff_no", staff.iter().map(|s| s.staff_no.as_str()));
        let windows: HashSet<&str> = self.board.windows.iter().map(|w| w.id.as_str()).collect();
        for (i, s) in staff.iter().enumerate() {
            let path = format!("staff[{}]", i + 1);
            self.line(&format!("{path}.name"), &s.name, limits::NAME_CHARS);
            if let Some(name) = &s.name_en {
                self.line(&format!("{path}.name_en"), name, limits::NAME_CHARS);
            }
            self.bilingual(&format!("{path}.post"), &s.post, limits::TITLE_CHARS, false);
            self.honours(&path, &s.honours);
            let ids = s.windows.iter().map(WindowId::as_str);
            self.references(&format!("{path}.windows"), ids, &windows, "windows");
            if let Some(photo) = s.photo.as_ref().filter(|name| !is_photo_name(name)) {
                self.fault(&format!("{path}.photo"), Wrong::Form { found: quoted(photo), wanted: Form::FileName });
            }
            if s.pin_hash.as_ref().is_some_and(|hash| hash.parse::<PinHash>().is_err()) {
                // A hash is no secret to repeat on a screen.
                self.fault(&format!("{path}.pin_hash"), Wrong::Form { found: "…".into(), wanted: Form::PinHash });
            }
        }
    }

    fn pledges(&mut self) {
        let pledges = &self.board.pledges;
        self.count("pledges", pledges.len(), limits::PLEDGES);
        self.unique("pledges", "id", pledges.iter().map(|p| p.id.as_str()));
        let staff: HashSet<&str> = self.board.staff.iter().map(|s| s.staff_no.as_str()).collect();
        let mut of_staff: HashMap<&str, usize> = HashMap::new();
        for (i, p) in pledges.iter().enumerate() {
            let path = format!("pledges[{}]", i + 1);
            self.bilingual(&format!("{path}.text"), &p.text, limits::TEXT_CHARS, false);
            self.bilingual(&format!("{path}.standard"), &p.standard, limits::TEXT_CHARS, false);
            self.bilingual(&format!("{path}.time_limit"), &p.time_limit, limits::TITLE_CHARS, false);
            if let Some(no) = &p.staff_no {
                *of_staff.entry(no.as_str()).or_default() += 1;
                if !staff.contains(no.as_str()) {
                    let wrong = Wrong::Dangling { found: no.to_string(), target: "staff" };
                    self.fault(&format!("{path}.staff_no"), wrong);
                }
            }
        }
        // A visit's entry names every pledge on the screen: the unit's and one person's.
        let own = of_staff.values().copied().max().unwrap_or(0);
        let shown = pledges.iter().filter(|p| p.staff_no.is_none()).count() + own;
        self.count("pledges", shown, MAX_PLEDGES);
    }

    fn items(&mut self) {
        let items = &self.board.items;
        self.count("items", items.len(), limits::ITEMS);
        self.unique("items", "code", items.iter().map(|i| i.code.as_str()));
        for (i, item) in items.iter().enumerate() {
            self.bilingual(&format!("items[{}].name", i + 1), &item.name, limits::TITLE_CHARS, false);
            if item.limit_days > MAX_LIMIT_DAYS {
                let found = item.limit_days.to_string();
                let wrong = Wrong::Range { found, min: 0, max: MAX_LIMIT_DAYS.into() };
                self.fault(&format!("items[{}].limit_days", i + 1), wrong);
            }
        }
    }

    fn tags(&mut self) {
        let tags = &self.board.tags;
        self.count("tags", tags.len(), limits::TAGS);
        self.unique("tags", "code", tags.iter().map(|t| t.code.as_str()));
        for (i, tag) in tags.iter().enumerate() {
            let path = format!("tags[{}]", i + 1);
            self.bilingual(&format!("{path}.text"), &tag.text, limits::TITLE_CHARS, false);
            if tag.levels.is_empty() {
                self.fault(&format!("{path}.levels"), Wrong::TooFew { found: 0, min: 1 });
            }
            self.unique_in(&format!("{path}.levels"), tag.levels.iter().map(|level| level.code()));
        }
        let offered: Vec<usize> = Satisfaction::ALL.iter().map(|&l| self.board.tags_for(l).count()).collect();
        self.count("tags", offered.iter().copied().max().unwrap_or(0), MAX_REASONS);
        if offered.contains(&0) && offered.iter().any(|&n| n > 0) {
            self.fault("tags", Wrong::UnfairTags);
        }
    }

    fn notices(&mut self) {
        let notices = &self.board.notices;
        self.count("notices", notices.len(), limits::NOTICES);
        self.unique("notices", "id", notices.iter().map(|n| n.id.as_str()));
        for (i, notice) in notices.iter().enumerate() {
            let path = format!("notices[{}]", i + 1);
            self.bilingual(&format!("{path}.title"), &notice.title, limits::TITLE_CHARS, false);
            self.bilingual(&format!("{path}.text"), &notice.text, limits::TEXT_CHARS, true);
            if notice.until < notice.from {
                let (from, until) = (notice.from.to_string(), notice.until.to_string());
                self.fault(&format!("{path}.until"), Wrong::UntilBeforeFrom { from, until });
            }
        }
    }

    fn honours(&mut self, owner: &str, honours: &[Honour]) {
        self.count(&format!("{owner}.honours"), honours.len(), limits::HONOURS_PER_OWNER);
        for (i, honour) in honours.iter().enumerate() {
            let path = format!("{owner}.honours[{}]", i + 1);
            self.line(&format!("{path}.issuer"), &honour.issuer, limits::TITLE_CHARS);
            self.line(&format!("{path}.period"), &honour.period, limits::TITLE_CHARS);
        }
    }

    fn fault(&mut self, path: &str, wrong: Wrong) {
        self.faults.push((path.to_owned(), wrong));
    }

    fn count(&mut self, path: &str, found: usize, max: usize) {
        if found > max {
            self.fault(path, Wrong::TooMany { found, max });
        }
    }

    fn line(&mut self, path: &str, text: &str, max: usize) {
        if let Err(fault) = check_line(text, max) {
            self.fault(path, Wrong::Text { fault, max });
        }
    }

    fn bilingual(&mut self, path: &str, text: &Bilingual, max: usize, multiline: bool) {
        let check = if multiline { check_lines } else { check_line };
        // English needs about twice the characters for the same width.
        for (key, text, max) in [("zh", Some(&text.zh), max), ("en", text.en.as_ref(), max * 2)] {
            if let Some(Err(fault)) = text.map(|t| check(t, max)) {
                self.fault(&format!("{path}.{key}"), Wrong::Text { fault, max });
            }
        }
    }

    fn unique(&mut self, list: &str, key: &str, values: impl Iterator<Item = &'a str>) {
        let mut seen = HashMap::new();
        for (i, value) in values.enumerate() {
            match seen.entry(value) {
                Entry::Vacant(entry) => {
                    entry.insert(i);
                }
                Entry::Occupied(first) => {
                    let first = format!("{list}[{}]", first.get() + 1);
                    let wrong = Wrong::Duplicate { found: quoted(value), first };
                    self.fault(&format!("{list}[{}].{key}", i + 1), wrong);
                }
            }
        }
    }

    fn unique_in(&mut self, path: &str, values: impl Iterator<Item = &'a str>) {
        let mut seen = HashMap::new();
        for (i, value) in values.enumerate() {
            if let Some(first) = seen.insert(value, i) {
                let wrong = Wrong::Duplicate { found: quoted(value), first: format!("{path}[{}]", first + 1) };
                self.fault(&format!("{path}[{}]", i + 1), wrong);
            }
        }
    }

    fn references(
        &mut self,
        path: &str,
        ids: impl Iterator<Item = &'a str> + Clone,
        known: &HashSet<&str>,
        target: &'static str,
    ) {
        self.unique_in(path, ids.clone());
        for (i, id) in ids.enumerate() {
            if !known.contains(id) {
                self.fault(&format!("{path}[{}]", i + 1), Wrong::Dangling { found: quoted(id), target });
            }
        }
    }
}

#[cfg(test)]
mod tests;
