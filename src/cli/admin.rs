//! `pingyi admin`: users, devices, audit and copies of a centre, beside a running one or without it.

mod explain;
mod generate;
mod progress;
mod rebuild;
mod selection;
mod user;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use rusqlite::{Connection, TransactionBehavior};

use super::centre::DATA;
use crate::centre::access::Who;
use crate::centre::alarms::{self, Alarm};
use crate::centre::audit::{self as log, Act};
use crate::centre::boards::Boards;
use crate::centre::clock;
use crate::centre::directory::devices::{self, Device, Seen, Standing};
use crate::centre::directory::enrol;
use crate::centre::hall;
use crate::centre::ingest::audit::{self, Audit};
use crate::centre::{backup, schema};
use crate::config::CentreConfig;
use crate::db;
use crate::domain::id::{KioskId, WindowId};
use crate::domain::time::WallMs;
use crate::ledger::keys::DeviceId;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The centre's data folder
    #[arg(long, value_name = "DIR", default_value = DATA, global = true)]
    data: PathBuf,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Kiosks' devices: take in, look at, withdraw
    #[command(subcommand)]
    Device(DeviceCommand),
    /// People who may ask the centre
    #[command(subcommand)]
    User(user::Command),
    /// Check every entry, signature, figure and line of the audit log again; exit code 1 if anything does not hold
    Audit,
    /// Fill an empty centre with a year of sample ratings of a whole town, to try it at its full size
    Generate(generate::Args),
    /// Selections: whether their results can be made again
    #[command(subcommand)]
    Selection(selection::Command),
    /// Make all figures anew from the ledgers' entries; the centre must be stopped
    Rebuild(rebuild::Args),
    /// A whole copy of a running or stopped centre, with its keys
    Backup {
        /// Folder to write to; must not exist yet
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
    },
    /// Put a copy back; the centre must be stopped and its data folder empty
    Restore {
        #[arg(long, value_name = "DIR")]
        from: PathBuf,
    },
}

#[derive(Debug, clap::Subcommand)]
enum DeviceCommand {
    /// A one-time code, valid for a day, for the device at one window
    EnrolCode {
        #[arg(long)]
        kiosk: KioskId,
        #[arg(long)]
        window: WindowId,
        /// `centre.toml`, or its folder: the window must stand on one of its boards
        #[arg(long, value_name = "FILE", default_value = "kiosk-config")]
        config: PathBuf,
    },
    /// Every device, when it was last seen, what waits on it, and open alarms
    List,
    /// Refuse a device from now on
    Revoke {
        /// The device's 32 digits, or their beginning
        device: String,
    },
    /// Decide which of two histories of a device's ledger the figures count; both are kept
    DecideFork(explain::Fork),
    /// Say why an epoch of a device's ledger was never closed
    Explain(explain::Epoch),
    /// Note that a person has looked at a device's alarms
    ClearAlarms {
        /// The device's 32 digits, or their beginning
        device: String,
    },
}

