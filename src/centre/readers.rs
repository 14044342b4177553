//! Reading beside the writer: a few read-only connections, each used off the threads that serve HTTP.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::schema::SCHEMA;
use crate::db::{self, DbFault};

/// Readings at the same time.
const MAX_READERS: usize = 4;
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, thiserror::Error)]
pub enum ReadFault {
    #[error("too many readings at once")]
    Busy,
    #[error(transparent)]
    Db(#[from] DbFault),
    #[error("a reading panicked")]
    Panicked,
}

#[derive(Debug, Clone)]
pub struct Readers(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub fn new(path: PathBuf) -> Self {
        let permits = Arc::new(Semaphore::new(MAX_READERS));
        Self(Arc::new(Inner { path, idle: Mutex::default(), permits }))
    }

    /// Runs `read` on a read-only connection.
    ///
    /// # Errors
    /// [`ReadFault`]; what `read` itself found wrong is in its own result.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> T + Send + 'static,
    ) -> Result<T, ReadFault> {
        let permits = Arc::clone(&self.0.permits);
        let permit = tokio::time::timeout(PATIENCE, permits.acquire_owned()).await;
        let permit = permit.map_err(|_| ReadFault::Busy)?.map_err(|_| ReadFault::Busy)?;
        let inner = Arc::clone(&self.0);
        let done = tokio::task::spawn_blocking(move || {
            let taken = inner.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let conn = match taken {
                Some(conn) => conn,
                None => db::open_read_only(&inner.path, &SCHEMA)?,
            };
            let value = read(&conn);
            inner.idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
            drop(permit);
            Ok(value)
        });
        done.await.map_err(|_| ReadFault::Panicked)?
    }
}

impl From<ReadFault> for super::error::ApiFault {
    fn from(fault: ReadFault) -> Self {
        let code = match fault {
            ReadFault::Busy => super::error::ErrorCode::Busy,
            ReadFault::Db(_) => super::error::ErrorCode::Unavailable,
            ReadFault::Panicked => super::error::ErrorCode::Internal,
        };
        Self::because(code, &fault)
    }
}
