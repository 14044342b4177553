//! From the call to the award, and what is refused on the way.

use super::*;
use crate::domain::selection::story::{actor, called, snapshot, staff};
use jiff::civil::date;

const NOW: WallMs = WallMs(1_796_000_000_000);
/// A Tuesday.
const TODAY: Date = date(2026, 12, 1);

fn noticed() -> Selection {
    let (outcome, mut selection) = (Outcome::of(&snapshot()), called());
    selection.compute(&outcome, &actor(1), TODAY).unwrap();
    let list = Nomination { nominees: vec![(staff("0027"), String::new())], ..Nomination::default() };
    selection.nominate(&list, &outcome, &actor(1)).unwrap();
    selection.put_up(&actor(1), TODAY, &WorkingCalendar::default()).unwrap();
    selection
}

fn objection(by: Objector) -> Objecting {
    Objecting { objector: by, about: staff("0027"), text: "不实".to_owned(), has_contact: false }
}

#[test]
fn from_the_call_to_the_award_and_back() {
    let mut s = noticed();
    assert_eq!(s.notice().unwrap().until, date(2026, 12, 8), "five working days after a Tuesday");
    let n = s.object(objection(Objector::Public), NOW, date(2026, 12, 8)).unwrap();
    assert_eq!(s.object(objection(Objector::Public), NOW, date(2026, 12, 9)), Err(Refused::NoticeOver));
    let (leader, second, after) = (actor(7), actor(8), date(2026, 12, 9));
    let early = s.vote(true, "", &leader, NOW, date(2026, 12, 8));
    assert_eq!(early, Err(Refused::NoticeRuns(date(2026, 12, 8))));
    assert_eq!(s.vote(true, "", &leader, NOW, after), Err(Refused::Unanswered(1)));
    s.answer(n, false, "已核实，情况不实", &actor(2), NOW).unwrap();
    assert_eq!(s.vote(true, "", &actor(2), NOW, after), Err(Refused::SamePerson));
    s.vote(true, "", &leader, NOW, after).unwrap();
    assert_eq!(s.vote(true, "", &leader, NOW, after), Err(Refused::Voted));
    assert_eq!(s.state(), State::Noticed, "one of two");
    s.vote(true, "", &second, NOW, after).unwrap();
    assert_eq!(s.award("局", "2026 年 11 月", date(2027, 2, 28), &actor(1), after), Err(Refused::SamePerson));
    assert_eq!(s.award("局", "2026 年 11 月", after, &leader, after), Err(Refused::LastDay));
    s.award("局", "2026 年 11 月", date(2027, 2, 28), &leader, after).unwrap();
    assert!(matches!(s.revoke(&staff("0031"), "查实", &leader, after), Err(Refused::NoAward(_))));
    assert_eq!(s.revoke(&staff("0027"), " ", &leader, after), Err(Refused::Reason(TextFault::Empty)));
    s.revoke(&staff("0027"), "查实弄虚作假", &leader, after).unwrap();
    assert!(matches!(s.revoke(&staff("0027"), "再来", &leader, after), Err(Refused::NoAward(_))));
    assert!(s.withdraw("晚了", &actor(1)).is_err());
}

#[test]
fn a_list_departs_from_the_figures_only_with_reasons() {
    let (outcome, mut s) = (Outcome::of(&snapshot()), called());
    assert_eq!(s.compute(&outcome, &actor(1), date(2026, 11, 30)), Err(Refused::PeriodRuns(date(2026, 11, 30))));
    s.compute(&outcome, &actor(1), TODAY).unwrap();
    let list = |no: &str, why: &str, over: &str| Nomination {
        nominees: vec![(staff(no), why.to_owned())],
        passed_over: vec![(staff("0027"), over.to_owned())],
    };
    let mut nominate = |list: &Nomination| s.nominate(list, &outcome, &actor(1));
    assert_eq!(nominate(&list("0031", "", "")), Err(Refused::ReasonNeeded(staff("0031").key())));
    assert_eq!(nominate(&list("0031", "扶老携幼", "")), Err(Refused::ReasonNeeded(staff("0027").key())));
    assert!(matches!(nominate(&list("0055", "扶老携幼", "轮换")), Err(Refused::NoPlace(_))));
    assert_eq!(nominate(&Nomination::default()), Err(Refused::Nobody));
    nominate(&list("0031", "扶老携幼", "上月已评")).unwrap();
    assert_eq!((s.nominees().len(), s.passed_over().len()), (1, 1));
}

#[test]
fn an_upheld_objection_strikes_the_nominee_and_nobody_answers_their_own() {
    let mut s = noticed();
    let n = s.object(objection(Objector::Official(actor(3))), NOW, TODAY).unwrap();
    assert_eq!(s.answer(n, true, "属实", &actor(3), NOW), Err(Refused::OwnObjection));
    s.answer(n, true, "属实", &actor(1), NOW).unwrap();
    assert_eq!(s.answer(n, false, "不实", &actor(1), NOW), Err(Refused::Answered));
    let after = date(2026, 12, 9);
    assert_eq!(s.vote(true, "", &actor(7), NOW, after), Err(Refused::NobodyLeft));
    assert_eq!(s.vote(false, "", &actor(7), NOW, after), Err(Refused::Reason(TextFault::Empty)));
    s.vote(false, "无人符合", &actor(7), NOW, after).unwrap();
    s.vote(false, "同上", &actor(8), NOW, after).unwrap();
    assert_eq!(s.state(), State::Declined);
}
