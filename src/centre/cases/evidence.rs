//! Evidence: pictures and PDFs of a case, under limits of number and bytes, kept by content in the data folder.
//!
//! **Invariants:** of a picture only pixels are kept ([`crate::centre::hall::portrait`]); a PDF is kept as it came and only
//! ever handed out as a download, never shown within a page of ours; no name from outside becomes a path.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, params};

use super::store::CaseFault;
use crate::centre::by_content;
use crate::centre::hall::portrait::{Portrait, PortraitFault};
use crate::domain::text::is_forbidden;
use crate::domain::time::WallMs;

/// The folder within the centre's data.
pub const FOLDER: &str = "evidence";
/// Bytes of a PDF.
pub const MAX_PDF_BYTES: usize = 10 * 1024 * 1024;
/// Bytes of an upload of either kind, with what stands around it.
pub const MAX_UPLOAD_BYTES: usize = 17 * 1024 * 1024;
/// Pieces of one case, and their bytes together.
pub const MAX_PIECES: u64 = 30;
pub const MAX_CASE_BYTES: u64 = 100 * 1024 * 1024;
/// The longer side of a picture that is kept.
const SIDE_PX: u32 = 1_600;
/// Characters of a name.
const NAME_CHARS: usize = 80;
/// A PDF ends with its mark, and little behind it.
const PDF_TAIL_BYTES: usize = 1_024;

/// One piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub id: i64,
    /// Within the folder: `3f…a9.pdf`.
    pub file: String,
    /// What people called it.
    pub name: String,
    pub bytes: u64,
    pub added: WallMs,
}

impl Piece {
    /// Its content type.
    pub fn kind(&self) -> &'static str {
        match self.file.rsplit('.').next() {
            Some("png") => "image/png",
            Some("jpg") => "image/jpeg",
            _ => "application/pdf",
        }
    }

    pub fn is_picture(&self) -> bool {
        self.kind() != "application/pdf"
    }
}

/// An upload that may be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    pub file: String,
    pub bytes: Vec<u8>,
}

/// Why an upload is no evidence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceFault {
    #[error("the PDF has {found} bytes, at most {MAX_PDF_BYTES} are allowed")]
    PdfTooBig { found: usize },
    #[error("the PDF is cut off")]
    PdfDamaged,
    #[error("the picture {0}")]
    Picture(#[from] PortraitFault),
}

impl Prepared {
    /// Judges an upload by its content. Takes up to a second and 400 MB for a picture: run it off the threads that serve,
    /// one at a time.
    ///
    /// # Errors
    /// [`EvidenceFault`].
    pub fn of(upload: &[u8]) -> Result<Self, EvidenceFault> {
        if !upload.starts_with(b"%PDF-") {
            let Portrait { name, bytes, .. } = Portrait::scaled(upload, SIDE_PX)?;
            return Ok(Self { file: name, bytes });
        }
        if upload.len() > MAX_PDF_BYTES {
            return Err(EvidenceFault::PdfTooBig { found: upload.len() });
        }
        let tail = &upload[upload.len().saturating_sub(PDF_TAIL_BYTES)..];
        if !tail.windows(5).any(|w| w == b"%%EOF") {
            return Err(EvidenceFault::PdfDamaged);
        }
        let file = by_content::name(upload, "pdf");
        Ok(Self { file, bytes: upload.to_vec() })
    }

    /// Writes it into the folder, whole or not at all. What is there under this name already is the same.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn keep(&self, folder: &Path) -> std::io::Result<()> {
        by_content::keep(folder, &self.file, &self.bytes)
    }
}

/// Where a piece stands; none for names that this module never gives.
pub fn path(folder: &Path, file: &str) -> Option<PathBuf> {
    by_content::path(folder, file, &["png", "jpg", "pdf"])
}

/// A name as people read it, from what a browser called the file.
pub fn name_of(given: &str, file: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !is_forbidden(*c)).take(NAME_CHARS).collect();
    if plain.trim().is_empty() { file.to_owned() } else { plain }
}

