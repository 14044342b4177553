//! The window: eframe's runner, what reaches egui from outside, and when a frame is worth painting.
//!
//! One tap is painted once: without a GPU each frame costs tens of milliseconds. A press is handed to the driver in the
//! frame in which the finger lifts, the window waits a moment for the commit, and draws the answer in the same frame; only
//! if the commit takes longer is the pressed face painted by itself. Nothing else is painted without a reason: a changed
//! view, or the time at which the driver says that it may change.
//!
//! **Architecture invariant:** nothing here decides what a tap means; [`driver::Driver`] carries events to the flow and
//! brings views back, and that is all the window knows of the rest.

pub mod driver;
mod input;
mod open;
mod trace;
mod warm;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Context, ViewportCommand, ViewportId};

use self::driver::Driver;
use self::trace::Trace;
use crate::kiosk::flow::event::Event;
use crate::kiosk::flow::view::{Screen, View};
use crate::kiosk::screens::{self, Stage};
use crate::kiosk::ui::layout::{Class, fit};
use crate::kiosk::ui::{Look, Theme};

pub use self::open::{AppFault, run};
pub use crate::kiosk::ui::photos::decode as decode_portrait;

/// How the window looks and where its files lie.
#[derive(Debug, Clone)]
pub struct WindowOptions {
    /// Pixels; none: the whole screen.
    pub size: Option<[u32; 2]>,
    /// None: chosen by the size of the screen.
    pub layout: Option<Class>,
    pub theme: Theme,
    /// The folder `assets`; none: found by itself.
    pub assets: Option<PathBuf>,
    /// The folder of portraits.
    pub photos: PathBuf,
    /// The hall's time zone.
    pub zone: jiff::tz::TimeZone,
}

/// A commit that is done within this time is answered in the frame of its press.
const COMMIT_PATIENCE: Duration = Duration::from_millis(40);
/// Any other press that changes the view at once.
const PATIENCE: Duration = Duration::from_millis(4);
const POLL: Duration = Duration::from_micros(200);
/// Touches that mean nothing else extend a time-out at most this often. Seconds.
const TOUCHED_EVERY_S: f64 = 1.0;

/// The kiosk as eframe runs it.
pub struct KioskWindow {
    driver: Box<dyn Driver>,
    stage: Stage,
    trace: Trace,
    options: WindowOptions,
    has_quit: bool,
    /// Frames drawn; glyphs of later screens are made ready after the first.
    frames: u64,
    last_touched_s: f64,
    background: egui::Color32,
}

impl KioskWindow {
    /// Takes the driver and has it wake `ctx` whenever the view changes.
    pub fn new(ctx: &Context, options: WindowOptions, driver: Box<dyn Driver>, stage: Stage) -> Self {
        let waker = ctx.clone();
        driver.watch(Arc::new(move || wake(&waker, Duration::ZERO)));
        let background = Look::new(options.theme, false, Class::Full).background();
        let trace = Trace::from_env();
        Self { driver, stage, trace, options, has_quit: false, frames: 0, last_touched_s: f64::MIN, background }
    }

    /// Draws one frame; a press is answered within it if its answer is there in time.
    pub fn frame(&mut self, ui: &egui::Ui) {
        let view = self.driver.view();
        if self.driver.take_photos_changed() {
            self.stage.forget_photos();
        }
        let ctx = ui.ctx();
        let pressed = screens::show(ui, &mut self.stage, &view);
        self.background = screens::background(&self.stage, &view);
        let is_press = pressed.is_some();
        if let Some(event) = pressed.or_else(|| self.touched(ctx, &view)) {
            self.driver.send(event);
            if is_press && self.has_answer(&view) {
                ctx.request_discard("the answer to the press is there already");
            }
        }
        if let Some(after) = self.driver.next_wake() {
            wake(ctx, after);
        }
    }

