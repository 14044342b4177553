//! Saved questions: a name and an address, of one account, private or shared within its halls. Figures are never saved; an
//! address shows everybody what is theirs to see.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::centre::access::{Reach, Who};
use crate::centre::audit::{self, Act};
use crate::centre::ingest::segments::StoreFault;
use crate::domain::id::HallId;
use crate::domain::role::Role;
use crate::domain::time::WallMs;

pub const SCHEMA: &str = "
CREATE TABLE saved_question (
  id INTEGER PRIMARY KEY,
  account INTEGER NOT NULL,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  shared INTEGER NOT NULL,
  -- the owner's halls as a JSON list; null: every hall
  halls TEXT,
  saved_ms INTEGER NOT NULL,
  CONSTRAINT saved_question_name UNIQUE (account, name)
) STRICT;
CREATE INDEX saved_question_shared ON saved_question (shared, name);
";

/// Questions of one account.
pub const MOST: u32 = 50;
/// Characters of a name.
pub const NAME_CHARS: usize = 40;
/// Shared questions that one person is shown.
const MOST_SHOWN: usize = 200;

/// One saved question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedQuestion {
    pub id: i64,
    pub account: i64,
    pub owner: String,
    pub name: String,
    /// The query of the page's address.
    pub address: String,
    pub shared: bool,
    pub saved: WallMs,
    reach: Reach,
}

/// Why nothing was saved or changed.
#[derive(Debug, thiserror::Error)]
pub enum SaveFault {
    #[error("a name is wanted")]
    NoName,
    #[error("the name is longer than {NAME_CHARS} characters")]
    LongName,
    #[error("the name holds control characters")]
    OddName,
    #[error("the account has a question of that name")]
    Taken,
    #[error("the account has {MOST} questions")]
    TooMany,
    /// There is none, or it is somebody else's.
    #[error("there is no such question")]
    NotFound,
    #[error(transparent)]
    Store(#[from] StoreFault),
}

impl From<rusqlite::Error> for SaveFault {
    fn from(e: rusqlite::Error) -> Self {
        Self::Store(e.into())
    }
}

impl SavedQuestion {
    /// Its owner sees it, and, where it is shared, whoever has no other halls than its owner had.
    pub fn is_seen_by(&self, who: &Who) -> bool {
        self.account == who.account || (self.shared && who.role != Role::Staff && self.reach.includes(&who.reach))
    }
}

const COLUMNS: &str = "id, account, owner, name, address, shared, halls, saved_ms";

/// One's own by name, then those that others share.
///
/// # Errors
/// Those of the store.
pub fn list(conn: &Connection, who: &Who) -> rusqlite::Result<Vec<SavedQuestion>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM saved_question WHERE account = ?1 OR shared = 1 ORDER BY account <> ?1, name, id"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([who.account])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let one = read(row)?;
        if one.is_seen_by(who) {
            found.push(one);
        }
        if found.len() == MOST_SHOWN {
            break;
        }
    }
    Ok(found)
}

/// One's own; somebody else's is none.
///
/// # Errors
/// Those of the store.
pub fn own(conn: &Connection, who: &Who, id: i64) -> rusqlite::Result<Option<SavedQuestion>> {
    let sql = format!("SELECT {COLUMNS} FROM saved_question WHERE id = ?1 AND account = ?2");
    conn.prepare_cached(&sql)?.query_row(params![id, who.account], read).optional()
}

/// Keeps a question; its id.
///
/// # Errors
/// [`SaveFault`].
pub fn save(
    tx: &Connection,
    now: WallMs,
    who: &Who,
    name: &str,
    address: &str,
    shared: bool,
) -> Result<i64, SaveFault> {
    let name = checked(name)?;
    let held: u32 =
        tx.query_row("SELECT count(*) FROM saved_question WHERE account = ?1", [who.account], |r| r.get(0))?;
    if held >= MOST {
        return Err(SaveFault::TooMany);
    }
    free(tx, who, name, 0)?;
    let shared = shared && who.role != Role::Staff;
    tx.execute(
        "INSERT INTO saved_question (account, owner, name, address, shared, halls, saved_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![who.account, who.name, name, address, shared, halls(&who.reach), now.0],
    )?;
    let id = tx.last_insert_rowid();
    audit::append(tx, now, who, Act::QuestionSaved, &format!("question:{id}"), word(shared))?;
    Ok(id)
}

/// Renames it, shares it, takes the sharing back.
///
/// # Errors
/// [`SaveFault`].
pub fn change(tx: &Connection, now: WallMs, who: &Who, id: i64, name: &str, shared: bool) -> Result<(), SaveFault> {
    let name = checked(name)?;
    own(tx, who, id)?.ok_or(SaveFault::NotFound)?;
    free(tx, who, name, id)?;
    let shared = shared && who.role != Role::Staff;
    // Shared by whoever has those halls now.
    tx.execute(
        "UPDATE saved_question SET name = ?3, shared = ?4, halls = ?5, owner = ?6 WHERE id = ?1 AND account = ?2",
        params![id, who.account, name, shared, halls(&who.reach), who.name],
    )?;
    audit::append(tx, now, who, Act::QuestionChanged, &format!("question:{id}"), word(shared))?;
    Ok(())
}

/// Takes it away; what its name was.
///
/// # Errors
/// [`SaveFault`].
pub fn delete(tx: &Connection, now: WallMs, who: &Who, id: i64) -> Result<String, SaveFault> {
    let name = own(tx, who, id)?.ok_or(SaveFault::NotFound)?.name;
    tx.execute("DELETE FROM saved_question WHERE id = ?1 AND account = ?2", params![id, who.account])?;
    audit::append(tx, now, who, Act::QuestionDeleted, &format!("question:{id}"), "")?;
    Ok(name)
}

