//! One file, one screen. Each draws its part of the [`View`] and answers what the person in front of it did.
//!
//! To add a screen: a variant in `flow::view::Screen`, a file here with `show(ui, stage, …) -> Option<Event>`, its line in
//! [`show`] below, its sentences in `words::kiosk`, and its samples in `tests/it/screens/samples.rs`.
//!
//! **Architecture invariant:** screens read nothing but the view and their [`Stage`]; they know no store, no file, no
//! socket and no clock but the frame's. What they keep between frames is looks (textures, a finger's start), never a
//! choice: a citizen's choices live in the flow.

mod card;
mod chrome;
mod cleaning;
mod hero;
mod maintenance;
mod pad;
mod paused;
mod reasons;
mod saving;
mod stack;
mod staff_panel;
mod standby;
mod thanks;
mod trouble;

use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::PathBuf;

use egui::{Pos2, TextureHandle, Ui};

use crate::kiosk::flow::event::Event;
use crate::kiosk::flow::view::{Screen, View};
use crate::kiosk::ui::components::qr::Qr;
use crate::kiosk::ui::photos::{self, Photos};
use crate::kiosk::ui::{Class, Kit, Layout, Look, Theme};

/// What outlives a frame: how things look, and the textures already made.
pub struct Stage {
    pub kit: Kit,
    theme: Theme,
    /// None: chosen by the size of the screen.
    class: Option<Class>,
    photos: Option<Photos>,
    photos_dir: PathBuf,
    /// A portrait of this frame is not there, or not yet.
    lacks_photo: bool,
    zone: jiff::tz::TimeZone,
    code: Option<Qr>,
    hold: chrome::Hold,
    countdown: Countdown,
}

/// The longest time seen on a screen: what a countdown is a part of.
#[derive(Debug, Default)]
struct Countdown {
    generation: u64,
    of_seconds: u32,
}

impl Stage {
    /// `photos` none: silhouettes only.
    pub fn new(theme: Theme, photos: Option<Photos>, photos_dir: PathBuf, zone: jiff::tz::TimeZone) -> Self {
        let look = Look::new(theme, false, Class::Full);
        Self {
            kit: Kit::new(look),
            theme,
            class: None,
            photos,
            photos_dir,
            lacks_photo: false,
            zone,
            code: None,
            hold: chrome::Hold::default(),
            countdown: Countdown::default(),
        }
    }

    /// A layout other than the one the screen's size suggests.
    #[must_use]
    pub fn with_layout(mut self, class: Option<Class>) -> Self {
        self.class = class;
        self
    }

    /// The board or its pictures changed: read the pictures again.
    pub fn forget_photos(&mut self) {
        if let Some(photos) = &mut self.photos {
            photos.forget();
        }
    }

    /// The portrait that cards name `file`, from its bytes: for a stage whose [`Photos`] are handed over.
    pub fn keep_photo(&mut self, ctx: &egui::Context, file: &str, bytes: Vec<u8>) {
        let picture = photos::decode_bytes(bytes, PHOTO_PX);
        if let (Some(photos), Some(picture)) = (&mut self.photos, picture) {
            photos.keep(ctx, &self.photos_dir.join(file), picture);
        }
    }

    fn layout(&self, ui: &Ui) -> Layout {
        self.kit.layout(ui.ctx().content_rect().size())
    }

    fn photo(&mut self, ui: &Ui, file: Option<&str>) -> Option<TextureHandle> {
        let path = self.photos_dir.join(file?);
        let photo = self.photos.as_mut()?.get(ui.ctx(), &path, PHOTO_PX);
        self.lacks_photo |= photo.is_none();
        photo
    }

    /// True while a silhouette stands for a portrait; a picture of the screen may be worth waiting for.
    pub fn lacks_photo(&self) -> bool {
        self.lacks_photo
    }

    /// The code for `address`, made once; none if the address is too long for a code.
    fn code(&mut self, ui: &Ui, address: Option<&str>) -> Option<&Qr> {
        let address = address?;
        if self.code.as_ref().is_none_or(|code| code.text() != address) {
            self.code = Qr::new(ui.ctx(), &self.kit.look, address).ok();
        }
        self.code.as_ref()
    }

    /// What the seconds left are a part of; a touch that extends the time makes it whole again.
    fn of_seconds(&mut self, view: &View, seconds_left: u32) -> u32 {
        if self.countdown.generation != view.generation {
            self.countdown = Countdown { generation: view.generation, of_seconds: 0 };
        }
        self.countdown.of_seconds = self.countdown.of_seconds.max(seconds_left);
        self.countdown.of_seconds
    }
}

/// Portraits are kept at most this large.
const PHOTO_PX: [u32; 2] = [768, 1024];

/// Draws the view; what was done, if anything. Nothing that can be pressed on one screen lands on the next.
pub fn show(ui: &Ui, stage: &mut Stage, view: &View) -> Option<Event> {
    let size = ui.ctx().content_rect().size();
    let class = stage.class.unwrap_or_else(|| Class::of(size));
    stage.kit.look = Look::new(stage.theme, view.senior, class);
    stage.lacks_photo = false;
    stage.kit.begin(ui.ctx(), &(view.generation, view.language, view.senior));
    if let Screen::Cleaning { seconds_left } = view.screen {
        // Nothing under an opaque cover is drawn.
        cleaning::show(ui, stage, view, seconds_left);
        return None;
    }
    let around = chrome::show(ui, stage, view);
    let within = match &view.screen {
        Screen::Standby(standby) => standby::show(ui, stage, view, standby),
        Screen::Card(card) => card::show(ui, stage, view, card),
        Screen::Saving { card, level } => saving::show(ui, stage, view, card, *level),
        Screen::Reasons(reasons) => reasons::show(ui, stage, view, reasons),
        Screen::Thanks(thanks) => thanks::show(ui, stage, view, thanks),
        Screen::Paused { window, reason, staff } => paused::show(ui, stage, view, window, *reason, staff.as_deref()),
        Screen::StaffPanel(panel) => staff_panel::show(ui, stage, view, panel),
        Screen::Maintenance(maintenance) => maintenance::show(ui, stage, view, maintenance),
        Screen::Trouble { code, hotline } => trouble::show(ui, stage, view, code, hotline),
        Screen::Cleaning { .. } => None,
    };
    within.or(around)
}

/// What the window is cleared with, so that no screen paints its own ground.
pub fn background(stage: &Stage, view: &View) -> egui::Color32 {
    match view.screen {
        // Smears show on black; it is the black of codes, not a colour of the theme.
        Screen::Cleaning { .. } => stage.kit.look.qr().0,
        _ => stage.kit.look.background(),
    }
}

/// A fresh random number for one press.
fn fresh_tap() -> u64 {
    getrandom::u64().unwrap_or_else(|_| {
        // No random device this early after boot: the process's own random hashing keys are as unique.
        RandomState::new().build_hasher().finish()
    })
}

/// A place on the glass in physical pixels.
fn physical(ui: &Ui, at: Pos2) -> (u16, u16) {
    let scale = ui.ctx().pixels_per_point();
    let px = |v: f32| (v * scale).clamp(0.0, f32::from(u16::MAX)) as u16;
    (px(at.x), px(at.y))
}
