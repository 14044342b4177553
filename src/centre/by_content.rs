//! Files that are named by what they hold: portraits, pictures of inspections, evidence.
//!
//! **Invariant:** no name from outside becomes a path; a file is there whole or not at all.

use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Hexadecimal digits of the content's hash in a file's name.
const DIGITS: usize = 32;

/// The name of what these bytes are: `0f3a….png`.
pub fn name(bytes: &[u8], suffix: &str) -> String {
    format!("{}.{suffix}", &blake3::hash(bytes).to_hex()[..DIGITS])
}

/// Writes it into the folder, whole or not at all. What is there under this name already is the same.
///
/// # Errors
/// Those of the file system.
pub fn keep(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let target = folder.join(name);
    if target.exists() {
        return Ok(());
    }
    let mut private = std::fs::DirBuilder::new();
    private.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut private, 0o700);
    private.create(folder)?;
    // Two that write the same at once write apart, and either name will do.
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|e| std::io::Error::other(e.to_string()))?;
    let draft = folder.join(format!("{name}.{:016x}.new", u64::from_le_bytes(random)));
    let written = std::fs::File::create_new(&draft).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&draft, &target)?;
        std::fs::File::open(folder)?.sync_all()
    });
    if written.is_err() {
        // What is left of it is of no use to anybody.
        let _ = std::fs::remove_file(&draft);
    }
    written
}

/// Where a file of one of the suffixes stands; none for names that [`name`] never gives.
pub fn path(folder: &Path, name: &str, suffixes: &[&str]) -> Option<PathBuf> {
    let (digits, suffix) = name.split_once('.')?;
    let plain = digits.len() == DIGITS && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    (plain && suffixes.contains(&suffix)).then(|| folder.join(name))
}
