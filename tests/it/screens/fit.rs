//! Everything can be read and hit, in every layout, language and letter size.

use egui::epaint::Shape;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use pingyi::domain::board::Pledge;
use pingyi::kiosk::flow::view::{Screen, View};
use pingyi::kiosk::ui::Class;
use pingyi::words::Language;

use super::{Glass, change, every_view, samples, show, targets};

/// Every text on the glass: the words, the size of their letters, whether something was cut off, and where.
fn texts(harness: &Harness<'_, Glass>) -> Vec<(String, f32, bool, egui::Rect)> {
    fn walk(shape: &Shape, texts: &mut Vec<(String, f32, bool, egui::Rect)>) {
        match shape {
            Shape::Text(text) => {
                let points = text.galley.job.sections.first().map_or(0.0, |s| s.format.font_id.size);
                let place = text.galley.rect.translate(text.pos.to_vec2());
                texts.push((text.galley.text().to_owned(), points, text.galley.elided, place));
            }
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| walk(shape, texts)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for clipped in &harness.output().shapes {
        walk(&clipped.shape, &mut found);
    }
    found
}

/// Shows every sample once in each class on one glass.
fn everywhere(mut check: impl FnMut(&str, Class, &View, &Harness<'_, Glass>)) {
    for class in Class::ALL {
        let mut harness = show(class, samples::all().remove(0).1);
        for (name, view) in every_view() {
            change(&mut harness, view);
            let view = harness.state().view.clone();
            check(&name, class, &view, &harness);
        }
    }
}

#[test]
fn whatever_can_be_pressed_is_large_within_reach_and_alone() {
    let mut faults = Vec::new();
    everywhere(|name, class, _, harness| {
        let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, class.size());
        let all = targets(harness);
        for (n, (label, rect)) in all.iter().enumerate() {
            let least = rect.size().min_elem();
            let large = if class == Class::Compact { 60.0 } else { 72.0 };
            if least < large - 0.5 {
                faults.push(format!("{name} {class:?}: {label:?} is {least} points"));
            }
            if !screen.expand(0.5).contains_rect(*rect) {
                faults.push(format!("{name} {class:?}: {label:?} leaves the screen: {rect:?}"));
            }
            // The hall's name is a second way to maintenance, for staff who can reach it.
            let is_hold = class == Class::Pillar && rect.max.y < 130.0;
            if class == Class::Pillar && !is_hold && rect.min.y < screen.height() / 3.0 - 0.5 {
                faults.push(format!("{name} {class:?}: {label:?} is out of a wheelchair's reach: {rect:?}"));
            }
            for (other, at) in &all[n + 1..] {
                if rect.shrink(0.6).intersects(at.shrink(0.6)) {
                    faults.push(format!("{name} {class:?}: {label:?} and {other:?} overlap"));
                }
            }
        }
    });
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn faces_and_keys_are_twenty_millimetres_on_the_panels_they_are_made_for() {
    for (class, px) in [(Class::Full, 104.0), (Class::Pillar, 104.0), (Class::Wide, 96.0), (Class::Compact, 96.0)] {
        let harness = show(class, samples::view(Screen::Card(samples::card())));
        let face = harness.get_by_label("基本满意").rect();
        assert!(face.size().min_elem() >= px, "{class:?}: {face:?}");
    }
}

#[test]
fn no_word_is_cut_off_or_leaves_the_screen_or_is_too_small() {
    let mut faults = Vec::new();
    everywhere(|name, class, view, harness| {
        let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, class.size());
        let least = if view.senior { 30.0 } else { 18.0 };
        for (text, points, elided, place) in texts(harness) {
            if text.trim().is_empty() {
                continue;
            }
            if elided {
                faults.push(format!("{name} {class:?}: {text:?} is cut off"));
            }
            if points < least {
                faults.push(format!("{name} {class:?}: {text:?} is {points} points"));
            }
            if !screen.expand(1.0).contains_rect(place) {
                faults.push(format!("{name} {class:?}: {text:?} leaves the screen: {place:?}"));
            }
        }
    });
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn a_pledge_with_its_time_limit_is_shown_even_on_the_smallest_screen() {
    for class in Class::ALL {
        let mut harness = show(class, samples::view(Screen::Card(samples::card())));
        for language in [Language::Zh, Language::En] {
            for senior in [false, true] {
                let card = samples::card();
                let view = View { language, senior, ..samples::view(Screen::Card(card.clone())) };
                change(&mut harness, view);
                let texts = texts(&harness);
                let drawn = |words: &str| texts.iter().any(|(text, _, elided, _)| text.starts_with(words) && !elided);
                let english = language.is_english();
                let whole = |p: &&Pledge| drawn(p.text.get(english)) && drawn(p.time_limit.get(english));
                let shown = card.pledges.iter().filter(whole);
                assert!(shown.count() >= 1, "{class:?} {language:?} senior {senior}");
            }
        }
    }
}

#[test]
fn the_longest_allowed_name_is_drawn_whole_within_its_card() {
    let names = [
        "阿卜杜热西提·买买提",
        "𠮷志远",
        "王㛃",
        "龚䶮",
        "阿卜杜外力·吐尼亚孜·阿卜杜热合曼·买买提艾力·吾买尔江·阿不都克里木",
    ];
    for class in Class::ALL {
        let mut harness = show(class, samples::view(Screen::Card(samples::card())));
        for senior in [false, true] {
            for name in names {
                let mut card = samples::card();
                std::sync::Arc::make_mut(&mut card.staff).name = name.into();
                change(&mut harness, View { senior, ..samples::view(Screen::Card(card)) });
                let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, class.size());
                let bare = |text: &str| text.replace('\n', "");
                let found = texts(&harness).into_iter().find(|(text, ..)| bare(text) == name);
                let (_, points, elided, place) = found.unwrap_or_else(|| panic!("{class:?}: {name} is not drawn"));
                assert!(!elided && screen.contains_rect(place), "{class:?} senior {senior}: {name} at {place:?}");
                let least = match class {
                    _ if name.chars().count() > 12 => 18.0,
                    Class::Compact => 30.0,
                    Class::Full | Class::Pillar | Class::Wide => 36.0,
                };
                assert!(points >= least, "{class:?} senior {senior}: {name} has {points} points");
            }
        }
    }
}
