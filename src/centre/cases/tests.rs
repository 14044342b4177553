//! The register over a real book in memory: what opens cases, what moves them, and that nothing moves the book.

use jiff::civil::date;
use rusqlite::Connection;

use super::mind::Minding;
use super::store::{self, Desk};
use super::*;
use crate::centre::access::samples::somebody;
use crate::centre::rules::{self as rule_store, RuleSet as _, Value};
use crate::centre::schema;
use crate::centre::statistics::fact::Fact;
use crate::centre::statistics::labels::Labels;
use crate::centre::statistics::{Book, home_zone};
use crate::domain::appraisal::{Period, Subject};
use crate::domain::case::{Action, Actor, At, Case, Escalation, Matter, Origin, Person, Refused, Stage, Verdict};
use crate::domain::id::{HallId, PledgeId, StaffNo, WindowId};
use crate::domain::rating::{Channel, Satisfaction};
use crate::domain::role::Role;
use crate::domain::time::{ClockGrade, WallMs};
use crate::domain::workdays::WorkingCalendar;
use crate::words::Language;

/// 2026-11-02T01:00:00Z: a Monday morning in China.
const MONDAY: WallMs = WallMs(1_793_581_200_000);
const DAY_MS: i64 = 86_400_000;

struct Town {
    conn: Connection,
    book: Book,
    calendar: WorkingCalendar,
    labels: Labels,
    now: WallMs,
}

impl Town {
    fn new() -> Self {
        let conn = crate::db::open_in_memory(&schema::SCHEMA).unwrap();
        let book = Book::open(&conn, home_zone()).unwrap();
        let labels = Labels::new([], Language::Zh);
        Self { conn, book, calendar: WorkingCalendar::default(), labels, now: MONDAY }
    }

    fn at(&self) -> At {
        At { wall: self.now, day: crate::centre::hall::today(&home_zone(), self.now) }
    }

    fn desk(&self) -> Desk<'_> {
        Desk::new(&self.conn, &self.calendar, self.at()).unwrap()
    }

    fn tell(&mut self, facts: &[Fact]) {
        self.book.append(&self.conn, facts).unwrap();
    }

    fn mind(&self) {
        let minding = Minding { desk: self.desk(), labels: &self.labels };
        while minding.follow().unwrap() {}
        while minding.date().unwrap() {}
        while minding.escalate().unwrap() {}
    }

    fn all(&self) -> Vec<Record> {
        let dates = Dates { today: self.at().day, amber: self.at().day };
        list(&self.conn, &Wanted::default(), dates, 0, 100).unwrap()
    }

    fn does(&self, id: i64, who: Actor, action: Action) -> Result<Case, CaseFault> {
        advance(&self.desk(), id, action, who)
    }

    fn set(&self, key: &'static str, value: Value) {
        let (version, mut values) = rule_store::values(&self.conn, &CaseRules::SET).unwrap();
        values.set(key, value);
        let who = somebody(Role::SystemAdmin);
        rule_store::change(&self.conn, &CaseRules::SET, version, &values, &who, "试", self.now).unwrap();
    }
}

fn hall() -> HallId {
    HallId::new("H01").unwrap()
}

fn fact(visit: u64, level: Satisfaction) -> Fact {
    Fact {
        ledger: 7,
        visit,
        sign: 1,
        hall: hall(),
        service_window: WindowId::new("W01").unwrap(),
        staff: StaffNo::new("0027").ok(),
        item: None,
        channel: Channel::Kiosk,
        level: Some(level),
        wall: MONDAY,
        grade: ClockGrade::A,
        flagged: false,
        reasons: vec![],
        sample: false,
    }
}

fn taken_back(fact: &Fact) -> Fact {
    Fact { sign: -1, ..fact.clone() }
}

fn person(account: i64, role: Role) -> Actor {
    Actor::Person { account, name: format!("p{account}"), role, staff_no: None }
}

fn officer() -> Actor {
    person(1, Role::FollowUpOfficer)
}

fn supervisor() -> Actor {
    person(2, Role::HallSupervisor)
}

fn leader() -> Actor {
    person(3, Role::Leader)
}

fn said() -> String {
    "已核对".to_owned()
}

fn assign() -> Action {
    Action::Assign { to: Person { account: 1, name: "p1".to_owned() } }
}

fn set_aside(town: &Town, id: i64) {
    town.does(id, supervisor(), assign()).unwrap();
    town.does(id, officer(), Action::Verify { verdict: Verdict::Mistaken, note: said() }).unwrap();
    let decide = Action::Decide { matter: Matter::Verdict, approve: true, note: said() };
    town.does(id, supervisor(), decide).unwrap();
}

use Satisfaction::{Dissatisfied, Satisfied, VeryDissatisfied};

