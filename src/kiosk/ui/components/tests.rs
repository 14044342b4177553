//! Components driven as assistive technology and fingers drive them: by label, by role, by touch.

use egui::accesskit::Role;
use egui::{Event, Rect, TouchDeviceId, TouchId, TouchPhase, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::*;
use crate::domain::rating::Satisfaction;
use crate::kiosk::ui::{Class, Kit, Look, Theme, assets, fonts, prepare};

/// What a small screen of components answered.
struct State {
    kit: Kit,
    rated: Vec<Satisfaction>,
    toggled: Vec<header::Toggled>,
    typed: Vec<pad::Key>,
    chosen: [bool; 3],
    is_enabled: bool,
}

const WORDS: [&str; 5] = ["非常满意", "满意", "基本满意", "不满意", "非常不满意"];

fn harness<'a>(mut draw: impl FnMut(&mut egui::Ui, &mut State) + 'a) -> Harness<'a, State> {
    let look = Look::new(Theme::Red, false, Class::Wide);
    let state = State {
        kit: Kit::new(look),
        rated: Vec::new(),
        toggled: Vec::new(),
        typed: Vec::new(),
        chosen: [false; 3],
        is_enabled: true,
    };
    Harness::builder()
        .with_size(Class::Wide.size())
        .with_context_setup(|ctx| {
            prepare(ctx);
            fonts::install(ctx, &assets::find(None).unwrap()).unwrap();
        })
        .build_ui_state(
            move |ui, state| {
                state.kit.begin(ui.ctx(), &"screen");
                draw(ui, state);
            },
            state,
        )
}

fn draw_ratings(ui: &mut egui::Ui, state: &mut State) {
    let places = state.kit.layout(Class::Wide.size()).card();
    let levels = std::array::from_fn(|n| rating::Level { level: Satisfaction::ALL[n], word: WORDS[n] });
    if !state.is_enabled {
        ui.disable();
    }
    state.rated.extend(rating::show(ui, &mut state.kit, &places.ratings, &levels, Some(Satisfaction::Satisfied)));
}

#[test]
fn each_level_is_a_button_found_by_its_word_and_pressed_by_mouse_or_assistive_technology() {
    let mut harness = harness(draw_ratings);
    for (&level, word) in Satisfaction::ALL.iter().zip(WORDS) {
        assert_eq!(harness.get_by_label(word).accesskit_node().role(), Role::Button);
        harness.get_by_label(word).click();
        harness.run();
        assert_eq!(std::mem::take(&mut harness.state_mut().rated), [level], "mouse on {word}");
        harness.get_by_label(word).click_accesskit();
        harness.run();
        assert_eq!(std::mem::take(&mut harness.state_mut().rated), [level], "assistive technology on {word}");
    }
}

#[test]
fn the_level_that_is_rated_is_told_and_nothing_else_is_preselected() {
    let harness = harness(draw_ratings);
    for word in WORDS {
        let toggled = harness.get_by_label(word).accesskit_node().toggled();
        assert_eq!(toggled == Some(egui::accesskit::Toggled::True), word == "满意", "{word}");
    }
}

#[test]
fn while_a_rating_is_being_saved_nothing_can_be_pressed() {
    let mut harness = harness(draw_ratings);
    harness.state_mut().is_enabled = false;
    harness.run();
    harness.get_by_label("满意").click();
    harness.run();
    harness.get_by_label("不满意").click_accesskit();
    harness.run();
    assert!(harness.state().rated.is_empty());
}

#[test]
fn two_fingers_on_two_faces_rate_once_through_the_real_component() {
    let mut harness = harness(draw_ratings);
    let places = harness.state().kit.layout(Class::Wide.size()).card().ratings;
    let touch = |finger: u64, phase, at: Rect| {
        let (device_id, id, pos) = (TouchDeviceId(1), TouchId(finger), at.center());
        harness.event(Event::Touch { device_id, id, phase, pos, force: None });
    };
    touch(1, TouchPhase::Start, places[4]);
    touch(2, TouchPhase::Start, places[0]);
    touch(1, TouchPhase::End, places[4]);
    touch(2, TouchPhase::End, places[0]);
    harness.run();
    assert_eq!(harness.state().rated, [Satisfaction::VeryDissatisfied]);
}

