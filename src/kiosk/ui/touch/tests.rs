//! Real egui events through a real context, without a window.

use egui::{Event, Modifiers, PointerButton, Pos2, RawInput, TouchDeviceId, TouchId, TouchPhase, pos2, vec2};

use super::*;

/// A screen of targets, 200 pt wide, side by side.
struct Glass {
    ctx: egui::Context,
    touch: Touch,
    screen: u32,
    kind: Kind,
    now_s: f64,
}

impl Glass {
    fn new(kind: Kind) -> Self {
        let ctx = egui::Context::default();
        crate::kiosk::ui::prepare(&ctx);
        let mut glass = Self { ctx, touch: Touch::default(), screen: 0, kind, now_s: 10.0 };
        glass.frame(vec![]);
        glass
    }

    /// Draws a frame 10 ms later; the numbers of the targets that were pressed.
    fn frame(&mut self, events: Vec<Event>) -> Vec<usize> {
        self.now_s += 0.01;
        let input = RawInput {
            time: Some(self.now_s),
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1280.0, 800.0))),
            events,
            ..RawInput::default()
        };
        let mut pressed = Vec::new();
        let (touch, screen, kind) = (&mut self.touch, self.screen, self.kind);
        let mut output = self.ctx.run_ui(input, |ui| {
            touch.begin(ui.ctx(), &screen);
            for n in 0..5 {
                if touch.target(ui, Id::unique(("face", n)), rect(n), kind).pressed {
                    pressed.push(n);
                }
            }
        });
        output.textures_delta.clear();
        pressed
    }

    fn after(&mut self, seconds: f64) {
        self.now_s += seconds;
    }
}

fn rect(n: usize) -> Rect {
    Rect::from_min_size(pos2(20.0 + 240.0 * n as f32, 500.0), vec2(200.0, 200.0))
}

fn centre(n: usize) -> Pos2 {
    rect(n).center()
}

fn touch(finger: u64, phase: TouchPhase, pos: Pos2) -> Event {
    Event::Touch { device_id: TouchDeviceId(1), id: TouchId(finger), phase, pos, force: None }
}

fn mouse(pressed: bool, pos: Pos2) -> Event {
    Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::default() }
}

use TouchPhase::{Cancel, End, Move, Start};

#[test]
fn a_tap_counts_once() {
    let mut glass = Glass::new(Kind::Choice);
    assert!(glass.frame(vec![touch(1, Start, centre(2))]).is_empty(), "nothing before the finger lifts");
    assert_eq!(glass.frame(vec![touch(1, End, centre(2))]), [2]);
    assert!(glass.frame(vec![]).is_empty());
}

#[test]
fn a_tap_within_one_frame_counts() {
    let mut glass = Glass::new(Kind::Choice);
    assert_eq!(glass.frame(vec![touch(1, Start, centre(4)), touch(1, End, centre(4))]), [4]);
}

#[test]
fn a_slow_sliding_press_of_two_seconds_counts() {
    let mut glass = Glass::new(Kind::Choice);
    glass.frame(vec![touch(1, Start, centre(0))]);
    for step in 1..=20 {
        glass.after(0.09);
        glass.frame(vec![touch(1, Move, centre(0) + vec2(3.0 * step as f32, 1.5 * step as f32))]);
    }
    assert_eq!(glass.frame(vec![touch(1, End, centre(0) + vec2(60.0, 30.0))]), [0]);
}

#[test]
fn lifting_a_little_outside_counts_and_far_outside_or_on_another_does_not() {
    for (end, expected) in [
        (rect(1).right_center() + vec2(15.0, 0.0), vec![1]),
        (rect(1).center_bottom() + vec2(0.0, 60.0), vec![]),
        (centre(2), vec![]),
    ] {
        let mut glass = Glass::new(Kind::Choice);
        glass.frame(vec![touch(1, Start, centre(1)), touch(1, Move, end)]);
        assert_eq!(glass.frame(vec![touch(1, End, end)]), expected, "{end:?}");
    }
}

#[test]
fn a_tap_counts_while_a_palm_rests_and_the_palm_never_does() {
    let mut glass = Glass::new(Kind::Choice);
    glass.frame(vec![touch(7, Start, pos2(640.0, 100.0)), touch(8, Start, centre(0))]);
    glass.after(1.0);
    for tap in 1..=5 {
        glass.frame(vec![touch(tap + 20, Start, centre(3))]);
        assert_eq!(glass.frame(vec![touch(tap + 20, End, centre(3))]), [3], "tap {tap}");
    }
    assert!(glass.frame(vec![touch(7, End, pos2(640.0, 100.0)), touch(8, End, centre(0))]).is_empty());
}

#[test]
fn two_fingers_on_two_faces_make_one_choice_by_lifting_order() {
    for (first, second) in [(1, 3), (3, 1)] {
        let mut glass = Glass::new(Kind::Choice);
        glass.frame(vec![touch(1, Start, centre(1)), touch(3, Start, centre(3))]);
        let lifted =
            glass.frame(vec![touch(first, End, centre(first as usize)), touch(second, End, centre(second as usize))]);
        assert_eq!(lifted, [first as usize]);
        assert!(glass.frame(vec![]).is_empty());

        glass.frame(vec![touch(1, Start, centre(1)), touch(3, Start, centre(3))]);
        assert_eq!(glass.frame(vec![touch(first, End, centre(first as usize))]), [first as usize]);
        assert!(glass.frame(vec![touch(second, End, centre(second as usize))]).is_empty());
    }
}

