//! The core: one connection that writes, and the transaction that takes all work that has queued.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

use jiff::tz::TimeZone;
use rusqlite::{Connection, TransactionBehavior};

use super::desk::Desk;
use super::ledgers::Ledgers;
use super::segments::StoreFault;
use crate::centre::directory::{Directory, Shared};
use crate::centre::schema::SCHEMA;
use crate::centre::statistics::{Book, StatisticsFault, home_zone};
use crate::db::{self, DbFault};
use crate::domain::time::WallMs;

/// What is done once the transaction is durable.
pub type Acknowledge = Box<dyn FnOnce() + Send>;
/// One piece of work: does its part in the transaction and returns how to acknowledge it. Dropped unacknowledged when
/// the transaction fails.
pub type Work = Box<dyn FnOnce(&mut Desk<'_>) -> Result<Acknowledge, StoreFault> + Send>;

/// Why nothing was written. The work may be sent again: a batch that was stored all the same is known then.
#[derive(Debug, thiserror::Error)]
pub enum CoreFault {
    #[error(transparent)]
    Db(#[from] DbFault),
    #[error(transparent)]
    Store(#[from] StoreFault),
    #[error(transparent)]
    Statistics(#[from] StatisticsFault),
    #[error("a piece of work panicked; the transaction was given up")]
    Panicked,
}

impl From<rusqlite::Error> for CoreFault {
    fn from(e: rusqlite::Error) -> Self {
        Self::Store(e.into())
    }
}

/// The only writer of the centre's database in this process.
#[derive(Debug)]
pub struct Core {
    conn: Connection,
    /// None: in memory.
    path: Option<PathBuf>,
    ledgers: Ledgers,
    /// None: to be opened in the next transaction.
    book: Option<Book>,
    /// Of the book's days and hours.
    zone: TimeZone,
    directory: Arc<Shared<Directory>>,
    data_version: i64,
    ticks: u32,
}

/// Facts that are flushed with the next tick; fewer wait for a few more.
const FLUSH_SOON: u64 = 1_000;
const FLUSH_TICKS: u32 = 5;
/// How often finished spans are looked for, and how many of one hall each are made in one go: about 20 ms each.
const SPANS_TICKS: u32 = 2;
const SPANS_AT_ONCE: usize = 4;

impl Core {
    /// # Errors
    /// [`CoreFault`].
    pub fn open(path: PathBuf) -> Result<Self, CoreFault> {
        Self::with(db::open(&path, &SCHEMA)?, Some(path))
    }

    /// # Errors
    /// [`CoreFault`].
    pub fn in_memory() -> Result<Self, CoreFault> {
        Self::with(db::open_in_memory(&SCHEMA)?, None)
    }

    fn with(conn: Connection, path: Option<PathBuf>) -> Result<Self, CoreFault> {
        let directory = Arc::new(Shared::new(Directory::load(&conn)?));
        let data_version = data_version(&conn)?;
        Ok(Self {
            conn,
            path,
            ledgers: Ledgers::default(),
            book: None,
            zone: home_zone(),
            directory,
            data_version,
            ticks: 0,
        })
    }

    /// Days and hours of statistics are those of this zone; another one than before costs a pass over all facts.
    #[must_use]
    pub fn in_zone(self, zone: TimeZone) -> Self {
        Self { book: None, zone, ..self }
    }

    /// Devices and users as of the last commit.
    pub fn directory(&self) -> Arc<Shared<Directory>> {
        Arc::clone(&self.directory)
    }

    pub fn conn(&self) -> &Connection {
        &self.conn
    }

    /// Takes all of `works` in one transaction, then acknowledges each.
    ///
    /// # Errors
    /// [`CoreFault`]: none of them was acknowledged, and the memory has been read again from what is stored.
    pub fn run_all(&mut self, now: WallMs, works: Vec<Work>) -> Result<(), CoreFault> {
        let done = catch_unwind(AssertUnwindSafe(|| self.attempt(now, works))).unwrap_or(Err(CoreFault::Panicked));
        match done {
            Ok(acknowledgements) => {
                for acknowledge in acknowledgements {
                    acknowledge();
                }
                Ok(())
            }
            Err(fault) => {
                self.recover();
                Err(fault)
            }
        }
    }

    /// One piece of work in a transaction of its own.
    ///
    /// # Errors
    /// As [`Core::run_all`].
    pub fn run<T>(
        &mut self,
        now: WallMs,
        work: impl FnOnce(&mut Desk<'_>) -> Result<T, StoreFault>,
    ) -> Result<T, CoreFault> {
        let mut out = None;
        let done = catch_unwind(AssertUnwindSafe(|| {
            self.transact(now, |desk| {
                out = Some(work(desk)?);
                Ok(())
            })
        }))
        .unwrap_or(Err(CoreFault::Panicked));
        if let Err(fault) = done {
            self.recover();
            return Err(fault);
        }
        out.ok_or(CoreFault::Panicked)
    }

    /// Notices what another process has changed, and flushes roll-ups that wait; called about once a second.
    ///
    /// # Errors
    /// [`CoreFault`].
    pub fn tick(&mut self, now: WallMs) -> Result<(), CoreFault> {
        let version = data_version(&self.conn)?;
        if version != self.data_version {
            self.directory.set(Directory::load(&self.conn)?);
            self.data_version = version;
        }
        self.ticks = self.ticks.wrapping_add(1);
        let waiting = self.book.as_ref().map_or(0, Book::pending);
        let flush = waiting >= FLUSH_SOON || (waiting > 0 && self.ticks.is_multiple_of(FLUSH_TICKS));
        let tidied = self.keep_book(now, flush);
        if tidied.is_err() {
            self.recover();
        }
        tidied
    }

    /// Takes up the book if nobody has, which after a change of program or time zone costs a pass over all facts.
    ///
    /// # Errors
    /// [`CoreFault`].
    pub fn open_book(&mut self) -> Result<(), CoreFault> {
        if self.book.is_none() {
            let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let book = Book::open(&tx, self.zone.clone())?;
            tx.commit()?;
            self.book = Some(book);
        }
        Ok(())
    }

    /// Replaces the whole database by another one's content and reads the memory again.
    ///
    /// # Errors
    /// [`CoreFault`].
    pub fn replace_from(&mut self, source: &Connection) -> Result<(), CoreFault> {
        let backup = rusqlite::backup::Backup::new(source, &mut self.conn)?;
        backup.run_to_completion(1024, std::time::Duration::ZERO, None)?;
        drop(backup);
        self.ledgers.forget();
        self.book = None;
        self.directory.set(Directory::load(&self.conn)?);
        Ok(())
    }

    fn attempt(&mut self, now: WallMs, works: Vec<Work>) -> Result<Vec<Acknowledge>, CoreFault> {
        let mut acknowledgements = Vec::with_capacity(works.len());
        self.transact(now, |desk| {
            for work in works {
                acknowledgements.push(work(desk)?);
            }
            Ok(())
        })?;
        Ok(acknowledgements)
    }

    fn transact(
        &mut self,
        now: WallMs,
        work: impl FnOnce(&mut Desk<'_>) -> Result<(), StoreFault>,
    ) -> Result<(), CoreFault> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (mut facts, mut directory_changed, mut people_changed) = (Vec::new(), false, false);
        work(&mut Desk {
            tx: &tx,
            now,
            ledgers: &mut self.ledgers,
            facts: &mut facts,
            directory_changed: &mut directory_changed,
            people_changed: &mut people_changed,
        })?;
        if !facts.is_empty() {
            let book = match &mut self.book {
                Some(book) => book,
                none => none.insert(Book::open(&tx, self.zone.clone())?),
            };
            book.append(&tx, &facts)?;
            book.flush_if_full(&tx)?;
        }
        tx.commit()?;
        if directory_changed {
            self.directory.set(Directory::load(&self.conn)?);
        } else if people_changed {
            let fresh = self.directory.get().with_people_of(&self.conn)?;
            self.directory.set(fresh);
        }
        Ok(())
    }

    /// Flushes what waits, and makes the sums of a few finished spans if some are due.
    fn keep_book(&mut self, now: WallMs, flush: bool) -> Result<(), CoreFault> {
        let Some(book) = &mut self.book else { return Ok(()) };
        let spans = self.ticks.is_multiple_of(SPANS_TICKS) && book.has_finished_spans(&self.conn, now)?;
        if !flush && !spans {
            return Ok(());
        }
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if flush {
            book.flush(&tx)?;
        }
        if spans {
            book.finish_spans(&tx, now, SPANS_AT_ONCE)?;
        }
        Ok(tx.commit()?)
    }

    /// A commit that failed may still have been stored, and after a failed fsync the connection cannot be believed:
    /// begin again from the file.
    fn recover(&mut self) {
        self.ledgers.forget();
        self.book = None;
        let Some(path) = &self.path else { return };
        match db::open(path, &SCHEMA) {
            Ok(conn) => {
                self.conn = conn;
                if let Ok(directory) = Directory::load(&self.conn) {
                    self.directory.set(directory);
                }
                self.data_version = data_version(&self.conn).unwrap_or_default();
            }
            Err(fault) => tracing::error!(%fault, "the database cannot be opened again; trying with the next work"),
        }
    }
}

fn data_version(conn: &Connection) -> rusqlite::Result<i64> {
    conn.pragma_query_value(None, "data_version", |r| r.get(0))
}
