//! Inspections over a store in memory: what is hidden from whom, what is taken once, what nobody changes.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::date;
use rusqlite::Connection;

use super::acts::{Acting, Surroundings};
use super::checklists;
use super::refused::{PlanFault, Refused};
use super::sight::Sight;
use super::store::{self, Plan, Wanted};
use super::visits;
use crate::centre::access::{Reach, Who, samples};
use crate::centre::boards::Boards;
use crate::centre::cases;
use crate::centre::directory::Directory;
use crate::centre::directory::accounts::{self, Part, Profile};
use crate::centre::statistics::home_zone;
use crate::centre::{audit, schema};
use crate::domain::appraisal::Period;
use crate::domain::id::{HallId, TagCode, WindowId};
use crate::domain::inspection::checklist::ItemKind;
use crate::domain::inspection::visit::{Finding, ItemAnswer, VisitReport};
use crate::domain::inspection::{Gravity, InspectionKind, InspectionStage, Step, StepRefused};
use crate::domain::role::Role;
use crate::domain::time::WallMs;
use crate::domain::workdays::WorkingCalendar;

/// Tuesday 1 December 2026, 9:00 in China.
const NOW: WallMs = WallMs(1_796_086_800_000);

struct House {
    conn: Connection,
    around: Surroundings,
}

