//! One number for all that the figures rest on, to tell whether two books say the same.

use rusqlite::Connection;

use super::StatisticsFault;
use super::shelf;
use super::stored::{COLUMNS, StoredFact};

/// Digest of what stands of every visit, and of the roll-ups by day. It does not depend on the order in which facts came,
/// nor on what was taken back. Flush the book before.
///
/// # Errors
/// [`StatisticsFault`]
pub fn digest(conn: &Connection) -> Result<[u8; 32], StatisticsFault> {
    let mut hasher = blake3::Hasher::new();
    let sql = format!("SELECT {COLUMNS} FROM fact INDEXED BY fact_visit ORDER BY ledger, visit, id");
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut standing: Vec<StoredFact> = Vec::new();
    while let Some(row) = rows.next()? {
        let (_, fact) = StoredFact::read(row)?;
        if standing.first().is_some_and(|f| (f.ledger, f.visit) != (fact.ledger, fact.visit)) {
            take(&mut hasher, &mut standing);
        }
        let opposite = StoredFact { sign: -fact.sign, ..fact.clone() };
        match standing.iter().position(|f| *f == opposite) {
            Some(at) => drop(standing.remove(at)),
            None => standing.push(fact),
        }
    }
    take(&mut hasher, &mut standing);
    shelf::each_day(conn, |id, cells| {
        hasher.update(&id.to_le_bytes());
        hasher.update(&(cells.len() as u64).to_le_bytes());
        hasher.update(cells);
    })?;
    Ok(*hasher.finalize().as_bytes())
}

fn take(hasher: &mut blake3::Hasher, standing: &mut Vec<StoredFact>) {
    for fact in standing.drain(..) {
        // Every field; a row's text form is its own and stays within this program.
        hasher.update(format!("{fact:?}\n").as_bytes());
    }
}
