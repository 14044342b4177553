//! For whoever looks after the device: PIN, then what there is to know and four things to do.

use egui::{Align2, Rect, Ui, pos2, vec2};

use super::Stage;
use super::pad::{self, Asked, Digits};
use super::stack;
use crate::kiosk::flow::event::{DeviceStatus, Event, SyncStatus};
use crate::kiosk::flow::view::{Maintenance, View};
use crate::kiosk::ui::Class;
use crate::kiosk::ui::components::button::{self, Variant};
use crate::kiosk::ui::components::mark;
use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Gap, Ground, Ink, Look, TextSize, Weight};
use crate::words::kiosk::{MaintenanceWords, StaffWords};

/// Draws the panel; what was pressed.
pub fn show(ui: &Ui, stage: &mut Stage, view: &View, maintenance: &Maintenance) -> Option<Event> {
    let words = MaintenanceWords(view.language);
    match maintenance {
        Maintenance::AskPin { entered, checking, problem } => {
            let asked = Asked {
                language: view.language,
                title: &words.title(),
                whose: Some(&words.ask_pin()),
                hint: &words.pin_hint(),
                field: &StaffWords(view.language).pin_field(),
                typed: Digits::Hidden(*entered),
                is_checking: *checking,
                problem: *problem,
                refused: &words.refused(),
                door: None,
            };
            pad::show(ui, stage, &asked, Event::PinDigit)
        }
        Maintenance::Open { sync, device } => open(ui, stage, view, sync, device),
    }
}

fn open(ui: &Ui, stage: &mut Stage, view: &View, sync: &SyncStatus, device: &DeviceStatus) -> Option<Event> {
    let places = stage.layout(ui).panel();
    let look = stage.kit.look;
    let words = MaintenanceWords(view.language);
    text::label(ui, &look, places.title, &words.title(), Style::new(TextSize::Title, Weight::Bold));
    mark::panel(ui.painter(), &look, places.content, Ground::Card);
    let facts = facts(stage, view, sync, device);
    table(ui, &look, places.content.shrink(look.gap(Gap::Medium)), &facts);
    let buttons = [
        ("back", words.back(), Variant::Secondary, Event::PanelLeft),
        ("quit", words.quit(), Variant::Secondary, Event::QuitChosen),
        ("clean", words.clean(), Variant::Secondary, Event::CleaningChosen),
        ("sync", words.sync_now(), Variant::Primary, Event::SyncChosen),
    ];
    let gap = look.gap(Gap::Small);
    let mut pressed = None;
    for (n, (key, word, variant, event)) in buttons.into_iter().enumerate() {
        if button::show(ui, &mut stage.kit, stack::column(places.actions, n, 4, gap), key, &word, variant) {
            pressed = Some(event);
        }
    }
    pressed
}

/// Name and value, what matters most first.
fn facts(stage: &Stage, view: &View, sync: &SyncStatus, device: &DeviceStatus) -> Vec<(String, String)> {
    let words = MaintenanceWords(view.language);
    let centre = match sync {
        SyncStatus { configured: false, .. } => words.standalone(),
        SyncStatus { forked: true, .. } => words.forked(),
        SyncStatus { enrolled: false, .. } => words.not_enrolled(),
        SyncStatus { online: true, .. } => words.online(),
        SyncStatus { .. } => words.offline(),
    };
    let received = sync.last_receipt_ms.and_then(|ms| at(ms, &stage.zone));
    let mut facts = vec![
        (words.centre(), centre.into_owned()),
        (words.queue(), words.entries(sync.unsynced).into_owned()),
        (words.last_receipt(), received.unwrap_or_else(|| words.never().into_owned())),
        (words.trouble(), sync.trouble.clone().unwrap_or_else(|| words.none().into_owned())),
        (words.disk(), words.megabytes(device.free_disk_mb).into_owned()),
        (words.clock(), device.clock_grade.clone()),
        (words.ledger(), words.head(device.epoch, device.head_seq).into_owned()),
        (words.device(), device.device.clone()),
        (words.board(), device.board.clone()),
        (words.version(), device.version.clone()),
    ];
    facts.drain(..).map(|(name, value)| (name.into_owned(), value)).collect()
}

fn at(ms: i64, zone: &jiff::tz::TimeZone) -> Option<String> {
    let time = jiff::Timestamp::from_millisecond(ms).ok()?.to_zoned_datetime(zone.clone());
    Some(time.strftime("%m-%d %H:%M:%S").to_string())
}

/// One column on a pillar, else two; rows of equal height with a quiet line between.
fn table(ui: &Ui, look: &Look, place: Rect, facts: &[(String, String)]) {
    let columns = if look.class == Class::Pillar { 1 } else { 2 };
    let count = facts.len().div_ceil(columns);
    let most = text::row_height(look, TextSize::Body) * 3.2;
    for column in 0..columns {
        let whole = stack::column(place, column, columns, look.gap(Gap::Huge));
        let tall = whole.height().min(most * count as f32);
        let whole = Rect::from_min_size(whole.min, vec2(whole.width(), tall));
        for (n, (name, value)) in facts.iter().skip(column * count).take(count).enumerate() {
            let row = stack::row(whole, n, count, 0.0);
            fact(ui, look, row, name, value);
            if n + 1 < count {
                ui.painter().hline(row.x_range(), row.max.y, look.hairline());
            }
        }
    }
}

fn fact(ui: &Ui, look: &Look, row: Rect, name: &str, value: &str) {
    let size = if look.class == Class::Compact && look.senior { TextSize::Caption } else { TextSize::Body };
    let soft = Style::new(size, Weight::Regular).on(Ground::Card).ink(Ink::Soft).align(Align2::LEFT_CENTER);
    let bold = Style::new(size, Weight::Bold).on(Ground::Card).align(Align2::LEFT_CENTER);
    let share = row.min.x + row.width() * if look.class == Class::Pillar { 0.34 } else { 0.36 };
    text::label(ui, look, Rect::from_min_max(row.min, pos2(share, row.max.y)), name, soft);
    let right = Rect::from_min_max(pos2(share + look.gap(Gap::Tight), row.min.y), row.max);
    text::label(ui, look, right, value, bold);
}
