//! The first account of an empty centre, and passwords that are handed over.

use rusqlite::Connection;

use super::password::{self, HashFault};
use crate::centre::access::Who;
use crate::centre::audit::{self, Act};
use crate::centre::directory::accounts::{self, AccountFault, Part, Profile};
use crate::centre::directory::sessions;
use crate::domain::role::Role;
use crate::domain::time::WallMs;

/// The login of the first administrator.
pub const LOGIN: &str = "admin";

#[derive(Debug, thiserror::Error)]
pub enum FirstFault {
    #[error(transparent)]
    Account(#[from] AccountFault),
    #[error(transparent)]
    Hash(#[from] HashFault),
}

impl From<rusqlite::Error> for FirstFault {
    fn from(e: rusqlite::Error) -> Self {
        Self::Account(e.into())
    }
}

/// What is handed over once: nobody can read it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    pub login: String,
    /// Good for a week, and for nothing but choosing another.
    pub password: String,
}

/// Makes an administrator where there is no account at all.
///
/// # Errors
/// [`FirstFault`].
pub fn administrator(conn: &Connection, now: WallMs) -> Result<Option<Handed>, FirstFault> {
    if !accounts::is_empty(conn)? {
        return Ok(None);
    }
    let login = LOGIN.to_owned();
    let profile = Profile {
        name: "系统管理员".to_owned(),
        login,
        role: Role::SystemAdmin,
        staff_no: None,
        part: Part::Everything,
    };
    let id = accounts::add(conn, &profile, now)?;
    let by = Who::operator();
    audit::append(conn, now, &by, Act::AccountAdded, &super::entering::object(id), "first start")?;
    hand_over(conn, id, now).map(Some)
}

/// Gives an account a fresh one-time password; whoever had the old one, or the second factor, is out.
///
/// # Errors
/// [`FirstFault`].
pub fn hand_over(conn: &Connection, id: i64, now: WallMs) -> Result<Handed, FirstFault> {
    let account = accounts::one(conn, id)?.ok_or(AccountFault::Unknown)?;
    let fresh = password::one_time().map_err(AccountFault::Random)?;
    accounts::set_password(conn, id, &password::hash(&fresh)?, Some(now))?;
    accounts::set_totp(conn, id, None, 0)?;
    sessions::end_all(conn, id, None)?;
    Ok(Handed { login: account.login, password: fresh })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::schema;
    use crate::db;

    #[test]
    fn an_empty_centre_is_given_one_administrator_and_no_other_ever() {
        let conn = db::open_in_memory(&schema::SCHEMA).unwrap();
        let now = WallMs(1_800_000_000_000);
        let handed = administrator(&conn, now).unwrap().unwrap();
        let account = accounts::by_login(&conn, "ADMIN").unwrap().unwrap();
        assert_eq!((account.role, account.one_time_until.is_some()), (Role::SystemAdmin, true));
        let hash = accounts::password(&conn, account.id).unwrap();
        assert!(password::verifies(hash.as_deref(), &handed.password));
        assert_eq!(administrator(&conn, now).unwrap(), None);
        assert!(matches!(accounts::set_disabled(&conn, account.id, Some(now)), Err(AccountFault::LastAdmin)));
        let again = hand_over(&conn, account.id, now).unwrap();
        assert_ne!(again.password, handed.password);
    }
}
