//! `pingyi admin generate`: a year of a whole town of sample halls, written straight into an empty centre's database by
//! the same code that ingest uses, and the configuration with which to start that centre.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, bail};
use jiff::Span;
use jiff::civil::Date;
use rusqlite::TransactionBehavior;

use super::note;
use super::progress::Progress;
use crate::centre::audit::Act;
use crate::centre::directory::devices;
use crate::centre::ingest::ledgers;
use crate::centre::statistics::sample::Pace;
use crate::centre::statistics::town::{Size, Town, boards};
use crate::centre::statistics::{Book, tail};
use crate::centre::{clock, running, schema};
use crate::config::{CentreConfig, board};
use crate::db;
use crate::domain::board::Board;
use crate::domain::time::WallMs;

/// Halls of one month that are summed up in one transaction.
const SPANS_AT_ONCE: usize = 50;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// How many ratings in all; visits that nobody rated come on top
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..=200_000_000))]
    ratings: u64,
    #[arg(long, value_name = "N", default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    windows: u32,
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=500))]
    halls: u32,
    #[arg(long, value_name = "N", default_value_t = 8_000, value_parser = clap::value_parser!(u32).range(1..=80_000))]
    staff: u32,
    #[arg(long, value_name = "N", default_value_t = 365, value_parser = clap::value_parser!(u16).range(1..=3_650))]
    days: u16,
    /// The last day; yesterday when absent
    #[arg(long, value_name = "DAY")]
    until: Option<Date>,
    /// The same town again
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// `centre.toml`, or its folder: its first board is the halls' template
    #[arg(long, value_name = "FILE", default_value = "kiosk-config")]
    config: PathBuf,
}

/// Fills the database under `data` and writes `config/` beside it.
///
/// # Errors
/// When the database holds anything already, or a centre runs on it.
pub fn run(args: &Args, data: &Path, out: &mut impl std::io::Write) -> anyhow::Result<()> {
    if args.halls > args.windows || args.windows.div_ceil(args.halls) > 99 {
        bail!("each hall has 1 to 99 windows: --halls {} --windows {} is out of it", args.halls, args.windows)
    }
    let config = CentreConfig::load(&args.config)?;
    let Some(template) = config.boards.first() else { bail!("centre.toml names no board") };
    let template = board::load(template, None)?;
    let size = Size { halls: args.halls, windows: args.windows, staff: args.staff };
    let halls = boards(&template, size, args.seed)?;
    let _lock = running::lock(data)?;
    let mut conn = db::open(&data.join(schema::FILE), &schema::SCHEMA)?;
    if tail::last_id(&conn)? > 0 || !devices::all(&conn)?.is_empty() || !ledgers::all(&conn)?.is_empty() {
        bail!("{}: this centre has data already; sample data goes only into an empty folder", data.display())
    }
    let (calendar, zone) = (config.working_calendar()?, &config.time_zone);
    let town = Town::new(&halls, &calendar, zone, args.seed);
    let now = clock::now().wall;
    let today = zone.to_datetime(jiff::Timestamp::from_millisecond(now.0)?).date();
    let until = args.until.unwrap_or_else(|| today.saturating_sub(Span::new().days(1)));
    let begun = Instant::now();
    let book = Book::open(&conn, zone.clone())?;
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    note(&tx, now, Act::SampleMade, "statistics", &format!("{} ratings, seed {}", args.ratings, args.seed))?;
    tx.commit()?;
    let visits = enter(&mut conn, book, town, args, until)?;
    let seconds = begun.elapsed().as_secs_f64();
    let mut book = Book::open(&conn, zone.clone())?;
    finish(&mut conn, &mut book, now)?;
    let folder = configure(data, &config, &halls)?;
    let rate = visits as f64 / seconds;
    writeln!(
        out,
        "{} ratings among {visits} visits at {} windows of {} halls, {rate:.0} visits/s",
        args.ratings, args.windows, args.halls
    )?;
    let (folder, data) = (folder.display(), data.display());
    writeln!(out, "pingyi centre --config {folder}/centre.toml --data {data}")?;
    Ok(())
}

