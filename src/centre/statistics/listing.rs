//! Single facts in the order of their time, the latest first, page by page: what a figure is made of.

use jiff::civil::Date;
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};

use super::StatisticsFault;
use super::calendar::{SLOTS_PER_DAY, UNTIMED, date_of, day_number, weekday_of};
use super::names::Kind;
use super::stored::{COLUMNS, StoredFact};
use crate::domain::id::{HallId, ItemCode, StaffNo, TagCode, WindowId};
use crate::domain::rating::{Channel, Satisfaction};

/// What is listed. All of it must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// None: every hall.
    pub halls: Option<Vec<HallId>>,
    pub window: Option<(HallId, WindowId)>,
    pub staff: Option<Whose<StaffNo>>,
    pub item: Option<Whose<ItemCode>>,
    pub channel: Option<Channel>,
    pub from: Date,
    pub to: Date,
    /// 0 to 23; ratings without a trusted hour are in none.
    pub hour: Option<u8>,
    /// 1 Monday to 7 Sunday; neither are they in these.
    pub weekday: Option<u8>,
    pub level: Option<Satisfaction>,
    /// Among the reasons that were given.
    pub reason: Option<TagCode>,
    /// Only those that carry a signal, or only those that carry none.
    pub flagged: Option<bool>,
}

/// Somebody or something of that name, or ratings that name none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose<T> {
    Of(T),
    Nobody,
}

/// Where a page begins: behind this fact, in time and then in order of arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub slot: i64,
    pub id: i64,
}

/// A page of visits, each by its ledger and number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    pub visits: Vec<(i64, u64)>,
    pub next: Option<Cursor>,
}

/// Ratings that stand now, after `cursor`. Days are gone through one by one, so that `is_enough` (asked after each day) ends a
/// long search with a page that may be short and a cursor from which it goes on.
///
/// # Errors
/// [`StatisticsFault`].
pub fn list(
    conn: &Connection,
    listing: &Listing,
    cursor: Option<Cursor>,
    limit: usize,
    is_enough: impl Fn() -> bool,
) -> Result<Page, StatisticsFault> {
    let mut page = Page::default();
    let Some(wanted) = condition(conn, listing)? else { return Ok(page) };
    let (first, mut day) = (day_number(listing.from), day_number(listing.to));
    let mut behind = cursor;
    if let Some(cursor) = cursor {
        day = day.min(cursor.slot.div_euclid(SLOTS_PER_DAY));
    }
    while day >= first {
        let slots = (day * SLOTS_PER_DAY, day * SLOTS_PER_DAY + SLOTS_PER_DAY - 1);
        if listing.weekday.is_none_or(|w| i64::from(w) == weekday_of(day))
            && let Some(last) = one_day(conn, &wanted, slots, behind, limit, &mut page)?
        {
            page.next = Some(last);
            return Ok(page);
        }
        behind = None;
        if day > first && is_enough() {
            // Before everything of the day before.
            page.next = Some(Cursor { slot: slots.0 - 1, id: i64::MAX });
            return Ok(page);
        }
        day -= 1;
    }
    Ok(page)
}

/// The day on which a visit's fact stands; none if no rating of it stands.
///
/// # Errors
/// [`StatisticsFault`].
pub fn day_of(conn: &Connection, ledger: i64, visit: u64) -> Result<Option<Date>, StatisticsFault> {
    Ok(standing(conn, ledger, visit.cast_signed())?.map(|(_, fact)| date_of(fact.slot.div_euclid(SLOTS_PER_DAY))))
}

