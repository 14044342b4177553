//! The ways that a case is meant to go, and those it must not.

use super::*;
use crate::domain::case::{Escalation, Grade, Light, Matter, Stage, Step};
use crate::domain::rating::Satisfaction;

#[test]
fn what_was_justified_goes_all_the_way() {
    let mut s = Story::assigned(date(2026, 3, 2));
    assert_eq!(
        (s.case.stage, s.case.step(), s.case.due),
        (Stage::Assigned, Some(Step::Verify), Some(date(2026, 3, 5)))
    );
    s.does(who(OFFICER), verify(Verdict::Justified)).unwrap();
    assert_eq!((s.case.stage, s.case.due), (Stage::Rectifying, Some(date(2026, 3, 16))));
    s.does(who(OFFICER), Action::Rectify { note: said() }).unwrap();
    s.does(who(OFFICER), Action::Reply { text: said() }).unwrap();
    assert_eq!(s.case.reply.as_deref(), Some("已增开窗口"));
    s.does(who(OFFICER), follow_up()).unwrap();
    assert_eq!(
        s.does(who(OFFICER), Action::Close { note: said() }),
        Err(Refused::NotNow),
        "no close without a recheck"
    );
    let recheck = Action::Recheck { passed: true, note: said() };
    assert_eq!(s.does(who(OFFICER), recheck.clone()), Err(Refused::SamePerson));
    s.does(who(SECOND), recheck).unwrap();
    s.does(who(OFFICER), Action::Close { note: said() }).unwrap();
    assert_eq!((s.case.stage, s.case.due, s.case.late_steps), (Stage::Closed, None, 0));
    assert_eq!(s.replayed(), s.case);
}

#[test]
fn a_rating_is_set_aside_by_two_people_or_not_at_all() {
    for verdict in [Verdict::Mistaken, Verdict::Malicious] {
        let mut s = Story::assigned(date(2026, 3, 2));
        s.does(who(SUPERVISOR), assign(SUPERVISOR)).unwrap();
        s.does(who(SUPERVISOR), verify(verdict)).unwrap();
        assert_eq!((s.case.stage, s.case.verdict), (Stage::Assigned, None), "proposed, and not more");
        let decide = |approve| Action::Decide { matter: Matter::Verdict, approve, note: said() };
        assert_eq!(s.does(who(SUPERVISOR), decide(true)), Err(Refused::SamePerson));
        assert_eq!(s.does(who(OFFICER), decide(true)), Err(Refused::Role));
        s.does(who(LEADER), decide(false)).unwrap();
        assert_eq!(s.case.verdict, None);
        s.does(who(SUPERVISOR), verify(verdict)).unwrap();
        s.does(who(LEADER), decide(true)).unwrap();
        assert_eq!((s.case.stage, s.case.verdict), (Stage::Verified, Some(verdict)));
        s.does(who(SUPERVISOR), Action::Reply { text: said() }).unwrap();
        s.does(who(SUPERVISOR), Action::Close { note: said() }).unwrap();
        assert_eq!(s.case.about, about(), "the rating stands where it stood");
    }
}

#[test]
fn deadlines_step_over_the_spring_festival_and_an_extension_needs_a_second_person() {
    // Friday the 13th of February: Saturday is worked, then nine days are off.
    let mut s = Story::assigned(date(2026, 2, 13));
    assert_eq!(s.case.due, Some(date(2026, 2, 25)), "the 14th, the 24th, the 25th");
    let ask = |days| Action::Extend { days, reason: said() };
    assert_eq!(s.does(who(OFFICER), ask(11)), Err(Refused::Days { max: 10 }));
    assert_eq!(s.does(who(SECOND), ask(2)), Err(Refused::NotHandler));
    s.does(who(OFFICER), ask(2)).unwrap();
    assert_eq!(s.does(who(OFFICER), ask(2)), Err(Refused::AlreadyPending));
    s.does(who(SUPERVISOR), Action::Decide { matter: Matter::Extension, approve: true, note: said() }).unwrap();
    assert_eq!(s.case.due, Some(date(2026, 2, 27)));
    assert_eq!(s.does(who(OFFICER), ask(1)), Err(Refused::Extended));
    assert_eq!(s.replayed(), s.case);
}

