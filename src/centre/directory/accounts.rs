//! Accounts: who may sign in, as what, and for which part of the tree of units.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::domain::id::{HallId, StaffNo};
use crate::domain::role::Role;
use crate::domain::text::{TextFault, check_line};
use crate::domain::time::WallMs;

/// Also the tables of units, tokens, sessions and tries, and what becomes of the users of the version before.
pub const SCHEMA: &str = include_str!("accounts.sql");

/// Characters of a login or a name.
pub const NAME_CHARS: usize = 60;
/// How long a password that somebody else handed over may be used to choose another.
const ONE_TIME_MS: i64 = 7 * 86_400_000;

/// Which part of the tree of units an account is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Everything,
    /// With all units and halls below it.
    Unit(i64),
    Hall(HallId),
}

/// One account, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: i64,
    pub login: String,
    pub name: String,
    pub role: Role,
    /// Whose figures a [`Role::Staff`] account sees.
    pub staff_no: Option<StaffNo>,
    pub part: Part,
    pub has_password: bool,
    /// The password is good until then and for nothing but choosing another.
    pub one_time_until: Option<WallMs>,
    pub has_second_factor: bool,
    pub made: WallMs,
    pub disabled: Option<WallMs>,
}

/// What is said of an account to be made or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub login: String,
    pub name: String,
    pub role: Role,
    pub staff_no: Option<StaffNo>,
    pub part: Part,
}

#[derive(Debug, thiserror::Error)]
pub enum AccountFault {
    #[error("the name {0}")]
    Name(TextFault),
    #[error("the login {0}")]
    Login(TextFault),
    #[error("a login has no spaces")]
    LoginSpaces,
    #[error("a user named {0} exists; revoke that one first or choose another name")]
    Taken(String),
    #[error("a user of role staff needs a staff number")]
    NoStaffNo,
    #[error("there is no unit with this number")]
    NoUnit,
    #[error("there is no such account")]
    Unknown,
    #[error("at least one system administrator who can sign in must remain")]
    LastAdmin,
    #[error("no randomness from the operating system: {0}")]
    Random(getrandom::Error),
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// Adds an account that cannot sign in yet.
///
/// # Errors
/// [`AccountFault`].
pub fn add(conn: &Connection, profile: &Profile, now: WallMs) -> Result<i64, AccountFault> {
    check(conn, profile, None)?;
    let (unit, hall) = columns(&profile.part);
    conn.prepare_cached(
        "INSERT INTO account (login, name, role, staff_no, unit, hall, made_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        profile.login,
        profile.name,
        profile.role.code(),
        profile.staff_no.as_ref().map(StaffNo::as_str),
        unit,
        hall,
        now.0
    ])?;
    Ok(conn.last_insert_rowid())
}

/// Changes who an account is for. The login stays.
///
/// # Errors
/// [`AccountFault`].
pub fn change(conn: &Connection, id: i64, profile: &Profile) -> Result<(), AccountFault> {
    check(conn, profile, Some(id))?;
    let before = admins(conn)?;
    let (unit, hall) = columns(&profile.part);
    let n = conn
        .prepare_cached("UPDATE account SET name = ?2, role = ?3, staff_no = ?4, unit = ?5, hall = ?6 WHERE id = ?1")?
        .execute(params![
            id,
            profile.name,
            profile.role.code(),
            profile.staff_no.as_ref().map(StaffNo::as_str),
            unit,
            hall
        ])?;
    if n == 0 { Err(AccountFault::Unknown) } else { keep_an_admin(conn, before) }
}

/// Lets an account in no more, or again.
///
/// # Errors
/// [`AccountFault`].
pub fn set_disabled(conn: &Connection, id: i64, disabled: Option<WallMs>) -> Result<(), AccountFault> {
    let before = admins(conn)?;
    let n = conn
        .prepare_cached("UPDATE account SET disabled_ms = ?2 WHERE id = ?1")?
        .execute(params![id, disabled.map(|d| d.0)])?;
    if n == 0 { Err(AccountFault::Unknown) } else { keep_an_admin(conn, before) }
}

