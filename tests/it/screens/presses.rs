//! Each button says one thing, and screens that wait say nothing.

use std::sync::Arc;

use egui::{Event as Input, Modifiers, PointerButton, TouchPhase, pos2, vec2};
use egui_kittest::kittest::Queryable;
use pingyi::domain::rating::Satisfaction;
use pingyi::domain::visit::PauseReason;
use pingyi::kiosk::flow::view::{Card, Maintenance, Screen, StaffPanel, View};
use pingyi::kiosk::ui::Class;
use pingyi::words::{Language, common};

use super::{change, has_label, press, samples, show};

fn named(name: &str) -> View {
    samples::all().into_iter().find(|(n, _)| *n == name).map(|(_, view)| view).unwrap()
}

#[test]
fn every_button_yields_its_event_and_no_other() {
    let expected = [
        ("card", "大字版", "SeniorToggled"),
        ("card", "English", "LanguageToggled"),
        ("card", "工作人员", "StaffPanelAsked"),
        ("standby", "工作人员", "StaffPanelAsked"),
        ("paused", "工作人员", "StaffPanelAsked"),
        ("reasons-5", "修改评价", "RevisionAsked"),
        ("reasons-5", "跳过", "ReasonsSkipped"),
        ("reasons-5", "提交", "ReasonsSent"),
        ("reasons-1", "跳过", "ReasonsSkipped"),
        ("thanks", "修改评价", "RevisionAsked"),
        ("thanks", "完成", "ThanksLeft"),
        ("staff-number", "7", "StaffNoDigit('7')"),
        ("staff-number", "退格", "DigitErased"),
        ("staff-number", "确定", "DigitsEntered"),
        ("staff-number", "返回", "PanelLeft"),
        ("staff-number", "设备维护", "MaintenanceAsked"),
        ("staff-pin", "0", "PinDigit('0')"),
        ("staff-choices", "请对方评价", "InviteChosen"),
        ("staff-choices", "就餐", "PauseChosen(Meal)"),
        ("staff-choices", "换人值守", "HandOverChosen"),
        ("staff-choices", "下班签退", "SignOutChosen"),
        ("staff-choices", "返回", "PanelLeft"),
        ("staff-paused", "恢复服务", "ResumeChosen"),
        ("maintenance-pin", "5", "PinDigit('5')"),
        ("maintenance", "立即同步", "SyncChosen"),
        ("maintenance", "清洁屏幕", "CleaningChosen"),
        ("maintenance", "退出程序", "QuitChosen"),
        ("maintenance", "返回", "PanelLeft"),
    ];
    let mut harness = show(Class::Wide, named("card"));
    for (screen, label, event) in expected {
        change(&mut harness, named(screen));
        assert_eq!(press(&mut harness, label), [event], "{label} on {screen}");
    }
}

#[test]
fn each_pause_reason_has_its_own_button_in_both_languages() {
    let mut harness = show(Class::Full, named("staff-choices"));
    for language in [Language::Zh, Language::En] {
        change(&mut harness, View { language, ..named("staff-choices") });
        for &reason in PauseReason::ALL {
            let label = common::pause_reason(language, reason);
            assert_eq!(press(&mut harness, label), [format!("PauseChosen({reason:?})")]);
        }
    }
}

#[test]
fn each_face_rates_its_level_with_a_fresh_number_and_its_place() {
    let mut harness = show(Class::Full, named("card"));
    let mut taps = std::collections::HashSet::new();
    for language in [Language::Zh, Language::En] {
        change(&mut harness, View { language, ..named("card") });
        for &level in Satisfaction::ALL {
            let label = common::level(language, level);
            let centre = harness.get_by_label(label).rect().center();
            let events = press(&mut harness, label);
            let [event] = &events[..] else { panic!("{events:?}") };
            let place = format!("x: {}, y: {} }}", centre.x as u16, centre.y as u16);
            assert!(event.starts_with(&format!("FaceTapped {{ level: {level:?}, tap: ")), "{event}");
            assert!(event.ends_with(&place), "{event} is not at {place}");
            taps.insert(event.clone());
        }
    }
    assert_eq!(taps.len(), 10);
}

#[test]
fn reasons_answer_with_the_tag_that_was_pressed() {
    let view = named("reasons-1");
    let Screen::Reasons(reasons) = &view.screen else { unreachable!() };
    let tags = reasons.tags.clone();
    assert!(tags.len() >= 3, "the sample hall offers reasons");
    let mut harness = show(Class::Compact, view);
    for tag in tags {
        assert_eq!(press(&mut harness, &tag.text.zh), [format!("ReasonToggled({:?})", tag.code)]);
    }
}

#[test]
fn screens_that_wait_take_no_press() {
    for name in ["saving", "cleaning", "trouble", "paused"] {
        let mut harness = show(Class::Pillar, named(name));
        for step in 0..60 {
            let at = pos2(40.0 + (step % 6) as f32 * 200.0, 700.0 + (step / 6) as f32 * 100.0);
            for pressed in [true, false] {
                let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
                harness.event(Input::PointerButton { pos: at, button, pressed, modifiers });
            }
            harness.step();
        }
        assert!(harness.state().events.is_empty(), "{name}: {:?}", harness.state().events);
    }
}

#[test]
fn a_pad_that_is_checking_types_nothing_but_lets_one_leave() {
    let screen =
        Screen::StaffPanel(StaffPanel::AskPin { staff_no: "0027".into(), entered: 4, checking: true, problem: None });
    let mut harness = show(Class::Wide, samples::view(screen));
    assert!(press(&mut harness, "3").is_empty());
    assert!(press(&mut harness, "确定").is_empty());
    assert_eq!(press(&mut harness, "返回"), ["PanelLeft"]);
}