#[test]
fn what_is_overdue_goes_up_step_by_step_once() {
    let mut s = Story::assigned(date(2026, 3, 2));
    let up = |to| Action::Escalate { to };
    assert_eq!(s.does(Actor::System, up(Escalation::Supervisor)), Err(Refused::NotOverdue));
    s.days_pass(4);
    assert_eq!(s.does(Actor::System, up(Escalation::Leader)), Err(Refused::NothingNew), "not before the supervisor");
    s.does(Actor::System, up(Escalation::Supervisor)).unwrap();
    assert_eq!(s.does(Actor::System, up(Escalation::Supervisor)), Err(Refused::NothingNew));
    assert_eq!(s.does(Actor::System, up(Escalation::Leader)), Err(Refused::NotOverdue));
    s.days_pass(4);
    s.does(Actor::System, up(Escalation::Leader)).unwrap();
    assert_eq!(s.does(Actor::System, up(Escalation::Leader)), Err(Refused::NothingNew));
    assert_eq!(s.does(who(OFFICER), Action::Extend { days: 1, reason: said() }), Err(Refused::TooLate));
    s.does(who(OFFICER), verify(Verdict::Justified)).unwrap();
    assert_eq!((s.case.escalation, s.case.late_steps), (None, 1), "the next step begins anew, the lateness stays");
    assert_eq!(s.replayed(), s.case);
}

#[test]
fn staff_appeal_in_time_and_somebody_else_reviews() {
    let mut s = Story::found(Verdict::Justified);
    let appeal = Action::Appeal { text: said() };
    let stranger =
        Actor::Person { account: 9, name: "p9".into(), role: Role::Staff, staff_no: StaffNo::new("0031").ok() };
    assert_eq!(s.does(stranger, appeal.clone()), Err(Refused::NotYours));
    s.days_pass(10);
    assert_eq!(s.does(who(CONCERNED), appeal.clone()), Err(Refused::TooLate));
    let mut s = Story::found(Verdict::Justified);
    s.does(who(CONCERNED), appeal.clone()).unwrap();
    assert_eq!(s.does(who(CONCERNED), appeal), Err(Refused::AlreadyAppealed));
    let review = |granted| Action::Review { granted, note: said() };
    assert_eq!(s.does(who(LEADER), review(Some(Verdict::Justified))), Err(Refused::SameVerdict));
    s.does(who(LEADER), review(Some(Verdict::Explained))).unwrap();
    assert_eq!((s.case.verdict, s.case.stage), (Some(Verdict::Explained), Stage::Verified));
    // Who verified cannot review, whatever their role.
    let mut s = Story::assigned(date(2026, 3, 2));
    s.does(who(SUPERVISOR), assign(SUPERVISOR)).unwrap();
    s.does(who(SUPERVISOR), verify(Verdict::Justified)).unwrap();
    s.does(who(CONCERNED), Action::Appeal { text: said() }).unwrap();
    assert_eq!(s.does(who(SUPERVISOR), review(None)), Err(Refused::SamePerson));
    // Granted as a mistaken rating it needs one more.
    s.does(who(LEADER), review(Some(Verdict::Mistaken))).unwrap();
    assert_eq!(s.case.verdict, Some(Verdict::Justified));
    let decide = |approve| Action::Decide { matter: Matter::Verdict, approve, note: said() };
    assert_eq!(s.does(who(LEADER), decide(true)), Err(Refused::SamePerson));
    s.does(person(14, Role::Leader), decide(false)).unwrap();
    assert_eq!(s.case.appeal.unwrap().granted, None, "to be reviewed again");
    s.does(who(LEADER), review(Some(Verdict::Mistaken))).unwrap();
    s.does(person(14, Role::Leader), decide(true)).unwrap();
    assert_eq!((s.case.verdict, s.case.stage), (Some(Verdict::Mistaken), Stage::Verified));
    assert_eq!(s.replayed(), s.case);
}

#[test]
fn accountability_comes_after_the_review_and_by_two_people() {
    let mut s = Story::found(Verdict::Justified);
    let hold = Action::HoldAccountable { grade: Grade::Talk, reason: said() };
    assert_eq!(s.does(who(SUPERVISOR), hold.clone()), Err(Refused::NotNow));
    s.does(who(OFFICER), Action::Rectify { note: said() }).unwrap();
    s.does(who(OFFICER), Action::Reply { text: said() }).unwrap();
    s.does(who(OFFICER), follow_up()).unwrap();
    s.does(who(SECOND), Action::Recheck { passed: true, note: said() }).unwrap();
    assert_eq!(s.does(who(SUPERVISOR), hold.clone()), Err(Refused::NotReviewed), "the appeal is still open to them");
    s.days_pass(8);
    s.does(who(SUPERVISOR), hold).unwrap();
    let decide = Action::Decide { matter: Matter::Accountability, approve: true, note: said() };
    assert_eq!(s.does(who(SUPERVISOR), decide.clone()), Err(Refused::SamePerson));
    s.does(who(LEADER), decide).unwrap();
    assert_eq!(s.case.accountability, Some(Grade::Talk));
    assert_eq!(s.replayed(), s.case);
}

