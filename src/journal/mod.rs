//! The ledger's store: appends entries in one durable commit, and keeps beside them what must survive a restart.
//!
//! **Architecture invariants:** no thread and no clock in here, `now` is passed in; no entry is ever updated; nothing is
//! deleted but what a signed receipt covers and the holding time has released. A commit whose outcome is uncertain is
//! settled by reading the head again, never by trying blindly.
//!
//! | file | holds |
//! |---|---|
//! | `mod.rs` | [`Journal`]: attach, append, recover |
//! | `save.rs` | one save: plan, commit, settle |
//! | `outbox.rs` | runs of entries for sync, receipts, pruning |
//! | `state.rs` | enrolment, boards, throttles, tickets |
//! | `image.rs` | copies of the whole, for simulations of restarts and rollbacks |
//! | `place.rs` | the directory: lock, device key, what happens to a damaged file |
//! | `salvage.rs` | what can be taken over from a damaged file |
//! | `evidence.rs` | the file read and verified as evidence |
//! | `clock.rs` | the graded wall clock |

pub mod clock;
pub mod evidence;
mod fault;
pub mod image;
pub mod outbox;
pub mod place;
mod salvage;
mod save;
pub mod schema;
pub mod state;

use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension};

use self::clock::Clock;
pub use self::fault::JournalFault;
use crate::db::{self, DbFault};
use crate::domain::id::{KioskId, WindowId};
use crate::domain::time::{ClockGrade, Now, WallMs};
use crate::ledger::chain::{Signed, Tip, link, signature_holds};
use crate::ledger::entry::{Body, Entry, Genesis, Head};
use crate::ledger::keys::{DeviceKey, Hash, Signature};
use crate::ledger::standing::Standing;

/// Bodies of one save.
pub const MAX_SAVE_BODIES: usize = 64;
/// Entries at the end that are checked when the ledger is opened.
const CHECKED_TAIL: usize = 64;
/// A receipt is noted in the chain at most this often.
const RECEIPT_NOTE_MS: u64 = 3_600_000;
const STANDING: &str = "standing";

/// What the genesis of a ledger says of its place, and each boot of its program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub kiosk: KioskId,
    pub window: WindowId,
    pub version: String,
}

/// The ledger of one device over one SQLite connection. All methods block; give it to one thread.
#[derive(Debug)]
pub struct Journal {
    /// None only between a failed reopening and the next try.
    conn: Option<Connection>,
    /// None: in memory.
    path: Option<PathBuf>,
    key: Arc<DeviceKey>,
    tip: Tip,
    boot: u32,
    standing: Standing,
    clock: Clock,
    /// A commit failed and the head has not been read since.
    doubtful: bool,
    /// A receipt to be noted in the chain with the next save.
    receipt_to_note: Option<Head>,
    receipt_noted_ms: Option<u64>,
    anchored_ms: Option<u64>,
    /// Keeps a second process off the directory.
    place: Option<place::Place>,
    #[cfg(test)]
    fault: Option<save::CommitFault>,
}

impl Journal {
    /// A ledger in memory, for tests and simulations; its first entries are the genesis and the boot.
    ///
    /// # Errors
    /// [`JournalFault`] when SQLite itself fails.
    pub fn open_in_memory(key: DeviceKey, identity: &Identity, now: Now) -> Result<Self, JournalFault> {
        let conn = db::open_in_memory(&schema::SCHEMA)?;
        Self::attach(conn, None, Arc::new(key), identity, None, now)
    }

    /// Takes a migrated connection. `known` is a head that this device is known to have reached: an empty ledger, or one
    /// that does not contain it, begins a new epoch that quotes it. Every start adds a boot.
    ///
    /// # Errors
    /// [`JournalFault::Damaged`] when the end does not verify, [`JournalFault::OtherDevice`] when the key is another;
    /// the file is as it was.
    pub fn attach(
        conn: Connection,
        path: Option<PathBuf>,
        key: Arc<DeviceKey>,
        identity: &Identity,
        known: Option<Head>,
        now: Now,
    ) -> Result<Self, JournalFault> {
        let known = known.filter(|k| k.device == key.device());
        let epoch = known.map_or(1, |h| h.epoch.saturating_add(1));
        let mut journal = Self {
            conn: Some(conn),
            path,
            tip: Tip::start(key.device(), epoch),
            key,
            boot: 1,
            standing: Standing::default(),
            clock: Clock::new(WallMs(0)),
            doubtful: false,
            receipt_to_note: None,
            receipt_noted_ms: None,
            anchored_ms: None,
            place: None,
            #[cfg(test)]
            fault: None,
        };
        match (journal.load()?, known) {
            (Some(last), Some(known)) if !journal.contains(&known)? => {
                journal.boot = last.boot.saturating_add(1);
                journal.renew(identity, known, now)?;
            }
            (Some(last), _) => journal.boot = last.boot.saturating_add(1),
            (None, known) => journal.begin(identity, known, now)?,
        }
        journal.append(vec![Body::Boot { version: identity.version.clone() }], now)?;
        Ok(journal)
    }