/// Takes one day's rows; the place to go on from, if the page is full.
fn one_day(
    conn: &Connection,
    Wanted { condition, values, reason }: &Wanted,
    (first, last): (i64, i64),
    behind: Option<Cursor>,
    limit: usize,
    page: &mut Page,
) -> Result<Option<Cursor>, StatisticsFault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM fact WHERE slot BETWEEN ?1 AND ?2 AND (slot < ?3 OR (slot = ?3 AND id < ?4))
         AND sign = 1 AND level IS NOT NULL {condition} ORDER BY slot DESC, id DESC"
    );
    let behind = behind.unwrap_or(Cursor { slot: last + 1, id: 0 });
    let head = [first, last, behind.slot, behind.id].map(Value::from);
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(head.iter().chain(values)))?;
    while let Some(row) = rows.next()? {
        let (id, fact) = StoredFact::read(row)?;
        if reason.is_some_and(|reason| !fact.given_reasons().contains(&reason)) {
            continue;
        }
        // What was taken back, or stands in another form, is listed where that form stands.
        if standing(conn, fact.ledger, fact.visit)?.is_some_and(|(standing, _)| standing == id) {
            page.visits.push((fact.ledger, fact.visit.cast_unsigned()));
            if page.visits.len() >= limit {
                return Ok(Some(Cursor { slot: fact.slot, id }));
            }
        }
    }
    Ok(None)
}

/// The fact of a visit whose opposite has not come, with its id.
fn standing(conn: &Connection, ledger: i64, visit: i64) -> Result<Option<(i64, StoredFact)>, StatisticsFault> {
    let sql = format!("SELECT {COLUMNS} FROM fact WHERE ledger = ?1 AND visit = ?2 ORDER BY id");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params![ledger, visit])?;
    let mut left: Vec<(i64, StoredFact)> = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, fact) = StoredFact::read(row)?;
        let opposite = StoredFact { sign: -fact.sign, ..fact.clone() };
        match left.iter().position(|(_, f)| *f == opposite) {
            Some(at) => drop(left.remove(at)),
            None => left.push((id, fact)),
        }
    }
    Ok(left.into_iter().rev().find(|(_, f)| f.sign > 0 && f.level.is_some()))
}

/// What a row must be, by the numbers that its texts have.
struct Wanted {
    /// Behind that of the day, with its values.
    condition: String,
    values: Vec<Value>,
    /// Rows hold several of them in one field.
    reason: Option<u32>,
}

/// None: nothing can match.
fn condition(conn: &Connection, listing: &Listing) -> Result<Option<Wanted>, StatisticsFault> {
    let number = |kind: Kind, code: &str| -> Result<Option<u32>, StatisticsFault> {
        use rusqlite::OptionalExtension as _;
        let mut find = conn.prepare_cached("SELECT id FROM fact_name WHERE kind = ?1 AND code = ?2")?;
        Ok(find.query_row(params![kind as u8, code], |r| r.get(0)).optional()?)
    };
    let mut named = Vec::new();
    if let Some((hall, window)) = &listing.window {
        named.push(("service_window", number(Kind::ServiceWindow, &format!("{hall}/{window}"))?));
    }
    if let Some(Whose::Of(staff)) = &listing.staff {
        named.push(("staff", number(Kind::Staff, staff.as_str())?));
    }
    if let Some(Whose::Of(item)) = &listing.item {
        named.push(("item", number(Kind::Item, item.as_str())?));
    }
    let (mut sql, mut values) = (String::new(), Vec::new());
    let mut hold = |column: &str, value: i64| {
        values.push(Value::from(value));
        // The four before them are those of the day.
        sql.push_str(&format!(" AND {column} = ?{}", values.len() + 4));
    };
    for (column, found) in named {
        let Some(found) = found else { return Ok(None) };
        hold(column, found.into());
    }
    let reason = match &listing.reason {
        None => None,
        Some(reason) => match number(Kind::Reason, reason.as_str())? {
            None => return Ok(None),
            found => found,
        },
    };
    let told = [
        ("channel", listing.channel.map(|channel| channel as i64)),
        ("level", listing.level.map(|level| level.level().into())),
        ("flagged", listing.flagged.map(i64::from)),
    ];
    told.into_iter()
        .filter_map(|(column, value)| Some((column, value?)))
        .for_each(|(column, value)| hold(column, value));
    if let Some(hour) = listing.hour {
        hold(&format!("slot % {SLOTS_PER_DAY}"), hour.into());
    }
    if listing.weekday.is_some() {
        sql.push_str(&format!(" AND slot % {SLOTS_PER_DAY} <> {UNTIMED}"));
    }
    let nobody = [("staff", listing.staff == Some(Whose::Nobody)), ("item", listing.item == Some(Whose::Nobody))];
    for (column, _) in nobody.into_iter().filter(|(_, asked)| *asked) {
        sql.push_str(&format!(" AND {column} IS NULL"));
    }
    if reason.is_some() {
        sql.push_str(" AND reasons IS NOT NULL");
    }
    if let Some(halls) = &listing.halls {
        let mut known = Vec::new();
        for hall in halls {
            known.extend(number(Kind::Hall, hall.as_str())?.map(|n| n.to_string()));
        }
        if known.is_empty() {
            return Ok(None);
        }
        sql.push_str(&format!(" AND hall IN ({})", known.join(",")));
    }
    Ok(Some(Wanted { condition: sql, values, reason }))
}

