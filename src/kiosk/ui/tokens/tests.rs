//! Contrast, sizes and spacing of every look.

use super::palette::rgb;
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