    /// Begins a new epoch of this device in the same file, after its ledger turned out to be older than one that is known
    /// to have existed. Earlier entries stay and are still sent.
    ///
    /// # Errors
    /// [`JournalFault`].
    pub fn renew(&mut self, identity: &Identity, follows: Head, now: Now) -> Result<(), JournalFault> {
        let epoch = follows.epoch.max(self.tip.epoch).saturating_add(1);
        self.tip = Tip::start(self.key.device(), epoch);
        self.standing = Standing::default();
        self.begin(identity, Some(follows), now)
    }

    /// Appends the bodies in order, in one durable commit, and returns their entries.
    /// [`crate::ledger::entry::NEW_VISIT`] in a body becomes the `seq` of the visit that is open at that point.
    ///
    /// # Errors
    /// [`JournalFault`] says whether something may have been stored.
    pub fn append(&mut self, bodies: Vec<Body>, now: Now) -> Result<Vec<Signed>, JournalFault> {
        self.append_with_words(bodies, Vec::new(), now)
    }

    /// As [`Self::append`]; `words` are sealed texts with the index of the body that holds their commitment.
    ///
    /// # Errors
    /// [`JournalFault`] says whether something may have been stored.
    pub fn append_with_words(
        &mut self,
        bodies: Vec<Body>,
        words: Vec<(usize, Vec<u8>)>,
        now: Now,
    ) -> Result<Vec<Signed>, JournalFault> {
        self.write(bodies, words, Vec::new(), now)
    }

    /// The last entry's place.
    pub fn head(&self) -> Head {
        self.tip.head()
    }

    /// The open visit and the duty, as the last commit left them.
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    pub fn boot(&self) -> u32 {
        self.boot
    }

    pub fn key(&self) -> Arc<DeviceKey> {
        Arc::clone(&self.key)
    }

    /// The best wall time for `now`, and its grade.
    pub fn wall(&self, now: Now) -> (WallMs, ClockGrade) {
        self.clock.read(now)
    }

    /// Reads the head again after a failure, over a fresh connection where there is a file, and makes sure that what is
    /// read is also on the disk.
    ///
    /// # Errors
    /// [`JournalFault::Uncertain`] while the file cannot be read or written.
    pub fn recover(&mut self) -> Result<(), JournalFault> {
        self.doubtful = true;
        if let Some(path) = &self.path {
            // The old connection first: after a failed fsync neither it nor its cache can be believed.
            self.conn = None;
            let conn = match db::open(path, &schema::SCHEMA) {
                Ok(conn) => conn,
                Err(DbFault::Sqlite { source, .. }) => return Err(JournalFault::Uncertain(source)),
                Err(other) => return Err(other.into()),
            };
            // What the log shows may be in the page cache only: writing it into the file forces it down or fails.
            let busy: i64 =
                conn.query_row("PRAGMA wal_checkpoint(FULL)", [], |r| r.get(0)).map_err(JournalFault::Uncertain)?;
            if busy != 0 {
                return Err(JournalFault::Uncertain(busy_error()));
            }
            self.conn = Some(conn);
        }
        self.load()?;
        self.doubtful = false;
        Ok(())
    }

    /// True unless this ledger lacks the place or holds another hash there.
    fn contains(&self, known: &Head) -> Result<bool, JournalFault> {
        if (known.epoch, known.seq) > (self.tip.epoch, self.tip.seq) {
            return Ok(false);
        }
        let own = outbox::hash_at(self.conn()?, known.device, known.epoch, known.seq)?;
        Ok(own.is_none_or(|own| own == known.hash))
    }

