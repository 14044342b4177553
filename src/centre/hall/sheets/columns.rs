//! Which columns the lists of staff, windows and items have, and how a row is a value and back.

use std::borrow::Cow;

use super::fault::{RowFault, SheetWrong};
use super::table::Cells;
use crate::centre::hall::kinds::Keep;
use crate::config::fault::{Form, Wrong};
use crate::config::rules::MAX_LIMIT_DAYS;
use crate::domain::board::{Bilingual, ServiceItem, ServiceWindow, StaffCard};
use crate::words::Language;
use crate::words::hall::HallWords;

/// One column of a list.
#[derive(Debug)]
pub struct Column {
    /// In programs, and understood as a heading in every language.
    pub code: &'static str,
    pub title: fn(HallWords) -> Cow<'static, str>,
    pub hint: fn(HallWords) -> Cow<'static, str>,
    pub required: bool,
    /// The field of the value that it fills, as faults name it.
    pub field: &'static str,
}

impl PartialEq for Column {
    fn eq(&self, other: &Self) -> bool {
        (self.code, self.field) == (other.code, other.field)
    }
}

impl Eq for Column {}

/// A kind that is kept in spreadsheets.
pub trait Listed: Keep {
    /// The key first.
    const COLUMNS: &'static [Column];
    const TITLE: fn(HallWords) -> Cow<'static, str>;

    /// One text a column, in their order.
    fn to_row(&self, language: Language) -> Vec<String>;

    /// What a row says over what is stored; columns that the table does not have leave that as it is. None: a fault was
    /// noted.
    fn of_row(row: &mut Cells<'_>, stored: Option<&Self>) -> Option<Self>;
}

macro_rules! columns {
    ($($code:literal $title:ident $hint:ident $required:literal $field:literal;)+) => {
        &[$(Column {
            code: $code,
            title: HallWords::$title,
            hint: HallWords::$hint,
            required: $required,
            field: $field,
        }),+]
    };
}

impl Listed for StaffCard {
    const COLUMNS: &'static [Column] = columns! {
        "staff_no" staff_no staff_no_hint true "staff_no";
        "name" name name_hint true "name";
        "name_en" name_en name_en_hint false "name_en";
        "post" post post_hint true "post.zh";
        "post_en" post_en english_hint false "post.en";
        "party_member" party party_hint false "party_member";
        "windows" may_sign_in may_sign_in_hint false "windows";
    };
    const TITLE: fn(HallWords) -> Cow<'static, str> = HallWords::staff;

    fn to_row(&self, language: Language) -> Vec<String> {
        let words = HallWords(language);
        let party = if self.party_member { words.yes() } else { words.no() };
        vec![
            self.staff_no.to_string(),
            self.name.clone(),
            self.name_en.clone().unwrap_or_default(),
            self.post.zh.clone(),
            self.post.en.clone().unwrap_or_default(),
            party.into_owned(),
            joined(&self.windows),
        ]
    }

    fn of_row(row: &mut Cells<'_>, stored: Option<&Self>) -> Option<Self> {
        let staff_no = row.id("staff_no");
        let windows = row.ids("windows");
        let party_member = row.flag("party_member");
        Some(Self {
            staff_no: staff_no?,
            name: row.text("name").unwrap_or_default(),
            name_en: row.text_or("name_en", stored.and_then(|s| s.name_en.clone())),
            post: row.bilingual("post", "post_en", stored.map(|s| &s.post)),
            party_member: party_member?.unwrap_or(stored.is_some_and(|s| s.party_member)),
            photo: None,
            windows: windows?.unwrap_or_else(|| stored.map(|s| s.windows.clone()).unwrap_or_default()),
            honours: Vec::new(),
            pin_hash: None,
        })
    }
}

impl Listed for ServiceWindow {
    const COLUMNS: &'static [Column] = columns! {
        "window" window_id window_id_hint true "id";
        "number" number number_hint true "number";
        "name" window_name text_hint true "name.zh";
        "name_en" window_name_en english_hint false "name.en";
        "items" window_items window_items_hint false "items";
    };
    const TITLE: fn(HallWords) -> Cow<'static, str> = HallWords::windows;

    fn to_row(&self, _language: Language) -> Vec<String> {
        vec![
            self.id.to_string(),
            self.number.clone(),
            self.name.zh.clone(),
            self.name.en.clone().unwrap_or_default(),
            joined(&self.items),
        ]
    }

    fn of_row(row: &mut Cells<'_>, stored: Option<&Self>) -> Option<Self> {
        let id = row.id("window");
        let items = row.ids("items");
        Some(Self {
            id: id?,
            number: row.text("number").unwrap_or_default(),
            name: row.bilingual("name", "name_en", stored.map(|s| &s.name)),
            items: items?.unwrap_or_else(|| stored.map(|s| s.items.clone()).unwrap_or_default()),
            honours: Vec::new(),
        })
    }
}

