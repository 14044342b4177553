//! What stands around every screen: the header with hall, time, language and letter size, and the two quiet doors for
//! staff: 工作人员 in the header (at the foot of a pillar), and three seconds on the hall's name for maintenance.

use std::time::Duration;

use egui::{Align2, Rect, Role, Ui, WidgetInfo, pos2, vec2};

use super::Stage;
use crate::kiosk::flow::event::Event;
use crate::kiosk::flow::view::{Screen, View};
use crate::kiosk::ui::Class;
use crate::kiosk::ui::components::header::{self, Header, Toggled};
use crate::kiosk::ui::components::mark;
use crate::kiosk::ui::layout::Frame;
use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Gap, Ground, Ink, Look, TextSize, Weight};
use crate::kiosk::ui::touch::Kind;
use crate::words::kiosk::{Chrome, MaintenanceWords};

/// How long the hall's name must be held to ask for maintenance. Seconds.
pub const HOLD_S: f64 = 3.0;

/// A finger on the hall's name.
#[derive(Debug, Default)]
pub struct Hold {
    since_s: Option<f64>,
    /// It was told already; the finger must lift before it counts again.
    told: bool,
}

/// Draws the header; a toggle, staff or maintenance that was asked for.
pub fn show(ui: &Ui, stage: &mut Stage, view: &View) -> Option<Event> {
    let frame = stage.layout(ui).frame();
    let (frame, door) = make_room(ui, &stage.kit.look, &frame, view);
    let words = Chrome(view.language);
    let hall = match &view.hall.name_en {
        Some(name) if view.language.is_english() => name,
        _ => &view.hall.name_zh,
    };
    let senior = if view.senior { words.senior_off() } else { words.senior_on() };
    let header = Header {
        hall,
        clock: view.clock.as_deref().unwrap_or_default(),
        language: &words.other_language(),
        senior: &senior,
    };
    let toggled = header::show(ui, &mut stage.kit, &frame, &header);
    let staff = door.is_some_and(|door| staff_door(ui, stage, door, &words.staff()));
    let maintenance = door.is_some() && hall_is_held(ui, stage, frame.hall, view);
    match toggled {
        Some(Toggled::Language) => Some(Event::LanguageToggled),
        Some(Toggled::Senior) => Some(Event::SeniorToggled),
        None if staff => Some(Event::StaffPanelAsked),
        None if maintenance => Some(Event::MaintenanceAsked),
        None => None,
    }
}

/// Doors stand where no citizen is in the middle of anything.
fn has_doors(view: &View) -> bool {
    matches!(
        view.screen,
        Screen::Standby(_) | Screen::Card(_) | Screen::Saving { .. } | Screen::Paused { .. } | Screen::Trouble { .. }
    )
}

/// Takes the staff door's place from the hall's name, or from the foot of a pillar.
fn make_room(ui: &Ui, look: &Look, frame: &Frame, view: &View) -> (Frame, Option<Rect>) {
    let mut frame = *frame;
    let gap = look.gap(Gap::Small);
    if view.clock.is_none() {
        frame.hall.max.x = frame.clock.max.x;
    }
    if is_cramped(look) {
        // The other language's name is short; the hall's is not.
        let spare = frame.language.width() * 0.22;
        frame.language.min.x += spare;
        for place in [&mut frame.senior, &mut frame.clock] {
            *place = place.translate(vec2(spare, 0.0));
        }
        frame.hall.max.x += spare;
    }
    if !has_doors(view) {
        return (frame, None);
    }
    let wanted = if is_cramped(look) {
        frame.header.height()
    } else {
        let style = Style::new(TextSize::Caption, Weight::Regular);
        text::measure(ui, look, f32::INFINITY, &Chrome(view.language).staff(), style).x + 2.0 * gap
    };
    if look.class == Class::Pillar {
        let row = Rect::from_min_max(frame.senior.min, frame.language.max);
        let width = wanted.max(row.width() * 0.24);
        let door = Rect::from_min_size(row.min, vec2(width, row.height()));
        let half = (row.max.x - door.max.x - 2.0 * gap) / 2.0;
        frame.senior = Rect::from_min_size(pos2(door.max.x + gap, row.min.y), vec2(half, row.height()));
        frame.language = Rect::from_min_size(pos2(row.max.x - half, row.min.y), vec2(half, row.height()));
        return (frame, Some(door));
    }
    let width = wanted.max(frame.header.height());
    let clock_width = frame.clock.width();
    let right = if view.clock.is_some() { frame.clock.max.x } else { frame.hall.max.x };
    let door = Rect::from_min_size(pos2(right - width, frame.header.min.y), vec2(width, frame.header.height()));
    if view.clock.is_some() {
        frame.clock = Rect::from_min_size(pos2(door.min.x - gap - clock_width, frame.clock.min.y), frame.clock.size());
        frame.hall.max.x = frame.clock.min.x - gap;
    } else {
        frame.hall.max.x = door.min.x - gap;
    }
    (frame, Some(door))
}

/// Where large letters leave no room for the word, a figure stands for it.
fn is_cramped(look: &Look) -> bool {
    look.senior && look.class == Class::Compact
}

/// Words without a frame: there for those who look for it.
fn staff_door(ui: &Ui, stage: &mut Stage, place: Rect, word: &str) -> bool {
    let target = stage.kit.touch.target(ui, ui.scope_id().with("staff-door"), place, Kind::Choice);
    target.response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), word));
    let look = &stage.kit.look;
    let on = if look.class == Class::Pillar { Ground::Paper } else { Ground::Header };
    let ink = if target.held { Ink::Strong } else { Ink::Soft };
    if is_cramped(look) {
        mark::person(ui.painter(), Rect::from_center_size(place.center(), vec2(34.0, 34.0)), look.ink(ink, on));
    } else {
        let style = Style::new(TextSize::Caption, Weight::Regular).on(on).ink(ink).align(Align2::CENTER_CENTER);
        text::paint(ui, look, place, word, style);
    }
    target.pressed
}

fn hall_is_held(ui: &Ui, stage: &mut Stage, place: Rect, view: &View) -> bool {
    let target = stage.kit.touch.target(ui, ui.scope_id().with("hall-hold"), place, Kind::Key);
    let name = MaintenanceWords(view.language).title();
    target.response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name.as_ref()));
    let now_s = ui.ctx().input(|input| input.time);
    if !target.held {
        stage.hold = Hold::default();
        return false;
    }
    let since_s = *stage.hold.since_s.get_or_insert(now_s);
    let left_s = HOLD_S - (now_s - since_s);
    if left_s > 0.0 {
        ui.ctx().request_repaint_after(Duration::from_secs_f64(left_s));
        return false;
    }
    !std::mem::replace(&mut stage.hold.told, true)
}