    /// What is due before a frame: who may close the window, and how large things are drawn.
    pub fn before_frame(&mut self, ctx: &Context) {
        self.mind_the_door(ctx);
        self.mind_the_scale(ctx);
    }

    /// Waits a moment for the view that follows a press; true if it came.
    fn has_answer(&self, before: &Arc<View>) -> bool {
        let started = Instant::now();
        loop {
            let view = self.driver.view();
            let is_saving = matches!(view.screen, Screen::Saving { .. });
            let changed = !Arc::ptr_eq(&view, before) && *view != **before;
            if changed && !is_saving {
                return true;
            }
            let patience = if is_saving { COMMIT_PATIENCE } else { PATIENCE };
            if started.elapsed() >= patience {
                return changed;
            }
            std::thread::sleep(POLL);
        }
    }

    /// Any finger that comes down extends a running time-out.
    fn touched(&mut self, ctx: &Context, view: &View) -> Option<Event> {
        if !has_time_out(view) || !input::finger_came_down(ctx) {
            return None;
        }
        let now_s = ctx.input(|input| input.time);
        if now_s - self.last_touched_s < TOUCHED_EVERY_S {
            return None;
        }
        self.last_touched_s = now_s;
        Some(Event::Touched)
    }

    /// Only the flow closes the window.
    fn mind_the_door(&mut self, ctx: &Context) {
        if self.driver.take_quit() {
            self.has_quit = true;
            ctx.send_viewport_cmd(ViewportCommand::Close);
        }
        if ctx.input(|input| input.viewport().close_requested()) && !self.has_quit {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
        }
    }

    /// Draws every class at the size that it was made for.
    fn mind_the_scale(&self, ctx: &Context) {
        let pixels = ctx.content_rect().size() * ctx.pixels_per_point();
        if pixels.x >= 1.0 && pixels.y >= 1.0 {
            self.driver.sized(pixels.x.round() as u32, pixels.y.round() as u32);
        }
        let scale = match self.options.layout {
            Some(class) => (pixels.x / class.size().x).min(pixels.y / class.size().y).clamp(0.25, 8.0),
            None => fit(pixels).1,
        };
        if (scale - ctx.pixels_per_point()).abs() > 0.001 {
            ctx.set_pixels_per_point(scale);
        }
    }
}

impl eframe::App for KioskWindow {
    fn raw_input_hook(&mut self, _ctx: &Context, raw: &mut egui::RawInput) {
        input::filter(raw);
        self.trace.frame_began(raw);
    }

    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.before_frame(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.frame(ui);
        let ctx = ui.ctx();
        if self.options.size.is_none() {
            ctx.set_cursor_icon(egui::CursorIcon::None);
        }
        let view = self.driver.view();
        if self.trace.frame_ended(&view) {
            // The next frame begins when this one has reached the screen.
            wake(ctx, Duration::ZERO);
        }
        self.frames += 1;
        if self.frames == 1 {
            wake(ctx, Duration::from_millis(300));
        } else if self.frames == 2 {
            warm::up(ctx, &self.stage.kit.look, &view);
        }
    }

    fn clear_color(&self, _visuals: &egui::Visuals) -> [f32; 4] {
        self.background.to_normalized_gamma_f32()
    }
}

/// Asks for one frame; egui would paint two for a plain `request_repaint`.
fn wake(ctx: &Context, after: Duration) {
    ctx.request_repaint_after_for(after.max(Duration::from_micros(1)), ViewportId::ROOT);
}

fn has_time_out(view: &View) -> bool {
    match &view.screen {
        Screen::Card(card) => card.prompted,
        Screen::Reasons(_) | Screen::Thanks(_) | Screen::StaffPanel(_) | Screen::Maintenance(_) => true,
        Screen::Standby(_) | Screen::Saving { .. } | Screen::Paused { .. } | Screen::Trouble { .. } => false,
        Screen::Cleaning { .. } => false,
    }
}
