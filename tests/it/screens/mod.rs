//! The screens, driven by accessible label and by finger, without a display.

mod fairness;
mod fit;
mod hall;
mod presses;
pub mod samples;
mod window;

use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use pingyi::kiosk::flow::event::Event;
use pingyi::kiosk::flow::view::View;
use pingyi::kiosk::screens::{self, Stage};
use pingyi::kiosk::ui::{self, Class, Theme, assets, fonts};
use pingyi::words::Language;

/// What a test sees and changes.
pub struct Glass {
    stage: Stage,
    pub view: View,
    pub events: Vec<Event>,
}

/// A screen of `class` that shows `view`. Characters without a glyph panic.
pub fn show(class: Class, view: View) -> Harness<'static, Glass> {
    let zone = jiff::tz::TimeZone::UTC;
    let glass = Glass { stage: Stage::new(Theme::Red, None, "photos".into(), zone), view, events: Vec::new() };
    Harness::builder()
        .with_size(class.size())
        .with_step_dt(1.0 / 60.0)
        .with_theme(egui::Theme::Light)
        .with_context_setup(|ctx| {
            ui::prepare(ctx);
            fonts::install(ctx, &assets::find(None).unwrap()).unwrap();
        })
        .build_ui_state(
            |ui, glass: &mut Glass| {
                if let Some(event) = screens::show(ui, &mut glass.stage, &glass.view) {
                    glass.events.push(event);
                }
            },
            glass,
        )
}

/// Every sample in both languages, with and without senior mode.
pub fn every_view() -> impl Iterator<Item = (String, View)> {
    samples::all().into_iter().flat_map(|(name, view)| {
        [Language::Zh, Language::En].into_iter().flat_map(move |language| {
            let view = view.clone();
            [false, true].map(move |senior| {
                let name = format!("{name} {}{}", language.code(), if senior { " senior" } else { "" });
                (name, View { language, senior, ..view.clone() })
            })
        })
    })
}

/// Shows another view on the same glass, as the flow does.
pub fn change(harness: &mut Harness<'_, Glass>, view: View) {
    let generation = harness.state().view.generation + 1;
    harness.state_mut().view = View { generation, ..view };
    harness.step();
    harness.step();
}

pub fn has_label(harness: &Harness<'_, Glass>, label: &str) -> bool {
    harness.query_all_by_label(label).next().is_some()
}

/// Presses the middle of what has this label; what came of it.
pub fn press(harness: &mut Harness<'_, Glass>, label: &str) -> Vec<String> {
    harness.get_by_label(label).click();
    harness.step();
    harness.step();
    let events = std::mem::take(&mut harness.state_mut().events);
    events.iter().map(|event| format!("{event:?}")).collect()
}

/// All that can be pressed: label and place.
pub fn targets(harness: &Harness<'_, Glass>) -> Vec<(String, egui::Rect)> {
    use egui::accesskit::Role;
    let nodes = harness.root().children_recursive();
    nodes
        .filter(|node| matches!(node.accesskit_node().role(), Role::Button | Role::CheckBox))
        .map(|node| (node.accesskit_node().label().unwrap_or_default(), node.rect()))
        .collect()
}
