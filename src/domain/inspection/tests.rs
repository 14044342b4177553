//! Paths through an inspection, all of them at random, and what a visit is worth.

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::checklist::{CheckItem, Checklist, ChecklistFault, ItemKind};
use super::visit::{Finding, ItemAnswer, ReportFault, VisitReport};
use super::*;
use crate::domain::board::Bilingual;
use crate::domain::id::TagCode;
use crate::domain::time::WallMs;

const TODAY: Date = date(2026, 12, 1);
const PLANNER: Actor = Actor { account: 1, role: Role::HallSupervisor };
const INSPECTOR: Actor = Actor { account: 2, role: Role::FollowUpOfficer };
const LEADER: Actor = Actor { account: 3, role: Role::Leader };
/// Answers for the hall and has nothing to do with the inspection.
const INSPECTED: Actor = Actor { account: 4, role: Role::HallSupervisor };

fn window(id: &str) -> WindowId {
    WindowId::new(id).unwrap()
}

fn planned(kind: InspectionKind) -> Inspection {
    Inspection {
        kind,
        stage: InspectionStage::Planned,
        period: Period { from: date(2026, 11, 20), to: date(2026, 12, 5) },
        windows: vec![window("W01"), window("W03")],
        planner: PLANNER.account,
        inspectors: vec![INSPECTOR.account],
        visits: 0,
        findings: 0,
    }
}

fn visit(id: &str, day: Date) -> Step {
    Step::Visit { service_window: window(id), day, today: TODAY }
}

/// Takes a step as the store does.
fn take(i: &mut Inspection, step: &Step, actor: Actor, findings: u32) -> Result<(), StepRefused> {
    i.stage = i.apply(step, actor)?;
    if matches!(step, Step::Visit { .. }) {
        (i.visits, i.findings) = (i.visits + 1, i.findings + findings);
    }
    Ok(())
}

#[test]
fn an_undercover_inspection_goes_its_way_and_is_hidden_until_its_release() {
    let mut i = planned(InspectionKind::Undercover);
    assert_eq!(take(&mut i, &visit("W03", TODAY), INSPECTED, 0), Err(StepRefused::Unseen));
    assert_eq!(take(&mut i, &visit("W03", TODAY), PLANNER, 0), Err(StepRefused::NotInspector));
    assert_eq!(take(&mut i, &visit("W02", TODAY), INSPECTOR, 0), Err(StepRefused::OtherWindow));
    assert_eq!(take(&mut i, &visit("W03", date(2026, 12, 2)), INSPECTOR, 0), Err(StepRefused::Future));
    assert_eq!(take(&mut i, &visit("W03", date(2026, 11, 19)), INSPECTOR, 0), Err(StepRefused::OutsidePeriod));
    assert_eq!(take(&mut i, &Step::Submit, INSPECTOR, 0), Err(StepRefused::NoVisit));
    take(&mut i, &visit("W03", TODAY), INSPECTOR, 1).unwrap();
    assert_eq!(take(&mut i, &Step::Cancel, PLANNER, 0), Err(StepRefused::HasVisits));
    take(&mut i, &Step::Submit, INSPECTOR, 0).unwrap();
    assert_eq!(take(&mut i, &visit("W01", TODAY), INSPECTOR, 0), Err(StepRefused::Stage(InspectionStage::Submitted)));
    for step in [Step::Order, Step::Close] {
        assert_eq!(take(&mut i, &step, LEADER, 0), Err(StepRefused::NotReleased));
    }
    assert!(!i.counts() && !i.is_seen_by(INSPECTED));
    assert_eq!(take(&mut i, &Step::Release, INSPECTOR, 0), Err(StepRefused::NotPlanner));
    take(&mut i, &Step::Release, LEADER, 0).unwrap();
    assert!(i.counts() && i.is_seen_by(INSPECTED));
    take(&mut i, &Step::Order, INSPECTOR, 0).unwrap();
    assert_eq!(take(&mut i, &Step::Close, PLANNER, 0), Err(StepRefused::Unanswered));
    assert_eq!(take(&mut i, &Step::Answer, INSPECTOR, 0), Err(StepRefused::OwnInspection));
    assert_eq!(take(&mut i, &Step::Answer, LEADER, 0), Err(StepRefused::Role));
    take(&mut i, &Step::Answer, INSPECTED, 0).unwrap();
    assert_eq!(take(&mut i, &Step::Close, INSPECTED, 0), Err(StepRefused::NotPlanner));
    take(&mut i, &Step::Close, PLANNER, 0).unwrap();
    take(&mut i, &Step::Remark, INSPECTED, 0).unwrap();
    assert_eq!(i.stage, InspectionStage::Closed);
}

#[test]
fn an_announced_inspection_without_findings_is_closed_and_one_without_visits_called_off() {
    let mut i = planned(InspectionKind::Announced);
    assert!(i.is_seen_by(INSPECTED) && !i.counts());
    take(&mut i.clone(), &Step::Cancel, PLANNER, 0).unwrap();
    take(&mut i, &visit("W01", TODAY), INSPECTOR, 0).unwrap();
    take(&mut i, &Step::Submit, PLANNER, 0).unwrap();
    assert_eq!(take(&mut i, &Step::Release, PLANNER, 0), Err(StepRefused::NotUndercover));
    assert_eq!(take(&mut i, &Step::Order, PLANNER, 0), Err(StepRefused::NoFinding));
    take(&mut i, &Step::Close, PLANNER, 0).unwrap();
}

fn actor() -> impl Strategy<Value = Actor> {
    (1..6_i64, prop::sample::select(Role::ALL)).prop_map(|(account, role)| Actor { account, role })
}

