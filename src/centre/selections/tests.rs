//! The acts over a store: what stands on the board, in the log, and in what is frozen.

use std::sync::Arc;

use jiff::civil::{Date, date};
use rusqlite::Connection;

use super::acts::{Acting, Refused, object_in_public};
use super::{recompute, store};
use crate::centre::access::samples::somebody;
use crate::centre::access::{Reach, Who};
use crate::centre::audit;
use crate::centre::hall::kinds::Grant;
use crate::centre::hall::sitting::Sitting;
use crate::centre::hall::store as halls;
use crate::centre::schema::SCHEMA;
use crate::domain::appraisal::Source;
use crate::domain::board::Board;
use crate::domain::id::HallId;
use crate::domain::role::Role;
use crate::domain::selection::story::{candidates, mark, staff, terms};
use crate::domain::selection::{self as rules, Nomination, Objecting, Objector, State};
use crate::domain::time::WallMs;
use crate::domain::workdays::WorkingCalendar;

const NOW: WallMs = WallMs(1_796_000_000_000);
const TODAY: Date = date(2026, 12, 1);
const AFTER: Date = date(2026, 12, 9);

fn who(account: i64, role: Role) -> Arc<Who> {
    Arc::new(Who { account, name: format!("账号 {account}"), ..somebody(role) })
}

fn acting<T>(tx: &Connection, who: &Arc<Who>, today: Date, act: impl FnOnce(&Acting<'_>) -> T) -> T {
    let calendar = WorkingCalendar::default();
    act(&Acting::new(tx, NOW, today, &calendar, Arc::clone(who)))
}

/// The sample hall, led by the store.
fn taken_over() -> (Connection, Board) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/kiosk-config/board.toml");
    let board = crate::config::board::load(path.as_ref(), None).unwrap();
    let conn = crate::db::open_in_memory(&SCHEMA).unwrap();
    Sitting::take_over(&conn, &board, None, who(9, Role::SystemAdmin), NOW, TODAY).unwrap().close().unwrap();
    (conn, board)
}

const KEEPER: i64 = 1;

/// A selection of the hall's first two people, computed: the first of them is ahead.
fn computed(conn: &Connection, board: &Board) -> i64 {
    let keeper = who(KEEPER, Role::HallSupervisor);
    let numbers: Vec<&str> = board.staff.iter().take(2).map(|s| s.staff_no.as_str()).collect();
    let marks: Vec<_> = numbers
        .iter()
        .zip([97.0, 80.0])
        .map(|(no, score)| mark(&staff(no), Source::PublicAppraisal, (score, score - 1.0, score + 1.0), 100))
        .collect();
    let id = acting(conn, &keeper, TODAY, |a| a.call(rules::Terms { quorum: 1, ..terms() })).unwrap();
    acting(conn, &keeper, TODAY, |a| a.compute(id, candidates(&numbers), &marks)).unwrap();
    id
}

fn noticed(conn: &Connection, board: &Board) -> i64 {
    let (id, keeper) = (computed(conn, board), who(KEEPER, Role::HallSupervisor));
    let first = staff(board.staff[0].staff_no.as_str());
    let list = Nomination { nominees: vec![(first, String::new())], passed_over: Vec::new() };
    acting(conn, &keeper, TODAY, |a| a.nominate(id, &list)).unwrap();
    assert_eq!(acting(conn, &keeper, TODAY, |a| a.put_up(id)).unwrap(), date(2026, 12, 8));
    id
}

fn shown(conn: &Connection, day: Date) -> Board {
    halls::load(conn, &HallId::new("QL01").unwrap()).unwrap().unwrap().board(day)
}

#[test]
fn an_award_is_a_badge_on_the_board_and_goes_when_it_is_revoked() {
    let (conn, board) = taken_over();
    let id = noticed(&conn, &board);
    let (leader, first) = (who(7, Role::Leader), staff(board.staff[0].staff_no.as_str()));
    let notice = format!("selection-{id}");
    let on_board = shown(&conn, TODAY).notices.into_iter().find(|n| n.id.as_str() == notice).unwrap();
    assert_eq!((on_board.from, on_board.until), (TODAY, date(2026, 12, 8)));
    let refused = acting(&conn, &leader, TODAY, |a| a.vote(id, true, ""));
    assert!(matches!(refused, Err(Refused::Step(rules::Refused::NoticeRuns(_)))));
    acting(&conn, &leader, AFTER, |a| a.vote(id, true, "")).unwrap();
    acting(&conn, &leader, AFTER, |a| a.award(id, "领导小组", "2026 年 11 月", date(2027, 2, 28))).unwrap();
    let badges = |conn: &Connection| {
        let honours = shown(conn, AFTER).staff[0].honours.clone();
        honours.into_iter().filter(|h| h.issuer == "领导小组" && h.period == "2026 年 11 月").count()
    };
    assert_eq!(badges(&conn), 1);
    acting(&conn, &leader, AFTER, |a| a.revoke(id, &first, "查实")).unwrap();
    assert_eq!(badges(&conn), 0);
    let kept = store::one(&conn, id).unwrap().unwrap();
    let grant = kept.selection.awards()[0].grant.clone().unwrap();
    let hall = halls::load(&conn, first.hall()).unwrap().unwrap();
    assert!(hall.find::<Grant>(grant.as_str()).unwrap().retired_on.is_some(), "its history stays");
    let log = audit::verify(&conn).unwrap();
    assert!(log.broken.is_empty() && log.lines >= 9);
    assert_eq!(store::events(&conn, id).unwrap().len(), 7);
}

