//! The window's promise: one tap, one picture; and no frame without a reason.

use std::time::{Duration, Instant};

use egui::{Context, Event as Input, Modifiers, PointerButton, Pos2, RawInput, Rect};
use pingyi::kiosk::app::driver::Driver;
use pingyi::kiosk::app::{KioskWindow, WindowOptions};
use pingyi::kiosk::flow::view::Screen;
use pingyi::kiosk::screens::Stage;
use pingyi::kiosk::ui::{self, Class, Theme, assets, fonts};

use super::hall::Hall;

struct Pane {
    ctx: Context,
    window: KioskWindow,
    hall: Hall,
    time_s: f64,
}

/// One frame as it would be painted.
struct Painted {
    passes: u64,
    texts: Vec<String>,
    /// When egui wants the next one.
    again_after: Duration,
}

impl Pane {
    fn new(commit: Duration) -> Self {
        let ctx = Context::default();
        ui::prepare(&ctx);
        fonts::install(&ctx, &assets::find(None).unwrap()).unwrap();
        let zone = jiff::tz::TimeZone::UTC;
        let options = WindowOptions {
            size: Some([1280, 800]),
            layout: None,
            theme: Theme::Red,
            assets: None,
            photos: "photos".into(),
            zone: zone.clone(),
        };
        let hall = Hall::new(commit);
        let stage = Stage::new(Theme::Red, None, "photos".into(), zone);
        let window = KioskWindow::new(&ctx, options, Box::new(hall.clone()), stage);
        let mut pane = Self { ctx, window, hall, time_s: 0.0 };
        pane.frame(Vec::new());
        pane.frame(Vec::new());
        pane
    }

    fn frame(&mut self, events: Vec<Input>) -> Painted {
        self.time_s += 0.1;
        let input = RawInput {
            time: Some(self.time_s),
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, Class::Wide.size())),
            events,
            ..RawInput::default()
        };
        let window = &mut self.window;
        let before = self.ctx.cumulative_pass_nr();
        let mut output = self.ctx.run_ui(input, |ui| window.frame(ui));
        output.textures_delta.clear();
        let texts = output.shapes.iter().filter_map(|clipped| match &clipped.shape {
            egui::Shape::Text(text) => Some(text.galley.text().to_owned()),
            _ => None,
        });
        let viewport = &output.viewport_output[&egui::ViewportId::ROOT];
        Painted {
            passes: self.ctx.cumulative_pass_nr() - before,
            texts: texts.collect(),
            again_after: viewport.repaint_delay,
        }
    }

    /// Presses the face in the middle and lifts, as two frames.
    fn tap(&mut self) -> Painted {
        let pos = self.hall_face();
        let button =
            |pressed| Input::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE };
        self.frame(vec![Input::PointerMoved(pos), button(true)]);
        self.frame(vec![button(false)])
    }

    fn hall_face(&self) -> Pos2 {
        ui::Layout { class: Class::Wide, senior: false, size: Class::Wide.size() }.card().ratings[2].center()
    }
}

#[test]
fn a_quick_commit_is_answered_in_the_frame_of_the_press() {
    let mut pane = Pane::new(Duration::from_millis(1));
    let painted = pane.tap();
    assert!(painted.texts.iter().any(|t| t == "方便说说原因吗？"), "{:?}", painted.texts);
    assert!(!painted.texts.iter().any(|t| t == "基本满意"), "the card is not painted again");
    assert_eq!(painted.passes, 2, "the first pass is discarded, not painted");
    assert_eq!(pane.hall.events().len(), 1, "one press, one event: {:?}", pane.hall.events());
}

#[test]
fn a_slow_commit_shows_the_pressed_face_and_the_answer_when_it_comes() {
    let mut pane = Pane::new(Duration::from_millis(300));
    let started = Instant::now();
    let painted = pane.tap();
    assert!(started.elapsed() < Duration::from_millis(250), "the window does not wait for a slow commit");
    assert!(painted.texts.iter().any(|t| t.starts_with("正在保存")), "{:?}", painted.texts);
    while !matches!(pane.hall.view().screen, Screen::Reasons(_)) {
        assert!(started.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(5));
    }
    let painted = pane.frame(Vec::new());
    assert!(painted.texts.iter().any(|t| t == "方便说说原因吗？"));
    assert_eq!(pane.hall.events().len(), 1);
}

#[test]
fn a_second_press_on_the_same_spot_while_saving_is_no_second_event() {
    let mut pane = Pane::new(Duration::from_millis(400));
    pane.tap();
    pane.tap();
    pane.tap();
    assert_eq!(pane.hall.events().len(), 1, "{:?}", pane.hall.events());
}

#[test]
fn a_card_that_nobody_touches_asks_for_no_frame() {
    let mut pane = Pane::new(Duration::ZERO);
    for _ in 0..3 {
        pane.frame(Vec::new());
    }
    let painted = pane.frame(Vec::new());
    assert_eq!(painted.again_after, Duration::MAX);
}

#[test]
fn any_touch_extends_a_running_time_out_but_not_more_than_once_a_second() {
    let mut pane = Pane::new(Duration::ZERO);
    pane.tap();
    let nowhere = Pos2::new(3.0, 300.0);
    for _ in 0..5 {
        for pressed in [true, false] {
            let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
            pane.frame(vec![Input::PointerButton { pos: nowhere, button, pressed, modifiers }]);
        }
    }
    let touches = pane.hall.events().iter().filter(|event| *event == "Touched").count();
    assert_eq!(touches, 1, "ten frames of 0.1 s: {:?}", pane.hall.events());
}

#[test]
fn only_the_flow_closes_the_window() {
    use egui::ViewportCommand::{CancelClose, Close};
    let mut pane = Pane::new(Duration::ZERO);
    let close_asked = |pane: &mut Pane| {
        let mut input = RawInput { time: Some(9.0), ..RawInput::default() };
        input.viewports.entry(egui::ViewportId::ROOT).or_default().events.push(egui::ViewportEvent::Close);
        let window = &mut pane.window;
        let mut output = pane.ctx.run_ui(input, |ui| window.before_frame(ui.ctx()));
        output.textures_delta.clear();
        output.viewport_output[&egui::ViewportId::ROOT].commands.clone()
    };
    assert!(close_asked(&mut pane).contains(&CancelClose), "a window manager's wish is refused");
    pane.hall.quit();
    let commands = close_asked(&mut pane);
    assert!(commands.contains(&Close) && !commands.contains(&CancelClose), "{commands:?}");
    assert!(!close_asked(&mut pane).contains(&CancelClose), "the wish that follows is granted");
}

#[test]
fn an_odd_screen_is_drawn_at_the_size_its_layout_was_made_for() {
    for (pixels, scale) in
        [([1920.0, 1080.0], 1.0), ([3840.0, 2160.0], 2.0), ([2160.0, 3840.0], 2.0), ([800.0, 480.0], 0.78)]
    {
        let mut pane = Pane::new(Duration::ZERO);
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, pixels.into())),
            time: Some(9.0),
            ..RawInput::default()
        };
        let window = &mut pane.window;
        let mut output = pane.ctx.run_ui(input.clone(), |ui| window.before_frame(ui.ctx()));
        output.textures_delta.clear();
        let mut output = pane.ctx.run_ui(input, |_| {});
        output.textures_delta.clear();
        assert!((pane.ctx.pixels_per_point() - scale).abs() < 0.01, "{pixels:?}: {}", pane.ctx.pixels_per_point());
    }
}
