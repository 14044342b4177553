//! Texts of facts as small numbers, and back.

use std::collections::HashMap;
use std::hash::Hash;

use rusqlite::{Connection, OptionalExtension, params};

use crate::domain::id::{HallId, ItemCode, StaffNo, TagCode, WindowId};

/// What a text names. The numbers stand in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Hall = 0,
    /// Its code is `hall/window`: two halls may both have a window W03.
    ServiceWindow = 1,
    Staff = 2,
    Item = 3,
    Reason = 4,
}

/// The writer's memory of names; makes new ones.
#[derive(Debug, Default)]
pub struct Interned {
    halls: HashMap<HallId, u32>,
    windows: HashMap<u32, HashMap<WindowId, u32>>,
    staff: HashMap<StaffNo, u32>,
    items: HashMap<ItemCode, u32>,
    reasons: HashMap<TagCode, u32>,
}

impl Interned {
    pub fn hall(&mut self, conn: &Connection, id: &HallId) -> rusqlite::Result<u32> {
        remembered(&mut self.halls, id, || intern(conn, Kind::Hall, id.as_str()))
    }

    pub fn service_window(
        &mut self,
        conn: &Connection,
        hall: &HallId,
        hall_number: u32,
        id: &WindowId,
    ) -> rusqlite::Result<u32> {
        let of_hall = self.windows.entry(hall_number).or_default();
        remembered(of_hall, id, || intern(conn, Kind::ServiceWindow, &format!("{hall}/{id}")))
    }

    pub fn staff(&mut self, conn: &Connection, no: &StaffNo) -> rusqlite::Result<u32> {
        remembered(&mut self.staff, no, || intern(conn, Kind::Staff, no.as_str()))
    }

    pub fn item(&mut self, conn: &Connection, code: &ItemCode) -> rusqlite::Result<u32> {
        remembered(&mut self.items, code, || intern(conn, Kind::Item, code.as_str()))
    }

    pub fn reason(&mut self, conn: &Connection, code: &TagCode) -> rusqlite::Result<u32> {
        remembered(&mut self.reasons, code, || intern(conn, Kind::Reason, code.as_str()))
    }
}

/// A reader's view: every name of one snapshot.
#[derive(Debug, Default)]
pub struct NameList {
    by_number: HashMap<u32, (u8, Box<str>)>,
    by_code: HashMap<(u8, Box<str>), u32>,
}

impl NameList {
    /// Reads all names: as many as a hall has windows, staff, items and tags.
    pub fn load(conn: &Connection) -> rusqlite::Result<Self> {
        let mut statement = conn.prepare_cached("SELECT id, kind, code FROM fact_name")?;
        let mut rows = statement.query([])?;
        let mut list = Self::default();
        while let Some(row) = rows.next()? {
            let (id, kind, code): (u32, u8, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            list.by_code.insert((kind, code.as_str().into()), id);
            list.by_number.insert(id, (kind, code.into()));
        }
        Ok(list)
    }

    pub fn code(&self, number: u32) -> Option<&str> {
        self.by_number.get(&number).map(|(_, code)| &**code)
    }

    /// The number of a code; a window's is `hall/window`.
    pub fn number(&self, kind: Kind, code: &str) -> Option<u32> {
        self.by_code.get(&(kind as u8, code.into())).copied()
    }

    pub fn numbers(&self, kind: Kind) -> impl Iterator<Item = u32> {
        self.by_number.iter().filter(move |(_, (k, _))| *k == kind as u8).map(|(&n, _)| n)
    }

    /// Windows that a filter's value names: `hall/window`, or the plain id in every hall.
    pub fn windows(&self, value: &str) -> Vec<u32> {
        if value.contains('/') {
            return self.number(Kind::ServiceWindow, value).into_iter().collect();
        }
        let named = |n: &u32| self.code(*n).and_then(|c| c.split_once('/')).is_some_and(|(_, w)| w == value);
        self.numbers(Kind::ServiceWindow).filter(named).collect()
    }

    /// What a window's rows are called: its plain id where only one hall has it, else `hall/window`.
    pub fn window_key(&self, number: u32) -> Option<&str> {
        let code = self.code(number)?;
        let (_, plain) = code.split_once('/')?;
        if self.windows(plain).len() == 1 { Some(plain) } else { Some(code) }
    }
}

fn remembered<K: Clone + Eq + Hash>(
    known: &mut HashMap<K, u32>,
    key: &K,
    make: impl FnOnce() -> rusqlite::Result<u32>,
) -> rusqlite::Result<u32> {
    if let Some(&number) = known.get(key) {
        return Ok(number);
    }
    let number = make()?;
    known.insert(key.clone(), number);
    Ok(number)
}

fn intern(conn: &Connection, kind: Kind, code: &str) -> rusqlite::Result<u32> {
    let mut find = conn.prepare_cached("SELECT id FROM fact_name WHERE kind = ?1 AND code = ?2")?;
    if let Some(number) = find.query_row(params![kind as u8, code], |r| r.get(0)).optional()? {
        return Ok(number);
    }
    let mut make = conn.prepare_cached("INSERT INTO fact_name (kind, code) VALUES (?1, ?2) RETURNING id")?;
    make.query_row(params![kind as u8, code], |r| r.get(0))
}
