//! The tree of units (单位): a unit stands under another, and halls stand under units. A hall that stands nowhere is seen
//! only by whoever sees everything, and by those whose account names it.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, OptionalExtension, params};

use crate::domain::id::HallId;
use crate::domain::text::{TextFault, check_line};

/// Units of one centre, and levels of the tree.
pub const MAX_UNITS: usize = 2_000;
pub const MAX_DEPTH: usize = 8;
pub const NAME_CHARS: usize = 60;

/// One unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    pub id: i64,
    pub parent: Option<i64>,
    pub name: String,
}

/// The whole tree, in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Units {
    /// By name within each parent.
    units: Vec<Unit>,
    halls: HashMap<HallId, i64>,
}

#[derive(Debug, thiserror::Error)]
pub enum UnitFault {
    #[error("the name {0}")]
    Name(TextFault),
    #[error("there is a unit of this name in the same place")]
    Taken,
    #[error("there is no such unit")]
    Unknown,
    #[error("a unit cannot stand below itself")]
    Circle,
    #[error("the tree has at most {MAX_DEPTH} levels")]
    TooDeep,
    #[error("there are at most {MAX_UNITS} units")]
    TooMany,
    #[error("units, halls or accounts belong to it; move them first")]
    InUse,
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// Adds a unit below `parent`, or at the top.
///
/// # Errors
/// [`UnitFault`].
pub fn add(conn: &Connection, parent: Option<i64>, name: &str) -> Result<i64, UnitFault> {
    let tree = Units::load(conn)?;
    if tree.units.len() >= MAX_UNITS {
        return Err(UnitFault::TooMany);
    }
    let above = match parent {
        Some(parent) => tree.path(parent).ok_or(UnitFault::Unknown)?.len(),
        None => 0,
    };
    if above >= MAX_DEPTH {
        return Err(UnitFault::TooDeep);
    }
    tree.check_name(None, parent, name)?;
    conn.prepare_cached("INSERT INTO unit (parent, name) VALUES (?1, ?2)")?.execute(params![parent, name])?;
    Ok(conn.last_insert_rowid())
}

/// Gives a unit another name or place.
///
/// # Errors
/// [`UnitFault`].
pub fn change(conn: &Connection, id: i64, parent: Option<i64>, name: &str) -> Result<(), UnitFault> {
    let tree = Units::load(conn)?;
    tree.unit(id).ok_or(UnitFault::Unknown)?;
    tree.check_name(Some(id), parent, name)?;
    if let Some(parent) = parent {
        let path = tree.path(parent).ok_or(UnitFault::Unknown)?;
        if path.iter().any(|u| u.id == id) {
            return Err(UnitFault::Circle);
        }
        if path.len() + tree.height(id) > MAX_DEPTH {
            return Err(UnitFault::TooDeep);
        }
    }
    conn.prepare_cached("UPDATE unit SET parent = ?2, name = ?3 WHERE id = ?1")?.execute(params![id, parent, name])?;
    Ok(())
}

/// Takes away a unit to which nothing belongs.
///
/// # Errors
/// [`UnitFault`].
pub fn remove(conn: &Connection, id: i64) -> Result<(), UnitFault> {
    let used: bool = conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM unit WHERE parent = ?1) OR EXISTS (SELECT 1 FROM unit_hall WHERE unit = ?1)
                OR EXISTS (SELECT 1 FROM account WHERE unit = ?1)",
        )?
        .query_row([id], |r| r.get(0))?;
    if used {
        return Err(UnitFault::InUse);
    }
    let n = conn.prepare_cached("DELETE FROM unit WHERE id = ?1")?.execute([id])?;
    if n == 0 { Err(UnitFault::Unknown) } else { Ok(()) }
}

