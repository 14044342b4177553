//! Every colour, size, spacing and duration of the screen.
//!
//! Components never name a colour: they ask the [`Look`] for an [`Ink`] on a [`Ground`], so that the contrast test below
//! sees every pair there can be.

use std::time::Duration;

use egui::{Color32, FontId, Shadow, Stroke};

use super::fonts;
use super::layout::Class;
use crate::domain::rating::Satisfaction;

pub use crate::config::kiosk::Theme;

/// A countdown or clock is redrawn this often, and nothing else is redrawn without a reason.
pub const TICK: Duration = Duration::from_secs(1);
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

struct Palette {
    paper: Color32,
    card: Color32,
    sunken: Color32,
    tint: Color32,
    award_tint: Color32,
    header: Color32,
    brand: Color32,
    party: Color32,
    ink: Color32,
    ink_soft: Color32,
    brand_ink: Color32,
    award_ink: Color32,
    on_brand: Color32,
    on_brand_soft: Color32,
    gold: Color32,
    outline: Color32,
    hairline: Color32,
    shadow: Color32,
    /// Best level first.
    levels: [Color32; 5],
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

const LEVELS: [Color32; 5] = [rgb(0x13754A), rgb(0x4E7D1F), rgb(0xA66A00), rgb(0xC2521A), rgb(0xA8201A)];

const RED: Palette = Palette {
    paper: rgb(0xF6F1E7),
    card: rgb(0xFFFDF9),
    sunken: rgb(0xEFE7D9),
    tint: rgb(0xFBECE6),
    award_tint: rgb(0xFBF0D6),
    header: rgb(0x9E1B20),
    brand: rgb(0x9E1B20),
    party: rgb(0x9E1B20),
    ink: rgb(0x221A17),
    ink_soft: rgb(0x54483F),
    brand_ink: rgb(0x9E1B20),
    award_ink: rgb(0x7A5000),
    on_brand: rgb(0xFFFFFF),
    on_brand_soft: rgb(0xF6D9B0),
    gold: rgb(0xF2C36B),
    outline: rgb(0x8A7C6D),
    hairline: rgb(0xE4DACA),
    shadow: Color32::from_rgba_premultiplied(6, 4, 2, 26),
    levels: LEVELS,
};

const RED_SENIOR: Palette = Palette {
    ink: rgb(0x120C0A),
    ink_soft: rgb(0x3A3029),
    header: rgb(0x8C1419),
    brand: rgb(0x8C1419),
    party: rgb(0x8C1419),
    brand_ink: rgb(0x85121A),
    award_ink: rgb(0x5E3D00),
    on_brand_soft: rgb(0xFFF0D9),
    outline: rgb(0x5F5347),
    ..RED
};

const TEAL: Palette = Palette {
    paper: rgb(0xEFF4F3),
    card: rgb(0xFDFFFE),
    sunken: rgb(0xE1EBEA),
    tint: rgb(0xE0F1EE),
    award_tint: rgb(0xFAF0D8),
    header: rgb(0x0B5558),
    brand: rgb(0x0B5558),
    party: rgb(0x9E1B20),
    ink: rgb(0x10201F),
    ink_soft: rgb(0x3F5250),
    brand_ink: rgb(0x0B5558),
    award_ink: rgb(0x7A5000),
    on_brand: rgb(0xFFFFFF),
    on_brand_soft: rgb(0xC6EBE4),
    gold: rgb(0xF2C36B),
    outline: rgb(0x6A807E),
    hairline: rgb(0xD3E0DE),
    shadow: Color32::from_rgba_premultiplied(1, 5, 5, 26),
    levels: LEVELS,
};

const TEAL_SENIOR: Palette = Palette {
    ink: rgb(0x071413),
    ink_soft: rgb(0x273735),
    header: rgb(0x084548),
    brand: rgb(0x084548),
    party: rgb(0x8C1419),
    brand_ink: rgb(0x074143),
    award_ink: rgb(0x5E3D00),
    on_brand_soft: rgb(0xE2F6F2),
    outline: rgb(0x465A58),
    ..TEAL
};

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
mod tests {
    use super::*;

