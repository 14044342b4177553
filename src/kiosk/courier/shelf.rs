//! Portraits from the centre: a folder of the device's own, beside the ledger.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::config::rules::is_photo_name;
use crate::domain::board::{Board, StaffCard};
use crate::domain::id::WindowId;
use crate::protocol::MAX_PHOTO_BYTES;

/// Portraits that are kept; the rest of a board's go without.
pub const MAX_PHOTOS: usize = 500;

/// The folder.
#[derive(Debug, Clone)]
pub struct Shelf {
    folder: PathBuf,
}

impl Shelf {
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Takes over portraits of the board that lie in `from` and not here: those of the configuration, before the centre
    /// has sent its own.
    ///
    /// # Errors
    /// The first one that cannot be copied.
    pub fn stock(&self, from: &Path, board: &Board) -> io::Result<()> {
        for name in names(board, None) {
            let file = from.join(&name);
            if !self.folder.join(&name).exists() && file.is_file() {
                self.keep(&name, &read_limited(&file)?)?;
            }
        }
        Ok(())
    }

    /// Portraits of the board that people at `window` may need, each once, in the board's order. They are asked for by
    /// what lies here, so that only those that changed are sent.
    pub fn wanted(&self, board: &Board, window: &WindowId) -> Vec<String> {
        names(board, Some(window))
    }

    /// Sixteen digits of BLAKE3 over the portrait that lies here: its ETag.
    pub fn etag(&self, name: &str) -> Option<String> {
        let bytes = read_limited(&self.folder.join(name)).ok()?;
        Some(blake3::hash(&bytes).to_hex()[..16].to_owned())
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
}

fn names(board: &Board, window: Option<&WindowId>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let here = |s: &&StaffCard| window.is_none_or(|w| s.windows.is_empty() || s.windows.contains(w));
    for name in board.staff.iter().filter(here).filter_map(|s| s.photo.as_ref()) {
        if is_photo_name(name) && !names.contains(name) && names.len() < MAX_PHOTOS {
            names.push(name.clone());
        }
    }
    names
}

fn read_limited(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(file)?.take(MAX_PHOTO_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > MAX_PHOTO_BYTES {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, file.display().to_string()));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portrait_is_kept_under_its_plain_name_only() {
        let dir = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(&dir.path().join("photos"));
        shelf.keep("0027.png", b"x").unwrap();
        assert_eq!(shelf.etag("0027.png").unwrap(), &blake3::hash(b"x").to_hex()[..16]);
        assert_eq!(shelf.etag("0028.png"), None);
        assert_eq!(fs::read_dir(dir.path().join("photos")).unwrap().count(), 1);
        for bad in ["../x.png", "a/b.png", "x.svg"] {
            assert!(shelf.keep(bad, b"x").is_err());
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