/// Puts a hall under a unit, or nowhere.
///
/// # Errors
/// [`UnitFault`].
pub fn place(conn: &Connection, hall: &HallId, unit: Option<i64>) -> Result<(), UnitFault> {
    let Some(unit) = unit else {
        conn.prepare_cached("DELETE FROM unit_hall WHERE hall = ?1")?.execute([hall.as_str()])?;
        return Ok(());
    };
    if !exists(conn, unit)? {
        return Err(UnitFault::Unknown);
    }
    conn.prepare_cached(
        "INSERT INTO unit_hall (hall, unit) VALUES (?1, ?2) ON CONFLICT (hall) DO UPDATE SET unit = excluded.unit",
    )?
    .execute(params![hall.as_str(), unit])?;
    Ok(())
}

/// # Errors
/// Those of the store.
pub fn exists(conn: &Connection, id: i64) -> rusqlite::Result<bool> {
    let found = conn.prepare_cached("SELECT 1 FROM unit WHERE id = ?1")?.query_row([id], |_| Ok(())).optional()?;
    Ok(found.is_some())
}

impl Units {
    /// # Errors
    /// Those of the store.
    pub fn load(conn: &Connection) -> rusqlite::Result<Self> {
        let mut statement = conn.prepare_cached("SELECT id, parent, name FROM unit ORDER BY name")?;
        let units = statement.query_map([], |r| Ok(Unit { id: r.get(0)?, parent: r.get(1)?, name: r.get(2)? }))?;
        let units = units.collect::<Result<_, _>>()?;
        let mut statement = conn.prepare_cached("SELECT hall, unit FROM unit_hall")?;
        let halls = statement.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get(1)?)))?;
        let halls =
            halls.filter_map(|row| row.map(|(hall, unit)| HallId::new(&hall).ok().map(|h| (h, unit))).transpose());
        Ok(Self { units, halls: halls.collect::<Result<_, _>>()? })
    }

    pub fn unit(&self, id: i64) -> Option<&Unit> {
        self.units.iter().find(|u| u.id == id)
    }

    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// Units directly below, or the topmost ones.
    pub fn below(&self, parent: Option<i64>) -> impl Iterator<Item = &Unit> {
        self.units.iter().filter(move |u| u.parent == parent)
    }

    /// Every unit with its depth from 0, each before those below it.
    pub fn in_order(&self) -> Vec<(usize, &Unit)> {
        let mut out = Vec::new();
        let mut open: Vec<(usize, &Unit)> = self.below(None).map(|u| (0, u)).collect();
        open.reverse();
        while let Some((depth, unit)) = open.pop() {
            out.push((depth, unit));
            if depth < MAX_DEPTH {
                let mut inner: Vec<_> = self.below(Some(unit.id)).map(|u| (depth + 1, u)).collect();
                inner.reverse();
                open.extend(inner);
            }
        }
        out
    }

    /// The unit under which a hall stands.
    pub fn of_hall(&self, hall: &HallId) -> Option<i64> {
        self.halls.get(hall).copied()
    }

    /// Halls directly under a unit.
    pub fn halls_under(&self, unit: i64) -> impl Iterator<Item = &HallId> {
        self.halls.iter().filter(move |(_, u)| **u == unit).map(|(hall, _)| hall)
    }

    /// Halls of a unit and of all below it, in order.
    pub fn subtree(&self, unit: i64) -> Vec<HallId> {
        let mut inside = BTreeSet::from([unit]);
        for _ in 0..MAX_DEPTH {
            inside.extend(
                self.units
                    .iter()
                    .filter(|u| u.parent.is_some_and(|p| inside.contains(&p)))
                    .map(|u| u.id)
                    .collect::<Vec<_>>(),
            );
        }
        let halls: BTreeSet<_> =
            self.halls.iter().filter(|(_, u)| inside.contains(*u)).map(|(h, _)| h.clone()).collect();
        halls.into_iter().collect()
    }

    /// From the top down to the unit itself.
    pub fn path(&self, id: i64) -> Option<Vec<&Unit>> {
        let mut path = vec![self.unit(id)?];
        while let Some(parent) = path.last().and_then(|u| u.parent) {
            if path.len() > MAX_DEPTH {
                return None;
            }
            path.push(self.unit(parent)?);
        }
        path.reverse();
        Some(path)
    }

    fn height(&self, id: i64) -> usize {
        1 + self.below(Some(id)).map(|u| self.height(u.id)).max().unwrap_or(0)
    }

    fn check_name(&self, own: Option<i64>, parent: Option<i64>, name: &str) -> Result<(), UnitFault> {
        check_line(name, NAME_CHARS).map_err(UnitFault::Name)?;
        let taken = self.below(parent).any(|u| u.name == name && Some(u.id) != own);
        if taken { Err(UnitFault::Taken) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::schema;
    use crate::db;

    fn hall(id: &str) -> HallId {
        HallId::new(id).unwrap()
    }

    #[test]
    fn a_subtree_holds_the_halls_of_all_units_below_and_no_others() {
        let conn = db::open_in_memory(&schema::SCHEMA).unwrap();
        let city = add(&conn, None, "市政务局").unwrap();
        let east = add(&conn, Some(city), "东区").unwrap();
        let west = add(&conn, Some(city), "西区").unwrap();
        let street = add(&conn, Some(east), "街道").unwrap();
        for (h, unit) in [("H1", city), ("H2", street), ("H3", west)] {
            place(&conn, &hall(h), Some(unit)).unwrap();
        }
        let tree = Units::load(&conn).unwrap();
        assert_eq!(tree.subtree(city), ["H1", "H2", "H3"].map(hall));
        assert_eq!(tree.subtree(east), [hall("H2")]);
        assert_eq!(tree.subtree(99), Vec::<HallId>::new());
        change(&conn, street, Some(west), "街道").unwrap();
        let tree = Units::load(&conn).unwrap();
        assert_eq!((tree.subtree(east).len(), tree.subtree(west).len()), (0, 2));
        assert_eq!(tree.path(street).unwrap().iter().map(|u| u.id).collect::<Vec<_>>(), [city, west, street]);
        assert_eq!(tree.in_order().len(), 4);
        place(&conn, &hall("H3"), None).unwrap();
        assert_eq!(Units::load(&conn).unwrap().subtree(west), [hall("H2")]);
    }

    #[test]
    fn the_tree_stays_a_tree_of_bounded_depth_and_nothing_in_use_goes() {
        let conn = db::open_in_memory(&schema::SCHEMA).unwrap();
        let mut chain = vec![add(&conn, None, "0").unwrap()];
        for level in 1..MAX_DEPTH {
            chain.push(add(&conn, chain.last().copied(), &level.to_string()).unwrap());
        }
        assert!(matches!(add(&conn, chain.last().copied(), "x"), Err(UnitFault::TooDeep)));
        assert!(matches!(change(&conn, chain[0], Some(chain[3]), "0"), Err(UnitFault::Circle)));
        assert!(matches!(change(&conn, chain[0], Some(chain[0]), "0"), Err(UnitFault::Circle)));
        let other = add(&conn, None, "other").unwrap();
        assert!(matches!(change(&conn, chain[0], Some(other), "0"), Err(UnitFault::TooDeep)));
        assert!(matches!(add(&conn, None, "0"), Err(UnitFault::Taken)));
        assert!(matches!(add(&conn, Some(99), "x"), Err(UnitFault::Unknown)));
        assert!(matches!(remove(&conn, chain[0]), Err(UnitFault::InUse)));
        place(&conn, &hall("H1"), Some(other)).unwrap();
        assert!(matches!(remove(&conn, other), Err(UnitFault::InUse)));
        place(&conn, &hall("H1"), None).unwrap();
        remove(&conn, other).unwrap();
        assert!(matches!(place(&conn, &hall("H1"), Some(other)), Err(UnitFault::Unknown)));
    }
}