#[cfg(test)]
mod tests {
    use super::super::fact::Fact;
    use super::super::{Book, home_zone};
    use super::*;
    use crate::domain::rating::Channel;
    use crate::domain::time::{ClockGrade, WallMs};
    use jiff::civil::date;

    /// Monday 2 November 2026, 9:00 in China.
    const MORNING: i64 = 1_793_581_200_000;
    const DAY: i64 = 86_400_000;

    fn fact(visit: u64, level: u8, wall: i64) -> Fact {
        Fact {
            ledger: 1,
            visit,
            sign: 1,
            hall: HallId::new(if visit.is_multiple_of(5) { "H2" } else { "H1" }).unwrap(),
            service_window: WindowId::new("W01").unwrap(),
            staff: StaffNo::new(if visit.is_multiple_of(2) { "0002" } else { "0001" }).ok(),
            item: ItemCode::new("YB01").ok().filter(|_| visit.is_multiple_of(4)),
            channel: if visit.is_multiple_of(6) { Channel::Phone } else { Channel::Kiosk },
            level: Satisfaction::from_level(level),
            wall: WallMs(wall),
            grade: if visit.is_multiple_of(7) { ClockGrade::C } else { ClockGrade::B },
            flagged: visit.is_multiple_of(3),
            reasons: match visit % 4 {
                0 => vec![TagCode::new("slow").unwrap(), TagCode::new("rude").unwrap()],
                1 => vec![TagCode::new("rude").unwrap()],
                _ => vec![],
            },
            sample: false,
        }
    }

    fn book(facts: &[Fact]) -> Connection {
        let conn = crate::db::open_in_memory(&crate::centre::schema::SCHEMA).unwrap();
        let mut book = Book::open(&conn, home_zone()).unwrap();
        book.append(&conn, facts).unwrap();
        conn
    }

    fn everything() -> Listing {
        let (from, to) = (date(2026, 11, 1), date(2026, 11, 30));
        Listing {
            halls: None,
            window: None,
            staff: None,
            item: None,
            channel: None,
            from,
            to,
            hour: None,
            weekday: None,
            level: None,
            reason: None,
            flagged: None,
        }
    }

    fn all(conn: &Connection, listing: &Listing, limit: usize, is_enough: fn() -> bool) -> Vec<u64> {
        let (mut out, mut cursor) = (Vec::new(), None);
        for _ in 0..1_000 {
            let page = list(conn, listing, cursor, limit, is_enough).unwrap();
            assert!(page.visits.len() <= limit);
            out.extend(page.visits.iter().map(|(_, visit)| *visit));
            match page.next {
                Some(next) => cursor = Some(next),
                None => return out,
            }
        }
        panic!("the pages do not end");
    }

