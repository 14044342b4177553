//! The centre's own keys: one signs receipts, one opens sealed words. Made once, kept in a file only its owner may read.

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension as _};

use crate::ledger::keys::{DeviceKey, PublicKey, SealKey};
use crate::ledger::seal::{OpenKey, SealFault};

/// Which keys a database belongs to.
pub const SCHEMA: &str = "
CREATE TABLE centre_identity (
  id INTEGER PRIMARY KEY,
  public_key BLOB NOT NULL,
  CONSTRAINT one_identity CHECK (id = 1)
) STRICT;
";

pub const FILE: &str = "centre.keys";
const TITLE: &str = "pingyi centre keys v1";

#[derive(Debug, thiserror::Error)]
pub enum KeysFault {
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{0}: this is no key file of a centre; restore it from the backup, do not delete it")]
    Damaged(PathBuf),
    #[error("{0}: readable by others; run chmod 600 on it")]
    Exposed(PathBuf),
    #[error(
        "{0}: the database in this folder belongs to other keys, or its key file is missing; restore {FILE} from the backup"
    )]
    Other(PathBuf),
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error("no randomness from the operating system: {0}")]
    Random(getrandom::Error),
}

/// Signs receipts and opens sealed words.
#[derive(Debug)]
pub struct CentreKeys {
    pub signing: DeviceKey,
    pub opening: OpenKey,
}

impl CentreKeys {
    /// For tests and simulations.
    ///
    /// # Errors
    /// [`SealFault::Key`] if the seed gives no key.
    pub fn from_seed(seed: [u8; 32]) -> Result<Self, SealFault> {
        let part = |name: &str| blake3::derive_key(name, &seed);
        Ok(Self {
            signing: DeviceKey::from_secret(&part("pingyi centre signing")),
            opening: OpenKey::from_secret(&part("pingyi centre opening"))?,
        })
    }

    pub fn public(&self) -> PublicKey {
        self.signing.public()
    }

    pub fn seal_key(&self) -> SealKey {
        self.opening.public()
    }

    /// Reads `centre.keys` in `dir`.
    ///
    /// # Errors
    /// [`KeysFault`]; `Io` with `NotFound` when there is none.
    pub fn read(dir: &Path) -> Result<Self, KeysFault> {
        let path = dir.join(FILE);
        check_mode(&path)?;
        let text = std::fs::read_to_string(&path).map_err(|source| KeysFault::Io { path: path.clone(), source })?;
        parse(&text).ok_or(KeysFault::Damaged(path))
    }

    /// The keys that belong to the database; made together with it. Kiosks know the centre by its key, so a database is
    /// never given another one.
    ///
    /// # Errors
    /// [`KeysFault`].
    pub fn of_database(dir: &Path, conn: &Connection) -> Result<Self, KeysFault> {
        let bound: Option<[u8; 32]> =
            conn.query_row("SELECT public_key FROM centre_identity WHERE id = 1", [], |r| r.get(0)).optional()?;
        let Some(bound) = bound else {
            let keys = Self::read_or_make(dir)?;
            conn.execute("INSERT INTO centre_identity (id, public_key) VALUES (1, ?1)", [keys.public().0])?;
            return Ok(keys);
        };
        match Self::read(dir) {
            Ok(keys) if keys.public().0 == bound => Ok(keys),
            Err(KeysFault::Io { source, .. }) if source.kind() == ErrorKind::NotFound => {
                Err(KeysFault::Other(dir.to_owned()))
            }
            Ok(_) => Err(KeysFault::Other(dir.to_owned())),
            Err(fault) => Err(fault),
        }
    }

    /// Reads the keys, or makes them where there are none yet. An existing file is never replaced.
    ///
    /// # Errors
    /// [`KeysFault`].
    pub fn read_or_make(dir: &Path) -> Result<Self, KeysFault> {
        match Self::read(dir) {
            Err(KeysFault::Io { source, .. }) if source.kind() == ErrorKind::NotFound => {}
            other => return other,
        }
        let path = dir.join(FILE);
        let (mut signing, mut opening) = ([0; 32], [0; 32]);
        getrandom::fill(&mut signing).map_err(KeysFault::Random)?;
        getrandom::fill(&mut opening).map_err(KeysFault::Random)?;
        let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
        let text = format!("{TITLE}\nsigning {}\nopening {}\n", hex(&signing), hex(&opening));
        write_new(&path, text.as_bytes()).map_err(|source| KeysFault::Io { path, source })?;
        Self::read(dir)
    }
}

fn parse(text: &str) -> Option<CentreKeys> {
    let mut lines = text.lines();
    if lines.next() != Some(TITLE) {
        return None;
    }
    let mut key = |name: &str| -> Option<[u8; 32]> {
        let hex = lines.next()?.strip_prefix(name)?.strip_prefix(' ')?;
        data_encoding::HEXLOWER.decode(hex.as_bytes()).ok()?.try_into().ok()
    };
    Some(CentreKeys {
        signing: DeviceKey::from_secret(&key("signing")?),
        opening: OpenKey::from_secret(&key("opening")?).ok()?,
    })
}

fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    // Whole or not at all: a half-written key file would lock the centre out of its own words.
    let part = path.with_extension("keys.part");
    let _ = std::fs::remove_file(&part);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::hard_link(&part, path)?;
    std::fs::remove_file(&part)?;
    match path.parent() {
        Some(dir) => std::fs::File::open(dir)?.sync_all(),
        None => Ok(()),
    }
}

#[cfg(unix)]
fn check_mode(path: &Path) -> Result<(), KeysFault> {
    use std::os::unix::fs::PermissionsExt as _;
    match std::fs::metadata(path) {
        Ok(meta) if meta.permissions().mode() & 0o077 != 0 => Err(KeysFault::Exposed(path.to_owned())),
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn check_mode(_path: &Path) -> Result<(), KeysFault> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once_and_stay_private() {
        let dir = tempfile::tempdir().unwrap();
        let made = CentreKeys::read_or_make(dir.path()).unwrap();
        let again = CentreKeys::read_or_make(dir.path()).unwrap();
        assert_eq!((made.public(), made.seal_key()), (again.public(), again.seal_key()));
        let path = dir.path().join(FILE);
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(CentreKeys::read(dir.path()), Err(KeysFault::Exposed(_))));
    }

    #[test]
    fn a_database_is_never_given_other_keys() {
        let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(SCHEMA).unwrap();
        let keys = CentreKeys::of_database(dir.path(), &conn).unwrap();
        assert_eq!(CentreKeys::of_database(dir.path(), &conn).unwrap().public(), keys.public());
        assert!(matches!(CentreKeys::of_database(other.path(), &conn), Err(KeysFault::Other(_))));
        assert!(!other.path().join(FILE).exists(), "and none are made beside it");
        CentreKeys::read_or_make(other.path()).unwrap();
        assert!(matches!(CentreKeys::of_database(other.path(), &conn), Err(KeysFault::Other(_))));
    }

    #[test]
    fn a_damaged_file_is_reported_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        CentreKeys::read_or_make(dir.path()).unwrap();
        let path = dir.path().join(FILE);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, &text[..40]).unwrap();
        assert!(matches!(CentreKeys::read_or_make(dir.path()), Err(KeysFault::Damaged(_))));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text[..40]);
    }
}
