//! Sign-in, duty, maintenance, and the board that names the staff.

use super::super::view::{Maintenance, PadProblem, StaffPanel};
use super::*;

fn sign_in(model: &mut Model, staff_no: &str, pin: &str) {
    model.send(Event::StaffPanelAsked);
    model.all(staff_no.chars().map(Event::StaffNoDigit));
    model.send(Event::DigitsEntered);
    model.all(pin.chars().map(Event::PinDigit));
    model.send(Event::DigitsEntered);
}

/// The signed-in colleague opens their choices: the number is known, the PIN is asked.
fn choose(model: &mut Model, choice: Event) {
    model.send(Event::StaffPanelAsked);
    model.all("2580".chars().map(Event::PinDigit));
    model.all([Event::DigitsEntered, choice]);
}

#[test]
fn without_the_pin_nobody_pauses_the_window_or_signs_the_colleague_out() {
    let mut model = Model::on_duty();
    model.send(Event::StaffPanelAsked);
    assert!(matches!(model.screen(), Screen::StaffPanel(StaffPanel::AskPin { .. })));
    model.all([Event::PauseChosen(PauseReason::Meal), Event::SignOutChosen, Event::HandOverChosen]);
    assert_eq!(model.standing.duty.state, DutyState::On);
    model.all("1111".chars().map(Event::PinDigit));
    model.all([Event::DigitsEntered, Event::SignOutChosen]);
    assert_eq!(model.standing.duty.state, DutyState::On);
    model.send(Event::DigitErased);
    assert!(matches!(model.screen(), Screen::StaffPanel(StaffPanel::AskStaffNo { .. })));
    assert_eq!(model.wrong, None);
}

#[test]
fn staff_sign_in_pause_resume_hand_over_and_sign_out() {
    let mut model = Model::new(FlowConfig::new(WindowId::new("W03").unwrap(), jiff::tz::TimeZone::UTC));
    model.start();
    sign_in(&mut model, "0027", "2580");
    assert!(matches!(model.screen(), Screen::Card(_)), "{:?}", model.screen());
    choose(&mut model, Event::PauseChosen(PauseReason::Meal));
    assert!(matches!(model.screen(), Screen::Paused { reason: PauseReason::Meal, .. }));
    model.restart();
    assert!(matches!(model.screen(), Screen::Paused { reason: PauseReason::Meal, staff: Some(_), .. }));
    choose(&mut model, Event::ResumeChosen);
    assert!(matches!(model.screen(), Screen::Card(_)));
    choose(&mut model, Event::HandOverChosen);
    assert!(matches!(model.screen(), Screen::StaffPanel(StaffPanel::AskStaffNo { .. })));
    assert_eq!(model.standing.duty.state, DutyState::Off);
    model.send(Event::PanelLeft);
    sign_in(&mut model, "0027", "2580");
    choose(&mut model, Event::SignOutChosen);
    assert!(matches!(model.screen(), Screen::Standby(_)));
    assert!(outcomes(&model).iter().all(|o| *o == VisitOutcome::Unused));
    assert_eq!(model.wrong, None);
}

#[test]
fn a_wrong_pin_another_windows_staff_and_a_stranger_look_the_same() {
    for (staff_no, pin) in [("0027", "1111"), ("0031", "2580"), ("9999", "2580")] {
        let mut model = Model::new(FlowConfig::new(WindowId::new("W03").unwrap(), jiff::tz::TimeZone::UTC));
        model.start();
        sign_in(&mut model, staff_no, pin);
        let Screen::StaffPanel(StaffPanel::AskPin { entered: 0, checking: false, problem, .. }) = model.screen() else {
            panic!("{:?}", model.screen())
        };
        if pin == "1111" {
            assert_eq!(problem, Some(PadProblem::Wait { seconds: 3 }));
            model.all([Event::PinDigit('2'), Event::DigitsEntered]);
            assert_eq!(model.count(|b| matches!(b, Body::PanelUsed { granted: false, .. })), 1, "locked out");
            model.pass(3_000);
        }
        assert_eq!(model.standing.duty.state, DutyState::Off);
        assert_eq!(model.count(|b| matches!(b, Body::PanelUsed { granted: false, .. })), 1);
    }
}

#[test]
fn a_late_answer_about_another_pad_grants_nothing() {
    let mut model = Model::new(FlowConfig::new(WindowId::new("W03").unwrap(), jiff::tz::TimeZone::UTC));
    model.start();
    model.deliver_at_once = false;
    sign_in(&mut model, "0027", "2580");
    model.send(Event::PanelLeft);
    sign_in(&mut model, "0027", "0000");
    // The first one is still being compared: the second waits for it, and its answer is nobody's.
    let asks = |s: Screen| matches!(s, Screen::StaffPanel(StaffPanel::AskPin { checking: false, entered: 4, .. }));
    assert!(asks(model.screen()));
    model.deliver();
    assert!(asks(model.screen()));
    model.send(Event::DigitsEntered);
    model.deliver();
    model.deliver();
    assert!(matches!(model.screen(), Screen::StaffPanel(StaffPanel::AskPin { checking: false, entered: 0, .. })));
    assert_eq!(model.standing.duty.state, DutyState::Off);
}

#[test]
fn maintenance_opens_by_pin_also_in_trouble_and_is_the_only_way_out() {
    let mut model = Model::on_duty();
    model.send(Event::QuitChosen);
    model.send(Event::MaintenanceAsked);
    model.send(Event::QuitChosen);
    assert!(!model.quit);
    model.all("2580".chars().map(Event::PinDigit));
    model.send(Event::DigitsEntered);
    assert!(matches!(model.screen(), Screen::Maintenance(Maintenance::Open { .. })));
    model.send(Event::CleaningChosen);
    assert!(matches!(model.screen(), Screen::Cleaning { seconds_left: 30 }));
    model.tap(Satisfied);
    model.send(invite(None));
    assert_eq!(model.answers, [CallAnswer::Refused("out_of_service")]);
    model.pass(30_000);
    assert!(matches!(model.screen(), Screen::Card(_)));
    model.disk = Disk::Dead;
    model.tap(Satisfied);
    model.send(Event::MaintenanceAsked);
    model.all("2580".chars().map(Event::PinDigit));
    model.send(Event::DigitsEntered);
    model.send(Event::QuitChosen);
    assert!(model.quit);
    model.send(Event::PanelLeft);
    assert!(matches!(model.screen(), Screen::Trouble { .. }));
    assert_eq!(model.ratings(), 0);
}

#[test]
fn a_new_board_waits_for_the_citizen_and_not_for_an_idle_card() {
    let mut model = Model::on_duty();
    let mut next = board();
    next.staff[0].name = "张敏敏".into();
    model.tap(Dissatisfied);
    model.send(Event::BoardCame(std::sync::Arc::new(next)));
    assert!(matches!(model.screen(), Screen::Reasons(_)));
    model.send(Event::ReasonsSkipped);
    model.pass(20_000);
    assert!(matches!(model.screen(), Screen::Card(c) if c.staff.name == "张敏敏"));
    let mut gone = board();
    gone.staff.remove(0);
    model.send(Event::BoardCame(std::sync::Arc::new(gone)));
    assert!(matches!(model.screen(), Screen::Standby(_)));
    assert_eq!(model.standing.duty.state, DutyState::Off);
    assert_eq!(model.wrong, None);
}
