//! Sessions of browsers: kept by the hash of the number in the cookie, so that a copy of the database opens none.

use rusqlite::{Connection, OptionalExtension, params};

use crate::domain::rating::coded;
use crate::domain::time::WallMs;

/// Sessions of one account; the one that is longest unused makes room.
const MAX_OF_ACCOUNT: i64 = 20;
/// Characters of what a browser says of itself.
const AGENT_CHARS: usize = 120;

coded! {
    /// How far somebody has come in signing in.
    Stage {
        /// The password was right; a code of the second factor is asked for.
        Factor = "factor",
        /// A password of one's own is to be chosen.
        Change = "change",
        /// A second factor is to be set up.
        Enrol = "enrol",
        /// Signed in.
        Full = "full",
    }
}

/// What the cookie's number hashes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionHash(pub [u8; 32]);

impl SessionHash {
    pub fn of(number: &str) -> Self {
        Self(*blake3::hash(number.as_bytes()).as_bytes())
    }
}

/// One session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: i64,
    pub account: i64,
    pub stage: Stage,
    pub begun: WallMs,
    pub used: WallMs,
    /// What the browser says of itself.
    pub agent: String,
    pub address: String,
}

/// From where somebody signs in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    pub agent: String,
    pub address: String,
}

/// Begins a session.
///
/// # Errors
/// Those of the store.
pub fn begin(
    conn: &Connection,
    hash: SessionHash,
    account: i64,
    stage: Stage,
    origin: &Origin,
    now: WallMs,
) -> rusqlite::Result<i64> {
    conn.prepare_cached(
        "DELETE FROM session WHERE account = ?1 AND id NOT IN
           (SELECT id FROM session WHERE account = ?1 ORDER BY used_ms DESC, id DESC LIMIT ?2)",
    )?
    .execute([account, MAX_OF_ACCOUNT - 1])?;
    let agent: String = origin.agent.chars().take(AGENT_CHARS).collect();
    conn.prepare_cached(
        "INSERT INTO session (hash, account, stage, begun_ms, used_ms, agent, address)
         VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6)",
    )?
    .execute(params![hash.0, account, stage.code(), now.0, agent, origin.address])?;
    Ok(conn.last_insert_rowid())
}

/// Ends one session of an account. True if it was there.
///
/// # Errors
/// Those of the store.
pub fn end(conn: &Connection, account: i64, id: i64) -> rusqlite::Result<bool> {
    Ok(conn.prepare_cached("DELETE FROM session WHERE id = ?1 AND account = ?2")?.execute([id, account])? == 1)
}

/// Ends the session of a cookie's number.
///
/// # Errors
/// Those of the store.
pub fn end_by_hash(conn: &Connection, hash: SessionHash) -> rusqlite::Result<()> {
    conn.prepare_cached("DELETE FROM session WHERE hash = ?1")?.execute([hash.0])?;
    Ok(())
}

/// Ends every session of an account but `kept`; how many there were.
///
/// # Errors
/// Those of the store.
pub fn end_all(conn: &Connection, account: i64, kept: Option<i64>) -> rusqlite::Result<usize> {
    conn.prepare_cached("DELETE FROM session WHERE account = ?1 AND id IS NOT ?2")?.execute(params![account, kept])
}

/// Forgets sessions that nobody used since `used_after` or that began before `begun_after`.
///
/// # Errors
/// Those of the store.
pub fn forget(conn: &Connection, used_after: WallMs, begun_after: WallMs) -> rusqlite::Result<usize> {
    conn.prepare_cached("DELETE FROM session WHERE used_ms < ?1 OR begun_ms < ?2")?
        .execute([used_after.0, begun_after.0])
}

/// Notes when a session was used last.
///
/// # Errors
/// Those of the store.
pub fn touch(conn: &Connection, id: i64, now: WallMs) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE session SET used_ms = ?2 WHERE id = ?1")?.execute(params![id, now.0])?;
    Ok(())
}

/// Keeps a second factor that is being set up, sealed, or forgets it.
///
/// # Errors
/// Those of the store.
pub fn set_pending(conn: &Connection, id: i64, sealed: Option<&[u8]>) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE session SET pending = ?2 WHERE id = ?1")?.execute(params![id, sealed])?;
    Ok(())
}

/// # Errors
/// Those of the store.
pub fn pending(conn: &Connection, id: i64) -> rusqlite::Result<Option<Vec<u8>>> {
    let sql = "SELECT pending FROM session WHERE id = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([id], |r| r.get(0)).optional()?.flatten())
}

/// Sessions of one account, or of all, the last used first.
///
/// # Errors
/// Those of the store.
pub fn all(conn: &Connection, account: Option<i64>) -> rusqlite::Result<Vec<(SessionHash, Session)>> {
    let sql = "SELECT hash, id, account, stage, begun_ms, used_ms, agent, address FROM session
               WHERE ?1 IS NULL OR account = ?1 ORDER BY used_ms DESC, id DESC";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([account], |r| {
        let stage: String = r.get(3)?;
        let session = Session {
            id: r.get(1)?,
            account: r.get(2)?,
            // A stage that only a newer program knows lets nobody in here.
            stage: Stage::from_code(&stage).unwrap_or(Stage::Factor),
            begun: WallMs(r.get(4)?),
            used: WallMs(r.get(5)?),
            agent: r.get(6)?,
            address: r.get(7)?,
        };
        Ok((SessionHash(r.get(0)?), session))
    })?;
    rows.collect()
}
