//! The check of the chain beside a running centre: every line when it starts, once a day and whenever somebody asks; and what
//! came since, whenever somebody looks.
//!
//! What was checked is remembered as the last line's number and hash. A line that was changed behind it is found by the next
//! check of the whole; a log that was cut off, or rewritten as a whole with hashes that fit, no longer has the remembered
//! line, which both kinds of check look for first.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension};

use super::Line;
use crate::centre::clock;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::domain::time::WallMs;

/// Lines that are read in one go, so that a long check lets others read between.
pub const LINES_AT_ONCE: u64 = 50_000;
/// Lines that whoever opens the page waits for.
pub const LINES_OF_A_LOOK: u64 = 20_000;
/// Broken lines that are remembered; there is no need to name more.
const MAX_BROKEN: usize = 1_000;
const EVERY: Duration = Duration::from_secs(24 * 3_600);

/// The last line that was checked; the beginning of the log by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tip {
    pub id: i64,
    pub hash: [u8; 32],
}

/// A check on its way through the log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Walk {
    pub tip: Tip,
    pub lines: u64,
    /// Lines that do not follow from the line before them.
    pub broken: Vec<i64>,
}

impl Walk {
    /// Checks up to `limit` further lines. True if there may be more.
    ///
    /// # Errors
    /// Those of the store.
    pub fn on(&mut self, conn: &Connection, limit: u64) -> rusqlite::Result<bool> {
        let mut statement = conn.prepare_cached(
            "SELECT id, at_ms, account, login, role, act, object, detail, hash FROM audit_log
             WHERE id > ?1 ORDER BY id LIMIT ?2",
        )?;
        let mut rows = statement.query([self.tip.id, i64::try_from(limit).unwrap_or(i64::MAX)])?;
        let mut read = 0;
        while let Some(row) = rows.next()? {
            let line = Line::of_row(row)?;
            let follows = line.id == self.tip.id + 1 && line.hash == line.hash_after(&self.tip.hash);
            if !follows && self.broken.len() < MAX_BROKEN {
                self.broken.push(line.id);
            }
            self.tip = Tip { id: line.id, hash: line.hash };
            read += 1;
        }
        self.lines += read;
        Ok(read == limit)
    }
}

/// A check from the first line on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole {
    /// When it ended.
    pub at: WallMs,
    pub lines: u64,
}

/// What is known of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Lines from the first on that were checked.
    pub lines: u64,
    /// Of the last line that was checked.
    pub head: [u8; 32],
    pub broken: Vec<i64>,
    /// No line waits to be checked.
    pub all: bool,
    /// None: not since this centre was started.
    pub whole: Option<Whole>,
}

/// What is remembered of the checks, as long as the centre runs.
#[derive(Debug, Default)]
pub struct Chain {
    known: Mutex<Known>,
    /// One check of the whole at a time.
    whole: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Known {
    tip: Tip,
    lines: u64,
    broken: BTreeSet<i64>,
    whole: Option<Whole>,
}

impl Chain {
    /// Checks up to `limit` lines that came since the last look.
    ///
    /// # Errors
    /// Those of the store.
    pub fn look(&self, conn: &Connection, limit: u64) -> rusqlite::Result<Standing> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = true;
        if known.still_there(conn)? {
            let mut walk = Walk { tip: known.tip, lines: known.lines, broken: vec![] };
            all = !walk.on(conn, limit)?;
            (known.tip, known.lines) = (walk.tip, walk.lines);
            known.add(walk.broken);
        }
        let broken = known.broken.iter().copied().collect();
        Ok(Standing { lines: known.lines, head: known.tip.hash, broken, all, whole: known.whole })
    }

    /// Takes in what a check from the first line on has found, which ended at `at`.
    ///
    /// # Errors
    /// Those of the store.
    pub fn checked(&self, conn: &Connection, found: Walk, at: WallMs) -> rusqlite::Result<()> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.broken.retain(|id| *id > found.tip.id);
        known.whole = Some(Whole { at, lines: found.lines });
        if known.still_there(conn)? && found.tip.id >= known.tip.id {
            (known.tip, known.lines) = (found.tip, found.lines);
        }
        known.add(found.broken);
        Ok(())
    }
}

impl Known {
    /// Whether the remembered line is as it was; one that is not breaks the chain from there on, for good.
    fn still_there(&mut self, conn: &Connection) -> rusqlite::Result<bool> {
        if self.tip.id == 0 {
            return Ok(true);
        }
        let sql = "SELECT hash FROM audit_log WHERE id = ?1";
        let hash: Option<[u8; 32]> = conn.prepare_cached(sql)?.query_row([self.tip.id], |r| r.get(0)).optional()?;
        let same = hash == Some(self.tip.hash);
        if !same {
            self.broken.insert(self.tip.id);
        }
        Ok(same)
    }

    fn add(&mut self, broken: Vec<i64>) {
        self.broken.extend(broken);
        while self.broken.len() > MAX_BROKEN {
            self.broken.pop_last();
        }
    }
}

