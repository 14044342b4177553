//! The writer's side: appends facts, keeps the roll-ups' deltas, flushes them.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use rusqlite::{Connection, params};

use super::calendar::{Calendar, day_of};
use super::cube::Cube;
use super::fact::Fact;
use super::names::Interned;
use super::sample::SAMPLE_LEDGER;
use super::stored::{COLUMNS, StoredFact, grade_of};
use super::{StatisticsFault, shelf, spans};
use crate::domain::id::{HallId, InvalidId, ItemCode, StaffNo, TagCode, WindowId};
use crate::domain::time::{ClockGrade, WallMs};

/// Facts between two flushes, at most: what a reader adds one by one, and what is read again after a crash.
pub const FLUSH_AFTER_FACTS: u64 = 8_192;
/// Whole days after a span's end until its sums are made: most kiosks have sent by then.
const SPAN_IS_FINISHED_AFTER_DAYS: i64 = 1;

/// The one writer of facts and roll-ups. It lives on the centre's writer thread and writes on the connection of the
/// transaction that it is handed; it never begins or ends one.
///
/// After a transaction that held [`Book::append`] or [`Book::flush`] did not commit, call [`Book::reload`].
#[derive(Debug)]
pub struct Book {
    zone: TimeZone,
    calendar: Calendar,
    names: Interned,
    /// By day and hall.
    pending: HashMap<(i64, u32), Cube>,
    pending_facts: u64,
    /// Id of the last fact that is in roll-ups or pending.
    last_fact: i64,
}

impl Book {
    /// Takes up the book where it was left: pending deltas are made again from the facts beyond the watermark, and all
    /// roll-ups if the time zone is another one. Call it inside a transaction.
    ///
    /// # Errors
    /// [`StatisticsFault`]; the transaction should be rolled back.
    pub fn open(conn: &Connection, zone: TimeZone) -> Result<Self, StatisticsFault> {
        let mut book = Self::closed(zone);
        let kept: String = conn.query_row("SELECT zone FROM rollup_mark WHERE id = 1", [], |r| r.get(0))?;
        if kept == zone_name(&book.zone) {
            book.reload(conn)?;
        } else {
            book.reslot(conn)?;
            book.rebuild(conn)?;
        }
        Ok(book)
    }

    /// A book without the facts that entries tell, which will be told again, and with its roll-ups made anew. Call it
    /// inside a transaction.
    ///
    /// # Errors
    /// [`StatisticsFault`]; the transaction should be rolled back.
    pub fn begin_again(conn: &Connection, zone: TimeZone) -> Result<Self, StatisticsFault> {
        conn.execute("DELETE FROM fact WHERE ledger <> ?1", [SAMPLE_LEDGER])?;
        let mut book = Self::closed(zone);
        book.rebuild(conn)?;
        Ok(book)
    }

    /// Appends facts in their order.
    ///
    /// # Errors
    /// [`StatisticsFault`]; roll the transaction back and [`Book::reload`].
    pub fn append(&mut self, conn: &Connection, facts: &[Fact]) -> Result<(), StatisticsFault> {
        let mut statement = StoredFact::inserter(conn)?;
        for fact in facts {
            let stored = self.intern(conn, fact)?;
            stored.insert(&mut statement)?;
            self.note(&stored, conn.last_insert_rowid());
        }
        Ok(())
    }

    /// Facts that the roll-ups do not contain yet.
    pub fn pending(&self) -> u64 {
        self.pending_facts
    }

    /// Flushes when enough facts have gathered: call it before the commit of an append, and [`Book::flush`] about once a
    /// second when some are pending. True if it flushed.
    ///
    /// # Errors
    /// [`StatisticsFault`]; roll the transaction back and [`Book::reload`].
    pub fn flush_if_full(&mut self, conn: &Connection) -> Result<bool, StatisticsFault> {
        if self.pending_facts < FLUSH_AFTER_FACTS {
            return Ok(false);
        }
        self.flush(conn)?;
        Ok(true)
    }

    /// Adds the pending deltas to the roll-ups and moves the watermark, all in the caller's transaction.
    ///
    /// # Errors
    /// [`StatisticsFault`]; roll the transaction back and [`Book::reload`].
    pub fn flush(&mut self, conn: &Connection) -> Result<(), StatisticsFault> {
        let mut days: Vec<((i64, u32), Cube)> = self.pending.drain().collect();
        days.sort_unstable_by_key(|(place, _)| *place);
        for ((day, hall), cube) in &days {
            shelf::add(conn, *hall, *day, cube)?;
        }
        let mut mark = conn.prepare_cached("UPDATE rollup_mark SET fact = ?1, zone = ?2 WHERE id = 1")?;
        mark.execute(params![self.last_fact, zone_name(&self.zone)])?;
        self.pending_facts = 0;
        Ok(())
    }

