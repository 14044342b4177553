//! The writer's side against its tables.

use super::*;
use crate::centre::statistics::SCHEMA;
use crate::centre::statistics::cell::RollupBy;
use crate::db::{Schema, open_in_memory};
use crate::domain::rating::{Channel, Satisfaction};
use crate::domain::time::ClockGrade;

const TABLES: Schema = Schema { application_id: 1, steps: &[SCHEMA] };

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

fn rollup(conn: &Connection, table: &str, by: RollupBy) -> (i64, i64, i64) {
    let sql = format!("SELECT total(n1+n2+n3+n4+n5), total(served), count(*) FROM {table} WHERE dim = ?1");
    conn.query_row(&sql, [by as u8], |r| Ok((r.get::<_, f64>(0)? as i64, r.get::<_, f64>(1)? as i64, r.get(2)?)))
        .unwrap()
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
    for table in ["rollup_hour", "rollup_day"] {
        assert_eq!(rollup(&conn, table, RollupBy::ServiceWindow), (1, 2, 1), "{table}");
        assert_eq!(rollup(&conn, table, RollupBy::Reason), (1, 1, 1), "an unrated visit has no reasons: {table}");
    }
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
    assert_eq!(rollup(&conn, "rollup_hour", RollupBy::Staff), (2, 2, 2));
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
    assert_eq!(rollup(&conn, "rollup_day", RollupBy::Hall), (3, 3, 1));
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
    assert_eq!(rollup(&conn, "rollup_hour", RollupBy::Hall), (2, 2, 1));
}

#[test]
fn another_time_zone_moves_the_hours_of_old_facts() {
    let conn = open_in_memory(&TABLES).unwrap();
    let mut book = Book::open(&conn, TimeZone::UTC).unwrap();
    book.append(&conn, &[fact(1, 5)]).unwrap();
    book.flush(&conn).unwrap();
    let slot = || conn.query_row("SELECT slot FROM rollup_hour WHERE dim = 0", [], |r| r.get::<_, i64>(0)).unwrap();
    let utc = slot();
    drop(Book::open(&conn, TimeZone::get("Asia/Shanghai").unwrap()).unwrap());
    // 2026-11-02T05:33Z is 13:33 in Shanghai.
    assert_eq!(slot() - utc, 8);
}
