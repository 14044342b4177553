//! The day so far as a feed of blocks: each sums up enough ratings that no single one can be told from it.
//!
//! Facts are taken in the order in which they arrived, from the day's first one on, so that a block that was shown never
//! changes and never moves: comparing two looks at the feed gives nothing away. What does not fill a block yet is not
//! shown. **Invariant of absence:** no block has fewer ratings than the group it was asked for.

use jiff::civil::Date;
use rusqlite::{Connection, params};

use super::calendar::{SLOTS_PER_DAY, UNTIMED, day_number};
use super::cell::{Axis, Cell, NOBODY};
use super::criteria::Criteria;
use super::names::NamesRead;
use super::stored::{COLUMNS, StoredFact};
use super::{AskFault, Scope, StatisticsFault};
use crate::domain::query::{LevelCounts, Order, Query, Rate};
use crate::domain::time::WallMs;

/// A block covers at least so long; a busy hall fills it with more than the least group.
const LEAST_MS: i64 = 10 * 60_000;
/// Facts of one day that are read; those beyond are not shown.
const MAX_FACTS: i64 = 200_000;

/// Ratings and visits that arrived one after another.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    pub first: WallMs,
    pub last: WallMs,
    pub n: u64,
    pub levels: LevelCounts,
    /// 满意率
    pub satisfied: Option<Rate>,
    pub served: u64,
}

/// The day's full blocks, the latest first; at most `limit`. `group`: the least ratings of one.
///
/// # Errors
/// [`AskFault::Tables`].
pub fn live(
    conn: &Connection,
    names: &NamesRead,
    day: Date,
    scope: &Scope,
    group: u64,
    limit: usize,
) -> Result<Vec<Block>, AskFault> {
    let names = names.of(conn).map_err(StatisticsFault::from)?;
    let filters = Vec::new();
    let query = Query { by: None, from: day, to: day, filters, order: Order::Key, min_n: 3, unflagged_only: false };
    let criteria = Criteria::new(&query, scope, &names)?;
    if criteria.nodes(Axis::Hall).is_some_and(std::collections::BTreeSet::is_empty) {
        return Ok(Vec::new());
    }
    let mut blocks = read(conn, day, &criteria, group)?;
    blocks.reverse();
    blocks.truncate(limit);
    Ok(blocks)
}

fn read(conn: &Connection, day: Date, criteria: &Criteria, group: u64) -> Result<Vec<Block>, StatisticsFault> {
    let first = day_number(day) * SLOTS_PER_DAY;
    let last = first + UNTIMED - 1;
    let begins: Option<i64> = conn
        .prepare_cached("SELECT min(id) FROM fact WHERE slot BETWEEN ?1 AND ?2")?
        .query_row(params![first, last], |r| r.get(0))?;
    let Some(begins) = begins else { return Ok(Vec::new()) };
    // Row by row from there: the day's facts lie together, and need no sorting.
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM fact WHERE id >= ?1 AND +slot BETWEEN ?2 AND ?3 ORDER BY id LIMIT ?4"
    ))?;
    let mut rows = statement.query(params![begins, first, last, MAX_FACTS])?;
    let (mut blocks, mut open) = (Vec::new(), Open::default());
    while let Some(row) = rows.next()? {
        let (_, fact) = StoredFact::read(row)?;
        let of_asker = criteria.node_passes(Axis::Staff, fact.staff.unwrap_or(NOBODY));
        if of_asker && criteria.node_passes(Axis::Hall, fact.hall) {
            open.take(&fact);
            blocks.extend(open.close(group.max(1)));
        }
    }
    Ok(blocks)
}

/// A block that is being filled.
#[derive(Debug, Default)]
struct Open {
    sums: Cell,
    span: Option<(WallMs, WallMs)>,
}

impl Open {
    fn take(&mut self, fact: &StoredFact) {
        self.sums.served += i64::from(fact.sign);
        if let Some(level) = fact.satisfaction() {
            let at = usize::from(level.level()) - 1;
            self.sums.levels[at] += i64::from(fact.sign);
        }
        let (first, last) = self.span.unwrap_or((fact.wall, fact.wall));
        self.span = Some((first.min(fact.wall), last.max(fact.wall)));
    }

