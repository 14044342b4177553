//! `pingyi admin user`: accounts, for whoever has the machine. What it hands out is shown once, or goes to a file that only
//! its owner may read; whatever it does stands in the audit log.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::bail;

use super::{new_private_file, open, write};
use crate::centre::access::Who;
use crate::centre::accounts::entering::object;
use crate::centre::accounts::first;
use crate::centre::audit::{self, Act};
use crate::centre::directory::accounts::{self, Account, Part, Profile};
use crate::centre::directory::{tokens, units, users};
use crate::domain::id::{HallId, StaffNo};
use crate::domain::role::Role;
use crate::domain::time::WallMs;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Add an account. With --password or --password-file it can sign in to the pages; else it is given a token of the
    /// interface, which is shown once
    Add(Box<Add>),
    /// Give an account a fresh one-time password; its second factor and its sessions end
    Reset {
        login: String,
        /// Write the password to this new file, readable by its owner only, instead of printing it
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
    /// Let an account in no more; its tokens and sessions end
    #[command(visible_alias = "revoke")]
    Disable { login: String },
    /// Let a disabled account in again
    Enable { login: String },
    /// Every account
    List,
    /// The tree of units, with their numbers
    Units,
}

#[derive(Debug, clap::Args)]
pub struct Add {
    /// What is typed at sign-in
    login: String,
    /// Who it is, if that is something else
    #[arg(long)]
    name: Option<String>,
    /// staff, hall_supervisor, follow_up_officer, leader, auditor, device_admin or system_admin
    #[arg(long, value_parser = role)]
    role: Role,
    /// Whose figures a user of role staff sees
    #[arg(long)]
    staff_no: Option<StaffNo>,
    /// Number of the unit that the account is for, with all below it
    #[arg(long, conflicts_with = "hall")]
    unit: Option<i64>,
    /// The one hall that the account is for
    #[arg(long)]
    hall: Option<HallId>,
    /// Print a one-time password
    #[arg(long, conflicts_with = "password_file")]
    password: bool,
    /// Write a one-time password to this new file, readable by its owner only
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Write the token to this new file, readable by its owner only, instead of printing it
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
}

/// # Errors
/// When it cannot be done; the message says why.
pub fn run(command: Command, data: &Path, now: WallMs, out: &mut impl Write) -> anyhow::Result<()> {
    let by = Who::operator();
    match command {
        Command::Add(added) => add(*added, data, now, out)?,
        Command::Reset { login, password_file } => {
            // The file first: a password that cannot be kept must not exist.
            let file = password_file.as_deref().map(new_private_file).transpose()?;
            let handed = write(data, |conn| {
                let id = find(conn, &login)?.id;
                audit::append(conn, now, &by, Act::AccountReset, &object(id), "")?;
                Ok(first::hand_over(conn, id, now)?)
            })?;
            hand_out(file, &handed.password, out)?;
        }
        Command::Disable { login } => {
            write(data, |conn| {
                let id = find(conn, &login)?.id;
                users::revoke(conn, &login, now)?;
                Ok(audit::append(conn, now, &by, Act::AccountDisabled, &object(id), "")?)
            })?;
            writeln!(out, "{login}: disabled; tokens and sessions have ended")?;
        }
        Command::Enable { login } => {
            write(data, |conn| {
                let id = find(conn, &login)?.id;
                accounts::set_disabled(conn, id, None)?;
                Ok(audit::append(conn, now, &by, Act::AccountEnabled, &object(id), "")?)
            })?;
            writeln!(out, "{login}: enabled")?;
        }
        Command::List => list(data, out)?,
        Command::Units => {
            let tree = units::Units::load(&open(data)?)?;
            for (depth, unit) in tree.in_order() {
                writeln!(out, "{:>6}  {}{}", unit.id, "  ".repeat(depth), unit.name)?;
            }
        }
    }
    Ok(())
}

fn add(added: Add, data: &Path, now: WallMs, out: &mut impl Write) -> anyhow::Result<()> {
    let Add { login, name, role, staff_no, unit, hall, password, password_file, token_file } = added;
    let signs_in = password || password_file.is_some();
    let token_wanted = token_file.is_some() || !signs_in;
    let (password_file, token_file) = (
        password_file.as_deref().map(new_private_file).transpose()?,
        token_file.as_deref().map(new_private_file).transpose()?,
    );
    let part = match (unit, hall) {
        (Some(unit), _) => Part::Unit(unit),
        (None, Some(hall)) => Part::Hall(hall),
        (None, None) => Part::Everything,
    };
    let profile = Profile { name: name.unwrap_or_else(|| login.clone()), login, role, staff_no, part };
    let (handed, token) = write(data, |conn| {
        let id = accounts::add(conn, &profile, now)?;
        audit::append(conn, now, &Who::operator(), Act::AccountAdded, &object(id), role.code())?;
        let handed = if signs_in { Some(first::hand_over(conn, id, now)?) } else { None };
        let token = if token_wanted { Some(users::give_token(conn, id, now)?) } else { None };
        Ok((handed, token))
    })?;
    if let Some(handed) = handed {
        hand_out(password_file, &handed.password, out)?;
    }
    match token {
        Some(token) => hand_out(token_file, &token, out),
        None => Ok(()),
    }
}

fn list(data: &Path, out: &mut impl Write) -> anyhow::Result<()> {
    let conn = open(data)?;
    let tree = units::Units::load(&conn)?;
    for account in accounts::all(&conn)? {
        let held = tokens::all(&conn, Some(account.id))?.len();
        let staff = account.staff_no.as_ref().map(|s| format!("  {s}")).unwrap_or_default();
        let part = match &account.part {
            Part::Everything => String::new(),
            Part::Unit(unit) => format!("  unit {}", tree.unit(*unit).map_or("?", |u| &u.name)),
            Part::Hall(hall) => format!("  hall {hall}"),
        };
        let name = if account.name == account.login { String::new() } else { format!("  {}", account.name) };
        let (login, role) = (&account.login, account.role.code());
        writeln!(out, "{login}  {role}{staff}{name}{part}  {}, {held} tokens", state(&account))?;
    }
    Ok(())
}

fn state(account: &Account) -> &'static str {
    if account.disabled.is_some() {
        "disabled"
    } else if account.one_time_until.is_some() {
        "waits for first sign-in"
    } else if account.has_second_factor {
        "password and second factor"
    } else if account.has_password {
        "password"
    } else {
        "token only"
    }
}

fn find(conn: &rusqlite::Connection, login: &str) -> anyhow::Result<Account> {
    match accounts::by_login(conn, login)? {
        Some(account) => Ok(account),
        None => bail!("there is no user {login}; see pingyi admin user list"),
    }
}

/// Into the file, or printed once.
fn hand_out(file: Option<std::fs::File>, secret: &str, out: &mut impl Write) -> anyhow::Result<()> {
    match file {
        Some(mut file) => {
            writeln!(file, "{secret}")?;
            Ok(file.sync_all()?)
        }
        None => Ok(writeln!(out, "{secret}")?),
    }
}

fn role(code: &str) -> Result<Role, String> {
    Role::from_code(code).ok_or_else(|| {
        let all: Vec<_> = Role::ALL.iter().map(|r| r.code()).collect();
        format!("one of {}", all.join(", "))
    })
}
