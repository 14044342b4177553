//! Opening a SQLite file the one way both programs do it: durable, migrated in one transaction, newer schemas refused.

pub mod lock;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

/// Which file this is and how its schema grew: `steps[n]` leads from version `n` to `n + 1`.
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    /// SQLite's `application_id`, so that one program's file is not taken for another's.
    pub application_id: i32,
    pub steps: &'static [&'static str],
}

/// Why a database was not opened.
#[derive(Debug, thiserror::Error)]
pub enum DbFault {
    #[error(
        "{path}: schema version {found} is newer than this program's {known}; use the newer program, the file is untouched"
    )]
    Newer { path: PathBuf, found: i64, known: usize },
    #[error("{path}: this is another program's database; the file is untouched")]
    Foreign { path: PathBuf },
    #[error("{path}: {source}")]
    Sqlite { path: PathBuf, source: rusqlite::Error },
}

/// Opens or makes the file with write-ahead log, `synchronous=FULL` and a five-second busy time, and migrates it.
///
/// # Errors
/// [`DbFault`]; the file is as it was.
pub fn open(path: &Path, schema: &Schema) -> Result<Connection, DbFault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let at = |source| DbFault::Sqlite { path: path.to_owned(), source };
    let mut conn = Connection::open_with_flags(path, flags).map_err(at)?;
    prepare(&conn).map_err(at)?;
    conn.pragma_update(None, "journal_mode", "WAL").map_err(at)?;
    conn.pragma_update(None, "synchronous", "FULL").map_err(at)?;
    migrate(&mut conn, path, schema)?;
    Ok(conn)
}

/// Opens an existing file for reading only.
///
/// # Errors
/// [`DbFault`], also when the file is not there or its schema is newer.
pub fn open_read_only(path: &Path, schema: &Schema) -> Result<Connection, DbFault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let at = |source| DbFault::Sqlite { path: path.to_owned(), source };
    let conn = Connection::open_with_flags(path, flags).map_err(at)?;
    prepare(&conn).map_err(at)?;
    check_identity(&conn, path, schema)?;
    Ok(conn)
}

/// A database in memory with the same schema, for tests and simulations.
///
/// # Errors
/// [`DbFault`] when the schema itself is wrong.
pub fn open_in_memory(schema: &Schema) -> Result<Connection, DbFault> {
    let path = Path::new(":memory:");
    let at = |source| DbFault::Sqlite { path: path.to_owned(), source };
    let mut conn = Connection::open_in_memory().map_err(at)?;
    prepare(&conn).map_err(at)?;
    migrate(&mut conn, path, schema)?;
    Ok(conn)
}

fn prepare(conn: &Connection) -> rusqlite::Result<()> {
    conn.busy_timeout(Duration::from_secs(5))?;
    conn.set_prepared_statement_cache_capacity(128);
    // A file from elsewhere may not run code of its own.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    // Without it SQLite plans a statement anew for each bound value beside a partial index.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "cell_size_check", true)
}

fn check_identity(conn: &Connection, path: &Path, schema: &Schema) -> Result<i64, DbFault> {
    let at = |source| DbFault::Sqlite { path: path.to_owned(), source };
    let id: i32 = conn.pragma_query_value(None, "application_id", |r| r.get(0)).map_err(at)?;
    let version: i64 = conn.pragma_query_value(None, "user_version", |r| r.get(0)).map_err(at)?;
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0)).map_err(at)?;
    let fresh = tables == 0 && version == 0 && id == 0;
    if !fresh && id != schema.application_id {
        return Err(DbFault::Foreign { path: path.to_owned() });
    }
    if usize::try_from(version).is_ok_and(|v| v <= schema.steps.len()) {
        Ok(version)
    } else {
        Err(DbFault::Newer { path: path.to_owned(), found: version, known: schema.steps.len() })
    }
}

fn migrate(conn: &mut Connection, path: &Path, schema: &Schema) -> Result<(), DbFault> {
    let at = |source| DbFault::Sqlite { path: path.to_owned(), source };
    check_identity(conn, path, schema)?;
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(at)?;
    // Read again under the lock: another process may have migrated meanwhile.
    let version = check_identity(&tx, path, schema)?;
    let done = usize::try_from(version).unwrap_or(0);
    for step in &schema.steps[done..] {
        tx.execute_batch(step).map_err(at)?;
    }
    if done < schema.steps.len() {
        tx.pragma_update(None, "application_id", schema.application_id).map_err(at)?;
        tx.pragma_update(None, "user_version", schema.steps.len() as i64).map_err(at)?;
    }
    tx.commit().map_err(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: Schema = Schema { application_id: 77, steps: &["CREATE TABLE a (x INTEGER)"] };
    const NEW: Schema =
        Schema { application_id: 77, steps: &["CREATE TABLE a (x INTEGER)", "ALTER TABLE a ADD COLUMN y TEXT"] };
    const BROKEN: Schema =
        Schema { application_id: 77, steps: &["CREATE TABLE a (x INTEGER)", "CREATE TABLE b (y); CREATE TABLE a (z)"] };
    const OTHER: Schema = Schema { application_id: 78, steps: &[] };

    #[test]
    fn a_file_grows_with_the_program_and_refuses_to_shrink() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.db");
        open(&path, &OLD).unwrap().execute("INSERT INTO a VALUES (1)", []).unwrap();
        open(&path, &NEW).unwrap().execute("UPDATE a SET y = 'kept' WHERE x = 1", []).unwrap();
        assert!(matches!(open(&path, &OLD), Err(DbFault::Newer { found: 2, known: 1, .. })));
        assert!(matches!(open(&path, &OTHER), Err(DbFault::Foreign { .. })));
        let y: String = open_read_only(&path, &NEW).unwrap().query_row("SELECT y FROM a", [], |r| r.get(0)).unwrap();
        assert_eq!(y, "kept");
    }

    #[test]
    fn a_failed_migration_leaves_the_file_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.db");
        drop(open(&path, &OLD).unwrap());
        assert!(matches!(open(&path, &BROKEN), Err(DbFault::Sqlite { .. })));
        let conn = open(&path, &OLD).unwrap();
        let b: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'b'", [], |r| r.get(0)).unwrap();
        assert_eq!(b, 0);
    }

    #[test]
    fn commits_are_durable_by_configuration() {
        let dir = tempfile::tempdir().unwrap();
        let conn = open(&dir.path().join("x.db"), &OLD).unwrap();
        let journal: String = conn.pragma_query_value(None, "journal_mode", |r| r.get(0)).unwrap();
        let sync: i64 = conn.pragma_query_value(None, "synchronous", |r| r.get(0)).unwrap();
        assert_eq!((journal.as_str(), sync), ("wal", 2));
    }

    #[test]
    fn reading_a_missing_file_makes_none() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("none.db");
        assert!(open_read_only(&path, &OLD).is_err());
        assert!(!path.exists());
    }
}
