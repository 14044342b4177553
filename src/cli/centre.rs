//! `pingyi centre`.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;

use crate::centre::accounts::first;
use crate::centre::directory::accounts;
use crate::centre::running::{self, Running};
use crate::config::CentreConfig;
use crate::words::Language;
use crate::words::accounts::FirstStart;

/// Where a centre keeps its data unless told otherwise; `pingyi admin` looks in the same place.
pub const DATA: &str = "pingyi-centre-data";

#[derive(Debug, clap::Args)]
pub struct Args {
    /// `centre.toml`, or the folder in which it stands
    #[arg(long, value_name = "FILE", default_value = "kiosk-config")]
    config: PathBuf,
    /// Folder for the database and the keys; made if it is not there
    #[arg(long, value_name = "DIR", default_value = DATA)]
    data: PathBuf,
    /// Address to listen on instead of the configured one; port 0 lets the system choose
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Where the first administrator's one-time password goes at the first start: a new file, readable by its owner only.
    /// Without it the password is printed once
    #[arg(long, value_name = "FILE")]
    admin_password_file: Option<PathBuf>,
}

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// When the centre cannot start; the message says what to do.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = CentreConfig::load(&args.config)?;
    let listen = args.listen.unwrap_or(config.listen);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no runtime")?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(listen).await.with_context(|| {
            format!("cannot listen on {listen}; is another program there? Try --listen 127.0.0.1:0")
        })?;
        let running = running::start(&config, &args.data, listener).await?;
        first_administrator(&running, args.admin_password_file.as_deref()).await?;
        #[cfg(feature = "kiosk")]
        super::preview::fill(&running.site.preview);
        // A line that scripts read; the reader may have gone.
        let _ = writeln!(std::io::stdout(), "centre {}", running.url()).and_then(|()| std::io::stdout().flush());
        tracing::info!(address = %running.address, data = %args.data.display(), "the centre is up");
        let ended = asked_to_stop().await;
        tracing::info!("stopping");
        running.stop().await;
        ended
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Somebody must be able to begin: an empty centre is given an administrator.
async fn first_administrator(running: &Running, file: Option<&Path>) -> anyhow::Result<()> {
    let site = &running.site;
    if !site.readers.read(accounts::is_empty).await?? {
        return Ok(());
    }
    // The file first: a password that cannot be kept must not exist.
    let kept = file.map(super::admin::new_private_file).transpose()?;
    let made = site.writer.attempt(|desk| {
        *desk.people_changed = true;
        first::administrator(desk.tx, desk.now)
    });
    let Some(handed) = made.await.context("no first administrator")?? else { return Ok(()) };
    let url = running.url();
    let words = |language| FirstStart(language);
    match kept {
        Some(mut kept) => {
            writeln!(kept, "{}", handed.password)?;
            kept.sync_all()?;
            let file = file.unwrap_or(Path::new("")).display().to_string();
            for &language in Language::ALL {
                let _ = writeln!(std::io::stderr(), "{}", words(language).in_file(&url, &handed.login, &file));
            }
        }
        None => {
            for &language in Language::ALL {
                let _ = writeln!(std::io::stderr(), "{}", words(language).printed(&url, &handed.login));
            }
            // Once, whatever the languages: on a line of its own, as it is copied.
            let _ = writeln!(std::io::stderr(), "{}", handed.password);
        }
    }
    Ok(())
}

async fn asked_to_stop() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).context("no signals")?;
        tokio::select! {
            _ = terminate.recv() => Ok(()),
            interrupted = tokio::signal::ctrl_c() => interrupted.context("no signals"),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.context("no signals")
}
