//! Texts of facts as small numbers, and back.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

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
#[derive(Debug, Default, Clone)]
pub struct NameList {
    by_number: HashMap<u32, (u8, Box<str>)>,
    by_code: [HashMap<Box<str>, u32>; 5],
    /// Plain window ids, each with its windows in all halls.
    plain_windows: HashMap<Box<str>, Vec<u32>>,
    last: u32,
}

impl NameList {
    /// Reads the names that have come since.
    fn read_on(&mut self, conn: &Connection) -> rusqlite::Result<()> {
        let mut statement = conn.prepare_cached("SELECT id, kind, code FROM fact_name WHERE id > ?1 ORDER BY id")?;
        let mut rows = statement.query([self.last])?;
        while let Some(row) = rows.next()? {
            let (id, kind): (u32, u8) = (row.get(0)?, row.get(1)?);
            let code = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
            if let Some(by_code) = self.by_code.get_mut(usize::from(kind)) {
                by_code.insert(code.into(), id);
            }
            if kind == Kind::ServiceWindow as u8
                && let Some((_, plain)) = code.split_once('/')
            {
                self.plain_windows.entry(plain.into()).or_default().push(id);
            }
            self.by_number.insert(id, (kind, code.into()));
            self.last = id;
        }
        Ok(())
    }

    pub fn code(&self, number: u32) -> Option<&str> {
        self.by_number.get(&number).map(|(_, code)| &**code)
    }

    /// The number of a code; a window's is `hall/window`.
    pub fn number(&self, kind: Kind, code: &str) -> Option<u32> {
        self.by_code[kind as usize].get(code).copied()
    }

    pub fn numbers(&self, kind: Kind) -> impl Iterator<Item = u32> {
        self.by_code[kind as usize].values().copied()
    }

    /// Windows that a filter's value names: `hall/window`, or the plain id in every hall.
    pub fn windows(&self, value: &str) -> &[u32] {
        let by_code = &self.by_code[Kind::ServiceWindow as usize];
        let found = if value.contains('/') {
            by_code.get(value).map(std::slice::from_ref)
        } else {
            self.plain_windows.get(value).map(Vec::as_slice)
        };
        found.unwrap_or_default()
    }

    /// The hall in which a window stands.
    pub fn hall_of(&self, window: u32) -> Option<u32> {
        let (hall, _) = self.code(window)?.split_once('/')?;
        self.number(Kind::Hall, hall)
    }
}

/// Names that were read before: they are only ever added, so a reader takes up the new ones alone.
#[derive(Debug, Default)]
pub struct NamesRead(Mutex<Arc<NameList>>);

impl NamesRead {
    /// All names of the connection's snapshot. One of these belongs to one database.
    pub fn of(&self, conn: &Connection) -> rusqlite::Result<Arc<NameList>> {
        let last: Option<u32> = conn.prepare_cached("SELECT max(id) FROM fact_name")?.query_row([], |r| r.get(0))?;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.unwrap_or(0) > kept.last {
            Arc::make_mut(&mut kept).read_on(conn)?;
        }
        Ok(Arc::clone(&kept))
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