    /// Reads the head again if a commit failed and nobody has looked since.
    ///
    /// # Errors
    /// As [`Self::recover`].
    pub fn settle(&mut self) -> Result<(), JournalFault> {
        if self.doubtful { self.recover() } else { Ok(()) }
    }

    fn begin(&mut self, identity: &Identity, follows: Option<Head>, now: Now) -> Result<(), JournalFault> {
        let genesis = Body::Genesis(Genesis {
            device: self.tip.device,
            epoch: self.tip.epoch,
            public_key: self.key.public(),
            kiosk: identity.kiosk.clone(),
            window: identity.window.clone(),
            follows,
        });
        self.receipt_to_note = None;
        self.append(vec![genesis], now).map(drop)
    }

    /// Reads head, standing and clock from the store; none for an empty one.
    fn load(&mut self) -> Result<Option<Entry>, JournalFault> {
        let device = self.key.device();
        let public_key = self.key.public();
        let conn = self.conn()?;
        let tail = tail(conn)?;
        let Some((epoch, last)) = tail.last().map(|(epoch, signed)| (*epoch, signed.clone())) else { return Ok(None) };
        let owner: [u8; 32] = conn.query_row("SELECT public_key FROM epoch WHERE epoch = ?1", [epoch], |r| r.get(0))?;
        if owner != public_key.0 {
            return Err(JournalFault::OtherDevice);
        }
        for pair in tail.windows(2) {
            let [(before_epoch, before), (epoch, entry)] = pair else { continue };
            if before_epoch == epoch && (entry.seq != before.seq + 1 || link(&before.hash, &entry.bytes) != entry.hash)
            {
                return Err(JournalFault::Damaged(format!("entry {} does not follow", entry.seq)));
            }
        }
        if !signature_holds(&public_key, &last.hash, &last.signature) {
            return Err(JournalFault::Damaged(format!("the signature of entry {} does not hold", last.seq)));
        }
        let entries: Vec<Entry> = tail.iter().map(|(_, s)| Entry::from_bytes(&s.bytes)).collect::<Result<_, _>>()?;
        let known = entries.iter().rev().find(|e| e.clock != ClockGrade::C).map_or(0, |e| e.wall_ms);
        let standing = match read_state(conn, STANDING)? {
            Some(text) => from_json(&text)?,
            None => Standing::default(),
        };
        self.clock.carried(WallMs(known), ClockGrade::B);
        self.tip = Tip { device, epoch, seq: last.seq, hash: last.hash };
        self.standing = standing;
        Ok(entries.last().cloned())
    }

    fn conn(&self) -> Result<&Connection, JournalFault> {
        self.conn.as_ref().ok_or_else(|| JournalFault::Uncertain(busy_error()))
    }

    fn conn_mut(&mut self) -> Result<&mut Connection, JournalFault> {
        self.conn.as_mut().ok_or_else(|| JournalFault::Uncertain(busy_error()))
    }
}

/// The last entries in order, with their epochs.
fn tail(conn: &Connection) -> Result<Vec<(u32, Signed)>, rusqlite::Error> {
    let mut statement = conn.prepare_cached(
        "SELECT epoch, seq, bytes, hash, signature FROM entry ORDER BY epoch DESC, seq DESC LIMIT ?1",
    )?;
    let rows = statement.query_map([CHECKED_TAIL as i64], |r| {
        let signed = Signed {
            seq: r.get::<_, i64>(1)? as u64,
            bytes: r.get(2)?,
            hash: Hash(r.get(3)?),
            signature: Signature(r.get(4)?),
        };
        Ok((r.get(0)?, signed))
    })?;
    let mut tail: Vec<_> = rows.collect::<Result<_, _>>()?;
    tail.reverse();
    Ok(tail)
}

fn read_state(conn: &Connection, name: &str) -> Result<Option<String>, rusqlite::Error> {
    conn.prepare_cached("SELECT value FROM state WHERE name = ?1")?.query_row([name], |r| r.get(0)).optional()
}

fn to_json<T: serde::Serialize>(value: &T) -> Result<String, JournalFault> {
    serde_json::to_string(value).map_err(|e| JournalFault::Damaged(e.to_string()))
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, JournalFault> {
    serde_json::from_str(text).map_err(|e| JournalFault::Damaged(e.to_string()))
}

fn busy_error() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY), None)
}

#[cfg(test)]
mod tests;