#[test]
fn keys_may_be_typed_with_overlapping_fingers_and_within_one_frame() {
    let mut glass = Glass::new(Kind::Key);
    glass.frame(vec![touch(1, Start, centre(1)), touch(2, Start, centre(2))]);
    let mut typed = glass.frame(vec![touch(1, End, centre(1)), touch(2, End, centre(2))]);
    typed.extend(glass.frame(vec![]));
    assert_eq!(typed, [1, 2]);
}

#[test]
fn what_was_pressed_before_a_screen_change_never_lands_on_the_new_screen() {
    let mut glass = Glass::new(Kind::Choice);
    glass.frame(vec![touch(1, Start, centre(2))]);
    glass.screen = 1;
    assert!(glass.frame(vec![]).is_empty());
    assert!(glass.frame(vec![touch(1, End, centre(2))]).is_empty());
    // A press in the very frame of the change was aimed at the old screen.
    glass.screen = 2;
    assert!(glass.frame(vec![touch(2, Start, centre(2))]).is_empty());
    assert!(glass.frame(vec![touch(2, End, centre(2))]).is_empty());
    // A press that waits for its frame dies with the screen.
    let mut glass = Glass::new(Kind::Key);
    glass.frame(vec![touch(1, Start, centre(1)), touch(2, Start, centre(2))]);
    glass.frame(vec![touch(1, End, centre(1)), touch(2, End, centre(2))]);
    glass.screen = 1;
    assert!(glass.frame(vec![]).is_empty());
    glass.frame(vec![touch(3, Start, centre(4))]);
    assert_eq!(glass.frame(vec![touch(3, End, centre(4))]), [4], "the new screen takes presses");
}

#[test]
fn a_touch_that_also_emulates_a_mouse_counts_once() {
    let mut glass = Glass::new(Kind::Key);
    let at = centre(1);
    // As egui-winit sends it: the mouse follows the finger within the same batch.
    let mut pressed = glass.frame(vec![touch(1, Start, at), Event::PointerMoved(at), mouse(true, at)]);
    pressed.extend(glass.frame(vec![touch(1, End, at), mouse(false, at), Event::PointerGone]));
    // As an X server may: the mouse comes later by itself, or a little earlier.
    pressed.extend(glass.frame(vec![mouse(true, at), mouse(false, at)]));
    assert_eq!(pressed, [1]);
    glass.after(5.0);
    pressed = glass.frame(vec![mouse(true, at)]);
    pressed.extend(glass.frame(vec![touch(2, Start, at)]));
    pressed.extend(glass.frame(vec![touch(2, End, at), mouse(false, at)]));
    pressed.extend(glass.frame(vec![]));
    assert_eq!(pressed, [1]);
}

#[test]
fn a_mouse_counts_where_there_is_no_touch() {
    let mut glass = Glass::new(Kind::Choice);
    glass.frame(vec![Event::PointerMoved(centre(4)), mouse(true, centre(4))]);
    assert_eq!(glass.frame(vec![mouse(false, centre(4))]), [4]);
    glass.frame(vec![touch(1, Start, centre(0))]);
    glass.frame(vec![touch(1, End, centre(0))]);
    glass.after(2.0);
    glass.frame(vec![mouse(true, centre(3))]);
    assert_eq!(glass.frame(vec![mouse(false, centre(3))]), [3], "also some time after a touch");
}

#[test]
fn a_cancelled_touch_and_an_endless_one_do_not_count() {
    let mut glass = Glass::new(Kind::Choice);
    glass.frame(vec![touch(1, Start, centre(1))]);
    assert!(glass.frame(vec![touch(1, Cancel, centre(1)), touch(1, End, centre(1))]).is_empty());
    glass.frame(vec![touch(2, Start, centre(1))]);
    glass.after(MAX_HOLD_S + 0.1);
    assert!(glass.frame(vec![touch(2, End, centre(1))]).is_empty());
}

#[test]
fn twenty_taps_a_second_all_arrive_on_keys() {
    let mut glass = Glass::new(Kind::Key);
    let mut count = 0;
    for tap in 0..100 {
        glass.after(0.03);
        count += glass.frame(vec![touch(tap, Start, centre(2)), touch(tap, End, centre(2))]).len();
    }
    assert_eq!(count, 100);
}

#[test]
fn fingers_whose_end_was_lost_do_not_pile_up_or_block() {
    let mut glass = Glass::new(Kind::Choice);
    for finger in 0..1_000 {
        glass.frame(vec![touch(finger, Start, pos2(5.0, 5.0))]);
    }
    glass.frame(vec![touch(5_000, Start, centre(1))]);
    assert_eq!(glass.frame(vec![touch(5_000, End, centre(1))]), [1]);
}
