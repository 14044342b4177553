//! The tables of stories and their pictures.

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::centre::access::Reach;
use crate::domain::id::HallId;
use crate::domain::story::Story;
use crate::domain::time::WallMs;

/// Stories that are kept and listed.
pub const MAX_STORIES: i64 = 2_000;

/// One story as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    pub id: i64,
    pub story: Story,
    pub has_picture: bool,
    pub changed: WallMs,
}

impl Kept {
    pub fn is_within(&self, reach: &Reach) -> bool {
        reach.covers(&self.story.telling().hall)
    }
}

const COLUMNS: &str = "id, body, changed_ms, EXISTS (SELECT 1 FROM story_picture WHERE story_picture.story = story.id)";

/// Keeps a new one; none when there are [`MAX_STORIES`] already.
///
/// # Errors
/// Those of the store.
pub fn add(tx: &Connection, story: &Story, now: WallMs) -> rusqlite::Result<Option<i64>> {
    let count: i64 = tx.prepare_cached("SELECT count(*) FROM story")?.query_row([], |r| r.get(0))?;
    if count >= MAX_STORIES {
        return Ok(None);
    }
    let telling = story.telling();
    tx.prepare_cached("INSERT INTO story (hall, state, until, body, changed_ms) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![
            telling.hall.as_str(),
            story.state().code(),
            telling.until.to_string(),
            json(story)?,
            now.0
        ])?;
    Ok(Some(tx.last_insert_rowid()))
}

/// # Errors
/// Those of the store.
pub fn keep(tx: &Connection, id: i64, story: &Story, now: WallMs) -> rusqlite::Result<()> {
    tx.prepare_cached("UPDATE story SET state = ?2, until = ?3, body = ?4, changed_ms = ?5 WHERE id = ?1")?
        .execute(params![id, story.state().code(), story.telling().until.to_string(), json(story)?, now.0])?;
    Ok(())
}

/// # Errors
/// Those of the store.
pub fn one(conn: &Connection, id: i64) -> rusqlite::Result<Option<Kept>> {
    let sql = format!("SELECT {COLUMNS} FROM story WHERE id = ?1");
    conn.prepare_cached(&sql)?.query_row([id], kept_of).optional()
}

/// Every one, the latest first.
///
/// # Errors
/// Those of the store.
pub fn all(conn: &Connection) -> rusqlite::Result<Vec<Kept>> {
    let sql = format!("SELECT {COLUMNS} FROM story ORDER BY id DESC LIMIT {MAX_STORIES}");
    conn.prepare_cached(&sql)?.query_map([], kept_of)?.collect()
}

/// What the public sees of a hall on a day, the latest first.
///
/// # Errors
/// Those of the store.
pub fn visible(conn: &Connection, hall: &HallId, day: Date) -> rusqlite::Result<Vec<Kept>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM story WHERE hall = ?1 AND state = 'published' AND until >= ?2 ORDER BY id DESC LIMIT 20"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map(params![hall.as_str(), day.to_string()], kept_of)?;
    let all = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(all.into_iter().filter(|kept| kept.story.is_visible(day)).collect())
}

/// Its content type and bytes.
///
/// # Errors
/// Those of the store.
pub fn picture(conn: &Connection, id: i64) -> rusqlite::Result<Option<(String, Vec<u8>)>> {
    conn.prepare_cached("SELECT kind, bytes FROM story_picture WHERE story = ?1")?
        .query_row([id], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()
}

/// # Errors
/// Those of the store.
pub fn keep_picture(tx: &Connection, id: i64, kind: &str, bytes: &[u8]) -> rusqlite::Result<()> {
    tx.prepare_cached("INSERT OR REPLACE INTO story_picture (story, kind, bytes) VALUES (?1, ?2, ?3)")?
        .execute(params![id, kind, bytes])?;
    Ok(())
}

/// Nobody's picture is kept for longer than it is needed.
///
/// # Errors
/// Those of the store.
pub fn erase_picture(tx: &Connection, id: i64) -> rusqlite::Result<()> {
    tx.prepare_cached("DELETE FROM story_picture WHERE story = ?1")?.execute([id])?;
    Ok(())
}

fn kept_of(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let body: String = row.get(1)?;
    let bad =
        |e: serde_json::Error| rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, e.into());
    let story = serde_json::from_str(&body).map_err(bad)?;
    Ok(Kept { id: row.get(0)?, story, changed: WallMs(row.get(2)?), has_picture: row.get(3)? })
}

fn json(story: &Story) -> rusqlite::Result<String> {
    serde_json::to_string(story).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))
}
