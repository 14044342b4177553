//! What citizens see, told as short stories; staff's stand in `tests/desk.rs`.

mod desk;

use super::effect::CallAnswer;
use super::event::{CallId, Event};
use super::model::{Disk, Model, board, enrolled};
use super::view::Screen;
use super::*;
use crate::domain::id::{CaseNo, TagCode};
use crate::domain::rating::{Signal, Signals};
use crate::domain::visit::{DutyState, PauseReason, VisitOutcome, VisitTrigger};
use crate::ledger::entry::{Body, Rated};

use Satisfaction::{BasicallySatisfied, Dissatisfied, Satisfied, VeryDissatisfied, VerySatisfied};

fn tag(code: &str) -> TagCode {
    TagCode::new(code).unwrap()
}

fn invite(case_no: Option<&str>) -> Event {
    Event::InviteCame { call: CallId(1), case_no: case_no.map(|c| CaseNo::new(c).unwrap()), item: None }
}

fn outcomes(model: &Model) -> Vec<VisitOutcome> {
    let closed = |b: &Body| if let Body::VisitClosed { outcome, .. } = b { Some(*outcome) } else { None };
    model.ledger.iter().filter_map(closed).collect()
}

fn last_rated(model: &Model) -> Rated {
    let rated = |b: &Body| if let Body::Rated(r) | Body::Revised(r) = b { Some(r.clone()) } else { None };
    model.ledger.iter().rev().find_map(rated).unwrap()
}

#[test]
fn one_tap_leads_over_reasons_to_thanks_and_the_next_card() {
    let mut model = Model::on_duty();
    model.send(enrolled());
    let Screen::Card(card) = model.screen() else { panic!("{:?}", model.screen()) };
    assert_eq!((card.staff.name.as_str(), card.prompted), ("张敏", false));
    assert_eq!(card.qr.as_deref(), Some("HTTPS://X/T/1/false"));
    model.pass(5_000);
    model.tap(Dissatisfied);
    let Screen::Reasons(reasons) = model.screen() else { panic!("{:?}", model.screen()) };
    assert!(reasons.may_revise && reasons.chosen.is_empty());
    model.all([Event::ReasonToggled(tag("slow")), Event::ReasonToggled(tag("kind")), Event::ReasonsSent]);
    let Screen::Thanks(thanks) = model.screen() else { panic!("{:?}", model.screen()) };
    assert_eq!((thanks.receipt_code.len(), thanks.qr.as_deref()), (11, Some("HTTPS://X/T/1/true")));
    model.pass(21_000);
    assert!(matches!(model.screen(), Screen::Card(_)));
    let explained = model.ledger.iter().find_map(|b| if let Body::Explained(e) = b { Some(e.clone()) } else { None });
    let reasons = explained.unwrap().reasons;
    assert_eq!(reasons.iter().map(|r| (r.tag.as_str(), r.version)).collect::<Vec<_>>(), [("slow", 3)]);
    assert_eq!(outcomes(&model), [VisitOutcome::Rated]);
    assert_eq!(model.wrong, None);
}

#[test]
fn a_level_without_reasons_goes_straight_to_thanks() {
    let mut model = Model::on_duty();
    model.tap(BasicallySatisfied);
    assert!(matches!(model.screen(), Screen::Thanks(_)));
}

#[test]
fn nothing_is_thanked_for_while_the_commit_is_under_way() {
    let mut model = Model::on_duty();
    model.deliver_at_once = false;
    model.tap(Satisfied);
    assert!(matches!(model.screen(), Screen::Saving { level: Satisfied, .. }));
    model.tap(VeryDissatisfied);
    model.pass(600_000);
    assert!(matches!(model.screen(), Screen::Saving { level: Satisfied, .. }));
    model.deliver();
    assert!(matches!(model.screen(), Screen::Thanks(_)));
    assert_eq!(model.ratings(), 1);
}