#[test]
fn chips_are_check_boxes_and_several_can_be_chosen() {
    let words = ["服务态度生硬", "办理时间过长", "其他"];
    let mut harness = harness(move |ui, state| {
        let chips: Vec<_> =
            words.iter().zip(state.chosen).map(|(word, is_chosen)| chip::Chip { word, is_chosen }).collect();
        let place = Rect::from_min_size(pos2(40.0, 200.0), vec2(1200.0, 300.0));
        if let Some(n) = chip::grid(ui, &mut state.kit, place, 96.0, &chips) {
            state.chosen[n] = !state.chosen[n];
        }
    });
    for word in [words[0], words[2], words[0], words[1]] {
        assert_eq!(harness.get_by_label(word).accesskit_node().role(), Role::CheckBox);
        harness.get_by_label(word).click();
        harness.run();
    }
    assert_eq!(harness.state().chosen, [false, true, true]);
    let toggled = |word| harness.get_by_label(word).accesskit_node().toggled();
    assert_eq!(toggled(words[1]), Some(egui::accesskit::Toggled::True));
    assert_eq!(toggled(words[0]), Some(egui::accesskit::Toggled::False));
}

#[test]
fn the_pad_types_each_key_and_never_shows_a_digit() {
    let mut harness = harness(|ui, state| {
        let places = state.kit.layout(Class::Wide.size()).pad();
        let typed = state.typed.iter().filter(|key| matches!(key, pad::Key::Digit(_))).count();
        let typed = pad::Typed::Hidden { count: typed, places: 6 };
        let pad = pad::Pad { typed, field: "密码", erase: "退格", enter: "确定" };
        state.typed.extend(pad::show(ui, &mut state.kit, places.display, &places.keys, &pad));
    });
    for word in ["7", "0", "3", "退格", "确定"] {
        harness.get_by_label(word).click();
        harness.run();
    }
    let expected = [pad::Key::Digit(7), pad::Key::Digit(0), pad::Key::Digit(3), pad::Key::Erase, pad::Key::Enter];
    assert_eq!(harness.state().typed, expected);
    let field = harness.get_by_label("密码");
    assert_eq!(field.accesskit_node().role(), Role::PasswordInput);
    assert_eq!(field.accesskit_node().value().as_deref(), Some("•••"));
}

#[test]
fn language_and_senior_mode_are_one_press_each() {
    let mut harness = harness(|ui, state| {
        let frame = state.kit.layout(Class::Wide.size()).frame();
        let words =
            header::Header {
                hall: "云溪市政务服务中心", clock: "15:33", language: "English", senior: "长者版"
            };
        state.toggled.extend(header::show(ui, &mut state.kit, &frame, &words));
    });
    harness.get_by_label("English").click();
    harness.run();
    harness.get_by_label("长者版").click();
    harness.run();
    assert_eq!(harness.state().toggled, [header::Toggled::Language, header::Toggled::Senior]);
    assert_eq!(harness.get_by_label("云溪市政务服务中心").accesskit_node().role(), Role::Label);
}

#[test]
fn a_countdown_is_told_as_progress_and_asks_for_no_repaint() {
    let mut harness = harness(|ui, state| {
        let place = Rect::from_min_size(pos2(100.0, 100.0), vec2(96.0, 96.0));
        countdown::ring(ui, &state.kit.look, place, 7, 20, "剩余 7 秒");
    });
    harness.run();
    let node = harness.get_by_label("剩余 7 秒");
    assert_eq!(node.accesskit_node().role(), Role::ProgressIndicator);
    assert_eq!(node.accesskit_node().numeric_value(), Some(7.0));
    assert!(!harness.ctx.has_requested_repaint(), "who counts asks, not who draws");
}