fn checked(name: &str) -> Result<&str, SaveFault> {
    let name = name.trim();
    match name.chars().count() {
        0 => Err(SaveFault::NoName),
        n if n > NAME_CHARS => Err(SaveFault::LongName),
        _ if name.chars().any(char::is_control) => Err(SaveFault::OddName),
        _ => Ok(name),
    }
}

fn free(tx: &Connection, who: &Who, name: &str, but: i64) -> Result<(), SaveFault> {
    let sql = "SELECT EXISTS (SELECT 1 FROM saved_question WHERE account = ?1 AND name = ?2 AND id <> ?3)";
    let taken: bool = tx.query_row(sql, params![who.account, name, but], |r| r.get(0))?;
    if taken { Err(SaveFault::Taken) } else { Ok(()) }
}

fn word(shared: bool) -> &'static str {
    if shared { "shared" } else { "private" }
}

fn halls(reach: &Reach) -> Option<String> {
    reach.halls().map(|halls| serde_json::to_string(halls).unwrap_or_default())
}

fn read(row: &Row<'_>) -> rusqlite::Result<SavedQuestion> {
    let halls: Option<String> = row.get(6)?;
    // What cannot be read reaches nobody but its owner.
    let listed = |text: &str| serde_json::from_str::<Vec<HallId>>(text).unwrap_or_default();
    Ok(SavedQuestion {
        id: row.get(0)?,
        account: row.get(1)?,
        owner: row.get(2)?,
        name: row.get(3)?,
        address: row.get(4)?,
        shared: row.get(5)?,
        saved: WallMs(row.get(7)?),
        reach: halls.map_or(Reach::All, |text| Reach::Halls(listed(&text).into())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{Schema, open_in_memory};

    const TABLES: Schema = Schema { application_id: 1, steps: &[audit::SCHEMA, SCHEMA] };

    fn who(account: i64, role: Role, halls: Option<&[&str]>) -> Who {
        let reach = halls.map_or(Reach::All, |h| Reach::Halls(h.iter().map(|h| HallId::new(h).unwrap()).collect()));
        let name = format!("account {account}");
        Who { account, login: name.clone(), name, role, reach, staff_no: None }
    }

    fn seen(conn: &Connection, who: &Who) -> Vec<String> {
        list(conn, who).unwrap().into_iter().map(|q| q.name).collect()
    }

    #[test]
    fn a_shared_question_is_seen_within_its_owners_halls_alone() {
        let conn = open_in_memory(&TABLES).unwrap();
        let supervisor = who(1, Role::HallSupervisor, Some(&["H1", "H2"]));
        let colleague = who(2, Role::Leader, Some(&["H1"]));
        let elsewhere = who(3, Role::HallSupervisor, Some(&["H3"]));
        let above = who(4, Role::Leader, None);
        let clerk = who(5, Role::Staff, Some(&["H1"]));
        save(&conn, WallMs(1), &supervisor, "  原因 ", "by=reason", true).unwrap();
        save(&conn, WallMs(1), &supervisor, "自己看", "by=day", false).unwrap();
        save(&conn, WallMs(1), &above, "全局", "by=hall", true).unwrap();
        assert_eq!(seen(&conn, &supervisor), ["原因", "自己看", "全局"]);
        assert_eq!(seen(&conn, &colleague), ["全局", "原因"]);
        assert_eq!(seen(&conn, &elsewhere), ["全局"]);
        assert_eq!(seen(&conn, &above), ["全局"], "halls that somebody does not answer for do not narrow theirs");
        assert_eq!(seen(&conn, &clerk), Vec::<String>::new());
    }

    #[test]
    fn nobody_touches_what_is_somebody_elses() {
        let conn = open_in_memory(&TABLES).unwrap();
        let (owner, other) = (who(1, Role::HallSupervisor, None), who(2, Role::HallSupervisor, None));
        let id = save(&conn, WallMs(1), &owner, "a", "by=day", true).unwrap();
        assert!(matches!(change(&conn, WallMs(2), &other, id, "b", false), Err(SaveFault::NotFound)));
        assert!(matches!(delete(&conn, WallMs(2), &other, id), Err(SaveFault::NotFound)));
        change(&conn, WallMs(2), &owner, id, "b", false).unwrap();
        assert_eq!((seen(&conn, &owner), seen(&conn, &other)), (vec!["b".to_owned()], vec![]));
        assert_eq!(delete(&conn, WallMs(3), &owner, id).unwrap(), "b");
        assert_eq!(audit::verify(&conn).unwrap().lines, 3, "every deed is in the log");
    }

    #[test]
    fn names_are_given_once_and_their_number_is_bounded() {
        let conn = open_in_memory(&TABLES).unwrap();
        let owner = who(1, Role::HallSupervisor, None);
        let try_save = |name: &str| save(&conn, WallMs(1), &owner, name, "by=day", false);
        let id = try_save("名称").unwrap();
        assert!(matches!(try_save("名称"), Err(SaveFault::Taken)));
        assert!(matches!(try_save(" \t "), Err(SaveFault::NoName)));
        assert!(matches!(try_save("a\nb"), Err(SaveFault::OddName)));
        assert!(matches!(try_save(&"长".repeat(41)), Err(SaveFault::LongName)));
        change(&conn, WallMs(1), &owner, id, "名称", true).unwrap();
        for n in 1..MOST {
            try_save(&n.to_string()).unwrap();
        }
        assert!(matches!(try_save("one more"), Err(SaveFault::TooMany)));
        let clerk = who(9, Role::Staff, None);
        save(&conn, WallMs(1), &clerk, "x", "by=day", true).unwrap();
        assert!(!list(&conn, &clerk).unwrap()[0].shared, "staff share nothing");
    }
}
