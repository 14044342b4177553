//! Facts, roll-ups and the answers to [`crate::domain::query::Query`].

pub mod fact;

/// The book's table, until roll-ups come beside it.
pub const SCHEMA: &str = "
CREATE TABLE fact (
  id INTEGER PRIMARY KEY,
  ledger INTEGER NOT NULL,
  visit INTEGER NOT NULL,
  sign INTEGER NOT NULL,
  hall TEXT NOT NULL,
  service_window TEXT NOT NULL,
  staff TEXT,
  item TEXT,
  channel TEXT NOT NULL,
  level INTEGER,
  wall_ms INTEGER NOT NULL,
  grade TEXT NOT NULL,
  flagged INTEGER NOT NULL,
  reasons TEXT NOT NULL,
  sample INTEGER NOT NULL
) STRICT;
";

/// Appends facts to the book, in the writer's transaction.
pub fn append(conn: &rusqlite::Connection, facts: &[fact::Fact]) -> rusqlite::Result<()> {
    let mut insert = conn.prepare_cached(
        "INSERT INTO fact (ledger, visit, sign, hall, service_window, staff, item, channel, level, wall_ms, grade,
           flagged, reasons, sample) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?;
    for f in facts {
        let reasons: Vec<&str> = f.reasons.iter().map(|r| r.as_str()).collect();
        insert.execute(rusqlite::params![
            f.ledger,
            f.visit.cast_signed(),
            f.sign,
            f.hall.as_str(),
            f.service_window.as_str(),
            f.staff.as_ref().map(|s| s.as_str()),
            f.item.as_ref().map(|s| s.as_str()),
            f.channel.code(),
            f.level.map(|l| l.level()),
            f.wall.0,
            f.grade.code(),
            f.flagged,
            reasons.join(","),
            f.sample
        ])?;
    }
    Ok(())
}
