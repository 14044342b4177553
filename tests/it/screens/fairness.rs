//! No level is easier, larger, earlier chosen or more questioned than another.

use egui_kittest::kittest::{NodeT, Queryable};
use pingyi::domain::rating::Satisfaction;
use pingyi::kiosk::flow::view::{Reasons, Screen, View};
use pingyi::kiosk::ui::Class;
use pingyi::words::{Language, common};

use super::{samples, show, targets};

fn faces(class: Class, view: &View) -> Vec<(Satisfaction, egui::Rect)> {
    let harness = show(class, view.clone());
    let of = |&level| (level, harness.get_by_label(common::level(view.language, level)).rect());
    Satisfaction::ALL.iter().map(of).collect()
}

#[test]
fn five_faces_are_equal_in_every_layout_language_and_letter_size() {
    for class in Class::ALL {
        for language in [Language::Zh, Language::En] {
            for senior in [false, true] {
                let view = View { language, senior, ..samples::view(Screen::Card(samples::card())) };
                let faces = faces(class, &view);
                for (level, rect) in &faces[1..] {
                    let (a, b) = (rect.size(), faces[0].1.size());
                    assert!((a - b).abs().max_elem() < 0.51, "{class:?}: {level:?} is {a:?}, not {b:?}");
                }
            }
        }
    }
}

#[test]
fn the_order_follows_the_one_setting_of_the_installation() {
    for class in [Class::Full, Class::Pillar] {
        for best_first in [true, false] {
            let mut view = samples::view(Screen::Card(samples::card()));
            view.hall.best_first = best_first;
            let faces = faces(class, &view);
            let place = |rect: &egui::Rect| if class == Class::Pillar { rect.min.y } else { rect.min.x };
            let rising = faces.windows(2).all(|pair| place(&pair[0].1) < place(&pair[1].1));
            assert_eq!(rising, best_first, "{class:?}");
        }
    }
}

#[test]
fn nothing_is_chosen_before_anybody_pressed() {
    let harness = show(Class::Full, samples::view(Screen::Card(samples::card())));
    for &level in Satisfaction::ALL {
        let node = harness.get_by_label(common::level(Language::Zh, level));
        assert_ne!(node.accesskit_node().toggled(), Some(egui::accesskit::Toggled::True), "{level:?}");
    }
}

#[test]
fn every_level_is_followed_by_the_same_buttons_in_the_same_places() {
    let buttons_after = |level| {
        let reasons = Reasons { chosen: Vec::new(), ..samples::reasons(level) };
        let tags: Vec<String> = reasons.tags.iter().map(|tag| tag.text.zh.clone()).collect();
        let harness = show(Class::Full, samples::view(Screen::Reasons(reasons)));
        let all = targets(&harness).into_iter();
        all.filter(|(label, _)| !tags.contains(label)).collect::<Vec<_>>()
    };
    let best = buttons_after(Satisfaction::VerySatisfied);
    assert_eq!(best.len(), 5, "two toggles, change, skip, send: {best:?}");
    for &level in Satisfaction::ALL {
        assert_eq!(buttons_after(level), best, "{level:?}");
    }
}

#[test]
fn every_level_has_reasons_to_offer() {
    for &level in Satisfaction::ALL {
        assert!(samples::board().tags_for(level).count() > 0, "{level:?}");
    }
}
