//! Users and their tokens. A token is shown once and kept only as a hash.

use rusqlite::{Connection, OptionalExtension, params};

use crate::domain::id::StaffNo;
use crate::domain::role::Role;
use crate::domain::text::{TextFault, check_line};
use crate::domain::time::WallMs;

pub const SCHEMA: &str = "
CREATE TABLE user (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  staff_no TEXT,
  token_hash BLOB NOT NULL,
  made_ms INTEGER NOT NULL,
  revoked_ms INTEGER,
  CONSTRAINT token_once UNIQUE (token_hash)
) STRICT;
CREATE UNIQUE INDEX user_name_once ON user (name) WHERE revoked_ms IS NULL;
";

/// Characters of a user's name.
pub const NAME_CHARS: usize = 60;
const PREFIX: &str = "pingyi_";

/// BLAKE3 of a token. Tokens carry 160 random bits: no slow hash is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    pub fn of(token: &str) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"pingyi-token-v1").update(token.as_bytes());
        Self(*hasher.finalize().as_bytes())
    }
}

/// Somebody who holds a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: i64,
    pub name: String,
    pub role: Role,
    /// Whose figures a [`Role::Staff`] user sees.
    pub staff_no: Option<StaffNo>,
}

#[derive(Debug, thiserror::Error)]
pub enum UserFault {
    #[error("the name {0}")]
    Name(TextFault),
    #[error("a user named {0} exists; revoke that one first or choose another name")]
    Taken(String),
    #[error("a user of role staff needs a staff number")]
    NoStaffNo,
    #[error("no randomness from the operating system: {0}")]
    Random(getrandom::Error),
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// Adds a user and returns the token, which nobody can read again.
///
/// # Errors
/// [`UserFault`].
pub fn add(
    conn: &Connection,
    name: &str,
    role: Role,
    staff_no: Option<&StaffNo>,
    now: WallMs,
) -> Result<String, UserFault> {
    check_line(name, NAME_CHARS).map_err(UserFault::Name)?;
    if role.sees_only_self() && staff_no.is_none() {
        return Err(UserFault::NoStaffNo);
    }
    let taken: Option<i64> = conn
        .prepare_cached("SELECT id FROM user WHERE name = ?1 AND revoked_ms IS NULL")?
        .query_row([name], |r| r.get(0))
        .optional()?;
    if taken.is_some() {
        return Err(UserFault::Taken(name.to_owned()));
    }
    let mut secret = [0; 20];
    getrandom::fill(&mut secret).map_err(UserFault::Random)?;
    let token = format!("{PREFIX}{}", data_encoding::BASE32_NOPAD.encode(&secret).to_lowercase());
    conn.prepare_cached("INSERT INTO user (name, role, staff_no, token_hash, made_ms) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![name, role.code(), staff_no.map(StaffNo::as_str), TokenHash::of(&token).0, now.0])?;
    Ok(token)
}

/// Withdraws a user's token. True if there was such a user.
pub fn revoke(conn: &Connection, name: &str, now: WallMs) -> rusqlite::Result<bool> {
    let n = conn
        .prepare_cached("UPDATE user SET revoked_ms = ?2 WHERE name = ?1 AND revoked_ms IS NULL")?
        .execute(params![name, now.0])?;
    Ok(n > 0)
}

/// Users whose token holds, by name.
pub fn active(conn: &Connection) -> rusqlite::Result<Vec<(TokenHash, User)>> {
    let sql = "SELECT token_hash, id, name, role, staff_no FROM user WHERE revoked_ms IS NULL ORDER BY name";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([], |r| {
        let role: String = r.get(3)?;
        let staff: Option<String> = r.get(4)?;
        Ok(Role::from_code(&role).map(|role| {
            let user = User {
                id: r.get(1).unwrap_or_default(),
                name: r.get(2).unwrap_or_default(),
                role,
                staff_no: staff.and_then(|s| StaffNo::new(&s).ok()),
            };
            r.get(0).map(|hash| (TokenHash(hash), user))
        }))
    })?;
    // A role that only a newer program knows gives no access here.
    rows.filter_map(Result::transpose).map(|r| r.and_then(|inner| inner)).collect()
}
