//! Portraits from the centre: a folder of the device's own, beside the ledger.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::config::rules::is_photo_name;
use crate::domain::board::Board;

/// Portraits that are kept; the rest of a board's go without.
pub const MAX_PHOTOS: usize = 500;

/// The folder, and others that are looked into first but never written.
#[derive(Debug, Clone)]
pub struct Shelf {
    folder: PathBuf,
    also: Vec<PathBuf>,
}

impl Shelf {
    /// Portraits that are in one of `also` already are not fetched.
    pub fn new(folder: &Path, also: &[PathBuf]) -> Self {
        Self { folder: folder.to_owned(), also: also.to_vec() }
    }

    /// Names on the board that are on no folder, each once, in the board's order.
    pub fn missing(&self, board: &Board) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in board.staff.iter().filter_map(|s| s.photo.as_ref()) {
            let wanted = is_photo_name(name) && !self.has(name) && !names.contains(name);
            if wanted && names.len() < MAX_PHOTOS {
                names.push(name.clone());
            }
        }
        names
    }

    /// Keeps a portrait, whole or not at all.
    ///
    /// # Errors
    /// When the folder or file cannot be written, or the name is none.
    pub fn keep(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        if !is_photo_name(name) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not the name of a portrait"));
        }
        fs::create_dir_all(&self.folder)?;
        let temporary = self.folder.join(format!(".{name}.new"));
        let mut file = File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, self.folder.join(name))
    }

    fn has(&self, name: &str) -> bool {
        self.also.iter().chain([&self.folder]).any(|folder| folder.join(name).is_file())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portrait_is_kept_under_its_plain_name_only() {
        let dir = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(&dir.path().join("photos"), &[]);
        shelf.keep("0027.png", b"x").unwrap();
        assert!(shelf.has("0027.png"));
        assert_eq!(fs::read_dir(dir.path().join("photos")).unwrap().count(), 1);
        for bad in ["../x.png", "a/b.png", "x.svg"] {
            assert!(shelf.keep(bad, b"x").is_err());
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
