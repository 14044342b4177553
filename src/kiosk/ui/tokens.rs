//! Every colour, size and spacing of the screen. There are no durations: nothing moves, and whoever counts seconds is the
//! flow.
//!
//! Components never name a colour: they ask the [`Look`] for an [`Ink`] on a [`Ground`], so that the contrast test below
//! sees every pair there can be.

mod palette;

use egui::{Color32, FontId, Shadow, Stroke};

use super::fonts;
use super::layout::Class;
use crate::domain::rating::Satisfaction;

pub use crate::config::kiosk::Theme;
use palette::{Palette, RED, RED_SENIOR, TEAL, TEAL_SENIOR};

/// The smallest side of anything that can be pressed, in points.
pub const MIN_TARGET_PT: f32 = 60.0;

/// What a text says by its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    Strong,
    Soft,
    Brand,
    Award,
}

/// What a text or shape stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// The window itself.
    Paper,
    /// Panels and tiles.
    Card,
    /// What was pressed in or can be typed into.
    Sunken,
    /// What is chosen.
    Tint,
    /// Honours.
    Award,
    /// The header bar.
    Header,
    /// Primary buttons.
    Brand,
    /// The party badge, red in every theme.
    Party,
}

/// The four sizes of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextSize {
    Display,
    Title,
    Body,
    Caption,
}

impl TextSize {
    pub const ALL: [Self; 4] = [Self::Display, Self::Title, Self::Body, Self::Caption];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Bold,
}

/// Steps of the spacing scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    Hair,
    Tight,
    Small,
    Medium,
    Large,
    Huge,
}

const SCALE: [f32; 7] = [4.0, 8.0, 16.0, 24.0, 32.0, 48.0, 64.0];

/// How things look now: theme × senior mode × screen class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Look {
    pub theme: Theme,
    /// 适老化: larger text, stronger contrast.
    pub senior: bool,
    pub class: Class,
}

impl Look {
    pub fn new(theme: Theme, senior: bool, class: Class) -> Self {
        Self { theme, senior, class }
    }

    /// The window's clear colour.
    pub fn background(&self) -> Color32 {
        self.fill(Ground::Paper)
    }

    pub fn fill(&self, ground: Ground) -> Color32 {
        let p = self.palette();
        match ground {
            Ground::Paper => p.paper,
            Ground::Card => p.card,
            Ground::Sunken => p.sunken,
            Ground::Tint => p.tint,
            Ground::Award => p.award_tint,
            Ground::Header => p.header,
            Ground::Brand => p.brand,
            Ground::Party => p.party,
        }
    }

    pub fn ink(&self, ink: Ink, on: Ground) -> Color32 {
        let p = self.palette();
        match (on, ink) {
            (Ground::Party, _) => p.on_brand,
            (Ground::Header | Ground::Brand, Ink::Soft | Ink::Award) => p.on_brand_soft,
            (Ground::Header | Ground::Brand, _) => p.on_brand,
            (_, Ink::Strong) => p.ink,
            (_, Ink::Soft) => p.ink_soft,
            (_, Ink::Brand) => p.brand_ink,
            (_, Ink::Award) => p.award_ink,
        }
    }

    /// The disc of a level's face.
    pub fn level(&self, level: Satisfaction) -> Color32 {
        self.palette().levels[level as usize]
    }

    /// Eyes and mouth on a level's disc.
    pub fn on_level(&self) -> Color32 {
        self.palette().on_brand
    }

    /// Stars and the emblem on red or blue-green.
    pub fn gold(&self) -> Color32 {
        self.palette().gold
    }

    /// Dark modules of a QR code; readers want black on white in any theme.
    pub fn qr(&self) -> (Color32, Color32) {
        (Color32::BLACK, Color32::WHITE)
    }

    /// The border of what can be pressed.
    pub fn outline(&self) -> Stroke {
        Stroke::new(if self.senior { 3.0 } else { 1.5 }, self.palette().outline)
    }

    /// The border of what is chosen or pressed.
    pub fn strong_outline(&self) -> Stroke {
        Stroke::new(if self.senior { 5.0 } else { 3.0 }, self.palette().brand)
    }

    /// A quiet line between things; carries no meaning.
    pub fn hairline(&self) -> Stroke {
        Stroke::new(1.0, self.palette().hairline)
    }

    pub fn shadow(&self) -> Shadow {
        Shadow { offset: [0, 4], blur: 20, spread: 0, color: self.palette().shadow }
    }

    /// The one corner radius.
    pub fn radius(&self) -> u8 {
        self.metrics().radius
    }

    pub fn points(&self, size: TextSize) -> f32 {
        let m = self.metrics();
        (if self.senior { m.senior_text } else { m.text })[size as usize]
    }

    /// No text is ever smaller.
    pub fn min_points(&self) -> f32 {
        if self.senior { 30.0 } else { 18.0 }
    }

    pub fn font(&self, size: TextSize, weight: Weight) -> FontId {
        fonts::font_id(self.points(size), weight)
    }

    pub fn gap(&self, gap: Gap) -> f32 {
        let step = match gap {
            Gap::Hair => 0,
            Gap::Tight => 1,
            Gap::Small => 2,
            Gap::Medium => 3,
            Gap::Large => 4,
            Gap::Huge => 5,
        };
        // Small screens take the next smaller step of the same scale.
        let smaller = match self.class {
            Class::Full | Class::Pillar => 0,
            Class::Wide => usize::from(step > 2),
            Class::Compact => usize::from(step > 1),
        };
        SCALE[step - smaller]
    }

    fn palette(&self) -> &'static Palette {
        match (self.theme, self.senior) {
            (Theme::Red, false) => &RED,
            (Theme::Red, true) => &RED_SENIOR,
            (Theme::Teal, false) => &TEAL,
            (Theme::Teal, true) => &TEAL_SENIOR,
        }
    }

    fn metrics(&self) -> &'static Metrics {
        match self.class {
            Class::Full => &FULL,
            Class::Pillar => &PILLAR,
            Class::Wide => &WIDE,
            Class::Compact => &COMPACT,
        }
    }
}

struct Metrics {
    /// Display, title, body, caption, in points.
    text: [f32; 4],
    senior_text: [f32; 4],
    radius: u8,
}

const FULL: Metrics = Metrics { text: [72.0, 38.0, 28.0, 22.0], senior_text: [76.0, 44.0, 36.0, 30.0], radius: 16 };
const PILLAR: Metrics = Metrics { text: [80.0, 42.0, 32.0, 26.0], senior_text: [84.0, 50.0, 38.0, 32.0], radius: 16 };
const WIDE: Metrics = Metrics { text: [54.0, 30.0, 22.0, 18.0], senior_text: [56.0, 36.0, 32.0, 30.0], radius: 12 };
const COMPACT: Metrics = Metrics { text: [42.0, 26.0, 20.0, 18.0], senior_text: [44.0, 34.0, 31.0, 30.0], radius: 12 };

#[cfg(test)]
mod tests;