#[test]
fn a_failed_save_apologises_and_the_next_citizen_starts_over() {
    for (disk, ratings) in [(Disk::Full, 1), (Disk::Lying, 2), (Disk::Dead, 1)] {
        let mut model = Model::on_duty();
        model.disk = disk;
        model.tap(Satisfied);
        let Screen::Trouble { code, hotline } = model.screen() else { panic!("{:?}", model.screen()) };
        assert!(code.starts_with("L-") && hotline == "12345");
        // Tapping does nothing but try again, and not faster than every other second.
        model.all([Event::Touched, Event::Touched]);
        assert!(matches!(model.screen(), Screen::Trouble { .. }));
        model.disk = Disk::Good;
        model.pass(2_500);
        model.send(Event::Touched);
        assert!(matches!(model.screen(), Screen::Card(_)), "{disk:?}");
        model.tap(Satisfied);
        assert_eq!(model.ratings(), ratings, "{disk:?}");
        assert_eq!(model.wrong, None);
    }
}

#[test]
fn trouble_ends_by_itself_when_the_disk_is_well_again() {
    let mut model = Model::on_duty();
    model.disk = Disk::Dead;
    model.tap(Satisfied);
    model.pass(300_000);
    assert!(matches!(model.screen(), Screen::Trouble { .. }));
    model.disk = Disk::Good;
    model.pass(70_000);
    assert!(matches!(model.screen(), Screen::Card(_)));
}

#[test]
fn a_changed_mind_revises_within_the_grace_time_and_not_after_it() {
    let mut model = Model::on_duty();
    model.tap(VeryDissatisfied);
    model.send(Event::RevisionAsked);
    assert!(matches!(model.screen(), Screen::Card(_)));
    model.tap(VerySatisfied);
    assert!(matches!(model.screen(), Screen::Reasons(r) if r.level == VerySatisfied));
    assert_eq!(model.count(|b| matches!(b, Body::Revised(_))), 1);
    model.send(Event::ReasonsSkipped);
    model.pass(19_000);
    model.send(Event::Touched);
    model.pass(19_000);
    model.send(Event::Touched);
    model.pass(19_000);
    model.send(Event::Touched);
    model.pass(10_000);
    let Screen::Thanks(thanks) = model.screen() else { panic!("{:?}", model.screen()) };
    assert!(!thanks.may_revise);
    model.send(Event::RevisionAsked);
    assert!(matches!(model.screen(), Screen::Thanks(_)));
    assert_eq!(model.ratings(), 1);
}

#[test]
fn a_revision_takes_back_the_reasons_of_the_rating_before() {
    let mut model = Model::on_duty();
    model.tap(Dissatisfied);
    model.all([Event::ReasonToggled(tag("slow")), Event::ReasonsSent, Event::RevisionAsked]);
    model.tap(VerySatisfied);
    model.send(Event::ReasonsSkipped);
    let explained: Vec<_> = model
        .ledger
        .iter()
        .filter_map(|b| if let Body::Explained(e) = b { Some(e.reasons.len()) } else { None })
        .collect();
    assert_eq!(explained, [1, 0]);
}

#[test]
fn a_second_tap_soon_after_thanks_is_the_same_citizens_and_a_later_one_another_visit() {
    let mut model = Model::on_duty();
    model.tap(Satisfied);
    model.pass(3_000);
    model.send(Event::ThanksLeft);
    model.pass(2_000);
    model.tap(Dissatisfied);
    assert_eq!((model.ratings(), model.count(|b| matches!(b, Body::Revised(_)))), (1, 1));
    model.all([Event::ReasonsSkipped]);
    model.pass(12_000);
    model.send(Event::ThanksLeft);
    model.tap_at(Satisfied, 100, 200);
    assert_eq!(model.ratings(), 2);
    let signals: Signals = [Signal::Rapid, Signal::SamePixel, Signal::Dwell].into_iter().collect();
    assert_eq!(last_rated(&model).signals, signals);
}

