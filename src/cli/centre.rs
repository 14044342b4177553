//! `pingyi centre`.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;

use crate::centre::running;
use crate::config::CentreConfig;

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