#[test]
fn a_changed_mind_withdraws_what_nobody_has_begun_and_is_noted_on_the_rest() {
    let mut s = Story::begin(date(2026, 3, 2));
    let mind = |negative| Action::ChangeMind { negative };
    assert_eq!(s.does(Actor::System, mind(true)), Err(Refused::NothingNew));
    s.does(Actor::System, mind(false)).unwrap();
    assert_eq!((s.case.stage, s.case.due), (Stage::Withdrawn, None));
    assert_eq!(s.does(who(SUPERVISOR), assign(OFFICER)), Err(Refused::NotNow));
    s.does(Actor::System, mind(true)).unwrap();
    assert_eq!((s.case.stage, s.case.due), (Stage::Received, Some(date(2026, 3, 3))));
    s.does(who(SUPERVISOR), assign(OFFICER)).unwrap();
    s.does(Actor::System, mind(false)).unwrap();
    assert_eq!((s.case.stage, s.case.mind_changed), (Stage::Assigned, true));
}

#[test]
fn the_citizen_rates_the_rectification_and_sends_it_back_once() {
    let mut s = Story::found(Verdict::Justified);
    let rate = |level| Action::RateRectification { level };
    assert_eq!(s.does(Actor::Citizen, rate(Satisfaction::Satisfied)), Err(Refused::NotNow));
    for stage in [Stage::Rectifying, Stage::Replied] {
        s.does(who(OFFICER), Action::Rectify { note: said() }).unwrap();
        s.does(who(OFFICER), Action::Reply { text: said() }).unwrap();
        s.does(Actor::Citizen, rate(Satisfaction::Dissatisfied)).unwrap();
        assert_eq!(s.case.stage, stage);
        if stage == Stage::Replied {
            assert_eq!(s.does(Actor::Citizen, rate(Satisfaction::Satisfied)), Err(Refused::AlreadyRated));
        }
    }
    assert_eq!(s.does(Actor::Citizen, Action::Close { note: said() }), Err(Refused::Role));
}

#[test]
fn nobody_acts_on_a_case_about_themselves_and_texts_are_checked() {
    let mut s = Story::assigned(date(2026, 3, 2));
    let own = Actor::Person {
        account: 8,
        name: "p8".into(),
        role: Role::HallSupervisor,
        staff_no: StaffNo::new("0027").ok(),
    };
    assert_eq!(s.does(own, assign(8)), Err(Refused::Concerned));
    assert_eq!(s.does(who(10), Action::Note { text: said() }), Err(Refused::Role), "auditors change nothing");
    let empty = Action::Verify { verdict: Verdict::Justified, note: "  ".into() };
    assert!(matches!(s.does(who(OFFICER), empty), Err(Refused::Text(_))));
    let long = Action::Note { text: "长".repeat(1_001) };
    assert!(matches!(s.does(who(OFFICER), long), Err(Refused::Text(_))));
}

#[test]
fn a_light_counts_working_days() {
    let (calendar, limits) = (calendar(), Limits::default());
    let house = House { limits: &limits, calendar: &calendar };
    // Due on Monday the 9th of March.
    let due = Some(date(2026, 3, 9));
    for (day, light) in [
        (date(2026, 3, 5), Light::Calm),
        (date(2026, 3, 6), Light::Amber),
        (date(2026, 3, 8), Light::Amber),
        (date(2026, 3, 9), Light::Red),
        (date(2026, 3, 10), Light::Overdue),
    ] {
        assert_eq!(house.light(due, day), light, "{day}");
    }
    assert_eq!(house.light(None, date(2026, 3, 9)), Light::Calm);
}

#[test]
fn reopening_takes_the_verdict_back_and_needs_whoever_decides() {
    let mut s = Story::found(Verdict::Explained);
    s.does(who(OFFICER), Action::Reply { text: said() }).unwrap();
    s.does(who(OFFICER), follow_up()).unwrap();
    s.does(who(OFFICER), Action::Close { note: said() }).unwrap();
    let reopen = Action::Reopen { reason: said() };
    assert_eq!(s.does(who(OFFICER), reopen.clone()), Err(Refused::Role));
    s.does(who(LEADER), reopen).unwrap();
    assert_eq!((s.case.stage, s.case.verdict, s.case.closed_day), (Stage::Assigned, None, None));
    assert_eq!(s.replayed(), s.case);
}

#[test]
fn events_survive_the_store() {
    let s = Story::found(Verdict::Mistaken);
    for event in &s.log {
        let text = serde_json::to_string(event).unwrap();
        assert_eq!(&serde_json::from_str::<Event>(&text).unwrap(), event, "{text}");
    }
}