    #[test]
    fn pages_of_any_length_list_each_standing_rating_once() {
        // Several an hour, over eight days, not in order.
        let facts: Vec<Fact> =
            (1..=60).map(|n| fact(n, 1 + (n % 5) as u8, MORNING + (n as i64 * 7 % 8) * DAY)).collect();
        let conn = book(&facts);
        let whole = all(&conn, &everything(), 1_000, || false);
        let mut sorted = whole.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (1..=60).collect::<Vec<_>>());
        for limit in [1, 2, 7, 59, 60] {
            assert_eq!(all(&conn, &everything(), limit, || false), whole, "{limit} a page");
            assert_eq!(all(&conn, &everything(), limit, || true), whole, "{limit} a page, a day at a time");
        }
    }

    #[test]
    fn what_was_taken_back_is_listed_as_it_stands_now() {
        let before = fact(1, 1, MORNING);
        let back = Fact { sign: -1, ..before.clone() };
        let after = fact(1, 5, MORNING);
        let gone = fact(2, 3, MORNING);
        let conn = book(&[before, gone.clone(), back, after, Fact { sign: -1, ..gone }]);
        let of = |level| all(&conn, &Listing { level: Satisfaction::from_level(level), ..everything() }, 9, || false);
        assert_eq!((of(1), of(5), of(3)), (vec![], vec![1], vec![]));
        assert_eq!(day_of(&conn, 1, 1).unwrap(), Some(date(2026, 11, 2)));
        assert_eq!(day_of(&conn, 1, 2).unwrap(), None);
    }

    #[test]
    fn every_filter_holds_and_names_that_nobody_knows_match_nothing() {
        const HOUR: i64 = 3_600_000;
        let wall = |n: i64| MORNING + n % 8 * DAY + n % 3 * HOUR;
        let facts: Vec<Fact> = (1..=60).map(|n| fact(n, 1 + (n % 5) as u8, wall(n as i64))).collect();
        let conn = book(&facts);
        let tag = |code: &str| TagCode::new(code).ok();
        let is_timed = |n: u64| !n.is_multiple_of(7);
        let hall = |id: &str| HallId::new(id).unwrap();
        let cases: [(Listing, &dyn Fn(u64) -> bool); 16] = [
            (Listing { halls: Some(vec![hall("H2")]), ..everything() }, &|n| n % 5 == 0),
            (Listing { halls: Some(vec![]), ..everything() }, &|_| false),
            (Listing { window: Some((hall("H1"), WindowId::new("W01").unwrap())), ..everything() }, &|n| n % 5 != 0),
            (Listing { staff: StaffNo::new("0002").ok().map(Whose::Of), ..everything() }, &|n| n % 2 == 0),
            (Listing { staff: StaffNo::new("9999").ok().map(Whose::Of), ..everything() }, &|_| false),
            (Listing { staff: Some(Whose::Nobody), ..everything() }, &|_| false),
            (Listing { item: ItemCode::new("YB01").ok().map(Whose::Of), ..everything() }, &|n| n % 4 == 0),
            (Listing { item: Some(Whose::Nobody), ..everything() }, &|n| n % 4 != 0),
            (Listing { channel: Some(Channel::Phone), ..everything() }, &|n| n % 6 == 0),
            (Listing { reason: tag("slow"), ..everything() }, &|n| n % 4 == 0),
            (Listing { reason: tag("rude"), ..everything() }, &|n| n % 4 < 2),
            (Listing { reason: tag("noise"), ..everything() }, &|_| false),
            (Listing { hour: Some(10), ..everything() }, &|n| n % 3 == 1 && is_timed(n)),
            // The second of November was a Monday.
            (Listing { weekday: Some(2), ..everything() }, &|n| n % 8 == 1 && is_timed(n)),
            (Listing { flagged: Some(true), ..everything() }, &|n| n % 3 == 0),
            (Listing { from: date(2026, 11, 3), to: date(2026, 11, 3), ..everything() }, &|n| n % 8 == 1),
        ];
        for (listing, holds) in cases {
            let mut found = all(&conn, &listing, 13, || false);
            found.sort_unstable();
            assert_eq!(found, (1..=60).filter(|n| holds(*n)).collect::<Vec<_>>(), "{listing:?}");
        }
    }
}