    fn close(&mut self, group: u64) -> Option<Block> {
        let (first, last) = self.span?;
        let [n1, n2, n3, n4, n5] = self.sums.levels.map(|n| u64::try_from(n).unwrap_or(0));
        let n = n1 + n2 + n3 + n4 + n5;
        // A mind that changed after its first rating was shown makes a level negative here: wait until it evens out.
        if n < group || last.since_ms(first) < LEAST_MS || self.sums.levels.iter().any(|&l| l < 0) {
            return None;
        }
        let levels = LevelCounts {
            very_satisfied: n5,
            satisfied: n4,
            basically_satisfied: n3,
            dissatisfied: n2,
            very_dissatisfied: n1,
        };
        let served = u64::try_from(self.sums.served).unwrap_or(0).max(n);
        *self = Self::default();
        Some(Block { first, last, n, levels, satisfied: Rate::wilson(n3 + n4 + n5, n), served })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::schema::SCHEMA;
    use crate::centre::statistics::Book;
    use crate::centre::statistics::dice::Dice;
    use crate::centre::statistics::fact::Fact;
    use crate::db::open_in_memory;
    use crate::domain::id::{HallId, WindowId};
    use crate::domain::rating::{Channel, Satisfaction};
    use crate::domain::time::ClockGrade;

    const DAY: Date = Date::constant(2026, 11, 24);
    /// 2026-11-24T01:00:00Z, 9:00 in Shanghai.
    const NINE: i64 = 1_795_482_000_000;

    fn fact(visit: u64, minute: i64, level: Option<u8>, hall: &str) -> Fact {
        Fact {
            ledger: 1,
            visit,
            sign: 1,
            hall: HallId::new(hall).unwrap(),
            service_window: WindowId::new("W01").unwrap(),
            staff: None,
            item: None,
            channel: Channel::Kiosk,
            level: level.and_then(Satisfaction::from_level),
            wall: WallMs(NINE + minute * 60_000),
            grade: ClockGrade::A,
            flagged: false,
            reasons: vec![],
            sample: false,
        }
    }

    struct Desk {
        conn: Connection,
        book: Book,
    }

    impl Desk {
        fn new() -> Self {
            let conn = open_in_memory(&SCHEMA).unwrap();
            let book = Book::open(&conn, jiff::tz::TimeZone::get("Asia/Shanghai").unwrap()).unwrap();
            Self { conn, book }
        }

        fn enter(&mut self, fact: &Fact) {
            self.book.append(&self.conn, std::slice::from_ref(fact)).unwrap();
        }

        fn blocks(&self, group: u64) -> Vec<Block> {
            live(&self.conn, &NamesRead::default(), DAY, &Scope::default(), group, 1_000).unwrap()
        }
    }

    #[test]
    fn no_block_is_small_and_none_that_was_shown_ever_changes() {
        let (mut desk, mut dice) = (Desk::new(), Dice::new(7));
        let mut shown: Vec<Block> = Vec::new();
        for visit in 0..400 {
            let level = (dice.below(3) > 0).then(|| 1 + dice.below(5) as u8);
            let first = fact(visit, i64::try_from(visit).unwrap(), level, "H1");
            desk.enter(&first);
            if level.is_some() && dice.below(5) == 0 {
                desk.enter(&Fact { sign: -1, ..first.clone() });
                desk.enter(&Fact { level: Satisfaction::from_level(1 + dice.below(5) as u8), ..first });
            }
            let mut now = desk.blocks(5);
            now.reverse();
            assert!(now.iter().all(|b| b.n >= 5 && b.last.since_ms(b.first) >= LEAST_MS), "{now:#?}");
            assert_eq!(now[..shown.len()], shown[..], "after visit {visit}");
            shown = now;
        }
        assert!(shown.len() > 20, "{}", shown.len());
        assert!(shown.iter().all(|b| b.served >= b.n));
    }

    #[test]
    fn other_halls_days_and_clocks_stay_out_of_it() {
        let mut desk = Desk::new();
        for visit in 0..40 {
            let minute = i64::try_from(visit).unwrap();
            desk.enter(&fact(visit, minute, Some(5), "H1"));
            desk.enter(&fact(1_000 + visit, minute, Some(1), "H2"));
            desk.enter(&fact(2_000 + visit, minute - 24 * 60, Some(2), "H1"));
            desk.enter(&Fact { grade: ClockGrade::C, ..fact(3_000 + visit, minute, Some(2), "H1") });
        }
        let of = |hall: &str| {
            let scope = Scope { halls: Some(vec![HallId::new(hall).unwrap()]), ..Scope::default() };
            live(&desk.conn, &NamesRead::default(), DAY, &scope, 5, 3).unwrap()
        };
        let blocks = of("H1");
        assert_eq!(blocks.len(), 3);
        assert!(blocks[0].first > blocks[1].last, "the latest stands first");
        assert!(blocks.iter().all(|b| b.levels.very_satisfied == b.n && b.satisfied.unwrap().value == 1.0));
        assert!(of("H3").is_empty(), "a hall without figures is not the whole of them");
    }
}