    /// Forgets what a rolled-back transaction left in memory and reads it again from the database.
    ///
    /// # Errors
    /// [`StatisticsFault`]; nothing was written unless more than [`FLUSH_AFTER_FACTS`] were pending.
    pub fn reload(&mut self, conn: &Connection) -> Result<(), StatisticsFault> {
        let mut fresh = Self::closed(self.zone.clone());
        fresh.last_fact = conn.query_row("SELECT fact FROM rollup_mark WHERE id = 1", [], |r| r.get(0))?;
        fresh.take_rest(conn)?;
        *self = fresh;
        Ok(())
    }

    /// Makes the sums of spans that are over, `limit` halls' at most; how many were made. Questions are answered without
    /// them too, from days.
    ///
    /// # Errors
    /// [`StatisticsFault`]; roll the transaction back and [`Book::reload`].
    pub fn finish_spans(&self, conn: &Connection, now: WallMs, limit: usize) -> Result<usize, StatisticsFault> {
        spans::finish(conn, self.open_day(now), limit)
    }

    /// Whether [`Book::finish_spans`] would find something to do.
    ///
    /// # Errors
    /// [`StatisticsFault`]
    pub fn has_finished_spans(&self, conn: &Connection, now: WallMs) -> Result<bool, StatisticsFault> {
        spans::is_due(conn, self.open_day(now))
    }

    /// How many halls' spans [`Book::finish_spans`] would make without a limit.
    ///
    /// # Errors
    /// [`StatisticsFault`]
    pub fn finished_spans_due(&self, conn: &Connection, now: WallMs) -> Result<u64, StatisticsFault> {
        spans::due(conn, self.open_day(now))
    }

    fn open_day(&self, now: WallMs) -> i64 {
        day_of(Calendar::new(self.zone.clone()).slot(now, ClockGrade::A)) - SPAN_IS_FINISHED_AFTER_DAYS
    }

    /// Throws all roll-ups away and makes them again from the facts.
    ///
    /// # Errors
    /// [`StatisticsFault`]; roll the transaction back and [`Book::reload`].
    pub fn rebuild(&mut self, conn: &Connection) -> Result<(), StatisticsFault> {
        shelf::clear(conn)?;
        *self = Self::closed(self.zone.clone());
        self.take_rest(conn)?;
        self.flush(conn)
    }