impl House {
    fn open() -> Self {
        let conn = crate::db::open_in_memory(&schema::SCHEMA).unwrap();
        for role in [Role::HallSupervisor, Role::FollowUpOfficer, Role::Leader, Role::HallSupervisor] {
            let n = accounts::all(&conn).unwrap().len();
            let login = format!("{}{n}", role.code());
            let profile = Profile { name: login.clone(), login, role, staff_no: None, part: Part::Everything };
            accounts::add(&conn, &profile, NOW).unwrap();
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/kiosk-config/board.toml");
        let boards = Boards::load(&[path.into()]).unwrap();
        let around = Surroundings {
            zone: home_zone(),
            calendar: Arc::new(WorkingCalendar::new([], jiff::civil::Weekday::Monday)),
            boards: Arc::new(boards),
            directory: Arc::new(Directory::load(&conn).unwrap()),
        };
        Self { conn, around }
    }

    fn hall(&self) -> HallId {
        self.around.boards.all().next().unwrap().hall.id.clone()
    }

    fn window(&self) -> WindowId {
        self.around.boards.all().next().unwrap().windows[0].id.clone()
    }

    fn plan(&self, kind: InspectionKind) -> i64 {
        let plan = Plan {
            hall: self.hall(),
            title: "服务态度检查".to_owned(),
            kind,
            period: Period { from: date(2026, 11, 30), to: date(2026, 12, 4) },
            windows: vec![],
            checklist: (1, 1),
            inspectors: vec![(2, "follow_up_officer1".to_owned())],
        };
        self.act(&planner(), |a| a.plan(&[plan])).unwrap()[0]
    }

    fn act<T>(&self, who: &Who, act: impl FnOnce(&Acting<'_>) -> T) -> T {
        act(&Acting { tx: &self.conn, now: NOW, who, around: &self.around })
    }

    fn report(&self, value: u8) -> VisitReport {
        let list = checklists::one(&self.conn, 1, None).unwrap().unwrap().list;
        let answer = |i: &crate::domain::inspection::checklist::CheckItem| ItemAnswer {
            item: i.code.clone(),
            value: (i.kind != ItemKind::Note).then_some(value.min(i.kind.best())),
            note: None,
        };
        VisitReport {
            service_window: self.window(),
            at_ms: NOW.plus_ms(-3_600_000),
            staff_no: None,
            answers: list.items.iter().map(answer).collect(),
            findings: vec![Finding {
                text: "窗口无人，未摆放暂停牌".to_owned(),
                gravity: Gravity::Serious,
                concern: None,
            }],
        }
    }
}

fn person(account: i64, role: Role) -> Who {
    Who { account, ..samples::somebody(role) }
}

fn planner() -> Who {
    person(1, Role::HallSupervisor)
}

fn inspector() -> Who {
    person(2, Role::FollowUpOfficer)
}

#[test]
fn the_list_that_ships_is_sound_and_covers_what_the_campaign_asks_for() {
    let house = House::open();
    let shipped = checklists::one(&house.conn, 1, None).unwrap().unwrap();
    assert_eq!(shipped.list.faults(), []);
    assert_eq!(shipped.list.items.iter().map(|i| u32::from(i.weight)).sum::<u32>(), 100);
    let groups: BTreeSet<_> = shipped.list.items.iter().map(|i| i.group.zh.as_str()).collect();
    for wanted in ["亮身份", "亮承诺", "亮形象", "首问负责", "限时办结", "服务态度", "廉洁", "环境"]
    {
        assert!(groups.contains(wanted), "{wanted}");
    }
    assert!(shipped.list.items.iter().all(|i| i.text.en.is_some() && i.group.en.is_some()));
    assert!(house.conn.execute("UPDATE checklist_version SET why = ''", []).is_err());
}

#[test]
fn a_changed_list_is_a_new_version_and_an_inspection_keeps_its_own() {
    let house = House::open();
    let id = house.plan(InspectionKind::Announced);
    let keeper = person(9, Role::SystemAdmin);
    let mut list = checklists::one(&house.conn, 1, None).unwrap().unwrap().list;
    list.items.truncate(2);
    let keep = |seen, list: &_, why: &str| house.act(&keeper, |a| a.keep_list(seen, list, why));
    assert!(matches!(keep(Some((1, 1)), &list, " "), Err(checklists::ListFault::Why(_))));
    assert_eq!(keep(Some((1, 1)), &list, "精简").unwrap(), (1, 2));
    assert!(matches!(keep(Some((1, 1)), &list, "晚了"), Err(checklists::ListFault::Stale)));
    assert!(matches!(keep(Some((1, 2)), &list, "没改"), Err(checklists::ListFault::Same)));
    assert!(matches!(keep(Some((7, 1)), &list, "没有"), Err(checklists::ListFault::Unknown)));
    assert_eq!(keep(None, &list, "另一张").unwrap(), (2, 1));
    let record = store::one(&house.conn, id).unwrap().unwrap();
    assert_eq!(record.checklist, (1, 1));
    // The report answers the list as it was when the inspection was planned; a shorter one is not enough.
    let whole = house.act(&inspector(), |a| a.visit(id, &[1; 16], &house.report_of(14), &[])).unwrap();
    assert_eq!(whole.visit, 1);
    assert!(matches!(
        house.act(&inspector(), |a| a.visit(id, &[2; 16], &house.report_of(2), &[])),
        Err(Refused::Report(_))
    ));
}

impl House {
    /// Of the first items of the first version.
    fn report_of(&self, items: usize) -> VisitReport {
        let list = checklists::one(&self.conn, 1, Some(1)).unwrap().unwrap().list;
        let answers = list.items.iter().take(items).map(|i| ItemAnswer {
            item: i.code.clone(),
            value: (i.kind != ItemKind::Note).then_some(1),
            note: None,
        });
        VisitReport { answers: answers.collect(), ..self.report(1) }
    }
}

#[test]
fn the_same_submission_counts_once_and_another_under_its_id_is_refused() {
    let house = House::open();
    let id = house.plan(InspectionKind::Announced);
    let report = house.report(5);
    let first = house.act(&inspector(), |a| a.visit(id, &[7; 16], &report, &[])).unwrap();
    assert!(!first.again);
    house.act(&inspector(), |a| a.advance(id, &Step::Submit)).unwrap();
    // Even after the inspection has gone on, the phone hears that its visit arrived.
    let again = house.act(&inspector(), |a| a.visit(id, &[7; 16], &report, &[])).unwrap();
    assert!(again.again && again.visit == first.visit);
    let other = VisitReport { findings: vec![], ..report.clone() };
    assert!(matches!(house.act(&inspector(), |a| a.visit(id, &[7; 16], &other, &[])), Err(Refused::Conflict)));
    let somebody = person(5, Role::FollowUpOfficer);
    assert!(matches!(house.act(&somebody, |a| a.visit(id, &[7; 16], &report, &[])), Err(Refused::Conflict)));
    let late = house.act(&inspector(), |a| a.visit(id, &[8; 16], &report, &[]));
    assert!(matches!(late, Err(Refused::Step(StepRefused::Stage(InspectionStage::Submitted)))));
    assert_eq!(visits::of(&house.conn, id).unwrap().len(), 1);
    for sql in [
        "UPDATE inspection_visit SET score = 100",
        "DELETE FROM inspection_visit",
        "UPDATE inspection_finding SET text = ''",
        "DELETE FROM inspection_finding",
        "DELETE FROM inspection",
    ] {
        assert!(house.conn.execute(sql, []).is_err(), "{sql}");
    }
}

#[test]
fn what_the_store_lists_and_counts_is_what_the_machine_lets_each_see() {
    let house = House::open();
    let ids = [house.plan(InspectionKind::Undercover), house.plan(InspectionKind::Announced)];
    let far = Reach::Halls([HallId::new("FAR").unwrap()].into());
    for (n, stage) in InspectionStage::ALL.iter().enumerate() {
        for id in ids {
            store::set_stage(&house.conn, id, *stage, NOW.plus_ms(n as i64)).unwrap();
        }
        for &role in Role::ALL {
            for account in 1..6 {
                for reach in [Reach::All, Reach::Halls([house.hall()].into()), far.clone()] {
                    let who = Who { reach, ..person(account, role) };
                    let sight = Sight::of(&who);
                    let one = |id: &i64| sight.one(&house.conn, *id).unwrap().is_some();
                    let seen: BTreeSet<i64> = ids.iter().copied().filter(|id| one(id)).collect();
                    let all = Wanted::default();
                    let listed = store::list(&house.conn, &sight, all, 0, 100).unwrap();
                    assert_eq!(
                        listed.iter().map(|r| r.id).collect::<BTreeSet<_>>(),
                        seen,
                        "{stage:?} {role:?} {account}"
                    );
                    assert_eq!(store::count(&house.conn, &sight, all).unwrap(), seen.len() as u64);
                }
            }
        }
    }
}

#[test]
fn marks_and_the_log_know_nothing_of_an_undercover_inspection_before_its_release() {
    let house = House::open();
    let id = house.plan(InspectionKind::Undercover);
    let period = Period { from: date(2026, 12, 1), to: date(2026, 12, 31) };
    house.act(&inspector(), |a| a.visit(id, &[1; 16], &house.report(0), &[])).unwrap();
    house.act(&inspector(), |a| a.advance(id, &Step::Submit)).unwrap();
    assert_eq!(super::marks(&house.conn, period).unwrap(), []);
    let leader = person(3, Role::Leader);
    let order = || house.act(&inspector(), |a| a.order(id, 1, "立即补岗", 5));
    assert!(matches!(order(), Err(Refused::Step(StepRefused::NotReleased))));
    let told = |like: &str| -> i64 {
        let sql = "SELECT count(*) FROM audit_log WHERE detail LIKE ?1 OR object LIKE ?1";
        house.conn.query_row(sql, [format!("%{like}%")], |r| r.get(0)).unwrap()
    };
    assert_eq!(told(house.hall().as_str()), 0, "the log does not say where");
    house.act(&leader, |a| a.advance(id, &Step::Release)).unwrap();
    assert_eq!(told(house.hall().as_str()), 1);
    let marks = super::marks(&house.conn, period).unwrap();
    assert_eq!((marks.len(), marks[0].n, marks[0].score), (1, 1, 0.0));
    order().unwrap();
    assert!(matches!(order(), Err(Refused::AlreadyOrdered)));
    let found = visits::findings(&house.conn, id).unwrap();
    let case = cases::of_origin(&house.conn, &house.hall(), &found[0].origin(id)).unwrap().expect("a case");
    let case = cases::one(&house.conn, case).unwrap().unwrap();
    assert!(case.about.serious && case.summary.contains("立即补岗"), "{case:?}");
    // Five working days after a Tuesday.
    assert_eq!(found[0].order.as_ref().map(|o| o.due), Some(date(2026, 12, 8)));
    assert_eq!(audit::verify(&house.conn).unwrap().broken, Vec::<i64>::new());
}

#[test]
fn a_plan_names_what_is_wrong_with_it() {
    let house = House::open();
    let good = || Plan {
        hall: house.hall(),
        title: "检查".to_owned(),
        kind: InspectionKind::Announced,
        period: Period { from: date(2026, 12, 1), to: date(2026, 12, 4) },
        windows: vec![house.window()],
        checklist: (1, 1),
        inspectors: vec![(2, "x".to_owned())],
    };
    let faults = |plan: Plan| match house.act(&planner(), |a| a.plan(&[plan])) {
        Err(Refused::Plan(faults)) => faults,
        other => panic!("{other:?}"),
    };
    assert_eq!(faults(Plan { title: String::new(), ..good() }), [PlanFault::Title]);
    let past = Period { from: date(2026, 11, 1), to: date(2026, 11, 30) };
    assert_eq!(faults(Plan { period: past, ..good() }), [PlanFault::Period]);
    assert_eq!(faults(Plan { hall: HallId::new("FAR").unwrap(), windows: vec![], ..good() }), [PlanFault::Places]);
    assert_eq!(faults(Plan { windows: vec![WindowId::new("W99").unwrap()], ..good() }), [PlanFault::Places]);
    assert_eq!(faults(Plan { inspectors: vec![(99, "x".to_owned())], ..good() }), [PlanFault::Inspectors]);
    assert_eq!(faults(Plan { checklist: (1, 9), ..good() }), [PlanFault::Checklist]);
    assert!(TagCode::new("badge").is_ok() && house.act(&planner(), |a| a.plan(&[good()])).is_ok());
}