    const INKS: [Ink; 4] = [Ink::Strong, Ink::Soft, Ink::Brand, Ink::Award];
    const GROUNDS: [Ground; 8] = [
        Ground::Paper,
        Ground::Card,
        Ground::Sunken,
        Ground::Tint,
        Ground::Award,
        Ground::Header,
        Ground::Brand,
        Ground::Party,
    ];

    fn luminance(c: Color32) -> f64 {
        let linear = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(c.r()) + 0.7152 * linear(c.g()) + 0.0722 * linear(c.b())
    }

    /// WCAG 2.2 contrast ratio.
    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn looks() -> impl Iterator<Item = Look> {
        Theme::ALL
            .iter()
            .flat_map(|&theme| [false, true].map(|senior| Class::ALL.map(|class| Look { theme, senior, class })))
            .flatten()
    }

    #[test]
    fn contrast_agrees_with_the_published_examples() {
        assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 0.01);
        assert!((contrast(rgb(0x767676), Color32::WHITE) - 4.54).abs() < 0.01);
    }

    #[test]
    fn every_text_pair_has_4_5_to_1_and_7_to_1_in_senior_mode() {
        for look in looks() {
            let least = if look.senior { 7.0 } else { 4.5 };
            for on in GROUNDS {
                for ink in INKS {
                    let ratio = contrast(look.ink(ink, on), look.fill(on));
                    assert!(ratio >= least, "{look:?}: {ink:?} on {on:?} is {ratio:.2}");
                }
            }
        }
    }

    #[test]
    fn every_meaningful_shape_has_3_to_1() {
        for look in looks() {
            for on in [Ground::Paper, Ground::Card, Ground::Sunken, Ground::Tint, Ground::Award] {
                for stroke in [look.outline(), look.strong_outline()] {
                    assert!(contrast(stroke.color, look.fill(on)) >= 3.0, "{look:?}: outline on {on:?}");
                }
            }
            for on in [Ground::Header, Ground::Brand, Ground::Party] {
                assert!(contrast(look.gold(), look.fill(on)) >= 3.0, "{look:?}: gold on {on:?}");
            }
            for &level in Satisfaction::ALL {
                assert!(contrast(look.level(level), look.fill(Ground::Card)) >= 3.0, "{look:?}: {level:?} on its tile");
                assert!(contrast(look.level(level), look.fill(Ground::Sunken)) >= 3.0, "{look:?}: {level:?} pressed");
                assert!(contrast(look.on_level(), look.level(level)) >= 3.0, "{look:?}: face of {level:?}");
            }
            let (dark, light) = look.qr();
            assert!(contrast(dark, light) > 20.0);
        }
    }

    #[test]
    fn texts_are_never_below_the_limit_and_senior_texts_never_smaller() {
        for look in looks() {
            let plain = Look { senior: false, ..look };
            for size in TextSize::ALL {
                assert!(look.points(size) >= look.min_points(), "{look:?} {size:?}");
                assert!(look.points(size) >= plain.points(size), "{look:?} {size:?}");
            }
            let sizes = TextSize::ALL.map(|s| look.points(s));
            assert!(sizes.windows(2).all(|w| w[0] > w[1]), "{look:?}: four sizes, largest first");
        }
    }

    #[test]
    fn gaps_stand_on_the_scale_and_grow() {
        for look in looks() {
            let gaps = [Gap::Hair, Gap::Tight, Gap::Small, Gap::Medium, Gap::Large, Gap::Huge].map(|g| look.gap(g));
            assert!(gaps.iter().all(|g| SCALE.contains(g)));
            assert!(gaps.windows(2).all(|w| w[0] <= w[1]));
        }
    }
}