#[test]
fn each_negative_rating_opens_one_case_whatever_is_told_twice_or_made_anew() {
    let mut town = Town::new();
    town.tell(&[fact(1, Satisfied), fact(2, VeryDissatisfied), fact(3, Dissatisfied)]);
    town.mind();
    town.mind();
    let all = town.all();
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|r| r.due == Some(date(2026, 11, 3)) && r.stage == Stage::Received));
    let serious = of_visit(&town.conn, 7, 2).unwrap().unwrap();
    assert!(one(&town.conn, serious).unwrap().unwrap().about.serious);
    assert_eq!(of_origin(&town.conn, &hall(), &Origin::NegativeRating { ledger: 7, visit: 2 }).unwrap(), Some(serious));
    // Made anew from the ledgers, in another order and with another rating before them.
    town.conn.execute("DELETE FROM fact", []).unwrap();
    town.book = Book::open(&town.conn, home_zone()).unwrap();
    town.tell(&[fact(9, Dissatisfied), fact(3, Dissatisfied), fact(2, VeryDissatisfied), fact(1, Satisfied)]);
    town.mind();
    assert_eq!(town.all().len(), 3, "the old ones once, the one that had been missing too");
}

#[test]
fn a_changed_mind_withdraws_and_a_case_in_work_goes_on() {
    let mut town = Town::new();
    let bad = fact(1, Dissatisfied);
    town.tell(&[bad.clone(), taken_back(&bad), fact(1, Satisfied)]);
    town.mind();
    assert_eq!(town.all().len(), 0, "within one look it never was a case");
    let (bad, good) = (fact(2, Dissatisfied), fact(2, Satisfied));
    town.tell(std::slice::from_ref(&bad));
    town.mind();
    let id = of_visit(&town.conn, 7, 2).unwrap().unwrap();
    town.tell(&[taken_back(&bad), good.clone()]);
    town.mind();
    assert_eq!(one(&town.conn, id).unwrap().unwrap().stage, Stage::Withdrawn);
    town.tell(&[taken_back(&good), bad.clone()]);
    town.mind();
    assert_eq!(one(&town.conn, id).unwrap().unwrap().stage, Stage::Received);
    town.does(id, supervisor(), assign()).unwrap();
    town.tell(&[taken_back(&bad), good]);
    town.mind();
    let (record, case, log) = store::whole(&town.conn, id).unwrap().unwrap();
    assert_eq!((record.stage, case.mind_changed), (Stage::Assigned, true));
    assert_eq!(log.iter().filter(|e| e.action.code() == "change_mind").count(), 3);
}

#[test]
fn samples_late_ones_and_a_closed_door_open_nothing() {
    let mut town = Town::new();
    let sample = |visit| Fact { sample: true, ..fact(visit, Dissatisfied) };
    let late = Fact { wall: MONDAY.plus_ms(-91 * DAY_MS), ..fact(2, Dissatisfied) };
    let late_of_unknown_clock = Fact { grade: ClockGrade::C, visit: 3, ..late.clone() };
    town.tell(&[sample(1), late, late_of_unknown_clock]);
    town.mind();
    assert_eq!(town.all().len(), 1, "what has no trusted time is not too late");
    town.set("samples_open", Value::Switch(true));
    town.tell(&[sample(4)]);
    town.mind();
    assert!(town.all().iter().any(|r| r.sample));
    town.set("ratings_open", Value::Switch(false));
    town.tell(&[fact(5, Dissatisfied)]);
    town.mind();
    assert_eq!(town.all().len(), 2);
}

#[test]
fn findings_and_pledges_open_one_case_each_and_get_their_deadline() {
    let town = Town::new();
    let opening = |origin| Opening {
        hall: hall(),
        origin,
        service_window: None,
        staff_no: None,
        summary: "限期整改\n意见".repeat(40),
        serious: false,
    };
    let finding = opening(Origin::Finding { inspection: 4, finding: 2 });
    let pledge = opening(Origin::UnkeptPledge {
        pledge: PledgeId::new("P1").unwrap(),
        service_window: None,
        period: "2026-10".to_owned(),
    });
    let id = open(&town.conn, &finding, town.now).unwrap().unwrap();
    assert_eq!(open(&town.conn, &finding, town.now).unwrap(), None);
    assert!(open(&town.conn, &pledge, town.now).unwrap().is_some());
    // The first act does not wait for the chore.
    town.does(id, supervisor(), assign()).unwrap();
    assert_eq!(one(&town.conn, id).unwrap().unwrap().due, Some(date(2026, 11, 5)));
    town.mind();
    assert!(town.all().iter().all(|r| r.due.is_some() && r.summary.chars().count() == 200));
    let about = Action::RateRectification { level: Satisfied };
    assert!(matches!(town.does(id, Actor::Citizen, about), Err(CaseFault::Refused(Refused::NoCitizen))));
}

