//! The result once more, from what was frozen: anybody who has the file can check it, on any machine.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::store::{self, Frozen};
use crate::domain::selection::{Outcome, Snapshot};

/// A snapshot with its result as a file to take away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Export {
    pub selection: i64,
    pub snapshot_hash: String,
    pub outcome_hash: String,
    pub snapshot: Snapshot,
    pub outcome: Outcome,
}

/// What was compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recomputed {
    pub snapshot_hash: String,
    pub outcome_hash: String,
    pub candidates: usize,
    /// Empty: the same, bit by bit.
    pub differences: Vec<String>,
}

/// Compares what is stored of a selection; none: there is no such, or it is not computed.
///
/// # Errors
/// Those of the store.
pub fn stored(conn: &Connection, id: i64) -> rusqlite::Result<Option<Recomputed>> {
    let Some(frozen) = store::frozen(conn, id)? else { return Ok(None) };
    let mut found = compared(&frozen);
    let noted = store::one(conn, id)?;
    if noted.as_ref().and_then(|k| k.selection.outcome_hash()) != Some(frozen.outcome_hash.as_str()) {
        found.differences.push("the selection names another result than the one that is kept".to_owned());
    }
    Ok(Some(found))
}

/// Compares an exported file.
///
/// # Errors
/// What is wrong with the text.
pub fn exported(text: &str) -> Result<Recomputed, serde_json::Error> {
    let export: Export = serde_json::from_str(text)?;
    Ok(compared(&Frozen {
        snapshot: export.snapshot.canonical(),
        snapshot_hash: export.snapshot_hash,
        outcome: export.outcome.canonical(),
        outcome_hash: export.outcome_hash,
    }))
}

/// The file of a selection; none when it is not computed.
///
/// # Errors
/// Those of the store.
pub fn export(conn: &Connection, id: i64) -> rusqlite::Result<Option<Export>> {
    let (Some(frozen), Some((snapshot, outcome))) = (store::frozen(conn, id)?, store::result(conn, id)?) else {
        return Ok(None);
    };
    let Frozen { snapshot_hash, outcome_hash, .. } = frozen;
    Ok(Some(Export { selection: id, snapshot_hash, outcome_hash, snapshot, outcome }))
}

fn compared(frozen: &Frozen) -> Recomputed {
    let mut differences = Vec::new();
    let mut differ = |what: String| differences.push(what);
    let hash = |text: &str| blake3::hash(text.as_bytes()).to_hex().to_string();
    if hash(&frozen.snapshot) != frozen.snapshot_hash {
        differ("the snapshot has another hash than the one that was noted with it".to_owned());
    }
    if hash(&frozen.outcome) != frozen.outcome_hash {
        differ("the result has another hash than the one that was noted with it".to_owned());
    }
    let mut candidates = 0;
    match Snapshot::read(&frozen.snapshot) {
        Err(fault) => differ(fault.to_string()),
        Ok(snapshot) => {
            candidates = snapshot.entrants.len();
            if snapshot.canonical() != frozen.snapshot {
                differ("the snapshot is not in its canonical form".to_owned());
            }
            let again = Outcome::of(&snapshot);
            if again.canonical() != frozen.outcome {
                by_candidate(&snapshot, &again, &frozen.outcome).into_iter().for_each(&mut differ);
            }
        }
    }
    Recomputed {
        snapshot_hash: frozen.snapshot_hash.clone(),
        outcome_hash: frozen.outcome_hash.clone(),
        candidates,
        differences,
    }
}

/// Where two results part.
fn by_candidate(snapshot: &Snapshot, again: &Outcome, kept: &str) -> Vec<String> {
    let Ok(kept) = serde_json::from_str::<Outcome>(kept) else {
        return vec!["the kept result cannot be read".to_owned()];
    };
    let mut out = Vec::new();
    for entrant in &snapshot.entrants {
        let (subject, key) = (&entrant.candidate.subject, entrant.candidate.subject.key());
        match (again.ranked(subject), kept.ranked(subject)) {
            (Some(now), Some(then)) if now != then => out.push(format!(
                "{key}: place {} with {} thousandths, kept is place {} with {}",
                now.place, now.score_milli, then.place, then.score_milli
            )),
            (Some(_), None) => out.push(format!("{key}: has a place, kept is that it has none")),
            (None, Some(_)) => out.push(format!("{key}: has no place, kept is that it has one")),
            _ if again.barred(subject) != kept.barred(subject) => {
                out.push(format!("{key}: kept without other reasons"))
            }
            _ => {}
        }
    }
    if out.is_empty() {
        out.push("the kept result differs beyond its candidates".to_owned());
    }
    out
}
