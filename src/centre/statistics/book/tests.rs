//! The writer's side against its tables.

use super::*;
use crate::centre::statistics::cell::Axis;
use crate::centre::statistics::face::{self, Face};
use crate::centre::statistics::sheet::{Reading, Sheet};
use crate::centre::statistics::shelf::Grain;
use crate::centre::statistics::spans::Span;
use crate::centre::statistics::{ASIDE, ROLLUPS, SCHEMA, SPANS};
use crate::db::{Schema, open_in_memory};
use crate::domain::rating::{Channel, Satisfaction};
use crate::domain::time::ClockGrade;

const TABLES: Schema = Schema { application_id: 1, steps: &[SCHEMA, ROLLUPS, SPANS, ASIDE] };

fn fact(visit: u64, level: u8) -> Fact {
    Fact {
        ledger: 1,
        visit,
        sign: 1,
        hall: HallId::new("H1").unwrap(),
        service_window: WindowId::new("W03").unwrap(),
        staff: Some(StaffNo::new("0027").unwrap()),
        item: None,
        channel: Channel::Kiosk,
        level: Satisfaction::from_level(level),
        wall: WallMs(1_793_600_000_000),
        grade: ClockGrade::A,
        flagged: false,
        reasons: vec![TagCode::new("slow").unwrap()],
        sample: false,
    }
}

/// Ratings, visits and cells of hall 1's face of one axis, over all days.
fn rollup(conn: &Connection, axis: Axis) -> (i64, i64, i64) {
    let face = Face(axis, None);
    let (mut rated, mut served, mut cells) = (0, 0, 0);
    shelf::scan(conn, Grain::Day(face), 1, (0, 100_000), |_, bytes| {
        face::read(bytes, false, |_, _, _, cell| {
            let cell = cell.cell();
            (rated, served, cells) = (rated + cell.rated(), served + cell.served, cells + 1);
        })
    })
    .unwrap();
    (rated, served, cells)
}

#[test]
fn a_flush_waits_for_its_count_and_moves_the_watermark_with_the_sums() {
    let conn = open_in_memory(&TABLES).unwrap();
    let mut book = Book::open(&conn, TimeZone::UTC).unwrap();
    book.append(&conn, &[fact(1, 5), fact(2, 0)]).unwrap();
    assert!(!book.flush_if_full(&conn).unwrap());
    assert_eq!(book.pending(), 2);
    book.flush(&conn).unwrap();
    assert_eq!(book.pending(), 0);
    assert_eq!(rollup(&conn, Axis::ServiceWindow), (1, 2, 1));
    assert_eq!(rollup(&conn, Axis::Reason), (1, 1, 1), "an unrated visit has no reasons");
    let mark: i64 = conn.query_row("SELECT fact FROM rollup_mark", [], |r| r.get(0)).unwrap();
    assert_eq!(mark, 2);
    let many: Vec<Fact> = (3..3 + FLUSH_AFTER_FACTS).map(|v| fact(v, 4)).collect();
    book.append(&conn, &many).unwrap();
    assert!(book.flush_if_full(&conn).unwrap());
}

#[test]
fn after_a_rollback_the_book_counts_nothing_of_it() {
    let mut conn = open_in_memory(&TABLES).unwrap();
    let mut book = Book::open(&conn, TimeZone::UTC).unwrap();
    book.append(&conn, &[fact(1, 5)]).unwrap();
    let tx = conn.transaction().unwrap();
    book.append(&tx, &[fact(2, 1), Fact { staff: Some(StaffNo::new("0099").unwrap()), ..fact(3, 1) }]).unwrap();
    book.flush(&tx).unwrap();
    tx.rollback().unwrap();
    book.reload(&conn).unwrap();
    book.append(&conn, &[Fact { staff: Some(StaffNo::new("0099").unwrap()), ..fact(4, 5) }]).unwrap();
    book.flush(&conn).unwrap();
    assert_eq!(rollup(&conn, Axis::Staff), (2, 2, 2));
    let names: i64 = conn.query_row("SELECT count(*) FROM fact_name WHERE code = '0099'", [], |r| r.get(0)).unwrap();
    assert_eq!(names, 1);
}

#[test]
fn a_crash_loses_no_delta_and_doubles_none() {
    let conn = open_in_memory(&TABLES).unwrap();
    let mut book = Book::open(&conn, TimeZone::UTC).unwrap();
    book.append(&conn, &[fact(1, 5), fact(2, 3)]).unwrap();
    book.flush(&conn).unwrap();
    book.append(&conn, &[fact(3, 1)]).unwrap();
    drop(book);
    let mut book = Book::open(&conn, TimeZone::UTC).unwrap();
    book.flush(&conn).unwrap();
    drop(Book::open(&conn, TimeZone::UTC).unwrap());
    assert_eq!(rollup(&conn, Axis::Hours), (3, 3, 1));
}