#[test]
fn a_burst_of_taps_is_one_rating_a_grace_time_and_never_freezes() {
    let mut model = Model::on_duty();
    for n in 0..20 * 60 {
        model.tap(Satisfaction::ALL[n % 5]);
        model.all([Event::ReasonsSkipped, Event::ThanksLeft]);
        model.pass(50);
    }
    assert_eq!(model.wrong, None);
    assert!((3..=6).contains(&model.ratings()), "{}", model.ratings());
}

#[test]
fn an_invitation_prompts_chimes_and_ends_as_no_response() {
    let mut model = Model::on_duty();
    model.send(invite(Some("2026/17")));
    assert_eq!(model.answers, [CallAnswer::Visit(1)]);
    let Screen::Card(card) = model.screen() else { panic!("{:?}", model.screen()) };
    assert_eq!((card.prompted, card.seconds_left, card.case_no.as_deref()), (true, Some(30), Some("2026/17")));
    assert_eq!(model.chimes, 1);
    model.pass(10_000);
    model.send(Event::Touched);
    model.pass(29_000);
    assert!(matches!(model.screen(), Screen::Card(c) if c.seconds_left == Some(1)));
    model.pass(1_000);
    assert!(matches!(model.screen(), Screen::Card(c) if !c.prompted));
    assert_eq!(outcomes(&model), [VisitOutcome::NoResponse]);
}

#[test]
fn a_palm_on_the_glass_does_not_hold_an_invitation_for_ever() {
    let mut model = Model::on_duty();
    model.send(invite(None));
    for _ in 0..400 {
        model.pass(1_000);
        model.send(Event::Touched);
    }
    assert_eq!(outcomes(&model), [VisitOutcome::NoResponse]);
}

#[test]
fn the_next_invitation_ends_the_visit_before_it_and_the_same_one_does_not() {
    let mut model = Model::on_duty();
    model.all([invite(Some("A")), invite(Some("A")), invite(Some("B"))]);
    assert_eq!(model.answers, [CallAnswer::Visit(1), CallAnswer::Visit(1), CallAnswer::Visit(4)]);
    model.tap(VerySatisfied);
    model.send(Event::ReasonToggled(tag("kind")));
    model.send(invite(Some("C")));
    // The reasons that were chosen are kept although nobody pressed "send".
    assert_eq!(model.count(|b| matches!(b, Body::Explained(_))), 1);
    assert_eq!(outcomes(&model), [VisitOutcome::NoResponse, VisitOutcome::Rated]);
    let trigger =
        model.ledger.iter().rev().find_map(|b| if let Body::VisitOpened(v) = b { Some(v.trigger) } else { None });
    assert_eq!(trigger, Some(VisitTrigger::Business));
}

#[test]
fn calls_cancel_and_end_what_they_opened_and_nothing_else() {
    let mut model = Model::on_duty();
    let (cancel, end) = (Event::CancelCame { call: CallId(2) }, Event::EndCame { call: CallId(3) });
    model.all([cancel.clone(), invite(Some("A")), cancel, invite(Some("B")), end.clone(), invite(Some("C"))]);
    model.tap(Satisfied);
    model.send(end);
    assert_eq!(
        model.answers,
        [
            CallAnswer::Refused("no_visit"),
            CallAnswer::Visit(1),
            CallAnswer::Closed { visit: 1, outcome: VisitOutcome::Cancelled },
            CallAnswer::Visit(4),
            CallAnswer::Closed { visit: 4, outcome: VisitOutcome::NoResponse },
            CallAnswer::Visit(7),
            CallAnswer::Closed { visit: 7, outcome: VisitOutcome::Rated },
        ]
    );
    assert!(matches!(model.screen(), Screen::Thanks(_)));
}

