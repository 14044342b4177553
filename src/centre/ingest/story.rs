//! One visit as its entries tell it, each with its place in the chain checked again.

use rusqlite::Connection;

use super::batch::split_lines;
use super::segments::{self, Segment, StoreFault};
use crate::ledger::chain::{link, signature_holds};
use crate::ledger::entry::{Body, Entry};
use crate::ledger::keys::{Hash, PublicKey};

/// Segments that the story of one visit may reach over.
const MAX_SEGMENTS: usize = 40;
/// Entries of one visit that are told.
const MAX_ENTRIES: usize = 64;

/// One entry of a visit.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    pub seq: u64,
    /// The canonical bytes.
    pub text: String,
    pub hash: Hash,
    pub entry: Entry,
    /// The run of entries in which it came leads to the hash that the device signed.
    pub holds: bool,
}

/// A segment that was read and checked, to be used for several visits.
#[derive(Debug)]
pub struct Checked {
    ledger: i64,
    first_seq: u64,
    last_seq: u64,
    holds: bool,
    lines: Vec<(String, Hash)>,
}

/// Segments that were read last; a page's visits share them.
#[derive(Debug, Default)]
pub struct Reader(Vec<Checked>);

impl Reader {
    /// The entries of a visit, from its opening to its end.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn visit(
        &mut self,
        conn: &Connection,
        ledger: i64,
        key: Option<&PublicKey>,
        visit: u64,
    ) -> Result<Vec<Told>, StoreFault> {
        let (mut out, mut seq): (Vec<Told>, u64) = (Vec::new(), visit);
        for _ in 0..MAX_SEGMENTS {
            let Some(segment) = self.containing(conn, ledger, key, seq)? else { break };
            let skip = usize::try_from(seq - segment.first_seq).unwrap_or(usize::MAX);
            for ((at, (text, hash)), n) in (seq..).zip(segment.lines.iter().skip(skip)).zip(0..) {
                let Ok(entry) = Entry::from_bytes(text.as_bytes()) else { continue };
                let opens = matches!(entry.body, Body::VisitOpened(_));
                if (at == visit && opens) || names(&entry.body) == Some(visit) {
                    let closes = matches!(entry.body, Body::VisitClosed { .. });
                    out.push(Told { seq: at, text: text.clone(), hash: *hash, entry, holds: segment.holds });
                    if closes || out.len() >= MAX_ENTRIES {
                        return Ok(out);
                    }
                } else if opens && n > 0 {
                    // A kiosk has one visit at a time; what may still follow are reasons from a phone, which are elsewhere.
                    return Ok(out);
                }
            }
            seq = segment.last_seq + 1;
        }
        Ok(out)
    }

    fn containing(
        &mut self,
        conn: &Connection,
        ledger: i64,
        key: Option<&PublicKey>,
        seq: u64,
    ) -> Result<Option<&Checked>, StoreFault> {
        let held = |c: &Checked| c.ledger == ledger && (c.first_seq..=c.last_seq).contains(&seq);
        if let Some(at) = self.0.iter().position(held) {
            return Ok(self.0.get(at));
        }
        let Some(segment) = segments::containing(conn, ledger, seq)? else { return Ok(None) };
        if self.0.len() >= 8 {
            self.0.remove(0);
        }
        self.0.push(check(&segment, key)?);
        Ok(self.0.last())
    }
}

fn check(segment: &Segment, key: Option<&PublicKey>) -> Result<Checked, StoreFault> {
    let lines = segment.lines()?;
    let mut tip = segment.prev;
    let mut read = Vec::new();
    for line in split_lines(&lines) {
        tip = link(&tip, line);
        read.push((String::from_utf8_lossy(line).into_owned(), tip));
    }
    let signed = key.is_some_and(|key| signature_holds(key, &segment.head, &segment.signature));
    let (ledger, first_seq, last_seq) = (segment.ledger, segment.first_seq, segment.last_seq);
    let whole = read.len() as u64 == (last_seq + 1).saturating_sub(first_seq);
    Ok(Checked { ledger, first_seq, last_seq, holds: signed && whole && tip == segment.head, lines: read })
}

/// The visit that an entry names.
fn names(body: &Body) -> Option<u64> {
    match body {
        Body::Invited { visit, .. } | Body::VisitClosed { visit, .. } => Some(*visit),
        Body::Rated(rated) | Body::Revised(rated) => Some(rated.visit),
        Body::Explained(explained) => Some(explained.visit),
        _ => None,
    }
}