#[test]
fn a_changed_mind_leaves_the_new_entry_standing() {
    let conn = open_in_memory(&TABLES).unwrap();
    let mut book = Book::open(&conn, TimeZone::UTC).unwrap();
    let (first, second) = (fact(7, 1), fact(7, 4));
    book.append(&conn, &[first.clone(), Fact { sign: -1, ..first }, second.clone(), fact(8, 5)]).unwrap();
    assert_eq!(Book::standing(&conn, 1, 7).unwrap(), [second]);
    assert_eq!(Book::standing(&conn, 2, 7).unwrap(), []);
    book.flush(&conn).unwrap();
    assert_eq!(rollup(&conn, Axis::Hours), (2, 2, 1));
}

#[test]
fn another_time_zone_moves_the_hours_of_old_facts() {
    let conn = open_in_memory(&TABLES).unwrap();
    let mut book = Book::open(&conn, TimeZone::UTC).unwrap();
    book.append(&conn, &[fact(1, 5)]).unwrap();
    book.flush(&conn).unwrap();
    let hour = || {
        let mut hours = Vec::new();
        let grain = Grain::Day(Face(Axis::Hours, None));
        shelf::scan(&conn, grain, 1, (0, 100_000), |_, bytes| {
            face::read(bytes, false, |key, _, _, _| hours.push(Face::hours_of(key)))
        })
        .unwrap();
        hours
    };
    // 2026-11-02, a Monday, 06:13Z is 14:13 in Shanghai.
    assert_eq!(hour(), [(1, 6)]);
    drop(Book::open(&conn, TimeZone::get("Asia/Shanghai").unwrap()).unwrap());
    assert_eq!(hour(), [(1, 14)]);
}

#[test]
fn a_finished_month_is_summed_once_and_again_when_a_fact_comes_late() {
    let conn = open_in_memory(&TABLES).unwrap();
    let mut book = Book::open(&conn, TimeZone::UTC).unwrap();
    let months = || {
        let mut rated = Vec::new();
        spans::scan(&conn, Span::Month, Sheet::PLAIN, 1, (0, 100_000), |_, bytes| {
            let mut read = Reading::open(Sheet::PLAIN, bytes)?;
            let mut sum = 0;
            while read.next_run()?.is_some() {
                while read.next_desk()?.is_some() {
                    sum += read.cell()?.rated();
                }
            }
            rated.push(sum);
            Ok(())
        })
        .unwrap();
        rated
    };
    let day = 86_400_000;
    let later = |days: i64| fact(1, 5).wall.plus_ms(days * day);
    book.append(&conn, &[fact(1, 5), Fact { wall: later(20), ..fact(2, 4) }]).unwrap();
    book.flush(&conn).unwrap();
    assert_eq!(book.finish_spans(&conn, later(20), 9).unwrap(), 1, "the first eight days of November are over");
    assert_eq!(months(), [0; 0]);
    assert_eq!(book.finish_spans(&conn, later(40), 1).unwrap(), 1, "its other days come first");
    assert_eq!(book.finish_spans(&conn, later(40), 9).unwrap(), 1);
    assert_eq!(book.finish_spans(&conn, later(40), 9).unwrap(), 0, "once");
    assert_eq!(months(), [2]);
    book.append(&conn, &[fact(3, 1)]).unwrap();
    book.flush(&conn).unwrap();
    assert_eq!(months(), [0; 0], "what is no longer complete does not stand");
    book.finish_spans(&conn, later(40), 9).unwrap();
    assert_eq!(months(), [3]);
    assert_eq!(book.finished_spans_due(&conn, later(400)).unwrap(), 2, "four and eight months are not over yet");
}

#[test]
fn a_file_from_before_spans_has_all_of_them_to_make() {
    let conn = open_in_memory(&TABLES).unwrap();
    let mut book = Book::open(&conn, TimeZone::UTC).unwrap();
    let later = |days: i64| fact(1, 5).wall.plus_ms(days * 86_400_000);
    for visit in 0..60 {
        let hall = HallId::new(["H1", "H2"][visit % 2]).unwrap();
        let wall = later(i64::try_from(visit).unwrap() * 11 - 200);
        book.append(&conn, &[Fact { hall, wall, ..fact(visit as u64, 5) }]).unwrap();
    }
    book.flush(&conn).unwrap();
    let due = || {
        let mut all = conn.prepare("SELECT span, number, hall FROM rollup_span_due ORDER BY 1, 2, 3").unwrap();
        let rows = all.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).unwrap();
        rows.collect::<Result<Vec<(i64, i64, i64)>, _>>().unwrap()
    };
    let fresh = due();
    assert!(fresh.len() > 80, "{}", fresh.len());
    conn.execute_batch("DROP TABLE rollup_span; DROP TABLE rollup_span_due; CREATE TABLE rollup_due (month INTEGER);")
        .unwrap();
    conn.execute("INSERT INTO rollup VALUES (?1, x'')", [70_i64 << 56]).unwrap();
    conn.execute_batch(SPANS).unwrap();
    assert_eq!(due(), fresh);
    let months: i64 = conn.query_row("SELECT count(*) FROM rollup WHERE id >= 64 << 56", [], |r| r.get(0)).unwrap();
    assert_eq!(months, 0);
}