/// Day by day, each in one transaction. How many visits there were.
fn enter(
    conn: &mut rusqlite::Connection,
    mut book: Book,
    mut town: Town<'_>,
    args: &Args,
    until: Date,
) -> anyhow::Result<u64> {
    let days: Vec<Date> =
        (0..i64::from(args.days)).rev().map(|back| until.saturating_sub(Span::new().days(back))).collect();
    let expected: Vec<f64> = days.iter().map(|d| town.expected(*d)).collect();
    let mut left: f64 = expected.iter().sum();
    if left <= 0.0 {
        bail!("nobody works in the {} days up to {until}; take more --days", args.days)
    }
    let last_open = expected.iter().rposition(|e| *e > 0.0);
    let (mut rated, mut visits) = (0_u64, 0_u64);
    let mut progress = Progress::new("ratings", args.ratings);
    for (at, (day, expected)) in days.iter().zip(&expected).enumerate() {
        let rate = (args.ratings - rated) as f64 / left.max(1.0);
        left -= expected;
        let mut facts = town.day(*day, Pace { rate, progress: at as f64 / days.len() as f64 });
        // A rating too many is not given.
        let mut room = args.ratings - rated;
        facts.retain(|f| {
            f.level.is_none() || {
                let fits = room > 0;
                room = room.saturating_sub(1);
                fits
            }
        });
        rated += facts.iter().filter(|f| f.level.is_some()).count() as u64;
        visits += facts.len() as u64;
        let mut more = Some(*day).filter(|_| Some(at) == last_open && rated < args.ratings);
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        add(&mut book, &tx, &facts)?;
        while let Some(day) = more {
            // The last day makes up what chance has left out.
            let mut facts = town.day(day, Pace { rate: rate.min(1.0), progress: 1.0 });
            facts.retain(|f| f.level.is_some());
            facts.truncate(usize::try_from(args.ratings - rated).unwrap_or(usize::MAX));
            (rated, visits) = (rated + facts.len() as u64, visits + facts.len() as u64);
            add(&mut book, &tx, &facts)?;
            more = more.filter(|_| rated < args.ratings && !facts.is_empty());
        }
        tx.commit()?;
        progress.reach(rated, &day.to_string());
    }
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    book.flush(&tx)?;
    tx.commit()?;
    progress.end();
    Ok(visits)
}

fn add(
    book: &mut Book,
    conn: &rusqlite::Connection,
    facts: &[crate::centre::statistics::fact::Fact],
) -> anyhow::Result<()> {
    for part in facts.chunks(4_096) {
        book.append(conn, part)?;
        book.flush_if_full(conn)?;
    }
    Ok(())
}

/// Sums of the spans that are over, as a running centre makes them by and by.
fn finish(conn: &mut rusqlite::Connection, book: &mut Book, now: WallMs) -> anyhow::Result<()> {
    let mut progress = Progress::new("spans of halls", book.finished_spans_due(conn, now)?);
    let mut made = 0;
    loop {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let some = book.finish_spans(&tx, now, SPANS_AT_ONCE)?;
        tx.commit()?;
        made += some as u64;
        progress.reach(made, "");
        if some == 0 {
            break;
        }
    }
    progress.end();
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

/// `config/centre.toml` and a board for each hall.
fn configure(data: &Path, config: &CentreConfig, halls: &[Board]) -> anyhow::Result<PathBuf> {
    let folder = data.join("config");
    std::fs::create_dir_all(folder.join("boards"))?;
    std::fs::create_dir_all(folder.join("photos"))?;
    let mut names = Vec::new();
    for board in halls {
        let name = format!("boards/{}.toml", board.hall.id);
        std::fs::write(folder.join(&name), toml::to_string(board)?).with_context(|| name.clone())?;
        names.push(format!("{name:?}"));
    }
    let zone = config.time_zone.iana_name().context("the time zone has no name")?;
    let mut file = std::fs::File::create(folder.join("centre.toml"))?;
    writeln!(
        file,
        "# Made by pingyi admin generate.\nlisten = \"{}\"\nphone_url = \"{}\"",
        config.listen, config.phone_url
    )?;
    writeln!(file, "time_zone = \"{zone}\"\nboards = [\n    {},\n]", names.join(",\n    "))?;
    Ok(folder)
}