/// Sets the argon2id text of a password.
///
/// # Errors
/// Those of the store.
pub fn set_password(conn: &Connection, id: i64, hash: &str, one_time_from: Option<WallMs>) -> rusqlite::Result<()> {
    let until = one_time_from.map(|now| now.plus_ms(ONE_TIME_MS).0);
    conn.prepare_cached("UPDATE account SET password = ?2, one_time_until_ms = ?3 WHERE id = ?1")?
        .execute(params![id, hash, until])?;
    Ok(())
}

/// The argon2id text of an account's password.
///
/// # Errors
/// Those of the store.
pub fn password(conn: &Connection, id: i64) -> rusqlite::Result<Option<String>> {
    let sql = "SELECT password FROM account WHERE id = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([id], |r| r.get(0)).optional()?.flatten())
}

/// Sets or takes away the sealed secret of the second factor; the recovery codes go with the old one.
///
/// # Errors
/// Those of the store.
pub fn set_totp(conn: &Connection, id: i64, sealed: Option<&[u8]>, step: u64) -> rusqlite::Result<()> {
    let step = i64::try_from(step).unwrap_or(i64::MAX);
    conn.prepare_cached("UPDATE account SET totp = ?2, totp_step = ?3 WHERE id = ?1")?
        .execute(params![id, sealed, step])?;
    conn.prepare_cached("DELETE FROM recovery_code WHERE account = ?1")?.execute([id])?;
    Ok(())
}

/// The sealed secret of the second factor.
///
/// # Errors
/// Those of the store.
pub fn totp(conn: &Connection, id: i64) -> rusqlite::Result<Option<Vec<u8>>> {
    let sql = "SELECT totp FROM account WHERE id = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([id], |r| r.get(0)).optional()?.flatten())
}

/// True if no code of this step or a later one was accepted before; from now on one was.
///
/// # Errors
/// Those of the store.
pub fn spend_totp_step(conn: &Connection, id: i64, step: u64) -> rusqlite::Result<bool> {
    let step = i64::try_from(step).unwrap_or(i64::MAX);
    let sql = "UPDATE account SET totp_step = ?2 WHERE id = ?1 AND totp_step < ?2";
    Ok(conn.prepare_cached(sql)?.execute([id, step])? == 1)
}

/// Replaces the recovery codes by others.
///
/// # Errors
/// Those of the store.
pub fn set_recovery(conn: &Connection, id: i64, hashes: &[[u8; 32]]) -> rusqlite::Result<()> {
    conn.prepare_cached("DELETE FROM recovery_code WHERE account = ?1")?.execute([id])?;
    for hash in hashes {
        conn.prepare_cached("INSERT INTO recovery_code (account, hash) VALUES (?1, ?2)")?.execute(params![id, hash])?;
    }
    Ok(())
}

/// True if there was such a code; now there is not.
///
/// # Errors
/// Those of the store.
pub fn spend_recovery(conn: &Connection, id: i64, hash: &[u8; 32]) -> rusqlite::Result<bool> {
    let sql = "DELETE FROM recovery_code WHERE account = ?1 AND hash = ?2";
    Ok(conn.prepare_cached(sql)?.execute(params![id, hash])? == 1)
}

/// How many recovery codes are left.
///
/// # Errors
/// Those of the store.
pub fn recovery_left(conn: &Connection, id: i64) -> rusqlite::Result<u64> {
    conn.prepare_cached("SELECT count(*) FROM recovery_code WHERE account = ?1")?
        .query_row([id], |r| r.get::<_, i64>(0))
        .map(|n| n.unsigned_abs())
}

const COLUMNS: &str = "id, login, name, role, staff_no, unit, hall, password IS NOT NULL, one_time_until_ms, \
                       totp IS NOT NULL, made_ms, disabled_ms";

/// Every account, by login.
///
/// # Errors
/// Those of the store.
pub fn all(conn: &Connection) -> rusqlite::Result<Vec<Account>> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM account ORDER BY login"))?;
    let rows = statement.query_map([], of_row)?;
    // A role that only a newer program knows gives no access here.
    rows.filter_map(Result::transpose).collect()
}