    /// Entries of the book from `after` on (0: the first), in order, with their ids.
    ///
    /// # Errors
    /// [`StatisticsFault`]
    pub fn entries(conn: &Connection, after: i64, limit: u32) -> Result<Vec<(i64, Fact)>, StatisticsFault> {
        let sql = format!("SELECT {COLUMNS} FROM fact WHERE id > ?1 ORDER BY id LIMIT ?2");
        let mut statement = conn.prepare_cached(&sql)?;
        let mut rows = statement.query(params![after, limit])?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, fact) = StoredFact::read(row)?;
            out.push((id, spelled(conn, &fact)?));
        }
        Ok(out)
    }

    /// What of a visit stands now: entries whose opposite has not come, in order. At most one is expected.
    ///
    /// # Errors
    /// [`StatisticsFault`]
    pub fn standing(conn: &Connection, ledger: i64, visit: u64) -> Result<Vec<Fact>, StatisticsFault> {
        let sql = format!("SELECT {COLUMNS} FROM fact WHERE ledger = ?1 AND visit = ?2 ORDER BY id");
        let mut statement = conn.prepare_cached(&sql)?;
        let mut rows = statement.query(params![ledger, i64::try_from(visit).unwrap_or(i64::MAX)])?;
        let mut standing: Vec<StoredFact> = Vec::new();
        while let Some(row) = rows.next()? {
            let (_, fact) = StoredFact::read(row)?;
            let opposite = StoredFact { sign: -fact.sign, ..fact.clone() };
            match standing.iter().position(|f| *f == opposite) {
                Some(at) => drop(standing.remove(at)),
                None => standing.push(fact),
            }
        }
        if standing.is_empty() {
            return Ok(Vec::new());
        }
        standing.iter().map(|f| spelled(conn, f)).collect()
    }

    fn closed(zone: TimeZone) -> Self {
        Self {
            calendar: Calendar::new(zone.clone()),
            zone,
            names: Interned::default(),
            pending: HashMap::new(),
            pending_facts: 0,
            last_fact: 0,
        }
    }

    fn intern(&mut self, conn: &Connection, fact: &Fact) -> Result<StoredFact, StatisticsFault> {
        let names = &mut self.names;
        let hall = names.hall(conn, &fact.hall)?;
        let mut reasons = Vec::with_capacity(fact.reasons.len());
        for reason in &fact.reasons {
            let number = names.reason(conn, reason)?;
            if !reasons.contains(&number) {
                reasons.push(number);
            }
        }
        Ok(StoredFact {
            ledger: fact.ledger,
            visit: i64::try_from(fact.visit).unwrap_or(i64::MAX),
            sign: if fact.sign < 0 { -1 } else { 1 },
            wall: fact.wall,
            slot: self.calendar.slot(fact.wall, fact.grade),
            grade: fact.grade,
            hall,
            service_window: names.service_window(conn, &fact.hall, hall, &fact.service_window)?,
            staff: fact.staff.as_ref().map(|s| names.staff(conn, s)).transpose()?,
            item: fact.item.as_ref().map(|i| names.item(conn, i)).transpose()?,
            channel: fact.channel as u32,
            level: fact.level.map(|l| l.level()),
            flagged: fact.flagged,
            sample: fact.sample,
            reasons,
        })
    }

    fn note(&mut self, fact: &StoredFact, id: i64) {
        self.pending.entry((day_of(fact.slot), fact.hall)).or_default().add(fact);
        self.pending_facts += 1;
        self.last_fact = id;
    }

    /// Notes every fact beyond the last one known, flushing as it goes.
    fn take_rest(&mut self, conn: &Connection) -> Result<(), StatisticsFault> {
        let sql = format!("SELECT {COLUMNS} FROM fact WHERE id > ?1 ORDER BY id LIMIT ?2");
        let mut statement = conn.prepare_cached(&sql)?;
        loop {
            let mut rows = statement.query(params![self.last_fact, FLUSH_AFTER_FACTS as i64])?;
            let before = self.pending_facts;
            while let Some(row) = rows.next()? {
                let (id, fact) = StoredFact::read(row)?;
                self.note(&fact, id);
            }
            if self.pending_facts - before < FLUSH_AFTER_FACTS {
                return Ok(());
            }
            self.flush(conn)?;
        }
    }

    /// Puts every fact into its slot of another time zone.
    fn reslot(&mut self, conn: &Connection) -> Result<(), StatisticsFault> {
        let mut read = conn.prepare("SELECT id, wall, grade FROM fact WHERE id > ?1 ORDER BY id LIMIT 4096")?;
        let mut write = conn.prepare("UPDATE fact SET slot = ?2 WHERE id = ?1 AND slot <> ?2")?;
        let mut last = 0;
        loop {
            let mut slots = Vec::new();
            let mut rows = read.query([last])?;
            while let Some(row) = rows.next()? {
                let grade = grade_of(row.get(2)?)?;
                slots.push((row.get::<_, i64>(0)?, self.calendar.slot(WallMs(row.get(1)?), grade)));
            }
            match slots.last() {
                Some(&(id, _)) => last = id,
                None => return Ok(()),
            }
            for (id, slot) in slots {
                write.execute(params![id, slot])?;
            }
        }
    }
}

/// Which roll-ups there are: a book with others makes them anew when it is opened.
const ROLLUPS_VERSION: u32 = 2;

fn zone_name(zone: &TimeZone) -> String {
    let name = zone.iana_name().map_or_else(|| format!("{zone:?}"), str::to_owned);
    format!("{name} {ROLLUPS_VERSION}")
}

/// The fact that a row was made from.
fn spelled(conn: &Connection, fact: &StoredFact) -> Result<Fact, StatisticsFault> {
    let mut statement = conn.prepare_cached("SELECT code FROM fact_name WHERE id = ?1")?;
    let mut code = |number: u32| statement.query_row([number], |r| r.get::<_, String>(0));
    let window = code(fact.service_window)?;
    let window = window.split_once('/').map_or(window.as_str(), |(_, w)| w);
    let mut reasons = Vec::with_capacity(fact.reasons.len());
    for &reason in &fact.reasons {
        reasons.push(TagCode::new(&code(reason)?).map_err(damaged)?);
    }
    Ok(Fact {
        ledger: fact.ledger,
        visit: fact.visit.unsigned_abs(),
        sign: fact.sign,
        hall: HallId::new(&code(fact.hall)?).map_err(damaged)?,
        service_window: WindowId::new(window).map_err(damaged)?,
        staff: fact.staff.map(|s| StaffNo::new(&code(s)?).map_err(damaged)).transpose()?,
        item: fact.item.map(|i| ItemCode::new(&code(i)?).map_err(damaged)).transpose()?,
        channel: fact.channel()?,
        level: fact.satisfaction(),
        wall: fact.wall,
        grade: fact.grade,
        flagged: fact.flagged,
        reasons,
        sample: fact.sample,
    })
}

fn damaged(fault: InvalidId) -> StatisticsFault {
    StatisticsFault::Damaged(fault.to_string())
}

#[cfg(test)]
mod tests;