impl Listed for ServiceItem {
    const COLUMNS: &'static [Column] = columns! {
        "item" item_code item_code_hint true "code";
        "name" item_name text_hint true "name.zh";
        "name_en" item_name_en english_hint false "name.en";
        "limit_days" limit_days limit_days_hint true "limit_days";
    };
    const TITLE: fn(HallWords) -> Cow<'static, str> = HallWords::items;

    fn to_row(&self, _language: Language) -> Vec<String> {
        vec![
            self.code.to_string(),
            self.name.zh.clone(),
            self.name.en.clone().unwrap_or_default(),
            self.limit_days.to_string(),
        ]
    }

    fn of_row(row: &mut Cells<'_>, stored: Option<&Self>) -> Option<Self> {
        let code = row.id("item");
        let limit_days = row.number("limit_days", MAX_LIMIT_DAYS);
        Some(Self {
            code: code?,
            name: row.bilingual("name", "name_en", stored.map(|s| &s.name)),
            limit_days: limit_days?,
        })
    }
}

fn joined<T: std::fmt::Display>(ids: &[T]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")
}

impl Cells<'_> {
    /// The text of a column; none when the table has no such column.
    fn text(&self, code: &str) -> Option<String> {
        self.get(code).map(str::to_owned)
    }

    /// An optional text: empty is none, no column is what is stored.
    fn text_or(&self, code: &str, stored: Option<String>) -> Option<String> {
        self.text(code).map_or(stored, |text| Some(text).filter(|t| !t.is_empty()))
    }

    fn bilingual(&self, zh: &str, en: &str, stored: Option<&Bilingual>) -> Bilingual {
        let en = self.text_or(en, stored.and_then(|s| s.en.clone()));
        Bilingual { zh: self.text(zh).unwrap_or_default(), en }
    }

    fn id<T: std::str::FromStr>(&mut self, code: &'static str) -> Option<T> {
        let text = self.get(code).unwrap_or_default();
        if text.is_empty() {
            return self.fault(code, Wrong::Missing);
        }
        let found = crate::config::reader::quoted(text);
        match text.parse() {
            Ok(id) => Some(id),
            Err(_) => self.fault(code, Wrong::Form { found, wanted: Form::Id }),
        }
    }

    /// Ids separated by commas, semicolons or spaces. The outer none: a fault; the inner one: no such column.
    fn ids<T: std::str::FromStr>(&mut self, code: &'static str) -> Option<Option<Vec<T>>> {
        let Some(text) = self.get(code) else { return Some(None) };
        let is_between = |c: char| c.is_whitespace() || matches!(c, '、' | ',' | '，' | ';' | '；' | '|');
        let mut ids = Vec::new();
        for part in text.split(is_between).filter(|p| !p.is_empty()) {
            match part.parse() {
                Ok(id) => ids.push(id),
                Err(_) => {
                    let found = crate::config::reader::quoted(part);
                    return self.fault(code, Wrong::Form { found, wanted: Form::Id });
                }
            }
        }
        Some(Some(ids))
    }

    /// Yes or no. The outer none: a fault; the inner one: no such column.
    fn flag(&mut self, code: &'static str) -> Option<Option<bool>> {
        let Some(text) = self.get(code) else { return Some(None) };
        match text.to_lowercase().as_str() {
            "是" | "yes" | "y" | "true" | "1" | "√" => Some(Some(true)),
            "" | "否" | "no" | "n" | "false" | "0" => Some(Some(false)),
            _ => {
                let found = crate::config::reader::quoted(text);
                self.fault(code, Wrong::NotOneOf { found, allowed: vec!["是", "否", "yes", "no"] })
            }
        }
    }

    fn number(&mut self, code: &'static str, max: u16) -> Option<u16> {
        let text = self.get(code).unwrap_or_default();
        if text.is_empty() {
            return self.fault(code, Wrong::Missing);
        }
        match text.parse::<u16>().ok().filter(|n| *n <= max) {
            Some(number) => Some(number),
            None => {
                let found = crate::config::reader::quoted(text);
                self.fault(code, Wrong::Range { found, min: 0, max: max.into() })
            }
        }
    }

    fn fault<T>(&mut self, column: &'static str, wrong: Wrong) -> Option<T> {
        let (row, wrong) = (Some(self.row), SheetWrong::Value(wrong));
        self.faults.push(RowFault { row, column: Some(column), wrong });
        None
    }
}
