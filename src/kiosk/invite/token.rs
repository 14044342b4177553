//! The token in its file: made once, readable by its owner only.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Characters of a token that people make themselves.
const CHARS: std::ops::RangeInclusive<usize> = 16..=128;
const RANDOM_BYTES: usize = 20;

#[derive(Debug, thiserror::Error)]
pub enum TokenFault {
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: io::Error },
    #[error("{0}: a token has 16 to 128 printable characters without spaces; delete the file to have one made")]
    Form(PathBuf),
    #[error("no random bytes for a token: {0}")]
    Random(String),
}

/// The token in the file; a missing file is made with a fresh one.
pub fn read_or_make(path: &Path) -> Result<String, TokenFault> {
    match read(path) {
        Err(TokenFault::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => make(path),
        token => token,
    }
}

pub fn read(path: &Path) -> Result<String, TokenFault> {
    let at = |source| TokenFault::Io { path: path.to_owned(), source };
    let mut text = String::new();
    File::open(path).map_err(at)?.take(1_024).read_to_string(&mut text).map_err(at)?;
    let token = text.trim();
    let plain = CHARS.contains(&token.len()) && token.bytes().all(|b| b.is_ascii_graphic());
    if plain { Ok(token.to_owned()) } else { Err(TokenFault::Form(path.to_owned())) }
}

fn make(path: &Path) -> Result<String, TokenFault> {
    let mut random = [0; RANDOM_BYTES];
    getrandom::fill(&mut random).map_err(|e| TokenFault::Random(e.to_string()))?;
    let token = data_encoding::BASE32_NOPAD.encode(&random).to_lowercase();
    let at = |source| TokenFault::Io { path: path.to_owned(), source };
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(at)?;
    writeln!(file, "{token}").and_then(|()| file.sync_all()).map_err(at)?;
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_token_is_made_once_and_only_its_owner_may_read_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token");
        let token = read_or_make(&path).unwrap();
        assert_eq!(read_or_make(&path).unwrap(), token);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_ne!(read_or_make(&dir.path().join("other")).unwrap(), token);
        for bad in ["", "short", &"x".repeat(200), "with a space in it, and long"] {
            std::fs::write(&path, bad).unwrap();
            assert!(matches!(read_or_make(&path), Err(TokenFault::Form(_))), "{bad}");
        }
    }
}