fn step() -> impl Strategy<Value = Step> {
    let day = (0..40_i64).prop_map(|n| date(2026, 11, 1).saturating_add(jiff::Span::new().days(n)));
    let visit = (prop::sample::select(vec!["W01", "W02", "W03"]), day).prop_map(|(w, day)| Step::Visit {
        service_window: window(w),
        day,
        today: TODAY,
    });
    let others = [Step::Submit, Step::Release, Step::Answer, Step::Close, Step::Cancel, Step::Remark, Step::Order];
    prop_oneof![3 => visit, 5 => prop::sample::select(others.to_vec())]
}

proptest! {
    #[test]
    fn no_sequence_of_steps_leads_back_shows_what_is_hidden_or_skips_who_must_act(
        kind in prop::sample::select(InspectionKind::ALL),
        steps in prop::collection::vec((step(), actor(), 0..3_u32), 1..60),
    ) {
        let mut i = planned(kind);
        let mut taken = Vec::new();
        for (step, actor, findings) in steps {
            let before = i.clone();
            match take(&mut i, &step, actor, findings) {
                Ok(()) => taken.push((step.clone(), actor)),
                Err(why) => {
                    prop_assert_eq!(&i, &before);
                    prop_assert!(!why.to_string().is_empty());
                    prop_assert_eq!(why == StepRefused::Unseen, !before.is_seen_by(actor));
                    continue;
                }
            }
            prop_assert!(before.is_seen_by(actor));
            prop_assert!(i.stage >= before.stage, "{:?} after {:?}", i.stage, before.stage);
            match step {
                Step::Visit { .. } => prop_assert!(before.stage.is_open() && actor.account == INSPECTOR.account),
                Step::Answer => prop_assert!(actor.account != INSPECTOR.account),
                Step::Order => prop_assert!(before.counts() && before.findings > 0),
                Step::Release | Step::Close | Step::Cancel => {
                    prop_assert!(actor.account == PLANNER.account || actor.role == Role::Leader);
                }
                _ => {}
            }
        }
        let was = |wanted: fn(&Step) -> bool| taken.iter().any(|(step, _)| wanted(step));
        if i.kind == InspectionKind::Undercover && i.counts() {
            prop_assert!(was(|s| *s == Step::Release));
        }
        if i.stage == InspectionStage::Closed && i.findings > 0 {
            prop_assert!(was(|s| *s == Step::Answer));
        }
    }
}

fn item(code: &str, kind: ItemKind, weight: u8) -> CheckItem {
    let text = |zh: &str| Bilingual { zh: zh.to_owned(), en: None };
    CheckItem {
        code: TagCode::new(code).unwrap(), group: text("亮身份"), text: text("佩戴工作牌"), kind, weight
    }
}

fn list() -> Checklist {
    let items = vec![item("a", ItemKind::YesNo, 30), item("b", ItemKind::Score, 70), item("c", ItemKind::Note, 0)];
    Checklist { title: Bilingual { zh: "清单".to_owned(), en: None }, items }
}

fn answer(code: &str, value: Option<u8>) -> ItemAnswer {
    ItemAnswer { item: TagCode::new(code).unwrap(), value, note: None }
}

fn report(answers: Vec<ItemAnswer>) -> VisitReport {
    VisitReport { service_window: window("W01"), at_ms: WallMs(0), staff_no: None, answers, findings: vec![] }
}

#[test]
fn a_score_is_the_weighted_share_of_what_applies() {
    let score = |answers| report(answers).score(&list());
    assert_eq!(score(vec![answer("a", Some(1)), answer("b", Some(5))]), Some(100.0));
    assert_eq!(score(vec![answer("a", Some(0)), answer("b", Some(3))]), Some(42.0));
    assert_eq!(score(vec![answer("a", Some(1)), answer("b", None)]), Some(100.0));
    assert_eq!(score(vec![answer("a", None), answer("b", None)]), None);
}

#[test]
fn a_report_answers_every_item_within_bounds() {
    let whole = report(vec![answer("a", Some(1)), answer("b", Some(5))]);
    assert_eq!(whole.faults(&list()), []);
    let code = |c: &str| TagCode::new(c).unwrap();
    let short = report(vec![answer("a", Some(2)), answer("a", Some(1)), answer("x", None), answer("c", Some(1))]);
    let faults = short.faults(&list());
    for fault in [
        ReportFault::Value(code("a")),
        ReportFault::Unknown(code("a")),
        ReportFault::Unknown(code("x")),
        ReportFault::Value(code("c")),
        ReportFault::Unanswered(code("b")),
    ] {
        assert!(faults.contains(&fault), "{fault}: {faults:?}");
    }
    let finding = |text: &str| Finding { text: text.to_owned(), gravity: Gravity::Minor, concern: None };
    let found = VisitReport { findings: vec![finding("台卡与在岗人员不符"), finding(" ")], ..whole };
    assert_eq!(found.faults(&list()), [ReportFault::Finding(2)]);
}

#[test]
fn a_list_names_what_is_wrong_with_it() {
    assert_eq!(list().faults(), []);
    let with = |items| Checklist { items, ..list() }.faults();
    assert_eq!(with(vec![]), [ChecklistFault::Count]);
    assert_eq!(with(vec![item("a", ItemKind::Note, 0)]), [ChecklistFault::Count]);
    assert_eq!(with(vec![item("a", ItemKind::YesNo, 0)]), [ChecklistFault::Weight(1)]);
    let twice = with(vec![item("a", ItemKind::YesNo, 1), item("a", ItemKind::Note, 5)]);
    assert_eq!(twice, [ChecklistFault::Weight(2), ChecklistFault::Twice(2)]);
}