/// The pieces of a case, the first first.
///
/// # Errors
/// Those of the store.
pub fn of_case(conn: &Connection, case: i64) -> rusqlite::Result<Vec<Piece>> {
    let sql = "SELECT id, file, name, bytes, added_ms FROM case_evidence WHERE case_id = ?1 ORDER BY id";
    conn.prepare_cached(sql)?.query_map([case], piece_of)?.collect()
}

/// One piece of a case.
///
/// # Errors
/// Those of the store.
pub fn one(conn: &Connection, case: i64, id: i64) -> rusqlite::Result<Option<Piece>> {
    let sql = "SELECT id, file, name, bytes, added_ms FROM case_evidence WHERE case_id = ?1 AND id = ?2";
    conn.prepare_cached(sql)?.query_row([case, id], piece_of).optional()
}

/// Whether any case holds a file.
///
/// # Errors
/// Those of the store.
pub fn is_held(conn: &Connection, file: &str) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM case_evidence WHERE file = ?1)")?.query_row([file], |r| r.get(0))
}

fn piece_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Piece> {
    Ok(Piece {
        id: row.get(0)?,
        file: row.get(1)?,
        name: row.get(2)?,
        bytes: counted(row.get(3)?),
        added: WallMs(row.get(4)?),
    })
}

/// A count as the store holds it.
fn counted(n: i64) -> u64 {
    u64::try_from(n).unwrap_or_default()
}

/// Adds a piece; its number.
///
/// # Errors
/// [`CaseFault::EvidenceFull`], or those of the store.
pub(super) fn add(
    tx: &Connection,
    case: i64,
    file: &str,
    name: &str,
    bytes: u64,
    now: WallMs,
) -> Result<i64, CaseFault> {
    let (pieces, held) = tx
        .prepare_cached("SELECT count(*), coalesce(sum(bytes), 0) FROM case_evidence WHERE case_id = ?1")?
        .query_row([case], |r| Ok((counted(r.get(0)?), counted(r.get(1)?))))?;
    if pieces >= MAX_PIECES || held.saturating_add(bytes) > MAX_CASE_BYTES {
        return Err(CaseFault::EvidenceFull);
    }
    tx.prepare_cached("INSERT INTO case_evidence (case_id, file, name, bytes, added_ms) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![case, file, name, i64::try_from(bytes).unwrap_or(i64::MAX), now.0])?;
    Ok(tx.last_insert_rowid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pdf_is_judged_by_its_content_and_named_by_it() {
        let whole = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n";
        let prepared = Prepared::of(whole).unwrap();
        assert!(prepared.file.ends_with(".pdf") && prepared.file.len() == 32 + 4);
        assert_eq!(Prepared::of(&whole[..20]), Err(EvidenceFault::PdfDamaged));
        let mut big = whole.to_vec();
        big.resize(MAX_PDF_BYTES + 1, b' ');
        assert_eq!(Prepared::of(&big), Err(EvidenceFault::PdfTooBig { found: MAX_PDF_BYTES + 1 }));
        for other in [&b"<html><script>alert(1)</script>"[..], b"MZ\x90", b"", b" %PDF-1.7 %%EOF"] {
            assert!(matches!(Prepared::of(other), Err(EvidenceFault::Picture(PortraitFault::Form))));
        }
    }

    #[test]
    fn nothing_from_outside_becomes_a_path() {
        let dir = tempfile::tempdir().unwrap();
        let prepared = Prepared::of(b"%PDF-1.4 %%EOF").unwrap();
        prepared.keep(dir.path()).unwrap();
        prepared.keep(dir.path()).unwrap();
        let at = path(dir.path(), &prepared.file).unwrap();
        assert_eq!(std::fs::read(at).unwrap(), prepared.bytes);
        for foreign in ["../centre.key", "a.pdf", "0123456789abcdef0123456789abcdef.html", ""] {
            assert_eq!(path(dir.path(), foreign), None, "{foreign}");
        }
        assert_eq!(name_of("C:\\fake\\现场\u{202E}.jpg", "x.jpg"), "现场.jpg");
        assert_eq!(name_of("\u{7}", "x.jpg"), "x.jpg");
    }
}