/// # Errors
/// Those of the store.
pub fn one(conn: &Connection, id: i64) -> rusqlite::Result<Option<Account>> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM account WHERE id = ?1"))?;
    Ok(statement.query_row([id], of_row).optional()?.flatten())
}

/// By login, whatever the case of its ASCII letters.
///
/// # Errors
/// Those of the store.
pub fn by_login(conn: &Connection, login: &str) -> rusqlite::Result<Option<Account>> {
    let mut statement =
        conn.prepare_cached(&format!("SELECT {COLUMNS} FROM account WHERE lower(login) = lower(?1)"))?;
    Ok(statement.query_row([login], of_row).optional()?.flatten())
}

/// True while nobody has been given an account.
///
/// # Errors
/// Those of the store.
pub fn is_empty(conn: &Connection) -> rusqlite::Result<bool> {
    conn.query_row("SELECT NOT EXISTS (SELECT 1 FROM account)", [], |r| r.get(0))
}

fn check(conn: &Connection, profile: &Profile, own: Option<i64>) -> Result<(), AccountFault> {
    check_line(&profile.login, NAME_CHARS).map_err(AccountFault::Login)?;
    check_line(&profile.name, NAME_CHARS).map_err(AccountFault::Name)?;
    if own.is_none() && profile.login.chars().any(char::is_whitespace) {
        return Err(AccountFault::LoginSpaces);
    }
    if profile.role.sees_only_self() && profile.staff_no.is_none() {
        return Err(AccountFault::NoStaffNo);
    }
    if let Part::Unit(unit) = profile.part
        && !super::units::exists(conn, unit)?
    {
        return Err(AccountFault::NoUnit);
    }
    match by_login(conn, &profile.login)? {
        Some(other) if own != Some(other.id) => Err(AccountFault::Taken(profile.login.clone())),
        _ => Ok(()),
    }
}

/// Administrators who can sign in.
fn admins(conn: &Connection) -> rusqlite::Result<usize> {
    let can = |a: &&Account| a.role == Role::SystemAdmin && a.has_password && a.disabled.is_none();
    Ok(all(conn)?.iter().filter(can).count())
}

/// Where accounts are kept from the pages, somebody must remain who can. A centre that never was is kept by `pingyi admin`.
fn keep_an_admin(conn: &Connection, before: usize) -> Result<(), AccountFault> {
    if before > 0 && admins(conn)? == 0 { Err(AccountFault::LastAdmin) } else { Ok(()) }
}

fn columns(part: &Part) -> (Option<i64>, Option<&str>) {
    match part {
        Part::Everything => (None, None),
        Part::Unit(unit) => (Some(*unit), None),
        Part::Hall(hall) => (None, Some(hall.as_str())),
    }
}

fn of_row(row: &Row<'_>) -> rusqlite::Result<Option<Account>> {
    let Some(role) = Role::from_code(&row.get::<_, String>(3)?) else { return Ok(None) };
    let (staff, hall): (Option<String>, Option<String>) = (row.get(4)?, row.get(6)?);
    let part = match (row.get(5)?, hall) {
        (Some(unit), _) => Part::Unit(unit),
        (None, None) => Part::Everything,
        (None, Some(hall)) => match HallId::new(&hall) {
            Ok(hall) => Part::Hall(hall),
            // Rather nothing than everything.
            Err(_) => Part::Unit(0),
        },
    };
    Ok(Some(Account {
        id: row.get(0)?,
        login: row.get(1)?,
        name: row.get(2)?,
        role,
        staff_no: staff.and_then(|s| StaffNo::new(&s).ok()),
        part,
        has_password: row.get(7)?,
        one_time_until: row.get::<_, Option<i64>>(8)?.map(WallMs),
        has_second_factor: row.get(9)?,
        made: WallMs(row.get(10)?),
        disabled: row.get::<_, Option<i64>>(11)?.map(WallMs),
    }))
}
