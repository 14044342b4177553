//! `pingyi stats`: asks a centre for statistics and shows the answer.
//!
//! CSV and XLSX are written by the centre, the same as its page offers; so this command needs no feature.

mod table;

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::ValueEnum;

use super::client::{self, Centre};
use crate::domain::query::{Answer, Dimension, Order};
use crate::words::Language;
use crate::words::stats::Cli;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The centre's address: <https://pj.example.gov.cn>
    #[arg(long, value_name = "URL")]
    centre: String,
    /// What rows are grouped by; without it, the totals alone
    #[arg(long, value_name = "DIMENSION", value_parser = codes(Dimension::ALL, |d| d.code()))]
    by: Option<String>,
    /// First day, YYYY-MM-DD, in the centre's time zone [default: 29 days before the last]
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// Last day, included [default: today]
    #[arg(long, value_name = "DAY")]
    to: Option<String>,
    /// Only what matches, as in staff=0027; repeat it: alternatives within a dimension, together between dimensions
    #[arg(long = "where", value_name = "DIMENSION=VALUE")]
    filters: Vec<String>,
    /// How rows are ordered; a ranking goes by the satisfied rate's lower bound
    #[arg(long, value_parser = codes(Order::ALL, |o| o.code()))]
    order: Option<String>,
    /// Least ratings for a rank, 3 or more
    #[arg(long, value_name = "N")]
    min_n: Option<u64>,
    /// Leave out ratings that carry a signal
    #[arg(long)]
    unflagged: bool,
    #[arg(long, value_enum, default_value_t = Output::Table)]
    format: Output,
    /// Write to this file instead of standard output; an existing one is replaced
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// A file that holds the token alone; else it is taken from PINGYI_TOKEN
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Certificates in PEM of a private authority, the only ones that are trusted then
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Send the token also over a connection that is not encrypted
    #[arg(long)]
    allow_plain_http: bool,
    /// Language of headings and names
    #[arg(long, value_enum, default_value_t = Lang::Zh)]
    lang: Lang,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    Table,
    Json,
    Csv,
    Xlsx,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Lang {
    Zh,
    En,
}

impl Lang {
    fn language(self) -> Language {
        match self {
            Self::Zh => Language::Zh,
            Self::En => Language::En,
        }
    }
}

/// # Errors
/// Whatever keeps the answer from being shown, as a sentence for the person who asked.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let words = Cli(args.lang.language());
    let centre = client::address(&args.centre, args.allow_plain_http, words)?;
    if args.format == Output::Xlsx && args.out.is_none() && std::io::stdout().is_terminal() {
        bail!("{}", words.xlsx_to_terminal());
    }
    let token = client::token(args.token_file.as_deref(), std::env::var_os(client::TOKEN_VARIABLE), words)?;
    let certificates = args.ca_file.as_deref().map(|f| client::read(f, words)).transpose()?;
    let centre = Centre::new(centre, token, certificates.as_deref(), words)?;
    let body = centre.get("/api/v1/stats", &pairs(&args))?;
    let bytes = match args.format {
        Output::Csv | Output::Xlsx => body,
        Output::Json | Output::Table => {
            let answer: Answer =
                serde_json::from_slice(&body).with_context(|| words.no_answer(&args.centre).into_owned())?;
            if args.format == Output::Json {
                let mut json = serde_json::to_vec_pretty(&answer)?;
                json.push(b'\n');
                json
            } else {
                table::table(&answer, args.lang.language()).into_bytes()
            }
        }
    };
    match &args.out {
        Some(path) => {
            std::fs::write(path, &bytes).with_context(|| words.not_written(&path.display().to_string()).into_owned())?
        }
        None => print(&bytes)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// A reader that has seen enough, such as `head`, is no error.
fn print(bytes: &[u8]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

fn pairs(args: &Args) -> Vec<(&'static str, String)> {
    let mut pairs = Vec::new();
    let mut add = |name, value: &Option<String>| pairs.extend(value.clone().map(|v| (name, v)));
    add("by", &args.by);
    add("from", &args.from);
    add("to", &args.to);
    add("order", &args.order);
    add("min_n", &args.min_n.map(|n| n.to_string()));
    add("unflagged", &args.unflagged.then(|| "1".to_owned()));
    pairs.extend(args.filters.iter().map(|f| ("where", f.replacen('=', ":", 1))));
    let format = match args.format {
        Output::Table | Output::Json => "json",
        Output::Csv => "csv",
        Output::Xlsx => "xlsx",
    };
    pairs.push(("format", format.to_owned()));
    pairs.push(("lang", if args.lang == Lang::En { "en" } else { "zh" }.to_owned()));
    pairs
}

fn codes<T>(all: &'static [T], code: fn(&T) -> &'static str) -> clap::builder::PossibleValuesParser {
    all.iter().map(code).collect::<Vec<_>>().into()
}
