//! `pingyi admin selection recompute`: a selection's result once more, from its frozen snapshot.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};

use crate::centre::schema;
use crate::centre::selections::recompute;
use crate::db;

/// Bytes of a file that is read.
const MAX_FILE_BYTES: u64 = 256 * 1024 * 1024;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Compute the result again and compare it bit by bit; exit code 1 on any difference
    Recompute {
        /// The selection's number; not needed with --file
        #[arg(required_unless_present = "file")]
        id: Option<i64>,
        /// A snapshot that was taken away from the selection's page, instead of a centre
        #[arg(long, value_name = "FILE", conflicts_with = "id")]
        file: Option<PathBuf>,
    },
}

/// # Errors
/// When there is nothing to compute from.
pub fn run(command: &Command, data: &Path, out: &mut impl std::io::Write) -> anyhow::Result<ExitCode> {
    let Command::Recompute { id, file } = command;
    let found = match (id, file) {
        (_, Some(file)) => {
            let bytes = std::fs::metadata(file).with_context(|| file.display().to_string())?.len();
            if bytes > MAX_FILE_BYTES {
                bail!("{}: has {bytes} bytes, at most {MAX_FILE_BYTES} are read", file.display());
            }
            let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
            recompute::exported(&text).with_context(|| format!("{}: is no snapshot of a selection", file.display()))?
        }
        (Some(id), None) => {
            let conn = db::open_read_only(&data.join(schema::FILE), &schema::SCHEMA)?;
            let found = recompute::stored(&conn, *id)?;
            found.with_context(|| format!("selection {id} does not exist, or nothing is computed yet"))?
        }
        (None, None) => bail!("name a selection, or a file"),
    };
    writeln!(out, "snapshot {}", found.snapshot_hash)?;
    writeln!(out, "result   {}", found.outcome_hash)?;
    for difference in &found.differences {
        writeln!(out, "{difference}")?;
    }
    let same = found.differences.is_empty();
    writeln!(out, "{} candidates: {}", found.candidates, if same { "the same, bit by bit" } else { "NOT the same" })?;
    Ok(if same { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