#[test]
fn citizens_in_the_middle_of_something_find_no_door_for_staff() {
    for name in ["reasons-5", "thanks", "maintenance", "staff-number", "cleaning"] {
        let harness = show(Class::Full, named(name));
        let doors = harness.query_all_by_role_and_label(egui::accesskit::Role::Button, "工作人员").count();
        assert_eq!(doors, 0, "{name}");
    }
}

#[test]
fn a_press_that_began_on_the_card_is_void_on_the_screen_that_follows() {
    let mut harness = show(Class::Full, named("card"));
    let at = harness.get_by_label("满意").rect().center();
    let button =
        |pressed| Input::PointerButton { pos: at, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE };
    harness.event(button(true));
    harness.step();
    change(&mut harness, named("reasons-5"));
    harness.event(button(false));
    harness.step();
    harness.step();
    assert!(harness.state().events.is_empty(), "{:?}", harness.state().events);
}

#[test]
fn maintenance_is_asked_for_once_after_three_seconds_on_the_halls_name() {
    let mut harness = show(Class::Full, named("card"));
    let at = pos2(200.0, 50.0);
    let touch = |phase| Input::Touch {
        device_id: egui::TouchDeviceId(1),
        id: egui::TouchId(7),
        phase,
        pos: at + vec2(2.0, 3.0),
        force: None,
    };
    harness.event(touch(TouchPhase::Start));
    harness.run_steps(170);
    assert!(harness.state().events.is_empty(), "not before three seconds");
    harness.run_steps(60);
    harness.event(touch(TouchPhase::End));
    harness.run_steps(3);
    let events: Vec<String> = harness.state().events.iter().map(|e| format!("{e:?}")).collect();
    assert_eq!(events, ["MaintenanceAsked"]);
}

#[test]
fn an_invitation_says_so_and_counts_down_while_a_plain_card_gives_the_hotline() {
    let mut harness = show(Class::Full, named("invited"));
    assert!(has_label(&harness, "请您评价刚才的服务"));
    assert!(has_label(&harness, "42 秒内有效"));
    change(&mut harness, named("card"));
    assert!(has_label(&harness, "请您对本次服务作出评价"));
    assert!(has_label(&harness, "监督电话 12345"));
    let bare = Card { seconds_left: None, ..samples::invited() };
    change(&mut harness, samples::view(Screen::Card(bare)));
    assert!(has_label(&harness, "请您评价刚才的服务"), "an invitation without an end");
}

#[test]
fn the_card_tells_who_serves_and_what_they_promise_in_both_languages() {
    let card = samples::card();
    let mut harness = show(Class::Full, samples::view(Screen::Card(card.clone())));
    for language in [Language::Zh, Language::En] {
        let english = language.is_english();
        change(&mut harness, View { language, ..samples::view(Screen::Card(card.clone())) });
        let name = card.staff.name_en.as_deref().filter(|_| english).unwrap_or(&card.staff.name);
        assert!(has_label(&harness, name), "{name}");
        assert!(has_label(&harness, card.staff.post.get(english)));
        assert!(has_label(&harness, if english { "Staff no. 0005" } else { "工号 0005" }));
        let pledge = &card.pledges[0];
        assert!(has_label(&harness, pledge.text.get(english)));
        let detail = format!("{} · {}", pledge.time_limit.get(english), pledge.standard.get(english));
        assert!(has_label(&harness, &detail), "{detail}");
        assert!(!card.honours.is_empty());
        for honour in &card.honours {
            assert!(has_label(&harness, common::honour(language, honour.kind)));
        }
    }
}

#[test]
fn the_wall_of_honours_names_its_owners_in_the_language_of_the_screen() {
    let standby = samples::standby();
    let (owner, _) = standby.honours.first().unwrap();
    let (zh, en) = (owner.zh.clone(), owner.en.clone().unwrap());
    let mut harness = show(Class::Full, samples::view(Screen::Standby(standby)));
    assert!(has_label(&harness, &zh));
    change(&mut harness, View { language: Language::En, ..named("standby") });
    assert!(has_label(&harness, &en) && !has_label(&harness, &zh));
}

#[test]
fn maintenance_tells_what_there_is_to_know() {
    let (sync, device) = samples::status();
    let open = Maintenance::Open { sync, device };
    let harness = show(Class::Wide, samples::view(Screen::Maintenance(open)));
    for fact in ["已连接", "12 条", "09-21 14:13:20", "connection refused", "23456 MB", "A", "第 1 期 · 第 4567 条"]
    {
        assert!(has_label(&harness, fact), "{fact}");
    }
}

#[test]
fn trouble_says_what_happened_what_is_safe_and_what_to_do() {
    let mut harness = show(Class::Pillar, named("trouble"));
    for said in ["抱歉", "本次评价未能保存", "请稍后再试，或拨打 12345 告诉我们。", "故障代码 K-17"]
    {
        assert!(has_label(&harness, said), "{said}");
    }
    change(&mut harness, View { language: Language::En, ..named("trouble") });
    assert!(has_label(&harness, "Your rating was not saved"));
}

#[test]
fn a_paused_window_names_the_reason_and_the_person() {
    let view = named("paused");
    let Screen::Paused { staff: Some(staff), .. } = &view.screen else { unreachable!() };
    let who = format!("{} · 工号 {}", staff.name, staff.staff_no);
    let staff = Arc::clone(staff);
    let harness = show(Class::Full, view);
    assert!(has_label(&harness, "暂停服务") && has_label(&harness, "工作人员用餐中") && has_label(&harness, &who));
    assert!(has_label(&harness, &staff.name), "the portrait has a name");
}