#[test]
fn calls_that_come_faster_than_the_disk_are_held_or_refused_and_all_answered() {
    let mut model = Model::on_duty();
    model.deliver_at_once = false;
    model.tap(Satisfied);
    for n in 0..40 {
        model.send(invite(Some(&format!("A{n}"))));
    }
    assert_eq!(model.answers, vec![CallAnswer::Refused("busy"); 40 - MAX_WAITING]);
    model.deliver_at_once = true;
    model.deliver();
    assert_eq!((model.answers.len(), model.unanswered), (40, 0));
    assert!(model.answers[40 - MAX_WAITING..].iter().all(|a| matches!(a, CallAnswer::Visit(_))));
    assert_eq!(model.wrong, None);
}

#[test]
fn nobody_can_be_rated_while_nobody_serves() {
    let mut model = Model::new(FlowConfig::new(WindowId::new("W03").unwrap(), jiff::tz::TimeZone::UTC));
    model.start();
    let Screen::Standby(standby) = model.screen() else { panic!("{:?}", model.screen()) };
    assert!(standby.witness.is_some_and(|w| w.starts_with("0 · ")));
    model.tap(Satisfied);
    model.send(invite(None));
    assert_eq!(model.answers, [CallAnswer::Refused("nobody_on_duty")]);
    assert!(model.ledger.is_empty());
}

#[test]
fn a_pulled_plug_closes_the_visit_as_what_it_was() {
    let mut model = Model::on_duty();
    model.restart();
    model.send(invite(None));
    model.restart();
    model.deliver_at_once = false;
    model.tap(Satisfied);
    model.deliver_at_once = true;
    model.restart();
    assert_eq!(outcomes(&model), [VisitOutcome::Unused, VisitOutcome::NoResponse, VisitOutcome::Rated]);
    assert!(matches!(model.screen(), Screen::Card(_)));
    assert_eq!(model.wrong, None);
}

#[test]
fn language_and_size_fall_back_when_the_citizen_leaves_or_stays_away() {
    let mut model = Model::on_duty();
    model.all([Event::LanguageToggled, Event::SeniorToggled]);
    assert_eq!((model.view().language, model.view().senior), (Language::En, true));
    model.pass(59_000);
    model.send(Event::Touched);
    model.pass(59_000);
    assert_eq!(model.view().language, Language::En);
    model.pass(2_000);
    assert_eq!((model.view().language, model.view().senior), (Language::Zh, false));
    model.send(Event::LanguageToggled);
    model.tap(Satisfied);
    model.pass(15_500);
    assert_eq!(model.view().language, Language::En);
    model.send(Event::ThanksLeft);
    assert_eq!(model.view().language, Language::Zh);
}

#[test]
fn signals_flag_what_nobody_asked_for_and_what_comes_at_night() {
    let mut config = FlowConfig::new(WindowId::new("W03").unwrap(), jiff::tz::TimeZone::UTC);
    config.expects_invitations = true;
    config.hours = Some(OpeningHours(std::array::from_fn(|_| vec!["09:00-12:00".parse().unwrap()])));
    let mut model = Model::new(config);
    model.standing = Model::on_duty().standing;
    model.standing.visit = None;
    model.start();
    model.pass(9_000);
    model.tap(Satisfied);
    let rated = last_rated(&model);
    assert_eq!(rated.signals, [Signal::OutsideHours, Signal::Unserved].into_iter().collect());
    assert_eq!(rated.dwell_ms, 9_000);
}

#[test]
fn what_was_pressed_before_a_change_of_screen_is_told_by_the_generation() {
    let mut model = Model::on_duty();
    let before = model.view().generation;
    model.pass(30_000);
    assert_eq!(model.view().generation, before);
    model.tap(Satisfied);
    assert!(model.view().generation > before);
}

#[test]
fn an_idle_kiosk_wakes_for_nothing_but_its_clock() {
    let mut model = Model::on_duty();
    model.send(Event::DeviceReported(super::event::DeviceStatus { clock_grade: "C".into(), ..Default::default() }));
    model.wake_ms = None;
    model.send(Event::Woke);
    assert_eq!(model.wake_ms, None);
    assert_eq!(model.view().clock, None);
}
