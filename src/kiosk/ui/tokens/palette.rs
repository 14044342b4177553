//! The raw colours. Nothing outside [`super`] sees them.

use egui::Color32;

/// What one theme is painted with; senior mode has darker inks on the same papers.
pub(super) struct Palette {
    pub paper: Color32,
    pub card: Color32,
    pub sunken: Color32,
    pub tint: Color32,
    pub award_tint: Color32,
    pub header: Color32,
    pub brand: Color32,
    pub party: Color32,
    pub ink: Color32,
    pub ink_soft: Color32,
    pub brand_ink: Color32,
    pub award_ink: Color32,
    pub on_brand: Color32,
    pub on_brand_soft: Color32,
    pub gold: Color32,
    pub outline: Color32,
    pub hairline: Color32,
    pub shadow: Color32,
    /// Best level first.
    pub levels: [Color32; 5],
}

pub(super) const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

const LEVELS: [Color32; 5] = [rgb(0x13754A), rgb(0x4E7D1F), rgb(0xA66A00), rgb(0xC2521A), rgb(0xA8201A)];

pub(super) const RED: Palette = Palette {
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

pub(super) const RED_SENIOR: Palette = Palette {
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

pub(super) const TEAL: Palette = Palette {
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

pub(super) const TEAL_SENIOR: Palette = Palette {
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
