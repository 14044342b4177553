//! Everything that is drawn: tokens, text, touch, components.
//!
//! The order of dependence is tokens → [`Look`] (theme × senior × screen class) → components. A component takes plain
//! texts and values, a place ([`egui::Rect`]) from [`layout`], and the [`Kit`]; it answers what was pressed.
//!
//! ```text
//! // once, when the window opens
//! let assets = assets::find(None)?;
//! ui::prepare(ctx);
//! fonts::install(ctx, &assets)?;
//! let mut kit = Kit::new(Look::new(Theme::Red, false, Class::of(size)));
//! // every frame
//! kit.begin(ui.ctx(), &screen);                 // `screen` changes whenever the citizen sees another screen
//! let places = kit.layout(size).card();
//! if let Some(level) = components::rating::show(ui, &mut kit, &places.ratings, &labels) { … }
//! ```
//! The window's clear colour is [`Look::background`]; nobody paints a background rectangle, since without a GPU each
//! full-screen rectangle costs milliseconds.
//!
//! **Architecture invariant:** nothing here reads a clock, knows the flow, a store or a sentence of `words`; no colour or
//! size is written outside [`tokens`].

pub mod assets;
pub mod components;
pub mod fonts;
pub mod gallery;
pub mod layout;
pub mod photos;
pub mod raster;
pub mod text;
pub mod tokens;
pub mod touch;

use std::hash::Hash;

use egui::Vec2;

pub use layout::{Class, Layout};
pub use tokens::{Look, Theme};
pub use touch::Touch;

/// What every component needs: how things look, and the fingers on the glass.
#[derive(Debug)]
pub struct Kit {
    pub look: Look,
    pub touch: Touch,
}

impl Kit {
    pub fn new(look: Look) -> Self {
        Self { look, touch: Touch::default() }
    }

    /// Call first in every frame. A changed `screen` voids every finger that is down.
    pub fn begin(&mut self, ctx: &egui::Context, screen: &impl Hash) {
        self.touch.begin(ctx, screen);
    }

    /// The places of this look on a screen of `size` points.
    pub fn layout(&self, size: Vec2) -> Layout {
        Layout { class: self.look.class, senior: self.look.senior, size }
    }
}

/// Sets egui up for a kiosk: a slow, sliding press is still a click, nothing fades, no key quits or zooms.
pub fn prepare(ctx: &egui::Context) {
    ctx.set_theme(egui::ThemePreference::Light);
    ctx.options_mut(|options| {
        options.zoom_with_keyboard = false;
        options.quit_shortcuts.clear();
        options.input_options.max_click_duration = touch::MAX_HOLD_S;
        options.input_options.max_click_dist = touch::SLACK_PT * 2.0;
        options.warn_on_id_clash = cfg!(debug_assertions);
    });
    ctx.all_styles_mut(|style| {
        style.animation_time = 0.0;
        style.interaction.selectable_labels = false;
        style.spacing.item_spacing = Vec2::ZERO;
    });
}
