//! Sizes, reach and room in every class, plain and senior.

use super::*;
use crate::kiosk::ui::tokens::MIN_TARGET_PT;

fn layouts() -> Vec<Layout> {
    let odd = [vec2(1366.0, 768.0), vec2(1600.0, 900.0), vec2(1200.0, 1920.0), vec2(1280.0, 1024.0)];
    let sizes = Class::ALL.map(Class::size).into_iter().chain(odd);
    sizes.flat_map(|size| [false, true].map(|senior| Layout { class: Class::of(size), senior, size })).collect()
}

/// Everything on a screen that must not overlap, and which of it can be pressed.
fn screens(l: &Layout) -> Vec<(&'static str, Vec<Rect>, Vec<Rect>)> {
    let f = l.frame();
    let tools = [f.language, f.senior];
    let shared = |more: &[Rect]| [&[f.hall, f.clock, f.language, f.senior], more].concat();
    let (card, reasons, thanks, panel, pad) = (l.card(), l.reasons(), l.thanks(), l.panel(), l.pad());
    let inside = l.card_panel(card.panel);
    let actions = l.row(panel.actions, 3);
    let in_panel = [inside.photo, inside.identity, inside.pledges];
    vec![
        (
            "card",
            shared(&[&[card.prompt, card.aside], &card.ratings[..], &in_panel[..], inside.qr.as_slice()].concat()),
            [&tools[..], &card.ratings[..]].concat(),
        ),
        (
            "reasons",
            shared(&[
                reasons.title,
                reasons.subtitle,
                reasons.countdown,
                reasons.chips,
                reasons.secondary,
                reasons.primary,
            ]),
            [&tools[..], &[reasons.chips, reasons.secondary, reasons.primary]].concat(),
        ),
        (
            "thanks",
            shared(&[thanks.mark, thanks.title, thanks.message, thanks.qr, thanks.countdown, thanks.done]),
            [&tools[..], &[thanks.done]].concat(),
        ),
        ("panel", shared(&[&[panel.title, panel.content], &actions[..]].concat()), [&tools[..], &actions[..]].concat()),
        (
            "pad",
            shared(&[&[pad.title, pad.side, pad.display, pad.back], &pad.keys[..]].concat()),
            [&tools[..], &[pad.back], &pad.keys[..]].concat(),
        ),
    ]
}

#[test]
fn nothing_overlaps_is_empty_or_off_the_screen() {
    for l in layouts() {
        let screen = Rect::from_min_size(pos2(0.0, 0.0), l.size);
        for (name, places, _) in screens(&l) {
            for (n, a) in places.iter().enumerate() {
                assert!(screen.expand(0.1).contains_rect(*a), "{l:?} {name} {n}: {a:?} is off the screen");
                assert!(a.width() >= 20.0 && a.height() >= 20.0, "{l:?} {name} {n}: {a:?} has no room");
                for (m, b) in places.iter().enumerate().skip(n + 1) {
                    let common = a.intersect(*b);
                    let overlaps = common.width() > 0.1 && common.height() > 0.1;
                    assert!(!overlaps, "{l:?} {name}: {n} {a:?} and {m} {b:?} overlap");
                }
            }
        }
    }
}

#[test]
fn what_can_be_pressed_is_large_enough() {
    for l in layouts() {
        let least = if l.class == Class::Compact { MIN_TARGET_PT } else { 96.0 };
        for (name, _, targets) in screens(&l) {
            for rect in targets {
                assert!(rect.width() >= least && rect.height() >= least - 0.1, "{l:?} {name}: {rect:?} below {least}");
            }
        }
        assert!(l.reasons().chip_height >= least);
    }
}

#[test]
fn on_a_pillar_what_can_be_pressed_stands_in_the_lower_two_thirds() {
    for l in layouts().into_iter().filter(|l| l.class == Class::Pillar) {
        for (name, _, targets) in screens(&l) {
            for rect in targets {
                assert!(rect.min.y >= l.size.y / 3.0, "{l:?} {name}: {rect:?} is too high");
            }
        }
    }
}

#[test]
fn the_five_levels_have_equal_size_and_stand_in_one_line() {
    for l in layouts() {
        let ratings = l.card().ratings;
        for pair in ratings.windows(2) {
            assert!((pair[0].size() - pair[1].size()).length() < 0.01);
            let in_line =
                if l.class == Class::Pillar { pair[0].min.x == pair[1].min.x } else { pair[0].min.y == pair[1].min.y };
            assert!(in_line, "{l:?}");
        }
    }
}

#[test]
fn classes_are_chosen_by_size_and_odd_screens_scaled() {
    for class in Class::ALL {
        assert_eq!(fit(class.size()), (class, 1.0));
    }
    assert_eq!(fit(vec2(3840.0, 2160.0)), (Class::Full, 2.0));
    assert_eq!(fit(vec2(800.0, 480.0)), (Class::Compact, 0.78125));
    assert_eq!(fit(vec2(1366.0, 768.0)).0, Class::Wide);
    let (class, scale) = fit(vec2(768.0, 1366.0));
    assert_eq!(class, Class::Pillar);
    assert!((768.0 / scale - 1080.0).abs() < 0.1);
}