/// Checks every line, in pieces. False: somebody else is at it.
///
/// # Errors
/// [`ErrorCode::Unavailable`] or [`ErrorCode::Busy`].
pub async fn check_whole(site: &Site) -> Result<bool, ApiFault> {
    let Ok(_alone) = site.chain.whole.try_lock() else { return Ok(false) };
    let mut walk = Walk::default();
    loop {
        let piece = site.readers.read(move |conn| walk.on(conn, LINES_AT_ONCE).map(|more| (walk, more)));
        let (walked, more) = piece.await?.map_err(|e| unavailable(&e))?;
        walk = walked;
        if !more {
            break;
        }
    }
    if !walk.broken.is_empty() {
        tracing::error!(lines = ?walk.broken.iter().take(10).collect::<Vec<_>>(), "the audit log was tampered with");
    }
    let (chain, at) = (Arc::clone(&site.chain), clock::now().wall);
    let taken = site.readers.read(move |conn| chain.checked(conn, walk, at)).await?;
    taken.map_err(|e| unavailable(&e)).map(|()| true)
}

/// Checks every line when the centre starts and once a day.
pub async fn mind(site: Arc<Site>) {
    loop {
        if let Err(fault) = check_whole(&site).await {
            tracing::warn!(reference = %fault.code.code(), "the audit log could not be checked");
        }
        tokio::time::sleep(EVERY).await;
    }
}

fn unavailable(fault: &rusqlite::Error) -> ApiFault {
    ApiFault::because(ErrorCode::Unavailable, fault)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::access::samples::somebody;
    use crate::centre::audit::{Act, append};
    use crate::centre::schema;
    use crate::db;
    use crate::domain::role::Role;

    fn log_of(lines: i64) -> Connection {
        let conn = db::open_in_memory(&schema::SCHEMA).unwrap();
        conn.execute_batch("DROP TRIGGER audit_log_stays; DROP TRIGGER audit_log_whole;").unwrap();
        add(&conn, lines);
        conn
    }

    fn add(conn: &Connection, lines: i64) {
        for n in 0..lines {
            append(conn, WallMs(n), &somebody(Role::SystemAdmin), Act::SignedIn, "account:1", &n.to_string()).unwrap();
        }
    }

    fn whole(conn: &Connection) -> Walk {
        let mut walk = Walk::default();
        while walk.on(conn, 3).unwrap() {}
        walk
    }

    #[test]
    fn a_look_checks_what_came_since_and_no_more_than_it_may() {
        let (conn, chain) = (log_of(7), Chain::default());
        let first = chain.look(&conn, 5).unwrap();
        assert_eq!((first.lines, first.all, first.broken.len(), first.whole), (5, false, 0, None));
        let second = chain.look(&conn, 5).unwrap();
        assert_eq!((second.lines, second.all), (7, true));
        assert_eq!(second.head, whole(&conn).tip.hash);
        add(&conn, 2);
        // Nothing before the remembered line is read again, even when it was changed.
        conn.execute("UPDATE audit_log SET login = 'x' WHERE id = 3", []).unwrap();
        let third = chain.look(&conn, 5).unwrap();
        assert_eq!((third.lines, third.broken.len()), (9, 0));
        conn.execute("UPDATE audit_log SET detail = 'x' WHERE id = 9", []).unwrap();
        add(&conn, 1);
        assert_eq!(
            chain.look(&conn, 5).unwrap().broken.len(),
            0,
            "the hash still stands: that is the whole check's to find"
        );
        chain.checked(&conn, whole(&conn), WallMs(77)).unwrap();
        let found = chain.look(&conn, 5).unwrap();
        assert_eq!(found.broken, [3, 9]);
        assert_eq!(found.whole, Some(Whole { at: WallMs(77), lines: 10 }));
    }

    #[test]
    fn a_new_line_that_does_not_follow_is_found_by_the_next_look() {
        let (conn, chain) = (log_of(4), Chain::default());
        chain.checked(&conn, whole(&conn), WallMs(1)).unwrap();
        add(&conn, 3);
        conn.execute("UPDATE audit_log SET login = 'x' WHERE id = 6", []).unwrap();
        assert_eq!(chain.look(&conn, 50).unwrap().broken, [6]);
        assert_eq!(chain.look(&conn, 50).unwrap().broken, [6], "and is not forgotten");
    }

    #[test]
    fn a_log_that_was_cut_off_or_rewritten_as_a_whole_lacks_the_remembered_line() {
        for rewrite in [false, true] {
            let (conn, chain) = (log_of(6), Chain::default());
            chain.look(&conn, 50).unwrap();
            let from = if rewrite { 1 } else { 5 };
            conn.execute("DELETE FROM audit_log WHERE id >= ?1", [from]).unwrap();
            if rewrite {
                add(&conn, 3);
                add(&conn, 5);
            }
            assert_eq!(whole(&conn).broken.len(), 0, "in itself the chain holds");
            assert_eq!(chain.look(&conn, 50).unwrap().broken, [6]);
            chain.checked(&conn, whole(&conn), WallMs(9)).unwrap();
            assert_eq!(chain.look(&conn, 50).unwrap().broken, [6], "a check of the whole does not hide it");
        }
    }

    #[test]
    fn what_is_remembered_of_a_ruined_log_is_bounded() {
        let (conn, chain) = (log_of(1_200), Chain::default());
        conn.execute("UPDATE audit_log SET login = 'x'", []).unwrap();
        chain.checked(&conn, whole(&conn), WallMs(1)).unwrap();
        let broken = chain.look(&conn, 5).unwrap().broken;
        assert_eq!((broken.len(), broken[0]), (MAX_BROKEN, 1));
    }
}
