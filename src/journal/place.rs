//! The directory of a kiosk's ledger: one process at a time, the device key, the mark of the last known head, and what is
//! done with a file that is damaged or belongs to another key: set aside, salvaged, reported, never deleted.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::salvage::{self, Salvaged};
use super::{Identity, Journal, JournalFault, schema};
use crate::db;
use crate::domain::time::{Now, WallMs};
use crate::ledger::entry::Head;
use crate::ledger::keys::DeviceKey;

pub const LEDGER_FILE: &str = "ledger.db";
const KEY_FILE: &str = "device.key";
const LOCK_FILE: &str = "ledger.lock";
const MARK_FILE: &str = "ledger.mark";

/// A locked directory; the lock ends with it.
#[derive(Debug)]
pub struct Place {
    dir: PathBuf,
    _lock: File,
}

/// What an operator should know of the opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// The ledger's file was set aside for a reason; so much of it could be taken over.
    SetAside { path: PathBuf, reason: String, salvaged: Salvaged },
    /// The device key was no key; the kiosk is another device now and must be enrolled again.
    KeySetAside { path: PathBuf },
    /// A new epoch was begun, because a later head than the file's is known to have existed, or the file was lost.
    NewEpoch { epoch: u32, follows: Head },
}

#[derive(Debug, thiserror::Error)]
pub enum PlaceFault {
    #[error("{dir} is in use by another pingyi; close it first, nothing was changed")]
    InUse { dir: PathBuf },
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: io::Error },
    #[error("no random bytes for the device key: {0}")]
    Random(String),
    #[error("{path}: {source}")]
    Journal { path: PathBuf, source: JournalFault },
}

/// An opened ledger and what happened on the way.
#[derive(Debug)]
pub struct Opened {
    pub journal: Journal,
    pub notes: Vec<Note>,
}

impl Journal {
    /// Opens or makes the ledger in `dir`: `ledger.db`, `device.key`, and small files beside them.
    ///
    /// # Errors
    /// [`PlaceFault`]; what was there stays as it was.
    pub fn open(dir: &Path, identity: &Identity, now: Now) -> Result<Opened, PlaceFault> {
        let place = Place::lock(dir)?;
        let mut notes = Vec::new();
        let key = Arc::new(place.device_key(now.wall, &mut notes)?);
        let mark = read_mark(&place.dir).filter(|m| m.device == key.device());
        let path = dir.join(LEDGER_FILE);
        let at = |source| PlaceFault::Journal { path: path.clone(), source };
        let was_there = path.exists();
        let attach = |known| {
            let conn = db::open(&path, &schema::SCHEMA)?;
            Journal::attach(conn, Some(path.clone()), Arc::clone(&key), identity, known, now)
        };
        let mut journal = match attach(mark) {
            Ok(journal) => journal,
            Err(fault) if was_there && (fault.is_damage() || matches!(fault, JournalFault::OtherDevice)) => {
                let aside = place.set_aside(LEDGER_FILE, now.wall)?;
                let old = salvage::Old::read(&aside, &key);
                let mut journal = attach(salvage::later(mark, old.head)).map_err(at)?;
                let salvaged = old.take_over(&mut journal).map_err(at)?;
                notes.push(Note::SetAside { path: aside, reason: fault.to_string(), salvaged });
                journal
            }
            Err(fault) => return Err(at(fault)),
        };
        let began = |journal: &Journal| (journal.head().seq <= 2).then_some(journal.head().epoch);
        if let (Some(follows), Some(epoch)) = (mark, began(&journal)) {
            notes.push(Note::NewEpoch { epoch, follows });
        }
        journal.place = Some(place);
        journal.mark();
        Ok(Opened { journal, notes })
    }

    /// Writes the present head beside the ledger, so that a lost or older file is noticed. Not being able to is no
    /// failure of the ledger.
    pub fn mark(&self) {
        if let Some(place) = &self.place
            && let Err(fault) = place.write_mark(&self.head())
        {
            tracing::warn!(%fault, "the mark of the ledger's head was not written");
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        if !self.doubtful {
            self.mark();
        }
    }
}

/// The device key in `dir`, if there is one; for programs beside the kiosk that sign as the device.
pub fn read_device_key(dir: &Path) -> io::Result<Option<DeviceKey>> {
    match fs::read(dir.join(KEY_FILE)) {
        Ok(bytes) => Ok(<[u8; 32]>::try_from(bytes).ok().map(|secret| DeviceKey::from_secret(&secret))),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e),
    }
}

/// The head that the ledger in `dir` is known to have reached.
pub fn read_mark(dir: &Path) -> Option<Head> {
    let bytes = fs::read(dir.join(MARK_FILE)).ok()?;
    Some(serde_json::from_slice::<Mark>(&bytes).ok()?.head)
}

#[derive(Serialize, Deserialize)]
struct Mark {
    head: Head,
}

impl Place {
    fn lock(dir: &Path) -> Result<Self, PlaceFault> {
        let io_at = |path: &Path| {
            let path = path.to_owned();
            move |source| PlaceFault::Io { path, source }
        };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(io_at(dir))?;
        let path = dir.join(LOCK_FILE);
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path)
            .map_err(io_at(&path))?;
        match db::lock::acquire(&lock) {
            Ok(()) => Ok(Self { dir: dir.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(PlaceFault::InUse { dir: dir.to_owned() }),
            Err(TryLockError::Error(source)) => Err(PlaceFault::Io { path, source }),
        }
    }

    fn device_key(&self, wall: WallMs, notes: &mut Vec<Note>) -> Result<DeviceKey, PlaceFault> {
        let path = self.dir.join(KEY_FILE);
        let at = |source| PlaceFault::Io { path: path.clone(), source };
        if let Some(key) = read_device_key(&self.dir).map_err(at)? {
            return Ok(key);
        }
        if path.exists() {
            notes.push(Note::KeySetAside { path: self.set_aside(KEY_FILE, wall)? });
        }
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(|e| PlaceFault::Random(e.to_string()))?;
        self.replace(KEY_FILE, &secret).map_err(at)?;
        Ok(DeviceKey::from_secret(&secret))
    }

    fn write_mark(&self, head: &Head) -> io::Result<()> {
        let text = serde_json::to_vec(&Mark { head: *head })?;
        self.replace(MARK_FILE, &text)
    }

    /// Writes a file whole or not at all.
    fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let temporary = self.dir.join(format!("{name}.new"));
        let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, self.dir.join(name))?;
        File::open(&self.dir)?.sync_all()
    }

    /// Renames a file, and SQLite's files beside it, to a name with the date; never onto another.
    fn set_aside(&self, name: &str, wall: WallMs) -> Result<PathBuf, PlaceFault> {
        let stamp = jiff::Timestamp::from_millisecond(wall.0)
            .map_or_else(|_| wall.0.to_string(), |t| t.strftime("%Y%m%dT%H%M%SZ").to_string());
        let free = (0..1_000).map(|n| self.dir.join(format!("{name}.aside-{stamp}-{n}"))).find(|p| !p.exists());
        let aside = free.unwrap_or_else(|| self.dir.join(format!("{name}.aside-{stamp}-last")));
        for suffix in ["", "-wal", "-shm"] {
            let from = self.dir.join(format!("{name}{suffix}"));
            let mut to = aside.clone().into_os_string();
            to.push(suffix);
            match fs::rename(&from, &to) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(PlaceFault::Io { path: from, source });
                }
                _ => {}
            }
        }
        Ok(aside)
    }
}
