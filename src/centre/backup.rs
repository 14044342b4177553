//! Backup and restore: a consistent copy of the database, taken while the centre runs, with the keys beside it.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::cases::evidence;
use super::hall::portrait;
use super::{inspections, keys, schema};
use crate::db::{self, DbFault};

/// Pages copied before the writer may go on.
const STEP_PAGES: i32 = 4_096;

#[derive(Debug, thiserror::Error)]
pub enum BackupFault {
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{0}: is there already; a backup never overwrites")]
    Exists(PathBuf),
    #[error("{0}: the copy does not pass SQLite's check; it is not used")]
    Damaged(PathBuf),
    #[error(transparent)]
    Db(#[from] DbFault),
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// Copies the centre in `data` to the new folder `to`. Returns the pages of the database.
///
/// # Errors
/// [`BackupFault`]; an unfinished copy is left for a person to look at and is not restorable.
pub fn write(data: &Path, to: &Path) -> Result<i32, BackupFault> {
    make_folder(to)?;
    let source = db::open_read_only(&data.join(schema::FILE), &schema::SCHEMA)?;
    let target = to.join(schema::FILE);
    let mut copy = Connection::open(&target)?;
    let pages = {
        let backup = rusqlite::backup::Backup::new(&source, &mut copy)?;
        backup.run_to_completion(STEP_PAGES, std::time::Duration::from_millis(5), None)?;
        backup.progress().pagecount
    };
    check(&copy, &target)?;
    copy.close().map_err(|(_, e)| e)?;
    sync(&target)?;
    copy_private(&data.join(keys::FILE), &to.join(keys::FILE))?;
    copy_pictures(data, to)?;
    Ok(pages)
}

/// Puts the copy in `from` into the folder `data`, which must not hold a database.
///
/// # Errors
/// [`BackupFault`]; nothing was overwritten.
pub fn restore(from: &Path, data: &Path) -> Result<(), BackupFault> {
    let (source, target) = (from.join(schema::FILE), data.join(schema::FILE));
    for name in [schema::FILE, keys::FILE] {
        if data.join(name).exists() {
            return Err(BackupFault::Exists(data.join(name)));
        }
    }
    let conn = db::open_read_only(&source, &schema::SCHEMA)?;
    check(&conn, &source)?;
    drop(conn);
    if !data.exists() {
        make_folder(data)?;
    }
    copy_private(&from.join(keys::FILE), &data.join(keys::FILE))?;
    copy_pictures(from, data)?;
    // The database last, under its name only when whole: a centre is restored or it is not.
    let part = data.join("centre.db.part");
    copy_private(&source, &part)?;
    std::fs::rename(&part, &target).map_err(|source| BackupFault::Io { path: target.clone(), source })?;
    sync(data)
}

fn check(conn: &Connection, path: &Path) -> Result<(), BackupFault> {
    let verdict: String = conn.query_row("PRAGMA quick_check(1)", [], |r| r.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(BackupFault::Damaged(path.to_owned())) }
}

fn make_folder(path: &Path) -> Result<(), BackupFault> {
    let mut folder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::AlreadyExists => BackupFault::Exists(path.to_owned()),
        _ => BackupFault::Io { path: path.to_owned(), source },
    })
}

fn copy_private(from: &Path, to: &Path) -> Result<(), BackupFault> {
    let at = |path: &Path, source| BackupFault::Io { path: path.to_owned(), source };
    let mut source = std::fs::File::open(from).map_err(|e| at(from, e))?;
    let mut options = std::fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut target = options.open(to).map_err(|e| at(to, e))?;
    std::io::copy(&mut source, &mut target).map_err(|e| at(to, e))?;
    target.sync_all().map_err(|e| at(to, e))
}

/// Portraits that were uploaded, pictures of what inspectors found, and the evidence of cases; a centre may have none.
fn copy_pictures(from: &Path, to: &Path) -> Result<(), BackupFault> {
    copy_known(from, to, portrait::FOLDER, portrait::file)?;
    copy_known(from, to, inspections::FOLDER, portrait::file)?;
    copy_known(from, to, evidence::FOLDER, evidence::path)
}

/// The files of a folder that `place` knows the names of.
fn copy_known(
    from: &Path,
    to: &Path,
    folder: &str,
    place: fn(&Path, &str) -> Option<PathBuf>,
) -> Result<(), BackupFault> {
    let (source, target) = (from.join(folder), to.join(folder));
    if !source.is_dir() {
        return Ok(());
    }
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| BackupFault::Io { path, source }
    };
    if !target.is_dir() {
        make_folder(&target)?;
    }
    for entry in std::fs::read_dir(&source).map_err(at(&source))? {
        let name = entry.map_err(at(&source))?.file_name();
        // By content: what is there already is the same, and what is half written has another name.
        let known = name.to_str().and_then(|name| place(&target, name));
        match known.filter(|path| !path.exists()) {
            None => {}
            Some(path) => match copy_private(&source.join(&name), &path) {
                // Erased meanwhile: no card shows it any more.
                Err(BackupFault::Io { source: e, .. }) if e.kind() == std::io::ErrorKind::NotFound => {}
                copied => copied?,
            },
        }
    }
    sync(&target)
}

fn sync(path: &Path) -> Result<(), BackupFault> {
    let synced = std::fs::File::open(path).and_then(|f| f.sync_all());
    synced.map_err(|source| BackupFault::Io { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portraits_are_kept_and_come_back_with_the_rest() {
        let dir = tempfile::tempdir().unwrap();
        let [data, copy, back] = ["data", "copy", "back"].map(|name| dir.path().join(name));
        std::fs::create_dir_all(data.join(portrait::FOLDER)).unwrap();
        drop(db::open(&data.join(schema::FILE), &schema::SCHEMA).unwrap());
        std::fs::write(data.join(keys::FILE), "keys").unwrap();
        let name = format!("{}.jpg", "0a".repeat(16));
        std::fs::write(data.join(portrait::FOLDER).join(&name), "pixels").unwrap();
        std::fs::write(data.join(portrait::FOLDER).join(format!("{name}.00.new")), "half").unwrap();
        let paper = format!("{}.pdf", "0b".repeat(16));
        std::fs::create_dir_all(data.join(evidence::FOLDER)).unwrap();
        std::fs::write(data.join(evidence::FOLDER).join(&paper), "paper").unwrap();
        std::fs::create_dir_all(data.join(inspections::FOLDER)).unwrap();
        std::fs::write(data.join(inspections::FOLDER).join(&name), "found").unwrap();
        write(&data, &copy).unwrap();
        restore(&copy, &back).unwrap();
        let files: Vec<_> = std::fs::read_dir(back.join(portrait::FOLDER)).unwrap().flatten().collect();
        assert_eq!(files.len(), 1);
        assert_eq!(std::fs::read(back.join(portrait::FOLDER).join(&name)).unwrap(), b"pixels");
        assert_eq!(std::fs::read(back.join(evidence::FOLDER).join(&paper)).unwrap(), b"paper");
        assert_eq!(std::fs::read(back.join(inspections::FOLDER).join(&name)).unwrap(), b"found");
    }
}