#[test]
fn an_upheld_objection_of_the_public_leaves_the_board_and_its_contact_is_erased_at_the_end() {
    let (conn, board) = taken_over();
    let id = noticed(&conn, &board);
    let first = staff(board.staff[0].staff_no.as_str());
    let objecting = || Objecting {
        objector: Objector::Public,
        about: first.clone(),
        text: "当日并不在岗".to_owned(),
        has_contact: true,
    };
    let hall = first.hall().clone();
    let object = |day| object_in_public(&conn, (id, &hall), objecting(), |_| Some(vec![7; 40]), NOW, day);
    assert_eq!(object(TODAY).unwrap(), 1);
    assert!(matches!(object(AFTER), Err(Refused::NotFound)), "the notice is over");
    let name = format!("工号 {}", board.staff[0].staff_no);
    let text = |conn: &Connection| shown(conn, TODAY).notices.iter().map(|n| n.text.zh.clone()).collect::<String>();
    assert!(text(&conn).contains(&name));
    let officer = who(4, Role::FollowUpOfficer);
    assert_eq!(acting(&conn, &officer, TODAY, |a| a.open_contact(id, 1)).unwrap(), vec![7; 40]);
    let (keeper, leader) = (who(KEEPER, Role::HallSupervisor), who(7, Role::Leader));
    let early = acting(&conn, &leader, AFTER, |a| a.vote(id, false, "有异议"));
    assert!(matches!(early, Err(Refused::Step(rules::Refused::Unanswered(1)))));
    acting(&conn, &keeper, TODAY, |a| a.answer(id, 1, true, "属实")).unwrap();
    assert!(!text(&conn).contains(&format!("拟表彰：{name}")), "{}", text(&conn));
    acting(&conn, &leader, AFTER, |a| a.vote(id, false, "无人符合")).unwrap();
    assert_eq!(store::one(&conn, id).unwrap().unwrap().selection.state(), State::Declined);
    assert!(matches!(acting(&conn, &officer, AFTER, |a| a.open_contact(id, 1)), Err(Refused::NotFound)));
}

#[test]
fn a_hall_that_its_file_leads_must_be_taken_over_before_a_badge_is_given() {
    let (led, board) = taken_over();
    let conn = crate::db::open_in_memory(&SCHEMA).unwrap();
    drop(led);
    let id = noticed(&conn, &board);
    let leader = who(7, Role::Leader);
    acting(&conn, &leader, AFTER, |a| a.vote(id, true, "")).unwrap();
    let refused = acting(&conn, &leader, AFTER, |a| a.award(id, "局", "11 月", date(2027, 2, 28)));
    assert!(matches!(refused, Err(Refused::FileLed(hall)) if hall.as_str() == "QL01"));
}

#[test]
fn what_lies_outside_the_reach_does_not_exist_and_auditors_object_to_nothing() {
    let (conn, board) = taken_over();
    let id = noticed(&conn, &board);
    let elsewhere = Reach::Halls([HallId::new("H9").unwrap()].into());
    let stranger = Arc::new(Who { reach: elsewhere, ..somebody(Role::HallSupervisor) });
    assert!(matches!(acting(&conn, &stranger, TODAY, |a| a.withdraw(id, "x")), Err(Refused::NotFound)));
    assert!(matches!(acting(&conn, &stranger, TODAY, |a| a.call(terms())), Err(Refused::Foreign)));
    let first = staff(board.staff[0].staff_no.as_str());
    let auditor = who(5, Role::Auditor);
    assert!(matches!(acting(&conn, &auditor, TODAY, |a| a.object(id, first, "x")), Err(Refused::Forbidden)));
}

#[test]
fn a_result_is_recomputed_bit_by_bit_and_whoever_went_around_the_store_is_found_out() {
    let (conn, board) = taken_over();
    let id = computed(&conn, &board);
    let same = recompute::stored(&conn, id).unwrap().unwrap();
    assert_eq!((same.differences.as_slice(), same.candidates), (&[][..], 2));
    let export = recompute::export(&conn, id).unwrap().unwrap();
    let file = serde_json::to_string_pretty(&export).unwrap();
    assert!(recompute::exported(&file).unwrap().differences.is_empty());
    assert!(conn.execute("UPDATE selection_frozen SET outcome = ''", []).is_err());
    conn.execute_batch("DROP TRIGGER selection_frozen_is_fixed").unwrap();
    let better =
        "UPDATE selection_frozen SET outcome = replace(outcome, '\"score_milli\":80000', '\"score_milli\":99000')";
    assert_eq!(conn.execute(better, []).unwrap(), 1);
    let other = recompute::stored(&conn, id).unwrap().unwrap();
    assert!(other.differences.iter().any(|d| d.contains("kept is place")), "{:?}", other.differences);
}
