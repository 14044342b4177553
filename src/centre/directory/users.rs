//! People who ask by token alone, as `pingyi admin user add` makes them. The table is that of the first version; what it
//! held became [`accounts`] with a token each.

use rusqlite::Connection;

use super::accounts::{self, AccountFault, Part, Profile};
use super::{sessions, tokens};
use crate::centre::access::Needs;
use crate::domain::id::StaffNo;
use crate::domain::role::Role;
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

/// What such a token is called where tokens are listed.
const LABEL: &str = "pingyi admin user add";

/// Adds an account that sees every hall and returns its token, which nobody can read again.
///
/// # Errors
/// [`AccountFault`].
pub fn add(
    conn: &Connection,
    name: &str,
    role: Role,
    staff_no: Option<&StaffNo>,
    now: WallMs,
) -> Result<String, AccountFault> {
    let (login, name, staff_no) = (name.to_owned(), name.to_owned(), staff_no.cloned());
    let account = accounts::add(conn, &Profile { login, name, role, staff_no, part: Part::Everything }, now)?;
    give_token(conn, account, now)
}

/// Gives an account one more token, for all that its role may.
///
/// # Errors
/// [`AccountFault`].
pub fn give_token(conn: &Connection, account: i64, now: WallMs) -> Result<String, AccountFault> {
    let token = tokens::fresh().map_err(AccountFault::Random)?;
    tokens::add(conn, account, &token, LABEL, Needs::ALL, None, now)?;
    Ok(token)
}

/// Takes everything from an account: it is disabled, its tokens and sessions end. True if there was such an account.
///
/// # Errors
/// [`AccountFault`].
pub fn revoke(conn: &Connection, login: &str, now: WallMs) -> Result<bool, AccountFault> {
    let Some(account) = accounts::by_login(conn, login)?.filter(|a| a.disabled.is_none()) else { return Ok(false) };
    accounts::set_disabled(conn, account.id, Some(now))?;
    tokens::revoke_all(conn, account.id, now)?;
    sessions::end_all(conn, account.id, None)?;
    Ok(true)
}