/// # Errors
/// When it cannot be done; the message says why.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let now = clock::now().wall;
    let mut out = std::io::stdout().lock();
    match args.what {
        What::Device(command) => device(command, &args.data, now, &mut out)?,
        What::User(command) => user::run(command, &args.data, now, &mut out)?,
        What::Audit => {
            let conn = open(&args.data)?;
            let audit = audit::audit(&conn)?;
            let deeds = log::verify(&conn)?;
            for finding in &audit.findings {
                writeln!(out, "{finding}")?;
            }
            let Audit { ledgers, entries, visits, findings } = &audit;
            writeln!(out, "{ledgers} ledgers, {entries} entries, {visits} visits: {} findings", findings.len())?;
            for id in &deeds.broken {
                writeln!(out, "audit log: line {id} does not follow from the line before it")?;
            }
            let head = data_encoding::HEXLOWER.encode(&deeds.head);
            writeln!(out, "{} lines of the audit log: {} broken; head {head}", deeds.lines, deeds.broken.len())?;
            let holds = findings.is_empty() && deeds.broken.is_empty();
            return Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        What::Generate(args_of) => generate::run(&args_of, &args.data, &mut out)?,
        What::Selection(command) => return selection::run(&command, &args.data, &mut out),
        What::Rebuild(args_of) => return rebuild::run(&args_of, &args.data, now, &mut out),
        What::Backup { to } => {
            // The line first: it stands in the copy too, and no copy leaves unnoticed.
            write(&args.data, |conn| note(conn, now, Act::BackupWritten, "centre", ""))?;
            let pages = backup::write(&args.data, &to)?;
            writeln!(out, "{}: {pages} pages and the keys", to.display())?;
        }
        What::Restore { from } => {
            backup::restore(&from, &args.data)?;
            write(&args.data, |conn| note(conn, now, Act::BackupRestored, "centre", ""))?;
            writeln!(out, "{}: restored; kiosks send again what is missing", args.data.display())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn device(command: DeviceCommand, data: &Path, now: WallMs, out: &mut impl std::io::Write) -> anyhow::Result<()> {
    match command {
        DeviceCommand::EnrolCode { kiosk, window, config } => {
            let config = CentreConfig::load(&config)?;
            let day = hall::today(&config.time_zone, now);
            let boards = Boards::gather(&open(data)?, &config.boards, day)?;
            let Some(hall) = boards.hall_of(&window) else {
                bail!(
                    "no board, or more than one, has a window {window}; see [[windows]] of the board files, or the page of windows"
                )
            };
            let mut random = [0; 8];
            getrandom::fill(&mut random).context("no randomness from the operating system")?;
            let code = write(data, |conn| {
                let code = enrol::make_code(conn, &kiosk, &window, &hall, random, now)?;
                enrol::made_by(conn, &code, &Who::operator().name)?;
                let (object, detail) = (format!("kiosk:{kiosk}"), format!("window:{hall}/{window}"));
                note(conn, now, Act::EnrolCodeMade, &object, &detail)?;
                Ok(code)
            })?;
            writeln!(out, "{code}")?;
        }
        DeviceCommand::List => {
            let conn = open(data)?;
            let (devices, alarms) = (devices::with_seen(&conn)?, alarms::open(&conn, 1_000)?);
            list_devices(&devices, &alarms, now, out)?;
        }
        DeviceCommand::Revoke { device } => {
            let id = write(data, |conn| {
                let id = find(conn, &device)?;
                devices::set_standing(conn, id, Standing::Revoked, now)?;
                note(conn, now, Act::DeviceRetired, &format!("device:{id}"), "revoked")?;
                Ok(id)
            })?;
            writeln!(out, "{id}: revoked; its records stay on it and at the centre")?;
        }
        DeviceCommand::DecideFork(fork) => {
            let done = write(data, |conn| fork.decide(conn, find(conn, &fork.device)?, now))?;
            writeln!(out, "{done}")?;
        }
        DeviceCommand::Explain(epoch) => {
            let done = write(data, |conn| epoch.explain(conn, find(conn, &epoch.device)?, now))?;
            writeln!(out, "{done}")?;
        }
        DeviceCommand::ClearAlarms { device } => {
            let (id, any) = write(data, |conn| {
                let id = find(conn, &device)?;
                let any = alarms::clear(conn, id, now)?;
                if any {
                    note(conn, now, Act::AlarmsSeen, &format!("device:{id}"), "")?;
                }
                Ok((id, any))
            })?;
            writeln!(out, "{id}: {}", if any { "alarms cleared" } else { "no open alarms" })?;
        }
    }
    Ok(())
}

fn list_devices(
    devices: &[(Device, Option<Seen>)],
    alarms: &[Alarm],
    now: WallMs,
    out: &mut impl std::io::Write,
) -> std::io::Result<()> {
    writeln!(
        out,
        "{:<8} {:<8} {:<9} {:<12} {:>9} {:>7}  device",
        "kiosk", "window", "standing", "seen", "unsynced", "clock"
    )?;
    for (device, seen) in devices {
        let (ago, unsynced, clock) = match seen {
            Some(s) => (ago(now.since_ms(s.seen)), s.unsynced.to_string(), ahead(s.clock_ahead_ms)),
            None => ("never".to_owned(), "?".to_owned(), "?".to_owned()),
        };
        let (kiosk, window) = (device.kiosk.as_str(), device.service_window.as_str());
        let standing = device.standing.code();
        writeln!(out, "{kiosk:<8} {window:<8} {standing:<9} {ago:<12} {unsynced:>9} {clock:>7}  {}", device.id)?;
    }
    for a in alarms {
        let times = if a.count > 1 { format!(", {} times", a.count) } else { String::new() };
        let when = ago(now.since_ms(a.last));
        writeln!(
            out,
            "alarm  {}  {} epoch {} at {}: {} ({when}{times})",
            a.kind.code(),
            a.device,
            a.epoch,
            a.at_seq,
            a.note
        )?;
    }
    Ok(())
}

fn ago(ms: i64) -> String {
    match ms / 1_000 {
        s if s < 0 => "ahead".to_owned(),
        s @ 0..120 => format!("{s} s ago"),
        s @ 120..7_200 => format!("{} min ago", s / 60),
        s @ 7_200..172_800 => format!("{} h ago", s / 3_600),
        s => format!("{} d ago", s / 86_400),
    }
}

fn ahead(ms: i64) -> String {
    match ms.abs() {
        0..2_000 => "ok".to_owned(),
        2_000..=7_200_000 => format!("{:+} s", ms / 1_000),
        _ => format!("{:+} h", ms / 3_600_000),
    }
}

fn find(conn: &Connection, beginning: &str) -> anyhow::Result<DeviceId> {
    let all = devices::all(conn)?;
    let mut found = all.iter().filter(|d| beginning.len() >= 4 && d.id.to_string().starts_with(beginning));
    match (found.next(), found.next()) {
        (Some(device), None) => Ok(device.id),
        (None, _) => bail!("no device begins with {beginning} (at least 4 digits); see pingyi admin device list"),
        _ => bail!("more than one device begins with {beginning}; give more digits"),
    }
}

pub(super) fn open(data: &Path) -> anyhow::Result<Connection> {
    if !data.is_dir() {
        bail!("{}: there is no such folder; start the centre once, or name its folder with --data", data.display())
    }
    Ok(db::open(&data.join(schema::FILE), &schema::SCHEMA)?)
}

/// What was done here, in the transaction of the deed.
pub(super) fn note(conn: &Connection, now: WallMs, act: Act, object: &str, detail: &str) -> anyhow::Result<()> {
    Ok(log::append(conn, now, &Who::operator(), act, object, detail)?)
}

/// One short transaction: a running centre waits for it, and notices within a second.
pub(super) fn write<T>(data: &Path, work: impl FnOnce(&Connection) -> anyhow::Result<T>) -> anyhow::Result<T> {
    let mut conn = open(data)?;
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = work(&tx)?;
    tx.commit()?;
    Ok(done)
}

pub(super) fn new_private_file(path: &Path) -> anyhow::Result<std::fs::File> {
    let mut options = std::fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).with_context(|| format!("{}: cannot make this file", path.display()))
}