#[test]
fn setting_aside_is_appended_and_leaves_the_book_as_it_was() {
    let mut town = Town::new();
    town.tell(&[fact(1, VeryDissatisfied)]);
    town.mind();
    let id = of_visit(&town.conn, 7, 1).unwrap().unwrap();
    let subject = Subject::Staff { hall: hall(), staff_no: StaffNo::new("0027").unwrap() };
    assert!(open_serious(&town.conn, &subject).unwrap());
    let before = Book::entries(&town.conn, 0, 10).unwrap();
    set_aside(&town, id);
    assert_eq!(verdict_of(&town.conn, 7, 1).unwrap(), Some(Verdict::Mistaken));
    assert!(!open_serious(&town.conn, &subject).unwrap(), "it keeps nobody from anything any more");
    town.does(id, officer(), Action::Reply { text: said() }).unwrap();
    town.does(id, officer(), Action::Close { note: said() }).unwrap();
    town.does(id, leader(), Action::Reopen { reason: said() }).unwrap();
    let journal = set_aside_since(&town.conn, 0, 10).unwrap();
    assert_eq!(journal.iter().map(|s| (s.ledger, s.visit, s.sign)).collect::<Vec<_>>(), [(7, 1, 1), (7, 1, -1)]);
    assert!(set_aside_since(&town.conn, journal[1].id, 10).unwrap().is_empty());
    assert_eq!(Book::entries(&town.conn, 0, 10).unwrap(), before);
    for sql in [
        "DELETE FROM case_event",
        "UPDATE case_event SET body = ''",
        "DELETE FROM case_record",
        "UPDATE case_record SET visit = 2",
    ] {
        assert!(town.conn.execute(sql, []).is_err(), "{sql}");
    }
}

#[test]
fn what_is_overdue_goes_up_once_each_and_counts_against_the_window() {
    let mut town = Town::new();
    town.tell(&[fact(1, Dissatisfied), fact(2, Dissatisfied)]);
    town.mind();
    let (slow, quick) = (of_visit(&town.conn, 7, 1).unwrap().unwrap(), of_visit(&town.conn, 7, 2).unwrap().unwrap());
    town.does(quick, supervisor(), assign()).unwrap();
    town.does(quick, officer(), Action::Verify { verdict: Verdict::Explained, note: said() }).unwrap();
    town.does(quick, officer(), Action::Reply { text: said() }).unwrap();
    town.does(quick, officer(), Action::FollowUp { outcome: crate::domain::case::FollowUp::Accepted, note: said() })
        .unwrap();
    town.does(quick, officer(), Action::Close { note: said() }).unwrap();
    // Due on Tuesday: on Wednesday the supervisor hears of it, on Friday the leader.
    for (days, escalation) in
        [(1, None), (2, Some(Escalation::Supervisor)), (3, Some(Escalation::Supervisor)), (4, Some(Escalation::Leader))]
    {
        town.now = MONDAY.plus_ms(days * DAY_MS);
        town.mind();
        town.mind();
        assert_eq!(one(&town.conn, slow).unwrap().unwrap().escalation, escalation, "after {days} days");
    }
    let log = log(&town.conn, slow).unwrap();
    assert_eq!(log.iter().filter(|e| e.action.code() == "escalate").count(), 2);
    let (n, rows) = overdue(&town.conn, Some(vec![hall()]), town.at().day, 10).unwrap();
    assert_eq!((n, rows[0].id), (1, slow));
    assert_eq!(overdue(&town.conn, Some(vec![]), town.at().day, 10).unwrap().0, 0, "another hall's people see none");
    let period = Period { from: date(2026, 11, 1), to: date(2026, 11, 30) };
    let marks = marks(&town.conn, period, town.at().day).unwrap();
    assert_eq!(marks.len(), 2, "the window and the person");
    for mark in marks {
        assert_eq!((mark.n, mark.score), (2, 50.0), "{mark:?}");
        assert!(mark.low < 50.0 && mark.high > 50.0);
    }
}

#[test]
fn the_citizen_reads_the_reply_and_rates_it_once() {
    let mut town = Town::new();
    town.tell(&[fact(1, Dissatisfied)]);
    town.mind();
    assert_eq!(handling(&town.conn, &crate::config::calendar::shipped(), 7, 5).unwrap(), None);
    let id = of_visit(&town.conn, 7, 1).unwrap().unwrap();
    assert!(matches!(rate(&town.desk(), 7, 1, Satisfied), Err(CaseFault::Refused(Refused::NotNow))));
    town.does(id, supervisor(), assign()).unwrap();
    town.does(id, officer(), Action::Verify { verdict: Verdict::Justified, note: said() }).unwrap();
    town.does(id, officer(), Action::Rectify { note: said() }).unwrap();
    town.does(id, officer(), Action::Reply { text: "已增开一个窗口".to_owned() }).unwrap();
    let shown = handling(&town.conn, &crate::config::calendar::shipped(), 7, 1).unwrap().unwrap();
    assert_eq!((shown.reply.unwrap().0.as_str(), shown.may_rate), ("已增开一个窗口", true));
    rate(&town.desk(), 7, 1, Satisfied).unwrap();
    assert!(matches!(rate(&town.desk(), 7, 1, Satisfied), Err(CaseFault::Refused(Refused::AlreadyRated))));
    let shown = handling(&town.conn, &crate::config::calendar::shipped(), 7, 1).unwrap().unwrap();
    assert_eq!((shown.rated, shown.may_rate), (Some(Satisfied), false));
}
