//! Accounts over real sockets: who gets in and by what, what ends a session, and which route is whose.

mod audit;
mod factor;
mod foreign;
mod operator;
mod routes;
mod sessions;
mod throttle;
mod tokens;
mod units;

use pingyi::centre::running::Running;
use pingyi::config::CentreConfig;

use crate::centre::http;

/// A centre on an empty folder.
pub struct House {
    pub dir: tempfile::TempDir,
    pub running: Running,
}

impl House {
    pub async fn open() -> Self {
        Self::with(&http::sample()).await
    }

    pub async fn with(config: &CentreConfig) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let running = http::run(config, dir.path()).await;
        Self { dir, running }
    }

    pub fn url(&self) -> String {
        self.running.url()
    }
}
