//! Rules as they are kept, and the mark: which fact was weighed last, and whether anything has changed since one looked.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::rule::{MAX_RULES, Rule, Terms};
use crate::domain::time::WallMs;

/// Every rule, by id. One that only a newer program understands is left out, and the log says so.
///
/// # Errors
/// Those of the store.
pub fn all(conn: &Connection) -> rusqlite::Result<Vec<Rule>> {
    let mut statement = conn.prepare_cached("SELECT id, terms FROM alert_rule ORDER BY id LIMIT ?1")?;
    let rows = statement.query_map([MAX_RULES as i64], rule_of)?;
    rows.filter_map(Result::transpose).collect()
}

/// # Errors
/// Those of the store.
pub fn one(conn: &Connection, id: i64) -> rusqlite::Result<Option<Rule>> {
    let mut statement = conn.prepare_cached("SELECT id, terms FROM alert_rule WHERE id = ?1")?;
    Ok(statement.query_row([id], rule_of).optional()?.flatten())
}

/// Adds a rule; none when there are [`MAX_RULES`] already.
///
/// # Errors
/// Those of the store.
pub fn add(conn: &Connection, terms: &Terms, now: WallMs) -> rusqlite::Result<Option<i64>> {
    let count: i64 = conn.prepare_cached("SELECT count(*) FROM alert_rule")?.query_row([], |r| r.get(0))?;
    if count >= MAX_RULES as i64 {
        return Ok(None);
    }
    conn.prepare_cached("INSERT INTO alert_rule (terms, made_ms, changed_ms) VALUES (?1, ?2, ?2)")?
        .execute(params![json(terms), now.0])?;
    let id = conn.last_insert_rowid();
    touch(conn)?;
    Ok(Some(id))
}

/// True if there is such a rule.
///
/// # Errors
/// Those of the store.
pub fn change(conn: &Connection, id: i64, terms: &Terms, now: WallMs) -> rusqlite::Result<bool> {
    let n = conn
        .prepare_cached("UPDATE alert_rule SET terms = ?2, changed_ms = ?3 WHERE id = ?1")?
        .execute(params![id, json(terms), now.0])?;
    touch(conn)?;
    Ok(n > 0)
}

/// Removes a rule; what it raised stays in the history. True if there was one.
///
/// # Errors
/// Those of the store.
pub fn remove(conn: &Connection, id: i64) -> rusqlite::Result<bool> {
    let n = conn.prepare_cached("DELETE FROM alert_rule WHERE id = ?1")?.execute([id])?;
    touch(conn)?;
    Ok(n > 0)
}

/// Where the watcher stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The last fact that was weighed; none before the first look.
    pub fact: Option<i64>,
    /// Grows with every change of rules, alerts and destinations.
    pub changes: i64,
}

/// # Errors
/// Those of the store.
pub fn mark(conn: &Connection) -> rusqlite::Result<Mark> {
    conn.prepare_cached("SELECT fact, changes FROM alert_mark WHERE id = 1")?
        .query_row([], |r| Ok(Mark { fact: r.get(0)?, changes: r.get(1)? }))
}

/// # Errors
/// Those of the store.
pub fn weighed(conn: &Connection, fact: i64) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE alert_mark SET fact = ?1 WHERE id = 1")?.execute([fact])?;
    Ok(())
}

/// Lets the watcher read again.
///
/// # Errors
/// Those of the store.
pub fn touch(conn: &Connection) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE alert_mark SET changes = changes + 1 WHERE id = 1")?.execute([])?;
    Ok(())
}

fn rule_of(row: &Row<'_>) -> rusqlite::Result<Option<Rule>> {
    let (id, terms): (i64, String) = (row.get(0)?, row.get(1)?);
    match serde_json::from_str(&terms) {
        Ok(terms) => Ok(Some(Rule { id, terms })),
        Err(cause) => {
            tracing::warn!(id, %cause, "an alert rule is not understood and left out");
            Ok(None)
        }
    }
}

/// Plain structs of texts and numbers always serialise.
fn json(terms: &Terms) -> String {
    serde_json::to_string(terms).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::rule::examples::share;
    use super::*;
    use crate::centre::schema::SCHEMA;

    #[test]
    fn a_centre_begins_with_rules_that_are_understood_and_within_bounds() {
        let conn = crate::db::open_in_memory(&SCHEMA).unwrap();
        let rules = all(&conn).unwrap();
        let kinds: Vec<_> = rules.iter().map(|r| r.terms.condition.code()).collect();
        assert_eq!(kinds, ["negative_share", "participation_drop", "silence", "tampering"]);
        assert!(rules.iter().all(|r| r.terms.faults().is_empty() && r.terms.enabled));
    }

    #[test]
    fn a_rule_is_kept_changed_and_removed_and_the_mark_tells() {
        let conn = crate::db::open_in_memory(&SCHEMA).unwrap();
        let before = mark(&conn).unwrap();
        assert_eq!(before.fact, None);
        let id = add(&conn, &share().terms, WallMs(1)).unwrap().unwrap();
        let mut terms = share().terms;
        terms.enabled = false;
        assert!(change(&conn, id, &terms, WallMs(2)).unwrap());
        assert!(!one(&conn, id).unwrap().unwrap().terms.enabled);
        assert!(remove(&conn, id).unwrap() && !remove(&conn, id).unwrap());
        assert_eq!(one(&conn, id).unwrap(), None);
        weighed(&conn, 17).unwrap();
        let after = mark(&conn).unwrap();
        assert!(after.changes > before.changes && after.fact == Some(17));
    }

    #[test]
    fn a_rule_of_a_newer_program_is_left_out_and_not_lost() {
        let conn = crate::db::open_in_memory(&SCHEMA).unwrap();
        conn.execute("INSERT INTO alert_rule (terms, made_ms, changed_ms) VALUES ('{\"name\":\"x\"}', 0, 0)", [])
            .unwrap();
        assert_eq!(all(&conn).unwrap().len(), 4);
    }
}
