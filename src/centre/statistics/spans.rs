//! Where sums of finished spans stand: eight days, months, four and eight months of one hall, each with its [`Sheet`]s.
//!
//! A question reads the longest spans that lie within its period and goes down to shorter ones, at last to days, where it
//! finds none. A span is made once it is over, of its days or of shorter spans; when a fact comes late for it, it is taken
//! away with all that it is part of, and is due again, so that what stands is always complete.

use rusqlite::{Connection, params};

use super::StatisticsFault;
use super::calendar::{date_of, day_number, month_of, weekday_of};
use super::cube::Cube;
use super::sheet::{self, Sheet, Sheets};
use super::shelf;
use super::whole::Whole;

/// How long a span is. The numbers stand in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Span {
    /// From the 1st, 9th, 17th or 25th of a month; the last one ends with the month.
    Days = 0,
    Month = 1,
    FourMonths = 2,
    EightMonths = 3,
}

impl Span {
    /// In the order in which they are made.
    pub const ALL: [Self; 4] = [Self::Days, Self::Month, Self::FourMonths, Self::EightMonths];

    /// Axes of its fullest sheets: of eight days, sheets of three have hardly fewer cells than there were visits.
    fn most_axes(self) -> u32 {
        if self == Self::Days { 2 } else { 3 }
    }

    /// The sheets that it has.
    fn sheets(self) -> impl Iterator<Item = Sheet> {
        Sheet::up_to(self.most_axes()).chain(self.has(Sheet::WHOLE).then_some(Sheet::WHOLE))
    }

    /// Whether it has a sheet.
    pub fn has(self, sheet: Sheet) -> bool {
        sheet.axes() <= self.most_axes() || (sheet == Sheet::WHOLE && self <= Self::Month)
    }

    /// The number of the span that a day lies in.
    pub fn of(self, day: i64) -> i64 {
        let month = month_of(day);
        match self {
            Self::Days => month * 4 + ((day - days_of_month(month).0) / 8).clamp(0, 3),
            Self::Month => month,
            Self::FourMonths => month.div_euclid(4),
            Self::EightMonths => month.div_euclid(8),
        }
    }

    /// First and last day; backward where no calendar holds it.
    pub fn days(self, number: i64) -> (i64, i64) {
        let months = |of: i64| (days_of_month(number * of).0, days_of_month(number * of + of - 1).1);
        match self {
            Self::Days => {
                let (first, last) = days_of_month(number.div_euclid(4));
                let begin = first + 8 * number.rem_euclid(4);
                (begin, if number.rem_euclid(4) == 3 { last } else { begin + 7 })
            }
            Self::Month => months(1),
            Self::FourMonths => months(4),
            Self::EightMonths => months(8),
        }
    }

    /// First and last number of those that lie wholly within some days; backward when there is none.
    pub fn within(self, (first, last): (i64, i64)) -> (i64, i64) {
        let (mut low, mut high) = (self.of(first), self.of(last));
        low += i64::from(self.days(low).0 < first);
        high -= i64::from(self.days(high).1 > last);
        (low, high)
    }

    /// Spans of which it is made; a span of days or a month is made of days.
    fn parts(self) -> Option<(Self, i64)> {
        match self {
            Self::Days | Self::Month => None,
            Self::FourMonths => Some((Self::Month, 4)),
            Self::EightMonths => Some((Self::FourMonths, 2)),
        }
    }
}

/// First and last day of a month; what a calendar does not hold has no days.
fn days_of_month(month: i64) -> (i64, i64) {
    let year = i16::try_from(month.div_euclid(12)).unwrap_or(i16::MAX);
    let number = i8::try_from(month.rem_euclid(12)).unwrap_or(0) + 1;
    match jiff::civil::Date::new(year, number, 1) {
        Ok(first) => (day_number(first), day_number(first.last_of_month())),
        Err(_) => (day_number(date_of(i64::MAX)), day_number(date_of(i64::MAX)) - 1),
    }
}

const NUMBER_BITS: u32 = 24;
const NUMBER_ZERO: i64 = 1 << (NUMBER_BITS - 1);

/// The row of a sheet: two bits of span, five of sheet, 32 of hall, 24 of number, so that a run of spans is one range.
fn id(span: Span, sheet: Sheet, hall: u32, number: i64) -> i64 {
    let number = (number + NUMBER_ZERO).clamp(0, 2 * NUMBER_ZERO - 1);
    let kind = i64::from(span as u8) << 5 | i64::from(sheet.code());
    kind << (32 + NUMBER_BITS) | i64::from(hall) << NUMBER_BITS | number
}

/// Hands out the sheets of a hall that stand, from the first to the last number.
pub fn scan(
    conn: &Connection,
    span: Span,
    sheet: Sheet,
    hall: u32,
    (first, last): (i64, i64),
    mut take: impl FnMut(i64, &[u8]) -> Result<(), StatisticsFault>,
) -> Result<(), StatisticsFault> {
    let mut find = conn.prepare_cached("SELECT id, cells FROM rollup_span WHERE id BETWEEN ?1 AND ?2 ORDER BY id")?;
    let mut rows = find.query([id(span, sheet, hall, first), id(span, sheet, hall, last)])?;
    while let Some(row) = rows.next()? {
        let number = (row.get::<_, i64>(0)? & (2 * NUMBER_ZERO - 1)) - NUMBER_ZERO;
        take(number, row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
    }
    Ok(())
}

/// A day of a hall counts something else now: its spans are taken away and due again.
///
/// # Errors
/// [`StatisticsFault`]
pub fn touch(conn: &Connection, hall: u32, day: i64) -> Result<(), StatisticsFault> {
    let mut due =
        conn.prepare_cached("INSERT OR IGNORE INTO rollup_span_due (span, number, hall) VALUES (?1, ?2, ?3)")?;
    let mut remove = conn.prepare_cached("DELETE FROM rollup_span WHERE id = ?1")?;
    for span in Span::ALL {
        let number = span.of(day);
        if due.execute(params![span as u8, number, hall])? == 0 {
            // Whatever it is part of is due as well.
            return Ok(());
        }
        for sheet in span.sheets() {
            remove.execute([id(span, sheet, hall, number)])?;
        }
    }
    Ok(())
}

/// Makes the spans that ended before a day and are due, at most `limit` of them. How many were made.
///
/// # Errors
/// [`StatisticsFault`]
pub fn finish(conn: &Connection, before: i64, limit: usize) -> Result<usize, StatisticsFault> {
    let mut made = 0;
    // The shorter ones first: the longer are made of them.
    for span in Span::ALL {
        let mut find = conn.prepare_cached(
            "SELECT number, hall FROM rollup_span_due WHERE span = ?1 AND number < ?2 ORDER BY number, hall LIMIT ?3",
        )?;
        let left = i64::try_from(limit - made).unwrap_or(i64::MAX);
        let due: Vec<(i64, u32)> = find
            .query_map(params![span as u8, span.of(before), left], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let mut done =
            conn.prepare_cached("DELETE FROM rollup_span_due WHERE span = ?1 AND number = ?2 AND hall = ?3")?;
        for &(number, hall) in &due {
            match span.parts() {
                None => make_of_days(conn, span, hall, number)?,
                Some((part, count)) => join(conn, span, hall, number, (part, count))?,
            }
            done.execute(params![span as u8, number, hall])?;
        }
        made += due.len();
        if made >= limit {
            break;
        }
    }
    Ok(made)
}

/// How many spans that ended before a day are still to be made.
///
/// # Errors
/// [`StatisticsFault`]
pub fn due(conn: &Connection, before: i64) -> Result<u64, StatisticsFault> {
    let mut count = conn.prepare_cached("SELECT count(*) FROM rollup_span_due WHERE span = ?1 AND number < ?2")?;
    let mut all = 0;
    for span in Span::ALL {
        all += count.query_row(params![span as u8, span.of(before)], |r| r.get::<_, i64>(0))?.unsigned_abs();
    }
    Ok(all)
}

/// Whether there is one.
///
/// # Errors
/// [`StatisticsFault`]
pub fn is_due(conn: &Connection, before: i64) -> Result<bool, StatisticsFault> {
    let mut look =
        conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM rollup_span_due WHERE span = ?1 AND number < ?2)")?;
    for span in Span::ALL {
        if look.query_row(params![span as u8, span.of(before)], |r| r.get(0))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Throws all spans away.
///
/// # Errors
/// [`StatisticsFault`]
pub fn clear(conn: &Connection) -> Result<(), StatisticsFault> {
    conn.execute("DELETE FROM rollup_span", [])?;
    conn.execute("DELETE FROM rollup_span_due", [])?;
    Ok(())
}

fn make_of_days(conn: &Connection, span: Span, hall: u32, number: i64) -> Result<(), StatisticsFault> {
    let (mut sheets, mut whole) = (Sheets::up_to(span.most_axes()), Whole::default());
    let mut cube = Cube::default();
    let days = span.days(number);
    shelf::scan(conn, shelf::Grain::Cube, hall, days, |day, bytes| {
        cube.read(bytes)?;
        sheets.add(&cube, weekday_of(day));
        if span.has(Sheet::WHOLE) {
            whole.add(&cube, u8::try_from(day - days.0 + 1).unwrap_or(0));
        }
        Ok(())
    })?;
    if span.has(Sheet::WHOLE) {
        put(conn, id(span, Sheet::WHOLE, hall, number), &whole.encode())?;
    }
    for (sheet, bytes) in sheets.encode() {
        put(conn, id(span, sheet, hall, number), &bytes)?;
    }
    Ok(())
}

fn join(
    conn: &Connection,
    span: Span,
    hall: u32,
    number: i64,
    (part, count): (Span, i64),
) -> Result<(), StatisticsFault> {
    let first = number * count;
    for sheet in Sheet::up_to(span.most_axes()) {
        let mut parts = Vec::new();
        scan(conn, part, sheet, hall, (first, first + count - 1), |_, bytes| {
            parts.push(bytes.to_vec());
            Ok(())
        })?;
        put(conn, id(span, sheet, hall, number), &sheet::join(sheet, &parts)?)?;
    }
    Ok(())
}

/// An empty row says that nothing was counted; a row that is missing, that nobody has looked.
fn put(conn: &Connection, id: i64, bytes: &[u8]) -> Result<(), StatisticsFault> {
    let mut write = conn.prepare_cached("INSERT OR REPLACE INTO rollup_span (id, cells) VALUES (?1, ?2)")?;
    write.execute(params![id, bytes])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> i64 {
        day_number(text.parse().unwrap())
    }

    #[test]
    fn each_day_lies_in_one_span_of_each_length_and_shorter_ones_fill_longer_ones() {
        let (first, last) = (day("2023-12-20"), day("2028-03-05"));
        for span in Span::ALL {
            let mut next = span.days(span.of(first)).0;
            for number in span.of(first)..=span.of(last) {
                let (begin, end) = span.days(number);
                assert_eq!(begin, next, "{span:?} {number}");
                assert!((begin..=end).all(|d| span.of(d) == number), "{span:?} {number}");
                next = end + 1;
            }
        }
        for number in Span::EightMonths.of(first)..=Span::EightMonths.of(last) {
            let of = |span: Span, number: i64| (span.days(number).0, span.days(number).1);
            assert_eq!(of(Span::EightMonths, number).0, of(Span::FourMonths, number * 2).0);
            assert_eq!(of(Span::EightMonths, number).1, of(Span::Month, number * 8 + 7).1);
        }
        assert_eq!(Span::Days.days(Span::Days.of(day("2028-02-29"))), (day("2028-02-25"), day("2028-02-29")));
        let (low, high) = Span::Month.days(i64::MAX / 16);
        assert!(high < low, "no such month");
    }

    #[test]
    fn only_whole_spans_lie_within_a_period() {
        let month = Span::Month.of(day("2026-03-01"));
        assert_eq!(Span::Month.within((day("2026-03-01"), day("2026-04-30"))), (month, month + 1));
        assert_eq!(Span::Month.within((day("2026-02-02"), day("2026-04-29"))), (month, month));
        let (low, high) = Span::Month.within((day("2026-03-02"), day("2026-03-30")));
        assert!(high < low);
        let whole = Span::Days.within((day("2026-03-02"), day("2026-03-30")));
        assert_eq!(whole, (month * 4 + 1, month * 4 + 2));
    }

    #[test]
    fn one_halls_spans_are_one_range_and_nobody_elses() {
        let at = |span, sheet, hall, number| id(span, sheet, hall, number);
        let (month, desk) = (Span::Month, Sheet::DESK);
        assert!(
            at(month, desk, 3, -9) < at(month, desk, 3, 0) && at(month, desk, 3, 9_000) < at(month, desk, 4, -9_000)
        );
        assert!(at(month, Sheet::PLAIN, u32::MAX, 9) < at(month, desk, 0, -9));
        let last = Sheet::up_to(5).next().unwrap();
        assert!(at(Span::Days, last, u32::MAX, 9) < at(month, Sheet::PLAIN, 0, -9));
        assert!(at(Span::EightMonths, last, u32::MAX, i64::MAX / 4) > 0, "no sign bit is touched");
    }
}
